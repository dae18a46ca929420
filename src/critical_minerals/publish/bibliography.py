"""The list of sources: every document with its standing, its terms and what was taken from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date
from critical_minerals.language.ranges import ranges
from critical_minerals.parameters import Language
from critical_minerals.publish.addresses import markdown_link
from critical_minerals.publish.numbering import Note
from critical_minerals.publish.partials import (
    escape,
    in_language,
    named,
    source_anchor,
    table_partial,
)
from critical_minerals.publish.standing import Lineage

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

    def of(self, source: str, language: Language) -> str:
        """Say what was taken from a source: figures, tables, notes, rows."""
        notes = [note.number for note in self.notes if source in note.sources]
        rows = self._rows[source]
        told = [
            _numbered("taken-figures", self._resting_on(source, "figures"), language),
            _numbered("taken-tables", self._resting_on(source, "tables"), language),
            f"{say('taken-notes', count=len(notes))(language)} {ranges(notes)}" if notes else "",
            label("taken-words", language) if source in self.glossary else "",
            label("taken-cited", language) if source in self.cited else "",
            say("taken-rows", count=rows)(language) if rows else "",
        ]
        return "; ".join(part for part in told if part)

    @cached_property
    def _rows(self) -> Counter[str]:
        """Count the raw rows of each source."""
        return Counter(row.get("source_id") for row in self.lineage["rows"].values())

    def _resting_on(self, source: str, kind: str) -> list[str]:
        """Refer to the figures or tables of the document that rest on a source."""
        entries = self.lineage["published"][kind]
        return [
            f"[-@{name}]"
            for name in self.shown
            if name in entries and source in entries[name]["sources"]
        ]


def sources_partial(
    records: Mapping[str, Mapping[str, str]], taking: Taking, language: Language
) -> str:
    """Compose the table of sources, by publisher and date."""
    ordered = sorted(records.items(), key=lambda each: _order(each[1], language))
    rows = [
        (
            _title(name, record, language),
            f"{escape(named(record, language))}, {_published(record, language)}",
            f"{label('tier-' + record['tier'], language)}; {_terms(record, language)}",
            taking.of(name, language),
        )
        for name, record in ordered
    ]
    heads = [label(f"sources-column-{column}", language) for column in _COLUMNS]
    return table_partial(
        "tbl-sources",
        pd.DataFrame(rows, columns=heads),
        numeric=(False,) * len(heads),
        widths=_WIDTHS,
        title=say("tbl-sources-title")(language),
        caption=say("tbl-sources-caption", count=len(rows))(language),
        sources="",
    )


def _numbered(key: str, numbers: Sequence[str], language: Language) -> str:
    return f"{say(key, count=len(numbers))(language)} {', '.join(numbers)}" if numbers else ""


def _order(record: Mapping[str, str], language: Language) -> tuple[str, str, str]:
    return in_language(record, "publisher", language), record["published"], record["title"]


def _published(record: Mapping[str, str], language: Language) -> str:
    day = record["published"]
    return write_date(day, language) if day else label("source-undated", language)


def _terms(record: Mapping[str, str], language: Language) -> str:
    return escape(_DETAIL.sub(r"(\1)", in_language(record, "terms", language)))


def _title(name: str, record: Mapping[str, str], edition: Language) -> str:
    """Write a source's title under its anchor, linked where it has an address.

    A title in the other language says so, for screen readers.
    """
    language = record["title_language"] or "en"
    linked = markdown_link(escape(record["title"]), record["url"])
    said = "" if language == edition else f" lang={language}"
    return f"[{linked}]{{#{source_anchor(name)}{said}}}"
