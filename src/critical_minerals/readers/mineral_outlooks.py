"""Read supply by country from the Critical Minerals Dataset of the International Energy Agency.

Its traps, each with its test: docs/traps.md#mineral-outlooks
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import open_xlsx
from critical_minerals.readers.seen import RecognisedFile

_TITLE: Final = re.compile(r"Total supply for key .*\((\w+)\)")
_HEADING: Final = re.compile(r"(.+?) [-–] (.+)")
_NO_COUNTRY: Final = re.compile(r"(?:Total|Rest of world|Top \d share).*")
_YEARS: Final = range(2000, 2101)


def read_supply(path: Path, name: str) -> pd.DataFrame:
    """Read supply by country into one record a figure.

    Columns: `sheet`, `row_number`, `column` (from 1), `mineral`, `stage`, `country`, `is_country`,
    `year`, `quantity`, `unit` (blank for shares), `projected`. Raises `FiguresError` for any other
    file.
    """
    table = _find_supply_sheet(path)
    if table is None:
        remedy = "Download the Critical Minerals Dataset anew; its address is on its cover."
        expected = "a sheet whose title begins with 'Total supply for key'"
        raise FiguresError.of(name, expected, remedy)
    sheet, unit, rows = table
    return pd.DataFrame([{"sheet": sheet, **record} for record in _parse_blocks(rows, unit)])


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise the workbook by the title of a sheet."""
    if _find_supply_sheet(path) is None:
        return None
    supply = read_supply(path, path.name)
    base, last = supply["year"].min(), supply["year"].max()
    return RecognisedFile(
        format="iea_mineral_supply",
        folder="iea",
        title=f"Critical Minerals Dataset, supply by country (base year {base})",
        publisher="International Energy Agency",
        publisher_fr="Agence internationale de l’énergie",
        period=f"{base}–{last}",
        edition=str(base),
        source_id=f"IEA_CM_{base}",
        product="CM_Data_Explorer",
        address="https://www.iea.org/data-and-statistics/data-product/critical-minerals-dataset",
        terms="CC BY 4.0",
        rows=len(supply),
    )


def _find_supply_sheet(path: Path) -> tuple[str, str, Sequence[Sequence[Any]]] | None:
    """Return the name, the unit and the rows of the sheet of supply; None where there is none."""
    book = open_xlsx(path)
    if book is None:
        return None
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        # The title stands near the top, not always in the same row; names of sheets change as well.
        for row in rows[:5]:
            if title := next(filter(None, map(_TITLE.match, map(str, row))), None):
                return sheet, title[1], rows
    return None


def _parse_blocks(rows: Sequence[Sequence[Any]], unit: str) -> Iterator[dict[str, Any]]:
    years: dict[int, int] = {}
    blocks: dict[int, tuple[str, str]] = {}
    for number, row in enumerate(rows, 1):
        year_columns = {at: int(cell) for at, cell in enumerate(row) if _is_year(cell)}
        # One number that looks like a year may be a figure; the header has many.
        if len(year_columns) > 1:
            years = year_columns
            continue
        for start, cell in enumerate(row):
            heading = _HEADING.fullmatch(str(cell)) if isinstance(cell, str) else None
            # A name with a dash may be a country; a heading has no figures next to it.
            if heading and not _block_figures(row, years, start):
                blocks[start] = heading[1].strip(), heading[2].strip()
                continue
            if start not in blocks or not isinstance(cell, str) or not cell.strip():
                continue
            country = cell.strip()
            for column, quantity in _block_figures(row, years, start):
                # The share of the largest producers stands among quantities, without their unit.
                is_share = country.startswith("Top")
                yield {
                    "row_number": number,
                    "column": column + 1,
                    "mineral": blocks[start][0],
                    "stage": blocks[start][1],
                    "country": country,
                    "is_country": not _NO_COUNTRY.fullmatch(country),
                    "year": years[column],
                    "quantity": quantity,
                    "unit": "" if is_share else unit,
                    # The base year moves from edition to edition; it is always the first.
                    "projected": years[column] > min(years.values()),
                }


def _block_figures(
    row: Sequence[Any], years: dict[int, int], start: int
) -> list[tuple[int, float]]:
    """Return the figures of the block that begins in a column, by their columns.

    A column without a year separates it from the next block.
    """
    figures: list[tuple[int, float]] = []
    for column in range(start + 1, len(row)):
        if column not in years:
            break
        if isinstance(row[column], (int, float)):
            figures.append((column, float(row[column])))
    return figures


def _is_year(cell: object) -> bool:
    return isinstance(cell, (int, float)) and cell in _YEARS
