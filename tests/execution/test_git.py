"""Notebooks that were run leave `git status` empty, once git has been told how."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ("10_funding.ipynb", "40_partnerships.ipynb", "80_mineral_brief.ipynb")
FILES = (".gitattributes", ".gitignore", "pipeline.py", "pyproject.toml")
SAID_BY_JUPYTERLAB = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.13.0",
}

pytest.importorskip("nbstripout")
pytest.importorskip("nbdime")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for file in FILES:
        shutil.copy(ROOT / file, tmp_path)
    (tmp_path / "notebooks").mkdir()
    for notebook in NOTEBOOKS:
        shutil.copy(ROOT / "notebooks" / notebook, tmp_path / "notebooks")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Start")
    return tmp_path


def git(root: Path, *arguments: str) -> str:
    someone = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    own = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *someone, *arguments], cwd=root, env=own, capture_output=True, text=True, check=True
    )
    return done.stdout


def setting(root: Path, *options: str) -> str:
    command = [sys.executable, "pipeline.py", "git", *options]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


def run_all(path: Path) -> None:
    """Leave in a notebook what JupyterLab does when it runs and saves it."""
    notebook = json.loads(path.read_text("utf-8"))
    notebook["metadata"]["language_info"] = SAID_BY_JUPYTERLAB
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, start=1):
        cell["execution_count"] = number
        cell["metadata"]["execution"] = {"iopub.execute_input": "2026-11-27T09:00:00Z"}
        output = {"output_type": "stream", "name": "stdout", "text": ["told\n"]}
        cell["outputs"] = [output]
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def save(path: Path) -> None:
    """Save a notebook as JupyterLab does when it is opened by `make lab`."""
    hook = "critical_minerals.execution.git.after_save"
    manager = LargeFileManager(root_dir=str(path.parent), post_save_hook=hook)
    model = manager.get(path.name, type="notebook")
    manager.save({"type": "notebook", "content": model["content"]}, path.name)


def settled(root: Path) -> str:
    """What git says of the notebooks, once it had the time to look."""
    end = time.monotonic() + 60
    asked = ("--no-optional-locks", "status", "--porcelain")
    while git(root, *asked).count("ipynb") > 1 and time.monotonic() < end:
        time.sleep(0.2)
    return git(root, *asked)


def test_what_was_run_and_saved_is_no_change_and_what_was_edited_is(clone: Path):
    assert "--off" in setting(clone)
    assert git(clone, "status", "--porcelain") == ""
    edited = clone / "notebooks" / "10_funding.ipynb"
    edited.write_text(edited.read_text("utf-8").replace("nb.finish()", "nb.finish()  # now"))
    for path in (clone / "notebooks").glob("*.ipynb"):
        run_all(path)
        save(path)
        assert "told" in path.read_text("utf-8")
    assert settled(clone) == " M notebooks/10_funding.ipynb\n"
    told = git(clone, "diff")
    assert "modified /cells/" in told
    assert "# now" in told
    git(clone, "add", "--all")
    assert "told\\n" not in git(clone, "show", ":notebooks/10_funding.ipynb")


def test_what_another_program_has_run_is_settled_by_the_same_command(clone: Path):
    for path in (clone / "notebooks").glob("*.ipynb"):
        run_all(path)
    setting(clone)
    assert git(clone, "diff") == ""
    assert git(clone, "status", "--porcelain") == ""


def test_one_command_undoes_it(clone: Path):
    before = git(clone, "config", "--local", "--list")
    setting(clone)
    setting(clone)  # twice is as good as once
    during = git(clone, "config", "--local", "--list")
    assert during.count("filter.nbstripout.clean") == 1
    assert "as they are" in setting(clone, "--off")
    assert git(clone, "config", "--local", "--list") == before
    setting(clone, "--off")
    run_all(clone / "notebooks" / "10_funding.ipynb")
    assert git(clone, "status", "--porcelain") == " M notebooks/10_funding.ipynb\n"


def test_a_folder_without_git_is_told_so(clone: Path):
    shutil.rmtree(clone / ".git")
    assert "no git repository" in setting(clone)
