"""Releases of one file a commodity, as in 2023 and 2024: every spelling is read, none guessed."""

import re
import zipfile
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.known import recognised
from critical_minerals.readers.summaries_files import read_files
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
USGS = PROJECT / "data" / "raw" / "usgs"
Record = dict[Hashable, Any]
HEADER = "Source,Country,Type,Prod_t_2030,Prod_t_est_2031,Prod_notes,Reserves_kt,Reserves_notes"
CANADA = 'MCS2032,Canada,"Mine production, nickel",10,11,,12,'


def archive(path: Path, **members: str) -> Path:
    """An archive of files by their names, with underscores for what names may not hold."""
    with zipfile.ZipFile(path, "w") as folder:
        for name, text in members.items():
            folder.writestr(name, ("\ufeff" + text.replace("\n", "\r\n")).encode())
    return path


def read(path: Path, *lines: str, name: str = "world/mcs2032-nicke_world.csv") -> list[Record]:
    archive(path, **{name: "\n".join([*lines, ""])})
    records = read_files(path, path.name).astype("object")
    return records.where(records.notna(), None).to_dict("records")


def told(records: list[Record], *columns: str) -> list[tuple[object, ...]]:
    return [tuple(record[column] for column in columns) for record in records]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mcs.zip"


@pytest.fixture(scope="module")
def releases() -> dict[int, pd.DataFrame]:
    return {year: read_files(USGS / f"mcs{year}.zip", str(year)) for year in (2023, 2024)}


@pytest.mark.parametrize(
    ("release", "commodity", "expected"),
    [
        (2024, "nicke", {("Production", "2022"): 143_000, ("Production", "2023"): 180_000}),
        (2024, "nicke", {("Reserves", "2023"): 2_200_000}),
        (2024, "cobal", {("Production", "2022"): 3_060, ("Production", "2023"): 2_100}),
        (2023, "cobal", {("Production", "2021"): 4_361, ("Production", "2022"): 3_900}),
        (2023, "cobal", {("Reserves", "2022"): 220_000}),
        (2023, "nicke", {("Production", "2021"): 134_000, ("Production", "2022"): 130_000}),
        (2023, "graph", {("Production", "2021"): 12_000, ("Production", "2022"): 15_000}),
    ],
)
def test_the_publisher_figures_of_canada(
    releases: dict[int, pd.DataFrame],
    release: int,
    commodity: str,
    expected: dict[tuple[str, str], float],
):
    rows = releases[release]
    rows = rows[(rows["section"] == "world") & (rows["country"] == "Canada")]
    rows = rows[rows["commodity"] == commodity]
    found = zip(rows["statistic"], rows["year"], rows["number"], strict=True)
    assert expected.items() <= {(one, year): number for one, year, number in found}.items()


def test_words_bounds_and_footnotes_of_the_releases(releases: dict[int, pd.DataFrame]):
    rows = releases[2023]
    graphite = rows[(rows["commodity"] == "graph") & (rows["country"] == "Canada")]
    assert graphite["printed"].iloc[-1] == "Included in World total."
    rows = releases[2024][releases[2024]["section"] == "world"]
    bounds = rows.loc[rows["kind"] == "more_than", "number"]
    assert {9_100_000, 130_000_000} <= {*bounds}
    assert {"New Caledonia"} == {*rows.loc[rows["country"].str.startswith("New C"), "country"]}
    vanadium = rows[rows["commodity"] == "vanad"].set_index(["country", "statistic", "year"])
    assert vanadium.loc[("Russia", "Production", "2022"), "number"] == 20_000
    assert vanadium.loc[("Russia", "Production", "2022"), "estimated"]
    world = vanadium.loc[("World total (rounded)", "Reserves", "2023"), ["number", "unit"]]
    assert [*world] == [19_000, "kt"]


def test_salient_figures_have_their_units(releases: dict[int, pd.DataFrame]):
    rows = releases[2024]
    of = (rows["commodity"] == "lithi") & (rows["section"] == "salient") & (rows["year"] == "2023")
    assert [*rows.loc[of, ["detail", "unit", "printed"]].itertuples(index=False, name=None)] == [
        ("USprod", "t", "W"),
        ("Imports", "t", "3400"),
        ("Exports", "t", "2300"),
        ("Consump", "t", "W"),
        ("Price", "dt", "46000"),
        ("Employment", "num", "70"),
        ("NIR", "pct", ">25"),
    ]


