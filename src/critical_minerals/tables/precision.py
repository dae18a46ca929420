"""The precision of sums and ratios, and the rounding of computed figures for readers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pandas as pd

from critical_minerals.language.quantities import Money, Percent, Precision, half_up

_NO_BOUNDS: Final[frozenset[Precision]] = frozenset({"exact", "rounded"})
_HALF: Final = 0.5
_LEAST_WHOLE_PERCENT: Final = 10
_MILLION: Final = 1_000_000
_FLOAT_NOISE: Final = 1e-6
_STEP: Final = 100_000
"""Computed sums from a million upwards are shown to a tenth of a million."""


def of_sum(precisions: Iterable[Precision]) -> Precision:
    """Return the precision of a sum of figures with these precisions.

    Exact and rounded figures together are rounded. With ceilings among them the sum is a ceiling,
    with floors a floor; any other mixture is approximate.

    >>> of_sum(["exact", "up_to"]), of_sum(["up_to", "more_than"])
    ('up_to', 'about')
    """
    kinds = set(precisions)
    if kinds <= {"exact"}:
        return "exact"
    bounds = kinds - _NO_BOUNDS
    if not bounds:
        return "rounded"
    # Mixed bounds, such as a floor and a ceiling, bound the sum on neither side.
    return bounds.pop() if len(bounds) == 1 else "about"


def of_ratio(part: Precision, whole: Precision) -> Precision:
    """Return the precision of a part in per cent of a whole, from the precision of both.

    A floor divided by a ceiling is a floor; a ratio that could err on either side is approximate.

    >>> of_ratio("more_than", "up_to"), of_ratio("exact", "up_to"), of_ratio("up_to", "rounded")
    ('more_than', 'more_than', 'up_to')
    >>> of_ratio("up_to", "up_to"), of_ratio("exact", "rounded"), of_ratio("exact", "exact")
    ('about', 'rounded', 'exact')
    """
    # Dividing turns bounds around: a whole of at most 10 makes a share of at least part / 10.
    inverse: dict[Precision, Precision] = {"up_to": "more_than", "less_than": "more_than"}
    inverse |= {"nearly": "more_than", "more_than": "up_to"}
    # All kinds of ceiling count as one, so that two of them do not look like a mixture.
    ceilings: dict[Precision, Precision] = {"less_than": "up_to", "nearly": "up_to"}
    return of_sum([ceilings.get(part, part), inverse.get(whole, whole)])


def readable(money: Money) -> Money:
    """Round a computed sum for readers so that the stated precision stays true.

    A floor (`more_than`) is rounded down, a ceiling (`up_to`, `less_than`, `nearly`) up.

    >>> readable(Money(17_174_650, "EUR", "more_than")).amount
    17100000.0
    """
    return replace(money, amount=outward(money.amount, money.precision))


def outward(amount: float, precision: Precision) -> float:
    """Round an amount from a million upwards to a tenth of a million, a bound outward.

    Tables and texts both use it, so that the same floor has the same number in both.

    >>> outward(33_874_650, "more_than"), outward(33_874_650, "up_to"), outward(33_874_650, "exact")
    (33800000.0, 33900000.0, 33900000.0)
    """
    if pd.isna(amount) or abs(amount) < _MILLION:
        return amount
    steps = amount / _STEP
    # Float noise must not push a whole number of tenths outward to the next one.
    is_whole = abs(steps - round(steps)) < _FLOAT_NOISE
    if is_whole or pd.isna(precision) or precision in _NO_BOUNDS | {"about"}:
        return float(half_up(steps, 0)) * _STEP
    return (math.floor(steps) if precision == "more_than" else math.ceil(steps)) * float(_STEP)


def readable_share(share: float) -> Percent:
    """Return a share in per cent with about two significant digits: whole from ten upwards.

    >>> readable_share(12.34).decimals, readable_share(1.25).decimals
    (0, None)
    """
    return Percent(float(share), decimals=0 if share >= _LEAST_WHOLE_PERCENT else None)


def share_below(part: float, least_whole: float) -> Percent:
    """Return an upper bound of a share whose whole is only known to exceed `least_whole`.

    It is rounded up to a tenth of a per cent: rounded to the nearest, it could be untrue.
    Canada's reserves of rare earths, of a world total of more than 75 million tonnes:

    >>> share_below(830_000, 75_000_000)
    Percent(value=1.2, precision='less_than', decimals=1)
    """
    # Without rounding first, float noise could raise an exact tenth to the next one.
    tenths = math.ceil(round(part / least_whole * 1000, 6))
    return Percent(tenths / 10, "less_than", decimals=1)


def whole_share(share: float) -> Percent:
    """Return a share in whole per cent; one that would round to 0 is less than 1.

    >>> whole_share(0.2)
    Percent(value=1, precision='less_than', decimals=None)
    """
    is_below_half = 0 < share < _HALF
    return Percent(1, "less_than") if is_below_half else Percent(float(share), decimals=0)
