"""Open official files as JSON, CSV or workbook; a file of another format is None, not an error."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

import python_calamine

from critical_minerals.errors import FiguresError
from critical_minerals.readers.grids import open_workbook, quoting_error

_HEAD_BYTES: Final = 64
"""Enough for a byte-order mark, and the blanks that JSON allows before its first bracket."""


def read_json(path: Path, max_bytes: int) -> object:
    """Return the content of a JSON file; None for any other, and for one of more bytes."""
    with path.open("rb") as file:
        # Every reader of JSON looks at every file: the first bracket tells most of them apart.
        head = file.read(_HEAD_BYTES).removeprefix(codecs.BOM_UTF8).lstrip()
    if not head.startswith((b"{", b"[")) or path.stat().st_size > max_bytes:
        return None
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def csv_rows(data: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    """Parse a CSV table into rows. Raises `UnicodeDecodeError` or `csv.Error` for anything else."""
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def dict_rows(path: Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the filled rows of a CSV table by its header, each with its row number.

    The number is that of a spreadsheet: the header is row 1, a blank row counts, and a cell with
    line breaks makes no second row. Cells beyond the header are dropped. Raises `FiguresError` for
    a row with fewer cells than the header, and for a cell without an end; `name` is the one by
    which people know the file.
    """
    number, header = 0, list[str]()
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            # Not `csv.DictReader`, which passes over blank rows and does not say how many.
            for number, cells in enumerate(csv.reader(file), 1):
                if number == 1:
                    header = cells
                elif any(map(str.strip, cells)):
                    yield number, _by_header(header, cells, name, number)
        except csv.Error as error:
            raise quoting_error(name, number + 1, error) from error


def _by_header(header: list[str], cells: list[str], name: str, number: int) -> dict[str, str]:
    if len(cells) < len(header):
        raise FiguresError.of(
            file=name,
            row=number,
            value=f"{len(cells)} cell{'s' if len(cells) > 1 else ''}",
            expected=f"{len(header)} cells, as in the header",
            remedy="Download it again from its publisher, and leave it as it is.",
        )
    return dict(zip(header, cells, strict=False))


def open_xlsx(path: Path) -> python_calamine.CalamineWorkbook | None:
    """Open an Excel workbook (`.xlsx`) after a check of its archive; None for any other file.

    A damaged or hostile file may raise any error: readers are called within `archives.reading`.
    """
    try:
        with ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return None
    except BadZipFile:
        return None
    # The time of change is part of the key, so that a file that was edited is opened again.
    return _open_cached(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _open_cached(path: Path, _modified_ns: int) -> python_calamine.CalamineWorkbook:
    """Open a workbook once for all readers, which check the same file one after the other."""
    return open_workbook(path)
