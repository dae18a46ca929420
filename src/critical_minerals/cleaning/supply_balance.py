"""Supply and demand of minerals, balanced from published parts and held against published results.

The parts are those that the publisher's own definition counts for a mineral and form: a statistic
without any row does not enter its definition, and a part with a row but without a number is not
published. What is not published is never taken for zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pandas as pd

from critical_minerals.cleaning.growth import WHOLE
from critical_minerals.cleaning.reliance import (
    apparent_consumption,
    net_import_reliance,
    net_imports,
    reliance_range,
)
from critical_minerals.tables.intervals import Interval
from critical_minerals.tables.lineage import LINEAGE, joined

Outcome = Literal["agrees", "agrees_after_rounding", "differs", "not_recomputable"]

GROUP: Final = ("mineral", "form", "unit")
FLOWS: Final = ("primary_production", "secondary_production", "imports", "exports")
# A statistic without a row is not part of the definition, hence zero; one with a row but without a
# number is unknown (`_UNPUBLISHED`). To mix the two up would print a false reliance.
_ZERO: Final = Interval.exactly(0)
_UNPUBLISHED: Final = Interval.of(None, "not_available")
_UNSTATED: Final = ("withheld", "suppressed", "not_available")
"""What the publisher says in place of a reliance, other than that there is none to import."""
_HALF_POINT: Final = 0.5
"""Reliance is published in whole per cent."""
# Lets a value on the edge of a rounding interval count as inside, whatever binary fractions do.
_FLOAT_NOISE: Final = 1e-9
_NUMBERS: Final = (
    *FLOWS,
    "stocks_drawn",
    "net_imports",
    "consumption",
    "published_consumption",
    "computed_pct",
    "low_pct",
    "high_pct",
)
_COLUMNS: Final = (
    *GROUP,
    "year",
    *_NUMBERS,
    "consumption_outcome",
    "basis",
    "missing_components",
    "estimated",
    *LINEAGE,
)


_Key = tuple[str, str, str, int]


@dataclass
class _YearComponents:
    """The published components of a mineral and form in one year, and their rows' lineage."""

    totals: dict[str, Interval] = field(default_factory=dict)
    estimated: bool = False
    lineage: list[list[str]] = field(default_factory=list)
    stock_lineage: list[list[str]] = field(default_factory=list)


def supply_balances(parts: pd.DataFrame) -> pd.DataFrame:
    """Balance each mineral, form and year from its published parts.

    `parts` has one row a part: `mineral`, `form`, `unit`, `statistic`, `part`, `year`, `quantity`,
    `rounded_to`, `qualifier`, `estimated` and lineage. Its statistics are those of the raw table
    of US salient statistics; `stocks` stand at the end of the year, and what is drawn from them is
    their fall since the year before.

    Returns one row a mineral, form and year: the quantities of the definition, the published
    consumption and how it compares with the sum of its parts (`consumption_outcome`), and reliance
    in per cent: `computed_pct` (zero or less for a net exporter), `low_pct` and `high_pct` (what
    rounding and withheld parts allow), `basis` (`parts`; `consumption` where `net_imports` and
    `consumption` follow from the published consumption, since a part is not published; `none`) and
    `missing_components` (the statistics without a number, separated by semicolons).
    """
    years = _collect_components(parts)
    # The stocks of the year before are the opening stocks; the key of a year differs from it in the
    # last element alone.
    rows = [
        _balance(key, components, years.get((*key[:-1], key[-1] - 1)))
        for key, components in years.items()
    ]
    types = dict.fromkeys(_NUMBERS, "Float64") | {"year": "Int64"}
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(types)
    pct = net_import_reliance(frame["net_imports"], frame["consumption"])
    # Production that follows from rounded figures may come out below zero, and reliance above all.
    return frame.assign(computed_pct=pct.clip(upper=WHOLE))


