"""A file that an analyst keeps, against a raw table: any workbook or delimited file, as cells.

Headers are the table's columns, in any order and with any capitals. Where they differ, a mapping
file beside it, `<file>.mapping.yml`, says what is meant; each part may be missing:

    table: funding/awards
    sheet: Aides                       of a workbook with several
    header: 3                          row in which the names of the columns stand
    columns: {Bénéficiaire: recipient, Montant: amount}
    constants: {currency: CAD, source_id: NRCAN_GPI}
    words: {status: {Annoncé: announced}}
    ignore: [Remarques internes]       columns that are not read
    decimal: ","                       where no figure of the file tells

| trap                                   | what becomes of it                                     |
|----------------------------------------|--------------------------------------------------------|
| `1 234,5`, `1,234.5`, `1'234.50`       | 1234.5, where the file writes its decimals in one way  |
| `1,234` and nothing that tells         | a fault: it may be 1234 or 1.234                       |
| `36 %`                                 | 36 in a column of per cent, elsewhere a fault          |
| `$ 5`, `(5)`, `−5`                     | 5, -5, -5                                              |
| `5 kt` beside the unit kt              | 5; beside another unit a fault                         |
| TRUE, VRAI                             | the table's word in a column of yes and no; else told  |
| names instead of ids (Nickel, Canada)  | the id whose name it is                                |
| `2026-02-27 00:00:00`                  | 2026-02-27                                             |
| unknown, missing and repeated headers  | told, with the name that is meant                      |
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from critical_minerals.errors import FiguresError, Problem, hint
from critical_minerals.readers.grids import Grid, named, read_grid
from critical_minerals.readers.numerals import UNKNOWN, pointed, tells, written
from critical_minerals.readers.settings import read_settings
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.readers.text import shown
from critical_minerals.readers.workbooks import letters
from critical_minerals.tables.descriptors import Column, Table, told_as
from critical_minerals.tables.validation import Vocabularies

SUFFIX: Final = ".mapping.yml"
_TRUE: Final = frozenset({"true", "vrai"})
_FALSE: Final = frozenset({"false", "faux"})
_NUMBERS: Final = ("number", "integer", "year")
_TIME: Final = re.compile(r"[ T]00:00(:00)?$")
_PER_CENT: Final = "percent"
_MAP_IT: Final = "Say what it is in the mapping file"


Record = Mapping[str, str | None]
"""A row of text cells by its columns; blank cells are None."""


class FileMapping(BaseModel):
    """What the headers and words of a file mean here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
class Own:
    """Rows of a person's own file as the cells of a table, and how the file was read."""

    table: str
    cells: pd.DataFrame
    form: str
    problems: tuple[Problem, ...]


def mapping_of(path: Path) -> FileMapping:
    """Read the mapping file beside a file, if there is one. Raises `FiguresError`."""
    for beside in (path.with_name(path.name + SUFFIX), path.with_name(path.stem + SUFFIX)):
        if beside.is_file():
            return read_mapping(beside)
    return _NO_MAPPING


def read_mapping(path: Path) -> FileMapping:
    """Read a mapping file. Raises `FiguresError` with everything that is wrong in it."""
    with told_as(path.name, "a mapping in YAML", "Correct the mapping file."):
        return FileMapping.model_validate(read_settings(path) or {})


