"""A whole and its parts: what is left beside a part, and a part known by its share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from critical_minerals.tables.lineage import joined_sides

_LOOSE = ("about", "nearly", "more_than", "up_to", "less_than")


def residual(whole: pd.DataFrame, part: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Return what of each whole is not in its part: `value` less the part's `value`.

    Both frames have `on`, `value`, `precision`, `as_of`, `source_id` and `origin`; wholes without a
    part are left out. Raises `ValueError` where a part is larger than its whole.
    """
    both = _paired(whole, part, on)
    left = both["value"] - both["value_other"]
    if (left < 0).any():
        keys = both.loc[left < 0, list(on)].to_dict("records")
        msg = f"A part is larger than its whole: {keys}"
        raise ValueError(msg)
    return _settled(both, left, whole.columns)


def share_of_total(whole: pd.DataFrame, shares: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Return the part of each whole that a share (in per cent, in `value`) describes.

    Frames as for `residual`.
    """
    both = _paired(whole, shares, on)
    return _settled(both, both["value"] * both["value_other"] / 100, whole.columns)


def _paired(whole: pd.DataFrame, other: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    return whole.merge(other, on=list(on), suffixes=("", "_other"), validate="1:1")


def _settled(both: pd.DataFrame, values: pd.Series, columns: pd.Index) -> pd.DataFrame:
    """Give computed values the precision, day and lineage of the two figures behind them."""
    # A computed figure is no more exact than the looser of the two: of "nearly 140" half is "about"
    # 70.
    loose = both["precision"].isin(_LOOSE) | both["precision_other"].isin(_LOOSE)
    settled = joined_sides(both, "", "_other").assign(
        value=values,
        precision=loose.map({True: "about", False: "rounded"}).astype("string"),
        as_of=both[["as_of", "as_of_other"]].max(axis=1),
    )
    return settled[list(columns)]
