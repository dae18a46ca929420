"""Totals and their parts."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.review.totals import compare_totals, totals_result
from critical_minerals.tables.check_results import Kind

amounts = st.lists(st.integers(0, 10**10), min_size=1, max_size=8)


def frame(year: int, values: list[float | None], first_row: int = 2) -> pd.DataFrame:
    origins = [f"a.csv:{first_row + i}" for i in range(len(values))]
    values = pd.array(values, dtype="Float64")
    return pd.DataFrame({"year": year, "value": values, "origin": origins})


def compared(parts: list[float | None], total: float | None, **how) -> pd.DataFrame:
    return compare_totals(frame(2024, parts), frame(2024, [total], 90), "value", ["year"], **how)


@given(amounts, st.integers(1, 6))
def test_parts_and_total_that_are_rounded_alike_add_up(parts: list[int], digits: int):
    step = 10**digits
    rounded = [float(round(part / step) * step) for part in parts]
    total = float(round(sum(parts) / step) * step)
    assert compared(rounded, total, rounded_to=step)["good"].all()


@given(amounts, st.integers(1, 10**9))
def test_a_total_that_is_off_by_more_than_allowed_is_found(parts: list[int], off: int):
    exact = [float(part) for part in parts]
    allowed = off / 2
    for total in (sum(exact) + off, sum(exact) - off):
        assert not compared(exact, float(total), within=allowed)["good"].any()
        assert compared(exact, float(total), within=float(off))["good"].all()


@given(amounts)
def test_parts_may_fall_short_only_where_they_are_said_to(parts: list[int]):
    exact = [float(part) for part in parts]
    above, below = float(sum(exact) + 1000), float(sum(exact) - 1000)
    assert compared(exact, above, at_most=True)["good"].all()
    assert not compared(exact, below, at_most=True)["good"].any()


@pytest.mark.parametrize(("parts", "total"), [([1.0, None], 1.0), ([0.1, 0.2], 0.3)])
def test_what_has_no_number_is_left_aside_and_binary_fractions_are_no_difference(parts, total):
    assert compared(parts, total)["good"].all()


def test_a_total_that_is_not_known_yet_is_no_fault():
    assert compared([1.0], None).empty
    other = compare_totals(frame(2023, [1.0]), frame(2024, [5.0]), "value", ["year"])
    assert other.empty
    result = totals_result("exports", ["year"], other)
    assert result.good
    assert result.columns == 0


def test_a_fault_names_the_total_its_parts_and_their_rows():
    (problem,) = totals_result("exports", ["year"], compared([3.0, 4.0], 8.0)).problems
    assert problem.file == "table exports (year=2024)"
    assert problem.value == "8 (a.csv:90)"
    assert problem.expected == "7, the sum of its 2 parts (a.csv:2, a.csv:3)"


def test_a_fault_says_what_was_allowed_and_does_not_list_parts_without_end():
    result = totals_result("exports", ["year"], compared([1.0] * 9, 20.0, rounded_to=1))
    assert result.kind is Kind.SUMS
    assert result.rows == 9
    (problem,) = result.problems
    assert problem.expected.endswith("a.csv:7 and 3 more), give or take 5")


def test_two_totals_for_the_same_parts_are_refused():
    twice = pd.concat([frame(2024, [1.0]), frame(2024, [2.0])])
    with pytest.raises(pd.errors.MergeError):
        compare_totals(frame(2024, [1.0]), twice, "value", ["year"])
