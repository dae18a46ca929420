"""Run steps in their order: only what must run, side by side where it can, the longest first.

The order comes from `graphlib` and the threads from `concurrent.futures`, both of Python itself.
doit did this work before. It starts waiting steps in no particular order (it keeps them in a set),
its own state had to be thrown away since it forgets the steps that a failure has held back, and on
two cores its import alone takes 0.12 s where the two modules take 0.02 s. `benchmarks/` measures
what a run with nothing to do takes here and with doit, pytask and Snakemake.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from critical_minerals.errors import StepError, UsageError, hint
from critical_minerals.execution import fingerprints
from critical_minerals.execution.executors import JobExecutor, Local
from critical_minerals.execution.quick_check import Signature, differs
from critical_minerals.execution.steps import Inputs, Step
from critical_minerals.workspace import Workspace, write_whole

if TYPE_CHECKING:
    from critical_minerals.execution.progress import Progress

_PARTS: Final = {"required", "optional", "outputs"}
"""What is known of a step; what another version of this program kept is not read."""
_SOON: Final = 0.2
"""Seconds between two tries to end what an interrupted run has begun."""


class Reason(StrEnum):
    """Why a step runs."""

    FIRST = "first run"
    FORCED = "asked for"
    MISSING = "output missing"
    CHANGED = "changed"
    OUTSIDE = "changed from outside"
    FOLLOWS = "if this comes out differently"
    CURRENT = "up to date"


@dataclass(frozen=True)
class Status:
    """Whether a step must run, and why."""

    step: str
    reason: Reason
    details: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether the step has something to do."""
        return self.reason is not Reason.CURRENT

    def __str__(self) -> str:
        what = f": {', '.join(self.details)}" if self.details else ""
        return f"{self.reason}{what}"


@dataclass
class Outcome:
    """How a run went: steps done, current, failed (with the error) and held back by a failure."""

    done: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    errors: dict[str, BaseException] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


def select(steps: Sequence[Step], only: Sequence[str] = (), start: str | None = None) -> list[Step]:
    """Choose steps by name (`only`), or a step and all after it (`start`).

    A document's name stands for all of its formats.

    Raises `UsageError` with the nearest name for an unknown one.
    """
    if only and start:
        msg = "--only and --from exclude each other: give one of them."
        raise UsageError(msg)
    names = list(dict.fromkeys(name for step in steps for name in (step.name, step.stem)))
    for name in [*only, *([start] if start else [])]:
        if name not in names:
            msg = f"There is no step {name!r}. {hint(name, names)}"
            raise UsageError(msg)
    if only:
        return [step for step in steps if {step.name, step.stem}.intersection(only)]
    first = next((place for place, step in enumerate(steps) if start in (step.name, step.stem)), 0)
    return list(steps[first:])


def decide(step: Step, workspace: Workspace, known: Mapping[str, Any], *, forced: bool) -> Status:
    """Decide by content whether a step must run: its inputs, and its outputs as it left them."""
    if forced:
        return Status(step.name, Reason.FORCED)
    record = known.get(step.name)
    if record is None:
        return Status(step.name, Reason.FIRST)
    now = {name: fingerprints.of_file(workspace.root / name) for name in record["outputs"]}
    missing = tuple(Path(name).name for name in now if now[name] == fingerprints.MISSING)
    if missing:
        return Status(step.name, Reason.MISSING, missing[:3])
    try:
        details = _changed_inputs(record, step.inputs())
    except Exception as error:  # noqa: BLE001 - running the step will tell what is wrong
        details = [f"cannot be read: {error}"]
    if details:
        return Status(step.name, Reason.CHANGED, tuple(details[:4]))
    tampered = tuple(Path(name).name for name in now if now[name] != record["outputs"][name])
    if tampered:
        return Status(step.name, Reason.OUTSIDE, tampered[:3])
    return Status(step.name, Reason.CURRENT)


def _changed_inputs(record: Mapping[str, Any], now: Inputs) -> list[str]:
    """Name the inputs that are not what the step read when it last ran."""
    read: Mapping[str, str] = record["optional"]
    there = {name: path for name, path in now.optional.items() if name in read}
    found = dict.fromkeys(read, fingerprints.MISSING) | _hashes(there)
    required = fingerprints.changed(record["required"], now.required)
    return sorted([*required, *fingerprints.changed(read, found)])


