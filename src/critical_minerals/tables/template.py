"""Make an empty workbook for a table from its descriptor: a sheet to fill in, help, lists.

The first sheet is named after the table and has its columns, so that the workbook can replace the
table's CSV file, or be given to `pipeline.py add`. Selecting a cell shows the description of its
column in both languages, and offers the ids of its list.
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
from critical_minerals.readers.workbooks import letters
from critical_minerals.tables.cells import FIRST_YEAR
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.validation import LAST_YEAR
from critical_minerals.workspace.parameters import LANGUAGES, Language

Names = Mapping[str, Mapping[str, tuple[str, str]]]
"""English and French names of ids, by the vocabulary that a foreign key names."""
Lists = Mapping[str, Mapping[str, tuple[str, str]]]
"""Allowed values with their names in both languages, by the name of a list or column."""
_LISTS: Final = "lists"
_MOST_WIDTH: Final = 60
_LARGEST_NUMBER: Final = "1E+300"
_LAST_ROW: Final = 5000
"""Cells are validated down to this row."""
# Excel allows no longer ones; XlsxWriter would leave the whole validation out.
_MOST_PROMPT_LENGTH: Final = 255
_MOST_TITLE_LENGTH: Final = 32
_HELP_WIDTHS: Final = (22, 60, 46, 14, 10, 46, 30)
_CREATED: Final = dt.datetime.fromisoformat("1980-01-01")  # a workbook knows no zones
"""The time of creation in every workbook: the same table gives the same bytes."""
_FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "plain": {},
    "header": {"num_format": "@", "bold": True, "bg_color": "#DCE6F1"},
    # Text format: a spreadsheet would turn 2026-02 into a day, and 0042 into 42.
    "text": {"num_format": "@"},
    "date": {"num_format": "yyyy-mm-dd"},
    "wrapped": {"num_format": "@", "text_wrap": True, "valign": "top"},
}
"""Cell formats by name."""


def template(
    table: Table, names: Names, french: Mapping[str, str], examples: Mapping[str, str]
) -> bytes:
    """Return the bytes of a workbook for a table.

    `names` are those of the ids in its vocabularies, `french` the French descriptions by the
    English ones, `examples` a cell of each column that has one.
    """
    lists = {
        field.name: values for field in table.fields if (values := _allowed_values(field, names))
    }
    lists_by_title = {_list_title(table.field(name)): values for name, values in lists.items()}
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        formats = {name: book.add_format({**properties}) for name, properties in _FORMATS.items()}
        _add_entry_sheet(book, formats, table, french, lists_by_title)
        for language in LANGUAGES:
            _add_help_sheet(book, formats, table, language, french, examples, lists)
        _add_lists_sheet(book, formats, lists_by_title)
    return buffer.getvalue()


def _add_sheet(
    book: Workbook,
    formats: Mapping[str, Format],
    name: str,
    rows: Sequence[Sequence[str]],
    columns: Sequence[tuple[int, str]],
    headers: Sequence[int] = (0,),
) -> Worksheet:
    """Add a sheet of texts; `columns` are width and format of each, `headers` rows from 0."""
    sheet = book.add_worksheet(name)
    for index, (width, format_name) in enumerate(columns):
        sheet.set_column(index, index, width, formats[format_name])
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            # A lone text may extend over empty cells; wrapped, it would make a tall row.
            format_name = "plain" if len(row) == 1 else columns[index][1]
            if cell:
                # Not `write`, which makes a formula of a text that begins with an equals sign.
                sheet.write_string(
                    number, index, cell, formats["header" if number in headers else format_name]
                )
    return sheet


def _add_entry_sheet(
    book: Workbook,
    formats: Mapping[str, Format],
    table: Table,
    french: Mapping[str, str],
    lists: Lists,
) -> None:
    """Add the sheet to fill in, with a frozen header and a data validation for each column."""
    columns = [(max(12, len(field.name) + 4), _choose_format(field)) for field in table.fields]
    sheet = _add_sheet(book, formats, _sheet_name(table), [table.columns], columns)
    sheet.freeze_panes(1, 0)
    for index, field in enumerate(table.fields):
        sheet.data_validation(
            1, index, _LAST_ROW - 1, index, _data_validation(field, french, lists)
        )


def _sheet_name(table: Table) -> str:
    """Return the name of the sheet: that of the table's file, as the loader expects."""
    return table.name.rpartition("/")[2]


def _allowed_values(field: Column, names: Names) -> Mapping[str, tuple[str, str]] | None:
    """Return the values that a cell may have, with their names; None where these are no list."""
    if field.reference:
        return names.get(field.reference.name)
    codes = field.constraints.enum
    if field.kind == "boolean":
        codes = (*field.true_values, *field.false_values)
    return dict.fromkeys(codes, ("", "")) if codes else None


def _list_title(field: Column) -> str:
    """Return the title of a column's list: a vocabulary is shared, codes belong to the column."""
    return field.reference.name if field.reference else field.name


def _choose_format(field: Column) -> str:
    """Return the format of a column: text, except for figures and full dates."""
    match field.kind:
        case "number" | "integer" | "year":
            return "plain"
        case "date":
            return "date"
        case _:
            return "text"


