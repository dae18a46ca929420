"""Figures as intervals: the range that rounding, bounds and withholding leave open.

A figure published as 2.2 billion may stand for anything from 2.15 to 2.25 billion, one that is
withheld for anything from zero upwards. Computing with both ends of the range (interval arithmetic)
separates a real disagreement from one that rounding alone can explain.
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
_LEAST_DIGITS: Final = 2
"""At least this many digits of a rounded figure are taken as significant: 5.0 million, not 5."""


@dataclass(frozen=True)
class Interval:
    """A figure with the lowest and the highest value that it may stand for.

    It has no `value` where none is published; then the bounds are all that is known.

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
        """Return a figure as an interval of no width."""
        return cls(float(value), float(value), float(value))

    @classmethod
    def rounded(cls, value: float, step: float) -> Self:
        """Return the interval of a figure that was rounded to the nearest `step`."""
        return cls(float(value), value - step / 2, value + step / 2)

    @classmethod
    def published(cls, value: float, precision: Precision = "exact") -> Self:
        """Return the interval of a figure by the precision that its publisher states."""
        return cls.rounded(value, step_of(value) if precision == "rounded" else 0)

    @classmethod
    def of(
        cls, quantity: float | None, qualifier: str | None = None, rounded_to: float = 0.0
    ) -> Self:
        """Return the interval of a published quantity: by its rounding, its bound, or from zero up.

        `rounded_to` is the step of its rounding, in its unit. Raises `ValueError` for a quantity
        without a number and without a qualifier for it: it would otherwise become a zero.
        """
        if quantity is None or math.isnan(quantity):
            if qualifier not in UNKNOWN:
                reasons = ", ".join(sorted(UNKNOWN))
                msg = f"A figure without a number needs a reason ({reasons}), not {qualifier!r}."
                raise ValueError(msg)
            return cls(None, 0.0, math.inf)
        match qualifier:
            # A bound is no value: sums and shares of it would pass for published figures.
            case "more_than":
                return cls(None, quantity, math.inf)
            case "less_than":
                return cls(None, 0.0, quantity)
            case _:
                known = cls.rounded(quantity, rounded_to)
                # Rounding must not put a quantity below zero; one that is published as negative,
                # such as a change of stocks, is.
                return known.at_least_zero() if quantity >= 0 else known

    def at_least_zero(self) -> Self:
        """Raise bounds below zero to zero, where a negative quantity is impossible."""
        return type(self)(self.value, max(self.low, 0.0), max(self.high, 0.0))

    def __add__(self, other: Interval | float) -> Interval:
        """Add two figures: both low ends, both high ends."""
        operand = _to_interval(other)
        return Interval(
            _combine_values(add, self, operand), self.low + operand.low, self.high + operand.high
        )

    def __sub__(self, other: Interval | float) -> Interval:
        """Subtract a figure: its high end from the low end, its low end from the high end."""
        operand = _to_interval(other)
        value = None if operand.value is None else -operand.value
        return self + Interval(value, -operand.high, -operand.low)

    def __mul__(self, other: Interval | float) -> Interval:
        """Multiply two figures."""
        return self._combine_ends(mul, _to_interval(other))

    def __truediv__(self, other: Interval | float) -> Interval:
        """Divide by a figure. Raises `ValueError` where that figure may be zero."""
        operand = _to_interval(other)
        # The quotient would be unbounded on both sides; the ends computed below would hide that.
        if operand.low <= 0 <= operand.high:
            msg = f"Nothing can be divided by {operand.low:g} to {operand.high:g}: it may be zero."
            raise ValueError(msg)
        return self._combine_ends(truediv, operand)

    def _combine_ends(
        self, operation: Callable[[float, float], float], other: Interval
    ) -> Interval:
        """Apply an operation to all pairs of ends: with signs, any of the four may be outermost."""
        ends = [operation(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(_combine_values(operation, self, other), min(ends), max(ends))


def step_of(value: float) -> float:
    """Return the step to which a rounded figure was probably rounded.

    It is the place of its last non-zero digit, where at least two digits count as significant.

    >>> step_of(3_800_000_000), step_of(5_000_000), step_of(17.6)
    (100000000.0, 100000.0, 0.1)
    """
    if not value:
        return 0.0
    # Decimal of the text, since binary floats have no last decimal digit.
    number = Decimal(str(value)).normalize()
    last = int(number.as_tuple().exponent)
    return float(Decimal(1).scaleb(min(last, number.adjusted() - _LEAST_DIGITS + 1)))


def total(figures: Iterable[Interval]) -> Interval:
    """Add up figures.

    >>> total([Interval.exactly(6), Interval.exactly(27)]).value
    33.0
    """
    return sum(figures, start=Interval.exactly(0.0))


def _to_interval(figure: Interval | float) -> Interval:
    return figure if isinstance(figure, Interval) else Interval.exactly(figure)


def _combine_values(
    operation: Callable[[float, float], float], left: Interval, right: Interval
) -> float | None:
    """Apply an operation to two values; return None where one of them is not published."""
    if left.value is None or right.value is None:
        return None
    return operation(left.value, right.value)
