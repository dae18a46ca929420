"""Source notes: which values share one, what it says, how numbers refer to it."""

import re
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish.lists import SourceUsage, sources_partial, trails
from critical_minerals.publish.notes import Notes, number_notes
from critical_minerals.publish.provenance import (
    by_file,
    lineage_line,
    name_sources,
    reliability,
)
from critical_minerals.report.references import references_of

DOCUMENT = """
## First {#sec-first}

In {{< meta v.year >}}: {{< meta v.projects >}}, then {{< meta v.total >}} and {{< meta v.as_of >}}.

{{< include _generated/en/fig-sums.md >}}

### *Second* {#sec-second}

Again {{< meta v.projects >}}, of {{< meta v.listed >}}.
"""
USES = references_of(DOCUMENT, "report.html")
FILE = "data/raw/funding/results.csv"


def row(number: int, source: str, *marks: str, **more: Any) -> dict[str, Any]:
    return {
        "table": "funding/results",
        "row": number,
        "key": {"programme": "cmif", "measure": f"m{number}"},
        "as_of": f"2026-02-{number:02}",
        "source_id": source,
        "place": f"page <{number}>",
        "note": "read twice",
        "cells": {"label_en": f"Label {number}", "label_fr": f"Libellé {number}"},
        "marks": [*marks],
        **more,
    }


def source(title: str, tier: str = "official", **more: str) -> dict[str, str]:
    told = {"title": title, "title_language": "en", "publisher": f"{title} Press"}
    told |= {"publisher_fr": "", "url": "https://example.org/?a&b", "published": "2026-02"}
    return {**told, "tier": tier, "terms": "open", "terms_fr": "ouvert", **more}


def value(text: str, *numbers: int, sources: tuple[str, ...] = ("S_ONE",)) -> dict[str, Any]:
    return {
        "notebook": "10_tiny",
        "cell": f"cell-of-{text}",
        "text": {"en": text, "fr": f"{text} (fr)"},
        "sources": [*sources],
        "origins": [f"{FILE}:{number}" for number in numbers],
        "tables": {"results": [*numbers]},
    }


@pytest.fixture
def lineage() -> dict[str, Any]:
    return {
        "as_of": "2026-09-30",
        "published": {
            "values": {
                "projects": value("33*", 2),
                "year": value("2025", 2),
                "total": value("$5", *range(2, 8), sources=("S_ONE", "S_TWO")),
                "listed": value("9", 3, sources=("S_TWO",)),
                "unused": value("1", 4),
            },
            "figures": {"fig-sums": value("x", *range(2, 8), sources=("S_ONE", "S_TWO"))},
            "tables": {},
        },
        "rows": {
            f"{FILE}:2": row(2, "S_ONE"),
            f"{FILE}:3": row(3, "S_TWO"),
            f"{FILE}:4": row(4, "S_ONE", "estimated", "withheld"),
            **{f"{FILE}:{n}": row(n, "S_ONE") for n in range(5, 8)},
        },
        "sources": {"S_ONE": source("One"), "S_TWO": source("Two", "reported")},
    }


def notes(lineage: dict[str, Any], language: str = "en", **revised: str) -> Notes:
    return Notes(lineage, number_notes(USES.stated, lineage), language, revised, REPORT.row_texts)


def page(lineage: dict[str, Any], language: str = "en", **revised: str) -> lxml.html.HtmlElement:
    partial = notes(lineage, language, **revised).partial(USES, "report.html")
    return lxml.html.fragment_fromstring(partial.split("```")[1].removeprefix("{=html}"))


def test_values_on_the_same_rows_share_a_note_numbered_by_first_use(lineage: dict[str, Any]):
    numbered = number_notes(USES.stated, lineage)
    assert [note.values for note in numbered] == [("year", "projects"), ("total",), ("listed",)]
    assert [note.number for note in numbered] == [1, 2, 3]
    assert numbered[0].cells == ("cell-of-2025", "cell-of-33*")


def test_later_documents_only_add_what_the_first_does_not_use(lineage: dict[str, Any]):
    numbered = number_notes([*USES.stated, "unused", "listed"], lineage)
    assert [note.values[0] for note in numbered] == ["year", "total", "listed", "unused"]


