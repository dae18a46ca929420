"""Run jobs on the workers of a Dask cluster.

Dask moves the files of a job to a worker together with the job, lists versions, retries lost jobs
and knows its workers; this module adds what it cannot know: which files a job reads and writes.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from critical_minerals.errors import StepError, UsageError
from critical_minerals.execution import fingerprints, logs
from critical_minerals.execution.jobs import (
    Job,
    Result,
    Work,
    files_of,
    receive,
    run_elsewhere,
)
from critical_minerals.execution.orphans import own_temporary_folder
from critical_minerals.execution.warm import run_in_subprocess
from critical_minerals.workspace.file_access import Declared, current
from critical_minerals.workspace.paths import Workspace

_LOG: Final = logging.getLogger(__name__)
PATIENCE: Final = 10
"""Seconds within which a scheduler has to answer."""
FOR_WORKERS: Final = 60
"""Seconds within which a cluster that grows on demand has to provide its first worker."""
_RETRIES: Final = 2
_MOST_NAMED: Final = 4
"""Differing packages that a message names."""
_PACKAGE: Final = "critical_minerals"


@contextmanager
def connect(address: str, workspace: Workspace) -> Generator[Cluster]:
    """Yield the workers of the scheduler at an address, once their environments are compared.

    Raises `UsageError` with the reason where they cannot be used.
    """
    with _client(address) as client:
        pinned = sorted(fingerprints.pinned(workspace.root / "requirements.lock"))
        _check_workers(client, address, pinned)
        yield Cluster(client, pinned)


class Cluster:
    """Runs jobs on workers.

    When a worker is lost, Dask gives its jobs to others. What a job made is written here once, when
    its result arrives.
    """

    def __init__(self, client: Any, pinned: Sequence[str]) -> None:
        self._environment = environment(pinned)
        # Not pure: Dask would take two equal calls for one, and return a stored result.
        self._workers = client.get_executor(pure=False, retries=_RETRIES)
        threads = client.nthreads()
        self.slots = max(1, sum(threads.values()))
        _LOG.debug("Connected to %d workers with %d threads.", len(threads), self.slots)

    def do(self, job: Job, workspace: Workspace) -> None:
        """Run a job on a worker."""
        receive(workspace, self._result(job, files_of(job, workspace)))

    def stop(self) -> None:
        """Abandon all jobs."""
        self._workers.shutdown(wait=False)

    def _result(self, job: Job, files: Mapping[str, bytes]) -> Result:
        """Return the result of a job. Raises `StepError` where workers or the cluster are lost."""
        from distributed import KilledWorker  # noqa: PLC0415 - an optional package

        # A worker is a long-lived process, in which such a job must not run (`Job.alone`).
        work = partial(run_in_subprocess, "operator:call", job.work) if job.alone else job.work
        try:
            arguments = (work, files, self._environment, current())
            _LOG.debug("%s is sent to a worker, with %d files.", job.name, len(files))
            result: Result = self._workers.submit(run_on_worker, *arguments).result()
            _LOG.debug("%s came back, with %d files.", job.name, len(result.made))
            return result  # noqa: TRY300 - only what the cluster does can raise here
        except KilledWorker as error:
            msg = f"{job.name}: every worker that began it was lost, perhaps for lack of memory."
            raise StepError(msg) from error
        except (CancelledError, OSError, EOFError) as error:
            reason = str(error) or type(error).__name__
            msg = f"{job.name}: the cluster was lost while it worked ({reason})."
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
    # Dask starts its workers as daemons, which may have no children, since these could outlive
    # them. The processes of a job end with the one that forked them (`orphans`), however it ends.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
    own_temporary_folder()
    logs.start()  # by this machine's own environment
    with TemporaryDirectory(prefix="job-", ignore_cleanup_errors=True) as folder:
        return run_elsewhere(Path(folder), work, files, declared)


def environment(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and of some packages here, and a hash of this package's code.

    Equal inputs give equal outputs only where these are equal too.
    """
    from distributed.versions import get_package_info  # noqa: PLC0415 - an optional package

    installed = get_package_info(name for name in packages if name not in {"python", _PACKAGE})
    versions = {name: version or "missing" for name, version in installed.items()}
    # All of the package: a job may run any part of it.
    return {**versions, _PACKAGE: fingerprints.of_package()}


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """Describe the differences of another environment from this one, as texts.

    >>> differences({"python": "3.11.7", "pandas": "3.0"}, {"python": "3.11.7", "pandas": "2.3"})
    ['pandas is 2.3, here 3.0']
    """
    names = [name for name in here if there.get(name, "missing") != here[name]]
    # Python and this package first, since only a few differences are named.
    lines = [
        "its copy of the package critical_minerals is not the one here"
        if name == _PACKAGE
        else f"{name} is {there.get(name, 'missing')}, here {here[name]}"
        for name in sorted(names, key=lambda name: (name != "python", name != _PACKAGE, name))
    ]
    unnamed = len(lines) - _MOST_NAMED
    return [*lines[:_MOST_NAMED], f"and {unnamed} more packages"] if unnamed > 0 else lines


def _client(address: str) -> Any:
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
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        msg = (
            f"No Dask scheduler answers at {address}. Start one (dask scheduler) or check the "
            "address, such as tcp://scheduler:8786."
        )
        raise UsageError(msg) from error


def _check_workers(client: Any, address: str, pinned: Sequence[str]) -> None:
    """Raise `UsageError` for a cluster without workers, or whose workers differ from here."""
    try:
        client.wait_for_workers(1, timeout=FOR_WORKERS)
    except TimeoutError as error:
        msg = (
            f"The cluster at {address} has no workers, nor got one in {FOR_WORKERS} s. "
            f"Start some: dask worker {address}"
        )
        raise UsageError(msg) from error
    # Errors are returned: a worker without this package cannot even load the function.
    here, environments = environment(pinned), client.run(environment, pinned, on_error="return")
    problems: list[str] = []
    remedy = "Install there what is installed here (the same commit and requirements.lock)."
    for worker, there in environments.items():
        if isinstance(there, Exception):
            reason = f"cannot load the package {_PACKAGE} ({there})"
        elif different := differences(here, there):
            reason = f"is set up in another way: {'; '.join(different)}"
        else:
            continue
        problems.append(f"Worker {worker} {reason}. {remedy}")
    if problems:
        raise UsageError("\n".join(problems))
