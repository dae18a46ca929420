"""Shape, write and read processed tables by their descriptors.

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

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.tables import validation
from critical_minerals.tables.check_results import Result, problems_of, some_of
from critical_minerals.tables.descriptors import Table
from critical_minerals.tables.exported import harmless, readable
from critical_minerals.tables.rules import Fault
from critical_minerals.tables.validation import Vocabularies
from critical_minerals.workspace.paths import Workspace, write_whole

# Nullable types: a blank cell must not turn whole numbers into floats, or flags into objects.
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
_NO_VOCABULARIES: Final[Vocabularies] = {}


def shaped(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the columns, types and row order of the table.

    Raises `FiguresError` with every cell that violates the descriptor.
    """
    ordered, results = examine(table, frame)
    if problems := problems_of(results):
        raise FiguresError(problems)
    return ordered


def examine(
    table: Table, frame: pd.DataFrame, known: Vocabularies = _NO_VOCABULARIES
) -> tuple[pd.DataFrame, list[Result]]:
    """Shape a frame as `shaped` does; return it with the result of each check.

    Raises `FiguresError` where columns are missing or hold what their type cannot.
    """
    ordered = (
        _convert_columns(table, frame)
        # By key, so that equal data gives equal bytes in whatever order a notebook made it.
        .sort_values([*table.key], kind="stable")
        .reset_index(drop=True)
    )
    faults = validation.faults(table, ordered, known)
    problems = [(fault.kind, _describe_fault(table, ordered, fault)) for fault in faults]
    return ordered, validation.results(table, "processed", len(ordered), problems)


def write(table: Table, workspace: Workspace, frame: pd.DataFrame) -> None:
    """Write a frame that has been shaped as `<name>.parquet` and `<name>.csv`."""
    write_whole(workspace.saved / f"{table.name}.parquet", _to_parquet(frame))
    write_whole(workspace.saved / f"{table.name}.csv", to_csv(frame))


def read(table: Table, workspace: Workspace) -> pd.DataFrame:
    """Read the table that a notebook wrote; it was checked before it was written."""
    return _convert_columns(table, pd.read_parquet(file_of(table, workspace)))


def file_of(table: Table, workspace: Workspace) -> Path:
    """Return the Parquet file of the table; a branch's own file takes precedence."""
    own = workspace.saved / f"{table.name}.parquet"
    return own if own.is_file() else workspace.processed / own.name


def to_csv(frame: pd.DataFrame, *, rounded: bool = False) -> str:
    """Return CSV with line feeds, full precision, ISO dates, and text escaped against formulas.

    `rounded` removes floating-point noise, for spreadsheets.
    """
    columns = {str(name): _format_column(column, rounded=rounded) for name, column in frame.items()}
    escaped = pd.DataFrame({harmless(name): column for name, column in columns.items()})
    return escaped.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


def _format_column(column: pd.Series, *, rounded: bool) -> pd.Series:
    if pd.api.types.is_float_dtype(column):
        return column.map(readable, na_action="ignore") if rounded else column
    # Numbers and days cannot be formulas; an apostrophe would turn them into text.
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_dtype(column):
        return column
    return column.map(lambda cell: harmless(cell) if isinstance(cell, str) else cell)


def _convert_columns(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Convert every column to its type; report those that are missing or cannot be converted."""
    file = f"table {table.name}"
    if missing := ", ".join(name for name in table.columns if name not in frame):
        raise FiguresError.of(
            file=file, value=missing, expected="these columns", remedy="Add them."
        )
    columns: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for field in table.fields:
        try:
            columns[field.name] = frame[field.name].astype(_TYPES[field.type])
        except (TypeError, ValueError) as error:
            expected = f"a column of the kind {field.type} ({error})"
            problems.append(
                Problem(file=file, column=field.name, expected=expected, remedy=_REMEDY)
            )
    if problems:
        raise FiguresError(problems)
    return pd.DataFrame(columns, index=frame.index)


def _describe_fault(table: Table, frame: pd.DataFrame, fault: Fault) -> Problem:
    """Describe a fault with the key of its row, by which a person finds it, and its raw rows."""
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


def _to_parquet(frame: pd.DataFrame) -> bytes:
    """Return Parquet with fixed options: equal frames give equal bytes."""
    buffer = io.BytesIO()
    plain = frame.copy(deep=False)
    # pyarrow would write `attrs`, such as the name of the table, into the file.
    plain.attrs = {}
    content = pa.Table.from_pandas(plain, preserve_index=False)
    # Stated here, since the defaults of pyarrow change with its versions.
    parquet.write_table(content, buffer, compression="zstd", version="2.6")
    return buffer.getvalue()
