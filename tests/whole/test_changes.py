"""What changed, in a copy of the real project: figures edited, run again, and told."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from critical_minerals.language.catalogue import say
from critical_minerals.review.change_texts import ChangeTexts
from critical_minerals.review.changes import compare
from critical_minerals.review.snapshots import of_workspace
from critical_minerals.workspace.parameters import LANGUAGES, Language
from critical_minerals.workspace.paths import Workspace

from .conftest import PROJECT, Project

pytestmark = pytest.mark.slow

CHOSEN = ("check", "50_progress", "trace", "assemble", "changes")
STEPS = tuple(word for name in CHOSEN for word in ("--only", name))
NEW_SOURCE = "CHANGES_TEST"


def edit(project: Project, table: str, *added: tuple[str, dict[str, str]]) -> None:
    """Add rows to a raw table, each like its first one of an id but for some cells."""
    path = project.root / "data" / "raw" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = list(csv.reader(lines))
    for identifier, cells in added:
        like = next(row for row in rows if row[0] == identifier)
        record = dict(zip(header, like, strict=True)) | cells
        rows.append([record[name] for name in header])
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])


def copied(project: Project, root: Path) -> Project:
    """Copy a project that has run, with the releases that the repository holds."""
    shutil.copytree(project.root, root, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "data/releases", root / "data/releases", dirs_exist_ok=True)
    return Project(root)


@pytest.fixture(scope="module")
def edited(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy with a revision of 20 %, a new figure, and one from a new source; not run yet."""
    copy = copied(project, tmp_path_factory.mktemp("edited"))
    later = {"as_of": "2026-09-01"}
    edit(copy, "sources", ("NRCAN_PROGRESS_2026", {"source_id": NEW_SOURCE, "title": "A test"}))
    edit(
        copy,
        "progress/indicators",
        ("gdp_contribution", later | {"value": "48000000000"}),
        ("gdp_share", later | {"value": "1.1", "period": "2024"}),
        (
            "critical_minerals_jobs",
            later | {"value": "115000", "period": "2024", "source_id": NEW_SOURCE},
        ),
    )
    return copy


def found(file: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the changes of a file by kind and name; rows by the first cell of their key."""
    changes = json.loads(file.read_text("utf-8"))["changes"]
    return {
        (change["kind"], next(iter(change["key"].values()), change["name"])): change
        for change in reversed(changes)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_value_has_a_name_of_its_own(project: Project, language: Language):
    """Links that all read “A figure in …” tell nobody where they lead."""
    workspace = Workspace(project.root)
    now = of_workspace(workspace)
    texts = ChangeTexts(workspace, compare(now, now), language)
    unnamed = say("changes-section-of", heading="|")(language).split("|")[0]
    names = {name: texts.value(name) for name in now.lineage["published"]["values"]}
    assert [name for name, text in names.items() if not text or text.startswith(unnamed)] == []


def test_figures_that_were_edited_and_not_run_are_no_release(edited: Project):
    done = edited.run("release", "2026-09")
    assert done.returncode == 2
    assert "The last run is not finished, or something has changed since" in done.stderr
    assert not (edited.root / "data/releases/2026-09").exists()


def test_a_run_ends_with_what_it_changed_and_changes_tells_why(edited: Project, tmp_path: Path):
    done = edited.run(*STEPS)
    assert done.returncode == 0, done.stderr
    end = done.stdout.partition("Since the run of")[2].splitlines()
    assert 3 <= len(end) <= 6
    assert "gdp_contribution" in end[1]
    assert "+20%" in end[1]
    told = edited.run(
        *("changes", "previous", "last"),
        *("--json", str(tmp_path / "all.json"), "--html", str(tmp_path / "all.html")),
    )
    assert told.returncode == 0, told.stderr
    assert json.loads((tmp_path / "all.json").read_text("utf-8"))["changes"][0]["name"] == (
        "gdp_contribution"
    )
    changes = found(tmp_path / "all.json")
    first = changes["value", "gdp_contribution"]
    assert (first["tier"], first["why"]) == ("large", "revision")
    assert first["relative"] == pytest.approx(0.2)
    assert changes["row", "gdp_contribution"]["cells"][0]["column"] == "value"
    assert changes["value", "gdp_share"]["why"] == "new row"
    assert changes["value", "critical_minerals_jobs"]["why"] == "new source"
    assert changes["source", NEW_SOURCE]["what"] == "added"
    page = (tmp_path / "all.html").read_text("utf-8")
    assert "gdp_contribution" in page
    assert "+20%" in page


def test_the_last_release_and_a_day_are_compared_with_the_run(edited: Project, tmp_path: Path):
    for name, before in (("release.json", ()), ("day.json", ("2025-12-31",))):
        told = edited.run("changes", *before, "--json", str(tmp_path / name))
        assert told.returncode == 0, told.stderr
    release, day = (found(tmp_path / name) for name in ("release.json", "day.json"))
    for changes in (release, day):
        assert changes["value", "awards_count"]["what"] == "revised"
        assert changes["value", "gdp_contribution"]["what"] == "added"
        assert changes["source", "USGS_MCS2026"]["what"] == "added"
    again = edited.run("changes", "2025-12-31")
    assert again.returncode == 0, again.stderr
    assert "10_funding" not in again.stdout


def test_unknown_names_are_refused_with_the_nearest(edited: Project):
    for name, said in (("lst", "Did you mean 'last'?"), ("2025-13", "There is no run or release")):
        done = edited.run("changes", name)
        assert done.returncode == 2
        assert said in done.stderr
    assert edited.run("changes", "--language", "de").returncode == 2


def test_a_finished_run_is_released_once(project: Project, tmp_path: Path):
    finished = copied(project, tmp_path / "finished")
    done = finished.run("release")
    assert done.returncode == 0, done.stderr
    assert "Release 2026-09, figures as of 2026-09-30" in done.stdout
    again = finished.run("release", "2026-09")
    assert again.returncode == 2
    assert "There is a release '2026-09' already" in again.stderr
    told = finished.run("changes", "2026-09")
    assert "No figure changed." in told.stdout