def _collect_components(parts: pd.DataFrame) -> dict[_Key, _YearComponents]:
    """Add up the parts of each statistic, for each mineral, form and year."""
    names = [*GROUP, "year", "statistic", "quantity", "qualifier", "rounded_to", "estimated"]
    # Plain objects with None: nullable columns would hand over `pd.NA`, which is neither true nor
    # false.
    cells = parts[[*names, *LINEAGE]].astype("object")
    years: dict[_Key, _YearComponents] = {}
    for row in cells.where(cells.notna(), None).itertuples(index=False):
        mineral, form, unit, year, statistic, quantity, qualifier, step, estimated, *lineage = row
        components = years.setdefault((mineral, form, unit, year), _YearComponents())
        # Several parts may make one statistic, each with a rounding of its own.
        part = Interval.of(quantity, qualifier, step or 0.0)
        components.totals[statistic] = components.totals.get(statistic, _ZERO) + part
        components.estimated |= estimated
        components.lineage.append(lineage)
        # Kept apart, for the next year is based on them as well.
        if statistic == "stocks":
            components.stock_lineage.append(lineage)
    return dict(sorted(years.items()))


def _balance(
    key: _Key, components: _YearComponents, previous: _YearComponents | None
) -> dict[str, Any]:
    """Balance one mineral and form in one year."""
    totals = components.totals
    flows = {name: totals.get(name, _ZERO) for name in FLOWS}
    stocks_drawn = totals.get("stockpile_release", _ZERO) + _stocks_drawn(totals, previous)
    production = flows["primary_production"] + flows["secondary_production"]
    net = net_imports(flows["imports"], flows["exports"], stocks_drawn)
    published = totals.get("consumption", _UNPUBLISHED)
    # Not consumption: where its parts are known it follows from them, and where not it stands in.
    missing = [
        name for name, part in {**flows, "stocks": stocks_drawn}.items() if part.value is None
    ]
    # The opening stocks come from rows of the year before, so these are among the sources of this
    # one.
    lineage = zip(*components.lineage, *(previous.stock_lineage if previous else []), strict=True)
    return {
        **dict(zip((*GROUP, "year"), key, strict=True)),
        **{name: part.value for name, part in flows.items()},
        "stocks_drawn": stocks_drawn.value,
        "published_consumption": published.value,
        "consumption_outcome": _consumption_outcome(published, production, net),
        **_solve_reliance(production, net, published),
        "missing_components": ";".join(missing) or None,
        "estimated": components.estimated,
        **dict(zip(LINEAGE, map(joined, lineage), strict=True)),
    }


def _stocks_drawn(totals: Mapping[str, Interval], previous: _YearComponents | None) -> Interval:
    """Return by how much stocks fell; without the stocks of the year before, by any amount."""
    if "stocks" not in totals:
        return _ZERO
    opening = previous.totals.get("stocks") if previous else None
    # Without a year before the opening stocks are unknown, which is not the same as none.
    return (opening or _UNPUBLISHED) - totals["stocks"]


def _solve_reliance(production: Interval, net: Interval, published: Interval) -> dict[str, Any]:
    """Compute reliance from all components or, where one is missing, from consumption."""
    basis = "parts"
    # Consumption is production plus net imports: with it, one unknown of the two can be solved for.
    if published.value is not None and (production.value is None) != (net.value is None):
        basis = "consumption"
        if production.value is None:
            # Both are rounded, so that their difference can fall below zero; production cannot.
            production = (published - net).at_least_zero()
        else:
            net = published - production
    low, high = reliance_range(production, net)
    consumption = apparent_consumption(production, net).value
    return {
        "net_imports": net.value,
        "consumption": consumption,
        "low_pct": low,
        "high_pct": high,
        # The bounds stay even then: withheld figures may still prove a minimum, or that the country
        # is a net exporter.
        "basis": "none" if consumption is None else basis,
    }


