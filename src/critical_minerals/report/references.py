"""What documents use of what the notebooks publish: values, figures and tables, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

from critical_minerals.workspace import read_text

_VALUE: Final = re.compile(r"\{\{<\s*meta\s+v\.([\w-]+)\s*>\}\}")
_HEADING: Final = re.compile(r"#+\s+(?P<title>.+?)\{#(?P<id>[\w-]++)(?P<more>[^}]*+)\}")
"""Gives nothing back of what it has read: a heading that does not end took minutes."""
_PAGE: Final = re.compile(r"\spage=\"([\w-]+)\"")
_INCLUDE: Final = re.compile(r"\{\{<\s*include\s+\S+/((?:fig|tbl)-[\w-]+)\.md\s*>\}\}")
_LISTS: Final = {"/notes.md": "note", "/tbl-sources.md": "src"}
"""What begins the anchors of the many entries of a list, by the partial that holds it."""
_CITED: Final = re.compile(r"\(#(src-[\w-]+)\)")


@dataclass(frozen=True)
class Section:
    """A section of a document; what stands before the first one has neither anchor nor title."""

    anchor: str = ""
    title: str = ""


@dataclass(frozen=True)
class References:
    """What documents use, in their own order.

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
        """Leave out some figures and tables, which are included and have nothing to show."""
        left = frozenset(names)
        return replace(self, shown=tuple(name for name in self.shown if name not in left))

    def document(self, anchor: str) -> str:
        """Return the page that stands for the document of a section, figure or table."""
        page = self.page(anchor)
        return self.mains.get(page, page)

    def page(self, anchor: str) -> str:
        """Return the page on which something stands; nothing where no document has it."""
        return self.pages.get(anchor, self.pages.get(anchor.partition("-")[0], ""))

    def shown_in(self, document: str) -> tuple[str, ...]:
        """Return the figures and tables of one document, by the page that stands for it."""
        return tuple(name for name in self.shown if self.document(name) == document)

    def link(self, anchor: str, document: str) -> str:
        """Return the address of a section, figure or table, as seen from a document's page.

        >>> References({}, (), (), {"sec-a": "annex.html"}).link("sec-a", "progress-update.html")
        'annex.html#sec-a'
        """
        here = self.document(anchor) in {"", document}
        return f"#{anchor}" if here else f"{self.page(anchor)}#{anchor}"


def read_references(*documents: Path) -> References:
    """Read what documents use; one that is not there uses nothing."""
    found = [
        references_of(read_text(document), f"{document.stem}.html")
        for document in documents
        if document.is_file()
    ]
    stated: dict[str, Section] = {}
    pages: dict[str, str] = {}
    chapters: dict[str, Section] = {}
    mains: dict[str, str] = {}
    for each in reversed(found):  # where two hold the same, the first one counts
        stated |= each.stated
        pages |= each.pages
        chapters |= each.chapters
        mains |= each.mains
    order = dict.fromkeys(name for each in found for name in each.stated)
    return References(
        {name: stated[name] for name in order},
        tuple(dict.fromkeys(name for each in found for name in each.shown)),
        tuple(dict.fromkeys(name for each in found for name in each.cited)),
        pages,
        chapters,
        mains,
    )


@cache  # each step that tells of the figures asks
def references_of(text: str, page: str = "") -> References:
    """Find what the text of a document uses, whose page has this name."""
    stated: dict[str, Section] = {}
    pages: dict[str, str] = {}
    chapters: dict[str, Section] = {}
    section, here = Section(), page
    for line in text.split("\n"):
        if heading := _HEADING.match(line):
            section = Section(heading["id"], _plain(heading["title"].rstrip()))
            if named := _PAGE.search(heading["more"]):
                here = f"{named[1]}.html"
                chapters[here] = section
            pages[section.anchor] = here
        for name in _VALUE.findall(line):
            stated.setdefault(name, section)
        if include := _INCLUDE.search(line):
            pages.setdefault(include[1], here)
        pages |= {of: here for partial, of in _LISTS.items() if f"{partial} >" in line}
    shown, cited = (tuple(dict.fromkeys(sign.findall(text))) for sign in (_INCLUDE, _CITED))
    return References(stated, shown, cited, pages, chapters, dict.fromkeys(chapters, page))


def _plain(title: str) -> str:
    """Drop emphasis from a heading."""
    return re.sub(r"[*_]", "", title)
