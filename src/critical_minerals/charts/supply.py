"""Charts of supply: US reliance beside Canada's part, China's shares, and concentration."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from critical_minerals.charts.blank import nothing_public
from critical_minerals.charts.labels import (
    ABOVE,
    Layers,
    above,
    below,
    in_columns,
    paired,
    tips,
    unnamed,
    words,
)
from critical_minerals.charts.theme import (
    ACCENT,
    ACCENT_LIGHT,
    ALWAYS_BLACK,
    COPPER,
    INK,
    MUTED,
    NARROW,
    OWN_COLOURS,
    RULE,
    SHADES,
)
from critical_minerals.cleaning.concentration import HIGHLY_CONCENTRATED
from critical_minerals.cleaning.reliance import NET_EXPORTER
from critical_minerals.language.quantities import write_number, write_percent
from critical_minerals.publish.edition import Edition

_ROW: Final = 19
_INDEX_WIDTH: Final = 150
_WHITE_TEXT_FROM: Final = 91
"""Reliance from which a number is written in white; below, only black stands out from every shade
by 4.5 to 1."""
_BLACK_TEXT_FROM: Final = 82
"""Reliance from which black stands out by as much on a dark page too, where shades are reversed."""


def us_reliance(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw US net import reliance as a heat map, with Canada's share of US imports beside it.

    `frame` has one row a mineral and year: `mineral`, `year`, `reliance_pct`, `reliance_shown`,
    `canada_import_pct`, `leading_partner`.
    """
    if frame.empty:
        return nothing_public(edition)
    columns = ["year", "reliance_shown", "canada_import_pct", "leading_partner"]
    # A net exporter has no number: its cell is as pale as zero, and its text says E. What is
    # withheld is no zero: it has no colour.
    level = frame["reliance_pct"].mask(frame["reliance_shown"].eq(NET_EXPORTER), 0)
    cells = frame[columns].assign(
        name=edition.named(frame["mineral"], "mineral"),
        colour=level.astype(float),
        ink=[_text_colour(each) for each in level.fillna(0)],
    )
    order = list(_order_by_canada(cells)["name"])
    y = alt.Y("name:N", sort=order, title=None, **unnamed(edition))
    heat = _heat_map(cells, y, edition)
    if edition.narrow:
        return _add_canada_shares(heat, cells.drop_duplicates("name"), y, edition)
    bars = _canada_bars(cells.drop_duplicates("name"), order, edition)
    return alt.hconcat(heat, bars, spacing=14, resolve=OWN_COLOURS)


def _text_colour(level: float) -> str:
    if level >= _WHITE_TEXT_FROM:
        return "white"
    return ALWAYS_BLACK if level >= _BLACK_TEXT_FROM else "black"


def _order_by_canada(cells: pd.DataFrame) -> pd.DataFrame:
    """Order minerals by Canada's share, then by reliance in the newest year, then by name."""
    newest = cells.sort_values("year").drop_duplicates("name", keep="last")
    return newest.sort_values(
        ["canada_import_pct", "colour", "name"], ascending=[False, False, True], na_position="last"
    )


def _heat_map(cells: pd.DataFrame, y: alt.Y, edition: Edition) -> Layers:
    base = alt.Chart().encode(
        y=y, x=alt.X("year:O", title=None, axis=alt.Axis(orient="top", labelAngle=0, ticks=False))
    )
    legend = alt.Legend(
        title=edition.label("legend-supply-reliance"),
        orient="bottom",
        gradientLength=220,
        gradientThickness=10,
        titleLimit=400,
        format=".0f",
    )
    scale = alt.Scale(range=list(SHADES[:5]), domain=[0, 30, 60, 85, 100])
    down = below(edition)
    height: dict[str, Any] = {"height": 16} if edition.narrow else {}
    # Vega-Lite would draw a missing number in the colour of zero.
    known = base.transform_filter("isValid(datum.colour)")
    squares = known.mark_rect(stroke="white", strokeWidth=1.5, **down, **height).encode(
        color=alt.Color("colour:Q", scale=scale, legend=legend),
        tooltip=[
            alt.Tooltip("name:N", title=edition.label("column-mineral")),
            alt.Tooltip("year:O", title=edition.label("column-year")),
            alt.Tooltip("reliance_shown:N", title=edition.label("column-reliance-shown")),
        ],
    )
    labels = words(base, "reliance_shown", inked=True, fontSize=12, **down)
    data = cells[["year", "reliance_shown", "name", "colour", "ink"]]
    size = {"width": 350, "height": alt.Step(_ROW)}
    if edition.narrow:
        size = {"width": NARROW, "height": alt.Step(ABOVE + 4)}
    return alt.layer(squares, labels, data=data, resolve=OWN_COLOURS, **size)


