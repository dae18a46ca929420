"""An empty workbook for a table, made from its descriptor: a sheet to fill in, help, lists.

The first sheet is named after the table and has its columns, so that the workbook can stand in the
place of the table's CSV file, or be given to `pipeline.py add`. Each column says what may stand in
it when one of its cells is chosen, in both languages, and offers the ids of its list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from critical_minerals.language.catalogue import label, say
from critical_minerals.parameters import Language
from critical_minerals.readers.workbooks import letters
from critical_minerals.tables import xlsx
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.validation import FIRST_YEAR, LAST_YEAR

Names = Mapping[str, Mapping[str, tuple[str, str]]]
"""By the list that a foreign key names, the English and French names of its ids."""
_LISTS: Final = "lists"
_WIDEST: Final = 60
_ANY: Final = "1E+300"
_FIRST_DAY: Final = "32874"
"""1 January 1990, as spreadsheets count days."""
_LAST_DAY: Final = "73415"
"""31 December 2100, as spreadsheets count days."""
_HELP_WIDTHS: Final = (22, 60, 46, 14, 10, 46, 30)
_LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


def template(
    table: Table, names: Names, french: Mapping[str, str], examples: Mapping[str, str]
) -> bytes:
    """Return the bytes of a workbook for a table.

    `names` are those of the lists that its codes come from, `french` the French words of its
    descriptor by their English ones, `examples` a cell of each column that has one.
    """
    lists = {field.name: found for field in table.fields if (found := _listed(field, names))}
    shown = dict.fromkeys(_title(table.field(name)) for name in lists)
    places = {title: number for number, title in enumerate(shown)}
    of_title = {_title(table.field(name)): found for name, found in lists.items()}
    entry = xlsx.Sheet(
        name=table.name.rpartition("/")[2],
        rows=[table.columns],
        columns=[
            xlsx.Column(
                width=max(12, len(field.name) + 4),
                style=_style(field),
                validation=_validation(field, french, places, of_title),
            )
            for field in table.fields
        ],
        entry=True,
    )
    helps = [_help(table, language, french, examples, lists) for language in _LANGUAGES]
    return xlsx.workbook([entry, *helps, _lists(of_title)])


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


def _style(field: Column) -> int:
    """Keep what is typed as it is, but for figures and days: a spreadsheet turns 2026-02 around."""
    match field.kind:
        case "number" | "integer" | "year":
            return xlsx.PLAIN
        case "date":
            return xlsx.DATE
        case _:
            return xlsx.TEXT


def _validation(
    field: Column,
    french: Mapping[str, str],
    places: Mapping[str, int],
    lists: Mapping[str, Mapping[str, tuple[str, str]]],
) -> xlsx.Validation:
    kind, first, second = "", "", ""
    title = _title(field)
    rules = field.constraints
    if title in lists and not field.many:
        column = letters(3 * places[title])
        kind, first = "list", f"{_LISTS}!${column}$2:${column}${len(lists[title]) + 1}"
    elif field.kind in {"number", "integer"}:
        kind = "decimal" if field.kind == "number" else "whole"
        first = f"-{_ANY}" if rules.minimum is None else f"{rules.minimum:g}"
        second = _ANY if rules.maximum is None else f"{rules.maximum:g}"
    elif field.kind == "year":
        kind, first, second = "whole", str(FIRST_YEAR), str(LAST_YEAR)
    elif field.kind == "date":
        kind, first, second = "date", _FIRST_DAY, _LAST_DAY
    said = [_described(field.description, french, language) for language in _LANGUAGES]
    unit = f" [{field.unit}]" if field.unit else ""
    prompt = " / ".join(said) + unit
    return xlsx.Validation(field.name, prompt, kind, first, second, rules.required)


def _described(text: str, french: Mapping[str, str], language: Language) -> str:
    return text if language == "en" else french[text]


def _help(
    table: Table,
    language: Language,
    french: Mapping[str, str],
    examples: Mapping[str, str],
    lists: Mapping[str, Mapping[str, tuple[str, str]]],
) -> xlsx.Sheet:
    """Explain how the sheet is filled in, and each column."""
    sheet = table.name.rpartition("/")[2]
    opening = [
        [say("template-title", table=table.name)(language)],
        [_described(table.description, french, language)],
        [],
        [say("template-how-rows", sheet=sheet)(language)],
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
    return xlsx.Sheet(
        name=label("template-sheet", language),
        rows=[*opening, [label(f"template-head-{head}", language) for head in heads], *columns],
        columns=[xlsx.Column(width, xlsx.WRAPPED) for width in _HELP_WIDTHS],
        headers=frozenset({0, len(opening)}),
    )


def _written(field: Column, language: Language) -> str:
    """Say how the cells of a column are written."""
    if field.many:
        return say("template-kind-list", mark=field.delimiter or ",")(language)
    if field.kind == "boolean":
        told = ", ".join((*field.true_values, *field.false_values))
        return say("template-kind-one-of", codes=told)(language)
    if _title_is_list(field):
        return label("template-kind-code", language)
    return label(f"template-kind-{field.kind.replace('_', '-')}", language)


def _title_is_list(field: Column) -> bool:
    return field.reference is not None or bool(field.constraints.enum)


def _values(
    field: Column, lists: Mapping[str, Mapping[str, tuple[str, str]]], language: Language
) -> str:
    """Name the values that a column may have, or the list that holds them."""
    if field.name in lists and field.reference:
        return say("template-values-list", name=_title(field), sheet=_LISTS)(language)
    if field.name in lists:
        return ", ".join(lists[field.name])
    low, high = field.constraints.minimum, field.constraints.maximum
    bounds = [f"≥ {low:g}"] if low is not None else []
    bounds += [f"≤ {high:g}"] if high is not None else []
    return ", ".join(bounds)


def _lists(lists: Mapping[str, Mapping[str, tuple[str, str]]]) -> xlsx.Sheet:
    """Set out every list, three columns each: its ids, and their names in both languages."""
    heads = [head for title in lists for head in (title, "English", "français")]
    longest = max((len(found) for found in lists.values()), default=0)
    codes = [[*found.items()] for found in lists.values()]
    rows = [_list_row(codes, number) for number in range(longest)]
    widths = [_width(heads, rows, column) for column in range(len(heads))]
    return xlsx.Sheet(
        _LISTS, [heads, *rows], [xlsx.Column(width, xlsx.TEXT) for width in widths], entry=True
    )


def _list_row(codes: Sequence[Sequence[tuple[str, tuple[str, str]]]], number: int) -> list[str]:
    row: list[str] = []
    for found in codes:
        code, words = found[number] if number < len(found) else ("", ("", ""))
        row += [code, *words]
    return row


def _width(heads: Sequence[str], rows: Sequence[Sequence[str]], column: int) -> int:
    longest = max((len(row[column]) for row in rows), default=0)
    return min(_WIDEST, max(longest, len(heads[column])) + 2)
