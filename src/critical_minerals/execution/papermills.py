"""Run one notebook through papermill, and keep what it shows."""

from __future__ import annotations

import json
import logging
import math
import os
import re
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from typing import Any, Final

import nbformat
import papermill
import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from critical_minerals.errors import FiguresError, Problem, StepError
from critical_minerals.review.findings import forget_findings, read_findings
from critical_minerals.workspace.file_access import DECLARED, current
from critical_minerals.workspace.notebook_file import lacks_ids, read_cells, read_notebook
from critical_minerals.workspace.parameters import Limits, Parameters, load_limits
from critical_minerals.workspace.parameters_cell import check_parameters_cell
from critical_minerals.workspace.paths import MEMORY, PROVISIONER, RUN, Workspace, write_whole

_LOG: Final = logging.getLogger(__name__)
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_KERNEL_FILES: Final = re.compile(r"(?<![^\s\"])[^\s\"]*ipykernel_\d+/\d+\.py")
"""How a kernel names the cells of a run in warnings; the number is that of its process.

Tried at the start of a word alone: outputs are long, and tried anywhere in them it takes seconds.
"""
_EXIT_CALL: Final = re.compile(r"^[ \t]*(exit|quit)\(", re.MULTILINE)
_LINES_SHOWN: Final = 6
_ADDED_TAGS: Final = frozenset({"injected-parameters", "papermill-error-cell-tag"})
_LINE_NUMBER: Final = re.compile(r"(?:Cell In\[\d+\]|cell), line (\d+)")
_FRAME: Final = re.compile(r"^File (.+?):(\d+), in (\w+)", re.MULTILINE)
_EXIT_CODES: Final = 256
"""How many codes a program can end itself with; above them, Windows says how it crashed."""
_SIGNALS: Final[Mapping[str, str]] = {
    "SIGABRT": ": os.abort() was called, or a library gave up, perhaps for lack of memory",
    "SIGKILL": ", perhaps for lack of memory",
    "SIGSEGV": ": compiled code of a library has a fault",
}
"""What each signal may mean that ends a kernel."""
_PACKER: Final = "critical_minerals.execution.kernel_messages.pack"
_ENGINE: Final = "saved-at-its-end"
_TERMINAL_SIZE: Final = {"COLUMNS": "80", "LINES": "24"}
"""Terminal size that cells lay out tables for, whatever the terminal of the run."""
_RECONNECT_INTERVAL: Final = 10
"""Milliseconds between two attempts to connect to a kernel that is starting."""


class PromptClient(AsyncKernelClient):
    """Treat a kernel as ready as soon as it answers.

    Jupyter's own client then waits for messages that belong to no cell; nbclient skips such
    messages wherever they come.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until the kernel has answered, on the channel of its outputs too.

        Raises `RuntimeError` where it died, or has not answered within `timeout` seconds.
        """
        end = math.inf if timeout is None else time.monotonic() + timeout
        while time.monotonic() < end:
            # ZeroMQ drops what is published before a subscription is in place, so the request is
            # repeated until its answer has come on the channel of outputs too: a first cell run
            # before that could lose outputs.
            self.kernel_info()
            with suppress(Empty):
                await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=0.2)
                return
            if not await self.is_alive():
                msg = "The kernel died before it had answered."
                raise RuntimeError(msg)
        msg = f"The kernel has not answered within {timeout} seconds."
        raise RuntimeError(msg)


class PrivateKernelManager(AsyncKernelManager):
    """Talk to the kernel through sockets in a folder that no other user can read."""

    sockets = ""
    run = ""
    """What the notebook runs for: the report, or a branch."""
    memory = ""
    """Limit of the kernel's own memory, in bytes."""
    exit_code: int | None = None
    """Exit code of a kernel that has ended by itself; less than 0, the signal that ended it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_factory=PromptClient, **options)
        # The client connects before the kernel has bound its sockets; ZeroMQ's default pause before
        # the next attempt, 100 ms, would be added to the start of every notebook.
        self.context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_INTERVAL)
        # Whoever can reach a TCP port of this machine could talk to the kernel; a socket file in a
        # private folder is closed to other users.
        if os.name == "posix":
            self.transport, self.ip = "ipc", f"{self.sockets}/socket"

    async def _async_is_alive(self) -> bool:
        """Tell whether the kernel lives; store how it ended, which nobody can ask for later."""
        alive = await super()._async_is_alive()
        if not alive and self.provisioner:
            type(self).exit_code = await self.provisioner.poll()
        return alive

    is_alive = _async_is_alive

    async def _async_pre_start_kernel(self, **options: Any) -> tuple[list[str], dict[str, Any]]:
        """Choose the warm provisioner, where it is registered, and set the environment."""
        warm_spec = KernelSpec(metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER}})
        # The entry point is missing where the package was not installed, only put on the path:
        # kernels then start in the ordinary way (`doctor` reports it).
        if self.kernel_spec and KernelProvisionerFactory.instance().is_provisioner_available(
            warm_spec
        ):
            self.kernel_spec.metadata |= warm_spec.metadata
        else:
            _LOG.debug("Provisioner %s is not registered: the kernel is no fork.", PROVISIONER)
        environment = {**os.environ, **_TERMINAL_SIZE, RUN: self.run, MEMORY: self.memory}
        if declared := current():
            environment[DECLARED] = declared.as_text()
        return await super()._async_pre_start_kernel(env=environment, **options)


class _SaveOnceEngine(NBClientEngine):
    """Save a notebook once, when it has ended; papermill saves twice for every cell."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *arguments: Any, **options: Any) -> Any:
        """Run all cells."""
        save, nb_man.save = nb_man.save, cls._save_nothing
        try:
            return super().execute_managed_notebook(nb_man, *arguments, **options)
        finally:
            nb_man.save = save

    @staticmethod
    def _save_nothing(**_: object) -> None:
        """Take the place of papermill's own way to save."""


