"""CSV files for use outside the project: mostly opened by spreadsheets, sometimes by programs.

| trap                                            | what is done                              |
|-------------------------------------------------|-------------------------------------------|
| text that a spreadsheet would run (`=1+1`, `@x`) | an apostrophe before it; `restored`      |
| accents, which Excel takes for Windows-1252     | a byte-order mark, where people open it   |
| `3.6950549450549453`, the noise of a division   | six decimals, where people open it        |

The tables in `data/processed` and in releases have all digits and no byte-order mark: programs read
them, and compare two runs to the last digit.

Text becomes a formula by its first character (OWASP, CSV Injection,
https://owasp.org/www-community/attacks/CSV_Injection). Quotation marks do not help: spreadsheets
remove them first.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection
from pathlib import Path
from typing import Final

MARK: Final = "\ufeff"
"""Byte-order mark, by which Excel recognises UTF-8."""
_FORMULA_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠'")
"""Characters that begin a formula; and the apostrophe, so that escaping can be undone."""
_DECIMALS: Final = 6
FORMULA_NOTE: Final = (
    "A cell of text that begins with =, +, -, @, a tab, a line end or an apostrophe has one more "
    "apostrophe before it, so that no spreadsheet takes it for a formula. Take the first "
    "apostrophe off to have the text as it was."
)
FORMAT_NOTE: Final = (
    f"Files begin with a byte-order mark. Figures have up to {_DECIMALS} decimals; those below 1 "
    f"as many significant digits."
)


def harmless(text: str) -> str:
    """Escape a text so that no spreadsheet runs it as a formula.

    >>> harmless("=1+1"), harmless("'tis"), harmless("Rio Tinto"), restored(harmless("'=x"))
    ("'=1+1", "''tis", 'Rio Tinto', "'=x")
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def restored(cell: str) -> str:
    """Undo `harmless`: return the original text of a cell; a figure stays as it is."""
    return cell.removeprefix("'")


def read_rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV of `data/processed` as text, by the names of its columns."""
    text = file.read_bytes().decode()
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    rows = [dict(zip(header, row, strict=False)) for row in reader if row]
    # Most files have no such cell, and some have very many cells.
    if "'" in text:
        rows = [{name: restored(cell) for name, cell in row.items()} for row in rows]
    return rows


def readable(figure: float) -> str:
    """Format a figure without floating-point noise.

    >>> readable(3.6950549450549453), readable(0.00012345678), readable(1500000.0)
    ('3.695055', '0.000123457', '1500000')
    """
    if not math.isfinite(figure):
        return ""
    decimals = _DECIMALS
    # Below 1 count significant digits, or small figures would become 0.
    if 0 < abs(figure) < 1:
        decimals = _DECIMALS - 1 - math.floor(math.log10(abs(figure)))
    # Adding 0.0 turns -0.0 into 0.0.
    return f"{figure + 0.0:.{decimals}f}".rstrip("0").rstrip(".")


def for_people(text: str, numbers: Collection[str]) -> str:
    """Convert a CSV of `data/processed` for spreadsheets; `numbers` are its numeric columns."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    number_columns = [index for index, name in enumerate(header) if name in numbers]
    for row in rows:
        for index in number_columns:
            row[index] = readable(float(row[index])) if row[index] else ""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([header, *rows])
    return MARK + buffer.getvalue()
