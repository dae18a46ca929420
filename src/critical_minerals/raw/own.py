"""Read an analyst's file as cells of a raw table: any workbook or delimited file.

Headers are the table's columns, in any order and in any case. Where they differ, a mapping file
next to the file, `<file>.mapping.yml`, translates them; each entry is optional:

    table: funding/awards
    sheet: Aides                       of a workbook with several
    header: 3                          number of the header row
    columns: {Bénéficiaire: recipient, Montant: amount}
    constants: {currency: CAD, source_id: NRCAN_GPI}
    words: {status: {Annoncé: announced}}
    ignore: [Remarques internes]       columns that are not read
    decimal: ","                       where the figures do not show it

| trap                                   | what is done                                           |
|----------------------------------------|--------------------------------------------------------|
| `1 234,5`, `1,234.5`, `1'234.50`       | 1234.5, where the file writes its decimals in one way  |
| `1,234`, and no other figure decides   | a fault: it may be 1234 or 1.234                       |
| `36 %`                                 | 36 in a column of per cent, elsewhere a fault          |
| `$ 5`, `(5)`, `−5`                     | 5, -5, -5                                              |
| `5 kt` in a row with the unit kt       | 5; with another unit a fault                           |
| `€ 5` in a row of CAD                  | a fault; a bare `$` is any dollar                      |
| TRUE, VRAI                             | the table's word in a boolean column; else a fault     |
| names instead of ids (Nickel, Canada)  | the id whose name it is                                |
| `2026-02-27 00:00:00`                  | 2026-02-27                                             |
| unknown, missing and repeated headers  | a fault, with the name that is probably meant          |
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import Final, Literal

import pandas as pd
from pydantic import Field

from critical_minerals.errors import FiguresError, Problem, hint
from critical_minerals.language.quantities import is_currency
from critical_minerals.readers.grids import Grid, read_grid
from critical_minerals.readers.numerals import (
    UNKNOWN,
    decimal_mark,
    split_figure,
    with_decimal_point,
)
from critical_minerals.readers.settings import Settings, read_settings
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.readers.text import escape_invisible
from critical_minerals.readers.workbooks import CURRENCY_SIGNS, letters
from critical_minerals.tables.cells import LOOK_UP
from critical_minerals.tables.descriptors import Column, Table, convert_errors
from critical_minerals.tables.validation import Vocabularies

SUFFIX: Final = ".mapping.yml"
_TRUE: Final = frozenset({"true", "vrai"})
_FALSE: Final = frozenset({"false", "faux"})
_NUMBERS: Final = ("number", "integer", "year")
_MIDNIGHT: Final = re.compile(r"[ T]00:00(:00)?$")
_PER_CENT: Final = "percent"
_MAP_IT: Final = "Say what it is in the mapping file"


Record = Mapping[str, str | None]
"""A row of text cells by its columns; blank cells are None."""


class FileMapping(Settings):
    """How headers and words of a file translate into columns and codes of a table."""

    table: str = ""
    sheet: str = ""
    header: int = Field(default=1, ge=1)
    columns: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}
    words: Mapping[str, Mapping[str, str]] = {}
    ignore: tuple[str, ...] = ()
    decimal: Literal["", ",", "."] = ""


_NO_MAPPING: Final = FileMapping()


@dataclass(frozen=True)
class OwnRows:
    """Rows of an analyst's file as cells of a table, and how the file was read."""

    table: str
    cells: pd.DataFrame
    form: str
    problems: tuple[Problem, ...]


def find_mapping(path: Path) -> FileMapping:
    """Read the mapping file next to a file, if there is one. Raises `FiguresError`."""
    for mapping_file in (path.with_name(path.name + SUFFIX), path.with_name(path.stem + SUFFIX)):
        if mapping_file.is_file():
            return read_mapping(mapping_file)
    return _NO_MAPPING


def read_mapping(path: Path) -> FileMapping:
    """Read a mapping file. Raises `FiguresError` with every fault in it."""
    with convert_errors(path.name, "a mapping in YAML", "Correct the mapping file."):
        return FileMapping.model_validate(read_settings(path) or {})


