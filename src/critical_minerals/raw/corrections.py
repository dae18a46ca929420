"""Corrections of what a source prints wrongly, stored apart from the figures, with their evidence.

A raw table holds what its source states. Where that is demonstrably wrong,
`data/raw/corrections.yml` names the row, the printed cell (`was`), the right cell (`value`), the
reason, and the source that shows it:

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
report as of an earlier day shows what was printed, as it would have shown it then.

`key` may name only some columns of the table's key; then `rows` is the number of rows with these
cells that hold `was`. A correction that finds another number fails: it is out of date.
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
from pydantic import Field, ValidationError, model_validator

from critical_minerals.errors import Problem, hint
from critical_minerals.readers.settings import Settings, read_settings
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.tables.cells import FIRST_YEAR, year_expected
from critical_minerals.tables.descriptors import Table, entry_problems, one_line
from critical_minerals.workspace.paths import Workspace

NAME: Final = "corrections.yml"
_EMPTY_FILE: Final = "it is empty; restore it, or write [] into it if there is nothing to correct"
_REVISIT: Final = "Look at the row again; change this correction, or remove it."


class Evidence(Settings):
    """The source that shows what is right, and where in it."""

    source_id: str = Field(min_length=1)
    place: str = Field(min_length=1)


class Correction(Settings):
    """One correction: `set` replaces a cell, `drop` removes rows."""

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
    def _check_action(self) -> Self:
        present = [name for name in ("column", "was", "value") if getattr(self, name) is not None]
        if self.action == "set" and len(present) < len(("column", "was", "value")):
            msg = "to set a value, give column, was and value"
            raise ValueError(msg)
        if self.action == "drop" and present:
            msg = f"to drop a row, leave out {' and '.join(present)}"
            raise ValueError(msg)
        return self

    def known(self, day: dt.date | None) -> bool:
        """Return whether the correction was known on a day; without a day, always true."""
        return day is None or self.known_since is None or self.known_since <= day


_ENTRY_FIELDS: Final = f"An entry has: {', '.join(Correction.model_fields)}."


@dataclass(frozen=True)
class Corrections:
    """All corrections of a workspace, by the name of their entry, and problems of other entries."""

    entries: Mapping[str, Correction] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def of(self, table: str, day: dt.date | None = None) -> dict[str, Correction]:
        """Return the corrections of one table, those known on a day, by the name of their entry."""
        of_table = {name: one for name, one in self.entries.items() if one.table == table}
        return {name: one for name, one in of_table.items() if one.known(day)}


@dataclass(frozen=True)
class Corrected:
    """A table with its corrections applied.

    `made` holds the corrections of each row (`file:row`) that has any, rows in `dropped` included.
    """

    cells: pd.DataFrame
    made: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def read_corrections(
    workspace: Workspace,
    tables: Mapping[str, Table],
    sources: Collection[str],
    last_year: int,
) -> Corrections:
    """Read `data/raw/corrections.yml`; each invalid entry is a problem of its own.

    Without the file there is nothing to correct; an empty one is damaged. One that would be known
    only after `last_year` is a fault: it would wait for its day for ever.
    """
    path = workspace.raw / NAME
    if not path.is_file():
        return Corrections()
    file = workspace.relative(path)
    try:
        # Read every cell as text, since `was` is compared with text: no days, numbers or booleans.
        records = read_settings(path, as_written=True)
    except yaml.YAMLError as error:
        return Corrections(problems=(_unreadable(file, one_line(error)),))
    if records is None or records == "":
        # A killed editor or a full disk leaves an empty file; read as "no corrections" it would
        # undo all of them unnoticed.
        return Corrections(problems=(_unreadable(file, _EMPTY_FILE),))
    if not isinstance(records, list):
        return Corrections(problems=(_unreadable(file, "it is not a list of corrections"),))
    return _validate_entries(file, records, tables, sources, last_year)


def apply_corrections(cells: pd.DataFrame, corrections: Mapping[str, Correction]) -> Corrected:
    """Apply the corrections of one table to its text cells, each to what the file holds.

    Two kinds are not applied and become problems: a correction whose rows are missing or hold
    another text than `was`, and one that touches a cell that an earlier correction has changed.
    """
    result, made = cells.copy(), dict[str, tuple[Correction, ...]]()
    touched, problems = dict[str, dict[str | None, str]](), list[Problem]()
    origins = origins_of(cells)
    for entry, correction in corrections.items():
        with_key = _match_rows(cells, _key_cells(correction))
        # Compare with the cells of the file and not with `result`: the order of entries in the file
        # must not matter.
        matching = with_key & _match_rows(cells, _old_cells(correction))
        rows = [*origins[matching]]
        problem = _check_rows_found(entry, cells[with_key], len(rows), correction)
        problem = problem or _check_overlap(entry, rows, correction, touched)
        if problem:
            problems.append(problem)
            continue
        for row in rows:
            # A drop has no column: it is stored under None, which `_check_overlap` takes for all.
            touched.setdefault(row, {})[correction.column] = entry
        made |= {row: (*made.get(row, ()), correction) for row in rows}
        if correction.column is not None:
            # An empty `value` clears the cell.
            result.loc[matching, correction.column] = correction.value or pd.NA
    # Remove rows last: masks of later corrections are aligned with all rows of the file.
    dropped = frozenset(row for row, columns in touched.items() if None in columns)
    remaining = result[~origins.isin(dropped)].reset_index(drop=True)
    return Corrected(remaining, made, dropped, tuple(problems))


def origins_of(cells: pd.DataFrame, file: str = "") -> pd.Series:
    """Return the origin of each row of text cells, such as `data/raw/funding/awards.csv:14`.

    The column FILE names the file of each row where there are several; else it is `file`.
    """
    files = cells[FILE] if FILE in cells else pd.Series(file, index=cells.index)
    return files.astype("str") + ":" + cells[ROW].astype("str")


def _key_cells(correction: Correction) -> dict[str, str]:
    """Return the cells that identify the rows of a correction, by column."""
    return correction.key | ({"as_of": correction.as_of} if correction.as_of else {})


def _old_cells(correction: Correction) -> dict[str, str]:
    """Return the cells that a correction replaces, by column: one, or none for a drop."""
    return {correction.column: correction.was or ""} if correction.column else {}


def _match_rows(cells: pd.DataFrame, expected: Mapping[str, str]) -> pd.Series:
    """Return a mask of the rows that hold the expected text in each column; blank is ''."""
    # A missing column is reported by the check of the table; here no row matches.
    if not set(expected) <= set(cells.columns):
        return pd.Series(data=False, index=cells.index)
    same = (cells[name].fillna("").astype(str) == text for name, text in expected.items())
    return reduce(operator.and_, same, pd.Series(data=True, index=cells.index))


def _check_rows_found(
    entry: str, with_key: pd.DataFrame, found: int, correction: Correction
) -> Problem | None:
    """Return a problem where a correction finds another number of rows than it states.

    `with_key` are the rows with its key, `found` is how many of them hold the old cell.
    """
    if found == correction.rows:
        return None
    key = ", ".join(f"{name}={text}" for name, text in correction.key.items())
    old_cell = f" with {correction.was!r} in {correction.column}" if correction.column else ""
    count = _count_rows(correction.rows)
    return Problem(
        file=entry,
        column=correction.column,
        value=_describe_found(with_key, found, correction),
        expected=f"{count} of {correction.table} for {key}{old_cell}",
        remedy=_REVISIT,
    )


def _describe_found(with_key: pd.DataFrame, found: int, correction: Correction) -> str:
    """Describe what a correction found: the other cells of its rows, or the number of rows."""
    # Cells are shown only where none matched; where some did, their number is what is wrong.
    if found or with_key.empty or correction.column not in with_key:
        return _count_rows(found)
    cells = with_key[correction.column].fillna("")
    return ", ".join(f"{text} (row {row})" for row, text in zip(with_key[ROW], cells, strict=True))


def _count_rows(count: int) -> str:
    return f"{count} row{'s' * (count != 1)}"


def _check_overlap(
    entry: str,
    origins: Sequence[str],
    correction: Correction,
    touched: Mapping[str, Mapping[str | None, str]],
) -> Problem | None:
    """Return a problem where an earlier correction touched the same cell; a drop touches all."""
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


def _validate_entries(
    file: str,
    records: Sequence[Any],
    tables: Mapping[str, Table],
    sources: Collection[str],
    last_year: int,
) -> Corrections:
    """Split records into valid corrections and problems of the others."""
    entries: dict[str, Correction] = {}
    problems: list[Problem] = []
    for number, record in enumerate(records, start=1):
        entry = f"{file}, entry {number}"
        try:
            correction = Correction.model_validate(record)
        except ValidationError as error:
            problems += entry_problems(entry, error, _ENTRY_FIELDS)
            continue
        invalid = _check_names(entry, correction, tables, sources)
        invalid += _check_day(entry, correction.known_since, last_year)
        problems += invalid
        if not invalid:
            entries[entry] = correction
    return Corrections(entries, tuple(problems))


def _check_names(
    entry: str, correction: Correction, tables: Mapping[str, Table], sources: Collection[str]
) -> list[Problem]:
    """Return a problem for each name in a correction that the project does not have."""
    # Without its table no other name can be checked.
    if correction.table not in tables:
        return [_unknown_name(entry, "table", correction.table, sorted(tables))]
    table = tables[correction.table]
    columns = table.columns
    problems = [
        _unknown_name(entry, "key", name, table.key)
        for name in correction.key
        if name not in table.key
    ]
    if correction.column and correction.column not in columns:
        problems.append(_unknown_name(entry, "column", correction.column, columns))
    # `sources` is empty where their list is damaged, which has a problem of its own.
    if sources and correction.evidence.source_id not in sources:
        problems.append(
            _unknown_name(entry, "evidence", correction.evidence.source_id, sorted(sources))
        )
    return problems


def _check_day(entry: str, day: dt.date | None, last_year: int) -> list[Problem]:
    """Return a problem for a day whose year is mistyped."""
    if day is None or FIRST_YEAR <= day.year <= last_year:
        return []
    expected, remedy = year_expected(last_year)
    value = day.isoformat()
    return [
        Problem(file=entry, column="known_since", value=value, expected=expected, remedy=remedy)
    ]


def _unknown_name(entry: str, part: str, name: str, known: Sequence[str]) -> Problem:
    expected = {
        "table": "a raw table",
        "key": "a column of the table's key",
        "column": "a column of the table",
        "evidence": "an id from the list of sources",
    }[part]
    return Problem(file=entry, column=part, value=name, expected=expected, remedy=hint(name, known))


def _unreadable(file: str, reason: str) -> Problem:
    return Problem(
        file=file,
        expected="a list of corrections in YAML",
        remedy=f"Correct the file: {reason}.",
    )
