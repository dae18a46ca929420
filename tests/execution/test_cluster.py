"""A real Dask scheduler and two real workers: the same files, nothing lost, nothing twice."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import errands
import pytest
from rich.console import Console

from critical_minerals.cli.run import executor
from critical_minerals.errors import StepError, UsageError
from critical_minerals.execution import cluster as cluster_module
from critical_minerals.execution.jobs import Job
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.runner import Outcome, run
from critical_minerals.execution.steps import Run, notebook
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.paths import Workspace

pytestmark = pytest.mark.cluster

distributed = pytest.importorskip("distributed", reason="needs the extra `cluster`")

PROJECT = Path(__file__).parents[2]
NOTEBOOK = "40_partnerships"


@dataclass
class Farm:
    """A scheduler and its workers, each a process of its own."""

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: dict[str, subprocess.Popen[bytes]]

    def start(self, name: str, *options: str, path: str | None = None) -> None:
        """Start a worker that does one job at once, and wait until the scheduler knows it."""
        known = len(self.names())
        environment = {**os.environ, **({"PYTHONPATH": path} if path else {})}
        command = ["worker", self.address, "--name", name, "--nthreads", "1", *options]
        self.workers[name] = _dask(self.folder, name, *command, env=environment)
        while len(self.names()) == known:
            time.sleep(0.1)

    def names(self) -> list[str]:
        with self.client() as client:
            return [worker["name"] for worker in client.scheduler_info(-1)["workers"].values()]

    def client(self) -> "distributed.Client":
        return distributed.Client(self.address, set_as_default=False)


def _dask(folder: Path, name: str, *command: str, env: Mapping[str, str] | None = None):
    network = ["--host", "127.0.0.1", "--no-dashboard"]
    place = [] if name == "scheduler" else ["--local-directory", str(folder)]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *command, *network, *place],
            stdout=log,
            stderr=log,
            env=env,
        )


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def farm(folder: Path) -> Iterator[Farm]:
    """Start a scheduler; end it and all its workers afterwards."""
    file = folder / "scheduler.json"
    scheduler = _dask(
        folder, "scheduler", "scheduler", "--port", "0", "--scheduler-file", str(file)
    )
    workers: dict[str, subprocess.Popen[bytes]] = {}
    try:
        while not file.is_file() or not file.read_text("utf-8").endswith("}"):
            assert scheduler.poll() is None, (folder / "scheduler.log").read_text("utf-8")
            time.sleep(0.1)
        with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
            address = client.scheduler.address
        yield Farm(folder, address, scheduler, workers)
    finally:
        for process in [*workers.values(), scheduler]:  # the scheduler last: workers sign off
            process.terminate()
            _wait_or_kill(process)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Generator[Farm]:
    """One worker under Dask's nanny, as a daemon, and one without."""
    with farm(tmp_path_factory.mktemp("farm")) as found:
        found.start("watched")
        found.start("alone", "--no-nanny")
        yield found


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace that holds what a cluster looks at."""
    root = tmp_path / "space"
    root.mkdir()
    shutil.copy(PROJECT / "pyproject.toml", root)
    return Workspace(root)


def files(root: Path) -> dict[str, bytes]:
    kept = (path for path in root.rglob("*") if path.is_file())
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in kept}
    return {name: data for name, data in found.items() if not name.startswith(".pipeline/")}


def run_notebook_on(workspace: Workspace, address: str | None) -> tuple[Outcome, list[str]]:
    """Run one notebook; return how it went and how it was told."""
    told = io.StringIO()
    with executor(address, workspace) as workers:
        asked = Run(workspace, ReportParameters(), executor=workers)
        progress = Progress(Console(file=told, force_terminal=False, width=100))
        outcome = run(workspace, [notebook(asked, NOTEBOOK)], progress, executor=workers)
    lines = [line.split()[:2] for line in told.getvalue().splitlines()]
    return outcome, sorted(" ".join(words) for words in lines)


def test_a_cluster_makes_the_same_files_and_tells_of_it_in_the_same_way(
    two_workers: Farm, tmp_path: Path
):
    results = {}
    for name, address in (("here", None), ("there", two_workers.address)):
        root = tmp_path / name
        shutil.copytree(PROJECT / "data" / "raw", root / "data" / "raw")
        shutil.copytree(PROJECT / "data" / "schemas", root / "data" / "schemas")
        (root / "notebooks").mkdir()
        shutil.copy(PROJECT / "notebooks" / f"{NOTEBOOK}.ipynb", root / "notebooks")
        shutil.copy(PROJECT / "pyproject.toml", root)
        outcome, told = run_notebook_on(Workspace(root), address)
        assert outcome.errors == {}
        results[name] = files(root), told
    assert results["here"] == results["there"]
    assert any(Path(name).match("fig-*.pickle") for name in results["there"][0])


def test_the_error_of_a_job_is_raised_here_with_what_it_left(two_workers: Farm, space: Workspace):
    job = Job("job", partial(errands.fail, how="step"), ())
    with executor(two_workers.address, space) as workers, pytest.raises(StepError, match="cell 3"):
        workers.do(job, space)
    assert (space.root / "failed.txt").is_file()


def test_a_killed_worker_loses_nothing_and_nothing_is_done_twice(
    two_workers: Farm, space: Workspace, tmp_path: Path
):
    errands.change_files(space, [("data/needed.csv", "1")])
    diary = tmp_path / "diary"
    diary.mkdir()
    names = ["one", "two", "three", "four"]
    victim = two_workers.workers["alone"]
    with executor(two_workers.address, space) as workers, ThreadPoolExecutor() as threads:
        assert workers.slots == 2
        futures = []
        for name in names:
            work = partial(errands.take_time, name=name, diary=diary, seconds=2)
            futures.append(threads.submit(workers.do, Job(name, work, ("data/**",)), space))
        while not [*diary.glob(f"*.{victim.pid}")]:
            time.sleep(0.05)
        victim.send_signal(signal.SIGKILL)
        for future in futures:
            future.result()
    for name in names:
        assert (space.root / f"{name}.txt").read_text("utf-8") == f"{name} is done\n"
    begun = [path.stem for path in diary.iterdir()]
    assert len(begun) == len(names) + 1
    two_workers.start("alone again", "--no-nanny")


def test_a_run_that_is_stopped_lets_its_jobs_go(two_workers: Farm, space: Workspace):
    with executor(two_workers.address, space) as workers, ThreadPoolExecutor() as threads:
        jobs = [Job(str(n), partial(errands.sleep_of, 3), ()) for n in range(4)]
        futures = [threads.submit(workers.do, job, space) for job in jobs]
        time.sleep(0.3)
        began = time.monotonic()
        workers.stop()
        assert all(future.cancelled() or future.exception(5) for future in futures)
        assert time.monotonic() - began < 3


def test_workers_that_all_die_and_a_scheduler_that_is_lost_are_told(
    tmp_path: Path, space: Workspace
):
    diary = tmp_path / "diary"
    diary.mkdir()
    slow = partial(errands.take_time, name="slow", diary=diary, seconds=60)
    with farm(tmp_path) as found:
        found.start("restarted")
        with executor(found.address, space) as workers, ThreadPoolExecutor() as threads:
            with pytest.raises(StepError, match="deadly: every worker that began it was lost"):
                workers.do(Job("deadly", errands.end_the_worker, ()), space)
            future = threads.submit(workers.do, Job("slow", slow, ()), space)
            while not [*diary.iterdir()]:
                time.sleep(0.05)
            found.scheduler.send_signal(signal.SIGKILL)
            with pytest.raises(StepError, match="slow: the cluster was lost while it worked"):
                future.result(60)


def test_workers_that_would_make_other_files_are_refused(
    tmp_path: Path, space: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cluster_module, "FOR_WORKERS", 0.5)
    other, none = tmp_path / "other", tmp_path / "none"
    shutil.copytree(PROJECT / "src" / "critical_minerals", other / "critical_minerals")
    (other / "critical_minerals" / "errors.py").open("a").write("# changed\n")
    (none / "critical_minerals").mkdir(parents=True)
    (none / "critical_minerals" / "__init__.py").touch()
    with farm(tmp_path) as found:
        with pytest.raises(UsageError, match="has no workers"), executor(found.address, space):
            pass
        found.start("changed", "--no-nanny", path=str(other))
        found.start("lacking", "--no-nanny", path=str(none))
        with pytest.raises(UsageError) as refused, executor(found.address, space):
            pass
    told = str(refused.value)
    assert "its copy of the package critical_minerals is not the one here" in told
    assert "cannot load the package critical_minerals" in told
    assert told.count("requirements.lock") == 2
