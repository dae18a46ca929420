"""Read whole tables of Statistics Canada, and yearly means of the daily exchange rates in one.

A whole table is a zip (`{pid}-eng.zip`, `{pid}-fra.zip`) with a CSV of the figures and one of
metadata. The columns of `read_table` have their English names whatever the language of the file.

Its traps, each with its test: docs/traps.md#statcan

French tables are read by the published description; none has been tried on a real file yet.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.seen import RecognisedFile, describe_statcan_file, table_number
from critical_minerals.readers.sheets import ROW

DAILY_RATES: Final = "statcan_daily_rates"
"""The format of table 33-10-0036."""
CURRENCIES: Final = {
    "USD": "U.S. dollar",
    "EUR": "European euro",
    "GBP": "U.K. pound sterling",
    "JPY": "Japanese yen",
    "AUD": "Australian dollar",
}
"""Currencies of table 33-10-0036 by their code, as the table names them."""
_REQUIRED: Final = ("REF_DATE", "SCALAR_FACTOR", "VALUE", "STATUS")
_ENGLISH_NAMES: Final = {
    "PÉRIODE DE RÉFÉRENCE": "REF_DATE",
    "GÉO": "GEO",
    "UNITÉ DE MESURE": "UOM",
    "IDENTIFICATEUR D'UNITÉ DE MESURE": "UOM_ID",
    "FACTEUR SCALAIRE": "SCALAR_FACTOR",
    "IDENTIFICATEUR SCALAIRE": "SCALAR_ID",
    "VECTEUR": "VECTOR",
    "COORDONNÉE": "COORDINATE",
    "COORDONNÉES": "COORDINATE",
    "VALEUR": "VALUE",
    "STATUT": "STATUS",
    "SYMBOLE": "SYMBOL",
    "TERMINÉ": "TERMINATED",
    "DÉCIMALES": "DECIMALS",
}
"""Names in English tables of the columns of French ones."""
_SYMBOLS: Final = frozenset(
    ["A", "B", "C", "D", "E", "F", "..", "...", "x", "p", "r", "t", "0s", "<LOD"]
)
"""Statistics Canada's standard table symbols; a table's own metadata may explain others."""
_LEGENDS: Final = ("Symbol Legend", "Légende des symboles")
_MEMBER: Final = re.compile(r"\d{8}\.csv")
_RATES_PID: Final = "33100036"
_ZIP_EPOCH: Final = "1980-01-01"
"""The date of a zip member that states none."""
_CURRENCY_COLUMN: Final = "Type of currency"
_MEAN_CODE: Final = """\
header, *rows = table({file!r})
rates = [
    rate
    for row in (dict(zip(header, cells)) for cells in rows)
    if row["Type of currency"] == {series!r}
    and row["REF_DATE"].startswith({year!r})
    and (rate := float(row["VALUE"] or 0))  # on closed days there is none, or zero
]
print(round(sum(rates) / len(rates), 4))
"""
"""The part of a script that computes a yearly mean; `table` returns the rows of a file."""


def read_table(path: Path, name: str) -> pd.DataFrame:
    """Read the figures of a whole table as text, blank cells missing; `name` is for messages.

    Besides the file's own columns, `number` is the figure in whole units. Raises `FiguresError`
    where the file is no such table, where a figure stands twice, and with every symbol that is not
    explained.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _find_members(archive)
            if members is None:
                raise _invalid_file(name)
            figures, metadata = members
            with archive.open(figures) as file:
                table = _read_figures(file, name)
            _, symbols = _read_metadata(archive.read(metadata), name)
    except (zipfile.BadZipFile, KeyError) as error:
        raise _invalid_file(name) from error
    _reject_doubles(table, f"{name}/{figures}")
    # A symbol that nobody knows may mean that the figure next to it must not be used.
    unknown = sorted({*table["STATUS"].dropna()} - _SYMBOLS - symbols)
    if unknown:
        remedy = "Add it to _SYMBOLS in readers/statcan.py, with what it means for a figure."
        raise FiguresError.of(
            file=f"{name}/{figures}",
            column="STATUS",
            value=", ".join(unknown),
            expected="symbols that the table's metadata explains",
            remedy=remedy,
        )
    return table


