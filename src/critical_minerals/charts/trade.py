"""Charts of trade: exports in total and by partner, exports beside imports, production."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

from critical_minerals.charts import theme
from critical_minerals.charts.blank import nothing_public
from critical_minerals.charts.labels import ABOVE, Layers, above, below, paired, words
from critical_minerals.charts.theme import (
    ACCENT,
    ACCENT_LIGHT,
    COPPER,
    INK,
    MUTED,
    NARROW,
    OTHER,
    RULE,
)
from critical_minerals.cleaning.concentration import OTHERS, WORLD, shares
from critical_minerals.language.quantities import write_number, write_percent
from critical_minerals.publish.edition import Edition

_BILLION: Final = 1e9
_MILLION: Final = 1e6
_PART_COLOURS: Final = {"metals": ACCENT, "non_metals": ACCENT_LIGHT, "coal": "#3d3d3d"}
_TOTAL_CATEGORY: Final = "domestic_minerals_and_metals"
_PARTNERS_SHOWN: Final = 5
_HALF: Final = 0.5
"""Shares in per cent below this would round to none."""
_NAME_WIDTH: Final = 152
"""Width of the names of bars on a phone, in pixels."""
_LINE_LENGTH: Final = 46
"""Letters that a phone has room for in one line."""
_EVERY_THIRD: Final = "datum.index % 0.375 == 0.125 ? datum.label : ''"
"""Of nine labels of an axis those that a phone has room for; `index` runs from 0 to 1."""
_FIGURE_ROOM: Final = 42
"""Width from which a piece of a bar has room for its figure, in pixels."""
_THREE_DIGITS: Final = 100
_FIVE_DIGITS: Final = 20_000
_PANEL_SEPARATOR: Final = "|"
_INDEPENDENT_SCALES: Final = alt.Resolve(
    scale=alt.ScaleResolveMap(x="independent", y="independent", color="independent")
)


def mineral_exports(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw exports of minerals and metals by year, split where the parts are published.

    `frame` has the columns `category`, `year` and `amount_cad`.
    """
    bars = _export_segments(frame, edition)
    if bars.empty:
        return nothing_public(edition)
    largest, width = float(bars["end"].max()), NARROW - 36 if edition.narrow else 710
    if edition.narrow:
        has_room = bars["value"] / (largest * 1.18) * width >= _FIGURE_ROOM
        bars = bars.assign(text=bars["text"].where(has_room, ""))
    base = alt.Chart(bars).encode(
        y=alt.Y("year:O", title=None, axis=alt.Axis(labelFontSize=14)),
        x=alt.X(
            "start:Q",
            title=edition.in_currency("axis-trade-billions"),
            scale=alt.Scale(domain=[0, largest * (1.18 if edition.narrow else 1.08)], nice=False),
            axis=alt.Axis(tickCount=5),
        ),
    )
    fills = base.mark_bar(height=34, stroke="white").encode(
        x2=alt.X2("end:Q"),
        color=_part_colours(bars, edition),
        tooltip=_tooltips(edition, year="year:O", category="label:N", amount="value:Q"),
    )
    figure_labels = words(base, "text", inked=True, align="left", dx=8, fontSize=13)
    totals = bars.drop_duplicates("year", keep="last")
    ends = alt.Chart(totals).encode(y=alt.Y("year:O"), x=alt.X("end:Q"))
    total_labels = words(ends, "total", align="left", dx=6, fontSize=14, fontWeight="bold")
    size = {"width": width, "height": alt.Step(48)}
    return alt.layer(fills, figure_labels, total_labels, resolve=theme.OWN_COLOURS, **size)


def _part_colours(bars: pd.DataFrame, edition: Edition) -> alt.Color:
    """Colour the parts by name, with a legend in the order in which they lie."""
    parts = bars.sort_values("place").drop_duplicates("label")
    scale = paired(list(parts["label"]), list(parts["fill"]))
    columns: dict[str, Any] = {"columns": 1} if edition.narrow else {}
    legend = alt.Legend(title=None, **columns)
    return alt.Color("label:N", scale=scale, legend=legend)


