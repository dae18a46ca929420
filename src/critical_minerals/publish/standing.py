"""How firm the ground is under what is published: standing of sources, kinds of figures.

A number that rests on more than official and plain figures carries a sign where it stands:
† for sources that are not official; a raised e for estimates, bounds and withheld parts; a raised r
for a figure that was revised since the last release.
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

REPORTED: Final = "†"
ESTIMATED: Final = "e"
REVISED: Final = "r"
_SPOKEN: Final = {
    REPORTED: "mark-reported",
    ESTIMATED: "mark-estimated",
    REVISED: "mark-revised",
}
_FURTHER: Final = ("republished", "reported", "secondary")
"""The tiers of sources that are not official: a copy of an official figure is one step away."""
_KINDS: Final = ("estimated", "preliminary", "bounded", "withheld")


@dataclass(frozen=True)
class Remark:
    """Something to know about a number, with the sign that stands for it (or none)."""

    sign: str
    text: str


@dataclass(frozen=True)
class Standing:
    """How many of the raw rows under a number are further from the origin, or not plain."""

    rows: int
    tiers: Mapping[str, int]
    kinds: tuple[str, ...]
    corrected: int = 0

    @property
    def signs(self) -> str:
        """The signs that a number of this standing carries."""
        return REPORTED * bool(self.tiers) + ESTIMATED * bool(self.kinds)

    def remarks(self, language: Language) -> list[Remark]:
        """Say it in sentences; none where all is official and plain."""
        further = [_from(tier, count, self.rows, language) for tier, count in self.tiers.items()]
        told = [Remark(REPORTED, " ".join(further))] if further else []
        if self.kinds:
            kinds = and_list([label(f"standing-{kind}", language) for kind in self.kinds], language)
            told.append(Remark(ESTIMATED, say("standing-includes", kinds=kinds)(language)))
        if self.corrected:
            told.append(Remark("", say("standing-corrected", count=self.corrected)(language)))
        return told


def standing(origins: Iterable[str], lineage: Lineage) -> Standing:
    """Weigh the raw rows of some origins."""
    rows = [lineage["rows"][origin] for origin in origins]
    tiers = [lineage["sources"][row["source_id"]]["tier"] for row in rows if row.get("source_id")]
    counted = {tier: tiers.count(tier) for tier in _FURTHER if tier in tiers}
    found = {mark for row in rows for mark in row["marks"]}
    corrected = sum(bool(row.get("corrections")) for row in rows)
    return Standing(len(rows), counted, tuple(kind for kind in _KINDS if kind in found), corrected)


def spoken(sign: str, language: Language, old: str = "") -> str:
    """Say in a word or two what a sign means; `old` is what a revised value was before."""
    return say(_SPOKEN[sign], old=old)(language)


def _from(tier: str, count: int, rows: int, language: Language) -> str:
    if count == rows:
        return label(f"standing-{tier}-all", language)
    return say(f"standing-{tier}-part", count=count, rows=rows)(language)
