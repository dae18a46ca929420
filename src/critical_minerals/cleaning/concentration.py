"""Shares of a whole and how concentrated they are.

All shares are in per cent. The Herfindahl-Hirschman index is the sum of squared shares, from near
0 (many small suppliers) to 10,000 (one supplier); see US Department of Justice and Federal Trade
Commission, Merger Guidelines (2023), which call a market above 1,800 highly concentrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from critical_minerals.cleaning.lineage import LINEAGE, joined

WHOLE: Final = 100.0
HIGHLY_CONCENTRATED: Final = 1800
"""Index above which the Merger Guidelines of 2023 call a market highly concentrated."""
WORLD: Final = "WLD"
OTHERS: Final = "OTHER"
"""Rows that are no producer: the published total, and the sum of countries without a name."""


_MEASURES: Final = (
    "top_country",
    "top_countries",
    "top_pct",
    "second_pct",
    "third_pct",
    "top_three_pct",
    "hhi",
    "hhi_most",
    "named_pct",
    "china_pct",
    "canada_pct",
)


def shares(values: pd.Series, total: float | None = None) -> pd.Series:
    """Return each value's share of a total, or of the values' sum where no total is given.

    Missing values stay missing. Raises `ValueError` for a negative value, or a whole that is not
    above zero.

    >>> shares(pd.Series([3.0, 1.0]), total=8).tolist()
    [37.5, 12.5]
    """
    _refuse_negative(values)
    whole = float(values.sum()) if total is None else total
    if not whole > 0:
        msg = f"Shares need a whole above zero, not {whole:g}."
        raise ValueError(msg)
    return values / whole * WHOLE


def top_share(shares_pct: pd.Series, count: int = 3) -> float:
    """Return the sum of the largest shares, never above 100.

    >>> top_share(pd.Series([50.0, 30.0, 15.0, 5.0]))
    95.0
    """
    if count < 1:
        msg = f"Count the shares of at least one supplier, not {count}."
        raise ValueError(msg)
    known = _known(shares_pct)
    return min(float(known.nlargest(count).sum()), WHOLE)


def herfindahl_hirschman(shares_pct: pd.Series) -> float:
    """Return the Herfindahl-Hirschman index of the known shares: its lowest possible value.

    What the shares leave open up to 100 is taken as spread over many small suppliers and adds
    nothing. Shares that add up to more than 100 (their total was rounded down) are scaled to it.

    >>> herfindahl_hirschman(pd.Series([50.0, 50.0]))
    5000.0
    """
    return float((_within_whole(shares_pct) ** 2).sum())


def herfindahl_hirschman_most(shares_pct: pd.Series) -> float:
    """Return the highest possible index: what the shares leave open is one more supplier.

    >>> herfindahl_hirschman_most(pd.Series([50.0, 30.0]))
    3800.0
    """
    known = _within_whole(shares_pct)
    return float((known**2).sum() + (WHOLE - float(known.sum())) ** 2)


def shares_of_world(frame: pd.DataFrame, group: Sequence[str], value: str) -> pd.Series:
    """Return each country's share of its group's published world total.

    `frame` has the column `country`; the row `WLD` holds the total and has no share itself. Groups
    without a total, or with a total of zero, have no shares.
    """
    totals = frame[value].where(frame["country"] == WORLD)
    whole = totals.groupby([frame[name] for name in group], dropna=False).transform("max")
    countries = frame["country"] != WORLD
    return (frame[value] / whole.where(whole > 0) * WHOLE).where(countries)


def measured(frame: pd.DataFrame, group: Sequence[str]) -> pd.DataFrame:
    """Measure the concentration of each group of producers.

    `frame` has one row a country with `country`, `share_pct`, `source_id` and `origin`. Returns one
    row a group: `top_country`, `top_countries` (three ids, parted by semicolons), `top_pct`,
    `second_pct`, `third_pct`, `top_three_pct`, `hhi`, `hhi_most`, `named_pct`, `china_pct`,
    `canada_pct` and lineage. Groups without any known share are left out.
    """
    countries = frame[~frame["country"].isin([WORLD, OTHERS]) & (frame["share_pct"] > 0)]
    rows = [
        dict(zip(group, key, strict=True)) | _measures(part)
        for key, part in countries.groupby(list(group), sort=True)
    ]
    return pd.DataFrame(rows, columns=[*group, *_MEASURES, *LINEAGE])


def _measures(part: pd.DataFrame) -> dict[str, Any]:
    """Measure one group; its rows are its producers with a known share above zero."""
    ranked = part.sort_values(["share_pct", "country"], ascending=[False, True])
    known, names = ranked["share_pct"].astype(float), list(ranked["country"])
    largest = [*known.head(3), None, None][:3]
    by_country = dict(zip(names, known, strict=True))
    return {
        "top_country": names[0],
        "top_countries": ";".join(names[:3]),
        **dict(zip(("top_pct", "second_pct", "third_pct"), largest, strict=True)),
        "top_three_pct": top_share(known),
        "hhi": herfindahl_hirschman(known),
        "hhi_most": herfindahl_hirschman_most(known),
        "named_pct": min(float(known.sum()), WHOLE),
        "china_pct": by_country.get("CN"),
        "canada_pct": by_country.get("CA"),
        **{name: joined(part[name]) for name in LINEAGE},
    }


def _within_whole(shares_pct: pd.Series) -> pd.Series:
    """Scale shares that add up to more than 100 down to it."""
    known = _known(shares_pct)
    return known * min(1.0, WHOLE / float(known.sum())) if known.sum() > 0 else known


def _known(shares_pct: pd.Series) -> pd.Series:
    """Drop missing shares and refuse negative ones."""
    _refuse_negative(shares_pct)
    return shares_pct.dropna().astype(float)


def _refuse_negative(values: pd.Series) -> None:
    if (values.dropna() < 0).any():
        msg = f"Shares cannot be negative: {float(values.min()):g}."
        raise ValueError(msg)
