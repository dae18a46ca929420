"""Confirmations by the person who runs the pipeline: tables that may differ from the last run.

Whatever runs the notebooks of the report does so within `confirming`, even where nothing is
confirmed: a run that was killed cannot withdraw what was confirmed to it.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from critical_minerals.errors import UsageError, hint
from critical_minerals.review.findings import read_findings
from critical_minerals.workspace.paths import Workspace, write_whole
from critical_minerals.workspace.state_files import read_stored


@contextmanager
def confirming(workspace: Workspace, tables: Sequence[str] = ()) -> Generator[None]:
    """Let some tables differ from the last good run, for as long as this run lasts.

    Notebooks run in processes of their own, so the names are passed in a file; no parameter
    changes, and no step runs again that would not run anyway. The caller holds the lock of the
    workspace.

    Raises `UsageError` for a name that no check has asked to confirm.
    """
    path = _file(workspace)
    # Names that a killed run has left were confirmed to that run, and not to this one.
    path.unlink(missing_ok=True)
    check_confirmable(workspace, tables)
    try:
        if tables:
            write_whole(path, json.dumps(sorted(set(tables))) + "\n")
        yield
    finally:
        # A confirmation is for one run: the next one must ask again.
        path.unlink(missing_ok=True)


def check_confirmable(workspace: Workspace, tables: Sequence[str]) -> None:
    """Raise `UsageError` for a table that no check of the last run has asked to confirm.

    Whoever confirms a table must have seen what changed in it, so a check must have failed.
    """
    # Findings are read only where there is something to confirm: most runs have nothing.
    confirmable = _find_confirmable(workspace) if tables else []
    for name in tables:
        if name not in confirmable:
            remedy = (
                hint(name, confirmable) if confirmable else "No check of the last run asks for it."
            )
            msg = f"--confirm: there is nothing to confirm in {name!r}. {remedy}"
            raise UsageError(msg)


def confirmed(workspace: Workspace) -> frozenset[str]:
    """Return the tables that the current run accepts as they are; on a branch there are none.

    Briefs and drafts are no part of the run that was given the names.
    """
    if workspace.branch:
        return frozenset()
    return frozenset(read_stored(_file(workspace), [str], []))


def _find_confirmable(workspace: Workspace) -> list[str]:
    """Return the tables that the last checks found to differ from the last good run."""
    paths = (workspace.generated / "checks").glob("*.json")
    every = [read_findings(workspace, path.stem) for path in paths]
    return sorted(
        {
            result.table
            for findings in every
            if findings
            for result in findings.results
            # Confirmed ones too: where the run failed for another reason, it is repeated with them.
            if result.against_last and (result.problems or result.confirmed)
        }
    )


def _file(workspace: Workspace) -> Path:
    return workspace.state / "confirmed.json"
