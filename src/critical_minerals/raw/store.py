"""All raw tables of a workspace: read, checked together, as they stood on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pandas as pd

from critical_minerals.checking import Kind, Result, few, problems_of
from critical_minerals.declaration import NameList
from critical_minerals.errors import FiguresError, Problem, UsageError, hint, nearest
from critical_minerals.parameters import LANGUAGES
from critical_minerals.raw import official, schema
from critical_minerals.raw.corrections import (
    NAME,
    Corrected,
    Correction,
    Corrections,
    corrected,
    read_corrections,
)
from critical_minerals.raw.own import shown_by_workbook
from critical_minerals.raw.schema import ORIGIN
from critical_minerals.raw.supplied import files_behind, supplied_counts, supplied_rows
from critical_minerals.readers.known import recognised
from critical_minerals.readers.sheets import FILE, read_cells
from critical_minerals.tables.descriptors import REVISED, Reference, Table, Tables
from critical_minerals.tables.lineage import PUBLIC_SINCE, in_order, rows_by_file
from critical_minerals.tables.validation import DIMENSIONS, LAST_YEAR, UNITS, Vocabularies
from critical_minerals.workspace import DESCRIPTOR, Workspace

_SUFFIXES: Final = (".csv", ".xlsx")
_SPREADSHEETS: Final = (*_SUFFIXES, ".xls", ".xlsm", ".xlsb", ".ods", ".tsv")
_SOURCES: Final = "sources"
_PLACES: Final = "vocabulary/places"
_WORDS: Final = ("name_en", "name_fr", "aliases")
"""Columns of a vocabulary that hold the words by which people know an id."""


@dataclass(frozen=True)
class RowDisposition:
    """What became of a table's rows on a day, in spreadsheet rows.

    `later` were not public yet, `superseded` gave way to a revision, `dropped` are taken out by a
    correction, `seen` is what is left.
    """

    file: str
    seen: frozenset[int]
    later: frozenset[int]
    superseded: frozenset[int]
    dropped: frozenset[int]


class RawStore:
    """The raw figures of one workspace."""

    def __init__(self, workspace: Workspace, last_year: int = LAST_YEAR) -> None:
        """Open the raw figures; none of them is of a year later than `last_year`."""
        self._workspace = workspace
        self._last_year = last_year
        self.tables = Tables(workspace.raw)
        self._cells: dict[str, pd.DataFrame] = {}
        self._corrected: dict[tuple[str, ...], Corrected] = {}
        self._results: dict[str, list[Result]] = {}
        self._unsupplied: dict[str, Result] = {}
        self._known: dict[str, dict[str, tuple[str, ...]]] = {}

    def path(self, name: str) -> Path:
        """Return the file of a raw table: the CSV, or a workbook that stands in for it.

        Raises `UsageError` for an unknown table and `FiguresError` when there is no file, or two.
        """
        if name not in self.tables:
            msg = f"There is no raw table {name!r}. {hint(name, [*self.tables])}"
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
        return as_it_stood(self._typed(name, as_of), self.tables[name], as_of)

    def results(self, name: str) -> list[Result]:
        """Check one table; say what each check looked at and what it found.

        Raises `FiguresError` when the file is no table.
        """
        if name not in self._results:
            cells, file = self._read_cells(name), self._file(name)
            table = self.tables[name]
            found = schema.examine(table, cells, self.known(table), file, self._last_year)
            # What an official file does not supply, no correction finds.
            missing = self._unsupplied.get(name)
            more = [missing] if missing else self._correction_results(name)
            self._results[name] = [*found, *more]
        return self._results[name]

    def all_results(self) -> list[Result]:
        """Check every table, every correction, every official file, and every file that is none."""
        problems = self.corrections.problems
        told = [_corrections(NAME, problems, len(problems))] if problems else []
        if problems and not self.corrections.entries:
            return told  # without its corrections a table shows faults that are none of its own
        results = [result for name in self.tables for result in self._results_or_fault(name)]
        if strays := self._strays():
            results.append(_files("files", strays, len(strays)))
        if faults := official.faults(self._workspace, self._sources()):
            results.append(_files("files", faults, len(faults)))
        return [*told, *results]

    def check(self) -> list[Problem]:
        """Return every fault of every table and correction, and every file that is no table."""
        return problems_of(self.all_results())

    def dispositions(self, name: str, as_of: dt.date) -> list[RowDisposition]:
        """Say what became of each row of a table on a day, file by file."""
        rows = self._typed(name, as_of)
        table = self.tables[name]
        # Names are read on any day: a place was called so before anybody wrote it down here.
        public = rows if not table.dated else rows[rows[REVISED] <= pd.Timestamp(as_of)]
        frames = (rows, public, as_it_stood(rows, table, as_of))
        every, open_, seen = (rows_by_file(frame[ORIGIN]) for frame in frames)
        dropped = rows_by_file(self._corrections_made(name, as_of).dropped)
        none = frozenset[int]()
        return [
            RowDisposition(
                file,
                seen.get(file, none),
                every.get(file, none) - open_.get(file, none),
                open_.get(file, none) - seen.get(file, none),
                dropped.get(file, none),
            )
            for file in {self._file(name): None} | every | dropped
        ]

    def waiting(self, as_of: dt.date) -> dict[str, int]:
        """Count the rows of each table that are dated after a day: no report of that day has them.

        Raises `FiguresError` for a table that is not sound.
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
        """Return the corrections of a table by the origin (file and row) of the rows they touch.

        As of an earlier day they are those that were known then.
        """
        made = self._corrections_made(name, as_of).made
        return {origin: made[origin] for origin in sorted(made, key=in_order)}

    @property
    def corrections_file(self) -> Path:
        """The file of the corrections, whether it is there or not."""
        return self._workspace.raw / NAME

    @cached_property
    def corrections(self) -> Corrections:
        """Every correction, and what is wrong with the file of corrections."""
        return read_corrections(self._workspace, self.tables, self._sources())

    def _sources(self) -> set[str]:
        """Return the ids of the sources; none where their list is at fault or there is none."""
        try:
            return {str(source) for source in self._file_cells(_SOURCES)["source_id"].dropna()}
        except (FiguresError, KeyError, UsageError):
            return set()

    def _typed(self, name: str, as_of: dt.date) -> pd.DataFrame:
        """Return a sound table with its types, every row of it, as it was corrected by a day."""
        schema.raise_if_any(problems_of(self.results(name)))
        table, cells, file = self.tables[name], self._read_cells(name, as_of), self._file(name)
        if len(self.corrections.of(name, as_of)) < len(self.corrections.of(name)):
            # Without what was not known yet a cell may be none that can be read.
            schema.raise_if_any(schema.check(table, cells, self.known(table), file))
        return schema.convert(table, cells, file)

    def _results_or_fault(self, name: str) -> list[Result]:
        """Check one table; a file that is none is one fault of its form."""
        try:
            return self.results(name)
        except FiguresError as error:
            return [_files(name, error.problems, 0)]

    def _correction_results(self, name: str) -> list[Result]:
        """Check the corrections of one table, if there are any."""
        entries, problems = self.corrections.of(name), self._corrections_made(name).problems
        return [_corrections(name, problems, len(entries))] if entries else []

    def cells(self, name: str) -> pd.DataFrame:
        """Return every row of a table as text, typed or supplied, before any correction.

        Columns are those of its file, the row and the file. Raises `FiguresError` where the file is
        no table.
        """
        return self._file_cells(name).copy()

    def supplied(self, name: str) -> dict[str, int]:
        """Return how many rows each official file gives a table."""
        return supplied_counts(self._workspace, self.tables[name], lambda: self._places)

    def names(self, reference: Reference) -> dict[str, tuple[str, str]]:
        """Return the ids of a list with their English and French names."""
        plain = NameList(reference.resource, reference.fields[0])
        described = self._workspace.project.list_of(reference.resource) or plain
        words = [described.name_column(language) for language in LANGUAGES]
        ids = self._ids(reference)
        named = self._columns(reference.resource, reference.fields[0], words)
        return {one: (named[one][0], named[one][1]) for one in sorted(ids)}

    def known(self, table: Table) -> Vocabularies:
        """Return the ids of every list that a table refers to and that can be read, with names."""
        found = {one.name: self._ids(one) for one in table.references}
        if UNITS in found:
            dimensions = self._columns(UNITS, "unit", ("dimension",))
            found[DIMENSIONS] = {unit: tuple(words) for unit, words in dimensions.items()}
        return {vocabulary: ids for vocabulary, ids in found.items() if ids}

    def _ids(self, reference: Reference) -> dict[str, tuple[str, ...]]:
        """Return the ids of a list, each with the words by which people know it."""
        if reference.name not in self._known:
            kinds = [*reference.where]
            named = self._columns(reference.resource, reference.fields[0], (*kinds, *_WORDS))
            self._known[reference.name] = {
                identifier: tuple(word for cell in words[len(kinds) :] for word in cell.split(";"))
                for identifier, words in named.items()
                if all(of in reference.where[k] for k, of in zip(kinds, words, strict=False))
            }
        return self._known[reference.name]

    def _columns(self, name: str, column: str, others: Sequence[str]) -> dict[str, list[str]]:
        """Return other columns of a vocabulary by its ids; of one that cannot be read, nothing."""
        try:
            cells = self._read_cells(name)
        except FiguresError:
            return {}
        if column not in cells:
            return {}
        named = cells.dropna(subset=[column]).reindex(columns=[column, *others])
        named = named.astype("string").fillna("")
        return {str(identifier): words for identifier, *words in named.itertuples(index=False)}

    def _read_cells(self, name: str, as_of: dt.date | None = None) -> pd.DataFrame:
        """Return a table's cells with its corrections made, those known on a day."""
        return self._corrections_made(name, as_of).cells

    def _corrections_made(self, name: str, as_of: dt.date | None = None) -> Corrected:
        mine = self.corrections.of(name, as_of)
        known = (name, *mine)
        if known not in self._corrected:
            cells = self._file_cells(name)
            self._corrected[known] = corrected(cells, mine) if mine else Corrected(cells)
        return self._corrected[known]

    def _file_cells(self, name: str) -> pd.DataFrame:
        """Return a table's cells as its file holds them, and those that official files supply."""
        if name not in self._cells:
            path, supplied = self.path(name), None
            try:
                supplied = supplied_rows(self._workspace, self.tables[name], lambda: self._places)
            except FiguresError as error:  # told together with what is wrong with the table's rows
                self._unsupplied[name] = _files(name, error.problems, 0)
            bare = supplied is not None or name in self._unsupplied
            own = self._read(path, bare=bare)
            own = own.assign(**{FILE: self._file(name)})
            if path.suffix != ".csv":
                own, unclear = shown_by_workbook(self.tables[name], own)
                schema.raise_if_any(few(unclear))
            key = [*self.tables[name].key]
            self._cells[name] = own if supplied is None else _joined(own, supplied, key)
        return self._cells[name]

    def _read(self, path: Path, *, bare: bool) -> pd.DataFrame:
        """Read the file of a table; one that a publisher gave is told as that."""
        file = self._workspace.relative(path)
        try:
            return read_cells(path, file, bare=bare)
        except FiguresError:
            seen = None
            with suppress(FiguresError):  # what is damaged besides is told as what it seems to be
                seen = recognised(path)
            if seen is None:
                raise
            expected = f"a table of the project, but this is: {seen.publisher}, {seen.title}"
            remedy = f"Move it out of data/raw, then: python pipeline.py add {path.name}"
            raise FiguresError.of(file, expected, remedy) from None

    def files(self, name: str) -> list[Path]:
        """Name every file in which rows of a table stand, or that says which rows these are."""
        supplying = files_behind(self._workspace, name)
        return [self.path(name), *supplying, *([self.path(_PLACES)] if supplying else ())]

    @cached_property
    def _places(self) -> dict[str, str]:
        """Return the ids of places by every name and code of theirs, in lower case."""
        named = self._columns(_PLACES, "place_id", ("iso3", *_WORDS))
        return {
            word.strip().casefold(): place
            for place, cells in named.items()
            for cell in cells
            for word in cell.split(";")
            if word
        }

    def _file(self, name: str) -> str:
        return self._workspace.relative(self.path(name))

    def _strays(self) -> list[Problem]:
        """Report files that look like tables and would silently not be read."""
        folder = self._workspace.raw
        as_given = {one.path for one in official.official_files(self._workspace)}
        names = {
            path: path.relative_to(folder).with_suffix("").as_posix()
            for path in _sheets(folder)
            if path not in as_given and not path.with_name(path.stem + official.SUFFIX).is_file()
        }
        return [
            Problem(
                file=self._workspace.relative(path),
                expected="a table of the project, as .csv or .xlsx",
                remedy=self._declare(path, name),
            )
            for path, name in names.items()
            if name not in self.tables or path.suffix not in _SUFFIXES
        ]

    def _declare(self, path: Path, name: str) -> str:
        """Say what to do about a file that is no table of the project."""
        like = nearest(name, self.tables)
        meant = f"Did you mean {like!r}? Then rename it. " if like else ""
        if path.suffix not in _SUFFIXES:
            return f"{meant}Save it as .csv or .xlsx, or: python pipeline.py add {path.name}"
        folder = self._workspace.relative(self._workspace.raw)
        return (
            f"{meant}A new table is declared by what its columns hold, in "
            f"{folder}/{name}{DESCRIPTOR} (docs/guides/table.md); a publisher's file goes in by "
            "python pipeline.py add."
        )

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


