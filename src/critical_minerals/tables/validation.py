"""Check a table against its descriptor: one way for raw tables of text and for processed ones.

Each cell is held to its column, each row to the key and to the rules across fields. Cells repeat
much: each distinct one is judged once, so that the time grows with the rows and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import pandas as pd

from critical_minerals.checking import End, Kind, Result
from critical_minerals.errors import Problem, hint
from critical_minerals.language.quantities import is_currency
from critical_minerals.readers import text
from critical_minerals.tables import cells, remedies
from critical_minerals.tables.cells import FIRST_YEAR, LOOK_UP, Words
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.rules import Fault, broken

Vocabularies = Mapping[str, Words]
"""By the list that a foreign key names (`vocabulary/minerals`, `vocabulary/places (province)`), its
ids, each with the words by which people know it. A table that cannot be read is not in it.
`DIMENSIONS` holds the units, each with what it measures."""
UNITS: Final = "vocabulary/units"
DIMENSIONS: Final = "dimensions"
_DATED: Final = ("year", "date", "partial_date")
LAST_YEAR: Final = 2100
"""The end of what is planned, and of every day and year where nobody says on which day it is."""
_REVISE: Final = "Remove the row, or give a revision its own as_of day."
_BESIDE: Final = frozenset({"unit", "currency", "currency_stated"})
"""Columns that say the unit of the figures beside them."""
_UNNAMED: Final = (None, "year", "index", "degrees")
"""What a name says by itself: a year, an index, a latitude, or that something is counted."""
_ENDINGS: Final[Mapping[str, str]] = {
    "_t": "t",
    "_m3": "m3",
    "_pct": "percent",
    "_points": "points",
    "_rank": "rank",
}
_MONEY: Final = re.compile(r"_(million_)?([a-z]{3})(_million)?$")
"""The end of a name that may say a currency."""


def faults(
    table: Table,
    frame: pd.DataFrame,
    known: Vocabularies,
    *,
    written: bool = False,
    last_year: int = LAST_YEAR,
) -> list[Fault]:
    """Find every fault of a table's cells, keys and rules, in the order of its rows.

    The frame holds text as a file does, or has its types. Columns that it lacks are not looked at.
    Of what people have `written`, nothing may be invisible, and days and years lie between 1990 and
    `last_year`: what was mistyped would otherwise wait for ever, or decide who was first. Texts of
    our own keep words together by invisible marks.
    """
    frame = frame.reset_index(drop=True)
    single = [
        fault
        for field in table.fields
        if field.name in frame
        for fault in _column_faults(field, frame[field.name], known, last_year if written else None)
    ]
    wrong = {(fault.row, fault.column) for fault in single}
    across = [
        fault
        for rule in table.rules
        for fault in broken(rule, frame)
        # What a cell at fault breaks besides would be told twice.
        if not any((fault.row, name) in wrong for name in rule.columns)
    ]
    found = [*single, *across, *_repeated(table, frame)]
    return sorted(found, key=lambda fault: (fault.row, fault.column or ""))


def results(
    table: Table, end: End, rows: int, found: Iterable[tuple[Kind, Problem]]
) -> list[Result]:
    """Say what each check of a table looked at and what it found."""
    told = [*found, *((Kind.UNITS, problem) for problem in _unit_problems(table))]
    looked_at = {
        Kind.SCHEMA: len(table.fields),
        Kind.KEYS: len(table.primary_key),
        Kind.RANGES: sum(field.bounded for field in table.fields),
        Kind.UNITS: sum(_has_unit(field) for field in table.fields),
    }
    return [
        Result(
            kind=kind,
            end=end,
            table=table.name,
            rows=rows,
            columns=columns,
            problems=tuple(problem for of, problem in told if of is kind),
        )
        for kind, columns in looked_at.items()
        # A column whose name promises a unit that its descriptor lacks counts as none with a unit.
        if columns or any(of is kind for of, _ in told)
    ]


def unit_fault(table: Table, column: Column) -> str | None:
    """Say what a column's unit should be, where its name and its description do not agree.

    A number without a unit needs one beside it, in a column of units or currencies.
    """
    said = _unit_said(column.name)
    if said != column.unit and (said or column.unit not in _UNNAMED):
        return f"the unit {said}, as its name says" if said else "a name that says its unit"
    if column.kind == "number" and column.unit is None and _BESIDE.isdisjoint(table.columns):
        return "one unit, or a column of units beside it"
    return None


def _unit_said(name: str) -> str | None:
    """Return the unit that the name of a column says, if it says one."""
    money = _MONEY.search(name)
    if money and is_currency(money[2].upper()):
        return f"{'million ' if money[1] or money[3] else ''}{money[2].upper()}"
    return next((unit for ending, unit in _ENDINGS.items() if name.endswith(ending)), None)


def _unit_problems(table: Table) -> Iterator[Problem]:
    """Report columns whose name says another unit than their descriptor, or none at all."""
    for column in table.fields:
        if fault := unit_fault(table, column):
            yield Problem(
                file=f"table {table.name}",
                column=column.name,
                value=column.unit or "no unit",
                expected=fault,
                remedy="Name the column after its unit, and say the unit in its descriptor.",
            )


def _has_unit(field: Column) -> bool:
    """Tell whether a column says units: its figures', or those of the figures beside it."""
    units = field.reference is not None and field.reference.resource == UNITS
    return units or field.unit is not None


