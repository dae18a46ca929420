"""The process beside a worker: jobs at once, its end, and workers that are set up otherwise."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import errands
import psutil
import pytest

from critical_minerals.errors import StepError
from critical_minerals.execution.jobs import in_passing
from critical_minerals.execution.kits import kit_here
from critical_minerals.execution.workshop import Workshop, attend


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return Workshop()


def test_jobs_are_done_side_by_side_each_in_a_folder_of_its_own(workshop: Workshop, tmp_path: Path):
    works = [partial(errands.take_time, name=n, diary=tmp_path, seconds=0.5) for n in "ab"]
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        made = [delivery.made for delivery in pool.map(lambda work: workshop.do(work, {}), works)]
    assert made == [{"a.txt": b"a is done\n"}, {"b.txt": b"b is done\n"}]
    assert time.monotonic() - began < 5
    pids = {path.suffix for path in tmp_path.iterdir()}
    assert len(pids) == 1


def test_an_error_of_the_work_is_part_of_the_delivery(workshop: Workshop):
    delivery = workshop.do(partial(errands.fail, how="step"), {})
    assert isinstance(delivery.error, StepError)
    assert delivery.made == {"failed.txt": b"how far it came"}


def test_what_would_stay_in_memory_is_done_in_passing(workshop: Workshop, tmp_path: Path):
    works = [partial(errands.take_time, name=n, diary=tmp_path, seconds=0) for n in "abc"]
    for work in (works[0], *(partial(in_passing, work=work) for work in works[1:])):
        assert workshop.do(work, {}).error is None
    pids = {int(path.suffix.removeprefix(".")) for path in tmp_path.iterdir()}
    assert len(pids) == 3
    assert len([pid for pid in pids if psutil.pid_exists(pid)]) == 1


def test_an_error_of_what_is_done_in_passing_is_delivered_too(workshop: Workshop):
    delivery = workshop.do(partial(in_passing, work=partial(errands.fail, how="step")), {})
    assert isinstance(delivery.error, StepError)
    assert delivery.made == {"failed.txt": b"how far it came"}


def test_it_ends_with_the_worker():
    before = {*psutil.Process().children()}
    workshop = Workshop()
    (process,) = {*psutil.Process().children()} - before
    del workshop
    process.wait(30)
    assert not process.is_running()


def test_a_workshop_that_broke_down_is_replaced(tmp_path: Path):
    kit, work = kit_here([]), partial(errands.break_down, diary=tmp_path)
    with pytest.raises((EOFError, OSError)):
        attend(work, {}, {}, kit)
    assert attend(work, {}, {}, kit).made == {"out.txt": b"done"}


def test_a_job_gets_its_files_by_their_content():
    delivery = attend(errands.see, {"a.csv": "x", "b.csv": "x"}, {"x": b"same"}, kit_here([]))
    assert delivery.made == {"seen.txt": b"a.csv\nb.csv"}


def test_a_worker_with_other_code_does_not_do_the_job():
    kit = replace(kit_here([]), code="other")
    delivery = attend(errands.see, {}, {}, kit)
    assert delivery.made == {}
    assert "its copy of the package critical_minerals is not the one here" in str(delivery.error)
