"""A table against the last good run."""

import datetime as dt
import json
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from critical_minerals.errors import Problem, StepError, UsageError
from critical_minerals.execution.as_of import run_on_copy
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.steps import Run, Step
from critical_minerals.project import ReportParameters
from critical_minerals.review import last_run
from critical_minerals.review.confirmation import confirmed, confirming
from critical_minerals.review.findings import Findings, write_findings
from critical_minerals.tables.check_results import Kind, Result
from critical_minerals.tables.descriptors import Table
from critical_minerals.tables.processed import shaped, write
from critical_minerals.workspace.paths import Workspace, write_whole

TABLE = Table.model_validate(
    {
        "name": "tiny",
        "$schema": "",
        "description": "A table.",
        "fields": [
            {"name": "mineral", "description": "."},
            {"name": "year", "type": "integer", "description": ".", "x-unit": "year"},
            {"name": "amount_cad", "type": "number", "description": ".", "x-unit": "CAD"},
            {"name": "share_pct", "type": "number", "description": ".", "x-unit": "percent"},
            {"name": "projects", "type": "integer", "description": "."},
            {"name": "latitude", "type": "number", "description": ".", "x-unit": "degrees"},
            {"name": "source_id", "description": "."},
            {"name": "origin", "description": "."},
        ],
        "primaryKey": ["mineral", "year"],
    }
)
ROWS = (("copper", 100.0, 40.0, 3, 50.0), ("lithium", 200.0, 10.0, 40, 60.0))
DAY = dt.date(2026, 9, 30)


def frame(*rows: tuple) -> pd.DataFrame:
    names = ["mineral", "amount_cad", "share_pct", "projects", "latitude"]
    told = pd.DataFrame([*rows], columns=names).assign(year=2024, source_id="S", origin="a.csv:2")
    return shaped(TABLE, told)


@pytest.fixture
def last(workspace: Workspace) -> last_run.Reference:
    """What a run as of a day left for the next one."""
    return run(workspace, DAY)


def run(workspace: Workspace, day: dt.date, *rows: tuple) -> last_run.Reference:
    parameters = ReportParameters(as_of=day)
    write(TABLE, workspace, frame(*(rows or ROWS)))
    last_run.store_tables(workspace, "10_tiny", parameters, [TABLE])
    return last_run.reference(workspace, "10_tiny", parameters)


def told(last: last_run.Reference, *rows: tuple) -> dict[Kind, list[str]]:
    results = last_run.compare(TABLE, frame(*rows), last)
    return {result.kind: [str(problem) for problem in result.problems] for result in results}


def changed(row: int, place: int, value: object) -> list[tuple]:
    rows = [list(r) for r in ROWS]
    rows[row][place] = value
    return [tuple(r) for r in rows]


def test_the_same_tables_are_no_matter(last):
    results = last_run.compare(TABLE, frame(*ROWS), last)
    assert [(r.kind, r.rows, r.against_last, r.problems) for r in results] == [
        (Kind.COVERAGE, 2, True, ()),
        (Kind.MAGNITUDE, 2, True, ()),
    ]


@given(st.floats(0.21, 4.9), st.floats(-24, 24), st.integers(-10, 10), st.floats(-0.9, 0.9))
def test_what_moves_within_its_bounds_is_no_matter(workspace, factor, points, more, degrees):
    last = run(workspace, DAY, ("copper", 100.0, 40.0, 13, 50.0), ("zinc", 1e6, 1.0, 1, 60.0))
    moved = ("copper", 100.0 * factor, 40.0 + points, 13 + more, 50.0 + degrees)
    assert told(last, moved, ("zinc", 1e6, 1.0, 1, 60.0))[Kind.MAGNITUDE] == []


@pytest.mark.parametrize("amount_cad", [500.0, 20.0])
def test_a_factor_of_five_is_still_within_bounds(workspace, amount_cad):
    other = ("zinc", 1e6, 1.0, 1, 60.0)
    last = run(workspace, DAY, ROWS[0], other)
    assert told(last, *changed(0, 1, amount_cad)[:1], other)[Kind.MAGNITUDE] == []
    beyond = amount_cad * 1.01 if amount_cad > 100 else amount_cad / 1.01
    assert len(told(last, *changed(0, 1, beyond)[:1], other)[Kind.MAGNITUDE]) == 1


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_a_total_that_doubles_or_halves_is_still_within_bounds(last, factor):
    rows = [(name, amount_cad * factor, *rest) for name, amount_cad, *rest in ROWS]
    assert told(last, *rows)[Kind.MAGNITUDE] == []


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (1, 501.0, "found '501'; expected about 100.*a factor of 5.*amount_cad of mineral=copper"),
        (1, 19.0, "found '19'; expected about 100"),
        (1, 0.0, "found '0'; expected about 100"),
        (2, 66.0, "found '66'; expected about 40.*give or take 25.*share_pct"),
        (3, 16, "found '16'; expected about 3.*projects of"),
        (4, 51.5, "found '51.5'; expected about 50.*give or take 1.*latitude"),
    ],
)
def test_a_figure_of_another_size_is_named_with_its_row_and_what_it_was(last, place, value, says):
    problems = told(last, *changed(0, place, value))[Kind.MAGNITUDE]
    assert len(problems) >= 1
    assert problems[0].startswith("a.csv, row 2: found ")
    assert pd.Series(problems).str.contains(says).any(), problems
    assert "mineral=copper, year=2024 in table tiny" in problems[0]
    assert problems[0].endswith("If this is meant, run again with --confirm tiny.")


