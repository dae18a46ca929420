"""Read whole tables of Statistics Canada, and yearly means of the daily exchange rates in one.

A whole table is a zip (`{pid}-eng.zip`) with a CSV of the figures and one of metadata. Days on
which the market was closed carry `0.0000` with no status in older rows of table 33-10-0036, and the
status `..` in newer ones: neither is a rate.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import IO, Final

import pandas as pd

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.readers.seen import Seen

CURRENCIES: Final = {
    "USD": "U.S. dollar",
    "EUR": "European euro",
    "GBP": "U.K. pound sterling",
    "JPY": "Japanese yen",
    "AUD": "Australian dollar",
}
"""Currencies of table 33-10-0036 by their code, as the table names them."""
_WANTED: Final = ("REF_DATE", "SCALAR_FACTOR", "VALUE", "STATUS")
_MEMBER: Final = re.compile(r"\d{8}\.csv")
_RATES: Final = "33100036"
_ZIP_EPOCH: Final = "1980-01-01"
"""The day that a zip bears which tells none."""
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


def recognise(path: Path) -> Seen | None:
    """Know a whole table by the two files in its zip; its edition is the day of the figures' file.

    Only the daily exchange rates have a reader of their figures yet.
    """
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as folder:
        names = {name.casefold(): name for name in folder.namelist()}
        found = next((name for name in names if _MEMBER.fullmatch(name)), None)
        if found is None or f"{found[: -len('.csv')]}_metadata.csv" not in names:
            return None
        inside = folder.getinfo(names[found])
        with folder.open(inside) as file:
            table = _frame(file, path.name)
    pid = found[: -len(".csv")]
    days = sorted(table["REF_DATE"].dropna())
    # A zip tells the day on which it was made, and its figures cannot have been public before.
    made = dt.date(*inside.date_time[:3]).isoformat()
    edition = made if made > _ZIP_EPOCH else (days[-1] if days else "")
    number = f"{pid[:2]}-{pid[2:4]}-{pid[4:8]}"
    return Seen(
        format="statcan_daily_rates" if pid == _RATES else "statcan_table",
        folder="statcan",
        title=f"Table {number}",
        publisher="Statistics Canada",
        publisher_fr="Statistique Canada",
        period=f"{days[0]}–{days[-1]}" if days else "",
        edition=edition,
        published=made if made > _ZIP_EPOCH else "",
        source_id=f"STATCAN_{pid}",
        product=pid,
        address=f"https://www150.statcan.gc.ca/n1/tbl/csv/{path.name.partition('.')[0]}.zip"
        if path.name.startswith(f"{pid}-")
        else f"https://www150.statcan.gc.ca/n1/tbl/csv/{pid}-eng.zip",
        terms="Statistics Canada Open Licence",
        terms_fr="Licence ouverte de Statistique Canada",
        rows=len(table),
    )


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
