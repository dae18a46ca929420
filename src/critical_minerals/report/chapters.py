"""Split a long page into one page for each chapter that asks for it.

Both renderers typeset a document whole, so that numbers and references are those of its print; the
finished page is parsed, and its chapters are distributed. A chapter asks for a page of its
own in its heading, which names that of the other language too:

    ## Sources {#sec-sources page="annex-sources" twin="annexe-sources"}

What precedes the first of them stays on the document's page. Its script forwards old addresses,
such as `report.html#sec-sources`, to the page that now has the anchor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

from lxml import html
from lxml.html import builder

from critical_minerals.report.rendering import RenderError
from critical_minerals.workspace.paths import write_whole

_LINK_TARGET: Final = re.compile(r"(sec|fig|tbl|note|src)-(?!.*-caption-)")
"""Anchors that links may name; ids inside drawings and captions are never linked to."""

HtmlElement: TypeAlias = Any
"""An element of `lxml.html`, which the stubs of lxml do not describe."""


@dataclass(frozen=True)
class Part:
    """One of the resulting pages: its file, and the elements of its main part."""

    file: str
    content: list[HtmlElement] = field(default_factory=list)

    @cached_property
    def heading(self) -> HtmlElement:
        """The heading of the chapter with which the page begins."""
        return next(element for element in self.content if element.tag == "h2")

    @property
    def anchor(self) -> str:
        """The anchor of that chapter."""
        return self.heading.attrib["id"]

    def find(self, path: str) -> list[HtmlElement]:
        """Find elements by an XPath expression, evaluated at each top-level element of the page."""
        return [match for element in self.content for match in _find(element, path)]


@dataclass(frozen=True)
class SplitPage:
    """A page without its main content, and the parts of that; the first keeps the page's name.

    `labels` are the texts of the templates.
    """

    frame: HtmlElement
    parts: Sequence[Part]
    labels: Mapping[str, str]

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield each page with its file name."""
        for index, part in enumerate(self.parts):
            page = deepcopy(self.frame)
            main = page.get_element_by_id("main")
            main.extend([*part.content, *self._hidden_notes(part), self._pager(index)])
            self._shorten_contents(page, part)
            if index:
                self._set_title(page, part)
            else:
                main.append(self._anchor_map())
            # The engine is 400 KB of text; pages without charts go without it.
            if not part.find("descendant-or-self::*[@class='vega-lite']"):
                _remove(page, "//script[@id='chart-engine']")
            # Last, so that the links of contents and notes are rewritten as well.
            self._rewrite_links(page, part)
            yield part.file, html.tostring(page, doctype="<!DOCTYPE html>", encoding="unicode")

    def _rewrite_links(self, page: HtmlElement, part: Part) -> None:
        """Point links within the whole page at the file of the part that has their target."""
        for link in _find(page, "//a[starts-with(@href, '#')]"):
            file = self._files.get(link.attrib["href"][1:], part.file)
            if file != part.file:
                link.set("href", file + link.attrib["href"])

    def _shorten_contents(self, page: HtmlElement, part: Part) -> None:
        """Reduce the contents to all chapters, and the sections of this page only."""
        for entry in _find(page, "//nav[@class='contents']/details/ul/li"):
            link = next(entry.iter("a"))
            anchor = link.attrib["href"][1:]
            if anchor == part.anchor:
                link.set("aria-current", "page")
            if self._files[anchor] != part.file:
                _remove(entry, "./ul")
        for link in _find(page, "//nav[@class='contents']/details//a"):
            link.attrib.pop("id", None)

    def _set_title(self, page: HtmlElement, part: Part) -> None:
        """Title a page by its chapter, lower its cover, link to its twin in the other language."""
        title = next(page.iter("title"))
        title.text = f"{_heading_text(part.heading)} – {title.text}"
        page.find_class("cover")[0].set("class", "cover cover-low")
        _remove(page, "//p[@class='cover-subtitle']")
        for link in _find(page, "//a[@data-other-language]"):
            link.set("href", f"{part.heading.get('data-twin')}.html")

    def _hidden_notes(self, part: Part) -> list[HtmlElement]:
        """Return a hidden list of the notes that the page refers to, which its script shows."""
        cited = {element.attrib["data-note"] for element in part.find(".//a[@data-note]")}
        lists = [notes for other in self.parts for notes in other.find("self::ol[@class='notes']")]
        # A page that lists all notes needs no hidden copy of some.
        if not cited or not lists or lists[0] in part.content:
            return []
        hidden_list = builder.OL(dict(lists[0].attrib), hidden="")
        hidden_list.extend(
            deepcopy(element) for element in lists[0] if element.get("value") in cited
        )
        return [hidden_list]

    def _pager(self, index: int) -> HtmlElement:
        """Return the links to the pages before and after this one."""
        pager = builder.NAV(builder.CLASS("pager"), {"aria-label": self.labels["pages"]})
        for rel, neighbours in (
            ("prev", self.parts[:index][-1:]),
            ("next", self.parts[index + 1 :][:1]),
        ):
            for neighbour in neighbours:
                pager.append(_link_to(neighbour, rel, self.labels[rel]))
        return pager

    def _anchor_map(self) -> HtmlElement:
        """Return the script element that lists the anchors of every other page, for forwarding."""
        anchors_by_file = {
            part.file: [anchor for anchor, file in self._files.items() if file == part.file]
            for part in self.parts[1:]
        }
        script = builder.SCRIPT(type="application/json", id="page-anchors")
        # The serializer does not escape the text of a script: no anchor may close its element.
        script.text = json.dumps(anchors_by_file).replace("<", "\\u003c")
        return script

    @cached_property
    def _files(self) -> dict[str, str]:
        """The file that holds each link target, by its anchor."""
        return {
            anchor: part.file
            for part in self.parts
            for element in part.find("descendant-or-self::*[@id]")
            if _LINK_TARGET.match(anchor := element.attrib["id"])
        }


