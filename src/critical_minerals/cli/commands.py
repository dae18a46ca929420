"""The command line: what can be asked for."""

from __future__ import annotations

import inspect
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer
from rich.markup import escape

from critical_minerals.cli import run as runs
from critical_minerals.cli.run import (
    DONE,
    RunOptions,
    Steps,
    formats_of,
    here,
    preference_of,
    print_errors,
    run_report,
)
from critical_minerals.cli.skeletons.placeholders import check_placeholders
from critical_minerals.errors import UsageError, hint
from critical_minerals.execution import logs
from critical_minerals.execution.steps import Run, notebooks_among
from critical_minerals.review.snapshots import (
    Snapshot,
    check_release_name,
    current_figures,
    find_snapshot,
    freeze,
    is_day,
    names,
    releases,
)
from critical_minerals.workspace.declaration import Project
from critical_minerals.workspace.parameters import LANGUAGES, Parameters, parse_parameters
from critical_minerals.workspace.paths import BRIEFS, BROWSE, Workspace, write_whole

if TYPE_CHECKING:
    from critical_minerals.execution.add import Adder

# Options that several commands have in common.
_Editions = Annotated[
    list[str] | None, typer.Option(help="Edition to publish, en or fr; may be repeated.")
]
_Currency = Annotated[
    str | None, typer.Option(help="Currency in which amounts are shown, such as USD or EUR.")
]
_Formats = Annotated[
    list[str],
    typer.Option(help="Format: html, pdf or docx; several separated by commas, or named again."),
]
_USUAL_FORMATS = ["html,pdf"]
_Cluster = Annotated[
    str | None,
    typer.Option(
        help="Hand the work to the Dask cluster at this address, such as tcp://scheduler:8786.",
        show_default=False,
    ),
]

_FastRenderer = Annotated[str, typer.Option(help="embedded, which is fast; quarto; or auto.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Add without asking.")]
_Preview = Annotated[
    bool,
    typer.Option(
        "--preview", help="Run the notebooks on a copy, and say what changes; add nothing."
    ),
]
_SkeletonKind = Literal["topic", "figure", "source"]

_Chosen = Mapping[str, Sequence[str]]
"""What was named under each option that the project declares, by the parameter that it is for."""
_NOTHING: Final[_Chosen] = MappingProxyType({})


def main(steps: Steps) -> None:
    """Run the whole command line; `run` is the command that needs no name."""
    arguments = sys.argv[1:]
    asks_help = arguments[:1] in (["--help"], ["-h"])
    if not asks_help and (not arguments or arguments[0].startswith("-")):
        # So that `pipeline.py --as-of …` works: the parser alone would take no option without a
        # command.
        arguments = ["run", *arguments]

    with runs.ExitStatus() as status:
        runs.begin()
        # Built inside, because to find the project and read its declaration can fail too, and that
        # has to end in a sentence.
        app = command_line(here().project)
        try:
            # Without `standalone_mode` Typer would print and exit by itself, with exit codes of its
            # own.
            status.code = app(arguments, obj=steps, standalone_mode=False) or runs.DONE
        except Exception as error:  # noqa: BLE001 - raised again, unless it is of the parser
            status.code = _exit_code(app, error)
    sys.exit(status.code)


def _exit_code(app: typer.Typer, error: Any) -> int:
    """Report what the parser of the command line says; raise any other error again."""
    if hasattr(error, "format_message"):
        command_names = [
            each.name for each in app.registered_commands if each.name and not each.hidden
        ]
        hint_line = f"Try: python pipeline.py --help. Commands: {', '.join(command_names)}."
        msg = f"{error.format_message()}\n{hint_line}"
        raise UsageError(msg) from error
    if hasattr(error, "exit_code"):  # the parser has printed already, such as help
        return int(error.exit_code)
    raise error


def command_line(project: Project) -> typer.Typer:
    """Build the command line of a project: its title, and the options that it declares."""
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
        help=f"{project.title}: figures in, the rendered report out.\n\n"
        "Without a command, [bold]run[/] is meant.",
        epilog="Exit codes: 0 done, 1 the figures are invalid, 2 wrong usage, 3 something broke, "
        "130 stopped.",
    )
    about = "{} of interest, by its id; may be repeated."
    chosen = project.parameters.choices()
    choices = {each.of: (each.name, about.format(each.of.capitalize())) for each in chosen}
    app.command("run")(_with_options(run_command, choices))
    kinds = {kind.parameter: (kind.parameter, kind.help) for kind in project.briefs}
    app.command("briefs")(_with_options(briefs_command, kinds))
    for command in (
        *(check_command, add_command, refresh_command, reproduce_command, template_command),
        *(new_command, changes_command, release_command, verify_command, browse_command),
        *(watch_command, setup_command, git_command, doctor_command),
    ):
        app.command(command.__name__.removesuffix("_command"))(command)
    app.command("prepare", hidden=True)(prepare_command)
    app.callback()(_common_options)
    return app


