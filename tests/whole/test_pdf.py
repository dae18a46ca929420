import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdf
import pytest

from .conftest import EDITIONS, Project

TITLES = {"en": "critical minerals", "fr": "minéraux critiques"}
CHAPTERS = {
    ("output", "en"): ("At a glance", "How to read"),
    ("output", "fr"): ("En bref", "Comment lire"),
    ("annex", "en"): ("Methods", "Sources"),
    ("annex", "fr"): ("Méthodes", "Sources"),
}
DOCUMENTS = {"output": (8, 8, 0), "annex": (14, 12, 16)}
"""Chapters, figures and tables of each document, at the least."""


@pytest.fixture(scope="module", params=EDITIONS)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module", params=[*DOCUMENTS])
def kind(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def path(project: Project, kind: str, language: str) -> Path:
    return getattr(project, kind)("pdf", language)


@pytest.fixture(scope="module")
def pdf(path: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(path) as document:
        yield document


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Walk the structure tree."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary) and ("/S" in node or "/K" in node):
        yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_it_is_tagged_titled_and_says_its_language(pdf: pikepdf.Pdf, language: str):
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang).startswith(language)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert TITLES[language] in str(metadata["dc:title"]).casefold()


def test_every_figure_has_a_text_alternative(pdf: pikepdf.Pdf, kind: str):
    figures = [e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Figure"]
    assert len(figures) >= DOCUMENTS[kind][1]
    assert all(len(str(figure.get("/Alt", ""))) > 60 for figure in figures)


def test_tables_have_header_cells_and_headings_are_bookmarks(
    pdf: pikepdf.Pdf, kind: str, language: str
):
    kinds = [str(e.get("/S")) for e in elements(pdf.Root.StructTreeRoot)]
    chapters, _, tables = DOCUMENTS[kind]
    assert kinds.count("/Table") >= tables
    assert kinds.count("/TH") >= 2 * tables
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert len(titles) == chapters
    for chapter in CHAPTERS[kind, language]:
        assert any(chapter in title for title in titles), chapter


def test_headings_leave_no_gap(pdf: pikepdf.Pdf):
    kinds = [str(e.get("/S")) for e in elements(pdf.Root.StructTreeRoot)]
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_links_say_where_they_lead(pdf: pikepdf.Pdf):
    notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
    links = [note for note in notes if note.get("/Subtype") == "/Link"]
    assert len(links) > 150
    told = [str(link.get("/Contents", "")).strip() for link in links]
    assert all(told)
    assert [each for each in told if re.fullmatch(r"(page )?[\d.\s]+", each)] == []
    tagged = [e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Link"]
    assert len(tagged) >= len({str(link.get("/Contents")) for link in links})


def test_header_cells_say_what_they_head(pdf: pikepdf.Pdf):
    for cell in (e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/TH"):
        given = cell.get("/A")
        attributes = given if isinstance(given, pikepdf.Array) else [given]
        assert any(str(each.get("/Scope")) == "/Column" for each in attributes)


@pytest.mark.parametrize("language", EDITIONS)
def test_words_in_the_other_language_say_so(project: Project, language: str):
    other = {"en": "fr", "fr": "en"}[language]
    with pikepdf.open(project.annex("pdf", language)) as pdf:
        languages = [str(e.get("/Lang", "")) for e in elements(pdf.Root.StructTreeRoot)]
    assert sum(each.startswith(other) for each in languages) >= 60


def test_both_editions_have_the_same_tags(project: Project, kind: str):
    counted = []
    for language in EDITIONS:
        with pikepdf.open(getattr(project, kind)("pdf", language)) as document:
            kinds = Counter(str(e.get("/S")) for e in elements(document.Root.StructTreeRoot))
        alike = ("/H1", "/H2", "/Figure", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/Caption")
        counted.append({kind: kinds[kind] for kind in alike})
    assert counted[0] == counted[1]


def test_its_text_can_be_read_and_searched(path: Path, kind: str, language: str):
    reader = pypdf.PdfReader(path)
    text = " ".join(page.extract_text() for page in reader.pages)
    for words in (CHAPTERS[kind, language][0], "Sources"):
        assert words in text
    assert "{{<" not in text
    assert "??" not in text


def test_figures_are_drawn_as_vectors(pdf: pikepdf.Pdf):
    images = [
        name
        for page in pdf.pages
        for name, item in page.resources.get("/XObject", {}).items()
        if item.get("/Subtype") == "/Image"
    ]
    assert images == []


def test_fonts_travel_with_the_file(pdf: pikepdf.Pdf):
    for page in pdf.pages:
        for font in page.resources.get("/Font", {}).values():
            for descendant in font.get("/DescendantFonts", []):
                descriptor = descendant.FontDescriptor
                assert any(k in descriptor for k in ("/FontFile2", "/FontFile3")), font.BaseFont
