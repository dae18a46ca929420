"""How a cell of text is written: what each kind of column expects."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from critical_minerals.tables.descriptors import Column

Words = Mapping[str, tuple[str, ...]]
"""The ids of a list, each with the words by which people know it."""
LOOK_UP: Final = "Look it up in the source."
_PATTERNS: Final[Mapping[str, str]] = {
    "string": r".+",
    "slug": r"[a-z0-9]+(_[a-z0-9]+)*",
    "number": r"-?\d{1,15}(\.\d{1,15})?",
    "integer": r"-?\d{1,15}",
    "year": r"(19|20)\d\d",
    "date": r"\d{4}-\d\d-\d\d",
    "partial_date": r"\d{4}(-\d\d(-\d\d)?)?",
}
# A host, then only what RFC 3986 allows, without brackets and apostrophes: those end an address in
# some format or other. Letters of any script stand for themselves, as browsers show them.
_WEB: Final = re.compile(
    r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?([/?#][\w.~:/?#@!$&()*+,;=%-]*)?",
    re.IGNORECASE,
)
_DOI: Final = re.compile(r"doi:(?P<name>10\.\d{4,9}/[\w.:/()-]+)", re.IGNORECASE)
MOST_DIGITS: Final = 15
"""How many digits a figure has on either side of its point: so many a computer keeps exactly."""
FIRST_YEAR: Final = 1990
"""No figure that this report can use is older."""
_EXPECTED: Final[Mapping[str, str]] = {
    "string": "text",
    "slug": "a name in lower-case letters, digits and underscores",
    "number": "a number in plain digits with a decimal point, such as 1500000 or 12.5",
    "integer": "a whole number in plain digits, such as 33",
    "year": "a year, such as 2024",
    "date": "a day that exists, written 2026-02-27",
    "partial_date": "a year, month or day that exists, written 2026, 2026-02 or 2026-02-27",
    "uri": "an address that begins with https://, http:// or doi: and has no blanks, quotes or "
    "brackets but round ones",
}


def is_written(column: Column, cell: str) -> bool:
    """Tell whether a cell is written as its column demands."""
    return all(_is(column, part) for part in column.parts(cell))


def expected(column: Column) -> str:
    """Say in plain words how the cells of a column are written."""
    if column.kind == "boolean":
        return " or ".join((*column.true_values, *column.false_values))
    return _EXPECTED[column.kind]


def address(text: str) -> str:
    """Return the address that a text holds, or nothing where it holds none to link to.

    A cell is anybody's text. Only an address of the web, or a DOI, becomes something to click on:
    a browser would run `javascript:` and read `data:` and `file:`.

    >>> address("doi:10.1000/182"), address("javascript:alert(1)")
    ('https://doi.org/10.1000/182', '')
    """
    doi = _DOI.fullmatch(text)
    if doi:
        return f"https://doi.org/{doi['name']}"
    return text if _WEB.fullmatch(text) else ""


def number(cell: Any) -> float | None:
    """Return the figure that a cell holds, if it is one."""
    if isinstance(cell, str) and not re.fullmatch(_PATTERNS["number"], cell, flags=re.ASCII):
        return None
    return float(cell)


def is_figure(text: str) -> bool:
    """Tell whether a text is a figure, however many digits a program has written of it."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def tidied(column: Column, cell: str) -> str:
    """Write the values of a list once each, without blanks around them, and none that is empty."""
    parts = (part.strip() for part in column.parts(cell))
    return column.mark.join(dict.fromkeys(part for part in parts if part))


def _is(column: Column, cell: str) -> bool:
    """Tell whether one value is of its column's kind; days must exist."""
    kind = column.kind
    if kind == "boolean":
        return cell in column.true_values or cell in column.false_values
    if kind == "uri":
        return bool(address(cell))
    if not re.fullmatch(_PATTERNS[kind], cell, flags=re.DOTALL | re.ASCII):
        return False
    if kind not in {"date", "partial_date"}:
        return True
    try:
        dt.date.fromisoformat((cell + "-01-01")[:10])
    except ValueError:
        return False
    return True
