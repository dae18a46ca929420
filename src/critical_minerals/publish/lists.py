"""Compose the lists of a document: its pages, its sources, where every figure and table is from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.ranges import ranges
from critical_minerals.publish.notes import Note
from critical_minerals.publish.provenance import reliability, trail
from critical_minerals.publish.sources import (
    Lineage,
    Record,
    describe_source,
    in_language,
    publishers,
)
from critical_minerals.report.markdown import compose
from critical_minerals.report.pages import Cell, Link, Table
from critical_minerals.report.references import References
from critical_minerals.workspace.parameters import Language

_CONTENTS_COLUMNS: Final = ("name", "title", "page")
_TERM_DETAIL: Final = re.compile(r"\(([^():]+?)\s*:[^()]*\)")
"""Details of terms, in brackets after a colon, for which a table has no room."""
_WIDTHS: Final = (34, 19, 18, 29)
_SOURCE_COLUMNS: Final = ("document", "from", "reliability", "taken")


def contents_partial(
    lineage: Lineage,
    references: References,
    page: str,
    related_pages: Mapping[str, str],
    language: Language,
) -> str:
    """Compose the list of the pages of a document, `page`, and of the figures and tables on each.

    `related_pages` are the titles of pages that belong with it, by their address.
    """
    published = _figures_and_tables(lineage)

    def row(name: str) -> list[str | Cell]:
        chapter = references.chapters[references.page(name)]
        # What is made of the report itself, such as its list of sources, is named by its chapter.
        title = published[name]["title"][language] if name in published else chapter.title
        return [
            Cell(
                say(f"contents-{name[:3]}", number=_number_of(name, references))(language),
                href=f"#{name}",
            ),
            title,
            chapter.title,
        ]

    chapters = [
        chapter for file, chapter in references.chapters.items() if references.mains[file] == page
    ]
    return compose(
        "contents",
        language,
        pages=[
            *(Link(chapter.title, f"#{chapter.anchor}") for chapter in chapters),
            *(Link(title, href) for href, title in related_pages.items()),
        ],
        shown=Table(
            caption=label("contents-caption", language),
            header=[label(f"contents-{name}", language) for name in _CONTENTS_COLUMNS],
            rows=[
                row(name)
                for name in references.shown_in(page)
                if references.page(name) in references.chapters
            ],
        ),
    )


@dataclass(frozen=True)
class SourceUsage:
    """What one edition takes from its sources, in addition to the lineage record."""

    lineage: Lineage
    notes: Sequence[Note]
    references: References
    """The references of all documents of the edition."""
    page: str
    """The page with the list: it refers to figures and tables of its own and links to others."""
    glossary: frozenset[str]
    cited: frozenset[str]

    def describe(self, source: str, language: Language) -> list[dict[str, Any]]:
        """Return template data on what was taken from a source: figures, tables, notes, rows."""
        notes = [note.number for note in self.notes if source in note.sources]
        here: dict[str, list[str]] = {}
        elsewhere: dict[str, list[str]] = {}
        for kind in ("figures", "tables"):
            for name in self._names_using(source, kind):
                # Renderers resolve references within a document only: others are links, numbered.
                if self.references.document(name) == self.page:
                    here.setdefault(f"taken-{kind}", []).append(name)
                else:
                    elsewhere.setdefault(f"taken-{kind}-update", []).append(name)
        counts = {
            **{key: len(names) for key, names in (elsewhere | here).items()},
            "taken-notes": len(notes),
            "taken-words": int(source in self.glossary),
            "taken-cited": int(source in self.cited),
            "taken-rows": self._rows[source],
        }
        return [
            {
                "text": say(key, count=count)(language),
                "names": here.get(key, []),
                "links": [self._link(name) for name in elsewhere.get(key, [])],
                "of": label("taken-of-update", language) if key in elsewhere else "",
                "numbers": ranges(notes) if key == "taken-notes" else "",
            }
            for key, count in counts.items()
            if count
        ]

    def _link(self, name: str) -> dict[str, str]:
        """Return the link to a figure or table of another document, by its number there."""
        return {
            "text": _number_of(name, self.references),
            "href": self.references.link(name, self.page),
        }

    @cached_property
    def _rows(self) -> Counter[str]:
        return Counter(row.get("source_id") for row in self.lineage["rows"].values())

    def _names_using(self, source: str, kind: str) -> list[str]:
        """Name the figures or tables of the documents that use a source."""
        entries = self.lineage["published"][kind]
        return [
            name
            for name in self.references.shown
            if name in entries and source in entries[name]["sources"]
        ]


def sources_partial(records: Mapping[str, Record], usage: SourceUsage, language: Language) -> str:
    """Compose the table of sources, ordered by publisher and date."""

    def sort_key(item: tuple[str, Record]) -> tuple[str, str, str]:
        record = item[1]
        return in_language(record, "publisher", language), record["published"], record["title"]

    rows = [
        {
            **describe_source(name, record, language),
            "terms": _TERM_DETAIL.sub(r"(\1)", in_language(record, "terms", language)),
            "taken": usage.describe(name, language),
        }
        for name, record in sorted(records.items(), key=sort_key)
    ]
    header = [label(f"sources-column-{column}", language) for column in _SOURCE_COLUMNS]
    return compose("sources", language, header=header, widths=_WIDTHS, rows=rows)


def source_documents(
    records: Mapping[str, Record], documents: Sequence[str], language: Language
) -> str:
    """Compose the list of the documents that are among the records, with addresses."""
    rows = [describe_source(name, records[name], language) for name in documents if name in records]
    return compose("source-documents", language, rows=rows)


def trails(lineage: Lineage, references: References, page: str, language: Language) -> str:
    """Compose the list, on the annex `page`, of the provenance of every figure and table.

    Those that are made of the report itself (its changes, glossary and sources) have no rows.
    """
    published = _figures_and_tables(lineage)
    shown = [
        {
            "id": name,
            "href": "" if references.document(name) == page else references.link(name, page),
            "named": say(f"lineage-in-update-{name[:3]}", number=_number_of(name, references))(
                language
            ),
            "title": entry["title"][language],
            "sources": publishers(entry["sources"], lineage["sources"], language),
            "remarks": reliability(entry["origins"], lineage).remarks(language),
            "trail": trail(entry, language),
        }
        for name in references.shown
        if (entry := published.get(name))
    ]
    return compose("trails", language, shown=shown)


def _figures_and_tables(lineage: Lineage) -> dict[str, dict[str, Any]]:
    return lineage["published"]["figures"] | lineage["published"]["tables"]


def _number_of(name: str, references: References) -> str:
    """Return the number of a figure or table in its own document: renderers count them alike."""
    same_kind = [
        other for other in references.shown_in(references.document(name)) if other[:3] == name[:3]
    ]
    return str(same_kind.index(name) + 1)
