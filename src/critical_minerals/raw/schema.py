"""What a raw table is made of: typed fields, a key, and provenance on every row.

A field's kind says how a cell is written. The check of a whole table collects every fault and tells
each as a `Problem`; only a table without faults is converted. Cells repeat much: each distinct one
is judged once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import pandas as pd
from pandas.api.typing import NAType

from critical_minerals import checking
from critical_minerals.checking import Result, problems_of
from critical_minerals.errors import FiguresError, Problem, hint, nearest
from critical_minerals.readers.sheets import ROW

Kind = Literal["text", "slug", "number", "integer", "year", "day", "date", "flag", "address"]
Vocabularies = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By vocabulary (`minerals`, `places`, `programmes`, `units`, `sources`), its ids, each with the
words by which people know it. A vocabulary that cannot be read is not in it. `dimensions` holds the
same ids as `units`, each with what it measures."""

PRECISIONS: Final = ("exact", "rounded", "about", "nearly", "more_than", "up_to", "less_than")
QUALIFIERS: Final = (
    "withheld",
    "suppressed",
    "not_available",
    "net_exporter",
    "more_than",
    "less_than",
    "range",
    "estimated",
    "preliminary",
    "zero",
)
LIST_MARK: Final = ";"
_REVISE: Final = "Remove the row, or give a revision its own as_of day."
ORIGIN: Final = "origin"
"""Name of the column that says where a row stands: `funding/awards.csv:14`."""

_PATTERNS: Final[Mapping[Kind, str]] = {
    "text": r".+",
    "slug": r"[a-z0-9]+(_[a-z0-9]+)*",
    "number": r"-?\d+(\.\d+)?",
    "integer": r"-?\d+",
    "year": r"(19|20)\d\d",
    "day": r"\d{4}-\d\d-\d\d",
    "date": r"\d{4}(-\d\d(-\d\d)?)?",
    "flag": r"yes|no",
    # What a document may link to; a browser would run or read anything else.
    "address": r"(https?://[^\s<>\"'`\[\]{}|\\^]+|doi:10\.\d{4,9}/\S+)",
}
_UNSEEN: Final = re.compile(
    "["
    r"\x00-\x1f\x7f-\x9f"  # control characters and line ends
    r"\u2028\u2029"  # ends of a line and a paragraph
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u3164\ufeff\uffa0"  # without width
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction of writing
    r"\u2060-\u2065\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"  # marks for programs alone
    r"\ufffe\uffff"  # no characters at all; XML, and so DOCX, cannot hold them
    "]"
)
"""What nobody sees in a cell. It makes two names of one, turns text around, breaks lines that
templates and typesetters read as such, and some of it stops the programs that draw."""
_EXPECTED: Final[Mapping[Kind, str]] = {
    "text": "text",
    "slug": "a name in lower-case letters, digits and underscores",
    "number": "a number in plain digits with a decimal point, such as 1500000 or 12.5",
    "integer": "a whole number in plain digits, such as 33",
    "year": "a year, such as 2024",
    "day": "a day that exists, written 2026-02-27",
    "date": "a year, month or day that exists, written 2026, 2026-02 or 2026-02-27",
    "flag": "yes or no",
    "address": "an address that begins with https://, http:// or doi:",
}


@dataclass(frozen=True)
class Field:
    """One column of a raw table.

    `vocabulary` names the list that its values come from, `choices` a closed set; `many` allows
    several values parted by semicolons; bounds are inclusive. The units of a field may be held to
    some `dimensions`, such as mass.
    """

    name: str
    description: str
    kind: Kind = "text"
    required: bool = True
    vocabulary: str | None = None
    choices: tuple[str, ...] = ()
    many: bool = False
    minimum: float | None = None
    maximum: float | None = None
    dimensions: tuple[str, ...] = ()

    @property
    def bounded(self) -> bool:
        """Whether values must lie within bounds."""
        return self.minimum is not None or self.maximum is not None


PROVENANCE: Final = (
    Field("as_of", "Day from which this figure was public.", "day"),
    Field("source_id", "Source document.", vocabulary="sources"),
    Field("place", "Where in the source the figure stands."),
    Field("note", "Short remark.", required=False),
)