def read_own(
    path: Path,
    tables: Mapping[str, Table],
    known: Callable[[Table], Vocabularies],
    mapping: FileMapping,
) -> OwnRows:
    """Read a file as rows of the table that its mapping, sheet, name or columns indicate.

    `known` returns the vocabularies of a table. Faults of single cells are returned in `problems`,
    so that validation can add others of the same rows; a file that is no table raises
    `FiguresError`.
    """
    name = path.name
    grid = read_grid(path, name, mapping.sheet, [mapping.table] if mapping.table else [*tables])
    rows = [(number, cells) for number, cells in grid.rows if number >= mapping.header]
    if not rows or len(rows) == 1:
        raise FiguresError.of(
            file=name,
            row=mapping.header,
            expected="a header row and at least one figure",
            remedy="Fill it in; where the header stands lower, say so in the mapping file.",
        )
    _reject_title_row(name, rows)
    header = rows[0][1]
    table = tables[_find_table(path, grid, header, tables, mapping)]
    columns, problems = _map_columns(name, rows[0], table, mapping)
    header_row = rows[0][0]
    problems += [
        # Traps above the header, such as merged cells of a title, hide no figure.
        trap.problem(name, header)
        for trap in grid.traps
        if trap.row >= header_row
    ]
    problems += _check_width(name, rows, len(header)) + _check_unnamed(name, rows)
    cells = pd.DataFrame(
        [
            # Rows may be shorter than the header: blank cells at the end are not stored.
            {column: row[index] if index < len(row) else "" for index, column in columns.items()}
            for _, row in rows[1:]
        ],
        index=range(len(rows) - 1),
        dtype="string",
    )
    cells = cells.reindex(columns=table.columns).astype("string")
    for column, value in mapping.constants.items():
        if column in table.columns:
            # A constant only fills blanks: what a row states itself is not overwritten.
            cells[column] = cells[column].fillna(value).mask(cells[column].eq(""), value)
    cells[ROW] = pd.array([number for number, _ in rows[1:]], "int64")
    cells[FILE] = name
    normalised, cell_problems = normalise_cells(table, cells, known(table), mapping)
    form = f"{grid.form}, sheet {grid.sheet}" if grid.sheet else grid.form
    return OwnRows(table.name, normalised, form, (*problems, *cell_problems))


