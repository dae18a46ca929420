"""An empty workbook for a table, made from its descriptor: a sheet to fill in, help, lists.

The first sheet is named after the table and has its columns, so that the workbook can stand in the
place of the table's CSV file, or be given to `pipeline.py add`. Each column says what may stand in
it when one of its cells is chosen, in both languages, and offers the ids of its list.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from critical_minerals.language.catalogue import label, say
from critical_minerals.parameters import LANGUAGES, Language
from critical_minerals.readers.workbooks import letters
from critical_minerals.tables.cells import FIRST_YEAR
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.validation import LAST_YEAR

Names = Mapping[str, Mapping[str, tuple[str, str]]]
"""By the list that a foreign key names, the English and French names of its ids."""
Lists = Mapping[str, Mapping[str, tuple[str, str]]]
"""By the name of a list or column, what a cell may be, with its names in both languages."""
_LISTS: Final = "lists"
_WIDEST: Final = 60
_ANY: Final = "1E+300"
_LAST_ROW: Final = 5000
"""Cells are held to their column down to this row."""
_MOST_PROMPT: Final = 255
_MOST_TITLE: Final = 32
_HELP_WIDTHS: Final = (22, 60, 46, 14, 10, 46, 30)
_MADE: Final = dt.datetime.fromisoformat("1980-01-01")  # a workbook knows no zones
"""When every workbook says that it was made: the same table gives the same bytes."""
_LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "plain": {},
    "header": {"num_format": "@", "bold": True, "bg_color": "#DCE6F1"},
    # What is typed stays as it is typed.
    "text": {"num_format": "@"},
    "date": {"num_format": "yyyy-mm-dd"},
    "wrapped": {"num_format": "@", "text_wrap": True, "valign": "top"},
}
"""How cells look."""


def template(
    table: Table, names: Names, french: Mapping[str, str], examples: Mapping[str, str]
) -> bytes:
    """Return the bytes of a workbook for a table.

    `names` are those of the lists that its codes come from, `french` the French words of its
    descriptor by their English ones, `examples` a cell of each column that has one.
    """
    lists = {field.name: found for field in table.fields if (found := _listed(field, names))}
    shown = {_title(table.field(name)): found for name, found in lists.items()}
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        looks = {name: book.add_format({**look}) for name, look in _LOOKS.items()}
        _entry(book, looks, table, french, shown)
        for language in LANGUAGES:
            _help(book, looks, table, language, french, examples, lists)
        _fill_lists(book, looks, shown)
    return made.getvalue()


def _fill(
    book: Workbook,
    looks: Mapping[str, Format],
    name: str,
    rows: Sequence[Sequence[str]],
    columns: Sequence[tuple[int, str]],
    headers: Sequence[int] = (0,),
) -> Worksheet:
    """Add a sheet of texts; `columns` are the width and look of each, `headers` rows from 0."""
    sheet = book.add_worksheet(name)
    for at, (width, look) in enumerate(columns):
        sheet.set_column(at, at, width, looks[look])
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            # A line of text alone in its row runs over its empty neighbours.
            look = "plain" if len(row) == 1 else columns[at][1]
            if cell:
                sheet.write_string(number, at, cell, looks["header" if number in headers else look])
    return sheet


def _entry(
    book: Workbook,
    looks: Mapping[str, Format],
    table: Table,
    french: Mapping[str, str],
    lists: Lists,
) -> None:
    """Add the sheet to fill in: its header stays in view, each column says what it may hold."""
    columns = [(max(12, len(field.name) + 4), _style(field)) for field in table.fields]
    sheet = _fill(book, looks, _sheet_of(table), [table.columns], columns)
    sheet.freeze_panes(1, 0)
    for at, field in enumerate(table.fields):
        sheet.data_validation(1, at, _LAST_ROW - 1, at, _validation(field, french, lists))


def _sheet_of(table: Table) -> str:
    """Name the sheet as the table's file is named."""
    return table.name.rpartition("/")[2]


def _listed(field: Column, names: Names) -> Mapping[str, tuple[str, str]] | None:
    """Return what a cell may be, with the names of it, where that is a list."""
    if field.reference:
        return names.get(field.reference.name)
    codes = field.constraints.enum
    if field.kind == "boolean":
        codes = (*field.true_values, *field.false_values)
    return dict.fromkeys(codes, ("", "")) if codes else None


def _title(field: Column) -> str:
    """Name the list of a column: lists of ids are shared, codes are the column's own."""
    return field.reference.name if field.reference else field.name


def _style(field: Column) -> str:
    """Keep what is typed as it is, but for figures and days: a spreadsheet turns 2026-02 around."""
    match field.kind:
        case "number" | "integer" | "year":
            return "plain"
        case "date":
            return "date"
        case _:
            return "text"


