"""What is dated after the report's day is said, not dropped in silence."""

import datetime as dt

from critical_minerals.review.checks import check_and_report
from critical_minerals.review.findings import (
    Findings,
    RowReconciliation,
    missing_corrections,
    stored_waiting_messages,
    waiting_messages,
    write_findings,
)
from critical_minerals.workspace.paths import Workspace

TODAY = dt.date(2026, 9, 30)
NONE = {"later": 0, "superseded": 0, "dropped": 0, "used": 9}


def test_check_says_what_waits(workspace: Workspace, raw):
    assert check_and_report(workspace, TODAY) == []
    rows = raw.rows("funding/awards")
    later = [*rows[1]]
    later[rows[0].index("as_of")] = "2026-11-15"
    raw.write("funding/awards", [*rows, later])
    (told,) = check_and_report(workspace, TODAY)
    assert told.startswith("1 row of funding/awards is dated after 2026-09-30 and waits.")
    assert "--as-of" in told
    assert "parameters.toml" in told


def test_a_file_of_corrections_that_is_gone_is_told(workspace: Workspace):
    """Emptied, it is told as well (`[]` says that there is nothing to correct)."""
    assert missing_corrections(workspace) == []
    (workspace.raw / "corrections.yml").unlink()
    (told,) = missing_corrections(workspace)
    assert "data/raw/corrections.yml is not there: no figure is corrected." in told
    assert "git checkout data/raw/corrections.yml" in told
    account = RowReconciliation(table="funding/awards", file="awards.csv", rows=9, **NONE)
    found = Findings(step="10_funding", complete=True, as_of=f"{TODAY}", reconciliations=(account,))
    write_findings(workspace, found)
    assert stored_waiting_messages(workspace, ["10_funding"], TODAY) == [told]


def test_an_earlier_day_refuses_no_later_figure(workspace: Workspace):
    (told,) = check_and_report(workspace, dt.date(2023, 1, 1))
    assert "tables are dated after 2023-01-01 and wait." in told


def test_a_run_says_it_of_what_its_notebooks_read_as_of_its_day(workspace: Workspace):
    account = RowReconciliation(
        table="funding/awards",
        file="awards.csv",
        rows=9,
        later=2,
        superseded=0,
        dropped=0,
        used=7,
    )
    found = Findings(step="10_a", complete=True, as_of="2026-09-30", reconciliations=(account,))
    write_findings(workspace, found)
    (told,) = stored_waiting_messages(workspace, ["check", "10_a"], TODAY)
    assert told.startswith("2 rows of funding/awards are dated after 2026-09-30 and wait.")
    assert stored_waiting_messages(workspace, ["10_a"], dt.date(2026, 12, 31)) == []


def test_many_tables_are_counted():
    told = waiting_messages({f"t{n}": 1000 for n in range(5)}, TODAY)
    assert told == ["5,000 rows of 5 tables are dated after 2026-09-30 and wait."]