def read_own(
    path: Path,
    tables: Mapping[str, Table],
    known: Callable[[Table], Vocabularies],
    mapping: FileMapping,
) -> Own:
    """Read a file against the table that its mapping, sheet, name or columns say.

    `known` gives the lists of a table. Faults of single cells are in `problems`, for validation
    finds others of the same rows; what is no table at all raises `FiguresError`.
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
    _refuse_titles(name, rows)
    header = rows[0][1]
    table = tables[_table_of(path, grid, header, tables, mapping)]
    columns, faults = _columns(name, rows[0], table, mapping)
    first = rows[0][0]
    faults += [
        trap.problem(name, named(trap.column, header)) for trap in grid.traps if trap.row >= first
    ]
    faults += _ragged(name, rows, len(header)) + _nameless(name, rows)
    cells = pd.DataFrame(
        [
            {column: row[at] if at < len(row) else "" for at, column in columns.items()}
            for _, row in rows[1:]
        ],
        index=range(len(rows) - 1),
        dtype="string",
    )
    cells = cells.reindex(columns=table.columns).astype("string")
    for column, value in mapping.constants.items():
        if column in table.columns:
            cells[column] = cells[column].fillna(value).mask(cells[column].eq(""), value)
    cells[ROW] = pd.array([number for number, _ in rows[1:]], "int64")
    cells[FILE] = name
    read, more = normalised(table, cells, known(table), mapping)
    form = f"{grid.form}, sheet {grid.sheet}" if grid.sheet else grid.form
    return Own(table.name, read, form, (*faults, *more))


def _refuse_titles(name: str, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Refuse a file whose first row is a title: the names of its columns stand further down."""
    below = next((row for row, cells in rows if sum(map(bool, cells)) > 1), rows[0][0])
    if below == rows[0][0]:
        return
    raise FiguresError.of(
        file=name,
        row=rows[0][0],
        value=shown(" ".join(cell for cell in rows[0][1] if cell)),
        expected="the names of the columns; this looks like a title above them",
        remedy=f"Take it out, or say header: {below} in the file {name}{SUFFIX}.",
    )


