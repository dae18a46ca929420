"""Run one notebook through papermill, and keep what it shows."""

from __future__ import annotations

import logging
import os
import re
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import nbformat
import papermill
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from critical_minerals.errors import FiguresError, Problem, StepError
from critical_minerals.execution.warm import WarmProvisioner
from critical_minerals.parameters import Parameters
from critical_minerals.workspace import Workspace, write_whole

_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_KERNEL_FILES: Final = re.compile(r"[^\s\"]*ipykernel_\d+/\d+\.py")
"""How a kernel names the cells of a run in warnings; the number is that of its process."""
_LINES_SHOWN: Final = 6
_ADDED: Final = frozenset({"injected-parameters", "papermill-error-cell-tag"})
TIME_LIMIT: Final = 600
"""Seconds after which a cell is taken to hang."""


class PrivateKernelManager(AsyncKernelManager):
    """Talk to the kernel through sockets in a folder of its own, which no other user can read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if os.name == "posix":
            self._sockets = TemporaryDirectory(prefix="kernel-")
            self.transport, self.ip = "ipc", f"{self._sockets.name}/socket"

    async def _async_pre_start_kernel(self, **options: Any) -> tuple[list[str], dict[str, Any]]:
        """Choose who provides the kernel before the ordinary start does."""
        self.kernel_id = self.kernel_id or str(uuid.uuid4())
        self.provisioner = self.provisioner or WarmProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        return await super()._async_pre_start_kernel(**options)


def execute(workspace: Workspace, path: Path, parameters: Parameters) -> None:
    """Run a notebook with parameters; keep the executed copy without anything that is chance.

    Raises `FiguresError` when the notebook found the figures at fault, else `StepError` that names
    the cell and the error; the failed notebook is kept beside the good one.
    """
    kept = workspace.executed / path.name
    failed = workspace.executed / f"{path.stem}.failed.ipynb"
    failed.parent.mkdir(parents=True, exist_ok=True)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        papermill.execute_notebook(
            path,
            failed,
            parameters.for_papermill(),
            kernel_name="python3",
            language="python",
            kernel_manager_class=PrivateKernelManager,
            progress_bar=False,
            autosave_cell_every=0,
            execution_timeout=TIME_LIMIT,
            resources={"metadata": {"path": str(workspace.notebooks)}},
        )
    except PapermillExecutionError as error:
        raise _told(workspace, path, error, failed) from error
    except (CellTimeoutError, DeadKernelError) as error:
        msg = f"{workspace.relative(path)}: {str(error).strip()}"
        raise StepError(msg) from error
    write_whole(kept, _settled(failed, workspace))
    failed.unlink()


def _told(
    workspace: Workspace, path: Path, error: PapermillExecutionError, failed: Path
) -> Exception:
    """Tell which cell failed and why, in a few lines."""
    where = f"{workspace.relative(path)}, cell {_failing_cell(failed)}"
    if error.ename == "FiguresError":
        lines = [line for line in str(error.evalue).splitlines() if line]
        sound = "sound figures"
        return FiguresError([Problem(file=where, expected=sound, remedy=line) for line in lines])
    trace = _COLOURS.sub("", "\n".join(error.traceback)).splitlines()[-_LINES_SHOWN:]
    text = "\n  ".join([f"{where}: {error.ename}: {error.evalue}", *trace])
    return StepError(f"{text}\n  The failed notebook is kept as {workspace.relative(failed)}.")


def _failing_cell(failed: Path) -> int:
    """Count to the cell that failed, as in the committed notebook: papermill adds cells."""
    cells: Any = nbformat.read(failed, as_version=4).cells
    own = [cell for cell in cells if not _ADDED & {*cell.metadata.get("tags", [])}]
    return 1 + next(position for position, cell in enumerate(own) if _has_error(cell))


def _has_error(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


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
