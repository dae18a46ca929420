"""Rules across the fields of a table: each kind that a descriptor may name is one function.

A rule looks at a whole frame, of text cells or typed ones, whose rows are numbered from 0. It gives
those that break it, each with the column at fault and what was expected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

import pandas as pd

from critical_minerals.checking import Kind
from critical_minerals.tables.cells import LOOK_UP
from critical_minerals.tables.descriptors import Rule

_UNKNOWN: Final = "A figure that is not known is left blank."
_ALIKE: Final = 0.85
"""From which likeness on two names are taken for one: `Rio Tinto` and `Rio Tinto Ltd.` are."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in one row of a frame; `twin` is the row that it repeats."""

    kind: Kind
    row: int
    column: str | None
    value: str | None
    expected: str
    remedy: str
    twin: int | None = None


Check = Callable[[Rule, pd.DataFrame], Iterator[Fault]]


def broken(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Give the rows that break a rule; a frame without its columns has other faults to tell."""
    if {*rule.columns} <= {*frame.columns}:
        yield from _CHECKS[rule.rule](rule, frame)


def ordered(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Of days, years or figures, none is less than the one before it in the rule.

    A partial date stands for all of its days: 2026 is not before 2026-02, nor after it.
    """
    for before, after in zip(rule.fields, rule.fields[1:], strict=False):
        pairs = frame[[before, after]].dropna()
        for row, low, high in pairs.itertuples():
            if _after(low, high):
                expected = f"nothing before {before} ({_shown(low)})"
                yield Fault(Kind.SCHEMA, int(row), after, _shown(high), expected, LOOK_UP)


def together(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """All of the fields are filled, or none is."""
    blank = frame[[*rule.fields]].isna()
    for row in _where(blank.any(axis=1) & ~blank.all(axis=1)):
        empty, filled = _parted(rule, frame, row)
        expected = f"a value, as {' and '.join(filled)} {_has(filled)} one"
        yield Fault(Kind.SCHEMA, row, empty[0], None, expected, "Fill the cell, or clear all.")


def any_of(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """At least one of the fields is filled; only rows as in `where` count."""
    expected = " ".join(
        [
            f"a value in {' or '.join(rule.fields)}",
            *(f"where {name} is {' or '.join(cells)}" for name, cells in rule.where.items()),
        ]
    )
    blank = _chosen(rule, frame)[[*rule.fields]].isna().all(axis=1)
    for row in blank.index[blank]:
        yield Fault(Kind.SCHEMA, int(row), rule.fields[0], None, expected, "Fill one of the cells.")


def not_both(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """At most one of the fields is filled."""
    for row in _where(frame[[*rule.fields]].notna().sum(axis=1) > 1):
        _, both = _parted(rule, frame, row)
        expected = f"no value beside {both[0]}"
        value = _shown(frame[both[1]].iloc[row])
        yield Fault(Kind.SCHEMA, row, both[1], value, expected, "Keep one of them.")


def same_unit(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Rows that are alike in `by`, a series, have the unit of most of them."""
    (unit,) = rule.fields
    groups = frame.groupby([*rule.by], dropna=False)[unit]
    # A series whose units are all blank has no usual one; that they are blank is told already.
    usual = groups.transform(lambda units: next(iter(units.value_counts().index), pd.NA))
    remedy = "Look it up in the source; correct the unit, or give the form its own name."
    for row in _where(frame[unit].ne(usual) & frame[unit].notna() & usual.notna()):
        expected = f"{usual.iloc[row]}, the unit of the other rows of this series"
        yield Fault(Kind.UNITS, row, unit, _shown(frame[unit].iloc[row]), expected, remedy)


def one_true(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Of the rows that are alike in `by`, one and only one has the flag."""
    (flag,) = rule.fields
    counts = frame.groupby([*rule.by], dropna=False)[flag].transform("sum")
    expected = f"one {flag} figure for each {' and '.join(rule.by)}"
    for row in _where(counts != 1):
        yield Fault(Kind.SCHEMA, row, flag, _shown(frame[flag].iloc[row]), expected, LOOK_UP)


def above_zero(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Of the figures that are alike in `by`, not all are 0; only rows as in `where` count.

    Shares of what is 0 are no figures. What is not known is left blank.
    """
    (name,) = rule.fields
    chosen = _chosen(rule, frame)
    figures = pd.to_numeric(chosen[name], errors="coerce").dropna()
    largest = figures.groupby([chosen.loc[figures.index, one].fillna("") for one in rule.by]).max()
    for key in largest.index[largest == 0]:
        of = dict(zip(rule.by, key, strict=True)) | {k: w[0] for k, w in rule.where.items()}
        rows = chosen[[*rule.by]].fillna("").eq([*key]).all(axis=1)
        first = figures.index[figures.index.isin(chosen.index[rows])][0]
        series = ", ".join(f"{column}={cell}" for column, cell in of.items() if cell)
        expected = f"a figure above 0 in the series {series}"
        yield Fault(Kind.RANGES, int(first), name, "0", expected, f"{LOOK_UP} {_UNKNOWN}")


def one_id(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """No word in any of the fields stands for two ids (`by`): nobody could tell which is meant."""
    (identifier,) = rule.by
    first: dict[str, tuple[Any, int]] = {}
    for row, one, *words in frame[[identifier, *rule.fields]].itertuples():
        for column, cell in zip(rule.fields, words, strict=True):
            for word in [] if pd.isna(cell) else rule.parts(column, str(cell)):
                owner, where = first.setdefault(word.strip().casefold(), (one, int(row)))
                if owner != one:
                    expected = f"a name of {one} alone; it is one of {owner} too"
                    remedy = "Name them apart, or keep one of the two ids."
                    yield Fault(Kind.KEYS, int(row), column, word, expected, remedy, where)


def likely_double(rule: Rule, frame: pd.DataFrame) -> Iterator[Fault]:
    """Rows that are alike in `by` tell of one thing, such as an award, and have one id.

    `fields` are the id, a name and a purpose: where two rows have the same name, however it is
    written, only another purpose makes two things of them.
    """
    identifier, name, purpose = rule.fields
    told = frame.dropna(subset=[identifier, name])
    for _, some in told.groupby([told[one].fillna("") for one in rule.by], sort=False):
        rows = [*some[[identifier, name, purpose]].fillna("").itertuples()]
        for at, (row, one, who, what) in enumerate(rows):
            twin = next((r for r in rows[:at] if r[1] != one and _alike(r[2], who)), None)
            if twin is not None and (not what or not twin[3] or _alike(twin[3], what)):
                expected = f"{twin[1]}, as {', '.join(rule.by)} are the same"
                remedy = (
                    f"Give them one {identifier}. If they are two, write in {purpose} of each "
                    "what it is for, so that they differ."
                )
                yield Fault(Kind.KEYS, int(row), identifier, one, expected, remedy, int(twin[0]))


def _alike(one: str, other: str) -> bool:
    """Tell whether two texts are the same but for signs, capitals, accents or a few letters.

    >>> _alike("B.C. Hydro", "BC Hydro"), _alike("Foran Mining Corporation", "Galore Creek Mining")
    (True, False)
    """
    bare = (re.sub(r"[\W_]", "", unicodedata.normalize("NFD", text)) for text in (one, other))
    first, second = (text.casefold() for text in bare)
    return SequenceMatcher(None, first, second).ratio() >= _ALIKE


_CHECKS: Final[Mapping[str, Check]] = {
    "ordered": ordered,
    "together": together,
    "any_of": any_of,
    "not_both": not_both,
    "same_unit": same_unit,
    "one_true": one_true,
    "above_zero": above_zero,
    "one_id": one_id,
    "likely_double": likely_double,
}


def _chosen(rule: Rule, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count for a rule: as in its `where`, or all."""
    return frame[frame[[*rule.where]].isin(rule.where).all(axis=1)] if rule.where else frame


def _where(broken: pd.Series) -> list[int]:
    """Return the rows for which something holds; where that is not known it does not."""
    return [int(row) for row in broken.fillna(value=False).to_numpy(dtype=bool).nonzero()[0]]


def _parted(rule: Rule, frame: pd.DataFrame, row: int) -> tuple[list[str], list[str]]:
    """Part the fields of a rule into those that are blank in a row and those that are filled."""
    filled = [name for name in rule.fields if pd.notna(frame[name].iloc[row])]
    return [name for name in rule.fields if name not in filled], filled


def _has(names: list[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _after(one: Any, other: Any) -> bool:
    """Tell whether one date or figure lies after another, as far as both are written."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return bool(one > other)
    try:
        return float(one) > float(other)
    except ValueError:  # ISO dates, perhaps only in part
        length = min(len(one), len(other))
        return one[:length] > other[:length]


def _shown(cell: object) -> str:
    return cell.date().isoformat() if isinstance(cell, pd.Timestamp) else str(cell)
