"""The kernel in which a notebook runs: its running cell, and what a person edits meanwhile."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import StepError
from critical_minerals.language import catalogue
from critical_minerals.workspace.notebook_file import read_cells
from critical_minerals.workspace.paths import Workspace

_INJECTED: Final = "# Parameters\n"
"""The first line of the cell in which papermill gives parameters."""


def running_cell(notebook: Path) -> str:
    """Return the id of the cell that runs, as the saved notebook holds it.

    A cell is known by its source, which papermill and JupyterLab both keep. Outside a notebook, or
    in a cell that has not been saved, the result is empty.
    """
    sources = _executed_sources()
    if not sources or not notebook.is_file():
        return ""
    modified_ns = notebook.stat().st_mtime_ns
    return _cell_ids(notebook, modified_ns).get(sources[-1].strip(), "")


def injected_source() -> str:
    """Return the source of the cell in which papermill gives parameters; nothing without one."""
    return next(
        (source for source in reversed(_executed_sources()) if source.startswith(_INJECTED)), ""
    )


def _executed_sources() -> list[str]:
    """Return the sources of the executed cells, the running one last."""
    history = getattr(shell(), "history_manager", None)
    return [*history.input_hist_raw] if history else []


def shell() -> Any:
    """Return the shell of IPython where there is one, without importing IPython elsewhere."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


@cache
def _cell_ids(notebook: Path, modified_ns: int) -> dict[str, str]:
    """Read the ids of a notebook's cells by their sources; `modified_ns` is the version."""
    del modified_ns
    return {"".join(cell["source"]).strip(): cell["id"] for cell in read_cells(notebook)}


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
    ipython.events.register("pre_run_cell", _refresh_texts)


def _refresh_texts(_: object) -> None:
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
