"""Growth between two levels."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.concentration import share_of
from critical_minerals.cleaning.growth import compound_growth, growth

LEVEL = st.floats(1, 1e6)
YEARS = st.integers(1, 50)


@given(LEVEL, LEVEL, st.floats(1e-3, 1e3))
def test_growth_does_not_depend_on_the_unit(first: float, last: float, factor: float):
    assert growth(first * factor, last * factor) == pytest.approx(
        growth(first, last), rel=1e-9, abs=1e-6
    )


@given(LEVEL, st.floats(-99, 1000))
def test_growing_by_a_rate_is_that_growth(first: float, rate: float):
    assert growth(first, first * (1 + rate / 100)) == pytest.approx(rate, rel=1e-9, abs=1e-6)


@given(LEVEL, st.floats(-50, 100), YEARS)
def test_compound_growth_finds_the_yearly_rate(first: float, rate: float, years: int):
    last = first * (1 + rate / 100) ** years
    assert compound_growth(first, last, years) == pytest.approx(rate, rel=1e-9, abs=1e-6)


@given(LEVEL, LEVEL)
def test_over_one_year_both_are_the_same(first: float, last: float):
    assert compound_growth(first, last, 1) == pytest.approx(growth(first, last))


@given(LEVEL, st.floats(1.001, 1000), YEARS)
def test_what_grows_grows_each_year_and_by_less_than_in_all(first: float, by: float, years: int):
    yearly = compound_growth(first, first * by, years)
    assert 0 < yearly <= growth(first, first * by) + 1e-6
    assert compound_growth(first * by, first, years) < 0


def test_columns_grow_row_by_row_and_missing_levels_stay_missing():
    first, last = pd.Series([100.0, None, 50.0]), pd.Series([110.0, 5.0, None])
    assert growth(first, last).isna().tolist() == [False, True, True]
    assert growth(first, last).iloc[0] == pytest.approx(10)
    assert compound_growth(first, last, 2).iloc[0] == pytest.approx(4.8809, abs=1e-4)


def test_to_nothing_is_minus_a_hundred():
    assert growth(5.0, 0.0) == compound_growth(5.0, 0.0, 3) == -100


@pytest.mark.parametrize(("first", "last"), [(0.0, 5.0), (-1.0, 5.0), (5.0, -1.0)])
def test_growth_of_no_level_is_refused(first: float, last: float):
    with pytest.raises(ValueError, match="level"):
        growth(first, last)
    with pytest.raises(ValueError, match="level"):
        compound_growth(pd.Series([3.0, first]), pd.Series([3.0, last]), 2)


def test_a_rate_a_year_needs_years():
    with pytest.raises(ValueError, match="at least one year"):
        compound_growth(1.0, 2.0, 0)


@pytest.mark.parametrize("dtype", ["Float64", "float64"])
def test_where_nothing_is_known_nothing_is_refused(dtype: str):
    unknown = pd.Series([None, None], dtype=dtype)
    assert growth(unknown, unknown).isna().all()
    assert share_of(unknown, unknown).isna().all()
    assert growth(unknown.head(0), unknown.head(0)).empty
    assert share_of(unknown.head(0), unknown.head(0)).empty
