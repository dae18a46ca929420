"""Both catalogues say the same, and the French that readers see keeps Canadian typography."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fluent.syntax import FluentParser
from fluent.syntax.ast import (
    BaseNode,
    Message,
    Placeable,
    SelectExpression,
    TextElement,
    VariableReference,
)
from fluent.syntax.visitor import Visitor

from critical_minerals.language.entries import FOLDER
from critical_minerals.tables.descriptors import Tables

PROJECT = Path(__file__).parents[2]
RAW = PROJECT / "data" / "raw"
FRENCH = PROJECT / "reports" / "rapport-d-etape.qmd"
N = "\u00a0"
FAULTS = {
    "straight apostrophe or quote": r"['\"]",
    "English quotation mark": r"[“”‘]",
    "double space": r"  ",
    "no no-break space before a colon": rf"[^{N}\d:/] ?:(?=\s|$)|\d ?:(?= )",
    "guillemet without a no-break space": rf"«(?!{N})|(?<!{N})»",
    "space before ; ! or ?": r"[^\S\n][;!?]",
    "breaking space before % or $": r"[\d}] (?=%|\$|[GM]\$)|\$ (?=CA\b|US\b)",
    "breaking space in a number": r"\d (?=\d{3}\b)",
    "capital without its accent": r"\b(?:Etat|Etats|Energie|Etude|Elements|Emirats|Emissions)\b",
}


class Words(Visitor):
    """Collects the text of a message, and the facts that it shows (not those it chooses by)."""

    def __init__(self) -> None:
        self.facts: set[str] = set()
        self.text = ""

    def visit_TextElement(self, node: TextElement) -> None:  # noqa: N802 - named by the library
        self.text += node.value

    def visit_Placeable(self, node: Placeable) -> None:  # noqa: N802
        expression = node.expression
        if isinstance(expression, VariableReference):
            self.facts.add(expression.id.name)
            self.text += "{}"
        elif isinstance(expression, SelectExpression):
            for variant in expression.variants:
                self.visit(variant.value)
                self.text += "\n"


def said(node: BaseNode) -> Words:
    words = Words()
    words.visit(node)
    return words


def messages(language: str) -> dict[str, Words]:
    """Every message of a language by its file and key."""
    parser = FluentParser()
    return {
        f"{path.stem}: {entry.id.name}": said(entry.value)
        for path in sorted((FOLDER / language).glob("*.ftl"))
        for entry in parser.parse(path.read_text("utf-8")).body
        if isinstance(entry, Message) and entry.value
    }


def faults(text: str) -> list[str]:
    """Name what a French text does against Canadian typography."""
    return [name for name, pattern in FAULTS.items() if re.search(pattern, text)]


def rows() -> Iterator[tuple[str, dict[str, str]]]:
    """Every row of every raw table that holds French, with the place where it stands."""
    for path in sorted(RAW.rglob("*.csv")):
        if not path.with_suffix(".schema.yaml").is_file():
            continue  # an official file as it came
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                if any(name.endswith("_fr") for name in row):
                    yield f"{path.relative_to(RAW)}:{number}", row


def test_both_languages_hold_the_same_texts_in_the_same_files():
    assert list(messages("en").keys() ^ messages("fr").keys()) == []


def test_each_pair_of_texts_shows_the_same_facts():
    english, french = messages("en"), messages("fr")
    unlike = {
        key: (sorted(english[key].facts), sorted(french[key].facts))
        for key in english.keys() & french.keys()
        if english[key].facts != french[key].facts
    }
    assert unlike == {}


def test_notes_of_figures_tell_no_mark_by_its_brightness():
    """What is light on white paper is dark on a page that its reader has dark."""
    brightness = re.compile(r"\b(?:light|dark|pale|pâles?|claire?s?|foncée?s?)\b", re.IGNORECASE)
    told = {
        f"{key} ({language})"
        for language in ("en", "fr")
        for key, words in messages(language).items()
        if key.endswith("-caption") and brightness.search(words.text)
    }
    assert told == set()


def test_french_texts_keep_canadian_typography():
    found = {key: faults(words.text) for key, words in messages("fr").items()}
    assert {key: names for key, names in found.items() if names} == {}


def test_labels_of_columns_stand_in_both_languages_in_good_french():
    columns = [
        (f"{name}.{column.name}", column.labels)
        for name, table in Tables(PROJECT / "data" / "schemas").items()
        for column in table.fields
        if column.labels
    ]
    assert len(columns) > 400
    assert [place for place, labels in columns if {*labels} != {"en", "fr"}] == []
    found = {place: faults(labels["fr"]) for place, labels in columns}
    assert {place: names for place, names in found.items() if names} == {}


def test_french_cells_keep_canadian_typography():
    found = [
        (place, name, cell, faults(cell))
        for place, row in rows()
        for name, cell in row.items()
        if name.endswith("_fr") and faults(cell)
    ]
    assert found == []


def test_what_is_told_in_english_is_told_in_french():
    """And the reverse: twins are filled together."""
    half_told = [
        (place, name)
        for place, row in rows()
        for name in row
        if name.endswith("_fr") and (twin := name.removesuffix("_fr") + "_en") in row
        if bool(row[name].strip()) != bool(row[twin].strip())
    ]
    assert half_told == []


def test_a_name_is_written_one_way_in_french():
    """One English name, one French name, wherever tables repeat it."""
    names: dict[tuple[str, str], set[str]] = {}
    for _, row in rows():
        for column in ("publisher", "terms", "recipient"):
            if column in row:
                names.setdefault((column, row[column]), set()).add(row[f"{column}_fr"])
    assert {name: ways for name, ways in names.items() if len(ways) > 1} == {}


def test_the_french_document_keeps_canadian_typography():
    _, front, body = FRENCH.read_text("utf-8").split("---\n", 2)
    lines = [*map(str, yaml.safe_load(front).values()), *body.splitlines()]
    bare = [re.sub(r"\{\{<.*?>\}\}", "{}", line) for line in lines if not line.startswith(":::")]
    prose = [
        re.sub(r"\{(?:[#.]|since=|one=)[^}]*\}", "", line)
        for line in bare
        if not line.startswith("{'")
    ]
    found = {line: faults(line) for line in prose if not line.startswith("[")}
    assert {line: names for line, names in found.items() if names} == {}


def test_the_words_of_the_templates_keep_canadian_typography():
    words = yaml.safe_load((PROJECT / "reports/theme/words.yml").read_text("utf-8"))
    assert words["en"].keys() == words["fr"].keys()
    assert {key: faults(text) for key, text in words["fr"].items() if faults(text)} == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("l'Alliance", "straight apostrophe or quote"),
        ("les “normes”", "English quotation mark"),
        ("deux  mots", "double space"),
        ("Source : RNCan", "no no-break space before a colon"),
        ("Source: RNCan", "no no-break space before a colon"),
        ("en 2024: rien", "no no-break space before a colon"),
        ("« normes »", "guillemet without a no-break space"),
        ("un ; deux", "space before ; ! or ?"),
        ("12 %", "breaking space before % or $"),
        ("{} M$", "breaking space before % or $"),
        ("en $ CA", "breaking space before % or $"),
        ("10 000 tonnes", "breaking space in a number"),
        ("Etats-Unis", "capital without its accent"),
    ],
)
def test_the_check_itself_finds_each_fault(text: str, fault: str):
    assert fault in faults(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Source{N}: l’Alliance dit «{N}oui{N}»; 10{N}000{N}${N}CA",
        f"à 12,3{N}%, jusqu’à {{}}; https://canada.ca et 12:30",
    ],
)
def test_the_check_itself_passes_good_french(text: str):
    assert faults(text) == []
