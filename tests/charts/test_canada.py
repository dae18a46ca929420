import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from critical_minerals.charts.canada import load_canada, project, spread
from critical_minerals.workspace.paths import find_workspace

OUTLINES = find_workspace().raw / "vocabulary/provinces.geojson"
spots = st.tuples(st.floats(0, 500), st.floats(0, 500))


@pytest.fixture(scope="module")
def canada():
    return load_canada(OUTLINES, width=530)


@settings(deadline=None, max_examples=40)
@given(st.lists(spots, min_size=1, max_size=25))
def test_spread_points_stand_apart(points):
    placed = spread(np.array(points), 17)
    apart = np.hypot(*(placed[:, None] - placed[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 16


def test_points_alone_stay_where_they_are():
    points = np.array([[0.0, 0.0], [100.0, 0.0]])
    assert (spread(points, 17) == points).all()


def test_spreading_is_always_the_same():
    points = np.zeros((6, 2))
    assert (spread(points, 17) == spread(points, 17)).all()


def test_north_is_up_and_east_is_right():
    assert project(-95, 60)[1] > project(-95, 50)[1]
    assert project(-70, 50)[0] > project(-95, 50)[0] > project(-120, 50)[0]


def test_every_province_is_drawn_within_the_page(canada):
    points = np.array(
        [
            point
            for feature in canada.features
            for polygon in feature["geometry"]["coordinates"]
            for ring in polygon
            for point in ring
        ]
    )
    assert len(canada.features) == 13
    assert points.min() >= -0.1
    assert points[:, 0].max() <= canada.width + 0.1
    assert points[:, 1].max() <= canada.height + 0.1


def test_towns_stand_where_people_know_them(canada):
    vancouver, sudbury = canada.pixel(-123.1, 49.3), canada.pixel(-81.0, 46.5)
    assert vancouver[0] < sudbury[0]
    assert vancouver[1] < sudbury[1] < canada.height


def test_outer_rings_run_clockwise_so_that_no_fill_is_inverted():
    for feature in json.loads(OUTLINES.read_text("utf-8"))["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            x, y = np.array(polygon[0]).T
            assert np.sum((x[1:] - x[:-1]) * (y[1:] + y[:-1])) > 0, feature["id"]
