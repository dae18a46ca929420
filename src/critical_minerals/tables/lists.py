"""Processed tables of the lists on which figures rest: minerals and source documents."""

from __future__ import annotations

from typing import Final

from critical_minerals.tables import columns
from critical_minerals.tables.columns import Column, text
from critical_minerals.tables.schema import Table

TITLE: Final = text("title", "Title of the document.")
PUBLISHER: Final = text("publisher", "Who published it.")
PUBLISHED: Final = Column("published", "Day, month or year of publication.", "date")
TIER: Final = text("tier", "How close the document is to a figure's origin.", texts="tier")
TERMS: Final = text("terms", "Licence or terms of use.")

MINERAL_LISTS: Final = Table(
    "mineral_lists",
    "Minerals and the lists they stand on",
    "One row a mineral; says which lists of critical minerals name it.",
    own=(
        columns.MINERAL,
        text("symbol", "Chemical symbol."),
        text("group", "Family of minerals."),
        Column("on_canada_2024", "On the Canadian list of 2024.", "flag"),
        Column("on_canada_2021", "On the Canadian list of 2021.", "flag"),
        Column("priority", "One of the first six priorities of the Strategy.", "flag"),
        Column("on_us_2025", "On the US list of 2025.", "flag"),
    ),
    key=("mineral",),
    optional=("symbol", "group"),
)
SOURCES: Final = Table(
    "sources",
    "Source documents",
    "One row a document; its own id is its source.",
    own=(TITLE, PUBLISHER, PUBLISHED, TIER, TERMS),
    key=("source_id",),
    optional=("published",),
)

TABLES: Final[tuple[Table, ...]] = (MINERAL_LISTS, SOURCES)
