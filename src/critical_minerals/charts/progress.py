"""Charts of progress: major projects, mines on the map, the rare-earth chain, exploration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from critical_minerals.charts import theme
from critical_minerals.charts.blank import nothing_public
from critical_minerals.charts.labels import (
    ABOVE,
    DOWN,
    Layers,
    above,
    in_columns,
    paired,
    tips,
    words,
)
from critical_minerals.language.quantities import Count, write, write_number
from critical_minerals.publish.edition import Edition

_BILLION: Final = 1e9
_PANEL: Final = 303
_NAME_WIDTH: Final = 98
"""Room that a panel on a phone leaves to the names of its bars, in pixels."""
_BAR_WIDTH: Final = 78
"""Width of a bar of all exploration spending, in pixels."""


def major_projects(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw projects by year above, the part of critical minerals in what is planned below.

    `frame` is the table `major_projects`.
    """
    is_all_resources = frame["coverage"] == "all_natural_resources"
    # Of an inventory that states its mining projects alone there is no part to draw.
    is_part = frame["coverage"].isin(_COVERAGES)
    panels = [
        draw_panel(frame[rows & is_measure], measure, edition)
        for draw_panel, rows, drawn in (
            (_by_year, is_all_resources, is_all_resources),
            (_by_part, ~is_all_resources, is_part),
        )
        for measure in ("projects", "capital_value")
        if (drawn & (is_measure := frame["project_measure"] == measure)).any()
    ]
    if not panels:
        return nothing_public(edition)
    columns = 1 if edition.narrow else 2
    return alt.concat(*panels, columns=columns, spacing=36, resolve=theme.OWN_COLOURS)


def _by_year(rows: pd.DataFrame, measure: str, edition: Edition) -> Layers:
    """Draw one measure of all natural resource projects as bars by year."""
    data = pd.DataFrame(
        {
            "year": rows["period_end"].astype(str),
            "size": _sizes(rows["value"], measure),
            "said": _figure_texts(rows, measure, edition),
        }
    )
    base = alt.Chart().encode(
        x=alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0, grid=False)),
        y=alt.Y("size:Q", title=None, axis=None, scale=alt.Scale(domainMin=0)),
        tooltip=[
            *tips(edition, year="axis-year"),
            alt.Tooltip("said:N", title=_panel_heading("all", measure, edition)),
        ],
    )
    bars = base.mark_bar(color=theme.ACCENT_LIGHT, width=36 if edition.narrow else 44)
    labels = words(base, "said", dy=-8, fontWeight=600)
    heading = _panel_title(_panel_heading("all", measure, edition), edition)
    size = {"width": _PANEL - _NAME_WIDTH * edition.narrow, "height": 100 if edition.narrow else 72}
    return alt.layer(bars, labels, data=data, title=heading, **size)


def _by_part(rows: pd.DataFrame, measure: str, edition: Edition) -> Layers:
    """Draw the critical-mineral part of each inventory's mining projects as stacked bars."""
    data = _stack_parts(rows[rows["coverage"].isin(_COVERAGES)], measure, edition)
    ends = _end_labels(data, rows[rows["coverage"] == "mining"], measure, edition)
    names = list(dict.fromkeys(data["inventory"]))
    # A third more than the longest bar: behind it stands what the source states for all mining.
    scale = alt.Scale(domain=[0, float(data["end"].max()) * 1.32], nice=False)
    # Bars are named once, in the left panel; where panels stand below each other, in each.
    axis = alt.Axis(labelLimit=140) if measure == "projects" or edition.narrow else None
    y = alt.Y("inventory:N", title=None, sort=names, axis=axis)
    base = alt.Chart().encode(
        y=y,
        tooltip=[
            *tips(edition, inventory="column-inventory", part="column-coverage"),
            alt.Tooltip("said:N", title=_panel_heading("mining", measure, edition)),
        ],
    )
    row = 52 if edition.narrow else 42
    bars = base.mark_bar(height=row - 14, stroke=theme.ACCENT, strokeWidth=1).encode(
        x=alt.X("start:Q", axis=None, scale=scale),
        x2=alt.X2("end:Q"),
        color=_part_colours(measure, edition),
    )
    middles = base.encode(x=alt.X("middle:Q", axis=None))
    inside_labels = words(middles, "said", inked=True, fontWeight=600)
    at_ends = alt.Chart(ends).encode(x=alt.X("end:Q"), y=y)
    end_labels = words(at_ends, "said", align="left", dx=7, color=theme.MUTED)
    heading = _panel_title(_panel_heading("mining", measure, edition), edition)
    size = {"width": _PANEL - _NAME_WIDTH * edition.narrow, "height": row * len(names)}
    return alt.layer(bars, inside_labels, end_labels, data=data, title=heading, **size)


