"""Amounts of money in one currency, at stated rates."""

from __future__ import annotations

import pandas as pd

from critical_minerals.errors import UsageError


def to_currency(
    amounts: pd.Series,
    currencies: pd.Series,
    years: pd.Series,
    rates: pd.DataFrame,
    into: str = "CAD",
) -> pd.Series:
    """Convert amounts at the annual average rate of each amount's year.

    `rates` has the columns `currency`, `year`, `cad_per_unit` (Canadian dollars for one unit).
    Years outside those stated take the nearest stated one; an amount without a year takes the
    newest. Missing amounts stay missing. Raises `UsageError` when no rate is stated for a currency.
    Source of the method: annual average rates, as the Bank of Canada publishes them.

    A cost of 100 million US dollars of 2024, at 1.3698, in millions of Canadian dollars, and back:

    >>> rates = pd.DataFrame({"currency": ["USD"], "year": [2024], "cad_per_unit": [1.3698]})
    >>> us, year = pd.Series(["USD"]), pd.Series([2024])
    >>> cad = to_currency(pd.Series([100.0]), us, year, rates)
    >>> cad.round(2).tolist()
    [136.98]
    >>> to_currency(cad, pd.Series(["CAD"]), year, rates, into="USD").round(2).tolist()
    [100.0]
    """
    cad = amounts.astype("Float64") * _factors(currencies, years, rates)
    if into == "CAD":
        return cad
    return cad / _factors(pd.Series(into, index=amounts.index), years, rates)


def _factors(currencies: pd.Series, years: pd.Series, rates: pd.DataFrame) -> pd.Series:
    """Return Canadian dollars for one unit of each currency in each year."""
    pairs = zip(currencies, years, strict=True)
    factors = [_factor(str(currency), year, rates) for currency, year in pairs]
    return pd.Series(factors, index=currencies.index, dtype="Float64")


def _factor(currency: str, year: int | None, rates: pd.DataFrame) -> float:
    if currency == "CAD":
        return 1.0
    stated = rates[rates["currency"] == currency].sort_values("year")
    if stated.empty:
        msg = f"No exchange rate is stated for {currency}. Add it to data/raw/exchange_rates.csv."
        raise UsageError(msg)
    known = stated[stated["year"] <= year] if not pd.isna(year) else stated
    row = known.iloc[-1] if len(known) else stated.iloc[0]
    return float(row["cad_per_unit"])
