"""Add files: identify each, show what it changes, ask for confirmation, and file it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from critical_minerals.errors import UsageError
from critical_minerals.execution.as_of import Steps, preview
from critical_minerals.execution.meter import meter
from critical_minerals.execution.progress import Progress
from critical_minerals.raw.adding import Addition, AddOptions, addition
from critical_minerals.workspace.parameters import Parameters
from critical_minerals.workspace.paths import Workspace


@dataclass(frozen=True)
class Adder:
    """Adds files to the raw figures; with `yes` without asking.

    With `preview`, the parameters of a run, it says what would change and adds nothing.
    """

    workspace: Workspace
    steps: Steps
    out: Console
    yes: bool = False
    preview: Parameters | None = None

    def add(self, files: Sequence[Path], options: AddOptions) -> None:
        """Add files one after the other: each before the next is read, which may build on it.

        Raises `UsageError` where a confirmation is needed and there is no terminal.
        """
        for file in files:
            with meter(self.out, file.name) as on_progress:
                proposed = addition(self.workspace, file, options, on_progress)
            _print_addition(proposed, self.out)
            if not proposed.files:
                self.out.print("  Nothing to add.")
            elif self.preview:
                self._print_effects(proposed, self.preview)
            elif self.yes or _confirm(file):
                # The lock only here: nobody should have to wait for an answer to the question.
                with self.workspace.lock():
                    proposed.write(self.workspace)
                self.out.print("  Added. python pipeline.py makes the report anew.")
            else:
                self.out.print("  Nothing was added.")

    def _print_effects(self, proposed: Addition, parameters: Parameters) -> None:
        progress = Progress(self.out)
        for line in preview(self.workspace, self.steps, parameters, progress, proposed.write):
            self.out.print(f"  {escape(line)}")
        self.out.print("  A preview: nothing was added.")


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