def _validation(field: Column, french: Mapping[str, str], lists: Lists) -> dict[str, Any]:
    """Say what a column may hold, as XlsxWriter takes it; where anything goes, only the prompt."""
    said = [_described(field.description, french, language) for language in LANGUAGES]
    unit = f" [{field.unit}]" if field.unit else ""
    return {
        "input_title": _cut(field.name, _MOST_TITLE),
        "input_message": _cut(" / ".join(said) + unit, _MOST_PROMPT),
        "ignore_blank": not field.constraints.required,
        **_held_to(field, lists),
    }


def _held_to(field: Column, lists: Lists) -> dict[str, Any]:
    """Hold a column to its list, or to its bounds."""
    title, rules = _title(field), field.constraints
    if title in lists and not field.many:
        column = letters(3 * [*lists].index(title))
        source = f"={_LISTS}!${column}$2:${column}${len(lists[title]) + 1}"
        return {"validate": "list", "source": source}
    between = {"criteria": "between"}
    match field.kind:
        case "number" | "integer":
            kind = "decimal" if field.kind == "number" else "integer"
            low = f"-{_ANY}" if rules.minimum is None else f"{rules.minimum:g}"
            high = _ANY if rules.maximum is None else f"{rules.maximum:g}"
            return {**between, "validate": kind, "minimum": low, "maximum": high}
        case "year":
            return {**between, "validate": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        case "date":
            first, last = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)
            return {**between, "validate": "date", "minimum": first, "maximum": last}
        case _:
            return {"validate": "any"}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _described(text: str, french: Mapping[str, str], language: Language) -> str:
    return text if language == "en" else french[text]


def _help(
    book: Workbook,
    looks: Mapping[str, Format],
    table: Table,
    language: Language,
    french: Mapping[str, str],
    examples: Mapping[str, str],
    lists: Lists,
) -> None:
    """Add the sheet that explains how the first one is filled in, and each column."""
    opening = [
        [say("template-title", table=table.name)(language)],
        [_described(table.description, french, language)],
        [],
        [say("template-how-rows", sheet=_sheet_of(table))(language)],
        [label("template-how-revision", language)] if table.revised else [],
        [say("template-how-key", columns=", ".join(table.primary_key))(language)],
        [say("template-how-add", table=table.name)(language)],
        [],
    ]
    heads = ("column", "holds", "written", "unit", "required", "values", "example")
    columns = [
        [
            field.name,
            _described(field.description, french, language),
            _written(field, language),
            field.unit or "",
            label("template-yes" if field.constraints.required else "template-no", language),
            _values(field, lists, language),
            examples.get(field.name, ""),
        ]
        for field in table.fields
    ]
    rows = [*opening, [label(f"template-head-{head}", language) for head in heads], *columns]
    widths = [(width, "wrapped") for width in _HELP_WIDTHS]
    _fill(book, looks, label("template-sheet", language), rows, widths, (0, len(opening)))


def _written(field: Column, language: Language) -> str:
    """Say how the cells of a column are written."""
    if field.many:
        return say("template-kind-list", mark=field.delimiter or ",")(language)
    if field.kind == "boolean":
        told = ", ".join((*field.true_values, *field.false_values))
        return say("template-kind-one-of", codes=told)(language)
    if field.reference or field.constraints.enum:
        return label("template-kind-code", language)
    return label(f"template-kind-{field.kind.replace('_', '-')}", language)


def _values(field: Column, lists: Lists, language: Language) -> str:
    """Name the values that a column may have, or the list that holds them."""
    if field.name in lists and field.reference:
        return say("template-values-list", name=_title(field), sheet=_LISTS)(language)
    if field.name in lists:
        return ", ".join(lists[field.name])
    low, high = field.constraints.minimum, field.constraints.maximum
    bounds = [f"≥ {low:g}"] if low is not None else []
    bounds += [f"≤ {high:g}"] if high is not None else []
    return ", ".join(bounds)


def _fill_lists(book: Workbook, looks: Mapping[str, Format], lists: Lists) -> None:
    """Set out every list, three columns each: its ids, and their names in both languages."""
    heads = [head for title in lists for head in (title, "English", "français")]
    entries = (found.items() for found in lists.values())
    rows = [
        [cell for code, words in row for cell in (code, *words)]
        for row in zip_longest(*entries, fillvalue=("", ("", "")))
    ]
    widths = [_width(heads, rows, column) for column in range(len(heads))]
    columns = [(width, "text") for width in widths]
    _fill(book, looks, _LISTS, [heads, *rows], columns).freeze_panes(1, 0)


def _width(heads: Sequence[str], rows: Sequence[Sequence[str]], column: int) -> int:
    longest = max((len(row[column]) for row in rows), default=0)
    return min(_WIDEST, max(longest, len(heads[column])) + 2)
