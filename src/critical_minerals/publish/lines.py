"""Compose the lines under figures and tables: sources, their reliability, provenance of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import say
from critical_minerals.parameters import Language
from critical_minerals.publish.reliability import Lineage, reliability
from critical_minerals.publish.sources import Publisher, Record, brief_publishers, publishers
from critical_minerals.publish.tracing import (
    LINEAGE_FILE,
    by_file,
    cell_link,
    file_place,
    table_links,
)
from critical_minerals.report.markdown import compose
from critical_minerals.report.references import References

_MAX_PUBLISHERS: Final = 4
"""How many publishers the line names; the annex, and the folded part of a page, name all."""
# Ids begin with their kind.
_KINDS: Final = {"fig": "figures", "tbl": "tables"}


@dataclass(frozen=True)
class NamedSources:
    """The sources of a figure or table as the line under it names them."""

    opening: str
    publishers: Sequence[Publisher]
    others: str
    """How many more publishers there are, in words; empty where all are named."""

    @property
    def text(self) -> str:
        """The line without the links of its years, as a preview shows it."""
        named = [
            f"{publisher['name']} ({', '.join(year['text'] for year in publisher['years'])})"
            for publisher in self.publishers
        ]
        ending = f" {self.others}" if self.others else "."
        return f"{self.opening} {'; '.join(named)}{ending}"


def name_sources(
    sources: Sequence[str], records: Mapping[str, Record], language: Language
) -> NamedSources:
    """Name the publishers of a figure or table with the years of their documents."""
    every = _order_publishers(sources, records, language)
    # Singular where a single document is named, not a single publisher.
    count = sum(len(publisher["years"]) for publisher in every)
    others = len(every) - _MAX_PUBLISHERS
    return NamedSources(
        say("lineage-sources", count=count)(language),
        every[:_MAX_PUBLISHERS],
        say("figure-sources-more", count=others)(language) if others > 0 else "",
    )


def lineage_line(entry: Mapping[str, Any], lineage: Lineage, language: Language) -> str:
    """Compose the line under a figure or table: publishers and years, and their reliability."""
    return compose(
        "lineage",
        language,
        sources=name_sources(entry["sources"], lineage["sources"], language),
        all_named=publishers(entry["sources"], lineage["sources"], language),
        reliability_remarks=reliability(entry["origins"], lineage).remarks(language),
        trail=_trail(entry, language),
    )


def _order_publishers(
    sources: Sequence[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Order publishers, those first that the line names in every language."""
    by_tier = brief_publishers(sources, records, language)
    # By the English order, in which names are cut off: each language alone would name others.
    first = {
        publisher["years"][0]["anchor"]
        for publisher in brief_publishers(sources, records, "en")[:_MAX_PUBLISHERS]
    }
    return sorted(by_tier, key=lambda publisher: publisher["years"][0]["anchor"] not in first)


def trails(lineage: Lineage, references: References, page: str, language: Language) -> str:
    """Compose the list, on the annex `page`, of the provenance of every figure and table.

    Those that are made of the report itself (its changes, glossary and sources) have no rows.
    """
    published = {kind: lineage["published"][name] for kind, name in _KINDS.items()}
    shown = [
        {
            "id": name,
            "href": "" if references.document(name) == page else references.link(name, page),
            "named": reference_text(name, references, language),
            "title": published[name[:3]][name]["title"][language],
            "sources": publishers(
                published[name[:3]][name]["sources"], lineage["sources"], language
            ),
            "remarks": reliability(published[name[:3]][name]["origins"], lineage).remarks(language),
            "trail": _trail(published[name[:3]][name], language),
        }
        for name in references.shown
        if name in published[name[:3]]
    ]
    return compose("trails", language, shown=shown)


def reference_text(name: str, references: References, language: Language) -> str:
    """Return the reference to a figure or table of another document, by its number there."""
    number = number_of(name, references)
    return say(f"lineage-in-update-{name[:3]}", number=str(number))(language)


def number_of(name: str, references: References) -> int:
    """Return the number of a figure or table in its own document: renderers count them alike."""
    same_kind = [
        other for other in references.shown_in(references.document(name)) if other[:3] == name[:3]
    ]
    return same_kind.index(name) + 1


def _trail(entry: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return template data on the provenance of rows: processed tables, notebook cell, raw rows."""
    return {
        "tables": table_links(entry["tables"], language),
        "cell": cell_link(entry["notebook"], entry["cell"], language),
        "rows": len(entry["origins"]),
        "files": [
            file_place(file, rows, language) for file, rows in by_file(entry["origins"]).items()
        ],
        "record": LINEAGE_FILE,
    }