def _data_validation(field: Column, french: Mapping[str, str], lists: Lists) -> dict[str, Any]:
    """Return the data validation of a column for XlsxWriter: prompt and restriction, if any."""
    descriptions = [_translate(field.description, french, language) for language in LANGUAGES]
    unit = f" [{field.unit}]" if field.unit else ""
    return {
        "input_title": _truncate(field.name, _MOST_TITLE_LENGTH),
        "input_message": _truncate(" / ".join(descriptions) + unit, _MOST_PROMPT_LENGTH),
        "ignore_blank": not field.constraints.required,
        **_restriction(field, lists),
    }


def _restriction(field: Column, lists: Lists) -> dict[str, Any]:
    """Return the restriction of a column to its list or its bounds."""
    title, rules = _list_title(field), field.constraints
    # A cell of a list column holds several values, which a spreadsheet cannot choose.
    if title in lists and not field.many:
        # Each list has three columns: id, English, French.
        column = letters(3 * [*lists].index(title))
        source = f"={_LISTS}!${column}$2:${column}${len(lists[title]) + 1}"
        return {"validate": "list", "source": source}
    between = {"criteria": "between"}
    match field.kind:
        case "number" | "integer":
            kind = "decimal" if field.kind == "number" else "integer"
            low = f"-{_LARGEST_NUMBER}" if rules.minimum is None else f"{rules.minimum:g}"
            high = _LARGEST_NUMBER if rules.maximum is None else f"{rules.maximum:g}"
            # A validation between two ends needs both, also where the column has no bound.
            return {**between, "validate": kind, "minimum": low, "maximum": high}
        case "year":
            return {**between, "validate": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        case "date":
            first, last = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)
            return {**between, "validate": "date", "minimum": first, "maximum": last}
        case _:
            return {"validate": "any"}


def _truncate(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _translate(text: str, french: Mapping[str, str], language: Language) -> str:
    return text if language == "en" else french[text]


def _add_help_sheet(
    book: Workbook,
    formats: Mapping[str, Format],
    table: Table,
    language: Language,
    french: Mapping[str, str],
    examples: Mapping[str, str],
    lists: Lists,
) -> None:
    """Add the sheet that explains how to fill in the first one, and describes each column."""
    introduction = [
        [say("template-title", table=table.name)(language)],
        [_translate(table.description, french, language)],
        [],
        [say("template-how-rows", sheet=_sheet_name(table))(language)],
        [label("template-how-revision", language)] if table.revised else [],
        [say("template-how-key", columns=", ".join(table.primary_key))(language)],
        [say("template-how-add", table=table.name)(language)],
        [],
    ]
    headings = ("column", "holds", "written", "unit", "required", "values", "example")
    columns = [
        [
            field.name,
            _translate(field.description, french, language),
            _describe_form(field, language),
            field.unit or "",
            label("template-yes" if field.constraints.required else "template-no", language),
            _describe_values(field, lists, language),
            examples.get(field.name, ""),
        ]
        for field in table.fields
    ]
    rows = [
        *introduction,
        [label(f"template-head-{heading}", language) for heading in headings],
        *columns,
    ]
    widths = [(width, "wrapped") for width in _HELP_WIDTHS]
    _add_sheet(
        book, formats, label("template-sheet", language), rows, widths, (0, len(introduction))
    )


def _describe_form(field: Column, language: Language) -> str:
    """Describe the form of a column's cells."""
    if field.many:
        return say("template-kind-list", mark=field.delimiter or ",")(language)
    if field.kind == "boolean":
        codes = ", ".join((*field.true_values, *field.false_values))
        return say("template-kind-one-of", codes=codes)(language)
    if field.reference or field.constraints.enum:
        return label("template-kind-code", language)
    return label(f"template-kind-{field.kind.replace('_', '-')}", language)


def _describe_values(field: Column, lists: Lists, language: Language) -> str:
    """Describe the values of a column: its codes, its bounds, or where its list is."""
    if field.name in lists and field.reference:
        return say("template-values-list", name=_list_title(field), sheet=_LISTS)(language)
    if field.name in lists:
        return ", ".join(lists[field.name])
    low, high = field.constraints.minimum, field.constraints.maximum
    bounds = [f"≥ {low:g}"] if low is not None else []
    bounds += [f"≤ {high:g}"] if high is not None else []
    return ", ".join(bounds)


def _add_lists_sheet(book: Workbook, formats: Mapping[str, Format], lists: Lists) -> None:
    """Add the sheet of lists, three columns for each: ids, and their names in both languages."""
    headings = [heading for title in lists for heading in (title, "English", "français")]
    entries = (values.items() for values in lists.values())
    rows = [
        [cell for code, names in row for cell in (code, *names)]
        for row in zip_longest(*entries, fillvalue=("", ("", "")))
    ]
    widths = [_column_width(headings, rows, column) for column in range(len(headings))]
    columns = [(width, "text") for width in widths]
    _add_sheet(book, formats, _LISTS, [headings, *rows], columns).freeze_panes(1, 0)


def _column_width(headings: Sequence[str], rows: Sequence[Sequence[str]], column: int) -> int:
    longest = max((len(row[column]) for row in rows), default=0)
    return min(_MOST_WIDTH, max(longest, len(headings[column])) + 2)
