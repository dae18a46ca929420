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

MOST_CELLS: Final = 4_000_000
"""Of how many cells the area of a sheet may be, blank ones counted: each takes memory."""
_MOST_BYTES: Final = 400_000_000
_MOST_PARTS: Final = 10_000
_GIVE_ANOTHER: Final = "Open it and save it anew as a workbook (.xlsx, .ods), or as CSV UTF-8."


class UnfitError(ValueError):
    """What was expected of an archive that is unfit to be read, and what to do."""

    def __init__(self, expected: str, remedy: str = _GIVE_ANOTHER) -> None:
        super().__init__(expected)
        self.remedy = remedy


@contextmanager
def reading(
    name: str, what: str = "a readable workbook", remedy: str = _GIVE_ANOTHER
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
        why = " ".join(str(error).split()) or type(error).__name__
        told = Problem(file=name, expected=f"{what} ({why})", remedy=remedy)
        if isinstance(error, UnfitError):
            told = Problem(file=name, expected=why, remedy=error.remedy)
        raise FiguresError([told]) from error


def inspect(path: Path) -> None:
    """Look through all of an archive before anything is made of it.

    Raises `UnfitError` for one that is unfit, and what `zipfile` raises for one that is none.
    """
    with ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
            msg = f"a workbook that unpacks to less than {_MOST_BYTES // 10**6} MB"
            raise UnfitError(msg)
        for name, count in Counter(part.filename for part in parts).items():
            if count > 1:
                msg = f"a workbook that has its part {name!r} once, not {count} times"
                raise UnfitError(msg)
        for part in parts:
            inside = PurePosixPath(part.filename.replace("\\", "/"))
            linked = stat.S_ISLNK(part.external_attr >> 16)
            if linked or inside.is_absolute() or ".." in inside.parts:
                msg = f"a workbook that keeps to itself; its part {part.filename!r} leads out of it"
                raise UnfitError(msg)
        # Reads every part to its end: a length or a sum that is not as the archive says is damage.
        if damaged := archive.testzip():
            msg = f"a whole workbook; its part {damaged!r} is damaged"
            raise UnfitError(msg)


def xml_part(archive: ZipFile, name: str) -> Any:
    """Parse one XML part. Raises `UnfitError` where it declares a document type or entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(archive.read(name), parser)
    declared: Any = root.getroottree().docinfo
    if declared.doctype:
        msg = f"a workbook without entities; its part {name!r} declares a document type"
        raise UnfitError(msg)
    return root


def check_area(sheet: str, rows: int, columns: int, last: str) -> None:
    """Refuse a sheet whose cells lie so far apart that its area could not be held in memory.

    `last` is where its outermost cell stands.
    """
    if rows * columns > MOST_CELLS:
        msg = (
            f"a sheet of at most {MOST_CELLS:,} cells; in {sheet!r} a cell stands at {last}, "
            f"{rows:,} rows by {columns:,} columns"
        )
        raise UnfitError(msg, "Delete the cell there: clear all rows and columns past the table.")
