"""The release of 2026 is read as it is printed, and every row of ours is found in it."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.project import ReportParameters
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.summaries import Figure, figure_of, read_summaries
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
FILE = PROJECT / "data" / "raw" / "usgs" / "MCS2026_Commodities_Data.csv"
RELEASE = "USGS_MCS2026"
TABLES = {
    "supply/world_production": ("quantity", 1100),
    "supply/reserves": ("quantity", 417),
    "supply/us_salient": ("quantity", 1146),
    "supply/us_import_reliance": ("reliance_pct", 221),
    "supply/us_import_sources": ("share_pct", 385),
}
"""The tables that hold rows of the release: the column of the figure, and how many rows."""
HALF_A_UNIT = 0.5
KINDS = {
    "": {"", "estimated", "zero"},
    "zero": {"zero"},
    "withheld": {"withheld"},
    "not_available": {"not_available"},
    "net_exporter": {"net_exporter"},
    "more_than": {"more_than"},
    "less_than": {"less_than"},
    "see_note": {"less_than", "not_available"},
    "range": {"range"},
    "said": {"not_available"},
    "lost_minus": {""},
}
"""What the qualifier of a row may be for each kind of printed figure."""
PUBLISHED_APART = re.compile(
    r"combined|together|counted (?:in|with)|only (?:for|in|together)|not given"
    r"|counted by the definition|not available|not published|withheld for"
)
"""Notes of rows that say why the release has no figure of their own."""


@pytest.fixture(scope="module")
def release() -> pd.DataFrame:
    return read_summaries(FILE, FILE.name)


@pytest.fixture(scope="module")
def store() -> RawStore:
    return RawStore(Workspace(PROJECT))


def rows_of(store: RawStore, table: str) -> pd.DataFrame:
    """The rows of the release in one table, as the file has them."""
    cells = store._file_cells(table)
    return cells[cells["source_id"] == RELEASE]


@pytest.mark.parametrize(
    ("printed", "figure"),
    [
        ("140,000", Figure(140_000)),
        ("0.5", Figure(0.5)),
        ("—", Figure(0, kind="zero")),
        (">85,000,000", Figure(85_000_000, kind="more_than")),
        ("<25", Figure(25, kind="less_than")),
        ("50–300", Figure(50, 300, "range")),
        ("330 - 390", Figure(330, 390, "range")),
        ("W", Figure(kind="withheld")),
        ("E", Figure(kind="net_exporter")),
        ("NA", Figure(kind="not_available")),
        ("s", Figure(kind="see_note")),
        ("?1", Figure(-1, kind="lost_minus")),
        ("Large", Figure(kind="said")),
        ("1,5,x", Figure(kind="said")),
    ],
)
def test_a_cell_is_read_as_it_is_printed(printed: str, figure: Figure):
    assert figure_of(printed) == figure


def test_the_whole_release_is_read(release: pd.DataFrame):
    assert len(release) == 8886
    assert set(release["kind"]) == {*KINDS, "not_applicable"}
    assert not release.map(lambda cell: "\xa0" in str(cell)).any(axis=None)


@pytest.mark.parametrize(
    ("chapter", "country", "statistic", "year", "number"),
    [
        ("NICKEL", "Canada", "Production", "2025", 140_000),
        ("NICKEL", "Canada", "Production", "2024", 125_000),
        ("LITHIUM", "Canada", "Production", "2025", 5_600),
        ("RARE EARTHS", "Brazil", "Reserves", "2025", 21_000_000),
    ],
)
def test_known_cells(
    release: pd.DataFrame, chapter: str, country: str, statistic: str, year: str, number: float
):
    cells = release[
        (release["chapter"] == chapter)
        & (release["country"] == country)
        & (release["statistic"] == statistic)
        & (release["year"] == year)
    ]
    assert number in [*cells["number"]]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: data.replace(b"Section", b"Part", 1), "the columns MCS chapter"),
        (lambda data: data + b"one,two\r\n", "row 8888"),
        (lambda data: data.replace(b"\x97", b"\x81"), "Windows-1252"),
        (lambda _: b"", "the columns MCS chapter"),
    ],
)
def test_what_is_no_release_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes], told: str):
    path = tmp_path / FILE.name
    path.write_bytes(spoil(FILE.read_bytes()))
    with pytest.raises(FiguresError, match=told):
        read_summaries(path, path.name)


@pytest.fixture(scope="module")
def by_chapter(release: pd.DataFrame, store: RawStore) -> dict[str, list[dict[str, str]]]:
    places = store.read("vocabulary/places", ReportParameters().as_of)
    known = {
        name.casefold(): place
        for place, english, aliases in places[["place_id", "name_en", "aliases"]].itertuples(
            index=False
        )
        for name in [english, *str(aliases).split(";")]
    }
    coded = release.assign(place=[known.get(name.casefold()) for name in release["country"]])
    found: dict[str, list[dict[str, str]]] = {}
    for record in coded.to_dict("records"):
        found.setdefault(record["chapter"], []).append(record)
    return found


@pytest.mark.parametrize("table", TABLES)
def test_as_many_rows_as_were_taken(store: RawStore, table: str):
    assert len(rows_of(store, table)) == TABLES[table][1]


@pytest.mark.parametrize("table", TABLES)
def test_each_figure_stands_there(
    store: RawStore, by_chapter: dict[str, list[dict[str, str]]], table: str
):
    figure = TABLES[table][0]
    rows = rows_of(store, table).astype("object").fillna("").to_dict("records")
    lost = [
        (row["row_number"], row["place"], row[figure])
        for row in rows
        if not any(_is(cell, row, figure) for cell in _near(row, by_chapter))
        and not _explained(row)
    ]
    assert lost == []


def test_a_slip_of_the_pen_would_be_found(
    store: RawStore, by_chapter: dict[str, list[dict[str, str]]]
):
    rows = rows_of(store, "supply/world_production").astype("object").fillna("")
    nickel = rows[(rows["commodity"] == "nickel") & (rows["country"] == "CA")].iloc[0].to_dict()
    assert any(_is(cell, nickel, "quantity") for cell in _near(nickel, by_chapter))
    slip = nickel | {"quantity": "125001"}
    assert not any(_is(cell, slip, "quantity") for cell in _near(slip, by_chapter))


def _near(row: dict[str, str], by_chapter: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    """Return the cells of a row's chapter that are of its country and year."""
    exact = re.search(r"row (\d+)", row["place"])
    ending = r"(?:, S(?:ection|tatistics)=.*|, salient.*|$)"
    chapter = re.search(rf"chapter[= ](.*?){ending}", row["place"])
    cells = by_chapter[chapter[1]] if chapter else []
    if exact:
        return [cell for cell in cells if cell["row_number"] == int(exact[1])]
    place = row.get("country", row.get("partner", "US"))
    year = row.get("year", "")
    return [cell for cell in cells if cell["place"] == place and year in ("", cell["year"])]


def _is(cell: dict[str, str], row: dict[str, str], figure: str) -> bool:
    """Tell whether a printed cell is what a row holds."""
    if row["qualifier"] not in KINDS.get(cell["kind"], set()):
        return False
    if cell["kind"] == "see_note" and row[figure]:
        return float(row[figure]) == HALF_A_UNIT
    if pd.isna(cell["number"]):
        return row[figure] == ""
    return row[figure] != "" and float(row[figure]) == float(cell["number"])


def _explained(row: dict[str, str]) -> bool:
    """Tell whether a row without a figure says why the release has none of its own."""
    return row["qualifier"] in ("not_available", "withheld") and bool(
        PUBLISHED_APART.search(row["note"])
    )
