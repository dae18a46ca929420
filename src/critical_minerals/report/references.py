"""References of documents to what notebooks publish: values, figures, tables and sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from pathlib import Path
from typing import Final, TypeVar

from critical_minerals.workspace.paths import read_text

_VALUE: Final = re.compile(r"\{\{<\s*meta\s+v\.([\w-]+)\s*>\}\}")
_HEADING: Final = re.compile(r"#++\s++(?P<title>.+?)\{#(?P<id>[\w-]++)(?P<more>[^}]*+)\}")
"""Possessive quantifiers: without them a heading that does not end took minutes."""
_PAGE: Final = re.compile(r"\spage=\"([\w-]+)\"")
_INCLUDE: Final = re.compile(r"\{\{<\s*include\s+\S+/((?:fig|tbl)-[\w-]+)\.md\s*>\}\}")
_LISTS: Final = {"/notes.md": "note", "/tbl-sources.md": "src"}
"""Prefix of the anchors of the many entries of a list, by the partial that holds it."""
_Entry = TypeVar("_Entry")
_CITED: Final = re.compile(r"\(#(src-[\w-]+)\)")


@dataclass(frozen=True)
class Section:
    """A section of a document; text before the first one has neither anchor nor title."""

    anchor: str = ""
    title: str = ""


@dataclass(frozen=True)
class References:
    """What documents refer to, in their own order.

    `stated` holds for each named value the section that states it first, `shown` the figures and
    tables that are included, `cited` the anchors of sources that sentences link to, `pages` the
    page on which each section, figure and table stands, by its anchor; `note` and `src` stand for
    those of all notes and sources. Where chapters of a document have pages of their own,
    `chapters` holds them by page, and `mains` the page that stands for the whole document.
    """

    stated: Mapping[str, Section]
    shown: tuple[str, ...]
    cited: tuple[str, ...]
    pages: Mapping[str, str]
    chapters: Mapping[str, Section] = field(default_factory=dict[str, Section])
    mains: Mapping[str, str] = field(default_factory=dict[str, str])

    def without(self, names: Iterable[str]) -> References:
        """Exclude some figures and tables, which are included and have nothing to show."""
        excluded = frozenset(names)
        return replace(self, shown=tuple(name for name in self.shown if name not in excluded))

    def document(self, anchor: str) -> str:
        """Return the page that stands for the document of a section, figure or table."""
        page = self.page(anchor)
        return self.mains.get(page, page)

    def page(self, anchor: str) -> str:
        """Return the page that has an anchor; nothing where no document has it."""
        # The many notes and sources are not listed one by one: their prefix stands for all.
        return self.pages.get(anchor, self.pages.get(anchor.partition("-")[0], ""))

    def shown_in(self, document: str) -> tuple[str, ...]:
        """Return the figures and tables of one document, by the page that stands for it."""
        return tuple(name for name in self.shown if self.document(name) == document)

    def link(self, anchor: str, document: str) -> str:
        """Return the address of a section, figure or table, as seen from a document's page.

        >>> References({}, (), (), {"sec-a": "annex.html"}).link("sec-a", "progress-update.html")
        'annex.html#sec-a'
        """
        same_document = self.document(anchor) in {"", document}
        return f"#{anchor}" if same_document else f"{self.page(anchor)}#{anchor}"


def read_references(*documents: Path) -> References:
    """Read the references of documents; one that does not exist has none."""
    read = [
        references_of(read_text(document), f"{document.stem}.html")
        for document in documents
        if document.is_file()
    ]
    return References(
        _join(references.stated for references in read),
        tuple(dict.fromkeys(name for references in read for name in references.shown)),
        tuple(dict.fromkeys(name for references in read for name in references.cited)),
        _join(references.pages for references in read),
        _join(references.chapters for references in read),
        _join(references.mains for references in read),
    )


def _join(parts: Iterable[Mapping[str, _Entry]]) -> dict[str, _Entry]:
    """Join entries of several documents in their order; where two have one, the first counts."""
    return reduce(lambda joined, part: {**joined, **part, **joined}, parts, dict[str, _Entry]())


@cache  # many steps read the same documents
def references_of(text: str, page: str = "") -> References:
    """Find the references in the text of a document, whose page has this name."""
    stated: dict[str, Section] = {}
    pages: dict[str, str] = {}
    chapters: dict[str, Section] = {}
    section, current_page = Section(), page
    # At line feeds alone, as `source` and Pandoc split a document.
    for line in text.split("\n"):
        if heading := _HEADING.match(line):
            title = re.sub(r"[*_]", "", heading["title"].rstrip())  # without emphasis
            section = Section(heading["id"], title)
            if page_name := _PAGE.search(heading["more"]):
                current_page = f"{page_name[1]}.html"
                chapters[current_page] = section
            pages[section.anchor] = current_page
        for name in _VALUE.findall(line):
            stated.setdefault(name, section)
        # Where a figure is included twice, links lead to the first place.
        if include := _INCLUDE.search(line):
            pages.setdefault(include[1], current_page)
        pages |= {kind: current_page for partial, kind in _LISTS.items() if f"{partial} >" in line}
    shown, cited = (tuple(dict.fromkeys(pattern.findall(text))) for pattern in (_INCLUDE, _CITED))
    return References(stated, shown, cited, pages, chapters, dict.fromkeys(chapters, page))
