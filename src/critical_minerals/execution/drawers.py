"""Warm processes that draw the charts of every kernel.

The drawing engine takes half a second to wake, in each process anew. Here as many processes as
there are processors wake it once and draw for all notebooks and languages; kernels reach them
through a socket that only this user can open (`publish.drawing` does so where it is named).
"""

from __future__ import annotations

import atexit
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
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
    drawers = _Drawers(fonts)
    atexit.register(_close, listener, folder)
    Thread(target=_serve, args=(listener, drawers), daemon=True, name="drawing").start()
    return str(listener.address)


def _begin(fonts: Path) -> None:
    """Begin as a process that draws."""
    end_with_parent()
    awake(fonts)


def _serve(listener: Listener, drawers: _Drawers) -> None:
    """Take calls until the listener is closed."""
    while True:
        try:
            caller = listener.accept()
        except OSError:
            return
        Thread(target=_attend, args=(caller, drawers), daemon=True, name="drawing").start()


def _attend(caller: Connection, drawers: _Drawers) -> None:
    """Answer one kernel until it hangs up."""
    with caller:
        while True:
            try:
                asked = caller.recv_bytes()
            except (EOFError, OSError):
                return
            caller.send_bytes(drawers.draw(asked))


class _Drawers:
    """The processes that draw; when one of them dies, all are replaced."""

    def __init__(self, fonts: Path) -> None:
        self._fonts, self._lock = fonts, Lock()
        self._pool = self._opened()

    def draw(self, asked: bytes) -> bytes:
        """Draw a specification, anew where a process died; tell where one died again."""
        for _ in range(2):  # it may have been in the middle of another's drawing
            pool = self._pool
            try:
                return pool.submit(answer, asked).result()
            except BrokenProcessPool:
                with self._lock:
                    if self._pool is pool:
                        self._pool = self._opened()
        return b"!the process that drew it died twice, perhaps for lack of memory."

    def _opened(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(os.cpu_count(), warm_context(), _begin, (self._fonts,))


def _close(listener: Listener, folder: str) -> None:
    with suppress(OSError):
        listener.close()
    rmtree(folder, ignore_errors=True)
