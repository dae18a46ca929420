"""Open an official file in each of its forms; a file of another form is nothing, and no error."""

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
    """Return what a file of JSON holds; None for any other, and for one of more bytes."""
    with path.open("rb") as file:
        if file.read(1) not in (b"{", b"[") or path.stat().st_size > max_bytes:
            return None
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def csv_rows(data: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    """Return the rows of a table in CSV. Raises `UnicodeDecodeError` or `csv.Error` for none."""
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def dict_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows of a table in CSV by its header, each with its number in the file."""
    text = path.read_bytes().decode("utf-8-sig")
    return enumerate(csv.DictReader(io.StringIO(text, newline="")), 2)


def open_xlsx(path: Path) -> python_calamine.CalamineWorkbook | None:
    """Open an Excel workbook (`.xlsx`) that has been looked through; None for any other file.

    Raises any error for a damaged or hostile one: readers are asked within `archives.reading`.
    """
    try:
        with ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return None
    except BadZipFile:
        return None
    return _open_cached(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _open_cached(path: Path, _modified_ns: int) -> python_calamine.CalamineWorkbook:
    """Open a workbook once for all readers that look at it."""
    return open_workbook(path)
