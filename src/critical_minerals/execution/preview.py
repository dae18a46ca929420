"""Preview what a file would change in the report, by a run on a copy of the workspace."""

from __future__ import annotations

from collections.abc import Callable

from critical_minerals.errors import UsageError
from critical_minerals.execution.as_of import (
    Steps,
    figure_steps,
    figures_as_of,
    run_beside,
)
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.runner import plan
from critical_minerals.parameters import Parameters, parse_parameters
from critical_minerals.review.changes import compare
from critical_minerals.review.changes_report import long_form
from critical_minerals.review.snapshots import Snapshot, current_figures, of_workspace
from critical_minerals.workspace import Workspace


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
    with run_beside(workspace, steps, parameters, progress, write) as copy:
        return [*long_form(compare(before, of_workspace(copy)), parameters.languages[0])]


def _figures_before(
    workspace: Workspace, steps: Steps, parameters: Parameters, progress: Progress
) -> Snapshot:
    """Return the figures without the file: those of the last run, if nothing has changed since."""
    try:
        current = current_figures(workspace)
    except UsageError:
        return figures_as_of(workspace, steps, parameters, progress)
    # The last run may have been of another day or currency, or older than an edit: compared with
    # its figures, these differences would be taken for effects of the file.
    same = parse_parameters(current.lineage["parameters"], type(parameters)) == parameters
    chosen = figure_steps(steps, workspace, parameters)
    if same and not any(status.runs for status in plan(workspace, chosen, force=False)):
        return current
    return figures_as_of(workspace, steps, parameters, progress)