def _common_options(
    *,
    verbose: Annotated[bool, typer.Option(*logs.OPTIONS, help=logs.HELP)] = False,
) -> None:
    # For the help alone: `main` has taken it from the arguments, wherever it stood.
    del verbose


def _with_options(
    command: Callable[..., int], options: Mapping[str, tuple[str, str]]
) -> Callable[..., int]:
    """Replace the parameter `chosen` of a command by options that the project declares.

    Each has, by its name, the parameter that it is for and its help.
    Typer reads options from a function's signature, where these are put in its place.
    """

    def run(**arguments: Any) -> int:
        chosen = {parameter: arguments.pop(name) or () for name, (parameter, _) in options.items()}
        return command(**arguments, chosen=chosen)

    parameters: list[inspect.Parameter] = []
    # `eval_str`: this module holds annotations as text, and Typer reads options from their values.
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        if parameter.name != "chosen":
            parameters.append(parameter)
            continue
        for name, (_, help_text) in options.items():
            annotation = Annotated[list[str] | None, typer.Option(help=help_text)]
            parameters.append(
                inspect.Parameter(name, parameter.kind, default=None, annotation=annotation)
            )
    # The help of the command is its docstring.
    run.__doc__ = command.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] - as typer asks
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def run_command(
    context: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(help="Report the figures that were public on this day, such as 2025-03-31."),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Years shown in charts over time, such as 2017-2025.")
    ] = None,
    language: _Editions = None,
    currency: _Currency = None,
    chosen: _Chosen = _NOTHING,
    to: _Formats = _USUAL_FORMATS,
    renderer: Annotated[
        str,
        typer.Option(
            help="auto takes Quarto where it is installed, else the embedded renderer; "
            "or name one: quarto, embedded."
        ),
    ] = "auto",
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Run this step alone (on what is there), or make this processed table and what it "
            "needs; may be repeated."
        ),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="Run this step again and all that follow it.")
    ] = None,
    confirm: Annotated[
        list[str] | None,
        typer.Option(
            help="Let this table shrink or jump against the last run, as a failed check has asked; "
            "may be repeated."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run the chosen steps even if nothing has changed.")
    ] = False,
    cluster: _Cluster = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each step why it runs, or why it does not.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would run and why; run nothing.")
    ] = False,
) -> int:
    """Run every step that has to, and typeset the report.

    A step runs again only if its notebook, its parameters, the figures it read, the package code
    it uses or the pinned environment changed. Parameters given here override parameters.toml.

    [bold]Examples[/]

    python pipeline.py --as-of 2025-03-31 --to html

    python pipeline.py --from 30_supply

    python pipeline.py --only 10_funding --force
    """
    given = {
        "as_of": as_of,
        "languages": language,
        "currency": currency,
        **_period(period),
        **{name: values or None for name, values in chosen.items()},
    }
    options = RunOptions(
        given,
        ",".join(to),
        renderer,
        only or (),
        start,
        confirm or (),
        force,
        cluster,
        explain,
        dry_run,
    )
    return run_report(here(), options, context.obj)


