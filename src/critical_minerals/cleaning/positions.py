"""Hold positions to the outlines of the provinces in which their rows say they lie."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Rings = Sequence[npt.NDArray[np.float64]]
"""The rings of an outline, each with rows of longitude and latitude that end where they begin."""

_KM_PER_DEGREE: Final = 111.2


def load_outlines(file: Path) -> dict[str, Rings]:
    """Read the outline of each place from GeoJSON in degrees, by the place's id."""
    return {
        feature["id"]: [
            np.array(ring) for polygon in feature["geometry"]["coordinates"] for ring in polygon
        ]
        for feature in json.loads(file.read_text("utf-8"))["features"]
    }


def outside_of(
    sites: pd.DataFrame, place: str, outlines: Mapping[str, Rings], *, tolerance_km: float
) -> pd.DataFrame:
    """Return the sites that lie farther than a tolerance from the place that their row names.

    `sites` has the columns `latitude`, `longitude` (degrees; blank where there is none) and
    `place`, an id of `outlines`; a place without an outline is not looked at. Outlines are drawn
    with few points and positions may be those of an area, so that a site beside a border may seem
    to lie across it.

    >>> square = {"A": [np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0.0]])]}
    >>> sites = pd.DataFrame({"of": ["A", "A", "A"], "longitude": [0.5, 1.1, 3.0], "latitude": 0.5})
    >>> outside_of(sites, "of", square, tolerance_km=25)["longitude"].tolist()
    [3.0]
    """
    located = sites[sites["latitude"].notna() & sites[place].isin([*outlines])]
    distances = [
        _distance_km(float(longitude), float(latitude), outlines[name])
        for name, longitude, latitude in located[[place, "longitude", "latitude"]].itertuples(
            index=False
        )
    ]
    return located[np.array(distances, dtype="float64") > tolerance_km]


def _distance_km(longitude: float, latitude: float, rings: Rings) -> float:
    """Return how far a position is from an outline; 0 for one within it."""
    # Within a few hundred kilometres the ground is flat enough, where degrees of longitude shrink.
    scale = np.array([math.cos(math.radians(latitude)), 1.0])
    crossings, nearest = 0, math.inf
    for ring in rings:
        corners = (ring - (longitude, latitude)) * scale
        start, end = corners[:-1], corners[1:]
        step = end - start
        # A ray to the east crosses the outline of what it begins in an odd number of times.
        crosses = (start[:, 1] > 0) != (end[:, 1] > 0)
        east = start[crosses, 0] - start[crosses, 1] * step[crosses, 0] / step[crosses, 1]
        crossings += int((east > 0).sum())
        length = (step**2).sum(axis=1)
        along = -(start * step).sum(axis=1) / np.where(length > 0, length, 1)
        nearest_points = start + np.clip(along, 0, 1)[:, None] * step
        nearest = min(nearest, float(np.hypot(*nearest_points.T).min()))
    return 0.0 if crossings % 2 else nearest * _KM_PER_DEGREE