def _reject_doubles(table: pd.DataFrame, name: str) -> None:
    """Raise `FiguresError` where one series has two figures for one day: a mean counts both."""
    # A coordinate is a series by its place in each dimension; very old tables have none.
    if "COORDINATE" not in table.columns:
        return
    repeated = table.duplicated(["REF_DATE", "COORDINATE"])
    for index in table.index[repeated & table["COORDINATE"].notna()][:1]:
        row = table.loc[index]
        raise FiguresError.of(
            file=name,
            row=int(index) + 2,  # the header is row 1
            column="COORDINATE",
            value=f"{row['REF_DATE']}, {row['COORDINATE']}",
            expected="one figure for a day of a series; an earlier row has it too",
            remedy="Download the zip again from the publisher, and leave it as it is.",
        )


def _find_members(archive: zipfile.ZipFile) -> tuple[str, str] | None:
    """Return the two members of a whole table, by their names."""
    names = {name.casefold(): name for name in archive.namelist()}
    figures = next((name for name in names if _MEMBER.fullmatch(name)), None)
    metadata = f"{figures[: -len('.csv')]}_metadata.csv" if figures else ""
    return (names[figures], names[metadata]) if figures and metadata in names else None


def _read_metadata(data: bytes, name: str) -> tuple[str, frozenset[str]]:
    """Return the title of a table and the symbols that its metadata explains.

    The file holds several tables, one below the other: the first names the table, another is the
    legend of its symbols.
    """
    text = data.decode("utf-8-sig", errors="replace")
    delimiter = ";" if text.splitlines()[0].count(";") > text.splitlines()[0].count(",") else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if len(rows) <= 1 or len(rows[1]) <= 1:
        raise _invalid_file(name, "metadata with the title and number of the table")
    legend = next((at for at, row in enumerate(rows) if row and row[0] in _LEGENDS), len(rows))
    # Under its name the legend has a header; a blank row ends it. Without a legend there are no
    # rows left, and only the standard symbols count.
    symbols: set[str] = set()
    for row in rows[legend + 2 :]:
        if not any(row):
            break
        symbols.add(row[1].strip())
    return rows[1][0].strip(), frozenset(symbols)


