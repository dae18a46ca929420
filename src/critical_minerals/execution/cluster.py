"""Run jobs on the workers of a Dask cluster.

Dask moves the files of a job to a worker with the job, checks versions, tries lost jobs again and
knows its workers; here is only what it cannot know: which files a job reads and what it wrote.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from critical_minerals.declared import Declared, current
from critical_minerals.errors import StepError, UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.jobs import (
    Job,
    Result,
    Work,
    files_of,
    in_subprocess,
    receive,
    run_elsewhere,
)
from critical_minerals.execution.orphans import own_temporary_folder
from critical_minerals.workspace import Workspace

PATIENCE: Final = 10
"""Seconds in which a scheduler has to answer."""
FOR_WORKERS: Final = 60
"""Seconds in which a cluster that grows on demand has to bring its first worker."""
_TRIES_AGAIN: Final = 2
_TOLD: Final = 4
_OURS: Final = "critical_minerals"


@contextmanager
def connect(address: str, workspace: Workspace) -> Generator[Cluster]:
    """Give the workers of the scheduler at an address, once their environment is found equal.

    Raises `UsageError` where they cannot be used, and says why.
    """
    with _client(address) as client:
        pinned = sorted(fingerprints.pinned(workspace.root / "requirements.lock"))
        _refuse_others(client, address, pinned)
        yield Cluster(client, pinned)


class Cluster:
    """Runs jobs on workers.

    A worker that is lost loses nothing: Dask gives its jobs to others. What a job made is put in
    place once, when it comes back.
    """

    def __init__(self, client: Any, pinned: Sequence[str]) -> None:
        self._environment = environment(pinned)
        self._workers = client.get_executor(pure=False, retries=_TRIES_AGAIN)
        self.slots = max(1, sum(client.nthreads().values()))

    def do(self, job: Job, workspace: Workspace) -> None:
        """Do a job on some worker."""
        receive(workspace, self._result(job, files_of(job, workspace)))

    def stop(self) -> None:
        """Give up all jobs."""
        self._workers.shutdown(wait=False)

    def _result(self, job: Job, files: Mapping[str, bytes]) -> Result:
        """Wait for what a job makes; tell a loss of the cluster in words."""
        from distributed import KilledWorker  # noqa: PLC0415 - an optional package

        work = partial(in_subprocess, work=job.work) if job.alone else job.work
        try:
            given = (work, files, self._environment, current())
            return self._workers.submit(run_on_worker, *given).result()
        except KilledWorker as error:
            msg = f"{job.name}: every worker that began it was lost, perhaps for lack of memory."
            raise StepError(msg) from error
        except (CancelledError, OSError, EOFError) as error:
            why = str(error) or type(error).__name__
            msg = f"{job.name}: the cluster was lost while it worked ({why})."
            raise StepError(msg) from error


def run_on_worker(
    work: Work,
    files: Mapping[str, bytes],
    expected: Mapping[str, str],
    declared: Declared | None = None,
) -> Result:
    """Run a job on this worker, in a folder of its own.

    `expected` is the environment of the machine that sent the job: the worker may have joined the
    cluster after the others were looked at.
    """
    if different := differences(expected, environment([*expected])):
        error = StepError(f"A worker cannot do this job: {'; '.join(different)}.")
        return Result({}, error=error)
    # Dask starts its workers as daemons, which may have no children of their own, lest these
    # outlive them. Ours end with the process that forked them (`orphans`), however it ends.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
    own_temporary_folder()
    with TemporaryDirectory(prefix="job-", ignore_cleanup_errors=True) as folder:
        return run_elsewhere(Path(folder), work, files, declared)


def environment(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and of some packages here, and a hash of this package's code.

    Equal files make equal files only where these are equal too.
    """
    from distributed.versions import get_package_info  # noqa: PLC0415 - an optional package

    found = get_package_info(name for name in packages if name not in {"python", _OURS})
    versions = {name: version or "missing" for name, version in found.items()}
    return {**versions, _OURS: fingerprints.of_package()}


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """Say in what another environment differs from this one, in words.

    >>> differences({"python": "3.11.7", "pandas": "3.0"}, {"python": "3.11.7", "pandas": "2.3"})
    ['pandas is 2.3, here 3.0']
    """
    names = [name for name in here if there.get(name, "missing") != here[name]]
    told = [
        "its copy of the package critical_minerals is not the one here"
        if name == _OURS
        else f"{name} is {there.get(name, 'missing')}, here {here[name]}"
        for name in sorted(names, key=lambda name: (name != "python", name != _OURS, name))
    ]
    rest = len(told) - _TOLD
    return [*told[:_TOLD], f"and {rest} more packages"] if rest > 0 else told


@contextmanager
def _client(address: str) -> Generator[Any]:
    """Connect to a scheduler."""
    try:
        from distributed import Client  # noqa: PLC0415 - an optional package
    except ImportError as error:
        msg = (
            "--cluster needs the package distributed, which is not installed here. "
            "Install the extra `cluster`: python -m pip install -e '.[cluster]'"
        )
        raise UsageError(msg) from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        msg = (
            f"No Dask scheduler answers at {address}. Start one (dask scheduler) or check the "
            "address, such as tcp://scheduler:8786."
        )
        raise UsageError(msg) from error
    with client:
        yield client


def _refuse_others(client: Any, address: str, pinned: Sequence[str]) -> None:
    """Refuse a cluster without workers, and one whose workers would make other files."""
    try:
        client.wait_for_workers(1, timeout=FOR_WORKERS)
    except TimeoutError as error:
        msg = (
            f"The cluster at {address} has no workers, nor got one in {FOR_WORKERS} s. "
            f"Start some: dask worker {address}"
        )
        raise UsageError(msg) from error
    here, told = environment(pinned), client.run(environment, pinned, on_error="return")
    if lines := [line for worker, there in told.items() for line in _told(worker, here, there)]:
        raise UsageError("\n".join(lines))


def _told(
    worker: str, here: Mapping[str, str], there: Mapping[str, str] | Exception
) -> Iterable[str]:
    """Say why a worker cannot be used, if so."""
    remedy = "Install there what is installed here (the same commit and requirements.lock)."
    if isinstance(there, Exception):
        yield f"Worker {worker} cannot load the package critical_minerals ({there}). {remedy}"
    elif different := differences(here, there):
        yield f"Worker {worker} is set up in another way: {'; '.join(different)}. {remedy}"
