"""Read whole tables of Statistics Canada, and yearly means of the daily exchange rates in one.

A whole table is a zip (`{pid}-eng.zip`) with a CSV of the figures and one of metadata. Days on
which the market was closed carry `0.0000` with no status in older rows of table 33-10-0036, and the
status `..` in newer ones: neither is a rate.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import IO, Final

import pandas as pd

from critical_minerals.errors import FiguresError, Problem

CURRENCIES: Final = {
    "USD": "U.S. dollar",
    "EUR": "European euro",
    "GBP": "U.K. pound sterling",
    "JPY": "Japanese yen",
    "AUD": "Australian dollar",
}
"""Currencies of table 33-10-0036 by their code, as the table names them."""
_WANTED: Final = ("REF_DATE", "SCALAR_FACTOR", "VALUE", "STATUS")
_DAILY: Final = "Type of currency"


def read_table(path: Path, name: str) -> pd.DataFrame:
    """Read the figures of a whole table as text, blank cells missing; `name` is how it is known.

    Raises `FiguresError` where the file is no such table.
    """
    try:
        with zipfile.ZipFile(path) as folder:
            inside = f"{path.name.partition('-')[0]}.csv"
            with folder.open(inside) as file:
                return _frame(file, name)
    except (zipfile.BadZipFile, KeyError) as error:
        raise _refused(name) from error


def yearly_means(table: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return Canadian dollars for one unit of a currency: the mean of its daily rates by year.

    Columns `year`, `cad_per_unit` (four decimals, as the Bank of Canada publishes it), `days`, and
    `last_day` and `last_row` of the table on which the market was open.
    A year counts only if the table covers all of it: its first half is no mean of a year.
    """
    of = table[table[_DAILY] == f"{CURRENCIES[currency]}, daily average"]
    days = pd.to_datetime(of["REF_DATE"], format="%Y-%m-%d")
    covered = range(days.min().year, days.max().year + 1) if len(of) else range(0)
    whole = [
        year
        for year in covered
        if days.min() <= pd.Timestamp(dt.date(year, 1, 1))
        # The last day on which the market is open is no later than New Year's Eve.
        and days.max() >= pd.Timestamp(dt.date(year, 12, 29))
    ]
    rates = pd.to_numeric(of["VALUE"])
    open_days = rates.notna() & (rates != 0) & days.dt.year.isin(whole)
    by_year = rates[open_days].groupby(days[open_days].dt.year)
    means = by_year.agg(["mean", "size"]).reset_index(names="year")
    means["mean"] = means["mean"].round(4)
    last = days[open_days].groupby(days[open_days].dt.year).idxmax().to_numpy()
    means["last_day"] = [*of.loc[last, "REF_DATE"]]
    means["last_row"] = [int(label) + 2 for label in last]  # the header is row 1
    return means.rename(columns={"mean": "cad_per_unit", "size": "days"})


def _frame(file: IO[bytes], name: str) -> pd.DataFrame:
    frame = pd.read_csv(file, dtype="string", encoding="utf-8-sig", keep_default_na=False)
    if missing := [column for column in _WANTED if column not in frame.columns]:
        raise _refused(name, f"the column {missing[0]}")
    frame["SCALAR_FACTOR"] = frame["SCALAR_FACTOR"].str.strip()  # older files end it with a blank
    return frame.mask(frame == "")


def _refused(
    name: str, expected: str = "a whole table as Statistics Canada gives it"
) -> FiguresError:
    remedy = "Download the zip again from the publisher, and leave it as it is."
    return FiguresError([Problem(file=name, expected=expected, remedy=remedy)])
