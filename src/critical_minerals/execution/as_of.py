"""Run the notebooks as of another day, beside the workspace, and keep what comes out.

The workspace is not touched: the run has a copy of its figures and notebooks under `.pipeline/`.
The result is kept under a name that holds a hash of all it rests on, so that the same question is
answered at once the next time.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from critical_minerals.declared import matches
from critical_minerals.execution import fingerprints
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.runner import with_needs
from critical_minerals.execution.steps import Run, Step
from critical_minerals.parameters import Parameters
from critical_minerals.review.snapshots import LINEAGE, Snapshot, of_workspace, write_snapshot
from critical_minerals.workspace import Workspace

COMPLETE: Final = "trace"
"""The step after which the figures are complete; what follows only typesets them."""
_KEPT: Final = 8
_LEFT: Final = (".pipeline/", "data/processed/", "reports/_generated/")
"""Where runs leave what they make, and what they keep for the next."""

Steps = Callable[[Run], list[Step]]


def figures_as_of(
    workspace: Workspace, steps: Steps, parameters: Parameters, progress: Progress
) -> Snapshot:
    """Return the figures as of the day that the parameters name, run beside the workspace.

    Raises whatever the first step that failed raised.
    """
    day, chosen = parameters.as_of.isoformat(), figure_steps(steps, workspace, parameters)
    folder = workspace.state / "as-of" / f"{day}-{_content(workspace, chosen)}"
    kept = Snapshot(day, folder / LINEAGE, folder / "tables")
    if kept.complete:
        return kept
    with run_beside(workspace, steps, parameters, progress) as copy:
        _forget_oldest(folder.parent)
        write_snapshot(of_workspace(copy), folder)
    return kept


@contextmanager
def run_beside(
    workspace: Workspace,
    steps: Steps,
    parameters: Parameters,
    progress: Progress,
    edit: Callable[[Workspace], None] | None = None,
) -> Generator[Workspace]:
    """Run the notebooks on a copy of the project, once it has been edited; give the copy.

    Raises whatever the first step that failed raised.
    """
    with scratch_copy(workspace, figure_steps(steps, workspace, parameters)) as copy:
        if edit:
            edit(copy)
        outcome = run_steps(copy, figure_steps(steps, copy, parameters), progress)
        for error in outcome.errors.values():
            raise error
        yield copy


def figure_steps(steps: Steps, workspace: Workspace, parameters: Parameters) -> list[Step]:
    """Choose the steps that make the figures: the one that records them and all it needs."""
    return with_needs(steps(Run(workspace, parameters)), COMPLETE)


def _given(workspace: Workspace, steps: Sequence[Step]) -> dict[str, Path]:
    """Return the files that steps read and none of them makes."""
    made = [pattern for step in steps for pattern in step.outputs]
    read = [each for step in steps for each in (*step.inputs, *step.optional)]
    return {
        name: path
        for name, path in fingerprints.find(workspace.root, read).items()
        if path.is_file() and not matches(name, made)
    }


def _content(workspace: Workspace, steps: Sequence[Step]) -> str:
    """Hash everything that the figures rest on."""
    files = {name: fingerprints.of_file(path) for name, path in _given(workspace, steps).items()}
    return fingerprints.of_value([files, [dict(step.values()) for step in steps]])


@contextmanager
def scratch_copy(
    workspace: Workspace, steps: Sequence[Step], *, fresh: bool = False
) -> Generator[Workspace]:
    """Give a copy of what steps read, and of what a project is known by; it goes when this ends.

    A `fresh` one has nothing that earlier runs have made, or kept for the next.
    """
    workspace.state.mkdir(parents=True, exist_ok=True)
    consulted = [pattern for step in steps for pattern in step.consults]
    wanted = fingerprints.find(workspace.root, [*consulted, "requirements.lock"]) | _given(
        workspace, steps
    )
    with TemporaryDirectory(dir=workspace.state, prefix="scratch-") as scratch:
        for name, path in wanted.items():
            inside = path.is_file() and path.is_relative_to(workspace.root)
            if inside and not (fresh and name.startswith(_LEFT)):
                target = Path(scratch) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        yield Workspace(Path(scratch))


def _forget_oldest(folder: Path) -> None:
    """Make room for one more kept day."""
    kept = sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime)
    for old in kept[: max(0, len(kept) + 1 - _KEPT)]:
        shutil.rmtree(old, ignore_errors=True)
