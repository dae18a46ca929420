"""The Word edition for reviewers: what Word and its screen readers need is really there."""

import re
import zipfile

import pytest
import vl_convert
from lxml import etree

from critical_minerals.report.references import read_references

from .conftest import EDITIONS, Project

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
CAPTION = re.compile(r"(?:Figure|Table|Tableau)\s\d+\. .{20,}")


class Document:
    """One Word file: its paragraphs with their styles, its tables and pictures."""

    def __init__(self, project: Project, language: str) -> None:
        self.language = language
        with zipfile.ZipFile(project.output("docx", language)) as file:
            self.body = etree.fromstring(file.read("word/document.xml"))
            self.styles = etree.fromstring(file.read("word/styles.xml"))
            self.properties = etree.fromstring(file.read("docProps/core.xml"))

    def styled(self, *names: str) -> list[str]:
        """The texts of the paragraphs of some styles, in their order."""
        return [
            "".join(paragraph.itertext(f"{W}t"))
            for paragraph in self.body.iter(f"{W}p")
            for style in paragraph.iter(f"{W}pStyle")
            if style.get(f"{W}val") in names
        ]


@pytest.fixture(scope="module", params=EDITIONS)
def document(request, project: Project) -> Document:
    return Document(project, request.param)


@pytest.mark.parametrize("language", EDITIONS)
def test_its_pictures_are_those_of_the_page_with_their_words(project: Project, language: str):
    with zipfile.ZipFile(project.output("docx", language)) as file:
        pictures = {file.read(name) for name in file.namelist() if name.endswith(".png")}
    generated = project.root / "reports" / "_generated"
    vl_convert.register_font_directory(str(generated / "fonts"))
    shown = read_references(project.document(language)).shown
    files = [generated / language / f"{name}.svg" for name in shown if name.startswith("fig-")]
    drawings = [file.read_text("utf-8") for file in files]
    assert len(pictures) >= 8
    assert pictures <= {vl_convert.svg_to_png(drawing, scale=2) for drawing in drawings}


def test_its_language_and_title_are_set(document: Document):
    language = next(document.styles.iter(f"{W}lang")).get(f"{W}val")
    told = {each.tag.rpartition("}")[2]: each.text for each in document.properties}
    assert told["language"] == language == f"{document.language}-CA"
    assert told["title"] == document.styled("Title")[0]


def test_headings_are_headings_of_word(document: Document):
    chapters, sections = document.styled("Heading1"), document.styled("Heading2")
    assert len(chapters) == 8
    assert len(sections) >= 10
    # Word numbers them, by their styles.
    assert not any(re.match(r"\d", heading) for heading in chapters + sections)
    known = {style.get(f"{W}styleId"): style for style in document.styles.iter(f"{W}style")}
    for level in ("1", "2"):
        style = known[f"Heading{level}"]
        assert style.find(f".//{W}outlineLvl") is not None
        assert style.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val") == "1"


def test_figures_and_tables_have_captions(document: Document):
    figures, tables = document.styled("ImageCaption"), document.styled("TableCaption")
    assert len(figures) >= 8
    assert len(tables) == len(list(document.body.iter(f"{W}tbl")))
    assert [text for text in figures + tables if not CAPTION.match(text)] == []


def test_pictures_have_text_alternatives(document: Document):
    alternatives = [each.get("descr", "") for each in document.body.iter(DRAWING)]
    assert len(alternatives) == len(document.styled("ImageCaption"))
    assert [text for text in alternatives if len(text) < 60] == []


def test_tables_repeat_their_header_row(document: Document):
    for table in document.body.iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert len(rows) > 1
        assert all("".join(cell.itertext(f"{W}t")).strip() for cell in rows[0].iter(f"{W}tc"))


def test_both_editions_are_built_alike(project: Project):
    english, french = (Document(project, language) for language in EDITIONS)

    def shape(each: Document) -> list[tuple[str, int]]:
        styles = ("Heading1", "Heading2", "ImageCaption", "TableCaption", "SourceLine", "Notice")
        return [(style, len(each.styled(style))) for style in styles]

    assert shape(english) == shape(french)


def test_it_says_its_day_in_words(document: Document):
    (said,) = document.styled("Date")
    assert not re.search(r"\d{4}-\d{2}-\d{2}", said)
    assert said.startswith(
        {"en": "Figures as of ", "fr": "Chiffres en date du "}[document.language]
    )
