"""The map of mines and projects: numbered marks on Canada, and their names beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import altair as alt
import numpy as np
import pandas as pd

from critical_minerals.charts import theme
from critical_minerals.charts.canada import Canada, spread
from critical_minerals.charts.labels import tips, words
from critical_minerals.publish.edition import Edition

_RADIUS: Final = 8.0
"""Of a numbered mark, in pixels."""
_LINE: Final = 13.6
"""Height of a line of the list, in pixels."""
_LIST_RADIUS: Final = 6.5
_LIST_WIDTH: Final = 232
_KEY_LEFT, _KEY_DOWN = 14.0, 96.0
_GAP: Final = 18
_MIN_LEADER_LENGTH: Final = 3
"""How many pixels a mark has to have moved for a line to tie it to where it belongs."""
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
    sites = _arrange_sites(frame, edition, canada, groups)
    bottom = sites["list_y"].max() + _LINE if len(sites) else 0.0
    list_width = 0 if edition.narrow else _LIST_WIDTH
    width, height = canada.width + list_width, max(canada.height + 8, bottom)
    page = _Page(width, height)
    layers = [_outlines(canada)]
    if len(sites):
        sites_on_map = sites.dropna(subset=["x"])
        layers += [*_leaders(sites_on_map, page), *_marks(sites_on_map, page, "mark", edition)]
        layers += [*_marks(sites_on_map, page, "list", edition), *_list_texts(sites, edition, page)]
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


def _arrange_sites(
    frame: pd.DataFrame, edition: Edition, canada: Canada, groups: Sequence[str]
) -> pd.DataFrame:
    """Give every site its group, number, place on the map and line in the list."""
    sites = frame.assign(
        name=frame[f"site_{edition.language}"],
        group=_group_sites(frame, groups),
        planned=frame["site_status"] != "operating",
        what=edition.labelled(frame["site_status"], "site-status"),
        where=edition.named(frame["province"], "place"),
        yields=[_mineral_names(cell, edition) for cell in frame["minerals"]],
    )
    order = {group: place for place, group in enumerate([*groups, OTHER, UNPLACED])}
    sites = sites.assign(rank=sites["group"].map(order)).sort_values(["rank", "planned", "site"])
    # Only marks on the map are numbered: a site without a position has no number to be found by.
    sites["number"] = (sites["group"] != UNPLACED).cumsum()
    corner = (canada.width + _GAP, 0.0)
    if edition.narrow:
        corner = (_LIST_RADIUS + 2, canada.height + _KEY_DOWN)
    return _add_list_positions(_add_map_positions(sites, canada), corner)


def _group_sites(frame: pd.DataFrame, groups: Sequence[str]) -> list[str]:
    """Name each site's heading in the list."""
    has_position = frame["latitude"].notna() & frame["longitude"].notna()
    minerals = frame["main_mineral"].where(frame["main_mineral"].isin(list(groups)), OTHER)
    return [m if on_map else UNPLACED for m, on_map in zip(minerals, has_position, strict=True)]


def _mineral_names(cell: object, edition: Edition) -> str:
    """Name the minerals of a site."""
    parts = cell.split(";") if isinstance(cell, str) else []
    return ", ".join(edition.name("mineral", part) for part in parts)


def _add_map_positions(sites: pd.DataFrame, canada: Canada) -> pd.DataFrame:
    """Add each site's pixel (`x`, `y`) and that of its mark, moved off its neighbours."""
    pairs = zip(sites["longitude"], sites["latitude"], strict=True)
    pixels = [(np.nan, np.nan) if pd.isna(lon) else canada.pixel(lon, lat) for lon, lat in pairs]
    points = np.array(pixels, dtype=float).reshape(-1, 2)
    marks = points.copy()
    has_position = ~np.isnan(points[:, 0])
    # Twice the radius and a pixel, so that marks stand side by side and never cover each other.
    marks[has_position] = spread(points[has_position], 2 * _RADIUS + 1)
    return sites.assign(x=points[:, 0], y=points[:, 1], mark_x=marks[:, 0], mark_y=marks[:, 1])


def _add_list_positions(sites: pd.DataFrame, corner: tuple[float, float]) -> pd.DataFrame:
    """Add the place of each site's line in the list (`list_x`, `list_y`) under its heading."""
    # Sites are sorted by group, so that a group starts where it differs from the row before.
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


def _leaders(sites_on_map: pd.DataFrame, page: _Page) -> Sequence[alt.Chart]:
    """Draw a line from each mark that had to move to where it belongs."""
    distance = np.hypot(
        sites_on_map["x"] - sites_on_map["mark_x"], sites_on_map["y"] - sites_on_map["mark_y"]
    )
    moved_sites = sites_on_map[distance > _MIN_LEADER_LENGTH]
    data = moved_sites[["x", "y", "mark_x", "mark_y"]]
    base = alt.Chart(data).encode(**page.at("x", "y"))
    lines = base.mark_rule(color=theme.INK, strokeWidth=0.8).encode(
        x2=alt.X2("mark_x:Q"), y2=alt.Y2("mark_y:Q")
    )
    return lines, base.mark_point(filled=True, size=9, color=theme.INK, opacity=1)


