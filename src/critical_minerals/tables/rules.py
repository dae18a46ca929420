"""Rules across the fields of a table: one function for each kind that a descriptor may name.

A rule checks a whole frame, of text cells or typed ones, whose rows are numbered from 0. It yields
a fault for each row that breaks it, with the column and what was expected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import hint
from critical_minerals.tables.cells import LOOK_UP
from critical_minerals.tables.check_results import Kind
from critical_minerals.tables.descriptors import Rule

_LEAVE_BLANK: Final = "A figure that is not known is left blank."
_OTHER_SIZE: Final = (
    f"Is it of another unit? {LOOK_UP} Where it is right, its table's descriptor needs a larger "
    "factor."
)
_FEWEST_OF_A_SERIES: Final = 3
_LEAST_SIMILARITY: Final = 0.85
"""Names with at least this similarity count as one: `Rio Tinto` and `Rio Tinto Ltd.` do."""


@dataclass(frozen=True)
class Fault:
    """A fault in one row of a frame; `twin` is the row that it repeats, if it does."""

    kind: Kind
    row: int
    column: str | None
    value: str | None
    expected: str
    remedy: str
    twin: int | None = None


Check = Callable[[Rule, pd.DataFrame], Iterator[Fault]]


def check_rule(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Yield the faults of a rule; none where a column is missing, which is a fault of its own."""
    if {*rule.columns} <= {*frame.columns}:
        yield from _CHECKS[rule.rule](rule, frame)


