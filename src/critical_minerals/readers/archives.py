"""Check workbooks and other zip archives before anything in them is opened.

Its traps, each with its test: docs/traps.md#archives

Nothing is ever unpacked to the disk.
"""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final
from zipfile import ZipFile, is_zipfile

from lxml import etree

from critical_minerals.errors import FiguresError, Problem

MAX_CELLS: Final = 4_000_000
"""Largest area of a sheet in cells, blank ones included: each takes memory."""
ZIP_MAGIC: Final = b"PK\x03\x04"
"""First bytes of a zip, which workbooks of today are."""
_MAX_BYTES: Final = 400_000_000
_MAX_PARTS: Final = 10_000
_RESAVE_REMEDY: Final = "Open it and save it anew as a workbook (.xlsx, .ods), or as CSV UTF-8."
_CUT_SHORT_REMEDY: Final = "Copy or download it again, to its end."


class RejectedArchiveError(ValueError):
    """An archive that may not be read: the text says what was expected, `remedy` what to do."""

    def __init__(self, expected: str, remedy: str = _RESAVE_REMEDY) -> None:
        super().__init__(expected)
        self.remedy = remedy


@contextmanager
def as_file_errors(
    name: str, expected: str = "a readable workbook", remedy: str = _RESAVE_REMEDY
) -> Generator[None]:
    """Turn any error raised inside into a `FiguresError` that names the file and the cause.

    Libraries of three authors read workbooks, and a damaged file makes them fail in any way, a
    panic of compiled code (not an `Exception`) included.
    """
    try:
        yield
    except (FiguresError, KeyboardInterrupt, SystemExit, GeneratorExit):
        # The first has its message already; the others end the program: no fault of the file.
        raise
    except BaseException as error:  # a panic of calamine's Rust code is no `Exception`
        # Some errors have no text, or text of several lines: a message is one sentence.
        reason = " ".join(str(error).split()) or type(error).__name__
        problem = Problem(file=name, expected=f"{expected} ({reason})", remedy=remedy)
        if isinstance(error, RejectedArchiveError):
            problem = Problem(file=name, expected=reason, remedy=error.remedy)
        raise FiguresError([problem]) from error


def inspect_archive(path: Path) -> None:
    """Check all of an archive before it is handed to a library that trusts it.

    Raises `RejectedArchiveError` for one that may not be read, or that breaks off, and the errors
    of `zipfile` for a file that is no zip.
    """
    # The directory of a zip stands at its end: a file that was cut short has none.
    if _begins_as_zip(path) and not is_zipfile(path):
        msg = "a whole file; it begins as a zip, which workbooks are too, and breaks off"
        raise RejectedArchiveError(msg, _CUT_SHORT_REMEDY)
    with ZipFile(path) as archive:
        parts = archive.infolist()
        # Sizes from the directory cost nothing to read; `testzip` below holds the parts to them.
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_BYTES:
            msg = f"a workbook that unpacks to less than {_MAX_BYTES // 10**6} MB"
            raise RejectedArchiveError(msg)
        # Of two parts of one name this check would see one and calamine might read the other.
        for name, count in Counter(part.filename for part in parts).items():
            if count > 1:
                msg = f"a workbook that has its part {name!r} once, not {count} times"
                raise RejectedArchiveError(msg)
        for part in parts:
            # Windows takes a backslash for a separator, so `..\x` leads out as `../x` does.
            inner_path = PurePosixPath(part.filename.replace("\\", "/"))
            # Unix keeps the file mode in the upper half of the external attributes.
            is_link = stat.S_ISLNK(part.external_attr >> 16)
            if is_link or inner_path.is_absolute() or ".." in inner_path.parts:
                msg = f"a workbook that keeps to itself; its part {part.filename!r} leads out of it"
                raise RejectedArchiveError(msg)
        # Reads every part to its end: a size or checksum that differs from the directory is damage,
        # and a part cannot unpack to more than was counted above.
        if damaged_part := archive.testzip():
            msg = f"a whole workbook; its part {damaged_part!r} is damaged"
            raise RejectedArchiveError(msg)


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(ZIP_MAGIC)) == ZIP_MAGIC


def parse_xml_part(archive: ZipFile, name: str) -> Any:
    """Parse one XML part. Raises `RejectedArchiveError` where it declares a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(archive.read(name), parser)
    docinfo: Any = root.getroottree().docinfo
    # No workbook needs a document type, and entities (XML bombs) cannot be declared without one.
    if docinfo.doctype:
        msg = f"a workbook without entities; its part {name!r} declares a document type"
        raise RejectedArchiveError(msg)
    return root


def check_area(sheet: str, rows: int, columns: int, outermost: str) -> None:
    """Reject a sheet whose cells lie so far apart that its area could not be held in memory.

    `outermost` is the address of its outermost cell.
    """
    if rows * columns > MAX_CELLS:
        msg = (
            f"a sheet of at most {MAX_CELLS:,} cells; in {sheet!r} a cell stands at {outermost}, "
            f"{rows:,} rows by {columns:,} columns"
        )
        raise RejectedArchiveError(
            msg, "Delete the cell there: clear all rows and columns past the table."
        )
