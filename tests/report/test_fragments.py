from __future__ import annotations

import json

import pytest
from lxml import html

from critical_minerals.report import embedded, fragments
from critical_minerals.report.embedded import Embedded
from critical_minerals.report.fragments import (
    HTML,
    TYPST,
    SplitDocument,
    convert_fragments,
    split_document,
)
from critical_minerals.report.rendering import RenderError

FILL = "A long remark that widens the table; " * 4
ROWS = [f"| Project {n} | {FILL}2026-01-{n % 28 + 1:02} | a |" for n in range(1, 150)]
TABLE = "\n".join(["| Name | Amount | See |", "|------|:---|---|", *ROWS])
FLOAT = f"::: {{#tbl-long}}\n\n{TABLE}\n\n**A long table.**\n\n:::"


@pytest.fixture
def page(reports, document):
    def render(body: str) -> str:
        (path,) = Embedded().render(document(body), ("html",), reports / "_fragments")
        return path.read_text("utf-8")

    return render


@pytest.fixture
def printed(reports, document, monkeypatch):
    """What Typst is given of a document."""
    given = []
    monkeypatch.setattr(embedded, "_finish_print", lambda _, text: given.append(text))

    def render(body: str) -> str:
        # That no PDF is made is told when the text is there.
        with pytest.raises(RenderError, match="without making"):
            Embedded().render(document(body), ("pdf",), reports / "_fragments")
        return given.pop()

    return render


@pytest.fixture
def starts(monkeypatch):
    """What Pandoc was given to read, in order."""
    given = []
    convert = embedded.convert

    def noting(text, outputs):
        given.append(text.markdown)
        return convert(text, outputs)

    monkeypatch.setattr(embedded, "convert", noting)
    return given


def converted(starts) -> int:
    """Say how many of Pandoc's starts were for tables alone."""
    return sum(text.startswith("\ue006") for text in starts)


def test_a_table_that_is_set_aside_comes_out_as_ever(page, monkeypatch):
    body = f"## One {{#sec-one}}\n\nSee @tbl-long.\n\n{FLOAT}".replace(
        "| a |", "| Section [-@sec-one]; Table [-@tbl-long] |"
    )
    apart = page(body)
    monkeypatch.setattr(fragments, "_MIN_CHARACTERS", 10**9)
    assert page(body) == apart
    assert "<th>Project 7</th>" in apart
    assert '<a href="#sec-one" class="quarto-xref">1</a>' in apart


def test_in_print_too(printed, starts, monkeypatch):
    told = "| Section [-@sec-one]; All [-@tbl-long], [-@tbl-long]; [go](https://a.ca) |"
    body = f"## One {{#sec-one}}\n\nSee @tbl-long.\n\n{FLOAT}".replace("| a |", told)
    apart = printed(body)
    assert printed(body.replace("See @", "At @")) == apart.replace("See #", "At #")
    assert converted(starts) == 1
    monkeypatch.setattr(fragments, "_MIN_CHARACTERS", 10**9)
    assert printed(body) == apart
    assert "[Project 7]" in apart
    assert "#ref(<sec-one>, supplement: [])\\; All" in apart


NOTE = 'about="Note"} **$4 · it’s 2\\%**: Survey, at “GitHub” ([2026a](#src-one)), p. 3; rows 2–4.'
NOTES = "\n\n".join(
    [
        "::: {.notes}",
        *(f"[{n}]{{#note-{n} .note-number {NOTE}" for n in range(1, 300)),
        "[Table @tbl-long]. **Found.** Survey ([2026a](#src-one)).",
        ':::: {.content-visible unless-format="docx"}\nData\\: a\\_b.csv, row 2.\n::::',
        ":::",
    ]
)


