"""Yearly exchange rates are the means of the daily ones, of whole years and open days."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.project import ReportParameters
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.statcan import read_table, yearly_means
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
FILE = PROJECT / "data" / "raw" / "statcan" / "33100036-eng.zip"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return read_table(FILE, FILE.name)


def test_the_rates_that_cite_the_table_are_its_means(table: pd.DataFrame):
    stated = RawStore(Workspace(PROJECT)).read("exchange_rates", ReportParameters().as_of)
    ours = stated[(stated["source_id"] == "STATCAN_33100036") & (stated["currency"] == "USD")]
    assert [*ours["year"]] == [2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024]
    means = yearly_means(table, "USD").set_index("year")["cad_per_unit"]
    assert [*ours["cad_per_unit"]] == [*means.loc[[*ours["year"]]]]


def test_half_a_year_is_no_mean_of_a_year(table: pd.DataFrame):
    years = yearly_means(table, "USD")["year"]
    assert years.min() == 2017
    assert years.max() == 2024  # the table ends in June 2025


def test_closed_days_are_no_rates(table: pd.DataFrame):
    assert yearly_means(table, "USD").set_index("year").loc[2019, "days"] == 250
    usd = table[table["Type of currency"] == "U.S. dollar, daily average"]
    of_2019 = pd.to_numeric(usd.loc[usd["REF_DATE"].str.startswith("2019"), "VALUE"])
    assert round(of_2019.mean(), 3) == 0.937  # what counting them as zero would make


def test_other_currencies_and_none(table: pd.DataFrame):
    assert len(yearly_means(table, "EUR")) == 8
    assert yearly_means(table.head(0), "USD").empty


@pytest.mark.parametrize("inside", [None, "other.csv", "33100036.csv"])
def test_what_is_no_such_table_is_refused(tmp_path: Path, inside: str | None):
    path = tmp_path / FILE.name
    if inside is None:
        path.write_bytes(b"<html>")
    else:
        with zipfile.ZipFile(path, "w") as folder:
            folder.writestr(inside, "one,two\n1,2\n")
    with pytest.raises(FiguresError, match=r"Statistics Canada|REF_DATE"):
        read_table(path, path.name)


def test_a_day_that_stands_twice_is_refused(tmp_path: Path):
    path = tmp_path / FILE.name
    with zipfile.ZipFile(FILE) as given, zipfile.ZipFile(path, "w") as folder:
        for member in given.namelist():
            lines = given.read(member).splitlines(keepends=True)
            twice = lines[:5] + lines[2:3] if member == "33100036.csv" else lines
            folder.writestr(member, b"".join(twice))
    with pytest.raises(FiguresError, match=r"33100036\.csv, row 6, column COORDINATE: found '1981"):
        read_table(path, path.name)
