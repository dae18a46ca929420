"""Corrections of what a source prints wrongly, kept apart from the figures and with their evidence.

A raw table holds what its source says. Where that is demonstrably wrong, `data/raw/corrections.yml`
says which row is meant, what stands there (`was`), what should stand there (`value`), why, and
which source shows it:

    - table: funding/awards
      key: {award_id: bhp_potash, source_id: GTA_SUB}
      action: set
      column: announced
      was: "2022-07-13"
      value: "2022-06-13"
      known_since: "2023-01-30"
      reason: The company's and the department's releases are of June.
      reason_fr: Les communiqués de l'entreprise et du ministère sont de juin.
      evidence: {source_id: REUTERS_BHP22, place: dateline}

`known_since` is the day from which the evidence was public, where that is later than the row: a
report as of an earlier day shows what was printed, as it would have then.

`key` may name a part of the table's key; then `rows` says how many rows with this key hold `was`. A
correction that no longer finds as many fails: it is out of date.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final, Literal, Self

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from critical_minerals.errors import Problem, hint
from critical_minerals.readers.settings import read_settings
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.tables.descriptors import Table, malformed, one_line
from critical_minerals.workspace import Workspace

NAME: Final = "corrections.yml"
_EMPTY: Final = "it is empty; restore it, or write [] into it if there is nothing to correct"
_REVISIT: Final = "Look at the row again; change this correction, or remove it."


class Evidence(BaseModel):
    """The source that shows what is right, and where in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_id: str = Field(min_length=1)
    place: str = Field(min_length=1)


