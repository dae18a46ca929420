"""Run All of every notebook, in place, by another program than ours: nothing for git to see."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from critical_minerals.workspace.paths import RUN

from .conftest import PROJECT, Project

pytestmark = pytest.mark.long
pytest.importorskip("nbstripout")
pytest.importorskip("nbdime")


def test_notebooks_that_were_run_are_no_change(project: Project, tmp_path: Path):
    root = tmp_path / "clone"
    shutil.copytree(project.root, root, symlinks=True)
    for file in (".gitattributes", ".gitignore"):
        shutil.copy(PROJECT / file, root / file)

    def git(*arguments: str) -> str:
        own = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        someone = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        command = ["git", *someone, *arguments]
        done = subprocess.run(
            command, cwd=root, env=own, capture_output=True, text=True, check=True
        )
        return done.stdout

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "Start")
    assert Project(root).run("git").returncode == 0
    notebooks = sorted(path.name for path in (root / "notebooks").glob("*.ipynb"))
    by_hand = {name: value for name, value in os.environ.items() if name != RUN}
    # The last first: in any order each finds the tables of the others.
    done = subprocess.run(
        [
            *(sys.executable, "-m", "jupyter", "nbconvert", "--execute", "--inplace"),
            *reversed(notebooks),
        ],
        cwd=root / "notebooks",
        env=by_hand,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    drafts = {path.name for path in (root / "reports" / "_drafts").iterdir()}
    assert drafts == {name.removesuffix(".ipynb") for name in notebooks}
    assert git("diff") == ""
    assert Project(root).run("git").returncode == 0
    assert git("status", "--porcelain") == ""
