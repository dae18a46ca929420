"""The command line: what it accepts, what it says, and how it ends."""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from critical_minerals.cli import commands
from critical_minerals.cli import run as runs
from critical_minerals.errors import FiguresError, Problem, StepError, UsageError
from critical_minerals.execution.quick_check import last_options
from critical_minerals.execution.steps import Run, Step
from critical_minerals.review.confirmation import confirmed, confirming
from critical_minerals.review.findings import Findings, write_findings
from critical_minerals.tables.check_results import Kind, Result
from critical_minerals.workspace.paths import Workspace, write_whole

PROJECT = Path(__file__).parents[2]
OPTIONS = (
    "--as-of",
    "--period",
    "--language",
    "--currency",
    "--mineral",
    "--to",
    "--renderer",
    "--only",
    "--from",
    "--force",
    "--confirm",
    "--cluster",
    "--explain",
    "--dry-run",
)
Ended = tuple[int, str, str]


class Pipeline:
    """A pipeline of three steps that take no time, run as the real one is."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workspace, self._patch = workspace, monkeypatch
        self.broken: dict[str, Exception] = {}
        self.runs: list[Run] = []

    def steps(self, run: Run) -> list[Step]:
        self.runs.append(run)
        names = ("check", "10_tiny", "progress-update")
        return [self._step(name, names[:place]) for place, name in enumerate(names)]

    def output(self, name: str) -> Path:
        return self.workspace.output / f"{name}.html"

    def _step(self, name: str, after: tuple[str, ...]) -> Step:
        def act() -> None:
            if name in self.broken:
                raise self.broken[name]
            self.output(name).parent.mkdir(parents=True, exist_ok=True)
            self.output(name).write_text(name, "utf-8")

        outputs = (self.workspace.relative(self.output(name)),)
        inputs = (self.workspace.relative(self.output(other)) for other in after[-1:])
        return Step(name, name, tuple(inputs), outputs, act)

    def __call__(self, *arguments: str, steps: Callable | None = None) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        self._patch.setattr(runs, "out", runs.Terminal(file=out, soft_wrap=True, width=200))
        self._patch.setattr(runs, "err", runs.Terminal(file=err, soft_wrap=True, width=200))
        self._patch.setattr(sys, "argv", [str(self.workspace.root / "pipeline.py"), *arguments])
        with pytest.raises(SystemExit) as ended:
            commands.main(steps or self.steps)
        return int(ended.value.code or 0), out.getvalue(), err.getvalue()


@pytest.fixture
def pipeline(workspace: Workspace, monkeypatch) -> Pipeline:
    return Pipeline(workspace, monkeypatch)


def test_a_run_of_the_whole_pipeline_removes_what_a_step_made_that_is_gone(pipeline: Pipeline):
    file = pipeline.workspace.root / "reports" / "_generated" / "mines.txt"
    name = pipeline.workspace.relative(file)
    extra = Step("count-mines", "Count", (), (name,), lambda: write_whole(file, "41 rows\n"))
    assert pipeline("run", steps=lambda run: [*pipeline.steps(run), extra])[0] == 0
    first = pipeline.steps(None)[0].name
    assert "Removed" not in pipeline("run", "--only", first)[1]
    assert file.is_file()
    assert "Removed 1 file of steps that no longer exist: count-mines." in pipeline("run")[1]
    assert not file.exists()
    assert "Removed" not in pipeline("run", "--force")[1]


def test_without_a_command_it_runs_and_names_the_document(pipeline: Pipeline):
    code, out, err = pipeline()
    assert (code, err) == (0, "")
    assert "figures as of 2026-09-30" in out
    assert "On no list" not in out
    assert "3 of 3 steps ran" in out
    assert "reports/_output/progress-update" in out
    code, out, _ = pipeline("run")
    assert code == 0
    assert "Nothing changed" in out
    assert "reports/_output/progress-update" in out


@pytest.mark.parametrize("formats", [["--to", "pdf, html"], ["--to", "pdf", "--to", "html"]])
def test_formats_are_parted_by_commas_or_named_one_by_one(pipeline: Pipeline, formats: list[str]):
    code, _, err = pipeline(*formats)
    assert (code, err) == (0, "")
    (run,) = pipeline.runs
    assert run.formats == ("html", "pdf")


def test_options_reach_the_run(pipeline: Pipeline):
    options = (
        "--as-of 2025-03-31 --period 2019-2024 --currency USD --mineral gold --mineral lithium"
    )
    code, out, err = pipeline(*options.split(), "--to", "pdf, html", "--renderer", "embedded")
    assert (code, err) == (0, "")
    assert "figures as of 2025-03-31" in out
    assert "On no list of this report (vocabulary/mineral_lists): gold." in out
    (run,) = pipeline.runs
    plain = run.parameters.for_papermill()
    assert plain["as_of"] == "2025-03-31"
    assert (plain["period_start"], plain["period_end"]) == (2019, 2024)
    assert (plain["currency"], plain["minerals"]) == ("USD", ["gold", "lithium"])
    assert (run.formats, run.renderer) == (("html", "pdf"), "embedded")


def test_the_command_line_overrides_the_parameters_file(pipeline: Pipeline):
    file = pipeline.workspace.root / "parameters.toml"
    file.write_text('as_of = 2024-01-01\ncurrency = "USD"\n', "utf-8")
    pipeline("--as-of", "2025-03-31")
    assert str(pipeline.runs[0].parameters.as_of) == "2025-03-31"
    assert pipeline.runs[0].parameters.currency == "USD"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--as-off 2025-03-31", "--as-of"),
        ("bogus", "No such command 'bogus'"),
        ("check --as-of 2025-03-31", "No such option"),
        ("--as-of", "requires an argument"),
        ("--as-of 2025", "such as 2025-03-31"),
        ("--as-of 2025-02-30", "'2025-02-30' does not fit"),
        ("--period 2017", "such as 2017-2025"),
        ("--period 2025-2017", "period_start 2025 is after period_end 2017"),
        ("--language de", "'de' does not fit"),
        ("--currency CHF", "'CAD', 'USD', 'EUR', 'GBP' or 'JPY'"),
        ("--mineral lithum", "Did you mean 'lithium'?"),
        ("--to html,dcx", "Did you mean 'docx'?"),
        ("--to ,", "no format is named"),
        ("--renderer quatro", "Did you mean 'quarto'?"),
        ("--only 10_tinny", "Did you mean '10_tiny'?"),
        ("--from 10_tinny", "Did you mean '10_tiny'?"),
        ("--only 10", "Did you mean '10_tiny'?"),
        ("--from 10", "Did you mean '10_tiny'?"),
        ("--only check --from check", "exclude each other"),
        ("--as-of 9999-12-31", "is in the future, today is"),
        ("changes 2025-03-31 9999-12-31", "is in the future, today is"),
        ("changes 2025-03-31 2025-02-30", "There is no run or release '2025-02-30'"),
        ("changes 9999-12-31", "is in the future, today is"),
    ],
)
def test_wrong_usage_is_refused_before_any_work(pipeline: Pipeline, arguments: str, said: str):
    code, out, err = pipeline(*arguments.split())
    assert code == 2
    assert said in err
    assert out == ""
    assert not pipeline.workspace.output.exists()


ESCAPES = {
    "\x1b]0;owned\x07": "<U+001B>]0;owned<U+0007>",
    "\x1b[2J\x1b[31m": "<U+001B>[2J<U+001B>[31m",
    "\x9b31m": "<U+009B>31m",
    "a\rb\x08": "a<U+000D>b<U+0008>",
    "a\u202eb": "a<U+202E>b",
}


@pytest.mark.parametrize(("typed", "shown"), ESCAPES.items())
def test_no_escape_sequence_reaches_the_terminal(pipeline: Pipeline, typed: str, shown: str):
    """Not of an option, a file's name, a cell, or what another program said."""
    problem = Problem(file=typed, column=typed, value=typed, expected=typed, remedy=typed)
    for broken in (StepError(typed), FiguresError([problem]), UsageError(typed), OSError(typed)):
        pipeline.broken = {"check": broken}
        for arguments in ([], [f"--only={typed}"], [f"--currency={typed}"]):
            _, out, err = pipeline(*arguments)
            told = f"{out}{err}"
            assert shown in told or repr(typed)[1:-1] in told
            assert not {*"\x1b\x9b\x07\x08\r\u202e"} & {*told}