@dataclass(frozen=True)
class _Before:
    """What there is for a step to read, as it is before the step reads it."""

    inputs: Inputs
    optional: Mapping[str, str]
    watched: Mapping[str, Signature]


def _before(step: Step) -> _Before | None:
    """Hash what a step may read; what cannot be read, running it tells."""
    with fingerprints.watching() as watched, suppress(Exception):
        inputs = step.inputs()
        return _Before(inputs, _hashes(inputs.optional), watched)
    return None


def _hashes(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: fingerprints.of_file(path) for name, path in files.items()}


def plan(workspace: Workspace, steps: Iterable[Step], *, force: bool) -> list[Status]:
    """Say of each step whether it would run now, and why.

    A step that is up to date by itself runs again if what it builds on comes out differently.
    """
    known = _state(workspace)
    statuses: dict[str, Status] = {}
    for step in steps:
        status = decide(step, workspace, known, forced=force)
        before = tuple(name for name in step.after if name in statuses and statuses[name].runs)
        if before and not status.runs:
            status = Status(step.name, Reason.FOLLOWS, before[:3])
        statuses[step.name] = status
    return list(statuses.values())


def run(
    workspace: Workspace,
    steps: Sequence[Step],
    progress: Progress,
    *,
    force: bool = False,
    executor: JobExecutor | None = None,
) -> Outcome:
    """Run what must run. Steps that failed hold back those after them, and no others.

    Whoever calls holds the workspace's lock, also over what it does before and after.
    `executor` is the one that the steps give their work to: it says how many can run side by side.
    Raises `StepError` where steps wait for one another in a circle.
    """
    with progress:
        site = _Site(workspace, steps, progress, force=force)
        try:
            _side_by_side(steps, site, executor or Local())
        finally:
            fingerprints.save_known(_hashes_file(workspace))
    told = {*site.outcome.done, *site.outcome.current, *site.outcome.errors}
    site.outcome.skipped += [step.name for step in steps if step.name not in told]
    return site.outcome


def urgency(steps: Sequence[Step], seconds: Mapping[str, float]) -> dict[str, float]:
    """Return for each step the seconds from its start to the end of all that waits for it.

    `seconds` are what steps took when they last ran; of one that never ran its own guess counts.
    """
    by_name = {step.name: step for step in steps}
    total: dict[str, float] = {}
    for name in reversed(_in_order(steps)):
        after = [total[step.name] for step in steps if name in step.after]
        total[name] = seconds.get(name, by_name[name].expected) + max(after, default=0.0)
    return total


def _side_by_side(steps: Sequence[Step], site: _Site, executor: JobExecutor) -> None:
    """Start steps as soon as they may, the most urgent first, in as many threads as there is room.

    A step that failed is never reported as done, so that those after it never become ready.
    """
    by_name = {step.name: step for step in steps}
    urgent = urgency(steps, site.seconds)
    order = _sorter(steps)
    order.prepare()
    ready: list[str] = []
    running: dict[Future[bool], str] = {}
    pool = ThreadPoolExecutor(executor.slots, "step")
    try:
        while True:
            ready = sorted([*ready, *order.get_ready()], key=lambda name: (-urgent[name], name))
            while ready and len(running) < executor.slots:
                name = ready.pop(0)
                running[pool.submit(site.run_if_needed, by_name[name])] = name
            if not running:
                return
            for ended in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(ended)
                if ended.result():
                    order.done(name)
    except BaseException:  # Ctrl-C: what steps wait for has to end, and what they begin just now
        while wait(running, timeout=_SOON).not_done:
            executor.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(steps: Sequence[Step]) -> list[str]:
    """Name the steps so that each comes after those it needs."""
    try:
        return [*_sorter(steps).static_order()]
    except CycleError as error:
        circle = " > ".join(error.args[1])
        msg = f"The steps have no order, since some wait for one another in a circle: {circle}."
        raise StepError(msg) from error


def _sorter(steps: Sequence[Step]) -> TopologicalSorter[str]:
    """Put the steps' needs into a graph; a needed step that was not chosen counts as done."""
    chosen = {step.name for step in steps}
    return TopologicalSorter({step.name: chosen.intersection(step.after) for step in steps})


