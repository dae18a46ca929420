"""Processed table of published claims and what their recomputation finds."""

from __future__ import annotations

from typing import Final

from critical_minerals.tables import columns
from critical_minerals.tables.columns import Column, text
from critical_minerals.tables.progress import INDICATOR
from critical_minerals.tables.schema import Table


def _twins(name: str, meaning: str) -> tuple[Column, Column]:
    """Describe a text that stands in an English and a French column."""
    return text(f"{name}_en", f"{meaning}, in English."), text(
        f"{name}_fr", f"{meaning}, in French."
    )


CLAIM: Final = text("claim", "Id of the claim.")
TOPIC: Final = text("claim_topic", "What the claim is about.", texts="claim-topic")
ROUNDED_TO: Final = Column(
    "rounded_to", "Step to which the document rounds the figure.", "number", minimum=0
)
CLAIMED_IN: Final = text("claimed_in", "Document that makes the claim.")
OUTCOME: Final = text("outcome", "What the recomputation finds.", texts="outcome")
RECOMPUTED: Final = Column("recomputed", "The figure recomputed, in the same unit.", "number")
RECOMPUTED_LEAST: Final = Column(
    "recomputed_least", "The least it may be, its inputs being rounded.", "number"
)
RECOMPUTED_MOST: Final = Column(
    "recomputed_most", "The most it may be, its inputs being rounded.", "number"
)
DIFFERENCE: Final = Column("difference", "Recomputed less published, in the same unit.", "number")
DIFFERENCE_PCT: Final = Column(
    "difference_pct", "The difference in per cent of the published figure.", "number", "percent"
)

CLAIMS: Final = Table(
    "claims",
    "Published claims, checked",
    "Figures that documents state, each held against what other public figures make of it.",
    (
        CLAIM,
        TOPIC,
        *_twins("claimed", "What is claimed"),
        columns.VALUE,
        columns.UNIT,
        columns.PRECISION,
        ROUNDED_TO,
        INDICATOR,
        RECOMPUTED,
        RECOMPUTED_LEAST,
        RECOMPUTED_MOST,
        DIFFERENCE,
        DIFFERENCE_PCT,
        OUTCOME,
        *_twins("why", "Likely reason of a difference"),
        *_twins("missing", "What a recomputation lacks"),
        *_twins("stated", "The published figure in words"),
        *_twins("found", "The recomputed figure in words, with its difference"),
        *_twins("finding", "What was found, in words"),
        CLAIMED_IN,
        *_twins("document", "Publisher and year of the document that makes the claim"),
        columns.AS_OF,
    ),
    key=("claim",),
    optional=(
        "rounded_to",
        "indicator",
        "recomputed",
        "recomputed_least",
        "recomputed_most",
        "difference",
        "difference_pct",
        "why_en",
        "why_fr",
        "missing_en",
        "missing_fr",
        "found_en",
        "found_fr",
    ),
)

TABLES: Final = (CLAIMS,)