def test_an_unknown_parameter_in_the_file_is_refused_with_the_nearest(pipeline: Pipeline):
    (pipeline.workspace.root / "parameters.toml").write_text('curency = "CAD"\n', "utf-8")
    code, _, err = pipeline()
    assert code == 2
    assert "Did you mean 'currency'?" in err


@pytest.mark.parametrize("spoil", [b"\xff\xfe", b"name\nlithium\n"])
def test_a_spoilt_list_of_minerals_is_left_to_the_check(pipeline: Pipeline, raw, spoil: bytes):
    raw.path("vocabulary/minerals").write_bytes(spoil)
    code, _, err = pipeline("--mineral", "lithium")
    assert (code, err) == (0, "")
    code, _, err = pipeline("check")
    assert code == 1
    assert "data/raw/vocabulary/minerals.csv" in err


def test_a_dry_run_says_what_would_run_and_why_and_runs_nothing(pipeline: Pipeline):
    code, out, _ = pipeline("--dry-run")
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["run", "check"],
        ["run", "10_tiny"],
        ["run", "progress-update"],
    ]
    assert out.count("first run") == 3
    assert not pipeline.workspace.output.exists()
    pipeline()
    pipeline.output("10_tiny").unlink()
    _, out, _ = pipeline("--dry-run")
    assert "same  check" in out
    assert "output missing: 10_tiny.html" in out
    assert not pipeline.output("10_tiny").exists()
    _, out, _ = pipeline("--dry-run", "--from", "10_tiny")
    assert out.count("asked for") == 2


