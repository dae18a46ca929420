"""Where something stands in its document, in French: every place that the raw tables name."""

import csv
from pathlib import Path

import pytest

from critical_minerals.language.places import translate_place

RAW = Path(__file__).parents[2] / "data" / "raw"
N = "\u00a0"


def told(place: str) -> str:
    """A place in French, its English parts in brackets."""
    parts = translate_place(place, "fr")
    return "".join(f"[{part['text']}]" if part["lang"] else part["text"] for part in parts)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Table 3, p. 12", f"tableau{N}3, p.{N}12"),
        ("section Funding", f"section «{N}[Funding]{N}»"),
        ("section 2.1", f"section{N}2.1"),
        ("Key facts, 1st bullet", f"«{N}[Key facts]{N}», 1re puce"),
        ("1st-3rd paragraph", "du 1er au 3e paragraphe"),
        ("sheet 2 Supply, rows 6 and 7", f"feuille «{N}[2 Supply]{N}», lignes{N}6 et{N}7"),
        ("Summary and Figure 1 text", f"«{N}[Summary]{N}» et texte de la figure{N}1"),
        ("Promoting ... bullet CMIF", f"«{N}[Promoting ...]{N}», puce CMIF"),
        ("Building Value Downstream slide", f"diapositive «{N}[Building Value Downstream]{N}»"),
        ("record: Research, Tests and More", f"fiche «{N}[Research, Tests and More]{N}»"),
        ("Connect with us", f"«{N}[Connect with us]{N}»"),
        ("headings[3104]", "headings[3104]"),
        ("whatever an editor writes", "[whatever an editor writes]"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_place_is_said_in_french_and_titles_stay_english(english: str, french: str):
    assert told(english) == french
    assert "".join(part["text"] for part in translate_place(english, "en")) == english


def test_every_place_of_the_raw_tables_has_its_french():
    places: set[str] = set()
    for path in RAW.rglob("*.csv"):
        if path.with_suffix(".schema.yaml").is_file():
            with path.open(encoding="utf-8", newline="") as file:
                places |= {row.get("place") or "" for row in csv.DictReader(file)}
    assert len(places) > 600
    assert sorted(place for place in places if told(place) == f"[{place}]") == []
