"""Read what an analyst edits: a CSV file or a sheet of a workbook, as text cells.

Nothing is converted here. What makes a file unreadable as a table (encoding, a web page in
disguise, ragged rows) is reported with the row it stands in, all of it at once.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import charset_normalizer
import pandas as pd
import python_calamine

from critical_minerals.errors import FiguresError, Problem

ROW: Final = "row_number"
"""Name of the column that holds each record's row, counted as a spreadsheet does."""

_UTF8: Final = "Save it as 'CSV UTF-8 (comma delimited)'."


def read_cells(path: Path, name: str) -> pd.DataFrame:
    """Read a `.csv` or `.xlsx` file into text columns plus `row_number`.

    `name` is how people know the file. Blank cells are missing values; blanks around a cell are
    dropped. A workbook must hold a sheet named after the file.

    Raises `FiguresError` when the file is no table.
    """
    rows = _workbook_rows(path, name) if path.suffix == ".xlsx" else _csv_rows(path, name)
    return _frame(rows, name)


def _csv_rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    """Return the filled records of a CSV file with the row each starts on."""
    text = _decode(path.read_bytes(), name)
    _refuse_other_formats(text, name)
    records = [[cell.strip() for cell in record] for record in csv.reader(io.StringIO(text))]
    return [(row, record) for row, record in enumerate(records, start=1) if any(record)]


def _workbook_rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    """Return the filled records of the sheet that is named after the workbook."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.CalamineError as error:
        raise _unreadable(name, f"a readable Excel workbook ({error})") from error
    if path.stem not in workbook.sheet_names:
        found = ", ".join(workbook.sheet_names)
        raise FiguresError(
            [
                Problem(
                    file=name,
                    value=found,
                    expected=f"a sheet named {path.stem!r}",
                    remedy=f"Name the sheet that holds the table {path.stem!r}.",
                )
            ]
        )
    cells = workbook.get_sheet_by_name(path.stem).to_python(skip_empty_area=False)
    records = [[_cell_text(cell) for cell in row] for row in cells]
    return [(row, record) for row, record in enumerate(records, start=1) if any(record)]


def _cell_text(cell: object) -> str:
    """Write a workbook cell as the CSV file would hold it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _decode(data: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte-order mark; name any other encoding found."""
    if not data.strip():
        raise _unreadable(name, "a header row and at least one figure", "Restore the file.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        best = charset_normalizer.from_bytes(data).best()
        found = f"it looks like {best.encoding}" if best else "its encoding is not known"
        raise FiguresError(
            [
                Problem(
                    file=name,
                    row=row,
                    expected=f"text in UTF-8 ({found})",
                    remedy=_UTF8,
                )
            ]
        ) from error


def _refuse_other_formats(text: str, name: str) -> None:
    """Refuse web pages and tables parted by semicolons or tabs."""
    head = text.lstrip()[:200].casefold()
    if head.startswith(("<!doctype", "<html", "<?xml", "<table")):
        remedy = "Download the file itself, not the page about it."
        raise _unreadable(name, "a CSV table, but this is a web page", remedy)
    header = text.split("\n", 1)[0]
    if "," not in header and (";" in header or "\t" in header):
        expected = "columns parted by commas, but they are parted by semicolons or tabs"
        raise _unreadable(name, expected, _UTF8)


def _frame(rows: Sequence[tuple[int, list[str]]], name: str) -> pd.DataFrame:
    """Turn records into a frame; report ragged rows and repeated column names."""
    if len(rows) < 2:  # noqa: PLR2004 - a header and one record
        raise _unreadable(name, "a header row and at least one figure", "Restore the file.")
    header = rows[0][1]
    problems = [*_repeated(header, name), *_ragged(rows[1:], len(header), name)]
    if problems:
        raise FiguresError(problems)
    frame = pd.DataFrame([record for _, record in rows[1:]], columns=header, dtype="string")
    frame = frame.replace("", pd.NA)
    frame[ROW] = [row for row, _ in rows[1:]]
    return frame


def _repeated(header: Sequence[str], name: str) -> list[Problem]:
    """Report column names that stand twice or are missing."""
    return [
        Problem(
            file=name,
            row=1,
            column=column or "(no name)",
            expected="each column to have a name of its own",
            remedy="Name the column or take it out.",
        )
        for column, count in Counter(header).items()
        if count > 1 or not column
    ]


def _ragged(rows: Sequence[tuple[int, list[str]]], width: int, name: str) -> list[Problem]:
    """Report records with more or fewer cells than the header."""
    return [
        Problem(
            file=name,
            row=row,
            value=f"{len(record)} cells",
            expected=f"{width} cells, as in the header",
            remedy="Put a cell that holds a comma between double quotes.",
        )
        for row, record in rows
        if len(record) != width
    ]


def _unreadable(name: str, expected: str, remedy: str = _UTF8) -> FiguresError:
    """Build the error for a file that is no table at all."""
    return FiguresError([Problem(file=name, expected=expected, remedy=remedy)])
