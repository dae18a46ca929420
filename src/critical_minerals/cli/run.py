"""A run with its options: what is run, how it is reported, and exit codes.

Exit codes: 0 done, 1 the figures are invalid, 2 usage, 3 something broke, 130 stopped by Ctrl-C.

Apart from the command line, because to build and parse that takes longer than to typeset a
sentence: what was asked in the same words before need not be parsed again (`run_again`).
"""

from __future__ import annotations

import gc
import sys
import sysconfig
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from traceback import format_exception
from typing import Any, Final, Self, get_args

from rich.console import Console
from rich.markup import escape

from critical_minerals.cli.skeletons.placeholders import check_placeholders
from critical_minerals.errors import (
    FiguresError,
    StepError,
    UsageError,
    describe_os_error,
    hint,
    number_of,
)
from critical_minerals.execution import fingerprints
from critical_minerals.execution.delivery import deliver, held
from critical_minerals.execution.jobs import JobExecutor, Local
from critical_minerals.execution.orphans import own_temporary_folder, stop_as_by_keyboard
from critical_minerals.execution.quick_check import (
    Since,
    last_options,
    since_last_run,
    store_run,
)
from critical_minerals.execution.runner import (
    Outcome,
    plan,
    remove_gone_steps,
    select,
    signatures_after,
)
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.steps import Preference, Run, Step, notebooks_among, reports
from critical_minerals.readers.text import printable
from critical_minerals.review.confirmation import check_confirmable, confirming
from critical_minerals.review.snapshots import LINEAGE
from critical_minerals.tables.check_results import some_of
from critical_minerals.workspace.declaration import Project
from critical_minerals.workspace.parameters import (
    LANGUAGES,
    Language,
    Parameters,
    check_chosen,
    load_parameters,
)
from critical_minerals.workspace.paths import CHECKS, Workspace, find_workspace

Steps = Callable[[Run], list[Step]]

DONE: Final = 0
FIGURES_INVALID: Final = 1
USAGE: Final = 2
BROKEN: Final = 3
STOPPED: Final = 130

_OUTPUT_OPTIONS: Final = ("given", "to", "renderer")
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
        printable_objects = (printable(item) if isinstance(item, str) else item for item in objects)
        super().print(*printable_objects, **options)


out = Terminal(file=sys.stdout, soft_wrap=True, highlight=False)
err = Terminal(file=sys.stderr, soft_wrap=True, highlight=False)


@dataclass(frozen=True)
class RunOptions:
    """The options of a run as plain values; `given` are the parameters that were named."""

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


def run_again(stored_options: Mapping[str, Any], steps: Steps) -> bool:
    """Run with the stored options of an earlier call; return whether they could be read."""
    try:
        options = RunOptions(**stored_options)
    except TypeError:  # kept by another version
        return False
    with ExitStatus() as status:
        begin()
        status.code = run_report(here(), options, steps)
    sys.exit(status.code)


def run_report(workspace: Workspace, options: RunOptions, steps: Steps) -> int:
    """Run every step of a workspace that has to, of those that were asked for."""
    record_run_inputs(workspace)  # before anything of it is read
    # A dry run does no work, so that it needs no cluster either.
    with executor(None if options.dry_run else options.cluster, workspace) as workers:
        run = _make_run(workspace, options, workers)
        all_steps = steps(run)
        chosen = select(all_steps, options.only, options.start)
        if options.dry_run:
            check_confirmable(workspace, options.confirm)
            return _print_plan(workspace, chosen, forced=options.forced)
        check_placeholders(workspace)
        # What is confirmed belongs to the run that holds the lock: one that is refused touches
        # neither it nor the set that the other run is about to put in place.
        with held(workspace), confirming(workspace, options.confirm):
            # Looked at here, where no other run can be at work.
            since = since_last_run(workspace.root, sys.argv[1:])
            return _run_chosen(run, all_steps, chosen, options, since)