_COVERAGES: Final = ("critical_minerals", "other_mining")


def _stack_parts(rows: pd.DataFrame, measure: str, edition: Edition) -> pd.DataFrame:
    """Lay the parts of each inventory end to end."""
    rows = rows.sort_values(["period_start", "inventory", "coverage"])
    data = pd.DataFrame(
        {
            "inventory": edition.labelled(rows["inventory"], "inventory"),
            "part": edition.labelled(rows["coverage"], "coverage"),
            "size": _sizes(rows["value"], measure),
            "said": _figure_texts(rows, measure, edition),
            "ink": np.where(rows["coverage"] == _COVERAGES[0], "#ffffff", theme.INK),
        }
    )
    # Computed here, not stacked by Vega-Lite: labels need the middle and the end of each part.
    end = data.groupby("inventory")["size"].cumsum()
    return data.assign(start=end - data["size"], end=end, middle=end - data["size"] / 2)


def _end_labels(
    data: pd.DataFrame, totals: pd.DataFrame, measure: str, edition: Edition
) -> pd.DataFrame:
    """Write behind each bar what its source states for all mining, if it does."""
    ends = data.groupby("inventory", sort=False)["end"].max().reset_index()
    texts = dict(
        zip(
            edition.labelled(totals["inventory"], "inventory"),
            _figure_texts(totals, measure, edition),
            strict=True,
        )
    )
    # Said rather than left blank: the inventory of 2023 publishes no value of all mining projects.
    no_total = edition.label("panel-no-total")
    return ends.assign(said=[texts.get(name, no_total) for name in ends["inventory"]])


def _part_colours(measure: str, edition: Edition) -> alt.Color:
    """Fill critical minerals, leave other mining hollow; one legend serves both panels."""
    names = [edition.word("coverage", code) for code in _COVERAGES]
    scale = paired(names, [theme.ACCENT, "#ffffff"])
    legend = alt.Legend(orient="bottom", offset=4, symbolStrokeColor=theme.ACCENT)
    return alt.Color(
        "part:N", title=None, scale=scale, legend=legend if measure == "projects" else None
    )


def _panel_heading(scope: str, measure: str, edition: Edition) -> str:
    """Return a panel's heading, in the currency shown."""
    return edition.in_currency(f"panel-{scope}-{measure}".replace("_", "-"))


def _panel_title(heading: str, edition: Edition) -> alt.Title:
    """Write the small heading of a part of a figure."""
    offset: dict[str, Any] = {"dx": -_NAME_WIDTH} if edition.narrow else {}
    style: dict[str, Any] = {"fontSize": 13, "fontWeight": 600, "offset": 10}
    return alt.Title(heading, anchor="start", frame="group", **style, **offset)


def _sizes(values: pd.Series, measure: str) -> pd.Series:
    """Return counts as they are, amounts in billions."""
    return values / _BILLION if measure == "capital_value" else values


def _figure_texts(rows: pd.DataFrame, measure: str, edition: Edition) -> list[str]:
    """Write each figure with its precision; amounts in billions."""
    sizes = _sizes(rows["value"], measure)
    # The heading of the panel names billions, so that only the number is written.
    decimals = 1 if measure == "capital_value" else 0
    figures = zip(sizes, rows["precision"], strict=True)
    return [write(Count(float(v), p, decimals), edition.language) for v, p in figures]


