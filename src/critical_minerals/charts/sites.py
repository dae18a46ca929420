"""The map of mines and projects: numbered marks on Canada, and their names beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import altair as alt
import numpy as np
import pandas as pd

from critical_minerals.charts import theme
from critical_minerals.charts.canada import Canada, spread
from critical_minerals.charts.labels import tips
from critical_minerals.publish.edition import Edition

_RADIUS: Final = 8.0
"""Of a numbered mark, in pixels."""
_LINE: Final = 13.6
"""Height of a line of the list, in pixels."""
_LIST_RADIUS: Final = 6.5
_LIST_WIDTH: Final = 232
_KEY_LEFT, _KEY_DOWN = 14.0, 96.0
_GAP: Final = 18
_TIED_FROM: Final = 3
"""From how many pixels on a mark that had to move is tied to where it belongs."""
OTHER: Final = "other"
UNPLACED: Final = "unplaced"


def projects_map(
    frame: pd.DataFrame, edition: Edition, canada: Canada, groups: Sequence[str]
) -> alt.TopLevelMixin:
    """Draw mines and projects as numbered marks on a map, with the list of their names beside it.

    On a phone the list stands below the map.

    `frame` is the table `sites`; `groups` are the minerals that get a heading of their own, in
    order. Filled marks are in operation, hollow ones planned; squares are mills.
    """
    if edition.narrow:
        canada = canada.fitted(theme.NARROW)
    sites = _arranged(frame, edition, canada, groups)
    bottom = sites["list_y"].max() + _LINE if len(sites) else 0.0
    beside = 0 if edition.narrow else _LIST_WIDTH
    width, height = canada.width + beside, max(canada.height + 8, bottom)
    page = _Page(width, height)
    layers = [_outlines(canada)]
    if len(sites):
        placed = sites.dropna(subset=["x"])
        layers += [*_leaders(placed, page), *_marks(placed, page, "mark", edition)]
        layers += [*_marks(placed, page, "list", edition), *_names(sites, edition, page)]
        key = canada.height + _LINE if edition.narrow else height - _KEY_DOWN
        layers += _key(edition, page, key)
    return alt.layer(*layers, width=width, height=height)


class _Page:
    """The drawing's pixels as scales, so that marks stand where they are put."""

    def __init__(self, width: float, height: float) -> None:
        self._across = alt.Scale(domain=[0, width], nice=False, zero=False)
        self._down = alt.Scale(domain=[0, height], nice=False, zero=False, reverse=True)

    def at(self, x: str, y: str) -> dict[str, Any]:
        """Place marks by two columns of pixels."""
        return {
            "x": alt.X(f"{x}:Q", scale=self._across, axis=None),
            "y": alt.Y(f"{y}:Q", scale=self._down, axis=None),
        }


def _arranged(
    frame: pd.DataFrame, edition: Edition, canada: Canada, groups: Sequence[str]
) -> pd.DataFrame:
    """Give every site its group, number, place on the map and line in the list."""
    sites = frame.assign(
        name=frame[f"site_{edition.language}"],
        group=_grouped(frame, groups),
        planned=frame["site_status"] != "operating",
        what=edition.labelled(frame["site_status"], "site-status"),
        where=edition.named(frame["province"], "place"),
        yields=[_yields(cell, edition) for cell in frame["minerals"]],
    )
    order = {group: place for place, group in enumerate([*groups, OTHER, UNPLACED])}
    sites = sites.assign(rank=sites["group"].map(order)).sort_values(["rank", "planned", "site"])
    sites["number"] = (sites["group"] != UNPLACED).cumsum()
    corner = (canada.width + _GAP, 0.0)
    if edition.narrow:
        corner = (_LIST_RADIUS + 2, canada.height + _KEY_DOWN)
    return _listed(_placed(sites, canada), corner)


def _grouped(frame: pd.DataFrame, groups: Sequence[str]) -> list[str]:
    """Name each site's heading in the list."""
    placed = frame["latitude"].notna() & frame["longitude"].notna()
    minerals = frame["main_mineral"].where(frame["main_mineral"].isin(list(groups)), OTHER)
    return [m if on_map else UNPLACED for m, on_map in zip(minerals, placed, strict=True)]


def _yields(cell: object, edition: Edition) -> str:
    """Name what a site yields."""
    parts = cell.split(";") if isinstance(cell, str) else []
    return ", ".join(edition.name("mineral", part) for part in parts)


def _placed(sites: pd.DataFrame, canada: Canada) -> pd.DataFrame:
    """Add each site's pixel (`x`, `y`) and that of its mark, moved off its neighbours."""
    pairs = zip(sites["longitude"], sites["latitude"], strict=True)
    pixels = [(np.nan, np.nan) if pd.isna(lon) else canada.pixel(lon, lat) for lon, lat in pairs]
    points = np.array(pixels, dtype=float).reshape(-1, 2)
    marks = points.copy()
    known = ~np.isnan(points[:, 0])
    marks[known] = spread(points[known], 2 * _RADIUS + 1)
    return sites.assign(x=points[:, 0], y=points[:, 1], mark_x=marks[:, 0], mark_y=marks[:, 1])


def _listed(sites: pd.DataFrame, corner: tuple[float, float]) -> pd.DataFrame:
    """Add the place of each site's line in the list (`list_x`, `list_y`) under its heading."""
    starts = sites["group"] != sites["group"].shift()
    lines = np.arange(len(sites)) + starts.cumsum() * 1.35
    return sites.assign(list_x=corner[0], list_y=corner[1] + lines * _LINE, heads=starts)