def _make_run(workspace: Workspace, options: RunOptions, workers: JobExecutor) -> Run:
    parameters = parameters_for(workspace, options.given)
    # A document named under --only counts as asking for its format.
    formats = ",".join([options.to, *_formats_in(options.only)])
    return Run(workspace, parameters, formats_of(formats), preference_of(options.renderer), workers)


def verify_report(steps: Steps) -> int:
    """Make the report of the last run once more in a fresh copy; say what differs, and why."""
    from critical_minerals.execution.as_of import scratch_copy  # noqa: PLC0415 - only here
    from critical_minerals.execution.verify import records_of_last_run, verify  # noqa: PLC0415

    workspace = here()
    with held(workspace):
        last = last_options(workspace.root) or {}
        options = RunOptions(**{name: last[name] for name in _OUTPUT_OPTIONS if name in last})
        options = _for_all_delivered(workspace, options)
        all_steps = steps(_make_run(workspace, options, Local()))
        earlier_records = records_of_last_run(workspace, all_steps)
        with scratch_copy(workspace, all_steps, fresh=True) as copy:
            if code := run_report(copy, options, steps):
                return code
            comparison = verify(workspace, earlier_records, copy, all_steps)
    for difference in comparison.differences:
        err.print(f"[red]✗[/] {escape(str(difference))}")
    count = len(comparison.differences)
    summary = f"{count} of them differ" if count else "all of them the same, byte for byte"
    out.print(f"{comparison.files} files were made once more in a fresh copy: {summary}.")
    return BROKEN if count else DONE


def _for_all_delivered(workspace: Workspace, options: RunOptions) -> RunOptions:
    """Return options by which a run makes all documents of the delivered set.

    The last run may have made some formats or one language of them alone: what earlier runs have
    made of the same figures is delivered with it, and to be verified too.
    """
    documents = _documents_in(workspace.delivered, workspace.project)
    if not documents:
        return options
    languages, formats = ({*kinds} for kinds in zip(*documents, strict=True))
    edition = {"languages": [each for each in LANGUAGES if each in languages]}
    to = ",".join(each for each in _FORMATS if each in formats)
    return replace(options, to=to, given={**options.given, **edition})


def _documents_in(
    folder: Path, project: Project, without: Collection[str] = ()
) -> list[tuple[Language, str]]:
    """List the documents that lie in a folder, by language and format."""
    return [
        (language, format_)
        for document in project.documents
        for language in LANGUAGES
        for format_ in document.formats
        if (name := f"{document.stems[language]}.{format_}") not in without
        and (folder / name).is_file()
    ]


def begin() -> None:
    """Give this process a folder of its own for temporary files.

    Within an `ExitStatus`, since a full disk can end it here.
    """
    own_temporary_folder()


