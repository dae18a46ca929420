"""Support a kernel in which a person works: reload what is edited, make missing tables."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from critical_minerals.errors import StepError
from critical_minerals.language import catalogue
from critical_minerals.publish.cells import shell
from critical_minerals.workspace import Workspace


# Once for a kernel: each call would register the event again.
@cache
def stay_current() -> None:
    """Let the kernel reload edited texts and modules before each cell.

    IPython reloads modules (`%autoreload`) and prints which: functions, also those that a cell has
    imported by name, and methods are then the edited ones. Outside IPython this does nothing.
    """
    ipython = shell()
    if ipython is None:
        return
    ipython.run_line_magic("load_ext", "autoreload")
    ipython.run_line_magic("autoreload", "2 --print")
    ipython.events.register("pre_run_cell", _refresh)


def _refresh(_: object) -> None:
    catalogue.refresh()


def make_table(table: str, workspace: Workspace) -> None:
    """Run the pipeline to make a missing processed table, and print that it does.

    Raises `StepError` with the output of the pipeline where it fails.
    """
    command = ["pipeline.py", "--only", table]
    print(f"There is no table {table} yet. It is made: python {' '.join(command)}")  # noqa: T201
    result = subprocess.run(  # noqa: S603 - the project's own front door
        [sys.executable, *command],
        cwd=workspace.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise StepError(result.stderr.strip() or result.stdout.strip())
