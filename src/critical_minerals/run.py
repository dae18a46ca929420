"""A run with its options: what is run, how it is told, and exit codes.

Exit codes: 0 done, 1 the figures are at fault, 2 usage, 3 something broke, 130 stopped by Ctrl-C.

Apart from the command line, because to build and parse that takes longer than to typeset a
sentence: what was asked in the same words before need not be parsed again (`run_again`).
"""

from __future__ import annotations

import gc
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from traceback import format_exception
from typing import Any, Final, get_args

from rich.console import Console
from rich.markup import escape

from critical_minerals.errors import (
    FiguresError,
    StepError,
    UsageError,
    hint,
    number_of,
    of_system,
)
from critical_minerals.execution import fingerprints
from critical_minerals.execution.executors import JobExecutor, Local, executor
from critical_minerals.execution.quick_check import (
    Signature,
    Since,
    keep,
    last_run,
    since_last_run,
)
from critical_minerals.execution.runner import Outcome, plan, select, written_by
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.steps import Preference, Run, Step, reports
from critical_minerals.parameters import (
    LANGUAGES,
    Parameters,
    check_chosen,
    load_parameters,
)
from critical_minerals.readers.text import printable
from critical_minerals.review.confirmation import confirming
from critical_minerals.skeletons.gaps import refuse_gaps
from critical_minerals.workspace import CHECKS, Workspace, find_workspace

Steps = Callable[[Run], list[Step]]

DONE: Final = 0
FIGURES_AT_FAULT: Final = 1
USAGE: Final = 2
BROKEN: Final = 3
STOPPED: Final = 130

_OF_THE_SET: Final = ("given", "to", "renderer")
"""The options of a run that say what it makes, whichever of its steps it was to run."""
_FORMATS: Final = ("html", "pdf", "docx")
_AFTER_RUN: Final = "critical_minerals.review.changes_report:after_run"


