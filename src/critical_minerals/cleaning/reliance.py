"""Apparent consumption and net import reliance, as the U.S. Geological Survey defines them.

Apparent consumption is primary and secondary production, plus imports, less exports, plus what is
drawn from stocks. Net import reliance is imports, less exports, plus what is drawn from stocks, in
per cent of apparent consumption; a net exporter has no number and is printed `E`. Source: notes to
the salient statistics of the Mineral Commodity Summaries 2026, U.S. Geological Survey.

The three definitions take single numbers, columns of a frame, or `Interval`s alike, all quantities
of one calculation in the same unit.
"""

from __future__ import annotations

import math
from typing import Final, TypeVar

import pandas as pd

from critical_minerals.cleaning.growth import WHOLE
from critical_minerals.tables.intervals import Interval

NET_EXPORTER: Final = "E"
"""What the publisher prints where a country exports more than it imports."""
Quantity = TypeVar("Quantity", float, pd.Series, Interval)


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
    # Where consumption is not above zero, more was exported than made and imported: a ratio would
    # turn the sign around.
    return net_imported / consumption.where(consumption > 0) * WHOLE


def reliance_shown(reliance_pct: pd.Series) -> pd.Series:
    """Write reliance as the publisher does: whole per cent, or `E` for a net exporter.

    >>> reliance_shown(pd.Series([62.8, -46.4, None])).tolist()
    ['63', 'E', <NA>]
    """
    return reliance_pct.map(_format_reliance, na_action="ignore").astype("string")


def _format_reliance(pct: float) -> str:
    # Halves upwards, as all numbers of the report; `round` would make 62.5 into 62.
    return f"{math.floor(pct + 0.5)}" if pct > 0 else NET_EXPORTER


def reliance_range(production: Interval, net_imported: Interval) -> tuple[float, float]:
    """Return the lowest and highest reliance, in per cent, that two ranges allow.

    Zero stands for a net exporter. What is withheld leaves the bounds wide; it never counts as
    zero. Magnesium compounds in 2023: 428 thousand tonnes made, 490 imported, 89 exported, each
    rounded to the thousand (published: 48).

    >>> low, high = reliance_range(Interval.of(428, rounded_to=1), Interval.of(401, rounded_to=2))
    >>> round(low, 1), round(high, 1)
    (48.3, 48.5)
    >>> reliance_range(Interval.of(None, "withheld"), Interval.of(401, rounded_to=2))
    (0.0, 100.0)
    """
    return (
        # The share rises with net imports and falls with production, so the ends of the two ranges
        # that pull the same way give its bounds.
        _share_of_supply(net_imported.low, production.high),
        _share_of_supply(net_imported.high, production.low),
    )


def _share_of_supply(net_imported: float, production: float) -> float:
    """Return net imports in per cent of themselves and production together."""
    # Whoever sends away as much as comes in relies on nobody, whatever is made at home.
    if net_imported <= 0 or math.isinf(production):
        return 0.0
    # Without an upper limit to net imports nearly everything might be imported.
    return WHOLE if math.isinf(net_imported) else net_imported / (net_imported + production) * WHOLE
