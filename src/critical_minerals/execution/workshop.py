"""Where a worker of a cluster does its jobs: a process of its own beside the worker.

Kernels are forked from a warm parent. A worker may not have child processes of that kind (Dask
starts its workers as daemons), the process beside it may. It does several jobs at once, each in a
folder that is kept from job to job, so that only files that changed are written. It ends when the
worker ends, however that comes to pass, and takes its kernels with it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from weakref import finalize

from critical_minerals.errors import StepError
from critical_minerals.execution.jobs import Delivery, Work, perform_apart
from critical_minerals.execution.kits import Kit, differences, kit_here

_ONE_AT_A_TIME = Lock()


def attend(
    work: Work, listing: Mapping[str, str], blobs: Mapping[str, bytes], kit: Kit
) -> Delivery:
    """Do a job that was sent to this worker.

    `listing` gives each file's content hash, `blobs` the contents by their hash, `kit` what the
    machine that sent the job runs on: the worker may have joined after the others were looked at.
    """
    here = kit_here(kit.packages)
    if different := differences(kit, here):
        error = StepError(f"A worker cannot do this job: {'; '.join(different)}.")
        return Delivery({}, error=error)
    files = {name: blobs[content] for name, content in listing.items()}
    with _ONE_AT_A_TIME:
        workshop = _workshop(here.code)
    return workshop.do(work, files)


@lru_cache(maxsize=1)
def _workshop(code: str) -> Workshop:
    """Open the workshop for one state of the package's code; an older one closes when idle."""
    del code
    return Workshop()


class Workshop:
    """The process that does jobs, as seen from the worker."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", __name__]
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self._close = finalize(self, _end, process)
        assert process.stdout is not None  # noqa: S101 - asked for above
        self._address = process.stdout.readline().strip()

    def do(self, work: Work, files: Mapping[str, bytes]) -> Delivery:
        """Do a job's work on some files; several threads may ask at once."""
        try:
            with Client(self._address) as line:
                line.send((work, files))
                return line.recv()
        except (EOFError, OSError):  # it died: the next try finds a new one
            _workshop.cache_clear()
            raise


def _end(process: subprocess.Popen[str]) -> None:
    """Let a workshop go: it ends when nobody holds the other end of its standard input."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def _open() -> None:
    """Do jobs for the worker that started this process, until it is gone."""
    with TemporaryDirectory(prefix="jobs-", ignore_cleanup_errors=True) as folder:
        listener = Listener()
        print(listener.address, flush=True)  # noqa: T201 - the worker reads it
        Thread(target=_serve, args=(listener, _Rooms(Path(folder))), daemon=True).start()
        sys.stdin.read()
        listener.close()


def _serve(listener: Listener, rooms: _Rooms) -> None:
    """Take jobs until the listener is closed."""
    while True:
        try:
            caller = listener.accept()
        except OSError:
            return
        Thread(target=_do, args=(caller, rooms), daemon=True).start()


def _do(caller: Connection, rooms: _Rooms) -> None:
    """Do one job and send back what it made."""
    with caller, rooms.free() as root:
        work, files = caller.recv()
        caller.send(perform_apart(root, work, files))


class _Rooms:
    """Folders for jobs, as many as there are jobs at once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)
        self._free: list[Path] = []

    @contextmanager
    def free(self) -> Generator[Path]:
        """Give a folder that no other job has; it keeps what the last job in it left."""
        root = self._free.pop() if self._free else self._folder / f"room-{next(self._numbers)}"
        try:
            yield root
        finally:
            self._free.append(root)


if __name__ == "__main__":
    _open()
