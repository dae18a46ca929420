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
_ROUNDS: Final = 400
_VISIBLE_MOVE: Final = 0.5
"""How far a point has to move, in pixels, for anybody to see it."""
_MIN_STEP: Final = 1.3
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
            _map_points(feature, lambda x, y: (x * factor, y * factor)) for feature in self.features
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
    frame = Canada((), width, height, scale, corner)
    pixel_features = [_map_points(feature, frame.pixel) for feature in features]
    return Canada(pixel_features, width, height, scale, corner)


def project(longitude: float, latitude: float) -> Point:
    """Return kilometres east of the middle meridian and north of the pole (south is negative).

    Source of the method: Snyder, Map Projections: A Working Manual (USGS, 1987), chapter 15.

    >>> [round(part) for part in project(-95, 49)]
    [0, -4640]
    """
    angle = _cone() * (math.radians(longitude) - _MERIDIAN)
    radius = _cone_radius(math.radians(latitude))
    return radius * math.sin(angle), -radius * math.cos(angle)


def spread(points: Points, gap: float) -> Points:
    """Move points apart until none is nearer than `gap` to another; those alone stay.

    Points that coincide part in a fixed direction, so that the result is always the same.
    """
    # The golden angle in radians, as for the seeds of a sunflower: any two coinciding points start
    # apart in different directions, without chance.
    angles = np.arange(len(points)) * 2.399963
    positions = points + 0.01 * np.column_stack([np.cos(angles), np.sin(angles)])
    for _ in range(_ROUNDS):
        push = _push(positions, gap)
        if not push.any():
            break
        positions = positions + push
    has_moved = np.hypot(*(positions - points).T) > _VISIBLE_MOVE
    # The first nudge alone moves nothing: a mark without neighbours stays at its true position.
    return np.where(has_moved[:, None], positions, points)


def _push(positions: Points, gap: float) -> Points:
    """Return how far each point is pushed away by those too near to it."""
    offsets = positions[:, None, :] - positions[None, :, :]
    distance = np.hypot(offsets[..., 0], offsets[..., 1])
    # A point is at no distance from itself, and must neither push itself nor divide by zero.
    np.fill_diagonal(distance, np.inf)
    overlap = np.clip(gap - distance, 0, None)
    # Each of a pair gives way by a little more than half of the overlap: with exactly half, errors
    # of rounding could leave something to push in every round.
    return (offsets * (overlap / distance * 0.52)[..., None]).sum(axis=1)


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


def _map_points(feature: dict[str, Any], place: Callable[[float, float], Point]) -> dict[str, Any]:
    """Apply a function to every point of a feature."""
    polygons = [
        [_simplify([place(*point) for point in ring]) for ring in polygon]
        for polygon in feature["geometry"]["coordinates"]
    ]
    return {**feature, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _simplify(ring: Sequence[Point]) -> list[list[float]]:
    """Drop points too close to be told apart; round to a tenth of a pixel."""
    retained = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, retained[-1]) >= _MIN_STEP:
            retained.append(point)
    # The last point is always kept: it closes the ring.
    return [[round(x, 1), round(y, 1)] for x, y in (*retained, ring[-1])]
