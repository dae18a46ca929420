"""Run steps in their order: only those that must run, in parallel, the longest chain first.

The order comes from `graphlib` and the threads from `concurrent.futures`, both of Python itself.
doit did this before. It starts waiting steps in no particular order (it keeps them in a set), its
own state had to be discarded since it forgets the steps that a failure has held back, and on two
cores its import alone takes 0.12 s where the two modules take 0.02 s. `benchmarks/` measures what a
run with nothing to do takes here and with doit, pytask and Snakemake.
"""

from __future__ import annotations

import json
import logging
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
from critical_minerals.execution.jobs import JobExecutor, Local
from critical_minerals.execution.orphans import ignore_signals
from critical_minerals.execution.quick_check import Signature, Since, differs, final_signatures
from critical_minerals.execution.steps import TEXTS, Step
from critical_minerals.language.entries import is_text
from critical_minerals.workspace.file_access import (
    CODE,
    Declared,
    enforce,
    matches,
    overlap,
    undeclared_output,
)
from critical_minerals.workspace.paths import Workspace, write_whole
from critical_minerals.workspace.state_files import read_entries

if TYPE_CHECKING:
    from critical_minerals.execution.progress import Progress

_STATE: Final = "state.json"
_HASHES: Final = "hashes.json"
"""Files of the state: the record of each step, and the hash of each file."""
_RECORD: Final = {"required": {str: str}, "optional": {str: str}, "outputs": {str: str}}
"""The shape of a step's record."""
_OUTPUTS: Final = "declared outputs"
"""Name, among what a step depends on, of the outputs that it declares."""
_LOG: Final = logging.getLogger(__name__)
_FORMER_NAMES: Final = {"beside": "attachments"}
"""Former names of steps, still accepted on the command line."""
_PROCESSED: Final = ("data", "processed")
_MADE: Final = ("data/processed/**", "reports/_generated/**")
"""Where the outputs of steps that are gone are removed."""
_PRESERVED: Final = ("reports/_generated/output/**", "reports/_generated/briefs/**")
_NOTEBOOK_PAGES: Final = ("reports/_generated/output/notebooks/*",)
"""Of documents and briefs a run lists those that were asked for: the others are not gone. Pages of
notebooks lie beside them, and are in every list."""
_RETRY_SECONDS: Final = 0.2
"""Seconds between two attempts to end what an interrupted run has started."""


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
        details = f": {', '.join(self.details)}" if self.details else ""
        return f"{self.reason}{details}"


@dataclass
class Outcome:
    """The outcome of a run: steps done, current, failed (with the error), and skipped by these.

    `records` are what each step read and wrote when it last ran well, in this run or before.
    """

    done: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    errors: dict[str, BaseException] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    records: dict[str, Any] = field(default_factory=dict[str, Any])


def select(steps: Sequence[Step], only: Sequence[str] = (), start: str | None = None) -> list[Step]:
    """Select steps by name (`only`), or a step and all after it (`start`).

    A document's name selects all of its formats; that of a processed table the step that makes it,
    and all that this one needs.

    Raises `UsageError` with the nearest name for an unknown one.
    """
    if only and start:
        msg = "--only and --from exclude each other: give one of them."
        raise UsageError(msg)
    makers = {table: step.name for step in steps for table in _tables_of(step)}
    names = list(dict.fromkeys(name for step in steps for name in (step.name, step.stem)))
    only, start = (
        [_FORMER_NAMES.get(name, name) for name in only],
        start and _FORMER_NAMES.get(start, start),
    )
    for name in [*only, *([start] if start else [])]:
        # A table can be selected with `--only`, but is no place from which to start.
        if name not in names and (name == start or name not in makers):
            msg = f"There is no step {name!r}. {hint(name, [*names, *makers])}"
            raise UsageError(msg)
    if only:
        wanted = {*only}.difference(makers)
        wanted |= {s.name for n in only if n in makers for s in with_needs(steps, makers[n])}
        return [step for step in steps if {step.name, step.stem} & wanted]
    first = next((index for index, step in enumerate(steps) if start in (step.name, step.stem)), 0)
    return list(steps[first:])


