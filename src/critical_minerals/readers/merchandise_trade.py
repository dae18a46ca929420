"""Read merchandise trade of Statistics Canada (CIMT): the zips of a year, and monthly tables.

The zips are read by the published description; none has been tried on a real file yet. The monthly
tables are those that other projects make of them (`date, hs, name, imports, exports`).

Its traps, each with its test: docs/traps.md#merchandise-trade
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.large import query_file, quote_identifier
from critical_minerals.readers.opened import dict_rows
from critical_minerals.readers.seen import RecognisedFile, describe_statcan_file, read_header
from critical_minerals.readers.sheets import ROW

_MEMBER: Final = re.compile(r"ODPFN(\d{3})_(\d{6})[A-Z]?\.csv", re.IGNORECASE)
# The files have no column of the flow: their number is the only statement of it inside the zip.
_FILES: Final = {
    "014": ("imports", 10),
    "015": ("imports", 6),
    "022": ("imports", 2),
    "017": ("total_exports", 8),
    "019": ("total_exports", 6),
    "021": ("total_exports", 2),
    "016": ("domestic_exports", 8),
    "018": ("domestic_exports", 6),
    "020": ("domestic_exports", 2),
}
# The publisher's zips are named `CIMT-CICM_Imp_2025.zip` and the like.
_FLOW_BY_ZIP_NAME: Final = {
    "_imp_": "imports",
    "_dom_exp_": "domestic_exports",
    "_tot_exp_": "total_exports",
}
_COLUMNS: Final = {
    "YearMonth": "period",
    "Country": "country",
    "Value": "value_cad",
    "Quantity": "quantity",
    "Unit of Measure": "unit",
}
_OPTIONAL_COLUMNS: Final = ("period", "country", "unit", "quantity")
_MONTHLY_COLUMNS: Final = ["date", "hs", "name", "imports", "exports"]
_IMPORT_DIGITS: Final = 10
"""Digits of the codes of imports; those of exports have two fewer."""
_HS_HEADING: Final = re.compile(r"HS(\d+)")
_MONTHS_PER_YEAR: Final = 12
_MAX_LINE_BYTES: Final = 65_536
"""No line of these tables is as long; the engine's buffers, and so its memory, follow from it."""


def sums(path: Path, name: str, codes: Sequence[str], folder: Path) -> pd.DataFrame:
    """Sum the trade of a zip whose HS code begins with one of `codes`, however large it is.

    Columns: `member`, `flow`, `level`, `period`, `code`, `country`, `unit`, `value_cad` (whole
    dollars), `quantity` (of that unit alone), `entries` (rows of the file). The sums are cached
    in `folder`, so that the same zip is not read again. Raises `FiguresError` where the flow is
    not certain, and where trade stands twice: a row in one table, or a month in two tables of one
    level.
    """
    frames: list[pd.DataFrame] = []
    with zipfile.ZipFile(path) as archive:
        members = _find_members(path, archive, name)
        headings = {member: _map_headings(archive, member, name) for member, _, _ in members}
    for member, flow, level in members:
        columns = headings[member]
        quoted = {column: columns.get(column, "''") for column in _OPTIONAL_COLUMNS}
        hs = f"trim({columns['hs']})"
        # Dollars are whole in the file and added as whole numbers, quantities as decimals: floats
        # would make the sum depend on the order in which threads read the rows. Quantities are
        # grouped by unit, since those of one code may be in several. A month, code, country,
        # province and state have one row: equal ones are one row that stands there twice.
        select = f"""
            WITH chosen AS (
                SELECT *, count(*) AS copies FROM {{table}} WHERE length({hs}) <= {level}
                    AND len(list_filter(?::VARCHAR[], lambda start: starts_with({hs}, start))) > 0
                GROUP BY ALL)
            SELECT left({quoted["period"]}, 4) || '-' || substr({quoted["period"]}, 5) AS period,
                {hs} AS code, {quoted["country"]} AS country,
                coalesce({quoted["unit"]}, '') AS unit,
                CAST(sum(CAST({columns["value_cad"]} AS BIGINT)) AS BIGINT) AS value_cad,
                CAST(sum(TRY_CAST({quoted["quantity"]} AS DECIMAL(18, 3))) AS DOUBLE) AS quantity,
                count(*) AS entries, max(copies) AS copies
            FROM chosen GROUP BY ALL ORDER BY ALL"""  # noqa: S608 - headings are quoted
        answer = query_file(
            path,
            select,
            [[*codes]],
            folder,
            name=f"{name}/{member}",
            member=member,
            max_line_bytes=_MAX_LINE_BYTES,
        )
        frames.append(pd.read_parquet(answer).assign(member=member, flow=flow, level=level))
    totals = pd.concat(frames, ignore_index=True)
    _reject_doubles(totals, name)
    return totals.drop(columns="copies")


