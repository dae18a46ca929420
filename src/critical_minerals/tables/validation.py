"""Check a table against its descriptor, whether it is a raw table of text or a processed one.

Each cell is checked against its column, each row against the key and the rules across fields. Many
cells repeat: each distinct one is checked once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import Problem, hint
from critical_minerals.language.quantities import is_currency
from critical_minerals.readers import text
from critical_minerals.tables import cells, remedies
from critical_minerals.tables.cells import FIRST_YEAR, LOOK_UP, NamesById
from critical_minerals.tables.check_results import End, Kind, Result
from critical_minerals.tables.descriptors import Column, Table
from critical_minerals.tables.rules import Fault, check_rule

Vocabularies = Mapping[str, NamesById]
"""Ids with their names, by the list that a foreign key names (`vocabulary/minerals`,
`vocabulary/places (province)`). A table that cannot be read is not in it. `DIMENSIONS` holds the
units, each with what it measures."""
UNITS: Final = "vocabulary/units"
DIMENSIONS: Final = "dimensions"
_PER_CENT: Final = "percent"
_FEWEST_FRACTIONS: Final = 3
_TIME_KINDS: Final = ("year", "date", "partial_date")
LAST_YEAR: Final = 2100
"""The latest year of plans, and of every day and year where the day of the report is unknown."""
_REVISE: Final = "Remove the row, or give a revision its own as_of day."
_UNIT_COLUMNS: Final = frozenset({"unit", "currency", "currency_stated"})
"""Columns that hold the unit of the figures in their row."""
_UNITS_NOT_IN_NAMES: Final = (None, "year", "index", "degrees")
"""Units that need no ending in a name: years, indices, degrees, and counts, which have none."""
_UNIT_ENDINGS: Final[Mapping[str, str]] = {
    "_t": "t",
    "_m3": "m3",
    "_pct": "percent",
    "_points": "points",
    "_rank": "rank",
}
_CURRENCY_ENDING: Final = re.compile(r"_(million_)?([a-z]{3})(_million)?$")
"""The end of a column name that may contain a currency."""


def faults(
    table: Table,
    frame: pd.DataFrame,
    known: Vocabularies,
    *,
    hand_written: bool = False,
    last_year: int = LAST_YEAR,
) -> list[Fault]:
    """Find every fault of a table's cells, keys and rules, in the order of its rows.

    The frame holds text as in a file, or typed cells. Missing columns are not checked here.
    `hand_written` cells may have no invisible characters, and days and years from 1990 to
    `last_year` only: a mistyped year would wait for its day for ever, or be the first of all.
    Texts of this program are exempt, since they use invisible characters against line breaks.
    """
    frame = frame.reset_index(drop=True)
    cell_faults = [
        fault
        for field in table.fields
        if field.name in frame
        for fault in _column_faults(
            field, frame[field.name], known, last_year if hand_written else None
        )
    ]
    invalid_cells = {(fault.row, fault.column) for fault in cell_faults}
    rule_faults = [
        fault
        for rule in table.rules
        for fault in check_rule(rule, frame)
        # A rule that fails because of an invalid cell would report the same mistake twice.
        if not any((fault.row, name) in invalid_cells for name in rule.columns)
    ]
    fraction_faults = [
        fault
        for field in table.fields
        if hand_written and field.name in frame and field.unit == _PER_CENT
        for fault in _find_fractions(field, frame[field.name])
    ]
    repeated_keys = _find_repeated_keys(table, frame)
    all_faults = [*cell_faults, *rule_faults, *fraction_faults, *repeated_keys]
    return sorted(all_faults, key=lambda fault: (fault.row, fault.column or ""))


def results(
    table: Table, end: End, rows: int, found: Iterable[tuple[Kind, Problem]]
) -> list[Result]:
    """Return the result of each check of a table: its scope and its problems."""
    problems = [*found, *((Kind.UNITS, problem) for problem in _check_units(table))]
    scope = {
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
            problems=tuple(problem for kind_found, problem in problems if kind_found is kind),
        )
        for kind, columns in scope.items()
        # No column has a unit where the descriptor omits them all: that fault must not be skipped.
        if columns or any(kind_found is kind for kind_found, _ in problems)
    ]


def unit_fault(table: Table, column: Column) -> str | None:
    """Return the unit that a column should have, where its name and its descriptor disagree.

    A number without a unit needs a column of units or currencies in its table.
    """
    named_unit = _unit_in_name(column.name)
    if named_unit != column.unit and (named_unit or column.unit not in _UNITS_NOT_IN_NAMES):
        return (
            f"the unit {named_unit}, as its name says"
            if named_unit
            else "a name that says its unit"
        )
    if column.kind == "number" and column.unit is None and _UNIT_COLUMNS.isdisjoint(table.columns):
        return "one unit, or a column of units beside it"
    return None


def _unit_in_name(name: str) -> str | None:
    """Return the unit in the name of a column, if there is one."""
    money = _CURRENCY_ENDING.search(name)
    # Three letters at the end are often no currency: `_pct`, `_day`.
    if money and is_currency(money[2].upper()):
        return f"{'million ' if money[1] or money[3] else ''}{money[2].upper()}"
    return next((unit for ending, unit in _UNIT_ENDINGS.items() if name.endswith(ending)), None)


def _check_units(table: Table) -> Iterator[Problem]:
    """Report columns whose name and descriptor have different units, or that have none."""
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
    """Return whether a column has a unit, or holds the units of other columns."""
    units = field.reference is not None and field.reference.resource == UNITS
    return units or field.unit is not None


def _column_faults(
    field: Column, column: pd.Series, known: Vocabularies, last_year: int | None
) -> Iterator[Fault]:
    """Report blank and invalid cells of one column; `last_year` is None for typed frames."""
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    tests = _make_tests(field, known)
    if last_year is not None and field.kind in _TIME_KINDS:
        tests.append(_make_year_test(field, last_year))
    hand_written = last_year is not None
    fault_by_value = [
        _find_fault(field, cell, tests, hand_written=hand_written) for cell in distinct
    ]
    if not any(fault_by_value):
        return
    for row, code in enumerate(codes):
        if fault := fault_by_value[code]:
            yield replace(fault, row=row)


def _find_fault(
    field: Column, cell: Any, tests: Sequence[_Test], *, hand_written: bool
) -> Fault | None:
    """Return the fault of the first test that a cell fails; the caller sets its row."""

    def fault(kind: Kind, value: str | None, expected: str, remedy: str) -> Fault:
        return Fault(kind, 0, field.name, value, expected, remedy)

    if pd.isna(cell):
        if not field.constraints.required:
            return None
        expected = f"a value ({field.description.rstrip('.').lower()})"
        return fault(Kind.SCHEMA, None, expected, "Fill the cell.")
    if hand_written and (wrong_text := _find_wrong_text(field, cell)):
        return fault(Kind.SCHEMA, text.escape_invisible(cell), *wrong_text)
    for test in tests:
        if not test.holds(cell):
            value = text.escape_invisible(str(cell))
            return fault(test.kind, value, test.expected, test.remedy(str(cell)))
    return None


def _find_wrong_text(field: Column, cell: str) -> tuple[str, str] | None:
    """Return what is expected of a cell that nobody has typed so, and its remedy."""
    if mark := text.unseen(cell):
        return f"text without {mark}", "Take it out: write the cell anew, on one line."
    # Other kinds have a form of their own, which no such text has.
    if field.kind != "string":
        return None
    if wrong_part := text.misread(cell):
        return f"text that was decoded rightly, without {wrong_part[0]!r}", wrong_part[1]
    if text.is_no_value(cell):
        expected = "a text; a program writes this where it has no value"
        return expected, f"{LOOK_UP} Else clear the cell."
    return None


@dataclass(frozen=True)
class _Test:
    """A test of a cell: whether it holds, what is expected, and the remedy by the cell."""

    holds: Callable[[Any], bool]
    expected: str
    remedy: Callable[[str], str] = lambda _: LOOK_UP
    kind: Kind = Kind.SCHEMA


def _make_tests(field: Column, known: Vocabularies) -> list[_Test]:
    """Return the tests of a field for cells that are not blank, in order."""
    reference, constraints = field.reference, field.constraints
    # A typed cell has the form of its type: only text can be malformed.
    tests: list[_Test] = [
        _Test(
            lambda cell: not isinstance(cell, str) or cells.is_written(field, cell),
            cells.expected(field),
            partial(remedies.remedy_for_writing, field),
        )
    ]
    if field.many:
        expected = f"values separated by {field.mark} alone, without blanks, each of them once"
        is_tidy = _Test(
            lambda cell: cells.tidy_list(field, cell) == cell,
            expected,
            lambda cell: f"Write {cells.tidy_list(field, cell)}.",
        )
        # First, since an empty or repeated value would fail the other tests with a worse message.
        tests.insert(0, is_tidy)
    # A vocabulary that cannot be read is not in `known`; its ids would all be reported as unknown.
    if reference and (ids := known.get(reference.name)) is not None:
        kind = Kind.UNITS if reference.resource == UNITS else Kind.SCHEMA
        expected = f"an id from the list of {reference.name.rpartition('/')[2]}"
        remedy = partial(remedies.remedy_for_id, field, table=reference.resource, names=ids)
        tests.append(_Test(_all_values_in(field, ids), expected, remedy, kind))
        # After the list: a unit that is none has no dimension.
        if field.dimensions and DIMENSIONS in known:
            allowed = {u for u, names in known[DIMENSIONS].items() if names[0] in field.dimensions}
            expected = f"a unit of {' or '.join(field.dimensions)}"
            tests.append(_Test(_all_values_in(field, allowed), expected, kind=kind))
    if codes := constraints.enum:
        expected = "one of " + ", ".join(codes)
        nearest = partial(hint, known=codes)
        tests.append(_Test(_all_values_in(field, frozenset(codes)), expected, nearest))
    if constraints.pattern:
        pattern = re.compile(constraints.pattern, re.ASCII)
        expected = f"text of the form {constraints.pattern} ({field.description.rstrip('.')})"
        remedy = partial(remedies.remedy_for_form, pattern)
        tests.append(_Test(lambda cell: bool(pattern.fullmatch(cell)), expected, remedy))
    if longest := constraints.max_length:
        tests.append(
            _Test(
                lambda cell: len(cell) <= longest,
                f"at most {longest} characters",
                lambda cell: f"Shorten it: it has {len(cell)}, and charts show it whole.",
            )
        )
    if field.bounded:
        within = partial(_is_within_bounds, field)
        tests.append(_Test(within, _describe_bounds(field), kind=Kind.RANGES))
    return tests


def _find_fractions(field: Column, column: pd.Series) -> Iterator[Fault]:
    """Report a column of per cent that holds fractions of 1, as spreadsheets store percentages."""
    # A single small share is a share; only all of them together show that none is in per cent.
    figures = pd.to_numeric(column, errors="coerce").dropna()
    fractions = figures[(figures > 0) & (figures < 1)]
    if len(fractions) < _FEWEST_FRACTIONS or figures.max() > 1 or figures.min() < 0:
        return
    row = int(fractions.index[0])
    value = str(column.loc[row])
    expected = f"per cent; no figure of this column is above 1, so {value} is a fraction of 1"
    remedy = "Write each figure of the column a hundred times as large, as its source prints it."
    yield Fault(Kind.UNITS, row, field.name, value, expected, remedy)


def _make_year_test(field: Column, last_year: int) -> _Test:
    """Return a test that a day or year is in the range of this report's figures."""
    last = LAST_YEAR if field.ahead else last_year
    expected, remedy = cells.year_expected(last)
    return _Test(
        lambda cell: FIRST_YEAR <= int(cell[:4]) <= last, expected, lambda _: remedy, Kind.RANGES
    )


