"""Apparent consumption and net import reliance, as the U.S. Geological Survey defines them.

Apparent consumption is primary and secondary production, plus imports, less exports, plus what is
drawn from stocks. Net import reliance is imports, less exports, plus what is drawn from stocks, in
per cent of apparent consumption; a net exporter has no number and is printed `E`. Source: notes to
the salient statistics of the Mineral Commodity Summaries 2026, U.S. Geological Survey.

The three definitions take single numbers, columns of a frame, or `Range`s alike, all quantities of
one calculation in the same unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeVar

import pandas as pd

WHOLE: Final = 100.0
NET_EXPORTER: Final = "E"
"""What the publisher prints where a country exports more than it imports."""
UNKNOWN: Final = frozenset({"withheld", "suppressed", "not_available"})
"""Qualifiers of a figure that exists but has no number: anything from zero upwards."""


@dataclass(frozen=True)
class Range:
    """A quantity with its lowest and highest possible value; no `value` where it is not published.

    >>> Range.of(4400, rounded_to=100) - Range.of(890, rounded_to=10)
    Range(value=3510.0, low=3455.0, high=3565.0)
    >>> Range.of(None, "withheld") + Range.exactly(10)
    Range(value=None, low=10.0, high=inf)
    """

    value: float | None
    low: float
    high: float

    @classmethod
    def of(
        cls, quantity: float | None, qualifier: str | None = None, rounded_to: float = 0.0
    ) -> Range:
        """Return the range of a published figure: its rounding, its bound, or all from zero up.

        `rounded_to` is the step of its rounding, in its unit. Raises `ValueError` for a figure
        without a number that is not said to be withheld or unavailable: it would become a zero.
        """
        if quantity is None or math.isnan(quantity):
            return cls._unpublished(qualifier)
        match qualifier:
            case "more_than":
                return cls(None, quantity, math.inf)
            case "less_than":
                return cls(None, 0.0, quantity)
            case _:
                half = rounded_to / 2
                low = quantity - half
                return cls(
                    float(quantity), max(low, 0.0) if quantity >= 0 else low, quantity + half
                )

    @classmethod
    def _unpublished(cls, qualifier: str | None) -> Range:
        if qualifier not in UNKNOWN:
            reasons = ", ".join(sorted(UNKNOWN))
            msg = f"A figure without a number needs a reason ({reasons}), not {qualifier!r}."
            raise ValueError(msg)
        return cls(None, 0.0, math.inf)

    @classmethod
    def exactly(cls, quantity: float) -> Range:
        """Return the range of a quantity that is known without rounding."""
        return cls(float(quantity), float(quantity), float(quantity))

    def at_least_zero(self) -> Range:
        """Raise bounds that rounding has put below zero: nobody makes less than nothing."""
        return Range(self.value, max(self.low, 0.0), max(self.high, 0.0))

    def __add__(self, other: Range) -> Range:
        value = None if self.value is None or other.value is None else self.value + other.value
        return Range(value, self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return self + Range(None if other.value is None else -other.value, -other.high, -other.low)


Quantity = TypeVar("Quantity", float, pd.Series, Range)


def net_imports(imports: Quantity, exports: Quantity, stocks_drawn: Quantity) -> Quantity:
    """Return imports less exports, plus what was drawn from stocks (negative: added to them).

    Aluminum in the United States in 2023, in thousand tonnes; stocks fell from 2,059 to 1,825:

    >>> net_imports(4900, 1240, 2059 - 1825)
    3894
    """
    return imports - exports + stocks_drawn


def apparent_consumption(production: Quantity, net_imported: Quantity) -> Quantity:
    """Return primary and secondary production plus net imports.

    Aluminum in 2023: primary 750 and from old scrap 1,560 thousand tonnes; published 6,210:

    >>> apparent_consumption(750 + 1560, 3894)
    6204
    """
    return production + net_imported


def net_import_reliance(net_imported: pd.Series, consumption: pd.Series) -> pd.Series:
    """Return net imports in per cent of apparent consumption; zero or less is a net exporter.

    Missing quantities stay missing, and so does the share of a consumption that is not above zero.

    Aluminum in 2023 (published: 63) and helium, in million cubic metres (published: E):

    >>> net, consumption = pd.Series([3894.0, 8 - 34]), pd.Series([6204.0, 56.0])
    >>> net_import_reliance(net, consumption).round(1).tolist()
    [62.8, -46.4]
    """
    return net_imported / consumption.where(consumption > 0) * WHOLE


def reliance_shown(reliance_pct: pd.Series) -> pd.Series:
    """Write reliance as the publisher does: whole per cent, or `E` for a net exporter.

    >>> reliance_shown(pd.Series([62.8, -46.4, None])).tolist()
    ['63', 'E', <NA>]
    """
    return reliance_pct.map(_shown, na_action="ignore").astype("string")


def _shown(pct: float) -> str:
    return f"{math.floor(pct + 0.5)}" if pct > 0 else NET_EXPORTER


def reliance_range(production: Range, net_imported: Range) -> tuple[float, float]:
    """Return the lowest and highest reliance, in per cent, that two ranges allow.

    Zero stands for a net exporter. What is withheld leaves the bounds wide; it never counts as
    zero. Magnesium compounds in 2023: 428 thousand tonnes made, 490 imported, 89 exported, each
    rounded to the thousand (published: 48).

    >>> low, high = reliance_range(Range.of(428, rounded_to=1), Range.of(401, rounded_to=2))
    >>> round(low, 1), round(high, 1)
    (48.3, 48.5)
    >>> reliance_range(Range.of(None, "withheld"), Range.of(401, rounded_to=2))
    (0.0, 100.0)
    """
    return (
        _share(net_imported.low, production.high),
        _share(net_imported.high, production.low),
    )


def _share(net_imported: float, production: float) -> float:
    """Return net imports in per cent of themselves and production together."""
    if net_imported <= 0 or math.isinf(production):
        return 0.0
    return WHOLE if math.isinf(net_imported) else net_imported / (net_imported + production) * WHOLE
