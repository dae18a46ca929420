"""Documents are typeset in folders of their own."""

import os
from pathlib import Path

import pytest
import yaml

from critical_minerals.report.working_copy import working_copy
from critical_minerals.workspace.file_access import Declared, enforce
from critical_minerals.workspace.paths import Workspace, write_whole


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path).on("briefs/lithium")
    for path, content in {
        "reports/_quarto.yml": "toc: true",
        "reports/theme/report.lua": "filter",
        "reports/theme/report.html": "whole report",
        "reports/briefs/theme/report.html": "brief",
        "reports/briefs/mineral-brief.qmd": "document",
        "reports/_generated/fonts/a.ttf": "font",
        "reports/_generated/theme/head.html": "head",
        "reports/_generated/briefs/lithium/en/values.yml": "v: {}",
        "reports/_generated/briefs/lithium/fr/values.yml": "v: {fr: 1}",
        "reports/_generated/en/values.yml": "v: {report: 1}",
    }.items():
        write_whole(tmp_path / path, content)
    return workspace


def contents(folder: Path) -> dict[str, str]:
    walked = os.walk(folder, followlinks=True)
    files = [Path(place) / name for place, _, names in walked for name in names]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def test_it_holds_the_document_with_all_that_it_rests_on(workspace: Workspace):
    document = workspace.reports / "briefs" / "mineral-brief.qmd"
    links = {"links": [{"href": "index.html"}]}
    with working_copy(workspace, document, "en", "mineral-brief-lithium", links) as copy:
        held = contents(copy.parent)
    assert copy.name == "mineral-brief-lithium.qmd"
    assert yaml.safe_load(held.pop("_generated/en/links.yml")) == links
    assert held == {
        "mineral-brief-lithium.qmd": "document",
        "_quarto.yml": "toc: true",
        "theme/report.lua": "filter",
        "theme/report.html": "brief",
        "_generated/fonts/a.ttf": "font",
        "_generated/theme/head.html": "head",
        "_generated/en/values.yml": "v: {}",
    }


def test_what_a_renderer_writes_there_changes_nothing_outside(workspace: Workspace):
    before = contents(workspace.reports)
    document = workspace.reports / "briefs" / "mineral-brief.qmd"
    with working_copy(workspace, document, "en", "x", {}) as copy:
        write_whole(copy.parent / "theme" / "report.lua", "changed")
        write_whole(copy.parent / "_generated" / "theme" / "head.html", "changed")
        (copy.parent / "_generated" / "en" / "values.yml").unlink()
        copy.write_text("changed", "utf-8")
    assert contents(workspace.reports) == before
    assert not copy.parent.exists()


def test_it_is_gone_after_a_failure_too(workspace: Workspace):
    document = workspace.reports / "briefs" / "mineral-brief.qmd"
    with (
        pytest.raises(RuntimeError),
        working_copy(workspace, document, "en", "x", {}) as copy,
    ):
        raise RuntimeError
    assert not copy.parent.exists()


def test_what_its_step_does_not_declare_is_not_in_it(workspace: Workspace):
    """Else a document could show what nobody hashes for it."""
    document = workspace.reports / "briefs" / "mineral-brief.qmd"
    own = "reports/_generated/briefs/lithium/en"
    for name in ("fig-a.md", "fig-b.md", "tbl-c.md"):
        write_whole(workspace.root / own / name, "published")
    patterns = ("reports/briefs/*", "reports/theme/*", f"{own}/values.yml", f"{own}/fig-a.md")
    declared = Declared("typeset", str(workspace.root), (*patterns, f"{own}/tbl-*.md"))
    with enforce(declared), working_copy(workspace, document, "en", "x") as copy:
        held = {path.name for path in (copy.parent / "_generated" / "en").iterdir()}
    assert held == {"values.yml", "fig-a.md", "tbl-c.md"}


def test_two_languages_stand_side_by_side(workspace: Workspace):
    document = workspace.reports / "briefs" / "mineral-brief.qmd"
    with (
        working_copy(workspace, document, "en", "x", {}) as english,
        working_copy(workspace, document, "fr", "x", {}) as french,
    ):
        assert english.parent != french.parent
        assert (french.parent / "_generated" / "fr" / "values.yml").read_text() == "v: {fr: 1}"
        assert not (french.parent / "_generated" / "en").exists()
