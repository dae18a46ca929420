"""Amounts where there is little room: three leading digits and a sign for the size."""

from __future__ import annotations

import math
from functools import partial
from typing import Final

from critical_minerals.language.catalogue import say
from critical_minerals.language.naming import LocalizedText
from critical_minerals.language.quantities import Count, Money, half_up, shortest, sign

_SIZES: Final = ((1e9, "billion"), (1e6, "million"))


def short_money(money: Money) -> LocalizedText:
    r"""Write an amount with three leading digits, for charts and key figures.

    How exact it is has to be said elsewhere.

    >>> short_money(Money(223_471_100))("en"), short_money(Money(1_534_000, "USD"))("fr")
    ('$223M', '1,53\xa0M$\xa0US')
    >>> short_money(Money(1_225_000))("en")
    '$1.23M'
    """
    # Rounded first: 999.9 million has to choose its size as the billion that it is shown as.
    rounded = _round_leading(money.amount, 3)
    divisor, size = next(((d, s) for d, s in _SIZES if abs(rounded) >= d), (1.0, "plain"))
    number = Count(rounded / divisor, decimals=shortest(rounded / divisor, 2))
    mark = partial(sign, money.currency)
    return say(f"short-{size}", number=number, sign=mark)


def _round_leading(value: float, digits: int) -> float:
    """Round to some leading digits, by the rule for every number that is written."""
    first = math.floor(math.log10(abs(value))) if value else 0
    return float(half_up(value, digits - 1 - first))
