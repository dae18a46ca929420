"""Read the monthly commodity prices of the World Bank (the Pink Sheet).

Its traps, each with its test: docs/traps.md#price-sheets
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import open_xlsx
from critical_minerals.readers.seen import RecognisedFile
from critical_minerals.readers.workbooks import letters

_SHEET: Final = "Monthly Prices"
_PERIOD: Final = re.compile(r"(\d{4})M(\d\d)")
_UNIT: Final = re.compile(r"\(.*\)")
_EXPECTED_UNIT: Final = "a unit in brackets, such as ($/mt)"
_EXPECTED_PRICE: Final = "a price, or … where there is none"
_NO_PRICE: Final = frozenset({"…", "..", ""})


def read_prices(path: Path, name: str) -> pd.DataFrame:
    """Read a sheet into one record a price.

    Columns: `row_number`, `column` (of the sheet, from 1), `period` (`2024-11`), `name`, `code`,
    `unit`, `price`; a month without a price has none. Raises `FiguresError` for any other file, and
    for a unit or a price that is none.
    """
    rows = _read_rows(path)
    start = next((at for at, row in enumerate(rows) if _PERIOD.fullmatch(str(row[0]))), 0)
    if not start:
        remedy = "Download CMO-Historical-Data-Monthly.xlsx anew."
        expected = f"a sheet {_SHEET!r} with periods such as 1960M01"
        raise FiguresError.of(name, expected, remedy)
    title_rows = [[str(cell).strip() for cell in row] for row in rows[:start]]
    unit_row = _find_unit_row(title_rows, name)
    names, units = title_rows[unit_row - 1], title_rows[unit_row]
    # Older editions have no row of codes between units and prices.
    codes = title_rows[unit_row + 1] if unit_row + 1 < start else []
    return pd.DataFrame(
        [
            {
                "row_number": at,
                "column": column + 1,
                "period": _PERIOD.sub(r"\1-\2", str(row[0])),
                # Asterisks refer to footnotes: `Potassium chloride **`.
                "name": price_name.rstrip(" *"),
                "code": codes[column] if codes else "",
                "unit": units[column].strip("()"),
                "price": _parse_price(row[column], name, at, column),
            }
            for at, row in enumerate(rows[start:], start + 1)
            if _PERIOD.fullmatch(str(row[0]))
            for column, price_name in enumerate(names)
            if price_name
        ]
    )


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise the workbook by its sheet and its periods."""
    if not any(_PERIOD.fullmatch(str(row[0])) for row in _read_rows(path)):
        return None
    prices = read_prices(path, path.name)
    first, last = prices["period"].min(), prices["period"].max()
    return RecognisedFile(
        format="world_bank_prices",
        folder="world_bank",
        title="Commodity Price Data (the Pink Sheet), monthly",
        publisher="World Bank",
        publisher_fr="Banque mondiale",
        period=f"{first}–{last}",
        edition=last,
        source_id="WORLD_BANK_PINK_SHEET",
        product="CMO-Historical-Data-Monthly",
        address="https://www.worldbank.org/en/research/commodity-markets",
        terms="CC BY 4.0",
        rows=int(prices["price"].notna().sum()),
    )


def _read_rows(path: Path) -> Sequence[Sequence[Any]]:
    """Return the rows of the sheet; an empty list where there is no such workbook or sheet."""
    book = open_xlsx(path)
    if book is None or _SHEET not in book.sheet_names:
        return []
    sheet = book.get_sheet_by_name(_SHEET)
    return [row for row in sheet.to_python(skip_empty_area=False) if row]


def _find_unit_row(title_rows: Sequence[Sequence[str]], name: str) -> int:
    """Return the index of the row that has the unit of each name in the row above it.

    Raises `FiguresError` where a name has no unit, or what stands there is none.
    """
    # The number of rows has changed over the years. That of the units has the most brackets; of
    # several, the one nearest to the figures, since a title too may be in brackets.
    candidates = range(len(title_rows) - 1, 0, -1)
    unit_row = max(candidates, key=lambda at: _count_units(title_rows[at]), default=0)
    names, units = title_rows[unit_row - 1], title_rows[unit_row]
    for column in range(1, len(units)):
        if (names[column] or units[column]) and not _UNIT.fullmatch(units[column]):
            raise _invalid_cell(name, unit_row + 1, column, units[column], _EXPECTED_UNIT)
    if not (unit_row and _count_units(units)):
        raise _invalid_cell(name, unit_row + 1, 1, "", _EXPECTED_UNIT)
    return unit_row


def _count_units(row: Sequence[str]) -> int:
    return sum(1 for cell in row[1:] if _UNIT.fullmatch(cell))


def _parse_price(cell: object, name: str, row_number: int, column: int) -> float | None:
    text = str(cell).strip()
    try:
        return None if text in _NO_PRICE else float(text)
    except ValueError:
        raise _invalid_cell(name, row_number, column, text, _EXPECTED_PRICE) from None


def _invalid_cell(
    name: str, row_number: int, column: int, text: str, expected: str
) -> FiguresError:
    return FiguresError.of(
        file=f"{name}, sheet {_SHEET!r}",
        row=row_number,
        column=letters(column),
        value=text,
        expected=expected,
        remedy="Download CMO-Historical-Data-Monthly.xlsx anew, and leave it as it is.",
    )
