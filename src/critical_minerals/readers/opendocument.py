"""Read the sheets of an OpenDocument spreadsheet (`.ods`), and find what they hide.

The format (OASIS OpenDocument 1.3) states for each cell its type, its value and what it shows. The
traps are those of `workbooks`, and are handled alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from critical_minerals.readers.archives import check_area, inspect_archive, parse_xml_part
from critical_minerals.readers.workbooks import (
    CURRENCY_SIGNS,
    MAX_COLUMNS,
    Trap,
    format_number,
    hidden_cell_trap,
    hidden_row_trap,
    letters,
    merged_cells_trap,
    no_value_trap,
)

_NS: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_TABLE: Final = f"{{{_NS['table']}}}"
_OFFICE: Final = f"{{{_NS['office']}}}"
# What a cell shows instead of a result: `#N/A`, `Err:502`.
_ERRORS: Final = ("#", "Err:")
_FIGURE: Final = re.compile(r"[\d.,+\s'’]")
"""What a figure is written with, besides its unit and the sign of its money."""
_HIDDEN: Final = ("collapse", "filter")
# Lengths of `2026` and `2026-02`.
_YEAR_LENGTH: Final = 4
_MONTH_LENGTH: Final = 7


@dataclass
class OpenSheet:
    """A sheet: its cells by row, from 1, as text, and the traps found in it."""

    name: str
    rows: dict[int, list[str]] = field(default_factory=dict)
    traps: list[Trap] = field(default_factory=list)


def read_sheets(path: Path) -> list[OpenSheet]:
    """Read every sheet of a document.

    A damaged file may raise any error: call this within `archives.reading`.
    """
    inspect_archive(path)
    with ZipFile(path) as archive:
        root = parse_xml_part(archive, "content.xml")
    tables: Any = root.xpath("//office:spreadsheet/table:table", namespaces=_NS)
    return [_read_table(table) for table in tables]


def _read_table(table: Any) -> OpenSheet:
    sheet = OpenSheet(str(table.get(f"{_TABLE}name")))
    hidden = _hidden_columns(table)
    number, filled_rows = 0, 0
    for row in table.iter(f"{_TABLE}table-row"):
        repeats = int(row.get(f"{_TABLE}number-rows-repeated") or 1)
        cells = [*_read_cells(row, number + 1, sheet.traps)]
        if any(cells):
            filled_rows += repeats
            # Checked before the rows are built: one element may stand for a million of them.
            check_area(sheet.name, filled_rows, len(cells), f"row {number + repeats}")
            for offset in range(1, repeats + 1):
                sheet.rows[number + offset] = cells
            _add_hidden_traps(sheet, row, number + 1, cells, hidden)
        number += repeats
    return sheet


def _hidden_columns(table: Any) -> set[int]:
    hidden: set[int] = set()
    index = 0
    for column in table.iter(f"{_TABLE}table-column"):
        count = int(column.get(f"{_TABLE}number-columns-repeated") or 1)
        if column.get(f"{_TABLE}visibility") in _HIDDEN:
            hidden |= {*range(index, min(index + count, MAX_COLUMNS))}
        index += count
    return hidden


def _add_hidden_traps(
    sheet: OpenSheet, row: Any, number: int, cells: list[str], hidden: set[int]
) -> None:
    visibility = row.get(f"{_TABLE}visibility")
    if visibility in _HIDDEN:
        reason = "filtered out" if visibility == "filter" else "hidden"
        sheet.traps.append(hidden_row_trap(number, reason))
    sheet.traps += [
        hidden_cell_trap(number, letters(index), cells[index])
        for index in sorted(hidden)
        if index < len(cells) and cells[index]
    ]


def _read_cells(row: Any, number: int, traps: list[Trap]) -> Iterator[str]:
    index, pending_blanks = 0, 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        repeats = int(cell.get(f"{_TABLE}number-columns-repeated") or 1)
        text = _cell_text(cell)
        is_formula = cell.get(f"{_TABLE}formula") is not None
        # A formula that was never calculated shows nothing.
        if is_formula and (not text or text.startswith(_ERRORS)):
            traps.append(
                no_value_trap(number, letters(index), text or str(cell.get(f"{_TABLE}formula")))
            )
        across = int(cell.get(f"{_TABLE}number-columns-spanned") or 1)
        down = int(cell.get(f"{_TABLE}number-rows-spanned") or 1)
        if max(across, down) > 1:
            last = number + down - 2, index + across - 1
            traps.append(merged_cells_trap((number - 1, index), last, text))
        index += repeats
        # The blank rest of a row is one element repeated to its end, thousands of cells: blanks are
        # held back until a filled cell follows.
        if not text:
            pending_blanks += repeats
            continue
        letters(index - 1)  # raises before cells are built that lie beyond the last column
        yield from [""] * pending_blanks
        yield from [text] * repeats
        pending_blanks = 0


def _cell_text(cell: Any) -> str:
    """Return what a cell shows, but figures without their separators of thousands."""
    paragraphs: Any = cell.xpath("text:p", namespaces=_NS)
    displayed = "\n".join("".join(paragraph.itertext()) for paragraph in paragraphs).strip()
    value = cell.get(f"{_OFFICE}value")
    match cell.get(f"{_OFFICE}value-type"):
        case "float" | "currency" if not displayed.startswith(_ERRORS):
            return _figure_text(float(value), displayed)
        case "percentage":
            return f"{format_number(float(value) * 100)}%"
        case "boolean":
            return str(cell.get(f"{_OFFICE}boolean-value")).upper()
        case "date":
            # A day that shows as a year or a month is one: the rest of it was never meant.
            day = str(cell.get(f"{_OFFICE}date-value"))
            if len(displayed) in {_YEAR_LENGTH, _MONTH_LENGTH} and day.startswith(displayed):
                return displayed
            return day.removesuffix("T00:00:00")
        case _:
            return displayed


def _figure_text(value: float, displayed: str) -> str:
    """Return a figure in plain digits, with the unit or the sign of its money that it shows."""
    # A code with leading zeros (`0042`) would lose them as a value.
    if displayed.isdigit() and displayed.startswith("0") and len(displayed) > 1:
        return displayed
    text = _FIGURE.sub("", displayed).strip(" ()-−")
    # `5E+06` is a way to write a figure, no unit.
    tells = text.endswith(CURRENCY_SIGNS) or (text != "E" and any(map(str.isalpha, text)))
    return f"{format_number(value)} {text}" if tells else format_number(value)
