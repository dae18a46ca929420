"""A kernel in which a person works: what is edited reaches its next cell, what lacks is made."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from critical_minerals.errors import StepError
from critical_minerals.language import catalogue
from critical_minerals.publish.cells import shell
from critical_minerals.workspace import Workspace


@cache
def stay_current() -> None:
    """Let the kernel read again, before each cell, texts and modules that were edited.

    Of modules IPython does that (`%autoreload`), and says which: functions, also those that a cell
    has imported by name, and methods are then the edited ones. Outside IPython there is nothing to
    do.
    """
    running = shell()
    if running is None:
        return
    running.run_line_magic("load_ext", "autoreload")
    running.run_line_magic("autoreload", "2 --print")
    running.events.register("pre_run_cell", _refresh)


def _refresh(_: object) -> None:
    catalogue.refresh()


def make_table(table: str, workspace: Workspace) -> None:
    """Let the pipeline make a processed table that is not there yet, saying so.

    Raises `StepError` with what the pipeline told where it could not.
    """
    command = ["pipeline.py", "--only", table]
    print(f"There is no table {table} yet. It is made: python {' '.join(command)}")  # noqa: T201
    done = subprocess.run(  # noqa: S603 - the project's own front door
        [sys.executable, *command],
        cwd=workspace.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StepError(done.stderr.strip() or done.stdout.strip())
