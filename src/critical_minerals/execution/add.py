"""Add files: identify each, show what it changes, ask for confirmation, and file it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from critical_minerals.errors import UsageError
from critical_minerals.execution.as_of import Steps
from critical_minerals.execution.as_of import preview as changes_if_added
from critical_minerals.execution.meter import meter
from critical_minerals.execution.progress import Progress
from critical_minerals.parameters import Parameters
from critical_minerals.raw.adding import Addition, AddOptions, addition
from critical_minerals.workspace import Workspace


def add_files(
    workspace: Workspace,
    steps: Steps,
    files: Sequence[Path],
    options: AddOptions,
    out: Console,
    *,
    yes: bool,
    preview: Parameters | None,
) -> None:
    """Add files one after the other.

    Each is added before the next is read, which may build on it. With `preview`, the parameters of
    a run, nothing is added. Raises `UsageError` where a confirmation is needed and there is no
    terminal.
    """
    for file in files:
        with meter(out, file.name) as on_progress:
            proposed = addition(workspace, file, options, on_progress)
        _print_addition(proposed, out)
        if not proposed.files:
            out.print("  Nothing to add.")
        elif preview:
            for line in changes_if_added(workspace, steps, preview, Progress(out), proposed.write):
                out.print(f"  {escape(line)}")
            out.print("  A preview: nothing was added.")
        elif yes or _confirm(file):
            # The lock only here: nobody should have to wait for an answer to the question above.
            with workspace.lock():
                proposed.write(workspace)
            out.print("  Added. python pipeline.py makes the report anew.")
        else:
            out.print("  Nothing was added.")


def _print_addition(proposed: Addition, out: Console) -> None:
    out.print(escape(proposed.path.name), style="bold")
    for line in proposed.description:
        out.print(f"  {escape(line)}.")
    for table in proposed.tables:
        counts = f"{table.added:,} added, {table.revised:,} revised, {table.unchanged:,} unchanged"
        out.print(f"  {escape(table.table)}: rows {counts}")
        for line in table.revisions:
            out.print(f"    {escape(line)}")


def _confirm(file: Path) -> bool:
    if not sys.stdin.isatty():
        msg = f"Nothing was added: nobody is there to be asked about {file.name}. Say --yes to add."
        raise UsageError(msg)
    return typer.confirm("  Add it?", default=False)
