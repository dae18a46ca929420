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
    known = table.set_index("unit")
    _refuse_unknown(units, known.index)
    factors = known.loc[known["dimension"] == dimension, "factor_to_base"]
    return quantities.astype("Float64") * units.map(factors).astype("Float64")


def _refuse_unknown(units: pd.Series, known: pd.Index) -> None:
    unknown = sorted(set(units) - set(known))
    if unknown:
        msg = f"Unknown units: {', '.join(unknown)}. Add them to the list of units."
        raise KeyError(msg)
