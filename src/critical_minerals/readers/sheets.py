"""Read the tables that an analyst edits, CSV files or sheets of workbooks, as text cells.

Nothing is converted here but decomposed letters. Whatever makes a file unreadable as a table
(encoding, a web page with the name of one, ragged rows) is reported with its row, and all problems
at once.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from unicodedata import normalize

import charset_normalizer
import pandas as pd

from critical_minerals.errors import FiguresError, Problem, limit_problems
from critical_minerals.readers.archives import as_file_errors
from critical_minerals.readers.contents import identify_format
from critical_minerals.readers.grids import (
    delimited_rows,
    open_workbook,
    sheet_cells,
    visible_sheets,
)
from critical_minerals.readers.text import escape_invisible
from critical_minerals.readers.workbooks import letters

ROW: Final = "row_number"
"""Name of the column that holds each record's row, counted as a spreadsheet does."""
FILE: Final = "file_name"
"""Name of the column that holds the file of each record."""

_SAVE_AS_UTF8: Final = "Save it as 'CSV UTF-8 (comma delimited)'."
_TOO_MANY_CELLS: Final = (
    "Write decimals with a point, and put a cell that holds a comma between double quotes."
)
_TOO_FEW_CELLS: Final = "Add the missing cells; a blank cell has its comma too."
_NOT_A_RECORD: Final = (
    "A title, a source, a footnote or a total is no figure: take the row out. What is to be said "
    "of a figure goes into the column note."
)
_UNIQUE_NAME: Final = "each column to have a name of its own"
_MIN_TABLE_COLUMNS: Final = 3
"""From this many columns on, a row with a single cell is a title or a note, not a record."""
# What spreadsheets on Windows and Mac write; any bytes are valid text in some other code page.
_ENCODINGS: Final = ("cp1252", "utf_16", "utf_16_le", "utf_16_be", "mac_roman")
_EXCERPT_LENGTH: Final = 60


def read_cells(path: Path, name: str, *, bare: bool = False) -> pd.DataFrame:
    """Read a `.csv` or `.xlsx` file into text columns plus `row_number`.

    `name` is how people know the file. Blank cells are missing values; blanks around a cell are
    dropped. A workbook must hold a sheet named after the file. Only a table that may be `bare`,
    since its rows come from official files, has a header without a row.

    Raises `FiguresError` when the file is not a table.
    """
    rows = _read_workbook(path, name) if path.suffix == ".xlsx" else _read_csv(path, name)
    return _build_frame(rows, name, least=1 if bare else 2)


def _read_csv(path: Path, name: str) -> list[tuple[int, list[str]]]:
    """Return the filled records of a CSV file with the row each starts on."""
    data = path.read_bytes()
    _reject_other_formats(data, name)
    text = _decode(data, name)
    _reject_other_delimiters(text, name)
    return delimited_rows(text, name)


def _read_workbook(path: Path, name: str) -> list[tuple[int, list[str]]]:
    """Return the filled records of the sheet that is named after the workbook."""
    # By its name, not by its place: the workbooks of `template` have sheets of help and lists too.
    with as_file_errors(name, "a readable Excel workbook"):
        workbook = open_workbook(path)
        # Nobody sees what is in a hidden one.
        sheets = visible_sheets(workbook)
        rows, traps = sheet_cells(path, workbook, path.stem) if path.stem in sheets else ([], [])
    if path.stem not in sheets:
        raise FiguresError.of(
            file=name,
            value=", ".join(sheets),
            expected=f"a sheet named {path.stem!r}",
            remedy=f"Name the sheet that holds the table {path.stem!r}.",
        )
    if traps:
        header = rows[0][1] if rows else []
        raise FiguresError(limit_problems(trap.problem(name, header) for trap in traps))
    return rows


