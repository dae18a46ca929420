"""The raw figures of funding as they stand: relations hold and nothing counts twice."""

from __future__ import annotations

import datetime as dt

import pytest

from critical_minerals.cleaning.awards import WITHDRAWN, condition_of, makeup, one_per_award
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import find_workspace

LATEST = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def store():
    return RawStore(find_workspace())


def test_every_relation_names_an_envelope(store):
    rows = store.read("funding/envelopes", LATEST)
    known = set(rows["programme"] + ":" + rows["measure"])
    for column in ("part_of", "same_as", "absorbs"):
        assert set(rows[column].dropna()) <= known


def test_only_one_total_for_each_programme(store):
    rows = store.read("funding/envelopes", LATEST)
    totals = rows[rows["role"] == "total"]
    assert not totals["programme"].duplicated().any()


def test_statements_of_one_award_agree_on_who_pays_or_do_not_say(store):
    rows = store.read("funding/awards", LATEST)
    payers = rows[rows["jurisdiction"] != "not_stated"].groupby("award_id")["jurisdiction"]
    assert (payers.nunique() <= 1).all()


def test_foreign_money_is_not_federal(store):
    rows = store.read("funding/awards", LATEST)
    abroad = rows[rows["programme"] == "us_dpa"]
    assert abroad["jurisdiction"].tolist() == ["foreign"]


def test_all_eleven_projects_of_the_partnerships_page(store):
    rows = store.read("funding/awards", LATEST)
    page = rows[(rows["source_id"] == "NRCAN_GPI") & (rows["jurisdiction"] == "federal")]
    assert len(page) == 11


def test_nothing_is_seen_before_it_was_public(store):
    day = dt.date(2023, 6, 30)
    for table in ("envelopes", "results", "awards"):
        assert (store.read(f"funding/{table}", day)["as_of"].dt.date <= day).all()


def federal(store, day):
    """The awards that federal totals take, in Canadian dollars as stated."""
    tiers = store.read("sources", day).set_index("source_id")["tier"].to_dict()
    awards = one_per_award(store.read("funding/awards", day), tiers)
    nothing = awards["status"].isin(["letter_of_interest", *WITHDRAWN])
    kept = awards[(awards["jurisdiction"] == "federal") & ~nothing]
    return kept.assign(condition=condition_of(kept["status"]), amount_cad=kept["amount"])


def test_loans_equity_and_contributions_of_the_federal_awards(store):
    sums = makeup(federal(store, LATEST)).set_index("money_form")
    loans, contributions = sums.loc["loan"], sums.loc["contribution"]
    assert (loans["amount_cad"], loans["conditional_cad"]) == (908_500_000, 459_000_000)
    assert contributions["amount_cad"] == 243_204_270
    assert sums["awards"].sum() == 57


def test_what_the_press_tells_is_told_by_money_and_shrinks_as_official_words_come(store):
    def unofficial(day):
        sums = makeup(federal(store, day))
        return sums["unofficial_cad"].sum() / sums["amount_cad"].sum()

    # Amounts in US dollars, all of them reported, count here as they are stated.
    assert unofficial(dt.date(2026, 5, 28)) == pytest.approx(0.67, abs=0.02)
    assert unofficial(LATEST) == pytest.approx(0.33, abs=0.02)


def test_a_revision_as_the_readme_says_does_not_move_the_day_of_its_award(workspace, raw):
    rows = raw.rows("funding/awards")
    row = next(r for r in rows if r[0] == "cmrdd_sherritt")
    revised = [*row]
    revised[rows[0].index("as_of")] = "2026-02-01"
    revised[rows[0].index("amount")] = "800000"
    raw.write("funding/awards", [*rows, revised])
    awards = federal(RawStore(workspace), LATEST).set_index("award_id")
    assert awards.loc["cmrdd_sherritt", "amount"] == 800_000
    assert str(awards.loc["cmrdd_sherritt", "as_of"].date()) == "2023-03-07"


def test_an_award_counts_until_the_day_on_which_it_was_withdrawn(workspace, raw):
    rows = raw.rows("funding/awards")
    over = [*next(r for r in rows if r[0] == "cmrdd_sherritt")]
    over[rows[0].index("as_of")] = "2026-02-01"
    over[rows[0].index("status")] = "withdrawn"
    raw.write("funding/awards", [*rows, over])
    store = RawStore(workspace)
    assert "cmrdd_sherritt" in set(federal(store, dt.date(2026, 1, 31))["award_id"])
    assert "cmrdd_sherritt" not in set(federal(store, dt.date(2026, 2, 1))["award_id"])
