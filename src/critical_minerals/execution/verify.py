"""Verify a report: make it once more in a fresh copy, and name the cause of each difference.

The copy is fresh (`as_of.scratch_copy`): neither what was drawn nor what was read before goes with
it. What comes out is held against the record of the last
run, file by file. Of a file that differs, the step that made it says why: its two records, of then
and of now, name every input that is not the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.brief_jobs import FOLDER
from critical_minerals.execution.runner import in_order, records
from critical_minerals.execution.steps import Step
from critical_minerals.workspace import Workspace

_ENVIRONMENT: Final = {"environment", "renderer"}
_CODE: Final = {"code", "filters", "notebook", "notebooks", "package code", "project"}
"""Values of a step's record that are no files, by what they tell of; the others are parameters."""


class Cause(StrEnum):
    """Why a file is not what it was."""

    OUTSIDE = "changed from outside since it was made"
    ENVIRONMENT = "another environment"
    CODE = "other code"
    INPUT = "another input"
    FOLLOWS = "follows from what differs before"
    CHANCE = "chance: nothing that it is made of differs"


@dataclass(frozen=True)
class Difference:
    """A file that did not come out as it was, and why; `details` name what differs of its step."""

    file: str
    cause: Cause
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f" ({', '.join(self.details)})" if self.details else ""
        return f"{self.file}: {self.cause}{what}"


@dataclass(frozen=True)
class Verification:
    """How many files were made once more, and those that differ."""

    files: int
    differences: tuple[Difference, ...]


def records_of_last_run(workspace: Workspace, steps: Sequence[Step]) -> Mapping[str, Any]:
    """Return what each step has read and written here.

    Raises `UsageError` where one has not run to its end.
    """
    then = records(workspace)
    if waiting := [step.name for step in steps if step.name not in then]:
        msg = (
            f"There is no finished report to verify: {waiting[0]} has not run to its end. "
            "Make it first: python pipeline.py"
        )
        raise UsageError(msg)
    return then


def verify(
    workspace: Workspace, then: Mapping[str, Any], copy: Workspace, steps: Sequence[Step]
) -> Verification:
    """Hold what was made in a copy against what the last run has written here (`then`)."""
    now = records(copy)
    found: dict[str, Difference] = {}
    files: set[str] = set()
    for name in in_order(steps):
        old, new = then[name], now[name]
        outputs = old["outputs"].keys() | new["outputs"].keys()
        why = _why(old, new, found)
        for file in sorted(outputs):
            if old["outputs"].get(file) != new["outputs"].get(file):
                found[file] = Difference(_delivered_as(workspace, file), *why)
            elif fingerprints.of_file(workspace.root / file) != old["outputs"][file]:
                found[file] = Difference(_delivered_as(workspace, file), Cause.OUTSIDE)
        files |= outputs
    beside = _beside(workspace, copy, found)
    return Verification(len(files) + len(beside), (*found.values(), *filter(None, beside)))


def _why(
    old: Mapping[str, Any], new: Mapping[str, Any], differ: Collection[str]
) -> tuple[Cause, tuple[str, ...]]:
    """Name what a step rests on that is not what it was, the weightiest alone."""
    changed = fingerprints.changed(_inputs(old), _inputs(new))
    kinds = {
        Cause.ENVIRONMENT: [name for name in changed if name in _ENVIRONMENT],
        Cause.CODE: [name for name in changed if name in _CODE],
        Cause.INPUT: [name for name in changed if name not in {*_ENVIRONMENT, *_CODE, *differ}],
        Cause.FOLLOWS: [name for name in changed if name in differ],
    }
    cause = next((each for each, names in kinds.items() if names), Cause.CHANCE)
    return cause, tuple(kinds.get(cause, ()))


def _inputs(record: Mapping[str, Any]) -> dict[str, str]:
    return {**record["required"], **record["optional"]}


def _beside(
    workspace: Workspace, copy: Workspace, differ: Collection[str]
) -> list[Difference | None]:
    """Compare the delivered files: those of steps with what these wrote, the others with the copy.

    No step makes the report on checks, which also tells of those that failed.
    """
    results: list[Difference | None] = []
    for path in fingerprints.files_in(workspace.delivered):
        name = path.relative_to(workspace.delivered)
        file = workspace.relative(path)
        if name.parts[0] == FOLDER:  # briefs are made by a command of their own
            continue
        content = fingerprints.of_file(path)
        if fingerprints.of_file(workspace.output / name) != content:
            results.append(Difference(file, Cause.OUTSIDE))
        elif workspace.relative(workspace.output / name) in differ:
            continue
        elif fingerprints.of_file(copy.delivered / name) != content:
            results.append(Difference(file, Cause.FOLLOWS if differ else Cause.CHANCE))
        else:
            results.append(None)
    return results


def _delivered_as(workspace: Workspace, file: str) -> str:
    """Name a finished document by its place among the delivered ones."""
    output, delivered = map(workspace.relative, (workspace.output, workspace.delivered))
    return file.replace(f"{output}/", f"{delivered}/", 1)
