"""How cells read in each language: lists, and columns that are told twice."""

import pandas as pd
import pytest

from critical_minerals.publish.edition import Edition
from critical_minerals.tables.columns import text
from critical_minerals.vocabulary import Vocabulary

PLACES = pd.DataFrame(
    {
        "place_id": ["DE", "US", "EU"],
        "name_en": ["Germany", "United States", "European Union"],
        "name_fr": ["Allemagne", "États-Unis", "Union européenne"],
    }
)
MINERALS = pd.DataFrame(
    {
        "mineral": ["tin", "nickel"],
        "name_en": ["Tin", "Nickel"],
        "name_fr": ["Étain", "Nickel"],
    }
)


@pytest.fixture(params=["en", "fr"])
def edition(request) -> Edition:
    return Edition(request.param, Vocabulary({"place": PLACES, "mineral": MINERALS}))


def cell(edition: Edition, column, **row: object) -> str:
    frame = pd.DataFrame([row]).astype("string")
    return edition.cells(frame, [column]).iloc[0, 0]


def test_places_stand_by_the_alphabet_of_the_language(edition: Edition):
    shown = cell(edition, text("partners", "", "place", many=True), partners="US;DE;EU")
    assert (
        shown
        == {
            "en": "European Union, Germany, United States",
            "fr": "Allemagne, États-Unis, Union européenne",
        }[edition.language]
    )


def test_a_ranked_cell_keeps_its_order_and_begins_with_the_only_capital(edition: Edition):
    column = text("minerals", "", "mineral", many=True, ranked=True)
    shown = cell(edition, column, minerals="tin;nickel")
    assert shown == {"en": "Tin, nickel", "fr": "Étain, nickel"}[edition.language]
    column = text("partners", "", "place", many=True, ranked=True)
    assert cell(edition, column, partners="US;DE").startswith(edition.name("place", "US"))


@pytest.mark.parametrize(("french", "shown"), [("Banque mondiale", "Banque mondiale"), (None, "X")])
def test_a_french_twin_stands_where_it_is_filled(edition: Edition, french: str | None, shown: str):
    told = cell(edition, text("recipient", ""), recipient="X", recipient_fr=french)
    assert told == (shown if edition.language == "fr" else "X")
