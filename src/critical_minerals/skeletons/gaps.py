"""Places that a skeleton has left open: `FILL IN` in a file that the report is made of."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import UsageError
from critical_minerals.workspace import DESCRIPTOR, Workspace

MARK: Final = "FILL IN"
_MARK: Final = MARK.encode()
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
_MAX_LISTED: Final = 20


def refuse_gaps(workspace: Workspace) -> None:
    """Raise `UsageError` that names every place which is still to be filled in."""
    open_places = [place for path in _files(workspace) for place in _open_places(workspace, path)]
    if open_places:
        remaining = (
            [f"… and {len(open_places) - _MAX_LISTED} more."]
            if len(open_places) > _MAX_LISTED
            else []
        )
        listing = "\n".join([*(f"  {place}" for place in open_places[:_MAX_LISTED]), *remaining])
        msg = f"{len(open_places)} places are still to be filled in:\n{listing}"
        raise UsageError(msg)


def _files(workspace: Workspace) -> Iterator[Path]:
    for pattern in _PATTERNS:
        for path in sorted(workspace.root.glob(pattern)):
            # An official file is what it is, and large.
            if path.suffix != ".csv" or path.with_suffix(DESCRIPTOR).is_file():
                yield path


def _open_places(workspace: Workspace, path: Path) -> Iterable[str]:
    content = path.read_bytes()
    # Most files have none: bytes are searched before anything is decoded or parsed.
    if _MARK not in content:
        return []
    text, name = content.decode("utf-8", "replace"), workspace.relative(path)
    if path.suffix == ".csv":
        return [f"{name}, {place}" for place in _cells(text)]
    if path.suffix == ".ipynb":
        return [f"{name}, {place}" for place in _notebook_cells(text)]
    return [f"{name}, {place}" for place in _lines(text)]


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if MARK in line:
            yield f"line {number}: {line.strip()}"


def _cells(text: str) -> Iterator[str]:
    """Name the cells of a table, as a spreadsheet counts them."""
    # Not `csv.DictReader`, which passes over blank rows without counting them.
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    for number, row in enumerate(rows, start=2):
        for column, cell in zip(header, row, strict=False):
            if MARK in cell:
                yield f"row {number}, column {column}: {cell}"


def _notebook_cells(text: str) -> Iterator[str]:
    content: Any = json.loads(text)
    for cell in content["cells"]:
        for line in "".join(cell["source"]).splitlines():
            if MARK in line:
                yield f"cell {cell.get('id', '')}: {line.strip()}"
