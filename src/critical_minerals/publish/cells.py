"""Which cell of a notebook is running: lineage names it by its id."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path


def running_cell(notebook: Path) -> str:
    """Return the id of the cell that runs, as the saved notebook holds it.

    A cell is known by its source, which papermill and JupyterLab both keep. Outside a notebook, or
    in a cell that has not been saved, there is nothing to name.
    """
    history = getattr(_shell(), "history_manager", None)
    if history is None or not notebook.is_file():
        return ""
    changed = notebook.stat().st_mtime_ns
    return _cells(notebook, changed).get(history.input_hist_raw[-1].strip(), "")


def _shell() -> object:
    """Return the shell of IPython where there is one; nothing else needs IPython's import."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


@cache
def _cells(notebook: Path, changed: int) -> dict[str, str]:
    """Read the ids of a notebook's cells by their sources; `changed` tells versions apart."""
    del changed
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return {"".join(cell["source"]).strip(): cell["id"] for cell in cells}
