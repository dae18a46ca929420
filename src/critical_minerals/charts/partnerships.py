"""Figures on partnerships: when they began, and which country takes part in which."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from typing import Any, Final, Literal

import altair as alt
import pandas as pd

from critical_minerals.charts.labels import (
    ABOVE,
    DOWN,
    above,
    below,
    in_columns,
    paired,
    tips,
    words,
)
from critical_minerals.charts.theme import (
    ACCENT,
    ACCENT_LIGHT,
    COPPER,
    INK,
    MUTED,
    NARROW,
    TINT,
)
from critical_minerals.cleaning.membership import BILATERAL, SCOPES, ordered
from critical_minerals.language.quantities import NBSP, write_date
from critical_minerals.publish.edition import Edition

_SCOPE_COLOURS: Final = (ACCENT, "#e69f00", COPPER, "#6b4e9b", "#7a7a7a")
_SCOPE_SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross")
STANDINGS: Final = ("from_start", "later", "project_partner")
_STANDING_COLOURS: Final = (ACCENT, "#3b8fd0", COPPER)
_STANDING_SHAPES: Final = ("circle", "triangle-up", "diamond")
_ROW: Final = 21
_TIMELINE_ROW: Final = 19  # less than a row of the matrix: the timeline stands within the text
_PLOT: Final = 434
_CELL: Final = 81
_NARROW_CELL: Final = 25
_LINE: Final = 15
_WRAP: Final = 13


def timeline(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw when each arrangement began, from the oldest down; a bar spans what a date leaves open.

    Columns: `short_en`, `short_fr`, `scope`, `concluded`, `starts_on`, `starts_by`.
    """
    rows = _timeline_rows(frame, edition)
    axis = None if edition.narrow else alt.Axis(grid=True, labelLimit=300)
    y = alt.Y("name:N", sort=list(rows["name"]), title=None, axis=axis)
    base = alt.Chart(rows).encode(y=y)
    offset = below(edition)
    spans = base.mark_bar(height=7, color=ACCENT_LIGHT, cornerRadius=3, **offset).encode(
        x=_time_axis(rows), x2=alt.X2("starts_by:T")
    )
    legend: dict[str, Any] = {"title": None, **in_columns(edition, 3)}
    marks = base.mark_point(filled=True, size=95, opacity=1, **offset).encode(
        x=alt.X("middle:T"),
        color=alt.Color("scope:N", **legend, scale=_scope_scale(_SCOPE_COLOURS, frame, edition)),
        shape=alt.Shape("scope:N", **legend, scale=_scope_scale(_SCOPE_SHAPES, frame, edition)),
        tooltip=tips(
            edition, name="column-agreement", scope="column-scope", date="column-concluded"
        ),
    )
    if edition.narrow:
        labels = [*above(base, NARROW, "name"), *_date_labels(rows, base)]
        size = {"width": NARROW, "height": ABOVE * max(len(rows), 1)}
        return alt.layer(spans, marks, *labels, **size)
    at_end = base.encode(x=alt.XValue(_PLOT + 8))
    dates = words(at_end, "month", align="left", color=MUTED)
    size = {"width": _PLOT, "height": _TIMELINE_ROW * max(len(rows), 1)}
    return alt.layer(spans, marks, dates, **size)


def _date_labels(rows: pd.DataFrame, base: alt.Chart) -> list[alt.Chart]:
    """Write each date on the side of its mark where the chart has more room."""
    middle = rows["middle"].min() + (rows["middle"].max() - rows["middle"].min()) / 2
    sides: tuple[tuple[pd.Series, Literal["left", "right"], int], ...]
    sides = ((rows["middle"] <= middle, "left", 22), (rows["middle"] > middle, "right", -12))
    return [
        alt.Chart(rows[side_rows])
        .mark_text(align=align, dx=dx, yOffset=DOWN, color=MUTED)
        .encode(y=base.encoding.y, x=alt.X("middle:T"), text=alt.Text("month:N"))
        for side_rows, align, dx in sides
        if side_rows.any()
    ]