def ordered(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that days, years or figures do not decrease in the order of the fields.

    A partial date stands for all of its days: 2026 is neither before nor after 2026-02.
    """
    for before, after in zip(rule.fields, rule.fields[1:], strict=False):
        pairs = frame[[before, after]].dropna()
        for row, low, high in pairs.itertuples():
            if _is_after(low, high):
                expected = f"nothing before {before} ({_format_cell(low)})"
                yield Fault(Kind.SCHEMA, int(row), after, _format_cell(high), expected, LOOK_UP)


def together(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that all of the fields are filled, or none is."""
    blank = frame[[*rule.fields]].isna()
    for row in _row_numbers(blank.any(axis=1) & ~blank.all(axis=1)):
        blank_fields, filled_fields = _split_fields(rule, frame, row)
        expected = f"a value, as {' and '.join(filled_fields)} {_has_or_have(filled_fields)} one"
        yield Fault(
            Kind.SCHEMA, row, blank_fields[0], None, expected, "Fill the cell, or clear all."
        )


def any_of(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that at least one of the fields is filled, in rows as in `where`."""
    expected = " ".join(
        [
            f"a value in {' or '.join(rule.fields)}",
            *(f"where {name} is {' or '.join(cells)}" for name, cells in rule.where.items()),
        ]
    )
    blank = _rows_in_scope(rule, frame)[[*rule.fields]].isna().all(axis=1)
    for row in blank.index[blank]:
        yield Fault(Kind.SCHEMA, int(row), rule.fields[0], None, expected, "Fill one of the cells.")


def not_both(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that at most one of the fields is filled."""
    for row in _row_numbers(frame[[*rule.fields]].notna().sum(axis=1) > 1):
        _, filled = _split_fields(rule, frame, row)
        expected = f"no value beside {filled[0]}"
        value = _format_cell(frame[filled[1]].iloc[row])
        yield Fault(Kind.SCHEMA, row, filled[1], value, expected, "Keep one of them.")


def same_unit(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that rows of a series (equal in `by`) have the unit of most of them."""
    (unit,) = rule.fields
    groups = frame.groupby([*rule.by], dropna=False)[unit]
    # A series whose units are all blank has no usual one; blank cells are faults of their own.
    # The majority decides, so that one mistyped unit does not make every other row a fault.
    usual = groups.transform(lambda units: next(iter(units.value_counts().index), pd.NA))
    remedy = "Look it up in the source; correct the unit, or give the form its own name."
    for row in _row_numbers(frame[unit].ne(usual) & frame[unit].notna() & usual.notna()):
        expected = f"{usual.iloc[row]}, the unit of the other rows of this series"
        yield Fault(Kind.UNITS, row, unit, _format_cell(frame[unit].iloc[row]), expected, remedy)


def one_true(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that of the rows that are equal in `by` exactly one has the flag."""
    (flag,) = rule.fields
    counts = frame.groupby([*rule.by], dropna=False)[flag].transform("sum")
    expected = f"one {flag} figure for each {' and '.join(rule.by)}"
    for row in _row_numbers(counts != 1):
        yield Fault(Kind.SCHEMA, row, flag, _format_cell(frame[flag].iloc[row]), expected, LOOK_UP)


def above_zero(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that not all figures that are equal in `by` are 0, in rows as in `where`.

    A share of a total of 0 cannot be computed; an unknown figure is left blank instead.
    """
    (name,) = rule.fields
    scope = _rows_in_scope(rule, frame)
    figures = pd.to_numeric(scope[name], errors="coerce").dropna()
    largest = figures.groupby(
        [scope.loc[figures.index, column].fillna("") for column in rule.by]
    ).max()
    for key in largest.index[largest == 0]:
        series_cells = dict(zip(rule.by, key, strict=True)) | {
            k: w[0] for k, w in rule.where.items()
        }
        rows = scope[[*rule.by]].fillna("").eq([*key]).all(axis=1)
        # One fault for a series, at its first figure: no single row of it is wrong.
        first = figures.index[figures.index.isin(scope.index[rows])][0]
        series = ", ".join(f"{column}={cell}" for column, cell in series_cells.items() if cell)
        expected = f"a figure above 0 in the series {series}"
        yield Fault(Kind.RANGES, int(first), name, "0", expected, f"{LOOK_UP} {_LEAVE_BLANK}")


def same_size(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that no figure is `factor` times as large or as small as the median of its series.

    A series is equal in `by`. Such a figure is of another unit, or of the inverse. Two figures do
    not show which of them is wrong, and 0 has no size.
    """
    (name,) = rule.fields
    figures = pd.to_numeric(_rows_in_scope(rule, frame)[name], errors="coerce").dropna()
    figures = figures[figures > 0].astype("float64")
    series = figures.groupby(
        [frame.loc[figures.index, column].astype("string").fillna("") for column in rule.by]
    )
    usual = series.transform("median")[series.transform("size") >= _FEWEST_OF_A_SERIES]
    ratio = figures[usual.index] / usual
    for row in ratio.index[(ratio > rule.factor) | (ratio < 1 / rule.factor)]:
        expected = f"about {usual[row]:.6g}, as the others of its series (a factor of "
        expected += f"{rule.factor:g})"
        value = _format_cell(frame[name].loc[row])
        yield Fault(Kind.RANGES, int(row), name, value, expected, _OTHER_SIZE)


def refers(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that the fields name other rows of this table, by their cells `by` joined by colons.

    A mistyped name would leave a part outside of its whole, to be counted twice.
    """
    names = _names_of_rows(rule, frame)
    known = {*names}
    for column in rule.fields:
        for (row, cell), own_name in zip(frame[column].items(), names, strict=True):
            for name in [] if pd.isna(cell) else rule.parts(column, str(cell)):
                if name == own_name or name not in known:
                    expected = f"another row of this table, named by its {':'.join(rule.by)}"
                    remedy = hint(name, sorted(known - {own_name}))
                    yield Fault(Kind.SCHEMA, int(str(row)), column, name, expected, remedy)


def no_circle(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that no row is, through the rows that its field names, a part of itself."""
    (column,) = rule.fields
    names = _names_of_rows(rule, frame)
    holders = {
        name: str(cell) for name, cell in zip(names, frame[column], strict=True) if pd.notna(cell)
    }
    for row, name in zip(frame.index, names, strict=True):
        path = [name]
        while (holder := holders.get(path[-1])) is not None and holder not in path:
            path.append(holder)
        if holder == name and len(path) > 1:
            expected = f"no row within itself ({' in '.join((*path, name))})"
            yield Fault(Kind.SCHEMA, int(row), column, holders[name], expected, LOOK_UP)


def _names_of_rows(rule: Rule, frame: pd.DataFrame) -> list[str]:
    """Return the cells of each row by which others refer to it, joined by colons."""
    return [":".join(map(str, cells)) for cells in frame[[*rule.by]].itertuples(index=False)]


def one_id(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that no name in any of the fields belongs to two ids (`by`): it would be ambiguous."""
    (identifier,) = rule.by
    owners: dict[str, tuple[Any, int]] = {}
    for row, owner_id, *name_cells in frame[[identifier, *rule.fields]].itertuples():
        for column, cell in zip(rule.fields, name_cells, strict=True):
            for name in [] if pd.isna(cell) else rule.parts(column, str(cell)):
                # Names are looked up without regard to case, so those that differ by it alone are
                # the same.
                owner, first_row = owners.setdefault(name.strip().casefold(), (owner_id, int(row)))
                if owner != owner_id:
                    expected = f"a name of {owner_id} alone; it is one of {owner} too"
                    remedy = "Name them apart, or keep one of the two ids."
                    yield Fault(Kind.KEYS, int(row), column, name, expected, remedy, first_row)


def likely_double(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Check that rows that are equal in `by` and describe one thing, such as an award, share an id.

    `fields` are the id, a name and, where there is one, a purpose: two rows with similar names are
    two things only if their purposes differ.
    """
    identifier, name, *purposes = rule.fields
    named = frame.dropna(subset=[identifier, name]).fillna("")
    # Most rows have none beside them that is equal in `by`.
    named = named[named.duplicated([*rule.by], keep=False)]
    for _, group in named.groupby([*rule.by], sort=False):
        rows: list[tuple[Any, ...]] = []
        for row in group[[*rule.fields]].itertuples():
            is_similar = _similar_to(row[2])
            twin = next((r for r in rows if r[1] != row[1] and is_similar(r[2])), None)
            rows.append(row)
            # Without a purpose in both rows nothing shows that they are two: report them, and let a
            # person decide.
            if twin is None or any(
                one and other and not _are_similar(one, other)
                for one, other in zip(row[3:], twin[3:], strict=True)
            ):
                continue
            expected = f"{twin[1]}, as {', '.join(rule.by)} are the same"
            differ = (
                f"write in {purposes[0]} of each what it is for, so that they differ"
                if purposes
                else f"correct {' or '.join((name, *rule.by))}, so that they differ"
            )
            remedy = f"Give them one {identifier}. If they are two, {differ}."
            place = int(row[0]), identifier, row[1]
            yield Fault(Kind.KEYS, *place, expected, remedy, int(twin[0]))


def _are_similar(one: str, other: str) -> bool:
    """Return whether two texts are equal but for signs, case, accents or a few letters.

    >>> _are_similar("B.C. Hydro", "BC Hydro")
    True
    >>> _are_similar("Foran Mining Corporation", "Galore Creek Mining")
    False
    """
    return _similar_to(other)(one)


def _similar_to(text: str) -> Callable[[str], bool]:
    """Return a predicate: whether another text is similar to this one."""
    # One matcher for all comparisons, with upper bounds first, which cost little: hundreds of equal
    # grants may be of one day.
    matcher = SequenceMatcher(None, "", _letters(text))

    def is_similar(other: str) -> bool:
        matcher.set_seq1(_letters(other))
        bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
        return all(bound() >= _LEAST_SIMILARITY for bound in bounds)

    return is_similar


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    """Return a text without signs, case and accents."""
    # NFD splits accents from letters, and `\W` then removes them.
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFD", text)).casefold()


_CHECKS: Final[Mapping[str, Check]] = {
    "ordered": ordered,
    "together": together,
    "any_of": any_of,
    "not_both": not_both,
    "same_unit": same_unit,
    "one_true": one_true,
    "above_zero": above_zero,
    "same_size": same_size,
    "refers": refers,
    "no_circle": no_circle,
    "one_id": one_id,
    "likely_double": likely_double,
}


def _rows_in_scope(rule: Rule, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that a rule applies to: those as in its `where`, or all."""
    return frame[frame[[*rule.where]].isin(rule.where).all(axis=1)] if rule.where else frame


def _row_numbers(mask: pd.Series) -> list[int]:
    """Return the numbers of rows that are true in a mask; an unknown value counts as false."""
    return [int(row) for row in mask.fillna(value=False).to_numpy(dtype=bool).nonzero()[0]]


def _split_fields(rule: Rule, frame: pd.DataFrame, row: int) -> tuple[list[str], list[str]]:
    """Split the fields of a rule into those that are blank in a row and those that are filled."""
    filled = [name for name in rule.fields if pd.notna(frame[name].iloc[row])]
    return [name for name in rule.fields if name not in filled], filled


def _has_or_have(names: list[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _is_after(one: Any, other: Any) -> bool:
    """Return whether a date or figure is after another, to the precision that both have."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return bool(one > other)
    try:
        return float(one) > float(other)
    except ValueError:  # ISO dates, which sort as text; compare what both have of year, month, day
        length = min(len(one), len(other))
        return one[:length] > other[:length]


def _format_cell(cell: object) -> str:
    return cell.date().isoformat() if isinstance(cell, pd.Timestamp) else str(cell)
