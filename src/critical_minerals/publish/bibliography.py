"""Compose the list of sources: each document with its tier, its terms and what it is used for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.ranges import ranges
from critical_minerals.parameters import Language
from critical_minerals.publish.lines import number_of
from critical_minerals.publish.numbering import Note
from critical_minerals.publish.reliability import Lineage
from critical_minerals.publish.sources import Record, describe_source, in_language
from critical_minerals.report.markdown import compose
from critical_minerals.report.references import References

_TERM_DETAIL: Final = re.compile(r"\(([^():]+?)\s*:[^()]*\)")
"""Details of terms, in brackets after a colon, for which a table has no room."""
_WIDTHS: Final = (34, 19, 18, 29)
_COLUMNS: Final = ("document", "from", "standing", "taken")


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
        shown = [self._names_using(source, kind) for kind in ("figures", "tables")]
        # Renderers resolve references within a document only: others are links with a number.
        on_page = [
            [name for name in names if self.references.document(name) == self.page]
            for names in shown
        ]
        elsewhere = [
            [name for name in names if self.references.document(name) != self.page]
            for names in shown
        ]
        references_by_key: dict[str, list[str]] = {
            "taken-figures": on_page[0],
            "taken-tables": on_page[1],
        }
        links_by_key: dict[str, list[str]] = {
            "taken-figures-update": elsewhere[0],
            "taken-tables-update": elsewhere[1],
        }
        counts = {
            **{key: len(names) for key, names in (links_by_key | references_by_key).items()},
            "taken-notes": len(notes),
            "taken-words": int(source in self.glossary),
            "taken-cited": int(source in self.cited),
            "taken-rows": self._rows[source],
        }
        return [
            {
                "text": say(key, count=count)(language),
                "names": references_by_key.get(key, []),
                "links": [self._link(name) for name in links_by_key.get(key, [])],
                "of": label("taken-of-update", language) if key in links_by_key else "",
                "numbers": ranges(notes) if key == "taken-notes" else "",
            }
            for key, count in counts.items()
            if count
        ]

    def _link(self, name: str) -> dict[str, str]:
        """Return the link to a figure or table of another document, by its number there."""
        return {
            "text": str(number_of(name, self.references)),
            "href": self.references.link(name, self.page),
        }

    @cached_property
    def _rows(self) -> Counter[str]:
        """Count the raw rows of each source."""
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
    header = [label(f"sources-column-{column}", language) for column in _COLUMNS]
    return compose("sources", language, header=header, widths=_WIDTHS, rows=rows)


def source_documents(
    records: Mapping[str, Record], documents: Sequence[str], language: Language
) -> str:
    """Compose the list of the documents that are among the records, with addresses."""
    rows = [describe_source(name, records[name], language) for name in documents if name in records]
    return compose("source-documents", language, rows=rows)