@dataclass(frozen=True)
class RawTable:
    """One raw table, `<topic>/<table>`.

    `key` names the columns that tell one figure from another; the same key may stand again with
    another `as_of` (a revision). A `timeless` table holds names, which are read on any day. A table
    that is `looked_up` serves to read others: its rows need not go into a processed table. `series`
    names the columns that tell one series of quantities from another: its rows share one unit.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    provenance: bool = True
    timeless: bool = False
    looked_up: bool = False
    series: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Field, ...]:
        """All fields, provenance included."""
        return (*self.fields, *(PROVENANCE if self.provenance else ()))

    @property
    def unique(self) -> tuple[str, ...]:
        """Columns whose values no two rows share."""
        return (*self.key, "as_of") if self.provenance else self.key

    @property
    def dated(self) -> bool:
        """Whether rows count only from the day on which they were public."""
        return self.provenance and not self.timeless

    @property
    def references(self) -> frozenset[str]:
        """The vocabularies that the table's values come from."""
        return frozenset(field.vocabulary for field in self.columns if field.vocabulary)


def check(table: RawTable, cells: pd.DataFrame, known: Vocabularies, file: str) -> list[Problem]:
    """Return every fault of a table of text cells; an empty list means that it is sound."""
    return problems_of(examine(table, cells, known, file))


def examine(table: RawTable, cells: pd.DataFrame, known: Vocabularies, file: str) -> list[Result]:
    """Check a table of text cells; return what each check looked at and every fault it found."""
    faults = [(checking.Kind.SCHEMA, problem) for problem in _column_problems(table, cells, file)]
    faults += _cell_faults(table, cells, known, file)
    faults += [(checking.Kind.UNITS, problem) for problem in _mixed_units(table, cells, file)]
    looked_at = {
        checking.Kind.SCHEMA: len(table.columns),
        checking.Kind.KEYS: len(table.unique),
        checking.Kind.RANGES: sum(field.bounded for field in table.columns),
        checking.Kind.UNITS: sum(field.vocabulary == "units" for field in table.columns),
    }
    return [
        Result(
            kind=kind,
            end="raw",
            table=table.name,
            rows=len(cells),
            columns=columns,
            problems=tuple(problem for of, problem in faults if of is kind),
        )
        for kind, columns in looked_at.items()
        if columns
    ]


def _cell_faults(
    table: RawTable, cells: pd.DataFrame, known: Vocabularies, file: str
) -> list[_Fault]:
    """Find blank and wrong cells and repeated keys, in the order of the file."""
    faults = [
        fault
        for field in table.columns
        if field.name in cells
        for fault in _column_faults(field, cells, known, file)
    ]
    faults += _repeated(table, cells, file)
    return sorted(faults, key=lambda fault: (fault[1].row or 0, fault[1].column or ""))


def _column_faults(
    field: Field, cells: pd.DataFrame, known: Vocabularies, file: str
) -> Iterator[_Fault]:
    """Report blank and wrong cells of one column."""
    column, tests = cells[field.name], _tests(field, known)
    judged = {cell: _first_failed(field, cell, tests, known, file) for cell in column.unique()}
    if not any(judged.values()):
        return
    for row, cell in zip(cells[ROW], column, strict=True):
        if failed := judged[cell]:
            about, problem = failed
            yield about, replace(problem, row=int(row))


def _first_failed(
    field: Field, cell: str | NAType, tests: Sequence[_Test], known: Vocabularies, file: str
) -> _Fault | None:
    """Return what the first test that a cell fails was about, and its fault in any row."""
    if not isinstance(cell, str):
        if not field.required:
            return None
        about, value, remedy = checking.Kind.SCHEMA, None, "Fill the cell."
        expected = f"a value ({field.description.rstrip('.').lower()})"
    elif mark := _UNSEEN.search(cell):
        about, value, expected = (
            checking.Kind.SCHEMA,
            shown(cell),
            f"text without {_named(mark[0])}",
        )
        remedy = "Take it out: write the cell anew, on one line."
    elif failed := next((test for test in tests if not test[1](cell)), None):
        about, _, expected = failed
        value, remedy = cell, _remedy(field, cell, known)
    else:
        return None
    return about, Problem(
        file=file, column=field.name, value=value, expected=expected, remedy=remedy
    )


def shown(text: str) -> str:
    r"""Write what nobody sees in a text by its code point.

    >>> shown("Vale\u200b Base")
    'Vale<U+200B> Base'
    """
    return _UNSEEN.sub(lambda mark: f"<{_code_point(mark[0])}>", text)


def _named(mark: str) -> str:
    what = "a line break inside the cell" if mark in "\r\n" else "an invisible character"
    return f"{what} ({_code_point(mark)})"


def _code_point(mark: str) -> str:
    return f"U+{ord(mark):04X}"


def _repeated(table: RawTable, cells: pd.DataFrame, file: str) -> Iterator[_Fault]:
    """Report rows that repeat the key of an earlier one."""
    if not set(table.unique) <= set(cells.columns):
        return
    names = [*table.unique]
    repeats = cells.duplicated(names)
    if not repeats.any():
        return
    first = cells.groupby(names, dropna=False, sort=False)[ROW].transform("min")
    again = cells.loc[repeats, [*names, ROW]].to_dict("records")
    for record, row in zip(again, first[repeats], strict=True):
        yield checking.Kind.KEYS, _duplicate_problem(table, record, int(row), file)


