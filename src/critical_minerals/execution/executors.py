"""Run the jobs of a run: on this machine, or on the workers of a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from critical_minerals.execution.jobs import Job
from critical_minerals.workspace import Workspace


class JobExecutor(Protocol):
    """Runs jobs, each in the thread that calls it."""

    @property
    def slots(self) -> int:
        """The number of jobs that can run at once."""
        ...

    def do(self, job: Job, workspace: Workspace) -> None:
        """Run a job; its outputs are in place when this returns. Raises what the job raised."""
        ...

    def stop(self) -> None:
        """Abandon all jobs at once, because the run was interrupted."""
        ...


class Local:
    """Runs jobs on this machine, in place; kernels and renderers are processes of their own."""

    def __init__(self, slots: int | None = None) -> None:
        self.slots = slots or os.cpu_count() or 1

    def do(self, job: Job, workspace: Workspace) -> None:
        """Run a job in place."""
        job.work(workspace)

    def stop(self) -> None:
        """End the processes that jobs wait for."""
        import multiprocessing  # noqa: PLC0415 - not for runs with nothing to do

        # A thread cannot be stopped from outside; it returns when its process has ended.
        for process in multiprocessing.active_children():
            process.terminate()


@contextmanager
def executor(
    cluster: str | None, workspace: Workspace, slots: int | None = None
) -> Generator[JobExecutor]:
    """Yield the executor for a run: a cluster, if its scheduler's address is given.

    `slots` is the number of jobs that this machine runs at once, by default that of its processors.

    Raises `UsageError` with the reason where the cluster cannot be used.
    """
    if cluster is None:
        yield Local(slots)
        return
    from critical_minerals.execution.cluster import connect  # noqa: PLC0415 - only for clusters

    with connect(cluster, workspace) as workers:
        yield workers
