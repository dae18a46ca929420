"""Read processed tables from their CSV files, without loading pandas."""

from __future__ import annotations

import csv

from critical_minerals.errors import UsageError
from critical_minerals.tables.exported import restored
from critical_minerals.workspace import Workspace


def written_rows(workspace: Workspace, table: str) -> list[dict[str, str]]:
    """Return the rows of a processed table as text, by the names of its columns.

    Raises `UsageError` where there is none yet.
    """
    path = workspace.processed / f"{table}.csv"
    if not path.is_file():
        msg = (
            "There are no tables to make briefs from yet. Make the report first: python pipeline.py"
        )
        raise UsageError(msg)
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            {name: restored(cell) for name, cell in row.items()} for row in csv.DictReader(lines)
        ]
