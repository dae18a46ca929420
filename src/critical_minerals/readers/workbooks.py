"""Read number formats of an Excel workbook, convert cells to what they show, find what it hides.

The library that reads workbooks (calamine) gives values: 0.36 where the cell shows 36 %, a whole
day where it shows a year, and nothing of what is hidden. What a person sees is what counts, so the
formats of the cells are looked up in the sheet itself.

Its traps, each with its test: docs/traps.md#workbooks
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from lxml import etree

from critical_minerals.errors import Problem
from critical_minerals.readers.archives import (
    RejectedArchiveError,
    check_area,
    inspect_archive,
    parse_xml_part,
)

_NO_VALUE_CELLS: Final = etree.XPath(
    "//*[local-name()='c']"
    "[@t='e' or (*[local-name()='f'] and not(@t='str') and not(*[local-name()='v']/text()))]"
)
_SHEET: Final = etree.XPath("string(//*[local-name()='sheet'][@name=$name]/@*[local-name()='id'])")
_TARGET: Final = etree.XPath("string(//*[local-name()='Relationship'][@Id=$id]/@Target)")
_BOOK: Final = "xl/workbook.xml"
_NAMES: Final = etree.XPath("//*[local-name()='sheet']/@name")
_PLACES: Final = etree.XPath("//*[local-name()='c']/@r | //*[local-name()='row']/@r")
_STYLED: Final = etree.XPath("//*[local-name()='c'][@s]")
_FORMATS: Final = etree.XPath("//*[local-name()='numFmt']")
_CELL_STYLES: Final = etree.XPath("//*[local-name()='cellXfs']/*[local-name()='xf']")
_HIDDEN_ROWS: Final = etree.XPath("//*[local-name()='row'][@hidden='1' or @hidden='true']")
_HIDDEN_COLUMNS: Final = etree.XPath("//*[local-name()='col'][@hidden='1' or @hidden='true']")
_FILTERS: Final = etree.XPath("boolean(//*[local-name()='autoFilter']/*)")
BUILT_IN: Final[Mapping[int, str]] = {9: "0%", 10: "0.00%", 17: "mmm-yy"}
"""Built-in formats, which have no code in the file, as far as they change what is read."""
_FORMAT_LITERALS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
"""Parts of a format that are no digits: texts, single signs, colours, blanks."""
_FORMAT_TEXTS: Final = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')
# A comma after the last digit divides by a thousand; between digits it only separates thousands.
_SCALED: Final = re.compile(r"[0#?],+(?:[^0#?,]|$)")
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
CURRENCY_SIGNS: Final = ("€", "£", "¥")
"""Signs that mean one currency, in the format of a cell; a dollar may be of any country."""
MAX_COLUMNS: Final = 16_384
_MAX_ROWS: Final = 1_048_576
_DISPLAY_DIGITS: Final = ".15g"
"""Digits that a spreadsheet shows of a figure; further ones are rounding noise of binary sums."""


@dataclass(frozen=True)
class Trap:
    """A cell, row or column of a sheet that may not be read as it stands."""

    row: int
    column: str | None
    value: str | None
    expected: str
    remedy: str

    def problem(self, file: str, header: Sequence[str]) -> Problem:
        """Return it as a problem of a file; a column has its name in the header, if it has one."""
        index = _column_number(self.column or "") - 1
        return Problem(
            file=file,
            row=self.row,
            column=(header[index] if 0 <= index < len(header) else "") or self.column,
            value=self.value,
            expected=self.expected,
            remedy=self.remedy,
        )


def hidden_row_trap(row: int, reason: str) -> Trap:
    """Build the trap of a row that nobody sees."""
    remedy = "Show it if it counts (clear the filter, unhide the row), or delete it."
    return Trap(row, None, None, f"a row that shows; this one is {reason}", remedy)


def hidden_cell_trap(row: int, column: str, value: str) -> Trap:
    """Build the trap of a filled cell in a column that nobody sees."""
    remedy = "Show the column if it counts, or delete it."
    return Trap(row, column, value, "a column that shows; this one is hidden", remedy)


def scaled_figure_trap(row: int, column: str, value: str, how: str) -> Trap:
    """Build the trap of a cell that shows 5 and holds 5000; `how` says by which format."""
    # Nobody but the author knows which of the two is meant.
    remedy = "Give the cell the format General, and write the figure as it is meant."
    return Trap(row, column, value, f"a figure as it is; {how}", remedy)


def merged_cells_trap(first: tuple[int, int], last: tuple[int, int], value: str) -> Trap:
    """Build the trap of merged cells: only the first of them holds a value.

    `first` and `last` are row and column of the outermost two, counted from 0.
    """
    span = ":".join(f"{letters(column)}{row + 1}" for row, column in (first, last))
    remedy = "Unmerge them, and write into each cell what it holds."
    expected = f"single cells; {span} are merged"
    return Trap(first[0] + 1, letters(first[1]), value, expected, remedy)


def no_value_trap(row: int, column: str, value: str) -> Trap:
    """Build the trap of a cell with an error, or with a formula that was never calculated."""
    return Trap(row, column, value, "a value", "Write the value itself into the cell.")


@dataclass(frozen=True)
class SheetFormatting:
    """What the values of a sheet do not tell: formats, hidden parts, cells without a value.

    Formats are by row and column letter, cells without a value are traps.
    """

    formats: Mapping[tuple[int, str], str]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[str]
    filtered: bool
    without_value: Sequence[Trap]


def inspect_workbook(path: Path) -> None:
    """Check an `.xlsx` file before it is handed to a library that trusts it.

    Raises `archives.RejectedArchiveError`; a damaged workbook may raise any error.
    """
    inspect_archive(path)
    with ZipFile(path) as archive:
        if _BOOK not in archive.namelist():
            first, *others = archive.namelist() or ["nothing"]
            more = f" and {len(others)} more" if others else ""
            msg = f"a workbook, or a publisher's zip that is known; in this one is {first}{more}"
            remedy = "Take the table out of the zip, and give that; save another workbook as .xlsx."
            raise RejectedArchiveError(msg, remedy)
        names: Any = _NAMES(parse_xml_part(archive, _BOOK))
        for sheet in names:
            name = str(sheet)
            part = _sheet_part(archive, name)
            if part in archive.namelist():
                _check_area(name, parse_xml_part(archive, part))


def _check_area(sheet: str, root: Any) -> None:
    """Reject a sheet with a cell so far out that its whole area could not be held in memory."""
    # From the addresses, not from the stated dimension: that is a claim of the file, and calamine
    # allocates up to the last cell. One cell in the far corner used to end the whole process.
    rows, columns, outermost = 1, 1, "A1"
    places: Any = _PLACES(root)
    for place in places:
        # A row is addressed by its number alone, and counts as its first cell.
        match = _ADDRESS.fullmatch(f"{'A' * str(place).isdigit()}{place}")
        if not match:
            msg = f"{place} is no place in a sheet"
            raise ValueError(msg)
        row, column = int(match[2]), _column_number(match[1])
        if row > _MAX_ROWS or column > MAX_COLUMNS:
            msg = f"{place} lies beyond the end of a sheet"
            raise ValueError(msg)
        if row > rows or column > columns:
            rows, columns, outermost = max(row, rows), max(column, columns), str(place)
    check_area(sheet, rows, columns, outermost)


def _column_number(column: str) -> int:
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def read_formatting(path: Path, sheet: str) -> SheetFormatting:
    """Read what the values of a sheet of an `.xlsx` file do not tell."""
    with ZipFile(path) as archive:
        root = parse_xml_part(archive, _sheet_part(archive, sheet))
        codes = _style_codes(archive)
    styled: Any = _STYLED(root)
    formats = {
        (int(match[2]), match[1]): codes[style]
        for cell in styled
        if (style := int(cell.get("s"))) < len(codes)
        and codes[style]
        and (match := _ADDRESS.fullmatch(str(cell.get("r"))))
    }
    rows: Any = _HIDDEN_ROWS(root)
    columns: Any = _HIDDEN_COLUMNS(root)
    no_value_cells: Any = _NO_VALUE_CELLS(root)
    return SheetFormatting(
        formats,
        frozenset(int(row.get("r")) for row in rows),
        frozenset(
            letters(number - 1)
            for column in columns
            for number in range(
                max(int(column.get("min")), 1), min(int(column.get("max")), MAX_COLUMNS) + 1
            )
        ),
        bool(_FILTERS(root)),
        [_no_value_cell(cell) for cell in no_value_cells],
    )


def _no_value_cell(cell: Any) -> Trap:
    """Build the trap of a cell that holds an error such as `#N/A`, or a formula alone."""
    place = str(cell.get("r"))
    column = place.rstrip("0123456789")
    texts = {etree.QName(part).localname: part.text or "" for part in cell}
    content = texts.get("v") or f"={texts.get('f')}"
    return no_value_trap(int(place.removeprefix(column)), column, content)


def letters(index: int) -> str:
    """Return the letters of a column, counted from 0, as spreadsheets name it.

    >>> letters(0), letters(25), letters(26), letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    if not 0 <= index < MAX_COLUMNS:
        msg = f"no column has the number {index + 1}"
        raise ValueError(msg)
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def displayed_text(cell: object, format_code: str = "") -> str:
    """Return what a cell shows, from its value and its number format, without rounding.

    >>> displayed_text(0.36, "0%"), displayed_text(dt.date(2026, 2, 1), "yyyy-mm")
    ('36%', '2026-02')
    >>> displayed_text(42.0, "0000"), displayed_text(0.1 + 0.2), displayed_text(5.0, '0.0 "kt"')
    ('0042', '0.3', '5 kt')
    >>> displayed_text(5.0, "[$€-2] #,##0"), displayed_text(5.0, '#,##0 "$"')
    ('5 €', '5')
    >>> displayed_text(1500000.0, "#,##0"), displayed_text(True)
    ('1500000', 'TRUE')
    """
    # Before numbers: in Python a truth value is an integer.
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, dt.datetime | dt.date):
        return _format_date(cell, format_code)
    if not isinstance(cell, float | int):
        return str(cell).strip()
    first, *others = format_code.split(";")
    section = others[0] if cell < 0 and others else first
    digits_format = _FORMAT_LITERALS.sub("", section)
    if "%" in digits_format:
        return f"{format_number(cell * 100)}%"
    if re.fullmatch(r"0{2,}", digits_format):
        return format_number(cell).zfill(len(digits_format))
    texts = (text for groups in _FORMAT_TEXTS.findall(section) for text in groups)
    # Brackets, dashes and the dollar belong to formats of accounting; a word is a unit, and a
    # figure in kilotonnes must not pass for one in tonnes, nor euros for dollars.
    text = "".join(texts).strip(" ()-")
    tells = text.endswith(CURRENCY_SIGNS) or any(c.isalpha() for c in text)
    return f"{format_number(cell)} {text}" if tells else format_number(cell)


