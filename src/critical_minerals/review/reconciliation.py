"""No row is lost silently: rows read = rows used + rows excluded for a stated reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from critical_minerals.errors import Problem
from critical_minerals.language.ranges import ranges
from critical_minerals.raw.store import RowDisposition
from critical_minerals.review.findings import ExcludedRows, RowReconciliation
from critical_minerals.tables.check_results import Kind, Result
from critical_minerals.tables.lineage import file_of


def reconcile(
    table: str, disposition: RowDisposition, used: Collection[int], excluded: Sequence[ExcludedRows]
) -> tuple[RowReconciliation, Result]:
    """Reconcile every row of one raw table that a notebook read, in spreadsheet rows.

    `used` are the rows behind some saved table. A row that is neither used nor excluded is a
    problem, and so is one that is both.
    """
    named_rows = {row for group in excluded for row in group.rows}
    read_rows = set(disposition.seen)
    # Two faults: a row that got lost on the way, and a reason that contradicts a saved table.
    candidates = [
        _problem(disposition.file, read_rows - set(used) - named_rows, _LOST, _EXPLAIN),
        _problem(disposition.file, named_rows & set(used), _CONTRADICTED, _DECIDE),
    ]
    reconciliation = RowReconciliation(
        table=table,
        file=disposition.file,
        rows=len(read_rows)
        + len(disposition.later)
        + len(disposition.superseded)
        + len(disposition.dropped),
        later=len(disposition.later),
        superseded=len(disposition.superseded),
        dropped=len(disposition.dropped),
        used=len(read_rows & set(used)),
        excluded=tuple(excluded),
    )
    problems = tuple(problem for problem in candidates if problem)
    return reconciliation, Result(
        kind=Kind.ROWS, end="raw", table=table, rows=len(read_rows), problems=problems
    )


def merge_by_file(
    pairs: Iterable[tuple[RowReconciliation, Result]],
) -> list[tuple[RowReconciliation, Result]]:
    """Merge the reconciliations of one file, which may hold rows of a table in several places.

    A row that holds figures in several columns counts once for each.
    """
    merged: dict[tuple[str, str], tuple[RowReconciliation, Result]] = {}
    for reconciliation, result in pairs:
        # An official archive has many members and columns; a reader looks for one file.
        key = (reconciliation.table, file_of(reconciliation.file))
        total, total_result = merged.get(key, (replace(reconciliation, file=key[1]), result))
        if key in merged:
            counts = ("rows", "later", "superseded", "dropped", "used")
            sums = {name: getattr(total, name) + getattr(reconciliation, name) for name in counts}
            excluded = _merge_by_reason([*total.excluded, *reconciliation.excluded])
            total = replace(total, **sums, excluded=excluded)
            problems = (*total_result.problems, *result.problems)
            total_result = replace(
                total_result, rows=total_result.rows + result.rows, problems=problems
            )
        merged[key] = total, total_result
    return [*merged.values()]


def _merge_by_reason(excluded: Iterable[ExcludedRows]) -> tuple[ExcludedRows, ...]:
    # The English text identifies the reason: every reason has one, as a localized text.
    groups: dict[str, ExcludedRows] = {}
    for group in excluded:
        earlier = groups.get(group.reason["en"], ExcludedRows((), group.reason))
        groups[group.reason["en"]] = ExcludedRows(
            tuple(sorted((*earlier.rows, *group.rows))), group.reason
        )
    return tuple(groups.values())


_LOST = "every row that is read in a saved table, or excluded for a stated reason"
_EXPLAIN = "Find the cleaning step that loses it, or state the reason: nb.exclude(rows, reason)."
_CONTRADICTED = "excluded rows in no saved table"
_DECIDE = "Exclude only what no saved table is based on."


def _problem(file: str, rows: Collection[int], expected: str, remedy: str) -> Problem | None:
    """Return the problem of some rows, if there are any."""
    if not rows:
        return None
    if len(rows) == 1:  # with its number in the field for it, as in every other problem
        return Problem(file=file, row=min(rows), expected=expected, remedy=remedy)
    row_text = f"rows {ranges(rows)} ({len(rows)} rows)"
    return Problem(file=file, value=row_text, expected=expected, remedy=remedy)
