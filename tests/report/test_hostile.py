"""Text of cells in every place where the report shows it, and in every format: it stays text.

The same document is typeset twice, from hostile words and from plain ones. What the hostile words
bring in beside themselves is what the two differ in: an element, an attribute, a link, a script.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import lxml.html
import pandas as pd
import pypdf
import pytest
from lxml import etree

from critical_minerals.charts.theme import themed
from critical_minerals.execution.charts import draw_charts
from critical_minerals.language.catalogue import Text
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.project.glossary import Glossary
from critical_minerals.publish.briefs import brief_partials
from critical_minerals.publish.edition import Edition
from critical_minerals.publish.lists import SourceUsage, sources_partial, trails
from critical_minerals.publish.notes import Notes, number_notes
from critical_minerals.publish.partials import line_name, shown_partials
from critical_minerals.publish.provenance import lineage_line
from critical_minerals.publish.publication import Publication
from critical_minerals.report.embedded import Embedded
from critical_minerals.report.markdown import compose
from critical_minerals.report.pandoc import Output, convert
from critical_minerals.report.pandoc import Text as PandocText
from critical_minerals.report.references import references_of
from critical_minerals.report.rendering import Format
from critical_minerals.report.yaml_text import dump_yaml, load_yaml
from critical_minerals.tables.cells import address
from critical_minerals.tables.descriptors import Column, Tables
from critical_minerals.tables.lineage import of_table
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace, find_workspace

SECRET = "the-secret-of-the-machine"  # noqa: S105 - a word to look for
INCLUDE = "{{< include ../secret.md >}}"
BREAKS = ("\n", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029")
HOSTILE = (
    *(f"a{end}{end}{INCLUDE}{end}{end}b" for end in BREAKS),
    INCLUDE,
    "{{< meta v.plain >}} <value n=plain>",
    "a\n```\n\n{{< include ../secret.md >}}\n\n```{=html}\n<script>canary()</script>\n```\n",
    'a\n\n````{=typst}\n#read("../secret.md")\n````\n\nb',
    '<img src=x onerror="canary()"> & <b onclick=canary()>bold</b>',
    '"><svg onload=canary()> \' onmouseover=canary() x="',
    "</script><script>canary()</script><!-- x --> ]]>",
    "</title></style><script>canary()</script>",
    "![x](file:///etc/passwd) ![](../secret.md) [go](javascript:canary())",
    "<javascript:canary()> <https://canary.example/> https://canary.example/bare",
    "[x]{onclick=canary()} []{#sec-canary .sign said=x} `canary()`{=html} `canary()`",
    '#read("../secret.md") `#read("../secret.md")`{=typst} $#read("x")$ $x^2$ #link("file:///x")',
    '\\input{../secret.md} \\write18{canary} "); #read("../secret.md") //',
    "[^1] ^[canary] [^1]: canary @fig-a [@fig-a; -@tbl-b] [-@fig-a]",
    "a\n\n[^1]: canary\n\n[canary]: https://canary.example/\n\n[canary]",
    "a\n\n::: {.callout-note onclick=canary()}\nb\n:::\n:::::\n::::::\n",
    "a\n\n# Heading {#sec-canary}\n\n- one\n- two\n\n> three\n\n| a |\n|--|\n| b |\n",
    "1. a", "- a", "    canary()", "# a", ": a", "Table: a", "---", "% a", "+ a", "| a", "(1) a",
    "a | b \\| c || **d** _e_ ~~f~~ H~2~O x^2^ \\",
    "&lt;b&gt; &amp; &#60;script&#62;",
    "<!--raw:0--> <!--report-head--> <!--report-scripts--> \ue0050\ue005 \ue006",
    "\ue002\ue002fig-a\ue003\ue003 <value n=\ue004plain>",
)  # fmt: skip
PLAIN = tuple(f"plain{number}" for number in range(len(HOSTILE)))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ADDRESSES = (
    "javascript:canary()",
    "JaVaScRiPt:canary()//https://good.example/",
    "data:text/html,<script>canary()</script>",
    "file:///etc/passwd",
    "//canary.example/x",
    "https://canary.example/a b",
    'https://canary.example/"onclick="canary()',
    "https://canary.example/)![x](file:///etc/passwd",
    "https://canary.example/><script>canary()</script>",
    "https://canary.example/\n\n{{< include ../secret.md >}}\n",
    "https://me:canary@canary.example/",
    "https://good.example/x' onclick='canary()",
    "doi:10.1000/<script>canary()</script>",
)
GOOD = "https://good.example/a_(b)*c*~d?e=1&f=$2#g"
DOI = "doi:10.1000/182_(x)"

DOCUMENT = """---
title: "{{< meta b.v0 >}}"
subtitle: "{{< meta b.v1 >}}"
abstract: "{{< meta b.v2 >}}"
lang: en
date: 2026-06-30
metadata-files: [_generated/theme/words-en.yml, _generated/en/values.yml]
---

