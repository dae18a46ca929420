"""The wide form of the Summaries, as in 2025: each figure is read with its row and column."""

import hashlib
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.known import recognised
from critical_minerals.readers.summaries_wide import read_wide
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
FILE = PROJECT / "data" / "raw" / "usgs" / "MCS2025_World_Data.csv"
HEADER = (
    "SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2026,PROD_EST_ 2027,PROD_NOTES,"
    "CAP_2026,CAP_EST_ 2027,CAP_NOTES,RESERVES_2027,RESERVE_NOTES"
)
ROW = (
    "MCS2028,Nickel ,{country},{series},metric tons,{figures},{notes},,,,{reserves},{reserve_notes}"
)

Record = dict[Hashable, Any]


def row(
    figures: str = "10,11",
    notes: str = "",
    series: str = "Mine production",
    reserves: str = "",
    reserve_notes: str = "",
    country: str = "Canada ",
) -> str:
    return ROW.format(**locals())


def read(path: Path, *rows: str, end: str = "\n", header: str = HEADER) -> list[Record]:
    path.write_bytes(("\ufeff" + end.join([header, *rows]) + end).encode())
    records = read_wide(path, path.name).astype("object")
    return records.where(records.notna(), None).to_dict("records")


def told(records: list[Record], *columns: str) -> list[tuple[object, ...]]:
    return [tuple(record[column] for column in columns) for record in records]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "world.csv"


@pytest.fixture(scope="module")
def release() -> pd.DataFrame:
    return read_wide(FILE, FILE.name)


@pytest.mark.parametrize(
    ("commodity", "country", "expected"),
    [
        ("Nickel", "Canada", {"2023": 159_000, "2024": 190_000}),
        ("Cobalt", "Canada", {"2023": 4_220, "2024": 4_500}),
        ("Lithium", "Canada", {"2023": 3_240, "2024": 4_300}),
    ],
)
def test_the_publisher_figures_of_2025(
    release: pd.DataFrame, commodity: str, country: str, expected: dict[str, float]
):
    rows = release[(release["commodity"] == commodity) & (release["country"] == country)]
    production = rows[rows["statistic"] == "Production"]
    assert dict(zip(production["year"], production["number"], strict=True)) == expected


def test_reserves_keep_the_unit_that_is_printed(release: pd.DataFrame):
    reserves = release[release["statistic"] == "Reserves"]
    lithium = reserves[(reserves["commodity"] == "Lithium") & (reserves["country"] == "Canada")]
    assert [*lithium["number"]] == [1_200_000]
    world = reserves[
        (reserves["commodity"] == "Vanadium") & (reserves["country"] == "World total (rounded)")
    ]
    assert [*world[["number", "unit", "note"]].itertuples(index=False, name=None)] == [
        (18_000, "metric tons", "(Reserve data is thousand metric tons).")
    ]


def test_the_file_is_known_by_its_content(tmp_path: Path):
    copy = tmp_path / "download (3).csv"
    copy.write_bytes(FILE.read_bytes())
    seen = recognised(copy)
    assert seen is not None
    assert (seen.format, seen.edition, seen.period) == ("usgs_mcs_wide", "2025", "2023–2024")
    assert hashlib.sha256(FILE.read_bytes()).hexdigest().startswith("246709ab62b969d3")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_figure_has_its_year_its_row_and_its_column(path: Path, end: str):
    records = read(path, row(), row(country="World total", figures="20,"), end=end)
    assert told(records, "row_number", "country", "year", "number", "at") == [
        (2, "Canada", "2026", 10, "#PROD_2026"),
        (2, "Canada", "2027", 11, "#PROD_EST_%202027"),
        (3, "World total", "2026", 20, "#PROD_2026"),
    ]
    assert records[1]["where"] == "COMMODITY=Nickel, TYPE=Mine production, column PROD_EST_ 2027"


def test_a_header_without_the_blank_is_the_same(path: Path):
    records = read(path, row(), header=HEADER.replace("_EST_ ", "_EST_"))
    assert told(records, "year", "estimated") == [("2026", False), ("2027", True)]