def test_only_and_from_choose_steps(pipeline: Pipeline):
    _, out, _ = pipeline("--only", "10_tiny")
    assert "1 of 1 steps ran" in out
    _, out, _ = pipeline("--from", "10_tiny")
    assert "2 of 2 steps ran" in out
    _, out, _ = pipeline("--force")
    assert "3 of 3 steps ran" in out


def test_figures_at_fault_end_with_1_and_hold_everything_back(pipeline: Pipeline):
    problems = [Problem(file=f"{n}.csv", expected="[a] year", remedy="Write it.") for n in "ab"]
    pipeline.broken["check"] = FiguresError(problems)
    code, out, err = pipeline()
    assert code == 1
    assert "a.csv: expected [a] year. Write it." in err
    assert "2 problems in the figures." in err
    assert "Not run, because of that: 10_tiny, progress-update." in err
    assert "start  10_tiny" not in out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StepError("notebooks/a.ipynb, cell 3: [broke]"), "StepError: notebooks/a.ipynb, cell 3"),
        (UsageError("There is no edition"), "✗ 10_tiny There is no edition"),
        (KeyError("chance"), "KeyError: 'chance'"),
        (
            PermissionError(13, "Access is denied", "a.tmp", None, "annex.pdf"),
            "✗ 10_tiny annex.pdf: Access is denied. Another program, such as Excel or Acrobat",
        ),
    ],
)
def test_a_step_that_broke_ends_with_3_and_says_what_was_held_back(
    pipeline: Pipeline, error: Exception, said: str
):
    pipeline.broken["10_tiny"] = error
    code, _, err = pipeline()
    assert code == 3
    assert said in err
    assert "Not run, because of that: progress-update." in err
    assert "A later run goes on where this one failed." in err
    pipeline.broken.clear()
    code, out, _ = pipeline()
    assert code == 0
    assert "2 of 3 steps ran" in out


def test_a_file_held_open_by_another_program_is_told_without_a_traceback(pipeline: Pipeline):
    def steps(_: Run) -> list[Step]:
        raise PermissionError(13, "Access is denied", "reports/_output/progress-update.pdf")

    code, _, err = pipeline(steps=steps)
    assert code == 3
    assert "progress-update.pdf: Access is denied" in err
    assert "Close it there, then run again." in err
    assert "Traceback" not in err


def test_what_nobody_thought_of_is_told_whole_and_ends_with_3(pipeline: Pipeline):
    def steps(_: Run) -> list[Step]:
        return [1 / 0]  # type: ignore[list-item]

    code, _, err = pipeline(steps=steps)
    assert code == 3
    assert "Traceback" in err
    assert "ZeroDivisionError" in err


def test_outside_a_project_it_is_wrong_usage(tmp_path: Path, monkeypatch):
    outside = Pipeline(Workspace(tmp_path), monkeypatch)
    code, _, err = outside()
    assert code == 2
    assert "not inside a project folder" in err


@pytest.mark.parametrize("ask", [["--help"], ["-h"]])
def test_help_names_the_commands_and_exit_codes(pipeline: Pipeline, capsys, ask: list[str]):
    code, _, _ = pipeline(*ask)
    told = capsys.readouterr().out
    assert code == 0
    assert all(word in told for word in ("run", "check", "doctor", "Exit codes"))


