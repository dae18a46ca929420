"""A map of Canada in pixels: the outlines of its provinces, and places on them.

Everything is projected here (Lambert conformal conic on a sphere, standard parallels 49 and 77
degrees north, as in Natural Resources Canada's Atlas), so that marks and their labels can be kept
apart on the page.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Point = tuple[float, float]
Points = npt.NDArray[np.float64]

_RADIUS_KM: Final = 6371.0
_SOUTH, _NORTH = math.radians(49), math.radians(77)
_MERIDIAN: Final = math.radians(-95)
_SEEN: Final = 0.5
"""How far a point has to move, in pixels, for anybody to see it."""
_LEAST_STEP: Final = 1.3
"""Outlines skip points that lie closer than this to the one before, in pixels."""


@dataclass(frozen=True)
class Canada:
    """The provinces as GeoJSON features in pixels, and how a position becomes a pixel."""

    features: Sequence[dict[str, Any]]
    width: float
    height: float
    scale: float
    corner: Point

    def pixel(self, longitude: float, latitude: float) -> Point:
        """Return the pixel of a position, from the top left corner."""
        east, north = project(longitude, latitude)
        return (east - self.corner[0]) * self.scale, (self.corner[1] - north) * self.scale

    def fitted(self, width: float) -> Canada:
        """Return the same map in another width."""
        factor = width / self.width
        features = [
            _redrawn(feature, lambda x, y: (x * factor, y * factor)) for feature in self.features
        ]
        return Canada(features, width, self.height * factor, self.scale * factor, self.corner)


def load_canada(file: Path, width: float) -> Canada:
    """Read province outlines (GeoJSON in degrees) and fit them into a width in pixels."""
    features = [
        {"type": "Feature", "properties": {"place_id": each["id"]}, "geometry": each["geometry"]}
        for each in json.loads(file.read_text("utf-8"))["features"]
    ]
    corners = [project(*point) for feature in features for point in _points(feature)]
    east, north = zip(*corners, strict=True)
    corner, scale = (min(east), max(north)), width / (max(east) - min(east))
    height = (max(north) - min(north)) * scale
    bare = Canada((), width, height, scale, corner)
    drawn = [_redrawn(feature, bare.pixel) for feature in features]
    return Canada(drawn, width, height, scale, corner)


def project(longitude: float, latitude: float) -> Point:
    """Return kilometres east of the middle meridian and north of the pole (south is negative).

    Source of the method: Snyder, Map Projections: A Working Manual (USGS, 1987), chapter 15.

    >>> [round(part) for part in project(-95, 49)]
    [0, -4640]
    """
    angle = _cone() * (math.radians(longitude) - _MERIDIAN)
    radius = _cone_radius(math.radians(latitude))
    return radius * math.sin(angle), -radius * math.cos(angle)


def spread(points: Points, gap: float, rounds: int = 400) -> Points:
    """Move points apart until none is nearer than `gap` to another; those alone stay.

    Points that coincide part in a fixed direction, so that the result is always the same.
    """
    turns = np.arange(len(points)) * 2.399963
    placed = points + 0.01 * np.column_stack([np.cos(turns), np.sin(turns)])
    for _ in range(rounds):
        push = _push(placed, gap)
        if not push.any():
            break
        placed = placed + push
    moved = np.hypot(*(placed - points).T) > _SEEN
    return np.where(moved[:, None], placed, points)


def _push(placed: Points, gap: float) -> Points:
    """Return how far each point gives way to those too near to it."""
    apart = placed[:, None, :] - placed[None, :, :]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    lacking = np.clip(gap - distance, 0, None)
    return (apart * (lacking / distance * 0.52)[..., None]).sum(axis=1)


def _cone() -> float:
    """Return the cone constant of the projection."""
    ratio = math.tan(math.pi / 4 + _NORTH / 2) / math.tan(math.pi / 4 + _SOUTH / 2)
    return math.log(math.cos(_SOUTH) / math.cos(_NORTH)) / math.log(ratio)


def _cone_radius(latitude: float) -> float:
    """Return a parallel's distance from the tip of the cone, in kilometres."""
    cone = _cone()
    opening = math.cos(_SOUTH) * math.tan(math.pi / 4 + _SOUTH / 2) ** cone / cone
    return _RADIUS_KM * opening / math.tan(math.pi / 4 + latitude / 2) ** cone


def _points(feature: dict[str, Any]) -> Iterable[Point]:
    for polygon in feature["geometry"]["coordinates"]:
        for ring in polygon:
            yield from ring


def _redrawn(feature: dict[str, Any], place: Callable[[float, float], Point]) -> dict[str, Any]:
    """Put every point of a feature in its place."""
    polygons = [
        [_thinned([place(*point) for point in ring]) for ring in polygon]
        for polygon in feature["geometry"]["coordinates"]
    ]
    return {**feature, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _thinned(ring: Sequence[Point]) -> list[list[float]]:
    """Drop points too close to be told apart; round to a tenth of a pixel."""
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= _LEAST_STEP:
            kept.append(point)
    return [[round(x, 1), round(y, 1)] for x, y in (*kept, ring[-1])]
