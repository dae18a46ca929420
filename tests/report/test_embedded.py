from __future__ import annotations

import re
import zipfile

import pikepdf
import pytest
from lxml import etree, html

from critical_minerals.report.embedded import Embedded
from critical_minerals.report.rendering import RenderError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.fixture(scope="module")
def page(rendered):
    return html.parse(rendered["html"]).getroot()


def text(element) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def test_headings_are_numbered_in_order(page):
    headings = [(heading.tag, text(heading)) for heading in page.xpath("//h1 | //h2 | //h3")]
    assert headings == [
        ("h1", "A sample: progress update"),
        ("h2", "1 At a glance"),
        ("h2", "2 Programmes"),
        ("h3", "2.1 In detail"),
        ("h2", "3 Methods"),
    ]


def test_references_name_and_link_what_they_mean(page):
    links = [(text(link), link.get("href")) for link in page.xpath("//a[@class='quarto-xref']")]
    assert links == [
        ("Figure 1", "#fig-envelopes"),
        ("1", "#tbl-programmes"),
        ("Section 3", "#sec-methods"),
        ("Figure 1", "#fig-envelopes"),
        ("Table 1", "#tbl-programmes"),
    ]


def test_every_link_within_the_page_leads_somewhere(page):
    ids = set(page.xpath("//@id"))
    inner = {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")}
    assert inner <= ids
    assert len(page.xpath("//@id")) == len(ids)


def test_values_keep_their_markdown_everywhere(page):
    promised = page.xpath("//div[contains(@class,'key-points')]//li")[0]
    assert text(promised) == "The fund has promised $1.5 billion."
    assert promised.xpath(".//a/@href") == ["#src-nrcan"]
    assert "Research; up to $40 billion" in text(page.get_element_by_id("tbl-programmes"))


def test_captions_stand_above_and_name_their_figures(page):
    figure = page.get_element_by_id("fig-envelopes").find("figure")
    assert figure[0].tag == "figcaption"
    assert text(figure[0]).startswith("Figure 1. Most of the fund is promised.")
    assert figure.xpath(".//*[@aria-describedby]/@aria-describedby") == [figure[0].get("id")]


def test_page_is_whole_in_itself(page):
    assert page.xpath("//link") == []
    assert page.xpath("//@src") == []
    outer = [ref for ref in page.xpath("//a/@href") if not ref.startswith(("#", "data:"))]
    assert outer == ["https://www.canada.ca/en.html"]
    assert len(page.xpath("//script[@class='vega-lite']")) == 1


def test_page_says_what_made_it_and_as_of_when(page):
    assert "Typeset with Pandoc" in text(page.xpath("//footer")[0])
    assert text(page.xpath("//p[@class='cover-date']")[0]) == "Figures as of June 30, 2026"


def test_head_holds_the_date_and_all_styles(page):
    assert page.xpath("/html/head/meta[@name='dcterms.date']/@content") == ["2026-06-30"]
    assert len(page.xpath("/html/head/style")) == len(page.xpath("//style")) == 1


def test_dates_in_the_text_stay_on_one_line(page):
    assert page.xpath("//tbody//*[@class='date']/text()") == ["2026-02-27"]


def test_notices_have_titles(page):
    notices = page.xpath("//*[@role='note']")
    assert [text(notice) for notice in notices] == [
        "Two sources disagree Both are shown.",
        "Note A note without a title.",
    ]


def test_pdf_is_tagged_titled_and_described(rendered):
    with pikepdf.open(rendered["pdf"]) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("en")
        assert str(pdf.docinfo.Title) == "A sample: progress update"
        xmp = pdf.open_metadata()
        assert xmp.get("pdfuaid:part") == "1"
        tags = list(structure(pdf.Root.StructTreeRoot))
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root][-3:] == [
                "1 At a glance",
                "2 Programmes",
                "3 Methods",
            ]
    alts = [str(tag.Alt) for tag in tags if tag.get("/S") == "/Figure" and "/Alt" in tag]
    assert alts == ['Bar chart: "Infrastructure" is larger than Research.']
    kinds = [str(tag.S) for tag in tags if "/S" in tag]
    assert {"/H1", "/H2", "/Table", "/TH", "/Caption", "/Link", "/TOC"} <= set(kinds)


def structure(element):
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from structure(kid)


