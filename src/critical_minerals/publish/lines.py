"""Compose the line under a figure or table: its sources, their reliability, its raw rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import say
from critical_minerals.parameters import Language
from critical_minerals.publish.provenance import reliability, trail
from critical_minerals.publish.sources import (
    Lineage,
    Publisher,
    Record,
    brief_publishers,
    publishers,
)
from critical_minerals.report.markdown import compose

_MAX_PUBLISHERS: Final = 4
"""How many publishers the line names; the annex, and the folded part of a page, name all."""


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
        trail=trail(entry, language),
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
