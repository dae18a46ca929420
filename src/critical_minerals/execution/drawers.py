"""Warm processes that draw the charts of every kernel.

The drawing engine takes half a second to wake, in each process anew. Here as many processes as
there are processors wake it once and draw for all notebooks and languages; kernels reach them
through a socket that only this user can open (`publish.drawing` does so where it is named).
"""

from __future__ import annotations

import atexit
import os
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock, Thread
from typing import Final

from critical_minerals.execution.orphans import end_with_parent, scratch_prefix
from critical_minerals.execution.warm import POSSIBLE, warm_context
from critical_minerals.publish.drawing import answer, awake

_STARTING: Final = Lock()


def drawing_service(fonts: Path) -> str:
    """Start drawing for others; return the socket's path, nothing where there can be none."""
    if not POSSIBLE:
        return ""
    with _STARTING:  # two notebooks begin at once
        return _started(fonts)


@cache
def _started(fonts: Path) -> str:
    folder = mkdtemp(prefix=scratch_prefix("drawing"))
    listener = Listener(f"{folder}/socket", family="AF_UNIX")
    pool = ProcessPoolExecutor(os.cpu_count(), warm_context(), _begin, (fonts,))
    atexit.register(_close, listener, folder)
    Thread(target=_serve, args=(listener, pool), daemon=True, name="drawing").start()
    return str(listener.address)


def _begin(fonts: Path) -> None:
    """Begin as a process that draws."""
    end_with_parent()
    awake(fonts)


def _serve(listener: Listener, pool: Executor) -> None:
    """Take calls until the listener is closed."""
    while True:
        try:
            caller = listener.accept()
        except OSError:
            return
        Thread(target=_attend, args=(caller, pool), daemon=True, name="drawing").start()


def _attend(caller: Connection, pool: Executor) -> None:
    """Answer one kernel until it hangs up."""
    with caller:
        while True:
            try:
                asked = caller.recv_bytes()
            except (EOFError, OSError):
                return
            caller.send_bytes(pool.submit(answer, asked).result())


def _close(listener: Listener, folder: str) -> None:
    with suppress(OSError):
        listener.close()
    rmtree(folder, ignore_errors=True)
