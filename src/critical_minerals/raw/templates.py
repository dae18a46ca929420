"""Empty workbooks for raw tables: their lists as they stand, examples from their own rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import pandas as pd

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.settings import read_settings
from critical_minerals.tables.descriptors import Column, Table, told_as
from critical_minerals.tables.template import template
from critical_minerals.workspace import Workspace

FRENCH: Final = "descriptions.fr.yml"
"""File of the French words of descriptors, by the English ones."""
_EXAMPLES: Final[Mapping[str, str]] = {
    "number": "1500000",
    "integer": "33",
    "year": "2024",
    "date": "2026-02-27",
    "partial_date": "2026-02",
    "uri": "https://www.canada.ca/",
}


def raw_template(workspace: Workspace, name: str) -> bytes:
    """Return an empty workbook for a raw table.

    Raises `UsageError` for an unknown table, `FiguresError` where its descriptor has no French.
    """
    store = RawStore(workspace)
    store.path(name)  # tells an unknown table from a known one, with the name that is meant
    table = store.tables[name]
    names = {one.name: store.names(one) for one in table.references}
    return template(table, names, _french(workspace, table), _examples(store, table))


def _french(workspace: Workspace, table: Table) -> Mapping[str, str]:
    """Return the French words of a table's descriptor by the English ones."""
    path = workspace.raw / FRENCH
    with told_as(workspace.relative(path), "the French of descriptions in YAML", ""):
        read: object = read_settings(path) if path.is_file() else {}
    told = cast("Mapping[Any, Any]", read if isinstance(read, dict) else {})
    known = {str(english): french for english, french in told.items() if isinstance(french, str)}
    said = [table.description, *(field.description for field in table.fields)]
    problems = [
        Problem(
            file=workspace.relative(path),
            value=text,
            expected=f"the French of this description of the table {table.name}",
            remedy="Add it: the English words, a colon, the French ones.",
        )
        for text in dict.fromkeys(said)
        if text not in known
    ]
    if problems:
        raise FiguresError(problems)
    return known


def _examples(store: RawStore, table: Table) -> dict[str, str]:
    """Return a cell for each column: the newest that the table has, else one of its kind."""
    try:
        rows = store.cells(table.name)
    except FiguresError:  # a table that is at fault still gets its template
        rows = pd.DataFrame(columns=table.columns)
    found = {field.name: _example(field, rows) for field in table.fields}
    return {name: example for name, example in found.items() if example}


def _example(field: Column, rows: pd.DataFrame) -> str:
    known = [*rows[field.name].dropna()] if field.name in rows else []
    return str(known[-1]) if known else _EXAMPLES.get(field.kind, "")
