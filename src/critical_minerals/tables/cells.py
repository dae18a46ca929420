"""The text form of cells: what each kind of column accepts."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from critical_minerals.tables.descriptors import Column

NamesById = Mapping[str, tuple[str, ...]]
"""The ids of a vocabulary, each with its names."""
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
# A host, then what RFC 3986 allows, without square brackets and apostrophes: these would end an
# address in one of the output formats. Letters of any script are accepted unencoded, as browsers
# show them.
_WEB_ADDRESS: Final = re.compile(
    r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?([/?#][\w.~:/?#@!$&()*+,;=%-]*)?",
    re.IGNORECASE,
)
_DOI: Final = re.compile(r"doi:(?P<name>10\.\d{4,9}/[\w.:/()-]+)", re.IGNORECASE)
MOST_DIGITS: Final = 15
"""The most digits on either side of a figure's point: a double holds 15 digits exactly."""
FIRST_YEAR: Final = 1990
"""The earliest year of any figure in this report."""
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
    """Return whether a cell has the form that its column requires."""
    return all(_is_value(column, part) for part in column.parts(cell))


def expected(column: Column) -> str:
    """Describe the form of a column's cells, for a message."""
    if column.kind == "boolean":
        return " or ".join((*column.true_values, *column.false_values))
    return _EXPECTED[column.kind]


def year_expected(last: int) -> tuple[str, str]:
    """Describe the years that a day or year may have, up to the last one, and the remedy."""
    return f"a year from {FIRST_YEAR} to {last}", f"Is a digit mistyped? {LOOK_UP}"


def address(text: str) -> str:
    """Return the address that a text is, or '' where it is none to link to.

    A cell is untrusted text. Only a web address or a DOI becomes a link: a browser would run
    `javascript:` and open `data:` and `file:`.

    >>> address("doi:10.1000/182"), address("javascript:alert(1)")
    ('https://doi.org/10.1000/182', '')
    """
    doi = _DOI.fullmatch(text)
    if doi:
        return f"https://doi.org/{doi['name']}"
    return text if _WEB_ADDRESS.fullmatch(text) else ""


def number(cell: Any) -> float | None:
    """Return the number that a cell holds, or None where it is no number."""
    # Not `float` alone: it also reads `1e5`, `inf`, `1_000` and digits of other scripts.
    if isinstance(cell, str) and not re.fullmatch(_PATTERNS["number"], cell, flags=re.ASCII):
        return None
    return float(cell)


def is_figure(text: str) -> bool:
    """Return whether a text is a finite number, in any form that Python reads."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def tidy_list(column: Column, cell: str) -> str:
    """Return a list cell with each value once, without surrounding blanks and empty values."""
    parts = (part.strip() for part in column.parts(cell))
    return column.mark.join(dict.fromkeys(part for part in parts if part))


def _is_value(column: Column, cell: str) -> bool:
    """Return whether one value is of its column's kind; a day has to exist."""
    kind = column.kind
    if kind == "boolean":
        return cell in column.true_values or cell in column.false_values
    if kind == "uri":
        return bool(address(cell))
    # ASCII: `\d` would match digits of every script. DOTALL: a line break is text too, and has a
    # check of its own.
    if not re.fullmatch(_PATTERNS[kind], cell, flags=re.DOTALL | re.ASCII):
        return False
    if kind not in {"date", "partial_date"}:
        return True
    try:
        # A pattern cannot know the 30 February. A partial date is completed by the first day.
        dt.date.fromisoformat((cell + "-01-01")[:10])
    except ValueError:
        return False
    return True