def _add_canada_shares(heat: Layers, rows: pd.DataFrame, y: alt.Y, edition: Edition) -> Layers:
    """Write above each mineral's cells its name and Canada's share of US imports."""
    shares = zip(rows["canada_import_pct"], rows["leading_partner"], strict=True)
    share_texts = rows[["name"]].assign(text=[_share_text(*pair, edition) for pair in shares])
    labels = above(alt.Chart(share_texts).encode(y=y), NARROW, "name", "text")
    title = _corner_title("axis-supply-canada-share", 42, edition)
    size = {"width": NARROW, "height": alt.Step(ABOVE + 4)}
    return alt.layer(heat, *labels, title, resolve=OWN_COLOURS, **size)


def _corner_title(key: str, up: float, edition: Edition) -> alt.Chart:
    """Write above the right corner of a narrow chart what stands to the right in its rows."""
    title = alt.Chart(pd.DataFrame({"text": [edition.label(key)]}))
    corner = title.encode(alt.XValue(NARROW), alt.YValue(-up))
    return words(corner, "text", align="right", color=MUTED, fontSize=13)


def _canada_bars(rows: pd.DataFrame, order: list[str], edition: Edition) -> Layers:
    """Draw Canada's share of US imports; a mineral without one says so."""
    shares = rows["canada_import_pct"].astype("Float64")
    pairs = zip(shares, rows["leading_partner"], strict=True)
    bars = rows[["name"]].assign(
        share=shares.fillna(0).astype(float),
        text=[_share_text(share, source, edition) for share, source in pairs],
        ink=[MUTED if pd.isna(share) else INK for share in shares],
    )
    base = alt.Chart().encode(
        y=alt.Y("name:N", sort=order, axis=None),
        x=alt.X(
            "share:Q",
            title=edition.label("axis-supply-canada-share"),
            scale=alt.Scale(domain=[0, 100]),
            axis=alt.Axis(orient="top", values=[0, 25, 50, 75, 100], grid=False),
        ),
    )
    fills = base.mark_bar(color=COPPER, height=13).encode(
        tooltip=tips(edition, name="column-mineral", text="column-canada-import-pct"),
    )
    labels = words(base, "text", inked=True, align="left", dx=5, fontSize=12)
    return alt.layer(fills, labels, data=bars, width=248, height=alt.Step(_ROW))


def _share_text(share: Any, source: Any, edition: Edition) -> str:
    """Write Canada's share, or why there is none: not named, or no sources published."""
    # In this order: without any published source it says nothing that Canada is not among them.
    if pd.isna(source):
        return edition.label("supply-no-sources")
    if pd.isna(share):
        return edition.label("supply-canada-not-named")
    return write_percent(float(share), edition.language, 0)