class ExitStatus:
    """The exit code of what is run within it, where every error ends in a message.

    A context manager and no function that calls the command: who reads a stack reads the way of
    the data alone.
    """

    def __init__(self) -> None:
        self.code = DONE

    def __enter__(self) -> Self:
        """Begin a command."""
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Print why a command has failed, and take its exit code from that."""
        if isinstance(error, KeyboardInterrupt) or self.code == STOPPED:
            err.print("Stopped. A later run goes on where this one was stopped.")
            self.code = STOPPED
        elif isinstance(error, Exception):
            self.code = _print_error(error)
        gc.freeze()  # else Python looks through all of it for garbage before it goes
        return error is None or isinstance(error, (Exception, KeyboardInterrupt))


def _print_error(error: Exception) -> int:
    """Print an error as its kind asks for; return the exit code of that kind."""
    match error:
        case FiguresError():
            _print_problems(error)
            return FIGURES_INVALID
        case UsageError():
            err.print(f"[red]{escape(str(error))}[/]")
            return USAGE
        case StepError() | OSError():  # before any step: a notebook that is none, a full disk
            message = describe_os_error(error) if isinstance(error, OSError) else str(error)
            err.print(f"[red]✗[/] {escape(message)}")
        case _:
            err.print("".join(format_exception(error)), markup=False)
    return BROKEN


def _print_problems(error: FiguresError) -> None:
    """List every problem, one a line, and say that nothing was changed."""
    for problem in error.problems:
        err.print(f"[red]✗[/] {escape(str(problem))}")
    count = number_of(error.problems)
    err.print(
        f"[bold]{count} problem{'s' if count > 1 else ''} in the figures.[/] "
        "Nothing downstream was run; the last good report is untouched."
    )


def _run_chosen(
    run: Run, all_steps: list[Step], chosen: list[Step], options: RunOptions, since: Since | None
) -> int:
    """Run the chosen ones of all steps and print how it went."""
    from critical_minerals.execution.progress import Progress  # noqa: PLC0415 - rich.live is slow

    started = time.monotonic()
    stop_as_by_keyboard()
    parameters = run.parameters
    out.print(
        f"[bold]{run.workspace.project.title}[/], figures as of {parameters.as_of}",
    )
    for line in unlisted(run.workspace, parameters):
        out.print(line)
    # Only a run of the whole pipeline knows which steps there are.
    if not options.only and not options.start:
        removed = remove_gone_steps(run.workspace, all_steps)
        if removed:
            # What was touched was looked at before: what is removed now may be an input of any.
            since = None
            count = sum(map(len, removed.values()))
            out.print(
                f"Removed {count} file{'s' if count != 1 else ''} of steps that no longer exist: "
                f"{escape(', '.join(sorted(removed)))}.",
            )
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

        notebooks = notebooks_among(all_steps, run.workspace)
        write_checks(run.workspace, notebooks, run.figures.languages, outcome.skipped)
        code = print_errors(outcome)
        page = run.workspace.relative(
            run.workspace.output / f"{CHECKS[parameters.languages[0]]}.html"
        )
        err.print(f"What was checked and found: {page}")
        return code
    _deliver_documents(run, all_steps, chosen, outcome)
    seconds = time.monotonic() - started
    # A forced run has to run again, so that the next one in the same words must not be answered
    # from what is remembered here.
    if not options.forced:
        messages = [
            "Nothing changed.",
            *_postdated_lines(run, chosen),
            *_document_lines(run, chosen),
        ]
        workspace, code = run.workspace, fingerprints.hashed_code()
        # The delivered set too, which no step makes.
        folders = (workspace.delivered, workspace.output)
        signatures = signatures_after(all_steps, workspace, outcome.records, folders)
        # That it is gone, too: killed from here on, this run leaves it to the next one, which else
        # would have nothing to do and remove nothing.
        signatures[str(own_temporary_folder())] = None
        store_run(workspace.root, sys.argv[1:], signatures, messages, asdict(options), code)
    _print_result(run, chosen, outcome, seconds)
    if options.explain:
        from critical_minerals.report.quarto import warnings  # noqa: PLC0415 - only here

        for warning in warnings(run.workspace.cache):
            out.print(f"Quarto warned: {warning}")
    return DONE


def record_run_inputs(workspace: Workspace) -> None:
    """Record what the run itself depends on besides its steps: parameters, steps, program."""
    for name in ("parameters.toml", "pipeline.py", "pyproject.toml"):
        fingerprints.record_dependency(workspace.root / name)
    # Where Quarto may have been installed.
    fingerprints.record_dependency(Path(sysconfig.get_path("scripts")))
    fingerprints.of_package()


def _deliver_documents(
    run: Run, all_steps: list[Step], chosen: list[Step], outcome: Outcome
) -> None:
    """Replace the delivered set if a document was asked for; name the documents excluded from it.

    A document of other figures, parameters or another renderer than this run's is stale: next to
    new ones it would contradict them.
    """
    if not _document_steps(run, chosen):
        return
    from critical_minerals.execution.crate import write_crate  # noqa: PLC0415 - only here

    documents = reports(replace(run, formats=_FORMATS), languages=LANGUAGES)
    # Documents found up to date in this run are so; inputs of those that it has made may have been
    # edited meanwhile.
    unchecked = [step for step in documents if step.name not in outcome.current]
    statuses = plan(run.workspace, unchecked, force=False, past_records=outcome.records)
    stale = [status.step for status in statuses if status.runs]
    excluded = [name for name in stale if (run.workspace.delivered / name).is_file()]
    outputs = [pattern for step in documents if step.name in stale for pattern in step.outputs]
    stale_files = fingerprints.find(run.workspace.root, outputs).values()
    excluded_names = {path.name for path in stale_files}
    # It describes the set, which may have documents of earlier runs of the same figures.
    whole = _documents_in(run.workspace.output, run.workspace.project, excluded_names)
    languages = tuple(each for each in LANGUAGES if each in {language for language, _ in whole})
    parameters = replace(run.parameters, languages=languages)
    write_crate(replace(run, parameters=parameters), all_steps, excluded_names)
    deliver(run.workspace, without=excluded_names)
    if excluded:
        out.print(
            f"Excluded, being of other figures or parameters: {', '.join(excluded)}. "
            "Make them again: python pipeline.py --to html,pdf,docx",
        )


def _print_result(run: Run, chosen: list[Step], outcome: Outcome, seconds: float) -> None:
    """Print what ran, the finished documents, and what changed in the figures."""
    summary = (
        f"{len(outcome.done)} of {len(chosen)} steps ran" if outcome.done else "Nothing changed"
    )
    out.print(f"{summary}, {seconds:.1f} s.")
    for line in _postdated_lines(run, chosen):
        out.print(line)
    for line in _document_lines(run, chosen):
        out.print(line, style="bold")
    documents = _document_steps(run, chosen)
    if not {step.name for step in chosen if step not in documents} & {*outcome.done}:
        return
    record = run.workspace.relative(run.workspace.generated / LINEAGE)
    if any(record in step.outputs for step in chosen):
        from critical_minerals.execution.warm import run_in_subprocess  # noqa: PLC0415

        # In a fork of the warm parent, which has loaded what the comparison needs: it runs already
        # where a step of the figures has run.
        for line in run_in_subprocess(_AFTER_RUN, run.workspace):
            out.print(escape(line))
    elif (run.workspace.root / record).is_file():
        # The record is that of an earlier run: by it, no figure of this one has changed.
        out.print("Figures: not compared with the last run, as some steps alone ran.")


def _postdated_lines(run: Run, chosen: list[Step]) -> list[str]:
    """Name the raw rows dated after the report's day: nobody should look for them in it."""
    from critical_minerals.review.findings import stored_waiting_messages  # noqa: PLC0415 - only here

    return stored_waiting_messages(
        run.workspace, [step.name for step in chosen], run.parameters.as_of
    )