@pytest.mark.parametrize(
    ("year", "files", "period"), [(2023, 160, "2021–2022"), (2024, 162, "2022–2023")]
)
def test_a_release_is_known_whatever_it_is_called(
    tmp_path: Path, year: int, files: int, period: str
):
    copy = tmp_path / "download.zip"
    copy.write_bytes((USGS / f"mcs{year}.zip").read_bytes())
    seen = recognised(copy)
    assert seen is not None
    assert (seen.format, seen.edition, seen.period) == ("usgs_mcs_files", str(year), period)
    assert f"{files} files" in seen.title


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Prod_t_2030", ("Production", "2030", "t", False)),
        ("Prod_kt_Est_2030", ("Production", "2030", "kt", True)),
        ("Cap_t_est_2030", ("Capacity", "2030", "t", True)),
        ("Reserves_kt", ("Reserves", "2029", "kt", False)),
        ("Reserves_kt_2030", ("Reserves", "2030", "kt", False)),
    ],
)
def test_a_heading_holds_statistic_unit_and_year(
    path: Path, header: str, expected: tuple[str, ...]
):
    lines = (f"Source,Country,Type,Prod_t_2029,{header}", "MCS2032,Canada,Mine production,1,2")
    (record,) = read(path, *lines)[1:]
    assert told([record], "statistic", "year", "unit", "estimated") == [expected]


@pytest.mark.parametrize(
    ("headings", "cells", "series"),
    [
        ("Form", "Refined", "Refined"),
        (
            '"Mine production, fluorspar"',
            '"Mine production, fluorspar"',
            "Mine production, fluorspar",
        ),
    ],
)
def test_the_series_may_stand_under_another_heading(
    path: Path, headings: str, cells: str, series: str
):
    (record,) = read(path, f"Source,Country,{headings},Prod_t_2030", f"MCS,Canada,{cells},1")
    assert record["detail"] == series


def test_a_file_without_series_and_one_with_two_kinds_of_reserves(path: Path):
    assert read(path, "Source,Country,Prod_t_2030", "MCS,Canada,1")[0]["detail"] == ""
    lines = ("Source,Country,Type,Reserves_ore_kt,Reserves_ore_K2O_equiv_kt", "M,Canada,Mine,1,2")
    assert told(read(path, *lines), "detail", "number") == [
        ("Reserves: ore", 1),
        ("Reserves: ore_K2O_equiv", 2),
    ]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ('"e20,000"', (20_000, "", True)),
        ('"    >9,100,000"', (9_100_000, "more_than", False)),
        ("520 ", (520, "", False)),
        ("7 to 12", (7, "range", False)),
        ("Less than ½ unit.", (0.5, "less_than", False)),
        ("XX", (None, "not_applicable", False)),
        ("Large", (None, "said", False)),
        ("−84", (-84, "", False)),
    ],
)
def test_what_is_printed(path: Path, printed: str, expected: tuple[object, ...]):
    (record,) = read(path, "Source,Country,Type,Prod_t_2030", f"MCS,Canada,Mine,{printed}")
    assert told([record], "number", "kind", "estimated") == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("New Caledonia9", ("New Caledonia", "")),
        ("United\xa0States1", ("United States", "")),
        ("World total (rounded)10", ("World total (rounded)", "")),
        ('"World total (rounded), excluding U.S. production"', ("World total (rounded)", "US")),
        ('"World total (rounded), excluding United States."', ("World total (rounded)", "US")),
        ("Japane", ("Japane", "")),
    ],
)
def test_names_of_places(path: Path, name: str, expected: tuple[str, str]):
    (record,) = read(path, "Source,Country,Type,Prod_t_2030", f"MCS,{name},Mine,1")
    assert told([record], "country", "excludes") == [expected]


@pytest.mark.parametrize(
    ("note", "estimated"),
    [
        ("", (False, True)),
        ("Production in 2030 is also estimated.", (True, True)),
        ("Also estimated in 2030", (True, True)),
        ("Reported production in 2030.", (False, True)),
        ("Reported quantity in 2031", (False, False)),
    ],
)
def test_notes_say_of_which_year_they_are(path: Path, note: str, estimated: tuple[bool, bool]):
    records = read(path, HEADER, CANADA.replace("11,,", f"11,{note},"))
    assert tuple(record["estimated"] for record in records[:2]) == estimated


def test_blank_rows_and_columns_are_passed_over_and_what_has_no_heading_is_shifted(path: Path):
    records = read(path, f"{HEADER},,", f"{CANADA},,", ",,,,,,,,,", f"{CANADA},,7")
    assert told(records, "row_number", "kind")[::3] == [(2, ""), (4, "shifted")]


@pytest.mark.parametrize(
    "name", ["mcs2032nicke_world.csv", "a b/MCS2032-nicke_world.csv", "x/mcs2032-nicke_World.csv"]
)
def test_a_member_and_its_column_are_named_without_blanks(path: Path, name: str):
    record = read(path, HEADER, CANADA, name=name)[0]
    assert record["commodity"] == "nicke"
    assert record["at"] == f"/{name.replace(' ', '%20')}#Prod_t_2030"


def test_headings_that_are_broken_or_stand_twice_stay_apart(path: Path):
    header = "DataSource,Commodity,Year,Imports_Primarykg,Price_dt,Price_dt,CASE STATEMENT ERRORt"
    lines = (header, "MCS2032,Nickel,2031,1,2,3,4")
    records = read(path, *lines, name="mcs2032-nicke_salient.csv")
    assert told(records, "detail", "unit") == [
        ("Imports_Primary", "kg"),
        ("Price", "dt"),
        ("Price", "dt"),
        ("CASE STATEMENT ERROR", "t"),
    ]
    assert len({record["at"] for record in records}) == 4


