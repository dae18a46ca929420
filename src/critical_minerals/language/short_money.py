"""Amounts where there is little room: three leading digits and a sign for the size."""

from __future__ import annotations

import math
from typing import Final

from babel.numbers import format_compact_currency

from critical_minerals.language.naming import LocalizedText
from critical_minerals.language.quantities import Money, half_up
from critical_minerals.workspace.parameters import LOCALES

_DIGITS: Final = 3


def short_money(money: Money) -> LocalizedText:
    r"""Write an amount with three leading digits, for charts and key figures.

    How exact it is has to be said elsewhere.

    >>> short_money(Money(223_471_100, "EUR"))("en"), short_money(Money(1_534_000, "USD"))("fr")
    ('€223M', '1,53\xa0M$\xa0US')
    >>> short_money(Money(1_225_000, "GBP"))("en"), short_money(Money(415_600, "USD"))("fr")
    ('£1.23M', '416\xa0k$\xa0US')
    """
    first = math.floor(math.log10(abs(money.amount))) if money.amount else 0
    # Rounded here, by the rule for every number that is written; Babel rounds half to even.
    rounded = half_up(money.amount, _DIGITS - 1 - first)
    return lambda language: format_compact_currency(
        rounded, money.currency, locale=LOCALES[language], fraction_digits=_DIGITS - 1
    )
