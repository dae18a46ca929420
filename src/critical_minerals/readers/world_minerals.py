"""Read the World Mineral Statistics of the British Geological Survey, as its API gives them.

Its traps, each with its test: docs/traps.md#world-minerals
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import dict_rows
from critical_minerals.readers.seen import RecognisedFile, read_header
from critical_minerals.readers.sheets import ROW

_NEEDED: Final = (
    "country_trans",
    "bgs_commodity_trans",
    "bgs_statistic_type_trans",
    "units",
    "year",
    "quantity",
)
# Estimates are marked in notes alone, and these may stand in any of the three columns.
_NOTES: Final = (
    "concat_table_notes_text",
    "concat_figure_notes_text",
    "data_precision_description",
)


def read_world_minerals(path: Path, name: str) -> pd.DataFrame:
    """Read an export into one record a figure.

    Columns: `row_number`, `country`, `iso2`, `iso3`, `year`, `statistic`, `commodity`,
    `sub_commodity`, `quantity` (missing where there is none), `unit`, `note`. Raises `FiguresError`
    for any other file.
    """
    if not {*_NEEDED} <= {*read_header(path)}:
        remedy = "Download the collection world-mineral-statistics anew, as CSV."
        expected = f"the columns {', '.join(_NEEDED)}"
        raise FiguresError.of(name, expected, remedy, row=1)
    return pd.DataFrame(
        [
            {
                ROW: at,
                "country": row["country_trans"].strip(),
                "iso2": row.get("country_iso2_code", ""),
                "iso3": row.get("country_iso3_code", ""),
                # A timestamp, `1974-01-01 00:00:00`.
                "year": int(row["year"][:4]),
                "statistic": row["bgs_statistic_type_trans"],
                "commodity": row["bgs_commodity_trans"],
                # A country may have several in a year, with gross weight and content in one file:
                # nothing is added up here.
                "sub_commodity": row.get("bgs_sub_commodity_trans", ""),
                "quantity": float(row["quantity"]) if row["quantity"].strip() else None,
                "unit": row["units"].strip(),
                "note": "; ".join(filter(None, (row.get(column) for column in _NOTES))),
            }
            for at, row in dict_rows(path, name)
        ]
    )


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise an export by its columns, in any order."""
    if not {*_NEEDED} <= {*read_header(path)}:
        return None
    figures = read_world_minerals(path, path.name)
    commodities = ", ".join(sorted({*figures["commodity"]})[:2])
    statistic = ", ".join(sorted({*figures["statistic"]})).lower()
    first, last = figures["year"].min(), figures["year"].max()
    # Names have commas, such as `cobalt, mine`, which no id of a source has.
    slug = re.sub(r"[^A-Za-z0-9]+", "_", commodities).strip("_")
    return RecognisedFile(
        format="bgs_world_minerals",
        folder="bgs",
        title=f"World Mineral Statistics, {commodities} ({statistic})",
        publisher="British Geological Survey",
        publisher_fr="Service géologique britannique",
        period=f"{first}–{last}",
        edition=str(last),
        source_id=f"BGS_{slug.upper()}",
        product=f"BGS_{slug}",
        address="https://ogcapi.bgs.ac.uk/collections/world-mineral-statistics",
        terms="Open Government Licence (UK); contains British Geological Survey materials © UKRI",
        rows=len(figures),
    )
