"""Amounts of money: in the currency of the tables, and in the one that a report shows.

Tables hold amounts in one currency, the base, in columns that name it (`amount_cad`). A report in
another currency has a second column next to each (`amount_usd`), its twin. Every amount is
converted once, where its year and original currency are known, and both columns are summed alike. A
sum is never converted as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import label
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.workspace.parameters import LANGUAGES, NO_CURRENCY, Language

RATES: Final = "exchange_rates"
"""The raw table of yearly rates: `currency`, `year`, and such as `cad_per_unit`, of the base."""
_PER_UNIT: Final = "_per_unit"


@dataclass(frozen=True)
class DisplayCurrency:
    """The currency in which a report shows amounts, and the base in which tables hold them."""

    currency: str = NO_CURRENCY
    base: str = NO_CURRENCY

    def column(self, name: str) -> str:
        """Return the name of the twin of a column: the same amounts in the currency shown.

        >>> in_dollars = DisplayCurrency("USD", "CAD")
        >>> in_dollars.column("committed_cad_million"), in_dollars.column("year")
        ('committed_usd_million', 'year')
        """
        # Only a whole part of the name: `cad` in `decade` is no currency.
        return re.sub(rf"(?<=_){self.base.lower()}(?=_|$)", self.currency.lower(), name, count=1)

    def table(self, table: Table) -> Table:
        """Describe a table with a twin after each column of amounts in the base."""
        if self.currency == self.base:
            return table
        fields: list[Column] = []
        for field in table.fields:
            twin = self._twin(field)
            fields += [field] if twin is None else [field, twin]
        return table.with_fields(fields)

    def _twin(self, field: Column) -> Column | None:
        """Describe the twin of a column; None for one without amounts in the base."""
        name = self.column(field.name)
        if name == field.name or field.unit is None:
            return None
        changes = {
            "name": name,
            "unit": field.unit.replace(self.base, self.currency),
            "description": f"{field.description} In {self.currency}, each amount at the average "
            "rate of its own year.",
            "labels": {of: self._relabel(field, of) for of in LANGUAGES if of in field.labels},
        }
        return field.model_copy(update=changes)

    def _relabel(self, field: Column, language: Language) -> str:
        """Replace the base by the currency shown in the label of a column."""
        base, shown = (
            label(f"currency-{code.lower()}-column", language)
            for code in (self.base, self.currency)
        )
        return field.labels[language].replace(base, shown)


def approximate(precision: pd.Series, currencies: pd.Series, shown: DisplayCurrency) -> pd.Series:
    """Return the precision of amounts after conversion at the average rate of a year.

    An exact or rounded amount in a foreign currency becomes approximate. Amounts in the base stay
    as they are in a report that shows another currency: all of them are converted, and the report
    says so once and not at each.

    >>> stated, of = pd.Series(["exact", "up_to", "exact"]), pd.Series(["USD", "USD", "CAD"])
    >>> shown = [DisplayCurrency(currency, "CAD") for currency in ("CAD", "USD")]
    >>> [approximate(stated, of, each).tolist() for each in shown]
    [['about', 'up_to', 'exact'], ['exact', 'up_to', 'exact']]
    """
    foreign = ~currencies.isin([shown.base, shown.currency]) & currencies.notna()
    # A bound stays a bound: a ceiling in dollars is a ceiling in any currency.
    return precision.mask(foreign & precision.isin(["exact", "rounded"]), "about")


def twins(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column of amounts and its twins in a frame, to be summed and selected alike.

    >>> twins(pd.DataFrame(columns=["amount_cad", "amount_usd", "amount"]), "amount_cad")
    ['amount_cad', 'amount_usd']
    """
    stem = column.rpartition("_")[0]
    others = [name for name in map(str, frame) if re.fullmatch(rf"{stem}_[a-z]{{3}}", name)]
    return [column, *(name for name in others if name != column)]


def in_currency_of(column: str, like: str) -> str:
    """Return the name of a column of amounts in the currency of another column.

    >>> in_currency_of("conditional_cad", "amount_usd")
    'conditional_usd'
    """
    return f"{column.rpartition('_')[0]}_{like.rpartition('_')[2]}"


