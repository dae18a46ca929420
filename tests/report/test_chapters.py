"""A long page is cut into pages that lead to each other, and from which nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import lxml.html
import pytest

from critical_minerals.report.chapters import split_page
from critical_minerals.report.context import read_labels
from critical_minerals.report.embedded import Embedded
from critical_minerals.report.rendering import RenderError

BODY = """
## About {#sec-about}

It leads to a [source](#src-a) and to a [table](#tbl-all).

## Money {#sec-money page="more-money" twin="plus-argent"}

There were [33]{.value data-note="1"}
`<a href="#note-1" class="value" data-note="1">33</a>`{=html}, see @sec-detail.

### In detail {#sec-detail}

As in @sec-about.

## Notes and sources {#sec-notes page="more-notes" twin="plus-notes"}

```{=html}
<ol class="notes" data-of="Of {}" data-note="Note {}" data-close="Close">
<li id="note-1" value="1"><p>33</p><ul><li>from <a href="#src-a">a source</a></li></ul></li>
<li id="note-2" value="2"><p>34</p></li>
</ol>
<p id="src-a">A source</p><p id="tbl-all">A table</p>
```
"""
FRONT = """title: More
lang: en
date: 2026-06-30
other-language: {lang: fr, href: plus.html, name: Français}"""


@pytest.fixture
def pages(document, reports: Path, tmp_path: Path) -> dict[str, lxml.html.HtmlElement]:
    path = document(BODY, FRONT)
    (page,) = Embedded().render(path, ("html",), tmp_path)
    names = split_page(page, read_labels(reports / "theme", "en"))
    assert names == [page.name, "more-money.html", "more-notes.html"]
    texts = {name: (tmp_path / name).read_text("utf-8") for name in names}
    return {name.split(".")[0]: lxml.html.fromstring(text) for name, text in texts.items()}


def main(page: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    return page.get_element_by_id("main")


def hrefs(element: lxml.html.HtmlElement) -> list[str]:
    return [str(href) for href in element.xpath(".//a/@href")]


def test_links_lead_to_the_page_that_has_what_they_name(pages, request):
    first, money, notes = pages.values()
    name = request.node.name
    assert hrefs(main(first))[:2] == ["more-notes.html#src-a", "more-notes.html#tbl-all"]
    assert "more-notes.html#note-1" in hrefs(main(money))
    assert "#sec-detail" in hrefs(main(money))
    assert f"{name}.html#sec-about" in hrefs(main(money))
    assert "#src-a" in hrefs(main(notes))


def test_a_page_holds_the_notes_of_its_own_numbers(pages):
    first, money, notes = pages.values()
    (held,) = money.xpath("//ol[@class='notes' and @hidden]/li")
    assert held.get("id") == "note-1"
    assert hrefs(held) == ["more-notes.html#src-a"]
    assert not first.xpath("//ol[@class='notes']")
    assert len(notes.xpath("//ol[@class='notes' and not(@hidden)]/li[starts-with(@id, 'n')]")) == 2


def test_contents_name_all_pages_and_the_sections_of_this_one(pages, request):
    first, money, _ = pages.values()
    assert hrefs(first.find_class("contents")[0].find(".//ul")) == [
        "#sec-about",
        "more-money.html#sec-money",
        "more-notes.html#sec-notes",
    ]
    listed = money.find_class("contents")[0].find(".//ul")
    assert hrefs(listed) == [
        f"{request.node.name}.html#sec-about",
        "#sec-money",
        "#sec-detail",
        "more-notes.html#sec-notes",
    ]
    (current,) = listed.xpath(".//a[@aria-current='page']")
    assert current.get("href") == "#sec-money"


def test_pages_lead_on_and_back_and_to_the_other_language(pages, request):
    around = [hrefs(page.find_class("pager")[0]) for page in pages.values()]
    own = f"{request.node.name}.html"
    assert around == [["more-money.html"], [own, "more-notes.html"], ["more-money.html"]]
    assert [page.xpath("//a[@data-other-language]/@href")[0] for page in pages.values()] == [
        "plus.html",
        "plus-argent.html",
        "plus-notes.html",
    ]


def test_each_page_says_what_it_is(pages):
    titles = [page.findtext(".//title") for page in pages.values()]
    assert titles == ["More", "Money – More", "Notes and sources – More"]


def test_the_first_page_forwards_old_anchors(pages):
    first, money, _ = pages.values()
    (listed,) = first.xpath("//script[@id='page-anchors']/text()")
    forwards = json.loads(listed)
    assert forwards["more-money.html"] == ["sec-money", "sec-detail"]
    assert {"note-1", "note-2", "src-a", "tbl-all"} <= {*forwards["more-notes.html"]}
    assert not money.xpath("//script[@id='page-anchors']")


def test_only_pages_with_charts_carry_their_engine(pages):
    assert not any(page.xpath("//script[@id='chart-engine']") for page in pages.values())


def test_what_asks_for_no_pages_stays_whole(document, reports: Path, tmp_path: Path):
    path = document("## One {#sec-one}\n\nText.\n\n## Two {#sec-two}\n\nText.")
    (page,) = Embedded().render(path, ("html",), tmp_path)
    before = page.read_bytes()
    assert split_page(page, read_labels(reports / "theme", "en")) == [page.name]
    assert page.read_bytes() == before


def test_only_a_chapter_can_be_a_page(document, reports: Path, tmp_path: Path):
    path = document('## One {#sec-one}\n\n### Two {#sec-two page="two"}\n\nText.')
    (page,) = Embedded().render(path, ("html",), tmp_path)
    with pytest.raises(RenderError, match=r"“Two” asks for a page"):
        split_page(page, read_labels(reports / "theme", "en"))