def china_shares(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw two shares a mineral: the presentation of 2020 and the newest release.

    `frame` has the columns `mineral`, `series` (`deck_2020` or `usgs`), `stage`, `year` and
    `share_pct`.
    """
    if frame.empty:
        return nothing_public(edition)
    points = frame[["series", "stage"]].assign(
        name=_labels_with_stage(frame, edition),
        share=frame["share_pct"].astype(float),
        source=edition.labelled(frame["series"], "series"),
        text=[write_percent(float(s), edition.language, 0) for s in frame["share_pct"]],
    )
    newest = points.sort_values("series").drop_duplicates("name", keep="last")
    order = list(newest.sort_values("share", ascending=False)["name"])
    series = [edition.label("series-deck-2020"), edition.label("series-usgs")]
    axis = None if edition.narrow else alt.Axis(labelLimit=320, grid=True)
    y = alt.Y("name:N", title=None, sort=order, axis=axis)
    down = below(edition)
    ends = points.groupby("name", as_index=False).agg(low=("share", "min"), high=("share", "max"))
    rule = alt.Chart(ends).mark_rule(color=RULE, strokeWidth=4, **down)
    links = rule.encode(y=y, x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    base = alt.Chart(points).encode(
        y=y,
        x=alt.X(
            "share:Q",
            title=edition.label("axis-supply-china-share"),
            # Beyond 0 and 100 there is room for the labels, which stand outside the points.
            scale=alt.Scale(domain=[-14 if edition.narrow else -9, 114], nice=False),
            axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
        ),
    )
    legend: dict[str, Any] = {"title": None, **in_columns(edition)}
    style: dict[str, Any] = {"size": 150, "strokeWidth": 2.2, "filled": False, "opacity": 1, **down}
    marks = base.mark_point(**style).encode(
        shape=alt.Shape("source:N", **legend, scale=paired(series, ["diamond", "circle"])),
        color=alt.Color("source:N", **legend, scale=paired(series, [COPPER, ACCENT])),
        fill=alt.Fill("source:N", **legend, scale=paired(series, ["white", ACCENT])),
        tooltip=tips(
            edition, name="column-mineral", source="column-series", text="column-share-pct"
        ),
    )
    # Labels stand outside the two points, so that they never meet between them.
    is_lower = points["share"] == points.groupby("name")["share"].transform("min")
    left, right = (
        alt.Chart(points[side]).encode(y=y, x=alt.X("share:Q")) for side in (is_lower, ~is_lower)
    )
    labels = [
        words(left, "text", align="right", dx=-13, fontSize=12.5, **down),
        words(right, "text", align="left", dx=13, fontSize=12.5, **down),
    ]
    if edition.narrow:
        names = above(alt.Chart(points.drop_duplicates("name")).encode(y=y), NARROW, "name")
        size = {"width": NARROW, "height": alt.Step(ABOVE + 6)}
        return alt.layer(links, marks, *labels, *names, **size)
    return alt.layer(links, marks, *labels, width=552, height=alt.Step(34))


def _labels_with_stage(frame: pd.DataFrame, edition: Edition) -> list[str]:
    """Label each mineral with the stage and year of its newest share."""
    newest = frame[frame["series"] == "usgs"].set_index("mineral")
    names: list[str] = []
    for mineral in frame["mineral"]:
        name = edition.name("mineral", mineral)
        if mineral in newest.index:
            stage = edition.word("short-stage", newest.loc[mineral, "stage"])
            name = f"{name} ({stage}, {newest.loc[mineral, 'year']})"
        names.append(name)
    return names


def concentration(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw the three largest producers' shares and the concentration index, highest first.

    `frame` has the columns `commodity`, `stage`, `top_countries`, `excludes`, `top_pct`,
    `second_pct`, `third_pct`, `top_three_pct`, `hhi`, `hhi_least` and `hhi_most`. A commodity whose
    total leaves a producer out bears an asterisk.
    """
    if frame.empty:
        return nothing_public(edition)
    rows = frame.assign(
        name=_commodity_labels(frame, edition),
        countries=[
            ", ".join(edition.name("place", place) for place in cell.split(";"))
            for cell in frame["top_countries"]
        ],
        **{bound: frame[bound].astype(float) for bound in ("hhi", "hhi_least", "hhi_most")},
        index=[write_number(float(value), edition.language) for value in frame["hhi"]],
    ).sort_values("hhi", ascending=False)
    order = list(rows["name"])
    shares = _share_bars(rows, order, edition)
    if edition.narrow:
        return shares
    index = _index_points(rows, order, edition)
    return alt.hconcat(shares, index, spacing=8, resolve=OWN_COLOURS)


def _commodity_labels(frame: pd.DataFrame, edition: Edition) -> list[str]:
    names = edition.labelled(frame["commodity"], "commodity")
    stages = edition.labelled(frame["stage"], "short-stage")
    marks = frame["excludes"].notna().map({True: "*", False: ""})
    return [
        f"{name}, {stage}{mark}" for name, stage, mark in zip(names, stages, marks, strict=True)
    ]


def _share_bars(rows: pd.DataFrame, order: list[str], edition: Edition) -> Layers:
    """Stack the shares of the three largest producers, dark to light, and name them behind."""
    rank_columns = ["top_pct", "second_pct", "third_pct"]
    fills = dict(zip(rank_columns, [ACCENT, "#4f979e", "#c3dfe0"], strict=True))
    long = rows.melt(["name", "countries"], rank_columns, var_name="rank", value_name="share")
    # A commodity with one or two producers has fewer parts.
    long = long.dropna(subset=["share"]).assign(share=lambda f: f["share"].astype(float))
    ends = long.groupby("name")["share"].cumsum()
    long = long.assign(end=ends, start=ends - long["share"], fill=long["rank"].map(fills))
    axis = None if edition.narrow else alt.Axis(labelLimit=200)
    y = alt.Y("name:N", sort=order, title=None, axis=axis)
    down = below(edition)
    # Where names of countries stand behind the bars, these get the half of the width.
    x = alt.X(
        "start:Q",
        title=edition.label("axis-supply-top-three"),
        scale=alt.Scale(domain=[0, 100 if edition.narrow else 185], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], grid=False, orient="top", titleAnchor="start"),
    )
    bars = (
        alt.Chart(long)
        .mark_bar(height=13, stroke="white", strokeWidth=1, **down)
        .encode(
            y=y,
            x=x,
            x2=alt.X2("end:Q"),
            color=alt.Color("fill:N", scale=None),
            tooltip=[
                *tips(edition, name="column-commodity", countries="column-top-countries"),
                alt.Tooltip("share:Q", title=edition.label("column-share-pct"), format=".1f"),
            ],
        )
    )
    largest = rows[["name", "countries", *(["index"] * edition.narrow)]].assign(
        text=[write_percent(float(s), edition.language, 0) for s in rows["top_pct"]],
        zero=0.0,
        total=rows["top_three_pct"].astype(float),
    )
    label: dict[str, Any] = {"align": "left", "dx": 5, "fontSize": 11.5}
    base = alt.Chart(largest).encode(y=y)
    inside = words(base.encode(x=alt.X("zero:Q")), "text", color="white", **label, **down)
    if edition.narrow:
        labels = above(base, NARROW, "name", "index")
        title = _corner_title("axis-supply-hhi", 56, edition)
        size = {"width": NARROW, "height": alt.Step(ABOVE)}
        return alt.layer(bars, inside, *labels, title, **size)
    names = words(base.encode(x=alt.X("total:Q")), "countries", color=INK, **label)
    return alt.layer(bars, inside, names, width=385, height=alt.Step(17.5))


