"""Labels of rows, and places for labels that must not cover each other."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Any, Final

import altair as alt

from critical_minerals.charts.theme import MUTED
from critical_minerals.publish.edition import Edition

Layers = alt.LayerChart | alt.FacetChart
"""What Altair's layers come as."""
ABOVE: Final = 35
"""Height of a row whose label stands above what is drawn in it, in pixels."""
DOWN: Final = 7
"""How far below the middle of such a row its bar lies."""


def below(edition: Edition) -> dict[str, Any]:
    """Place what a row draws under its label, where the label stands above it: on a phone."""
    return {"yOffset": DOWN} if edition.narrow else {}


def unnamed(edition: Edition) -> dict[str, Any]:
    """Leave out the axis that names rows, where their labels stand above them: on a phone."""
    return {"axis": None} if edition.narrow else {}


def in_columns(edition: Edition, columns: int = 1) -> dict[str, Any]:
    """List the entries of a legend in columns where one row has no room for them: on a phone."""
    return {"legend": alt.Legend(columns=columns, labelLimit=300)} if edition.narrow else {}


def tips(edition: Edition, **headings: str) -> list[alt.Tooltip]:
    """Say what a mark stands for: columns of words, each under a heading of the catalogue."""
    return [alt.Tooltip(f"{name}:N", title=edition.label(key)) for name, key in headings.items()]


def paired(names: Sequence[str], marks: Sequence[str]) -> alt.Scale:
    """Give each name a colour or shape of its own, in their order."""
    return alt.Scale(domain=[*names], range=[*marks])


def words(base: alt.Chart, column: str, *, inked: bool = False, **style: Any) -> alt.Chart:
    """Write a column of words where `base` places them; `inked` ones in the colours of `ink`."""
    ink: dict[str, Any] = {"color": alt.Color("ink:N", scale=None)} if inked else {}
    return base.mark_text(**style).encode(text=alt.Text(f"{column}:N"), **ink)


def above(base: alt.Chart, width: float, left: str, right: str = "") -> list[alt.Chart]:
    """Write above what a row shows its name, to the left, and what there is to say, to the right.

    `left` and `right` are columns; `base` places rows as bands (`y`) of `ABOVE` pixels.
    """
    name: dict[str, Any] = {"align": "left", "dy": -8, "fontWeight": 600, "fontSize": 13}
    charts = [words(base.encode(x=alt.XValue(0)), left, **name)]
    if right:
        at_end = base.encode(x=alt.XValue(width))
        charts.append(words(at_end, right, align="right", dy=-8, color=MUTED))
    return charts


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Move places apart to at least `gap`, each as little as its neighbours allow.

    Keeps their order; what overlaps is centred around where it wanted to be.

    >>> spread([10.0, 10.0, 50.0], gap=4)
    [8.0, 12.0, 50.0]
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    clusters: list[list[int]] = []
    for index in order:
        clusters.append([index])
        # Each new cluster may push its neighbour into the next one: merge until nothing overlaps.
        while len(clusters) > 1 and _overlaps(clusters[-2], clusters[-1], places, gap):
            upper = clusters.pop()
            clusters[-1] += upper
    positions = [0.0] * len(places)
    for cluster in clusters:
        first = _lowest_position(cluster, places, gap)
        for step, index in enumerate(cluster):
            positions[index] = first + step * gap
    return positions


def _lowest_position(cluster: Sequence[int], places: Sequence[float], gap: float) -> float:
    """Return the place of a cluster's lowest label when the cluster is centred.

    `sum` rounds after each place up to Python 3.11, and no longer since.
    """
    middle = fsum(places[index] for index in cluster) / len(cluster)
    return middle - gap * (len(cluster) - 1) / 2


def _overlaps(
    lower: Sequence[int], upper: Sequence[int], places: Sequence[float], gap: float
) -> bool:
    last = _lowest_position(lower, places, gap) + gap * (len(lower) - 1)
    return _lowest_position(upper, places, gap) - last < gap