def _reject_doubles(totals: pd.DataFrame, name: str) -> None:
    """Raise `FiguresError` where a sum would count trade twice."""
    remedy = "Download the zip again, and leave it as it is."
    repeated = totals[totals["copies"] > 1]
    for total in repeated.head(1).to_dict("records"):
        raise FiguresError.of(
            file=f"{name}/{total['member']}",
            value=f"{total['code']}, {total['country']}, {total['period']}",
            expected=f"each row once; one of these stands there {total['copies']} times",
            remedy=remedy,
        )
    months = totals.drop_duplicates(["level", "period", "member"])
    for month in months[months.duplicated(["level", "period"])].head(1).to_dict("records"):
        raise FiguresError.of(
            file=f"{name}/{month['member']}",
            value=month["period"],
            expected=f"a month that no other table of HS{month['level']} in the zip has",
            remedy=remedy,
        )


def read_years(path: Path, name: str, codes: Sequence[str], folder: Path) -> pd.DataFrame:
    """Sum whole years of the trade in some goods, each a code and all codes below it.

    Each code is read at the level of the zip that is nearest to it, and at no other, since levels
    hold the same trade. Columns: `member`, `flow`, `level`, `code`, `year`, `country`, `value_cad`
    and `entries` (rows of the file); a year of which the file has fewer than twelve months is
    excluded. Raises `FiguresError` as `sums` does.
    """
    totals = sums(path, name, codes, folder)
    totals = totals.assign(year=totals["period"].str[:4])
    months = totals.groupby(["level", "year"])["period"].transform("nunique")
    # A year under way would pass for one with less trade.
    totals = totals[months == _MONTHS_PER_YEAR]
    selected: list[pd.DataFrame] = []
    for code in codes:
        # Files of several levels hold the same trade: taken together it would count twice.
        level = min((digits for digits in {*totals["level"]} if digits >= len(code)), default=0)
        rows = totals[(totals["level"] == level) & totals["code"].str.startswith(code)]
        selected.append(rows.assign(code=code))
    keys = ["member", "flow", "level", "code", "year", "country"]
    combined = pd.concat([totals.head(0), *selected], ignore_index=True)
    return combined.groupby(keys, as_index=False)[["value_cad", "entries"]].sum()


