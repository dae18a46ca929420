"""What is made on a branch stays apart from the report."""

import json
from pathlib import Path

import pytest

from critical_minerals.execution.papermills import execute
from critical_minerals.notebook.brief import open_brief
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.paths import RUN, Workspace

from .conftest import notebook, written


def test_a_branch_has_its_own_figures_and_shares_the_rest(tmp_path: Path):
    report = Workspace(tmp_path)
    brief = report.on("briefs/lithium")
    assert brief.generated == tmp_path / "reports" / "_generated" / "briefs" / "lithium"
    assert brief.published("en") == brief.generated / "en"
    assert brief.executed == brief.generated / "notebooks"
    assert brief.output == tmp_path / "reports" / "_generated" / "output" / "briefs"
    assert brief.saved == brief.generated / "tables"
    for name in ("root", "raw", "processed", "notebooks", "state", "fonts", "shared"):
        assert getattr(brief, name) == getattr(report, name)


def test_the_report_s_own_paths_are_as_ever(tmp_path: Path):
    report = Workspace(tmp_path)
    assert report.generated == report.shared == tmp_path / "reports" / "_generated"
    assert report.output == tmp_path / "reports" / "_generated" / "output"
    assert report.delivered == tmp_path / "reports" / "_output"
    assert report.saved == report.processed


def test_a_kernel_works_on_the_branch_it_was_started_for(tmp_path: Path):
    code = (
        "from critical_minerals.workspace.paths import workspace_of\n"
        "print(workspace_of('80_x').branch)"
    )
    workspace = written(tmp_path, notebook('mineral = "tin"', f"{code}\nprint(mineral)"))
    path = workspace.notebooks / "80_mineral_brief.ipynb"
    brief = workspace.on("briefs/zinc")
    execute(brief, path, ReportParameters(), mineral="zinc")
    cells = json.loads((brief.executed / path.name).read_text("utf-8"))["cells"]
    assert "".join(cells[-1]["outputs"][0]["text"]) == "briefs/zinc\nzinc\n"
    assert not workspace.executed.exists()


def test_a_brief_run_by_hand_is_a_draft(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(RUN)
    by_hand = open_brief("80_mineral_brief", workspace.root).workspace
    assert workspace.relative(by_hand.generated) == "reports/_drafts/80_mineral_brief"
    monkeypatch.setenv(RUN, "briefs/lithium")
    made = open_brief("80_mineral_brief", workspace.root).workspace
    assert made == workspace.on("briefs/lithium")
