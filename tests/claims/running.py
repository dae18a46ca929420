"""Run notebooks' code in a workspace: no kernel, and nothing drawn; if asked for, no figures."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from critical_minerals.notebook.session import Notebook
from critical_minerals.publish.figures import publish_figures
from critical_minerals.workspace.paths import REPORT, RUN, Workspace

PROJECT = Path(__file__).parents[2]
EARLIER = ("10_funding", "20_trade", "30_supply", "40_partnerships", "50_progress")


def copied(root: Path) -> Workspace:
    """Copy to a folder what the notebooks need of the project."""
    for part in ("data/raw", "data/schemas", "notebooks"):
        shutil.copytree(PROJECT / part, root / part)
    shutil.copy(PROJECT / "pyproject.toml", root)
    return Workspace(root)


def run(
    workspace: Workspace, name: str, *, figures: bool = True, **parameters: Any
) -> dict[str, Any]:
    """Execute a notebook's code cells; return the names that they leave.

    Without its figures a notebook takes half the time, and leaves the same tables and values.
    """
    cells = json.loads((PROJECT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, Any] = {"__name__": name}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace.root)
        patch.setenv(RUN, REPORT)
        if not figures:
            patch.setattr(Notebook, "figure", lambda *_, **__: None)
        for cell in cells:
            if cell["cell_type"] == "code":
                code = "".join(cell["source"])
                exec(compile(code, f"{name}:{cell['id']}", "exec"), names)  # noqa: S102 - our own
            if "parameters" in cell["metadata"].get("tags", []):
                names |= parameters
    if figures:
        publish_figures(workspace, [*names["nb"]._publication._stored])
    return names