def _column_faults(
    field: Column, column: pd.Series, known: Vocabularies, last_year: int | None
) -> Iterator[Fault]:
    """Report blank and wrong cells of one column; of what people wrote, up to which year."""
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    tests = _tests(field, known)
    if last_year is not None and field.kind in _DATED:
        tests.append(_time_test(field, last_year))
    written = last_year is not None
    judged = [_first_failed(field, cell, tests, written=written) for cell in distinct]
    if not any(judged):
        return
    for row, code in enumerate(codes):
        if failed := judged[code]:
            yield replace(failed, row=row)


def _first_failed(
    field: Column, cell: Any, tests: Sequence[_Test], *, written: bool
) -> Fault | None:
    """Return the fault of the first test that a cell fails, as in any row."""

    def fault(kind: Kind, value: str | None, expected: str, remedy: str) -> Fault:
        return Fault(kind, 0, field.name, value, expected, remedy)

    if pd.isna(cell):
        if not field.constraints.required:
            return None
        expected = f"a value ({field.description.rstrip('.').lower()})"
        return fault(Kind.SCHEMA, None, expected, "Fill the cell.")
    if written and (mark := text.unseen(cell)):
        remedy = "Take it out: write the cell anew, on one line."
        return fault(Kind.SCHEMA, text.shown(cell), f"text without {mark}", remedy)
    if written and field.kind == "string" and (wrong := text.misread(cell)):
        expected = f"text that was decoded rightly, without {wrong[0]!r}"
        return fault(Kind.SCHEMA, text.shown(cell), expected, wrong[1])
    for kind, holds, expected, remedy in tests:
        if not holds(cell):
            return fault(kind, text.shown(str(cell)), expected, remedy(str(cell)))
    return None


_Remedy = Callable[[str], str]
_Test = tuple[Kind, Callable[[Any], bool], str, _Remedy]
"""What a test is about, the test itself, what it expects in plain words, and what to do."""