def years(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the year whose rate the amounts of each row take.

    `columns` hold years, days or months; of two, a span, it is the year of the middle.

    >>> spans = pd.DataFrame({"from": ["2024-01"], "to": ["2026-04"], "as_of": ["2026-06-10"]})
    >>> years(spans, ["from", "to"]).tolist(), years(spans, ["as_of"]).tolist()
    ([2025], [2026])
    """
    ends = [_to_year_fraction(frame[column]) for column in columns]
    return pd.Series((sum(ends) / len(ends)) // 1, index=frame.index).astype("Int64")


def _to_year_fraction(values: pd.Series) -> pd.Series:
    """Return years, months or days as fractions of years: 2024.5 is July 2024."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.year + (values.dt.month - 1) / 12
    text = values.astype("string")
    # A year without a month counts from its January.
    months = pd.to_numeric(text.str.slice(5, 7).replace("", "01"), errors="coerce").fillna(1)
    return pd.to_numeric(text.str.slice(0, 4)) + (months - 1) / 12


def to_currency(
    amounts: pd.Series,
    currencies: pd.Series,
    years: pd.Series,
    rates: pd.DataFrame,
    into: str,
) -> pd.Series:
    """Convert amounts at the annual average rate of each amount's year.

    `rates` has the columns `currency`, `year`, and one such as `cad_per_unit`: what one unit is
    worth in the currency that it names, the base, which itself needs no rate. A year without a rate
    takes that of the last year before it, or else the first one (`substitute_year`); an amount
    without a year takes the newest. Amounts stated in the target currency stay as stated, and
    missing amounts stay missing. Raises `UsageError` when a currency has no rate. Source of the
    method: annual average rates, as central banks publish them.

    A cost of 100 million US dollars of 2024, at 1.3698, in millions of Canadian dollars, and back:

    >>> rates = pd.DataFrame({"currency": ["USD"], "year": [2024], "cad_per_unit": [1.3698]})
    >>> us, year = pd.Series(["USD"]), pd.Series([2024])
    >>> cad = to_currency(pd.Series([100.0]), us, year, rates, into="CAD")
    >>> cad.round(2).tolist()
    [136.98]
    >>> to_currency(cad, pd.Series(["CAD"]), year, rates, into="USD").round(2).tolist()
    [100.0]
    >>> to_currency(pd.Series([3.5]), us, year, rates, into="USD").tolist()
    [3.5]
    """
    stated = amounts.astype("Float64")
    target = pd.Series(into, index=amounts.index)
    # An amount in the target currency stays as stated; the currency of a blank amount may have no
    # rate, which would raise for nothing.
    converted = currencies.ne(into) & stated.notna()
    factors = _look_up_rates(currencies[converted], years[converted], rates) / _look_up_rates(
        target[converted], years[converted], rates
    )
    return stated.mul(factors.reindex(amounts.index).fillna(1.0))


def substitute_year(year: int, currency: str, rates: pd.DataFrame) -> int:
    """Return the year whose rate is used for a year: its own, the last before, or the first.

    Raises `UsageError` when a currency has no rate.
    """
    years_with_rate = sorted(rates.loc[rates["currency"] == currency, "year"])
    if not years_with_rate:
        msg = (
            f"No exchange rate for {currency} was public on this day. Add it to "
            "data/raw/exchange_rates.csv, or show amounts in another currency."
        )
        raise UsageError(msg)
    return int(
        max((known for known in years_with_rate if known <= year), default=years_with_rate[0])
    )


def _look_up_rates(currencies: pd.Series, of_years: pd.Series, rates: pd.DataFrame) -> pd.Series:
    """Return what one unit of each currency is worth in each year, in the base."""
    (column,) = (name for name in map(str, rates) if name.endswith(_PER_UNIT))
    base = column.removesuffix(_PER_UNIT).upper()
    pairs = zip(currencies, of_years, strict=True)
    factors = [
        1.0 if currency == base else _look_up_rate(str(currency), year, rates, column)
        for currency, year in pairs
    ]
    return pd.Series(factors, index=currencies.index, dtype="Float64")


def _look_up_rate(currency: str, year: int | None, rates: pd.DataFrame, column: str) -> float:
    # A later year than any: an amount without a year takes the newest rate.
    rate_year = substitute_year(9999 if pd.isna(year) else int(year), currency, rates)
    rows = rates[(rates["currency"] == currency) & (rates["year"] == rate_year)]
    return float(rows[column].iloc[-1])
