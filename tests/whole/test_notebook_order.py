"""Notebooks that a person runs, in any order, say what the report says."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from critical_minerals.workspace.paths import RUN

from .conftest import PROJECT, Project

NOTEBOOKS = sorted(path.stem for path in (PROJECT / "notebooks").glob("[1-6]*.ipynb"))
OUTSIDE = re.compile(r"""["'](/|~|[A-Za-z]:\\|\.\.[/\\])""")
"""Text in code that begins as a path outside the project does."""


@pytest.mark.parametrize("name", [path.stem for path in (PROJECT / "notebooks").glob("*.ipynb")])
def test_no_cell_names_a_path_outside_the_project(name: str):
    content = json.loads((PROJECT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))
    cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in cells if OUTSIDE.search("".join(cell["source"]))] == []


@pytest.mark.long
def test_in_random_order_and_without_tables_each_says_what_the_report_says(
    project: Project, tmp_path: Path
):
    """Each in a kernel of its own, from another folder; tables that are missing are made."""
    root = tmp_path / "project"
    shutil.copytree(project.root, root, symlinks=True)
    for path in (root / "data" / "processed").glob("*.*"):
        path.unlink()
    seed = random.randrange(10_000)  # noqa: S311 - nothing is to be kept secret
    order = random.Random(seed).sample(NOTEBOOKS, len(NOTEBOOKS))  # noqa: S311 - as above
    by_hand = {name: value for name, value in os.environ.items() if name != RUN}
    for name in order:
        path = root / "notebooks" / f"{name}.ipynb"
        done = subprocess.run(
            [
                *(sys.executable, "-m", "papermill", "--no-progress-bar"),
                *("--cwd", str(path.parent), str(path), str(tmp_path / "executed.ipynb")),
            ],
            cwd=tmp_path,
            env=by_hand,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"seed {seed}, {order}: {name}\n{done.stderr[-3000:]}"
        for language in ("en", "fr"):
            draft = root / "reports" / "_drafts" / name / language / f"{name}.json"
            report = root / "reports" / "_generated" / language / f"{name}.json"
            assert values(draft) == values(report), f"seed {seed}, {order}: {name}"


def values(manifest: Path) -> dict[str, str]:
    """What a notebook has published in a language, by name."""
    content = json.loads(manifest.read_text("utf-8"))
    return {name: each["text"] for name, each in content["values"].items()}
