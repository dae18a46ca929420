"""Verify a report: make it once more in a fresh copy, and name the cause of each difference.

The copy is fresh (`as_of.scratch_copy`): no cached drawings and no cached tables go with it. The
results are compared with the record of the last run, file by file. For a file that differs, the two
records of the step that made it, then and now, name every input that is not the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.runner import in_order, records
from critical_minerals.execution.steps import Step
from critical_minerals.review.findings import findings_file, read_findings
from critical_minerals.workspace.file_access import CODE, matches
from critical_minerals.workspace.paths import BRIEFS, Workspace

_ENVIRONMENT: Final = {"environment", "renderer"}
_CODE: Final = {"code", "filters", "notebook", "notebooks", "package code", "project"}
"""Values in a step's record that are not files, by kind; the others are parameters."""


class Cause(StrEnum):
    """Why a file differs."""

    OUTSIDE = "changed from outside since it was made"
    ENVIRONMENT = "another environment"
    CODE = "other code"
    INPUT = "another input"
    FOLLOWS = "follows from what differs before"
    CHANCE = "chance: nothing that it is made of differs"


@dataclass(frozen=True)
class Difference:
    """A file that differs, and why; `details` name the inputs of its step that differ."""

    file: str
    cause: Cause
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        details = f" ({', '.join(self.details)})" if self.details else ""
        return f"{self.file}: {self.cause}{details}"


@dataclass(frozen=True)
class Verification:
    """The number of files made once more, and the differences."""

    files: int
    differences: tuple[Difference, ...]


def records_of_last_run(workspace: Workspace, steps: Sequence[Step]) -> Mapping[str, Any]:
    """Return the records of what each step has read and written.

    Raises `UsageError` where a step has not finished.
    """
    last_records = records(workspace)
    if unfinished := [step.name for step in steps if step.name not in last_records]:
        msg = (
            f"There is no finished report to verify: {unfinished[0]} has not run to its end. "
            "Make it first: python pipeline.py"
        )
        raise UsageError(msg)
    return last_records


def verify(
    workspace: Workspace, then: Mapping[str, Any], copy: Workspace, steps: Sequence[Step]
) -> Verification:
    """Compare what was made in a copy with what the last run has written here (`then`)."""
    copy_records = records(copy)
    differences: dict[str, Difference] = {}
    files: set[str] = set()
    # In order, so that a difference is known before the steps that follow from it.
    for name in in_order(steps):
        old, new = then[name], copy_records[name]
        outputs = old["outputs"].keys() | new["outputs"].keys()
        cause = _find_cause(old, new, differences)
        for file in sorted(outputs):
            different = old["outputs"].get(file) != new["outputs"].get(file)
            if different and not _same_findings(workspace, copy, file):
                differences[file] = Difference(_delivered_name(workspace, file), *cause)
            # The copy agrees with the record, but the file here does not.
            elif fingerprints.of_file(workspace.root / file) != old["outputs"][file]:
                differences[file] = Difference(_delivered_name(workspace, file), Cause.OUTSIDE)
        files |= outputs
    delivered = _compare_delivered(workspace, copy, differences)
    return Verification(
        len(files) + len(delivered), (*differences.values(), *filter(None, delivered))
    )


def _same_findings(workspace: Workspace, copy: Workspace, file: str) -> bool:
    """Tell whether two findings of a step differ in no more than what earlier runs are held to.

    A fresh copy has had no run before.
    """
    step = Path(file).stem
    if workspace.root / file != findings_file(workspace, step):
        return False
    both = [read_findings(each, step) for each in (workspace, copy)]
    own = [
        each and replace(each, results=tuple(r for r in each.results if not r.against_last))
        for each in both
    ]
    return own[0] == own[1]


def _find_cause(
    old: Mapping[str, Any], new: Mapping[str, Any], differing: Collection[str]
) -> tuple[Cause, tuple[str, ...]]:
    """Name the cause of a step's differences, and its inputs that differ for this cause.

    Only the most fundamental cause is named, in the order of the kinds: with another environment,
    differences in the rest are to be expected.
    """
    changed = fingerprints.changed(_inputs(old), _inputs(new))
    code = [name for name in changed if name in _CODE or matches(name, [CODE])]
    kinds = {
        Cause.ENVIRONMENT: [name for name in changed if name in _ENVIRONMENT],
        Cause.CODE: code,
        # An input that another step has made differently is not a cause: it follows from one.
        Cause.INPUT: [name for name in changed if name not in {*_ENVIRONMENT, *code, *differing}],
        Cause.FOLLOWS: [name for name in changed if name in differing],
    }
    cause = next((each for each, names in kinds.items() if names), Cause.CHANCE)
    return cause, tuple(kinds.get(cause, ()))


def _inputs(record: Mapping[str, Any]) -> dict[str, str]:
    return {**record["required"], **record["optional"]}


def _compare_delivered(
    workspace: Workspace, copy: Workspace, differing: Collection[str]
) -> list[Difference | None]:
    """Compare the delivered files: those of steps with what these wrote, the others with the copy.

    Some delivered files are made by no step, such as the description of the run (`crate`).
    """
    results: list[Difference | None] = []
    for path in fingerprints.files_in(workspace.delivered):
        name = path.relative_to(workspace.delivered)
        file = workspace.relative(path)
        if name.parts[0] == BRIEFS:  # briefs are made by a command of their own
            continue
        content = fingerprints.of_file(path)
        if fingerprints.of_file(workspace.output / name) != content:
            results.append(Difference(file, Cause.OUTSIDE))
        elif workspace.relative(workspace.output / name) in differing:
            continue  # counted among the differences of its step
        elif fingerprints.of_file(copy.delivered / name) != content:
            results.append(Difference(file, Cause.FOLLOWS if differing else Cause.CHANCE))
        else:
            results.append(None)
    return results


def _delivered_name(workspace: Workspace, file: str) -> str:
    """Name a finished document by its place among the delivered ones."""
    output, delivered = map(workspace.relative, (workspace.output, workspace.delivered))
    return file.replace(f"{output}/", f"{delivered}/", 1)
