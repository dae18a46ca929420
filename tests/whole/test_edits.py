"""Edits of the real project: what an edit touches would run again, and nothing else.

The package is copied beside the project, so that its filters, texts and templates can be edited.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import ANNEXES, DOCUMENTS, PROJECT, WHOLE, Project

pytestmark = pytest.mark.slow

PACKAGE = "src/critical_minerals"
TYPESET = {
    *(f"{name}.{suffix}" for name in DOCUMENTS.values() for suffix in ("html", "pdf", "docx")),
    *(f"{name}.{suffix}" for name in ANNEXES.values() for suffix in ("html", "pdf")),
}
ASSEMBLED = {"assemble.en", "assemble.fr"}
TOLD = {"trace", *ASSEMBLED, "changes", "browse", "attachments"}
"""Steps that tell of the figures."""


@dataclass(frozen=True)
class Copy:
    """The project as its last run left it, with a copy of the package that its commands use."""

    root: Path

    def would_run(self) -> dict[str, str]:
        """Ask which steps would run now for a reason of their own, and for which.

        Those that run only if one before them comes out differently are left out.
        """
        command = [sys.executable, "pipeline.py", "run", "--dry-run", *WHOLE]
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src")}
        done = subprocess.run(
            command, cwd=self.root, capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        told = re.findall(r"^  run +(\S+) +(.*)$", done.stdout, re.MULTILINE)
        return {name: why for name, why in told if not why.startswith("if this comes out")}


@pytest.fixture(scope="module")
def finished(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("edits") / "project"
    shutil.copytree(project.root, root, symlinks=True)
    # Another test may have left it with a run that failed.
    assert Project(root).run(*WHOLE).returncode == 0
    shutil.copytree(PROJECT / PACKAGE, root / PACKAGE)
    return Copy(root)


def appended(text: str) -> Callable[[Path], None]:
    """Make an edit that adds a line at the end."""

    def edit(path: Path) -> None:
        path.write_text(f"{path.read_text('utf-8')}{text}\n", "utf-8")

    return edit


def replaced(old: str, new: str) -> Callable[[Path], None]:
    """Make an edit that writes one word for another where it first stands."""

    def edit(path: Path) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return edit


@contextmanager
def edited(path: Path, edit: Callable[[Path], None]) -> Iterator[None]:
    """Edit a file for a while."""
    before = path.read_bytes()
    try:
        edit(path)
        yield
    finally:
        path.write_bytes(before)


def test_of_a_copy_nothing_would_run(finished: Copy):
    assert finished.would_run() == {}


@pytest.mark.parametrize(
    ("file", "edit", "begins", "spared"),
    [
        (f"{PACKAGE}/report/embedded.lua", appended("-- same"), TYPESET, {"theme", *TOLD}),
        (f"{PACKAGE}/report/pandoc.lua", appended("-- same"), TYPESET, {"theme", *TOLD}),
        ("reports/theme/report.lua", appended("-- same"), {"theme", *TYPESET}, ASSEMBLED),
        ("reports/theme/typst-show.typ", appended("// same"), {"theme", *TYPESET}, ASSEMBLED),
        ("reports/theme/report.css", appended("/* same */"), {"theme"}, {"fonts", *ASSEMBLED}),
        ("reports/_generated/theme/head.html", appended("<!-- -->"), {"theme"}, {"fonts"}),
        (f"{PACKAGE}/report/fonts.py", appended("# same"), {"fonts"}, {"check"}),
        (
            f"{PACKAGE}/execution/charts.py",
            appended("# same"),
            {"charts.fig-envelopes"},
            {"check", "trace"},
        ),
        (
            f"{PACKAGE}/report/templates/figure.md.j2",
            replaced("visible", "visible "),
            {*ASSEMBLED, "charts.fig-envelopes"},
            {"10_funding", "fig-envelopes"},
        ),
        (
            f"{PACKAGE}/charts/funding.py",
            appended("# same"),
            {"fig-envelopes", "fig-awards-makeup"},
            {"10_funding", "20_trade", "fig-production", *TOLD, *TYPESET},
        ),
        (
            f"{PACKAGE}/charts/labels.py",
            appended("# same"),
            {"fig-envelopes", "fig-production"},
            {"10_funding", "20_trade", "40_partnerships", *TOLD, *TYPESET},
        ),
        (
            f"{PACKAGE}/language/texts/en/funding.ftl",
            replaced("fig-envelopes-caption = ", "fig-envelopes-caption = Again. "),
            {"fig-envelopes"},
            {"10_funding", "fig-awards-makeup", *TOLD, *TYPESET},
        ),
        (
            "reports/progress-update.qmd",
            replaced("Canada set out", "Canada began"),
            {"progress-update.html", "progress-update.pdf", "progress-update.docx"},
            {*ASSEMBLED, "rapport-d-etape.html"},
        ),
        (
            "data/raw/trade/merchandise_trade.csv",
            replaced(",53761530,", ",53761531,"),
            {"check", "20_trade"},
            {"10_funding", "30_supply", "fonts", "theme"},
        ),
        (
            "parameters.toml",
            replaced("2026-09-30", "2026-09-29"),
            {"10_funding", "20_trade", "30_supply"},
            {"fonts", "theme"},
        ),
    ],
    ids=lambda value: value.rpartition("/")[2] if isinstance(value, str) else "",
)
def test_an_edit_makes_run_what_it_touches(
    finished: Copy, file: str, edit: Callable[[Path], None], begins: set[str], spared: set[str]
):
    with edited(finished.root / file, edit):
        runs = finished.would_run()
    assert begins <= runs.keys()
    assert not spared & runs.keys()


def test_a_word_that_a_notebook_writes_makes_it_run_and_one_that_nobody_says_nothing(
    finished: Copy,
):
    path = finished.root / PACKAGE / "language/texts/en/trade.ftl"
    with edited(path, appended("# A comment\nnever-said = Never said")):
        assert finished.would_run() == {}
    with edited(path, replaced("flow-export = Exports", "flow-export = Exported")):
        runs = finished.would_run()
    assert not {"check", "fonts", "theme", "10_funding", "40_partnerships"} & runs.keys()
    assert runs


def test_what_one_edition_says_makes_nothing_run_of_the_other(finished: Copy):
    path = finished.root / PACKAGE / "language/texts/fr/lineage.ftl"
    with edited(path, replaced("lineage-cell = ", "lineage-cell = La ")):
        runs = finished.would_run()
    assert "assemble.fr" in runs
    assert not {"assemble.en", "progress-update.html"} & runs.keys()


def test_a_release_under_another_name_is_told_anew(finished: Copy):
    releases = finished.root / "data/releases"
    (first,) = [path for path in releases.iterdir() if path.is_dir()]
    renamed = first.rename(releases / "2025-11")
    try:
        runs = finished.would_run()
    finally:
        renamed.rename(first)
    # What changed since a release is found where the record is written, and told from there.
    assert {"trace", *ASSEMBLED, "changes"} <= runs.keys()
    assert (
        not {"10_funding", "charts.fig-envelopes", "checks", "progress-update.html"} & runs.keys()
    )


def test_an_output_that_was_changed_by_hand_is_made_again(finished: Copy):
    table = finished.root / "data/processed/funding_awards.csv"
    with edited(table, appended("1,2,3")):
        runs = finished.would_run()
    assert "changed from outside" in runs["10_funding"]
    assert not {"20_trade", "check"} & runs.keys()
