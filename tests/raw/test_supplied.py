"""Tables take rows from official files: by a mapping, with file and row, and nothing is guessed."""

import csv
import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.summaries import read_summaries
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
TODAY = dt.date(2026, 9, 30)
FILE = "data/raw/usgs/MCS2026_Commodities_Data.csv"
ZIP = "data/raw/statcan/33100036-eng.zip"
TABLES = {
    "supply/world_production": ("quantity", 1100),
    "supply/reserves": ("quantity", 417),
    "supply/us_salient": ("quantity", 1056),
    "supply/us_import_reliance": ("reliance_pct", 221),
    "supply/us_import_sources": ("share_pct", 385),
}
"""Tables that the release supplies: the column of the figure, and how many rows."""


@pytest.fixture(scope="module")
def printed() -> dict[int, dict[str, object]]:
    release = read_summaries(PROJECT / FILE, FILE)
    return {record["row_number"]: record for record in release.to_dict("records")}


@pytest.mark.parametrize("table", TABLES)
def test_each_row_names_the_file_and_row_that_hold_its_figure(table: str, printed):
    figure, count = TABLES[table]
    rows = RawStore(Workspace(PROJECT))._file_cells(table)
    supplied = rows[rows["file_name"] == FILE]
    assert len(supplied) == count
    assert not supplied["row_number"].duplicated().any()
    for row, found, year in zip(
        supplied["row_number"],
        supplied[figure],
        supplied.get("year", supplied.get("period_start")),
        strict=True,
    ):
        cell = printed[row]
        if not pd.isna(found) and cell["kind"] != "see_note":
            assert float(found) == cell["number"]
        assert str(cell["year"]).startswith(year)


@pytest.mark.parametrize("table", TABLES)
def test_no_figure_of_the_release_is_copied_once_more(table: str):
    figure, _ = TABLES[table]
    with (PROJECT / "data" / "raw" / f"{table}.csv").open(encoding="utf-8") as file:
        typed = [row for row in csv.DictReader(file) if row["source_id"] == "USGS_MCS2026"]
    twice = [row for row in typed if row["mineral"] != "silicon_metal"]
    assert all(row[figure] == "" for row in twice)  # what is typed says why there is no figure


def test_the_page_tells_how_many_rows_official_files_give():
    page = (PROJECT / "docs" / "official-files.md").read_text("utf-8")
    told = re.findall(r"^\| `([\w/]+)` \| ([\d,]+) \| ([\d,]+) \|", page, re.MULTILINE)
    store = RawStore(Workspace(PROJECT))
    assert {table for table, *_ in told} == {
        path.relative_to(PROJECT / "data" / "raw").as_posix().removesuffix(".official.yml")
        for path in (PROJECT / "data" / "raw").rglob("*.official.yml")
    }
    for table, read, typed in told:
        files = store.cells(table)["file_name"]
        own = files.eq(f"data/raw/{table}.csv")
        assert (f"{(~own).sum():,}", f"{own.sum():,}") == (read, typed), table


def test_rates_are_means_of_the_table_and_say_where_they_stand():
    rates = RawStore(Workspace(PROJECT)).read("exchange_rates", TODAY)
    dollars = rates["currency"].eq("USD")
    ours = (
        rates[dollars & (rates["source_id"] == "STATCAN_33100036")].set_index("year").sort_index()
    )
    assert [*ours["cad_per_unit"]] == [
        1.2986,
        1.2957,
        1.3269,
        1.3415,
        1.2535,
        1.3013,
        1.3497,
        1.3698,
    ]
    assert set(ours["origin"].str.rpartition(":")[0]) == {ZIP}
    assert str(ours.loc[2022, "as_of"].date()) == "2022-12-30"
    assert ours.loc[2019, "place"] == "33100036.csv, U.S. dollar, daily average, 2019, column VALUE"


def test_two_releases_published_in_one_year_are_two(workspace: Workspace):
    card = workspace.raw / "usgs" / "MCS2025_World_Data.source.yml"
    told = card.read_text("utf-8")
    card.write_text(told.replace("published: 2025-01-31", "published: 2026-01-02"), "utf-8")
    rows = RawStore(workspace).read("supply/world_production", TODAY)
    assert set(rows["release"]) == {2023, 2024, 2025, 2026}


def test_corrections_and_revisions_hold_for_rows_of_official_files():
    store = RawStore(Workspace(PROJECT))
    reserves = store.read("supply/reserves", TODAY)
    vanadium = reserves[reserves["mineral"] == "vanadium"]
    assert set(vanadium["unit"]) == {"kt"}
    made = store.corrections_made("supply/reserves", TODAY)
    assert FILE in {origin.rpartition(":")[0] for origin in made}

    def brazil(day: dt.date) -> float:
        rows = store.read("supply/reserves", day)
        rare = rows[(rows["mineral"] == "rare_earth_elements") & (rows["country"] == "BR")]
        return rare.loc[rare["year"] == 2025, "quantity"].item()

    assert brazil(dt.date(2026, 5, 26)) == 21_000_000
    assert brazil(dt.date(2026, 5, 27)) == 11_000_000


