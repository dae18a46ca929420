"""Raw tables: text that people edit, checked against its descriptor, then converted to types.

A check of a table collects every fault and reports each as a `Problem` with its file and row; only
a table without faults is converted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from critical_minerals.errors import FiguresError, Problem, hint, nearest
from critical_minerals.raw.corrections import NAME as CORRECTIONS
from critical_minerals.raw.corrections import origins_of
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.readers.text import escape_invisible
from critical_minerals.tables import validation
from critical_minerals.tables.check_results import Kind, Result, problems_of
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.rules import Fault
from critical_minerals.tables.validation import Vocabularies

ORIGIN: Final = "origin"
"""Name of the column that holds the file and row of a figure: `funding/awards.csv:14`."""
_FEWEST_REQUIRED: Final = 3
_NO_ROW: Final = "If it is a total, a title or a remark, take the row out; else fill its cells."
_SUPPLIED: Final = (
    f"Look it up in the source. A publisher's file stays as it came: say in data/raw/{CORRECTIONS} "
    "what is right, or in the table's mapping how the file is to be read."
)
PROVENANCE: Final = ("as_of", "source_id", "place", "note")
"""Columns that hold the source of a figure, not the figure."""


def check(table: Table, cells: pd.DataFrame, known: Vocabularies, file: str) -> list[Problem]:
    """Return every fault of a table of text cells; an empty list means that it is valid."""
    return problems_of(examine(table, cells, known, file))


def examine(
    table: Table,
    cells: pd.DataFrame,
    known: Vocabularies,
    file: str,
    last_year: int = validation.LAST_YEAR,
) -> list[Result]:
    """Check a table of text cells; return the scope of each check and every fault it found.

    Dates and years may not be later than `last_year`.
    """
    found = [(Kind.SCHEMA, problem) for problem in _check_columns(table, cells, file)]
    # Raw cells are typed by people: check them for invisible characters and mistyped years.
    faults = validation.faults(table, cells, known, hand_written=True, last_year=last_year)
    incomplete = _find_incomplete_rows(table, cells)
    found += [
        (fault.kind, _locate_fault(fault, cells, file))
        for fault in faults
        if fault.row not in incomplete
    ]
    found += [(Kind.SCHEMA, _locate_fault(fault, cells, file)) for fault in incomplete.values()]
    return validation.results(table, "raw", len(cells), found)


def result(
    table: str,
    problems: Iterable[Problem],
    rows: int = 0,
    columns: int = 0,
    kind: Kind = Kind.SCHEMA,
) -> Result:
    """Return the result of a check of a raw table or of files, with the problems that it found."""
    return Result(
        kind=kind, end="raw", table=table, rows=rows, columns=columns, problems=tuple(problems)
    )


def valid_results(table: Table, cells: pd.DataFrame) -> list[Result]:
    """Return the scope of each check of a table that was found valid."""
    return validation.results(table, "raw", len(cells), ())


def _find_incomplete_rows(table: Table, cells: pd.DataFrame) -> dict[int, Fault]:
    """Find rows in which most required cells are blank: totals, titles or remarks."""
    required = [field.name for field in table.fields if field.constraints.required]
    required = [name for name in required if name in cells]
    # Of one or two required columns, blank ones are ordinary faults and no sign of a remark.
    if len(required) < _FEWEST_REQUIRED:
        return {}
    # More than half: a figure that lacks a cell or two is reported cell by cell, which says more.
    is_incomplete = cells[required].isna().sum(axis=1) * 2 > len(required)
    incomplete: dict[int, Fault] = {}
    for row in is_incomplete.to_numpy().nonzero()[0]:
        record = cells.iloc[int(row)]
        texts = [str(record[name]) for name in table.columns if name in cells]
        value = escape_invisible(", ".join(cell for cell in texts if cell != str(pd.NA)))
        expected = (
            f"a row of the table; {', '.join(record[required].index[record[required].isna()])}"
        )
        incomplete[int(row)] = Fault(
            Kind.SCHEMA, int(row), None, value, f"{expected} are blank", _NO_ROW
        )
    return incomplete


def _locate_fault(fault: Fault, cells: pd.DataFrame, file: str) -> Problem:
    """Turn a fault into a problem with its file and row, in the publisher's file for its rows."""
    twin = None if fault.twin is None else _describe_twin(cells, fault.row, fault.twin, file)
    repeats = f"; {twin} holds it already" if twin else ""
    source_file = _file_of_row(cells, fault.row, file)
    return Problem(
        file=source_file,
        row=int(cells[ROW].iloc[fault.row]),
        column=fault.column,
        value=fault.value,
        expected=fault.expected + repeats,
        # Nobody may edit a publisher's file: its hash is on its card.
        remedy=fault.remedy if source_file == file else _SUPPLIED,
    )