def _mixed_units(table: RawTable, cells: pd.DataFrame, file: str) -> list[Problem]:
    """Report rows whose unit is not that of most rows of their series."""
    if not table.series or not {*table.series, "unit"} <= set(cells.columns):
        return []
    groups = cells.groupby([*table.series], dropna=False)["unit"]
    usual = groups.transform(lambda units: units.value_counts().index[0])
    return [
        Problem(
            file=file,
            row=int(row),
            column="unit",
            value=str(unit),
            expected=f"{common}, the unit of the other rows of this series",
            remedy="Look it up in the source; correct the unit, or give the form its own name.",
        )
        for row, unit, common in cells.assign(_usual=usual)
        .loc[cells["unit"] != usual, [ROW, "unit", "_usual"]]
        .itertuples(index=False)
    ]


def convert(table: RawTable, cells: pd.DataFrame, file: str) -> pd.DataFrame:
    """Give the columns of a sound table their types and add `origin` (file and row).

    Numbers become Float64, whole numbers and years Int64, days datetime64, flags boolean; the rest
    stays text.
    """
    typed = pd.DataFrame(
        {field.name: _typed(cells[field.name], field) for field in table.columns},
        index=cells.index,
    )
    typed[ORIGIN] = [f"{file}:{row}" for row in cells[ROW]]
    return typed


def _typed(column: pd.Series, field: Field) -> pd.Series:
    """Convert one column of text."""
    if field.many:
        return column
    match field.kind:
        case "number":
            return column.astype("Float64")
        case "integer" | "year":
            return column.astype("Int64")
        case "day":
            return pd.to_datetime(column, format="%Y-%m-%d")
        case "flag":
            return column.map({"yes": True, "no": False}).astype("boolean")
        case _:
            return column


def _column_problems(table: RawTable, cells: pd.DataFrame, file: str) -> list[Problem]:
    """Report missing and unknown columns, with the likely renaming."""
    wanted = [field.name for field in table.columns]
    found = [column for column in cells.columns if column != ROW]
    missing = [name for name in wanted if name not in found]
    unknown = [name for name in found if name not in wanted]
    absent = [
        Problem(
            file=file,
            row=1,
            column=name,
            expected="this column",
            remedy=_missing_remedy(name, unknown),
        )
        for name in missing
    ]
    surplus = [
        Problem(
            file=file,
            row=1,
            column=shown(name),
            expected="no column of this name",
            remedy=f"Take it out, or rename it. {hint(name, missing or wanted)}",
        )
        for name in unknown
    ]
    return absent + surplus


def _missing_remedy(name: str, unknown: Sequence[str]) -> str:
    """Say which column has probably been renamed."""
    if match := nearest(name, unknown):
        return f"Rename the column {match!r} back to {name!r}."
    return "Add it, or give the column that holds it this name."


_Fault = tuple[checking.Kind, Problem]
"""What a check that failed was about, and what is wrong."""
_Test = tuple[checking.Kind, Callable[[str], bool], str]
"""What a test is about, the test itself, and what it expects, in plain words."""


def _tests(field: Field, known: Vocabularies) -> list[_Test]:
    """List a field's tests of one cell."""
    parts = _parts if field.many else _whole
    tests: list[_Test] = [
        (
            checking.Kind.SCHEMA,
            lambda cell: all(_is(field.kind, part) for part in parts(cell)),
            _EXPECTED[field.kind],
        )
    ]
    if field.vocabulary and field.vocabulary in known:
        tests += _membership(field, known, parts)
    if field.choices:
        expected = "one of " + ", ".join(field.choices)
        tests.append(
            (
                checking.Kind.SCHEMA,
                lambda cell: all(p in field.choices for p in parts(cell)),
                expected,
            )
        )
    if field.bounded:
        tests.append((checking.Kind.RANGES, lambda cell: _within(field, cell), _bounds(field)))
    return tests


def _membership(
    field: Field, known: Vocabularies, parts: Callable[[str], list[str]]
) -> list[_Test]:
    """Test that ids are known, and that units measure what the field holds."""
    ids = known[str(field.vocabulary)]
    about = checking.Kind.UNITS if field.vocabulary == "units" else checking.Kind.SCHEMA
    expected = f"an id from the list of {field.vocabulary}"
    tests: list[_Test] = [(about, lambda cell: all(p in ids for p in parts(cell)), expected)]
    if field.dimensions and "dimensions" in known:
        measured = {
            unit
            for unit, (dimension, *_) in known["dimensions"].items()
            if dimension in field.dimensions
        }
        expected = f"a unit of {' or '.join(field.dimensions)}"
        tests.append((about, lambda cell: cell not in ids or cell in measured, expected))
    return tests


