"""Comparison of a table with the last good run: no row is gone, no figure has changed its size.

The tables of the last good run are stored under `.pipeline/last/`, apart for each choice of period,
currency and minerals. A run as of an earlier day neither is compared with them nor replaces them; a
run as of a much later day replaces them without being compared, since many rows may be new.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from critical_minerals.errors import Problem, limit_problems
from critical_minerals.language.quantities import is_currency
from critical_minerals.tables.check_results import Kind, Result
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.processed import file_of
from critical_minerals.workspace.parameters import Parameters
from critical_minerals.workspace.paths import Workspace, write_whole
from critical_minerals.workspace.state_files import read_stored

REACH: Final = dt.timedelta(days=184)
"""How much later the as-of day of a run may be that is compared with the last: half a year."""
FACTOR: Final = 5.0
"""An amount, a quantity or a count that grows or shrinks by more has to be confirmed."""
TOTAL_FACTOR: Final = 2.0
"""The same for the sum of a column over the rows that both runs have."""
_MARGINS: Final[Mapping[str, float]] = {"percent": 25.0, "points": 25.0, "degrees": 1.0}
"""By how much shares (in per cent) and coordinates may move; one degree north is 111 km."""
FEW: Final = 10
"""Counts that differ by no more need no confirmation, whatever their ratio."""
_UNITS_NOT_COMPARED: Final = frozenset({"year", "rank"})
"""Units of numbers that have no size to compare."""
_SUMMED_UNITS: Final = frozenset({"t", "m3"})
"""Units beside money whose figures add up: a sum of shares or coordinates would mean nothing."""
_KEY_SEPARATOR: Final = "\x1f"
"""The unit separator: raw cells with invisible characters are rejected, so no key has it."""
_OLD_SUFFIX: Final = " before"
_IN_LAST_RUN: Final = ", which the last good run had"
_KEY_COLUMN_LOST: Final = "a key of columns that the last good run had, to find its rows by"


@dataclass(frozen=True)
class Reference:
    """The tables of the last good run, and whether this run can be compared with it."""

    folder: Path
    comparable: bool

    def table(self, table: Table) -> pd.DataFrame | None:
        """Return a table as the last good run wrote it, if it did."""
        path = self.folder / f"{table.name}.parquet"
        return pd.read_parquet(path) if self.comparable and path.is_file() else None


def reference(workspace: Workspace, notebook: str, parameters: Parameters) -> Reference:
    """Find the last good run of a notebook with these parameters, as of the same day or before."""
    folder = _folder(workspace, notebook, parameters)
    stored_day = _stored_as_of(folder)
    comparable = (
        stored_day is not None and dt.timedelta(0) <= parameters.as_of - stored_day <= REACH
    )
    return Reference(folder, comparable)


def store_tables(
    workspace: Workspace, notebook: str, parameters: Parameters, tables: Iterable[Table]
) -> None:
    """Store the tables that a notebook has written, as the reference for the next run."""
    folder = _folder(workspace, notebook, parameters)
    stored_day = _stored_as_of(folder)
    # A report of an earlier day has fewer rows: with it as the reference, a run of today could lose
    # the others unnoticed.
    if stored_day is not None and stored_day > parameters.as_of:
        return
    written = [*tables]
    # Otherwise every later run would miss a table that is saved no longer.
    for path in folder.glob("*.parquet"):
        if path.stem not in {table.name for table in written}:
            path.unlink()
    for table in written:
        write_whole(folder / f"{table.name}.parquet", file_of(table, workspace).read_bytes())
    write_whole(folder / "run.json", json.dumps({"as_of": parameters.as_of.isoformat()}) + "\n")


def compare(table: Table, frame: pd.DataFrame, last: Reference) -> list[Result]:
    """Compare a shaped table with the last good run: coverage and magnitude."""
    before = last.table(table)
    if before is None:
        return []
    watched = [
        column
        for column in table.own
        if column.kind in {"number", "integer"}
        and column.unit not in _UNITS_NOT_COMPARED
        and column.name in before
    ]
    # After an edit most tables are as they were, and to find rows by their keys takes long.
    if _is_same(before, frame):
        rows = int((~frame.duplicated([*table.key])).sum())
        return [
            _make_result(Kind.COVERAGE, table.name, rows),
            _make_result(Kind.MAGNITUDE, table.name, rows, len(watched)),
        ]
    problem = partial(Problem, file=_csv_path(table), remedy=_confirm_remedy(table.name))
    missing = [
        problem(column=str(name), expected=f"this column{_IN_LAST_RUN}")
        for name in before.columns.difference(frame.columns)
    ]
    missing += [
        problem(column=name, expected=_KEY_COLUMN_LOST) for name in table.key if name not in before
    ]
    if not {*table.key} <= {*before.columns}:  # no row of one table can be found in the other
        return [_make_result(Kind.COVERAGE, table.name, problems=missing)]
    old, new = _index_by_key(before, table), _index_by_key(frame, table)
    gone = old.loc[old.index.difference(new.index, sort=False), "origin"]
    for label, origin in gone.items():
        # The origin is that of the last run: in the file of today this row is another, or gone.
        file, row, more = _first_origin(origin)
        expected = f"this row of table {table.name}{_IN_LAST_RUN} from row {row}{more}"
        missing.append(problem(file=file, value=_format_key(table, str(label)), expected=expected))
    moved: list[Problem] = []
    both = old.merge(new, left_index=True, right_index=True, suffixes=(_OLD_SUFFIX, ""))
    for column in watched:
        pairs = both[[f"{column.name}{_OLD_SUFFIX}", column.name, "origin"]].set_axis(
            ["old", "new", "origin"], axis="columns"
        )
        missing += _find_emptied(table, column, pairs)
        moved += _find_moved(table, column, pairs)
    return [
        _make_result(Kind.COVERAGE, table.name, len(old), 0, missing),
        _make_result(Kind.MAGNITUDE, table.name, len(both), len(watched), moved),
    ]


def _is_same(before: pd.DataFrame, frame: pd.DataFrame) -> bool:
    """Say whether a table is cell by cell as it was stored."""
    # A Parquet file has days in milliseconds, whatever unit they had before.
    days = {name: kind for name, kind in before.dtypes.items() if kind.kind == "M"}
    return before.columns.equals(frame.columns) and before.equals(frame.astype(days))


def missing_tables(last: Reference, tables: Collection[str]) -> list[Result]:
    """Report tables that the last good run of the notebook had and this one has not."""
    if not last.comparable:
        return []
    lost = sorted({path.stem for path in last.folder.glob("*.parquet")}.difference(tables))
    expected = f"this table{_IN_LAST_RUN}"
    return [
        _make_result(
            Kind.COVERAGE,
            name,
            problems=[
                Problem(file=f"table {name}", expected=expected, remedy=_confirm_remedy(name))
            ],
        )
        for name in lost
    ]


def accept_confirmed(results: Iterable[Result], confirmed: Collection[str]) -> list[Result]:
    """Move the problems of confirmed tables to `confirmed`: reported, but no failure."""
    return [
        replace(result, problems=(), confirmed=result.problems)
        if result.against_last and result.table in confirmed
        else result
        for result in results
    ]


def _make_result(
    kind: Kind, table: str, rows: int = 0, columns: int = 0, problems: Sequence[Problem] = ()
) -> Result:
    expected, remedy = "the table much as the last good run had it", _confirm_remedy(table)
    return Result(
        kind=kind,
        end="processed",
        table=table,
        rows=rows,
        columns=columns,
        problems=tuple(limit_problems(problems, expected=expected, remedy=remedy)),
        against_last=True,
    )


def _index_by_key(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    indexed = frame.copy()
    # A blank in a key becomes an empty text: `pd.NA` could not be joined.
    key_columns = (indexed[name].astype("string").fillna("") for name in table.key)
    indexed.index = pd.Index(
        [_KEY_SEPARATOR.join(parts) for parts in zip(*key_columns, strict=True)], dtype=object
    )
    # Repeated keys fail a check of their own; in the merge they would multiply rows.
    return indexed[~indexed.index.duplicated()]


def _find_emptied(table: Table, column: Column, pairs: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem for each figure that the last good run had and this one lacks."""
    blank = pairs["old"].notna() & pairs["new"].isna()
    for key, before, _, origin in pairs[blank].itertuples():
        expected = "a figure for {figure}, such as the last good run's " + f"{before:.15g}"
        yield _figure_problem(table, column, key, origin, expected)