def _timeline_rows(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Prepare the columns that the timeline draws."""
    rows = frame.sort_values(["starts_on", "starts_by", "agreement"], kind="stable")
    return pd.DataFrame(
        {
            "name": rows[f"short_{edition.language}"].astype("object"),
            "scope": edition.labelled(rows["scope"], "scope").astype("object"),
            "date": [write_date(iso, edition.language) for iso in rows["concluded"]],
            "month": [write_date(iso[:7], edition.language) for iso in rows["concluded"]],
            "starts_on": rows["starts_on"],
            "starts_by": rows["starts_by"],
            # The mark stands in the middle of what a date leaves open, and the bar shows how much
            # that is: a month has no day of its own.
            "middle": rows["starts_on"] + (rows["starts_by"] - rows["starts_on"]) / 2,
        }
    )


def _time_axis(rows: pd.DataFrame) -> alt.X:
    """Give the axis whole years around the dates."""
    years = pd.DatetimeIndex(rows["middle"]).year
    marks = (
        [alt.DateTime(year=year) for year in range(years.min(), years.max() + 1)]
        if len(rows)
        else []
    )
    axis = alt.Axis(format="%Y", values=marks, orient="top", labelAlign="left")
    return alt.X("starts_on:T", title=None, scale=alt.Scale(nice="year"), axis=axis)


def _scope_scale(values: Sequence[str], frame: pd.DataFrame, edition: Edition) -> alt.Scale:
    """Give each scope that is present its own colour or shape."""
    present = set(frame["scope"])
    pairs = [pair for pair in zip(SCOPES, values, strict=True) if pair[0] in present]
    names = [edition.label(f"scope-{scope}") for scope, _ in pairs]
    return paired(names, [value for _, value in pairs])


def matrix(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw which country takes part in which forum; bilateral arrangements as a number.

    Columns: `country`, `forum`, `forum_name_en`, `forum_name_fr`, `standing`, `arrangements`.
    """
    rows = _cells(frame, edition)
    forums = list(dict.fromkeys(rows.sort_values("column", kind="stable")["forum"]))
    countries = edition.named(pd.Series(ordered(frame, frame["forum"].unique())), "place")
    x = alt.X("forum:N", sort=forums, axis=None, scale=_cell_scale())
    y = alt.Y("country:N", sort=list(countries), title=None, scale=_cell_scale())
    base = alt.Chart(rows).encode(x=x, y=y)
    cell = _NARROW_CELL if edition.narrow else _CELL
    size = {"width": cell * max(len(forums), 1), "height": _ROW * max(len(countries), 1)}
    headings = _vertical_headings(forums, x) if edition.narrow else _headings(forums, x)
    layers = (
        _grid(rows, x, y),
        _membership_marks(base, edition),
        _arrangement_counts(base, edition),
        *headings,
    )
    return alt.layer(*layers, **size)


def _cell_scale() -> alt.Scale:
    """Return a scale that leaves a little space between cells."""
    return alt.Scale(paddingInner=0.05, paddingOuter=0)


def _headings(forums: Sequence[str], x: alt.X) -> list[alt.Chart]:
    """Write the columns' headings above the cells, several lines each, the last line lowest."""
    lines_by_forum = {name: _wrap_name(name) for name in forums}
    most_lines = max(map(len, lines_by_forum.values()), default=0)
    charts: list[alt.Chart] = []
    # From the last line upwards: headings of different length stand on one base line.
    for place in range(1, most_lines + 1):
        pairs = [
            (name, lines[-place]) for name, lines in lines_by_forum.items() if len(lines) >= place
        ]
        line = alt.Chart(pd.DataFrame(pairs, columns=["forum", "words"], dtype="object"))
        y = alt.YValue(_LINE * (0.5 - place) - 3)
        charts.append(words(line.encode(x=x, y=y), "words", color=INK, fontSize=12))
    return charts


def _vertical_headings(forums: Sequence[str], x: alt.X) -> list[alt.Chart]:
    """Write the columns' headings vertically, from below, where columns are narrow."""
    names = alt.Chart(pd.DataFrame({"forum": forums}, dtype="object"))
    below_cells = names.encode(x=x, y=alt.YValue(-6))
    return [words(below_cells, "forum", angle=270, align="left", color=INK, fontSize=12)]


def _wrap_name(name: str) -> list[str]:
    """Break a name into lines; a colon after a blank (French) stays with its word."""
    return textwrap.wrap(name.replace(" :", f"{NBSP}:"), _WRAP, break_long_words=False)


def _cells(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Prepare the columns that the matrix draws, the fullest forum first after the bilateral."""
    bilateral = frame["forum"].eq(BILATERAL).astype(bool)
    sizes = frame.groupby("forum")["country"].transform("size").astype(int)
    return pd.DataFrame(
        {
            "country": edition.named(frame["country"], "place").astype("object"),
            "forum": frame[f"forum_name_{edition.language}"].astype("object"),
            "standing": edition.labelled(frame["standing"], "standing").astype("object"),
            "number": frame["arrangements"].astype("object").where(bilateral, None),
            "bilateral": bilateral,
            # Bilateral arrangements form the first column, whatever their number; all others follow
            # by size.
            "column": (-sizes).where(~bilateral, -len(frame) - 1),
        }
    )


def _grid(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """Draw every cell faintly, so that an empty one is seen to be empty."""
    pairs = itertools.product(rows["country"].unique(), rows["forum"].unique())
    background = alt.Chart(pd.DataFrame(pairs, columns=["country", "forum"], dtype="object"))
    return background.mark_rect(fill=TINT).encode(x=x, y=y)


def _membership_marks(base: alt.Chart, edition: Edition) -> alt.Chart:
    """Mark membership by shape and colour."""
    names = list(edition.labelled(pd.Series(STANDINGS), "standing"))
    colours, shapes = paired(names, _STANDING_COLOURS), paired(names, _STANDING_SHAPES)
    columns: dict[str, Any] = {"columns": 1} if edition.narrow else {}
    legend = alt.Legend(orient="bottom", title=None, **columns)
    members = base.transform_filter("!datum.bilateral")
    return members.mark_point(filled=True, size=110, opacity=1).encode(
        color=alt.Color("standing:N", scale=colours, legend=legend),
        shape=alt.Shape("standing:N", scale=shapes, legend=legend),
        tooltip=tips(
            edition, country="column-country", forum="column-forum", standing="column-standing"
        ),
    )


def _arrangement_counts(base: alt.Chart, edition: Edition) -> alt.Chart:
    """Write how many bilateral arrangements there are."""
    texts = base.transform_filter("datum.bilateral").encode(
        tooltip=tips(
            edition, country="column-country", forum="column-forum", number="column-arrangements"
        )
    )
    return words(texts, "number", fontSize=13, fontWeight=600, color=INK)
