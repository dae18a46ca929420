"""Raw table of what minerals are used for."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import Field, RawTable

USES: Final = RawTable(
    "supply/uses",
    "What each mineral is mostly used for, in a few words.",
    (
        Field("mineral", "Mineral.", vocabulary="minerals"),
        Field("uses_en", "Uses, in English; ends a sentence."),
        Field("uses_fr", "Uses, in French; ends a sentence."),
    ),
    key=("mineral",),
)

TABLES: Final = (USES,)