papermill_engines.register(_ENGINE, _SaveOnceEngine)


def _manager_class(sockets: str, run: str, limits: Limits) -> type[PrivateKernelManager]:
    """Return a manager class for one kernel; nbclient takes a class, not an instance."""
    attributes = {
        "sockets": sockets,
        "run": run,
        "memory": str(int(limits.notebook_gigabytes * 2**30)),
    }
    return type("KernelManager", (PrivateKernelManager,), attributes)


def execute(workspace: Workspace, path: Path, parameters: Parameters, **own: Any) -> None:
    """Run a notebook with parameters; store the executed copy without what differs between runs.

    `own` are parameters that only this notebook has. It works on the workspace's branch.

    Raises `FiguresError` when the notebook's checks failed, else `StepError` that names the cell
    and the error; the failed notebook is stored next to the last good one.
    """
    values = parameters.for_papermill() | own
    check_parameters_cell(path, values, type(parameters))
    _check_no_exits(workspace, path)
    limits = load_limits(workspace.root / "parameters.toml")
    manager_class: type[PrivateKernelManager] = PrivateKernelManager
    target = workspace.executed / path.name
    failed = workspace.executed / f"{path.stem}.failed.ipynb"
    _LOG.debug("Executing %s with %s.", path.name, values)
    failed.parent.mkdir(parents=True, exist_ok=True)
    # Findings of an earlier run would be reported as those of this one, if it fails before its
    # own checks.
    forget_findings(workspace, path.stem)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    # A kernel that died is reported below, with its cell.
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    try:
        with TemporaryDirectory(prefix="kernel-") as sockets:
            manager_class = _manager_class(sockets, workspace.run, limits)
            papermill.execute_notebook(
                _ensure_cell_ids(path, Path(sockets)),
                failed,
                values,
                engine_name=_ENGINE,
                kernel_name="python3",
                language="python",
                kernel_manager_class=manager_class,
                extra_arguments=[f"--Session.packer={_PACKER}"],
                progress_bar=False,
                autosave_cell_every=0,
                shutdown_kernel="immediate",
                timeout_func=_time_left_per_cell(limits.notebook_seconds),
                # Outputs may follow the reply by more than the 4 s that are usual: a long one, or
                # on a busy machine. To give up on them would be told as a cell without an end.
                iopub_timeout=int(limits.notebook_seconds),
                resources={"metadata": {"path": str(workspace.notebooks)}},
            )
    except PapermillExecutionError as error:
        raise _describe_cell_error(workspace, path, error, failed) from error
    except CellTimeoutError as error:
        reason = (
            f"not finished after {limits.notebook_seconds:.0f} s, the time that a notebook may "
            "take (parameters.toml, [limits], notebook_seconds)"
        )
        raise _describe_kernel_end(workspace, path, failed, reason) from error
    except DeadKernelError as error:
        reason = _describe_death(manager_class.exit_code)
        raise _describe_kernel_end(workspace, path, failed, reason) from error
    # papermill takes `sys.exit(0)` for success; but what is published at the end of the notebook
    # would be missing, or left from an earlier run.
    if cell := _find_cell(failed, _has_error, ""):
        raise StepError(_exit_message(f"{workspace.relative(path)}, cell {cell}", "SystemExit"))
    # Only a notebook that ran to its end replaces the last good copy.
    write_whole(target, _normalize(failed, workspace))
    failed.unlink()


def _ensure_cell_ids(path: Path, folder: Path) -> Path:
    """Return a notebook whose cells all have ids: the file itself, or a copy with ids added."""
    if not lacks_ids(path):
        return path
    copy = folder / path.name
    copy.write_text(json.dumps(read_notebook(path)), "utf-8")
    return copy


def _check_no_exits(workspace: Workspace, path: Path) -> None:
    """Raise `StepError` for `exit()`: it ends the kernel later, in this cell or in another."""
    for number, cell in enumerate(read_cells(path), start=1):
        call = _EXIT_CALL.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
        if call:
            location = f"{workspace.relative(path)}, cell {number} ({cell['id']})"
            raise StepError(_exit_message(location, f"{call[1]}()"))


