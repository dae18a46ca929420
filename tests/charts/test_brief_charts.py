"""The small charts: what they must show whatever the figures."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.charts import briefs as charts
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish.edition import Edition

from .drawing import DOLLARS

CODES = ["AU", "BR", "CA", "CL", "CN", "DE", "FR"]
PLACES = pd.DataFrame(
    {"place_id": CODES, "name_en": [f"{code}-en" for code in CODES], "name_fr": CODES}
)
MINERALS = pd.DataFrame({"mineral": ["tin"], "name_en": ["Tin"], "name_fr": ["Étain"]})
SHARES = st.lists(st.integers(0, 1000), min_size=1, max_size=len(CODES)).filter(sum)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition("en", Vocabulary({"place": PLACES, "mineral": MINERALS}, REPORT.lists), DOLLARS)


def data(chart) -> pd.DataFrame:
    """The rows that a chart draws."""
    spec = chart.to_dict()
    (rows,) = spec["datasets"].values()
    return pd.DataFrame(rows)


@given(parts=SHARES)
def test_shares_add_up_to_the_whole_and_canada_is_never_left_out(edition: Edition, parts):
    shares = pd.Series(parts) * 100 / sum(parts)
    frame = pd.DataFrame({"country": CODES[: len(parts)], "share_pct": shares.astype("Float64")})
    drawn = data(charts.producers(frame, edition))
    assert drawn["value"].sum() == pytest.approx(100, abs=1)
    assert ("CA-en" in set(drawn["name"])) == ("CA" in set(frame["country"]))
    assert len(drawn) <= 7
    named = drawn[drawn["name"] != "all others"]["value"]
    assert named.is_monotonic_decreasing


def test_the_world_total_is_no_country(edition: Edition):
    frame = pd.DataFrame(
        {"country": ["WLD", "OTHER", "CN"], "share_pct": pd.array([None, 40.0, 60.0], "Float64")}
    )
    drawn = data(charts.producers(frame, edition))
    assert list(drawn["name"]) == ["CN-en", "all others"]
    assert list(drawn["text"]) == ["60%", "40%"]


def test_a_long_name_is_told_whole_in_two_lines(edition: Edition):
    goods = "Radioactive elements, isotopes and their compounds"
    frame = pd.DataFrame({"commodity_en": [goods, "Tin"], "amount_cad": [2e6, 1e6]}).astype(
        {"amount_cad": "Float64"}
    )
    chart = charts.goods(frame, edition)
    drawn = data(chart)
    assert list(drawn["name"]) == ["Radioactive elements, isotopes|and their compounds", "Tin"]
    # Two lines of 12 pixels leave a gap to the next name.
    assert chart.to_dict()["height"] / len(drawn) >= 2 * 12 + 4


def test_what_named_destinations_leave_of_the_total_is_one_bar(edition: Edition):
    frame = pd.DataFrame({"partner": ["WLD", "CN", "DE"], "amount_cad": [10e9, 4e9, 1.5e6]}).astype(
        {"amount_cad": "Float64"}
    )
    drawn = data(charts.destinations(frame, edition))
    assert list(drawn["text"]) == ["$4B", "$1.5M", "$6B"]


@pytest.mark.parametrize(
    ("most", "texts", "unit"),
    [
        (5600.0, ["2,800", "5,600"], "tonnes"),
        (50_000.0, ["25.0", "50.0"], "thousand tonnes"),
        (15e6, ["7.5", "15.0"], "million tonnes"),
    ],
)
def test_output_is_written_in_fitting_units(edition: Edition, most: float, texts, unit: str):
    frame = pd.DataFrame(
        {
            "year": [2024, 2025],
            "quantity_t": pd.array([most / 2, most], "Float64"),
            "volume_m3": pd.array([None, None], "Float64"),
            "qualifier": pd.array([None, "estimated"], "string"),
            "estimated": pd.array([False, True], "boolean"),
        }
    )
    chart = charts.output(frame, edition)
    drawn = data(chart)
    assert list(drawn["text"]) == texts
    assert drawn["colour"].nunique() == 2
    assert chart.to_dict()["layer"][0]["encoding"]["x"]["title"] == unit


def test_shares_of_several_countries_are_added_up_by_mineral(edition: Edition):
    frame = pd.DataFrame({"mineral": ["tin", "tin"], "share_pct": [10.0, 2.5]})
    assert list(data(charts.roles(frame, edition))["text"]) == ["12.5%"]
