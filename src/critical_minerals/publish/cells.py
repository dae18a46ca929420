"""Find out about the running notebook: the cell that runs, and what papermill has injected."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

from critical_minerals.notebook_file import read_cells

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
