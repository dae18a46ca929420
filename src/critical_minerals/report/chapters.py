"""A long page, cut into one page for each chapter that asks for it.

Both renderers typeset a document whole, so that numbers and references are those of its print; the
finished page is read as a tree, and its chapters are shared out. A chapter asks for a page of its
own in its heading, which names that of the other language too:

    ## Sources {#sec-sources page="annex-sources" twin="annexe-sources"}

What stands before the first of them stays on the document's page, which forwards to the others
whoever comes with an anchor of the whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, cast

from lxml import html
from lxml.html import HtmlElement, builder

from critical_minerals.report.rendering import RenderError
from critical_minerals.workspace import write_whole

_LED_TO: Final = re.compile(r"(sec|fig|tbl|note|src)-(?!.*-caption-)")
"""What can be led to from elsewhere; drawings keep their anchors to themselves."""


@dataclass(frozen=True)
class Part:
    """A page that is cut: its file, and what stands in its main part."""

    file: str
    content: list[HtmlElement] = field(default_factory=list[HtmlElement])

    @cached_property
    def heading(self) -> HtmlElement:
        """The chapter that the page begins with."""
        return next(each for each in self.content if each.tag == "h2")

    @property
    def anchor(self) -> str:
        """The anchor of that chapter."""
        return self.heading.attrib["id"]

    def find(self, path: str) -> list[HtmlElement]:
        """Find elements by a path that goes out from anything the page holds."""
        return [found for each in self.content for found in _find(each, path)]


@dataclass(frozen=True)
class Cut:
    """A page without its main content, and the parts that this becomes; the first keeps its name.

    `words` are those of the templates.
    """

    frame: HtmlElement
    parts: Sequence[Part]
    words: Mapping[str, str]

    def pages(self) -> Iterator[tuple[str, str]]:
        """Give each page by its file name."""
        for place, part in enumerate(self.parts):
            page = deepcopy(self.frame)
            main = page.get_element_by_id("main")
            main.extend([*part.content, *self._held_notes(part), self._pager(place)])
            self._shorten_contents(page, part)
            if place:
                self._name(page, part)
            else:
                main.append(self._forwards())
            if not part.find("descendant-or-self::*[@class='vega-lite']"):
                _remove(page, "//script[@id='chart-engine']")
            self._lead(page, part)
            yield part.file, html.tostring(page, doctype="<!DOCTYPE html>", encoding="unicode")

    def _lead(self, page: HtmlElement, part: Part) -> None:
        """Lead links of the whole page to the part that holds what they name."""
        for link in _find(page, "//a[starts-with(@href, '#')]"):
            file = self._files.get(link.attrib["href"][1:], part.file)
            if file != part.file:
                link.set("href", file + link.attrib["href"])

    def _shorten_contents(self, page: HtmlElement, part: Part) -> None:
        """Leave the chapters in the contents, and the sections of this page."""
        for entry in _find(page, "//nav[@class='contents']/details/ul/li"):
            link = next(entry.iter("a"))
            anchor = link.attrib["href"][1:]
            if anchor == part.anchor:
                link.set("aria-current", "page")
            if self._files[anchor] != part.file:
                _remove(entry, "./ul")
        for link in _find(page, "//nav[@class='contents']/details//a"):
            link.attrib.pop("id", None)

    def _name(self, page: HtmlElement, part: Part) -> None:
        """Let a page be called by its chapter, under a low cover."""
        title = next(page.iter("title"))
        title.text = f"{_plain(part.heading)} – {title.text}"
        page.find_class("cover")[0].set("class", "cover cover-low")
        _remove(page, "//p[@class='cover-subtitle']")
        for link in _find(page, "//a[@data-other-language]"):
            link.set("href", f"{part.heading.get('data-twin')}.html")

    def _held_notes(self, part: Part) -> list[HtmlElement]:
        """Hold the notes of the page's numbers for its script."""
        cited = {each.attrib["data-note"] for each in part.find(".//a[@data-note]")}
        lists = [found for each in self.parts for found in each.find("self::ol[@class='notes']")]
        if not cited or not lists or lists[0] in part.content:
            return []
        held = builder.OL(dict(lists[0].attrib), hidden="")
        held.extend(deepcopy(each) for each in lists[0] if each.get("value") in cited)
        return [held]

    def _pager(self, place: int) -> HtmlElement:
        """Lead to the pages before and after this one."""
        pager = builder.NAV(builder.CLASS("pager"), {"aria-label": self.words["pages"]})
        for rel, ones in (("prev", self.parts[:place][-1:]), ("next", self.parts[place + 1 :][:1])):
            for one in ones:
                pager.append(_link(one, rel, self.words[rel]))
        return pager

    def _forwards(self) -> HtmlElement:
        """Name the anchors of every other page."""
        others = {
            part.file: [anchor for anchor, file in self._files.items() if file == part.file]
            for part in self.parts[1:]
        }
        script = builder.SCRIPT(type="application/json", id="page-anchors")
        script.text = json.dumps(others).replace("<", "\\u003c")
        return script

    @cached_property
    def _files(self) -> dict[str, str]:
        """The page on which everything that can be led to stands."""
        return {
            anchor: part.file
            for part in self.parts
            for each in part.find("descendant-or-self::*[@id]")
            if _LED_TO.match(anchor := each.attrib["id"])
        }


def cut_page(page: Path, words: Mapping[str, str]) -> list[str]:
    """Cut a finished page where its headings say; return the names of the pages that it became.

    Raises `RenderError` naming a heading that asks for a page and is no chapter's.
    """
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    read = html.document_fromstring(page.read_bytes(), parser=parser)
    frame = cast("HtmlElement", read)
    asking = _find(frame, "//*[@data-page]")
    if not asking:
        return [page.name]
    main = frame.get_element_by_id("main")
    for each in asking:
        if each.tag != "h2" or each.getparent() is not main:
            msg = (
                f"{page.name}: “{_plain(each)}” asks for a page of its own. "
                "Only a chapter, a heading of the second level, can be one."
            )
            raise RenderError(msg)
    parts = [Part(page.name)]
    for each in list(main):
        if each in asking:
            parts.append(Part(f"{each.attrib['data-page']}.html"))
        parts[-1].content.append(each)
    main[:] = []
    for file, text in Cut(frame, parts, words).pages():
        write_whole(page.with_name(file), text)
    return [part.file for part in parts]


def _link(part: Part, rel: str, words: str) -> HtmlElement:
    """Link to a page by words and the heading of its chapter."""
    link = deepcopy(part.heading)
    link.tag = "a"
    link.attrib.clear()
    link.attrib.update({"rel": rel, "href": part.file})
    kind = builder.SPAN(words)
    kind.tail, link.text, link.tail = f" {link.text or ''}", None, "\n"
    link.insert(0, kind)
    return link


def _find(element: HtmlElement, path: str) -> list[HtmlElement]:
    return cast("list[HtmlElement]", element.xpath(path))


def _remove(element: HtmlElement, path: str) -> None:
    for found in _find(element, path):
        found.drop_tree()


def _plain(heading: HtmlElement) -> str:
    """Leave the words of a heading, without its number."""
    words = deepcopy(heading)
    _remove(words, ".//span[@class='header-section-number']")
    return words.text_content().strip()