class Terminal(Console):
    """A console on which nothing that is printed moves the cursor, or hides or renames anything.

    What a message tells of, a cell, a file's name, another program's words, is anybody's text: no
    word or number of it is coloured by what it looks like.
    """

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as a console does, and escape sequences as what they are."""
        told = (printable(one) if isinstance(one, str) else one for one in objects)
        super().print(*told, **options)


out = Terminal(file=sys.stdout, soft_wrap=True, highlight=False)
err = Terminal(file=sys.stderr, soft_wrap=True, highlight=False)


@dataclass(frozen=True)
class RunOptions:
    """What a run was asked for, in plain words; `given` are the parameters that were named."""

    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    to: str = "html,pdf"
    renderer: str = "auto"
    only: Sequence[str] = ()
    start: str | None = None
    confirm: Sequence[str] = ()
    force: bool = False
    cluster: str | None = None
    explain: bool = False
    dry_run: bool = False

    @property
    def forced(self) -> bool:
        """Whether the chosen steps run even if nothing has changed."""
        return self.force or self.start is not None


def here() -> Workspace:
    """Find the project whose command line this is."""
    return find_workspace(Path(sys.argv[0]).parent)


def run_again(kept: Mapping[str, Any], steps: Steps) -> bool:
    """Carry out what was asked before in the same words; say whether it could be read."""
    try:
        options = RunOptions(**kept)
    except TypeError:  # kept by another version
        return False
    sys.exit(handle_errors(lambda: run_report(options, steps)))


def run_report(options: RunOptions, steps: Steps) -> int:
    """Run every step that has to, of those that were asked for."""
    return run_in(here(), options, steps)


def run_in(workspace: Workspace, options: RunOptions, steps: Steps) -> int:
    """Run every step that has to of one workspace, of those that were asked for."""
    look_at_the_rest(workspace)  # before anything of it is read
    with executor(None if options.dry_run else options.cluster, workspace) as workers:
        run = _run_of(workspace, options, workers)
        every = steps(run)
        chosen = select(every, options.only, options.start)
        if options.dry_run:
            return _tell_plan(workspace, chosen, forced=options.forced)
        refuse_gaps(workspace)
        # What is confirmed belongs to the run that holds the lock: one that is refused touches
        # neither it nor the set that the other run is about to put in place.
        with workspace.lock(), confirming(workspace, options.confirm):
            # Looked at here, where no other run can be at work.
            since = since_last_run(workspace.root, sys.argv[1:])
            return _run_chosen(run, every, chosen, options, since)


def _run_of(workspace: Workspace, options: RunOptions, workers: JobExecutor) -> Run:
    parameters = parameters_for(workspace, options.given)
    asked = ",".join([options.to, *_formats_named(options.only)])
    return Run(workspace, parameters, formats_of(asked), preference_of(options.renderer), workers)


def verify_report(steps: Steps) -> int:
    """Make the report of the last run once more in a fresh copy; say what differs, and why."""
    from critical_minerals.execution.as_of import scratch_copy  # noqa: PLC0415 - only here
    from critical_minerals.execution.verify import records_of_last_run, verify  # noqa: PLC0415

    workspace = here()
    asked = last_run(workspace.root)
    options = RunOptions(**{name: asked[name] for name in _OF_THE_SET if name in asked})
    every = steps(_run_of(workspace, options, Local()))
    with workspace.lock():
        then = records_of_last_run(workspace, every)
        with scratch_copy(workspace, every, fresh=True) as copy:
            if code := run_in(copy, options, steps):
                return code
            found = verify(workspace, then, copy, every)
    for one in found.differences:
        err.print(f"[red]✗[/] {escape(str(one))}")
    count = len(found.differences)
    told = f"{count} of them differ" if count else "all of them the same, byte for byte"
    out.print(f"{found.files} files were made once more in a fresh copy: {told}.")
    return BROKEN if count else DONE


def handle_errors(command: Callable[[], Any]) -> int:
    """Turn what goes wrong into words and an exit code."""
    code = _handle_errors(command)
    gc.freeze()  # else Python looks through all of it for garbage before it goes
    return code


def _handle_errors(command: Callable[[], Any]) -> int:
    from critical_minerals.execution.orphans import (  # noqa: PLC0415 - not to look
        own_temporary_folder,
    )

    try:
        own_temporary_folder()
        code = int(command() or DONE)
        return _stopped() if code == STOPPED else code
    except FiguresError as error:
        _tell_problems(error)
        return FIGURES_AT_FAULT
    except UsageError as error:
        err.print(f"[red]{escape(str(error))}[/]")
        return USAGE
    except (StepError, OSError) as error:  # before any step: a notebook that is none, a full disk
        told = of_system(error) if isinstance(error, OSError) else str(error)
        err.print(f"[red]✗[/] {escape(told)}")
        return BROKEN
    except KeyboardInterrupt:
        return _stopped()
    except Exception as error:  # noqa: BLE001 - told in whole
        err.print("".join(format_exception(error)), markup=False)
        return BROKEN


def _stopped() -> int:
    err.print("Stopped. A later run goes on where this one was stopped.")
    return STOPPED


def _tell_problems(error: FiguresError) -> None:
    """List every problem, one a line, and say that nothing was changed."""
    for problem in error.problems:
        err.print(f"[red]✗[/] {escape(str(problem))}")
    count = number_of(error.problems)
    err.print(
        f"[bold]{count} problem{'s' if count > 1 else ''} in the figures.[/] "
        "Nothing downstream was run; the last good report is untouched."
    )


def _run_chosen(
    run: Run, every: list[Step], chosen: list[Step], options: RunOptions, since: Since | None
) -> int:
    """Run the chosen ones of all steps and tell how it went."""
    from critical_minerals.execution.delivery import complete  # noqa: PLC0415 - only here
    from critical_minerals.execution.orphans import (  # noqa: PLC0415 - only here
        clear_leftovers,
        stop_as_by_keyboard,
    )
    from critical_minerals.execution.progress import Progress  # noqa: PLC0415 - rich.live is slow

    begun = time.monotonic()
    stop_as_by_keyboard()
    complete(run.workspace)
    clear_leftovers(run.workspace)
    parameters = run.parameters
    out.print(
        f"[bold]{run.workspace.project.title}[/], figures as of {parameters.as_of}",
    )
    for told in unlisted(run.workspace, parameters):
        out.print(told)
    progress = Progress(out, explain=options.explain)
    outcome = run_steps(
        run.workspace,
        chosen,
        progress,
        force=options.forced,
        executor=run.executor,
        since=since,
    )
    if outcome.errors:
        # The step that tells what was checked comes after those that failed.
        from critical_minerals.review.checks_report import write_checks  # noqa: PLC0415

        paths = [run.workspace.notebooks / f"{step.name}.ipynb" for step in every]
        notebooks = [path.stem for path in paths if path.is_file()]
        write_checks(run.workspace, notebooks, run.figures.languages, outcome.skipped)
        code = tell_errors(outcome)
        page = run.workspace.relative(
            run.workspace.output / f"{CHECKS[parameters.languages[0]]}.html"
        )
        err.print(f"What was checked and found: {page}")
        return code
    _put_in_place(run, every, chosen, outcome)
    seconds = time.monotonic() - begun
    if not options.forced:
        said = ["Nothing changed.", *_waiting(run, chosen), *_finished(run, chosen)]
        root, looked_at = run.workspace.root, fingerprints.looked_at()
        written, code = _written(run, every), fingerprints.hashed_code()
        keep(root, sys.argv[1:], looked_at, written, said, asdict(options), code)
    _tell_result(run, chosen, outcome, seconds)
    if options.explain:
        from critical_minerals.report.quarto import warnings  # noqa: PLC0415 - only here

        for warned in warnings(run.workspace.cache):
            out.print(f"Quarto warned: {warned}")
    return DONE


def look_at_the_rest(workspace: Workspace) -> None:
    """Take down what the run itself depends on besides its steps: parameters, steps, program."""
    for name in ("parameters.toml", "pipeline.py", "pyproject.toml"):
        fingerprints.look(workspace.root / name)
    fingerprints.look(Path(sysconfig.get_path("scripts")))  # where Quarto may have been installed
    fingerprints.of_package()


def _written(run: Run, every: list[Step]) -> dict[Path, Signature]:
    """Describe what this run has written: what its steps made, and the delivered set."""
    folders = (run.workspace.delivered, run.workspace.output)
    files = [path for folder in folders for path in fingerprints.files_in(folder)]
    there = {path: fingerprints.as_hashed(path) for path in files}
    return there | written_by(every, run.workspace)


def _put_in_place(run: Run, every: list[Step], chosen: list[Step], outcome: Outcome) -> None:
    """Replace the delivered set, if a document was asked for; say which ones are left out of it.

    A document of other figures, parameters or another renderer than this run's is stale: beside
    new ones it would contradict them.
    """
    if not _documents(run, chosen):
        return
    from critical_minerals.execution.crate import write_crate  # noqa: PLC0415 - only here
    from critical_minerals.execution.delivery import deliver  # noqa: PLC0415

    documents = reports(replace(run, formats=_FORMATS), languages=LANGUAGES)
    # Documents that this run has found up to date are no question; what those rest on that it has
    # made may have been edited meanwhile.
    open_ = [step for step in documents if step.name not in outcome.current]
    stale = [one.step for one in plan(run.workspace, open_, force=False) if one.runs]
    left = [name for name in stale if (run.workspace.delivered / name).is_file()]
    outputs = [pattern for step in documents if step.name in stale for pattern in step.outputs]
    made = fingerprints.find(run.workspace.root, outputs).values()
    without = {path.name for path in made}
    write_crate(run, every, without)
    deliver(run.workspace, without=without)
    if left:
        out.print(
            f"Left out, being of other figures or parameters: {', '.join(left)}. "
            "Make them again: python pipeline.py --to html,pdf,docx",
        )


def _tell_result(run: Run, chosen: list[Step], outcome: Outcome, seconds: float) -> None:
    """Say what ran, name the finished documents, and tell what changed in the figures."""
    ran = f"{len(outcome.done)} of {len(chosen)} steps ran" if outcome.done else "Nothing changed"
    out.print(f"{ran}, {seconds:.1f} s.")
    for line in _waiting(run, chosen):
        out.print(line)
    for line in _finished(run, chosen):
        out.print(line, style="bold")
    if {step.name for step in chosen if step not in _documents(run, chosen)} & {*outcome.done}:
        from critical_minerals.execution.warm import run_in_subprocess  # noqa: PLC0415

        # Where there is something to tell, the process is warm that has loaded what tells it.
        for told in run_in_subprocess(_AFTER_RUN, run.workspace):
            out.print(escape(told))


def _waiting(run: Run, chosen: list[Step]) -> list[str]:
    """Say which raw rows are dated after the report's day: nobody should look for them in it."""
    from critical_minerals.review.findings import waiting_in  # noqa: PLC0415 - only here

    return waiting_in(run.workspace, [step.name for step in chosen], run.parameters.as_of)


