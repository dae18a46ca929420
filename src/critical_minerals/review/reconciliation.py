"""No row is dropped in silence: rows in = rows out + rows left out for a stated reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from critical_minerals.checking import Kind, Result
from critical_minerals.errors import Problem
from critical_minerals.language.ranges import ranges
from critical_minerals.raw.store import RowDisposition
from critical_minerals.review.findings import ExcludedRows, RowReconciliation
from critical_minerals.tables.lineage import file_of


def reconcile(
    table: str, standing: RowDisposition, used: Collection[int], excluded: Sequence[ExcludedRows]
) -> tuple[RowReconciliation, Result]:
    """Reconcile every row of one raw table that a notebook read, in spreadsheet rows.

    `used` are the rows on which some saved table rests. A row that is neither used nor left out is
    a problem, and so is one that is said to be left out and is used all the same.
    """
    named = {row for one in excluded for row in one.rows}
    seen = set(standing.seen)
    faults = [
        _problem(standing.file, seen - set(used) - named, _LOST, _EXPLAIN),
        _problem(standing.file, named & set(used), _CONTRADICTED, _DECIDE),
    ]
    told = RowReconciliation(
        table=table,
        file=standing.file,
        rows=len(seen) + len(standing.later) + len(standing.superseded) + len(standing.dropped),
        later=len(standing.later),
        superseded=len(standing.superseded),
        dropped=len(standing.dropped),
        used=len(seen & set(used)),
        excluded=tuple(excluded),
    )
    problems = tuple(fault for fault in faults if fault)
    return told, Result(kind=Kind.ROWS, end="raw", table=table, rows=len(seen), problems=problems)


def merged_by_file(
    accounts: Iterable[tuple[RowReconciliation, Result]],
) -> list[tuple[RowReconciliation, Result]]:
    """Put the accounts of one file into one: it may hold a table's rows in many places.

    A row that holds figures in several columns counts once for each.
    """
    found: dict[tuple[str, str], tuple[RowReconciliation, Result]] = {}
    for one, result in accounts:
        of = (one.table, file_of(one.file))
        account, before = found.get(of, (replace(one, file=of[1]), result))
        if of in found:
            counts = ("rows", "later", "superseded", "dropped", "used")
            sums = {name: getattr(account, name) + getattr(one, name) for name in counts}
            excluded = _by_reason([*account.excluded, *one.excluded])
            account = replace(account, **sums, excluded=excluded)
            problems = (*before.problems, *result.problems)
            before = replace(before, rows=before.rows + result.rows, problems=problems)
        found[of] = account, before
    return [*found.values()]


def _by_reason(excluded: Iterable[ExcludedRows]) -> tuple[ExcludedRows, ...]:
    rows: dict[str, ExcludedRows] = {}
    for one in excluded:
        told = rows.get(one.reason["en"], ExcludedRows((), one.reason))
        rows[one.reason["en"]] = ExcludedRows(tuple(sorted((*told.rows, *one.rows))), one.reason)
    return tuple(rows.values())


_LOST = "every row that is read in a saved table, or left out for a stated reason"
_EXPLAIN = "Find the cleaning step that loses it, or state the reason: nb.exclude(rows, reason)."
_CONTRADICTED = "rows that are said to be left out in no saved table"
_DECIDE = "Leave out only what no saved table rests on."


def _problem(file: str, rows: Collection[int], expected: str, remedy: str) -> Problem | None:
    """Name the rows of one fault; a single row in the way of all other problems."""
    if not rows:
        return None
    if len(rows) == 1:
        return Problem(file=file, row=min(rows), expected=expected, remedy=remedy)
    told = f"rows {ranges(rows)} ({len(rows)} rows)"
    return Problem(file=file, value=told, expected=expected, remedy=remedy)
