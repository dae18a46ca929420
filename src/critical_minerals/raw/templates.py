"""Empty workbooks for raw tables, with their current lists and with examples from their rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.raw.descriptions import missing_french, read_french
from critical_minerals.raw.schema import raise_if_any
from critical_minerals.raw.store import RawStore
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.template import template
from critical_minerals.workspace.paths import Workspace

_EXAMPLES: Final[Mapping[str, str]] = {
    "number": "1500000",
    "integer": "33",
    "year": "2024",
    "date": "2026-02-27",
    "partial_date": "2026-02",
    "uri": "https://www.example.org/",
}


def raw_template(workspace: Workspace, name: str) -> bytes:
    """Return an empty workbook for a raw table.

    Raises `UsageError` for an unknown table, `FiguresError` where its descriptor has no French.
    """
    store = RawStore(workspace)
    store.path(name)  # raises for an unknown table, and names the one that is meant
    table = store.tables[name]
    names = {one.name: store.names(one) for one in table.references}
    french = read_french(workspace)
    raise_if_any(missing_french(workspace, table, french))
    return template(table, names, french, _find_examples(store, table))


def _find_examples(store: RawStore, table: Table) -> dict[str, str]:
    """Return an example cell for each column: the last in the table, else one of its kind."""
    try:
        rows = store.cells(table.name)
    except FiguresError:  # a damaged table still gets its template
        rows = pd.DataFrame(columns=table.columns)
    examples = {field.name: _choose_example(field, rows) for field in table.fields}
    return {name: example for name, example in examples.items() if example}


def _choose_example(field: Column, rows: pd.DataFrame) -> str:
    filled = [*rows[field.name].dropna()] if field.name in rows else []
    return str(filled[-1]) if filled else _EXAMPLES.get(field.kind, "")
