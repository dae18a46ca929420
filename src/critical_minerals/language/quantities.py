"""Quantities and how they are written: the one place that formats numbers and dates.

English: `$40 billion`, `12.3%`, `1,500`. French: `40 milliards de dollars`, `12,3 %`, `1 500`,
with the no-break spaces that Canadian French typography asks for. Babel knows the conventions;
the catalogue has the words for millions and billions and for the precision that a source stated.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from numbers import Number
from typing import Final, Literal, cast, get_args

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from critical_minerals.errors import UsageError, describe, hint
from critical_minerals.language import catalogue
from critical_minerals.language.catalogue import Written
from critical_minerals.workspace.parameters import LOCALES, Language

Precision = Literal["exact", "rounded", "about", "nearly", "more_than", "up_to", "less_than"]

NBSP: Final = "\u00a0"
_THOUSAND: Final = 1_000
_MILLION: Final = 1_000_000
_BILLION: Final = 1_000_000_000
# A list of one, so that `show_in` can change what all functions of this module read.
_REPORT_CURRENCY: Final = [""]
"""The currency of the report that is being made; blank as long as it is not known."""


class _Quantity(Written):
    """A quantity, which can be a fact of a text."""

    def in_language(self, language: Language) -> str:
        """Write it as a text says it."""
        return write(cast("Quantity", self), language)


class _Numeric(_Quantity):
    """A quantity whose first field is its number."""

    def __post_init__(self) -> None:
        """Check the number. Raises `UsageError`."""
        name, number = next(iter(vars(self).items()))
        check_number(f"{type(self).__name__}({name})", number)


@dataclass(frozen=True)
class Count(_Numeric):
    """A number of things; the sentence around it names them."""

    value: float
    precision: Precision = "exact"
    decimals: int = 0

    def visible(self) -> Decimal:
        """Return the number that chooses a plural, which is the one that readers see."""
        return half_up(self.value, self.decimals)


@dataclass(frozen=True)
class Money(_Numeric):
    """An amount of money, written in words (`$1.5 billion`)."""

    amount: float
    currency: str
    precision: Precision = "exact"


@dataclass(frozen=True)
class Percent(_Numeric):
    """A share or a rate of change, in per cent."""

    value: float
    precision: Precision = "exact"
    decimals: int | None = None


@dataclass(frozen=True)
class Measure(_Numeric):
    """A physical quantity; `unit` is written behind it as it stands."""

    value: float
    unit: str
    precision: Precision = "exact"
    decimals: int = 0


@dataclass(frozen=True)
class Year(_Numeric):
    """A calendar year, never written with a separator."""

    value: int


@dataclass(frozen=True)
class Date(_Quantity):
    """A day, a month or a year: ISO text of 10, 7 or 4 characters."""

    iso: str

    def __post_init__(self) -> None:
        """Check that there is such a day. Raises `UsageError`."""
        try:
            dt.date.fromisoformat((self.iso + "-01-01")[:10])
        except (TypeError, ValueError):
            msg = f"Date(iso) is given {describe(self.iso)}; expected a day, a month or a year "
            raise UsageError(msg + 'there is, as in Date("2025-03-31").') from None


Quantity = Count | Money | Percent | Measure | Year | Date


def check_number(call: str, number: object) -> None:
    """Check that a quantity is given a number; `call` says how it is made.

    Raises `UsageError` with what was given in its place, and what to do about it.
    """
    if isinstance(number, Number):
        return
    # A column of a table, or one of its rows.
    advice = " Choose one: rows[column].iloc[0], or .sum()." if hasattr(number, "iloc") else ""
    msg = f"{call} is given {describe(number)}; expected a number.{advice}"
    raise UsageError(msg)


_WITHOUT_PREFIX: Final = ("exact", "rounded")
"""Precisions that put no word before a number."""


def write(quantity: Quantity, language: Language) -> str:
    r"""Write a quantity for readers of one language, its precision included.

    >>> print(write(Money(1_500_000_000, "EUR", "up_to"), "en").replace("\xa0", " "))
    up to €1.5 billion
    >>> write(Percent(12.3), "fr")
    '12,3\xa0%'
    """
    match quantity:
        case Year(value):
            return str(value)
        case Date(iso):
            return write_date(iso, language)
        case Money(amount, currency, precision):
            return prefix(precision, language) + write_money(amount, language, currency)
        case Percent(value, precision, decimals):
            return prefix(precision, language) + write_percent(value, language, decimals)
        case Measure(value, unit, precision, decimals):
            number = write_number(value, language, decimals)
            return f"{prefix(precision, language)}{number}{NBSP}{unit}"
        case Count(value, precision, decimals):
            return prefix(precision, language) + write_number(value, language, decimals)


def magnitude(quantity: Quantity) -> tuple[float | None, str]:
    """Return a quantity's bare number and what it counts; a date has no number.

    >>> magnitude(Money(2_000_000, "USD")), magnitude(Date("2025-03"))
    ((2000000.0, 'USD'), (None, 'date'))
    """
    match quantity:
        case Date():
            return None, "date"
        case Money(amount, currency):
            return float(amount), currency
        case Measure(value, unit):
            return float(value), unit
        case Count(value) | Percent(value) | Year(value):
            return float(value), type(quantity).__name__.lower()


def prefix(precision: Precision, language: Language) -> str:
    """Return the words that stand before a number of this precision, blank included.

    Raises `UsageError` for a precision that is none.
    """
    known = get_args(Precision)
    if precision not in known:
        msg = f"There is no precision {precision!r}. {hint(str(precision), [*known])}"
        raise UsageError(msg)
    if precision in _WITHOUT_PREFIX:
        return ""
    return catalogue.label(f"precision-{precision.replace('_', '-')}", language) + " "


def write_number(value: float, language: Language, decimals: int = 0) -> str:
    """Write a number with separators and a fixed number of decimals.

    >>> write_number(1234.5, "en", 1)
    '1,234.5'
    """
    text = format(half_up(value, decimals), f",.{max(decimals, 0):d}f")
    return text.translate(_number_signs(language))


@cache
def _number_signs(language: Language) -> Mapping[int, str]:
    """Map the signs with which Python writes a number to those of a language.

    A hyphen may end a line and separate the sign from its number; a minus sign does not.
    """
    locale = LOCALES[language]
    group, point = get_group_symbol(locale), get_decimal_symbol(locale)
    return str.maketrans({",": group, ".": point, "-": "\u2212"})


def write_percent(value: float, language: Language, decimals: int | None = None) -> str:
    """Write a percentage; without `decimals`, one where the value is not whole."""
    places = decimals if decimals is not None else shortest(value, 1)
    return write_number(value, language, places) + ("%" if language == "en" else f"{NBSP}%")


def write_money(amount: float, language: Language, currency: str) -> str:
    r"""Write an amount in words from a million upwards, in full below.

    >>> write_money(117_100_000_000, "en", "USD")
    'US$117.1\xa0billion'
    >>> write_money(117_100_000_000, "fr", "EUR")
    '117,1\xa0milliards d’euros'
    >>> write_money(15_000_000, "en", "GBP")
    '£15\xa0million'

    A bare sign is that of the report's own currency (`show_in`). Raises `UsageError` for a currency
    that has no sign in the catalogue: a bare number would pass for dollars.
    """
    mark = sign(currency, language)
    visible = half_up(amount, 0)
    # 999,999,000 would be seen as 1,000 million: what is shown chooses the word, not the amount.
    if abs(half_up(amount / _MILLION, 2)) >= _THOUSAND:
        return _amount_in_words(amount, _BILLION, "billion", language, currency)
    if abs(visible) >= _MILLION:
        return _amount_in_words(amount, _MILLION, "million", language, currency)
    number = write_number(amount, language)
    if language == "en":
        return _sign_first(f"{mark}{number}", number)
    return f"{number}{NBSP}{mark}"


def _amount_in_words(amount: float, unit: int, size: str, language: Language, currency: str) -> str:
    """Write an amount as a short number and the word for its size."""
    # A quotient of binary fractions may fall just short of the half that is rounded up.
    scaled = float(Decimal(str(amount)) / unit)
    count = Count(scaled, decimals=shortest(scaled, 2))
    number = write(count, language)
    word = catalogue.say(f"currency-{size}", number=count)(language)
    if language == "en":
        return _sign_first(f"{sign(currency, language)}{number}", number) + f"{NBSP}{word}"
    return f"{number}{NBSP}{word} {counted(currency, language)}"


def _sign_first(text: str, number: str) -> str:
    """Put a minus before the dollar sign rather than between it and the digits."""
    minus = "\u2212"
    return minus + text.replace(minus, "") if number.startswith(minus) else text


def show_in(currency: str) -> None:
    """Set the currency in which this process makes a report: a bare dollar sign is one of its own.

    In a report in another currency none is, for it could be of any country: `CA$5` beside `US$5`.
    """
    _REPORT_CURRENCY[0] = currency


def sign(currency: str, language: Language) -> str:
    """Return what stands before an English amount, and behind a French one.

    >>> sign("USD", "en"), sign("GBP", "en")
    ('US$', '£')
    """
    return _currency_label(currency, "sign", language)


def counted(currency: str, language: Language) -> str:
    """Return a currency as it stands behind a number of millions.

    >>> counted("EUR", "fr"), counted("USD", "fr")
    ('d’euros', 'de dollars américains')
    """
    return _currency_label(currency, "of", language)


def is_currency(unit: str) -> bool:
    """Return whether a unit is a currency that can be written."""
    return unit.isupper() and catalogue.has(f"currency-{unit.lower()}-sign", "en")


def _currency_label(currency: str, kind: str, language: Language) -> str:
    """Return a text of the catalogue about a currency. Raises `UsageError` for an unknown one."""
    if not is_currency(currency):
        keys = catalogue.keys("en")
        known = [key[9:-5].upper() for key in keys if re.fullmatch(r"currency-[a-z]{3}-sign", key)]
        msg = f"Amounts in {currency!r} cannot be written. {hint(currency, sorted(known))}"
        raise UsageError(msg)
    # Which currencies have a bare sign at home is a matter of the texts.
    at_home = f"currency-{currency.lower()}-home-{kind}"
    if _REPORT_CURRENCY[0] in {"", currency} and catalogue.has(at_home, language):
        return catalogue.label(at_home, language)
    return catalogue.label(f"currency-{currency.lower()}-{kind}", language)


@cache  # many rows became public on one day
def write_date(iso: str, language: Language) -> str:
    r"""Write an ISO day, month or year in words.

    >>> write_date("2026-02-27", "en"), write_date("2026-02", "fr")
    ('February\xa027, 2026', 'février 2026')
    """
    match len(iso):
        case 4:
            return iso
        case 7:
            month = dt.date.fromisoformat(f"{iso}-01")
            return format_date(month, "MMMM y", locale=LOCALES[language])
        case _:
            day = dt.date.fromisoformat(iso)
    text = format_date(day, "long", locale=LOCALES[language])
    # The first of a month is an ordinal in French, which no pattern of Babel has.
    first = "1er " if language == "fr" and day.day == 1 else ""
    # Only the first space, after the day or before it: a day must not stand at the end of a line
    # without its month.
    return (first + text.removeprefix("1 ") if first else text).replace(" ", NBSP, 1)


def half_up(value: float, decimals: int) -> Decimal:
    """Round half up, as people do, on the decimal digits that a person sees.

    The one rule for every number that is written, in texts, tables and charts. With negative
    `decimals` tens, hundreds and so on are counted.

    >>> half_up(62.5, 0), half_up(17.25, 1), half_up(-2.5, 0)
    (Decimal('63'), Decimal('17.3'), Decimal('-3'))

    Raises `UsageError` for a missing value: it has no digits.
    """
    if not math.isfinite(value):
        msg = "A missing value cannot be written as a number."
        raise UsageError(msg)
    # By way of text: the binary fraction of 0.15 lies below the half that a person sees.
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    # A negative zero would be written with its sign: −0.
    return exact + 0 if exact else abs(exact)


def shortest(value: float, most: int) -> int:
    """Return the fewest decimals, at most `most`, that show a value as it is at `most`."""
    text = format(half_up(value, most).normalize(), "f")
    return len(text.partition(".")[2])
