"""All raw tables of a workspace: read, checked together, as they stood on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import pandas as pd

from critical_minerals.errors import FiguresError, Problem, UsageError, hint
from critical_minerals.raw import funding, partnerships, progress, schema, supply, trade, vocabulary
from critical_minerals.raw.schema import LIST_MARK, RawTable, Vocabularies
from critical_minerals.readers.sheets import read_cells
from critical_minerals.workspace import Workspace

TABLES: Final[Mapping[str, RawTable]] = {
    table.name: table
    for module in (vocabulary, funding, trade, supply, partnerships, progress)
    for table in module.TABLES
}
"""Every raw table by name."""

_VOCABULARIES: Final = {
    "minerals": ("vocabulary/minerals", "mineral"),
    "places": ("vocabulary/places", "place_id"),
    "programmes": ("vocabulary/programmes", "programme"),
    "units": ("vocabulary/units", "unit"),
    "sources": ("sources", "source_id"),
}
_SUFFIXES: Final = (".csv", ".xlsx")
_SPREADSHEETS: Final = (*_SUFFIXES, ".xls", ".xlsm", ".xlsb", ".ods", ".tsv")
_WORDS: Final = ("name_en", "name_fr", "aliases")
"""Columns of a vocabulary that hold the words by which people know an id."""


class RawStore:
    """The raw figures of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._cells: dict[str, pd.DataFrame] = {}

    def path(self, name: str) -> Path:
        """Return the file of a raw table: the CSV, or a workbook that stands in for it.

        Raises `UsageError` for an unknown table and `FiguresError` when there is no file, or two.
        """
        if name not in TABLES:
            msg = f"There is no raw table {name!r}. {hint(name, sorted(TABLES))}"
            raise UsageError(msg)
        candidates = [self._workspace.raw / f"{name}{suffix}" for suffix in _SUFFIXES]
        found = [path for path in candidates if path.is_file()]
        if len(found) == 1:
            return found[0]
        raise FiguresError([self._misplaced(name, found)])

    def read(self, name: str, as_of: dt.date) -> pd.DataFrame:
        """Read one table as it stood on a day: later rows unseen, revisions in their last state.

        Columns are those of the table's fields plus `origin`. Raises `FiguresError` with every
        fault of the table.
        """
        cells, file = self._read_cells(name), self._file(name)
        table = TABLES[name]
        schema.raise_if_any(schema.check(table, cells, self.known, file))
        return as_it_stood(schema.convert(table, cells, file), table, as_of)

    def check(self) -> list[Problem]:
        """Return every fault of every table, and every file that is no table."""
        problems = self._strays()
        for name, table in TABLES.items():
            try:
                cells = self._read_cells(name)
                problems += schema.check(table, cells, self.known, self._file(name))
            except FiguresError as error:
                problems += error.problems
        return list(dict.fromkeys(problems))

    @cached_property
    def known(self) -> Vocabularies:
        """The ids of every vocabulary that can be read, each with its names and aliases."""
        found = {
            vocabulary: self._ids(name, column)
            for vocabulary, (name, column) in _VOCABULARIES.items()
        }
        return {vocabulary: ids for vocabulary, ids in found.items() if ids}

    def _ids(self, name: str, column: str) -> dict[str, tuple[str, ...]]:
        try:
            cells = self._read_cells(name)
        except FiguresError:
            return {}
        if column not in cells:
            return {}
        named = cells.dropna(subset=[column]).reindex(columns=[column, *_WORDS])
        named = named.astype("string").fillna("")
        return {
            str(identifier): tuple(LIST_MARK.join(words).split(LIST_MARK))
            for identifier, *words in named.itertuples(index=False)
        }

    def _read_cells(self, name: str) -> pd.DataFrame:
        if name not in self._cells:
            self._cells[name] = read_cells(self.path(name), self._file(name))
        return self._cells[name]

    def _file(self, name: str) -> str:
        return self._workspace.relative(self.path(name))

    def _strays(self) -> list[Problem]:
        """Report files that look like tables and would silently not be read."""
        folder = self._workspace.raw
        names = {
            path: path.relative_to(folder).with_suffix("").as_posix() for path in _sheets(folder)
        }
        return [
            Problem(
                file=self._workspace.relative(path),
                expected="a table of the project, as .csv or .xlsx",
                remedy=f"Rename it or move it out of data/raw. {hint(name, [*TABLES])}",
            )
            for path, name in names.items()
            if name not in TABLES or path.suffix not in _SUFFIXES
        ]

    def _misplaced(self, name: str, found: list[Path]) -> Problem:
        file = self._workspace.relative(self._workspace.raw / f"{name}.csv")
        if found:
            return Problem(
                file=file,
                value=" and ".join(path.name for path in found),
                expected="one file for this table",
                remedy="Keep the newer one.",
            )
        return Problem(file=file, expected="this file", remedy="Restore it, or add the table.")


def _sheets(folder: Path) -> list[Path]:
    """List what a spreadsheet program saves; files that only mark one as open do not count."""
    return sorted(
        path
        for path in folder.rglob("*.*")
        if path.suffix.casefold() in _SPREADSHEETS and not path.name.startswith((".", "~"))
    )


def as_it_stood(frame: pd.DataFrame, table: RawTable, as_of: dt.date) -> pd.DataFrame:
    """Keep what was public on a day: no later row, and of each key the newest vintage."""
    if not table.provenance:
        return frame
    public = frame if table.timeless else frame[frame["as_of"] <= pd.Timestamp(as_of)]
    newest = public.sort_values("as_of", kind="stable").drop_duplicates([*table.key], keep="last")
    return newest.sort_index().reset_index(drop=True)
