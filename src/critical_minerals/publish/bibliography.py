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
from critical_minerals.publish.numbering import Note
from critical_minerals.publish.sources import Record, in_language, source_told
from critical_minerals.publish.standing import Lineage
from critical_minerals.report.markdown import compose

_DETAIL: Final = re.compile(r"\(([^():]+?)\s*:[^()]*\)")
"""Details of terms in brackets after a colon, for which a table has no room."""
_WIDTHS: Final = (34, 19, 18, 29)
_COLUMNS: Final = ("document", "from", "standing", "taken")


@dataclass(frozen=True)
class Taking:
    """What one edition takes from its sources, beside what the lineage tells."""

    lineage: Lineage
    notes: Sequence[Note]
    shown: Sequence[str]
    """Figures and tables in the order in which the document includes them."""
    glossary: frozenset[str]
    cited: frozenset[str]

    def of(self, source: str, language: Language) -> list[dict[str, Any]]:
        """Say what was taken from a source: figures, tables, notes, rows."""
        notes = [note.number for note in self.notes if source in note.sources]
        figures, tables = (self._resting_on(source, kind) for kind in ("figures", "tables"))
        counted = {
            "taken-figures": len(figures),
            "taken-tables": len(tables),
            "taken-notes": len(notes),
            "taken-words": int(source in self.glossary),
            "taken-cited": int(source in self.cited),
            "taken-rows": self._rows[source],
        }
        named = {"taken-figures": figures, "taken-tables": tables}
        return [
            {
                "text": say(key, count=count)(language),
                "names": named.get(key, []),
                "numbers": ranges(notes) if key == "taken-notes" else "",
            }
            for key, count in counted.items()
            if count
        ]

    @cached_property
    def _rows(self) -> Counter[str]:
        """Count the raw rows of each source."""
        return Counter(row.get("source_id") for row in self.lineage["rows"].values())

    def _resting_on(self, source: str, kind: str) -> list[str]:
        """Name the figures or tables of the document that rest on a source."""
        entries = self.lineage["published"][kind]
        return [n for n in self.shown if n in entries and source in entries[n]["sources"]]


def sources_partial(records: Mapping[str, Record], taking: Taking, language: Language) -> str:
    """Compose the table of sources, by publisher and date."""
    ordered = sorted(records.items(), key=lambda each: _order(each[1], language))
    rows = [
        {
            **source_told(name, record, language),
            "terms": _DETAIL.sub(r"(\1)", in_language(record, "terms", language)),
            "taken": taking.of(name, language),
        }
        for name, record in ordered
    ]
    header = [label(f"sources-column-{column}", language) for column in _COLUMNS]
    return compose("sources", language, header=header, widths=_WIDTHS, rows=rows)


def _order(record: Record, language: Language) -> tuple[str, str, str]:
    return in_language(record, "publisher", language), record["published"], record["title"]
