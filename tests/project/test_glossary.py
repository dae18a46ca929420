"""The glossary, made of the vocabulary."""

import datetime as dt

import pytest

from critical_minerals.project.glossary import Glossary, read_glossary
from critical_minerals.publish.sources import source_records
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace


@pytest.fixture
def records(workspace: Workspace) -> dict[str, dict[str, str]]:
    return source_records(RawStore(workspace).read("sources", dt.date(2026, 9, 30)))


@pytest.fixture
def glossary(workspace: Workspace) -> Glossary:
    return read_glossary(RawStore(workspace), dt.date(2026, 9, 30))


def test_it_holds_the_canadian_list_units_and_acronyms(glossary: Glossary):
    assert len(glossary.minerals) == 34
    assert {"t", "kt", "USD"} <= set(glossary.units["unit"])
    assert {"GDP", "NATO", "CMIF"} <= set(glossary.acronyms["acronym_en"])
    assert {"NRCAN_LIST24", "BIPM_SI"} <= set(glossary.sources)


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("en", "| Copper | Cu | [Cuivre]{lang=fr} | base metal |"),
        ("fr", "| Cuivre | Cu | [Copper]{lang=en} | métal commun |"),
        ("en", "| Fluorspar | CaF~2~ | [Fluorine]{lang=fr} | industrial mineral |"),
        ("fr", "| Produit intérieur brut | PIB | [Gross domestic product]{lang=en} | mesure ou"),
    ],
)
def test_a_row_names_the_thing_in_both_languages(
    glossary: Glossary, records, language: Language, row: str
):
    assert row in glossary.partial(language, records)


def test_rows_follow_the_alphabet_of_the_language(glossary: Glossary, records):
    lines = [line for line in glossary.partial("fr", records).splitlines() if "{lang=en}" in line]
    terms = [line.split(" | ")[0].removeprefix("| ") for line in lines]
    assert terms.index("Cuivre") < terms.index("Éléments des terres rares") < terms.index("Zinc")