def _files(name: str, problems: Sequence[Problem], rows: int) -> Result:
    """Tell files that are no tables as a fault of their form."""
    return Result(
        kind=Kind.SCHEMA, end="raw", table=name, rows=rows, columns=0, problems=tuple(problems)
    )


def _corrections(name: str, problems: Sequence[Problem], entries: int) -> Result:
    return Result(
        kind=Kind.CORRECTIONS, end="raw", table=name, rows=entries, problems=tuple(problems)
    )


def _joined(own: pd.DataFrame, supplied: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Put the rows of official files among those of the table, in the order of the table's key."""
    both = pd.concat([own, supplied], ignore_index=True)
    return both.sort_values(key, kind="stable", ignore_index=True) if {*key} <= {*both} else both


def _sheets(folder: Path) -> list[Path]:
    """List what a spreadsheet program saves; files that only mark one as open do not count."""
    return sorted(
        path
        for path in folder.rglob("*.*")
        if path.suffix.casefold() in _SPREADSHEETS and not path.name.startswith((".", "~"))
    )


def as_it_stood(frame: pd.DataFrame, table: Table, as_of: dt.date) -> pd.DataFrame:
    """Keep what was public on a day: no later row, and of each key the newest vintage.

    Of a table whose figures may be revised, `public_since` says on which day a figure first became
    public: a revision changes the figure and not the day on which there was one.
    """
    if not table.revised:
        return frame
    public = frame[frame[REVISED] <= pd.Timestamp(as_of)] if table.dated else frame
    # A revision changes the figure, and not the day on which there first was one.
    first = public.groupby([*table.key], dropna=False)[REVISED].transform("min")
    dated = public.assign(**{PUBLIC_SINCE: first})
    newest = dated.sort_values(REVISED, kind="stable").drop_duplicates([*table.key], keep="last")
    return newest.sort_index().reset_index(drop=True)
