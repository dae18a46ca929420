"""Read the Survey's historical statistics (Data Series 140): one workbook a commodity, from 1900.

Its traps, each with its test: docs/traps.md#historical-statistics
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import open_xlsx
from critical_minerals.readers.seen import RecognisedFile
from critical_minerals.readers.sheets import ROW
from critical_minerals.readers.summaries import describe_release, figure_of

_TITLE: Final = re.compile(r"(.+?) STATISTICS\d*", re.IGNORECASE)
_SERVICE: Final = "U.S. GEOLOGICAL SURVEY"
_QUANTITIES: Final = re.compile(r"All (?:quantities|values) in ([a-z ]+)")
_HEADING: Final = re.compile(r"(.+?) \(([^()]+)\)")


def read_historical(path: Path, name: str) -> pd.DataFrame:
    """Read a workbook into one record a figure.

    Columns: `row_number`, `column` (from 1), `commodity`, `year`, `statistic`, `unit`, `printed`,
    `number` (missing where none is given) and `kind` (as of the Summaries). Raises `FiguresError`
    for any other file.
    """
    table = _find_table(path)
    if table is None:
        remedy = "Download the workbook of the commodity anew."
        expected = f"a sheet of {_SERVICE} with a row that begins with Year"
        raise FiguresError.of(name, expected, remedy)
    commodity, unit, header, rows = table
    records: list[dict[str, Any]] = []
    for number, row in rows:
        for column, cell in enumerate(row[1 : len(header)], 1):
            heading = _HEADING.fullmatch(header[column])
            # Workbooks hold floats: 227.0 has to be read as the 227 that the cell shows.
            printed = f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()
            if not header[column] or not printed:
                continue
            figure = figure_of(printed)
            records.append(
                {
                    ROW: number,
                    "column": column + 1,
                    "commodity": commodity,
                    "year": int(float(row[0])),
                    "statistic": heading[1] if heading else header[column],
                    "unit": heading[2] if heading else unit,
                    "printed": printed,
                    "number": figure.number,
                    "kind": figure.kind,
                }
            )
    return pd.DataFrame(records)


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise a workbook by its title, its publisher and its header."""
    table = _find_table(path)
    if table is None:
        return None
    figures = read_historical(path, path.name)
    years = sorted({*figures["year"]})
    slug = table[0].replace(" ", "_")
    seen = describe_release(
        [int(years[0]), int(years[-1])],
        int(years[-1]),
        format="usgs_historical",
        title=f"Historical statistics (Data Series 140), {table[0].lower()}",
        product=f"ds140-{slug.lower()}",
        rows=len(figures),
    )
    return replace(seen, source_id=f"USGS_DS140_{slug}")


def _find_table(
    path: Path,
) -> tuple[str, str, list[str], Sequence[tuple[int, Sequence[Any]]]] | None:
    """Return commodity, unit, header and the rows of years of the first sheet.

    None for any other workbook.
    """
    book = open_xlsx(path)
    if book is None or not book.sheet_names:
        return None
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    first_cells = [str(row[0]).strip() if row else "" for row in rows]
    header_index = next((number for number, cell in enumerate(first_cells) if cell == "Year"), 0)
    title = _TITLE.fullmatch(first_cells[0]) if first_cells else None
    if not header_index or title is None or _SERVICE not in first_cells[:header_index]:
        return None
    # Most headings have no unit: a title row states the one of all of them.
    unit = next(
        filter(None, (_QUANTITIES.search(cell) for cell in first_cells[:header_index])), None
    )
    header = [" ".join(str(cell).split()) for cell in rows[header_index]]
    # Footnotes follow below the last year: they begin with no year.
    year_rows: Sequence[tuple[int, Sequence[Any]]] = [
        (number, row)
        for number, row in enumerate(rows[header_index + 1 :], header_index + 2)
        if _is_year(row[0])
    ]
    return (title[1], unit[1].strip() if unit else "", header, year_rows) if year_rows else None


def _is_year(cell: object) -> bool:
    return re.fullmatch(r"\d{4}(\.0)?", str(cell)) is not None
