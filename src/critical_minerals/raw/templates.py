"""Empty workbooks for raw tables, with their current lists and with examples from their rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import pandas as pd

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.settings import read_settings
from critical_minerals.tables.descriptors import Column, Table, convert_errors
from critical_minerals.tables.template import template
from critical_minerals.workspace import Workspace

FRENCH: Final = "descriptions.fr.yml"
"""File of the French descriptions of tables and columns, by the English ones."""
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
    store.path(name)  # raises for an unknown table, and names the one that is meant
    table = store.tables[name]
    names = {one.name: store.names(one) for one in table.references}
    return template(table, names, _read_french(workspace, table), _find_examples(store, table))


def _read_french(workspace: Workspace, table: Table) -> Mapping[str, str]:
    """Return the French descriptions of a table and its columns, by the English ones."""
    path = workspace.raw / FRENCH
    with convert_errors(workspace.relative(path), "the French of descriptions in YAML", ""):
        parsed: object = read_settings(path) if path.is_file() else {}
    entries = cast("Mapping[Any, Any]", parsed if isinstance(parsed, dict) else {})
    translations = {
        str(english): french for english, french in entries.items() if isinstance(french, str)
    }
    texts = [table.description, *(field.description for field in table.fields)]
    problems = [
        Problem(
            file=workspace.relative(path),
            value=text,
            expected=f"the French of this description of the table {table.name}",
            remedy="Add it: the English words, a colon, the French ones.",
        )
        for text in dict.fromkeys(texts)
        if text not in translations
    ]
    if problems:
        raise FiguresError(problems)
    return translations


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
