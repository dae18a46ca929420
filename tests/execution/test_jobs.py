"""Jobs done in place, and the same jobs done elsewhere on copies of their files."""

import shutil
from functools import partial
from pathlib import Path

import errands
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.errors import FiguresError, StepError
from critical_minerals.execution.jobs import Job, needed, perform_apart, receive
from critical_minerals.workspace import Workspace

NAMES = ("a.csv", "data/b.csv", "data/raw/c.csv", "reports/d.md")
TEXTS = st.sampled_from(["", "1", "2\n"])
FILES = st.dictionaries(st.sampled_from(NAMES), TEXTS)
CHANGES = st.lists(st.tuples(st.sampled_from([*NAMES, "data/new.csv"]), st.none() | TEXTS))


def filled(root: Path, files: dict[str, str]) -> Workspace:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    errands.change_files(Workspace(root), [*files.items()])
    return Workspace(root)


def content(workspace: Workspace) -> dict[str, str]:
    files = (path for path in workspace.root.rglob("*") if path.is_file())
    return {workspace.relative(path): path.read_text("utf-8") for path in files}


@given(files=FILES, changes=CHANGES)
def test_a_job_done_apart_leaves_what_it_leaves_in_place(
    tmp_path: Path, files: dict[str, str], changes: list[tuple[str, str | None]]
):
    here, there = filled(tmp_path / "here", files), filled(tmp_path / "there", files)
    work = partial(errands.change_files, changes=changes)
    work(here)
    delivery = perform_apart(tmp_path / "room", work, needed(there, Job("job", work, NAMES)))
    receive(there, delivery)
    assert content(here) == content(there)


@given(files=FILES, changes=CHANGES)
def test_only_what_a_job_changed_comes_back(
    tmp_path: Path, files: dict[str, str], changes: list[tuple[str, str | None]]
):
    before = {name: text.encode() for name, text in files.items()}
    work = partial(errands.change_files, changes=changes)
    delivery = perform_apart(tmp_path / "room", work, before)
    assert all(before.get(name) != made for name, made in delivery.made.items())
    assert {*delivery.gone} <= {*before}


def test_a_job_gets_the_files_it_needs_and_those_in_the_folders_it_needs(tmp_path: Path):
    workspace = filled(tmp_path, dict.fromkeys(NAMES, "1"))
    (tmp_path / "data" / "__pycache__").mkdir()
    (tmp_path / "data" / "__pycache__" / "x.pyc").touch()
    job = Job("job", errands.see, ("a.csv", "data", "not/there.csv"))
    assert [*needed(workspace, job)] == ["a.csv", "data/b.csv", "data/raw/c.csv"]


def test_a_job_sees_nothing_of_the_one_before_it_in_the_same_folder(tmp_path: Path):
    perform_apart(tmp_path, errands.see, {"one.csv": b"1", "data/two.csv": b"2"})
    delivery = perform_apart(tmp_path, errands.see, {"one.csv": b"1"})
    assert delivery.made == {"seen.txt": b"one.csv"}


def test_files_that_are_there_already_are_not_written_anew(tmp_path: Path):
    files = {"one.csv": b"1", "two.csv": b"2"}
    perform_apart(tmp_path, errands.see, files)
    before = (tmp_path / "one.csv").stat().st_mtime_ns
    perform_apart(tmp_path, errands.see, {**files, "two.csv": b"3"})
    assert (tmp_path / "one.csv").stat().st_mtime_ns == before


def test_what_a_failed_job_left_is_put_in_place_before_its_error_is_raised(tmp_path: Path):
    workspace = filled(tmp_path / "here", {})
    delivery = perform_apart(tmp_path / "room", partial(errands.fail, how="step"), {})
    with pytest.raises(StepError, match=r"cell 3 \(chart\)"):
        receive(workspace, delivery)
    assert content(workspace) == {"failed.txt": "how far it came"}


def test_faults_in_the_figures_come_home_one_by_one(tmp_path: Path):
    delivery = perform_apart(tmp_path, partial(errands.fail, how="figures"), {})
    assert isinstance(delivery.error, FiguresError)
    assert [problem.row for problem in delivery.error.problems] == [3, 3]


def test_an_error_that_cannot_travel_is_told_in_its_own_words(tmp_path: Path):
    delivery = perform_apart(tmp_path, partial(errands.fail, how="stubbornly"), {})
    assert type(delivery.error) is StepError
    assert str(delivery.error) == "Stubborn: it holds a function"


def test_jobs_side_by_side_share_one_folder_of_fonts(tmp_path: Path):
    files = {"reports/_generated/fonts/a.ttf": b"font", "x.csv": b"1"}
    folders = [
        perform_apart(tmp_path / room, errands.where_fonts_are, files).made["fonts.txt"].split()
        for room in ("room-1", "room-2")
    ]
    assert folders[0][0] == folders[1][0]
    assert folders[0][1] != folders[1][1]
    assert Path(folders[0][0].decode(), "a.ttf").read_bytes() == b"font"


def test_other_fonts_lie_in_another_folder(tmp_path: Path):
    font = "reports/_generated/fonts/a.ttf"
    old, new = (
        perform_apart(tmp_path / "room", errands.where_fonts_are, {font: data})
        for data in (b"old", b"new")
    )
    assert old.made["fonts.txt"].split()[0] != new.made["fonts.txt"].split()[0]
    assert (tmp_path / "room" / font).read_bytes() == b"new"
    assert (old.gone, new.gone) == ((), ())
