"""The findings of one step's checks, stored in a file whether the step succeeded or not.

The module imports little on purpose: the report on checks is written after every run, also after
one that failed before it loaded anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from critical_minerals.errors import Problem
from critical_minerals.tables.check_results import Result, problems_of
from critical_minerals.workspace.paths import Workspace, write_whole
from critical_minerals.workspace.state_files import read_stored

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_NAMED_TABLES: Final = 3
"""Tables with waiting rows to name; more are counted, as for a report of an earlier day."""


@dataclass(frozen=True)
class ExcludedRows:
    """Raw rows of one file that a notebook excludes, with the reason by language."""

    rows: tuple[int, ...]
    reason: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class RowReconciliation:
    """The disposition of every row of a raw table that a notebook read.

    `rows` are all in the file; `later` were not public yet, `superseded` were replaced by a
    revision, `dropped` were removed by a correction; of the rest, `used` are in a saved table.
    """

    table: str
    file: str
    rows: int
    later: int
    superseded: int
    dropped: int
    used: int
    excluded: tuple[ExcludedRows, ...] = ()

    @property
    def read(self) -> int:
        """Rows that the notebook read."""
        return self.rows - self.later - self.superseded - self.dropped

    @property
    def left(self) -> int:
        """Rows that it excluded for a stated reason."""
        return sum(len(group.rows) for group in self.excluded)


@dataclass(frozen=True, kw_only=True)
class AppliedCorrection:
    """A correction that was applied: the old value, the new value and the evidence."""

    table: str
    file: str
    rows: tuple[int, ...]
    column: str | None
    was: str | None
    value: str | None
    reason: Mapping[str, str]
    source_id: str
    place: str


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All findings of one step; `complete` once it ran to its end, with or without problems."""

    step: str
    complete: bool
    as_of: str = ""
    results: tuple[Result, ...] = ()
    reconciliations: tuple[RowReconciliation, ...] = ()
    corrections: tuple[AppliedCorrection, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, each once, in the order of the tables."""
        return problems_of(self._ordered)

    @property
    def _ordered(self) -> list[Result]:
        return sorted(
            self.results, key=lambda result: (result.end != "raw", result.table, result.kind)
        )

    def in_order(self) -> Self:
        """Return the same findings, sorted."""
        return replace(
            self,
            results=tuple(self._ordered),
            reconciliations=tuple(sorted(self.reconciliations, key=lambda one: one.file)),
            corrections=tuple(sorted(self.corrections, key=lambda one: (one.file, one.rows))),
        )


def findings_file(workspace: Workspace, step: str) -> Path:
    """Return the file in which the findings of a step are stored."""
    return workspace.generated / "checks" / f"{step}.json"


def write_findings(workspace: Workspace, findings: Findings) -> None:
    """Store the findings of a step."""
    # Sorted, so that equal findings make equal bytes in whatever order the checks ran.
    text = _adapter().dump_json(findings.in_order(), indent=1, exclude_defaults=True)
    write_whole(findings_file(workspace, findings.step), text + b"\n")


def read_findings(workspace: Workspace, step: str) -> Findings | None:
    """Return the findings of a step's last run, if it came to any."""
    path = findings_file(workspace, step)
    try:
        return _adapter().validate_json(path.read_bytes()) if path.is_file() else None
    except ValueError:  # written by another version, with which its step runs again anyway
        return None


@cache
def _adapter() -> TypeAdapter[Findings]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - most runs read no findings

    return TypeAdapter(Findings)


def forget_findings(workspace: Workspace, step: str) -> None:
    """Remove the findings of a step's earlier run, so that nobody takes them for this run's."""
    findings_file(workspace, step).unlink(missing_ok=True)


def waiting_messages(later: Mapping[str, int], as_of: dt.date) -> list[str]:
    """Write messages on tables with rows that are dated after the report's day.

    >>> waiting_messages({"funding/awards": 1}, dt.date(2026, 9, 30))[0][:64]
    '1 row of funding/awards is dated after 2026-09-30 and waits. To '
    """
    if not later:
        return []
    if len(later) > _NAMED_TABLES:
        tables = f"{len(later)} tables"
        return [f"{_count_rows(sum(later.values()))} of {tables} are dated after {as_of} and wait."]
    messages = [
        f"{_count_rows(count)} of {table} {'is' if count == 1 else 'are'} dated after {as_of} "
        f"and wait{'s' * (count == 1)}."
        for table, count in sorted(later.items())
    ]
    return [
        *messages[:-1],
        f"{messages[-1]} To let them in: --as-of DAY, or as_of in parameters.toml.",
    ]


def stored_waiting_messages(
    workspace: Workspace, steps: Iterable[str], as_of: dt.date
) -> list[str]:
    """Write messages on waiting rows, from the findings of some steps as of a day."""
    # Read as plain JSON: every run asks for this, and most would load pydantic for it alone.
    paths = (findings_file(workspace, step) for step in steps)
    # Findings without a day or without reconciliations have neither member.
    shape = {"as_of": str, "reconciliations": [{"table": str, "later": int}]}
    contents = [content for path in paths if (content := read_stored(path, shape))]
    as_of_day = [content for content in contents if content["as_of"] == f"{as_of}"]
    reconciliations = (
        reconciliation for content in as_of_day for reconciliation in content["reconciliations"]
    )
    waiting_rows = {
        reconciliation["table"]: reconciliation["later"]
        for reconciliation in reconciliations
        if reconciliation["later"]
    }
    messages = waiting_messages(waiting_rows, as_of)
    return [*missing_corrections(workspace), *messages] if as_of_day else messages


def missing_corrections(workspace: Workspace) -> list[str]:
    """Write a message if there is no file of corrections: then figures are as printed."""
    path = workspace.raw / "corrections.yml"
    if path.is_file():
        return []
    file = workspace.relative(path)
    message = (
        f"{file} is not there: no figure is corrected. Bring it back (git checkout {file}), or "
        "write [] in it if there is nothing to correct."
    )
    return [message]


def _count_rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