def test_a_value_is_linked_escaped_and_marked_once(lineage: dict[str, Any]):
    edition = notes(lineage, total="$4")
    assert edition.value("projects", "33*") == (
        r'[33\*](#note-1){.value role="doc-noteref" data-note="1"}'
    )
    text, link = edition.value("total", "$5").split("](")
    assert text == r"[\$5", "no sign is part of the text"
    (said,) = re.findall(r' said="([^"]+)"', link)
    assert len(said.split("; ")) == 3
    assert r"\$4" in said
    assert edition.value("unused", "1*") == r"1\*"


def test_a_note_of_one_row_says_all_about_it(lineage: dict[str, Any]):
    note = page(lineage)[0]
    text = note.text_content()
    for part in ("2025 · 33*", "Label 2", "One Press", "February 2026", "official", "open"):
        assert part in text
    for part in ("funding/results.csv", "row 2", "cmif · m2", "page <2>", "read twice"):
        assert part in text
    links = [each.get("href") for each in note.iter("a")]
    assert links == [
        "https://example.org/?a&b",
        "#src-s-one",
        "data/results.csv#row=2",
        "notebooks/10_tiny.html#cell-cell-of-2025",
        "notebooks/10_tiny.html#cell-cell-of-33*",
        "#sec-first",
    ]


def test_a_note_of_many_rows_sums_them_up_and_stays_reachable(lineage: dict[str, Any]):
    note = page(lineage, total="$4")[1]
    text = note.text_content()
    assert "rows 2–7" in text
    assert "February\u00a02, 2026 to February\u00a07, 2026" in text
    assert "(1 of 6 rows)" in text
    assert "$4" in text
    assert "data/lineage.json" in [each.get("href") for each in note.iter("a")]


def test_many_sources_are_folded(lineage: dict[str, Any]):
    names = [f"S_{n}" for n in range(4)]
    lineage["sources"] |= {name: source(name) for name in names}
    lineage["published"]["values"]["total"]["sources"] = names
    (fold,) = page(lineage).iter("details")
    assert len(fold.findall("ul/li")) == 4


def test_what_is_written_in_english_says_so_in_french(lineage: dict[str, Any]):
    note = page(lineage, "fr")[0]
    english = [each.text_content() for each in note.iter() if each.get("lang") == "en"]
    assert english == ["One", "page <2>", "read twice"]
    assert "Libellé 2" in note.text_content()
    assert "ouvert" in note.text_content()


def test_print_tells_the_way_in_one_line(lineage: dict[str, Any]):
    partial = notes(lineage, total="$4").partial(USES, "report.html")
    lines = [line for line in partial.splitlines() if ".note-number " in line]
    assert lines[0] == (
        r'[1]{#note-1 .note-number about="Source note 1\: One Press, 2026"} **2025 · 33\***: '
        r"One Press ([2026](#src-s-one)), page \<2\> → "
        r"funding/results.csv, row 2 → notebook 10\_tiny, cell cell-of-2025; "
        r"notebook 10\_tiny, cell cell-of-33\* → results.csv, row 2."
    )
    assert "Revised: $5; the last release had $4." in lines[1].replace("\\", "")


def test_a_whole_sentence_has_no_full_stop_before_the_colon(lineage: dict[str, Any]):
    lineage["published"]["values"]["listed"]["text"]["en"] = "It adds zinc."
    partial = notes(lineage).partial(USES, "report.html")
    assert "**It adds zinc**: Two Press" in partial


def test_a_page_before_the_annex_holds_its_own_notes_for_its_script(lineage: dict[str, Any]):
    both = references_of("## A {#sec-a}\n\n{{< meta v.year >}}\n", "update.html")
    partial = notes(lineage).partial(both, "update.html", annex="annex.html", stated=["year"])
    held = lxml.html.fragment_fromstring(partial.split("```")[1].removeprefix("{=html}"))
    assert held.get("hidden") is not None
    assert [note.get("id") for note in held] == ["note-1"]
    links = [each.get("href") for each in held.iter("a")]
    assert "annex.html#src-s-one" in links
    assert links[-1] == "#sec-a"
    assert "unless-format" not in partial, "in print, notes are listed in the annex alone"