def briefs_command(
    chosen: _Chosen = _NOTHING,
    every: Annotated[bool, typer.Option("--all", help="Every one that there can be.")] = False,
    grid: Annotated[
        Path | None,
        typer.Option(help="File of notebooks with lists of parameters, each combination a brief."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day of the figures; the report has to be of the same day.")
    ] = None,
    language: _Editions = None,
    currency: _Currency = None,
    to: _Formats = _USUAL_FORMATS,
    renderer: _FastRenderer = "embedded",
    force: Annotated[
        bool, typer.Option("--force", help="Make them again even if nothing has changed.")
    ] = False,
    cluster: _Cluster = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each brief why it is made, or why not.")
    ] = False,
) -> int:
    """Make briefs of two pages, from the tables of the last run, and the page that lists them.

    Only those are made that are missing or whose content changed. One that fails holds up no other.

    [bold]Examples[/]

    python pipeline.py briefs --mineral lithium --partner DE

    python pipeline.py briefs --all --language fr

    python pipeline.py briefs --grid reports/briefs/briefs.yml
    """
    # Imported here, as in every command below: what one command needs would slow down all others.
    from critical_minerals.execution.brief_jobs import requested_briefs
    from critical_minerals.execution.briefs import make_briefs
    from critical_minerals.execution.progress import Progress

    workspace, started = here(), time.monotonic()
    given = {"as_of": as_of, "languages": language, "currency": currency}
    parameters, formats = runs.parameters_for(workspace, given), formats_of(",".join(to))
    briefs = requested_briefs(
        workspace, parameters, subjects=chosen, every=every, grid=grid, formats=formats
    )
    slots = (os.cpu_count() or 1) + 1  # a brief waits on its kernel much of the time
    with runs.executor(cluster, workspace, slots) as workers:
        run = Run(workspace, parameters, formats, preference_of(renderer), workers)
        outcome = make_briefs(run, briefs, Progress(runs.out, explain=explain), force=force)
    message = (
        f"{len(outcome.done)} of {len(briefs)} briefs made" if outcome.done else "Nothing made"
    )
    runs.out.print(f"{message}, {time.monotonic() - started:.1f} s.")
    runs.out.print(f"  {workspace.relative(workspace.delivered / BRIEFS)}", style="bold")
    return print_errors(outcome) if outcome.errors else DONE


def check_command() -> int:
    """Check every raw table without running a notebook; list all problems at once."""
    from critical_minerals.review.checks import check_and_report
    from critical_minerals.tables.descriptors import Tables

    workspace = here()
    check_placeholders(workspace)
    parameters = runs.parameters_for(workspace, {})
    waiting = check_and_report(workspace, parameters.as_of)
    runs.out.print(f"All {len(Tables(workspace.raw))} raw tables are valid.")
    for line in waiting:
        runs.out.print(line)
    return DONE


def changes_command(
    context: typer.Context,
    before: Annotated[
        str | None,
        typer.Argument(
            metavar="A",
            help="The earlier figures; without a name, the last release.",
            show_default=False,
        ),
    ] = None,
    after: Annotated[str, typer.Argument(metavar="B", help="The later figures.")] = "now",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write every change to this file, as JSON.")
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", help="Write every change to this file, as a page.")
    ] = None,
    language: Annotated[
        str, typer.Option(help="Language of the page and of texts, en or fr.")
    ] = "en",
) -> int:
    """Say what changed between two sets of figures, how much, and why.

    A and B each name a release, an as-of day (2025-03-31: the notebooks are run as of that day,
    beside the workspace), a kept run, or one of: now (the last run as it lies there), last and
    previous (the last two runs that changed something).

    [bold]Examples[/]

    python pipeline.py changes

    python pipeline.py changes 2024-12-31 2025-12-31 --html changes.html

    python pipeline.py changes previous last
    """
    from critical_minerals.review.changes import compare
    from critical_minerals.review.changes_report import long_form, to_json

    workspace = here()
    # Read as a parameter is, so that an unknown language is reported in the same words everywhere.
    edition = parse_parameters({"languages": [language]}, Parameters).languages[0]
    # All are looked at before the notebooks run for either, which takes a minute.
    _reject_folder("--json", json_file, "changes.json")
    _reject_folder("--html", html_file, "changes.html")
    requested = [_resolve_figures(workspace, name) for name in (before, after)]
    snapshots = [
        figures if isinstance(figures, Snapshot) else _figures_as_of(context, workspace, figures)
        for figures in requested
    ]
    comparison = compare(*snapshots)
    for line in long_form(comparison, edition):
        runs.out.print(escape(line))
    if json_file:
        write_whole(json_file, to_json(comparison))
    if html_file:
        from critical_minerals.review.changes_page import changes_page

        write_whole(html_file, changes_page(workspace, comparison, edition))
    return DONE


def _resolve_figures(workspace: Workspace, name: str | None) -> Snapshot | str:
    """Return the figures that a name means, or its day; without a name, those of the last release.

    Raises `UsageError` for a name that means nothing, and for a day of which there is no report.
    """
    if name is None:
        all_releases = releases(workspace)
        if all_releases:
            return all_releases[-1]
        msg = "There is no release yet to compare with. Name two runs or days, or make a release."
        raise UsageError(msg)
    if snapshot := find_snapshot(workspace, name):
        return snapshot
    if is_day(name):
        return runs.parameters_for(workspace, {"as_of": name}).as_of.isoformat()
    remedy = hint(name, names(workspace))
    msg = f"There is no run or release {name!r}. {remedy} A day is written such as 2025-03-31."
    raise UsageError(msg)


