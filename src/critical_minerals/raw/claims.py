"""Raw table of claims: figures that documents state and that other figures can put to the test."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import PRECISIONS, Field, RawTable

TOPICS: Final = (
    "funding",
    "projects",
    "economy",
    "exploration",
    "trade",
    "supply",
    "partnerships",
)

CLAIMS: Final = RawTable(
    "progress/claims",
    "Published figures that can be held against their parts, lists, levels or later states.",
    (
        Field("claim", "Id of the claim.", "slug"),
        Field("topic", "What it is about.", choices=TOPICS),
        Field("statement_en", "What is claimed, in English."),
        Field("statement_fr", "What is claimed, in French."),
        Field("value", "The published figure.", "number"),
        Field("unit", "Unit of the figure.", vocabulary="units"),
        Field("precision", "How exactly the document states it.", choices=PRECISIONS),
        Field(
            "rounded_to",
            "Step to which the document rounds it; blank where it does not.",
            "number",
            required=False,
            minimum=0,
        ),
        Field(
            "indicator", "Computation that recomputes it; blank if none.", "slug", required=False
        ),
        Field("missing_en", "What a recomputation lacks, in English.", required=False),
        Field("missing_fr", "What a recomputation lacks, in French.", required=False),
        Field("why_en", "Likely reason of a difference, in English.", required=False),
        Field("why_fr", "Likely reason of a difference, in French.", required=False),
    ),
    key=("claim",),
)

TABLES: Final[tuple[RawTable, ...]] = (CLAIMS,)
