"""Read the sheets of an OpenDocument spreadsheet (`.ods`), and find what they hide.

The format (OASIS OpenDocument 1.3) states for each cell its type, its value and what it shows. The
traps are those of `workbooks`, and are handled alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
    scaled_figure_trap,
)

_NS: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
}
_TABLE: Final = f"{{{_NS['table']}}}"
_OFFICE: Final = f"{{{_NS['office']}}}"
_STYLE: Final = f"{{{_NS['style']}}}"
# What a cell shows instead of a result: `#N/A`, `Err:502`.
_ERRORS: Final = ("#", "Err:")
_FIGURE: Final = re.compile(r"[\d.,+\s'’]")
"""What a figure is written with, besides its unit and the sign of its money."""
_HIDDEN: Final = ("collapse", "filter")
_GROUPS: Final = (f"{_TABLE}table-row-group", f"{_TABLE}table-column-group")
_FIGURES: Final = ("float", "currency")
_STYLES_PART: Final = "styles.xml"
# Lengths of `2026` and `2026-02`.
_YEAR_LENGTH: Final = 4
_MONTH_LENGTH: Final = 7


@dataclass
class OpenSheet:
    """A sheet: its cells by row, from 1, as text, and the traps found in it."""

    name: str
    rows: dict[int, list[str]] = field(default_factory=dict)
    traps: list[Trap] = field(default_factory=list)


@dataclass(frozen=True)
class _Styles:
    """What the styles of a document tell: names of sheets' and cells' styles.

    A sheet with one of `hidden` does not show; a figure in a cell with one of `divisors` shows
    divided by that.
    """

    hidden: frozenset[str]
    divisors: Mapping[str, str]


@dataclass(frozen=True)
class _Columns:
    """The columns of a sheet, from 0: those that do not show, and cell styles of runs of them."""

    hidden: frozenset[int]
    styles: Sequence[tuple[range, str]]

    def style(self, index: int) -> str:
        """Return the style of cells of a column that name none, nor their row."""
        return next((style for run, style in self.styles if index in run), "")


def read_sheets(path: Path) -> list[OpenSheet]:
    """Read every sheet of a document that shows.

    A damaged file may raise any error: call this within `archives.reading`.
    """
    inspect_archive(path)
    with ZipFile(path) as archive:
        root = parse_xml_part(archive, "content.xml")
        common = [_STYLES_PART] if _STYLES_PART in archive.namelist() else []
        styles = _read_styles([*(parse_xml_part(archive, part) for part in common), root])
    tables: Any = root.xpath("//office:spreadsheet/table:table", namespaces=_NS)
    return [
        _read_table(table, styles)
        for table in tables
        if table.get(f"{_TABLE}style-name") not in styles.hidden
    ]


def _read_styles(roots: Sequence[Any]) -> _Styles:
    """Read the styles of a document: those of its own part, the last, go before common ones."""
    found = [
        style
        for root in roots
        # Automatic styles of the part of common ones are for headers and footers of pages.
        for style in root.xpath(
            "office:styles/* | self::office:document-content/office:automatic-styles/*",
            namespaces=_NS,
        )
    ]
    by_name = {(style.get(f"{_STYLE}family"), style.get(f"{_STYLE}name")): style for style in found}
    hidden = {
        name
        for (_, name), style in by_name.items()
        if style.xpath("style:table-properties[@table:display='false']", namespaces=_NS)
    }
    # A format of numbers is a style without a family.
    factors = {
        name: style.xpath("string(.//@number:display-factor)", namespaces=_NS)
        for (family, name), style in by_name.items()
        if family is None
    }
    divisors = {
        str(name): factor
        for (family, name) in by_name
        if family == "table-cell"
        and (factor := factors.get(_number_format(by_name, name), "")) not in {"", "1"}
    }
    return _Styles(frozenset(map(str, hidden)), divisors)


def _number_format(styles: Mapping[tuple[str, str], Any], name: str) -> str:
    """Return the format of numbers of a style of cells, its own or its parent's."""
    visited = set[str]()
    while (style := styles.get(("table-cell", name))) is not None and name not in visited:
        visited.add(name)  # a damaged file may have a style that is its own parent
        if number_format := style.get(f"{_STYLE}data-style-name"):
            return str(number_format)
        name = str(style.get(f"{_STYLE}parent-style-name"))
    return ""


def _read_table(table: Any, styles: _Styles) -> OpenSheet:
    sheet = OpenSheet(str(table.get(f"{_TABLE}name")))
    columns = _read_columns(table)
    number, filled_rows = 0, 0
    for row in table.iter(f"{_TABLE}table-row"):
        repeats = int(row.get(f"{_TABLE}number-rows-repeated") or 1)
        cells = [*_read_cells(row, number + 1, sheet.traps, styles, columns)]
        if any(cells):
            filled_rows += repeats
            # Checked before the rows are built: one element may stand for a million of them.
            check_area(sheet.name, filled_rows, len(cells), f"row {number + repeats}")
            for offset in range(1, repeats + 1):
                sheet.rows[number + offset] = cells
            _add_hidden_traps(sheet, row, number + 1, cells, columns.hidden)
        number += repeats
    return sheet


def _read_columns(table: Any) -> _Columns:
    hidden: set[int] = set()
    styles: list[tuple[range, str]] = []
    index = 0
    for column in table.iter(f"{_TABLE}table-column"):
        count = int(column.get(f"{_TABLE}number-columns-repeated") or 1)
        run = range(index, min(index + count, MAX_COLUMNS))
        if column.get(f"{_TABLE}visibility") in _HIDDEN or _is_folded(column):
            hidden |= {*run}
        if style := column.get(f"{_TABLE}default-cell-style-name"):
            styles.append((run, str(style)))
        index += count
    return _Columns(frozenset(hidden), styles)


def _is_folded(part: Any) -> bool:
    """Tell whether a row or column is in a group, or a group of groups, that is folded up."""
    return any(group.get(f"{_TABLE}display") == "false" for group in part.iterancestors(*_GROUPS))


def _add_hidden_traps(
    sheet: OpenSheet, row: Any, number: int, cells: list[str], hidden: frozenset[int]
) -> None:
    visibility = row.get(f"{_TABLE}visibility")
    if visibility in _HIDDEN or _is_folded(row):
        reason = "filtered out" if visibility == "filter" else "hidden"
        sheet.traps.append(hidden_row_trap(number, reason))
    sheet.traps += [
        hidden_cell_trap(number, letters(index), cells[index])
        for index in sorted(hidden)
        if index < len(cells) and cells[index]
    ]


def _read_cells(
    row: Any, number: int, traps: list[Trap], styles: _Styles, columns: _Columns
) -> Iterator[str]:
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
        if cell.get(f"{_OFFICE}value-type") in _FIGURES and styles.divisors:
            style = cell.get(f"{_TABLE}style-name") or row.get(f"{_TABLE}default-cell-style-name")
            if divisor := styles.divisors.get(style or columns.style(index)):
                how = f"its format shows it divided by {divisor}"
                traps.append(scaled_figure_trap(number, letters(index), text, how))
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
