"""Read the annual production of minerals of Natural Resources Canada, one CSV a year since 1990.

`https://mmsd.nrcan-rncan.gc.ca/PDF/MIS{year}TableG01-en.csv`. Built from descriptions of both
layouts by those who have read the files; not yet tried on a real file.

Its traps, each with its test: docs/traps.md#nrcan-production
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.readers.nrcan import describe_nrcan_file
from critical_minerals.readers.opened import csv_rows
from critical_minerals.readers.seen import RecognisedFile
from critical_minerals.readers.sheets import ROW

_COLUMNS: Final = {
    "Year": "year",
    "Type": "group",
    "Commodity Group": "group",
    "Commodity": "commodity",
    "Province or Territory": "province",
    "Province/Territory": "province",
    "Category": "category",
    "Value Type": "category",
    "Value": "printed",
    "Units": "unit",
    "Symbol": "symbol",
}
_NEEDED: Final = {"year", "group", "commodity", "province", "category", "printed", "unit"}
_MAX_HEADER_ROW: Final = 5
"""The last row in which the header may stand: titles precede it in some years."""
_MAX_BYTES: Final = 5_000_000
# Raised digits, or figures in brackets; the lowered digits of `(K₂O)` belong to the name.
_FOOTNOTES: Final = re.compile(r"(?:[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\(\d+\)|,)+$")
_TOTAL: Final = re.compile(r"(Grand total), (\d{4})")
_NUMBER: Final = re.compile(r"(-?[\d,]+(?:\.\d+)?)( p)?")
_MISSING: Final = {
    "x": "suppressed",
    "x p": "suppressed",
    "": "not_available",
    "..": "not_available",
}


def read_production(path: Path, name: str) -> pd.DataFrame:
    """Read the production of a year into one record a figure.

    Columns: `row_number`, `year`, `group`, `commodity`, `province` (`Canada` is the total),
    `category` (quantity produced, quantity shipped, value of shipments), `unit` as it is written,
    `quantity` (missing where there is none) and `qualifier`. Raises `FiguresError` for any other
    file, and with every value that is not a figure or a known symbol.
    """
    table = _find_table(path)
    if table is None:
        expected = "a table whose header begins with Year, as MIS2024TableG01-en.csv has"
        raise FiguresError([_build_problem(name, expected)])
    return _build_frame(*table, name)


def _build_frame(
    columns: Mapping[str, int], rows: Sequence[tuple[int, Sequence[str]]], name: str
) -> pd.DataFrame:
    records, problems = [], list[Problem]()
    for number, row in rows:
        cells = {column: row[at].strip() for column, at in columns.items() if at < len(row)}
        quantity, qualifier = _parse_figure(cells)
        if qualifier is None:
            expected = "a number, x or .."
            problems.append(_build_problem(name, expected, number, "Value", cells["printed"]))
        records.append(
            _build_record(number, cells) | {"quantity": quantity, "qualifier": qualifier}
        )
    if problems:
        raise FiguresError(problems)
    return pd.DataFrame(records)


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise a year of production by its header."""
    table = _find_table(path)
    if table is None:
        return None
    figures = _build_frame(*table, path.name)
    year = int(figures["year"].max())
    return describe_nrcan_file(
        format="nrcan_production",
        title=f"Annual statistics of mineral production, {year} (not yet tried on a real file)",
        period=str(year),
        edition=str(year),
        source_id=f"NRCAN_PRODUCTION_{year}",
        product=f"MIS{year}",
        address=f"https://mmsd.nrcan-rncan.gc.ca/PDF/MIS{year}TableG01-en.csv",
        rows=len(figures),
    )


def _find_table(path: Path) -> tuple[dict[str, int], list[tuple[int, list[str]]]] | None:
    """Return the index of each column, and the rows of years; None for any other file."""
    if path.stat().st_size > _MAX_BYTES:
        return None
    try:
        rows = [*enumerate(csv_rows(path.read_bytes()), 1)]
    except (UnicodeDecodeError, csv.Error):
        return None
    for number, header in rows[:_MAX_HEADER_ROW]:
        columns = {
            _COLUMNS[heading.strip()]: at
            for at, heading in enumerate(header)
            if heading.strip() in _COLUMNS
        }
        if header[:1] == ["Year"] and {*columns} >= _NEEDED:
            # Notes, links and addresses follow below the figures: they begin with no year.
            below = rows[number:]
            return columns, [(at, row) for at, row in below if row and row[0][:4].isdigit()]
    return None


def _parse_figure(cells: Mapping[str, str]) -> tuple[float | None, str | None]:
    """Parse a figure and its qualifier; the qualifier is None for an unknown symbol."""
    printed = cells["printed"]
    if printed in _MISSING:
        return None, _MISSING[printed]
    match = _NUMBER.fullmatch(printed)
    if match is None:
        return None, None
    # The layout before 2019 has no column of symbols: there the mark stands behind the figure.
    preliminary = match[2] or cells.get("symbol") == "p"
    return float(match[1].replace(",", "")), "preliminary" if preliminary else ""


def _build_record(number: int, cells: Mapping[str, str]) -> dict[str, Any]:
    commodity, year = _strip_footnotes(cells["commodity"]), cells["year"][:4]
    # A total of another year stands among the rows of this one: its name says which.
    if total := _TOTAL.fullmatch(commodity):
        commodity, year = total[1], total[2]
    copied_columns: Sequence[str] = ("province", "category", "unit")
    copied = {column: cells[column] for column in copied_columns}
    return {
        ROW: number,
        "year": int(year),
        "group": _strip_footnotes(cells["group"]),
        "commodity": commodity,
        **copied,
    }


def _strip_footnotes(cell: str) -> str:
    """Drop footnotes from a name.

    >>> [_strip_footnotes(name) for name in ("Lime¹(10)", "Potash (K₂O)(3)", "Iron, concentrates")]
    ['Lime', 'Potash (K₂O)', 'Iron, concentrates']
    """
    return _FOOTNOTES.sub("", " ".join(cell.split())).strip()


def _build_problem(
    name: str, expected: str, row: int = 1, column: str = "", value: str | None = None
) -> Problem:
    remedy = "Download the file of the year anew from the publisher."
    return Problem(file=name, row=row, column=column, value=value, expected=expected, remedy=remedy)
