"""Shares of a whole and how concentrated they are.

All shares are in per cent, quantities in any one unit. The Herfindahl-Hirschman index is the sum of
squared shares, from near 0 (many small suppliers) to 10,000 (one supplier); source of the method:
US Department of Justice and Federal Trade Commission, Merger Guidelines (2023), which call a market
above 1,800 highly concentrated.

A published world total is rounded, so that the countries can add up to more than it. Shares are
then of their sum: the shares of one group never make more than a whole, and the index and every
share have the same denominator. What the published total would make of it is the upper bound.

The examples are of cobalt mines in 2025, in tonnes of metal, as the U.S. Geological Survey
estimates them in its Mineral Commodity Summaries 2026: 310,000 in the world.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from critical_minerals.cleaning.growth import WHOLE, Level, least
from critical_minerals.tables.lineage import LINEAGE, joined

HIGHLY_CONCENTRATED: Final = 1800
"""Index above which the Merger Guidelines of 2023 call a market highly concentrated."""
_TOP_COUNT: Final = 3
"""How many of the largest producers are named with their share."""
WORLD: Final = "WLD"
OTHERS: Final = "OTHER"
"""Rows that are no producer: the published total, and the sum of countries without a name."""
_ONE_PRODUCER: Final = WHOLE**2
"""The index of a single supplier."""
# In points of a share. Far below any digit that is published, far above what adding up some hundred
# binary fractions leaves over.
_FLOAT_NOISE: Final = 1e-6
_MEASURES: Final = (
    "top_country",
    "top_countries",
    "excludes",
    "top_pct",
    "top_most_pct",
    "second_pct",
    "third_pct",
    "top_three_pct",
    "hhi",
    "hhi_least",
    "hhi_most",
    "named_pct",
    "over_total_pct",
    "china_pct",
    "canada_pct",
)


def share_of(part: Level, whole: Level) -> Level:
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
    _reject_negative(values)
    # pandas skips missing values in a sum, so that the shares of the others would come out too
    # high.
    if total is None and values.isna().any():
        msg = "A value is missing, so the values have no sum. Give the published total."
        raise ValueError(msg)
    whole = float(values.sum()) if total is None else total
    # Written so that a total that is not a number fails too.
    if not whole > 0:
        msg = f"Shares need a whole above zero, not {whole:g}."
        raise ValueError(msg)
    return values / whole * WHOLE


def herfindahl_hirschman(shares_pct: pd.Series) -> float:
    """Return the Herfindahl-Hirschman index of the known shares.

    What the shares leave open up to 100 is taken as spread over many small suppliers and adds
    nothing; a missing share is part of that. Raises `ValueError` for a negative share and for
    shares that make more than 100: their index would not be theirs.

    DR Congo and Indonesia alone make the market highly concentrated:

    >>> round(herfindahl_hirschman(pd.Series([74.2, 14.2])))
    5707
    """
    # Squares of shares in per cent, so that one supplier alone makes 10,000: the scale of the
    # Merger Guidelines and of their threshold.
    known = _known_shares(shares_pct)
    # Not scaled down to 100: such shares have the wrong denominator, and an index of scaled ones
    # would belong to no published figure.
    if (total := float(known.sum())) > WHOLE + _FLOAT_NOISE:
        msg = f"Shares of one whole cannot make {total:g}: divide all by the larger total."
        raise ValueError(msg)
    return float((known**2).sum())


def herfindahl_hirschman_most(shares_pct: pd.Series) -> float:
    """Return the highest possible index, given the most that each share can be.

    What the shares leave open is one more supplier. Where they make more than 100 together, the
    largest have as much as they can and the smallest what remains. Raises `ValueError` for a
    negative share.

    >>> round(herfindahl_hirschman_most(pd.Series([74.2, 14.2])))
    5842

    China, Russia and Japan made 900, 6 and 3 tonnes of gallium, of a total rounded to 900:

    >>> herfindahl_hirschman_most(pd.Series([100.0, 0.7, 0.3]))
    10000.0
    """
    known = _known_shares(shares_pct).sort_values(ascending=False)
    # What the larger suppliers leave of the whole before each one takes its share.
    remaining = (WHOLE - known.cumsum() + known).clip(lower=0)
    # Filled from the largest down: a sum of squares is highest where the large shares are largest.
    highest_shares = known.clip(upper=remaining)
    # The rest goes to a single further supplier: split among several, its squares would be smaller.
    return float((highest_shares**2).sum() + (WHOLE - float(highest_shares.sum())) ** 2)


def herfindahl_hirschman_with_unknown(index: float) -> float:
    """Return the lowest index once a supplier of unknown size joins those of an index.

    Its own share s takes from all others alike: the index becomes (1 - s)² times itself plus s²,
    which is least where s is the old index over itself and 10,000. The highest is 10,000: nothing
    bounds the size of an output that is withheld.

    >>> round(herfindahl_hirschman_with_unknown(2024))
    1683
    """
    # The minimum of (1 - s)² index + s² 10,000, with s = index / (index + 10,000) put in.
    return index / (1 + index / _ONE_PRODUCER)


def shares_of_world(frame: pd.DataFrame, group: Sequence[str], value: str) -> pd.Series:
    """Return each country's share of its group's world total.

    `frame` has the column `country`; the row `WLD` holds the published total and has no share
    itself. Where the countries add up to more than the published total, which is rounded, their sum
    is the total. Groups without a published total, or with one of zero, have no shares.

    >>> places = {"metal": "cobalt", "country": ["CD", "ID", "WLD"], "t": [230e3, 44e3, 310e3]}
    >>> shares_of_world(pd.DataFrame(places), ["metal"], "t").round(1).tolist()
    [74.2, 14.2, nan]
    >>> places = {"metal": "gallium", "country": ["CN", "RU", "WLD"], "t": [900.0, 9.0, 900.0]}
    >>> shares_of_world(pd.DataFrame(places), ["metal"], "t").round(1).tolist()
    [99.0, 1.0, nan]
    """
    totals = world_totals(frame, group, value)
    # The published total is rounded, and the countries listed may add up to more than it. No total
    # is made from the countries alone: withheld producers are missing from their sum.
    whole = totals.max(axis=1).where(totals["published"] > 0)
    return (frame[value] / whole * WHOLE).where(frame["country"] != WORLD)


def world_totals(frame: pd.DataFrame, group: Sequence[str], value: str) -> pd.DataFrame:
    """Return, row by row, the `published` world total of its group and the sum of those `listed`.

    `frame` is as for `shares_of_world`.
    """
    keys = [frame[name] for name in group]
    is_total = frame["country"] == WORLD
    # The group has one row of the total; `max` passes over the missing cells of the others.
    published = frame[value].where(is_total).groupby(keys, dropna=False).transform("max")
    # The row of other countries counts here: it is output, although of no producer by name.
    listed = frame[value].mask(is_total).groupby(keys, dropna=False).transform("sum")
    return pd.DataFrame({"published": published, "listed": listed})


def measure_concentration(frame: pd.DataFrame, group: Sequence[str], value: str) -> pd.DataFrame:
    """Measure the concentration of each group of producers.

    `frame` has one row a country, and the row `WLD` with the published total: `country`, `value`,
    `excludes` (countries that the total leaves out), `source_id` and `origin`. Returns one row a
    group with lineage:

    - `top_country`, `top_countries` (ids of the largest and of the three largest, separated by
      semicolons, and of all that make as much) and the three largest shares `top_pct`,
      `second_pct`, `third_pct` and `top_three_pct`; `china_pct`, `canada_pct`; `named_pct`, what
      all named producers make together;
    - `hhi`, the index of the named producers in that total; `hhi_least` and `hhi_most`, between
      which it lies whatever the unnamed, the withheld and the rounding hide;
    - `over_total_pct`, by how much the countries exceed the published total, missing where they do
      not; `top_most_pct`, the largest producer's share of that published total.

    Groups without any known share are left out.
    """
    totals = world_totals(frame, group, value)
    frame = frame.assign(
        share_pct=shares_of_world(frame, group, value),
        # Of the total as published, even where the countries exceed it: with the smaller
        # denominator the shares are the highest that the figures allow, which makes the upper
        # bound.
        most_pct=(frame[value] / totals["published"].where(totals["published"] > 0) * WHOLE),
        over_pct=totals["listed"] / totals["published"].where(totals["published"] > 0) * WHOLE,
    )
    # A country that makes nothing, or of which no share is known, is no producer to be named.
    countries = frame[~frame["country"].isin([WORLD, OTHERS]) & (frame["share_pct"] > 0)]
    rows = [
        dict(zip(group, key, strict=True)) | _measure_group(producers)
        for key, producers in countries.groupby(list(group), sort=True)
    ]
    return pd.DataFrame(rows, columns=[*group, *_MEASURES, *LINEAGE])


def _measure_group(producers: pd.DataFrame) -> dict[str, Any]:
    """Measure one group; its rows are its producers with a known share above zero."""
    # The id breaks ties, so that the same figures always give the same order.
    ranked = producers.sort_values(["share_pct", "country"], ascending=[False, True])
    known, names = ranked["share_pct"].astype(float), list(ranked["country"])
    # Of several that make as much, none is left out: "min" gives all of them the better rank.
    ranks = known.rank(method="min", ascending=False)
    # Padded with missing values, for a commodity may have one or two producers.
    top_shares = [*known.head(_TOP_COUNT), None, None][:_TOP_COUNT]
    by_country = dict(zip(names, known, strict=True))
    # Only the row of a total states what the total excludes; callers copy it to the other rows.
    excludes = next(iter(producers["excludes"].dropna()), None)
    hhi, over_total_pct = herfindahl_hirschman(known), float(ranked["over_pct"].iloc[0]) - WHOLE
    return {
        "top_country": ";".join(ranked.loc[ranks == 1, "country"]),
        "top_countries": ";".join(ranked.loc[ranks <= _TOP_COUNT, "country"]),
        "excludes": excludes,
        **dict(zip(("top_pct", "second_pct", "third_pct"), top_shares, strict=True)),
        # Rounding of the total can put the largest producer above it; nobody has more than all.
        "top_most_pct": min(float(ranked["most_pct"].iloc[0]), WHOLE),
        # Shares of one sum can exceed 100 by what binary fractions leave over.
        "top_three_pct": min(float(known.head(_TOP_COUNT).sum()), WHOLE),
        "hhi": hhi,
        # A total that excludes a producer hides one of unknown size: its entry may lower the index,
        # and nothing bounds how far it may raise it.
        "hhi_least": hhi if excludes is None else herfindahl_hirschman_with_unknown(hhi),
        "hhi_most": herfindahl_hirschman_most(ranked["most_pct"].astype(float))
        if excludes is None
        else _ONE_PRODUCER,
        "named_pct": min(float(known.sum()), WHOLE),
        # Missing rather than zero or negative: countries that fall short of the total are the usual
        # case, since not every country is listed.
        "over_total_pct": over_total_pct if over_total_pct > _FLOAT_NOISE else None,
        "china_pct": by_country.get("CN"),
        "canada_pct": by_country.get("CA"),
        **{name: joined(producers[name]) for name in LINEAGE},
    }


def _known_shares(shares_pct: pd.Series) -> pd.Series:
    """Drop missing shares and reject negative ones."""
    _reject_negative(shares_pct)
    return shares_pct.dropna().astype(float)


def _reject_negative(values: pd.Series) -> None:
    if (values.dropna() < 0).any():
        msg = f"Shares cannot be negative: {float(values.min()):g}."
        raise ValueError(msg)