def test_docx_has_headings_captions_and_alternative_texts(rendered):
    with zipfile.ZipFile(rendered["docx"]) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    styled = [
        (style.get(f"{W}val"), "".join(paragraph.itertext()))
        for paragraph in body.iter(f"{W}p")
        for style in paragraph.iter(f"{W}pStyle")
    ]
    assert ("Heading1", "At a glance") in styled
    assert ("Heading2", "In detail") in styled
    captions = [words for style, words in styled if style in {"ImageCaption", "TableCaption"}]
    assert [caption.partition(".")[0] for caption in captions] == ["Figure\xa01", "Table\xa01"]
    assert [drawing.get("descr") for drawing in body.iter(f"{WP}docPr")] == [
        'Bar chart: "Infrastructure" is larger than Research.'
    ]
    assert [style for style, _ in styled].count("KeyFigure") == 2
    (look,) = body.iter(f"{W}tblLook")
    assert {look.get(f"{W}{name}") for name in ("firstRow", "firstColumn")} == {"1"}
    assert look.getnext().get(f"{W}val") == captions[1]


@pytest.mark.usefixtures("rendered")
def test_same_sources_give_the_same_bytes(reports):
    again = Embedded().render(reports / "sample.qmd", ("html", "pdf", "docx"), reports / "_again")
    for path in again:
        assert path.read_bytes() == (reports / "_output" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("See @fig-gone.", ":8: nothing here is called 'fig-gone'."),
        ("::: {.panel-tabset}\ntext\n:::", ":8: the division '.panel-tabset' is unknown"),
        ("::: {layout-ncol=2}\ntext\n:::", ":8: the attribute 'layout-ncol' on a division"),
        ("::: {#lst-code}\ntext\n:::", ":8: only #fig-, #tbl- and #sec- can be numbered"),
        ("```{python}\n1 + 1\n```", ":8: documents hold no code to run"),
        ("![](published/fig-envelopes.svg)", ":8: the picture has no fig-alt"),
        (
            '::: {.content-visible when-format="pdf"}\nx\n:::',
            ":8: format 'pdf' is not one of html, typst, docx",
        ),
        ("::: {#tbl-x}\n\n| a |\n|---|\n| b |\n\n:::", "has no caption as its last paragraph"),
    ],
)
def test_unknown_constructs_are_refused_with_their_place(reports, document, body, told):
    with pytest.raises(RenderError) as caught:
        Embedded().render(document(body), ("html",), reports / "_refused")
    assert told in str(caught.value)


def test_a_source_that_is_not_listed_is_refused(reports, document):
    with pytest.raises(RenderError, match="src-gone"):
        Embedded().render(document("[Gone](#src-gone)"), ("pdf",), reports / "_refused")


def test_a_failure_leaves_the_last_good_report(reports, document):
    output = reports / "_kept"
    good = Embedded().render(document("Good."), ("html", "pdf"), output)
    before = [path.read_bytes() for path in good]
    with pytest.raises(RenderError):
        Embedded().render(document("[Gone](#src-gone)"), ("html", "pdf"), output)
    assert [path.read_bytes() for path in good] == before
    assert sorted(path.name for path in output.iterdir()) == sorted(path.name for path in good)


def test_french_words(reports, document):
    front = "title: Rapport\nlang: fr\ndate: 2026-06-30"
    body = "## Un {#sec-un}\n\nVoir @sec-un.\n\n::: {.callout-tip}\nx\n:::"
    (path,) = Embedded().render(document(body, front), ("html",), reports / "_french")
    page = html.parse(path).getroot()
    assert page.get("lang") == "fr"
    assert text(page.xpath("//p[@class='cover-date']")[0]) == "Chiffres en date du 30 juin 2026"
    assert text(page.xpath("//*[@class='notice-title']")[0]) == "Conseil"


def test_a_language_without_words_is_refused(reports, document):
    with pytest.raises(RenderError, match="lang is 'de'"):
        Embedded().render(
            document("Text", "title: T\nlang: de\ndate: 2026-06-30"), ("html",), reports / "_de"
        )


def test_the_first_cell_of_a_row_heads_it(rendered):
    page = html.parse(rendered["html"]).getroot()
    tables = page.xpath("//*[starts-with(@id, 'tbl-')]//table")
    assert tables
    for row in (row for table in tables for row in table.xpath("tbody/tr")):
        assert [cell.tag for cell in row][:2] == ["th", "td"]
