"""Say how long work is still going to take, once it has taken a moment."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from critical_minerals.readers.large import OnProgress

_PATIENCE: Final = 2.0
"""Seconds of work of which nothing is said."""
_EVERY: Final = 10.0
"""Seconds between two lines, where there is no terminal."""

_IN_SECONDS: Final = 90


@contextmanager
def meter(console: Console, what: str) -> Generator[OnProgress]:
    """Give what is told how many bytes are done, and of how many: it shows rate and time left.

    At a terminal that is a bar, elsewhere a line every ten seconds; neither for work of a moment.
    """
    begun = time.monotonic()
    bar = Progress(
        TextColumn(f"  {what}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task(what, total=None)
    state = {"first": -1, "next": begun + _PATIENCE, "shown": 0.0}

    def advance(done: int, of: int | None) -> None:
        now = time.monotonic()
        if state["first"] < 0:
            state["first"] = done  # what had come before is no work of now
        bar.update(task, completed=done, total=of)
        if now < state["next"]:
            return
        if console.is_terminal:
            bar.start()
            return
        state["next"] = now + _EVERY
        console.print(f"  {what}: {_line(done, of, int(state['first']), now - begun)}")

    try:
        yield advance
    finally:
        bar.stop()


def _line(done: int, of: int | None, first: int, seconds: float) -> str:
    """Say how far it is.

    >>> _line(120_000_000, 600_000_000, 0, 60)
    '120.0 MB of 600.0 MB, 2.0 MB/s, 4 min left'
    >>> _line(90_000, None, 0, 3)
    '90.0 kB, 30.0 kB/s'
    """
    rate = (done - first) / seconds if seconds > 0 else 0.0
    told = decimal(done) + (f" of {decimal(of)}" if of else "")
    if rate <= 0:
        return told
    told += f", {decimal(int(rate))}/s"
    left = (of - done) / rate if of else 0
    if not of:
        return told
    in_words = f"{left:.0f} s" if left < _IN_SECONDS else f"{left / 60:.0f} min"
    return f"{told}, {in_words} left"
