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

from critical_minerals.declared import Declared, held_to, matches, overlap
from critical_minerals.errors import StepError, UsageError, hint
from critical_minerals.execution import fingerprints
from critical_minerals.execution.executors import JobExecutor, Local
from critical_minerals.execution.orphans import ignore_signals
from critical_minerals.execution.quick_check import Signature, Since, as_left, differs
from critical_minerals.execution.steps import Step
from critical_minerals.workspace import Workspace, write_whole

if TYPE_CHECKING:
    from critical_minerals.execution.progress import Progress

_PARTS: Final = {"required", "optional", "outputs"}
"""What is known of a step; what another version of this program kept is not read."""
_FORMER: Final = {"beside": "attachments"}
"""Names that steps had before, and still answer to."""
_PROCESSED: Final = ("data", "processed")
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

    A document's name stands for all of its formats, that of a processed table for the steps that
    make it, those that they need included.

    Raises `UsageError` with the nearest name for an unknown one.
    """
    if only and start:
        msg = "--only and --from exclude each other: give one of them."
        raise UsageError(msg)
    makers = {table: step.name for step in steps for table in _tables_of(step)}
    names = list(dict.fromkeys(name for step in steps for name in (step.name, step.stem)))
    only, start = [_FORMER.get(name, name) for name in only], start and _FORMER.get(start, start)
    for name in [*only, *([start] if start else [])]:
        if name not in names and (name == start or name not in makers):
            msg = f"There is no step {name!r}. {hint(name, [*names, *makers])}"
            raise UsageError(msg)
    if only:
        asked = {*only}.difference(makers)
        asked |= {s.name for n in only if n in makers for s in with_needs(steps, makers[n])}
        return [step for step in steps if {step.name, step.stem} & asked]
    first = next((place for place, step in enumerate(steps) if start in (step.name, step.stem)), 0)
    return list(steps[first:])


def _tables_of(step: Step) -> list[str]:
    """Name the processed tables that a step makes."""
    made = (Path(name) for name in step.outputs)
    return [
        path.stem for path in made if path.parts[:2] == _PROCESSED and path.suffix == ".parquet"
    ]


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
        details = _changed_inputs(record, step, workspace)
    except Exception as error:  # noqa: BLE001 - running the step will tell what is wrong
        details = [f"cannot be read: {error}"]
    if details:
        return Status(step.name, Reason.CHANGED, tuple(details[:4]))
    tampered = tuple(Path(name).name for name in now if now[name] != record["outputs"][name])
    if tampered:
        return Status(step.name, Reason.OUTSIDE, tampered[:3])
    return Status(step.name, Reason.CURRENT)


def _only_of(status: Status, patterns: Sequence[str]) -> bool:
    """Say whether a step runs for the sake of some files alone."""
    changed = status.reason is Reason.CHANGED
    return changed and all(matches(name, patterns) for name in status.details)


def _changed_inputs(record: Mapping[str, Any], step: Step, workspace: Workspace) -> list[str]:
    """Name the inputs that are not what the step read when it last ran."""
    read: Mapping[str, str] = record["optional"]
    could = fingerprints.find(workspace.root, step.optional)
    there = {name: path for name, path in could.items() if name in read}
    found = dict.fromkeys(read, fingerprints.MISSING) | _hashes(there)
    required = fingerprints.changed(record["required"], _required(step, workspace))
    return sorted([*required, *fingerprints.changed(read, found)])


def _required(step: Step, workspace: Workspace) -> dict[str, str]:
    """Hash what a step rests on in any case: its values, and the files among its inputs."""
    return {**step.values(), **_hashes(fingerprints.find(workspace.root, step.inputs))}


def _hashes(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: fingerprints.of_file(path) for name, path in files.items()}


@dataclass(frozen=True)
class _Before:
    """What there is for a step to read, as it is before the step reads it."""

    required: Mapping[str, str]
    optional: Mapping[str, str]
    paths: Mapping[str, Path]
    watched: Mapping[str, Signature]


def _before(step: Step, workspace: Workspace) -> _Before:
    """Hash what a step may read, and take down what that looks at."""
    with fingerprints.watching() as watched:
        required = _required(step, workspace)
        paths = fingerprints.find(workspace.root, step.optional)
        return _Before(required, _hashes(paths), paths, watched)


def records(workspace: Workspace) -> dict[str, Any]:
    """Read what each step read and wrote when it last ran well."""
    fingerprints.load_known(_hashes_file(workspace))
    known = _read(_state_file(workspace))
    return {name: record for name, record in known.items() if {*record} == _PARTS}


def plan(workspace: Workspace, steps: Iterable[Step], *, force: bool) -> list[Status]:
    """Say of each step whether it would run now, and why.

    A step that is up to date by itself runs again if what it builds on comes out differently.
    """
    steps, known = [*steps], records(workspace)
    by_name = {step.name: step for step in steps}
    statuses: dict[str, Status] = {}
    for name, needs in in_order(steps).items():
        step = by_name[name]
        status = decide(step, workspace, known, forced=force)
        before = tuple(name for name in needs if statuses[name].runs)
        made = [pattern for other in before for pattern in by_name[other].outputs]
        # What another step is about to make anew, or lacks, may come out as it was.
        if before and (not status.runs or _only_of(status, made)):
            status = Status(step.name, Reason.FOLLOWS, before[:3])
        statuses[step.name] = status
    return [statuses[step.name] for step in steps]


def spared(steps: Sequence[Step], workspace: Workspace, since: Since | None) -> set[str]:
    """Name the steps that need not be decided, for nothing was touched that they declare.

    All of them were good at the end of the run that `since` counts from. What no step declares as
    its own, such as code, parameters and notebooks, may matter to the values of any step, and so
    may what lies at the project's top. What a step only consults may matter to its own values.
    """
    if since is None:
        return set()
    touched = since.names(workspace.root)
    own = tuple(f for step in steps for f in (*step.inputs, *step.optional, *step.outputs))
    if not all("/" in name and overlap([name], own) for name in touched):
        return set()
    fingerprints.take_over(since.untouched, since.code)
    return {step.name for step in steps if not overlap(touched, _declared(step))}


def _declared(step: Step) -> set[str]:
    """Name all that a step declares, and the folders that may come with such files in them."""
    declared = {*step.inputs, *step.optional, *step.consults, *step.outputs}
    parts = [pattern.split("/") for pattern in declared if "*" in pattern]
    folders = (p[:depth] for p in parts for depth in range(1, len(p)) if "*" in p[depth - 1])
    return declared.union("/".join(folder) for folder in folders)


def run(
    workspace: Workspace,
    steps: Sequence[Step],
    progress: Progress,
    *,
    force: bool = False,
    executor: JobExecutor | None = None,
    since: Since | None = None,
) -> Outcome:
    """Run what must run. Steps that failed hold back those after them, and no others.

    Whoever calls holds the workspace's lock, also over what it does before and after.
    `executor` is the one that the steps give their work to: it says how many can run side by side.
    `since` tells what was touched since all of these steps were good, if that is known.
    Raises `StepError` where steps wait for one another in a circle.
    """
    with progress:
        site = _Site(workspace, steps, progress, since, force=force)
        try:
            _side_by_side(steps, site, executor or Local())
        finally:
            fingerprints.save_known(_hashes_file(workspace))
    told = {*site.outcome.done, *site.outcome.current, *site.outcome.errors}
    site.outcome.skipped += [step.name for step in steps if step.name not in told]
    return site.outcome


def known_after(steps: Iterable[Step], workspace: Workspace) -> dict[str, Signature]:
    """Describe what a run of steps had looked at and written, as it is after it.

    To look again at that tells the next run of these steps what was touched (`quick_check`).
    """
    return as_left(workspace.root, fingerprints.looked_at(), written_by(steps, workspace))


def written_by(steps: Iterable[Step], workspace: Workspace) -> dict[Path, Signature]:
    """Describe what steps have written, each file as its step left it.

    What was changed since by anybody else counts as touched.
    """
    known = records(workspace)
    return {
        path: fingerprints.as_hashed(path, known.get(step.name, {}).get("outputs", {}).get(name))
        for step in steps
        for name, path in step.made_in(workspace.root).items()
    }


def urgency(
    steps: Sequence[Step], needs: Mapping[str, Sequence[str]], seconds: Mapping[str, float]
) -> dict[str, float]:
    """Return for each step the seconds from its start to the end of all that waits for it.

    `needs` is their order (`in_order`); `seconds` are what steps took when they last ran; of one
    that never ran its own guess counts.
    """
    by_name = {step.name: step for step in steps}
    total: dict[str, float] = {}
    for name in reversed([*needs]):
        after = [total[later] for later in total if name in needs[later]]
        total[name] = seconds.get(name, by_name[name].expected) + max(after, default=0.0)
    return total


def _side_by_side(steps: Sequence[Step], site: _Site, executor: JobExecutor) -> None:
    """Start steps as soon as they may, the most urgent first, in as many threads as there is room.

    A step that failed is never reported as done, so that those after it never become ready.
    """
    by_name = {step.name: step for step in steps}
    urgent = urgency(steps, site.needs, site.seconds)
    order = TopologicalSorter(site.needs)
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
        ignore_signals()  # a second one would leave what the first has begun to end
        while wait(running, timeout=_SOON).not_done:
            executor.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def with_needs(steps: Sequence[Step], name: str) -> list[Step]:
    """Choose a step and all whose outputs it needs, itself or through others."""
    needs = in_order(steps)
    wanted = {name}
    for each in reversed(needs):
        wanted |= {*needs[each]} if each in wanted else set[str]()
    return [step for step in steps if step.name in wanted]


def in_order(steps: Sequence[Step]) -> dict[str, list[str]]:
    """Name the steps so that each comes after those it needs, with these.

    A step that it needs and that was not chosen counts as done. Raises `StepError` where some wait
    for one another in a circle.
    """
    needs = {step.name: [other.name for other in steps if step.needs(other)] for step in steps}
    try:
        return {name: needs[name] for name in TopologicalSorter(needs).static_order()}
    except CycleError as error:
        circle = " > ".join(error.args[1])
        msg = (
            f"The steps have no order, since some read what others make in a circle: {circle}. "
            'A notebook reads and saves the tables that its cells name, as in nb.processed("x").'
        )
        raise StepError(msg) from error


class _Site:
    """What one run knows, and how it goes; steps are attended to in several threads."""

    def __init__(
        self,
        workspace: Workspace,
        steps: Sequence[Step],
        progress: Progress,
        since: Since | None,
        *,
        force: bool,
    ) -> None:
        self.outcome, self.needs = Outcome(), in_order(steps)
        self._workspace, self._progress, self._force = workspace, progress, force
        self._known, self._lock = records(workspace), Lock()
        self._spared = set[str]() if force else spared(steps, workspace, since)
        kept = _read(_seconds_file(workspace))
        self.seconds = {step.name: kept[step.name] for step in steps if step.name in kept}

    def run_if_needed(self, step: Step) -> bool:
        """Run a step if it must; return whether those after it may go on."""
        status = self._decide(step)
        if status.runs:
            return self._run(step, status)
        self.outcome.current.append(step.name)
        self._progress.current(step.name, str(status))
        return True

    def _decide(self, step: Step) -> Status:
        """Decide by content, unless nothing that it rests on was touched, before or by this run."""
        begun = {*self.outcome.done, *self.outcome.errors}
        as_it_was = step.name in self._spared and begun.isdisjoint(self.needs[step.name])
        if as_it_was and step.name in self._known:
            return Status(step.name, Reason.CURRENT)
        return decide(step, self._workspace, self._known, forced=self._force)

    def _run(self, step: Step, status: Status) -> bool:
        """Run a step; remember what it read, what it wrote and how long it took.

        Inputs are hashed before the step reads them: what is edited while it runs has changed for
        the next run. Hashed afterwards, such an edit would count as read, and be lost for good.
        Whether it read the file before or after the edit nobody knows: it runs again, also where
        the edit has been taken back by then.
        """
        self._progress.started(step.name, step.title, str(status))
        begun = time.monotonic()
        known = self._remember(step.name, None)
        try:
            before = None
            with suppress(Exception):  # running the step tells what cannot be read
                before = _before(step, self._workspace)
            files = (*step.inputs, *step.consults, *step.outputs)
            with held_to(Declared(step.name, str(self._workspace.root), files, step.optional)):
                read = step.run() or ()
            # What could not be read before can be now, or it says why not.
            record = self._record(step, before or _before(step, self._workspace), read)
            self._clear(known, record)
            self._remember(step.name, record, time.monotonic() - begun)
        except Exception as error:  # noqa: BLE001 - one broken step must not end the others
            self.outcome.errors[step.name] = error
        good = step.name not in self.outcome.errors
        if good:
            self.outcome.done.append(step.name)
        self._progress.ended(step.name, good=good)
        return good

    def _record(self, step: Step, before: _Before, read: Collection[str]) -> dict[str, Any]:
        """Describe what a step that ran well has read and written.

        Raises `StepError` where it made a file that it does not declare: nobody would come after it
        to read that.
        """
        unread = {str(path) for name, path in before.paths.items() if name not in read}
        edited = [
            path
            for path, then in before.watched.items()
            if path not in unread and differs(path, then)
        ]
        written = _hashes(step.made_in(self._workspace.root))
        for name in written:
            if not matches(name, step.outputs):
                msg = (
                    f"{step.name} makes {name}, which it does not declare among its outputs. "
                    'A notebook declares what its cells name, as in nb.figure("fig-x", ...).'
                )
                raise StepError(msg)
        return {
            "required": {
                **before.required,
                **{f"{Path(path).name}, while it ran": "edited" for path in edited},
            },
            "optional": {
                name: before.optional.get(name, fingerprints.MISSING)
                for name in read
                if matches(name, step.optional)
            },
            "outputs": {
                name: content
                for name, content in written.items()
                if content != fingerprints.MISSING
            },
        }

    def _clear(self, before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> None:
        """Remove what a step made the last time and makes no longer, unless another step does."""
        if before is None or now is None:
            return
        with self._lock:
            theirs = {name for known in self._known.values() for name in known["outputs"]}
        for name in before["outputs"].keys() - now["outputs"].keys() - theirs:
            (self._workspace.root / name).unlink(missing_ok=True)

    def _remember(
        self, name: str, record: Mapping[str, Any] | None, seconds: float | None = None
    ) -> Mapping[str, Any] | None:
        """Keep the record of a step, return the one before.

        None is kept while it runs, so that a stopped one runs again.
        """
        with self._lock:
            known = self._known.pop(name, None)
            if record is not None:
                self._known[name] = record
            if known != record:
                _write(_state_file(self._workspace), self._known)
            if seconds is not None:
                file = _seconds_file(self._workspace)
                _write(file, {**_read(file), name: round(seconds, 3)})
            return known


def _state_file(workspace: Workspace) -> Path:
    return workspace.state / "state.json"


def _seconds_file(workspace: Workspace) -> Path:
    return workspace.state / "seconds.json"


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
