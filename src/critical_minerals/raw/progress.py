"""Raw tables of progress."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import RawTable

TABLES: Final[tuple[RawTable, ...]] = ()
