"""All raw tables of a workspace: read, checked together, and selected as of a given day."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pandas as pd

from critical_minerals.errors import (
    FiguresError,
    Problem,
    UsageError,
    hint,
    limit_problems,
    nearest,
)
from critical_minerals.raw import official, schema
from critical_minerals.raw.corrections import (
    NAME,
    Corrected,
    Correction,
    Corrections,
    apply_corrections,
    read_corrections,
)
from critical_minerals.raw.own import normalise_workbook_cells
from critical_minerals.raw.schema import ORIGIN
from critical_minerals.raw.supplied import files_behind, supplied_counts, supplied_rows
from critical_minerals.raw.valid_tables import ValidTables, hash_content
from critical_minerals.readers.known import recognised
from critical_minerals.readers.sheets import FILE, read_cells
from critical_minerals.tables.check_results import Kind, Result, problems_of
from critical_minerals.tables.descriptors import REVISED, Reference, Table, Tables
from critical_minerals.tables.lineage import PUBLIC_SINCE, in_order, rows_by_file
from critical_minerals.tables.validation import DIMENSIONS, LAST_YEAR, UNITS, Vocabularies
from critical_minerals.workspace.declaration import NameList
from critical_minerals.workspace.parameters import LANGUAGES
from critical_minerals.workspace.paths import DESCRIPTOR, Workspace

_LOG: Final = logging.getLogger(__name__)
_SUFFIXES: Final = (".csv", ".xlsx")
_SPREADSHEETS: Final = (*_SUFFIXES, ".xls", ".xlsm", ".xlsb", ".ods", ".tsv")
_SOURCES: Final = "sources"
_PLACES: Final = "vocabulary/places"
_NAME_COLUMNS: Final = ("name_en", "name_fr", "aliases")
"""Columns of a vocabulary that hold the names of an id."""


@dataclass(frozen=True)
class RowDisposition:
    """The disposition of a table's rows on a day, by row number of the spreadsheet.

    `later` were not public yet, `superseded` have a revision, `dropped` are removed by a
    correction, `seen` are the others, which the report uses.
    """

    file: str
    seen: frozenset[int]
    later: frozenset[int]
    superseded: frozenset[int]
    dropped: frozenset[int]


class RawStore:
    """The raw figures of one workspace."""

    def __init__(self, workspace: Workspace, last_year: int = LAST_YEAR) -> None:
        """Open the raw figures; a figure of a year later than `last_year` is a fault."""
        self._workspace = workspace
        self._last_year = last_year
        self.tables = Tables(workspace.raw)
        self._cells_cache: dict[str, pd.DataFrame] = {}
        self._corrected_cache: dict[tuple[str, ...], Corrected] = {}
        self._results_cache: dict[str, list[Result]] = {}
        self._supply_failures: dict[str, Result] = {}
        self._ids_cache: dict[str, dict[str, tuple[str, ...]]] = {}
        self._valid = ValidTables(workspace.state)

    def path(self, name: str) -> Path:
        """Return the file of a raw table: the CSV, or a workbook that stands in for it.

        Raises `UsageError` for an unknown table and `FiguresError` when there is no file, or two.
        """
        if name not in self.tables:
            msg = f"There is no raw table {name!r}. {hint(name, [*self.tables])}"
            raise UsageError(msg)
        candidates = [self._workspace.raw / f"{name}{suffix}" for suffix in _SUFFIXES]
        found = [path for path in candidates if path.is_file()]
        # With both a CSV and a workbook nobody can say which one is current.
        if len(found) == 1:
            return found[0]
        raise FiguresError([self._file_count_problem(name, found)])

    def read(self, name: str, as_of: dt.date) -> pd.DataFrame:
        """Read one table as of a day: without later rows, each figure in its newest revision.

        Columns are those of the table's fields plus `origin`. Raises `FiguresError` with every
        fault of the table.
        """
        return select_as_of(self._convert(name, as_of), self.tables[name], as_of)

    def results(self, name: str) -> list[Result]:
        """Check one table; return the scope and the problems of each check.

        Raises `FiguresError` when the file is no table.
        """
        if name not in self._results_cache:
            found = self._examine(name)
            # Corrections of rows that could not be read would all fail as well: leave them out.
            supply_failure = self._supply_failures.get(name)
            more = [supply_failure] if supply_failure else self._correction_results(name)
            self._results_cache[name] = [*found, *more]
        return self._results_cache[name]

    def _examine(self, name: str) -> list[Result]:
        """Check the cells of a table, unless they were found valid before."""
        # First of all: it raises for the name of a table that is none.
        cells = self._corrected_cells(name)
        table = self.tables[name]
        known = self.known(table)
        content = hash_content(self.tables.file(name).read_bytes(), cells, known)
        if self._valid.holds(name, content, self._last_year):
            _LOG.debug("%s is as when it was found valid.", name)
            return schema.valid_results(table, cells)
        _LOG.debug("%s is checked: %d rows.", name, len(cells))
        results = schema.examine(table, cells, known, self._file_name(name), self._last_year)
        if not problems_of(results):
            self._valid.add(name, content, self._last_year)
        return results

    def store_valid(self) -> None:
        """Store for later checks which tables were found valid."""
        self._valid.store()

    def all_results(self) -> list[Result]:
        """Check every table, every correction, every official file, and every file that is none."""
        problems = self.corrections.problems
        of_corrections = (
            [schema.result(NAME, problems, len(problems), kind=Kind.CORRECTIONS)]
            if problems
            else []
        )
        if problems and not self.corrections.entries:
            return of_corrections  # uncorrected tables would show faults that are already corrected
        results = [result for name in self.tables for result in self._results_or_problem(name)]
        if strays := self._find_stray_files():
            results.append(schema.result("files", strays, len(strays)))
        if faults := official.faults(self._workspace, self._source_ids()):
            results.append(schema.result("files", faults, len(faults)))
        return [*of_corrections, *results]

    def check(self) -> list[Problem]:
        """Return every problem of tables and corrections, and every file that is no table."""
        return problems_of(self.all_results())

    def dispositions(self, name: str, as_of: dt.date) -> list[RowDisposition]:
        """Return the disposition of each row of a table on a day, file by file."""
        typed = self._convert(name, as_of)
        table = self.tables[name]
        # Tables of names have no day: a place had its name before anybody entered it here.
        public = typed if not table.dated else typed[typed[REVISED] <= pd.Timestamp(as_of)]
        frames = (typed, public, select_as_of(typed, table, as_of))
        all_rows, public_rows, used_rows = (rows_by_file(frame[ORIGIN]) for frame in frames)
        dropped = rows_by_file(self._apply_corrections(name, as_of).dropped)
        no_rows = frozenset[int]()
        return [
            RowDisposition(
                file,
                used_rows.get(file, no_rows),
                all_rows.get(file, no_rows) - public_rows.get(file, no_rows),
                public_rows.get(file, no_rows) - used_rows.get(file, no_rows),
                dropped.get(file, no_rows),
            )
            # The table's own file comes first, and is listed also where all of its rows are
            # supplied.
            for file in {self._file_name(name): None} | all_rows | dropped
        ]

    def waiting(self, as_of: dt.date) -> dict[str, int]:
        """Count the rows of each table that are dated after a day: no report of it uses them.

        Raises `FiguresError` for a table that has faults.
        """
        later = {
            name: sum(len(one.later) for one in self.dispositions(name, as_of))
            for name, table in self.tables.items()
            if table.dated
        }
        return {name: count for name, count in later.items() if count}

    def corrections_made(
        self, name: str, as_of: dt.date | None = None
    ) -> dict[str, tuple[Correction, ...]]:
        """Return the corrections of a table, by the origin (file and row) of the rows they change.

        As of an earlier day, only those that were known then.
        """
        made = self._apply_corrections(name, as_of).made
        return {origin: made[origin] for origin in sorted(made, key=in_order)}

    @property
    def corrections_file(self) -> Path:
        """The file of the corrections, whether it exists or not."""
        return self._workspace.raw / NAME

    @cached_property
    def corrections(self) -> Corrections:
        """All valid corrections, and the problems of the file of corrections."""
        sources = self._source_ids()
        return read_corrections(self._workspace, self.tables, sources, self._last_year)

    def _source_ids(self) -> set[str]:
        """Return the ids of the sources; none where their list is missing or cannot be read."""
        try:
            return {str(source) for source in self._file_cells(_SOURCES)["source_id"].dropna()}
        # The check of that table reports the fault itself; `KeyError` is a missing column.
        except (FiguresError, KeyError, UsageError):
            return set()

    def _convert(self, name: str, as_of: dt.date) -> pd.DataFrame:
        """Return all rows of a valid table with types, with the corrections known on a day."""
        schema.raise_if_any(problems_of(self.results(name)))
        table, cells, file = (
            self.tables[name],
            self._corrected_cells(name, as_of),
            self._file_name(name),
        )
        if len(self.corrections.of(name, as_of)) < len(self.corrections.of(name)):
            # A cell may be readable only by a later correction, which the check above had applied.
            schema.raise_if_any(schema.check(table, cells, self.known(table), file))
        return schema.convert(table, cells, file)

    def _results_or_problem(self, name: str) -> list[Result]:
        """Check one table; a file that cannot be read as a table is one failed check."""
        try:
            return self.results(name)
        except FiguresError as error:
            return [schema.result(name, error.problems)]

    def _correction_results(self, name: str) -> list[Result]:
        """Return the check of the corrections of one table, if there are any."""
        entries, problems = self.corrections.of(name), self._apply_corrections(name).problems
        return (
            [schema.result(name, problems, len(entries), kind=Kind.CORRECTIONS)] if entries else []
        )

    def cells(self, name: str) -> pd.DataFrame:
        """Return every row of a table as text, typed or supplied, before any correction.

        Columns are those of its file, with the row number and the file. Raises `FiguresError` where
        the file is no table.
        """
        # A copy: callers may change it, and the cached cells serve every later read.
        return self._file_cells(name).copy()

    def supplied(self, name: str) -> dict[str, int]:
        """Return how many rows each official file gives a table."""
        return supplied_counts(self._workspace, self.tables[name], lambda: self._places_by_name)

    def names(self, reference: Reference) -> dict[str, tuple[str, str]]:
        """Return the ids of a list with their English and French names."""
        default = NameList(reference.resource, reference.fields[0])
        name_list = self._workspace.project.list_of(reference.resource) or default
        name_columns = [name_list.name_column(language) for language in LANGUAGES]
        ids = self._ids_with_names(reference)
        columns = self._columns_by_id(reference.resource, reference.fields[0], name_columns)
        return {
            identifier: (columns[identifier][0], columns[identifier][1])
            for identifier in sorted(ids)
        }

    def known(self, table: Table) -> Vocabularies:
        """Return ids and names of each readable vocabulary that a table refers to."""
        vocabularies = {one.name: self._ids_with_names(one) for one in table.references}
        if UNITS in vocabularies:
            dimensions = self._columns_by_id(UNITS, "unit", ("dimension",))
            vocabularies[DIMENSIONS] = {unit: tuple(names) for unit, names in dimensions.items()}
        # A vocabulary that cannot be read is one problem, not one for every row that refers to it.
        return {vocabulary: ids for vocabulary, ids in vocabularies.items() if ids}

    def _ids_with_names(self, reference: Reference) -> dict[str, tuple[str, ...]]:
        """Return the ids of a vocabulary, each with its names."""
        if reference.name not in self._ids_cache:
            kinds = [*reference.where]
            columns = self._columns_by_id(
                reference.resource, reference.fields[0], (*kinds, *_NAME_COLUMNS)
            )
            self._ids_cache[reference.name] = {
                identifier: tuple(word for cell in cells[len(kinds) :] for word in cell.split(";"))
                for identifier, cells in columns.items()
                # `cells` begins with the columns of kinds: compare these, and stop before the
                # names.
                if all(
                    kind in reference.where[column]
                    for column, kind in zip(kinds, cells, strict=False)
                )
            }
        return self._ids_cache[reference.name]

    def _columns_by_id(self, name: str, column: str, others: Sequence[str]) -> dict[str, list[str]]:
        """Return other columns of a vocabulary, by id; nothing where it cannot be read."""
        try:
            cells = self._corrected_cells(name)
        except FiguresError:
            return {}
        if column not in cells:
            return {}
        rows = cells.dropna(subset=[column]).reindex(columns=[column, *others])
        rows = rows.astype("string").fillna("")
        return {
            str(identifier): others_of_row
            for identifier, *others_of_row in rows.itertuples(index=False)
        }

    def _corrected_cells(self, name: str, as_of: dt.date | None = None) -> pd.DataFrame:
        """Return a table's cells with the corrections applied that were known on a day."""
        return self._apply_corrections(name, as_of).cells

    def _apply_corrections(self, name: str, as_of: dt.date | None = None) -> Corrected:
        corrections = self.corrections.of(name, as_of)
        # Most days know the same corrections: cache by these and not by day.
        key = (name, *corrections)
        if key not in self._corrected_cache:
            cells = self._file_cells(name)
            self._corrected_cache[key] = (
                apply_corrections(cells, corrections) if corrections else Corrected(cells)
            )
        return self._corrected_cache[key]

    def _file_cells(self, name: str) -> pd.DataFrame:
        """Return a table's cells as its file holds them, with rows of official files."""
        if name not in self._cells_cache:
            path, supplied = self.path(name), None
            try:
                supplied = supplied_rows(
                    self._workspace, self.tables[name], lambda: self._places_by_name
                )
            # Reported with the faults of the typed rows, which would otherwise stay hidden.
            except FiguresError as error:
                self._supply_failures[name] = schema.result(name, error.problems)
            # A table may have no typed rows where an official file supplies it.
            bare = supplied is not None or name in self._supply_failures
            own = self._read_file(path, bare=bare)
            own = own.assign(**{FILE: self._file_name(name)})
            if path.suffix != ".csv":
                own, problems = normalise_workbook_cells(self.tables[name], own)
                schema.raise_if_any(limit_problems(problems))
            key = [*self.tables[name].key]
            self._cells_cache[name] = own if supplied is None else _merge_rows(own, supplied, key)
        return self._cells_cache[name]

    def _read_file(self, path: Path, *, bare: bool) -> pd.DataFrame:
        """Read the file of a table; report a publisher's file in its place as what it is."""
        file = self._workspace.relative(path)
        try:
            return read_cells(path, file, bare=bare)
        except FiguresError:
            metadata = None
            with suppress(FiguresError):  # a damaged one: the first error says more
                metadata = recognised(path)
            if metadata is None:
                raise
            expected = (
                f"a table of the project, but this is: {metadata.publisher}, {metadata.title}"
            )
            remedy = f"Move it out of data/raw, then: python pipeline.py add {path.name}"
            raise FiguresError.of(file, expected, remedy) from None

    def files(self, name: str) -> list[Path]:
        """Return every file that holds rows of a table, or that decides which rows it has."""
        behind = files_behind(self._workspace, name)
        return [self.path(name), *behind, *([self.path(_PLACES)] if behind else ())]

    @cached_property
    def _places_by_name(self) -> dict[str, str]:
        """Return the ids of places by each of their names and codes, in lower case."""
        columns = self._columns_by_id(_PLACES, "place_id", ("iso3", *_NAME_COLUMNS))
        return {
            name.strip().casefold(): place
            for place, cells in columns.items()
            for cell in cells
            for name in cell.split(";")
            if name
        }

    def _file_name(self, name: str) -> str:
        return self._workspace.relative(self.path(name))

    def _find_stray_files(self) -> list[Problem]:
        """Report files that look like tables and would be ignored silently."""
        folder = self._workspace.raw
        official_paths = {one.path for one in official.official_files(self._workspace)}
        names = {
            path: path.relative_to(folder).with_suffix("").as_posix()
            for path in _list_spreadsheets(folder)
            # A file with a damaged card is none of `official_paths`, but its card is reported
            # already.
            if path not in official_paths
            and not path.with_name(path.stem + official.SUFFIX).is_file()
        }
        return [
            Problem(
                file=self._workspace.relative(path),
                expected="a table of the project, as .csv or .xlsx",
                remedy=self._stray_remedy(path, name),
            )
            for path, name in names.items()
            if name not in self.tables or path.suffix not in _SUFFIXES
        ]

    def _stray_remedy(self, path: Path, name: str) -> str:
        """Return the remedy for a file that is no table of the project."""
        similar = nearest(name, self.tables)
        suggestion = f"Did you mean {similar!r}? Then rename it. " if similar else ""
        if path.suffix not in _SUFFIXES:
            return f"{suggestion}Save it as .csv or .xlsx, or: python pipeline.py add {path.name}"
        folder = self._workspace.relative(self._workspace.raw)
        return (
            f"{suggestion}A new table is declared by what its columns hold, in "
            f"{folder}/{name}{DESCRIPTOR} (docs/guides/table.md); a publisher's file goes in by "
            "python pipeline.py add."
        )

    def _file_count_problem(self, name: str, found: list[Path]) -> Problem:
        file = self._workspace.relative(self._workspace.raw / f"{name}.csv")
        if found:
            return Problem(
                file=file,
                value=" and ".join(path.name for path in found),
                expected="one file for this table",
                remedy="Keep the newer one.",
            )
        return Problem(file=file, expected="this file", remedy="Restore it, or add the table.")


