from collections.abc import Iterator

import pikepdf
import pypdf
import pytest

from .conftest import Project


@pytest.fixture(scope="module")
def pdf(project: Project) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(project.output("pdf")) as document:
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


def test_it_is_tagged_titled_and_says_its_language(pdf: pikepdf.Pdf):
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang).startswith("en")
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert "Critical Minerals" in str(metadata["dc:title"])


def test_every_figure_has_a_text_alternative(pdf: pikepdf.Pdf):
    figures = [e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Figure"]
    assert len(figures) >= 16
    assert all(len(str(figure.get("/Alt", ""))) > 60 for figure in figures)


def test_tables_have_header_cells_and_headings_are_bookmarks(pdf: pikepdf.Pdf):
    kinds = [str(e.get("/S")) for e in elements(pdf.Root.StructTreeRoot)]
    assert kinds.count("/Table") >= 5
    assert kinds.count("/TH") >= 20
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert any("At a glance" in title for title in titles)
    assert any("Methods" in title for title in titles)


def test_its_text_can_be_read_and_searched(project: Project):
    reader = pypdf.PdfReader(project.output("pdf"))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert 15 <= len(reader.pages) <= 90
    for words in ("At a glance", "Sustainable Critical Minerals Alliance", "Sources"):
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
