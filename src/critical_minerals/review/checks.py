"""Checks of the input and output of each step, gathered so that all problems are reported at once.

The raw figures are checked by their own step (`check_raw`); each notebook keeps a `Ledger` of the
tables it reads and saves. The findings are written in every case, so that the report on checks
shows failures too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

import pandas as pd

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.language.catalogue import Text
from critical_minerals.raw.corrections import Correction
from critical_minerals.raw.descriptions import check_french
from critical_minerals.raw.store import RawStore
from critical_minerals.review import last_run
from critical_minerals.review.confirmation import confirmed
from critical_minerals.review.findings import (
    AppliedCorrection,
    ExcludedRows,
    Findings,
    RowReconciliation,
    forget_findings,
    missing_corrections,
    waiting_messages,
    write_findings,
)
from critical_minerals.review.reconciliation import merge_by_file, reconcile
from critical_minerals.tables import processed
from critical_minerals.tables.check_results import Kind, Result, some_of
from critical_minerals.tables.descriptors import Table
from critical_minerals.tables.lineage import marks, rows_by_file
from critical_minerals.workspace.parameters import LANGUAGES, Parameters, last_year_of
from critical_minerals.workspace.paths import Workspace

CHECK_STEP = "check"
"""Name of the step that checks the raw figures."""


def check_and_report(workspace: Workspace, as_of: dt.date) -> list[str]:
    """Check every raw table as `check_raw` does; return messages on rows after the report's day.

    Raises `FiguresError` with all problems.
    """
    waiting = check_raw(workspace, last_year_of(as_of)).waiting(as_of)
    return [*missing_corrections(workspace), *waiting_messages(waiting, as_of)]


def check_raw(workspace: Workspace, last_year: int) -> RawStore:
    """Check every raw table and correction, store the findings, and return the tables.

    No figure may be of a year after `last_year`. Raises `FiguresError` with all problems.
    """
    # If a check ends with an error, the findings of an earlier run must not pass for this one's.
    forget_findings(workspace, CHECK_STEP)
    store = RawStore(workspace, last_year)
    results = [*store.all_results(), *check_french(workspace, store.tables)]
    store.store_valid()
    corrected = {correction.table for correction in store.corrections.entries.values()}
    corrections = [
        correction for name in sorted(corrected) for correction in _applied_corrections(store, name)
    ]
    findings = Findings(
        step=CHECK_STEP, complete=True, results=tuple(results), corrections=tuple(corrections)
    )
    # Written before it raises: the report on checks is made of this file after a failure too.
    write_findings(workspace, findings)
    if findings.problems:
        raise FiguresError(findings.problems)
    return store


class Ledger:
    """The checks of one notebook and their findings."""

    def __init__(
        self, notebook: str, workspace: Workspace, parameters: Parameters, store: RawStore
    ) -> None:
        self._notebook, self._workspace = notebook, workspace
        self._parameters, self._store = parameters, store
        self._results: list[Result] = []
        self._excluded: dict[str, list[ExcludedRows]] = {}
        self._read: dict[str, None] = {}

    def reads(self, name: str) -> None:
        """Record that a raw table is read; raise `FiguresError` where it has problems."""
        if name in self._read:
            return
        results = self._store.results(name)
        self.add(results)
        if any(not result.good for result in results):
            self._fail()  # at once: a notebook cannot work with figures that are wrong
        self._read[name] = None

    def add(self, results: Iterable[Result]) -> None:
        """Record the results of some checks; failures are reported when the notebook ends.

        They are stored at once, since an error that follows from them would hide them.
        """
        new_results = [*results]
        self._results += new_results
        if any(not result.good for result in new_results):
            write_findings(self._workspace, self._findings((), complete=False))

    def shaped(self, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
        """Shape a processed table and record the results of its checks.

        Raises `FiguresError`, with all earlier findings, where the frame cannot be shaped.
        """
        try:
            known = self._store.known(table)
            ordered, results = processed.examine(table, frame, known)
        except FiguresError as error:
            self.add([_table_result(Kind.SCHEMA, table.name, len(frame), error.problems)])
            self._fail()
        self.add(results)
        return ordered

    def exclude(self, rows: pd.DataFrame, reason: Text) -> dict[str, tuple[int, ...]]:
        """Record raw rows that go into no saved table, and the reason; return them by file."""
        origins = marks(rows["origin"])
        reasons = {language: reason(language) for language in LANGUAGES}
        excluded: dict[str, tuple[int, ...]] = {}
        for file, numbers in sorted(rows_by_file(origins).items()):
            excluded[file] = tuple(sorted(numbers))
            self._excluded.setdefault(file, []).append(ExcludedRows(excluded[file], reasons))
        return excluded

    def close(self, saved: Mapping[str, tuple[Table, pd.DataFrame]]) -> None:
        """Reconcile every row, compare every table with the last good run, store the findings.

        Raises `FiguresError` with all problems of the notebook.
        """
        reconciliations, results = self._reconciliations([frame for _, frame in saved.values()])
        self.add(results)
        last = last_run.reference(self._workspace, self._notebook, self._parameters)
        deviations = [
            result
            for table_and_frame in saved.values()
            for result in last_run.compare(*table_and_frame, last)
        ]
        deviations += last_run.missing_tables(last, saved.keys())
        # Only deviations can be confirmed: a fault of another kind has to be corrected.
        self.add(last_run.accept_confirmed(deviations, confirmed(self._workspace)))
        findings = self._findings(reconciliations, complete=True)
        write_findings(self._workspace, findings)
        if findings.problems:
            raise FiguresError(findings.problems)

    def keep(self, tables: Iterable[Table]) -> None:
        """Store the tables that were written, as the reference for the next run."""
        last_run.store_tables(self._workspace, self._notebook, self._parameters, tables)

    def _reconciliations(
        self, frames: Sequence[pd.DataFrame]
    ) -> tuple[list[RowReconciliation], list[Result]]:
        """Reconcile the rows of every raw table, except for lookup tables."""
        used_rows = rows_by_file(mark for frame in frames for mark in marks(frame["origin"]))
        day = self._parameters.as_of
        pairs = merge_by_file(
            reconcile(
                name,
                disposition,
                used_rows.get(disposition.file, frozenset()),
                self._excluded.get(disposition.file, ()),
            )
            for name in self._read
            if not self._store.tables[name].lookup  # of a list of names most rows go unused
            for disposition in self._store.dispositions(name, day)
        )
        return [reconciliation for reconciliation, _ in pairs], [result for _, result in pairs]

    def _findings(
        self, reconciliations: Sequence[RowReconciliation], *, complete: bool
    ) -> Findings:
        day = self._parameters.as_of
        corrections = [
            correction
            for name in self._read
            for correction in _applied_corrections(self._store, name, day)
        ]
        return Findings(
            step=self._notebook,
            complete=complete,
            as_of=self._parameters.as_of.isoformat(),
            results=tuple(self._results),
            reconciliations=tuple(reconciliations),
            corrections=tuple(corrections),
        )

    def _fail(self) -> NoReturn:
        """Store the findings so far and raise `FiguresError` with all problems."""
        findings = self._findings((), complete=False)
        write_findings(self._workspace, findings)
        raise FiguresError(findings.problems)


def failed_rows(
    table: Table,
    rows: pd.DataFrame,
    checked: int,
    kind: Kind,
    expected: str,
    column: str | None = None,
) -> Result:
    """Turn rows that break a rule into the result of a check; no rows, no problem.

    Each problem names the row by its key, the cell of `column` if one is given, and the raw rows.
    """
    problems = [
        Problem(
            file=f"table {table.name} ({_format_key(table, record)})",
            column=column,
            value=_format_cell(record, column),
            expected=expected,
            remedy="Look at the rows behind it, and at the step that makes them.",
        )
        for record in rows.to_dict("records")
    ]
    # The report adds up `columns` by kind: of sums these are the totals, and a rule over rows of
    # another kind adds none.
    columns = checked if kind is Kind.SUMS else 0
    return replace(_table_result(kind, table.name, checked, problems), columns=columns)


def _format_key(table: Table, record: Mapping[Hashable, Any]) -> str:
    # A frame may lack the key of its table: then its first columns have to name the row.
    names = [name for name in table.key if name in record] or [*record][:3]
    return ", ".join(f"{name}={record[name]}" for name in names)


def _format_cell(record: Mapping[Hashable, Any], column: str | None) -> str | None:
    """Write the value of a cell, and the raw rows behind it."""
    origin = f"({some_of(str(record['origin']))})" if "origin" in record else ""
    cell = f"{record[column]}" if column in record else ""
    return f"{cell} {origin}".strip() or None


def _table_result(kind: Kind, table: str, rows: int, problems: Iterable[Problem]) -> Result:
    return Result(kind=kind, end="processed", table=table, rows=rows, problems=tuple(problems))


def _applied_corrections(
    store: RawStore, name: str, as_of: dt.date | None = None
) -> list[AppliedCorrection]:
    """List the corrections applied to one raw table, those known on a day."""
    applied: dict[int, tuple[Correction, list[str]]] = {}
    for origin, corrections in store.corrections_made(name, as_of).items():
        for correction in corrections:
            # By identity: a correction holds a mapping, cannot be hashed, and may touch many rows.
            applied.setdefault(id(correction), (correction, []))[1].append(origin)
    return [
        AppliedCorrection(
            table=name,
            file=file,
            rows=tuple(sorted(numbers)),
            column=correction.column,
            was=correction.was,
            value=correction.value,
            reason={"en": correction.reason, "fr": correction.reason_fr},
            source_id=correction.evidence.source_id,
            place=correction.evidence.place,
        )
        for correction, origins in applied.values()
        for file, numbers in rows_by_file(origins).items()
    ]
