"""Diagnostic output through the standard library's `logging`, switched on by `--verbose`.

What a person is to read of a run is its output, and printed. What helps to find out why it did what
it did goes to `logging.getLogger(__name__)` at the level DEBUG: what the quick check found, why a
step runs, what was cached, which processes were started, why something was tried again or done in
another way. Off, a message costs a comparison.

The environment variable `CRITICAL_MINERALS_VERBOSE` says the same to kernels and other processes of
a run, which have the environment of the one that started them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

# `logging` is imported where it is switched on: a run with nothing to do loads nothing else.

VERBOSE: Final = "CRITICAL_MINERALS_VERBOSE"
OPTIONS: Final = ("--verbose", "-v")
HELP: Final = f"Print to the error stream why each thing is done; as {VERBOSE}=1 does."
_PACKAGE: Final = __name__.partition(".")[0]
_FORMAT: Final = "%(asctime)s.%(msecs)03d %(process)d %(name)s: %(message)s"


def is_verbose() -> bool:
    """Say whether diagnostic output is on in this process and those that it starts."""
    return bool(os.environ.get(VERBOSE))


def take_option(arguments: Sequence[str]) -> list[str]:
    """Switch diagnostic output on where the option asks for it; return the other arguments.

    The option does not change what a command does: without it, the last run in the same words is
    found again.
    """
    if not {*OPTIONS}.isdisjoint(arguments):
        os.environ[VERBOSE] = "1"
    start()
    return [argument for argument in arguments if argument not in OPTIONS]


def start() -> None:
    """Let the loggers of the package write to the error stream, where diagnostic output is on."""
    if not is_verbose():
        return
    import logging  # noqa: PLC0415 - see above

    logger = logging.getLogger(_PACKAGE)
    if logger.handlers:  # a fork has those of its parent
        return
    # A descriptor of its own: a kernel sends what is written to its error stream to the notebook,
    # whose executed copy is published.
    stream = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter())
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False


def _formatter() -> Any:
    import logging  # noqa: PLC0415 - see above

    from critical_minerals.readers.text import printable  # noqa: PLC0415

    class Formatter(logging.Formatter):
        """Write what a message tells of, anybody's text, as what it is: it moves no cursor."""

        def format(self, record: logging.LogRecord) -> str:
            return printable(super().format(record))

    return Formatter(_FORMAT, datefmt="%H:%M:%S")