def _outlines(canada: Canada) -> alt.Chart:
    """Draw the provinces and territories.

    As a frame, Altair takes them as they are; of plain values it would look at every point, twice.
    """
    return (
        alt.Chart(pd.DataFrame([*canada.features]))
        .mark_geoshape(fill=theme.TINT, stroke="#aab6bf", strokeWidth=0.7)
        .project(type="identity", scale=1, translate=[0, 0])
    )


def _leaders(placed: pd.DataFrame, page: _Page) -> Sequence[alt.Chart]:
    """Tie marks that had to move to where they belong."""
    off = np.hypot(placed["x"] - placed["mark_x"], placed["y"] - placed["mark_y"])
    moved = placed[off > _TIED_FROM]
    data = moved[["x", "y", "mark_x", "mark_y"]]
    base = alt.Chart(data).encode(**page.at("x", "y"))
    lines = base.mark_rule(color=theme.INK, strokeWidth=0.8).encode(
        x2=alt.X2("mark_x:Q"), y2=alt.Y2("mark_y:Q")
    )
    return lines, base.mark_point(filled=True, size=9, color=theme.INK, opacity=1)


def _marks(placed: pd.DataFrame, page: _Page, at: str, edition: Edition) -> Sequence[alt.Chart]:
    """Draw numbered marks on the map (`mark`) or in the list (`list`)."""
    colours = {group: theme.MINERALS.get(group, theme.MUTED) for group in placed["group"]}
    data = placed[[f"{at}_x", f"{at}_y", "number", "name", "company", "what", "where", "yields"]]
    data = data.assign(
        colour=placed["group"].map(colours),
        fill=placed["group"].map(colours).where(~placed["planned"], "#ffffff"),
        ink=np.where(placed["planned"], theme.INK, "#ffffff"),
        shape=np.where(placed["site_kind"] == "mill", "square", "circle"),
    )
    told = tips(
        edition,
        name="column-site",
        company="column-company",
        yields="column-minerals",
        what="column-site-status",
        where="column-province",
    )
    base = alt.Chart(data).encode(**page.at(f"{at}_x", f"{at}_y"), tooltip=told)
    marks = _points(base, _RADIUS if at == "mark" else _LIST_RADIUS)
    numbers = base.mark_text(fontSize=10, fontWeight=700, dy=0.5).encode(
        text=alt.Text("number:N"), color=alt.Color("ink:N", scale=None)
    )
    return marks, numbers


def _points(base: alt.Chart, radius: float) -> alt.Chart:
    """Draw marks by the columns `fill`, `colour` and `shape`."""
    return base.mark_point(opacity=1, size=3.44 * radius**2, strokeWidth=1.6).encode(
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
        shape=alt.Shape("shape:N", scale=None),
    )


def _key(edition: Edition, page: _Page, top: float) -> Sequence[alt.Chart]:
    """Say what the kinds of marks mean, in the empty corner under the west coast."""
    kinds = (("operating", theme.MUTED, "circle"), ("planned", "#ffffff", "circle"))
    kinds = (*kinds, ("mill", theme.MUTED, "square"))
    data = pd.DataFrame(kinds, columns=["kind", "fill", "shape"]).assign(
        x=_KEY_LEFT,
        y=[top + place * _LINE * 1.2 for place in range(len(kinds))],
        colour=theme.MUTED,
        text=[edition.label(f"sites-key-{kind}") for kind, *_ in kinds],
    )
    marks = _points(alt.Chart(data).encode(**page.at("x", "y")), _LIST_RADIUS)
    return marks, _written(data.assign(x=_KEY_LEFT + _LIST_RADIUS + 6), page, 12, 400)


def _names(sites: pd.DataFrame, edition: Edition, page: _Page) -> Sequence[alt.Chart]:
    """Write the list's lines and headings."""
    lines = pd.DataFrame(
        {
            "x": sites["list_x"] + np.where(sites["group"] == UNPLACED, -_RADIUS, _RADIUS + 5),
            "y": sites["list_y"],
            "text": [_line(record, edition) for record in sites.to_dict("records")],
        }
    )
    heads = pd.DataFrame(
        {
            "x": sites["list_x"] - _RADIUS,
            "y": sites["list_y"] - 1.15 * _LINE,
            "text": [_heading(group, edition) for group in sites["group"]],
        }
    )[sites["heads"].to_numpy()]
    return _written(lines, page, 12, 400), _written(heads, page, 12.5, 600)


def _written(data: pd.DataFrame, page: _Page, size: float, weight: Literal[400, 600]) -> alt.Chart:
    chart = alt.Chart(data).mark_text(
        align="left", baseline="middle", fontSize=size, fontWeight=weight, color=theme.INK
    )
    return chart.encode(**page.at("x", "y"), text=alt.Text("text:N"))


def _line(record: dict[Any, Any], edition: Edition) -> str:
    """Name a site; one under a shared heading says its mineral too."""
    if record["group"] == OTHER and not pd.isna(record["main_mineral"]):
        mineral = edition.name("mineral", record["main_mineral"]).lower()
        return f"{record['name']} ({mineral})"
    return str(record["name"])


def _heading(group: str, edition: Edition) -> str:
    if group in {OTHER, UNPLACED}:
        return edition.label(f"sites-{group}")
    return edition.name("mineral", group)