class Correction(BaseModel):
    """One correction: `set` puts a value into a column, `drop` takes rows out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    key: dict[str, str] = Field(min_length=1)
    as_of: str | None = None
    rows: int = Field(default=1, ge=1)
    action: Literal["set", "drop"]
    column: str | None = None
    was: str | None = None
    value: str | None = None
    known_since: dt.date | None = None
    reason: str = Field(min_length=1)
    reason_fr: str = Field(min_length=1)
    evidence: Evidence

    @model_validator(mode="after")
    def _fits_its_action(self) -> Self:
        given = [name for name in ("column", "was", "value") if getattr(self, name) is not None]
        if self.action == "set" and len(given) < len(("column", "was", "value")):
            msg = "to set a value, give column, was and value"
            raise ValueError(msg)
        if self.action == "drop" and given:
            msg = f"to drop a row, leave out {' and '.join(given)}"
            raise ValueError(msg)
        return self

    def known(self, day: dt.date | None) -> bool:
        """Tell whether the correction was known on a day; without a day, whether it is now."""
        return day is None or self.known_since is None or self.known_since <= day


_ENTRY: Final = f"An entry has: {', '.join(Correction.model_fields)}."


@dataclass(frozen=True)
class Corrections:
    """All corrections of a workspace, each with the name of its entry, and the entries at fault."""

    entries: Mapping[str, Correction] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def of(self, table: str, day: dt.date | None = None) -> dict[str, Correction]:
        """Return the corrections of one table, those known on a day, by the name of their entry."""
        mine = {name: one for name, one in self.entries.items() if one.table == table}
        return {name: one for name, one in mine.items() if one.known(day)}


@dataclass(frozen=True)
class Corrected:
    """A table with its corrections made.

    `made` says for each row (`file:row`) which corrections touched it, those in `dropped` included.
    """

    cells: pd.DataFrame
    made: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def read_corrections(
    workspace: Workspace, tables: Mapping[str, Table], sources: Collection[str]
) -> Corrections:
    """Read `data/raw/corrections.yml`; what is wrong in it is told entry by entry.

    Without the file there is nothing to correct; an empty one is damaged.
    """
    path = workspace.raw / NAME
    if not path.is_file():
        return Corrections()
    file = workspace.relative(path)
    try:
        # Every cell is left as it is written: no days, no numbers, no yes and no.
        told = read_settings(path, as_written=True)
    except yaml.YAMLError as error:
        return Corrections(problems=(_unreadable(file, one_line(error)),))
    if told is None or told == "":
        # An editor that was stopped, or a disk that was full, leaves an empty file: all
        # corrections would be undone, and nobody would know.
        return Corrections(problems=(_unreadable(file, _EMPTY),))
    if not isinstance(told, list):
        return Corrections(problems=(_unreadable(file, "it is not a list of corrections"),))
    return _sorted_out(file, told, tables, sources)


def corrected(cells: pd.DataFrame, corrections: Mapping[str, Correction]) -> Corrected:
    """Make the corrections of one table in its text cells, each on what the file holds.

    A correction whose rows are not there, or hold something else than `was`, and one that touches
    what an earlier one has corrected are problems; they are not made.
    """
    done, made = cells.copy(), dict[str, tuple[Correction, ...]]()
    touched, problems = dict[str, dict[str | None, str]](), list[Problem]()
    origins = origins_of(cells)
    for entry, correction in corrections.items():
        keyed = _having(cells, _wanted(correction))
        # Of cells as the file holds them, not as earlier corrections have left them: order must not
        # count.
        found = keyed & _having(cells, _held(correction))
        rows = [*origins[found]]
        fault = _stale(entry, cells[keyed], len(rows), correction)
        fault = fault or _twice(entry, rows, correction, touched)
        if fault:
            problems.append(fault)
            continue
        for row in rows:
            touched.setdefault(row, {})[correction.column] = entry
        made |= {row: (*made.get(row, ()), correction) for row in rows}
        if correction.column is not None:
            done.loc[found, correction.column] = correction.value or pd.NA
    dropped = frozenset(row for row, columns in touched.items() if None in columns)
    kept = done[~origins.isin(dropped)].reset_index(drop=True)
    return Corrected(kept, made, dropped, tuple(problems))


def origins_of(cells: pd.DataFrame, file: str = "") -> pd.Series:
    """Say where each row of text cells stands: `data/raw/funding/awards.csv:14`.

    Rows of several files say which is theirs; others are of `file`.
    """
    files = cells[FILE] if FILE in cells else pd.Series(file, index=cells.index)
    return files.astype("str") + ":" + cells[ROW].astype("str")


def _wanted(correction: Correction) -> dict[str, str]:
    """Return what the rows of a correction have in the columns that tell them from others."""
    return correction.key | ({"as_of": correction.as_of} if correction.as_of else {})


def _held(correction: Correction) -> dict[str, str]:
    """Return what the rows of a correction hold before it is made."""
    return {correction.column: correction.was or ""} if correction.column else {}


def _having(cells: pd.DataFrame, wanted: Mapping[str, str]) -> pd.Series:
    """Tell which rows hold some text in each of some columns."""
    if not set(wanted) <= set(cells.columns):
        return pd.Series(data=False, index=cells.index)
    same = (cells[name].fillna("").astype(str) == text for name, text in wanted.items())
    return reduce(operator.and_, same, pd.Series(data=True, index=cells.index))


def _stale(entry: str, keyed: pd.DataFrame, found: int, correction: Correction) -> Problem | None:
    """Say why a correction does not fit its table any more, if so.

    `keyed` are the rows with its key, `found` is how many of them hold what it corrects.
    """
    if found == correction.rows:
        return None
    where = ", ".join(f"{name}={text}" for name, text in correction.key.items())
    held = f" with {correction.was!r} in {correction.column}" if correction.column else ""
    number = _rows(correction.rows)
    return Problem(
        file=entry,
        column=correction.column,
        value=_what_is_there(keyed, found, correction),
        expected=f"{number} of {correction.table} for {where}{held}",
        remedy=_REVISIT,
    )


def _what_is_there(keyed: pd.DataFrame, found: int, correction: Correction) -> str:
    """Say what stands where a correction does not fit: other cells, or another number of rows."""
    if found or keyed.empty or correction.column not in keyed:
        return _rows(found)
    cells = keyed[correction.column].fillna("")
    return ", ".join(f"{text} (row {row})" for row, text in zip(keyed[ROW], cells, strict=True))


def _rows(count: int) -> str:
    return f"{count} row{'s' * (count != 1)}"


def _twice(
    entry: str,
    origins: Sequence[str],
    correction: Correction,
    touched: Mapping[str, Mapping[str | None, str]],
) -> Problem | None:
    """Say which earlier correction touched the same cell, if any; a drop touches every cell."""
    for origin in origins:
        for column, first in touched.get(origin, {}).items():
            if column == correction.column or None in (column, correction.column):
                earlier, row = first.rpartition(", ")[2], origin.rpartition(":")[2]
                return Problem(
                    file=entry,
                    column=correction.column,
                    expected=f"each cell corrected once; {earlier} has row {row} already",
                    remedy="Keep one of them.",
                )
    return None


def _sorted_out(
    file: str,
    told: Sequence[Any],
    tables: Mapping[str, Table],
    sources: Collection[str],
) -> Corrections:
    """Part the entries that can be used from those at fault."""
    entries: dict[str, Correction] = {}
    problems: list[Problem] = []
    for number, record in enumerate(told, start=1):
        entry = f"{file}, entry {number}"
        try:
            correction = Correction.model_validate(record)
        except ValidationError as error:
            problems += malformed(entry, error, _ENTRY)
            continue
        faults = _unknown(entry, correction, tables, sources)
        problems += faults
        if not faults:
            entries[entry] = correction
    return Corrections(entries, tuple(problems))


def _unknown(
    entry: str, correction: Correction, tables: Mapping[str, Table], sources: Collection[str]
) -> list[Problem]:
    """Report names in a correction that the project does not know."""
    if correction.table not in tables:
        return [_unknown_name(entry, "table", correction.table, sorted(tables))]
    table = tables[correction.table]
    names = table.columns
    wrong = [
        _unknown_name(entry, "key", name, table.key)
        for name in correction.key
        if name not in table.key
    ]
    if correction.column and correction.column not in names:
        wrong.append(_unknown_name(entry, "column", correction.column, names))
    if sources and correction.evidence.source_id not in sources:
        wrong.append(
            _unknown_name(entry, "evidence", correction.evidence.source_id, sorted(sources))
        )
    return wrong


def _unknown_name(entry: str, what: str, name: str, known: Sequence[str]) -> Problem:
    expected = {
        "table": "a raw table",
        "key": "a column of the table's key",
        "column": "a column of the table",
        "evidence": "an id from the list of sources",
    }[what]
    return Problem(file=entry, column=what, value=name, expected=expected, remedy=hint(name, known))


def _unreadable(file: str, reason: str) -> Problem:
    return Problem(
        file=file,
        expected="a list of corrections in YAML",
        remedy=f"Correct the file: {reason}.",
    )