def _decode(data: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte-order mark; report any other encoding by its name."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _encoding_error(data, name, error.start) from error
    # UTF-16 without its mark decodes as UTF-8, with a zero byte after every Western letter.
    if (nulls := data.count(0)) > len(data) // 4:
        raise _encoding_error(data, name, data.index(b"\0"))
    if nulls:
        line = text[: text.index("\0")].count("\n")
        raise FiguresError.of(
            file=name,
            row=line + 1,
            value=escape_invisible(text.split("\n")[line])[:_EXCERPT_LENGTH],
            expected="text without an invisible character (U+0000)",
            remedy="Take it out: write the line anew. A damaged file is restored from git.",
        )
    return text


def _encoding_error(data: bytes, name: str, start: int) -> FiguresError:
    """Build the error for bytes that are not UTF-8, with the line that holds the first of them."""
    guess = charset_normalizer.from_bytes(data, cp_isolation=[*_ENCODINGS]).best()
    encoding = guess.encoding.replace("_", "-") if guess else None
    lines = data.decode(encoding, errors="replace").splitlines() if encoding else []
    row = 1 if b"\0" in data else data.count(b"\n", 0, start) + 1
    finding = f"it looks like {encoding}" if encoding else "its encoding is not known"
    return FiguresError.of(
        file=name,
        row=row,
        value=lines[row - 1][:_EXCERPT_LENGTH] if row <= len(lines) else None,
        expected=f"text in UTF-8 ({finding})",
        remedy=_SAVE_AS_UTF8,
    )


def _reject_other_formats(data: bytes, name: str) -> None:
    """Reject empty files, web pages and workbooks that only have the name of a table."""
    head = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not head:
        raise FiguresError.of(name, "a header row and at least one figure", "Restore the file.")
    if head.startswith(b"<"):
        description = "XML" if head.startswith(b"<?xml") else "a web page"
        remedy = "Download the file itself, not the page about it."
        raise FiguresError.of(name, f"a CSV table, but this is {description}", remedy)
    if identified := identify_format(head):
        description, remedy = identified
        raise FiguresError.of(
            name, f"a CSV table, but this is {description}", f"{remedy}{_SAVE_AS_UTF8}"
        )


def _reject_other_delimiters(text: str, name: str) -> None:
    """Reject tables separated by semicolons or tabs, as spreadsheets write in some locales."""
    # One delimiter for all tables of the project: their decimals have a point.
    header = text.lstrip().split("\n", 1)[0]
    if "," not in header and (";" in header or "\t" in header):
        expected = "columns separated by commas, but they are separated by semicolons or tabs"
        raise FiguresError.of(name, expected, _SAVE_AS_UTF8)


def _build_frame(rows: Sequence[tuple[int, list[str]]], name: str, least: int) -> pd.DataFrame:
    """Turn records into a frame; report ragged rows and repeated column names."""
    if len(rows) < least:
        raise FiguresError.of(name, "a header row and at least one figure", "Restore the file.")
    rows, positions = _drop_blank_columns(rows)
    header = rows[0][1]
    # Below a title that stands in the place of the header, every row would be reported as ragged.
    problems = _title_problems(rows, name) or [
        *_repeated_name_problems(header, rows[0][0], name),
        *_unnamed_column_problems(rows, positions, name),
        *_ragged_row_problems(rows[1:], len(header), name),
    ]
    if problems:
        raise FiguresError(limit_problems(problems))
    # Composed letters: a name typed on a Mac looks the same decomposed, and would be another name.
    records = [[normalize("NFC", cell) or None for cell in record] for _, record in rows[1:]]
    frame = pd.DataFrame(records, columns=header, dtype="string")
    frame[ROW] = pd.array([row for row, _ in rows[1:]], "int64")
    return frame


def _drop_blank_columns(
    rows: Sequence[tuple[int, list[str]]],
) -> tuple[Sequence[tuple[int, list[str]]], list[int]]:
    """Drop columns that have neither a name nor a cell: spreadsheets save cleared ones.

    Returns the rows with the positions of their columns in the sheet.
    """
    filled_columns = {index for _, record in rows for index, cell in enumerate(record) if cell}
    positions = sorted(filled_columns)
    if len(filled_columns) == max(len(record) for _, record in rows):
        return rows, positions
    filled_rows = [
        (row, [c for index, c in enumerate(record) if index in filled_columns])
        for row, record in rows
    ]
    return filled_rows, positions


def _title_problems(rows: Sequence[tuple[int, list[str]]], name: str) -> list[Problem]:
    """Report rows above the names of the columns: a title, Excel's `sep=,`."""
    # The header is the first row with several cells; a table of one column has no such row.
    header_index = next(
        (index for index, (_, record) in enumerate(rows) if sum(map(bool, record)) > 1), 0
    )
    header_row = rows[header_index][0]
    return [
        Problem(
            file=name,
            row=row,
            value=escape_invisible(" ".join(cell for cell in record if cell)),
            expected="the names of the columns; this looks like a title above them",
            remedy=f"Take the row out: the columns are named in row {header_row}.",
        )
        for row, record in rows[:header_index]
    ]


def _repeated_name_problems(header: Sequence[str], row: int, name: str) -> list[Problem]:
    """Report column names that stand twice."""
    return [
        Problem(
            file=name,
            row=row,
            column=escape_invisible(column),
            expected=_UNIQUE_NAME,
            remedy="Name the column or take it out.",
        )
        for column, count in Counter(header).items()
        if count > 1 and column
    ]


def _unnamed_column_problems(
    rows: Sequence[tuple[int, list[str]]], positions: Sequence[int], name: str
) -> list[Problem]:
    """Report columns without a name, and single stray cells outside all columns."""
    problems: list[Problem] = []
    for index, column in enumerate(rows[0][1]):
        if column:
            continue
        below = [
            (row, record[index])
            for row, record in rows[1:]
            if index < len(record) and record[index]
        ]
        # A single cell among several rows is a slip of the hand; more of them are a column.
        is_stray_cell = len(below) == 1 and len(rows) > len(below) + 1
        row, cell = below[0] if is_stray_cell else (rows[0][0], None)
        where = f"it stands in column {letters(positions[index])}"
        problems.append(
            Problem(
                file=name,
                row=row,
                column="(no name)",
                value=cell and escape_invisible(cell),
                expected="nothing beside the named columns" if is_stray_cell else _UNIQUE_NAME,
                remedy=f"Delete the cell: {where}."
                if is_stray_cell
                else f"Name the column or take it out: {where}.",
            )
        )
    return problems


def _ragged_row_problems(
    rows: Sequence[tuple[int, list[str]]], width: int, name: str
) -> list[Problem]:
    """Report records with more or fewer cells than the header."""
    return [
        Problem(
            file=name,
            row=row,
            value=f"{len(record)} cell{'s' if len(record) > 1 else ''}",
            expected=f"{width} cells, as in the header",
            remedy=_TOO_MANY_CELLS
            if len(record) > width
            else _NOT_A_RECORD
            if width >= _MIN_TABLE_COLUMNS and sum(map(bool, record)) == 1
            else _TOO_FEW_CELLS,
        )
        for row, record in rows
        if len(record) != width
    ]
