"""A glance whether anything was touched: it may be wrong only by looking again."""

import os
from pathlib import Path

import pytest

from critical_minerals.execution.glance import inputs, keep, untouched

RUN = ["--language", "en"]
ASKED = {"to": "html"}
TOLD = ["Nothing changed.", "  reports/_output/progress-update.html"]


def put(root: Path, name: str, text: str = "x") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (
        "pipeline.py",
        "data/raw/funding/awards.csv",
        "notebooks/10_funding.ipynb",
        "reports/progress-update.qmd",
        "reports/theme/report.css",
        "reports/_output/progress-update.html",
        "data/processed/awards.csv",
    ):
        put(tmp_path, name)
    keep(tmp_path, RUN, inputs(tmp_path), TOLD, ASKED)
    return tmp_path


def test_an_untouched_project_is_told_from_memory(project: Path):
    assert untouched(project, RUN) == TOLD
    put(project, ".pipeline/other.json")
    put(project, "tests/test_x.py")
    put(project, "reports/theme/__pycache__/x.pyc")
    assert untouched(project, RUN) == TOLD


@pytest.mark.parametrize(
    "name",
    [
        "data/raw/funding/awards.csv",
        "data/raw/funding/new.csv",
        "notebooks/10_funding.ipynb",
        "reports/progress-update.qmd",
        "reports/theme/report.css",
        "parameters.toml",
        "data/releases/2025-12/lineage.json",
        "reports/_output/progress-update.html",
        "data/processed/awards.csv",
    ],
)
def test_any_touch_is_seen(project: Path, name: str):
    put(project, name, "y")
    assert untouched(project, RUN) is None


def test_what_is_gone_is_seen(project: Path):
    (project / "reports/_output/progress-update.html").unlink()
    assert untouched(project, RUN) is None


def test_other_arguments_and_another_path_go_the_long_way(project: Path, monkeypatch):
    assert untouched(project, []) is None
    monkeypatch.setenv("PATH", "/elsewhere")
    assert untouched(project, RUN) is None


def test_what_was_edited_while_a_run_went_on_is_not_taken_for_done(project: Path):
    before = inputs(project)
    put(project, "data/raw/funding/awards.csv", "edited meanwhile")
    keep(project, RUN, before, TOLD, ASKED)
    assert untouched(project, RUN) is None


def test_a_memory_that_cannot_be_read_knows_nothing(project: Path):
    put(project, ".pipeline/untouched.json", "{")
    assert untouched(project, RUN) is None


def test_an_equal_size_does_not_hide_an_edit(project: Path):
    path = put(project, "data/raw/funding/awards.csv", "z")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    assert untouched(project, RUN) is None