def test_every_heading_of_the_releases_is_split_where_its_unit_begins(
    releases: dict[int, pd.DataFrame],
):
    salient = pd.concat([*releases.values()]).query("statistic == 'Salient'")
    headings = {
        # A heading that stands twice has its column's number besides.
        (re.sub(r" \(\d+\)$", "", where.partition(", column ")[2]), detail, unit)
        for where, detail, unit in zip(
            salient["where"], salient["detail"], salient["unit"], strict=True
        )
    }
    assert len(headings) > 600
    # All others end with an underscore and a unit.
    assert {
        heading: (detail, unit)
        for heading, detail, unit in headings
        if heading != f"{detail}_{unit}"
    } == {
        "CASE STATEMENT ERRORkt": ("CASE STATEMENT ERROR", "kt"),
        "CASE STATEMENT ERRORt": ("CASE STATEMENT ERROR", "t"),
        "Consump_": ("Consump_", ""),
        "Consump_Apparentt": ("Consump_Apparent", "t"),
        "Consump_Reportedt": ("Consump_Reported", "t"),
        "Exports_Concentratet": ("Exports_Concentrate", "t"),
        "Exports_Othert": ("Exports_Other", "t"),
        "Exports_Total": ("Exports_Total", ""),
        "Grade-A-Salesmcm": ("Grade-A-Sales", "mcm"),
        "Imports_Concentratet": ("Imports_Concentrate", "t"),
        "Imports_GaAskg": ("Imports_GaAs", "kg"),
        "Imports_Metalkg": ("Imports_Metal", "kg"),
        "Imports_Othert": ("Imports_Other", "t"),
        "NIR_Refinedpct": ("NIR_Refined", "pct"),
        "Price_High-puritydkg": ("Price_High-purity", "dkg"),
        "Price_Index": ("Price_Index", ""),
        "Price_Low-puritydkg": ("Price_Low-purity", "dkg"),
        "Price_WO3dt": ("Price_WO3", "dt"),
        "Price_dt dlb (both used)": ("Price_dt dlb (both used)", ""),
        "Shipments_Concentratet": ("Shipments_Concentrate", "t"),
        "Shipments_Othert": ("Shipments_Other", "t"),
        "Sold_Usedkt": ("Sold_Used", "kt"),
        "Stocks_": ("Stocks_", ""),
        "USprod_Minet": ("USprod_Mine", "t"),
        "USprod_Primarykg": ("USprod_Primary", "kg"),
        "USprod_Secondaryt": ("USprod_Secondary", "t"),
    }


def test_the_last_letters_of_a_word_are_no_unit(path: Path):
    lines = ("DataSource,Commodity,Year,Price_Ingot,Stocks_Product", "MCS2032,Nickel,2031,1,2")
    records = read(path, *lines, name="mcs2032-nicke_salient.csv")
    assert told(records, "detail", "unit") == [("Price_Ingot", ""), ("Stocks_Product", "")]


def test_a_table_of_countries_that_is_filed_as_salient_stays_in_its_section(path: Path):
    (record, *_) = read(path, HEADER, CANADA, name="mcs2032-nicke_salient.csv")
    assert (record["section"], record["country"]) == ("salient", "Canada")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"readme.txt": "nothing"}, "an archive of mcs"),
        ({"mcs2032-a_world.csv": HEADER, "mcs2033-b_world.csv": HEADER}, "an archive of mcs"),
        ({"mcs2032-a_world.csv": "One,Two\n1,2"}, "the column Country or Year"),
        ({"mcs2032-a_world.csv": f"{HEADER}\n{CANADA},more"}, "row 2: expected 8 cells"),
    ],
)
def test_what_is_no_release_is_refused(path: Path, members: dict[str, str], expected: str):
    with pytest.raises(FiguresError, match=expected):
        read_files(archive(path, **members), path.name)


def test_world_production_has_four_vintages_and_five_years():
    cells = RawStore(Workspace(PROJECT)).cells("supply/world_production").fillna("")
    assert {*zip(cells["release"].astype(int), cells["year"].astype(int), strict=True)} == {
        (release, release - before) for release in range(2023, 2027) for before in (1, 2)
    }
    world = cells[(cells["commodity"] == "chromium") & (cells["country"] == "WLD")]
    assert {*world.loc[world["release"] == "2023", "unit"]} == {"t"}  # as it is printed
    gallium = cells[(cells["commodity"] == "gallium") & (cells["release"] == "2024")]
    assert {*gallium.loc[gallium["country"] == "JP", "estimated"]} == {"yes"}  # "Japane"
    assert not cells.duplicated(["file_name", "row_number"]).any()