def _figures_as_of(context: typer.Context, workspace: Workspace, day: str) -> Snapshot:
    """Return the figures as of a day; runs the notebooks beside the workspace if need be."""
    from critical_minerals.execution.as_of import figures_as_of
    from critical_minerals.execution.progress import Progress

    parameters = runs.parameters_for(workspace, {"as_of": day})
    return figures_as_of(workspace, context.obj, parameters, Progress(runs.out))


def release_command(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(help="Name; without one, the month of the as-of day.", show_default=False),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Freeze the figures as of this day rather than those of the last run."),
    ] = None,
) -> int:
    """Freeze tables, values and lineage under data/releases, to be compared with later.

    Later reports say what changed since the last release of an earlier as-of day.

    [bold]Examples[/]

    python pipeline.py release 2026-09

    python pipeline.py release 2025-06 --as-of 2025-06-30
    """
    workspace = here()
    as_of_day = parse_parameters({"as_of": as_of}, Parameters).as_of.isoformat() if as_of else None
    day = as_of_day or current_figures(workspace).as_of
    chosen = name or day[: len("2025-12")]
    # Before the figures are made, which takes a minute: a name that is taken should fail at once.
    check_release_name(workspace, chosen)
    figures = (
        _figures_as_of(context, workspace, as_of_day)
        if as_of_day
        else _require_finished_run(context, workspace)
    )
    release = freeze(workspace, figures, chosen)
    published = release.lineage["published"]
    rows = sum(len(table.rows) for table in release.tables.values())
    runs.out.print(
        f"Release [bold]{chosen}[/], figures as of {day}: {len(published['values'])} values, "
        f"{len(release.tables)} tables with {rows:,} rows, "
        f"in {workspace.relative(release.tables_folder.parent)}.",
    )
    return DONE


def _require_finished_run(context: typer.Context, workspace: Workspace) -> Snapshot:
    """Return the figures of the last run. Raises `UsageError` if a step would run again."""
    from critical_minerals.execution.as_of import last_figures

    current, _, pending = last_figures(workspace, context.obj)
    if pending:  # once the figures are frozen, nobody could tell
        first = pending[0]
        msg = (
            f"The last run is not finished, or something has changed since: {first.step} would "
            f"run ({first}). Run python pipeline.py first."
        )
        raise UsageError(msg)
    return current


def verify_command(context: typer.Context) -> int:
    """Make the last run's report once more in a fresh copy, and compare every file byte for byte.

    Of each file that differs it is told why: another environment, other code, another input, a
    change from outside since it was made, or chance. Nothing in this folder is changed. Briefs are
    not made again.
    """
    return runs.verify_report(context.obj)


def add_command(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(help="Official files, or sheets of your own.", metavar="FILE…")
    ],
    yes: _Yes = False,
    preview: _Preview = False,
    source: Annotated[
        str | None, typer.Option(help="Source of the figures, by its id in sources.csv.")
    ] = None,
    table: Annotated[
        str | None, typer.Option(help="Raw table that the rows are for, where the file is yours.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="What its headers mean; without it, FILE.mapping.yml beside the file."),
    ] = None,
    retrieved: Annotated[
        str | None, typer.Option(help="Day on which it was downloaded; without it, today.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="Day on which it was published, where the file says none.")
    ] = None,
) -> int:
    """Add a file to the raw figures: one that a publisher gives, or rows of your own.

    The format is known by the content. What it is and what would change is shown first; nothing
    that is there is replaced, and the same file twice changes nothing.

    [bold]Examples[/]

    python pipeline.py add ~/Downloads/MCS2027_Commodities_Data.csv

    python pipeline.py add awards.xlsx --source NRCAN_GPI --yes
    """
    from critical_minerals.raw.adding import AddOptions

    options = AddOptions(source or "", table or "", mapping, retrieved or "", published or "")
    _adder(context, yes=yes, preview=preview).add(files, options)
    return DONE


def _adder(context: typer.Context, *, yes: bool, preview: bool) -> Adder:
    from critical_minerals.execution.add import Adder

    workspace = here()
    parameters = runs.parameters_for(workspace, {}) if preview else None
    return Adder(workspace, context.obj, runs.out, yes, parameters)


def refresh_command(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Publishers, by their ids in data/raw/publishers.yml; without any, all of them.",
            metavar="SOURCE…",
            show_default=False,
        ),
    ] = None,
    yes: _Yes = False,
    preview: _Preview = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is new; fetch nothing.")
    ] = False,
) -> int:
    """Fetch what publishers have newly released, and add it as `add` does.

    Each is asked what its newest files are, and only those that are not here yet are fetched. What
    is interrupted goes on where it stopped. One publisher that cannot be had holds up no other.

    [bold]Examples[/]

    python pipeline.py refresh --dry-run

    python pipeline.py refresh usgs statcan --yes
    """
    from critical_minerals.execution.refresh import Refresh, refresh

    adder = _adder(context, yes=yes, preview=preview)
    return runs.BROKEN if refresh(adder, sources or (), Refresh(dry_run=dry_run)) else DONE


