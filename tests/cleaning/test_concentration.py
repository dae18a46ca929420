"""Shares, top shares and the Herfindahl-Hirschman index."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.concentration import (
    herfindahl_hirschman,
    herfindahl_hirschman_most,
    herfindahl_hirschman_with_unknown,
    measure_concentration,
    share_of,
    shares,
)

QUANTITIES = st.lists(st.floats(0.001, 1e9), min_size=1, max_size=20).map(pd.Series)


@given(QUANTITIES)
def test_shares_of_their_own_sum_make_a_whole(quantities: pd.Series) -> None:
    assert shares(quantities).sum() == pytest.approx(100)


@given(QUANTITIES, st.floats(0.01, 1000))
def test_shares_do_not_depend_on_the_unit(quantities: pd.Series, factor: float) -> None:
    assert shares(quantities * factor).tolist() == pytest.approx(shares(quantities).tolist())


@given(QUANTITIES)
def test_index_lies_between_equal_suppliers_and_one(quantities: pd.Series) -> None:
    index = herfindahl_hirschman(shares(quantities))
    assert 10_000 / len(quantities) - 1e-6 <= index <= 10_000 + 1e-6


@given(QUANTITIES, st.floats(1, 3))
def test_open_remainder_can_only_raise_the_index(quantities: pd.Series, factor: float) -> None:
    part = shares(quantities, total=float(quantities.sum()) * factor)
    assert herfindahl_hirschman(part) <= herfindahl_hirschman_most(part) + 1e-6


def test_missing_shares_are_neither_zero_nor_counted() -> None:
    part = shares(pd.Series([6.0, None, 2.0], dtype="Float64"), total=10)
    assert part.isna().tolist() == [False, True, False]
    assert herfindahl_hirschman(part) == pytest.approx(3600 + 400)
    assert herfindahl_hirschman_most(part) == pytest.approx(3600 + 400 + 400)


def test_shares_that_make_more_than_a_whole_are_refused_not_scaled() -> None:
    with pytest.raises(ValueError, match="larger total"):
        herfindahl_hirschman(pd.Series([80.0, 24.0]))


def test_highest_index_fills_the_whole_from_the_largest_down() -> None:
    assert herfindahl_hirschman_most(pd.Series([80.0, 24.0])) == pytest.approx(80**2 + 20**2)
    assert herfindahl_hirschman_most(pd.Series([100.0, 1.0])) == 10_000


@given(st.floats(1, 10_000), st.floats(0, 1))
def test_no_producer_of_unknown_size_makes_the_index_lower(index: float, share: float) -> None:
    beside = (1 - share) ** 2 * index + share**2 * 10_000
    assert herfindahl_hirschman_with_unknown(index) <= beside + 1e-6


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        shares(pd.Series([0.0, 0.0]))
    with pytest.raises(ValueError, match="negative"):
        shares(pd.Series([1.0, -1.0]))
    with pytest.raises(ValueError, match="negative"):
        herfindahl_hirschman(pd.Series([-1.0]))


def test_values_with_an_unknown_among_them_have_no_sum_of_their_own() -> None:
    with pytest.raises(ValueError, match="published total"):
        shares(pd.Series([6.0, None, 2.0]))


@given(QUANTITIES)
def test_each_share_is_its_part_of_the_sum(quantities: pd.Series) -> None:
    whole = pd.Series(float(quantities.sum()), index=quantities.index)
    assert share_of(quantities, whole).tolist() == pytest.approx(shares(quantities).tolist())


@given(st.integers(1, 50))
def test_equal_suppliers_have_the_lowest_index_and_one_alone_the_highest(count: int) -> None:
    equal = shares(pd.Series([3.0] * count))
    assert herfindahl_hirschman(equal) == pytest.approx(10_000 / count)
    assert herfindahl_hirschman(shares(pd.Series([5.0]))) == 10_000


def test_share_of_an_unknown_part_stays_unknown() -> None:
    pct = share_of(pd.Series([1.0, None]), pd.Series([4.0, 4.0]))
    assert pct.isna().tolist() == [False, True]
    with pytest.raises(ValueError, match="above zero"):
        share_of(1.0, 0.0)


def producers(**quantities: float | None) -> pd.DataFrame:
    amounts = pd.Series(list(quantities.values()), dtype=float)
    frame = pd.DataFrame({"mineral": "x", "country": list(quantities), "t": amounts})
    origin = [f"a.csv:{row}" for row in range(2, len(frame) + 2)]
    return frame.assign(excludes=None, source_id="S", origin=origin)


def test_one_denominator_for_shares_top_three_and_index() -> None:
    gallium = producers(CN=900, RU=6, JP=3, WLD=900)
    (row,) = measure_concentration(gallium, ["mineral"], "t").to_dict("records")
    shares_pct = [row[name] for name in ("top_pct", "second_pct", "third_pct")]
    assert sum(shares_pct) == pytest.approx(row["top_three_pct"]) == pytest.approx(100)
    assert sum(share**2 for share in shares_pct) == pytest.approx(row["hhi"])
    assert row["over_total_pct"] == pytest.approx(1)
    assert (row["top_most_pct"], row["hhi_most"]) == (100, 10_000)


def test_a_total_that_leaves_a_producer_out_bounds_nothing_from_above() -> None:
    lithium = producers(AU=92, CL=56, US=None, OTHER=142, WLD=290).assign(excludes="US")
    (row,) = measure_concentration(lithium, ["mineral"], "t").to_dict("records")
    assert row["excludes"] == "US"
    assert row["hhi_least"] < row["hhi"] < row["hhi_most"] == 10_000


def test_of_several_that_make_as_much_none_is_left_out() -> None:
    tied = producers(CD=40, CA=40, ID=10, LA=5, JP=5, WLD=100)
    (row,) = measure_concentration(tied, ["mineral"], "t").to_dict("records")
    assert row["top_country"] == "CA;CD"
    assert row["top_countries"] == "CA;CD;ID"
    (row,) = measure_concentration(
        producers(CN=80, KR=10, LA=5, JP=5, WLD=100), ["mineral"], "t"
    ).to_dict("records")
    assert (row["top_country"], row["top_countries"]) == ("CN", "CN;KR;JP;LA")
    assert row["top_three_pct"] == pytest.approx(95)


def test_a_country_that_produces_nothing_is_no_producer() -> None:
    (cobalt,) = measure_concentration(
        producers(CD=75, ID=25, CA=0, WLD=100), ["mineral"], "t"
    ).to_dict("records")
    assert cobalt["top_countries"] == "CD;ID"
    assert pd.isna(cobalt["third_pct"])
    assert pd.isna(cobalt["canada_pct"])
    assert cobalt["origin"] == "a.csv:2 a.csv:3"