def yearly_means(table: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return Canadian dollars for one unit of a currency: the mean of its daily rates by year.

    Columns `year`, `cad_per_unit` (four decimals, as the Bank of Canada publishes it), `days`, and
    `last_day` and `last_row` of the table on which the market was open.
    A year counts only if the table covers all of it: the mean of half a year is not that of a year.
    """
    rows = table[table[_CURRENCY_COLUMN] == f"{CURRENCIES[currency]}, daily average"]
    days = pd.to_datetime(rows["REF_DATE"], format="%Y-%m-%d")
    years = range(days.min().year, days.max().year + 1) if len(rows) else range(0)
    complete_years = [
        year
        for year in years
        if days.min() <= pd.Timestamp(dt.date(year, 1, 1))
        # 31 December may be a Sunday: the last open day, with which a table may end, is the 29th.
        and days.max() >= pd.Timestamp(dt.date(year, 12, 29))
    ]
    rates = pd.to_numeric(rows["VALUE"])
    # On closed days the table prints 0.0000, and later two dots: neither is a rate. With the zeros
    # the mean of U.S. dollars in 2019 would be 0.937.
    open_days = rates.notna() & (rates != 0) & days.dt.year.isin(complete_years)
    by_year = rates[open_days].groupby(days[open_days].dt.year)
    means = by_year.agg(["mean", "size"]).reset_index(names="year")
    means["mean"] = means["mean"].round(4)
    last_open = days[open_days].groupby(days[open_days].dt.year).idxmax().to_numpy()
    means["last_day"] = [*rows.loc[last_open, "REF_DATE"]]
    means["last_row"] = [int(label) + 2 for label in last_open]  # the header is row 1
    return means.rename(columns={"mean": "cad_per_unit", "size": "days"})


@dataclass(frozen=True)
class YearlyMean:
    """The mean of the daily rates of a currency in a year, of the archive that has them."""

    archive: str
    currency: str
    year: str

    @classmethod
    def of_row(cls, archive: str, key: Mapping[str, str]) -> YearlyMean:
        """Return the mean that a row of rates with a key stands for."""
        return cls(archive, key["currency"], str(key["year"]))

    def code(self) -> str:
        """Write the part of a script that computes and prints it."""
        file = f"{self.archive}/{rates_member(Path(self.archive).name)}"
        series = f"{CURRENCIES[self.currency]}, daily average"
        return _MEAN_CODE.format(file=file, series=series, year=self.year)


def rate_cells(
    table: pd.DataFrame, archive: str, currency: str, figure: str
) -> Iterator[dict[str, Any]]:
    """Yield the cells of a row of each yearly mean of a currency; `figure` is the rate's column."""
    member = rates_member(archive)
    for mean in yearly_means(table, currency).to_dict("records"):
        year = mean["year"]
        yield {
            "year": str(year),
            # Four decimals, as the Bank of Canada publishes its annual averages.
            figure: f"{mean['cad_per_unit']:.4f}",
            # A mean is known once its year's last rate is, whenever this copy of the table was
            # made.
            "as_of": str(mean["last_day"]),
            "place": f"{member}, {CURRENCIES[currency]}, daily average, {year}, column VALUE",
            "note": "mean of the daily rates; closed days left out",
            ROW: mean["last_row"],
        }


def rates_member(archive: str) -> str:
    """Name the table in an archive: the publisher's `33100036-eng.zip` holds `33100036.csv`."""
    return f"{archive.partition('-')[0]}.csv"


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise a whole table by the two files in its zip, whatever the zip is called.

    Its edition is the day of the file of figures.
    """
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        members = _find_members(archive)
        if members is None:
            return None
        member = archive.getinfo(members[0])
        title, _ = _read_metadata(archive.read(members[1]), path.name)
        with archive.open(member) as file:
            table = _read_figures(file, path.name)
    pid = members[0][: -len(".csv")]
    days = sorted(table["REF_DATE"].dropna())
    # The member is dated by the day on which it was made: its figures were not public before.
    archived_on = dt.date(*member.date_time[:3]).isoformat()
    edition = archived_on if archived_on > _ZIP_EPOCH else (days[-1] if days else "")
    return describe_statcan_file(
        format=DAILY_RATES if pid == _RATES_PID else "statcan_table",
        title=f"Table {table_number(pid)}, {title}",
        period=f"{days[0]}–{days[-1]}" if days else "",
        edition=edition,
        published=archived_on if archived_on > _ZIP_EPOCH else "",
        source_id=f"STATCAN_{pid}",
        product=pid,
        address=f"https://www150.statcan.gc.ca/n1/tbl/csv/{path.name.partition('.')[0]}.zip"
        if path.name.startswith(f"{pid}-")
        else f"https://www150.statcan.gc.ca/n1/tbl/csv/{pid}-eng.zip",
        rows=len(table),
    )


def _read_figures(file: IO[bytes], name: str) -> pd.DataFrame:
    header = file.readline().decode("utf-8-sig", errors="replace")
    french = header.count(";") > header.count(",")
    file.seek(0)
    frame = pd.read_csv(
        file,
        dtype="string",
        encoding="utf-8-sig",
        keep_default_na=False,
        sep=";" if french else ",",
    ).rename(columns=_ENGLISH_NAMES)
    if missing := [column for column in _REQUIRED if column not in frame.columns]:
        raise _invalid_file(name, f"the column {missing[0]}")
    frame["SCALAR_FACTOR"] = frame["SCALAR_FACTOR"].str.strip()  # older files end it with a blank
    # Decimals have a comma there, and the later conversion would fail on it.
    if french:
        frame["VALUE"] = frame["VALUE"].str.replace(",", ".")
    # Only blank cells are missing: pandas would by default take words such as NA for blank as well.
    frame = frame.mask(frame == "")
    if "SCALAR_ID" in frame.columns:
        # `SCALAR_ID` is a power of ten: 3 stands for thousands.
        power = pd.to_numeric(frame["SCALAR_ID"]).fillna(0)
        frame["number"] = pd.to_numeric(frame["VALUE"]) * 10.0**power
    return frame


def _invalid_file(
    name: str, expected: str = "a whole table as Statistics Canada gives it"
) -> FiguresError:
    remedy = "Download the zip again from the publisher, and leave it as it is."
    return FiguresError.of(name, expected, remedy)