@pytest.mark.parametrize(
    ("figures", "notes", "expected"),
    [
        (",", "W for 26-27", [("2026", "withheld", None), ("2027", "withheld", None)]),
        (",", "W for 25-26", [("2026", "withheld", None)]),
        (",", "na", [("2026", "not_available", None), ("2027", "not_available", None)]),
        (",7", "na for 2026", [("2026", "not_available", None), ("2027", "", 7)]),
        (",", "XX", [("2026", "not_applicable", None), ("2027", "not_applicable", None)]),
        (",", "Included with ilmenite", [("2026", "see_note", None), ("2027", "see_note", None)]),
        ("7,", "estimated 2026", [("2026", "", 7)]),
        (",", "", []),
        ('>2000000,">17,000,000"', "", [("2026", "more_than", 2e6), ("2027", "more_than", 17e6)]),
    ],
)
def test_a_note_stands_for_a_figure_and_a_blank_for_none(
    path: Path, figures: str, notes: str, expected: list[tuple[object, ...]]
):
    assert told(read(path, row(figures, notes)), "year", "kind", "number") == expected


@pytest.mark.parametrize(
    ("series", "notes", "first_year"),
    [
        ("Mine production", "", False),
        ("Mine production", "estimated 2026", True),
        ("Mine production", "Estimated from import data of China.", True),
        ("Mine production, estimated", "", True),
        ("Mine production, estimated", "reported", False),
        ("Mine production, estimated", "reproted", False),
        ("Mine production", "estimated 2025", False),
    ],
)
def test_what_an_estimate_is(path: Path, series: str, notes: str, *, first_year: bool):
    records = read(path, row(series=series.replace(", ", " "), notes=notes))
    assert told(records, "estimated") == [(first_year,), (True,)]


def test_reserves_are_no_output_of_a_year(path: Path):
    estimated = row(series="Mine production estimated", reserves="500", reserve_notes="Large")
    assert told(read(path, estimated), "statistic", "estimated")[-1] == ("Reserves", False)
    for note, kind in (("Large", "said"), ("NA (in thousands).", "not_available"), ("", None)):
        found = read(path, row(figures=",", reserve_notes=note))
        assert [record["kind"] for record in found] == ([kind] if kind else [])


def test_a_total_says_what_it_excludes(path: Path):
    records = read(path, row(notes="excludes U.S. production", country="World total (rounded)"))
    assert told(records, "excludes") == [("US",), ("US",)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"SOURCE,COMMODITY\nMCS2025,Nickel\n", "the columns SOURCE"),
        (HEADER.encode() + b"\nMCS2028,Nickel\n", "row 2: expected 13 cells in every row"),
        (HEADER.encode() + "\nMCS2028,Côte".encode("cp1252"), "UTF-8"),
    ],
)
def test_what_is_no_world_table_is_refused(path: Path, data: bytes, expected: str):
    path.write_bytes(data)
    with pytest.raises(FiguresError, match=expected):
        read_wide(path, path.name)


def test_its_rows_feed_world_production_and_none_is_typed():
    cells = RawStore(Workspace(PROJECT)).cells("supply/world_production").fillna("")
    rows = cells[cells["source_id"] == "USGS_MCS2025"]
    assert len(rows) == 1015
    assert set(rows["file_name"].str.partition("#")[0]) == {"data/raw/usgs/MCS2025_World_Data.csv"}
    assert not rows.duplicated(["file_name", "row_number"]).any()
    canada = rows[(rows["commodity"] == "nickel") & (rows["country"] == "CA")]
    assert [*canada["quantity"]] == ["159000", "190000"]


def test_claims_of_first_estimates_state_what_the_release_of_their_document_prints(
    release: pd.DataFrame,
):
    claims = RawStore(Workspace(PROJECT)).cells("progress/claims")
    stated = claims[claims["claim"].str.startswith("first_estimate_")].set_index("claim")
    assert {*stated["source_id"]} == {"USGS_MCS2025"}
    ours = release[(release["country"] == "Canada") & (release["statistic"] == "Production")]
    ours = ours[ours["year"] == "2024"]
    tonnes = ours["number"] * ours["unit"].map({"metric tons": 1, "thousand metric tons": 1000})
    for claim, row in stated.iterrows():
        mineral = str(claim).removeprefix("first_estimate_")
        of = ours["commodity"].str.casefold() == mineral
        printed = tonnes[of & ours["detail"].str.startswith("Mine production")]
        assert [*printed] == [float(row["value"])], claim
