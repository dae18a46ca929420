"""Pick among the vintages in which a figure was published."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from critical_minerals.tables.lineage import LINEAGE, joined_sides

_BOUNDS = ("more_than", "less_than", "range")
"""Qualifiers of figures that say only where a figure may lie."""


def newest_vintage(frame: pd.DataFrame, group: Sequence[str], vintage: str) -> pd.DataFrame:
    """Keep, within each group, only the rows of its newest vintage.

    A release is taken whole: a row that only an older release holds is not carried over, since it
    would not belong to the newer release's total.

    >>> frame = pd.DataFrame({"year": [2024, 2024], "release": [2025, 2026], "value": [3, 4]})
    >>> newest_vintage(frame, ["year"], "release")["value"].tolist()
    [4]
    """
    # Of each group, such as a year of a commodity: a year that only an older release gives stays.
    newest = frame.groupby(list(group), dropna=False)[vintage].transform("max")
    return frame[frame[vintage] == newest].reset_index(drop=True)


def first_estimates(frame: pd.DataFrame, key: Sequence[str], value: str) -> pd.DataFrame:
    """Hold first estimates against what the next release says of the same figure.

    `frame` has `year`, `release`, `value`, `qualifier`, `source_id` and `origin`, one row a `key`,
    year and release; a release first gives the year before it. Returns the key, `year`, `first`,
    `revised` and `change_pct`, and the sources and rows of both. A bound or a range is no estimate,
    and without two numbers, or from a first estimate of zero, there is nothing to compare.

    >>> rows = {"metal": "tin", "year": 2022, "release": [2023, 2024], "t": [40.0, 50.0],
    ...         "qualifier": [None, None], "source_id": ["A", "B"], "origin": ["a:2", "b:2"]}
    >>> found = first_estimates(pd.DataFrame(rows), ["metal"], "t")
    >>> found[["first", "revised", "change_pct", "origin"]].values.tolist()
    [[40.0, 50.0, 25.0, 'a:2 b:2']]
    """
    # From a first estimate of zero no change in per cent can be said.
    estimates = frame[frame[value].gt(0).fillna(value=False) & ~frame["qualifier"].isin(_BOUNDS)]
    columns = [*key, "year", value, *LINEAGE]
    lag = estimates["release"] - estimates["year"]
    # A release first gives the year before it: that of 2026 estimates 2025.
    first, revised = (estimates.loc[lag == years, columns] for years in (1, 2))
    pairs = first.merge(
        revised,
        on=[*key, "year"],
        suffixes=("", "_later"),
        # A release that gives a figure twice would compare each with both revisions.
        validate="one_to_one",
    )
    compared = joined_sides(pairs, "", "_later").rename(
        columns={value: "first", f"{value}_later": "revised"}
    )
    return compared.assign(change_pct=(compared["revised"] / compared["first"] - 1) * 100)
