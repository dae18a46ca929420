"""Read the world table of the Mineral Commodity Summaries in its wide form, as in 2025.

The United States Geological Survey published `MCS2025_World_Data.csv` with the release of 2025
(https://doi.org/10.5066/P13XCP3R): one row for a commodity, a country and a kind of output, with
columns for production, capacity and reserves. Each figure becomes a record of its own, with the
columns of the long form.

Its traps, each with its test: docs/traps.md#summaries-wide
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pandas as pd

from critical_minerals.readers.opened import csv_rows
from critical_minerals.readers.seen import RecognisedFile, read_header
from critical_minerals.readers.sheets import ROW
from critical_minerals.readers.summaries import (
    ESTIMATED,
    RECORD_COLUMNS,
    calls_estimate,
    clean,
    describe_release,
    edition_of,
    not_as_published,
    parse_figures,
)

_FIXED: Final = ("SOURCE", "COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS")
_FIGURE: Final = re.compile(r"(PROD|CAP|RESERVES)_(EST_)? ?(\d{4})")
_STATISTICS: Final = {"PROD": "Production", "CAP": "Capacity", "RESERVES": "Reserves"}
_NOTES: Final = {"PROD": "PROD_NOTES", "CAP": "CAP_NOTES", "RESERVES": "RESERVE_NOTES"}
# The file also has it misspelt, `reproted`.
_REPORTED: Final = re.compile(r"rep(?:or|ro)ted\b", re.IGNORECASE)
_WITHHELD: Final = re.compile(r"W for (\d\d)-(\d\d)")
_NO_VALUE: Final = re.compile(r"(NA|XX)(?: for (\d{4}))?(?: \(.*\)\.?)?", re.IGNORECASE)
# Reserves of some minerals are stated in words alone.
_SIZE: Final = re.compile(r"(?:very )?(?:small|moderate|large)(?: to large)?", re.IGNORECASE)


def read_wide(path: Path, name: str) -> pd.DataFrame:
    """Read a world table into one record a figure, with the columns of `read_summaries`.

    `chapter` and `section` are blank, since the file has none; `detail` is its `TYPE`, `at` the
    column of the figure. Raises `FiguresError` when the file is not such a table.
    """
    try:
        rows = csv_rows(path.read_bytes())
    except UnicodeDecodeError as error:
        raise not_as_published(name, "a world table in UTF-8, as the publisher gives it") from error
    if not rows or not _is_header(rows[0]):
        expected = f"the columns {', '.join(_FIXED)}, and PROD_ with a year"
        raise not_as_published(name, expected)
    header = rows[0]
    records: list[dict[str, Any]] = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise not_as_published(name, f"{len(header)} cells in every row", number)
        cells = {column: clean(cell) for column, cell in zip(header, row, strict=True)}
        records += (record | {ROW: number} for record in _build_records(cells))
    return parse_figures(pd.DataFrame(records, columns=[*RECORD_COLUMNS]))


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise a world table by its header."""
    if not _is_header(read_header(path)):
        return None
    release = read_wide(path, path.name)
    years = sorted({int(year) for year in release["year"]})
    edition = edition_of(years)
    return describe_release(
        years,
        edition,
        format="usgs_mcs_wide",
        title=f"Mineral Commodity Summaries {edition} world data release ({path.name})",
        product=f"MCS{edition}",
        rows=len(release),
    )


def _is_header(header: Sequence[str]) -> bool:
    kinds = {match[1] for column in header if (match := _FIGURE.fullmatch(column))}
    return tuple(header[: len(_FIXED)]) == _FIXED and "PROD" in kinds


def _build_records(cells: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a record for each figure of one row, and for each word in the place of one."""
    row_fields = {
        "chapter": "",
        "section": "",
        "commodity": cells["COMMODITY"],
        "country": cells["COUNTRY"],
        "detail": cells["TYPE"],
        "unit": cells["UNIT_MEAS"],
        "is_critical": "",
        "other_note": "",
    }
    for column, cell in cells.items():
        match = _FIGURE.fullmatch(column)
        if match is None:
            continue
        kind, estimate, year = match.groups()
        note = cells.get(_NOTES[kind], "")
        # Where a figure is withheld or unknown the cell is blank, and only the note says why.
        printed = cell or value_from_note(note, year)
        if not printed:
            continue
        yield row_fields | {
            "statistic": _STATISTICS[kind],
            "year": year,
            "printed": printed,
            "note": note,
            # Type and note refer to the output of the row: reserves are no output of a year.
            "estimated": bool(estimate)
            or (kind != "RESERVES" and _is_estimate(cells["TYPE"], note, year)),
            "where": f"COMMODITY={cells['COMMODITY']}, TYPE={cells['TYPE']}, column {column}",
            "at": f"#{quote(column)}",
        }


def _is_estimate(series: str, note: str, year: str) -> bool:
    """Tell whether a row calls its figure of a year an estimate, in its note or its series."""
    # A series may be estimated as a whole, and one country in it have reported its figure.
    return not _REPORTED.match(note) and calls_estimate(f"{series}; {note}", year)


def value_from_note(note: str, year: str) -> str:
    """Return what a note states in place of the figure of a year; blank where it states nothing.

    >>> value_from_note("W for 23-24", "2024"), value_from_note("na for 2023", "2023")
    ('W', 'NA')
    >>> value_from_note("Included with ilmenite.", "2024"), value_from_note("", "2024")
    ('s', '')
    >>> value_from_note("estimated 2023", "2024")
    ''
    """
    if withheld := _WITHHELD.fullmatch(note):
        return "W" if withheld[1] <= year[2:] <= withheld[2] else ""
    if no_value := _NO_VALUE.fullmatch(note):
        return no_value[1].upper() if no_value[2] in (None, year) else ""
    if _SIZE.fullmatch(note):
        return note
    # Any other note tells where the figure went (`Included with ilmenite`); a remark on estimates
    # of another year tells nothing about this one.
    return "" if not note or ESTIMATED.search(note) else "s"
