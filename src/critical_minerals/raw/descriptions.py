"""What raw tables and their columns hold, in French: `descriptions.fr.yml` by the English words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.raw.schema import result
from critical_minerals.readers.settings import read_settings
from critical_minerals.tables.check_results import Result
from critical_minerals.tables.descriptors import Table, Tables, convert_errors
from critical_minerals.workspace.paths import Workspace

FRENCH: Final = "descriptions.fr.yml"
"""File of the French descriptions of tables and columns, by the English ones."""


def read_french(workspace: Workspace) -> Mapping[str, str]:
    """Return the French descriptions by the English ones; none where there is no file.

    Raises `FiguresError` where the file cannot be read.
    """
    path = workspace.raw / FRENCH
    with convert_errors(workspace.relative(path), "the French of descriptions in YAML", ""):
        parsed: object = read_settings(path) if path.is_file() else {}
    entries = cast("Mapping[Any, Any]", parsed if isinstance(parsed, dict) else {})
    return {str(english): french for english, french in entries.items() if isinstance(french, str)}


def missing_french(workspace: Workspace, table: Table, french: Mapping[str, str]) -> list[Problem]:
    """Return a problem for each description of a table and its columns that has no French."""
    texts = [table.description, *(field.description for field in table.fields)]
    return [
        Problem(
            file=workspace.relative(workspace.raw / FRENCH),
            value=text,
            expected=f"the French of this description of the table {table.name}",
            remedy="Add it: the English words, a colon, the French ones.",
        )
        for text in dict.fromkeys(texts)
        if text not in french
    ]


def check_french(workspace: Workspace, tables: Tables) -> list[Result]:
    """Return a failed check for each raw table whose descriptor lacks French.

    A project without the file describes its tables in English alone.
    """
    if not (workspace.raw / FRENCH).is_file():
        return []
    try:
        french = read_french(workspace)
    except FiguresError as error:
        return [result("files", error.problems)]
    results: list[Result] = []
    for name in tables:
        try:
            table = tables[name]
        except FiguresError:  # a damaged descriptor: the check of its table reports it
            continue
        if problems := missing_french(workspace, table, french):
            results.append(result(name, problems, columns=len(table.fields)))
    return results