def reproduce_command(
    name: Annotated[
        str,
        typer.Argument(
            help="A published value, or a row of a processed table such as reserves:12; without "
            "one, the values that have a script are listed.",
            show_default=False,
        ),
    ] = "",
) -> int:
    """Print a script of plain Python that reads the official files and arrives at a number.

    It needs nothing of this project but its folder data/raw. Where there can be none, it is said
    why.

    [bold]Example[/]

    python pipeline.py reproduce production_lithium_change | python -
    """
    from critical_minerals.review.lineage import read_lineage
    from critical_minerals.review.reproduce import Reproducer

    workspace = here()
    reproducer = Reproducer(workspace, read_lineage(workspace.record))
    if not name:
        for line in reproducer.status_lines():
            runs.out.print(escape(line))
        return DONE
    reproduction = reproducer.of(name)
    if reproduction.why_not:
        msg = f"{name} cannot be reproduced from official files: {reproduction.why_not}."
        raise UsageError(msg)
    print(reproduction.script, end="")  # noqa: T201 - a program reads it: no console may wrap it
    return DONE


def template_command(
    table: Annotated[str, typer.Argument(help="Raw table, by its path under data/raw.")],
    to: Annotated[
        Path | None,
        typer.Option(help="File to write; without it, one named after the table, here."),
    ] = None,
) -> int:
    """Write an empty workbook for a raw table: columns, lists to choose from, help, examples.

    Fill it in, then: python pipeline.py add FILE.

    [bold]Example[/]

    python pipeline.py template funding/awards --to ~/empty.xlsx
    """
    from critical_minerals.raw.templates import raw_template

    own_name = f"{table.rpartition('/')[2]}.xlsx"
    _reject_folder("--to", to, own_name)
    # By another ending a spreadsheet program would open it as what it is not.
    if to and to.suffix.casefold() != ".xlsx":
        msg = f"--to: {to} does not end in .xlsx, as the workbook that is written has to."
        raise UsageError(msg)
    content = raw_template(here(), table)
    file = to or Path(own_name)
    # The same empty template again is harmless; a workbook that somebody has filled in must not be
    # lost.
    if file.exists() and file.read_bytes() != content:
        msg = f"{file} is there already, and may hold work. Name another file with --to."
        raise UsageError(msg)
    write_whole(file, content)
    runs.out.print(f"Template of [bold]{escape(table)}[/]: {escape(str(file))}")
    return DONE


def new_command(
    context: typer.Context,
    kind: Annotated[_SkeletonKind, typer.Argument(help="topic, figure or source.", metavar="KIND")],
    name: Annotated[str, typer.Argument(help="Its name, such as recycling.")],
    topic: Annotated[
        str | None, typer.Option(help="Notebook that publishes the figure, such as 50_progress.")
    ] = None,
    table: Annotated[
        str | None, typer.Option(help="Processed table that the figure shows.")
    ] = None,
) -> int:
    """Write the skeleton of a topic, a figure or a source, in its places and in both languages.

    What is yours to say is marked FILL IN; until it is said, check and run name each such place.

    [bold]Examples[/]

    python pipeline.py new topic recycling

    python pipeline.py new figure exploration-share --topic 50_progress --table exploration

    python pipeline.py new source NRCAN_PROGRESS_2027
    """
    from critical_minerals.cli.skeletons import new

    workspace = here()
    if kind == "topic":
        skeleton = new.new_topic(workspace, name, _notebooks(context, workspace))
    elif kind == "figure":
        if not topic or not table:
            msg = "Say which notebook publishes the figure, --topic, and which table, --table."
            raise UsageError(msg)
        skeleton = new.new_figure(workspace, name, topic, table)
    else:
        skeleton = new.new_source(workspace, name)
    # A run that read the files meanwhile would see half of the skeleton.
    with workspace.lock():
        written = skeleton.write()
    for file in written:
        runs.out.print(f"  {escape(file)}")
    runs.out.print("Say what is marked FILL IN. python pipeline.py check names each place.")
    return DONE


