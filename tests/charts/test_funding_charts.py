"""Charts of funding: what they draw, and that they draw on a day without figures."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.charts import funding as charts
from critical_minerals.charts.labels import spread
from critical_minerals.charts.theme import themed
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish.edition import Edition
from critical_minerals.tables import processed
from critical_minerals.tables.descriptors import Tables
from critical_minerals.workspace.paths import find_workspace

from .drawing import DOLLARS

TABLES = Tables(find_workspace().schemas)
LINEAGE = {"source_id": "S", "origin": "a.csv:2"}


def names(key, *ids):
    return pd.DataFrame({key: ids, "name_en": [f"the {i}" for i in ids], "name_fr": ids})


@pytest.fixture(params=["en", "fr"])
def edition(request):
    frames = {
        "programme": names("programme", "cmif", "gpi"),
        "mineral": names("mineral", "lithium", "nickel"),
        "place": names("place_id", "CA-QC", "CA-NL"),
    }
    return Edition(request.param, Vocabulary(frames, REPORT.lists), DOLLARS)


def shaped(table, rows):
    frame = pd.DataFrame(rows, columns=[name for name in table.columns if name not in LINEAGE])
    return processed.shaped(table, frame.assign(**LINEAGE))


def overview():
    texts = ["Department", "Ministère", "federal"]
    rows = [
        [
            "cmif",
            *texts,
            1.5e9,
            "up_to",
            3e8,
            "more_than",
            "published",
            20.0,
            "more_than",
            *[None] * 3,
            1500,
            300,
        ],
        ["gpi", *texts, 7e7, "exact", *[None] * 8, 70, None],
    ]
    return shaped(TABLES["programme_funding"], rows)


def over_time():
    days = pd.to_datetime(["2022-06-13", "2026-05-12", "2024-01-01"])
    groups = ["sif_srf", "sif_srf", "other"]
    sums, exact = ([1e8, 2e8, 5e7], [1e8, 3e8, 5e7]), ["exact"] * 3
    rows = zip(groups, days, *sums, exact, [1, 1, 2], strict=True)
    return shaped(TABLES["funding_over_time"], list(rows))


def by_mineral():
    rows = [
        ("lithium", "alone", 5e6, 0, "exact", 1),
        ("nickel", "shared", 4e6, 4e6, "up_to", 2),
        (None, "not_named", 9e6, 0, "exact", 1),
    ]
    return shaped(TABLES["funding_by_mineral"], rows)


def by_province():
    rows = [
        ("CA-QC", "alone", 5e6, 0, "exact", 1),
        ("CA-QC", "shared", 4e6, 0, "exact", 2),
        ("CA-NL", "shared", 9e6, 0, "exact", 1),
    ]
    return shaped(TABLES["funding_by_province"], rows)


def makeup():
    rows = [("loan", 9e6, 4e6, 0, "up_to", 3), ("not_stated", 9e6, 0, 9e6, "exact", 1)]
    return shaped(TABLES["funding_makeup"], rows)


def results():
    rows = [
        (
            "cmif",
            "projects",
            "Projects",
            "Projets",
            33,
            "projects",
            "exact",
            None,
            None,
            "2026-02-27",
        ),
        ("gpi", "projects", "Ventures", "Essais", 4, "projects", "exact", None, None, "2026-02-27"),
    ]
    results = TABLES["programme_results"]
    frame = pd.DataFrame(rows, columns=[n for n in results.columns if n not in LINEAGE])
    days = {name: pd.to_datetime(frame[name]) for name in ("covers_from", "covers_to", "as_of")}
    return processed.shaped(results, frame.assign(**days, **LINEAGE))


awards_over_time = partial(charts.awards_over_time, until=pd.Timestamp("2026-09-30"))
BUILDERS = {
    "envelopes": (charts.envelopes, overview),
    "awards_over_time": (awards_over_time, over_time),
    "makeup": (charts.makeup, makeup),
    "by_mineral": (charts.by_mineral, by_mineral),
    "by_province": (charts.by_province, by_province),
    "results": (charts.results, results),
}


def drawn(chart, language):
    return vl_convert.vegalite_to_svg(themed(chart, language), allowed_base_urls=[])


@pytest.mark.parametrize(("build", "data"), BUILDERS.values(), ids=BUILDERS)
def test_draws(build, data, edition):
    assert drawn(build(data(), edition), edition.language).count("<path") > 2


@pytest.mark.parametrize(("build", "data"), BUILDERS.values(), ids=BUILDERS)
def test_draws_each_row_alone(build, data, edition):
    rows = data()
    for at in range(len(rows)):
        assert drawn(build(rows.iloc[[at]], edition), edition.language)


@pytest.mark.parametrize(("build", "data"), BUILDERS.values(), ids=BUILDERS)
def test_says_so_where_nothing_was_public(build, data, edition):
    svg = drawn(build(data().head(0), edition), edition.language)
    assert edition.label("chart-nothing-public") in svg


def test_an_unknown_commitment_is_said_and_not_drawn_as_zero(edition):
    chart = charts.envelopes(overview(), edition)
    text = json.dumps(themed(chart, edition.language), ensure_ascii=False)
    unknown = {"en": "commitments not published", "fr": "engagements non publiés"}
    assert unknown[edition.language] in text
    assert '"committed": null' in text


def test_what_hangs_on_conditions_has_a_colour_of_its_own(edition):
    spec = themed(charts.makeup(makeup(), edition), edition.language)
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    words = [edition.label("condition-firm"), edition.label("condition-conditional")]
    assert scale["domain"] == words
    assert len(set(scale["range"])) == 2


def test_one_square_for_each_project(edition):
    spec = themed(charts.results(results(), edition), edition.language)
    squares = [
        rows for rows in spec["datasets"].values() if "square" in rows[0] and "name" in rows[0]
    ]
    assert len(squares[0]) == 37


def test_a_phone_names_the_programme_of_each_count(edition):
    svg = drawn(charts.results(results(), replace(edition, narrow=True)), edition.language)
    assert f">{edition.named(results()['programme'], 'programme')[1]}<" in svg


def test_bands_reach_the_as_of_day(edition):
    text = json.dumps(themed(awards_over_time(over_time(), edition), edition.language))
    assert "2026-09-30" in text


@given(
    st.lists(st.floats(0, 1000), min_size=1, max_size=12),
    st.floats(0.5, 50),
)
def test_labels_keep_their_distance_and_their_order(places, gap):
    placed = spread(places, gap)
    pairs = sorted(zip(places, placed, strict=True))
    moved = [place for _, place in pairs]
    assert all(later - earlier > gap * 0.999 for earlier, later in pairwise(moved))


def test_labels_lie_where_they_do_whichever_python_adds_their_places():
    # `sum` rounds after each of them up to Python 3.11, and no longer since.
    placed = [0.5999999999999999, 1.5999999999999999, 2.5999999999999996]
    assert spread([1.3, 1.6, 1.9], gap=1) == placed


@given(st.lists(st.integers(0, 50).map(lambda n: n * 100.0), unique=True, min_size=1))
def test_labels_with_room_stay_where_they_are(places):
    assert spread(places, gap=50) == places
