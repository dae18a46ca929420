import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pikepdf
import pypdf
import pytest

from .conftest import EDITIONS, Project

TITLES = {"en": "Critical Minerals", "fr": "minéraux critiques"}
CHAPTERS = {"en": ("At a glance", "Methods"), "fr": ("En bref", "Méthodes")}


@pytest.fixture(scope="module", params=EDITIONS)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def pdf(project: Project, language: str) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(project.output("pdf", language)) as document:
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
        assert TITLES[language] in str(metadata["dc:title"])


def test_every_figure_has_a_text_alternative(pdf: pikepdf.Pdf):
    figures = [e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Figure"]
    assert len(figures) >= 16
    assert all(len(str(figure.get("/Alt", ""))) > 60 for figure in figures)


def test_tables_have_header_cells_and_headings_are_bookmarks(pdf: pikepdf.Pdf, language: str):
    kinds = [str(e.get("/S")) for e in elements(pdf.Root.StructTreeRoot)]
    assert kinds.count("/Table") >= 5
    assert kinds.count("/TH") >= 20
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert len(titles) == 10
    for chapter in CHAPTERS[language]:
        assert any(chapter in title for title in titles), chapter


def test_headings_leave_no_gap(pdf: pikepdf.Pdf):
    kinds = [str(e.get("/S")) for e in elements(pdf.Root.StructTreeRoot)]
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_links_say_where_they_lead(pdf: pikepdf.Pdf):
    notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
    links = [note for note in notes if note.get("/Subtype") == "/Link"]
    assert len(links) > 300
    assert all(str(link.get("/Contents", "")).strip() for link in links)
    tagged = [e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Link"]
    assert len(tagged) >= len({str(link.get("/Contents")) for link in links})


def test_header_cells_say_what_they_head(pdf: pikepdf.Pdf):
    for cell in (e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/TH"):
        given = cell.get("/A")
        attributes = given if isinstance(given, pikepdf.Array) else [given]
        assert any(str(each.get("/Scope")) == "/Column" for each in attributes)


def test_words_in_the_other_language_say_so(pdf: pikepdf.Pdf, language: str):
    other = {"en": "fr", "fr": "en"}[language]
    languages = [str(e.get("/Lang", "")) for e in elements(pdf.Root.StructTreeRoot)]
    assert sum(each.startswith(other) for each in languages) >= 60


def test_both_editions_have_the_same_tags(project: Project):
    counted = []
    for language in EDITIONS:
        with pikepdf.open(project.output("pdf", language)) as document:
            kinds = Counter(str(e.get("/S")) for e in elements(document.Root.StructTreeRoot))
        alike = ("/H1", "/H2", "/Figure", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/Caption")
        counted.append({kind: kinds[kind] for kind in alike})
    assert counted[0] == counted[1]


def test_its_text_can_be_read_and_searched(project: Project, language: str):
    reader = pypdf.PdfReader(project.output("pdf", language))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert 15 <= len(reader.pages) <= 90
    for words in (CHAPTERS[language][0], "Creative Destruction Lab", "Sources"):
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