def test_a_whole_column_that_doubles_is_told_even_if_no_figure_moved_far(workspace):
    last = run(workspace, DAY)
    rows = [(name, amount * 2.5, *rest) for name, amount, *rest in ROWS]
    (problem,) = told(last, *rows)[Kind.MAGNITUDE]
    assert "column amount_cad: found '750 in total'; expected about 300" in problem


def test_rows_and_figures_that_are_gone_are_named(last):
    (problem,) = told(last, ROWS[0])[Kind.COVERAGE]
    assert problem.startswith("a.csv: found 'mineral=lithium, year=2024'; expected this row of")
    assert problem.endswith("If this is meant, run again with --confirm tiny.")
    (problem,) = told(last, *changed(1, 1, None))[Kind.COVERAGE]
    assert "a.csv, row 2: expected a figure for amount_cad of mineral=lithium" in problem
    assert "such as the last good run's 200" in problem


def test_new_rows_are_no_matter_even_beside_missing_keys(workspace):
    last = run(workspace, DAY, *ROWS, (None, 5.0, 1.0, 1, 45.0))
    more = (*ROWS, (None, 5.0, 1.0, 1, 45.0), ("zinc", 9e9, 90.0, 900, 80.0))
    assert told(last, *more) == {Kind.COVERAGE: [], Kind.MAGNITUDE: []}


def test_many_of_a_kind_are_counted(workspace):
    rows = [(f"mineral_{n:02d}", 1.0, 1.0, 1, 50.0) for n in range(30)]
    last = run(workspace, DAY, *rows)
    problems = told(last, rows[0])[Kind.COVERAGE]
    assert len(problems) == 21
    assert "found '9 more of the same kind'" in problems[-1]


def test_a_table_that_is_saved_no_longer_is_missed(last):
    assert last_run.missing_tables(last, {"tiny"}) == []
    (result,) = last_run.missing_tables(last, {"other"})
    assert str(result.problems[0]).startswith("table tiny: expected this table")


@pytest.mark.parametrize(
    ("day", "given", "comparable"),
    [
        (DAY, {}, True),
        (DAY + dt.timedelta(days=100), {}, True),
        (DAY + dt.timedelta(days=400), {}, False),
        (DAY - dt.timedelta(days=1), {}, False),
        (DAY, {"currency": "USD"}, False),
        (DAY, {"period_start": 2020}, False),
        (DAY, {"languages": ("fr",)}, True),
    ],
)
@pytest.mark.usefixtures("last")
def test_only_runs_that_ask_for_the_same_are_compared(workspace, day, given, comparable):
    parameters = ReportParameters(as_of=day, **given)
    found = last_run.reference(workspace, "10_tiny", parameters)
    assert found.comparable is comparable
    assert bool(last_run.compare(TABLE, frame(ROWS[0]), found)) is comparable


def test_the_first_run_has_nothing_to_be_compared_with(workspace):
    found = last_run.reference(workspace, "10_tiny", ReportParameters())
    assert not found.comparable
    assert last_run.compare(TABLE, frame(*ROWS), found) == []


@pytest.mark.usefixtures("last")
def test_a_run_as_of_an_earlier_day_does_not_take_the_place_of_the_last_one(workspace):
    run(workspace, DAY - dt.timedelta(days=300), ROWS[0])
    again = last_run.reference(workspace, "10_tiny", ReportParameters(as_of=DAY))
    assert told(again, *ROWS) == {Kind.COVERAGE: [], Kind.MAGNITUDE: []}
    assert told(again, ROWS[0])[Kind.COVERAGE]


def failing(table: str, *, against_last: bool = True) -> Result:
    gone = Problem(file=f"table {table}", expected="this row", remedy="Confirm it.")
    return Result(
        kind=Kind.COVERAGE,
        end="processed",
        table=table,
        rows=1,
        problems=(gone,),
        against_last=against_last,
    )


def test_what_is_confirmed_is_told_but_does_not_fail():
    moved, other = failing("tiny"), failing("large")
    sums = failing("tiny", against_last=False)  # a fault of another kind cannot be confirmed
    settled = last_run.accept_confirmed([moved, other, sums], {"tiny"})
    assert [result.good for result in settled] == [True, False, False]
    assert settled[0].confirmed == moved.problems


def test_a_confirmation_lasts_as_long_as_its_run(workspace: Workspace):
    write_findings(workspace, Findings(step="10_tiny", complete=True, results=(failing("tiny"),)))
    with confirming(workspace, ["tiny"]):
        assert confirmed(workspace) == {"tiny"}
    assert confirmed(workspace) == frozenset()
    with confirming(workspace, []):
        assert confirmed(workspace) == frozenset()


