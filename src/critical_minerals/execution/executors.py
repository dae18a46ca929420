"""Who does the jobs of a run: this machine, or the workers of a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from critical_minerals.execution.jobs import Job
from critical_minerals.workspace import Workspace


class JobExecutor(Protocol):
    """Does jobs, each in the thread that asks for it."""

    @property
    def slots(self) -> int:
        """Say how many jobs can be done at once."""
        ...

    def do(self, job: Job, workspace: Workspace) -> None:
        """Do a job; its outputs are in place when this returns. Raises what the job raised."""
        ...

    def stop(self) -> None:
        """Let go of all jobs at once, because the run was interrupted."""
        ...


class Local:
    """Does jobs on this machine, in place; kernels and renderers are processes of their own."""

    def __init__(self, slots: int | None = None) -> None:
        self.slots = slots or os.cpu_count() or 1

    def do(self, job: Job, workspace: Workspace) -> None:
        """Do a job in place."""
        job.work(workspace)

    def stop(self) -> None:
        """End the processes that jobs wait for."""
        import multiprocessing  # noqa: PLC0415 - not for runs with nothing to do

        for process in multiprocessing.active_children():
            process.terminate()


@contextmanager
def executor(
    cluster: str | None, workspace: Workspace, slots: int | None = None
) -> Generator[JobExecutor]:
    """Give the executor for a run: that of a cluster if its scheduler's address is given.

    `slots` says how many jobs this machine does at once, as many as it has processors if unsaid.

    Raises `UsageError` where the cluster cannot be used, and says why.
    """
    if cluster is None:
        yield Local(slots)
        return
    from critical_minerals.execution.cluster import connect  # noqa: PLC0415 - only for clusters

    with connect(cluster, workspace) as workers:
        yield workers
