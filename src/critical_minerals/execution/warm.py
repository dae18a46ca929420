"""Fork processes from a warm parent, which has already imported what every notebook imports.

Importing pandas, Altair and this package takes longer than most notebooks. Python's own fork server
(`multiprocessing`) does it once in a process that never runs anything else; each kernel is a fork
of it (`execution.provisioner`), and so is the process of other work on tables
(`run_in_subprocess`). Where there is no fork server (Windows), kernels start in the ordinary way,
and other work is done in the calling process.

Loky and the executors of `concurrent.futures` were considered: their workers live on and do one
piece of work after the other, and so each would have what those before it have left, such as loaded
modules, settings and the list of files it has read. A fork for each piece of work has none of it.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pkgutil import resolve_name
from typing import Any, Final

from critical_minerals.errors import StepError, portable
from critical_minerals.execution.orphans import end_with_parent
from critical_minerals.workspace.file_access import (
    Declared,
    all_loaded_code,
    current,
    enforce_in_process,
    mark_preloaded,
)

_LOG: Final = logging.getLogger(__name__)
_PRELOADED: Final = "critical_minerals.execution.preload"
"""The module that the warm parent imports."""
POSSIBLE: Final = "forkserver" in multiprocessing.get_all_start_methods()


def warm_context() -> ForkServerContext:
    """Return the context whose processes are forks of the warm parent."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    return context


def start_fork_server() -> None:
    """Start the warm parent in advance, which takes a second, while other work goes on.

    An error is ignored: it is raised again, or worked around, where a fork is needed.
    """
    if not POSSIBLE:
        return
    warm_context()
    _LOG.debug("Starting the fork server, which imports %s.", _PRELOADED)
    try:
        import_module("multiprocessing.forkserver").ensure_running()
    except (OSError, EOFError):
        _LOG.debug("The fork server did not start.", exc_info=True)


def run_in_subprocess(work: str, *arguments: Any) -> Any:
    """Run a function in a fork of the warm parent; return what it returns.

    `work` names the function as in `package.module:function`, so that this process need not import
    what it needs. Raises what the function raises, and `StepError` where its process died.
    """
    if not POSSIBLE:
        _LOG.debug("No fork server on this system: %s runs in this process.", work)
        return resolve_name(work)(*arguments)
    context = warm_context()
    receiver, sender = context.Pipe(duplex=False)
    process_arguments = (sender, current(), work, arguments)
    process = context.Process(target=_run_and_send, args=process_arguments, daemon=True)
    process.start()
    _LOG.debug("%s runs in process %s.", work, process.pid)
    # With this end still open, `recv` would wait forever for a fork that has died.
    sender.close()
    _import_kernel_client()
    try:
        answer, error = receiver.recv()
    except EOFError:  # the fork ended without sending an outcome
        msg = "The process that did this died, perhaps for lack of memory."
        raise StepError(msg) from None
    finally:
        process.join()
    if error is not None:
        raise error
    return answer


def lasting_code() -> frozenset[str]:
    """Name the files of code that this process or the warm parent has loaded, and keeps.

    What a fork imports is not among them: the next one reads it anew.
    """
    work = f"{all_loaded_code.__module__}:{all_loaded_code.__name__}"
    return all_loaded_code() | run_in_subprocess(work)


def _run_and_send(
    sender: Connection, declared: Declared | None, work: str, arguments: Sequence[Any]
) -> None:
    """Run the function in the fork, in a session of its own, and send back its outcome."""
    gc.disable()  # the process ends soon; collection takes up to a fifth of the time of such work
    end_with_parent()
    # The warm parent has read the texts, maybe a while ago.
    import_module("critical_minerals.language.catalogue").refresh()
    enforce_in_process(declared)
    mark_preloaded()
    try:
        outcome = resolve_name(work)(*arguments), None
    except Exception as error:  # noqa: BLE001 - raised where the work was asked for
        outcome = None, portable(error)
    sender.send(outcome)


@cache
def _import_kernel_client() -> None:
    """Import the kernel client, while the warm parent imports what the first fork needs."""
    import_module("critical_minerals.execution.papermills")
