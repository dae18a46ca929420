"""Order, reasons, failures and state, on steps that take no time."""

import io
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from critical_minerals.errors import FiguresError, Problem, StepError, UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.jobs import Local
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.quick_check import Since, look_again, signature
from critical_minerals.execution.runner import (
    Outcome,
    Reason,
    in_order,
    plan,
    records,
    remove_gone_steps,
    run,
    select,
    unaffected_steps,
    urgency,
    with_needs,
)
from critical_minerals.execution.steps import TEXTS, Step, read_by
from critical_minerals.execution.warm import run_in_subprocess
from critical_minerals.workspace.file_access import CODE, Declared, enforce
from critical_minerals.workspace.paths import Workspace, write_whole


@dataclass
class House:
    """Steps that write a file each; `broken` and `rests` are changed by the tests."""

    workspace: Workspace
    after: dict[str, tuple[str, ...]]
    rests: dict[str, str] = field(default_factory=dict)
    broken: dict[str, Exception] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    acted: list[str] = field(default_factory=list)
    told: io.StringIO = field(default_factory=io.StringIO)

    def figure(self, name: str) -> Path:
        return self.workspace.root / f"{name}.csv"

    def output(self, name: str) -> Path:
        return self.workspace.root / f"{name}.txt"

    def steps(self) -> list[Step]:
        return [self.step(name) for name in self.after]

    def step(self, name: str) -> Step:
        return Step(
            name,
            f"Do {name}",
            inputs=tuple(f"{other}.txt" for other in self.after[name]),
            outputs=(f"{name}.txt",),
            run=self._act(name),
            optional=("*.csv",),
            values=lambda: {"code": self.rests.get(name, "1")},
        )

    def _act(self, name: str) -> Callable[[], None]:
        def act() -> list[str]:
            self.acted.append(name)
            time.sleep(0.2 if name in self.slow else 0)
            if name in self.broken:
                raise self.broken[name]
            read = [figure for figure in self.reads.get(name, ()) if self.figure(figure).is_file()]
            told = [name, *(self.figure(figure).read_text("utf-8") for figure in read)]
            if name in self.meanwhile:
                self.meanwhile.pop(name)()
            self.output(name).write_text(" ".join(told), "utf-8")
            return [f"{figure}.csv" for figure in self.reads.get(name, ())]

        return act

    def run(
        self,
        *,
        force: bool = False,
        steps: list[Step] | None = None,
        explain: bool = False,
        slots: int = 2,
    ) -> Outcome:
        self.acted.clear()
        console = Console(file=self.told, force_terminal=False, width=100)
        return run(
            self.workspace,
            steps or self.steps(),
            Progress(console, explain=explain),
            force=force,
            executor=Local(slots),
        )

    def reasons(self) -> dict[str, str]:
        return {v.step: str(v) for v in plan(self.workspace, self.steps(), force=False)}