def _find_moved(table: Table, column: Column, pairs: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem for each figure, and for their sum, of another size than in the last run."""
    numeric = pairs.dropna(subset=["old", "new"]).astype({"old": "float64", "new": "float64"})
    for key, before, now, origin in numeric[numeric["old"] != numeric["new"]].itertuples():
        if not _is_similar(column, before, now):
            expected = f"about {before:.15g}, as in the last good run ({_bound(column)}),"
            yield _figure_problem(table, column, key, origin, f"{expected} for {{figure}}", now)
    # The sum too: a whole column in another unit or currency may move no figure fivefold. Over
    # the rows of both runs, since new rows may well double a total.
    before, now = numeric["old"].sum(), numeric["new"].sum()
    if _adds_up(column.unit or "") and not _within_factor(before, now, TOTAL_FACTOR):
        yield Problem(
            file=_csv_path(table),
            column=column.name,
            value=f"{now:.15g} in total",
            expected=f"about {before:.15g}, as in the last good run (a factor of"
            f" {TOTAL_FACTOR:g}), over the same {len(numeric)} rows",
            remedy=_confirm_remedy(table.name),
        )


def _adds_up(unit: str) -> bool:
    return unit in _SUMMED_UNITS or is_currency(unit.removeprefix("million "))


def _figure_problem(
    table: Table,
    column: Column,
    key: object,
    origin: object,
    expected: str,
    now: float | None = None,
) -> Problem:
    """Describe a figure of a processed table by its key, with the raw row to look at first."""
    file, row, more = _first_origin(origin)
    figure = f"{column.name} of {_format_key(table, str(key))} in table {table.name}{more}"
    return Problem(
        file=file,
        row=row,
        value=None if now is None else f"{now:.15g}",
        expected=expected.format(figure=figure),
        remedy=_confirm_remedy(table.name),
    )


def _is_similar(column: Column, before: float, now: float) -> bool:
    """Tell whether a figure is of the same size as before, by the unit of its column."""
    difference = abs(now - before)
    if column.unit in _MARGINS:
        return difference <= _MARGINS[column.unit]
    # From 1 project to 6 is more than fivefold, and hardly a mistake.
    if column.unit is None and column.kind == "integer" and difference <= FEW:
        return True
    return _within_factor(before, now, FACTOR)


def _within_factor(before: float, now: float, factor: float) -> bool:
    """Tell whether two figures differ by no more than a factor; zero is similar only to zero."""
    if before == now:
        return True
    if before * now <= 0:
        return False
    low, high = sorted((abs(before), abs(now)))
    return high <= low * factor


def _bound(column: Column) -> str:
    if column.unit in _MARGINS:
        return f"give or take {_MARGINS[column.unit]:g}"
    return f"a factor of {FACTOR:g}"


def _first_origin(origin: object) -> tuple[str, int, str]:
    """Return the raw file and row to look at first, and how many more a figure is based on.

    >>> _first_origin("data/raw/a.csv:3 data/raw/b.csv:2")
    ('data/raw/a.csv', 3, ' (with 1 more raw row)')
    """
    first, *others = str(origin).split()
    file, _, row = first.rpartition(":")
    more = f" (with {len(others)} more raw row{'s' * (len(others) > 1)})" if others else ""
    return file, int(row), more


def _format_key(table: Table, key: str) -> str:
    pairs = zip(table.key, key.split(_KEY_SEPARATOR), strict=True)
    return ", ".join(f"{name}={text}" for name, text in pairs)


def _csv_path(table: Table) -> str:
    return f"data/processed/{table.name}.csv"


def _confirm_remedy(table: str) -> str:
    return f"If this is meant, run again with --confirm {table}."


def _folder(workspace: Workspace, notebook: str, parameters: Parameters) -> Path:
    """Return the folder with the stored tables of runs with these parameters."""
    compared = parameters.for_papermill()
    # Runs as of several days are to be compared; languages change no figure.
    del compared["as_of"], compared["languages"]
    name = hashlib.sha256(json.dumps(compared, sort_keys=True).encode()).hexdigest()[:12]
    return workspace.state / "last" / name / notebook


def _stored_as_of(folder: Path) -> dt.date | None:
    # Damaged state is made anew: without a day there is nothing to compare with.
    content = read_stored(folder / "run.json", {"as_of": str}, {"as_of": ""})
    try:
        return dt.date.fromisoformat(content["as_of"])
    except ValueError:
        return None
