import datetime as dt
import re

import pytest

from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import find_workspace

TODAY = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def store():
    return RawStore(find_workspace())


def test_no_raw_table_is_empty(store):
    names = [name for name in store.tables if name.startswith(("partnerships/", "criticism/"))]
    assert len(names) == 6
    assert all(len(store.read(name, TODAY)) for name in names)


def test_every_member_belongs_to_an_arrangement_that_was_public(store):
    for day in (dt.date(2020, 12, 31), dt.date(2025, 3, 31), TODAY):
        known = set(store.read("partnerships/agreements", day)["agreement"])
        assert set(store.read("partnerships/members", day)["agreement"]) <= known


def test_the_alliance_has_seven_founders_and_six_commitments(store):
    members = store.read("partnerships/members", TODAY)
    alliance = members[members["agreement"] == "sustainable_critical_minerals_alliance"]
    assert set(alliance["member"]) == {"CA", "AU", "FR", "DE", "JP", "GB", "US"}
    commitments = store.read("partnerships/commitments", TODAY)
    assert (commitments["agreement"] == "sustainable_critical_minerals_alliance").sum() == 6


def test_an_older_report_does_not_see_later_arrangements(store):
    early = store.read("partnerships/agreements", dt.date(2025, 3, 31))
    assert "g7_action_plan" not in set(early["agreement"])
    assert "ca_it_joint_declaration" in set(early["agreement"])


def test_an_ended_competition_was_still_running_before(store):
    def status(day):
        rows = store.read("partnerships/agreements", day).set_index("agreement")
        return rows.loc["ca_gb_circularity_competition", "status"]

    assert (status(dt.date(2024, 1, 31)), status(TODAY)) == ("launched", "ended")


def test_every_statement_of_critics_says_whose_it_is(store):
    statements = store.read("criticism/statements", TODAY)
    assert statements[["claimant_en", "claimant_fr", "source_id"]].notna().all(axis=None)


def test_of_the_arrangements_since_2025_only_four_are_bilateral(store):
    rows = store.read("partnerships/agreements", TODAY)
    recent = rows[rows["concluded"].str[:4].fillna("0").astype(int) >= 2025]
    assert (len(recent), (recent["scope"] == "bilateral").sum()) == (13, 4)


def test_co_management_boards_are_not_told_as_indigenous_boards(store):
    told = store.read("funding/results", TODAY).set_index(["programme", "measure"])
    label = told.loc[("nri", "organizations"), "label_en"]
    assert label.startswith("Indigenous governments and organizations, and resource co-management")


def test_no_words_speak_of_a_year_after_their_day(store):
    """What a later document says is a row of that day."""
    for name in ("agreements", "engagement", "commitments", "ally_strategies"):
        cells = store.cells(f"partnerships/{name}")
        words = [column for column in cells if column.endswith("_en")]
        for row in cells.to_dict("records"):
            told = " ".join(str(row[column]) for column in words)
            ahead = {year for year in re.findall(r"\b20[12]\d\b", told) if year > row["as_of"][:4]}
            assert not ahead, (name, row["file_name"], row["row_number"])