def exploration(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw exploration spending by year, with its base-metal part and what was first published.

    `frame` is the table `exploration`.
    """
    rows = frame[frame["exploration_category"].isin(["total", "base_metals"])]
    if rows.empty:
        return nothing_public(edition)
    data = rows.assign(
        year=rows["year"].astype(str),
        size=edition.amounts(rows, "amount_cad") / _BILLION,
        what=edition.labelled(rows["exploration_category"], "exploration-category"),
        basis=edition.labelled(rows["spending_basis"], "spending-basis"),
        hollow=rows["spending_basis"] == "computed",
    )[["year", "size", "what", "basis", "hollow", "chosen", "exploration_category"]]
    data["chosen"], data["hollow"] = data["chosen"].astype(bool), data["hollow"].astype(bool)
    if edition.narrow:
        return _exploration_rows(data, edition)
    total = data["exploration_category"] == "total"
    layers = [
        _total_bars(data[total & data["chosen"]], edition),
        _base_metal_bars(data[~total & data["chosen"]], edition),
        _first_estimates(data[~data["chosen"]], edition),
        _size_labels(data[data["chosen"]], edition),
        _bar_names(data[data["chosen"]], edition),
    ]
    # As low as labels in the low bars allow, so that it fits below the text that speaks of it.
    return alt.layer(*layers, width=710, height=205)


def _exploration_rows(data: pd.DataFrame, edition: Edition) -> Layers:
    """Draw a row a year, for a phone: its figures in words, bars and former figures below."""
    title = edition.in_currency("axis-exploration")
    kinds = ["total", "base_metals"]
    data = data.assign(order=data["exploration_category"].map(kinds.index)).sort_values("order")
    total = data["exploration_category"] == "total"
    row_labels = _exploration_words(data[total], edition)
    largest = float(data["size"].max())
    base = alt.Chart().encode(
        y=alt.Y("year:N", axis=None, scale=alt.Scale(padding=0)),
        x=alt.X(
            "size:Q",
            title=title,
            scale=alt.Scale(domain=[0, largest * 1.04], nice=False),
            axis=alt.Axis(format="~f", tickCount=5),
        ),
        tooltip=_exploration_channels(edition)["tooltip"],
    )
    names = [edition.word("exploration-category", kind) for kind in kinds]
    scale = paired(names, [theme.ACCENT_LIGHT, theme.ACCENT])
    colour = alt.Color("what:N", title=None, scale=scale, **in_columns(edition))
    chosen, is_base_metals = alt.datum.chosen, alt.datum.exploration_category == "base_metals"
    bars = base.transform_filter(chosen).mark_bar(yOffset=DOWN, height=13, stroke=theme.ACCENT)
    # What a newer figure has replaced: a tick, which hides no bar.
    ticks = base.transform_filter(~chosen).mark_tick(
        yOffset=DOWN, thickness=2.5, color=theme.COPPER, opacity=1
    )
    layers = (
        bars.encode(
            color=colour,
            strokeWidth=alt.condition(alt.datum.hollow, alt.value(1), alt.value(0)),
            fillOpacity=alt.condition(alt.datum.hollow, alt.value(0), alt.value(1)),
        ).transform_filter(~is_base_metals),
        bars.encode(color=colour, strokeWidth=alt.StrokeWidthValue(0)).transform_filter(
            is_base_metals
        ),
        ticks.encode(size=alt.condition(is_base_metals, alt.value(11), alt.value(17))),
    )
    row_texts = above(
        alt.Chart(row_labels).encode(y=alt.Y("year:N")), theme.NARROW, "year", "words"
    )
    height = ABOVE * data["year"].nunique()
    return alt.layer(*layers, *row_texts, data=data, width=theme.NARROW, height=height)


def _exploration_words(totals: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Describe each year's spending, and what was published first or how it is known otherwise."""
    fragments_by_year: dict[str, list[str]] = {}
    for row in totals.sort_values("chosen", ascending=False).to_dict("records"):
        size = write_number(row["size"], edition.language, 1)
        fragments = fragments_by_year.setdefault(str(row["year"]), [])
        fragments += [size] if row["chosen"] else [f"{row['basis']} {size}"]
        fragments += [str(row["basis"])] if row["hollow"] else []
    pairs = [(year, " · ".join(fragments)) for year, fragments in fragments_by_year.items()]
    return pd.DataFrame(pairs, columns=["year", "words"])


def _exploration_channels(edition: Edition) -> dict[str, Any]:
    """Return the channels that place a mark by year and size."""
    title = edition.in_currency("axis-exploration")
    return {
        "x": alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0, grid=False)),
        "y": alt.Y("size:Q", title=title, axis=alt.Axis(format="~f", tickCount=5)),
        "tooltip": [
            *tips(edition, year="axis-year", what="column-exploration-category"),
            alt.Tooltip("size:Q", title=title, format=",.2f"),
            *tips(edition, basis="column-spending-basis"),
        ],
    }


