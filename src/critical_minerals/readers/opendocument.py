"""Read a sheet of an OpenDocument spreadsheet (`.ods`), and find what it hides.

The format (OASIS OpenDocument 1.3) states of each cell its kind, its value and what it shows. The
traps are those of `workbooks`, and handled alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from critical_minerals.readers.archives import check_area, inspect, xml_part
from critical_minerals.readers.workbooks import (
    MOST_COLUMNS,
    Trap,
    hidden_cell,
    hidden_row,
    letters,
    merged_cells,
    plain,
    valueless,
)

_NS: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_TABLE: Final = f"{{{_NS['table']}}}"
_OFFICE: Final = f"{{{_NS['office']}}}"
_ERRORS: Final = ("#", "Err:")
_HIDDEN: Final = ("collapse", "filter")
_YEAR: Final = 4
_MONTH: Final = 7


@dataclass
class OpenSheet:
    """A sheet: its cells by row, from 1, as text; and what may not be read as it stands."""

    name: str
    rows: dict[int, list[str]] = field(default_factory=dict)
    traps: list[Trap] = field(default_factory=list)


def read_sheets(path: Path) -> list[OpenSheet]:
    """Read every sheet of a document.

    Raises any error, for a damaged file does: read it within `archives.reading`.
    """
    inspect(path)
    with ZipFile(path) as archive:
        root = xml_part(archive, "content.xml")
    tables: Any = root.xpath("//office:spreadsheet/table:table", namespaces=_NS)
    return [_read(table) for table in tables]


def _read(table: Any) -> OpenSheet:
    sheet = OpenSheet(str(table.get(f"{_TABLE}name")))
    hidden = _hidden_columns(table)
    number, area = 0, 0
    for row in table.iter(f"{_TABLE}table-row"):
        repeats = int(row.get(f"{_TABLE}number-rows-repeated") or 1)
        cells = [*_cells(row, number + 1, sheet.traps)]
        if any(cells):
            area += repeats
            # Before they are made: a row may say that it stands there a million times.
            check_area(sheet.name, area, len(cells), f"row {number + repeats}")
            for again in range(1, repeats + 1):
                sheet.rows[number + again] = cells
            _tell_hidden(sheet, row, number + 1, cells, hidden)
        number += repeats
    return sheet


def _hidden_columns(table: Any) -> set[int]:
    hidden: set[int] = set()
    at = 0
    for column in table.iter(f"{_TABLE}table-column"):
        count = int(column.get(f"{_TABLE}number-columns-repeated") or 1)
        if column.get(f"{_TABLE}visibility") in _HIDDEN:
            hidden |= {*range(at, min(at + count, MOST_COLUMNS))}
        at += count
    return hidden


def _tell_hidden(
    sheet: OpenSheet, row: Any, number: int, cells: list[str], hidden: set[int]
) -> None:
    visible = row.get(f"{_TABLE}visibility")
    if visible in _HIDDEN:
        what = "filtered out" if visible == "filter" else "hidden"
        sheet.traps.append(hidden_row(number, what))
    sheet.traps += [
        hidden_cell(number, letters(at), cells[at])
        for at in sorted(hidden)
        if at < len(cells) and cells[at]
    ]


def _cells(row: Any, number: int, traps: list[Trap]) -> Iterator[str]:
    at, blanks = 0, 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        repeats = int(cell.get(f"{_TABLE}number-columns-repeated") or 1)
        text = _text(cell)
        place = number, letters(at), text
        is_formula = cell.get(f"{_TABLE}formula") is not None
        if is_formula and (not text or text.startswith(_ERRORS)):
            traps.append(valueless(number, letters(at), text or str(cell.get(f"{_TABLE}formula"))))
        across = int(cell.get(f"{_TABLE}number-columns-spanned") or 1)
        down = int(cell.get(f"{_TABLE}number-rows-spanned") or 1)
        if max(across, down) > 1:
            end = f"{letters(at + across - 1)}{number + down - 1}"
            traps.append(merged_cells(*place, f"{letters(at)}{number}:{end}"))
        at += repeats
        if not text:  # the blank rest of a row is repeated to its end, thousands of cells
            blanks += repeats
            continue
        letters(at - 1)  # before they are made: so many columns there have to be
        yield from [""] * blanks
        yield from [text] * repeats
        blanks = 0


def _text(cell: Any) -> str:
    """Write what a cell shows, but for signs that only part its digits."""
    paragraphs: Any = cell.xpath("text:p", namespaces=_NS)
    said = "\n".join("".join(part.itertext()) for part in paragraphs).strip()
    value = cell.get(f"{_OFFICE}value")
    match cell.get(f"{_OFFICE}value-type"):
        case "float" | "currency" if not said.startswith(_ERRORS):
            padded = said.isdigit() and said.startswith("0") and len(said) > 1
            return said if padded else plain(float(value))
        case "percentage":
            return f"{plain(float(value) * 100)}%"
        case "boolean":
            return str(cell.get(f"{_OFFICE}boolean-value")).upper()
        case "date":
            day = str(cell.get(f"{_OFFICE}date-value"))
            if len(said) in {_YEAR, _MONTH} and day.startswith(said):
                return said
            return day.removesuffix("T00:00:00")
        case _:
            return said