def _document_lines(run: Run, chosen: list[Step]) -> list[str]:
    """Name the finished documents."""
    folder = run.workspace.relative(run.workspace.delivered)
    return [f"  {folder}/{step.name}" for step in _document_steps(run, chosen)]


def _document_steps(run: Run, chosen: list[Step]) -> list[Step]:
    """Return the steps that typeset the documents."""
    documents, languages = run.workspace.project.documents, run.parameters.languages
    names = {each.stems[language] for each in documents for language in languages}
    return [step for step in chosen if step.stem in names]


def print_errors(outcome: Outcome) -> int:
    """Print each step's error; faults in the figures decide the exit code."""
    code = BROKEN
    for name, error in outcome.errors.items():
        if isinstance(error, FiguresError):
            _print_problems(error)
            code = FIGURES_INVALID
        else:
            err.print(f"[red]✗ {name}[/] {escape(_error_line(error))}")
    if outcome.skipped:
        # All of them would push the error itself off the screen.
        err.print(f"Not run, because of that: {some_of(' '.join(outcome.skipped))}.")
    err.print("A later run goes on where this one failed.")
    return code


def _error_line(error: BaseException) -> str:
    """Write an error of a step in one line, with its kind where its message alone may not do."""
    if isinstance(error, OSError):
        return describe_os_error(error)
    return str(error) if isinstance(error, UsageError) else f"{type(error).__name__}: {error}"


