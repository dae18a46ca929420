"""The list of sources: every document with its standing, its terms and what was taken from it."""

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
from critical_minerals.publish.sources import Record, in_language, source_told
from critical_minerals.report.markdown import compose
from critical_minerals.report.references import References

_DETAIL: Final = re.compile(r"\(([^():]+?)\s*:[^()]*\)")
"""Details of terms in brackets after a colon, for which a table has no room."""
_WIDTHS: Final = (34, 19, 18, 29)
_COLUMNS: Final = ("document", "from", "standing", "taken")


@dataclass(frozen=True)
class Taking:
    """What one edition takes from its sources, beside what the lineage tells."""

    lineage: Lineage
    notes: Sequence[Note]
    uses: References
    """What all documents of the edition use."""
    page: str
    """The page with the list, which refers to its own figures and tables and links to others."""
    glossary: frozenset[str]
    cited: frozenset[str]

    def of(self, source: str, language: Language) -> list[dict[str, Any]]:
        """Say what was taken from a source: figures, tables, notes, rows."""
        notes = [note.number for note in self.notes if source in note.sources]
        shown = [self._resting_on(source, kind) for kind in ("figures", "tables")]
        here = [[n for n in names if self.uses.document(n) == self.page] for names in shown]
        before = [[n for n in names if self.uses.document(n) != self.page] for names in shown]
        named: dict[str, list[str]] = {"taken-figures": here[0], "taken-tables": here[1]}
        linked: dict[str, list[str]] = {
            "taken-figures-update": before[0],
            "taken-tables-update": before[1],
        }
        counted = {
            **{key: len(names) for key, names in (linked | named).items()},
            "taken-notes": len(notes),
            "taken-words": int(source in self.glossary),
            "taken-cited": int(source in self.cited),
            "taken-rows": self._rows[source],
        }
        return [
            {
                "text": say(key, count=count)(language),
                "names": named.get(key, []),
                "links": [self._link(name) for name in linked.get(key, [])],
                "of": label("taken-of-update", language) if key in linked else "",
                "numbers": ranges(notes) if key == "taken-notes" else "",
            }
            for key, count in counted.items()
            if count
        ]

    def _link(self, name: str) -> dict[str, str]:
        """Lead to a figure or table of another document by its number there."""
        return {
            "text": str(number_of(name, self.uses)),
            "href": self.uses.link(name, self.page),
        }

    @cached_property
    def _rows(self) -> Counter[str]:
        """Count the raw rows of each source."""
        return Counter(row.get("source_id") for row in self.lineage["rows"].values())

    def _resting_on(self, source: str, kind: str) -> list[str]:
        """Name the figures or tables of the documents that rest on a source."""
        entries = self.lineage["published"][kind]
        return [n for n in self.uses.shown if n in entries and source in entries[n]["sources"]]


def sources_partial(records: Mapping[str, Record], taking: Taking, language: Language) -> str:
    """Compose the table of sources, by publisher and date."""

    def order(each: tuple[str, Record]) -> tuple[str, str, str]:
        record = each[1]
        return in_language(record, "publisher", language), record["published"], record["title"]

    rows = [
        {
            **source_told(name, record, language),
            "terms": _DETAIL.sub(r"(\1)", in_language(record, "terms", language)),
            "taken": taking.of(name, language),
        }
        for name, record in sorted(records.items(), key=order)
    ]
    header = [label(f"sources-column-{column}", language) for column in _COLUMNS]
    return compose("sources", language, header=header, widths=_WIDTHS, rows=rows)


def source_documents(
    records: Mapping[str, Record], documents: Sequence[str], language: Language
) -> str:
    """Compose the list of the documents that are among the records, with addresses."""
    rows = [source_told(name, records[name], language) for name in documents if name in records]
    return compose("source-documents", language, rows=rows)
