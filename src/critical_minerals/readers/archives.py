"""Open workbooks and what else comes as a zip, whatever is in them.

| trap                                            | what becomes of it                          |
|-------------------------------------------------|---------------------------------------------|
| a bomb: a little that unpacks to a great deal   | refused by what it unpacks to               |
| a part that unpacks to more than it says        | refused                                     |
| a link; a name that leads out of the archive    | refused: a workbook has none                |
| two parts of one name                           | refused: programs would read one or the other |
| an XML part that declares entities (XML bombs)  | refused, and never resolved                 |
| damage of any kind                              | refused, with what the library says         |

Nothing is ever unpacked to the disk.
"""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final
from zipfile import ZipFile

from lxml import etree

from critical_minerals.errors import FiguresError, Problem

MAX_CELLS: Final = 4_000_000
"""Of how many cells the area of a sheet may be, blank ones counted: each takes memory."""
_MAX_BYTES: Final = 400_000_000
_MAX_PARTS: Final = 10_000
_RESAVE_REMEDY: Final = "Open it and save it anew as a workbook (.xlsx, .ods), or as CSV UTF-8."


class RejectedArchiveError(ValueError):
    """What was expected of an archive that is unfit to be read, and what to do."""

    def __init__(self, expected: str, remedy: str = _RESAVE_REMEDY) -> None:
        super().__init__(expected)
        self.remedy = remedy


@contextmanager
def reading(
    name: str, expected: str = "a readable workbook", remedy: str = _RESAVE_REMEDY
) -> Generator[None]:
    """Tell whatever goes wrong inside as a file that cannot be read, with what went wrong.

    Libraries of three authors read workbooks, and one that is damaged makes them fail in any way,
    a panic of compiled code (no `Exception`) included.
    """
    try:
        yield
    except (FiguresError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        problem = Problem(file=name, expected=f"{expected} ({reason})", remedy=remedy)
        if isinstance(error, RejectedArchiveError):
            problem = Problem(file=name, expected=reason, remedy=error.remedy)
        raise FiguresError([problem]) from error


def inspect_archive(path: Path) -> None:
    """Look through all of an archive before anything is made of it.

    Raises `UnfitError` for one that is unfit, and what `zipfile` raises for one that is none.
    """
    with ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_BYTES:
            msg = f"a workbook that unpacks to less than {_MAX_BYTES // 10**6} MB"
            raise RejectedArchiveError(msg)
        for name, count in Counter(part.filename for part in parts).items():
            if count > 1:
                msg = f"a workbook that has its part {name!r} once, not {count} times"
                raise RejectedArchiveError(msg)
        for part in parts:
            inner_path = PurePosixPath(part.filename.replace("\\", "/"))
            is_link = stat.S_ISLNK(part.external_attr >> 16)
            if is_link or inner_path.is_absolute() or ".." in inner_path.parts:
                msg = f"a workbook that keeps to itself; its part {part.filename!r} leads out of it"
                raise RejectedArchiveError(msg)
        # Reads every part to its end: a length or a sum that is not as the archive says is damage.
        if damaged_part := archive.testzip():
            msg = f"a whole workbook; its part {damaged_part!r} is damaged"
            raise RejectedArchiveError(msg)


def parse_xml_part(archive: ZipFile, name: str) -> Any:
    """Parse one XML part. Raises `UnfitError` where it declares a document type or entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(archive.read(name), parser)
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        msg = f"a workbook without entities; its part {name!r} declares a document type"
        raise RejectedArchiveError(msg)
    return root


def check_area(sheet: str, rows: int, columns: int, outermost: str) -> None:
    """Refuse a sheet whose cells lie so far apart that its area could not be held in memory.

    `last` is where its outermost cell stands.
    """
    if rows * columns > MAX_CELLS:
        msg = (
            f"a sheet of at most {MAX_CELLS:,} cells; in {sheet!r} a cell stands at {outermost}, "
            f"{rows:,} rows by {columns:,} columns"
        )
        raise RejectedArchiveError(
            msg, "Delete the cell there: clear all rows and columns past the table."
        )