def _finished(run: Run, chosen: list[Step]) -> list[str]:
    """Name the finished documents."""
    folder = run.workspace.relative(run.workspace.delivered)
    return [f"  {folder}/{step.name}" for step in _documents(run, chosen)]


def _documents(run: Run, chosen: list[Step]) -> list[Step]:
    """Return the steps that typeset the documents."""
    documents, languages = run.workspace.project.documents, run.parameters.languages
    names = {each.stems[language] for each in documents for language in languages}
    return [step for step in chosen if step.stem in names]


def tell_errors(outcome: Outcome) -> int:
    """Tell each step's error; the figures' faults decide the exit code."""
    code = BROKEN
    for name, error in outcome.errors.items():
        if isinstance(error, FiguresError):
            _tell_problems(error)
            code = FIGURES_AT_FAULT
        else:
            err.print(f"[red]✗ {name}[/] {escape(_said(error))}")
    if outcome.skipped:
        err.print(f"Not run, because of that: {', '.join(outcome.skipped)}.")
    err.print("A later run goes on where this one failed.")
    return code


def _said(error: BaseException) -> str:
    """Write an error of a step in one line, with its kind where its words may not do."""
    if isinstance(error, OSError):
        return of_system(error)
    return str(error) if isinstance(error, UsageError) else f"{type(error).__name__}: {error}"