def _marks(
    sites_on_map: pd.DataFrame, page: _Page, position: str, edition: Edition
) -> Sequence[alt.Chart]:
    """Draw numbered marks on the map (`mark`) or in the list (`list`)."""
    colours = {group: theme.MINERALS.get(group, theme.MUTED) for group in sites_on_map["group"]}
    data = sites_on_map[
        [f"{position}_x", f"{position}_y", "number", "name", "company", "what", "where", "yields"]
    ]
    data = data.assign(
        colour=sites_on_map["group"].map(colours),
        # A planned site is hollow, so that its state can be read without colour.
        fill=sites_on_map["group"].map(colours).where(~sites_on_map["planned"], "#ffffff"),
        ink=np.where(sites_on_map["planned"], theme.INK, "#ffffff"),
        shape=np.where(sites_on_map["site_kind"] == "mill", "square", "circle"),
    )
    tooltips = tips(
        edition,
        name="column-site",
        company="column-company",
        yields="column-minerals",
        what="column-site-status",
        where="column-province",
    )
    base = alt.Chart(data).encode(**page.at(f"{position}_x", f"{position}_y"), tooltip=tooltips)
    marks = _symbols(base, _RADIUS if position == "mark" else _LIST_RADIUS)
    return marks, words(base, "number", inked=True, fontSize=10, fontWeight=700, dy=0.5)


def _symbols(base: alt.Chart, radius: float) -> alt.Chart:
    """Draw marks by the columns `fill`, `colour` and `shape`."""
    # Vega-Lite takes an area, here that of a circle a little larger than the radius says.
    return base.mark_point(opacity=1, size=3.44 * radius**2, strokeWidth=1.6).encode(
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
        shape=alt.Shape("shape:N", scale=None),
    )


def _key(edition: Edition, page: _Page, top: float) -> Sequence[alt.Chart]:
    """Explain the kinds of marks, in the empty corner under the west coast."""
    kinds = (("operating", theme.MUTED, "circle"), ("planned", "#ffffff", "circle"))
    kinds = (*kinds, ("mill", theme.MUTED, "square"))
    data = pd.DataFrame(kinds, columns=["kind", "fill", "shape"]).assign(
        x=_KEY_LEFT,
        y=[top + place * _LINE * 1.2 for place in range(len(kinds))],
        colour=theme.MUTED,
        text=[edition.label(f"sites-key-{kind}") for kind, *_ in kinds],
    )
    marks = _symbols(alt.Chart(data).encode(**page.at("x", "y")), _LIST_RADIUS)
    return marks, _text_marks(data.assign(x=_KEY_LEFT + _LIST_RADIUS + 6), page, 12, 400)


def _list_texts(sites: pd.DataFrame, edition: Edition, page: _Page) -> Sequence[alt.Chart]:
    """Write the list's lines and headings."""
    lines = pd.DataFrame(
        {
            "x": sites["list_x"] + np.where(sites["group"] == UNPLACED, -_RADIUS, _RADIUS + 5),
            "y": sites["list_y"],
            "text": [_site_text(record, edition) for record in sites.to_dict("records")],
        }
    )
    headings = pd.DataFrame(
        {
            "x": sites["list_x"] - _RADIUS,
            "y": sites["list_y"] - 1.15 * _LINE,
            "text": [_group_heading(group, edition) for group in sites["group"]],
        }
    )[sites["heads"].to_numpy()]
    return _text_marks(lines, page, 12, 400), _text_marks(headings, page, 12.5, 600)


def _text_marks(
    data: pd.DataFrame, page: _Page, size: float, weight: Literal[400, 600]
) -> alt.Chart:
    look: dict[str, Any] = {"fontSize": size, "fontWeight": weight, "color": theme.INK}
    placed = alt.Chart(data).encode(**page.at("x", "y"))
    return words(placed, "text", align="left", baseline="middle", **look)


def _site_text(record: dict[Any, Any], edition: Edition) -> str:
    """Name a site; under a shared heading, name its mineral too."""
    if record["group"] == OTHER and not pd.isna(record["main_mineral"]):
        mineral = edition.name("mineral", record["main_mineral"]).lower()
        return f"{record['name']} ({mineral})"
    return str(record["name"])


def _group_heading(group: str, edition: Edition) -> str:
    if group in {OTHER, UNPLACED}:
        return edition.label(f"sites-{group}")
    return edition.name("mineral", group)