def _tests(field: Column, known: Vocabularies) -> list[_Test]:
    """List a field's tests of one cell that is not blank."""
    reference, rules = field.reference, field.constraints
    listed = None
    if reference and reference.name in known:
        listed = reference.resource, known[reference.name]

    # What has its type already was text once, and was judged as such then.
    tests: list[_Test] = [
        (
            Kind.SCHEMA,
            lambda cell: not isinstance(cell, str) or cells.is_written(field, cell),
            cells.expected(field),
            partial(remedies.writing, field),
        )
    ]
    if field.many:
        among = f"values parted by {field.mark} alone, without blanks, each of them once"
        # It comes first: what is blank or stands twice is no value that could be looked up.
        tests.insert(
            0,
            (
                Kind.SCHEMA,
                lambda cell: cells.tidied(field, cell) == cell,
                among,
                lambda cell: f"Write {cells.tidied(field, cell)}.",
            ),
        )
    if listed and reference:
        kind = Kind.UNITS if listed[0] == UNITS else Kind.SCHEMA
        among = f"an id from the list of {reference.name.rpartition('/')[2]}"
        known_as = partial(remedies.known_as, field, table=listed[0], words=listed[1])
        tests.append((kind, _each(field, listed[1]), among, known_as))
        if field.dimensions and DIMENSIONS in known:
            measures = known[DIMENSIONS]
            fitting = {unit for unit in measures if measures[unit][0] in field.dimensions}
            among = f"a unit of {' or '.join(field.dimensions)}"
            tests.append((kind, _each(field, fitting), among, lambda _: LOOK_UP))
    if rules.enum:
        among = "one of " + ", ".join(rules.enum)
        nearest = partial(hint, known=rules.enum)
        tests.append((Kind.SCHEMA, _each(field, frozenset(rules.enum)), among, nearest))
    if rules.pattern:
        form = re.compile(rules.pattern, re.ASCII)
        among = f"text of the form {rules.pattern} ({field.description.rstrip('.')})"
        as_form = partial(remedies.form, form)
        tests.append((Kind.SCHEMA, lambda cell: bool(form.fullmatch(cell)), among, as_form))
    if most := rules.max_length:
        among = f"at most {most} characters"
        tests.append(
            (
                Kind.SCHEMA,
                lambda cell: len(cell) <= most,
                among,
                lambda cell: f"Shorten it: it has {len(cell)}, and charts show it whole.",
            )
        )
    if field.bounded:
        tests.append(
            (Kind.RANGES, lambda cell: _within(field, cell), _bounds(field), lambda _: LOOK_UP)
        )
    return tests


def _time_test(field: Column, last_year: int) -> _Test:
    """Test that a day or year is one that a figure of this report can be of."""
    last = LAST_YEAR if field.ahead else last_year
    expected = f"a year from {FIRST_YEAR} to {last}"
    remedy = f"Is a digit mistyped? {LOOK_UP}"
    return (
        Kind.RANGES,
        lambda cell: FIRST_YEAR <= int(cell[:4]) <= last,
        expected,
        lambda _: remedy,
    )


def _each(field: Column, allowed: Container[str]) -> Callable[[str], bool]:
    """Test that every value of a cell is among some."""
    return lambda cell: all(part in allowed for part in field.parts(cell))


def _within(field: Column, cell: object) -> bool:
    """Tell whether a figure lies within its bounds; text is another test's affair."""
    figure, rules = cells.number(cell), field.constraints
    if figure is None:
        return True
    low = rules.minimum is None or figure >= rules.minimum
    return low and (rules.maximum is None or figure <= rules.maximum)


def _bounds(field: Column) -> str:
    """Phrase a field's bounds."""
    low, high = field.constraints.minimum, field.constraints.maximum
    if high is None:
        return f"at least {low:g}"
    return f"at most {high:g}" if low is None else f"between {low:g} and {high:g}"


def _repeated(table: Table, frame: pd.DataFrame) -> Iterator[Fault]:
    """Report rows that repeat the key of an earlier one."""
    names = [*table.primary_key]
    if not {*names} <= {*frame.columns}:
        return
    repeats = frame.duplicated(names)
    if not repeats.any():
        return
    # Blank cells in a key are alike too.
    first = frame.assign(_row=frame.index).groupby(names, dropna=False, sort=False)["_row"]
    first = first.transform("min")
    expected = f"each {' + '.join(names)} once"
    remedy = _REVISE if table.revised else "Remove the row."
    again = frame.loc[repeats, names].to_dict("records")
    for row, record, twin in zip(frame.index[repeats], again, first[repeats], strict=True):
        told = [f"{name}={cell}" for name, cell in record.items() if not pd.isna(cell)]
        yield Fault(Kind.KEYS, int(row), None, ", ".join(told), expected, remedy, int(twin))