def test_reserves_are_those_of_four_releases_each_in_its_own_unit():
    """The publisher prints wrong units for five series of three releases; corrections settle it."""
    rows = RawStore(Workspace(PROJECT)).read("supply/reserves", TODAY)
    assert sorted(rows["source_id"].unique()) == [
        "USGS_MCS2023",
        "USGS_MCS2024",
        "USGS_MCS2025",
        "USGS_MCS2026",
        "USGS_MCS2026_HIST",
    ]
    held = rows.set_index(["commodity", "form", "country", "year"])[["quantity", "unit"]]
    for of, expected in {
        ("nickel", "contained", "CA"): [(2_200_000, "t")] * 3,
        ("vanadium", "contained", "WLD"): [(26_000, "kt"), (19_000, "kt"), (18_000, "kt")],
        ("iron_ore", "crude_ore", "CA"): [(6_000, "Mt")] * 3,
        ("zinc", "contained", "AU"): [(66_000, "kt"), (64_000, "kt"), (64_000, "kt")],
        ("helium", "gas_from_storage", "US"): [(61, "Mm3"), (52, "Mm3"), (50, "Mm3")],
    }.items():
        found = [tuple(held.loc[(*of, year)]) for year in (2022, 2023, 2024)]
        assert found == expected, of


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            lambda data: data.replace(b"NICKEL,World Mine", b"NICKEL,World Ore"),
            ["supply/world_production.official.yml", "a series of", "renamed"],
        ),
        (
            lambda data: data.replace(b",New Caledonia,", b",New Kaledonia,"),
            ["column Country", "New Kaledonia", "data/raw/vocabulary/places.csv"],
        ),
        (
            lambda data: data.replace(b",million cubic meters,", b",cubic furlongs,"),
            ["column Unit", "cubic furlongs", "units in data/raw/supply/"],
        ),
    ],
)
def test_what_nobody_has_declared_stops_the_read(
    workspace: Workspace, spoil: Callable[[bytes], bytes], told: list[str]
):
    path = workspace.root / FILE
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(FiguresError) as caught:
        RawStore(workspace).read("supply/world_production", TODAY)
    text = str(caught.value)
    assert all(words in text for words in told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((b"Prod_t_2022", b"Prod_st_2022"), ["#Prod_st_2022, row 2, column Unit: found 'st'"]),
        ((b"Mine production - nickel", b"Mined - nickel"), ["a series of", "mcs2024.zip"]),
        ((b"Canada", b"Kanada"), ["#Prod_t_2022, row 5, column Country: found 'Kanada'"]),
        ((b"180000,,2200000,,,", b"180000,,2200000,,7,"), ["under its heading"]),
    ],
)
def test_what_a_member_of_an_archive_holds_otherwise_is_named_with_its_column(
    workspace: Workspace, change: tuple[bytes, bytes], told: list[str]
):
    path = workspace.raw / "usgs" / "mcs2024.zip"
    with zipfile.ZipFile(path) as folder:
        members = {name: folder.read(name) for name in folder.namelist()}
    nickel = "world/mcs2024-nicke_world.csv"
    assert change[0] in members[nickel]
    members[nickel] = members[nickel].replace(*change)
    with zipfile.ZipFile(path, "w") as folder:
        for name, data in members.items():
            folder.writestr(name, data)
    with pytest.raises(FiguresError) as caught:
        RawStore(workspace).read("supply/world_production", TODAY)
    text = str(caught.value)
    assert all(words in text for words in told), text


def test_a_fault_of_the_file_hides_none_of_the_typed_rows(workspace: Workspace, raw):
    path = workspace.root / FILE
    path.write_bytes(path.read_bytes().replace(b",New Caledonia,", b",New Kaledonia,"))
    typed = raw.path("supply/reserves")
    header, first, *rest = typed.read_text("utf-8").splitlines()
    typed.write_text("\n".join([header, first.replace(",20", ",MM", 1), *rest]) + "\n", "utf-8")
    with pytest.raises(FiguresError) as caught:
        RawStore(workspace).read("supply/reserves", TODAY)
    files = {problem.file for problem in caught.value.problems}
    assert files == {FILE, "data/raw/supply/reserves.csv"}


def test_a_mapping_at_fault_is_told(workspace: Workspace):
    path = workspace.raw / "exchange_rates.official.yml"
    path.write_text(path.read_text("utf-8").replace("statcan_daily_rates", "tea_leaves"), "utf-8")
    with pytest.raises(FiguresError, match=r"one of usgs_mcs_long, .*statcan_daily_rates"):
        RawStore(workspace).read("exchange_rates", TODAY)
    path.write_text("format: [\n", "utf-8")
    with pytest.raises(FiguresError, match="a mapping in YAML"):
        RawStore(workspace).read("exchange_rates", TODAY)


@pytest.mark.parametrize("years", [1, -4])
def test_another_release_needs_its_file_and_card_and_no_typed_cell(
    workspace: Workspace, years: int
):
    """What a release is called follows from its years, and not from the day on which it came."""
    sources = workspace.raw / "sources.csv"
    listed = sources.read_text("utf-8")
    row = next(line for line in listed.splitlines() if line.startswith("USGS_MCS2026,"))
    sources.write_text(listed + row.replace("USGS_MCS2026", "USGS_OTHER") + "\n", "utf-8")
    path = workspace.root / FILE
    text = path.read_bytes().decode("cp1252")
    for year in sorted(range(2021, 2026), reverse=years > 0):
        text = text.replace(f",{year},", f",{year + years},")
    path.with_name("other.csv").write_bytes(text.encode("cp1252"))
    card = path.with_name("MCS2026_Commodities_Data.source.yml")
    told = card.read_text("utf-8").replace(path.name, "other.csv")
    told = told.replace("USGS_MCS2026", "USGS_OTHER").replace("2026-02-06", "2027-02-05")
    card.with_name("other.source.yml").write_text(told, "utf-8")
    store = RawStore(workspace)
    rows = TABLES["supply/world_production"][1]
    for day, releases in ((TODAY, {2026}), (dt.date(2027, 3, 1), {2026, 2026 + years})):
        world = store.read("supply/world_production", day)
        counts = world["release"].value_counts()
        assert {*counts.index} == {2023, 2024, 2025} | releases
        assert all(counts[one] == rows for one in releases)  # an older vintage is kept
