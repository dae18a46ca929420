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
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from critical_minerals.errors import StepError, UsageError, hint
from critical_minerals.execution import fingerprints
from critical_minerals.execution.executors import JobExecutor, Local
from critical_minerals.execution.steps import Step
from critical_minerals.workspace import Workspace, write_whole

if TYPE_CHECKING:
    from critical_minerals.execution.progress import Progress

_SOON: Final = 0.2
"""Seconds between two tries to end what an interrupted run has begun."""


class Reason(StrEnum):
    """Why a step runs."""

    FIRST = "first run"
    FORCED = "asked for"
    MISSING = "output missing"
    CHANGED = "changed"
    FOLLOWS = "if this comes out differently"
    CURRENT = "up to date"


@dataclass(frozen=True)
class Verdict:
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
    held_back: list[str] = field(default_factory=list)


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


def judge(step: Step, known: Mapping[str, Mapping[str, str]], *, forced: bool) -> Verdict:
    """Decide by content whether a step must run."""
    if forced:
        return Verdict(step.name, Reason.FORCED)
    if step.name not in known:
        return Verdict(step.name, Reason.FIRST)
    missing = tuple(path.name for path in step.leaves() if not path.is_file())
    if missing:
        return Verdict(step.name, Reason.MISSING, missing[:3])
    try:
        details = fingerprints.changed(known[step.name], step.rests_on())
    except Exception as error:  # noqa: BLE001 - running the step will tell what is wrong
        details = [f"cannot be read: {error}"]
    if details:
        return Verdict(step.name, Reason.CHANGED, tuple(details[:4]))
    return Verdict(step.name, Reason.CURRENT)


def plan(workspace: Workspace, steps: Iterable[Step], *, force: bool) -> list[Verdict]:
    """Say of each step whether it would run now, and why.

    A step that is up to date by itself runs again if what it builds on comes out differently.
    """
    known = _state(workspace)
    verdicts: dict[str, Verdict] = {}
    for step in steps:
        verdict = judge(step, known, forced=force)
        before = tuple(name for name in step.after if name in verdicts and verdicts[name].runs)
        if before and not verdict.runs:
            verdict = Verdict(step.name, Reason.FOLLOWS, before[:3])
        verdicts[step.name] = verdict
    return list(verdicts.values())


def run(
    workspace: Workspace,
    steps: Sequence[Step],
    progress: Progress,
    *,
    force: bool = False,
    executor: JobExecutor | None = None,
) -> Outcome:
    """Run what must run. Steps that failed hold back those after them, and no others.

    `executor` is the one that the steps give their work to: it says how many can run side by side.
    Raises `StepError` where steps wait for one another in a circle.
    """
    with workspace.lock(), progress:
        site = _Site(workspace, steps, progress, force=force)
        _side_by_side(steps, site, executor or Local())
    told = {*site.outcome.done, *site.outcome.current, *site.outcome.errors}
    site.outcome.held_back += [step.name for step in steps if step.name not in told]
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
                running[pool.submit(site.attend, by_name[name])] = name
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

    def attend(self, step: Step) -> bool:
        """Run a step if it must; return whether those after it may go on."""
        verdict = judge(step, self._known, forced=self._force)
        if verdict.runs:
            return self._act(step, verdict)
        self.outcome.current.append(step.name)
        self._progress.current(step.name, str(verdict))
        return True

    def _act(self, step: Step, verdict: Verdict) -> bool:
        """Run a step and remember what it rested on and how long it took."""
        self._progress.started(step.name, step.title, str(verdict))
        begun = time.monotonic()
        self._remember(step.name, None)
        try:
            step.act()
            self._remember(step.name, step.rests_on(), time.monotonic() - begun)
        except Exception as error:  # noqa: BLE001 - one broken step must not end the others
            self.outcome.errors[step.name] = error
        good = step.name not in self.outcome.errors
        if good:
            self.outcome.done.append(step.name)
        self._progress.ended(step.name, good=good)
        return good

    def _remember(
        self, name: str, rests_on: Mapping[str, str] | None, seconds: float | None = None
    ) -> None:
        """Keep what a step rested on; None while it runs, so that a stopped one runs again."""
        with self._lock:
            known = self._known.pop(name, None)
            if rests_on is not None:
                self._known[name] = rests_on
            if known != rests_on:
                _write(_state_file(self._workspace), self._known)
            if seconds is not None:
                file = _seconds_file(self._workspace)
                _write(file, {**_read(file), name: round(seconds, 3)})


def _state_file(workspace: Workspace) -> Path:
    return workspace.state / "state.json"


def _seconds_file(workspace: Workspace) -> Path:
    return workspace.state / "seconds.json"


def _state(workspace: Workspace) -> dict[str, Mapping[str, str]]:
    """Read what each step rested on when it last ran well."""
    return _read(_state_file(workspace))


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
