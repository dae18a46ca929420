"""How cells read in each language: lists, and columns that are told twice."""

import pandas as pd
import pytest

from critical_minerals.errors import UsageError
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish.edition import Edition
from critical_minerals.tables.descriptors import Column, Table

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
    return Edition(request.param, Vocabulary({"place": PLACES, "mineral": MINERALS}, REPORT.lists))


def column(name: str, table: str = "", **how: object) -> Column:
    """Describe a column of words, or of ids from a table."""
    key = {"fields": [name], "reference": {"resource": table, "fields": ["id"]}}
    described = {"name": "t", "$schema": "", "description": ".", "primaryKey": [name]}
    fields = [
        {"name": name, "description": ".", "x-labels": dict.fromkeys(("en", "fr"), "L")} | how
    ]
    keys = [key] if table else []
    return Table.model_validate(described | {"fields": fields, "foreignKeys": keys}).fields[0]


LIST = {"type": "list", "delimiter": ";"}


def cell(edition: Edition, column, **row: object) -> str:
    frame = pd.DataFrame([row]).astype("string")
    return edition.cells(frame, [column]).iloc[0, 0]


def test_places_stand_by_the_alphabet_of_the_language(edition: Edition):
    shown = cell(edition, column("partners", "vocabulary/places", **LIST), partners="US;DE;EU")
    assert (
        shown
        == {
            "en": "European Union, Germany, United States",
            "fr": "Allemagne, États-Unis, Union européenne",
        }[edition.language]
    )


def test_a_ranked_cell_keeps_its_order_and_begins_with_the_only_capital(edition: Edition):
    ranked = LIST | {"x-ranked": True}
    shown = cell(
        edition, column("minerals", "vocabulary/minerals", **ranked), minerals="tin;nickel"
    )
    assert shown == {"en": "Tin, nickel", "fr": "Étain, nickel"}[edition.language]
    told = cell(edition, column("partners", "vocabulary/places", **ranked), partners="US;DE")
    assert told.startswith(edition.name("place", "US"))


@pytest.mark.parametrize(("french", "shown"), [("Banque mondiale", "Banque mondiale"), (None, "X")])
def test_a_french_twin_stands_where_it_is_filled(edition: Edition, french: str | None, shown: str):
    told = cell(edition, column("recipient"), recipient="X", recipient_fr=french)
    assert told == (shown if edition.language == "fr" else "X")


def test_a_column_that_readers_are_to_see_needs_a_label():
    labelled = column("project", **{"x-labels": {"fr": "Projet"}})
    frame = pd.DataFrame({"project": ["One"]})
    assert list(Edition("fr", Vocabulary({}, REPORT.lists)).cells(frame, [labelled]).columns) == [
        "Projet"
    ]
    with pytest.raises(UsageError, match=r"no label in 'en'.*x-labels"):
        Edition("en", Vocabulary({}, REPORT.lists)).cells(frame, [labelled])
