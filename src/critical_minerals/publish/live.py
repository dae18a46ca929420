"""A kernel in which a person works: what is edited meanwhile reaches it before the next cell."""

from __future__ import annotations

from functools import cache

from critical_minerals.language import catalogue
from critical_minerals.publish.cells import shell


@cache
def stay_current() -> None:
    """Let the kernel read again, before each cell, texts and modules that were edited.

    Of modules IPython does that (`%autoreload`), and says which: functions, also those that a cell
    has imported by name, and methods are then the edited ones. Outside IPython there is nothing to
    do.
    """
    running = shell()
    if running is None:
        return
    running.run_line_magic("load_ext", "autoreload")
    running.run_line_magic("autoreload", "2 --print")
    running.events.register("pre_run_cell", _refresh)


def _refresh(_: object) -> None:
    catalogue.refresh()
