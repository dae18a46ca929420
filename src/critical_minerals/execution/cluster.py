"""The workers of a Dask cluster do the jobs of a run.

A job's files are known by their content. Each is handed to the scheduler once, and Dask moves it to
the workers that lack it. The cluster keeps the files of the last run, so that the next one sends
only what is new.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Any, Final

from critical_minerals.errors import StepError, UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.jobs import Delivery, Job, in_passing, needed, receive
from critical_minerals.execution.kits import Kit, differences, kit_here, used_packages
from critical_minerals.execution.workshop import attend
from critical_minerals.workspace import Workspace

PATIENCE: Final = 10
"""Seconds in which a scheduler has to answer."""
FOR_WORKERS: Final = 60
"""Seconds in which a cluster that grows on demand has to bring its first worker."""
_TRIES_AGAIN: Final = 2
_KEPT: Final = "critical-minerals-files"
"""Under this name the cluster keeps the files of the last run."""


@contextmanager
def hired(address: str, workspace: Workspace) -> Generator[Cluster]:
    """Give the workers of the scheduler at an address, once they are found fit.

    Raises `UsageError` where they cannot be used, and says why.
    """
    with _connected(address) as client:
        kit = kit_here(used_packages(workspace.root / "pyproject.toml"))
        _refuse_others(client, address, kit)
        cluster = Cluster(client, kit)
        yield cluster
        cluster.leave()


class Cluster:
    """Does jobs on workers.

    A worker that is lost loses nothing: the scheduler has its files, and gives its jobs to others.
    What a job made is put in place once, when it comes back.
    """

    def __init__(self, client: Any, kit: Kit) -> None:
        self._client, self._kit = client, kit
        self._workers = client.get_executor(pure=False, retries=_TRIES_AGAIN)
        self.slots = max(1, sum(client.nthreads().values()))
        self._pool = ThreadPoolExecutor(self.slots, "job")
        self._before = _still_there(client)
        self._files: dict[str, Any] = {}
        self._lock = Lock()

    def submit(self, job: Job, workspace: Workspace) -> Future[None]:
        """Begin a job on some worker."""
        return self._pool.submit(self._carry_out, job, workspace)

    def stop(self) -> None:
        """Give up all jobs."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._workers.shutdown(wait=False)

    def leave(self) -> None:
        """Let the cluster keep the files of this run, instead of those of the last one."""
        if self._files:
            self._client.publish_dataset(self._files, name=_KEPT, override=True)

    def _carry_out(self, job: Job, workspace: Workspace) -> None:
        contents = needed(workspace, job)
        listing = {name: fingerprints.of_bytes(content) for name, content in contents.items()}
        blobs = {listing[name]: self._sent(listing[name], contents[name]) for name in contents}
        receive(workspace, self._delivered(job, listing, blobs))

    def _delivered(
        self, job: Job, listing: Mapping[str, str], blobs: Mapping[str, Any]
    ) -> Delivery:
        """Wait for what a job makes; tell a loss of the cluster in words."""
        from distributed import KilledWorker  # noqa: PLC0415 - an optional package

        work = partial(in_passing, work=job.work) if job.alone else job.work
        try:
            return self._workers.submit(attend, work, listing, blobs, self._kit).result()
        except KilledWorker as error:
            msg = f"{job.name}: every worker that began it was lost, perhaps for lack of memory."
            raise StepError(msg) from error
        except (CancelledError, OSError, EOFError) as error:
            why = str(error) or type(error).__name__
            msg = f"{job.name}: the cluster was lost while it worked ({why})."
            raise StepError(msg) from error

    def _sent(self, content_hash: str, content: bytes) -> Any:
        """Return the cluster's copy of a file; send it where the cluster has none.

        The content stays with the scheduler as a task, so that it survives the loss of a worker:
        what is only scattered does not.
        """
        with self._lock:
            if content_hash not in self._files:
                key = f"critical-minerals-file-{content_hash}-{self._client.id}"
                kept = self._before.get(content_hash)
                self._files[content_hash] = kept or self._client.submit(_itself, content, key=key)
            return self._files[content_hash]


def _still_there(client: Any) -> Mapping[str, Any]:
    """Return the files of the last run, by content, that some worker still holds."""
    kept = client.get_dataset(_KEPT, default={})
    holders = client.who_has([*kept.values()]) if kept else {}
    return {content: file for content, file in kept.items() if holders.get(file.key)}


def _itself(content: bytes) -> bytes:
    return content


@contextmanager
def _connected(address: str) -> Generator[Any]:
    """Connect to a scheduler that has workers."""
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


def _refuse_others(client: Any, address: str, kit: Kit) -> None:
    """Refuse a cluster without workers, and one whose workers would make other files."""
    try:
        client.wait_for_workers(1, timeout=FOR_WORKERS)
    except TimeoutError as error:
        msg = (
            f"The cluster at {address} has no workers, nor got one in {FOR_WORKERS} s. "
            f"Start some: dask worker {address}"
        )
        raise UsageError(msg) from error
    told = client.run(kit_here, [*kit.packages], on_error="return")
    if lines := [line for worker, there in told.items() for line in _told(worker, kit, there)]:
        raise UsageError("\n".join(lines))


def _told(worker: str, here: Kit, there: Kit | Exception) -> Iterable[str]:
    """Say why a worker cannot be used, if so."""
    remedy = "Install there what is installed here (the same commit and requirements.lock)."
    if isinstance(there, Exception):
        yield f"Worker {worker} cannot load the package critical_minerals ({there}). {remedy}"
    elif different := differences(here, there):
        yield f"Worker {worker} is set up in another way: {'; '.join(different)}. {remedy}"
