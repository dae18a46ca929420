"""Run one notebook through papermill, and keep what it shows."""

from __future__ import annotations

import json
import logging
import math
import os
import re
import time
from collections.abc import Callable
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

from critical_minerals.declared import DECLARED, current
from critical_minerals.errors import FiguresError, Problem, StepError
from critical_minerals.execution.warm import PROVISIONER
from critical_minerals.notebook_file import lacks_ids, read_cells, whole
from critical_minerals.parameters import Limits, Parameters, load_limits
from critical_minerals.parameters_cell import check_parameters_cell
from critical_minerals.review.findings import forget_findings, read_findings
from critical_minerals.workspace import MEMORY, RUN, Workspace, write_whole

_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_KERNEL_FILES: Final = re.compile(r"(?<![^\s\"])[^\s\"]*ipykernel_\d+/\d+\.py")
"""How a kernel names the cells of a run in warnings; the number is that of its process.

Tried at the start of a word alone: outputs are long, and tried anywhere in them it takes seconds.
"""
_EXIT: Final = re.compile(r"^[ \t]*(exit|quit)\(", re.MULTILINE)
_LINES_SHOWN: Final = 6
_ADDED: Final = frozenset({"injected-parameters", "papermill-error-cell-tag"})
_LINE: Final = re.compile(r"(?:Cell In\[\d+\]|cell), line (\d+)")
_ENGINE: Final = "saved-at-its-end"
_TERMINAL: Final = {"COLUMNS": "80", "LINES": "24"}
"""What tables that cells show are laid out for, however wide the terminal of a run is."""
_KNOCK: Final = 10
"""Milliseconds between two tries to reach a kernel that is about to start."""


class PromptClient(AsyncKernelClient):
    """Take a kernel as ready as soon as it answers.

    Jupyter's own client waits a while longer for messages that belong to no cell; nbclient passes
    those over wherever they come.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait until the kernel has answered, on the channel of its outputs too.

        Raises `RuntimeError` where it died, or has not answered within `timeout` seconds.
        """
        end = math.inf if timeout is None else time.monotonic() + timeout
        while time.monotonic() < end:
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
    """For what the notebook runs: the report, or a branch."""
    memory = ""
    """Bytes of its own that it may hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_factory=PromptClient, **options)
        self.context.setsockopt(zmq.RECONNECT_IVL, _KNOCK)
        if os.name == "posix":
            self.transport, self.ip = "ipc", f"{self.sockets}/socket"

    async def _async_pre_start_kernel(self, **options: Any) -> tuple[list[str], dict[str, Any]]:
        """Name who provides the kernel, if that is registered here."""
        named = KernelSpec(metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER}})
        if self.kernel_spec and KernelProvisionerFactory.instance().is_provisioner_available(named):
            self.kernel_spec.metadata |= named.metadata
        environment = {**os.environ, **_TERMINAL, RUN: self.run, MEMORY: self.memory}
        if declared := current():
            environment[DECLARED] = declared.as_text()
        return await super()._async_pre_start_kernel(env=environment, **options)


class _SavedAtItsEnd(NBClientEngine):
    """Save a notebook when it has ended, well or not; papermill does so twice for every cell."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *given: Any, **options: Any) -> Any:
        """Run all cells."""
        save, nb_man.save = nb_man.save, lambda **_: None
        try:
            return super().execute_managed_notebook(nb_man, *given, **options)
        finally:
            nb_man.save = save


papermill_engines.register(_ENGINE, _SavedAtItsEnd)


def _manager(sockets: str, run: str, limits: Limits) -> type[PrivateKernelManager]:
    """Return the manager of one kernel's sockets; nbclient asks for a class."""
    known = {"sockets": sockets, "run": run, "memory": str(int(limits.notebook_gigabytes * 2**30))}
    return type("KernelManager", (PrivateKernelManager,), known)


def execute(workspace: Workspace, path: Path, parameters: Parameters, **own: Any) -> None:
    """Run a notebook with parameters; keep the executed copy without anything that is chance.

    `own` are parameters that only this notebook has. It works on the workspace's branch.

    Raises `FiguresError` when the notebook found the figures at fault, else `StepError` that names
    the cell and the error; the failed notebook is kept beside the good one.
    """
    given = parameters.for_papermill() | own
    check_parameters_cell(path, given, type(parameters))
    _refuse_exits(workspace, path)
    limits = load_limits(workspace.root / "parameters.toml")
    kept = workspace.executed / path.name
    failed = workspace.executed / f"{path.stem}.failed.ipynb"
    failed.parent.mkdir(parents=True, exist_ok=True)
    forget_findings(workspace, path.stem)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)  # a kernel that died is told of below
    try:
        with TemporaryDirectory(prefix="kernel-") as sockets:
            papermill.execute_notebook(
                _with_ids(path, Path(sockets)),
                failed,
                given,
                engine_name=_ENGINE,
                kernel_name="python3",
                language="python",
                kernel_manager_class=_manager(sockets, workspace.run, limits),
                progress_bar=False,
                autosave_cell_every=0,
                shutdown_kernel="immediate",
                timeout_func=_time_left(limits.notebook_seconds),
                resources={"metadata": {"path": str(workspace.notebooks)}},
            )
    except PapermillExecutionError as error:
        raise _told(workspace, path, error, failed) from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise _ended(workspace, path, error, failed, limits) from error
    if left := _left_early(failed):
        raise StepError(_exit(f"{workspace.relative(path)}, cell {left}", "SystemExit"))
    write_whole(kept, _settled(failed, workspace))
    failed.unlink()


