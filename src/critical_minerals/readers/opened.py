"""Open official files as JSON, CSV or workbook; a file of another format is None, not an error."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import python_calamine

from critical_minerals.readers.grids import open_workbook


def read_json(path: Path, max_bytes: int) -> object:
    """Return the content of a JSON file; None for any other, and for one of more bytes."""
    with path.open("rb") as file:
        # Every reader of JSON looks at every file: one byte tells most of them apart.
        if file.read(1) not in (b"{", b"[") or path.stat().st_size > max_bytes:
            return None
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def csv_rows(data: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    """Parse a CSV table into rows. Raises `UnicodeDecodeError` or `csv.Error` for anything else."""
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def dict_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV table by its header, each with its row number in a spreadsheet."""
    # The header is row 1. A cell with line breaks is still one row, so lines are not counted.
    text = path.read_bytes().decode("utf-8-sig")
    return enumerate(csv.DictReader(io.StringIO(text, newline="")), 2)


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
