"""A notebook that a person runs by hand makes a draft, and leaves the report as it is."""

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from critical_minerals.errors import StepError, UsageError
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import Money
from critical_minerals.notebook.session import Notebook, open_notebook
from critical_minerals.tables import processed
from critical_minerals.tables.descriptors import Tables
from critical_minerals.workspace.paths import REPORT, RUN, Workspace, workspace_of

DRAFT = Path("reports/_drafts/10_tiny")


def made(workspace: Workspace, *, factor: float = 1.0, **parameters: object) -> Notebook:
    """Run a small notebook from its first cell to its last."""
    nb = open_notebook("10_tiny", workspace.root, **parameters)
    rows = nb.raw("trade/domestic_exports").rename(columns={"value_cad": "amount_cad"})
    few = rows.dropna(subset=["mineral"]).drop_duplicates(["mineral", "year"])
    nb.exclude(rows.drop(few.index), say("left-out-other-countries"))
    saved = nb.save("tiny_exports", few.assign(amount_cad=few["amount_cad"] * factor))
    nb.value("exports", Money(float(saved["amount_cad"].sum()), "CAD"), rows=saved)
    nb.finish()
    return nb


def kept(workspace: Workspace) -> pd.DataFrame:
    """The table as it was written: a draft's own, or the report's."""
    return processed.read(Tables(workspace.schemas)["tiny_exports"], workspace)


def state(workspace: Workspace) -> dict[str, bytes]:
    """Return all files but those of drafts."""
    files = [path for path in workspace.root.rglob("*") if path.is_file()]
    return {
        workspace.relative(path): path.read_bytes() for path in files if "_drafts" not in path.parts
    }


@pytest.fixture
def reported(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with a report; what runs from here on, runs by hand."""
    made(workspace)
    monkeypatch.delenv(RUN)
    return workspace


def test_what_is_run_by_hand_leaves_everything_that_the_report_is_made_of(reported: Workspace):
    before = state(reported)
    assert ".pipeline/last" in " ".join(before)
    nb = made(reported, factor=1.5)
    assert state(reported) == before
    draft = json.loads((reported.root / DRAFT / "en" / "10_tiny.json").read_text("utf-8"))
    official = json.loads((reported.published("en") / "10_tiny.json").read_text("utf-8"))
    number = draft["values"]["exports"]["number"]
    assert number == pytest.approx(1.5 * official["values"]["exports"]["number"])
    saved = pd.read_csv(reported.root / DRAFT / "tables" / "tiny_exports.csv")
    assert len(saved) == len(
        processed.read(Tables(nb.workspace.schemas)["tiny_exports"], nb.workspace)
    )
    assert (reported.root / DRAFT / "checks" / "10_tiny.json").is_file()
    assert (reported.root / DRAFT / "lineage" / "10_tiny.json").is_file()


def test_a_draft_says_where_it_lies_and_what_makes_the_report(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    made(workspace, as_of="2026-09-30")
    assert capsys.readouterr().out == ""
    monkeypatch.delenv(RUN)
    made(workspace, as_of="2026-09-30")
    assert capsys.readouterr().out.splitlines() == [
        f"A draft, as of 2026-09-30, in {DRAFT}. Official is what make report makes."
    ]


def test_a_notebook_reads_its_own_draft_and_the_reports_of_all_others(reported: Workspace):
    official = kept(reported)["amount_cad"].sum()
    own = made(reported, factor=1.5)
    assert own.processed("tiny_exports")["amount_cad"].sum() == pytest.approx(1.5 * official)
    other = open_notebook("60_other", reported.root)
    assert other.processed("tiny_exports")["amount_cad"].sum() == official
    assert kept(reported)["amount_cad"].sum() == official


def test_a_table_that_no_report_has_made_yet_is_asked_for(workspace: Workspace):
    with pytest.raises(StepError, match=r"no table tiny_exports yet\. Make the report first"):
        open_notebook("60_other", workspace.root).processed("tiny_exports")


def test_what_is_not_given_stands_in_the_parameters_file(workspace: Workspace):
    file = workspace.root / "parameters.toml"
    file.write_text('as_of = 2025-03-31\ncurrency = "USD"\n', "utf-8")
    by_hand = open_notebook("10_tiny", workspace.root, as_of=None, currency=None).parameters
    assert (by_hand.as_of, by_hand.currency) == (dt.date(2025, 3, 31), "USD")
    given = open_notebook("10_tiny", workspace.root, as_of="2024-12-31", currency=None).parameters
    assert (given.as_of, given.currency) == (dt.date(2024, 12, 31), "USD")
    file.write_text("edited while the run was under way", "utf-8")
    run = open_notebook("10_tiny", workspace.root, **given.for_papermill()).parameters
    assert run == given


def test_the_report_is_made_only_by_those_who_say_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    for run, where in [("", str(DRAFT)), (REPORT, "reports/_generated")]:
        monkeypatch.setenv(RUN, run)
        place = open_notebook("10_tiny", workspace.root).workspace
        assert workspace.relative(place.generated) == where


def test_a_kernel_started_anywhere_finds_the_project_of_this_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv(RUN, raising=False)
    monkeypatch.chdir(tmp_path)
    place = workspace_of("10_funding")
    assert place.relative(place.generated) == "reports/_drafts/10_funding"
    assert (place.notebooks / "10_funding.ipynb").is_file()
    with pytest.raises(UsageError, match="is not inside a project"):
        workspace_of("10_funding", tmp_path)
