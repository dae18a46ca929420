"""What is known to be committed, and what may be said of sums."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning import commitments
from critical_minerals.language.quantities import Money
from critical_minerals.tables.precision import of_sum, readable

LINEAGE = {"source_id": "S", "origin": "results.csv:2"}


def results(*rows):
    frame = pd.DataFrame(rows, columns=["programme", "measure", "amount_cad", "precision"])
    return frame.assign(**LINEAGE)


def awards(*rows):
    frame = pd.DataFrame(rows, columns=["programme", "amount_cad"])
    return frame.assign(precision="exact", **LINEAGE)


def known(stated, given_awards, parents=None):
    return commitments.known(stated, given_awards, parents or {}).set_index("programme")


def test_streams_of_a_programme_add_up():
    stated = results(
        ("cmrdd", "committed_contributions", 22.2e6, "exact"),
        ("cmrdd", "committed_federal_research", 35.7e6, "exact"),
        ("cmrdd", "announced_2023", 14.1e6, "rounded"),
    )
    row = known(stated, awards()).loc["cmrdd"]
    assert row["committed_cad"] == pytest.approx(57.9e6)
    assert row["committed_precision"] == "exact"


def test_the_larger_floor_counts():
    stated = results(
        ("cmif", "committed", 300e6, "more_than"), ("sif", "committed", 249e6, "exact")
    )
    rows = known(stated, awards(("cmif", 110e6), ("sif", 390e6)))
    assert rows["committed_basis"].to_dict() == {"cmif": "published", "sif": "awards"}


def test_a_sum_of_awards_is_a_floor():
    assert known(results(), awards(("gpi", 5.0))).loc["gpi", "committed_precision"] == "more_than"


def test_awards_of_a_child_also_count_for_its_parent():
    rows = known(results(), awards(("gpi", 5.0), ("cmtp", 2.0)), {"cmtp": "gpi"})
    assert rows["committed_cad"].to_dict() == {"gpi": 7.0, "cmtp": 2.0}


def test_a_parent_takes_a_childs_published_figure_only_without_its_own():
    stated = results(("inrp", "committed", 10.4, "more_than"), ("top", "committed", 3.0, "exact"))
    rows = known(stated, awards(), {"inrp": "engagement", "other": "top"})
    assert rows["committed_cad"].to_dict() == {"engagement": 10.4, "inrp": 10.4, "top": 3.0}


def test_nothing_public_gives_no_rows():
    assert known(results(), awards()).empty


PRECISIONS = ["exact", "rounded", "about", "nearly", "more_than", "up_to", "less_than"]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["exact", "exact"], "exact"),
        (["exact", "rounded"], "rounded"),
        (["exact", "up_to", "rounded"], "up_to"),
        (["more_than", "exact"], "more_than"),
        (["more_than", "up_to"], "about"),
        ([], "exact"),
    ],
)
def test_precision_of_a_sum(parts, whole):
    assert of_sum(parts) == whole


@given(st.lists(st.sampled_from(PRECISIONS), min_size=1), st.randoms())
def test_precision_of_a_sum_does_not_depend_on_order(parts, random):
    assert of_sum(random.sample(parts, len(parts))) == of_sum(parts)


@given(st.floats(0, 1e11), st.sampled_from(PRECISIONS))
def test_shortening_keeps_floors_below_and_ceilings_above(amount, precision):
    shown = readable(Money(amount, "CAD", precision=precision)).amount
    assert abs(shown - amount) <= 100_000
    if precision == "more_than":
        assert shown <= amount + 1
    if precision == "up_to":
        assert shown >= amount - 1


def test_small_amounts_stay_as_they_are():
    assert readable(Money(674_650, "CAD")).amount == 674_650