def _export_segments(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Lay the parts of each year end to end; years without parts are one piece."""
    # A year whose parts are published is drawn from them alone: its total beside them would count
    # twice.
    split_rows = frame[frame["category"].isin(list(_PART_COLOURS))]
    years = set(split_rows["year"])
    totals_only = frame[(frame["category"] == _TOTAL_CATEGORY) & ~frame["year"].isin(years)]
    order = {name: place for place, name in enumerate(_PART_COLOURS)}
    bars = pd.concat([split_rows, totals_only], ignore_index=True)
    bars = bars.assign(
        place=bars["category"].map(order).fillna(len(order)),
        value=edition.amounts(bars, "amount_cad") / _BILLION,
    ).sort_values(["year", "place"])
    return _place_segments(bars, edition) if len(bars) else bars


def _place_segments(bars: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Add the ends of each piece, its words and its colours."""
    ends = bars.groupby("year")["value"].cumsum()
    totals = bars.groupby("year")["value"].transform("sum")
    labels = edition.labelled(bars["category"], "exports")
    return bars.assign(
        end=ends,
        start=ends - bars["value"],
        label=labels,
        text=[
            "" if name == _TOTAL_CATEGORY else write_number(value, edition.language, 1)
            for name, value in zip(bars["category"], bars["value"], strict=True)
        ],
        total=[write_number(value, edition.language, 1) for value in totals],
        fill=bars["category"].map(_PART_COLOURS).fillna(OTHER),
        ink=["white" if name in {"metals", "coal"} else INK for name in bars["category"]],
    )


def exports_by_partner(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw domestic exports of each heading by destination, one panel a heading.

    `frame` has four-digit headings with the columns `hs_code`, `commodity_en`, `commodity_fr`,
    `partner` and `amount_cad`; headings with a total only share the last panel.
    """
    if frame.empty:
        return nothing_public(edition)
    values = frame.assign(value=edition.amounts(frame, "amount_cad") / _BILLION)
    totals = values[values["partner"] == WORLD].sort_values("value", ascending=False)
    split_headings = set(values.loc[values["partner"] != WORLD, "hs_code"])
    largest = (
        float(values.loc[values["partner"] != WORLD, "value"].max()) if split_headings else 1.0
    )
    panels = [
        _partner_panel(values[values["hs_code"] == record["hs_code"]], record, largest, edition)
        for record in totals.to_dict("records")
        if record["hs_code"] in split_headings
    ]
    undivided = totals[~totals["hs_code"].isin(split_headings)]
    if len(undivided):
        panels.append(_totals_panel(undivided, largest, edition))
    spacing, columns = {"row": 22, "column": 24}, 1 if edition.narrow else 2
    return alt.concat(
        *panels, columns=columns, align="each", spacing=spacing, resolve=_INDEPENDENT_SCALES
    )


def _partner_panel(
    rows: pd.DataFrame, total: Mapping[Hashable, Any], largest: float, edition: Edition
) -> Layers:
    """Draw one heading: its largest destinations, then all others together."""
    total_value = float(total["value"])
    bars = _destinations(rows, total_value, edition)
    name = str(total[f"commodity_{edition.language}"])
    title = f"{name}, {write_number(total_value, edition.language, 1)}"
    return _bar_panel(bars, title, largest, edition)


def _destinations(rows: pd.DataFrame, total_value: float, edition: Edition) -> pd.DataFrame:
    """Keep the largest destinations of a heading and sum the others."""
    known_partners = rows[~rows["partner"].isin([WORLD, OTHERS])]
    top = known_partners.nlargest(_PARTNERS_SHOWN, "value")[["partner", "value"]]
    # Also covers the destinations that the source sums up or does not name.
    others = pd.DataFrame({"partner": [OTHERS], "value": [total_value - float(top["value"].sum())]})
    bars = pd.concat([top, others], ignore_index=True)
    colours = {"US": ACCENT, "CN": COPPER, OTHERS: OTHER}
    return bars.assign(
        label=edition.named(bars["partner"], "place"),
        share=shares(bars["value"], total_value),
        fill=bars["partner"].map(colours).fillna(ACCENT_LIGHT),
    )


def _totals_panel(headings: pd.DataFrame, largest: float, edition: Edition) -> Layers:
    """Draw the totals of headings whose destinations are not in the table read."""
    bars = headings.assign(label=headings[f"commodity_{edition.language}"], share=None, fill=MUTED)
    title = edition.label("trade-panel-no-destinations")
    return _bar_panel(bars[["label", "value", "share", "fill"]], title, largest, edition)


def _bar_panel(bars: pd.DataFrame, title: str, largest: float, edition: Edition) -> Layers:
    """Draw horizontal bars with their value, and share where known, written behind them."""
    text = [
        _value_and_share(value, share, edition)
        for value, share in zip(bars["value"], bars["share"], strict=True)
    ]
    label_axis: dict[str, Any] = {"labelLimit": 170}
    if edition.narrow:
        label_axis: dict[str, Any] = {
            "labelLimit": _NAME_WIDTH - 8,
            "minExtent": _NAME_WIDTH,
            "maxExtent": _NAME_WIDTH,
        }
    base = alt.Chart().encode(
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(**label_axis)),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, largest * 1.5], nice=False)),
    )
    fills = base.mark_bar().encode(
        color=alt.Color("fill:N", scale=None),
        tooltip=_tooltips(edition, destination="label:N", amount="value:Q"),
    )
    labels = words(base, "text", align="left", dx=5, fontSize=12)
    offset: dict[str, Any] = {"dx": -_NAME_WIDTH} if edition.narrow else {}
    heading = alt.Title(title, fontSize=13.5, anchor="start", frame="group", limit=330, **offset)
    size = {"width": 172 if edition.narrow else 214, "height": alt.Step(19)}
    return alt.layer(fills, labels, data=bars.assign(text=text), title=heading, **size)


def _value_and_share(value: float, share: float | None, edition: Edition) -> str:
    """Write a value in billions with its share in brackets."""
    figure = write_number(value, edition.language, 2)
    if share is None or pd.isna(share):
        return figure
    # A share that rounds to nothing is written as less than one per cent, for it is not zero.
    percent = write_percent(max(share, 1), edition.language, 0)
    return f"{figure} ({'<' if share < _HALF else ''}{percent})"


def trade_balance(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw exports beside imports of each mineral on a logarithmic scale.

    `frame` has the columns `mineral`, `exports_cad` and `imports_cad`.
    """
    if frame.empty:
        return nothing_public(edition)
    wide = pd.DataFrame(
        {
            "name": edition.named(frame["mineral"], "mineral"),
            "export": edition.amounts(frame, "exports_cad") / _MILLION,
            "import": edition.amounts(frame, "imports_cad") / _MILLION,
        }
    )
    # A logarithmic scale has no place for zero.
    long = wide.melt(["name"], ["export", "import"], var_name="flow", value_name="value").query(
        "value > 0"
    )
    long = long.assign(flow=edition.labelled(long["flow"], "flow"))
    order = list(wide.sort_values("export", ascending=False)["name"])
    flows = [edition.label("flow-export"), edition.label("flow-import")]
    axis = None if edition.narrow else alt.Axis(grid=True, gridOpacity=0.4)
    y = alt.Y("name:N", title=None, sort=order, axis=axis)
    down = below(edition)
    title = edition.in_currency("axis-trade-millions-log")
    thinned_labels: dict[str, Any] = {"labelExpr": _EVERY_THIRD} if edition.narrow else {}
    values = [0.001, 0.01, 0.1, 1, 10, 100, 1000, 10000, 100000]
    x = alt.X(
        "value:Q",
        title=textwrap.wrap(title, _LINE_LENGTH) if edition.narrow else title,
        scale=alt.Scale(type="log", domain=[0.001, 100000], nice=False),
        axis=alt.Axis(
            values=values,
            format=",~r",
            labelOverlap=False,
            **thinned_labels,
        ),
    )
    links = (
        alt.Chart(wide[(wide["export"] > 0) & (wide["import"] > 0)])
        .mark_rule(color=RULE, strokeWidth=3, **down)
        .encode(y=y, x=alt.X("export:Q"), x2=alt.X2("import:Q"))
    )
    points = (
        alt.Chart(long)
        .mark_point(size=95, strokeWidth=2, filled=False, opacity=1, **down)
        .encode(
            y=y,
            x=x,
            shape=alt.Shape("flow:N", title=None, scale=paired(flows, ["circle", "square"])),
            color=alt.Color("flow:N", title=None, scale=paired(flows, [ACCENT, COPPER])),
            fill=alt.Fill("flow:N", title=None, scale=paired(flows, [ACCENT, "white"])),
            tooltip=_tooltips(edition, mineral="name:N", flow="flow:N", millions="value:Q"),
        )
    )
    if edition.narrow:
        names = above(alt.Chart(wide).encode(y=y), NARROW, "name")
        return alt.layer(links, points, *names, width=NARROW - 16, height=alt.Step(ABOVE))
    return alt.layer(links, points, width=613, height=alt.Step(21))


def production(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw production in Canada: a long line where there is one, small bars for each commodity.

    `frame` has the columns `mineral`, `commodity`, `stage`, `series`, `year`, `quantity_t`,
    `volume_m3` and `estimated`, in the order in which the panels are wanted.
    """
    if frame.empty:
        return nothing_public(edition)
    national = frame[frame["series"] == "national"]
    other_series = frame[frame["series"] != "national"]
    parts: list[Layers] = []
    # One year makes no line, but it is all there is where nobody else publishes a figure.
    if len(national["year"].unique()) > 1 or other_series.empty:
        parts.append(_long_line(national, edition))
    if not other_series.empty:
        parts.append(_small_bars(other_series, edition))
    return alt.vconcat(*parts, spacing=26, resolve=theme.OWN_COLOURS)


def _long_line(rows: pd.DataFrame, edition: Edition) -> Layers:
    """Draw the national series of one commodity as a line with its ends written out."""
    points = rows[["year"]].assign(value=rows["quantity_t"].astype(float) / 1000)
    points = points.sort_values("year")
    # A set, because the lowest point may be the first or the last.
    ends = points.iloc[sorted({0, int(points["value"].to_numpy().argmin()), len(points) - 1})]
    ends = ends.assign(text=[write_number(value, edition.language) for value in ends["value"]])
    unit = edition.name("unit", "kt", short=True)
    title = f"{_panel_name(rows, edition)} ({unit}), {edition.label('series-national')}"
    base = alt.Chart().encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4)),
        tooltip=_tooltips(edition, year="year:O", quantity="value:Q"),
    )
    at_ends = alt.Chart(ends).encode(x=alt.X("year:O"), y=alt.Y("value:Q"))
    end_labels = words(at_ends, "text", dy=-13, fontSize=13, fontWeight="bold")
    layers = [base.mark_line(), base.mark_point(filled=True, opacity=1), end_labels]
    heading = alt.Title(title, anchor="start")
    width = NARROW - 40 if edition.narrow else 716
    return alt.layer(*layers, data=points, width=width, height=90, title=heading)


def _small_bars(frame: pd.DataFrame, edition: Edition) -> alt.FacetChart:
    """Draw each commodity as one bar a year; estimates are light with an outline."""
    # One chart in panels is put together far faster than a chart for each panel.
    groups = frame.groupby(["commodity", "stage"], sort=False)
    panels = [_panel(rows, position, edition) for position, (_, rows) in enumerate(groups)]
    data = pd.DataFrame([bar for bars in panels for bar in bars])
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelFontSize=11.5, ticks=False))
    y = alt.Y("height:Q", axis=None, scale=alt.Scale(domain=[0, 1.25]))
    base = alt.Chart().encode(x=x, y=y)
    columns = base.mark_bar(stroke=ACCENT, strokeWidth=1).encode(
        color=alt.Color("fill:N", scale=None),
        tooltip=_tooltips(edition, year="year:O", quantity="text:N"),
    )
    labels = words(base, "text", dy=-7, fontSize=11.5)
    corner = alt.Chart().encode(x=alt.XValue(0), y=alt.YValue(-13))
    unit_labels = words(corner, "what", align="left", fontSize=11.5, color=MUTED)
    cell = alt.layer(columns, labels, unit_labels, data=data, width=127, height=52)
    name = alt.Header(
        # Panels are sorted by their text, hence the number in front of the name, which the label
        # leaves out.
        labelExpr=f"split(datum.label, '{_PANEL_SEPARATOR}')[1]",
        labelFontSize=13,
        labelFontWeight="bold",
        labelPadding=1,
    )
    facet = alt.Facet("panel:O", title=None, header=name)
    chart = cell.facet(facet, columns=2 if edition.narrow else 5, spacing=20)
    return chart.resolve_scale(x="independent")


def _panel(rows: pd.DataFrame, place: int, edition: Edition) -> list[dict[str, Any]]:
    """Prepare the bars of one commodity; panels stand in the order of their names' places."""
    quantities, unit = _scale_quantities(rows)
    scaled = quantities.tolist()
    # Where all output has ended, every bar has no height.
    highest = max(scaled) or 1.0
    decimals = 0 if (quantities % 1 == 0).all() or min(scaled) >= _THREE_DIGITS else 1
    name, stage = _panel_name(rows, edition).rsplit(", ", 1)
    description = f"{stage}, {edition.name('unit', unit, short=True)}"
    descriptions = [description] + [""] * (len(rows) - 1)
    return [
        {
            "year": year,
            "height": value / highest,
            "text": write_number(value, edition.language, decimals),
            "fill": "#dbeaeb" if estimate else ACCENT,
            "panel": f"{place:03}{_PANEL_SEPARATOR}{name}",
            "what": what,
        }
        for year, value, estimate, what in zip(
            rows["year"].tolist(), scaled, rows["estimated"].tolist(), descriptions, strict=True
        )
    ]


def _panel_name(rows: pd.DataFrame, edition: Edition) -> str:
    """Name the commodity and the stage of a panel's rows."""
    commodity, stage = rows["commodity"].iloc[0], rows["stage"].iloc[0]
    return f"{edition.word('commodity', commodity)}, {edition.word('short-stage', stage)}"


def _scale_quantities(rows: pd.DataFrame) -> tuple[pd.Series, str]:
    """Bring one commodity's quantities to a unit that keeps its numbers short."""
    # Helium is a volume: it must not be scaled as a mass.
    if rows["quantity_t"].isna().all():
        return rows["volume_m3"].astype(float) / _MILLION, "Mm3"
    tonnes = rows["quantity_t"].astype(float)
    if tonnes.max() >= _FIVE_DIGITS:
        return tonnes / 1000, "kt"
    return tonnes, "t"


def _tooltips(edition: Edition, **fields: str) -> list[alt.Tooltip]:
    """Label the fields of a tooltip; numbers get two decimals at most."""
    return [
        alt.Tooltip(field, title=edition.in_currency(f"tooltip-trade-{name}"), format=",.4~r")
        if field.endswith(":Q")
        else alt.Tooltip(field, title=edition.in_currency(f"tooltip-trade-{name}"))
        for name, field in fields.items()
    ]
