"""The way in: a quick check whether anything was touched; only then more is loaded, as needed."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from critical_minerals.execution import logs
from critical_minerals.execution.quick_check import Since, last_options, since_last_run

if TYPE_CHECKING:
    from critical_minerals.execution.steps import Run, Step


def main(steps: Callable[[Run], list[Step]]) -> None:
    """Answer the command line; a run with nothing to do ends before anything large is loaded."""
    _repair_streams()
    sys.argv[1:] = logs.take_option(sys.argv[1:])
    root, arguments = Path(sys.argv[0]).resolve().parent, sys.argv[1:]
    since = since_last_run(root, arguments)
    if logs.is_verbose():
        _log_quick_check(root, since)
    # `--explain` asks why each step does not run, which the quick check does not know.
    if since and not since.touched and "--explain" not in arguments:
        print("\n".join(since.messages))  # noqa: T201 - the console is not worth loading for this
        return
    if options := last_options(root, arguments):
        from critical_minerals.cli.run import run_again  # noqa: PLC0415 - see above

        run_again(options, steps)
    from critical_minerals.cli.commands import main as whole  # noqa: PLC0415 - see above

    whole(steps)


def _log_quick_check(root: Path, since: Since | None) -> None:
    import logging  # noqa: PLC0415 - only for diagnostic output

    log = logging.getLogger(__name__)
    if since is None:
        log.debug(
            "Quick check: no good run with these arguments is stored, or interpreter, folder or "
            "renderer have changed; all steps are decided by content."
        )
    else:
        names = ", ".join(since.names(root)) or "none"
        log.debug("Quick check: of %d files touched: %s.", len(since.looked_at), names)


def _repair_streams() -> None:
    """Open standard streams that were closed, and let what cannot be encoded be printed escaped."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            # Else the next file that is opened would have this number: what a program that we start
            # prints would go into it.
            if (opened := os.open(os.devnull, os.O_RDWR)) != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - its only form
            stream = os.fdopen(descriptor, mode, encoding="utf-8", closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
