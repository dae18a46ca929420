"""What the running notebook says of its cells: which one runs, and what papermill put in."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

from critical_minerals.notebook_file import read_cells

_INJECTED: Final = "# Parameters\n"
"""How papermill begins the cell in which it gives parameters."""


def running_cell(notebook: Path) -> str:
    """Return the id of the cell that runs, as the saved notebook holds it.

    A cell is known by its source, which papermill and JupyterLab both keep. Outside a notebook, or
    in a cell that has not been saved, there is nothing to name.
    """
    run = _run()
    if not run or not notebook.is_file():
        return ""
    changed = notebook.stat().st_mtime_ns
    return _cells(notebook, changed).get(run[-1].strip(), "")


def injected_source() -> str:
    """Return the source of the cell in which papermill gives parameters; nothing without one."""
    return next((source for source in reversed(_run()) if source.startswith(_INJECTED)), "")


def _run() -> list[str]:
    """Return the sources of the cells that were run, the running one last."""
    history = getattr(shell(), "history_manager", None)
    return [*history.input_hist_raw] if history else []


def shell() -> Any:
    """Return the shell of IPython where there is one; nothing else needs IPython's import."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


@cache
def _cells(notebook: Path, changed: int) -> dict[str, str]:
    """Read the ids of a notebook's cells by their sources; `changed` tells versions apart."""
    del changed
    return {"".join(cell["source"]).strip(): cell["id"] for cell in read_cells(notebook)}
