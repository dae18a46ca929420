"""Time commands side by side, and the memory of all the processes they start."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import Any

import psutil

_PAUSES = (0.01, 0.1)
"""Seconds between two looks at the memory, within the first second and later."""
_TOLD = 3000


@dataclass(frozen=True)
class Command:
    """One program to run."""

    words: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def run(self) -> None:
        """Run it to its end. Raises `RuntimeError` with what it said where it fails."""
        with TemporaryFile() as told:
            process = self.start(told.fileno())
            if process.wait() != 0:
                told.seek(0)
                said = told.read().decode(errors="replace")[-_TOLD:]
                msg = f"{' '.join(self.words)} failed:\n{said}"
                raise RuntimeError(msg)

    def start(self, told: int) -> subprocess.Popen[bytes]:
        """Start it; what it says goes to the open file `told`."""
        return subprocess.Popen(
            self.words,
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )


@dataclass(frozen=True)
class Contender:
    """One way to do something: commands one after the other, and what makes ready for them."""

    name: str
    commands: Sequence[Command]
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    also: Callable[[], Iterable[int]] = list
    """Processes that belong to it without being started by it, such as workers of a cluster."""


def side_by_side(contenders: Sequence[Contender], repeats: int) -> dict[str, list[float]]:
    """Time all contenders in turn, as often as asked for; return each one's seconds."""
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for repeat in range(repeats):
        for contender in contenders:
            taken = _timed(contender)
            seconds[contender.name].append(round(taken, 3))
            print(f"  {repeat + 1}/{repeats}  {contender.name:<48} {taken:8.2f} s", flush=True)
    return seconds


def _timed(contender: Contender) -> float:
    contender.before()
    try:
        begun = time.perf_counter()
        for command in contender.commands:
            command.run()
        return time.perf_counter() - begun
    finally:
        contender.after()


def peaks(contenders: Sequence[Contender], repeats: int) -> dict[str, list[float]]:
    """Measure the largest memory of each contender's processes at one moment, in MB.

    These are runs of their own: to look takes time, which would count against those with many
    processes. Memory that processes share counts once, where the system tells (Linux).
    """
    found: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for repeat in range(repeats):
        for contender in contenders:
            contender.before()
            try:
                peak = _peak(contender)
            finally:
                contender.after()
            found[contender.name].append(peak)
            print(f"  {repeat + 1}/{repeats}  {contender.name:<48} {peak:8.0f} MB", flush=True)
    return found


def _peak(contender: Contender) -> float:
    highest, done = [0], Event()
    before, also = _family(os.getpid()), [*contender.also()]

    def watch() -> None:
        begun = time.monotonic()
        while not done.wait(_PAUSES[time.monotonic() - begun > 1]):
            started = {one for one in _family(os.getpid()) - before if _has_begun(one)}
            counted = started.union(*map(_family, also))
            highest[0] = max(highest[0], sum(_own(process.pid) for process in counted))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        for command in contender.commands:
            command.run()
    finally:
        done.set()
        watcher.join()
    return round(highest[0] / 1e6)


def _has_begun(process: psutil.Process) -> bool:
    """Say whether a process runs its own program yet.

    Until then a child of this one is a twin of it, and all memory of this one would count as its.
    """
    own = psutil.Process()
    return _of(
        process.pid,
        lambda one: one.ppid() != own.pid or one.cmdline() != own.cmdline(),
        otherwise=False,
    )


def _family(root: int) -> set[psutil.Process]:
    """Return a process, if it is there, with all that it started."""
    return _of(root, lambda process: {process, *process.children(recursive=True)}, set())


def _own(pid: int) -> int:
    """Return a process's memory: its share of what is shared, where the system tells."""
    return _of(
        pid,
        lambda process: (
            process.memory_full_info().pss if psutil.LINUX else process.memory_info().rss
        ),
        0,
    )


def _of(pid: int, ask: Callable[[psutil.Process], Any], otherwise: Any) -> Any:
    try:
        return ask(psutil.Process(pid))
    except psutil.Error:
        return otherwise


def middle(values: Sequence[float]) -> float:
    """Return the median, with as many digits as it deserves."""
    return round(median(values), 3)
