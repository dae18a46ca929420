"""Read what an analyst edits: a CSV file or a sheet of a workbook, as text cells.

Nothing is converted here. What makes a file unreadable as a table (encoding, a web page in
disguise, ragged rows) is reported with the row it stands in, all of it at once.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import charset_normalizer
import pandas as pd
import python_calamine

from critical_minerals.checking import few
from critical_minerals.errors import FiguresError, Problem
from critical_minerals.readers.grids import misquoted, refused, sheet_cells

ROW: Final = "row_number"
"""Name of the column that holds each record's row, counted as a spreadsheet does."""
FILE: Final = "file_name"
"""Name of the column that holds the file in which each record stands."""

_UTF8: Final = "Save it as 'CSV UTF-8 (comma delimited)'."
_TOO_MANY: Final = (
    "Write decimals with a point, and put a cell that holds a comma between double quotes."
)
_TOO_FEW: Final = "Add the missing cells; a blank cell has its comma too."
_ENCODINGS: Final = ("cp1252", "utf_16", "utf_16_le", "utf_16_be", "mac_roman")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of `.xlsx` and `.xls` files."""
_SHOWN: Final = 60


def read_cells(path: Path, name: str, *, bare: bool = False) -> pd.DataFrame:
    """Read a `.csv` or `.xlsx` file into text columns plus `row_number`.

    `name` is how people know the file. Blank cells are missing values; blanks around a cell are
    dropped. A workbook must hold a sheet named after the file. Only a table that may be `bare`,
    since its rows come from elsewhere, has a header without a row.

    Raises `FiguresError` when the file is no table.
    """
    rows = _workbook_rows(path, name) if path.suffix == ".xlsx" else _csv_rows(path, name)
    return _frame(rows, name, least=1 if bare else 2)


def _csv_rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    """Return the filled records of a CSV file with the row each starts on."""
    data = path.read_bytes()
    _refuse_other_formats(data, name)
    text = _decode(data, name)
    _refuse_other_marks(text, name)
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records.append([cell.strip() for cell in record])  # noqa: PERF401 - keeps the good ones
    except csv.Error as error:
        raise misquoted(name, len(records) + 1, error) from error
    return [(row, record) for row, record in enumerate(records, start=1) if any(record)]


def _workbook_rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    """Return the filled records of the sheet that is named after the workbook."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.CalamineError as error:
        raise refused(name, f"a readable Excel workbook ({error})", _UTF8) from error
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
    rows, traps = sheet_cells(path, workbook, path.stem)
    if traps:
        raise FiguresError(few([trap.problem(name) for trap in traps]))
    return rows


def _decode(data: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte-order mark; name any other encoding found."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _misencoded(data, name, error.start) from error
    if "\0" in text:
        raise _misencoded(data, name, data.index(b"\0"))
    return text


def _misencoded(data: bytes, name: str, start: int) -> FiguresError:
    """Build the error for bytes that are not UTF-8, with the line that holds the first of them."""
    encoding = _encoding(data)
    lines = data.decode(encoding, errors="replace").splitlines() if encoding else []
    row = 1 if b"\0" in data else data.count(b"\n", 0, start) + 1
    found = f"it looks like {encoding}" if encoding else "its encoding is not known"
    problem = Problem(
        file=name,
        row=row,
        value=lines[row - 1][:_SHOWN] if row <= len(lines) else None,
        expected=f"text in UTF-8 ({found})",
        remedy=_UTF8,
    )
    return FiguresError([problem])


def _encoding(data: bytes) -> str | None:
    """Guess the encoding among those that spreadsheets write."""
    best = charset_normalizer.from_bytes(data, cp_isolation=[*_ENCODINGS]).best()
    return best.encoding.replace("_", "-") if best else None


def _refuse_other_formats(data: bytes, name: str) -> None:
    """Refuse empty files, web pages and workbooks that are only named like a table."""
    head = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not head:
        raise refused(name, "a header row and at least one figure", "Restore the file.")
    if head.startswith(b"<"):
        remedy = "Download the file itself, not the page about it."
        raise refused(name, "a CSV table, but this is a web page", remedy)
    if head.startswith(_WORKBOOKS):
        remedy = f"Save it as an Excel workbook (.xlsx) under that name, or: {_UTF8}"
        raise refused(name, "a CSV table, but this is an Excel workbook", remedy)


def _refuse_other_marks(text: str, name: str) -> None:
    """Refuse tables parted by semicolons or tabs."""
    header = text.lstrip().split("\n", 1)[0]
    if "," not in header and (";" in header or "\t" in header):
        expected = "columns parted by commas, but they are parted by semicolons or tabs"
        raise refused(name, expected, _UTF8)


def _frame(rows: Sequence[tuple[int, list[str]]], name: str, least: int) -> pd.DataFrame:
    """Turn records into a frame; report ragged rows and repeated column names."""
    if len(rows) < least:
        raise refused(name, "a header row and at least one figure", "Restore the file.")
    header = rows[0][1]
    problems = [*_repeated(header, name), *_ragged(rows[1:], len(header), name)]
    if problems:
        raise FiguresError(few(problems))
    records = [[cell or None for cell in record] for _, record in rows[1:]]
    frame = pd.DataFrame(records, columns=header, dtype="string")
    frame[ROW] = pd.array([row for row, _ in rows[1:]], "int64")
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
            value=f"{len(record)} cell{'s' if len(record) > 1 else ''}",
            expected=f"{width} cells, as in the header",
            remedy=_TOO_MANY if len(record) > width else _TOO_FEW,
        )
        for row, record in rows
        if len(record) != width
    ]