def kill_while_confirming(workspace: Workspace, *tables: str) -> None:
    """Leave what a run leaves that is killed, and so cannot withdraw a confirmation."""
    workspace.state.mkdir(exist_ok=True)
    (workspace.state / "confirmed.json").write_text(json.dumps(tables), "utf-8")


def test_what_a_killed_run_was_confirmed_is_not_confirmed_to_the_next(workspace: Workspace):
    kill_while_confirming(workspace, "tiny", "large")
    with confirming(workspace, []):
        assert confirmed(workspace) == frozenset()
    write_findings(workspace, Findings(step="10_tiny", complete=True, results=(failing("tiny"),)))
    kill_while_confirming(workspace, "large")
    with confirming(workspace, ["tiny"]):
        assert confirmed(workspace) == {"tiny"}
    kill_while_confirming(workspace, "large")
    with pytest.raises(UsageError), confirming(workspace, ["large"]):
        pass
    assert confirmed(workspace) == frozenset()


def test_a_confirmation_is_read_by_other_processes_of_its_run(workspace: Workspace):
    write_findings(workspace, Findings(step="10_tiny", complete=True, results=(failing("tiny"),)))
    program = (
        "import sys; from pathlib import Path; "
        "from critical_minerals.workspace.paths import Workspace; "
        "from critical_minerals.review.confirmation import confirmed; "
        "print(*confirmed(Workspace(Path(sys.argv[1]))))"
    )
    with confirming(workspace, ["tiny"]):
        told = subprocess.run(
            [sys.executable, "-c", program, workspace.root],
            capture_output=True,
            text=True,
            check=True,
        )
    assert told.stdout.split() == ["tiny"]


@pytest.mark.parametrize("branch", ["briefs/lithium", "drafts/10_tiny"])
def test_what_is_confirmed_to_a_run_of_the_report_is_not_to_a_branch(
    workspace: Workspace, branch: str
):
    write_findings(workspace, Findings(step="10_tiny", complete=True, results=(failing("tiny"),)))
    with confirming(workspace, ["tiny"]):
        assert confirmed(workspace.on(branch)) == frozenset()


def test_what_is_confirmed_is_not_to_a_run_beside_as_of_another_day(workspace: Workspace):
    kill_while_confirming(workspace, "tiny")
    seen: list[frozenset[str]] = []

    def steps(run: Run) -> list[Step]:
        record = run.workspace.record

        def work() -> None:
            seen.append(confirmed(run.workspace))
            write_whole(record, "{}")

        name, files = run.workspace.relative(record), (".pipeline/confirmed.json",)
        return [Step("trace", "Trace", (), (name,), work, consults=files)]

    with run_on_copy(workspace, steps, ReportParameters(as_of=DAY), Progress(Console())):
        assert seen == [frozenset()]


def test_a_notebook_that_failed_beside_is_kept_where_the_message_says(workspace: Workspace):
    name = "reports/_generated/notebooks/10_tiny.failed.ipynb"

    def steps(run: Run) -> list[Step]:
        def work() -> None:
            write_whole(run.workspace.root / name, "{}")
            msg = f"The failed notebook is kept as {name}."
            raise StepError(msg)

        return [Step("trace", "Trace", (), (run.workspace.relative(run.workspace.record),), work)]

    beside = run_on_copy(workspace, steps, ReportParameters(as_of=DAY), Progress(Console()))
    with pytest.raises(StepError), beside:
        pass
    assert (workspace.root / name).is_file()


@pytest.mark.parametrize("word", ["tinny", "all", "large"])
def test_only_what_a_failed_check_has_named_can_be_confirmed(workspace: Workspace, word: str):
    nothing = "nothing to confirm in 'tiny'. No check of the last run asks for it"
    with pytest.raises(UsageError, match=nothing), confirming(workspace, ["tiny"]):
        pass
    good = replace(failing("large"), problems=())
    found = (failing("tiny"), good)
    write_findings(workspace, Findings(step="10_tiny", complete=True, results=found))
    with pytest.raises(UsageError, match=f"in '{word}'.*'?tiny"), confirming(workspace, [word]):
        pass


def test_a_new_column_does_not_switch_the_comparison_off(last):
    path = last.folder / "tiny.parquet"
    pd.read_parquet(path).drop(columns="latitude").to_parquet(path)
    problems = told(last, ("copper", 1000.0, 40.0, 3, 50.0), ROWS[1])
    assert any("found '1000'" in problem for problem in problems[Kind.MAGNITUDE])
    assert problems[Kind.COVERAGE] == []


def test_a_column_that_is_gone_is_told(last):
    path = last.folder / "tiny.parquet"
    pd.read_parquet(path).assign(depth_m3=1.0).to_parquet(path)
    (problem,) = told(last, *ROWS)[Kind.COVERAGE]
    assert "column depth_m3: expected this column, which the last good run had" in problem
