"""How a processed table is shaped, written and read, as its descriptor says.

Tables are written as Parquet and CSV with fixed options, so that equal data gives equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from critical_minerals.checking import Result, problems_of, some_of
from critical_minerals.errors import FiguresError, Problem
from critical_minerals.tables import validation
from critical_minerals.tables.descriptors import Table
from critical_minerals.tables.exported import harmless, readable
from critical_minerals.tables.rules import Fault
from critical_minerals.tables.validation import Vocabularies
from critical_minerals.workspace import Workspace, write_whole

_TYPES: Final[Mapping[str, Any]] = {
    "string": pd.StringDtype(),
    "list": pd.StringDtype(),
    "integer": pd.Int64Dtype(),
    "year": pd.Int64Dtype(),
    "number": pd.Float64Dtype(),
    "boolean": pd.BooleanDtype(),
    "date": "datetime64[s]",
}
_REMEDY: Final = "Look at the cleaning step that makes this column."
_NOTHING_KNOWN: Final[Vocabularies] = {}


def shaped(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the table's columns, types and order of rows.

    Raises `FiguresError` naming every row and column that breaks the table's promise.
    """
    ordered, results = examine(table, frame)
    if problems := problems_of(results):
        raise FiguresError(problems)
    return ordered


def examine(
    table: Table, frame: pd.DataFrame, known: Vocabularies = _NOTHING_KNOWN
) -> tuple[pd.DataFrame, list[Result]]:
    """Shape a frame as `shaped` does; say what each check looked at and what it found.

    Raises `FiguresError` where columns are missing or hold what their type cannot.
    """
    ordered = _typed(table, frame).sort_values([*table.key], kind="stable").reset_index(drop=True)
    faults = validation.faults(table, ordered, known)
    found = [(fault.kind, _told(table, ordered, fault)) for fault in faults]
    return ordered, validation.results(table, "processed", len(ordered), found)


def write(table: Table, workspace: Workspace, frame: pd.DataFrame) -> None:
    """Write a frame that has been shaped as `<name>.parquet` and `<name>.csv`."""
    write_whole(workspace.saved / f"{table.name}.parquet", _parquet(frame))
    write_whole(workspace.saved / f"{table.name}.csv", to_csv(frame))


def read(table: Table, workspace: Workspace) -> pd.DataFrame:
    """Read the table that a notebook wrote, and checked before it did."""
    return _typed(table, pd.read_parquet(file_of(table, workspace)))


def file_of(table: Table, workspace: Workspace) -> Path:
    """Return the Parquet file in which the table is kept; a branch's own comes first."""
    own = workspace.saved / f"{table.name}.parquet"
    return own if own.is_file() else workspace.processed / own.name


def to_csv(frame: pd.DataFrame, *, rounded: bool = False) -> str:
    """Write CSV with line feeds, full precision and days as ISO text; text that is no formula.

    `rounded` leaves out the noise of computations, for people.
    """
    told = {str(name): _told_as(column, rounded=rounded) for name, column in frame.items()}
    safe = pd.DataFrame({harmless(name): column for name, column in told.items()})
    return safe.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


def _told_as(column: pd.Series, *, rounded: bool) -> pd.Series:
    if pd.api.types.is_float_dtype(column):
        return column.map(readable, na_action="ignore") if rounded else column
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_dtype(column):
        return column
    return column.map(lambda cell: harmless(cell) if isinstance(cell, str) else cell)


def _typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column its type; tell each that is missing or cannot take it."""
    file = f"table {table.name}"
    if missing := ", ".join(name for name in table.columns if name not in frame):
        raise FiguresError.of(
            file=file, value=missing, expected="these columns", remedy="Add them."
        )
    typed: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for field in table.fields:
        try:
            typed[field.name] = frame[field.name].astype(_TYPES[field.type])
        except (TypeError, ValueError) as error:
            expected = f"a column of the kind {field.type} ({error})"
            problems.append(
                Problem(file=file, column=field.name, expected=expected, remedy=_REMEDY)
            )
    if problems:
        raise FiguresError(problems)
    return pd.DataFrame(typed, index=frame.index)


def _told(table: Table, frame: pd.DataFrame, fault: Fault) -> Problem:
    """Tell a fault with the row's key, by which a person finds it, and its raw rows."""
    record = frame.iloc[fault.row]
    key = ", ".join(f"{name}={record[name]}" for name in table.key)
    cell = "" if fault.column is None else fault.value or "no value"
    return Problem(
        file=f"table {table.name} ({key})",
        column=fault.column,
        value=f"{cell} ({some_of(str(record['origin']))})".strip(),
        expected=fault.expected,
        remedy=_REMEDY,
    )


def _parquet(frame: pd.DataFrame) -> bytes:
    """Write Parquet with options that leave no room for chance."""
    buffer = io.BytesIO()
    bare = frame.copy(deep=False)
    bare.attrs = {}  # what a frame knows of itself in this process is nothing of the table
    content = pa.Table.from_pandas(bare, preserve_index=False)
    parquet.write_table(content, buffer, compression="zstd", version="2.6")
    return buffer.getvalue()