def _tables_of(step: Step) -> list[str]:
    """Name the processed tables that a step makes."""
    made = (Path(name) for name in step.outputs)
    return [
        path.stem for path in made if path.parts[:2] == _PROCESSED and path.suffix == ".parquet"
    ]


def decide(
    step: Step, workspace: Workspace, past_records: Mapping[str, Any], *, forced: bool
) -> Status:
    """Decide by content whether a step must run: its inputs, and its outputs as it left them."""
    if forced:
        return Status(step.name, Reason.FORCED)
    record = past_records.get(step.name)
    if record is None:
        return Status(step.name, Reason.FIRST)
    current_hashes = {
        name: fingerprints.of_file(workspace.root / name) for name in record["outputs"]
    }
    missing = tuple(
        Path(name).name for name in current_hashes if current_hashes[name] == fingerprints.MISSING
    )
    # The order decides which reason is reported: a missing output before a changed input, and a
    # changed input before an output changed from outside, which the new run replaces anyway.
    if missing:
        return Status(step.name, Reason.MISSING, missing[:3])
    try:
        details = _changed_inputs(record, step, workspace)
    except Exception as error:  # noqa: BLE001 - running the step reports what is wrong
        details = [f"cannot be read: {error}"]
    if details:
        return Status(step.name, Reason.CHANGED, tuple(details[:4]))
    tampered = tuple(
        Path(name).name
        for name in current_hashes
        if current_hashes[name] != record["outputs"][name]
    )
    if tampered:
        return Status(step.name, Reason.OUTSIDE, tampered[:3])
    return Status(step.name, Reason.CURRENT)


def _due_only_to(status: Status, patterns: Sequence[str]) -> bool:
    """Check whether a step is due only because of changes in some files."""
    changed = status.reason is Reason.CHANGED
    return changed and all(matches(name, patterns) for name in status.details)


def _changed_inputs(record: Mapping[str, Any], step: Step, workspace: Workspace) -> list[str]:
    """Name the inputs that are not what the step read when it last ran."""
    read: Mapping[str, str] = record["optional"]
    texts = _texts_of(step) if any(map(is_text, read)) else {}
    files = [name for name in read if not is_text(name)]
    # A file or text that was read and no longer exists counts as changed.
    current = {
        **dict.fromkeys(read, fingerprints.MISSING),
        **_hash_files(fingerprints.named(workspace.root, files, step.optional)),
        **{name: texts[name][0] for name in read if name in texts},
    }
    required = fingerprints.changed(record["required"], _required_hashes(step, workspace))
    return sorted([*required, *fingerprints.changed(read, current)])


def _required_hashes(step: Step, workspace: Workspace) -> dict[str, str]:
    """Hash what a step always depends on: declaration, own code, values, and input files."""
    return {
        # A step that is to make another file has not made it yet, though nothing else changed.
        _OUTPUTS: fingerprints.of_value(sorted(step.outputs)),
        **fingerprints.of_function(step.run),
        **step.values(),
        **_hash_files(fingerprints.find(workspace.root, step.inputs)),
    }


def _texts_of(step: Step) -> Mapping[str, tuple[str, str]]:
    """Return the hash of each text that a step may use, and the name of its file."""
    return fingerprints.single_texts() if TEXTS in step.optional else {}


def _hash_files(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: fingerprints.of_file(path) for name, path in files.items()}


@dataclass(frozen=True)
class _InputState:
    """Hashes of what a step may read, as they are before it runs.

    `recorded` are the signatures of the files that hashing looked at.
    """

    required: Mapping[str, str]
    optional: Mapping[str, str]
    paths: Mapping[str, Path]
    recorded: Mapping[str, Signature]