def _exit_message(location: str, call: str) -> str:
    return f"{location}: {_exit_reason(call)}"


def _exit_reason(call: str) -> str:
    return (
        f"the notebook ended itself ({call}). Take that out: what is made counts only if every "
        "cell has run."
    )


def _time_left_per_cell(seconds: float) -> Callable[[Any], int]:
    """Return a timeout function: each cell gets the time that the notebook has left."""
    end = time.monotonic() + seconds
    # nbclient takes 0 and less for "no limit".
    return lambda _: max(1, int(end - time.monotonic()))


def _describe_cell_error(
    workspace: Workspace, path: Path, error: PapermillExecutionError, failed: Path
) -> Exception:
    """Return the error to raise: failed checks of figures, else the cell, its line and why."""
    findings = read_findings(workspace, path.stem)
    if findings and findings.problems:
        return FiguresError(findings.problems)
    cell = _find_cell(failed, _has_error)
    location = f"{workspace.relative(path)}, cell {cell}"
    # Raised by the notebook itself, outside the checks that record findings: its message is all
    # there is.
    if error.ename == "FiguresError":
        lines = [line for line in str(error.evalue).splitlines() if line]
        expected = "valid figures"
        return FiguresError(
            [Problem(file=location, expected=expected, remedy=line) for line in lines]
        )
    trace = _COLOURS.sub("", "\n".join(error.traceback))
    line = _LINE_NUMBER.search(trace)
    line_note = f", line {line[1]}" if line else ""
    if error.ename == "MemoryError":
        line_note += (
            " (a notebook may hold what parameters.toml says: [limits], notebook_gigabytes)"
        )
    frame_lines = _frame_lines(trace, workspace)
    message = "\n  ".join(
        [
            f"{location}{line_note}: {error.ename}: {error.evalue}",
            *frame_lines,
            *trace.splitlines()[-_LINES_SHOWN:],
        ]
    )
    return StepError(f"{message}\n  {_failed_copy_line(workspace, failed)}")


def _describe_kernel_end(workspace: Workspace, path: Path, failed: Path, reason: str) -> StepError:
    """Describe in which cell a notebook ran out of time, or lost its kernel."""
    location = f"{workspace.relative(path)}, cell {_find_cell(failed, _was_running)}"
    return StepError(f"{location}: {reason}\n  {_failed_copy_line(workspace, failed)}")


def _describe_death(exit_code: int | None) -> str:
    """Describe how a kernel ended, by its exit code as far as that is known.

    >>> _describe_death(0)[:42], _describe_death(-9)
    ('the notebook ended itself (os._exit). Take', \
'its kernel died of SIGKILL, perhaps for lack of memory.')
    """
    if exit_code in range(_EXIT_CODES):
        return _exit_reason("os._exit")
    if exit_code is None or exit_code not in {-number for number in signal.Signals}:
        return "its kernel died, perhaps for lack of memory."
    name = signal.Signals(-exit_code).name
    return f"its kernel died of {name}{_SIGNALS.get(name, '')}."


def _frame_lines(trace: str, workspace: Workspace) -> list[str]:
    """Name the innermost line of the project's own code, such as that of a chart's function.

    The last lines of the trace are often those of a library that the line calls.
    """
    root = workspace.root.resolve()
    frames = [
        (path.relative_to(root).as_posix(), line, function)
        for name, line, function in _FRAME.findall(trace)
        if (path := Path(name).expanduser().resolve()).is_relative_to(root / "src")
    ]
    return ["in {}, line {} ({})".format(*frames[-1])] if frames else []


def _failed_copy_line(workspace: Workspace, failed: Path) -> str:
    return f"The failed notebook is kept as {workspace.relative(failed)}."


def _find_cell(failed: Path, condition: Callable[[Any], bool], default: str = "(unknown)") -> str:
    """Name a cell by its number in the committed notebook (papermill adds cells) and its id."""
    cells: Any = nbformat.read(failed, as_version=4).cells
    committed = [cell for cell in cells if not _ADDED_TAGS & {*cell.metadata.get("tags", [])}]
    matches = ((number, cell) for number, cell in enumerate(committed, start=1) if condition(cell))
    number, cell = next(matches, (0, None))
    return f"{number} ({cell.id})" if cell is not None else default


def _has_error(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _was_running(cell: Any) -> bool:
    """Check for a cell that was started and whose kernel never replied."""
    started = cell.metadata.get("papermill", {}).get("start_time")
    answered = "shell.execute_reply" in cell.metadata.get("execution", {})
    return bool(cell.cell_type == "code" and cell.source and started and not answered)


def _normalize(path: Path, workspace: Workspace) -> str:
    """Return an executed notebook's text without what differs between runs: times, ids, paths."""
    notebook: Any = nbformat.read(path, as_version=4)
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    for position, cell in enumerate(notebook.cells):
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        # papermill gives the cell that it inserts a random id.
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-parameters-{position}"
    text = nbformat.writes(notebook)
    return _KERNEL_FILES.sub("cell", text.replace(str(workspace.root), ".")) + "\n"