def _total_bars(data: pd.DataFrame, edition: Edition) -> alt.Chart:
    """Draw all spending as wide bars; computed ones are hollow and dashed."""
    is_computed = alt.datum.hollow
    return (
        alt.Chart(data)
        .mark_bar(width=_BAR_WIDTH, stroke=theme.ACCENT_LIGHT, strokeWidth=1.5)
        .encode(
            **_exploration_channels(edition),
            color=alt.condition(is_computed, alt.value("#ffffff"), alt.value(theme.ACCENT_LIGHT)),
            strokeDash=alt.condition(is_computed, alt.value([4, 3]), alt.value([1, 0])),
        )
    )


def _base_metal_bars(data: pd.DataFrame, edition: Edition) -> alt.Chart:
    """Draw the base-metal part as narrow bars in front."""
    return (
        alt.Chart(data)
        .mark_bar(width=_BAR_WIDTH / 2, color=theme.ACCENT)
        .encode(**_exploration_channels(edition))
    )


def _first_estimates(data: pd.DataFrame, edition: Edition) -> Layers:
    """Draw superseded figures as strokes with their words."""
    base = alt.Chart().encode(**_exploration_channels(edition))
    is_total = alt.datum.exploration_category == "total"
    strokes = base.mark_tick(thickness=2.5, color=theme.COPPER, opacity=1).encode(
        size=alt.condition(is_total, alt.value(_BAR_WIDTH + 10), alt.value(_BAR_WIDTH / 2 + 10)),
    )
    total_marks = base.transform_filter(is_total)
    basis_labels = words(total_marks, "basis", dy=11, fontSize=11)
    size_labels = total_marks.mark_text(dy=25, fontSize=11).encode(
        text=alt.Text("size:Q", format=",.1f")
    )
    return alt.layer(strokes, basis_labels, size_labels, data=data)


def _bar_names(data: pd.DataFrame, edition: Edition) -> Layers:
    """Name both kinds of bars where each is first, and bars that are computed."""
    first = data.sort_values("year").drop_duplicates("exploration_category")
    computed = data[data["hollow"]].assign(what=data["basis"])
    is_total = first["exploration_category"] == "total"
    inside, above_bars = (
        alt.Chart(bars).encode(**_exploration_channels(edition))
        for bars in (pd.concat([first[is_total], computed]), first[~is_total])
    )
    return alt.layer(
        words(inside, "what", dy=12, fontSize=11), words(above_bars, "what", dy=-8, fontSize=11)
    )


def _size_labels(data: pd.DataFrame, edition: Edition) -> Layers:
    """Write each bar's size on it."""
    base = alt.Chart().encode(
        **_exploration_channels(edition), text=alt.Text("size:Q", format=",.1f")
    )
    is_total = alt.datum.exploration_category == "total"
    labels_above = base.transform_filter(is_total).mark_text(dy=-9, fontWeight=600)
    labels_inside = base.transform_filter(~is_total).mark_text(dy=8, color="#ffffff", fontSize=12)
    return alt.layer(labels_above, labels_inside, data=data)


_CAPABILITY_FILLS: Final = {
    "established": theme.ACCENT,
    "partial": theme.ACCENT_LIGHT,
    "potential": "#ffffff",
    "none": "#ffffff",
    "not_stated": theme.TINT,
}
_COUNTRY_ORDER: Final = ("CN", "US", "EU", "JP", "CA")