def _read_input_state(step: Step, workspace: Workspace) -> _InputState:
    """Hash what a step may read, and record the files that this looks at."""
    with fingerprints.recording() as recorded:
        required = _required_hashes(step, workspace)
        paths = fingerprints.find(workspace.root, step.optional)
        texts = _texts_of(step)
        optional = _hash_files(paths) | {name: content for name, (content, _) in texts.items()}
        root = workspace.root
        paths |= {name: fingerprints.path_of(root, file) for name, (_, file) in texts.items()}
        return _InputState(required, optional, paths, recorded)


def records(workspace: Workspace) -> dict[str, Any]:
    """Read what each step read and wrote when it last ran well."""
    fingerprints.load_cache(workspace.state / _HASHES)
    stored = read_entries(workspace.state / _STATE, _RECORD)
    # One with further keys is of another version, which may mean something else by these.
    return {name: record for name, record in stored.items() if {*record} == {*_RECORD}}


def remove_gone_steps(workspace: Workspace, steps: Sequence[Step]) -> dict[str, list[str]]:
    """Remove what steps made that are gone, and their state; return the files by step.

    `steps` are all of the pipeline: one that is not among them is gone if nothing that it made lies
    where documents and briefs do. Files that a present step makes stay. Before the run, so that no
    step reads what is gone. The caller holds the workspace's lock.
    """
    past_records = records(workspace)
    names = {step.name for step in steps}
    gone = {
        name: [*record["outputs"]]
        for name, record in past_records.items()
        if name not in names and record["outputs"] and all(map(_is_removable, record["outputs"]))
    }
    if not gone:
        return {}
    current = {
        file for step in steps for file in past_records.get(step.name, {}).get("outputs", ())
    }
    # Of steps with `made` the patterns do not count: they match files of other notebooks too.
    patterns = [
        pattern for step in steps for pattern in step.outputs if "*" not in pattern or not step.made
    ]
    removed: dict[str, list[str]] = {}
    for name, files in gone.items():
        removed[name] = [f for f in files if f not in current and not matches(f, patterns)]
        for file in removed[name]:
            (workspace.root / file).unlink(missing_ok=True)
        del past_records[name]
    _write_json(workspace.state / _STATE, past_records)
    return removed


def _is_removable(name: str) -> bool:
    preserved = matches(name, _PRESERVED) and not matches(name, _NOTEBOOK_PAGES)
    # A record is a file that anybody may have written: it names nothing outside of the folders.
    return matches(name, _MADE) and not preserved and ".." not in name.split("/")


def plan(
    workspace: Workspace,
    steps: Iterable[Step],
    *,
    force: bool,
    past_records: Mapping[str, Any] | None = None,
) -> list[Status]:
    """Decide for each step whether it would run now, and why.

    A step that is itself up to date follows if an input from another step comes out differently.
    `past_records` are those of a run that has just ended, else they are read.
    """
    steps = [*steps]
    past_records = records(workspace) if past_records is None else past_records
    by_name = {step.name: step for step in steps}
    statuses: dict[str, Status] = {}
    for name, needs in in_order(steps).items():
        step = by_name[name]
        status = decide(step, workspace, past_records, forced=force)
        before = tuple(name for name in needs if statuses[name].runs)
        due_outputs = [pattern for other in before for pattern in by_name[other].outputs]
        # What an earlier step is about to make again, or what is missing of it, may come out with
        # the same content: then this step need not run.
        if before and (not status.runs or _due_only_to(status, due_outputs)):
            status = Status(step.name, Reason.FOLLOWS, before[:3])
        statuses[step.name] = status
    return [statuses[step.name] for step in steps]


