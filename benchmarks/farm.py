"""A Dask scheduler with two workers on this machine."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from project import Copy

WORKERS = 2
_PATIENCE = 60


class Farm:
    """Started and stopped as a whole; each worker does one job at once."""

    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self._processes: list[subprocess.Popen[bytes]] = []
        self._folder: TemporaryDirectory[str] | None = None
        self.address = ""

    def start(self) -> None:
        """Start the scheduler and the workers; return when all are there."""
        self._folder = TemporaryDirectory(prefix="farm-", ignore_cleanup_errors=True)
        file = Path(self._folder.name) / "scheduler.json"
        self._begin("scheduler", "--port", "0", "--scheduler-file", str(file))
        _wait_for(lambda: file.is_file() and file.read_text("utf-8").rstrip().endswith("}"))
        self.address = json.loads(file.read_text("utf-8"))["address"]
        for _ in range(WORKERS):
            place = ("--local-directory", self._folder.name)
            self._begin("worker", self.address, "--nthreads", "1", *place)
        _wait_for(lambda: self._count() == WORKERS)

    def stop(self) -> None:
        """End the workers, then the scheduler."""
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()
        if self._folder:
            self._folder.cleanup()

    def pids(self) -> list[int]:
        """Return the processes that are not started by a run."""
        return [process.pid for process in self._processes]

    def _begin(self, *words: str) -> None:
        network = ("--host", "127.0.0.1", "--no-dashboard")
        command = self._copy.python("-m", "dask", *words, *network)
        self._processes.append(command.start(subprocess.DEVNULL))

    def _count(self) -> int:
        from distributed import Client  # noqa: PLC0415 - an optional package

        with Client(self.address, set_as_default=False) as client:
            return len(client.scheduler_info(-1)["workers"])


def _wait_for(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > end:
            msg = f"The cluster did not start within {_PATIENCE} s."
            raise TimeoutError(msg)
        time.sleep(0.1)
