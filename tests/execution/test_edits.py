"""Random edits at random moments: the next run ends in what a clean build makes, and no more runs.

A small project with the shape of the real one: a step that reads of its optional inputs only what
it needs, one whose output often comes out the same, one that joins, and documents at the end.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from critical_minerals.execution import fingerprints
from critical_minerals.execution.jobs import Local
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.quick_check import Signature, look_again
from critical_minerals.execution.runner import run, signatures_after
from critical_minerals.execution.steps import Step
from critical_minerals.workspace.paths import Workspace

RAW = ("raw/awards", "raw/rates", "raw/exports")
CODE = ("notebook", "theme/template", "theme/filter", "parameters")
DOCUMENTS = ("reports/en", "reports/fr")
MADE = ("made/awards", "made/rounded", "made/values", "out/en", "out/fr")
FILES = (*RAW, *CODE, *DOCUMENTS)
JOINED = ("made/rounded", "raw/exports", "theme/template")
CONTENTS = ("1", "2", "25", "rates")

EDIT = st.tuples(st.sampled_from([*FILES, *MADE]), st.sampled_from([*CONTENTS, None]))
"""A file with what is written to it; None removes it (an output) or empties it (an input)."""
MOMENT = st.integers(0, 12)
"""Before which of the reads and writes of a run something is edited."""
CLOCK = itertools.count(1)
"""Seconds of 1970 that each edit is dated with."""
RUN = st.lists(st.tuples(MOMENT, EDIT), max_size=3)


@dataclass
class Project:
    """A folder, the moments of a run at which it is edited, and what steps read and wrote."""

    root: Path
    edits: list[tuple[int, tuple[str, str | None]]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    read: dict[str, dict[str, str]] = field(default_factory=dict)
    wrote: dict[str, dict[str, str]] = field(default_factory=dict)
    moment: int = 0
    known: Mapping[str, Signature] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def edit(self, name: str, content: str | None) -> None:
        """Write as another program does, each time at a later moment."""
        path = self.root / name
        if content is None and name in MADE:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content or "", "utf-8")
        # Seconds apart, as edits of people are: within one tick of the clock no date tells.
        os.utime(path, ns=(0, next(CLOCK) * 10**9))

    def content(self, *names: str) -> dict[str, str]:
        return {
            name: (self.root / name).read_text("utf-8") if (self.root / name).is_file() else "-"
            for name in names
        }

    def pass_moment(self) -> None:
        for moment, edit in self.edits:
            if moment == self.moment:
                Context().run(self.edit, *edit)  # as a person, whom no declaration holds
        self.moment += 1

    def take(self, step: str, name: str) -> str:
        self.pass_moment()
        text = self.content(name)[name]
        self.read[step][name] = text
        return text

    def put(self, step: str, name: str, text: str) -> None:
        self.pass_moment()
        self.edit(name, text)
        self.wrote[step][name] = text

    def build(self, edits: Sequence[tuple[int, tuple[str, str | None]]] = ()) -> list[str]:
        """Run what must run, as the command line does; return the names of the steps that ran."""
        self.edits, self.moment, self.ran = [*edits], 0, []
        progress, every = Progress(Console(file=StringIO())), steps(self)
        since = look_again(self.known) if self.known else None
        fingerprints.reset_looked_at()
        outcome = run(self.workspace, every, progress, executor=Local(1), since=since)
        assert outcome.errors == {}
        self.known = signatures_after(every, self.workspace, outcome.records)
        return outcome.done


def steps(project: Project) -> list[Step]:
    def clean(step: str) -> Collection[str]:
        awards = project.take(step, "raw/awards")
        read = ["raw/awards"]
        if "rates" in awards:
            awards += project.take(step, "raw/rates")
            read.append("raw/rates")
        text = awards + project.take(step, "notebook") + project.take(step, "parameters")
        project.put(step, "made/awards", text)
        return read

    def round_(step: str) -> None:
        project.put(step, "made/rounded", project.take(step, "made/awards")[:1])

    def join(step: str) -> None:
        parts = [project.take(step, name) for name in JOINED]
        project.put(step, "made/values", "|".join(parts))

    def typeset(language: str) -> Callable[[str], None]:
        def work(step: str) -> None:
            names = (f"reports/{language}", "made/values", "theme/filter")
            project.put(step, f"out/{language}", ">".join(project.take(step, n) for n in names))

        return work

    return [
        step(project, "clean", clean, ("notebook", "parameters"), ("made/awards",), RAW[:2]),
        step(project, "round", round_, ("made/awards",), ("made/rounded",)),
        step(
            project,
            "join",
            join,
            JOINED,
            ("made/values",),
        ),
        *(
            step(
                project,
                f"typeset-{language}",
                typeset(language),
                (f"reports/{language}", "made/values", "theme/filter"),
                (f"out/{language}",),
            )
            for language in ("en", "fr")
        ),
    ]


def step(
    project: Project,
    name: str,
    work: Callable[[str], Collection[str] | None],
    required: tuple[str, ...],
    outputs: tuple[str, ...],
    optional: tuple[str, ...] = (),
) -> Step:
    def act() -> Collection[str] | None:
        project.ran.append(name)
        project.read[name], project.wrote[name] = {}, {}
        return work(name)

    def values() -> Mapping[str, str]:
        fingerprints.files_in(project.root / "made")  # where other steps write meanwhile
        return {}

    return Step(name, name, required, outputs, act, optional, values)


def fresh(root: Path) -> Project:
    shutil.rmtree(root, ignore_errors=True)
    project = Project(root)
    for name in FILES:
        project.edit(name, CONTENTS[0])
    return project


def clean_build(project: Project, root: Path) -> Project:
    """Build what is there now in an empty folder."""
    other = fresh(root)
    for name, text in project.content(*FILES).items():
        other.edit(name, text)
    other.build()
    return other


def with_reason(project: Project, clean: Project) -> set[str]:
    """Name the steps of which an input is not what they read, or an output not what they wrote."""
    return {
        name
        for name in clean.read
        if clean.read[name] != project.read.get(name)
        or project.content(*clean.wrote[name]) != project.wrote.get(name)
    }


def hold(tmp_path: Path, runs: list[list[tuple[int, tuple[str, str | None]]]]) -> None:
    project = fresh(tmp_path / "project")
    for edits in runs:
        project.build(edits)
    after = clean_build(project, tmp_path / "clean")
    reasons = with_reason(project, after)
    taken_back = {name for edits in runs[-1:] for _, (name, _) in edits}
    ran = project.build()
    assert project.content(*MADE) == after.content(*MADE)
    if not taken_back:
        assert {*ran} <= reasons
    assert project.build() == []


@given(runs=st.lists(RUN, min_size=1, max_size=4))
@settings(max_examples=50)
def test_whatever_is_edited_whenever_the_next_run_ends_as_a_clean_build(tmp_path: Path, runs):
    hold(tmp_path, runs)


@pytest.mark.long
@given(runs=st.lists(RUN, min_size=1, max_size=6))
@settings(max_examples=3000)
def test_it_holds_for_thousands_of_edits_too(tmp_path: Path, runs):
    hold(tmp_path, runs)


def test_an_output_that_is_edited_before_the_run_has_ended_is_made_again(tmp_path: Path):
    hold(tmp_path, [[(12, ("made/values", "25"))]])
    hold(tmp_path, [[(11, ("made/values", "25"))], [(0, ("reports/en", "2"))]])


@given(edits=st.lists(EDIT, min_size=1, max_size=3))
@settings(max_examples=50)
def test_between_runs_only_what_has_a_reason_runs(tmp_path: Path, edits):
    project = fresh(tmp_path / "project")
    project.build()
    for edit in edits:
        project.edit(*edit)
    clean = clean_build(project, tmp_path / "clean")
    reasons = with_reason(project, clean)
    assert {*project.build()} <= reasons
    assert project.content(*MADE) == clean.content(*MADE)


def test_an_edit_that_is_taken_back_while_its_step_runs_is_not_lost(tmp_path: Path):
    """The step has read what is there no longer; its hashes are those of what is there."""
    project = fresh(tmp_path / "project")
    project.build()
    project.edit("notebook", "2")
    project.build([(0, ("raw/awards", "25")), (2, ("raw/awards", "1"))])
    project.build()
    assert project.content(*MADE) == clean_build(project, tmp_path / "clean").content(*MADE)
