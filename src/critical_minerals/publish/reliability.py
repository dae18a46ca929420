"""Rate the reliability of what is published: tiers of sources, qualifiers of figures.

A number that is not computed from official and unqualified figures alone, or that was revised since
the last release, has one discreet mark in the text. The number's note explains the mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.stated import and_list
from critical_minerals.parameters import Language

Lineage = Mapping[str, Any]
"""The provenance record of everything published, as `lineage.json` has it."""

_UNOFFICIAL_TIERS: Final = ("republished", "reported", "secondary")
"""The tiers of sources that are not official: a copy of an official figure is one step away."""
_QUALIFIERS: Final = ("estimated", "preliminary", "bounded", "withheld")


@dataclass(frozen=True)
class Reliability:
    """How many of the raw rows of a number are not of official sources, or are qualified."""

    rows: int
    tiers: Mapping[str, int]
    kinds: tuple[str, ...]
    corrected: int = 0

    def marks(self, language: Language) -> list[str]:
        """Return the short labels of a number's mark; nothing where it has no mark."""
        # One mark for all tiers and one for all qualifiers; the note tells them apart.
        causes = {"mark-reported": self.tiers, "mark-estimated": self.kinds}
        return [label(key, language) for key, cause in causes.items() if cause]

    def remarks(self, language: Language) -> list[str]:
        """Return the same in sentences; none where all rows are official and unqualified."""
        remarks = [
            _tier_remark(tier, count, self.rows, language) for tier, count in self.tiers.items()
        ]
        if self.kinds:
            kinds = and_list([label(f"standing-{kind}", language) for kind in self.kinds], language)
            remarks.append(say("standing-includes", kinds=kinds)(language))
        if self.corrected:
            remarks.append(say("standing-corrected", count=self.corrected)(language))
        return remarks


def reliability(origins: Iterable[str], lineage: Lineage) -> Reliability:
    """Rate the raw rows of some origins."""
    rows = [lineage["rows"][origin] for origin in origins]
    tiers = [lineage["sources"][row["source_id"]]["tier"] for row in rows if row.get("source_id")]
    # In the order of the tiers, not of the rows: remarks begin with the smallest step.
    counts = {tier: tiers.count(tier) for tier in _UNOFFICIAL_TIERS if tier in tiers}
    marks = {mark for row in rows for mark in row["marks"]}
    corrected = sum(bool(row.get("corrections")) for row in rows)
    return Reliability(
        len(rows), counts, tuple(kind for kind in _QUALIFIERS if kind in marks), corrected
    )


def _tier_remark(tier: str, count: int, rows: int, language: Language) -> str:
    # "3 of 3 rows" would read as an exception where it is the rule.
    if count == rows:
        return label(f"standing-{tier}-all", language)
    return say(f"standing-{tier}-part", count=count, rows=rows)(language)
