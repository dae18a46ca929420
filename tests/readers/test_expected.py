"""Cells that a correct reader returns of publishers' real files, or of small slices of them.

`files/` holds slices: the header, the rows of interest, nothing changed in them. The Summaries and
the exchange rates lie whole in `data/raw`.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.readers.grids import read_grid
from critical_minerals.readers.known import TIDY, recognised
from critical_minerals.readers.statcan import read_table, yearly_means
from critical_minerals.readers.summaries import read_summaries
from critical_minerals.readers.summaries_files import read_files
from critical_minerals.readers.summaries_wide import read_wide

FILES = Path(__file__).parent / "files"
RAW = Path(__file__).parents[2] / "data" / "raw"
READERS: Mapping[str, Callable[[Path, str], pd.DataFrame]] = {
    **TIDY,
    "usgs_mcs_long": read_summaries,
    "usgs_mcs_wide": read_wide,
    "usgs_mcs_files": read_files,
    "statcan_daily_rates": read_table,
}

LONG, WIDE = "usgs/MCS2026_Commodities_Data.csv", "usgs/MCS2025_World_Data.csv"
SITES = "nrcan_inventory_derived.json"
WORLD = {"country": "World total"}
CANADA = {"country": "Canada"}
EXPECTED: list[tuple[str, dict[str, object], str, list[object]]] = [
    # The Summaries of four releases
    (LONG, {"chapter": "NICKEL", **CANADA, "statistic": "Production"}, "printed",
     ["125,000", "140,000"]),
    (LONG, {"chapter": "LITHIUM", **CANADA, "statistic": "Production", "year": "2025"}, "number",
     [5600]),
    (LONG, {"chapter": "LITHIUM", **CANADA, "statistic": "Reserves"}, "number", [1_600_000]),
    (LONG, {"chapter": "RARE EARTHS", "country": "Brazil", "statistic": "Reserves"}, "printed",
     ["21,000,000"]),
    (LONG, {"chapter": "RARE EARTHS", **WORLD, "statistic": "Reserves"}, "printed",
     [">85,000,000"]),
    (LONG, {"chapter": "VANADIUM", **WORLD, "statistic": "Reserves"}, "unit", ["metric tons"]),
    (LONG, {"chapter": "VANADIUM", **WORLD, "statistic": "Reserves"}, "printed", ["21,000"]),
    (LONG, {"chapter": "POTASH", "statistic": "Net import reliance", "year": "2025"}, "number",
     [92]),
    (WIDE, {"commodity": "Nickel", **CANADA, "statistic": "Production"}, "number",
     [159_000, 190_000]),
    (WIDE, {"commodity": "Cobalt", **CANADA, "statistic": "Production"}, "number", [4220, 4500]),
    (WIDE, {"commodity": "Lithium", **CANADA}, "number", [3240, 4300, 1_200_000]),
    (WIDE, {"commodity": "Vanadium", "country": "World total (rounded)", "statistic": "Reserves"},
     "note", ["(Reserve data is thousand metric tons)."]),
    (WIDE, {"commodity": "Vanadium", "country": "World total (rounded)", "statistic": "Reserves"},
     "number", [18_000]),
    (WIDE, {"commodity": "Aluminum", **CANADA}, "number", [3200, 3300, 3270, 3270]),
    ("usgs/mcs2024.zip", {"section": "world", "commodity": "nicke", **CANADA}, "number",
     [143_000, 180_000, 2_200_000]),
    ("usgs/mcs2024.zip", {"section": "world", "commodity": "cobal", **CANADA,
                          "statistic": "Production"}, "number", [3060, 2100]),
    ("usgs/mcs2024.zip", {"section": "world", "commodity": "cobal", **CANADA,
                          "statistic": "Production"}, "estimated", [True, True]),
    ("usgs/mcs2024.zip", {"section": "world", "commodity": "nicke",
                          "country": "World total (rounded)", "statistic": "Reserves"}, "printed",
     [">130,000,000"]),
    ("usgs/mcs2024.zip", {"section": "world", "commodity": "nicke", "country": "New Caledonia",
                          "year": "2022"}, "kind", [""]),
    ("usgs/mcs2024.zip", {"section": "world", "commodity": "vanad",
                          "country": "World total (rounded)", "statistic": "Reserves"}, "number",
     [19_000]),
    ("usgs/mcs2024.zip", {"section": "world", "commodity": "vanad", "country": "Russia",
                          "year": "2022"}, "number", [20_000]),
    ("usgs/mcs2024.zip", {"section": "world", "commodity": "vanad", "country": "Russia",
                          "year": "2022"}, "estimated", [True]),
    ("usgs/mcs2024.zip", {"section": "salient", "commodity": "lithi", "year": "2023"}, "printed",
     ["W", "3400", "2300", "W", "46000", "70", ">25"]),
    ("usgs/mcs2023.zip", {"section": "world", "commodity": "cobal", **CANADA}, "number",
     [4361, 3900, 220_000]),
    ("usgs/mcs2023.zip", {"section": "world", "commodity": "nicke", **CANADA,
                          "statistic": "Production"}, "number", [134_000, 130_000]),
    ("usgs/mcs2023.zip", {"section": "world", "commodity": "graph", **CANADA}, "printed",
     ["12000", "15000", "Included in World total."]),
    ("usgs/mcs2023.zip", {"section": "salient", "commodity": "germa", "year": "2022"}, "printed",
     ["0", "W", "14000", "15000", "5800", "0", "30000", "1300", "840", ">50"]),
    ("ds140-rare-earths.xlsx", {"year": 1900, "statistic": "Production"}, "number", [227]),
    ("ds140-rare-earths.xlsx", {"year": 1900, "statistic": "World production"}, "number", [1040]),
    ("ds140-rare-earths.xlsx", {"year": 1994, "statistic": "World production"}, "number", [55_100]),
    ("ds140-rare-earths.xlsx", {"year": 1999, "statistic": "Production"}, "number", [5000]),
    ("ds140-rare-earths.xlsx", {"year": 1999, "statistic": "World production"}, "number", [86_600]),
    # Other publishers
    ("BGS_lithium_production.csv", {"year": 2023}, "quantity", [179, 6000]),
    ("BGS_graphite_production.csv", {}, "quantity", [2530, 5800]),
    ("BGS_cobalt_production.csv", {"year": 2023, "unit": "tonnes (metal content)"}, "quantity",
     [5099]),
    ("BGS_cobalt_production.csv", {"year": 2023, "unit": "tonnes (metric)"}, "quantity", [4923]),
    ("comtrade_nickel.csv", {"reporter_iso": "AUT", "is_world": True}, "value_usd", [335]),
    ("comtrade_nickel.csv", {"reporter_iso": "AUT", "is_world": True}, "quantity", [None]),
    ("comtrade_nickel.csv", {"reporter_iso": "MAR", "partner_iso": "CAN"}, "value_usd", [349.199]),
    ("comtrade_nickel.csv", {"reporter_iso": "S19", "partner_iso": "CAN"}, "value_usd", [2484]),
    ("comtrade_lithium.csv", {"flow": "M", "is_world": True}, "value_usd", [79_288_822]),
    ("comtrade_lithium.csv", {"flow": "M", "is_world": True}, "quantity", [333_019_436]),
    ("comtrade_lithium.csv", {"flow": "X", "is_world": True}, "value_usd", [82_391_950]),
    ("comtrade_lithium.csv", {"flow": "X", "is_world": True}, "quantity", [None]),
    ("comtrade_preview.json", {"is_world": True}, "value_usd", [1_881_334_377]),
    ("iea_supply.xlsx", {"mineral": "Copper", "stage": "Mining", "country": "Total", "year": 2024},
     "quantity", [22_794]),
    ("iea_supply.xlsx", {"mineral": "Copper", "stage": "Mining", "country": "Chile", "year": 2024},
     "quantity", [5476]),
    ("iea_supply.xlsx", {"mineral": "Copper", "stage": "Refining", "country": "China",
                         "year": 2024}, "quantity", [11_860]),
    ("18100204-eng.zip", {"REF_DATE": "1981-01"}, "VECTOR", ["v107792869"]),
    ("18100204-eng.zip", {"REF_DATE": "1981-01"}, "number", [31]),
    ("18100204-eng.zip", {"REF_DATE": "2018-10", "GEO": "British Columbia"}, "number", [118.8]),
    ("10100001-eng.zip", {"REF_DATE": "1999", "VECTOR": "v30411572"}, "VALUE", ["421500"]),
    ("10100001-eng.zip", {"REF_DATE": "2011", "VECTOR": "v30411585"}, "VALUE", ["211726"]),
    ("cimt_monthly.csv", {"code": "26011110"}, "value_cad", [443_601_023]),
    ("cimt_monthly.csv", {"code": "26030010"}, "value_cad", [329_691_658]),
    ("cimt_monthly.csv", {"code": "7108120019"}, "flow", ["imports"]),
    ("nrcan_major_projects.csv", {"project": "996"}, "cost_mcad", [332]),
    ("nrcan_major_projects.csv", {"project": "996"}, "province", ["Alberta"]),
    ("nrcan_major_projects.csv", {"project": "996"}, "status", ["Under Construction"]),
    ("nrcan_inventory_NL.geojson", {"name_en": "Green Bay Copper-Gold (Ming)"}, "minerals",
     [["copper", "gold", "silver"]]),
    ("pink_sheet.xlsx", {"name": "Copper", "period": "2024-11"}, "price", [9075.73]),
    ("pink_sheet.xlsx", {"name": "Nickel", "period": "2024-11"}, "price", [15_723.06]),
    ("pink_sheet.xlsx", {"name": "Nickel", "period": "2024-10"}, "price", [16_765.8]),
    ("pink_sheet.xlsx", {"name": "Coal, Australian", "period": "1960-01"}, "price", [None]),
]  # fmt: skip
"""File, what tells its rows, a column, and what it holds there, in the order of the file."""


@lru_cache
def whole(file: str) -> pd.DataFrame:
    """Read a file by the reader that knows it."""
    path = FILES / file if (FILES / file).is_file() else RAW / file
    seen = recognised(path)
    assert seen is not None
    return READERS[seen.format](path, path.name)


@pytest.mark.parametrize(("file", "of", "column", "expected"), EXPECTED)
def test_a_cell_is_what_its_publisher_gives(
    file: str, of: dict[str, object], column: str, expected: list[object]
):
    rows = whole(file)
    for name, cell in of.items():
        rows = rows[rows[name] == cell]
    found: list[Any] = [
        cell if isinstance(cell, list) or not pd.isna(cell) else None for cell in rows[column]
    ]
    assert found == expected


def test_the_rates_of_six_years_leave_closed_days_out():
    means = yearly_means(whole("statcan/33100036-eng.zip"), "USD").set_index("year")
    expected = {2019: 1.3269, 2020: 1.3415, 2021: 1.2535, 2022: 1.3013, 2023: 1.3497, 2024: 1.3698}
    assert {year: means.loc[year, "cad_per_unit"] for year in expected} == expected


def test_as_many_rows_as_the_publisher_gives():
    assert len(whole(LONG)) == 8886
    assert len(whole("10100001-eng.zip")) == 182
    assert len(whole("statcan/33100036-eng.zip")) == 90_086


@pytest.mark.parametrize("file", ["33100036.json", "18100204.json"])
def test_metadata_of_the_service_say_their_product(file: str):
    seen = recognised(FILES / file)
    assert seen is not None
    assert (seen.format, seen.product) == ("statcan_metadata", file.partition(".")[0])


def test_a_list_of_changed_tables_holds_no_figures():
    with pytest.raises(FiguresError, match="the list of tables that changed on a day"):
        recognised(FILES / "wds_changed.json")


def test_ontario_awarded_twenty_nine_times_and_its_letters_stay_as_they_are():
    header, *awards = [row for _, row in read_grid(FILES / "cmif_recipients.csv", "a.csv").rows]
    amounts = [float(row[3].replace(",", "").strip("$ ")) for row in awards]
    assert (header[0], len(awards), sum(amounts)) == ("CMIF Intake", 29, 12_023_241)
    assert any("Valeís" in row[2] for row in awards)


def test_a_transformed_inventory_is_called_so():
    seen = recognised(FILES / SITES)
    assert seen is not None
    assert (seen.rows, "a transformed copy" in seen.title) == (2, True)
