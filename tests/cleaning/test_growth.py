"""Growth between two levels."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.concentration import share_of
from critical_minerals.cleaning.growth import growth

LEVEL = st.floats(1, 1e6)


@given(LEVEL, LEVEL, st.floats(1e-3, 1e3))
def test_growth_does_not_depend_on_the_unit(first: float, last: float, factor: float):
    assert growth(first * factor, last * factor) == pytest.approx(
        growth(first, last), rel=1e-9, abs=1e-6
    )


@given(LEVEL, st.floats(-99, 1000))
def test_growing_by_a_rate_is_that_growth(first: float, rate: float):
    assert growth(first, first * (1 + rate / 100)) == pytest.approx(rate, rel=1e-9, abs=1e-6)


def test_columns_grow_row_by_row_and_missing_levels_stay_missing():
    first, last = pd.Series([100.0, None, 50.0]), pd.Series([110.0, 5.0, None])
    assert growth(first, last).isna().tolist() == [False, True, True]
    assert growth(first, last).iloc[0] == pytest.approx(10)


def test_to_nothing_is_minus_a_hundred():
    assert growth(5.0, 0.0) == -100


@pytest.mark.parametrize(("first", "last"), [(0.0, 5.0), (-1.0, 5.0), (5.0, -1.0)])
def test_growth_of_no_level_is_refused(first: float, last: float):
    with pytest.raises(ValueError, match="level"):
        growth(first, last)
    with pytest.raises(ValueError, match="level"):
        growth(pd.Series([3.0, first]), pd.Series([3.0, last]))


@pytest.mark.parametrize("dtype", ["Float64", "float64"])
def test_where_nothing_is_known_nothing_is_refused(dtype: str):
    unknown = pd.Series([None, None], dtype=dtype)
    assert growth(unknown, unknown).isna().all()
    assert share_of(unknown, unknown).isna().all()
    assert growth(unknown.head(0), unknown.head(0)).empty
    assert share_of(unknown.head(0), unknown.head(0)).empty
