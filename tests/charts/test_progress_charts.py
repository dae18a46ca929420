import altair as alt
import numpy as np
import pandas as pd
import pytest

from critical_minerals.charts import progress as charts
from critical_minerals.charts.canada import Canada
from critical_minerals.charts.sites import projects_map
from critical_minerals.charts.theme import themed
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish.edition import Edition
from critical_minerals.tables.processed import shaped

from .drawing import DOLLARS, TABLES, drawn, names

DAY = pd.Timestamp("2026-02-27")
ROW = {"as_of": DAY, "source_id": "A", "origin": "a.csv:2", "precision": "exact"}
CANADA = Canada((), 500, 400, 0.1, (-2500, -1500))


@pytest.fixture
def edition():
    frames = {
        "place": names("place_id", "CN", "US", "EU", "JP", "CA", "CA-ON"),
        "mineral": names("mineral", "nickel", "gold"),
    }
    return Edition("en", Vocabulary(frames, REPORT.lists), DOLLARS)


def major_projects():
    rows = [
        ("mpi_2024", "all_natural_resources", "projects", 2024, 504),
        ("mpi_2024", "all_natural_resources", "capital_value", 2024, 632.6e9),
        ("planned_2034", "mining", "capital_value", 2034, 117.1e9),
        ("planned_2034", "critical_minerals", "capital_value", 2034, 72.4e9),
        ("planned_2034", "other_mining", "capital_value", 2034, 44.7e9),
        ("mpi_2023", "critical_minerals", "capital_value", 2023, 60.9e9),
        ("mpi_2023", "critical_minerals", "projects", 2023, 63),
    ]
    names = ["inventory", "coverage", "project_measure", "period_end", "value"]
    frame = pd.DataFrame(rows, columns=names).assign(unit="CAD", **ROW)
    return shaped(TABLES["major_projects"], frame.assign(period_start=frame["period_end"]))


def exploration():
    rows = [
        ("total", 2021, "preliminary", 3.6e9, False),
        ("total", 2021, "actual", 3.8e9, True),
        ("base_metals", 2021, "actual", 0.7e9, True),
        ("total", 2019, "computed", 2.3e9, True),
    ]
    names = ["exploration_category", "year", "spending_basis", "amount_cad", "chosen"]
    frame = pd.DataFrame(rows, columns=names).assign(share_pct=np.nan, **ROW)
    return shaped(TABLES["exploration"], frame)


def chain():
    frame = pd.DataFrame(
        {
            "step": ["mining", "oem", "mining"],
            "step_order": [1, 7, 1],
            "country": ["CN", "CN", "CA"],
            "capability": ["established", "not_stated", "potential"],
        }
    ).assign(**ROW)
    return shaped(TABLES["rare_earth_chain"], frame)


def sites():
    frame = pd.DataFrame(
        {
            "site": ["a", "b", "c"],
            "site_kind": ["mine", "mill", "infrastructure"],
            "site_status": ["operating", "operating", "planned"],
            "minerals": ["nickel;gold", "gold", None],
            "main_mineral": ["nickel", "gold", None],
            "latitude": [46.5, 46.6, None],
            "longitude": [-81.0, -81.1, None],
        }
    ).assign(company="Company", province="CA-ON", approximate=False, **ROW)
    for column in ("referred", "cost_million_cad", "cost_year"):
        frame[column] = None
    return shaped(TABLES["sites"], frame.assign(site_en=frame["site"], site_fr=frame["site"]))


def mapped(frame, edition):
    return projects_map(frame, edition, CANADA, ["nickel"])


BUILDERS = [
    (charts.major_projects, major_projects),
    (charts.exploration, exploration),
    (charts.rare_earth_chain, chain),
    (mapped, sites),
]


@pytest.mark.parametrize(("builder", "made"), BUILDERS)
def test_builder_draws_its_table(builder, made, edition):
    spec = themed(builder(made(), edition), "en")
    assert alt.Chart.from_dict(spec) or spec
    assert "url" not in str(spec.get("data", {}))


@pytest.mark.parametrize(("builder", "made"), BUILDERS)
def test_builder_draws_an_empty_table(builder, made, edition):
    assert themed(builder(made().head(0), edition), "en")


@pytest.mark.parametrize(("builder", "made"), BUILDERS)
def test_builder_draws_each_row_of_its_table_alone(builder, made, edition):
    rows = made()
    for at in range(len(rows)):
        assert drawn(builder(rows.iloc[[at]], edition))


def words(spec):
    return {
        row["text"]
        for rows in spec["datasets"].values()
        for row in rows
        if isinstance(row, dict) and "text" in row
    }


def test_a_site_without_position_is_listed_but_not_drawn(edition):
    spec = themed(mapped(sites(), edition), "en")
    assert "Not on the map" in words(spec)
    assert "c" in words(spec)
    numbers = [
        row["number"] for rows in spec["datasets"].values() for row in rows if "number" in row
    ]
    assert sorted(set(numbers)) == [1, 2]


def test_a_site_of_another_mineral_says_which(edition):
    assert "b (the gold)" in words(themed(mapped(sites(), edition), "en"))


def test_a_bar_without_a_stated_total_says_so(edition):
    spec = themed(charts.major_projects(major_projects(), edition), "en")
    said = {row.get("said") for rows in spec["datasets"].values() for row in rows}
    assert "total not stated" in said
    assert "117.1" in said
