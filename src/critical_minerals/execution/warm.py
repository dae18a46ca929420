"""Processes forked from a parent that has already imported what every notebook imports.

Importing pandas, Altair and this package takes longer than most notebooks. Python's own fork server
(`multiprocessing`) does it once in a process that never runs anything else; each kernel is a fork
of it (`execution.provisioner`), and so is the process of other work on tables
(`run_in_subprocess`). Where there is no fork server (Windows), kernels start in the ordinary way,
and other work is done where it is asked for.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pkgutil import resolve_name
from typing import Any, Final

from critical_minerals.declared import Declared, current, hold_process
from critical_minerals.errors import StepError, portable
from critical_minerals.execution.orphans import end_with_parent

_PRELOADED: Final = ["critical_minerals.execution.preload"]
"""What the warm parent imports."""
PROVISIONER: Final = "critical-minerals-warm"
"""The name under which Jupyter knows what provides forked kernels."""
POSSIBLE: Final = "forkserver" in multiprocessing.get_all_start_methods()


def preload(modules: Iterable[str]) -> None:
    """Let the warm parent import some modules too, where it does not run yet."""
    _PRELOADED[1:] = dict.fromkeys([*_PRELOADED[1:], *modules])


def warm_context() -> ForkServerContext:
    """Give the context whose processes are forks of the warm parent."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_PRELOADED])
    return context


def start_fork_server() -> None:
    """Start the warm parent, which takes a second, while there is something else to do.

    Where it cannot be started, those that want a fork of it will notice.
    """
    if POSSIBLE:
        warm_context()
        with suppress(OSError, EOFError):
            import_module("multiprocessing.forkserver").ensure_running()


def run_in_subprocess(work: str, *given: Any) -> Any:
    """Do work in a fork of the warm parent; return what it returns.

    `work` names a function as in `package.module:function`, so that this process need not load what
    it needs. Raises what the work raises, and `StepError` where its process died.
    """
    if not POSSIBLE:
        return resolve_name(work)(*given)
    context = warm_context()
    here, there = context.Pipe(duplex=False)
    asked = (there, current(), work, given)
    process = context.Process(target=_deliver, args=asked, daemon=True)
    process.start()
    there.close()
    _get_ready()
    try:
        answer, error = here.recv()
    except EOFError:
        msg = "The process that did this died, perhaps for lack of memory."
        raise StepError(msg) from None
    finally:
        process.join()
    if error is not None:
        raise error
    return answer


def _deliver(there: Connection, declared: Declared | None, work: str, given: Sequence[Any]) -> None:
    """Do the work in the fork, with a session of its own, and send back how it ended."""
    gc.disable()  # it ends soon; to look for garbage takes a fifth of what some of this work takes
    end_with_parent()
    import_module("critical_minerals.language.catalogue").refresh()  # as the parent has read it
    hold_process(declared)
    try:
        told = resolve_name(work)(*given), None
    except Exception as error:  # noqa: BLE001 - raised where the work was asked for
        told = None, portable(error)
    there.send(told)


@cache
def _get_ready() -> None:
    """Load what talks to kernels, while the parent of the first fork loads what they import."""
    import_module("critical_minerals.execution.papermills")
