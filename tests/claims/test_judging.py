"""How near a recomputed figure has to come, word by word."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.errors import FiguresError
from critical_minerals.review.claims import (
    HeldAgainst,
    Outcome,
    Recomputed,
    compared,
    decide_outcome,
    growth,
    share,
)
from critical_minerals.tables.intervals import Interval

WORDS = ("exact", "rounded", "about", "nearly", "up_to", "more_than", "less_than")


@pytest.mark.parametrize(
    ("word", "published", "recomputed", "outcome"),
    [
        ("exact", 33, 33, "agrees"),
        ("exact", 79, 61, "unexplained"),
        ("rounded", 18.5, 18.5, "agrees"),
        ("rounded", 18.5, 18.6, "unexplained"),
        ("about", 50, 48.8, "agrees"),
        ("about", 50, 47, "unexplained"),
        ("nearly", 50, 47, "agrees"),
        ("nearly", 50, 44, "unexplained"),
        ("nearly", 50, 51, "unexplained"),
        ("up_to", 100, 97, "agrees"),
        ("up_to", 100, 90, "unexplained"),
        ("up_to", 100, 101, "unexplained"),
        ("more_than", 20, 26, "agrees"),
        ("more_than", 20, 19, "unexplained"),
        ("less_than", 20, 3, "agrees"),
        ("less_than", 20, 21, "unexplained"),
        ("nearly", -50, -47, "agrees"),
        ("more_than", -20, -26, "agrees"),
        ("more_than", -20, -19, "unexplained"),
    ],
)
def test_each_word_has_its_range(word: str, published: float, recomputed: float, outcome: str):
    verdict = decide_outcome(published, word, 0, Interval.exactly(recomputed))
    assert verdict.outcome == outcome
    assert verdict.difference == pytest.approx(recomputed - published)


@given(st.sampled_from(WORDS), st.floats(-1e9, 1e9))
def test_the_published_figure_itself_agrees(word: str, value: float):
    assert decide_outcome(value, word, 0, Interval.exactly(value)).outcome is Outcome.AGREES


@given(st.integers(-10_000, 10_000), st.sampled_from([1, 10, 100]))
def test_what_rounds_to_the_published_figure_agrees_after_rounding(number: int, step: int):
    published = round(number / step) * step
    verdict = decide_outcome(published, "rounded", step, Interval.exactly(number))
    same = number == published
    assert verdict.outcome is (Outcome.AGREES if same else Outcome.ROUNDED)


@given(st.integers(1, 10_000), st.floats(0.51, 50), st.sampled_from([-1, 1]))
def test_more_than_half_a_step_away_differs(number: int, steps: float, side: int):
    recomputed = Interval.exactly(number + side * steps)
    assert decide_outcome(number, "rounded", 1, recomputed).outcome is Outcome.UNEXPLAINED


def test_rounded_inputs_account_for_a_gap():
    level, before = Interval.rounded(3.6e9, 1e8), Interval.rounded(2.2e9, 1e8)
    rate = (level / before - 1) * 100
    assert decide_outcome(66, "rounded", 1, rate).outcome is Outcome.ROUNDED
    assert (
        decide_outcome(66, "rounded", 1, Interval.exactly(rate.value)).outcome
        is Outcome.UNEXPLAINED
    )


@pytest.mark.parametrize(
    ("held", "recomputed", "outcome", "difference"),
    [
        ("same", 190, "agrees", 0),
        ("same", 125, "unexplained", -65),
        ("later_state", 190, "agrees", 0),
        ("later_state", 125, "revised_since", -65),
        ("other_measure", 125, "measures_something_else", None),
        ("other_measure", 190, "measures_something_else", None),  # equal by chance
    ],
)
def test_what_a_gap_means_depends_on_what_a_figure_is_held_against(
    held: HeldAgainst, recomputed: float, outcome: str, difference: float | None
):
    verdict = decide_outcome(190, "exact", 0, Interval.exactly(recomputed), held)
    assert (verdict.outcome, verdict.difference) == (outcome, difference)


def test_without_a_figure_there_is_nothing_to_judge():
    verdict = decide_outcome(38, "rounded", 1, None)
    assert verdict.outcome is Outcome.OPEN
    assert verdict.difference is verdict.difference_pct is None


def test_nothing_is_a_part_of_zero():
    verdict = decide_outcome(0, "exact", 0, Interval.exactly(3))
    assert (verdict.difference, verdict.difference_pct) == (3, None)


def rows(*values: float | None, word: str = "exact") -> pd.DataFrame:
    """Rows of one table, with lineage."""
    return pd.DataFrame(
        {
            "value": pd.array(values, "Float64"),
            "precision": word,
            "source_id": "A_SOURCE",
            "origin": [f"table.csv:{place + 2}" for place in range(len(values))],
        }
    )


class TestRecomputing:
    def test_sums_need_all_their_parts(self):
        assert Recomputed.summed(rows(6, 27), parts=2).number == Interval.exactly(33)
        assert Recomputed.summed(rows(6), parts=2).number is None
        assert Recomputed.summed(rows(6, None)).number is None

    def test_a_sum_knows_how_its_parts_were_rounded(self):
        assert Recomputed.summed(rows(5e6, word="rounded")).number == Interval.rounded(5e6, 1e5)
        assert Recomputed.summed(rows(7, 8), step=1).number == Interval(15, 14, 16)

    def test_counts_of_nothing_are_not_zero(self):
        assert Recomputed.counted(rows(1, 2, 3)).number == Interval.exactly(3)
        assert Recomputed.counted(rows(1, 2, 3), 0).number == Interval.exactly(0)
        assert Recomputed.counted(rows()).number is None

    def test_one_row_is_not_two(self):
        with pytest.raises(ValueError, match="2 have a value"):
            Recomputed.one(rows(1, 2))

    def test_shares_and_growth_keep_every_row(self):
        part, whole = Recomputed.one(rows(1)), Recomputed.one(rows(4))
        assert share(part, whole).number == Interval.exactly(25)
        assert growth(part, whole).number == Interval.exactly(-75)
        assert len(growth(part, whole).rows) >= 2

    def test_what_is_missing_stays_missing(self):
        nothing = Recomputed.one(rows())
        assert share(Recomputed.one(rows(1)), nothing).number is None
        assert (nothing + 1).number is None


def claim(**cells: object) -> pd.DataFrame:
    """One claim as the raw table holds it."""
    record = {
        "claim": "a_claim",
        "value": 33.0,
        "unit": "projects",
        "precision": "exact",
        "rounded_to": None,
        "indicator": "projects",
        "held_against": "same",
        "missing_en": None,
        "missing_fr": None,
        "why_en": "Because",
        "why_fr": "Parce que",
        "source_id": "B_SOURCE",
        "origin": "data/raw/progress/claims.csv:7",
    }
    return pd.DataFrame([record | cells])


NOT_YET = {"en": "not yet", "fr": "pas encore"}


class TestComparing:
    def test_a_claim_rests_on_itself_and_on_what_it_is_held_against(self):
        computed = {"projects": Recomputed.summed(rows(6, 27))}
        found = compared(claim(), computed, NOT_YET).iloc[0]
        assert found["outcome"] == Outcome.AGREES
        assert found["claimed_in"] == "B_SOURCE"
        assert found["source_id"] == "A_SOURCE B_SOURCE"
        assert found["origin"] == "data/raw/progress/claims.csv:7 table.csv:2 table.csv:3"

    def test_reasons_stand_only_where_figures_differ(self):
        agreeing = compared(claim(), {"projects": Recomputed.summed(rows(33))}, NOT_YET)
        differing = compared(claim(), {"projects": Recomputed.summed(rows(30))}, NOT_YET)
        assert agreeing["why_fr"].isna().all()
        assert list(differing["why_fr"]) == ["Parce que"]
        assert differing["difference"].tolist() == [-3]

    def test_figures_not_public_yet_are_told_as_such(self):
        found = compared(claim(), {"projects": Recomputed(None, (rows(1),))}, NOT_YET).iloc[0]
        assert (found["outcome"], found["missing_fr"]) == (Outcome.OPEN, "pas encore")
        assert found["origin"] == "data/raw/progress/claims.csv:7"

    def test_a_misspelt_indicator_is_named_with_its_row(self):
        with pytest.raises(FiguresError) as told:
            compared(claim(indicator="projcts"), {"projects": Recomputed(None)}, NOT_YET)
        assert "row 7, column indicator: found 'projcts'" in str(told.value)
        assert "Did you mean 'projects'?" in str(told.value)

    def test_a_claim_without_indicator_says_what_is_missing(self):
        lacking = claim(indicator=None, missing_en="a list", missing_fr="une liste")
        assert list(compared(lacking, {}, NOT_YET)["missing_en"]) == ["a list"]

    def test_a_later_state_that_is_the_claim_itself_is_not_there_yet(self):
        own = {"projects": Recomputed.one(rows(30))}
        mine = claim(held_against="later_state", source_id="A_SOURCE")
        assert list(compared(mine, own, NOT_YET)["missing_en"]) == ["not yet"]
        revised = compared(claim(held_against="later_state"), own, NOT_YET)
        assert list(revised["outcome"]) == [Outcome.REVISED]

    def test_what_measures_something_else_says_what(self):
        computed = {"projects": Recomputed.summed(rows(6, 27))}
        found = compared(claim(held_against="other_measure"), computed, NOT_YET).iloc[0]
        assert (found["outcome"], found["why_fr"]) == (Outcome.ELSE, "Parce que")
        assert pd.isna(found["difference"])

    @pytest.mark.parametrize(
        "itself", [Recomputed.counted(rows(1, 2, 3)), Recomputed.one(rows(33))]
    )
    def test_a_list_counted_against_itself_is_no_claim(self, itself: Recomputed):
        with pytest.raises(FiguresError, match="not the claim itself"):
            compared(claim(source_id="A_SOURCE"), {"projects": itself}, NOT_YET)
        assert len(compared(claim(source_id="B_SOURCE"), {"projects": itself}, NOT_YET)) == 1

    def test_parts_may_stand_in_the_document_of_their_total(self):
        parts = {"projects": Recomputed.summed(rows(6, 27), parts=2)}
        found = compared(claim(source_id="A_SOURCE"), parts, NOT_YET)
        assert list(found["outcome"]) == [Outcome.AGREES]
