"""Pick among the vintages in which a figure was published."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def newest_vintage(frame: pd.DataFrame, group: Sequence[str], vintage: str) -> pd.DataFrame:
    """Keep, within each group, only the rows of its newest vintage.

    A release is taken whole: a row that only an older release holds is not carried over, since it
    would not belong to the newer release's total.

    >>> frame = pd.DataFrame({"year": [2024, 2024], "release": [2025, 2026], "value": [3, 4]})
    >>> newest_vintage(frame, ["year"], "release")["value"].tolist()
    [4]
    """
    newest = frame.groupby(list(group), dropna=False)[vintage].transform("max")
    return frame[frame[vintage] == newest].reset_index(drop=True)