class _Site:
    """What one run knows, and how it goes; steps are attended to in several threads."""

    def __init__(
        self, workspace: Workspace, steps: Sequence[Step], progress: Progress, *, force: bool
    ) -> None:
        self.outcome = Outcome()
        self._workspace, self._progress, self._force = workspace, progress, force
        self._known, self._lock = _state(workspace), Lock()
        kept = _read(_seconds_file(workspace))
        self.seconds = {step.name: kept[step.name] for step in steps if step.name in kept}

    def run_if_needed(self, step: Step) -> bool:
        """Run a step if it must; return whether those after it may go on."""
        status = decide(step, self._workspace, self._known, forced=self._force)
        if status.runs:
            return self._run(step, status)
        self.outcome.current.append(step.name)
        self._progress.current(step.name, str(status))
        return True

    def _run(self, step: Step, status: Status) -> bool:
        """Run a step; remember what it read, what it wrote and how long it took.

        Inputs are hashed before the step reads them: what is edited while it runs has changed for
        the next run. Hashed afterwards, such an edit would count as read, and be lost for good.
        Whether it read the file before or after the edit nobody knows: it runs again, also where
        the edit has been taken back by then.
        """
        self._progress.started(step.name, step.title, str(status))
        begun = time.monotonic()
        self._remember(step.name, None)
        try:
            before = _before(step)
            read = step.run() or ()
            record = self._record(step, before, read) if before else None
            self._remember(step.name, record, time.monotonic() - begun)
        except Exception as error:  # noqa: BLE001 - one broken step must not end the others
            self.outcome.errors[step.name] = error
        good = step.name not in self.outcome.errors
        if good:
            self.outcome.done.append(step.name)
        self._progress.ended(step.name, good=good)
        return good

    def _record(self, step: Step, before: _Before, read: Collection[str]) -> dict[str, Any]:
        """Describe what a step that ran well has read and written."""
        relative = self._workspace.relative
        optional = before.inputs.optional
        unread = {str(path) for name, path in optional.items() if name not in read}
        edited = [
            path
            for path, then in before.watched.items()
            if path not in unread and differs(path, then)
        ]
        written = {relative(path): fingerprints.of_file(path) for path in step.outputs()}
        return {
            "required": {
                **before.inputs.required,
                **{f"{Path(path).name}, while it ran": "edited" for path in edited},
            },
            "optional": {name: before.optional.get(name, fingerprints.MISSING) for name in read},
            "outputs": {
                name: content
                for name, content in written.items()
                if content != fingerprints.MISSING
            },
        }

    def _remember(
        self, name: str, record: Mapping[str, Any] | None, seconds: float | None = None
    ) -> None:
        """Keep the record of a step; None while it runs, so that a stopped one runs again."""
        with self._lock:
            known = self._known.pop(name, None)
            if record is not None:
                self._known[name] = record
            if known != record:
                _write(_state_file(self._workspace), self._known)
            if seconds is not None:
                file = _seconds_file(self._workspace)
                _write(file, {**_read(file), name: round(seconds, 3)})


def _state_file(workspace: Workspace) -> Path:
    return workspace.state / "state.json"


def _seconds_file(workspace: Workspace) -> Path:
    return workspace.state / "seconds.json"


def _state(workspace: Workspace) -> dict[str, Any]:
    """Read what each step read and wrote when it last ran well."""
    fingerprints.load_known(_hashes_file(workspace))
    known = _read(_state_file(workspace))
    return {name: record for name, record in known.items() if {*record} == _PARTS}


def _hashes_file(workspace: Workspace) -> Path:
    return workspace.state / "hashes.json"


def _read(file: Path) -> dict[str, Any]:
    """Read what earlier runs left; an unreadable file knows nothing."""
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _write(file: Path, content: Mapping[str, Any]) -> None:
    """Write a line for each name; `json` is slow where it indents, and this is written often."""
    lines = (f"{json.dumps(name)}: {json.dumps(content[name])}" for name in sorted(content))
    write_whole(file, "{\n" + ",\n".join(lines) + "\n}\n")