def _whole(cell: str) -> list[str]:
    return [cell]


def _parts(cell: str) -> list[str]:
    return cell.split(LIST_MARK)


def _is(kind: Kind, cell: str) -> bool:
    """Tell whether a cell is written as its kind demands; days must exist."""
    if not re.fullmatch(_PATTERNS[kind], cell, flags=re.DOTALL | re.ASCII):
        return False
    if kind not in {"day", "date"}:
        return True
    try:
        dt.date.fromisoformat((cell + "-01-01")[:10] if kind == "date" else cell)
    except ValueError:
        return False
    return True


def _within(field: Field, cell: str) -> bool:
    """Tell whether a number lies within the field's bounds; text is another test's affair."""
    if not _is("number", cell):
        return True
    number = float(cell)
    low = field.minimum is None or number >= field.minimum
    return low and (field.maximum is None or number <= field.maximum)


def _bounds(field: Field) -> str:
    """Phrase a field's bounds."""
    if field.maximum is None:
        return f"at least {field.minimum:g}"
    if field.minimum is None:
        return f"at most {field.maximum:g}"
    return f"between {field.minimum:g} and {field.maximum:g}"


def _remedy(field: Field, value: str, known: Vocabularies) -> str:
    """Say what to do about a cell, as exactly as its value allows."""
    if field.vocabulary and field.vocabulary in known:
        return _id_remedy(field.vocabulary, value, known[field.vocabulary])
    if field.choices:
        return hint(value, field.choices)
    if field.kind in {"number", "integer", "year"}:
        return _number_remedy(value, whole=field.kind != "number")
    if field.kind in {"day", "date"}:
        return _day_remedy(value)
    return "Correct the cell."


def _id_remedy(vocabulary: str, value: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """Name the id that is meant, by its spelling or by one of the words it is known by."""
    wrong = next((part for part in _parts(value) if part not in words), None)
    if wrong is None:
        return "Look it up in the source."
    spellings = {word: identifier for identifier, known in words.items() for word in known}
    spellings |= {identifier: identifier for identifier in words}
    file = "sources.csv" if vocabulary == "sources" else f"vocabulary/{vocabulary}.csv"
    add = f"add it to data/raw/{file}"
    if match := nearest(wrong, spellings):
        return f"Did you mean {spellings[match]!r}? Else {add}."
    return f"Correct it, or {add}."


def _number_remedy(value: str, *, whole: bool) -> str:
    """Recognise the usual ways in which people write numbers."""
    bare = re.sub(r"[\s\u00a0\u202f'$€%]", "", value).replace("\u2212", "-")
    plain, pointed = bare.replace(",", ""), bare.replace(",", ".")
    if re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", bare) and not whole:
        return f"Write {plain} if the comma parts thousands, {pointed} if it is a decimal comma."
    if re.fullmatch(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?", bare):
        return f"Write it without separators: {plain}."
    if re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", bare):
        return _plain_remedy(bare, pointed, whole=whole)
    if whole:
        return "Write a whole number."
    return (
        "Write the number alone; words such as 'up to' go into the column precision, "
        "signs such as W or x into the column qualifier."
    )


def _plain_remedy(bare: str, pointed: str, *, whole: bool) -> str:
    """Say how a number without separators is written."""
    if whole and bare != bare.replace(",", ".").partition(".")[0]:
        return "Write a whole number."
    if pointed != bare:
        return f"Use a decimal point: {pointed}."
    return f"Write the digits alone: {bare}."


def _day_remedy(value: str) -> str:
    """Tell a day that no calendar has from one that is only written differently."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        return "No calendar has it; look it up in the source."
    return "Write year, month and day in this order, with hyphens and all zeros."


def _duplicate_problem(
    table: RawTable, record: Mapping[Hashable, Any], first: int, file: str
) -> Problem:
    """Tell that a row repeats the key of an earlier row, and which row that is."""
    names = table.unique
    key = ", ".join(f"{name}={record[name]}" for name in names if not pd.isna(record[name]))
    return Problem(
        file=file,
        row=int(record[ROW]),
        value=key,
        expected=f"each {' + '.join(names)} once; row {first} holds it already",
        remedy=_REVISE if table.provenance else "Remove the row.",
    )


def raise_if_any(problems: list[Problem]) -> None:
    """Raise `FiguresError` when there is anything to tell."""
    if problems:
        raise FiguresError(problems)
