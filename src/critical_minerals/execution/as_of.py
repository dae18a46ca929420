"""Run the notebooks as of another day, beside the workspace, and keep what comes out.

The workspace is not touched: the run has a copy of its figures and notebooks under `.pipeline/`.
The result is kept under a name that holds a hash of all it rests on, so that the same question is
answered at once the next time.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from critical_minerals.execution import fingerprints
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.steps import Run, Step
from critical_minerals.parameters import Parameters
from critical_minerals.review.snapshots import LINEAGE, Snapshot, of_workspace, write_snapshot
from critical_minerals.workspace import Workspace

COMPLETE: Final = "trace"
"""The step after which the figures are complete; what follows only typesets them."""
_PARTS: Final = (
    "data/raw",
    "data/schemas",
    "notebooks",
    "reports/theme",
    "reports/_generated/fonts",
    "reports/_generated/theme",
)
_FILES: Final = ("pyproject.toml", "parameters.toml", "requirements.lock")
_KEPT: Final = 8

Steps = Callable[[Run], list[Step]]


def figures_as_of(
    workspace: Workspace, steps: Steps, parameters: Parameters, progress: Progress
) -> Snapshot:
    """Return the figures as of the day that the parameters name, run beside the workspace.

    Raises whatever the first step that failed raised.
    """
    day = parameters.as_of.isoformat()
    folder = workspace.state / "as-of" / f"{day}-{_rests_on(workspace, parameters)}"
    kept = Snapshot(day, folder / LINEAGE, folder / "tables")
    if kept.complete:
        return kept
    workspace.state.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=workspace.state, prefix="scratch-") as scratch:
        copy = _copied(workspace, Path(scratch))
        chosen = figure_steps(steps(Run(copy, parameters)))
        outcome = run_steps(copy, chosen, progress)
        for error in outcome.errors.values():
            raise error
        _forget_oldest(folder.parent)
        write_snapshot(of_workspace(copy), folder)
    return kept


def figure_steps(steps: Sequence[Step]) -> list[Step]:
    """Choose the steps that make the figures: the one that records them and all before it."""
    by_name = {step.name: step for step in steps}
    wanted, waiting = set[str](), [COMPLETE]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in wanted:
            wanted.add(name)
            waiting += by_name[name].after
    return [step for step in steps if step.name in wanted]


def _rests_on(workspace: Workspace, parameters: Parameters) -> str:
    """Hash everything that the figures rest on."""
    notebooks = sorted(workspace.notebooks.glob("*.ipynb"))
    sources = [source for path in notebooks for source in fingerprints.notebook_sources(path)]
    folders = (workspace.raw, workspace.schemas)
    files = [path for folder in folders for path in fingerprints.files_in(folder)]
    return fingerprints.of_value(
        [
            {workspace.relative(path): fingerprints.of_file(path) for path in files},
            [fingerprints.of_notebook(path) for path in notebooks],
            fingerprints.of_code([*sources, "import critical_minerals.review.lineage"]),
            fingerprints.of_texts(),
            fingerprints.of_environment(workspace.root / "requirements.lock"),
            parameters.for_papermill(),
        ]
    )


def _copied(workspace: Workspace, root: Path) -> Workspace:
    """Copy what a run reads, and the fonts, which need not be cut again."""
    for part in _PARTS:
        if (workspace.root / part).is_dir():
            shutil.copytree(workspace.root / part, root / part)
    documents = [workspace.relative(path) for path in workspace.reports.glob("*.qmd")]
    for file in _present(workspace, [*_FILES, *documents]):
        shutil.copy(workspace.root / file, root / file)
    return Workspace(root)


def _present(workspace: Workspace, files: Iterable[str]) -> list[str]:
    return [file for file in files if (workspace.root / file).is_file()]


def _forget_oldest(folder: Path) -> None:
    """Make room for one more kept day."""
    kept = sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime)
    for old in kept[: max(0, len(kept) + 1 - _KEPT)]:
        shutil.rmtree(old, ignore_errors=True)
