"""Growth of a level over time, in per cent, of single numbers or columns in any one unit.

Source of the method: United Nations Statistics Division, national accounts glossary, "growth rate".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeVar

import pandas as pd

WHOLE: Final = 100.0
Level = TypeVar("Level", float, "pd.Series[float]")
"""A number, or a column whose rows are levels of their own."""


def growth(first: Level, last: Level) -> Level:
    """Return the change from the first to the last level, in per cent of the first.

    Missing levels stay missing. Raises `ValueError` for a first level that is not above zero, of
    which nothing can be a per cent, and for a negative last one.

    Canadian exports of minerals and metals, 153.1 and 150.7 billion dollars in 2022 and 2023
    (published: -1.6):

    >>> round(growth(153.1, 150.7), 1)
    -1.6
    """
    _check_levels(first, last)
    return (last / first - 1) * WHOLE


def two_years(
    frame: pd.DataFrame, group: Sequence[str], value: str, first: int, last: int
) -> pd.DataFrame:
    """Return the levels of the same two years of every group that has both.

    `frame` has one row a group and `year`. Returns the columns `first` and `last`, indexed by
    group. A group that lacks one of the years, or its level, is not compared at all: its own first
    year would be another.

    >>> levels = {"metal": ["zinc", "zinc", "tin"], "year": [2023, 2025, 2025], "t": [4.0, 5, 6]}
    >>> both = two_years(pd.DataFrame(levels), ["metal"], "t", 2023, 2025)
    >>> both.reset_index().to_dict("records")
    [{'metal': 'zinc', 'first': 4.0, 'last': 5.0}]
    """
    # Rows without a level are dropped first, so that a year listed without a figure counts as
    # missing.
    known = frame.dropna(subset=[value]).set_index(list(group))
    levels = {
        name: known.loc[known["year"] == year, value]
        for name, year in (("first", first), ("last", last))
    }
    # Only groups that have both years: growth from another year would not compare.
    return pd.concat(levels, axis=1, join="inner")


def least(levels: float | pd.Series) -> float:
    """Return the lowest known level; infinity where none is known.

    >>> least(pd.Series([3.0, None])), least(pd.Series([None], dtype="Float64"))
    (3.0, inf)
    """
    known = pd.Series(levels).dropna()
    # Infinity passes every lower limit: an all-missing column is unknown, not wrong.
    return float(known.min()) if len(known) else math.inf


def _check_levels(first: float | pd.Series, last: float | pd.Series) -> None:
    """Reject levels between which no growth is defined; missing ones pass."""
    # Zero too: growth from nothing is infinite, and from a negative level it has the wrong sign.
    if (lowest := least(first)) <= 0:
        msg = f"Growth needs a first level above zero, not {lowest:g}."
        raise ValueError(msg)
    # Zero passes: to nothing is a fall of 100 per cent.
    if (lowest := least(last)) < 0:
        msg = f"Growth is of levels, which cannot be negative: {lowest:g}."
        raise ValueError(msg)
