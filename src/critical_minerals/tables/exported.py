"""How tables leave the project as CSV: a spreadsheet opens them as a rule, a program sometimes.

| trap                                            | what becomes of it                        |
|-------------------------------------------------|-------------------------------------------|
| text that a spreadsheet would run (`=1+1`, `@x`) | an apostrophe before it; `restored`      |
| accents, which Excel takes for Windows-1252     | a byte-order mark, where people open it   |
| `3.6950549450549453`, the noise of a division   | six decimals, where people open it        |

The tables in `data/processed` and in releases keep every digit and begin with no mark: programs
read them, and compare one run with another to the last digit.

Text in the first column of a hostile file becomes a formula by its first character (OWASP, CSV
Injection, https://owasp.org/www-community/attacks/CSV_Injection). Quotation marks do not help:
spreadsheets take them off first.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection
from typing import Final

MARK: Final = "\ufeff"
"""Byte-order mark by which Excel knows UTF-8."""
_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠'")
"""Characters with which a formula begins; and the apostrophe, so that one can be taken off."""
_DECIMALS: Final = 6
HARMLESS: Final = (
    "A cell of text that begins with =, +, -, @, a tab, a line end or an apostrophe has one more "
    "apostrophe before it, so that no spreadsheet takes it for a formula. Take the first "
    "apostrophe off to have the text as it was."
)
READABLE: Final = (
    f"Files begin with a byte-order mark. Figures have up to {_DECIMALS} decimals; those below 1 "
    f"as many significant digits."
)


def harmless(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula.

    >>> harmless("=1+1"), harmless("'tis"), harmless("Rio Tinto"), restored(harmless("'=x"))
    ("'=1+1", "''tis", 'Rio Tinto', "'=x")
    """
    return f"'{text}" if text.startswith(_STARTS) else text


def restored(cell: str) -> str:
    """Return the text of a cell as it was before it was made `harmless`; a figure is itself."""
    return cell.removeprefix("'")


def readable(figure: float) -> str:
    """Write a figure without the noise of its computation.

    >>> readable(3.6950549450549453), readable(0.00012345678), readable(1500000.0)
    ('3.695055', '0.000123457', '1500000')
    """
    if not math.isfinite(figure):
        return ""
    decimals = _DECIMALS
    if 0 < abs(figure) < 1:
        decimals = _DECIMALS - 1 - math.floor(math.log10(abs(figure)))
    return f"{figure + 0.0:.{decimals}f}".rstrip("0").rstrip(".")  # no minus before a zero


def for_people(text: str, numbers: Collection[str]) -> str:
    """Write a table of `data/processed` as people open it; `numbers` are its columns of figures."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    figures = [at for at, name in enumerate(header) if name in numbers]
    for row in rows:
        for at in figures:
            row[at] = readable(float(row[at])) if row[at] else ""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    return MARK + written.getvalue()
