"""Shares of a whole and how concentrated they are.

All shares are in per cent, quantities in any one unit. The Herfindahl-Hirschman index is the sum of
squared shares, from near 0 (many small suppliers) to 10,000 (one supplier); source of the method:
US Department of Justice and Federal Trade Commission, Merger Guidelines (2023), which call a market
above 1,800 highly concentrated.

The examples are of cobalt mines in 2025, in tonnes of metal, as the US Geological Survey estimates
them in its Mineral Commodity Summaries 2026: 310,000 in the world.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, overload

import pandas as pd

from critical_minerals.cleaning.growth import WHOLE, least
from critical_minerals.cleaning.lineage import LINEAGE, joined

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


@overload
def share_of(part: float, whole: float) -> float: ...


@overload
def share_of(part: pd.Series, whole: pd.Series) -> pd.Series: ...


def share_of(part: float | pd.Series, whole: float | pd.Series) -> float | pd.Series:
    """Return a part in per cent of its whole: two numbers, or two columns row by row.

    Missing numbers stay missing. Raises `ValueError` for a whole that is not above zero.

    >>> round(share_of(230_000, 310_000), 1)
    74.2
    """
    if (lowest := least(whole)) <= 0:
        msg = f"Shares need a whole above zero, not {lowest:g}."
        raise ValueError(msg)
    return part / whole * WHOLE


def shares(values: pd.Series, total: float | None = None) -> pd.Series:
    """Return each value's share of a total, or of the values' sum where no total is given.

    Missing values stay missing. Raises `ValueError` for a negative value, for a whole that is not
    above zero, and for missing values without a total: their sum would take them for zero.

    DR Congo and Indonesia, of the published total:

    >>> shares(pd.Series([230_000.0, 44_000.0]), total=310_000).round(1).tolist()
    [74.2, 14.2]
    """
    _refuse_negative(values)
    if total is None and values.isna().any():
        msg = "A value is missing, so the values have no sum. Give the published total."
        raise ValueError(msg)
    whole = float(values.sum()) if total is None else total
    if not whole > 0:
        msg = f"Shares need a whole above zero, not {whole:g}."
        raise ValueError(msg)
    return values / whole * WHOLE


def top_share(shares_pct: pd.Series, count: int = 3) -> float:
    """Return the sum of the largest shares, never above 100.

    Missing shares are left out. Raises `ValueError` for a negative share or a count below one.

    >>> top_share(pd.Series([74.2, 14.2, 2.5, 1.2]))
    90.9
    """
    if count < 1:
        msg = f"Count the shares of at least one supplier, not {count}."
        raise ValueError(msg)
    known = _known(shares_pct)
    return min(float(known.nlargest(count).sum()), WHOLE)


def herfindahl_hirschman(shares_pct: pd.Series) -> float:
    """Return the Herfindahl-Hirschman index of the known shares: its lowest possible value.

    What the shares leave open up to 100 is taken as spread over many small suppliers and adds
    nothing; a missing share is part of that. Shares that add up to more than 100 (their total was
    rounded down) are scaled to it. Raises `ValueError` for a negative share.

    DR Congo and Indonesia alone make the market highly concentrated:

    >>> round(herfindahl_hirschman(pd.Series([74.2, 14.2])))
    5707
    """
    return float((_within_whole(shares_pct) ** 2).sum())


def herfindahl_hirschman_most(shares_pct: pd.Series) -> float:
    """Return the highest possible index: what the shares leave open is one more supplier.

    Raises `ValueError` for a negative share.

    >>> round(herfindahl_hirschman_most(pd.Series([74.2, 14.2])))
    5842
    """
    known = _within_whole(shares_pct)
    return float((known**2).sum() + (WHOLE - float(known.sum())) ** 2)


def shares_of_world(frame: pd.DataFrame, group: Sequence[str], value: str) -> pd.Series:
    """Return each country's share of its group's published world total.

    `frame` has the column `country`; the row `WLD` holds the total and has no share itself. Groups
    without a total, or with a total of zero, have no shares.

    >>> places = {"metal": "cobalt", "country": ["CD", "ID", "WLD"], "t": [230e3, 44e3, 310e3]}
    >>> shares_of_world(pd.DataFrame(places), ["metal"], "t").round(1).tolist()
    [74.2, 14.2, nan]
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