def rare_earth_chain(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw who can do which step of the rare-earth chain as a matrix of worded cells.

    `frame` is the table `rare_earth_chain`; each cell that says something carries the year of its
    source.
    """
    if frame.empty:
        return nothing_public(edition)
    data = pd.DataFrame(
        {
            "country": edition.named(frame["country"], "place"),
            "step": edition.labelled(frame["step"], "step"),
            "order": frame["step_order"].astype(int),
            "word": edition.labelled(frame["capability"], "capability"),
            "year": frame["as_of"]
            .dt.year.astype("string")
            .mask(frame["capability"] == "not_stated", ""),
            "fill": frame["capability"].map(_CAPABILITY_FILLS),
            "dashed": frame["capability"] == "potential",
            "ink": np.where(frame["capability"] == "established", "#ffffff", theme.INK),
        }
    )
    steps = list(data.sort_values("order")["step"].drop_duplicates())
    known_countries = [edition.name("place", place) for place in _COUNTRY_ORDER]
    # Countries that the table adds later follow by name, so that the order of rows stays fixed.
    countries = [*known_countries, *sorted(set(data["country"]) - set(known_countries))]
    if edition.narrow:
        panels = [_step_panel(data[data["step"] == step], countries, edition) for step in steps]
        return alt.vconcat(*panels, spacing=14)
    above_matrix = alt.Axis(
        orient="top", labelAngle=0, ticks=False, domain=False, labelFontWeight=600
    )
    base = alt.Chart().encode(
        x=alt.X("step:N", sort=steps, title=None, axis=above_matrix),
        y=alt.Y("country:N", sort=countries, title=None),
        tooltip=_chain_tooltips(edition),
    )
    size = {"width": alt.Step(92), "height": alt.Step(46)}
    return alt.layer(*_chain_cells(base), data=data.drop(columns="order"), **size)


def _step_panel(rows: pd.DataFrame, countries: Sequence[str], edition: Edition) -> Layers:
    """Draw what each country can do in one step of the chain, one below the other."""
    cell_texts = rows["word"] + rows["year"].map(lambda year: f", {year}" if year else "")
    base = alt.Chart().encode(
        y=alt.Y("country:N", sort=list(countries), title=None, axis=alt.Axis(labelLimit=150)),
        tooltip=_chain_tooltips(edition),
    )
    dashed = alt.datum.dashed
    boxes = base.transform_filter(~dashed).mark_rect(height=22)
    dashed_boxes = base.transform_filter(dashed).mark_rect(
        height=20, stroke=theme.COPPER, strokeWidth=1.8, strokeDash=[5, 3]
    )
    fill = alt.Color("fill:N", scale=None)
    text = words(base, "text", inked=True, fontSize=12)
    heading = alt.Title(str(rows["step"].iloc[0]), fontSize=13, anchor="start", frame="group")
    data = rows.drop(columns=["order", "year"]).assign(text=cell_texts)
    size = {"width": theme.NARROW - 150, "height": alt.Step(25)}
    layers = (boxes.encode(color=fill), dashed_boxes.encode(color=fill), text)
    return alt.layer(*layers, data=data, title=heading, **size)


def _chain_tooltips(edition: Edition) -> list[alt.Tooltip]:
    return tips(edition, country="column-country", step="column-step", word="column-capability")


def _chain_cells(base: alt.Chart) -> Sequence[alt.Chart]:
    """Draw each cell as a box with its word, and a year under it where it is newer."""
    dashed = alt.datum.dashed
    boxes = base.transform_filter(~dashed).mark_rect(width=88, height=42, stroke="#ffffff")
    dashed_boxes = base.transform_filter(dashed).mark_rect(
        width=86, height=40, stroke=theme.COPPER, strokeWidth=1.8, strokeDash=[5, 3]
    )
    fill = alt.Color("fill:N", scale=None)
    dated = base.transform_filter(alt.datum.year != "")
    return (
        boxes.encode(color=fill),
        dashed_boxes.encode(color=fill),
        words(base.transform_filter(alt.datum.year == ""), "word", inked=True, fontSize=12),
        words(dated, "word", inked=True, fontSize=12, dy=-7),
        words(dated, "year", inked=True, fontSize=11, dy=9),
    )
