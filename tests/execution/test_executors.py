"""The choice of an executor, jobs on this machine, and clusters that cannot be used."""

import sys
import threading
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
        here.submit(job, Workspace(tmp_path)).result()
    assert (tmp_path / "a.csv").read_text("utf-8") == "1"


def test_as_many_jobs_at_once_as_there_are_slots(tmp_path: Path):
    together = threading.Barrier(2, timeout=10)
    job = Job("job", lambda _: together.wait() and None, ())
    here = Local(slots=2)
    for future in [here.submit(job, Workspace(tmp_path)) for _ in range(2)]:
        future.result()
    assert not together.broken


def test_a_job_raises_what_its_work_raised(tmp_path: Path):
    job = Job("job", partial(errands.fail, how="step"), ())
    with pytest.raises(StepError, match="cell 3"):
        Local().submit(job, Workspace(tmp_path)).result()


def test_jobs_that_wait_when_a_run_is_stopped_are_never_begun(tmp_path: Path):
    here = Local(slots=1)
    go = threading.Event()
    first = here.submit(Job("first", lambda _: go.wait(10) and None, ()), Workspace(tmp_path))
    second = here.submit(Job("second", errands.see, ()), Workspace(tmp_path))
    here.stop()
    go.set()
    first.result()
    assert second.cancelled()


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
