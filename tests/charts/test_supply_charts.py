"""Charts of supply: what they draw, and that they draw on a day without figures."""

from __future__ import annotations

import pandas as pd
import pytest

from critical_minerals.charts import supply as charts
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish.edition import Edition
from critical_minerals.tables.processed import shaped

from .drawing import LINEAGE, TABLES, drawn, names


@pytest.fixture
def edition():
    frames = {
        "place": names("place_id", "US", "CN", "RU", "BR", "CA", "CL"),
        "mineral": names("mineral", "potash", "lithium", "helium", "cesium", "cobalt"),
    }
    return Edition("en", Vocabulary(frames, REPORT.lists))


def reliance():
    rows = [
        ("potash", 2025, 92.0, "92", None, 79.0, "CA"),
        ("lithium", 2025, 50.0, ">50", "more_than", None, "CL"),
        ("helium", 2025, None, "E", "net_exporter", 47.0, "CA"),
        ("cesium", 2025, 100.0, "100", None, None, None),
    ]
    names = ["mineral", "year", "reliance_pct", "reliance_shown", "qualifier"]
    frame = pd.DataFrame(rows, columns=[*names, "canada_import_pct", "leading_partner"])
    frame = frame.assign(form="all", estimated=True, headline=True, **LINEAGE)
    return shaped(TABLES["us_import_reliance"], frame)


def china():
    rows = [
        ("lithium", "deck_2020", "not_stated", None, 59.0),
        ("lithium", "usgs", "mine", 2025, 21.4),
        ("cobalt", "deck_2020", "not_stated", None, 36.0),
    ]
    frame = pd.DataFrame(rows, columns=["mineral", "series", "stage", "year", "share_pct"])
    return shaped(TABLES["china_shares"], frame.assign(**LINEAGE))


def concentration():
    rows = [
        ("gallium", "primary", "CN;RU", 99.0, 1.0, None, 100.0, 9802.0, 9802.0, 10_000.0),
        ("copper", "mine", "CL;CN;RU", 23.0, 14.0, 12.0, 49.0, 1037.0, 1037.0, 1206.0),
    ]
    shares = ["top_pct", "second_pct", "third_pct", "top_three_pct", "hhi", "hhi_least", "hhi_most"]
    frame = pd.DataFrame(rows, columns=["commodity", "stage", "top_countries", *shares])
    frame = frame.assign(
        mineral="potash",
        form="contained",
        year=2025,
        top_country=frame["top_countries"].str[:2],
        excludes=None,
        top_most_pct=frame["top_pct"],
        over_total_pct=None,
        named_pct=90.0,
        china_pct=10.0,
        canada_pct=None,
        **LINEAGE,
    )
    return shaped(TABLES["supply_concentration"], frame)


CHARTS = {
    "reliance": (charts.us_reliance, reliance),
    "china": (charts.china_shares, china),
    "concentration": (charts.concentration, concentration),
}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_draws_its_table(name, edition):
    build, table = CHARTS[name]
    assert "<svg" in drawn(build(table(), edition))


@pytest.mark.parametrize("name", CHARTS)
def test_chart_without_figures_says_so(name, edition):
    build, table = CHARTS[name]
    assert edition.label("chart-nothing-public") in drawn(build(table().head(0), edition))


def test_bounds_and_net_exporters_stay_what_they_are(edition):
    svg = drawn(charts.us_reliance(reliance(), edition))
    assert ">&gt;50<" in svg
    assert ">E<" in svg


def test_missing_share_says_why(edition):
    svg = drawn(charts.us_reliance(reliance(), edition))
    assert edition.label("supply-canada-not-named") in svg
    assert edition.label("supply-no-sources") in svg


def test_newest_share_names_its_stage(edition):
    svg = drawn(charts.china_shares(china(), edition))
    assert f"the lithium ({edition.label('short-stage-mine')}, 2025)" in svg
    assert "the cobalt" in svg


def test_a_withheld_reliance_has_its_letter_and_no_colour(edition):
    frame = reliance()
    of_potash = frame["mineral"].eq("potash")
    none = frame["reliance_pct"].mask(of_potash)
    withheld = frame.assign(
        reliance_pct=none, reliance_shown=frame["reliance_shown"].mask(of_potash, "W")
    )
    svg = drawn(charts.us_reliance(withheld, edition))
    assert ">W<" in svg
    # One coloured square fewer, and not one in the colour of zero.
    assert svg.count('aria-roledescription="rect mark"') == len(frame) - 1
    assert drawn(charts.us_reliance(frame, edition)).count(
        'aria-roledescription="rect mark"'
    ) == len(frame)