def elsewhere(edit: Callable[..., object], *arguments: object) -> None:
    """Edit as a person does while a step runs, whom no step's declaration holds."""
    Context().run(edit, *arguments)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A check, two notebooks side by side, and what is made of each and of both."""
    after = {
        "check": (),
        "one": ("check",),
        "two": ("check",),
        "of_two": ("two",),
        "report": ("one", "two"),
    }
    return House(Workspace(tmp_path), after)


def test_steps_run_after_those_they_need(house: House):
    outcome = house.run()
    assert sorted(outcome.done) == sorted(house.after)
    for name, needed in house.after.items():
        assert all(house.acted.index(other) < house.acted.index(name) for other in needed)
    assert (outcome.current, outcome.errors, outcome.skipped) == ([], {}, [])


def test_nothing_runs_twice_without_a_reason(house: House):
    house.run()
    outcome = house.run()
    assert house.acted == []
    assert sorted(outcome.current) == sorted(house.after)
    assert set(house.reasons().values()) == {"up to date"}


def test_each_reason_is_told(house: House):
    assert set(house.reasons().values()) == {"first run"}
    house.run()
    house.rests["one"] = "2"
    house.output("two").unlink()
    reasons = house.reasons()
    assert reasons["one"] == "changed: code"
    assert reasons["two"] == "output missing: two.txt"
    assert reasons["check"] == "up to date"
    assert reasons["of_two"] == "if this comes out differently: two"
    assert reasons["report"] == "if this comes out differently: one, two"
    forced = plan(house.workspace, house.steps(), force=True)
    assert {status.reason for status in forced} == {Reason.FORCED}


def test_only_what_changed_or_is_missing_runs_again(house: House):
    house.run()
    house.rests["one"] = "2"
    house.output("of_two").unlink()
    outcome = house.run()
    assert sorted(outcome.done) == ["of_two", "one"]
    assert house.run().done == []


def test_an_edit_of_what_a_step_could_read_and_did_not_is_no_reason_to_run_again(house: House):
    house.figure("awards").write_text("41")
    house.meanwhile["two"] = lambda: elsewhere(house.figure("awards").write_text, "4200")
    house.run()
    assert house.run().done == []


def test_an_edit_saved_while_its_step_runs_is_not_lost(house: House):
    house.figure("awards").write_text("41")
    house.reads["one"] = ("awards",)
    house.meanwhile["one"] = lambda: elsewhere(house.figure("awards").write_text, "42")
    house.run()
    assert house.output("one").read_text() == "one 41"
    assert house.run().done == ["one", "report"]
    assert house.output("one").read_text() == "one 42"
    assert house.run().done == []


def test_only_what_a_step_has_read_makes_it_run_again(house: House):
    for name in ("awards", "mines"):
        house.figure(name).write_text("1")
    house.reads |= {"one": ("awards",), "two": ("mines", "corrections")}
    house.run()
    house.figure("mines").write_text("2")
    assert sorted(house.run().done) == ["of_two", "report", "two"]
    house.figure("others").write_text("1")
    assert house.run().done == []
    house.figure("corrections").write_text("1")
    assert house.reasons()["two"] == "changed: corrections.csv"
    assert "two" in house.run().done


def test_an_output_that_was_changed_from_outside_is_made_again(house: House):
    house.run()
    house.output("two").write_text("5.61 billion")
    assert house.reasons()["two"] == "changed from outside: two.txt"
    assert house.run().done == ["two"]
    assert house.output("two").read_text() == "two"


def test_what_another_version_kept_is_not_read(house: House):
    house.run()
    (house.workspace.state / "state.json").write_text('{"one": {"code": "1"}, "two": []}')
    assert house.reasons()["one"] == "first run"
    assert sorted(house.run().done) == sorted(house.after)


def test_a_forced_run_runs_everything(house: House):
    house.run()
    assert sorted(house.run(force=True).done) == sorted(house.after)


def test_a_failure_holds_back_what_depends_on_it_and_nothing_else(house: House):
    house.broken["two"] = StepError("notebook two broke")
    outcome = house.run()
    assert outcome.errors == {"two": house.broken["two"]}
    assert sorted(outcome.done) == ["check", "one"]
    assert sorted(outcome.skipped) == ["of_two", "report"]
    assert not house.output("report").exists()


def test_what_does_not_depend_on_a_failure_runs_to_its_end(house: House):
    house.broken["one"] = StepError("notebook one broke")
    house.slow.add("two")  # so that one has failed before what follows two could start
    outcome = house.run()
    assert sorted(outcome.done) == ["check", "of_two", "two"]
    assert outcome.skipped == ["report"]


def test_a_rerun_goes_on_where_the_failed_one_stopped(house: House):
    house.broken["two"] = StepError("broke")
    house.run()
    house.broken.clear()
    outcome = house.run()
    assert sorted(outcome.current) == ["check", "one"]
    assert sorted(outcome.done) == ["of_two", "report", "two"]


def test_steps_that_a_failure_held_back_are_still_up_to_date_afterwards(house: House):
    house.run()
    problem = Problem(file="a.csv", expected="b", remedy="C.")
    house.rests["check"] = "2"
    house.broken["check"] = FiguresError([problem])
    outcome = house.run()
    assert [*outcome.errors] == ["check"]
    assert sorted(outcome.skipped) == ["of_two", "one", "report", "two"]
    house.broken.clear()
    outcome = house.run()
    assert outcome.done == ["check"]
    assert sorted(outcome.current) == ["of_two", "one", "report", "two"]


def test_a_step_that_failed_runs_again_even_if_nothing_changed(house: House):
    house.run()
    house.broken["one"] = ValueError("by chance")
    outcome = house.run(force=True)
    assert isinstance(outcome.errors["one"], ValueError)
    house.broken.clear()
    assert "one" in house.run().done


def test_an_output_of_a_failed_step_stays_as_it_was(house: House):
    house.run()
    house.broken["report"] = StepError("broke")
    house.run(force=True)
    assert house.output("report").read_text("utf-8") == "report"


def test_knowledge_is_kept_step_by_step(house: House):
    state = house.workspace.state / "state.json"
    seen: list[str] = []
    last = house.step("report")
    watching = replace(
        last, outputs=(), consults=(), run=lambda: seen.append(state.read_text("utf-8"))
    )
    house.run(steps=[*house.steps()[:-1], watching])
    assert all(f'"{name}"' in seen[0] for name in ("check", "one", "two"))


def test_an_unreadable_state_is_no_obstacle(house: House):
    house.run()
    (house.workspace.state / "state.json").write_text('{"check": {"co', "utf-8")
    assert set(house.reasons().values()) == {"first run"}
    assert sorted(house.run().done) == sorted(house.after)


def test_a_step_whose_inputs_cannot_be_read_runs_and_tells(house: House):
    house.run()
    house.broken["two"] = StepError("notebook two: invalid syntax")

    def unreadable() -> dict[str, str]:
        msg = "invalid syntax"
        raise SyntaxError(msg)

    steps = [
        replace(step, values=unreadable) if step.name == "two" else step for step in house.steps()
    ]
    statuses = {v.step: str(v) for v in plan(house.workspace, steps, force=False)}
    assert statuses["two"] == "changed: cannot be read: invalid syntax"
    outcome = house.run(steps=steps)
    assert str(outcome.errors["two"]) == "notebook two: invalid syntax"
    assert sorted(outcome.skipped) == ["of_two", "report"]


def test_steps_that_cannot_be_ordered_are_never_taken_for_done(house: House):
    house.after["check"] = ("report",)
    with pytest.raises(StepError, match="order"):
        house.run()


def test_what_is_read_and_not_declared_fails_the_step_and_is_named(house: House):
    (house.workspace.root / "extra.txt").write_text("1")
    house.meanwhile["one"] = (house.workspace.root / "extra.txt").read_text
    outcome = house.run()
    assert "one reads extra.txt, which it does not declare" in str(outcome.errors["one"])
    assert house.run().errors == {}


def test_what_a_step_reads_in_a_process_of_its_own_is_held_to_the_same(house: House):
    (house.workspace.root / "extra.txt").write_text("1")
    path = house.workspace.root / "extra.txt"
    house.meanwhile["one"] = lambda: run_in_subprocess("pathlib:Path.read_text", path)
    assert "which it does not declare" in str(house.run().errors["one"])


def test_work_of_the_package_names_the_optional_inputs_that_it_read(house: House):
    """Edited, they make its step run again, as those of a notebook do."""
    path = house.figure("awards")
    path.write_text("1")
    with enforce(Declared("trace", str(house.workspace.root), (), ("*.csv",))):
        named = run_in_subprocess(f"{read_by.__module__}:read_by", "pathlib:Path.read_text", path)
    assert "awards.csv" in named


def test_a_step_runs_again_for_a_text_that_it_used_and_for_no_other(house: House, monkeypatch):
    file = house.workspace.relative(house.figure("file"))
    texts = dict.fromkeys(("texts/en#used", "texts/en#unused"), ("1", file))
    monkeypatch.setattr(fingerprints, "single_texts", lambda: texts)

    def work() -> list[str]:
        house.output("one").write_text("1", "utf-8")
        return ["texts/en#used", "texts/en#missing"]

    steps = [replace(house.step("one"), inputs=(), optional=(TEXTS,), run=work)]
    assert house.run(steps=steps).done == ["one"]
    assert house.run(steps=steps).current == ["one"]
    texts["texts/en#unused"] = ("2", file)
    assert house.run(steps=steps).current == ["one"]
    texts["texts/en#used"] = ("2", file)
    assert plan(house.workspace, steps, force=False)[0].details == ("texts/en#used",)
    assert house.run(steps=steps).done == ["one"]
    texts["texts/en#missing"] = ("1", file)
    assert house.run(steps=steps).done == ["one"]
    del texts["texts/en#used"]
    assert house.run(steps=steps).done == ["one"]


def test_a_catalogue_that_is_edited_while_its_texts_are_used_counts_as_edited(
    house: House, monkeypatch
):
    paths = {f"texts/en#{each}": house.figure(each) for each in ("used", "other")}
    names = {name: ("1", house.workspace.relative(path)) for name, path in paths.items()}
    for path in paths.values():
        path.write_text("a text", "utf-8")

    def looked_at() -> dict[str, tuple[str, str]]:
        for path in paths.values():
            fingerprints.record_dependency(path)
        return names

    monkeypatch.setattr(fingerprints, "single_texts", looked_at)

    def work() -> list[str]:
        for path in paths.values():
            os.utime(path, ns=(1, 1))  # edited, and edited back
        house.output("one").write_text("1", "utf-8")
        return ["texts/en#used"]

    steps = [replace(house.step("one"), inputs=(), optional=(TEXTS,), run=work)]
    assert house.run(steps=steps).done == ["one"]
    (status,) = plan(house.workspace, steps, force=False)
    assert status.details == ("used.csv, while it ran",)


def test_what_is_made_and_not_declared_fails_the_step_and_is_named(house: House):
    hidden = replace(house.step("one"), made=lambda: ["one.txt", "hidden.txt"])
    house.meanwhile["one"] = lambda: (house.workspace.root / "hidden.txt").write_text("1")
    outcome = house.run(steps=[house.step("check"), hidden])
    assert "one makes hidden.txt, which it does not declare" in str(outcome.errors["one"])


@pytest.mark.parametrize("write", [Path.write_text, write_whole])
def test_what_is_written_and_not_declared_fails_the_step_and_is_named(house: House, write):
    path = house.workspace.root / "reports" / "_generated" / "mines.txt"
    path.parent.mkdir(parents=True)
    house.meanwhile["one"] = lambda: write(path, "41 rows")
    outcome = house.run(steps=[house.step("check"), replace(house.step("one"), made=list)])
    named = "one makes reports/_generated/mines.txt, which it does not declare among its outputs"
    assert named in str(outcome.errors["one"])
    assert not path.exists()


def test_what_a_step_writes_in_a_process_of_its_own_is_held_to_the_same(house: House):
    path = house.workspace.root / "extra.txt"
    house.meanwhile["one"] = lambda: run_in_subprocess("pathlib:Path.write_text", path, "1")
    assert "one makes extra.txt, which it does not declare" in str(house.run().errors["one"])


def test_a_step_that_declares_another_output_runs_again(house: House):
    house.run()
    report = replace(house.step("report"), outputs=("report.txt", "more.txt"))
    house.meanwhile["report"] = lambda: (house.workspace.root / "more.txt").write_text("1")
    steps = [*house.steps()[:-1], report]
    statuses = {v.step: str(v) for v in plan(house.workspace, steps, force=False)}
    assert statuses["report"] == "changed: declared outputs"
    assert house.run(steps=steps).done == ["report"]
    assert house.run(steps=steps).done == []


def test_a_declared_output_that_is_missing_afterwards_fails_the_step_and_is_named(house: House):
    hollow = replace(house.step("check"), outputs=("check.txt", "hollow.txt"))
    outcome = house.run(steps=[hollow, house.step("one")])
    message = "check declares hollow.txt among its outputs and has not made it"
    assert message in str(outcome.errors["check"])
    assert outcome.skipped == ["one"]
    fewer = replace(hollow, made=lambda: ["check.txt"])
    assert house.run(steps=[fewer, house.step("one")]).errors == {}


def loaded(file: Path, text: str) -> Callable[[], None]:
    """Load the `work` of a file of steps, as a new process does."""
    file.write_text(f"from pathlib import Path\n\ndef work():\n    {text}\n", "utf-8")
    scope: dict[str, Callable[[], None]] = {}
    exec(compile(file.read_text("utf-8"), file, "exec"), scope)  # noqa: S102 - the test's own
    fingerprints._LOADED.clear()
    return scope["work"]


def test_an_edit_of_what_a_step_runs_outside_of_the_package_makes_it_run_again(house: House):
    file, output = house.workspace.root / "pipeline.py", house.output("check")
    steps = [
        replace(house.step("check"), run=loaded(file, f"Path({str(output)!r}).write_text('1')"))
    ]
    house.run(steps=steps)
    assert house.run(steps=steps).current == ["check"]
    work = loaded(file, f"Path({str(output)!r}).write_text('2')")
    for run_ in (work, partial(work)):
        steps = [replace(house.step("check"), run=run_)]
        (status,) = plan(house.workspace, steps, force=False)
        assert str(status) == "changed: code in pipeline.py"
    assert house.run(steps=steps).done == ["check"]
    assert output.read_text("utf-8") == "2"


def test_of_a_function_of_the_package_what_values_name_counts():
    assert fingerprints.of_function(read_by) == {}
    assert fingerprints.of_function(partial(read_by, "x")) == {}


def test_what_a_step_makes_no_longer_is_removed(house: House):
    wider = replace(house.step("one"), outputs=("one.txt", "once.txt"))
    house.meanwhile["one"] = lambda: (house.workspace.root / "once.txt").write_text("1")
    house.run(steps=[house.step("check"), wider])
    assert (house.workspace.root / "once.txt").is_file()
    house.rests["one"] = "2"
    house.run(steps=[house.step("check"), house.step("one")])
    assert not (house.workspace.root / "once.txt").exists()


def writing(workspace: Workspace, name: str, *files: str) -> Step:
    def act() -> None:
        for file in files:
            write_whole(workspace.root / file, name)

    return Step(name, name, (), files, act)


def test_what_steps_made_that_are_gone_is_removed_and_nothing_else(house: House):
    published = "reports/_generated"
    topic = (f"{published}/en/70_recycling.json", f"{published}/en/fig-recycling.json")
    table, moved = "data/processed/recycling.csv", f"{published}/en/fig-moved.json"
    steps = {
        step.name: step
        for step in (
            writing(
                house.workspace, "70_recycling", *topic, table, f"{published}/en/fig-moved.json"
            ),
            writing(house.workspace, "page", f"{published}/output/notebooks/70_recycling.html"),
            writing(house.workspace, "annex.pdf", f"{published}/output/annex.pdf"),
            writing(
                house.workspace,
                "briefs/lithium",
                f"{published}/output/briefs/lithium.pdf",
                f"{published}/briefs/lithium/en/values.yml",
            ),
            writing(house.workspace, "elsewhere", "notes/a.txt", f"{published}/a.txt"),
            writing(house.workspace, "60_claims", f"{published}/en/60_claims.json"),
        )
    }
    root = house.workspace.root
    assert house.run(steps=[*steps.values()]).errors == {}
    # Another step makes one of its figures now, and lists its own among those that it may make.
    heir = replace(
        steps["60_claims"],
        outputs=(f"{published}/en/60_claims.json", f"{published}/en/fig-*.json"),
        made=lambda: [f"{published}/en/60_claims.json"],
    )
    mover = replace(heir, name="80_moved", outputs=(moved,))
    removed = remove_gone_steps(house.workspace, [heir, mover])
    assert removed == {
        "70_recycling": sorted([table, *topic]),
        "page": [f"{published}/output/notebooks/70_recycling.html"],
    }
    gone = {file for files in removed.values() for file in files}
    every = {file for step in steps.values() for file in step.outputs}
    assert {file for file in every if not (root / file).exists()} == gone
    assert not {*removed} & {*records(house.workspace)}
    assert {"annex.pdf", "briefs/lithium", "elsewhere"} <= {*records(house.workspace)}
    assert remove_gone_steps(house.workspace, [heir, mover]) == {}


def test_the_order_of_the_list_does_not_matter(house: House):
    outcome = house.run(steps=house.steps()[::-1])
    assert outcome.errors == {}
    assert [name for name in house.acted if name in {"check", "report"}] == ["check", "report"]


def test_a_step_with_all_whose_outputs_it_needs(house: House):
    assert [step.name for step in with_needs(house.steps(), "of_two")] == ["check", "two", "of_two"]


def test_only_some_steps_on_what_is_there(house: House):
    outcome = house.run(steps=select(house.steps(), only=["report"]))
    assert outcome.done == ["report"]


def test_choosing_steps(house: House):
    steps = house.steps()

    def chosen(*only: str, start: str | None = None) -> list[str]:
        return [step.name for step in select(steps, only, start)]

    assert chosen() == list(house.after)
    assert chosen("two", "check") == ["check", "two"]
    assert chosen(start="two") == ["two", "of_two", "report"]


def test_a_processed_table_is_chosen_with_all_that_it_needs(house: House):
    made = ("data/processed/awards.parquet", "data/processed/awards.csv")
    steps = [
        replace(step, outputs=(*step.outputs, *made)) if step.name == "two" else step
        for step in house.steps()
    ]
    assert [step.name for step in select(steps, only=["awards"])] == ["check", "two"]
    assert [step.name for step in select(steps, only=["awards", "report"])] == [
        *("check", "two", "report")
    ]
    with pytest.raises(UsageError, match=r"no step 'award'. Did you mean 'awards'\?"):
        select(steps, only=["award"])
    with pytest.raises(UsageError, match="no step 'awards'"):
        select(steps, start="awards")


@pytest.mark.parametrize("wrong", [{"only": ["reprot"]}, {"start": "reprot"}])
def test_an_unknown_step_is_refused_with_the_nearest(house: House, wrong: dict):
    with pytest.raises(UsageError, match=r"no step 'reprot'. Did you mean 'report'\?"):
        select(house.steps(), **wrong)


def test_two_ways_of_choosing_at_once_are_refused(house: House):
    with pytest.raises(UsageError, match="exclude each other"):
        select(house.steps(), only=["one"], start="two")


def test_a_run_tells_its_steps_in_plain_lines_where_there_is_no_terminal(house: House):
    house.broken["two"] = StepError("broke")
    house.run()
    house.run()
    told = house.told.getvalue()
    assert "start  one" in told
    assert "done   one" in told
    assert "failed two" in told
    assert "same   one" in told
    assert "\x1b" not in told


def test_reasons_are_told_while_it_runs_where_they_are_asked_for(house: House):
    house.run()
    house.rests["one"] = "2"
    house.told.truncate(0)
    house.run(explain=True)
    told = house.told.getvalue()
    assert "start  one                changed: code" in told
    assert "same   two                up to date" in told
    house.told.truncate(0)
    house.run()
    assert "up to date" not in house.told.getvalue()


def test_the_longest_of_those_that_are_ready_starts_first(house: House):
    house.after = {"check": (), **dict.fromkeys(("a", "b", "c"), ("check",))}
    steps = [replace(step, expected=2 if step.name == "c" else 1) for step in house.steps()]
    house.run(steps=steps, slots=1)
    assert house.acted == ["check", "c", "a", "b"]


def test_a_step_is_as_urgent_as_all_that_waits_for_it(house: House):
    seconds = {"check": 1, "one": 2, "two": 3, "of_two": 7, "report": 4}
    steps = [replace(step, expected=seconds[step.name]) for step in house.steps()]
    urgent = urgency(steps, in_order(steps))
    assert urgent == {"report": 4, "of_two": 7, "one": 6, "two": 10, "check": 11}


def test_no_more_steps_at_once_than_there_are_slots(house: House):
    house.after = dict.fromkeys("abcd", ())
    house.slow.update("abcd")
    begun = time.monotonic()
    house.run(slots=2)
    assert time.monotonic() - begun >= 2 * 0.2


class Stoppable(Local):
    """Lets go what steps wait for, as ending kernels does."""

    def __init__(self) -> None:
        super().__init__(2)
        self.stopped = threading.Event()

    def stop(self) -> None:
        self.stopped.set()


def test_an_interrupted_run_ends_what_it_has_begun_and_knows_what_is_done(house: House):
    executor = Stoppable()

    def wait_for_the_end() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert executor.stopped.wait(10)
        msg = "kernel died"
        raise StepError(msg)

    first, *rest = house.steps()
    rest[0] = replace(rest[0], run=wait_for_the_end)
    progress = Progress(Console(file=house.told, force_terminal=False))
    with pytest.raises(KeyboardInterrupt):
        run(house.workspace, [first, *rest], progress, executor=executor)
    reasons = house.reasons()
    assert reasons["check"] == "up to date"
    assert reasons["one"] == "first run"
    assert reasons["report"] == "first run"


@dataclass
class Touched:
    """Two notebooks with figures of their own, what is made of the first, and who was decided."""

    workspace: Workspace
    decided: list[str] = field(default_factory=list)
    acted: list[str] = field(default_factory=list)

    def step(self, name: str, reads: str, made: str) -> Step:
        def act() -> None:
            self.acted.append(name)
            path = self.workspace.root / made
            path.parent.mkdir(exist_ok=True)
            path.write_text((self.workspace.root / reads).read_text("utf-8"), "utf-8")

        def values() -> dict[str, str]:
            self.decided.append(name)
            return {"code": "1"}

        # What it loads of the code by itself does not free others of the rest of it.
        loads = (CODE,) if name == "two" else ()
        return Step(name, name, (reads,), (made,), act, optional=loads, values=values)

    def run(self, since: Since | None = None) -> set[str]:
        """Run, and name the steps that were decided by content."""
        self.acted.clear()
        steps = [
            self.step("one", "raw/one.csv", "made/one.txt"),
            self.step("two", "raw/two.csv", "made/two.txt"),
            self.step("of_one", "made/one.txt", "made/of_one.txt"),
        ]
        self.decided.clear()
        run(self.workspace, steps, Progress(Console(file=io.StringIO())), since=since)
        return {*self.decided}

    def edit(self, name: str, text: str) -> Since:
        """Edit a file; say what was touched of all that is there."""
        files = [path for path in self.workspace.root.rglob("*") if ".pipeline" not in str(path)]
        then = {str(path): signature(str(path)) for path in files}
        path = self.workspace.root / name
        then.setdefault(str(path), None)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return look_again(then)


@pytest.fixture
def touched(tmp_path: Path) -> Touched:
    there = Touched(Workspace(tmp_path))
    for name in ("one", "two"):
        there.edit(f"raw/{name}.csv", "1")
    assert there.run() == {"one", "two", "of_one"}
    return there


def test_only_what_a_touched_file_can_matter_to_is_decided(touched: Touched):
    since = touched.edit("raw/one.csv", "2")
    assert touched.run(since) == {"one", "of_one"}
    assert touched.acted == ["one", "of_one"]
    since = touched.edit("made/two.txt", "tampered")
    assert touched.run(since) == {"two"}
    assert touched.acted == ["two"]
    since = touched.edit("raw/one.csv", "2")  # only its date is another
    assert touched.run(since) == {"one"}
    assert touched.acted == []


@pytest.mark.parametrize("name", ["src/code.py", "parameters.toml", "notebooks/one.ipynb"])
def test_where_something_was_touched_that_no_step_declares_all_are_decided(
    touched: Touched, name: str
):
    assert touched.run(touched.edit(name, "2")) == {"one", "two", "of_one"}


def test_a_folder_that_comes_with_its_files_counts_for_who_looks_into_folders(touched: Touched):
    apart = touched.step("apart", "made/one.txt", "made/apart.txt")
    deep = replace(touched.step("deep", "made/one.txt", "made/deep.txt"), optional=("raw/*/*.yml",))
    flat = replace(touched.step("flat", "made/one.txt", "made/flat.txt"), optional=("raw/*.yml",))
    root = touched.workspace.root
    then = {str(root / "raw"): signature(str(root / "raw"))}
    (root / "new").mkdir()
    (root / "new" / "x.yml").write_text("x", "utf-8")
    (root / "new").rename(root / "raw" / "new")
    assert unaffected_steps([apart, flat, deep], touched.workspace, look_again(then)) == {"apart"}


def test_what_an_interrupted_run_had_begun_is_done_though_nothing_was_touched(touched: Touched):
    state = touched.workspace.state / "state.json"
    known = json.loads(state.read_text("utf-8"))
    del known["two"]
    state.write_text(json.dumps(known), "utf-8")
    touched.run(touched.edit("raw/one.csv", "1"))
    assert touched.acted == ["two"]


def test_what_was_untouched_counts_as_looked_at_for_the_next_quick_check(touched: Touched):
    since = touched.edit("raw/one.csv", "2")
    touched.run(since)
    assert str(touched.workspace.root / "raw" / "two.csv") in fingerprints.looked_at()
