"""Placeholders of a skeleton that nobody has replaced yet: `FILL IN` in a file of the report."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import UsageError
from critical_minerals.workspace.paths import DESCRIPTOR, Workspace

MARK: Final = "FILL IN"
_MARK: Final = MARK.encode()
_Place = tuple[str, str]
"""What kind of place it is, such as `line`, and its name among these."""
_PATTERNS: Final = (
    "data/raw/*.csv",
    "data/raw/*/*.csv",
    f"data/raw/*/*{DESCRIPTOR}",
    "data/raw/descriptions.fr.yml",
    f"data/schemas/*{DESCRIPTOR}",
    "notebooks/*.ipynb",
    "src/*/charts/*.py",
    "src/*/language/texts/*/*.ftl",
    "reports/*.qmd",
)


def check_placeholders(workspace: Workspace) -> None:
    """Raise `UsageError` that names every place which is still to be filled in."""
    by_file = [(path, [*_open_places(path)]) for path in _files(workspace)]
    count = sum(len(places) for _, places in by_file)
    if count:
        # All of them, a line a file: nothing else tells where the rest are.
        listing = [
            f"  {workspace.relative(path)}: {_join_places(places)}"
            for path, places in by_file
            if places
        ]
        places_are = "1 place is" if count == 1 else f"{count} places are"
        msg = f"{places_are} still to be filled in ({MARK}):\n" + "\n".join(listing)
        raise UsageError(msg)


def _files(workspace: Workspace) -> Iterator[Path]:
    for pattern in _PATTERNS:
        for path in sorted(workspace.root.glob(pattern)):
            # An official file is what it is, and large.
            if path.suffix != ".csv" or path.with_suffix(DESCRIPTOR).is_file():
                yield path


def _open_places(path: Path) -> Iterable[_Place]:
    content = path.read_bytes()
    # Most files have none: bytes are searched before anything is decoded or parsed.
    if _MARK not in content:
        return []
    text = content.decode("utf-8", "replace")
    if path.suffix == ".csv":
        return _cells(text)
    return _notebook_cells(text) if path.suffix == ".ipynb" else _lines(text)


def _join_places(places: Iterable[_Place]) -> str:
    """Name the places of one file, each row of a table with its columns.

    >>> _join_places([("row 2, column", "year"), ("row 2, column", "note"), ("line", "4")])
    'row 2, columns year, note; line 4'
    """
    by_kind: dict[str, dict[str, None]] = {}
    for kind, name in places:
        by_kind.setdefault(kind, {})[name] = None
    parts = (
        f"{kind}{'s' if len(names) > 1 else ''} {', '.join(names)}"
        for kind, names in by_kind.items()
    )
    return "; ".join(parts)


def _lines(text: str) -> Iterator[_Place]:
    for number, line in enumerate(text.splitlines(), start=1):
        if MARK in line:
            yield "line", str(number)


def _cells(text: str) -> Iterator[_Place]:
    """Name the cells of a table, as a spreadsheet counts them."""
    # Not `csv.DictReader`, which passes over blank rows without counting them.
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    for number, row in enumerate(rows, start=2):
        for column, cell in zip(header, row, strict=False):
            if MARK in cell:
                yield f"row {number}, column", column


def _notebook_cells(text: str) -> Iterator[_Place]:
    content: Any = json.loads(text)
    for cell in content["cells"]:
        for line in "".join(cell["source"]).splitlines():
            if MARK in line:
                yield "cell", cell.get("id", "")
