"""Show the progress of a run: a live view at a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from threading import Lock
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from critical_minerals.execution.logs import is_verbose


class Progress:
    """The running steps, since when, and lines about those that have ended.

    Steps run in parallel threads; each call prints one whole line. With `explain` each step is
    shown with the reason why it runs or does not.
    """

    def __init__(self, console: Console, *, explain: bool = False) -> None:
        self._console, self._explain = console, explain
        self._running: dict[str, tuple[str, float]] = {}
        self._lock = Lock()
        self._live = Live(
            console=console, get_renderable=self._view, refresh_per_second=8, transient=True
        )

    def __enter__(self) -> Self:
        """Start the live view where there is a terminal."""
        # Diagnostic output of several processes would break it into pieces.
        if self._console.is_terminal and not is_verbose():
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the live view."""
        self._live.stop()

    def started(self, name: str, title: str, why: str = "") -> None:
        """Show that a step begins."""
        with self._lock:
            self._running[name] = (title, time.monotonic())
        # At a terminal the live view shows what is running.
        if self._explain or not self._live.is_started:
            self._console.print(f"  start  {self._format_step(name, why)}")

    def ended(self, name: str, *, good: bool) -> None:
        """Print that a step has ended, and after how long."""
        with self._lock:
            _, since = self._running.pop(name)
        mark = "[green]done[/]  " if good else "[red]failed[/]"
        seconds = time.monotonic() - since
        self._console.print(f"  {mark} {name:<18} {seconds:5.1f} s")

    def current(self, name: str, why: str = "") -> None:
        """Print that a step is up to date."""
        self._console.print(f"  [dim]same   {self._format_step(name, why)}[/]")

    def _format_step(self, name: str, why: str) -> str:
        """Format a step's name, with the reason where `explain` is set."""
        return f"{name:<18} {escape(why)}" if self._explain else name

    def _view(self) -> Table:
        """Draw the running steps with their elapsed time."""
        view = Table.grid(padding=(0, 2))
        with self._lock:
            running = list(self._running.values())
        for title, since in running:
            view.add_row("  [cyan]…[/]", title, f"{time.monotonic() - since:.0f} s")
        return view