def test_every_figure_is_listed_with_all_its_sources_and_its_way(lineage: dict[str, Any]):
    lineage["published"]["figures"]["fig-sums"]["title"] = {"en": "Sums *rise*", "fr": "Sommes"}
    for page, name in (
        ("report.html", "[Figure @fig-sums]. "),
        ("annex.html", "[Figure 1 of the update]"),
    ):
        listed = re.sub(r"\\(.)", r"\1", trails(lineage, USES, page, "en"))
        assert name in listed
        for part in ("One Press", "Two Press", "funding/results.csv, rows 2–7", "Sums *rise*"):
            assert part in listed
    assert "(report.html#fig-sums)" in listed


def test_reliability_counts_rows_and_says_it_in_both_languages(lineage: dict[str, Any]):
    firm = reliability([f"{FILE}:2"], lineage)
    assert (firm.marks("en"), firm.remarks("en")) == ([], [])
    lineage["rows"][f"{FILE}:2"]["corrections"] = [{"reason": "slip"}]
    lineage["sources"]["S_ONE"]["tier"] = "secondary"
    weak = reliability(lineage["rows"], lineage)
    assert weak.tiers == {"reported": 1, "secondary": 5}
    assert weak.kinds == ("estimated", "withheld")
    assert weak.corrected == 1
    for language in ("en", "fr"):
        assert len(weak.marks(language)) == 2
        assert len(weak.remarks(language)) == 4


def test_an_official_figure_read_in_a_copy_carries_the_mark_that_methods_promise(
    lineage: dict[str, Any],
):
    lineage["sources"]["S_ONE"]["tier"] = "republished"
    read = reliability([f"{FILE}:2"], lineage)
    assert read.marks("en") == ["not official"]
    assert read.remarks("fr") == ["Selon des chiffres officiels lus dans une copie."]


def test_the_line_under_a_figure_names_publishers_and_folds_the_rest(lineage: dict[str, Any]):
    line = lineage_line(lineage["published"]["figures"]["fig-sums"], lineage, "en")
    line = re.sub(r"\\(.)", r"\1", line)  # without escapes
    line, folded = line.split(':::: {.content-visible when-format="html"}')
    assert "One Press ([2026](#src-s-one)); Two Press" in line
    assert "(1 of 6 rows)" in line
    assert "rows 2–7" not in line
    assert "[results.csv, rows 2–7](data/results.csv#row=2)" in folded
    assert "notebooks/10_tiny.html#cell-cell-of-x" in folded
    assert "6 raw rows: funding/results.csv, rows 2–7" in folded


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("publishers", [1, 2, 4, 5, 7])
def test_the_line_without_its_links_is_the_line_of_the_report(
    lineage: dict[str, Any], publishers: int, language: str
):
    entry = lineage["published"]["figures"]["fig-sums"]
    lineage["sources"] = {
        f"S_{n}_{m}": source(f"House {n}") for n in range(publishers) for m in range(2)
    }
    entry |= {"sources": [*lineage["sources"]], "origins": []}
    line = lineage_line(entry, lineage, language).splitlines()[1]
    words = re.sub(r"\[(.*?)\]\(#.*?\)", r"\1", re.sub(r"\\(.)", r"\1", line))
    assert name_sources(entry["sources"], lineage["sources"], language).text == words


def test_the_list_of_sources_tells_what_was_taken(lineage: dict[str, Any]):
    numbered = number_notes(USES.stated, lineage)
    usage = SourceUsage(lineage, numbered, USES, "report.html", frozenset({"S_ONE"}), frozenset())
    table = sources_partial(lineage["sources"], usage, "en")
    one, two = (line for line in table.splitlines() if "{#src-" in line)
    assert "Figure [-@fig-sums]; notes 1, 2; words of the glossary; 5 rows" in one
    assert "Figure [-@fig-sums]; notes 2, 3; one row" in two
    elsewhere = SourceUsage(lineage, numbered, USES, "annex.html", frozenset(), frozenset())
    named = "Figure [1](report.html#fig-sums) of the update; notes"
    assert named in sources_partial(lineage["sources"], elsewhere, "en").replace("\\", "")


@given(st.sets(st.tuples(st.sampled_from(["a/b.csv", "c.csv"]), st.integers(2, 99))))
def test_every_origin_stands_under_its_file_once(pairs: set[tuple[str, int]]):
    found = by_file(f"data/raw/{file}:{row}" for file, row in pairs)
    assert {(file, row) for file, rows in found.items() for row in rows} == pairs