def _index_points(rows: pd.DataFrame, order: list[str], edition: Edition) -> Layers:
    """Draw the index as a point, its possible range as a line, and the threshold as a rule."""
    y = alt.Y("name:N", sort=order, axis=None)
    x = alt.X(
        "hhi:Q",
        title=edition.label("axis-supply-hhi"),
        # Beyond 10,000, the highest index, there is room for its figure.
        scale=alt.Scale(domain=[0, 14500], nice=False),
        axis=alt.Axis(
            values=[0, 5000, 10000], format=",.0f", orient="top", titleAnchor="start", grid=False
        ),
    )
    threshold = (
        alt.Chart(pd.DataFrame({"at": [HIGHLY_CONCENTRATED]}))
        .mark_rule(strokeDash=[4, 3], color=COPPER)
        .encode(x=alt.X("at:Q"))
    )
    data = rows[["name", "hhi", "hhi_least", "hhi_most", "index"]]
    range_mark = alt.Chart(data).mark_rule(strokeWidth=3, color=ACCENT_LIGHT)
    points = (
        alt.Chart(data)
        .mark_point(filled=True, size=55, color=ACCENT, opacity=1)
        .encode(
            y=y,
            x=x,
            tooltip=[
                alt.Tooltip("name:N", title=edition.label("column-commodity")),
                alt.Tooltip("hhi:Q", title=edition.label("column-hhi"), format=",.0f"),
                alt.Tooltip("hhi_least:Q", title=edition.label("column-hhi-least"), format=",.0f"),
                alt.Tooltip("hhi_most:Q", title=edition.label("column-hhi-most"), format=",.0f"),
            ],
        )
    )
    at_end = alt.Chart(data).encode(y=y, x=alt.XValue(_INDEX_WIDTH))
    index_labels = words(at_end, "index", align="right", fontSize=11.5)
    range_lines = range_mark.encode(y=y, x=alt.X("hhi_least:Q"), x2=alt.X2("hhi_most:Q"))
    size = {"width": _INDEX_WIDTH, "height": alt.Step(17.5)}
    return alt.layer(threshold, range_lines, points, index_labels, **size)