## First {{< meta b.v3 >}} {#sec-first}

%(values)s

::: {.callout-note title="A notice"}
{{< meta v.v4 >}} in [short]{.abbr title="{{< meta b.v5 >}}"}.
:::

{{< include _generated/en/cards.md >}}

{{< include _generated/en/gaps.md >}}

%(figures)s

{{< include _generated/en/tbl-b.md >}}

{{< include _generated/en/tbl-glossary.md >}}

{{< include _generated/en/tbl-sources.md >}}

{{< include _generated/en/sources.md >}}

{{< include _generated/en/notes.md >}}

{{< include _generated/en/trails.md >}}
"""


class Said(Text):
    """Words of a cell, as a notebook hands them over."""

    def __init__(self, words: str) -> None:
        super().__init__(words, {})

    def __call__(self, language: Language) -> str:
        del language
        return self.key


def typeset(root: Path, texts: Sequence[str], addresses: Sequence[str]) -> dict[Format, Path]:
    """Publish texts in every place that shows any, and typeset a document of all that."""
    place = Workspace(root)
    folder = place.published("en")
    rows = of_table(_rows(texts), "rows")
    minerals = pd.DataFrame({"mineral": rows["mineral"], "name_en": texts, "name_fr": texts})
    publication = Publication(
        "10_tiny", place, [Edition("en", Vocabulary({"mineral": minerals}, REPORT.lists))], themed
    )
    awards, exports = (
        Tables(find_workspace().schemas)[n] for n in ("funding_by_mineral", "reserves")
    )
    columns = [awards.field("mineral"), exports.field("year"), awards.field("amount_cad")]
    named = {"x-labels": {"en": "Project"}}
    columns.append(Column(name="project", description="A project.", **named))
    for number, told in enumerate(texts):
        publication.value(f"v{number}", Said(told), [rows[number : number + 1]])
    few = [texts[start : start + 3] for start in range(0, len(texts), 3)]
    for number, said in enumerate(few):
        words = {
            name: Said(said[n % len(said)]) for n, name in enumerate(("title", "caption", "alt"))
        }
        shown = rows[number * 3 : number * 3 + len(said)]
        publication.figure(f"fig-f{number}", _chart, shown, columns, **words)
    words = {name: Said(texts[0]) for name in ("title", "caption")}
    publication.table("tbl-b", rows, columns, **words, widths=[30, 10, 10, 30])
    publication.locate({"rows": rows})
    publication.finish([], [])
    draw_charts(place)
    manifest = json.loads((folder / "10_tiny.json").read_text("utf-8"))
    lineage = _lineage(manifest, rows, texts, addresses)
    figures = "\n\n".join(
        f"{{{{< include _generated/en/fig-f{number}.md >}}}}" for number in range(len(few))
    )
    stated = "\n\n".join(f"{{{{< meta v.v{number} >}}}}" for number in range(len(texts)))
    document = DOCUMENT % {"values": stated, "figures": figures}
    uses = references_of(document, "hostile.html")
    numbered = number_notes(uses.stated, lineage)
    old = {f"v{number}": told for number, told in enumerate(texts)}
    notes = Notes(lineage, numbered, "en", old, REPORT.row_texts)
    told = {name: entry["text"] for name, entry in manifest["values"].items()}
    usage = SourceUsage(lineage, numbered, uses, "hostile.html", frozenset(), frozenset())
    records = lineage["sources"]
    frame = pd.DataFrame([{"source_id": name} | each for name, each in records.items()])
    cards = [{"name": f"v{number}", "says": said} for number, said in enumerate(texts)]
    told_of = {"cards": cards, "gaps": [*texts], "absent": [], "has": {}}
    briefs = brief_partials({**manifest, "brief": told_of}, frame, "2026-06-30", "en")
    made: Mapping[str, str] = {
        **shown_partials(folder, "en", live=True),
        **{line_name(name): lineage_line(entry, lineage, "en") for name, entry in _shown(lineage)},
        "cards.md": briefs["cards.md"],
        "gaps.md": briefs["gaps.md"],
        "tbl-glossary.md": _glossary(texts).partial("en", records),
        "tbl-sources.md": sources_partial(records, usage, "en"),
        # Its anchors are those of the list of sources, which the document has already.
        "sources.md": briefs["sources.md"].replace("{#src-", "{#brief-src-"),
        "notes.md": notes.partial(uses, "hostile.html"),
        "trails.md": trails(lineage, uses, "hostile.html", "en"),
        "values.yml": dump_yaml(
            {
                "v": {name: notes.value(name, said) for name, said in told.items()},
                "b": load_yaml(briefs["values.yml"])["v"],
                "plain": "a value of the document",
            }
        ),
    }
    for name, content in made.items():
        (folder / name).write_text(content, "utf-8")
    path = place.reports / "hostile.qmd"
    path.write_text(document, "utf-8")
    formats: tuple[Format, ...] = ("html", "pdf", "docx")
    return dict(zip(formats, Embedded().render(path, formats, root / "output"), strict=True))


def _chart(frame: pd.DataFrame, edition: Edition) -> alt.Chart:
    named = frame.assign(mineral=edition.named(frame["mineral"], "mineral"))
    shown = named[["mineral", "amount_cad", "project"]].astype({"amount_cad": float})
    return alt.Chart(shown).mark_bar().encode(x="amount_cad:Q", y="mineral:N", tooltip="project:N")


def _rows(texts: Sequence[str]) -> pd.DataFrame:
    count = len(texts)
    return pd.DataFrame(
        {
            "mineral": [f"m{number}" for number in range(count)],
            "year": pd.array([2024] * count, dtype="Int64"),
            "amount_cad": pd.array([5.0] * count, dtype="Float64"),
            "project": list(texts),
            "source_id": [f"S{number}" for number in range(count)],
            "origin": [f"data/raw/a.csv:{number + 2}" for number in range(count)],
        }
    )


def _lineage(
    manifest: Mapping[str, Any],
    rows: pd.DataFrame,
    texts: Sequence[str],
    addresses: Sequence[str],
) -> dict[str, Any]:
    """Tell of every text as the words of a row and of its source."""
    published = {
        kind: {
            name: {
                **entry,
                "notebook": "10_tiny",
                "text": {"en": entry.get("text", "")},
                "title": {"en": texts[number % len(texts)]},
            }
            for number, (name, entry) in enumerate(manifest[kind].items())
        }
        for kind in ("values", "figures", "tables")
    }
    told = [
        {
            "table": "a",
            "row": number + 2,
            "key": {"name": said},
            "as_of": "2026-02-01",
            "source_id": f"S{number}",
            "place": said,
            "note": said,
            "cells": {"label_en": said, "label_fr": said},
            "marks": ["estimated"],
        }
        for number, said in enumerate(texts)
    ]
    sources = {
        f"S{number}": {
            "title": said,
            "title_language": "fr",
            "publisher": said,
            "publisher_fr": said,
            "url": addresses[number % len(addresses)],
            "published": "2026-02",
            "tier": "reported",
            "terms": said,
            "terms_fr": said,
        }
        for number, said in enumerate(texts)
    }
    by_origin = dict(zip(rows["origin"], told, strict=True))
    return {"as_of": "2026-06-30", "published": published, "rows": by_origin, "sources": sources}


def _shown(lineage: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [pair for kind in ("figures", "tables") for pair in lineage["published"][kind].items()]


def _glossary(texts: Sequence[str]) -> Glossary:
    names = {"name_en": texts, "name_fr": texts, "source_id": ["S0"] * len(texts)}
    symbols = {"symbol": texts, "symbol_en": texts, "acronym_en": texts}
    kinds = {"group": "group-base-metals", "dimension": "unit-mass", "kind": "kind-programme"}
    frame = pd.DataFrame(names | symbols).assign(**kinds)
    return Glossary(frame, frame[:0], frame[:0])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, reports: Path) -> Path:
    """A place with a secret beside two projects, one for hostile words and one for plain ones."""
    root = tmp_path_factory.mktemp("hostile")
    for name in ("hostile", "plain"):
        for part in ("theme", "_generated"):
            if (reports / part).is_dir():
                shutil.copytree(reports / part, root / name / "reports" / part)
        (root / name / "secret.md").write_text(f"{SECRET}\n", "utf-8")
    return root


@pytest.fixture(scope="module")
def hostile(root: Path) -> dict[Format, Path]:
    return typeset(root / "hostile", HOSTILE, ADDRESSES)


@pytest.fixture(scope="module")
def plain(root: Path) -> dict[Format, Path]:
    return typeset(root / "plain", PLAIN, ["nowhere"])


def test_no_file_is_brought_in(hostile: dict[Format, Path]):
    assert SECRET not in hostile["html"].read_text("utf-8")
    assert SECRET not in _words(hostile["pdf"])
    assert not any(SECRET.encode() in content for content in _parts(hostile["docx"]).values())


def test_a_page_has_the_elements_and_attributes_of_plain_words(
    hostile: dict[Format, Path], plain: dict[Format, Path]
):
    page, other = (_page(made["html"]) for made in (hostile, plain))
    assert _shape(page) - _shape(other) == Counter()
    assert _shape(other) - _shape(page) == Counter()


def test_drawings_and_their_data_keep_the_shape_of_plain_words(
    hostile: dict[Format, Path], plain: dict[Format, Path]
):
    page, other = (_page(made["html"]) for made in (hostile, plain))
    for one, two in zip(page.iter("svg"), other.iter("svg"), strict=True):
        assert {_kind(part) for part in one.iter()} <= {_kind(part) for part in two.iter()}
    for one, two in zip(_charts(page), _charts(other), strict=True):
        assert _skeleton(json.loads(one)) == _skeleton(json.loads(two))
        assert "<" not in one


def test_a_page_links_to_nothing_that_plain_words_do_not(
    hostile: dict[Format, Path], plain: dict[Format, Path]
):
    page, other = (_page(made["html"]) for made in (hostile, plain))
    assert _links(page) == _links(other)
    assert "canary" not in "".join(_links(page))


def test_print_links_to_nothing_outside_and_has_no_more_pictures(
    hostile: dict[Format, Path], plain: dict[Format, Path]
):
    one, two = (pypdf.PdfReader(made["pdf"]) for made in (hostile, plain))
    assert _addresses(one) == _addresses(two) == set()
    assert (
        "/Names" not in one.trailer["/Root"] or "/JavaScript" not in one.trailer["/Root"]["/Names"]
    )


def test_word_has_the_parts_links_and_elements_of_plain_words(
    hostile: dict[Format, Path], plain: dict[Format, Path]
):
    one, two = (_parts(made["docx"]) for made in (hostile, plain))
    assert one.keys() == two.keys()
    related = "word/_rels/document.xml.rels"
    targets = [
        sorted(str(each.get("Target")) for each in etree.fromstring(parts[related]))
        for parts in (one, two)
    ]
    assert targets[0] == targets[1]
    counted = [_counted(etree.fromstring(parts["word/document.xml"])) for parts in (one, two)]
    assert counted[0] == counted[1]


@pytest.fixture(scope="module")
def read(hostile: dict[Format, Path]) -> dict[Format, str]:
    """What readers of each format see."""
    page = _page(hostile["html"])
    for part in page.xpath("//script | //style | //svg"):
        part.drop_tree()
    word = etree.fromstring(_parts(hostile["docx"])["word/document.xml"])
    return {
        "html": _typed(page.text_content()),
        "docx": _typed("".join(word.itertext(f"{W}t"))),
        # A line of print ends anywhere, even within a word.
        "pdf": re.sub(r"[\s-]", "", _typed(_words(hostile["pdf"]))),
    }


@pytest.mark.parametrize("said", HOSTILE)
def test_words_are_read_as_they_were_typed(read: dict[Format, str], said: str):
    typed = _typed(said)
    assert typed in read["html"]
    assert typed in read["docx"]
    assert re.sub(r"[\s-]", "", typed) in read["pdf"]


@pytest.mark.parametrize("url", ADDRESSES)
def test_what_is_no_address_is_named_and_not_linked(read: dict[Format, str], url: str):
    assert address(url) == ""
    assert _typed(url) in read["html"]


@pytest.mark.parametrize("to", ["html", "typst"])
def test_addresses_are_linked_whole(root: Path, to: str):
    rows = [
        {
            "title": "T",
            "url": url,
            "anchor": f"src-{place}",
            "lang": "",
            "publisher": "P",
            "published": "2026",
            "tier": "official",
        }
        for place, url in enumerate((GOOD, DOI))
    ]
    lines = compose("documents", "en", halves=[rows]).split("\n")
    (made,) = convert(PandocText(root, lines), [Output(to)])
    found = [html.unescape(each) for each in re.findall(r'(?:href=|link\()"([^"]+)"', made)]
    assert found == [GOOD, "https://doi.org/10.1000/182_(x)"]


def _page(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(path.read_text("utf-8"))


def _kind(part: etree._Element) -> tuple[str, tuple[str, ...]]:
    return str(part.tag), tuple(sorted(map(str, part.attrib)))


def _shape(page: lxml.html.HtmlElement) -> Counter[tuple[str, tuple[str, ...]]]:
    """Count elements by their attributes, without what the drawing engine has drawn."""
    return Counter(
        _kind(part) for part in page.iter() if not any(True for _ in part.iterancestors("svg"))
    )


def _charts(page: lxml.html.HtmlElement) -> list[str]:
    return [str(script.text) for script in page.iter("script") if script.get("data-chart")]


def _skeleton(part: Any) -> Any:
    if isinstance(part, dict):
        # A set of data is called by the hash of what it holds.
        named = {re.sub("data-[0-9a-f]{32}", "data", name): each for name, each in part.items()}
        return {name: _skeleton(value) for name, value in named.items()}
    return [_skeleton(value) for value in part] if isinstance(part, list) else type(part)


def _links(page: lxml.html.HtmlElement) -> set[str]:
    """Name all that a page refers to, once: which sources stay in view depends on their names."""
    return {re.sub("base64,.*", "", str(link)) for _, _, link, _ in page.iterlinks()}


def _addresses(pdf: pypdf.PdfReader) -> set[str]:
    actions = [
        note.get_object().get("/A", {}) for page in pdf.pages for note in page.get("/Annots", ())
    ]
    return {str(action.get("/URI", action.get("/S"))) for action in actions} - {"None", "/GoTo"}


def _words(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)


def _parts(docx: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(docx) as file:
        return {name: file.read(name) for name in file.namelist()}


def _counted(root: etree._Element) -> Counter[str]:
    """Count elements; runs of words are cut wherever a word was escaped."""
    words = {f"{W}{name}" for name in ("r", "t", "rPr", "rStyle", "vertAlign", "lang", "b", "bCs")}
    return Counter(str(part.tag) for part in root.iter() if part.tag not in words)


def _typed(said: str) -> str:
    """Even out blanks, and what typography makes of quotes, dashes and dots."""
    plain = re.sub("[\ue000-\uf8ff]", "\ufffd", said)
    for pretty, typed in {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "…": "..."}.items():
        plain = plain.replace(pretty, typed)
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", plain.replace("—", "---")).strip()