def _notebooks(context: typer.Context, workspace: Workspace) -> list[str]:
    """Name the notebooks among the steps."""
    steps: Steps = context.obj
    return notebooks_among(steps(Run(workspace, runs.parameters_for(workspace, {}))), workspace)


def browse_command(
    language: Annotated[str, typer.Option(help="Language of the page, en or fr.")] = "en",
    only_name: Annotated[
        bool, typer.Option("--name", help="Say where the page lies, and open nothing.")
    ] = False,
) -> int:
    """Open the browser of figures of the newest report: search, filter, sort, follow, take along.

    It is a page beside the report, which works from disk.
    """
    import webbrowser

    workspace = here()
    edition = parse_parameters({"languages": [language]}, Parameters).languages[0]
    path = workspace.delivered / BROWSE[edition]
    if not path.is_file():
        msg = f"There is no {workspace.relative(path)} yet. Make the report: python pipeline.py"
        raise UsageError(msg)
    runs.out.print(workspace.relative(path), style="bold")
    if not only_name and not webbrowser.open(path.as_uri()):
        runs.out.print("No web browser was found here: open that file in one.")
    return DONE


def watch_command(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(help="Port of this machine to serve on; 0 is any that is free.")
    ] = 8010,
    renderer: _FastRenderer = "embedded",
) -> int:
    """Serve the report to this machine alone, and make anew what an edit touches, until Ctrl-C.

    Edit figures, notebooks, sentences, texts, theme or code: the page that is open shows it first,
    at the same place; print and other documents follow. What is wrong is shown over the last good
    page. Parameters are those of parameters.toml.
    """
    from critical_minerals.cli.watch.loop import WatchOptions, watch

    workspace = here()
    options = WatchOptions(workspace, context.obj, runs.preference_of(renderer), port)
    return watch(options, runs.out, runs.err)


def prepare_command() -> int:
    """Prepare the documents for Quarto by hand (`quarto render`, `quarto preview`)."""
    from critical_minerals.report.quarto import prepare

    workspace = here()
    prepare([path for language in LANGUAGES for path in workspace.documents(language)])
    return DONE


def setup_command(
    parts: Annotated[
        list[str] | None,
        typer.Argument(help="Parts: report, quarto, git, tools.", show_default="report quarto git"),
    ] = None,
) -> int:
    """Make .venv with the pinned versions, as make does: for systems without it, such as Windows.

    Any Python of version 3.11 or newer can run it. Only what is missing or was pinned anew is done.

    [bold]Examples[/]

    python pipeline.py setup

    python pipeline.py setup tools
    """
    from critical_minerals.cli.setting_up import main as set_up

    return set_up(parts or ())


def git_command(
    off: Annotated[
        bool, typer.Option("--off", help="Undo it: git takes notebooks as they are.")
    ] = False,
) -> int:
    """Let git store notebooks without outputs, and compare and merge them cell by cell.

    Run All and save then leave `git status` empty. It is a setting of this repository alone, which
    `make setup` makes too.
    """
    from critical_minerals.execution.git import set_up

    runs.out.print(set_up(here(), off=off))
    return DONE


def doctor_command() -> int:
    """Say what is installed, which renderer a run would use, and why."""
    from critical_minerals.execution.doctor import findings

    for finding in findings(here()):
        mark = "[green]✓[/]" if finding.good else "[yellow]–[/]"
        runs.out.print(f"  {mark} {finding.name:<22} {escape(finding.detail)}")
    return DONE


def _reject_folder(option: str, path: Path | None, example: str) -> None:
    """Raise `UsageError` where a file that is to be written is a folder."""
    if path is not None and path.is_dir():
        msg = f"{option}: {path} is a folder. Name a file in it, such as {path / example}"
        raise UsageError(msg)


def _period(text: str | None) -> dict[str, str]:
    """Split a period into its first and last year."""
    if text is None:
        return {}
    start, mark, end = text.partition("-")
    if not mark:
        msg = f"--period: {text!r} is not a period. Write two years, such as 2017-2025."
        raise UsageError(msg)
    return {"period_start": start, "period_end": end}
