"""A topic, a figure and a source of somebody's own, from one command each to the page."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from .conftest import PROJECT, Project

ROW = (
    "FILL IN: 2024,FILL IN: 1500,FILL IN: day from which it was public,"
    'FILL IN: id in sources.csv,"FILL IN: page, table",'
)
"""What stands in the skeleton of a table, and what a person writes there."""
ROWS = """\
2023,12000,2026-02-27,NRCAN_PROGRESS_2026,Example,
2024,15000,2026-02-27,NRCAN_PROGRESS_2026,Example,"""


class Copy:
    """A copy of a finished project with its own code, whose pipeline is run."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        own = {**os.environ, "PYTHONPATH": str(self.root / "src")}
        command = [sys.executable, "pipeline.py", *arguments]
        return subprocess.run(
            command,
            cwd=self.root,
            env=own,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )

    def fill_in(self) -> int:
        """Write something wherever a skeleton has left a gap; return in how many files."""
        files = 0
        for path in [each for each in self.root.rglob("*") if each.is_file()]:
            if ".pipeline" in path.parts or path.suffix not in SUFFIXES:
                continue
            if path.suffix == ".py" and path.parent.name != "charts":
                continue  # which tells of the mark
            if b"FILL IN" not in path.read_bytes():
                continue
            files += 1
            text = path.read_text("utf-8")
            text = re.sub("FILL IN: (tonnes?)|FILL IN\u00a0: (tonnes?)", r"\1\2", text)
            # One word, as good in English as in French.
            text = re.sub(r"FILL IN[^\"\n{(]*", "Notable ", text.replace(ROW, ROWS))
            path.write_text(text, "utf-8")
        return files


SUFFIXES = {".csv", ".yaml", ".yml", ".ipynb", ".py", ".ftl", ".qmd"}


@pytest.fixture(scope="module")
def copy(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("new") / "project"
    shutil.copytree(project.root, root, symlinks=True)
    shutil.copytree(PROJECT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return Copy(root)


@pytest.mark.long
def test_a_topic_is_one_command_then_words_and_figures_then_a_page(copy: Copy):
    made = copy.run("new", "topic", "recycling")
    assert made.returncode == 0, made.stderr
    written = [line.strip() for line in made.stdout.splitlines() if line.startswith("  ")]
    assert len(written) == 11
    assert "notebooks/70_recycling.ipynb" in written

    for command in (["check"], ["--language", "en", "--to", "html"]):
        asked = copy.run(*command)
        assert asked.returncode == 2
        assert "data/raw/recycling/recycling.csv: row 2, columns year, quantity_t" in asked.stderr
        assert "notebooks/70_recycling.ipynb: cells title, clean-intro" in asked.stderr
        assert "texts/fr/recycling.ftl: lines " in asked.stderr
        assert "annexe.qmd: lines " in asked.stderr  # the last of them

    assert copy.fill_in() == 10  # all that it wrote but the list in pipeline.py
    done = copy.run("--renderer", "embedded", "--to", "html")
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("annex", "annexe"):
        page = html.parse(copy.root / "reports" / "_output" / f"{name}-recycling.html")
        (section,) = page.xpath("//section[@id='sec-recycling'] | //h2[@id='sec-recycling']/..")
        told = " ".join(section.text_content().split()).replace("\u00a0", " ")
        assert "Notable" in told
        assert "15,000 tonnes" in told or "15 000 tonnes" in told
        assert page.xpath("//*[@id='fig-recycling']//*[local-name()='svg']")

    # On a day before its figures were public, it says so.
    earlier = copy.run("--only", "70_recycling", "--as-of", "2025-12-31")
    assert earlier.returncode == 0, earlier.stdout + earlier.stderr


def test_a_figure_finds_its_notebook_its_words_and_its_place(copy: Copy):
    asked = ["new", "figure", "exploration-share", "--topic", "50_progress"]
    wrong = copy.run(*asked, "--table", "reserves")
    assert (wrong.returncode, "saves no table 'reserves'" in wrong.stderr) == (2, True)
    made = copy.run(*asked, "--table", "exploration")
    assert made.returncode == 0, made.stderr
    assert "src/critical_minerals/charts/progress.py" in made.stdout
    assert "50_progress.ipynb: cell exploration-share-intro" in copy.run("check").stderr
    copy.fill_in()
    again = copy.run(*asked, "--table", "exploration")
    assert (again.returncode, "exploration_share already" in again.stderr) == (2, True)
    done = copy.run("--only", "50_progress", "--only", "fig-exploration-share")
    assert done.returncode == 0, done.stderr
    assert (copy.root / "reports/_generated/fr/fig-exploration-share.json").is_file()
    for name in ("annex", "annexe"):
        assert "/fig-exploration-share.md >}}" in (copy.root / f"reports/{name}.qmd").read_text()


def test_a_source_is_a_row_to_fill_in(copy: Copy):
    assert copy.run("new", "source", "NRCAN_PROGRESS_2027").returncode == 0
    told = copy.run("check")
    assert told.returncode == 2
    assert "columns title, publisher, url, published, terms, tier" in told.stderr
    with (copy.root / "data/raw/sources.csv").open(encoding="utf-8", newline="") as lines:
        row = [*csv.DictReader(lines)][-1]
    assert row["source_id"] == "NRCAN_PROGRESS_2027"
    assert row["tier"] == "FILL IN: official or republished or reported or secondary or own"
    taken = copy.run("new", "source", "NRCAN_PROGRESS_2027")
    assert (taken.returncode, "a source NRCAN_PROGRESS_2027 already" in taken.stderr) == (2, True)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["topic", "Recycling!"], "cannot be its name"),
        (["topic", "trade"], "there already"),
        (["figure", "share"], "--topic"),
        (["figure", "share", "--topic", "50_progres", "--table", "sites"], "'50_progress'"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    copy: Copy, asked: list[str], told: str
):
    before = (copy.root / "pipeline.py").read_bytes()
    refused = copy.run("new", *asked)
    assert (refused.returncode, told in refused.stderr) == (2, True), refused.stderr
    assert (copy.root / "pipeline.py").read_bytes() == before
