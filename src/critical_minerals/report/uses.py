"""What documents use of what the notebooks publish: values, figures and tables, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

_VALUE: Final = re.compile(r"\{\{<\s*meta\s+v\.([\w-]+)\s*>\}\}")
_HEADING: Final = re.compile(r"#+\s+(?P<title>.+?)\s*\{#(?P<id>[\w-]+)[^}]*\}")
_INCLUDE: Final = re.compile(r"\{\{<\s*include\s+\S+/((?:fig|tbl)-[\w-]+)\.md\s*>\}\}")
_CITED: Final = re.compile(r"\(#(src-[\w-]+)\)")


@dataclass(frozen=True)
class Section:
    """A section of a document; what stands before the first one has neither anchor nor title."""

    anchor: str = ""
    title: str = ""


@dataclass(frozen=True)
class Uses:
    """What documents use, in their own order.

    `stated` holds for each named value the section that states it first, `shown` the figures and
    tables that are included, `cited` the anchors of sources that sentences link to, `pages` the
    page on which each section, figure and table stands, by its anchor.
    """

    stated: Mapping[str, Section]
    shown: tuple[str, ...]
    cited: tuple[str, ...]
    pages: Mapping[str, str]

    def without(self, names: Iterable[str]) -> Uses:
        """Leave out some figures and tables, which are included and have nothing to show."""
        left = frozenset(names)
        return replace(self, shown=tuple(name for name in self.shown if name not in left))

    def shown_on(self, page: str) -> tuple[str, ...]:
        """Return the figures and tables of one page."""
        return tuple(name for name in self.shown if self.pages[name] == page)

    def link(self, anchor: str, page: str) -> str:
        """Return the address of a section, figure or table, as seen from a page.

        >>> Uses({}, (), (), {"sec-a": "annex.html"}).link("sec-a", "progress-update.html")
        'annex.html#sec-a'
        """
        its = self.pages.get(anchor, page)
        return f"#{anchor}" if its == page else f"{its}#{anchor}"


def read_uses(*documents: Path) -> Uses:
    """Read what documents use; one that is not there uses nothing."""
    found = [
        uses_of(document.read_text("utf-8"), f"{document.stem}.html")
        for document in documents
        if document.is_file()
    ]
    stated: dict[str, Section] = {}
    pages: dict[str, str] = {}
    for each in reversed(found):  # where two hold the same, the first one counts
        stated |= each.stated
        pages |= each.pages
    order = dict.fromkeys(name for each in found for name in each.stated)
    return Uses(
        {name: stated[name] for name in order},
        tuple(dict.fromkeys(name for each in found for name in each.shown)),
        tuple(dict.fromkeys(name for each in found for name in each.cited)),
        pages,
    )


def uses_of(text: str, page: str = "") -> Uses:
    """Find what the text of a document uses, whose page has this name."""
    stated: dict[str, Section] = {}
    section = Section()
    pages: dict[str, str] = {}
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        section = Section(heading["id"], _plain(heading["title"])) if heading else section
        if heading:
            pages[section.anchor] = page
        for name in _VALUE.findall(line):
            stated.setdefault(name, section)
    shown, cited = (tuple(dict.fromkeys(sign.findall(text))) for sign in (_INCLUDE, _CITED))
    return Uses(stated, shown, cited, pages | dict.fromkeys(shown, page))


def _plain(title: str) -> str:
    """Drop emphasis from a heading."""
    return re.sub(r"[*_]", "", title)