def _file_of_row(cells: pd.DataFrame, row: int, file: str) -> str:
    """Return the file of a row: that of the table, unless the row names another."""
    return str(cells[FILE].iloc[row]) if FILE in cells else file


def _describe_twin(cells: pd.DataFrame, row: int, twin: int, file: str) -> str:
    """Describe the row that holds the same, with its file where that is another."""
    row_name, twin_file = f"row {cells[ROW].iloc[twin]}", _file_of_row(cells, twin, file)
    return row_name if _file_of_row(cells, row, file) == twin_file else f"{twin_file}, {row_name},"


def convert(table: Table, cells: pd.DataFrame, file: str) -> pd.DataFrame:
    """Convert the columns of a valid table to their types and add `origin` (file and row).

    Numbers become Float64, whole numbers and years Int64, days datetime64, flags boolean; the rest
    stays text.
    """
    typed = pd.DataFrame(
        {field.name: _convert_column(cells[field.name], field) for field in table.fields},
        index=cells.index,
    )
    typed[ORIGIN] = [*origins_of(cells, file)]
    return typed


def _convert_column(column: pd.Series, field: Column) -> pd.Series:
    """Convert one column of text."""
    match field.type:
        case "number":
            return column.astype("Float64")
        case "integer" | "year":
            # Nullable: a blank whole number must not turn the column into floats.
            return column.astype("Int64")
        case "date":
            return pd.to_datetime(column, format="%Y-%m-%d")
        case "boolean":
            true, false = (
                dict.fromkeys(field.true_values, True),
                dict.fromkeys(field.false_values, False),
            )
            return column.map(true | false).astype("boolean")
        case _:
            return column


def _check_columns(table: Table, cells: pd.DataFrame, file: str) -> list[Problem]:
    """Report missing and unknown columns, with the likely renaming as remedy."""
    expected = table.columns
    present = [column for column in cells.columns if column not in (ROW, FILE)]
    missing = [name for name in expected if name not in present]
    unknown = [name for name in present if name not in expected]
    missing_problems = [
        Problem(
            file=file,
            row=1,
            column=name,
            expected="this column",
            remedy=_missing_remedy(name, unknown),
        )
        for name in missing
    ]
    unknown_problems = [
        Problem(
            file=file,
            row=1,
            column=escape_invisible(name),
            expected="no column of this name",
            # Only a missing column can be the one that was renamed, if any is missing.
            remedy=f"Take it out, or rename it. {hint(name, missing or expected)}",
        )
        for name in unknown
    ]
    return missing_problems + unknown_problems


def _missing_remedy(name: str, unknown: Sequence[str]) -> str:
    """Name the unknown column that is probably the missing one, renamed."""
    if match := nearest(name, unknown):
        return f"Rename the column {match!r} back to {name!r}."
    return "Add it, or give the column that holds it this name."


def raise_if_any(problems: list[Problem]) -> None:
    """Raise `FiguresError` if there are problems."""
    if problems:
        raise FiguresError(problems)
