"""Read any sheet in which people hold figures, row by row, as the text that it shows.

The format is known by content, whatever the file is called.

| format                        | read by                                                        |
|-------------------------------|----------------------------------------------------------------|
| `.xlsx`                       | calamine, and the sheet's own formats (`workbooks`)            |
| `.ods`                        | `opendocument`                                                 |
| `.xls` of 1997 and later      | calamine, and the file's own records (`old_workbooks`)         |
| CSV, TSV and their like       | here                                                           |

Its traps, each with its test: docs/traps.md#grids
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import charset_normalizer
import python_calamine

from critical_minerals.errors import FiguresError
from critical_minerals.readers import old_workbooks, opendocument, workbooks
from critical_minerals.readers.archives import ZIP_MAGIC, as_file_errors
from critical_minerals.readers.workbooks import Trap

_DELIMITERS: Final = (",", ";", "\t", "|")
"""Characters that may separate the cells of a row."""
_OLE: Final = b"\xd0\xcf\x11\xe0"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY_ENCODINGS: Final = ("cp1252", "mac_roman")
_ENCODING_NAMES: Final = {
    **dict.fromkeys(("utf-8", "utf-8-sig"), "UTF-8"),
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "UTF-16"),
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
}
_SAMPLE_LINES: Final = 50
_MAX_CELL_LENGTH: Final = 1_000_000
"""Characters; descriptions of grants can be longer than the 131,072 that `csv` allows by itself."""
# The limit is one for the whole process. It is set here and nowhere else, so that no file is read
# or refused because of what was read before it.
csv.field_size_limit(_MAX_CELL_LENGTH)
_SEPARATOR_LINE: Final = "sep="
_OTHER_FORMAT_REMEDY: Final = (
    "Give a workbook (.xlsx, .xls, .ods) or a delimited file (.csv, .tsv)."
)
# No text has these; a binary file that happens to decode does.
_CONTROL_CHARACTERS: Final = frozenset(chr(code) for code in range(32)) - {"\t", "\n", "\r", "\f"}


@dataclass(frozen=True)
class Grid:
    """A sheet of text: its filled rows with their numbers, and the traps found in it.

    `form` describes in a few words how it was read: `CSV, Windows-1252, semicolons`.
    """

    form: str
    rows: Sequence[tuple[int, list[str]]]
    traps: Sequence[Trap] = ()
    sheet: str = ""


def read_grid(path: Path, name: str, sheet: str = "", tables: Collection[str] = ()) -> Grid:
    """Read one sheet of a file; `name` is how people know the file.

    Of several sheets, the one that is named is read, else the only one named after one of the
    `tables`, else the only one that holds anything. Raises `FiguresError` where there is no such
    sheet, and for files that are no sheets at all.
    """
    data = path.read_bytes()
    if data.startswith(_OLE):
        return _read_workbook(path, name, sheet, tables)
    if data.startswith(ZIP_MAGIC):
        is_ods = b"application/vnd.oasis.opendocument.spreadsheet" in data[:200]
        read_sheet = _read_open_document if is_ods else _read_workbook
        return read_sheet(path, name, sheet, tables)
    return _read_delimited(data, name)


def _read_workbook(path: Path, name: str, sheet: str, tables: Collection[str]) -> Grid:
    with as_file_errors(name):
        book = open_workbook(path)
        # Nobody sees what is in a hidden sheet, and a blank one is no candidate either.
        filled_sheets = [
            name for name in visible_sheets(book) if book.get_sheet_by_name(name).to_python()
        ]
        sheet_name = _choose_sheet(filled_sheets, name, sheet, tables)
        rows, traps = sheet_cells(path, book, sheet_name)
        return Grid("Excel workbook", rows, traps, sheet_name)


def open_workbook(path: Path) -> python_calamine.CalamineWorkbook:
    """Open an Excel workbook, after a check of the archive that an `.xlsx` file is.

    A damaged file may raise any error: call this within `archives.reading`.
    """
    if not _is_xls(path):
        workbooks.inspect_workbook(path)
    return python_calamine.CalamineWorkbook.from_path(path)


def visible_sheets(book: python_calamine.CalamineWorkbook) -> list[str]:
    """Return the names of the sheets that hold cells and are not hidden."""
    return [
        info.name
        for info in book.sheets_metadata
        # Sheets of charts and macros hold no cells.
        if info.typ == python_calamine.SheetTypeEnum.WorkSheet
        and info.visible == python_calamine.SheetVisibleEnum.Visible
    ]


def _is_xls(path: Path) -> bool:
    """Tell whether a file is a workbook of Excel 97 to 2003 (`.xls`), by its first bytes."""
    with path.open("rb") as file:
        return file.read(len(_OLE)) == _OLE


def sheet_cells(
    path: Path, book: python_calamine.CalamineWorkbook, sheet: str
) -> tuple[list[tuple[int, list[str]]], list[Trap]]:
    """Return the filled rows of a sheet of an Excel workbook as text, and its traps.

    Raises `ValueError` for an `.xls` file whose records cannot be read.
    """
    format_module = old_workbooks if _is_xls(path) else workbooks
    formatting = format_module.read_formatting(path, sheet)
    rows: list[tuple[int, list[str]]] = []
    traps = [*formatting.without_value]
    page = book.get_sheet_by_name(sheet)
    # With the empty area, or rows and columns would be counted from the first filled cell.
    for number, cells in enumerate(page.to_python(skip_empty_area=False), start=1):
        row: list[str] = []
        for index, cell in enumerate(cells):
            column = workbooks.letters(index)
            format_code = formatting.formats.get((number, column), "")
            row.append(workbooks.displayed_text(cell, format_code))
            if isinstance(cell, float) and workbooks.is_scaled(format_code):
                how = f"the format {format_code} shows it in thousands"
                traps.append(workbooks.scaled_figure_trap(number, column, row[-1], how))
        if any(row):
            rows.append((number, row))
            traps += _hidden_traps(number, row, formatting)
    # An area that is merged outside of the filled rows hides nothing.
    by_number = dict(rows)
    traps += [
        workbooks.merged_cells_trap((top, left), (bottom, right), cells[left])
        for (top, left), (bottom, right) in page.merged_cell_ranges or ()
        if left < len(cells := by_number.get(top + 1, []))
    ]
    return rows, traps


def _hidden_traps(
    number: int, row: Sequence[str], formatting: workbooks.SheetFormatting
) -> list[Trap]:
    if number in formatting.hidden_rows:
        reason = "filtered out" if formatting.filtered else "hidden"
        return [workbooks.hidden_row_trap(number, reason)]
    return [
        workbooks.hidden_cell_trap(number, column, cell)
        for index, cell in enumerate(row)
        if cell and (column := workbooks.letters(index)) in formatting.hidden_columns
    ]


def _read_open_document(path: Path, name: str, sheet: str, tables: Collection[str]) -> Grid:
    with as_file_errors(name):
        sheets = {item.name: item for item in opendocument.read_sheets(path) if item.rows}
    chosen = sheets[_choose_sheet([*sheets], name, sheet, tables)]
    rows = [*chosen.rows.items()]
    return Grid("OpenDocument spreadsheet", rows, chosen.traps, chosen.name)


def _choose_sheet(
    filled_sheets: Sequence[str], name: str, sheet: str, tables: Collection[str]
) -> str:
    """Return the name of the sheet to read: the only candidate, or none is guessed."""
    stems = {table.rpartition("/")[2] for table in tables}
    if sheet:
        candidates = [item for item in filled_sheets if item == sheet]
    else:
        candidates = [item for item in filled_sheets if item in stems] or [*filled_sheets]
    if len(candidates) == 1:
        return candidates[0]
    found_sheets = ", ".join(filled_sheets) or "no sheet with anything in it"
    expected = f"a sheet named {sheet!r}" if sheet else "one sheet that is named after a raw table"
    remedy = "Name the sheet in the mapping file, as sheet: NAME."
    raise FiguresError.of(file=name, value=found_sheets, expected=expected, remedy=remedy)


def _read_delimited(data: bytes, name: str) -> Grid:
    text, encoding = _decode(data, name)
    if text.lstrip().startswith("<"):
        remedy = "Download the file itself, not the page about it."
        kind = "XML" if text.lstrip().startswith("<?xml") else "a web page"
        raise FiguresError.of(name, f"a table, but this is {kind}", remedy)
    if text.lstrip().startswith(("{", "[")):
        expected = "a table, but this is JSON, or GeoJSON, and no whole answer of a known service"
        remedy = f"If it was cut short, download it again. {_OTHER_FORMAT_REMEDY}"
        raise FiguresError.of(name, expected, remedy)
    if not text.strip():
        raise FiguresError.of(
            name, "a header row and at least one figure", "Give a file that has them."
        )
    skipped_rows = 0
    delimiter = ""
    # Excel writes `sep=;` above the header to name the separator; it counts as a row of the file.
    if text.casefold().startswith(_SEPARATOR_LINE):
        separator_line, _, text = text.partition("\n")
        delimiter, skipped_rows = separator_line[len(_SEPARATOR_LINE) :].strip("\r")[:1], 1
    delimiter = delimiter or _detect_delimiter(text)
    rows = delimited_rows(text, name, delimiter, skipped_rows)
    delimiter_names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    return Grid(f"CSV, {encoding}, {delimiter_names.get(delimiter, delimiter)}", rows)


def delimited_rows(
    text: str, name: str, delimiter: str = ",", skipped: int = 0
) -> list[tuple[int, list[str]]]:
    """Return the filled rows of a text with their numbers; `skipped` rows stand above it."""
    rows: list[tuple[int, list[str]]] = []
    number = skipped
    # Strict: a quotation mark that is never closed would swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, record in enumerate(reader, 1 + skipped):
            cells = [cell.strip() for cell in record]
            if any(cells):
                rows.append((number, cells))
    except csv.Error as error:
        raise quoting_error(name, number + 1, error) from error
    return rows


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode text; return it with the name of its encoding as people know it."""
    encoding = _marked_encoding(data) or "utf-8"
    text = _decoded(data, encoding)
    # What says that it is UTF-16 and is not is damaged; anything else may be of an old program.
    if text is None and encoding == "utf-8":
        encoding = _legacy_encoding(data)
        text = _decoded(data, encoding) if encoding else None
    if text is None or _CONTROL_CHARACTERS & {*text}:
        raise _not_text_error(name)
    return text, _ENCODING_NAMES.get(encoding, encoding)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _marked_encoding(data: bytes) -> str:
    """Return the encoding of a text by its mark or its zeros; blank where it has neither."""
    if marked := next((encoding for bom, encoding in _BOMS if data.startswith(bom)), ""):
        return marked
    # UTF-16 without its mark: every other byte of Western text is zero. A quarter is enough, since
    # typographic signs have no zero byte, and text in any other encoding has none at all.
    if data[:200].count(0) > len(data[:200]) // 4:
        return "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    return ""


