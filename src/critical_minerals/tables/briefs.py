"""Processed table that the briefs need beside those of the report."""

from __future__ import annotations

from typing import Final

from critical_minerals.tables.columns import MINERAL, text
from critical_minerals.tables.schema import Table

USES: Final = Table(
    "mineral_uses",
    "Uses of minerals",
    "What each mineral is mostly used for, in a few words.",
    (
        MINERAL,
        text("uses_en", "Uses, in English; ends a sentence."),
        text("uses_fr", "Uses, in French; ends a sentence."),
    ),
    key=("mineral",),
)

TABLES: Final = (USES,)
