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
    newest = production.sort_values("year").dropna(subset=[value])
    output = newest.drop_duplicates(list(place), keep="last").set_index(list(place))[value]
    places = reserves.set_index(list(place)).index
    made = output.reindex(places).to_numpy(dtype=float)
    held = reserves[value].to_numpy(dtype=float, na_value=float("nan"))
    # A zero is a statement of its own, and no slip of a unit.
    return reserves[(held > 0) & (held < made * FEWEST_YEARS)]


def jumped(reserves: pd.DataFrame, place: Sequence[str], value: str) -> pd.DataFrame:
    """Return the rows that are a hundred times more, or less, than those of the vintage before.

    >>> held = {"metal": ["vanadium"] * 2, "year": [2024, 2025], "t": [18e6, 21e3]}
    >>> jumped(pd.DataFrame(held), ["metal"], "t")["year"].tolist()
    [2025]
    """
    # From nothing to something is no factor, and no slip of a unit.
    known = reserves[reserves[value] > 0].sort_values("year")
    before = known.groupby(list(place), dropna=False)[value].shift()
    ratio = known[value] / before
    return known[(ratio >= LARGEST_CHANGE) | (ratio <= 1 / LARGEST_CHANGE)]