def normalised(
    table: Table,
    cells: pd.DataFrame,
    known: Vocabularies,
    mapping: FileMapping = _NO_MAPPING,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Write the cells of a table as its CSV file would hold them; return what cannot be."""
    cells = cells.copy()
    problems: list[Problem] = []
    figures = [field for field in table.fields if field.type in _NUMBERS and field.name in cells]
    decimal = mapping.decimal or _decimal(cells, figures, problems)
    records = _records(cells)
    for field in table.fields:
        if field.name not in cells:
            continue
        words = {w.casefold(): c for w, c in mapping.words.get(field.name, {}).items()}
        told = [
            _cell(
                field,
                words.get((row[field.name] or "").casefold(), row[field.name]),
                row,
                decimal,
                known,
                problems,
            )
            for row in records
        ]
        cells[field.name] = pd.array(told, "string")
    return cells, problems


def shown_by_workbook(table: Table, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Write what only a workbook shows, truth values and percentages, as a CSV file would."""
    cells = cells.copy()
    problems: list[Problem] = []
    records = _records(cells)
    for field in table.fields:
        if field.name in cells:
            told = [_shown(field, row, problems) for row in records]
            cells[field.name] = pd.array(told, "string")
    return cells, problems


def _shown(field: Column, row: Record, problems: list[Problem]) -> str | None:
    text = row[field.name]
    if text and (field.kind == "boolean" or text in {"TRUE", "FALSE"} or text.endswith("%")):
        return _cell(field, text, row, ".", {}, problems)
    return text


def _records(cells: pd.DataFrame) -> list[Record]:
    return [
        {str(name): None if pd.isna(cell) else str(cell) for name, cell in row.items()}
        for row in cells.to_dict("records")
    ]


def _cell(
    field: Column,
    cell: str | None,
    row: Record,
    decimal: str,
    known: Vocabularies,
    problems: list[Problem],
) -> str | None:
    """Write one cell as its column demands, as far as nothing has to be guessed."""
    if not cell or not cell.strip():
        return None
    text = unicodedata.normalize("NFC", cell.strip())
    truth = text.casefold()
    # Spreadsheets write theirs in capitals; “true” in small letters is a word that was typed.
    if field.kind != "boolean" and truth in _TRUE | _FALSE and text == text.upper():
        expected = "the words that were typed; a spreadsheet has made a truth value of them"
        remedy = "Format the cell as text and type it again."
        problems.append(_problem(row, field.name, text, expected, remedy))
        return text
    if field.type in _NUMBERS:
        return _figure(field, text, row, decimal, known, problems)
    if field.kind in {"date", "boolean"}:
        return _truth(field, text) if field.kind == "boolean" else _TIME.sub("", text)
    if field.kind == "slug" or field.reference or field.constraints.enum:
        return (field.delimiter or ",").join(
            _coded(field, part, known) for part in _parts(field, text)
        )
    return text


def _parts(field: Column, text: str) -> list[str]:
    return [part.strip() for part in field.parts(text) if part.strip()]


def _truth(field: Column, text: str) -> str:
    """Write yes or no as the table has it."""
    folded = text.casefold()
    for words, column in (
        ({*_TRUE, "yes", "oui", *map(str.casefold, field.true_values)}, field.true_values),
        ({*_FALSE, "no", "non", *map(str.casefold, field.false_values)}, field.false_values),
    ):
        if folded in words and text not in column:
            return column[0]
    return text


def _coded(field: Column, text: str, known: Vocabularies) -> str:
    """Return the id whose name a text is; of a list of codes, the code."""
    if field.reference and field.reference.name in known:
        ids = known[field.reference.name]
        if text in ids:
            return text
        folded = text.casefold()
        meant = {
            one
            for one, words in ids.items()
            if folded in {one.casefold(), *(word.strip().casefold() for word in words)} and folded
        }
        # A name that two ids share is not guessed: validation tells it.
        return meant.pop() if len(meant) == 1 else text
    folded = text.casefold().replace(" ", "_")
    return next((code for code in field.constraints.enum if code.casefold() == folded), text)


def _figure(
    field: Column,
    text: str,
    row: Record,
    decimal: str,
    known: Vocabularies,
    problems: list[Problem],
) -> str:
    """Write a figure in plain digits; one that may be read in two ways is a problem."""
    found = written(text)
    if found is None:
        return text
    if found.unit and not _is_unit(field, found.unit, row, known):
        return text  # validation tells it, with the row
    digits = pointed(found.digits, decimal, whole=field.type != "number")
    if digits is None:
        expected = "a figure that can be read in one way"
        comma = decimal == UNKNOWN
        remedy = (
            "Write it without separators, or say in the mapping file what a comma is: "
            'decimal: "," or decimal: "."'
            if comma
            else "Write its decimals as the other figures of the file."
        )
        problems.append(_problem(row, field.name, text, expected, remedy))
        return text
    return f"-{digits}" if found.negative else digits


def _is_unit(field: Column, unit: str, row: Record, known: Vocabularies) -> bool:
    """Tell whether a figure's own unit is that of its column, or of the cell beside it."""
    # A column without a unit of its own has rows of several: each says its unit beside the figure.
    own = field.unit or next((said for name in ("unit", "currency") if (said := row.get(name))), "")
    if unit == "%":
        return own in {_PER_CENT, "%"}
    words = {own.casefold()}
    for ids in known.values():
        words |= {word.strip().casefold() for word in ids.get(own, ())}
    return unit.casefold() in words - {""}


def _decimal(cells: pd.DataFrame, figures: Sequence[Column], problems: list[Problem]) -> str:
    """Find how a file writes decimals: `,` or `.`; `?` where no figure tells."""
    seen: dict[str, tuple[Record, str, str]] = {}
    for record in _records(cells):
        for field in figures:
            cell = record[field.name]
            found = written(cell) if cell else None
            mark = tells(found.digits, whole=field.type != "number") if found else ""
            if cell and mark:
                seen.setdefault(mark, (record, field.name, cell))
    if len(seen) > 1:
        row, column, value = seen[","]
        other = seen["."][2]
        problems.append(
            _problem(
                row,
                column,
                value,
                f"decimals written in one way; {other!r} in row {seen['.'][0][ROW]} has another",
                "Write all figures with a decimal point, or all with a comma.",
            )
        )
        return UNKNOWN
    return next(iter(seen), UNKNOWN)


def _table_of(
    path: Path,
    grid: Grid,
    header: Sequence[str],
    tables: Mapping[str, Table],
    mapping: FileMapping,
) -> str:
    """Find the table that a file is for. Raises `FiguresError` with what is missing."""
    if mapping.table:
        if mapping.table in tables:
            return mapping.table
        remedy = hint(mapping.table, [*tables])
        raise FiguresError.of(
            file=path.name, value=mapping.table, expected="a raw table", remedy=remedy
        )
    found = {_folded(name) for name in header if name} - {_folded(one) for one in mapping.ignore}
    found |= {_folded(one) for one in (*mapping.columns.values(), *mapping.constants)}
    fitting = [name for name, table in tables.items() if _required(table) <= found]
    named = [name for name in fitting if name.rpartition("/")[2] in {path.stem, grid.sheet}]
    best = named or _widest(fitting, tables, found)
    if len(best) == 1:
        return best[0]
    raise FiguresError([_unknown(path.name, found, tables, best)])


def _required(table: Table) -> set[str]:
    return {field.name for field in table.fields if field.constraints.required}


def _widest(fitting: Iterable[str], tables: Mapping[str, Table], found: set[str]) -> list[str]:
    """Choose the tables that know the most of a file's columns."""
    shared = {name: len(found & {*tables[name].columns}) for name in fitting}
    return [name for name, count in shared.items() if count == max(shared.values())]


def _unknown(
    name: str, found: set[str], tables: Mapping[str, Table], best: Sequence[str]
) -> Problem:
    if best:
        told = "columns that say for which table they are; it may be " + " or ".join(best)
        remedy = f"Say so: --table {best[0]}, or table: {best[0]} in the file {name}{SUFFIX}."
        return Problem(file=name, row=1, expected=told, remedy=remedy)
    near = max(tables, key=lambda one: len(found & {*tables[one].columns}))
    missing = sorted(_required(tables[near]) - found)
    shared = found & {*tables[near].columns}
    expected = "an official file of a known format, or the columns of a raw table"
    if shared:
        expected += f"; the nearest is {near}, which lacks {', '.join(missing)}"
    remedy = (
        f"Write the file {name}{SUFFIX} that says table: and columns: (theirs: ours), or start "
        "from python pipeline.py template TABLE."
    )
    value = ", ".join(sorted(found))[:200]
    return Problem(file=name, row=1, value=value, expected=expected, remedy=remedy)


def _columns(
    name: str, header: tuple[int, list[str]], table: Table, mapping: FileMapping
) -> tuple[dict[int, str], list[Problem]]:
    """Say which column of the table each column of a file is."""
    row, names = header
    ours = {_folded(column): column for column in table.columns}
    for field in table.fields:
        ours |= {_folded(label): field.name for label in field.labels.values()}
    theirs = {_folded(one): column for one, column in mapping.columns.items()}
    ignored = {_folded(one) for one in mapping.ignore}
    columns: dict[int, str] = {}
    problems: list[Problem] = []
    for at, said in enumerate(names):
        folded = _folded(said)
        if not said or folded in ignored:
            continue
        column = theirs.get(folded) or ours.get(folded)
        if column is None or column not in table.columns:
            remedy = f"{hint(column or said, table.columns)} {_MAP_IT}, or name it under ignore."
            expected = f"a column of {table.name}"
            problems.append(
                Problem(file=name, row=row, column=said, expected=expected, remedy=remedy)
            )
        elif column in columns.values():
            expected, remedy = (
                f"{column} once",
                "Keep one of the columns; name the other under ignore.",
            )
            problems.append(
                Problem(file=name, row=row, column=said, expected=expected, remedy=remedy)
            )
        else:
            columns[at] = column
    lacking = _required(table) - {*columns.values()} - {*mapping.constants}
    problems += [
        Problem(
            file=name,
            row=row,
            column=column,
            expected="this column",
            remedy=f"Add it, or {_MAP_IT[0].lower()}{_MAP_IT[1:]} (columns or constants).",
        )
        for column in table.columns
        if column in lacking
    ]
    return columns, problems


def _ragged(name: str, rows: Sequence[tuple[int, list[str]]], width: int) -> list[Problem]:
    """Report rows with cells beyond the header: a mark that parts cells stands inside one."""
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


def _nameless(name: str, rows: Sequence[tuple[int, list[str]]]) -> list[Problem]:
    """Report cells in columns without a name: nobody can say what they are, and none is lost."""
    header = rows[0][1]
    problems: list[Problem] = []
    for at, column in enumerate(header):
        filled = [(row, cells[at]) for row, cells in rows[1:] if at < len(cells) and cells[at]]
        if not column and filled:
            row, cell = filled[0]
            remedy = f"Name column {letters(at)}, or delete it."
            expected = "each cell in a column that has a name"
            value = shown(cell)
            problems.append(
                Problem(file=name, row=row, value=value, expected=expected, remedy=remedy)
            )
    return problems


def _folded(text: str) -> str:
    return re.sub(r"[\s_]+", "_", text.strip().casefold())


def _problem(row: Record, column: str, value: str, expected: str, remedy: str) -> Problem:
    return Problem(
        file=str(row[FILE]),
        row=int(str(row[ROW])),
        column=column,
        value=value,
        expected=expected,
        remedy=remedy,
    )