def split_page(page: Path, labels: Mapping[str, str]) -> list[str]:
    """Split a finished page where its headings ask for it; return the names of all its pages.

    Raises `RenderError` naming a heading that asks for a page and is not that of a chapter.
    """
    # libxml2 limits the length of a text by default; pages have fonts, engine and data inside.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    frame: HtmlElement = html.document_fromstring(page.read_bytes(), parser=parser)
    page_headings = _find(frame, "//*[@data-page]")
    if not page_headings:
        return [page.name]
    main = frame.get_element_by_id("main")
    for element in page_headings:
        if element.tag != "h2" or element.getparent() is not main:
            msg = (
                f"{page.name}: “{_heading_text(element)}” asks for a page of its own. "
                "Only a chapter, a heading of the second level, can be one."
            )
            raise RenderError(msg)
    parts = [Part(page.name)]
    for element in list(main):
        if element in page_headings:
            parts.append(Part(f"{element.attrib['data-page']}.html"))
        parts[-1].content.append(element)
    main[:] = []
    for file, text in SplitPage(frame, parts, labels).pages():
        write_whole(page.with_name(file), text)
    return [part.file for part in parts]


def _link_to(part: Part, rel: str, label: str) -> HtmlElement:
    """Link to a page by a label and the heading of its chapter."""
    # A copy of the heading keeps its number and emphasis.
    link = deepcopy(part.heading)
    link.tag = "a"
    link.attrib.clear()
    link.attrib.update({"rel": rel, "href": part.file})
    label_element = builder.SPAN(label)
    label_element.tail, link.text, link.tail = f" {link.text or ''}", None, "\n"
    link.insert(0, label_element)
    return link


def _find(element: HtmlElement, path: str) -> list[HtmlElement]:
    return [*element.xpath(path)]


def _remove(element: HtmlElement, path: str) -> None:
    for match in _find(element, path):
        match.drop_tree()


def _heading_text(heading: HtmlElement) -> str:
    """Return the text of a heading without its number."""
    copied = deepcopy(heading)
    _remove(copied, ".//span[@class='header-section-number']")
    return copied.text_content().strip()
