"""How firm the ground is under what is published: standing of sources, kinds of figures.

A number that rests on more than official and plain figures, or that was revised since the last
release, carries one quiet mark where it stands. What the mark means there, the number's note says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.stated import and_list
from critical_minerals.parameters import Language

Lineage = Mapping[str, Any]
"""The record of where everything published is from, as `lineage.json` holds it."""

_FURTHER: Final = ("republished", "reported", "secondary")
"""The tiers of sources that are not official: a copy of an official figure is one step away."""
_KINDS: Final = ("estimated", "preliminary", "bounded", "withheld")


@dataclass(frozen=True)
class Reliability:
    """How many of the raw rows under a number are further from the origin, or not plain."""

    rows: int
    tiers: Mapping[str, int]
    kinds: tuple[str, ...]
    corrected: int = 0

    def marks(self, language: Language) -> list[str]:
        """Say in a word or two what the mark of a number means; nothing where it carries none."""
        told = {"mark-reported": self.tiers, "mark-estimated": self.kinds}
        return [label(key, language) for key, found in told.items() if found]

    def remarks(self, language: Language) -> list[str]:
        """Say it in sentences; none where all is official and plain."""
        told = [_from(tier, count, self.rows, language) for tier, count in self.tiers.items()]
        if self.kinds:
            kinds = and_list([label(f"standing-{kind}", language) for kind in self.kinds], language)
            told.append(say("standing-includes", kinds=kinds)(language))
        if self.corrected:
            told.append(say("standing-corrected", count=self.corrected)(language))
        return told


def reliability(origins: Iterable[str], lineage: Lineage) -> Reliability:
    """Weigh the raw rows of some origins."""
    rows = [lineage["rows"][origin] for origin in origins]
    tiers = [lineage["sources"][row["source_id"]]["tier"] for row in rows if row.get("source_id")]
    counted = {tier: tiers.count(tier) for tier in _FURTHER if tier in tiers}
    found = {mark for row in rows for mark in row["marks"]}
    corrected = sum(bool(row.get("corrections")) for row in rows)
    return Reliability(
        len(rows), counted, tuple(kind for kind in _KINDS if kind in found), corrected
    )


def _from(tier: str, count: int, rows: int, language: Language) -> str:
    if count == rows:
        return label(f"standing-{tier}-all", language)
    return say(f"standing-{tier}-part", count=count, rows=rows)(language)
