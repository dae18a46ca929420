"""The choice of an executor, jobs on this machine, and clusters that cannot be used."""

import sys
from functools import partial
from pathlib import Path

import errands
import pytest

from critical_minerals.errors import StepError, UsageError
from critical_minerals.execution import cluster
from critical_minerals.execution.executors import Local, executor
from critical_minerals.execution.jobs import Job
from critical_minerals.workspace import Workspace


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