def test_help_of_a_run_teaches_every_option_with_examples(pipeline: Pipeline, capsys):
    code, _, _ = pipeline("run", "--help")
    told = capsys.readouterr().out
    assert code == 0
    assert [option for option in OPTIONS if option not in told] == []
    assert "python pipeline.py --as-of 2025-03-31 --to html" in told


def test_doctor_says_what_is_installed_and_which_renderer_is_used(pipeline: Pipeline):
    code, out, _ = pipeline("doctor")
    assert code == 0
    for name in ("Python", "papermill", "renderer quarto", "renderer embedded", "renderer auto"):
        assert name in out


@pytest.fixture
def project(workspace: Workspace) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The project's own pipeline.py in a process of its own."""
    for name in ("pipeline.py", "parameters.toml", "requirements.lock"):
        shutil.copy(PROJECT / name, workspace.root)
    shutil.copytree(PROJECT / "notebooks", workspace.notebooks, dirs_exist_ok=True)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "pipeline.py", *arguments]
        return subprocess.run(
            command, cwd=workspace.root, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def test_check_of_broken_figures_lists_all_and_leaves_outputs_alone(project, workspace, raw):
    report = workspace.delivered / "progress-update.html"
    report.parent.mkdir(parents=True)
    report.write_text("the last good report", "utf-8")
    raw.set("funding/awards", 3, "amount", "1,5 million")
    raw.set("trade/production", 4, "year", "MMXX")
    raw.path("sources").write_bytes(b"")
    done = project("check")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "data/raw/funding/awards.csv, row 3, column amount" in done.stderr
    assert "data/raw/trade/production.csv, row 4, column year" in done.stderr
    assert "data/raw/sources.csv" in done.stderr
    assert "3 problems in the figures." in done.stderr
    assert report.read_text("utf-8") == "the last good report"
    assert not workspace.processed.exists()
    assert [path.name for path in workspace.generated.rglob("*.*")] == ["check.json"]


def test_the_real_pipeline_lists_its_steps_in_order(project):
    done = project("--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    steps = [line.split()[1] for line in done.stdout.splitlines()]
    assert steps[:2] == ["check", "fonts"]
    assert steps[2:8] == sorted(steps[2:8])
    pages = [f"notebooks/{name}.html" for name in steps[2:8]]
    told = ["changes", "checks", "browse", *pages, "attachments"]
    assembled = ["assemble.en", "assemble.fr"]
    first = steps.index("theme")
    figures = steps[8:first]
    assert len(figures) == 20
    assert all(name.startswith("fig-") for name in figures)
    charts = [f"charts.{name}" for name in figures]
    assert steps[first : first + 34] == ["theme", *charts, "trace", *assembled, *told]
    documents = ("progress-update", "annex", "rapport-d-etape", "annexe")
    assert steps[first + 34 :] == [
        f"{name}.{ending}" for name in documents for ending in ("html", "pdf")
    ]


def test_a_step_answers_to_the_name_that_it_had_before(project):
    done = project("--dry-run", "--only", "beside")
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["attachments"]


def test_a_document_is_chosen_in_all_its_formats_or_in_one(project):
    both = project("--dry-run", "--only", "progress-update").stdout
    assert [line.split()[1] for line in both.splitlines()] == [
        "progress-update.html",
        "progress-update.pdf",
    ]
    three = project("--dry-run", "--to", "html,pdf,docx", "--language", "fr").stdout
    assert "rapport-d-etape.docx" in three
    assert "annexe.pdf" in three
    assert "annexe.docx" not in three, "the annex is no document for Word"
    one = project("--dry-run", "--only", "progress-update.pdf").stdout
    assert [line.split()[1] for line in one.splitlines()] == ["progress-update.pdf"]
    other = project("--dry-run", "--only", "progress-update.docx").stdout
    assert [line.split()[1] for line in other.splitlines()] == ["progress-update.docx"]
    none = project("--dry-run", "--only", "annex.docx")
    assert (none.returncode, none.stdout) == (2, "")
    assert "Did you mean 'annex." in none.stderr


def test_the_real_pipeline_refuses_an_unknown_option(project):
    done = project("--as-off", "2025-03-31")
    assert done.returncode == 2
    assert "--as-of" in done.stderr


def test_check_of_valid_figures_says_so(pipeline: Pipeline):
    code, out, err = pipeline("check")
    assert (code, err) == (0, "")
    assert "raw tables are valid" in out


def test_what_was_asked_in_the_same_words_before_is_carried_out_without_parsing(
    pipeline: Pipeline, monkeypatch
):
    options = ("--as-of", "2025-03-31", "--to", "pdf", "--explain")
    pipeline(*options)
    kept = last_options(pipeline.workspace.root, options)
    assert kept is not None
    monkeypatch.setattr(commands, "main", None)
    with pytest.raises(SystemExit) as ended:
        runs.run_again(kept, pipeline.steps)
    assert ended.value.code == 0
    first, second = pipeline.runs
    assert (first.parameters, first.formats, first.renderer) == (
        second.parameters,
        second.formats,
        second.renderer,
    )


def test_what_another_version_kept_is_parsed_again(pipeline: Pipeline):
    assert runs.run_again({"no such option": 1}, pipeline.steps) is False
    assert pipeline.runs == []


def test_ctrl_c_is_told_and_has_an_exit_code_of_its_own(pipeline: Pipeline):
    def steps(_: Run) -> list[Step]:
        raise KeyboardInterrupt

    code, _, err = pipeline(steps=steps)
    assert code == 130
    assert "Stopped." in err


def test_a_refused_second_run_leaves_the_first_one_s_confirmation(pipeline: Pipeline):
    workspace = pipeline.workspace
    gone = Problem(file="mines.csv", expected="this row", remedy="Confirm it.")
    moved = Result(
        kind=Kind.COVERAGE,
        end="processed",
        table="sites",
        rows=1,
        problems=(gone,),
        against_last=True,
    )
    write_findings(workspace, Findings(step="10_tiny", complete=True, results=(moved,)))
    with workspace.lock(), confirming(workspace, ["sites"]):
        code, _, err = pipeline("--confirm", "sites")
        assert (code, confirmed(workspace)) == (2, {"sites"})
        assert "Another run is under way" in err
        pipeline()
        assert confirmed(workspace) == {"sites"}


def test_a_template_is_written_and_never_over_somebodys_work(tmp_path: Path):
    command = [sys.executable, str(PROJECT / "pipeline.py"), "template", "supply/reserves"]

    def asked(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    done = asked()
    assert done.returncode == 0, done.stderr
    assert "reserves.xlsx" in done.stdout
    file = tmp_path / "reserves.xlsx"
    assert asked().returncode == 0  # as it was made, it may be made again
    file.write_bytes(b"work")
    refused = asked()
    assert refused.returncode == 2
    assert "may hold work" in refused.stderr + refused.stdout
    assert file.read_bytes() == b"work"


def test_a_notebook_with_the_marks_of_a_merge_is_told_by_every_command(project, workspace):
    """Not as a fault of ours: the steps are read from what the notebooks say."""
    notebook = workspace.notebooks / "40_partnerships.ipynb"
    notebook.write_text('{\n<<<<<<< HEAD\n "cells": [],\n=======\n', "utf-8")
    done = project("--dry-run")
    assert done.returncode == 3
    assert "line 2 has the marks of a merge that was not finished" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            ("template", "supply/reserves", "--to", "."),
            "--to: . is a folder. Name a file in it,",
        ),
        (("template", "supply/reserves", "--to", "new.csv"), "--to: new.csv does not end in .xlsx"),
        (
            ("changes", "2025-12", "--json", "."),
            "--json: . is a folder. Name a file in it, such as",
        ),
        (
            ("changes", "2025-12", "--html", "."),
            "--html: . is a folder. Name a file in it, such as",
        ),
        (("add", "."), ". is a folder. Name the files in it that are to be added, such as ./*.csv"),
    ],
)
def test_a_folder_in_the_place_of_a_file_is_told_at_once(
    pipeline: Pipeline, tmp_path: Path, monkeypatch, command: tuple[str, ...], told: str
):
    monkeypatch.chdir(tmp_path)
    code, out, err = pipeline(*command)
    assert (code, out.strip()) == (2, "")
    assert told in err


def test_what_nobody_asked_to_confirm_is_refused_before_anything_is_planned(pipeline: Pipeline):
    code, out, err = pipeline("--dry-run", "--explain", "--confirm", "nosuch")
    assert (code, out) == (2, "")
    assert "--confirm: there is nothing to confirm in 'nosuch'." in err
