"""Dates of which only the month or the year is known: the days that they may mean.

A date is ISO text of 4, 7 or 10 characters. What a source leaves open stays open: a month is a
span of days, never its first day alone.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Literal

import pandas as pd

Grain = Literal["year", "month", "day"]
# The length decides: `pd.to_datetime` fills in a missing month or day with the first, and what is
# unknown could no longer be told from what is stated.
_GRAINS: dict[int, Grain] = {4: "year", 7: "month", 10: "day"}


def grain(iso: str) -> Grain:
    """Tell how much of a date is known. Raises `ValueError` for any other text.

    >>> grain("2021-06")
    'month'
    """
    if len(iso) not in _GRAINS:
        msg = f"{iso!r} is not a year, a month or a day."
        raise ValueError(msg)
    return _GRAINS[len(iso)]


def first_day(iso: str) -> dt.date:
    """Return the first day that a date may mean.

    >>> first_day("2021-06")
    datetime.date(2021, 6, 1)
    """
    # `2021` and `2021-06` become 2021-01-01 and 2021-06-01.
    return dt.date.fromisoformat((iso + "-01-01")[:10] if grain(iso) != "day" else iso)


def last_day(iso: str) -> dt.date:
    """Return the last day that a date may mean.

    >>> last_day("2021-06")
    datetime.date(2021, 6, 30)
    """
    first = first_day(iso)
    match grain(iso):
        case "year":
            return first.replace(month=12, day=31)
        case "month":
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
        case "day":
            return first


def first_days(dates: pd.Series) -> pd.Series:
    """Return the first day of each date; missing dates stay missing."""
    return pd.to_datetime(dates.map(first_day, na_action="ignore")).astype("datetime64[s]")


def last_days(dates: pd.Series) -> pd.Series:
    """Return the last day of each date; missing dates stay missing."""
    return pd.to_datetime(dates.map(last_day, na_action="ignore")).astype("datetime64[s]")
