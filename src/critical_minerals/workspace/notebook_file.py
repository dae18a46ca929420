"""Read a notebook as its file holds it: its cells, each with an id, or a sentence why not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import StepError

_FORMAT: Final = 4
_CONFLICT: Final = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)", re.MULTILINE)
"""What git writes into a file where two people have changed the same lines."""


def read_cells(notebook: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook. A cell without an id, as older programs write it, gets one.

    Ids name the cell that published a value, so that they may not differ from run to run: they are
    numbered.
    Raises `StepError` for a file that is no notebook.
    """
    return read_notebook(notebook)["cells"]


def lacks_ids(notebook: Path) -> bool:
    """Tell whether a notebook has cells without an id."""
    return any("id" not in cell for cell in _content(notebook)["cells"])


def read_notebook(notebook: Path) -> dict[str, Any]:
    """Return the content of a notebook whose cells all have ids, in the format that has them."""
    content = _content(notebook)
    for number, cell in enumerate(content["cells"], start=1):
        # A random id, as nbformat gives one, would change the lineage in every run.
        cell.setdefault("id", f"cell-{number}")
    # Ids of cells exist since format 4.5.
    content["nbformat_minor"] = max(int(content.get("nbformat_minor", 0)), 5)
    return content


def notebook_label(notebook: Path) -> str:
    """Name a notebook as people know it: `notebooks/10_funding.ipynb`."""
    return f"{notebook.parent.name}/{notebook.name}"


def _content(notebook: Path) -> dict[str, Any]:
    try:
        text = notebook.read_text("utf-8-sig")
        content: Any = json.loads(text)
        cells = content["cells"]
        if content.get("nbformat") == _FORMAT and all(map(_is_cell, cells)):
            return content
        reason = "it is not in the notebook format 4. Open it in JupyterLab and save it"
    # A UnicodeDecodeError is a ValueError: it has to be caught first.
    except UnicodeDecodeError:
        reason = "it is no text in UTF-8. Restore it from git"
    # A file of brackets without end exhausts the stack of the parser.
    except (ValueError, RecursionError) as error:
        reason = _describe_conflict(notebook) or f"{error}. Restore it from git"
    except (KeyError, TypeError, AttributeError):
        reason = "it holds no cells. Restore it from git"
    msg = f"{notebook_label(notebook)} is no notebook: {reason}."
    raise StepError(msg)


def _is_cell(cell: Any) -> bool:
    return {"cell_type", "source", "metadata"} <= {*cell}


def _describe_conflict(notebook: Path) -> str:
    """Describe an unfinished merge if that is why a file cannot be read; empty if it is not."""
    text = notebook.read_text("utf-8-sig")
    if not (marker := _CONFLICT.search(text)):
        return ""
    line = text.count("\n", 0, marker.start()) + 1
    label = notebook_label(notebook)
    return (
        f"line {line} has the marks of a merge that was not finished ({marker[1]}). Choose a side "
        f"(git checkout --ours or --theirs {label}), and make the other's edit again"
    )