def _reject_title_row(name: str, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Reject a file whose first row is a title: the names of its columns are further down."""
    # A title fills one cell; the first row with two or more is probably the header.
    likely_header = next((row for row, cells in rows if sum(map(bool, cells)) > 1), rows[0][0])
    if likely_header == rows[0][0]:
        return
    raise FiguresError.of(
        file=name,
        row=rows[0][0],
        value=escape_invisible(" ".join(cell for cell in rows[0][1] if cell)),
        expected="the names of the columns; this looks like a title above them",
        remedy=f"Take it out, or say header: {likely_header} in the file {name}{SUFFIX}.",
    )


def normalise_cells(
    table: Table, cells: pd.DataFrame, known: Vocabularies, mapping: FileMapping = _NO_MAPPING
) -> tuple[pd.DataFrame, list[Problem]]:
    """Convert cells to the form that the table's CSV file has; return those that are ambiguous."""
    reading = _Reading(known, mapping.decimal)
    records = _to_records(cells)
    # One mark for the whole file: a single `1,234` cannot show what its comma is.
    reading.decimal = reading.decimal or reading.find_decimal_mark(table, records)
    words = {
        column: {word.casefold(): code for word, code in codes.items()}
        for column, codes in mapping.words.items()
    }

    def convert(field: Column, row: Record) -> str | None:
        cell = row[field.name]
        replaced = words.get(field.name, {}).get((cell or "").casefold(), cell)
        return reading.normalise(field, replaced, row)

    return _convert_columns(table, cells, records, convert), reading.problems


def normalise_workbook_cells(
    table: Table, cells: pd.DataFrame
) -> tuple[pd.DataFrame, list[Problem]]:
    """Convert booleans and percentages, which only workbooks have, to the form of a CSV file."""
    reading = _Reading({}, ".")

    def convert(field: Column, row: Record) -> str | None:
        text = row[field.name]
        # Everything else in a table's own workbook has to be written as in its CSV file.
        if text and (
            field.kind == "boolean"
            or text in {"TRUE", "FALSE"}
            or text.endswith("%")
            or (field.type in _NUMBERS and text.endswith(CURRENCY_SIGNS))
        ):
            return reading.normalise(field, text, row)
        return text

    return _convert_columns(table, cells, _to_records(cells), convert), reading.problems


def _convert_columns(
    table: Table,
    cells: pd.DataFrame,
    records: Sequence[Record],
    convert: Callable[[Column, Record], str | None],
) -> pd.DataFrame:
    """Convert the cells of each column of a table that is there."""
    return cells.assign(
        **{
            field.name: pd.array([convert(field, row) for row in records], "string")
            for field in table.fields
            if field.name in cells
        }
    )


def _to_records(cells: pd.DataFrame) -> list[Record]:
    return [
        {str(name): None if pd.isna(cell) else str(cell) for name, cell in row.items()}
        for row in cells.to_dict("records")
    ]


@dataclass
class _Reading:
    """How cells are read: by the names of ids and a mark of decimals; with what is ambiguous."""

    known: Vocabularies
    decimal: str
    problems: list[Problem] = dataclass_field(default_factory=list[Problem])

    def normalise(self, field: Column, cell: str | None, row: Record) -> str | None:
        """Convert one cell to the form that its column requires, where that needs no guess."""
        if not cell or not cell.strip():
            return None
        # Decomposed letters look like composed ones and would be unequal to those of a vocabulary.
        text = unicodedata.normalize("NFC", cell.strip())
        # Spreadsheets write booleans in capitals; “true” in small letters is a word that was typed.
        is_boolean = text.casefold() in _TRUE | _FALSE and text == text.upper()
        if is_boolean and field.kind != "boolean":
            expected = "the words that were typed; a spreadsheet has made a truth value of them"
            remedy = "Format the cell as text and type it again."
            self._report(row, field.name, text, expected, remedy)
            return text
        if field.type in _NUMBERS:
            return self._normalise_number(field, text, row)
        if field.kind in {"date", "boolean"}:
            is_day = field.kind == "date"
            return _MIDNIGHT.sub("", text) if is_day else _normalise_boolean(field, text)
        if field.kind == "slug" or field.reference or field.constraints.enum:
            parts = (part.strip() for part in field.parts(text))
            return field.mark.join(_find_code(field, part, self.known) for part in parts if part)
        return text

    def _normalise_number(self, field: Column, text: str, row: Record) -> str:
        """Convert a figure to plain digits; one that can be read in two ways is a problem."""
        figure = split_figure(text)
        if figure is None:
            return text
        if figure.unit and not _is_expected_unit(field, figure.unit, row, self.known):
            return text  # validation rejects it: no number has a unit in its cell
        if figure.currencies and (expected := _find_other_currency(field, figure.currencies, row)):
            remedy = f"{LOOK_UP} Correct its currency, or take the sign out."
            self._report(row, field.name, text, expected, remedy)
            return text
        digits = with_decimal_point(figure.digits, self.decimal, whole=field.type != "number")
        if digits is None:
            expected = "a figure that can be read in one way"
            remedy = (
                "Write it without separators, or say in the mapping file what a comma is: "
                'decimal: "," or decimal: "."'
                if self.decimal == UNKNOWN
                else "Write its decimals as the other figures of the file."
            )
            self._report(row, field.name, text, expected, remedy)
            return text
        return f"-{digits}" if figure.negative else digits

    def find_decimal_mark(self, table: Table, records: Sequence[Record]) -> str:
        """Find the decimal mark of a file: `,` or `.`; UNKNOWN where no figure decides it."""
        first_by_mark: dict[str, tuple[Record, str, str]] = {}
        for record in records:
            for field in table.fields:
                cell = record.get(field.name) if field.type in _NUMBERS else None
                figure = split_figure(cell) if cell else None
                mark = decimal_mark(figure.digits, whole=field.type != "number") if figure else ""
                if cell and mark:
                    first_by_mark.setdefault(mark, (record, field.name, cell))
        # Two marks in one file: report it once, and do not guess which of them is meant.
        if len(first_by_mark) > 1:
            other_row, _, other = first_by_mark["."]
            expected = f"decimals written in one way; {other!r} in row {other_row[ROW]} has another"
            remedy = "Write all figures with a decimal point, or all with a comma."
            self._report(*first_by_mark[","], expected, remedy)
            return UNKNOWN
        return next(iter(first_by_mark), UNKNOWN)

    def _report(self, row: Record, column: str, value: str, expected: str, remedy: str) -> None:
        self.problems.append(
            Problem(
                file=str(row[FILE]),
                row=int(str(row[ROW])),
                column=column,
                value=value,
                expected=expected,
                remedy=remedy,
            )
        )


def _normalise_boolean(field: Column, text: str) -> str:
    """Convert a boolean to the word that the table has for it."""
    folded = text.casefold()
    for accepted, table_words in (
        ({*_TRUE, "yes", "oui", *map(str.casefold, field.true_values)}, field.true_values),
        ({*_FALSE, "no", "non", *map(str.casefold, field.false_values)}, field.false_values),
    ):
        if folded in accepted and text not in table_words:
            return table_words[0]
    return text


def _find_code(field: Column, text: str, known: Vocabularies) -> str:
    """Return the id that has a text as name, or the code of an enumeration; else the text."""
    if field.reference and field.reference.name in known:
        ids = known[field.reference.name]
        if text in ids:
            return text
        folded = text.casefold()
        matches = {
            identifier
            for identifier, names in ids.items()
            if folded in {identifier.casefold(), *(name.strip().casefold() for name in names)}
            and folded
        }
        # A name that two ids share is not resolved: validation rejects it and a person decides.
        return matches.pop() if len(matches) == 1 else text
    folded = text.casefold().replace(" ", "_")
    return next((code for code in field.constraints.enum if code.casefold() == folded), text)


def _find_other_currency(field: Column, currencies: Sequence[str], row: Record) -> str:
    """Return what is expected where the sign of a figure is none of its unit's; else ''."""
    unit = field.unit or row.get("currency") or row.get("unit") or ""
    unit = unit.removeprefix("million ")
    # A dollar by itself may stand by a figure of anything; another sign says what it is.
    if not unit or unit.upper() in currencies or (len(currencies) > 1 and not is_currency(unit)):
        return ""
    return f"a figure in {unit}; its sign says {' or '.join(currencies)}"


def _is_expected_unit(field: Column, unit: str, row: Record, known: Vocabularies) -> bool:
    """Return whether the unit in a figure's cell is that of its column, or of its row."""
    # A column without a unit has rows of several units: a column `unit` or `currency` holds them.
    expected = field.unit or next(
        (unit_cell for name in ("unit", "currency") if (unit_cell := row.get(name))), ""
    )
    if unit == "%":
        return expected in {_PER_CENT, "%"}
    names = {expected.casefold()}
    # A unit may be written by any of its names: `tonnes` for t.
    for ids in known.values():
        names |= {name.strip().casefold() for name in ids.get(expected, ())}
    return unit.casefold() in names - {""}


def _find_table(
    path: Path,
    grid: Grid,
    header: Sequence[str],
    tables: Mapping[str, Table],
    mapping: FileMapping,
) -> str:
    """Find the table that a file is for. Raises `FiguresError` where that is not certain."""
    if mapping.table:
        if mapping.table in tables:
            return mapping.table
        remedy = hint(mapping.table, [*tables])
        raise FiguresError.of(
            file=path.name, value=mapping.table, expected="a raw table", remedy=remedy
        )
    columns = {_fold(name) for name in header if name} - {_fold(one) for one in mapping.ignore}
    columns |= {_fold(one) for one in (*mapping.columns.values(), *mapping.constants)}
    # A table whose required columns are missing is no candidate, however many others fit.
    candidates = [name for name, table in tables.items() if _required_columns(table) <= columns]
    # Several tables may fit; a file or sheet named after one of them decides.
    same_name = [name for name in candidates if name.rpartition("/")[2] in {path.stem, grid.sheet}]
    matches = same_name or _best_matches(candidates, tables, columns)
    if len(matches) == 1:
        return matches[0]
    raise FiguresError([_unknown_table(path.name, columns, tables, matches)])


def _required_columns(table: Table) -> set[str]:
    return {field.name for field in table.fields if field.constraints.required}


def _best_matches(
    candidates: Iterable[str], tables: Mapping[str, Table], columns: set[str]
) -> list[str]:
    """Return the tables that share the most columns with a file."""
    shared = {name: len(columns & {*tables[name].columns}) for name in candidates}
    return [name for name, count in shared.items() if count == max(shared.values())]


def _unknown_table(
    name: str, columns: set[str], tables: Mapping[str, Table], matches: Sequence[str]
) -> Problem:
    if matches:
        expected = "columns that say for which table they are; it may be " + " or ".join(matches)
        remedy = f"Say so: --table {matches[0]}, or table: {matches[0]} in the file {name}{SUFFIX}."
        return Problem(file=name, row=1, expected=expected, remedy=remedy)
    nearest_table = max(tables, key=lambda one: len(columns & {*tables[one].columns}))
    missing = sorted(_required_columns(tables[nearest_table]) - columns)
    shared = columns & {*tables[nearest_table].columns}
    expected = "an official file of a known format, or the columns of a raw table"
    if shared:
        expected += f"; the nearest is {nearest_table}, which lacks {', '.join(missing)}"
    remedy = (
        f"Write the file {name}{SUFFIX} that says table: and columns: (theirs: ours), or start "
        "from python pipeline.py template TABLE."
    )
    # A file of another kind may have a very long first line.
    value = ", ".join(sorted(columns))[:200]
    return Problem(file=name, row=1, value=value, expected=expected, remedy=remedy)


def _map_columns(
    name: str, header: tuple[int, list[str]], table: Table, mapping: FileMapping
) -> tuple[dict[int, str], list[Problem]]:
    """Map the columns of a file to those of a table, by position; report what does not fit."""
    row, names = header
    table_columns = {_fold(column): column for column in table.columns}
    for field in table.fields:
        # Readers see a column under its label, in English or French; accept these as headings too.
        table_columns |= {_fold(label): field.name for label in field.labels.values()}
    mapped_columns = {_fold(one): column for one, column in mapping.columns.items()}
    ignored = {_fold(one) for one in mapping.ignore}
    columns: dict[int, str] = {}
    problems: list[Problem] = []

    def report(column: str, expected: str, remedy: str) -> None:
        problems.append(
            Problem(file=name, row=row, column=column, expected=expected, remedy=remedy)
        )

    for index, heading in enumerate(names):
        folded = _fold(heading)
        if not heading or folded in ignored:
            continue
        # The mapping comes first: a file may use a name of the table for something else.
        column = mapped_columns.get(folded) or table_columns.get(folded)
        if column is None or column not in table.columns:
            remedy = f"{hint(column or heading, table.columns)} {_MAP_IT}, or name it under ignore."
            report(heading, f"a column of {table.name}", remedy)
        elif column in columns.values():
            remedy = "Keep one of the columns; name the other under ignore."
            report(heading, f"{column} once", remedy)
        else:
            columns[index] = column
    missing = _required_columns(table) - {*columns.values()} - {*mapping.constants}
    remedy = f"Add it, or {_MAP_IT[0].lower()}{_MAP_IT[1:]} (columns or constants)."
    for column in table.columns:
        if column in missing:
            report(column, "this column", remedy)
    return columns, problems


def _check_width(name: str, rows: Sequence[tuple[int, list[str]]], width: int) -> list[Problem]:
    """Report rows with cells beyond the header: a cell contains the separator unquoted."""
    return [
        Problem(
            file=name,
            row=number,
            value=" | ".join(cell for cell in row[width:] if cell),
            expected=f"{width} cells, as in the header",
            remedy="Put a cell that holds the mark between double quotes, or name its column.",
        )
        for number, row in rows[1:]
        if any(row[width:])
    ]


def _check_unnamed(name: str, rows: Sequence[tuple[int, list[str]]]) -> list[Problem]:
    """Report cells in unnamed columns: they cannot be read, and must not be lost silently."""
    header = rows[0][1]
    problems: list[Problem] = []
    for index, column in enumerate(header):
        filled = [
            (row, cells[index]) for row, cells in rows[1:] if index < len(cells) and cells[index]
        ]
        if not column and filled:
            row, cell = filled[0]
            remedy = f"Name column {letters(index)}, or delete it."
            expected = "each cell in a column that has a name"
            value = escape_invisible(cell)
            problems.append(
                Problem(file=name, row=row, value=value, expected=expected, remedy=remedy)
            )
    return problems


def _fold(text: str) -> str:
    return re.sub(r"[\s_]+", "_", text.strip().casefold())
