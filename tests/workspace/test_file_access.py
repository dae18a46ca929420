"""Patterns of files, and what a step may read by them."""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

import pytest

from critical_minerals.errors import StepError
from critical_minerals.workspace import file_access
from critical_minerals.workspace.file_access import (
    STAGED,
    Declared,
    _allowed_outside,
    loaded_code,
    matches,
    overlap,
)

STEP = Declared(
    "10_tiny",
    "/home/ana/report",
    ("data/raw/**", "parameters.toml"),
    (),
    ("reports/_generated/*/fig-*.json",),
)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("data/raw/funding/awards.csv", "data/raw/**"),
        ("reports/_generated/en/fig-a.json", "reports/_generated/*/fig-*.json"),
        ("parameters.toml", "parameters.toml"),
    ],
)
def test_a_name_matches_folder_by_folder(name: str, pattern: str):
    assert matches(name, [pattern])


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("data/rawer/awards.csv", "data/raw/**"),
        ("data/raw", "data/raw/**"),
        ("reports/_generated/en/old/fig-a.json", "reports/_generated/*/fig-*.json"),
        ("parameters.toml.bak", "parameters.toml"),
    ],
)
def test_a_neighbour_does_not_match(name: str, pattern: str):
    assert not matches(name, [pattern])


def test_patterns_overlap_both_ways_or_not_at_all():
    assert overlap(["data/processed/*.csv"], ["data/processed/awards.csv"])
    assert overlap(["data/processed/awards.csv"], ["data/processed/*.csv"])
    assert not overlap(["data/processed/*.csv"], ["data/processed/*.parquet"])
    assert not overlap(["data/raw/**"], ["data/schemas/*"])


@pytest.mark.parametrize(
    "path",
    [
        "/home/ana/report/data/raw/trade/exports.csv",
        "/home/ana/report/src/critical_minerals/notebook/session.py",
        "/home/ana/report/.pipeline/state.json",
        f"/home/ana/report/reports/_generated/output/{STAGED}a1/progress-update.docx",
        f"{sys.prefix}/lib/site.py",
        f"{Path.home()}/.ipython/profile_default/history.sqlite",
        "/usr/share/zoneinfo/UTC",
    ],
)
def test_what_a_step_declares_and_what_programs_need_may_be_read(path: str):
    STEP.check(path)


def test_temporary_files_may_be_read():
    STEP.check(f"{tempfile.gettempdir()}/kernel-1/socket")


def test_compiled_code_may_be_read_wherever_python_is_told_to_keep_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(sys, "pycache_prefix", "/srv/compiled")
    _allowed_outside.cache_clear()
    STEP.check("/srv/compiled/usr/lib/site.pyc")
    _allowed_outside.cache_clear()


def test_code_that_a_process_has_loaded_by_itself_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(file_access, "_PRELOADED", {*sys.modules})
    assert loaded_code() == frozenset()
    for file in ("pears.py", "plums.py", "baskets/__init__.py", "baskets/large.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("x = 1\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import_module("pears")
    import_module("baskets.large")
    assert loaded_code() == {"src/pears.py", "src/baskets/__init__.py", "src/baskets/large.py"}
    monkeypatch.setattr(file_access, "_PRELOADED", set())
    assert "src/critical_minerals/workspace/file_access.py" in loaded_code()
    assert not [name for name in loaded_code() if "pytest" in name]  # a library's


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/home/ana/report/notes.csv", "notes.csv"),
        ("/home/ana/report/data/processed/awards.csv", "data/processed/awards.csv"),
        ("/home/ana/Downloads/awards.csv", "/home/ana/Downloads/awards.csv"),
    ],
)
def test_anything_else_is_named_and_refused(path: str, named: str):
    with pytest.raises(StepError, match=f"10_tiny reads {named}, which it does not declare"):
        STEP.check(path)


@pytest.mark.parametrize(
    "path",
    [
        "/home/ana/report/reports/_generated/en/fig-a.json",
        "/home/ana/report/reports/_generated/en/.fig-a.json.0a1b2c3d",
        "/home/ana/report/reports/_generated/cache/values-0a1b.json",
        "/home/ana/report/reports/_generated/notebooks/10_tiny.failed.ipynb",
        "/home/ana/report/.pipeline/state.json",
        f"/home/ana/report/reports/_generated/output/{STAGED}a1/progress-update.docx",
        "/home/ana/report/src/critical_minerals/__pycache__/notebook.pyc",
        f"{tempfile.gettempdir()}/kernel-1/socket",
    ],
)
def test_outputs_and_what_programs_keep_for_themselves_may_be_written(path: str):
    STEP.check_write(path)


@pytest.mark.parametrize(
    "name",
    ["data/raw/funding/awards.csv", "parameters.toml", "reports/_generated/mines.txt", "notes.csv"],
)
def test_nothing_else_of_the_project_is_written_inputs_included(name: str):
    with pytest.raises(StepError, match=f"10_tiny makes {name}, which it does not declare"):
        STEP.check_write(f"/home/ana/report/{name}")
