"""How exact a sum is, given how exact its parts are, and how much of a figure a reader needs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pandas as pd

from critical_minerals.language.quantities import Money, Percent, Precision, half_up

_PLAIN: Final[frozenset[Precision]] = frozenset({"exact", "rounded"})
_HALF: Final = 0.5
_TWO_DIGITS: Final = 10
_MILLION: Final = 1_000_000
_FLOAT_NOISE: Final = 1e-6
_STEP: Final = 100_000
"""Computed sums from a million upwards are shown to a tenth of a million."""


def of_sum(precisions: Iterable[Precision]) -> Precision:
    """Return what may be said of a sum of figures of these precisions.

    Exact and rounded figures together are rounded; ceilings beside them make a ceiling, floors a
    floor; any other mixture is no more than about right.

    >>> of_sum(["exact", "up_to"]), of_sum(["up_to", "more_than"])
    ('up_to', 'about')
    """
    kinds = set(precisions)
    if kinds <= {"exact"}:
        return "exact"
    special = kinds - _PLAIN
    if not special:
        return "rounded"
    return special.pop() if len(special) == 1 else "about"


def of_ratio(part: Precision, whole: Precision) -> Precision:
    """Return what may be said of a part in per cent of a whole, given how exact both are.

    A floor of a ceiling is a floor of their ratio; what could lie on either side is about right.

    >>> of_ratio("more_than", "up_to"), of_ratio("exact", "up_to"), of_ratio("up_to", "rounded")
    ('more_than', 'more_than', 'up_to')
    >>> of_ratio("up_to", "up_to"), of_ratio("exact", "rounded"), of_ratio("exact", "exact")
    ('about', 'rounded', 'exact')
    """
    inverse: dict[Precision, Precision] = {"up_to": "more_than", "less_than": "more_than"}
    inverse |= {"nearly": "more_than", "more_than": "up_to"}
    ceilings: dict[Precision, Precision] = {"less_than": "up_to", "nearly": "up_to"}
    return of_sum([ceilings.get(part, part), inverse.get(whole, whole)])


def readable(money: Money) -> Money:
    """Shorten a computed sum to what a reader needs, without making its precision untrue.

    A floor (`more_than`) is rounded down, a ceiling (`up_to`, `less_than`, `nearly`) up.

    >>> readable(Money(17_174_650, precision="more_than")).amount
    17100000.0
    """
    return replace(money, amount=outward(money.amount, money.precision))


def outward(amount: float, precision: Precision) -> float:
    """Round an amount from a million upwards to a tenth of a million; a bound stays a bound.

    So a table and a text that show the same floor show the same number.

    >>> outward(33_874_650, "more_than"), outward(33_874_650, "up_to"), outward(33_874_650, "exact")
    (33800000.0, 33900000.0, 33900000.0)
    """
    if pd.isna(amount) or abs(amount) < _MILLION:
        return amount
    steps = amount / _STEP
    whole = abs(steps - round(steps)) < _FLOAT_NOISE
    if whole or pd.isna(precision) or precision in _PLAIN | {"about"}:
        return float(half_up(steps, 0)) * _STEP
    return (math.floor(steps) if precision == "more_than" else math.ceil(steps)) * float(_STEP)


def readable_share(share: float) -> Percent:
    """Write a share in per cent with as many digits as it deserves: whole from ten upwards.

    >>> readable_share(12.34).decimals, readable_share(1.25).decimals
    (0, None)
    """
    return Percent(float(share), decimals=0 if share >= _TWO_DIGITS else None)


def share_below(part: float, least_whole: float) -> Percent:
    """Bound the share of a part whose whole is only known to be more than `least_whole`.

    The bound is rounded up, to a tenth of a per cent: rounded to the nearest it could be untrue.
    Canada's reserves of rare earths, of a world total of more than 75 million tonnes:

    >>> share_below(830_000, 75_000_000)
    Percent(value=1.2, precision='less_than', decimals=1)
    """
    tenths = math.ceil(round(part / least_whole * 1000, 6))
    return Percent(tenths / 10, "less_than", decimals=1)


def whole_share(share: float) -> Percent:
    """Write a share in whole per cent; what would round to nothing is less than one.

    >>> whole_share(0.2)
    Percent(value=1, precision='less_than', decimals=None)
    """
    small = 0 < share < _HALF
    return Percent(1, "less_than") if small else Percent(float(share), decimals=0)
