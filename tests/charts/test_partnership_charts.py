import pandas as pd
import pytest
import vl_convert

from critical_minerals.charts import partnerships as charts
from critical_minerals.charts.theme import themed
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish.edition import Edition


@pytest.fixture
def edition():
    places = pd.DataFrame(
        {"place_id": ["US", "JP"], "name_en": ["United States", "Japan"], "name_fr": ["É", "J"]}
    )
    return Edition("en", Vocabulary({"place": places}, REPORT.lists))


@pytest.fixture
def agreements():
    frame = pd.DataFrame(
        {
            "agreement": ["a", "b", "c"],
            "short_en": ["Older", "Middle", "Newer"],
            "scope": ["multilateral", "bilateral", "bilateral"],
            "concluded": ["2020", "2021-06", "2025-10-31"],
            "starts_on": pd.to_datetime(["2020-01-01", "2021-06-01", "2025-10-31"]),
            "starts_by": pd.to_datetime(["2020-12-31", "2021-06-30", "2025-10-31"]),
        }
    )
    return frame.iloc[::-1]


@pytest.fixture
def cells():
    return pd.DataFrame(
        {
            "country": ["US", "US", "JP"],
            "forum": [charts.BILATERAL, "alliance", "alliance"],
            "forum_name_en": ["Bilateral", "A long-named alliance", "A long-named alliance"],
            "standing": ["from_start", "from_start", "later"],
            "arrangements": pd.array([2, 1, 1], dtype="Int64"),
        }
    )


def drawn(chart, edition):
    return vl_convert.vegalite_to_svg(themed(chart, edition.language))


def test_the_timeline_runs_from_the_oldest_down(agreements, edition):
    chart = charts.timeline(agreements, edition)
    assert chart.to_dict()["layer"][0]["encoding"]["y"]["sort"] == ["Older", "Middle", "Newer"]
    assert all(word in drawn(chart, edition) for word in ("2020", "June 2021", "October 2025"))


def test_the_timeline_names_only_scopes_that_it_shows(agreements, edition):
    svg = drawn(charts.timeline(agreements, edition), edition)
    assert "bilateral" in svg
    assert "domestic" not in svg


def test_the_matrix_writes_numbers_for_bilateral_and_headings_in_lines(cells, edition):
    svg = drawn(charts.matrix(cells, edition), edition)
    assert ">2</text>" in svg
    assert ">A long-named</text>" in svg


def test_charts_of_no_rows_still_draw(agreements, cells, edition):
    for chart in (
        charts.timeline(agreements.head(0), edition),
        charts.matrix(cells.head(0), edition),
    ):
        assert drawn(chart, edition).startswith("<svg")