def _consumption_outcome(published: Interval, production: Interval, net: Interval) -> Outcome:
    computed = apparent_consumption(production, net)
    if published.value is None or computed.value is None:
        return "not_recomputable"
    return compare_published(
        (published.low, published.high), computed.value, computed.low, computed.high
    )


def reliance_span(pct: float | None, qualifier: str | None) -> tuple[float, float]:
    """Return from where to where a published reliance reaches, in per cent; 0 is a net exporter.

    Raises `ValueError` for reliance without a number that is not a net exporter's.

    >>> reliance_span(63, None), reliance_span(50, "more_than"), reliance_span(None, "net_exporter")
    ((62.5, 63.5), (50, 100.0), (0.0, 0.0))
    """
    if qualifier == "net_exporter":
        # The publisher prints no surplus: zero stands for any, as `_reliance_outcome` does with the
        # computed one.
        return 0.0, 0.0
    if pct is None:
        msg = f"Reliance without a number has to be a net exporter's, not {qualifier!r}."
        raise ValueError(msg)
    match qualifier:
        case "more_than":
            return pct, WHOLE
        case "less_than":
            return 0.0, pct
        case _:
            # A number that is printed is above zero: from zero down the publisher prints E.
            return max(pct - _HALF_POINT, _FLOAT_NOISE), min(pct + _HALF_POINT, WHOLE)


def compare_published(
    published: tuple[float, float], computed: float | None, low: float, high: float
) -> Outcome:
    """Judge a published figure against the one that published parts give.

    `published` is from where to where the published figure reaches, by its rounding or bound. A
    computed value within it agrees; outside, it agrees after rounding where the rounding of its
    parts (`low` to `high`) allows it, and else differs. Without a computed value only what `low`
    and `high` prove is said.

    US reliance for aluminum in 2023, rare earths in 2024, tin in 2025 and lithium in 2025:

    >>> compare_published((62.5, 63.5), 62.8, 62.6, 63.0)
    'agrees'
    >>> compare_published((52.5, 53.5), 52.3, 51.7, 52.9)
    'agrees_after_rounding'
    >>> compare_published((76.5, 77.5), 78.4, 78.0, 78.8)
    'differs'
    >>> compare_published((50.0, 100.0), None, 0.0, 100.0)
    'not_recomputable'
    """
    start, end = published[0] - _FLOAT_NOISE, published[1] + _FLOAT_NOISE
    # Judged by the range first: a computed value outside the published one may still agree, as long
    # as its own rounding reaches into it.
    if low > end or high < start:
        return "differs"
    if computed is None:
        # Without a value of its own the whole range has to lie within the published one.
        return "agrees" if start <= low and high <= end else "not_recomputable"
    return "agrees" if start <= computed <= end else "agrees_after_rounding"


def outcomes(frame: pd.DataFrame) -> pd.Series:
    """Judge the published reliance of each row against the computed one.

    `frame` has `reliance_pct` and `qualifier` as published, and `computed_pct`, `low_pct` and
    `high_pct` as `supply_balances` gives them; a row without parts has none of the three.
    """
    columns = ["reliance_pct", "qualifier", "computed_pct", "low_pct", "high_pct"]
    cells = frame[columns].astype("object")
    rows = cells.where(cells.notna(), None).itertuples(index=False)
    return pd.Series([_reliance_outcome(*row) for row in rows], index=frame.index, dtype="string")


def _reliance_outcome(
    pct: float | None,
    qualifier: str | None,
    computed: float | None,
    low: float | None,
    high: float | None,
) -> Outcome:
    if pct is None and qualifier in _UNSTATED:
        return "not_recomputable"  # there is nothing to hold it against
    # The publisher states no surplus in per cent, so that of a net exporter is held against zero.
    level = None if computed is None else max(computed, 0.0)
    # No components at all: everything from zero to the whole is possible, and nothing can be
    # recomputed.
    bounds = 0.0 if low is None else low, WHOLE if high is None else high
    return compare_published(reliance_span(pct, qualifier), level, *bounds)
