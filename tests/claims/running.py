"""Run notebooks' code in a workspace: no kernel, and nothing drawn."""

import json
from pathlib import Path
from typing import Any

import pytest

from critical_minerals.workspace import REPORT, RUN, Workspace

PROJECT = Path(__file__).parents[2]
EARLIER = ("10_funding", "20_trade", "30_supply", "40_partnerships", "50_progress")


def run(workspace: Workspace, name: str, **parameters: Any) -> dict[str, Any]:
    """Execute a notebook's code cells; return the names that they leave."""
    cells = json.loads((PROJECT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, Any] = {"__name__": name}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace.root)
        patch.setenv(RUN, REPORT)
        patch.setattr("critical_minerals.publish.publication.draw", lambda *_: "<svg/>")
        for cell in cells:
            if cell["cell_type"] == "code":
                code = "".join(cell["source"])
                exec(compile(code, f"{name}:{cell['id']}", "exec"), names)  # noqa: S102 - our own
            if "parameters" in cell["metadata"].get("tags", []):
                names |= parameters
    return names
