"""What the person who runs the pipeline has confirmed: tables that may differ from the last run."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from critical_minerals.errors import UsageError, hint
from critical_minerals.workspace import Workspace, write_whole

EVERY: Final = "all"
"""Confirms whatever moved, in every table."""


@contextmanager
def confirming(workspace: Workspace, tables: Sequence[str]) -> Generator[None]:
    """Let some tables (or `all`) differ from the last good run, for as long as this run lasts.

    Notebooks run in processes of their own, so it is told through a file; no parameter changes, and
    no step runs again that would not run anyway. Raises `UsageError` for a table that no run wrote.
    """
    known = sorted(path.stem for path in workspace.processed.glob("*.csv"))
    for name in tables:
        if name not in {*known, EVERY}:
            msg = f"--confirm: no run has written a table {name!r}. {hint(name, [*known, EVERY])}"
            raise UsageError(msg)
    path = _file(workspace)
    try:
        if tables:
            write_whole(path, json.dumps(sorted(set(tables))) + "\n")
        yield
    finally:
        path.unlink(missing_ok=True)


def confirmed(workspace: Workspace) -> frozenset[str]:
    """Return the tables that the run under way was told to take as they are."""
    path = _file(workspace)
    return frozenset(json.loads(path.read_text("utf-8"))) if path.is_file() else frozenset()


def _file(workspace: Workspace) -> Path:
    return workspace.state / "confirmed.json"