def _legacy_encoding(data: bytes) -> str:
    """Guess the encoding of bytes that are no UTF-8; blank where they are no text."""
    # They are of an old program, of Windows or of a Mac. The guess is confined to these two: almost
    # any bytes are valid text in some code page.
    guess = charset_normalizer.from_bytes(data, cp_isolation=[*_LEGACY_ENCODINGS]).best()
    return guess.encoding if guess else ""


def _detect_delimiter(text: str) -> str:
    """Return the delimiter that splits the most common row into the most cells.

    Of two that split alike, the one by which more rows have that width.
    """
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        try:
            records = [len(record) for record in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            return 0, 0
        width = Counter(records).most_common(1)[0][0]
        # The header has to split as well: decimal commas split rows of figures, but no header.
        return (records.count(width), width) if min(width, records[0]) > 1 else (0, 0)

    # Width before count: a comma inside words or figures may split as many rows, into fewer cells.
    return max(
        _DELIMITERS, key=lambda delimiter: (score(delimiter)[0] > 0, *reversed(score(delimiter)))
    )


def quoting_error(name: str, row: int, error: csv.Error) -> FiguresError:
    """Build the error for a quotation mark that is not closed, or stands inside a cell."""
    return FiguresError.of(
        file=name,
        row=row,
        expected=f"a quoted cell to end with a quotation mark ({error})",
        remedy='Close the quotation mark; write one that belongs to the text twice (""). '
        f"No cell is longer than {_MAX_CELL_LENGTH:,} characters.",
    )


def _not_text_error(name: str) -> FiguresError:
    return FiguresError.of(
        name, "text in UTF-8, UTF-16, Windows-1252 or Mac Roman", _OTHER_FORMAT_REMEDY
    )
