import pandas as pd
import pytest

from critical_minerals.language.quantities import Count, Measure, Money, Percent
from critical_minerals.language.stated import and_list, in_words, output_of, place_list, quantity
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT


@pytest.fixture
def vocabulary():
    places = pd.DataFrame(
        {
            "place_id": ["DE", "EU", "CL", "US"],
            "name_en": ["Germany", "European Union", "Chile", "United States"],
            "name_fr": ["Allemagne", "Union européenne", "Chili", "États-Unis"],
        }
    )
    units = pd.DataFrame(
        {
            "unit": ["projects"],
            "name_en": ["projects"],
            "name_fr": ["projets"],
            "symbol_en": [None],
            "symbol_fr": [None],
        }
    )
    return Vocabulary({"place": places, "unit": units}, REPORT.lists)


@pytest.mark.parametrize(
    ("unit", "kind"), [("CAD", Money), ("percent", Percent), ("projects", Count)]
)
def test_the_unit_decides_the_kind_of_quantity(unit, kind):
    assert isinstance(quantity(3.0, unit), kind)


def test_figures_are_written_with_their_units_and_precision(vocabulary):
    frame = pd.DataFrame(
        {
            "value": pd.array([19, 90, 20_000_000, None], dtype="Float64"),
            "unit": ["projects", "percent", "CAD", None],
            "precision": ["more_than", "rounded", "exact", None],
        }
    )
    assert in_words(frame, vocabulary, "en").fillna("").tolist() == [
        "more than 19\u00a0projects",
        "90%",
        "$20\u00a0million",
        "",
    ]
    assert in_words(frame, vocabulary, "fr")[0] == "plus de 19\u00a0projets"


def test_places_stand_in_the_order_of_their_names_in_each_language(vocabulary):
    ids = ["US", "EU", "DE", "CL"]
    english = place_list(ids, vocabulary, "en")
    assert english == "Chile, the European Union, Germany and the United States"
    french = place_list(ids, vocabulary, "fr")
    assert french == "Allemagne, Chili, États-Unis et Union européenne"


def test_no_places_are_a_dash(vocabulary):
    assert place_list([], vocabulary, "en") == "–"


def test_one_word_is_its_own_list():
    assert and_list(["Chile"], "en") == "Chile"


@pytest.mark.parametrize(("tonnes", "decimals"), [(5_600.0, 0), (99.5, 1), (12.0, 0), (0.0, 0)])
def test_output_is_told_in_tonnes_with_the_digits_it_needs(tonnes: float, decimals: int):
    rows = pd.DataFrame({"quantity_t": [tonnes], "volume_m3": [None]}, dtype="Float64")
    assert output_of(rows) == Measure(tonnes, "t", decimals=decimals)


def test_large_output_is_told_in_millions():
    rows = pd.DataFrame({"quantity_t": [3e6, None], "volume_m3": [None, 2e6]}, dtype="Float64")
    assert "3\u00a0million" in output_of(rows, 0)("en").replace(" ", "\u00a0")
    assert "2\u00a0million" in output_of(rows, 1)("en").replace(" ", "\u00a0")