@pytest.mark.parametrize("form", ["page", "printed"])
def test_notes_that_are_set_aside_come_out_as_ever(form, starts, monkeypatch, request):
    render = request.getfixturevalue(form)
    body = f"See @tbl-long and [one]{{#src-one}}.\n\n{FLOAT}\n\n{NOTES}"
    apart = render(body)
    assert converted(starts) == 1
    assert "note-7" not in starts[-2]
    monkeypatch.setattr(fragments, "_MIN_CHARACTERS", 10**9)
    assert render(body) == apart
    assert "rows 2–4" in apart.replace("--", "–")


def test_a_line_that_leads_to_what_was_not_yet_public_stays_in_the_document():
    line = "Sources: Survey ([2026](#src-one))."
    lines = ["::: {.source-line}", line, ":::", *NOTES.splitlines()]
    assert split_document(lines, HTML).lines[1] != line
    assert split_document(lines, HTML, ["src-one"]).lines[1] == line
    assert split_document(lines, HTML, ["src-one"]).fragments == []
    assert split_document([*lines, *TABLE.splitlines()], HTML, ["src-one"]).lines[1] == line


def test_an_edit_of_the_prose_converts_no_table_again(page, starts):
    first = page(f"Before.\n\n{FLOAT}")
    assert converted(starts) == 1
    assert page(f"After.\n\n{FLOAT}") == first.replace("Before.", "After.")
    assert converted(starts) == 1


def test_a_changed_table_is_converted_again(page, starts):
    page(FLOAT)
    assert "<th>Project seven</th>" in page(FLOAT.replace("Project 7 ", "Project seven "))
    assert converted(starts) == 2


def test_damaged_keepings_do_not_matter(page, reports):
    first = page(FLOAT)
    (kept,) = (reports / "_generated" / "cache").glob("test_damaged*.json")
    key = json.loads(kept.read_text("utf-8"))["made-by"]
    for content in ("{", "[]", "{}", json.dumps({"made-by": key, "fragments": ["a"]})):
        kept.write_text(content)
        assert page(FLOAT) == first


def test_faults_within_tables_are_told_with_their_place(page):
    with pytest.raises(RenderError, match=r":10\d: nothing here is called 'fig-gone'"):
        page(FLOAT.replace("Project 90 ", "[-@fig-gone] "))
    with pytest.raises(RenderError, match=r":10\d: there is no value 'v.gone'"):
        page(FLOAT.replace("Project 90 ", "{{< meta v.gone >}} "))


def test_faults_in_what_the_format_does_not_show_are_told(page):
    hidden = '::: {.content-visible when-format="typst"}\n{{< meta v.gone >}}\n:::'
    with pytest.raises(RenderError, match=r":9: there is no value 'v.gone'"):
        page(hidden)


def test_only_the_last_fragments_are_kept(tmp_path):
    kept = tmp_path / "kept.json"

    def convert(lines):
        return "\n".join(lines).upper()

    def made(*texts):
        return convert_fragments(
            SplitDocument(TYPST, [], [*texts]), convert, cache_file=kept, cache_key="x"
        )

    made("a", "b")
    assert made("b", "c") == {"b": "B", "c": "C"}
    assert sorted(json.loads(kept.read_text())["fragments"].values()) == ["B", "C"]


@pytest.mark.parametrize(
    "cell", ["@fig-a", "x[^1]", "![](a.svg)", "<value n=v.a>", "[Heading]", "`[-@fig-a]`", "<br>"]
)
def test_what_rests_on_the_document_stays_in_it(cell):
    lines = [*TABLE.splitlines(), f"| {cell} | b | c |"]
    assert split_document(lines, HTML).fragments == []


@pytest.mark.parametrize("around", ["```", "Table: A caption", ": A caption"])
def test_code_and_captioned_tables_stay_in_the_document(around):
    assert split_document([around, "", *TABLE.splitlines(), "", around], HTML).fragments == []


def test_few_fragments_are_not_worth_a_start(page, starts):
    assert html.fromstring(page("| a |\n|---|\n| b |")).xpath("//td/text()") == ["b"]
    assert converted(starts) == 0