def _print_plan(workspace: Workspace, chosen: list[Step], *, forced: bool) -> int:
    """Print of each step whether it would run, and why."""
    for status in plan(workspace, chosen, force=forced):
        mark = "run " if status.runs else "same"
        out.print(f"  {mark}  {status.step:<18} {status}")
    return DONE


def _formats_in(only: Sequence[str]) -> list[str]:
    """Return the formats of documents that are named with their ending: who asks for one wants it.

    >>> _formats_in(["30_supply", "progress-update.docx"])
    ['docx']
    """
    return [ending for name in only if (ending := name.rpartition(".")[2]) in _FORMATS]


def formats_of(text: str) -> Any:
    """Split the list of formats, in a fixed order."""
    requested = [word.strip() for word in text.split(",") if word.strip()]
    for word in requested:
        if word not in _FORMATS:
            msg = f"--to: there is no format {word!r}. {hint(word, _FORMATS)}"
            raise UsageError(msg)
    if not requested:
        msg = f"--to: no format is named. {hint(text, _FORMATS)}"
        raise UsageError(msg)
    # In the order of the list, so that `pdf,html` and `html,pdf` are the same run.
    return tuple(format_ for format_ in _FORMATS if format_ in requested)


def preference_of(word: str) -> Any:
    """Return the renderer that a word asks for."""
    if word not in get_args(Preference):
        msg = f"--renderer: there is no renderer {word!r}. {hint(word, get_args(Preference))}"
        raise UsageError(msg)
    return word


def parameters_for(workspace: Workspace, given: Mapping[str, Any]) -> Parameters:
    """Return the parameters of a run: what is given, then `parameters.toml`, then the defaults.

    A parameter that is given as None is not given.
    Raises `UsageError` for what does not fit, an id that no list of names knows included, before
    any work is done.
    """
    project = workspace.project
    named = {name: value for name, value in given.items() if value is not None}
    parameters = load_parameters(workspace.root / "parameters.toml", named, project.parameters)
    for choice in parameters.choices():
        names = project.lists[choice.of]
        # An unreadable table gives no ids: then every id would be unknown, which is not what is
        # wrong.
        if known := _identifiers(workspace, names.table, names.key):
            check_chosen(choice, getattr(parameters, choice.name), known)
    return parameters


def unlisted(workspace: Workspace, parameters: Parameters) -> list[str]:
    """Name the chosen ids that the report is not about: nobody should look for them in vain."""
    messages: list[str] = []
    for choice in parameters.choices():
        known = _identifiers(workspace, choice.listed, choice.of) if choice.listed else []
        unlisted_ids = [each for each in getattr(parameters, choice.name) if each not in known]
        if known and unlisted_ids:
            messages.append(
                f"On no list of this report ({choice.listed}): {', '.join(unlisted_ids)}. Figures "
                f"that keep to a list leave such a {choice.of} out; the others put it first."
            )
    return messages


def _identifiers(workspace: Workspace, table: str, key: str) -> list[str]:
    """Read the ids of a raw table; none if it is unreadable, which the check of figures reports."""
    import csv  # noqa: PLC0415 - only the ids are read; pandas would cost half a second

    try:
        file = workspace.raw / f"{table}.csv"
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return [record[key] for record in csv.DictReader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError):
        return []


@contextmanager
def executor(
    cluster: str | None, workspace: Workspace, slots: int | None = None
) -> Generator[JobExecutor]:
    """Yield the executor for a run: a cluster, if its scheduler's address is given.

    `slots` is the number of jobs that this machine runs at once, by default that of its processors.

    Raises `UsageError` with the reason where the cluster cannot be used.
    """
    if cluster is None:
        yield Local(slots)
        return
    from critical_minerals.execution.cluster import connect  # noqa: PLC0415 - only for clusters

    with connect(cluster, workspace) as workers:
        yield workers
