"""The quick check whether anything was touched: it may be wrong only by looking again."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from orchards import plant, run

from critical_minerals.execution.quick_check import (
    Signature,
    final_signatures,
    signature,
    since_last_run,
    store_run,
)

RUN = ["--language", "en"]
OPTIONS = {"to": "html"}
TOLD = ["Nothing changed.", "  reports/_output/progress-update.html"]


def last_answer(root: Path, arguments: list[str]) -> object:
    since = since_last_run(root, arguments)
    return since.messages if since and not since.touched else None


def put(root: Path, name: str, text: str = "x") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


OUTPUTS = ("reports/_output/progress-update.html", "data/processed/awards.csv")
LOOKED_AT = (
    "data/raw",
    "data/raw/funding",
    "data/raw/funding/awards.csv",
    "notebooks/10_funding.ipynb",
    "parameters.toml",
    "reports/progress-update.qmd",
    *OUTPUTS,
)
"""What deciding by content looked at: a parameters file that is not there among it."""


def looked_at(root: Path) -> dict[str, Signature]:
    return {str(root / name): signature(str(root / name)) for name in LOOKED_AT}


def keep_all(root: Path, before: dict[str, Signature]) -> None:
    written = {root / name: signature(str(root / name)) for name in OUTPUTS}
    store_run(root, RUN, final_signatures(root, before, written), TOLD, OPTIONS, {})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in LOOKED_AT:
        if Path(name).suffix and name != "parameters.toml":
            put(tmp_path, name)
    keep_all(tmp_path, looked_at(tmp_path))
    return tmp_path


def test_an_untouched_project_is_told_from_memory(project: Path):
    assert last_answer(project, RUN) == TOLD
    put(project, ".pipeline/other.json")
    put(project, "tests/test_x.py")
    assert last_answer(project, RUN) == TOLD


@pytest.mark.parametrize(
    "name",
    [
        "data/raw/funding/awards.csv",
        "data/raw/funding/new.csv",
        "notebooks/10_funding.ipynb",
        "reports/progress-update.qmd",
        "parameters.toml",
        "reports/_output/progress-update.html",
        "data/processed/awards.csv",
    ],
)
def test_any_touch_is_seen(project: Path, name: str):
    put(project, name, "y")
    assert last_answer(project, RUN) is None


def test_a_file_that_comes_is_seen_by_its_folder(project: Path):
    put(project, "data/raw/funding/later.csv")
    assert last_answer(project, RUN) is None


def test_what_a_run_wrote_is_kept_as_it_left_it(project: Path):
    before = looked_at(project)
    put(project, OUTPUTS[0], "made anew")
    keep_all(project, before)
    assert last_answer(project, RUN) == TOLD


def test_what_is_gone_is_seen(project: Path):
    (project / "reports/_output/progress-update.html").unlink()
    assert last_answer(project, RUN) is None


def test_other_arguments_and_another_path_go_the_long_way(project: Path, monkeypatch):
    assert last_answer(project, []) is None
    monkeypatch.setenv("PATH", "/elsewhere")
    assert last_answer(project, RUN) is None


@pytest.mark.parametrize("edit", ["installed", "upgraded", "removed"])
def test_a_renderer_that_is_another_one_under_the_same_path_counts(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch, edit: str
):
    programs = tmp_path_factory.mktemp("programs")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    if edit != "installed":
        put(programs, "quarto", "1.9")
    keep_all(project, looked_at(project))
    assert last_answer(project, RUN) == TOLD
    if edit == "removed":
        (programs / "quarto").unlink()
    else:
        put(programs, "quarto", "1.10")
    assert last_answer(project, RUN) is None


def test_what_was_edited_while_a_run_went_on_is_not_taken_for_done(project: Path):
    before = looked_at(project)
    put(project, "data/raw/funding/awards.csv", "edited meanwhile")
    keep_all(project, before)
    assert last_answer(project, RUN) is None


def test_a_memory_that_cannot_be_read_knows_nothing(project: Path):
    put(project, ".pipeline/quick-check.json", "{")
    assert last_answer(project, RUN) is None


def test_an_equal_size_does_not_hide_an_edit(project: Path):
    path = put(project, "data/raw/funding/awards.csv", "z")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    assert last_answer(project, RUN) is None


def test_a_copy_of_the_project_is_looked_at(project: Path, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(project, copy)
    assert last_answer(copy, RUN) is None
    assert last_answer(project, RUN) == TOLD


def test_an_output_changed_after_it_was_written_and_before_the_run_ended_is_looked_at(
    project: Path,
):
    output = project / OUTPUTS[1]
    written = {project / name: signature(str(project / name)) for name in OUTPUTS}
    output.write_text("changed from outside", "utf-8")
    signatures = final_signatures(project, looked_at(project), written)
    store_run(project, RUN, signatures, TOLD, OPTIONS, {})
    assert last_answer(project, RUN) is None


def test_a_run_that_has_something_to_do_loads_nothing_large_before_it_knows_what():
    code = (
        "import sys, critical_minerals.cli.run; "
        "print({'pandas', 'pydantic', 'yaml'} & {*sys.modules})"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_what_a_run_left_that_was_killed_at_its_very_end_is_removed(tmp_path: Path):
    """It had stored that nothing is to do, and not yet removed its temporary folder."""
    root = plant(tmp_path)
    options = ("--renderer", "embedded", "--to", "html", "--language", "en")
    assert run(root, *options).returncode == 0
    stored = json.loads((root / ".pipeline" / "quick-check.json").read_text("utf-8"))
    (left,) = (Path(path) for path in stored["looked_at"] if Path(path).name.startswith("cmpr-"))
    assert not left.exists()
    left.mkdir()
    (left / "kernel-1").touch()
    again = run(root, *options)
    assert (again.returncode, left.exists()) == (0, False), again.stderr
    assert "Nothing changed" in again.stdout
    assert run(root, *options).stdout.startswith("Nothing changed.")