def _with_ids(path: Path, folder: Path) -> Path:
    """Return a notebook to run whose cells all have ids; a copy where the file lacks some."""
    if not lacks_ids(path):
        return path
    copy = folder / path.name
    copy.write_text(json.dumps(whole(path)), "utf-8")
    return copy


def _refuse_exits(workspace: Workspace, path: Path) -> None:
    """Refuse `exit()`: it ends the kernel some time later, in this cell or in another."""
    for number, cell in enumerate(read_cells(path), start=1):
        call = _EXIT.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
        if call:
            where = f"{workspace.relative(path)}, cell {number} ({cell['id']})"
            raise StepError(_exit(where, f"{call[1]}()"))


def _left_early(executed: Path) -> str:
    """Name the cell that ended the notebook: papermill takes `sys.exit(0)` for a good end."""
    return _cell_that(executed, _has_error, "")


def _exit(where: str, how: str) -> str:
    return (
        f"{where}: the notebook ended itself ({how}). Take that out: what is made counts only if "
        "every cell has run."
    )


def _time_left(seconds: float) -> Callable[[Any], int]:
    """Return what gives each cell the time that the notebook has left."""
    end = time.monotonic() + seconds
    return lambda _: max(1, int(end - time.monotonic()))


def _told(
    workspace: Workspace, path: Path, error: PapermillExecutionError, failed: Path
) -> Exception:
    """Tell what is wrong with the figures; else which cell failed, on which line and why."""
    findings = read_findings(workspace, path.stem)
    if findings and findings.problems:
        return FiguresError(findings.problems)
    cell = _cell_that(failed, _has_error)
    where = f"{workspace.relative(path)}, cell {cell}"
    if error.ename == "FiguresError":
        lines = [line for line in str(error.evalue).splitlines() if line]
        sound = "sound figures"
        return FiguresError([Problem(file=where, expected=sound, remedy=line) for line in lines])
    trace = _COLOURS.sub("", "\n".join(error.traceback))
    line = _LINE.search(trace)
    at = f", line {line[1]}" if line else ""
    if error.ename == "MemoryError":
        at += " (a notebook may hold what parameters.toml says: [limits], notebook_gigabytes)"
    shown = "\n  ".join([f"{where}{at}: {error.ename}: {error.evalue}", *_tail(trace)])
    return StepError(f"{shown}\n  {_kept(workspace, failed)}")


def _ended(
    workspace: Workspace, path: Path, error: Exception, failed: Path, limits: Limits
) -> StepError:
    """Tell in which cell a notebook ran out of time, or lost its kernel."""
    where = f"{workspace.relative(path)}, cell {_cell_that(failed, _was_running)}"
    if _cell_that(failed, _ends_itself, ""):
        return StepError(_exit(where, "os._exit"))
    slow = isinstance(error, CellTimeoutError)
    why = (
        f"not finished after {limits.notebook_seconds:.0f} s, the time that a notebook may take "
        "(parameters.toml, [limits], notebook_seconds)"
        if slow
        else "its kernel died, perhaps for lack of memory"
    )
    return StepError(f"{where}: {why}.\n  {_kept(workspace, failed)}")


def _tail(trace: str) -> list[str]:
    return trace.splitlines()[-_LINES_SHOWN:]


def _kept(workspace: Workspace, failed: Path) -> str:
    return f"The failed notebook is kept as {workspace.relative(failed)}."


def _cell_that(failed: Path, holds: Callable[[Any], bool], none: str = "(unknown)") -> str:
    """Name a cell by its number in the committed notebook (papermill adds cells) and its id."""
    cells: Any = nbformat.read(failed, as_version=4).cells
    own = [cell for cell in cells if not _ADDED & {*cell.metadata.get("tags", [])}]
    found = ((number, cell) for number, cell in enumerate(own, start=1) if holds(cell))
    number, cell = next(found, (0, None))
    return f"{number} ({cell.id})" if cell is not None else none


def _has_error(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _was_running(cell: Any) -> bool:
    """Tell a cell that was begun and never answered for."""
    begun = cell.metadata.get("papermill", {}).get("start_time")
    answered = "shell.execute_reply" in cell.metadata.get("execution", {})
    return bool(cell.cell_type == "code" and cell.source and begun and not answered)


def _ends_itself(cell: Any) -> bool:
    return _was_running(cell) and "os._exit" in cell.source


def _settled(path: Path, workspace: Workspace) -> str:
    """Take out of an executed notebook what differs from run to run: times, ids, paths."""
    notebook: Any = nbformat.read(path, as_version=4)
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    for position, cell in enumerate(notebook.cells):
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-parameters-{position}"
    text = nbformat.writes(notebook)
    return _KERNEL_FILES.sub("cell", text.replace(str(workspace.root), ".")) + "\n"