def _merge_rows(own: pd.DataFrame, supplied: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Merge rows of official files into those of the table, in the order of its key."""
    rows = pd.concat([own, supplied], ignore_index=True)
    # A table without one of its key columns stays as it is: its check reports the column.
    return rows.sort_values(key, kind="stable", ignore_index=True) if {*key} <= {*rows} else rows


def _list_spreadsheets(folder: Path) -> list[Path]:
    """List files of spreadsheet programs, without the lock files of those that are open."""
    return sorted(
        path
        for path in folder.rglob("*.*")
        if path.suffix.casefold() in _SPREADSHEETS and not path.name.startswith((".", "~"))
    )


def select_as_of(frame: pd.DataFrame, table: Table, as_of: dt.date) -> pd.DataFrame:
    """Select what was public on a day: no later row, and of each key the newest vintage.

    In a table whose figures may be revised, `public_since` is the day on which a figure first
    became public, in whatever vintage.
    """
    if not table.revised:
        return frame
    public = frame[frame[REVISED] <= pd.Timestamp(as_of)] if table.dated else frame
    # A revision changes the figure, but not the day since which there is one.
    first_day = public.groupby([*table.key], dropna=False)[REVISED].transform("min")
    dated = public.assign(**{PUBLIC_SINCE: first_day})
    newest = dated.sort_values(REVISED, kind="stable").drop_duplicates([*table.key], keep="last")
    return newest.sort_index().reset_index(drop=True)
