import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.partial_dates import (
    first_day,
    first_days,
    grain,
    last_day,
    last_days,
)

days = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 12, 31))


@given(day=days, length=st.sampled_from([4, 7, 10]))
def test_a_shortened_date_spans_the_day_it_was_cut_from(day, length):
    iso = day.isoformat()[:length]
    assert first_day(iso) <= day <= last_day(iso)


@given(day=days)
def test_a_full_date_spans_one_day(day):
    assert first_day(day.isoformat()) == last_day(day.isoformat()) == day


@given(day=days, length=st.sampled_from([4, 7]))
def test_the_day_after_the_last_day_begins_another_span(day, length):
    iso = day.isoformat()[:length]
    after = last_day(iso) + dt.timedelta(days=1)
    assert after.isoformat()[:length] != iso


def test_february_of_a_leap_year_ends_on_the_29th():
    assert last_day("2024-02") == dt.date(2024, 2, 29)


@pytest.mark.parametrize("text", ["", "20", "2024-1", "27 February 2026"])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="is not a year, a month or a day"):
        grain(text)


def test_missing_dates_stay_missing():
    dates = pd.Series(["2020", pd.NA, "2021-06"], dtype="string")
    assert first_days(dates).isna().tolist() == [False, True, False]
    assert last_days(dates).dt.strftime("%Y-%m-%d").tolist()[::2] == ["2020-12-31", "2021-06-30"]
