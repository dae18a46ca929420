"""Processes forked from a parent that has already imported what every notebook imports.

Importing pandas, Altair and this package takes longer than most notebooks. Python's own fork server
(`multiprocessing`) does it once in a process that never runs anything else; each kernel is a fork
of it, with a session, environment and working directory of its own. So is the process of any other
work on tables (`perform`). Where there is no fork server (Windows), kernels start in the ordinary
way, and other work is done where it is asked for.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from critical_minerals.errors import StepError, portable

_PRELOADED: Final = "critical_minerals.execution.preload"
_LAUNCHER: Final = "ipykernel_launcher"
POSSIBLE: Final = "forkserver" in multiprocessing.get_all_start_methods()
MEMORY_LIMIT: Final = 4 * 2**30
"""Bytes of its own that a notebook may hold."""


def warm_context() -> ForkServerContext:
    """Give the context whose processes are forks of the warm parent."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    return context


def perform(work: str, *given: Any) -> Any:
    """Do work in a fork of the warm parent; return what it returns.

    `work` names a function as in `package.module:function`, so that this process need not load what
    it needs. Raises what the work raises, and `StepError` where its process died.
    """
    if not POSSIBLE:
        return resolve_name(work)(*given)
    context = warm_context()
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_deliver, args=(there, work, given), daemon=True)
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


def _deliver(there: Connection, work: str, given: Sequence[Any]) -> None:
    """Do the work in the fork, with a session of its own, and send back how it ended."""
    os.setsid()
    try:
        told = resolve_name(work)(*given), None
    except Exception as error:  # noqa: BLE001 - raised where the work was asked for
        told = None, portable(error)
    there.send(told)


@cache
def _get_ready() -> None:
    """Load what talks to kernels, while the parent of the first fork loads what they import."""
    import_module("critical_minerals.execution.papermills")


class WarmProvisioner(LocalProvisioner):
    """Provide kernels by forking; everything after the start is as for a local kernel."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel; a command that is no plain Python kernel is launched as usual."""
        if not POSSIBLE or _LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index(_LAUNCHER) + 1 :]
        folder = str(kwargs.get("cwd") or Path.cwd())
        self.process = _Forked(arguments, folder, kwargs["env"])
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class _Forked:
    """A forked kernel, with the part of `subprocess.Popen` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(
        self, arguments: Sequence[str], folder: str, environment: Mapping[str, str]
    ) -> None:
        work = (list(arguments), folder, dict(environment), MEMORY_LIMIT)
        self._process: ForkServerProcess = warm_context().Process(
            target=_be_kernel, args=work, daemon=True
        )
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel lives."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Wait for the end."""
        self._process.join()
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


def _be_kernel(arguments: list[str], folder: str, environment: dict[str, str], memory: int) -> None:
    """Turn the fork into a kernel with a session of its own, so that signals reach it alone.

    Python gives a fork random numbers of its own; NumPy has to be asked. The kernel's log would
    tell of the interrupt with which every kernel is ended.
    """
    import resource  # noqa: PLC0415 - there is none on Windows

    import numpy as np  # noqa: PLC0415 - only in the fork
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    np.random.seed()  # noqa: NPY002 - the state that a fork inherits is this one
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"  # with whom the kernel ends
    IPKernelApp.launch_instance(argv=[*arguments, parent, "--log-level=CRITICAL"])
