"""Show the progress of long work, with its rate and the time left."""

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

_SILENT_SECONDS: Final = 2.0
"""Seconds before anything is shown."""
_LINE_INTERVAL: Final = 10.0
"""Seconds between two lines where there is no terminal."""
_MINUTES_FROM: Final = 90
"""Seconds left from which they are shown in minutes."""


@contextmanager
def meter(console: Console, what: str) -> Generator[OnProgress]:
    """Yield a function that takes the bytes done and their total, and shows rate and time left.

    At a terminal it shows a bar, elsewhere a line every ten seconds; nothing for short work.
    """
    started = time.monotonic()
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
    state = {"first": -1, "next": started + _SILENT_SECONDS, "shown": 0.0}

    def advance(done: int, total: int | None) -> None:
        now = time.monotonic()
        if state["first"] < 0:
            # A resumed download begins above zero: its rate counts only what comes now.
            state["first"] = done
        bar.update(task, completed=done, total=total)
        if now < state["next"]:
            return
        if console.is_terminal:
            bar.start()
            return
        state["next"] = now + _LINE_INTERVAL
        console.print(f"  {what}: {_format_line(done, total, int(state['first']), now - started)}")

    try:
        yield advance
    finally:
        bar.stop()


def _format_line(done: int, total: int | None, first: int, seconds: float) -> str:
    """Format the progress as one line.

    >>> _format_line(120_000_000, 600_000_000, 0, 60)
    '120.0 MB of 600.0 MB, 2.0 MB/s, 4 min left'
    >>> _format_line(90_000, None, 0, 3)
    '90.0 kB, 30.0 kB/s'
    """
    rate = (done - first) / seconds if seconds > 0 else 0.0
    text = decimal(done) + (f" of {decimal(total)}" if total else "")
    if rate <= 0:
        return text
    text += f", {decimal(int(rate))}/s"
    seconds_left = (total - done) / rate if total else 0
    if not total:
        return text
    time_left = (
        f"{seconds_left:.0f} s" if seconds_left < _MINUTES_FROM else f"{seconds_left / 60:.0f} min"
    )
    return f"{text}, {time_left} left"