def _all_values_in(field: Column, allowed: Container[str]) -> Callable[[str], bool]:
    """Return a predicate: every value of a cell is an allowed one."""
    return lambda cell: all(part in allowed for part in field.parts(cell))


def _is_within_bounds(field: Column, cell: object) -> bool:
    """Return whether a figure is within its bounds; for text, which another test rejects, true."""
    figure, constraints = cells.number(cell), field.constraints
    if figure is None:
        return True
    low = constraints.minimum is None or figure >= constraints.minimum
    return low and (constraints.maximum is None or figure <= constraints.maximum)


def _describe_bounds(field: Column) -> str:
    """Describe the bounds of a field for a message."""
    low, high = field.constraints.minimum, field.constraints.maximum
    if high is None:
        return f"at least {low:g}"
    return f"at most {high:g}" if low is None else f"between {low:g} and {high:g}"


def _find_repeated_keys(table: Table, frame: pd.DataFrame) -> Iterator[Fault]:
    """Report rows that repeat the key of an earlier row."""
    names = [*table.primary_key]
    if not {*names} <= {*frame.columns}:
        return
    repeats = frame.duplicated(names)
    if not repeats.any():
        return
    # `dropna=False`: two blank cells in a key are equal as well.
    first = frame.assign(_row=frame.index).groupby(names, dropna=False, sort=False)["_row"]
    first = first.transform("min")
    expected = f"each {' + '.join(names)} once"
    remedy = _REVISE if table.revised else "Remove the row."
    records = frame.loc[repeats, names].to_dict("records")
    for row, record, twin in zip(frame.index[repeats], records, first[repeats], strict=True):
        cells_of_key = [f"{name}={cell}" for name, cell in record.items() if not pd.isna(cell)]
        yield Fault(Kind.KEYS, int(row), None, ", ".join(cells_of_key), expected, remedy, int(twin))
