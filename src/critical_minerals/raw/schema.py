"""What a raw table is: text that people edit, held to its descriptor, then given its types.

The check of a whole table collects every fault and tells each as a `Problem` with its file and row;
only a table without faults is converted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from critical_minerals.checking import Kind, Result, problems_of
from critical_minerals.errors import FiguresError, Problem, hint, nearest
from critical_minerals.raw.corrections import NAME as CORRECTIONS
from critical_minerals.raw.corrections import origins_of
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.readers.text import shown
from critical_minerals.tables import validation
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.rules import Fault
from critical_minerals.tables.validation import Vocabularies

ORIGIN: Final = "origin"
"""Name of the column that says where a row stands: `funding/awards.csv:14`."""
_ENOUGH: Final = 3
_NO_ROW: Final = "If it is a total, a title or a remark, take the row out; else fill its cells."
_SUPPLIED: Final = (
    f"Look it up in the source. A publisher's file stays as it came: say in data/raw/{CORRECTIONS} "
    "what is right, or in the table's mapping how the file is to be read."
)
PROVENANCE: Final = ("as_of", "source_id", "place", "note")
"""Columns that say where a figure is from."""


def check(table: Table, cells: pd.DataFrame, known: Vocabularies, file: str) -> list[Problem]:
    """Return every fault of a table of text cells; an empty list means that it is sound."""
    return problems_of(examine(table, cells, known, file))


def examine(
    table: Table,
    cells: pd.DataFrame,
    known: Vocabularies,
    file: str,
    last_year: int = validation.LAST_YEAR,
) -> list[Result]:
    """Check a table of text cells; return what each check looked at and every fault it found.

    Figures may be of years up to `last_year`.
    """
    found = [(Kind.SCHEMA, problem) for problem in _column_problems(table, cells, file)]
    faults = validation.faults(table, cells, known, written=True, last_year=last_year)
    stumps = _stumps(table, cells)
    found += [
        (fault.kind, _told(fault, cells, file)) for fault in faults if fault.row not in stumps
    ]
    found += [(Kind.SCHEMA, _told(fault, cells, file)) for fault in stumps.values()]
    return validation.results(table, "raw", len(cells), found)


def _stumps(table: Table, cells: pd.DataFrame) -> dict[int, Fault]:
    """Find rows most of whose required cells are blank: they are totals, titles or remarks."""
    required = [field.name for field in table.fields if field.constraints.required]
    required = [name for name in required if name in cells]
    if len(required) < _ENOUGH:
        return {}
    # More than half: a figure with a cell or two missing is told cell by cell.
    blank = cells[required].isna().sum(axis=1) * 2 > len(required)
    stumps: dict[int, Fault] = {}
    for row in blank.to_numpy().nonzero()[0]:
        record = cells.iloc[int(row)]
        said = [str(record[name]) for name in table.columns if name in cells]
        value = shown(", ".join(cell for cell in said if cell != str(pd.NA)))
        expected = (
            f"a row of the table; {', '.join(record[required].index[record[required].isna()])}"
        )
        stumps[int(row)] = Fault(
            Kind.SCHEMA, int(row), None, value, f"{expected} are blank", _NO_ROW
        )
    return stumps


def _told(fault: Fault, cells: pd.DataFrame, file: str) -> Problem:
    """Tell a fault with its place in its file, which is the publisher's for rows it supplies."""
    twin = None if fault.twin is None else _twin(cells, fault.row, fault.twin, file)
    repeats = f"; {twin} holds it already" if twin else ""
    place = _file(cells, fault.row, file)
    return Problem(
        file=place,
        row=int(cells[ROW].iloc[fault.row]),
        column=fault.column,
        value=fault.value,
        expected=fault.expected + repeats,
        remedy=fault.remedy if place == file else _SUPPLIED,
    )


def _file(cells: pd.DataFrame, row: int, file: str) -> str:
    """Name the file of a row: that of the table, unless the row says another."""
    return str(cells[FILE].iloc[row]) if FILE in cells else file


def _twin(cells: pd.DataFrame, row: int, twin: int, file: str) -> str:
    """Name the row that holds the same, with its file where that is another."""
    named, other = f"row {cells[ROW].iloc[twin]}", _file(cells, twin, file)
    return named if _file(cells, row, file) == other else f"{other}, {named},"


def convert(table: Table, cells: pd.DataFrame, file: str) -> pd.DataFrame:
    """Give the columns of a sound table their types and add `origin` (file and row).

    Numbers become Float64, whole numbers and years Int64, days datetime64, flags boolean; the rest
    stays text.
    """
    typed = pd.DataFrame(
        {field.name: _typed(cells[field.name], field) for field in table.fields},
        index=cells.index,
    )
    typed[ORIGIN] = [*origins_of(cells, file)]
    return typed


def _typed(column: pd.Series, field: Column) -> pd.Series:
    """Convert one column of text."""
    match field.type:
        case "number":
            return column.astype("Float64")
        case "integer" | "year":
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


def _column_problems(table: Table, cells: pd.DataFrame, file: str) -> list[Problem]:
    """Report missing and unknown columns, with the likely renaming."""
    wanted = table.columns
    found = [column for column in cells.columns if column not in (ROW, FILE)]
    missing = [name for name in wanted if name not in found]
    unknown = [name for name in found if name not in wanted]
    absent = [
        Problem(
            file=file,
            row=1,
            column=name,
            expected="this column",
            remedy=_missing_remedy(name, unknown),
        )
        for name in missing
    ]
    surplus = [
        Problem(
            file=file,
            row=1,
            column=shown(name),
            expected="no column of this name",
            remedy=f"Take it out, or rename it. {hint(name, missing or wanted)}",
        )
        for name in unknown
    ]
    return absent + surplus


def _missing_remedy(name: str, unknown: Sequence[str]) -> str:
    """Say which column has probably been renamed."""
    if match := nearest(name, unknown):
        return f"Rename the column {match!r} back to {name!r}."
    return "Add it, or give the column that holds it this name."


def raise_if_any(problems: list[Problem]) -> None:
    """Raise `FiguresError` when there is anything to tell."""
    if problems:
        raise FiguresError(problems)
