"""Provide Jupyter kernels as forks of the warm parent: a kernel provisioner.

The package registers it with Jupyter by an entry point. Where there is no fork server, or it cannot
be started, kernels start in the ordinary way.

Pools of kernels started in advance (hotpot_km, those of Voilà) were considered: each of them
imports everything by itself, in two seconds and a memory of its own, and somebody has to keep them.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from critical_minerals.execution.orphans import end_with_parent
from critical_minerals.execution.warm import POSSIBLE, warm_context
from critical_minerals.language import catalogue
from critical_minerals.workspace.file_access import enforce_in_kernel, mark_preloaded
from critical_minerals.workspace.paths import MEMORY

_LOG: Final = logging.getLogger(__name__)
_LAUNCHER: Final = "ipykernel_launcher"


class WarmProvisioner(LocalProvisioner):
    """Provide kernels by forking; everything after the start is as for a local kernel."""

    _fork: _ForkedKernel | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel; any command other than a plain Python kernel is launched as usual."""
        if not POSSIBLE or _LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index(_LAUNCHER) + 1 :]
        folder = str(kwargs.get("cwd") or Path.cwd())
        try:
            self.process = self._fork = _ForkedKernel(arguments, folder, kwargs["env"])
        except (OSError, EOFError):  # the fork server could not be started, or has died
            _LOG.debug("No fork of the fork server: the kernel is started anew.", exc_info=True)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        _LOG.debug("Kernel %d is a fork of the fork server.", self.pid)
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - Jupyter's own
        """End the kernel with all that it started; a fork is gone when this returns."""
        await super().kill(restart)
        if self._fork:
            self._fork.wait()


class _ForkedKernel:
    """A forked kernel, with the part of `subprocess.Popen` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(
        self, arguments: Sequence[str], folder: str, environment: Mapping[str, str]
    ) -> None:
        process_arguments = (list(arguments), folder, dict(environment))
        self._process: ForkServerProcess = warm_context().Process(
            target=_run_kernel, args=process_arguments, daemon=True
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


def _run_kernel(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """Turn the fork into a kernel with a session of its own, so that signals reach it alone."""
    import resource  # noqa: PLC0415 - there is none on Windows

    import numpy as np  # noqa: PLC0415 - only in the fork
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    end_with_parent()
    os.chdir(folder)
    # The fork has the environment of the warm parent, which may have been started for another
    # notebook.
    os.environ.clear()
    os.environ.update(environment)
    # The warm parent has read the texts, maybe a while ago.
    catalogue.refresh()
    mark_preloaded()
    enforce_in_kernel(environment)
    if memory := int(environment.get(MEMORY) or 0):
        # RLIMIT_DATA, not RLIMIT_AS: libraries reserve far more address space than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    # Python reseeds its own generator after a fork, NumPy does not: all notebooks would draw the
    # same numbers.
    np.random.seed()  # noqa: NPY002 - the state that a fork inherits is this one
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"  # the kernel ends with the warm parent
    # The log would report the interrupt with which every kernel is ended.
    IPKernelApp.launch_instance(argv=[*arguments, parent, "--log-level=CRITICAL"])