def read_monthly(path: Path, name: str) -> pd.DataFrame:
    """Read a monthly table into one record a code and month.

    Columns: `row_number`, `period`, `code` (digits), `level`, `flow`, `value_cad`. Raises
    `FiguresError` for any other file.
    """
    if read_header(path)[: len(_MONTHLY_COLUMNS)] != _MONTHLY_COLUMNS:
        remedy = "Download the table again, and leave it as it is."
        raise FiguresError.of(name, f"the columns {', '.join(_MONTHLY_COLUMNS)}", remedy)
    codes = ((at, row, re.sub(r"\D", "", row["hs"])) for at, row in dict_rows(path, name))
    return pd.DataFrame(
        [
            {
                ROW: at,
                "period": row["date"],
                "code": code,
                "level": len(code),
                # One column holds both flows; only the length of the code tells them apart.
                "flow": "imports" if len(code) == _IMPORT_DIGITS else "exports",
                "value_cad": float(row["imports" if len(code) == _IMPORT_DIGITS else "exports"]),
            }
            for at, row, code in codes
        ]
    )


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise a zip of merchandise trade by its members, a monthly table by its columns.

    Raises `FiguresError` for mixed flows.
    """
    if read_header(path)[: len(_MONTHLY_COLUMNS)] == _MONTHLY_COLUMNS:
        months = read_monthly(path, path.name)
        first, last = months["period"].min(), months["period"].max()
        return _describe_file(
            "months (a table of another project)", first, last, "monthly", len(months)
        )
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        members = _find_members(path, archive, path.name)
    if not members:
        return None
    flow = members[0][1].replace("_", " ")
    periods = sorted(
        match[2] for member, _, _ in members if (match := _MEMBER.fullmatch(_base_name(member)))
    )
    return _describe_file(
        f"{flow} (not yet tried on a real file)", periods[0], periods[-1], members[0][1]
    )


def _describe_file(content: str, first: str, last: str, kind: str, rows: int = 0) -> RecognisedFile:
    return describe_statcan_file(
        format=f"statcan_cimt_{kind}",
        title=f"Canadian International Merchandise Trade, {content}",
        period=f"{first}–{last}",
        edition=last,
        source_id=f"STATCAN_CIMT_{last[:4]}",
        product=f"CIMT-CICM_{kind}_{last[:4]}",
        address="https://www150.statcan.gc.ca/n1/pub/71-607-x/71-607-x2021004-eng.htm",
        rows=rows,
    )


def _find_members(path: Path, archive: zipfile.ZipFile, name: str) -> list[tuple[str, str, int]]:
    """Return the tables of a zip with their flow and level."""
    members: list[tuple[str, str, int]] = []
    zip_flow = next(
        (flow for part, flow in _FLOW_BY_ZIP_NAME.items() if part in path.name.casefold()), ""
    )
    for member in archive.namelist():
        match = _MEMBER.fullmatch(_base_name(member))
        if match is None:
            continue
        flow, level = _FILES.get(match[1], ("", 0))
        # Where the names disagree, or the number is unknown, exports might be filed as imports.
        if not flow or (zip_flow and zip_flow != flow):
            expected = f"a number of {zip_flow or 'a known flow'}: {', '.join(sorted(_FILES))}"
            file = f"{name}/{member}"
            remedy = "Give the zip its publisher's name, or declare the number in _FILES."
            raise FiguresError.of(file, expected, remedy)
        members.append((member, flow, level))
    if len({flow for _, flow, _ in members}) > 1:
        raise FiguresError.of(name, "one flow in one zip", "Give one zip for each flow.")
    return members


def _map_headings(archive: zipfile.ZipFile, member: str, name: str) -> dict[str, str]:
    """Map the names of columns, `hs` among them, to the quoted headings of a table."""
    with archive.open(member) as file:
        header = next(csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline="")), [])
    # Headings are bilingual (`YearMonth/AnnéeMois`), and the files of total exports have no
    # province: columns are found by their English name, not by their place.
    english = {heading.partition("/")[0].strip(): quote_identifier(heading) for heading in header}
    columns = {
        column: english[name_en] for name_en, column in _COLUMNS.items() if name_en in english
    }
    hs = next(
        (heading for name_en, heading in english.items() if _HS_HEADING.fullmatch(name_en)), None
    )
    if hs is None or not {"period", "country", "value_cad"} <= {*columns}:
        remedy = "Download the zip again, and leave it as it is."
        expected = "the columns YearMonth, HS…, Country and Value"
        file = f"{name}/{member}"
        raise FiguresError.of(file, expected, remedy)
    return columns | {"hs": hs}


def _base_name(member: str) -> str:
    return member.rpartition("/")[2]