def unaffected_steps(steps: Sequence[Step], workspace: Workspace, since: Since | None) -> set[str]:
    """Return the steps that need no decision, since no file that they declare was touched.

    All of them were good at the end of the run that `since` counts from. Files that no step
    declares as its own, such as code, parameters and notebooks, may affect the values of any step,
    and so may files at the project's top: then every step is decided. Files that a step only
    consults may affect its own values.
    """
    if since is None:
        return set()
    touched = since.names(workspace.root)
    own = tuple(f for step in steps for f in (*step.inputs, *step.optional, *step.outputs))
    # Of code, steps declare only what they have loaded by themselves.
    own = tuple(pattern for pattern in own if pattern != CODE)
    if not all("/" in name and overlap([name], own) for name in touched):
        _LOG.debug("Touched: %s; any step may depend on that, so all are decided.", touched)
        return set()
    fingerprints.restore_hashes(since.unchanged, since.code)
    unaffected = {step.name for step in steps if not overlap(touched, _declared_patterns(step))}
    _LOG.debug(
        "Touched: %s; %d of %d steps declare none of it.", touched, len(unaffected), len(steps)
    )
    return unaffected


def _declared_patterns(step: Step) -> set[str]:
    """Return all patterns that a step declares, and those of the folders in between.

    A folder that is new, with such files in it, shows as a touched folder alone.
    """
    declared = {*step.inputs, *step.optional, *step.consults, *step.outputs}
    split_patterns = [pattern.split("/") for pattern in declared if "*" in pattern]
    folders = (
        p[:depth] for p in split_patterns for depth in range(1, len(p)) if "*" in p[depth - 1]
    )
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
    """Run the steps that must run. A failed step holds back those that need it, and no others.

    The caller holds the workspace's lock, also over what it does before and after.
    `executor` is the one that the steps give their work to: its slots limit how many run at once.
    `since` holds what was touched since all of these steps were good, if that is known.
    Raises `StepError` where steps depend on one another in a circle.
    """
    with progress:
        state = _RunState(workspace, steps, progress, since, force=force)
        try:
            _run_concurrently(steps, state, executor or Local())
        finally:
            # Also after an error or Ctrl-C: hashes stay valid, and spare the next run the reading.
            fingerprints.save_cache(workspace.state / _HASHES)
    reported = {*state.outcome.done, *state.outcome.current, *state.outcome.errors}
    state.outcome.skipped += [step.name for step in steps if step.name not in reported]
    return state.outcome


def signatures_after(
    steps: Iterable[Step],
    workspace: Workspace,
    past_records: Mapping[str, Any],
    folders: Iterable[Path] = (),
) -> dict[str, Signature]:
    """Return the signatures of what a run of steps looked at and wrote, as they are after it.

    Compared again, they show the next run of these steps what was touched (`quick_check`): also a
    file that anybody else has changed since its step left it. In some `folders` all files count.
    """
    outputs = {
        fingerprints.path_of(workspace.root, name): content
        for step in steps
        if step.name in past_records
        for name, content in past_records[step.name]["outputs"].items()
    }
    written = {
        path: fingerprints.as_hashed(path)
        for folder in folders
        for path in fingerprints.files_in(folder)
    }
    written |= {path: fingerprints.as_hashed(path, outputs[path]) for path in outputs}
    return final_signatures(workspace.root, fingerprints.looked_at(), written)


