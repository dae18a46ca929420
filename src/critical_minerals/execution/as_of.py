"""Run the notebooks on a copy of the workspace: as of another day, or with a file added.

The workspace is not touched: the run has a copy of its figures and notebooks under `.pipeline/`.
The figures of another day are stored under a name that contains a hash of all they depend on, so
that the next request for the same is answered at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.runner import Status, plan, with_needs
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.steps import Run, Step
from critical_minerals.review.changes import compare
from critical_minerals.review.changes_report import long_form
from critical_minerals.review.confirmation import confirming
from critical_minerals.review.snapshots import (
    LINEAGE,
    Snapshot,
    current_figures,
    of_workspace,
    write_snapshot,
)
from critical_minerals.workspace.file_access import matches
from critical_minerals.workspace.parameters import Parameters, parse_parameters
from critical_minerals.workspace.paths import Workspace

COMPLETE: Final = "trace"
"""The step after which the figures are complete; later steps only typeset them."""
_MOST_CACHED: Final = 8
"""Days whose figures are cached, the current one included."""
_MADE_BY_RUNS: Final = (".pipeline/", "data/processed/", "reports/_generated/")
"""Folders in which runs write outputs, and state for the next run."""

Steps = Callable[[Run], list[Step]]


def figures_as_of(
    workspace: Workspace, steps: Steps, parameters: Parameters, progress: Progress
) -> Snapshot:
    """Return the figures as of the day that the parameters name, from the cache or a new run.

    Raises whatever the first step that failed raised.
    """
    day, chosen = parameters.as_of.isoformat(), figure_steps(steps, workspace, parameters)
    folder = workspace.state / "as-of" / f"{day}-{_content_hash(workspace, chosen)}"
    cached = Snapshot(day, folder / LINEAGE, folder / "tables")
    if cached.complete:
        return cached
    with run_on_copy(workspace, steps, parameters, progress) as copy:
        # Only after a run that succeeded: a failed one leaves the cache as it is.
        _evict_oldest(folder.parent)
        write_snapshot(of_workspace(copy), folder)
    return cached


def preview(
    workspace: Workspace,
    steps: Steps,
    parameters: Parameters,
    progress: Progress,
    write: Callable[[Workspace], None],
) -> list[str]:
    """Return lines on which values, figures and claims change, the largest change first.

    `write` changes a copy of the project; the notebooks run there. Raises whatever the first step
    that failed raised.
    """
    before = _figures_before(workspace, steps, parameters, progress)
    with run_on_copy(workspace, steps, parameters, progress, write) as copy:
        return [*long_form(compare(before, of_workspace(copy)), parameters.languages[0])]


def _figures_before(
    workspace: Workspace, steps: Steps, parameters: Parameters, progress: Progress
) -> Snapshot:
    """Return the figures without the file: those of the last run, if nothing has changed since."""
    with suppress(UsageError):  # there is no last run
        current, made_with, pending = last_figures(workspace, steps)
        # The last run may have been of another day or currency, or older than an edit: compared
        # with its figures, these differences would be taken for effects of the file.
        if made_with == parameters and not pending:
            return current
    return figures_as_of(workspace, steps, parameters, progress)


def last_figures(workspace: Workspace, steps: Steps) -> tuple[Snapshot, Parameters, list[Status]]:
    """Return the figures of the last run, its parameters, and the steps that would run again.

    Where a step would run, the figures do not follow from what lies here now. Raises `UsageError`
    where there is no last run.
    """
    current = current_figures(workspace)
    made_with = parse_parameters(current.lineage["parameters"], workspace.project.parameters)
    statuses = plan(workspace, figure_steps(steps, workspace, made_with), force=False)
    return current, made_with, [status for status in statuses if status.runs]


@contextmanager
def run_on_copy(
    workspace: Workspace,
    steps: Steps,
    parameters: Parameters,
    progress: Progress,
    edit: Callable[[Workspace], None] | None = None,
) -> Generator[Workspace]:
    """Run the notebooks on a copy of the project, after `edit` has changed it; yield the copy.

    Raises whatever the first step that failed raised.
    """
    with (
        scratch_copy(workspace, figure_steps(steps, workspace, parameters)) as copy,
        # What was confirmed to a run of the workspace itself is among the copied files.
        confirming(copy),
    ):
        if edit:
            edit(copy)
        outcome = run_steps(copy, figure_steps(steps, copy, parameters), progress)
        if outcome.errors:
            _keep_failed_notebooks(copy, workspace)
        for error in outcome.errors.values():
            raise error
        yield copy


def _keep_failed_notebooks(copy: Workspace, workspace: Workspace) -> None:
    """Copy the notebooks that failed to where the message says they are; the copy goes."""
    workspace.executed.mkdir(parents=True, exist_ok=True)
    for failed in copy.executed.glob("*.failed.ipynb"):
        shutil.copy(failed, workspace.executed)


def figure_steps(steps: Steps, workspace: Workspace, parameters: Parameters) -> list[Step]:
    """Select the steps that make the figures: the one that records them, and all it needs."""
    return with_needs(steps(Run(workspace, parameters)), COMPLETE)


def _source_files(workspace: Workspace, steps: Sequence[Step]) -> dict[str, Path]:
    """Return the existing files that steps read and none of them makes."""
    made = [pattern for step in steps for pattern in step.outputs]
    read = [each for step in steps for each in (*step.inputs, *step.optional)]
    return {
        name: path
        for name, path in fingerprints.find(workspace.root, read).items()
        if path.is_file() and not matches(name, made)
    }


def _content_hash(workspace: Workspace, steps: Sequence[Step]) -> str:
    """Hash everything that the figures depend on."""
    files = {
        name: fingerprints.of_file(path) for name, path in _source_files(workspace, steps).items()
    }
    return fingerprints.of_value([files, [dict(step.values()) for step in steps]])


@contextmanager
def scratch_copy(
    workspace: Workspace, steps: Sequence[Step], *, fresh: bool = False
) -> Generator[Workspace]:
    """Yield a copy of the files that steps read and consult; it is removed at the end.

    A `fresh` one contains nothing that earlier runs have made, or stored for the next.
    """
    workspace.state.mkdir(parents=True, exist_ok=True)
    consulted = [pattern for step in steps for pattern in step.consults]
    files = fingerprints.find(workspace.root, [*consulted, "requirements.lock"]) | _source_files(
        workspace, steps
    )
    # Under `.pipeline/`, where the next run removes it if this one is killed (`clear_leftovers`).
    with TemporaryDirectory(dir=workspace.state, prefix="scratch-") as scratch:
        for name, path in files.items():
            # Localized texts may lie outside the project, with the installed package.
            inside = path.is_file() and path.is_relative_to(workspace.root)
            # The package is loaded from where it is.
            inside = inside and not name.startswith(f"src/{fingerprints.PACKAGE}/")
            if inside and not (fresh and name.startswith(_MADE_BY_RUNS)):
                target = Path(scratch) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        yield Workspace(Path(scratch))


def _evict_oldest(folder: Path) -> None:
    """Make room in the cache for one more day."""
    cached = sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime)
    for old in cached[: max(0, len(cached) + 1 - _MOST_CACHED)]:
        shutil.rmtree(old, ignore_errors=True)