def _tell_plan(workspace: Workspace, chosen: list[Step], *, forced: bool) -> int:
    """Say of each step whether it would run, and why."""
    for status in plan(workspace, chosen, force=forced):
        mark = "run " if status.runs else "same"
        out.print(f"  {mark}  {status.step:<18} {status}")
    return DONE


def _formats_named(only: Sequence[str]) -> list[str]:
    """Return the formats of documents that are named with their ending: who asks for one wants it.

    >>> _formats_named(["30_supply", "progress-update.docx"])
    ['docx']
    """
    return [ending for name in only if (ending := name.rpartition(".")[2]) in _FORMATS]


def formats_of(text: str) -> Any:
    """Split the list of formats, in a fixed order."""
    asked = [word.strip() for word in text.split(",") if word.strip()]
    for word in asked:
        if word not in _FORMATS:
            msg = f"--to: there is no format {word!r}. {hint(word, _FORMATS)}"
            raise UsageError(msg)
    if not asked:
        msg = f"--to: no format is named. {hint(text, _FORMATS)}"
        raise UsageError(msg)
    return tuple(format_ for format_ in _FORMATS if format_ in asked)


def preference_of(word: str) -> Any:
    """Return the renderer that a word asks for."""
    if word not in get_args(Preference):
        msg = f"--renderer: there is no renderer {word!r}. {hint(word, get_args(Preference))}"
        raise UsageError(msg)
    return word


def parameters_for(workspace: Workspace, given: Mapping[str, Any]) -> Parameters:
    """Return the parameters of a run: what is given, then `parameters.toml`, then the defaults.

    Raises `UsageError` for what does not fit, an id that no list of names knows included, before
    any work is done.
    """
    project = workspace.project
    parameters = load_parameters(workspace.root / "parameters.toml", given, project.parameters)
    for choice in parameters.choices():
        names = project.lists[choice.of]
        if known := _identifiers(workspace, names.table, names.key):
            check_chosen(choice, getattr(parameters, choice.name), known)
    return parameters


def unlisted(workspace: Workspace, parameters: Parameters) -> list[str]:
    """Say which of the chosen ids the report is not about: nobody should look for them in vain."""
    told: list[str] = []
    for choice in parameters.choices():
        known = _identifiers(workspace, choice.listed, choice.of) if choice.listed else []
        strange = [each for each in getattr(parameters, choice.name) if each not in known]
        if known and strange:
            told.append(
                f"On no list of this report ({choice.listed}): {', '.join(strange)}. Figures that "
                f"keep to a list leave such a {choice.of} out; the others put it first."
            )
    return told


def _identifiers(workspace: Workspace, table: str, key: str) -> list[str]:
    """Read the ids of a raw table; of one that cannot be read the check of figures tells."""
    import csv  # noqa: PLC0415 - only the ids are read; pandas would cost half a second

    try:
        file = workspace.raw / f"{table}.csv"
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return [record[key] for record in csv.DictReader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError):
        return []
