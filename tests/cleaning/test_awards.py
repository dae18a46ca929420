"""One row per award, its day, and sums under minerals and places."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.awards import (
    FIRMNESS,
    TIERS,
    confirmed,
    makeup,
    one_per_award,
    public_day,
    running,
    spread_over,
)

SOURCE_TIERS = {f"S_{tier}": tier for tier in TIERS}


def statement(award_id="a", status="announced", tier="reported", **cells):
    return {
        "award_id": award_id,
        "amount": 100.0,
        "currency": "CAD",
        "precision": "rounded",
        "provinces": "CA-QC",
        "status": status,
        "as_of": "2025-01-31",
        "source_id": f"S_{tier}",
        "origin": f"awards.csv:{len(status) + len(tier)}",
        **cells,
    }


def frame(*rows):
    made = pd.DataFrame(list(rows)).assign(
        as_of=lambda f: pd.to_datetime(f["as_of"]),
        public_since=lambda f: pd.to_datetime(f.get("public_since", f["as_of"])),
    )
    texts = ["award_id", "currency", "precision", "provinces", "status", "source_id", "origin"]
    return made.astype(dict.fromkeys(texts, "string"))


def test_an_official_statement_counts_before_a_report():
    rows = frame(statement(amount=4.9, tier="reported"), statement(amount=4.893, tier="official"))
    assert one_per_award(rows, SOURCE_TIERS)["amount"].tolist() == [4.893]


def test_a_contract_counts_before_its_official_announcement():
    rows = frame(
        statement(amount=10.0, tier="official"),
        statement(amount=9.5, status="contracted", tier="secondary"),
    )
    assert one_per_award(rows, SOURCE_TIERS)["amount"].tolist() == [9.5]


def test_leaving_out_the_conditions_does_not_make_a_statement_firmer():
    rows = frame(
        statement(status="announced", tier="secondary"),
        statement(status="conditional", tier="official"),
    )
    assert one_per_award(rows, SOURCE_TIERS)["status"].tolist() == ["conditional"]


def test_a_loan_takes_the_place_of_the_letter_of_interest_before_it():
    rows = frame(
        statement(status="letter_of_interest", tier="official", amount=430.0, currency="USD"),
        statement(status="conditional", tier="secondary", amount=459.0, as_of="2026-03-17"),
    )
    kept = one_per_award(rows, SOURCE_TIERS)
    assert kept[["status", "amount"]].to_numpy().tolist() == [["conditional", 459.0]]


def test_a_letter_of_interest_is_less_firm_than_an_announcement():
    rows = frame(
        statement(status="letter_of_interest", tier="official", amount=430.0),
        statement(status="announced", tier="secondary", amount=459.0),
    )
    kept = one_per_award(rows, SOURCE_TIERS)
    assert kept[["status", "amount"]].to_numpy().tolist() == [["announced", 459.0]]


def test_of_statements_alike_in_all_else_the_newest_counts():
    rows = [
        statement(amount=20.0, as_of="2024-06-30"),
        statement(amount=30.0, as_of="2025-06-30"),
        statement(amount=10.0, as_of="2023-06-30"),
    ]
    kept = one_per_award(frame(*rows), SOURCE_TIERS).iloc[0]
    assert (kept["amount"], kept["as_of"]) == (30.0, pd.Timestamp("2023-06-30"))


def test_a_revision_does_not_move_the_day_on_which_the_award_became_public():
    revised = statement(amount=12.0, as_of="2026-02-01", public_since="2023-05-01")
    kept = one_per_award(frame(revised), SOURCE_TIERS).iloc[0]
    assert (kept["amount"], kept["as_of"]) == (12.0, pd.Timestamp("2023-05-01"))


@pytest.mark.parametrize("status", ["withdrawn", "ended"])
def test_from_the_day_of_its_withdrawal_an_award_is_over_whoever_told_of_it(status):
    rows = [
        statement(amount=10.0, status="contracted", tier="official", as_of="2024-06-30"),
        statement(amount=9.0, status=status, tier="reported", as_of="2025-06-30"),
    ]
    kept = one_per_award(frame(*rows), SOURCE_TIERS).iloc[0]
    assert (kept["status"], kept["amount"]) == (status, 10.0)
    kept = one_per_award(frame(*rows[:1]), SOURCE_TIERS).iloc[0]
    assert kept["status"] == "contracted"


def test_an_award_that_is_announced_again_is_no_longer_over():
    rows = [
        statement(status="withdrawn", tier="official", as_of="2025-06-30"),
        statement(status="announced", tier="official", as_of="2026-06-30"),
    ]
    assert one_per_award(frame(*rows), SOURCE_TIERS)["status"].tolist() == ["announced"]


def test_a_stated_canadian_amount_counts_before_one_to_be_converted():
    rows = frame(
        statement(amount=335.0, currency="USD", tier="reported"),
        statement(amount=459.0, currency="CAD", tier="secondary"),
    )
    assert one_per_award(rows, SOURCE_TIERS)["currency"].tolist() == ["CAD"]


def test_blanks_are_filled_and_every_statement_is_named():
    rows = frame(
        statement(tier="official", provinces=None, as_of="2025-03-31", origin="awards.csv:9"),
        statement(tier="secondary", as_of="2025-01-31", origin="awards.csv:10"),
    )
    kept = one_per_award(rows, SOURCE_TIERS).iloc[0]
    assert kept["provinces"] == "CA-QC"
    assert kept["source_id"] == "S_official S_secondary"
    assert kept["origin"] == "awards.csv:9 awards.csv:10"
    assert kept["as_of"] == pd.Timestamp("2025-01-31")
    assert kept["statements"] == 2


STATEMENTS = st.lists(
    st.builds(
        statement,
        award_id=st.sampled_from("abc"),
        status=st.sampled_from(sorted(FIRMNESS)),
        tier=st.sampled_from(TIERS),
        amount=st.integers(1, 10**9).map(float),
    ),
    min_size=1,
    max_size=12,
)


@given(STATEMENTS)
def test_no_award_is_lost_and_none_counts_twice(rows):
    stated = frame(*rows)
    kept = one_per_award(stated, SOURCE_TIERS)
    assert sorted(kept["award_id"]) == sorted(set(stated["award_id"]))
    assert kept["statements"].sum() == len(stated)


@given(STATEMENTS, st.randoms())
def test_the_order_of_the_file_does_not_matter_to_what_is_kept(rows, random):
    mixed = random.sample(rows, len(rows))
    columns = ["award_id", "status", "source_id", "as_of"]
    kept, again = (one_per_award(frame(*order), SOURCE_TIERS) for order in (rows, mixed))
    assert kept[columns].equals(again[columns])


def test_an_award_without_a_stated_day_stands_where_it_became_public():
    announced = pd.Series(["2024-09-20", "2024-09", "2024", None], dtype="string")
    as_of = pd.Series(pd.to_datetime(["2024-09-30"] * 4))
    days = public_day(announced, as_of).dt.day.tolist()
    assert days == [20, 30, 30, 30]


def award(award_id, minerals, amount):
    return {
        "award_id": award_id,
        "minerals": minerals,
        "amount_cad": amount,
        "precision": "exact",
        "condition": "firm",
        "source_id": "S",
        "origin": f"awards.csv:{amount:.0f}",
    }


AWARDS = pd.DataFrame(
    [award("a", "lithium", 5.0), award("b", "nickel;cobalt", 7.0), award("c", None, 2.0)]
).astype({"minerals": "string"})


def test_a_shared_award_stands_in_full_under_each_mineral():
    sums = spread_over(AWARDS, "minerals").set_index(["mineral", "sharing"])["amount_cad"]
    assert sums["cobalt", "shared"] == sums["nickel", "shared"] == 7.0
    assert sums["lithium", "alone"] == 5.0


def test_what_names_no_mineral_is_kept_apart():
    sums = spread_over(AWARDS, "minerals")
    unnamed = sums[sums["mineral"].isna()]
    assert unnamed[["sharing", "amount_cad"]].to_numpy().tolist() == [["not_named", 2.0]]


@given(st.lists(st.sampled_from(["x", "x;y", "x;y;z", None]), min_size=1, max_size=9))
def test_awards_for_one_mineral_alone_and_for_none_add_up(lists):
    rows = [award(str(n), minerals, 10.0**n) for n, minerals in enumerate(lists)]
    awards = pd.DataFrame(rows).astype({"minerals": "string"})
    sums = spread_over(awards, "minerals")
    undivided = ~awards["minerals"].str.contains(";").fillna(value=False)
    additive = sums.loc[sums["sharing"] != "shared", "amount_cad"].sum()
    assert additive == awards.loc[undivided, "amount_cad"].sum()


def made_of(*rows):
    names = ["award_id", "instrument", "condition", "source_tier", "amount_cad"]
    frame = pd.DataFrame(list(rows), columns=names)
    lineage = {"source_id": "S", "origin": "awards.csv:2"}
    return frame.assign(minerals="lithium", precision="exact", **lineage)


def test_loans_equity_and_contributions_stand_apart_and_so_do_conditions():
    awards = made_of(
        ("a", "loan", "firm", "official", 4.0),
        ("b", "loan", "conditional", "secondary", 9.0),
        ("c", "grant", "firm", "official", 1.0),
        ("d", "contribution", "firm", "official", 2.0),
        ("e", "not_stated", "firm", "reported", 8.0),
    )
    sums = makeup(awards).set_index("money_form")
    assert sums["amount_cad"].to_dict() == {"contribution": 3.0, "loan": 13.0, "not_stated": 8.0}
    assert sums.loc["loan", ["conditional_cad", "unofficial_cad"]].tolist() == [9.0, 9.0]
    assert sums.loc["not_stated", ["conditional_cad", "unofficial_cad"]].tolist() == [0.0, 8.0]


def test_no_headline_rests_on_a_conditional_or_unconfirmed_amount():
    awards = made_of(
        ("a", "loan", "conditional", "official", 9.0),
        ("b", "loan", "firm", "secondary", 8.0),
        ("c", "loan", "firm", "reported", 1.0),
    )
    assert confirmed(awards)["award_id"].tolist() == ["c"]


def test_running_totals_end_at_the_sum_of_the_group():
    awards = AWARDS.assign(group=["g", "g", "h"], day=pd.to_datetime(["2024-01-02"] * 3))
    awards.loc[1, "day"] = pd.Timestamp("2023-01-02")
    run = running(awards, "group", "day")
    assert run.loc[run["group"] == "g", "cumulative_cad"].tolist() == [7.0, 12.0]


def test_a_sum_is_as_firm_as_the_loosest_of_its_awards():
    firmness = ["exact", "up_to", "exact"]
    awards = AWARDS.assign(precision=firmness, group="g", day=pd.to_datetime(["2024-01-02"] * 3))
    awards.loc[1, "day"] = pd.Timestamp("2025-01-02")
    assert running(awards, "group", "day")["precision"].tolist() == ["exact", "up_to"]
    sums = spread_over(awards, "minerals").set_index("mineral")["precision"]
    assert sums.dropna().loc[["cobalt", "lithium"]].tolist() == ["up_to", "exact"]


def test_sums_in_another_currency_are_sums_of_what_was_converted_one_by_one():
    awards = AWARDS.assign(
        amount_usd=[4.0, 5.0, 1.5], instrument="loan", source_tier="official", group="g"
    ).assign(condition=["firm", "conditional", "firm"], day=pd.Timestamp("2024-01-02"))
    whole = makeup(awards).iloc[0]
    assert whole[["amount_cad", "amount_usd"]].tolist() == [14.0, 10.5]
    assert whole[["conditional_cad", "conditional_usd"]].tolist() == [7.0, 5.0]
    nickel = spread_over(awards, "minerals").set_index("mineral").loc["nickel"]
    assert nickel[["amount_usd", "conditional_usd"]].tolist() == [5.0, 5.0]
    assert running(awards, "group", "day")["cumulative_usd"].tolist() == [10.5]