def urgency(steps: Sequence[Step], needs: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return for each step the seconds of the longest chain of steps that begins with it.

    `needs` is their order (`in_order`). The seconds are the steps' own estimates: with those that
    each took here, stored from run to run, a report was made no sooner.
    """
    by_name = {step.name: step for step in steps}
    total: dict[str, float] = {}
    for name in reversed([*needs]):
        after = [total[later] for later in total if name in needs[later]]
        total[name] = by_name[name].expected + max(after, default=0.0)
    return total


def _run_concurrently(steps: Sequence[Step], state: _RunState, executor: JobExecutor) -> None:
    """Start steps as soon as they are ready, the most urgent first, in as many threads as slots.

    A failed step is never reported as done to the sorter, so that those that need it never become
    ready.
    """
    by_name = {step.name: step for step in steps}
    priority = urgency(steps, state.needs)
    order = TopologicalSorter(state.needs)
    order.prepare()
    ready: list[str] = []
    running: dict[Future[bool], str] = {}
    pool = ThreadPoolExecutor(executor.slots, "step")
    try:
        while True:
            # By name among equals, so that the order does not depend on which step ended first.
            ready = sorted([*ready, *order.get_ready()], key=lambda name: (-priority[name], name))
            while ready and len(running) < executor.slots:
                name = ready.pop(0)
                running[pool.submit(state.run_if_needed, by_name[name])] = name
            if not running:
                return
            for finished in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(finished)
                if finished.result():
                    order.done(name)
    except BaseException:  # Ctrl-C
        # A second Ctrl-C would interrupt the orderly end, and leave processes behind.
        ignore_signals()
        # Repeatedly: a thread may start another process after the first call.
        while wait(running, timeout=_RETRY_SECONDS).not_done:
            executor.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def with_needs(steps: Sequence[Step], name: str) -> list[Step]:
    """Select a step and all steps whose outputs it needs, directly or through others."""
    needs = in_order(steps)
    wanted = {name}
    for each in reversed(needs):
        wanted |= {*needs[each]} if each in wanted else set[str]()
    return [step for step in steps if step.name in wanted]


def in_order(steps: Sequence[Step]) -> dict[str, list[str]]:
    """Return the steps in topological order, each with the names of those it needs.

    A needed step that was not selected counts as done. Raises `StepError` where steps depend on
    one another in a circle.
    """
    needs = {step.name: [other.name for other in steps if step.needs(other)] for step in steps}
    try:
        return {name: needs[name] for name in TopologicalSorter(needs).static_order()}
    except CycleError as error:
        cycle = " > ".join(error.args[1])
        msg = (
            f"The steps have no order, since some read what others make in a circle: {cycle}. "
            'A notebook reads and saves the tables that its cells name, as in nb.processed("x").'
        )
        raise StepError(msg) from error


class _RunState:
    """The state of one run, shared by the threads in which steps are decided and run."""

    def __init__(
        self,
        workspace: Workspace,
        steps: Sequence[Step],
        progress: Progress,
        since: Since | None,
        *,
        force: bool,
    ) -> None:
        self._records, self._lock = records(workspace), Lock()
        self.outcome, self.needs = Outcome(records=self._records), in_order(steps)
        self._workspace, self._progress, self._force = workspace, progress, force
        self._unaffected = set[str]() if force else unaffected_steps(steps, workspace, since)

    def run_if_needed(self, step: Step) -> bool:
        """Run a step if needed; return whether those that need it may start."""
        status = self._decide(step)
        _LOG.debug("%s: %s: %s.", step.name, "runs" if status.runs else "does not run", status)
        if status.runs:
            return self._run(step, status)
        self.outcome.current.append(step.name)
        self._progress.current(step.name, str(status))
        return True

    def _decide(self, step: Step) -> Status:
        """Decide by content, unless no dependency was touched, before this run or by it."""
        handled = {*self.outcome.done, *self.outcome.errors}
        unaffected = step.name in self._unaffected and handled.isdisjoint(self.needs[step.name])
        # A step without a record was interrupted, and has to run though nothing was touched.
        if unaffected and step.name in self._records:
            return Status(step.name, Reason.CURRENT)
        return decide(step, self._workspace, self._records, forced=self._force)

    def _run(self, step: Step, status: Status) -> bool:
        """Run a step; store what it read and what it wrote.

        Inputs are hashed before the step reads them: a file edited while it runs has changed for
        the next run. Hashed afterwards, such an edit would count as read, and be lost for good.
        Whether the step read the file before or after the edit is unknown: it runs again, even if
        the edit has been undone by then.
        """
        self._progress.started(step.name, step.title, str(status))
        previous = self._store_record(step.name, None)
        try:
            state = None
            with suppress(Exception):  # running the step reports what cannot be read
                state = _read_input_state(step, self._workspace)
            # Outputs too: a step may read what it has just made.
            files = (*step.inputs, *step.consults, *step.outputs)
            root = str(self._workspace.root)
            with enforce(Declared(step.name, root, files, step.optional, step.outputs)):
                read = step.run() or ()
            # What could not be read before the step can be now, or this raises why not.
            record = self._describe_run(
                step, state or _read_input_state(step, self._workspace), read
            )
            self._remove_stale_outputs(previous, record)
            self._store_record(step.name, record)
        except Exception as error:  # noqa: BLE001 - one broken step must not end the others
            _LOG.debug("%s failed.", step.name, exc_info=error)
            self.outcome.errors[step.name] = error
        good = step.name not in self.outcome.errors
        if good:
            self.outcome.done.append(step.name)
        self._progress.ended(step.name, good=good)
        return good

    def _describe_run(
        self, step: Step, state: _InputState, read: Collection[str]
    ) -> dict[str, Any]:
        """Return the record of a step that succeeded: hashes of what it read and wrote.

        Raises `StepError` where it made a file that it does not declare: a step that reads this
        file would not be ordered after it. So it does where a file that it declares without `*` is
        missing, unless `made` says that the step makes fewer: a step that reads this file would
        run without it.
        """
        # Of optional files only those that it read: most raw tables do not concern a step.
        used = {state.paths[name] for name in read if name in state.paths}
        unread = {str(path) for path in state.paths.values() if path not in used}
        edited = [
            path
            for path, recorded_then in state.recorded.items()
            if path not in unread and differs(path, recorded_then)
        ]
        written = _hash_files(step.made_in(self._workspace.root))
        for name, content in written.items():
            if content == fingerprints.MISSING:
                msg = f"{step.name} declares {name} among its outputs and has not made it."
                raise StepError(msg)
            if not matches(name, step.outputs):
                raise undeclared_output(step.name, name)
        return {
            "required": {
                **state.required,
                # An entry that no later hashing can reproduce: the step runs again, and the name
                # of the entry is the reason reported.
                **{f"{Path(path).name}, while it ran": "edited" for path in edited},
            },
            "optional": {
                # One that was created while the step ran was missing when inputs were hashed: the
                # next run finds it changed.
                name: state.optional.get(name, fingerprints.MISSING)
                for name in read
                if matches(name, step.optional)
            },
            "outputs": written,
        }

    def _remove_stale_outputs(
        self, previous: Mapping[str, Any] | None, current: Mapping[str, Any] | None
    ) -> None:
        """Remove files that a step made last time and not now, unless another step made them."""
        if previous is None or current is None:
            return
        with self._lock:
            others_outputs = {
                name for record in self._records.values() for name in record["outputs"]
            }
        for name in previous["outputs"].keys() - current["outputs"].keys() - others_outputs:
            _LOG.debug("Removed %s, which its step made last time and not now.", name)
            (self._workspace.root / name).unlink(missing_ok=True)

    def _store_record(
        self, name: str, record: Mapping[str, Any] | None
    ) -> Mapping[str, Any] | None:
        """Store the record of a step, and return the previous one.

        None is stored while it runs, so that an interrupted step runs again.
        """
        with self._lock:
            previous = self._records.pop(name, None)
            if record is not None:
                self._records[name] = record
            # The whole state is written each time; of a step that ended as before nothing is new.
            if previous != record:
                _write_json(self._workspace.state / _STATE, self._records)
            return previous


def _write_json(file: Path, content: Mapping[str, Any]) -> None:
    """Write a line for each name; `json` is slow when it indents, and this is written often."""
    lines = (f"{json.dumps(name)}: {json.dumps(content[name])}" for name in sorted(content))
    write_whole(file, "{\n" + ",\n".join(lines) + "\n}\n")
