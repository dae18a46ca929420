"""Jobs done in place, the same jobs done elsewhere, and clusters that cannot be used."""

import shutil
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import errands
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cli.run import executor
from critical_minerals.errors import FiguresError, StepError, UsageError
from critical_minerals.execution import cluster
from critical_minerals.execution.jobs import (
    Job,
    Local,
    Result,
    Work,
    files_of,
    receive,
    run_elsewhere,
)
from critical_minerals.workspace.paths import Workspace

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


def elsewhere(work: Work, files: Mapping[str, bytes]) -> Result:
    """Do work in a folder of its own, as a worker does."""
    with TemporaryDirectory() as folder:
        return run_elsewhere(Path(folder), work, files)


@given(files=FILES, changes=CHANGES)
def test_a_job_done_elsewhere_leaves_what_it_leaves_in_place(
    tmp_path: Path, files: dict[str, str], changes: list[tuple[str, str | None]]
):
    here, there = filled(tmp_path / "here", files), filled(tmp_path / "there", files)
    work = partial(errands.change_files, changes=changes)
    work(here)
    result = elsewhere(work, files_of(Job("job", work, NAMES), there))
    receive(there, result)
    assert content(here) == content(there)


@given(files=FILES, changes=CHANGES)
def test_only_what_a_job_changed_comes_back(
    files: dict[str, str], changes: list[tuple[str, str | None]]
):
    before = {name: text.encode() for name, text in files.items()}
    work = partial(errands.change_files, changes=changes)
    result = elsewhere(work, before)
    assert all(before.get(name) != made for name, made in result.made.items())
    assert {*result.gone} <= {*before}


def test_a_job_gets_the_files_it_needs_and_those_in_the_folders_it_needs(tmp_path: Path):
    workspace = filled(tmp_path, dict.fromkeys(NAMES, "1"))
    (tmp_path / "data" / "__pycache__").mkdir()
    (tmp_path / "data" / "__pycache__" / "x.pyc").touch()
    job = Job("job", errands.see, ("a.csv", "data/**", "not/there.csv"))
    assert [*files_of(job, workspace)] == ["a.csv", "data/b.csv", "data/raw/c.csv"]


def test_what_a_failed_job_left_is_put_in_place_before_its_error_is_raised(tmp_path: Path):
    workspace = filled(tmp_path / "here", {})
    result = elsewhere(partial(errands.fail, how="step"), {})
    with pytest.raises(StepError, match=r"cell 3 \(chart\)"):
        receive(workspace, result)
    assert content(workspace) == {"failed.txt": "how far it came"}


def test_faults_in_the_figures_come_home_one_by_one():
    result = elsewhere(partial(errands.fail, how="figures"), {})
    assert isinstance(result.error, FiguresError)
    assert [problem.row for problem in result.error.problems] == [3, 3]


def test_an_error_that_cannot_travel_is_told_in_its_own_words():
    result = elsewhere(partial(errands.fail, how="stubbornly"), {})
    assert type(result.error) is StepError
    assert str(result.error) == "Stubborn: it holds a function"


def test_without_a_cluster_jobs_are_done_here_and_in_place(tmp_path: Path):
    job = Job("job", partial(errands.change_files, changes=[("a.csv", "1")]), ())
    with executor(None, Workspace(tmp_path)) as here:
        here.do(job, Workspace(tmp_path))
    assert (tmp_path / "a.csv").read_text("utf-8") == "1"


def test_a_job_raises_what_its_work_raised(tmp_path: Path):
    job = Job("job", partial(errands.fail, how="step"), ())
    with pytest.raises(StepError, match="cell 3"):
        Local().do(job, Workspace(tmp_path))


def test_a_cluster_needs_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UsageError, match="extra `cluster`"),
        executor("tcp://127.0.0.1:1", Workspace(tmp_path)),
    ):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere://127.0.0.1:1"])
def test_a_scheduler_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
):
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with (
        pytest.raises(UsageError, match=f"No Dask scheduler answers at {address}"),
        executor(address, Workspace(tmp_path)),
    ):
        pass
