"""Read merchandise trade of Statistics Canada (CIMT): the zips of a year, and monthly tables.

The zips are read by the published description; none has been tried on a real file yet. The monthly
tables are those that other projects make of them (`date, hs, name, imports, exports`).

| trap | what is done |
|---|---|
| no column of the flow | the zip's name and the file's number say it; if they differ, refused |
| domestic exports are no total exports | three flows; re-exports are the difference, never added |
| file numbers by flow and level (`ODPFN014_202601N.csv` is imports by HS10) | `_FILES` |
| bilingual headings, `YearMonth/AnnéeMois` | found by their English part |
| leading zeros, `"61"`; HS2, 6, 8 and 10 | text; a level is never joined with another below HS6 |
| no row for the whole world | none is made |
| total exports have seven columns, without a province | found by name; a province is not read |
| quantity blank or in several units | `quantity` with its `unit`; never summed over units |
| 170 MB and more | `sums` adds up the codes that are asked for |
| monthly: HS dotted (`2601.11.10`), or with a blank (`7108.12.00 19`) | its digits |
| monthly: imports by HS10 and exports by HS8 in one column | the level says which flow it is |
| monthly: `0.0` | no trade |
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
from critical_minerals.readers.large import OnProgress, ask, column_named
from critical_minerals.readers.opened import named_rows
from critical_minerals.readers.seen import Seen, header_of, seen_at_statcan
from critical_minerals.readers.sheets import ROW

_MEMBER: Final = re.compile(r"ODPFN(\d{3})_(\d{6})[A-Z]?\.csv", re.IGNORECASE)
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
_NAMES: Final = {"_imp_": "imports", "_dom_exp_": "domestic_exports", "_tot_exp_": "total_exports"}
_COLUMNS: Final = {
    "YearMonth": "period",
    "Country": "country",
    "Value": "value_cad",
    "Quantity": "quantity",
    "Unit of Measure": "unit",
}
_SUMMED: Final = ("period", "country", "unit", "quantity")
_MONTHLY: Final = ["date", "hs", "name", "imports", "exports"]
_IMPORTS: Final = 10
"""Digits of the codes of imports; exports have two fewer."""
_HS: Final = re.compile(r"HS(\d+)")
_MONTHS: Final = 12
_LONGEST: Final = 65_536
"""Bytes; no line of these tables has as many."""


def sums(
    path: Path,
    name: str,
    codes: Sequence[str],
    folder: Path,
    on_progress: OnProgress = lambda _done, _of: None,
) -> pd.DataFrame:
    """Add up the trade of a zip whose HS code begins with one of `codes`, however large it is.

    Columns: `member`, `flow`, `level`, `period`, `code`, `country`, `unit`, `value_cad` (whole
    dollars), `quantity` (of that unit alone), `entries` (rows of the file). The sums are kept in
    `folder`, so that the same zip is not read again. Raises `FiguresError` where the flow is
    not certain.
    """
    found: list[pd.DataFrame] = []
    with zipfile.ZipFile(path) as archive:
        members = _members(path, archive, name)
        headings = {member: _headings(archive, member, name) for member, _, _ in members}
    for member, flow, level in members:
        at = headings[member]
        known = {column: at.get(column, "''") for column in _SUMMED}
        hs = f"trim({at['hs']})"
        # Whole dollars are added as whole numbers: no order of the rows changes their sum.
        question = f"""
            SELECT left({known["period"]}, 4) || '-' || substr({known["period"]}, 5) AS period,
                {hs} AS code, {known["country"]} AS country,
                coalesce({known["unit"]}, '') AS unit,
                CAST(sum(CAST({at["value_cad"]} AS BIGINT)) AS BIGINT) AS value_cad,
                CAST(sum(TRY_CAST({known["quantity"]} AS DECIMAL(18, 3))) AS DOUBLE) AS quantity,
                count(*) AS entries
            FROM {{table}} WHERE length({hs}) <= {level}
                AND len(list_filter(?::VARCHAR[], lambda start: starts_with({hs}, start))) > 0
            GROUP BY ALL ORDER BY ALL"""  # noqa: S608 - headings are quoted
        some = ask(
            path,
            question,
            [[*codes]],
            folder,
            name=f"{name}/{member}",
            member=member,
            longest=_LONGEST,
            on_progress=on_progress,
        )
        found.append(pd.read_parquet(some).assign(member=member, flow=flow, level=level))
    return pd.concat(found, ignore_index=True)


def read_years(path: Path, name: str, codes: Sequence[str], folder: Path) -> pd.DataFrame:
    """Add up whole years of the trade in some goods, each a code and all that it holds.

    Each code is read at the level of the zip that is nearest to it, and at no other, since levels
    hold the same trade. Columns: `member`, `flow`, `level`, `code`, `year`, `country`, `value_cad`
    and `entries` (rows of the file); a year of which the file has fewer than twelve months is left
    out. Raises `FiguresError` as `sums` does.
    """
    found = sums(path, name, codes, folder)
    found = found.assign(year=found["period"].str[:4])
    months = found.groupby(["level", "year"])["period"].transform("nunique")
    # A year under way would pass for one with less trade.
    found = found[months == _MONTHS]
    parts: list[pd.DataFrame] = []
    for code in codes:
        # Files of several levels hold the same trade: taken together it would count twice.
        level = min((one for one in {*found["level"]} if one >= len(code)), default=0)
        some = found[(found["level"] == level) & found["code"].str.startswith(code)]
        parts.append(some.assign(code=code))
    by = ["member", "flow", "level", "code", "year", "country"]
    both = pd.concat([found.head(0), *parts], ignore_index=True)
    return both.groupby(by, as_index=False)[["value_cad", "entries"]].sum()


def read_monthly(path: Path, name: str) -> pd.DataFrame:
    """Read a monthly table into one record a code and month.

    Columns: `row_number`, `period`, `code` (digits), `level`, `flow`, `value_cad`. Raises
    `FiguresError` for any other file.
    """
    if header_of(path)[: len(_MONTHLY)] != _MONTHLY:
        remedy = "Download the table again, and leave it as it is."
        raise FiguresError.of(name, f"the columns {', '.join(_MONTHLY)}", remedy)
    codes = ((at, row, re.sub(r"\D", "", row["hs"])) for at, row in named_rows(path))
    return pd.DataFrame(
        [
            {
                ROW: at,
                "period": row["date"],
                "code": code,
                "level": len(code),
                "flow": "imports" if len(code) == _IMPORTS else "exports",
                "value_cad": float(row["imports" if len(code) == _IMPORTS else "exports"]),
            }
            for at, row, code in codes
        ]
    )


def recognise(path: Path) -> Seen | None:
    """Know a zip of merchandise trade by its members. Raises `FiguresError` for mixed flows."""
    if header_of(path)[: len(_MONTHLY)] == _MONTHLY:
        months = read_monthly(path, path.name)
        first, last = months["period"].min(), months["period"].max()
        return _seen("months (a table of another project)", first, last, "monthly", len(months))
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as folder:
        members = _members(path, folder, path.name)
    if not members:
        return None
    flow = members[0][1].replace("_", " ")
    periods = sorted(found[2] for one, _, _ in members if (found := _MEMBER.fullmatch(_base(one))))
    return _seen(f"{flow} (not yet tried on a real file)", periods[0], periods[-1], members[0][1])


def _seen(of: str, first: str, last: str, kind: str, rows: int = 0) -> Seen:
    return seen_at_statcan(
        format=f"statcan_cimt_{kind}",
        title=f"Canadian International Merchandise Trade, {of}",
        period=f"{first}–{last}",
        edition=last,
        source_id=f"STATCAN_CIMT_{last[:4]}",
        product=f"CIMT-CICM_{kind}_{last[:4]}",
        address="https://www150.statcan.gc.ca/n1/pub/71-607-x/71-607-x2021004-eng.htm",
        rows=rows,
    )


def _members(path: Path, folder: zipfile.ZipFile, name: str) -> list[tuple[str, str, int]]:
    """Return the tables of a zip with their flow and level."""
    found: list[tuple[str, str, int]] = []
    of_zip = next((flow for part, flow in _NAMES.items() if part in path.name.casefold()), "")
    for member in folder.namelist():
        told = _MEMBER.fullmatch(_base(member))
        if told is None:
            continue
        flow, level = _FILES.get(told[1], ("", 0))
        if not flow or (of_zip and of_zip != flow):
            expected = f"a number of {of_zip or 'a known flow'}: {', '.join(sorted(_FILES))}"
            file = f"{name}/{member}"
            remedy = "Give the zip its publisher's name, or declare the number in _FILES."
            raise FiguresError.of(file, expected, remedy)
        found.append((member, flow, level))
    if len({flow for _, flow, _ in found}) > 1:
        raise FiguresError.of(name, "one flow in one zip", "Give one zip for each flow.")
    return found


def _headings(archive: zipfile.ZipFile, member: str, name: str) -> dict[str, str]:
    """Return the headings of a table, quoted, by the names of columns, `hs` among them."""
    with archive.open(member) as file:
        header = next(csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline="")), [])
    english = {heading.partition("/")[0].strip(): column_named(heading) for heading in header}
    found = {column: english[part] for part, column in _COLUMNS.items() if part in english}
    hs = next((heading for part, heading in english.items() if _HS.fullmatch(part)), None)
    if hs is None or not {"period", "country", "value_cad"} <= {*found}:
        remedy = "Download the zip again, and leave it as it is."
        expected = "the columns YearMonth, HS…, Country and Value"
        file = f"{name}/{member}"
        raise FiguresError.of(file, expected, remedy)
    return found | {"hs": hs}


def _base(member: str) -> str:
    return member.rpartition("/")[2]
