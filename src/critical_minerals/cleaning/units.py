"""Bring quantities to the base unit of their dimension."""

from __future__ import annotations

import pandas as pd


def in_base_units(
    quantities: pd.Series, units: pd.Series, table: pd.DataFrame, dimension: str
) -> pd.Series:
    """Return quantities of one dimension in its base unit; those of another stay missing.

    `table` has the columns `unit`, `dimension` and `factor_to_base` (base units in one of the
    unit), as the raw table of units has them. Raises `KeyError` for a unit that it does not hold.

    >>> table = pd.DataFrame(
    ...     {"unit": ["t", "kt"], "dimension": ["mass"] * 2, "factor_to_base": [1.0, 1000.0]}
    ... )
    >>> in_base_units(pd.Series([2.5]), pd.Series(["kt"]), table, "mass").tolist()
    [2500.0]
    """
    by_unit = table.set_index("unit")
    # Before the conversion: a misspelt unit would come out missing, just as one of another
    # dimension, and the figure would vanish in silence.
    _check_units(units, by_unit.index)
    # Only units of the dimension have a factor here, so that a volume never becomes a mass.
    factors = by_unit.loc[by_unit["dimension"] == dimension, "factor_to_base"]
    return quantities.astype("Float64") * units.map(factors).astype("Float64")


def _check_units(units: pd.Series, known_units: pd.Index) -> None:
    unknown = sorted(set(units) - set(known_units))
    if unknown:
        msg = f"Unknown units: {', '.join(unknown)}. Add them to the list of units."
        raise KeyError(msg)