def is_scaled(format_code: str) -> bool:
    """Tell whether a format divides what it shows by thousands or millions.

    >>> is_scaled('#,##0'), is_scaled('0.0,,"M"'), is_scaled('#,##0,')
    (False, True, True)
    """
    return bool(_SCALED.search(_FORMAT_LITERALS.sub("", format_code.split(";", maxsplit=1)[0])))


def format_number(figure: float) -> str:
    """Write a figure in plain digits, as many as a spreadsheet shows."""
    # Through a decimal, since `.15g` alone would write large figures with an exponent.
    return format(Decimal(format(figure, _DISPLAY_DIGITS)), "f")


def _format_date(day: dt.date, format_code: str) -> str:
    """Write a date as far as a cell shows it: a year, a month, or all of it."""
    date_format = _FORMAT_LITERALS.sub("", format_code.split(";", maxsplit=1)[0]).casefold()
    if isinstance(day, dt.datetime):
        if day.time() != dt.time():
            return str(day)
        day = day.date()
    if "d" in date_format or "y" not in date_format:
        return day.isoformat()
    return day.isoformat()[: 7 if "m" in date_format else 4]


def _style_codes(archive: ZipFile) -> list[str]:
    """Return the format code of every cell style of a workbook, blank where it changes nothing."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = parse_xml_part(archive, "xl/styles.xml")
    declared: Any = _FORMATS(root)
    codes_by_id = {
        int(number_format.get("numFmtId")): str(number_format.get("formatCode"))
        for number_format in declared
    }
    styles: Any = _CELL_STYLES(root)
    format_ids = [int(style.get("numFmtId") or 0) for style in styles]
    return [codes_by_id.get(format_id, BUILT_IN.get(format_id, "")) for format_id in format_ids]


def _sheet_part(archive: ZipFile, sheet: str) -> str:
    """Return the name under which the archive holds a sheet."""
    identifier = _SHEET(parse_xml_part(archive, _BOOK), name=sheet)
    relations = parse_xml_part(archive, "xl/_rels/workbook.xml.rels")
    target = str(_TARGET(relations, id=identifier))
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
