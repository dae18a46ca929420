"""What the workbooks say is written for the readers of their edition."""

import io
import json
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from lxml import etree

from critical_minerals.publish.workbooks import workbooks
from critical_minerals.workspace.parameters import Language, Publication
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
SOURCE = {
    "title": "Exports",
    "publisher": "A ministry",
    "published": "2026-02-06",
    "tier": "official",
    "terms": "open",
    "url": "",
}
LINEAGE = {"as_of": "2026-09-30", "notebooks": {"10_tiny": "1"}, "sources": {"S_ONE": SOURCE}}
PUBLICATION = Publication("An office", "office@example.org", "2027-03-31")
SHOWN: dict[str, tuple[str, str]] = {
    "en": ("1,234.5", "\u22122.0"),
    "fr": ("1\u00a0234,5", "\u22122,0"),
}
DATES = {
    "en": ("September\u00a030, 2026", "March\u00a031, 2027", "February\u00a06, 2026"),
    "fr": ("30\u00a0septembre 2026", "31\u00a0mars 2027", "6\u00a0février 2026"),
}
LANGUAGES: list[Language] = ["en", "fr"]


@pytest.fixture
def place(workspace: Workspace) -> Workspace:
    """A workspace in which one table is published in both languages."""
    theme = workspace.reports / "theme"
    theme.mkdir(parents=True)
    (theme / "words.yml").write_bytes((PROJECT / "reports/theme/words.yml").read_bytes())
    for language in LANGUAGES:
        workspace.document(language, workspace.project.last).write_text(
            "---\ntitle: Annex\n---\n", "utf-8"
        )
        folder = workspace.published(language)
        folder.mkdir(parents=True)
        table = {
            "title": "Exports",
            "caption": "By year.",
            "header": ["Year", "Amount"],
            "cells": [["2024", SHOWN[language][0]], ["2025", SHOWN[language][1]]],
            "numeric": [False, True],
            "csv": "year,amount\n2024,1234.5\n2025,-2.0\n",
        }
        (folder / "tbl-exports.json").write_text(json.dumps(table), "utf-8")
        manifest = {"tables": {"tbl-exports": {"sources": ["S_ONE"]}}}
        (folder / "10_tiny.json").write_text(json.dumps(manifest), "utf-8")
    return workspace


def books(place: Workspace, language: Language) -> dict[str, bytes]:
    made = workbooks(place, language, LINEAGE, PUBLICATION)
    return {Path(name).suffix: content for name, content in made.items()}


def xlsx_texts(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def ods_texts(content: bytes) -> list[str]:
    with ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read("content.xml"))
    return ["".join(element.itertext()) for element in root.iter(TEXT)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_date_is_written_in_the_language_of_the_edition(place: Workspace, language: Language):
    made = books(place, language)
    for texts in (xlsx_texts(made[".xlsx"]), ods_texts(made[".ods"])):
        whole = "\n".join(texts)
        for date in DATES[language]:
            assert date in whole
        for iso in ("2026-09-30", "2027-03-31", "2026-02-06"):
            assert iso not in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_that_are_shown_uncomputed_are_written_in_the_language_of_the_edition(
    place: Workspace, language: Language
):
    texts = ods_texts(books(place, language)[".ods"])
    assert {*SHOWN[language]} <= {*texts}


def test_what_is_not_stated_is_not_on_the_cover(place: Workspace):
    for content in workbooks(place, "en", LINEAGE, Publication()).values():
        read = xlsx_texts if content.startswith(b"PK") and b"xl/" in content else ods_texts
        assert not any("Next update" in text for text in read(content))
