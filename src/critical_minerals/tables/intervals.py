"""Figures with the span in which they lie: what rounding, bounds and withholding leave open.

A figure published as 2.2 billion may stand for anything from 2.15 to 2.25 billion, one that is
withheld for anything from zero upwards. Computing with both ends of that span (interval arithmetic)
tells a real disagreement from one that rounding alone can make.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import add, mul, truediv
from typing import Final, Self

from critical_minerals.language.quantities import Precision

UNKNOWN: Final = frozenset({"withheld", "suppressed", "not_available"})
"""Qualifiers of a figure that exists but has no number: anything from zero upwards."""
_DIGITS: Final = 2
"""A rounded figure is taken to mean at least this many of its digits: 5.0 million, not 5."""


@dataclass(frozen=True)
class Interval:
    """A figure with the lowest and the highest that it may stand for.

    It has no `value` where none is published: then the bounds say all that is known.

    >>> Interval.rounded(38, 1) / 2
    Interval(value=19.0, low=18.75, high=19.25)
    >>> Interval.of(None, "withheld") + 10
    Interval(value=None, low=10.0, high=inf)
    """

    value: float | None
    low: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Self:
        """Take a figure as it stands."""
        return cls(float(value), float(value), float(value))

    @classmethod
    def rounded(cls, value: float, step: float) -> Self:
        """Take a figure that was rounded to the nearest `step`."""
        return cls(float(value), value - step / 2, value + step / 2)

    @classmethod
    def published(cls, value: float, precision: Precision = "exact") -> Self:
        """Take a figure as its publisher's word for its precision asks."""
        return cls.rounded(value, step_of(value) if precision == "rounded" else 0)

    @classmethod
    def of(
        cls, quantity: float | None, qualifier: str | None = None, rounded_to: float = 0.0
    ) -> Self:
        """Take a published quantity: by its rounding, its bound, or all from zero up.

        `rounded_to` is the step of its rounding, in its unit. Raises `ValueError` for a quantity
        without a number that is not said to be withheld or unavailable: it would become a zero.
        """
        if quantity is None or math.isnan(quantity):
            if qualifier not in UNKNOWN:
                reasons = ", ".join(sorted(UNKNOWN))
                msg = f"A figure without a number needs a reason ({reasons}), not {qualifier!r}."
                raise ValueError(msg)
            return cls(None, 0.0, math.inf)
        match qualifier:
            case "more_than":
                return cls(None, quantity, math.inf)
            case "less_than":
                return cls(None, 0.0, quantity)
            case _:
                known = cls.rounded(quantity, rounded_to)
                # Rounding puts no quantity below zero; what was added to stocks is below it.
                return known.at_least_zero() if quantity >= 0 else known

    def at_least_zero(self) -> Self:
        """Raise bounds that rounding has put below zero: nobody makes less than nothing."""
        return type(self)(self.value, max(self.low, 0.0), max(self.high, 0.0))

    def __add__(self, other: Interval | float) -> Interval:
        """Add two figures, end to end."""
        one = _interval(other)
        return Interval(_reckoned(add, self, one), self.low + one.low, self.high + one.high)

    def __sub__(self, other: Interval | float) -> Interval:
        """Subtract a figure: its highest from the lowest, its lowest from the highest."""
        one = _interval(other)
        value = None if one.value is None else -one.value
        return self + Interval(value, -one.high, -one.low)

    def __mul__(self, other: Interval | float) -> Interval:
        """Multiply two figures."""
        return self._spanned(mul, _interval(other))

    def __truediv__(self, other: Interval | float) -> Interval:
        """Divide by a figure. Raises `ValueError` where that figure may be zero."""
        one = _interval(other)
        if one.low <= 0 <= one.high:
            msg = f"Nothing can be divided by {one.low:g} to {one.high:g}: it may be zero."
            raise ValueError(msg)
        return self._spanned(truediv, one)

    def _spanned(self, reckon: Callable[[float, float], float], other: Interval) -> Interval:
        """Reckon with all four pairs of ends: with signs, any of them may be the outermost."""
        ends = [reckon(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(_reckoned(reckon, self, other), min(ends), max(ends))


def step_of(value: float) -> float:
    """Return the step to which a rounded figure was probably rounded.

    It is the place of its last digit that is not zero, and at least two digits are taken as meant.

    >>> step_of(3_800_000_000), step_of(5_000_000), step_of(17.6)
    (100000000.0, 100000.0, 0.1)
    """
    if not value:
        return 0.0
    number = Decimal(str(value)).normalize()
    last = int(number.as_tuple().exponent)
    return float(Decimal(1).scaleb(min(last, number.adjusted() - _DIGITS + 1)))


def total(figures: Iterable[Interval]) -> Interval:
    """Add up figures.

    >>> total([Interval.exactly(6), Interval.exactly(27)]).value
    33.0
    """
    return sum(figures, start=Interval.exactly(0.0))


def _interval(figure: Interval | float) -> Interval:
    return figure if isinstance(figure, Interval) else Interval.exactly(figure)


def _reckoned(
    reckon: Callable[[float, float], float], one: Interval, other: Interval
) -> float | None:
    """Reckon with two values; with one that is not published there is none."""
    if one.value is None or other.value is None:
        return None
    return reckon(one.value, other.value)
