"""Arithmetic with published figures that keeps what their rounding leaves open.

A figure published as 2.2 billion may stand for anything from 2.15 to 2.25 billion. Computing with
both ends of that span (interval arithmetic) tells a real disagreement from one that rounding alone
can make.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from critical_minerals.language.quantities import Precision

_DIGITS: Final = 2
"""A rounded figure is taken to mean at least this many of its digits: 5.0 million, not 5."""


@dataclass(frozen=True)
class Stated:
    """A figure with the least and the most that its rounding allows.

    >>> Stated.rounded(38, 1) / 2
    Stated(value=19.0, least=18.75, most=19.25)
    """

    value: float
    least: float
    most: float

    @classmethod
    def exactly(cls, value: float) -> Self:
        """Take a figure as it stands."""
        return cls(value, value, value)

    @classmethod
    def rounded(cls, value: float, step: float) -> Self:
        """Take a figure that was rounded to the nearest `step`."""
        return cls(value, value - step / 2, value + step / 2)

    @classmethod
    def published(cls, value: float, precision: Precision = "exact") -> Self:
        """Take a figure as its publisher's word for its precision asks."""
        return cls.rounded(value, step_of(value) if precision == "rounded" else 0)

    def __add__(self, other: Stated | float) -> Stated:
        """Add two figures, end to end."""
        one = _stated(other)
        return Stated(self.value + one.value, self.least + one.least, self.most + one.most)

    def __sub__(self, other: Stated | float) -> Stated:
        """Subtract a figure."""
        return self + _stated(other) * -1

    def __mul__(self, other: Stated | float) -> Stated:
        """Multiply two figures."""
        one = _stated(other)
        ends = [mine * theirs for mine in _ends(self) for theirs in _ends(one)]
        return Stated(self.value * one.value, min(ends), max(ends))

    def __truediv__(self, other: Stated | float) -> Stated:
        """Divide by a figure. Raises `ValueError` where that figure may be zero."""
        one = _stated(other)
        if one.least <= 0 <= one.most:
            msg = f"Nothing can be divided by {one.value:g}: it may be zero."
            raise ValueError(msg)
        ends = [mine / theirs for mine in _ends(self) for theirs in _ends(one)]
        return Stated(self.value / one.value, min(ends), max(ends))


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


def total(figures: Iterable[Stated]) -> Stated:
    """Add up figures.

    >>> total([Stated.exactly(6), Stated.exactly(27)]).value
    33.0
    """
    return sum(figures, start=Stated.exactly(0.0))


def _stated(figure: Stated | float) -> Stated:
    return figure if isinstance(figure, Stated) else Stated.exactly(figure)


def _ends(figure: Stated) -> tuple[float, float]:
    return figure.least, figure.most
