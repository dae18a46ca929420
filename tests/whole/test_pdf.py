import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from .conftest import EDITIONS, Project, printed

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


def pages_of(node: pikepdf.Object, numbers: dict, above: int | None = None) -> Iterator[int]:
    """Name the pages on which what a part of the structure tree holds is drawn."""
    if not isinstance(node, pikepdf.Array | pikepdf.Dictionary):
        yield from [] if above is None else [above]
    elif isinstance(node, pikepdf.Array):
        for child in node:
            yield from pages_of(child, numbers, above)
    else:
        here = numbers[node.Pg.objgen] if "/Pg" in node else above
        yield from pages_of(node.get("/K", node.get("/MCID")), numbers, here)


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


def test_a_table_leaves_no_row_alone_on_a_page(pdf: pikepdf.Pdf):
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    for table in (e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Table"):
        rows = [row for row in elements(table) if row.get("/S") == "/TR"][1:]
        on_pages = Counter(min(pages_of(row, numbers)) for row in rows)
        assert len(on_pages) == 1 or min(on_pages.values()) > 1, on_pages


def test_a_table_and_its_source_line_are_not_parted(pdf: pikepdf.Pdf, kind: str):
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    told = 0
    for parts in (e.K for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Div"):
        for table, line in pairwise(parts if isinstance(parts, pikepdf.Array) else []):
            if (table.get("/S"), line.get("/S")) == ("/Table", "/P"):
                told += 1
                *_, last = (row for row in elements(table) if row.get("/S") == "/TR")
                assert {*pages_of(line, numbers)} == {*pages_of(last, numbers)}
    assert told >= DOCUMENTS[kind][2] - 3


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
    text = " ".join(page.text for page in printed(path))
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
