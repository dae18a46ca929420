"""Whether published reserves can be meant in the unit that stands beside them.

Reserves are what can be mined at a profit today, so a country that mines holds some of its output
to come, and they do not change a hundredfold from one year to the next. What breaks either rule is
most likely a slip of the unit by a factor of a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

FEWEST_YEARS: Final = 0.25
"""The least that any country of four releases held, Thailand's rare earths in 2024, was a third of
a year of output; a slip of the unit makes a hundredth or a tenth of most."""
LARGEST_CHANGE: Final = 100.0
"""More than any reassessment, less than a unit of another thousand."""


def too_small(
    reserves: pd.DataFrame, production: pd.DataFrame, place: Sequence[str], value: str
) -> pd.DataFrame:
    """Return the rows of reserves that are less than a quarter of a year of the newest output.

    Both have the columns `place` (what tells one series from another), `year` and `value` in the
    same unit. Rows without a number, or without output, are left aside; so is a zero.

    >>> held = pd.DataFrame({"metal": ["vanadium"], "year": [2025], "t": [21_000.0]})
    >>> made = pd.DataFrame({"metal": ["vanadium"], "year": [2025], "t": [110_000.0]})
    >>> too_small(held, made, ["metal"], "t")["metal"].tolist()
    ['vanadium']
    """
    # Each series by its own newest year: releases do not give every country up to the same one.
    by_year = production.sort_values("year").dropna(subset=[value])
    output = by_year.drop_duplicates(list(place), keep="last").set_index(list(place))[value]
    # Aligned by position, because one series has reserves of several releases.
    keys = reserves.set_index(list(place)).index
    annual_output = output.reindex(keys).to_numpy(dtype=float)
    quantities = reserves[value].to_numpy(dtype=float, na_value=float("nan"))
    # A zero is a statement of its own, and no slip of a unit. Where either number is missing the
    # comparison is false: nothing can be said of such a row.
    return reserves[(quantities > 0) & (quantities < annual_output * FEWEST_YEARS)]


def jumped(reserves: pd.DataFrame, place: Sequence[str], value: str) -> pd.DataFrame:
    """Return the rows that are a hundred times more, or less, than those of the vintage before.

    >>> held = {"metal": ["vanadium"] * 2, "year": [2024, 2025], "t": [18e6, 21e3]}
    >>> jumped(pd.DataFrame(held), ["metal"], "t")["year"].tolist()
    [2025]
    """
    # From nothing to something is no factor, and no slip of a unit.
    positive = reserves[reserves[value] > 0].sort_values("year")
    # `dropna=False` keeps series whose key has a blank part, which pandas would drop from groups.
    previous = positive.groupby(list(place), dropna=False)[value].shift()
    ratio = positive[value] / previous
    return positive[(ratio >= LARGEST_CHANGE) | (ratio <= 1 / LARGEST_CHANGE)]
