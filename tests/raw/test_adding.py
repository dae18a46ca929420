"""Files are added: official ones byte for byte, rows of one's own beside what is there."""

import datetime as dt
import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from rich.console import Console

from critical_minerals.errors import FiguresError, UsageError
from critical_minerals.execution.add import Adder
from critical_minerals.raw import supplied
from critical_minerals.raw.adding import AddOptions, addition
from critical_minerals.raw.official import official_files
from critical_minerals.raw.store import RawStore
from critical_minerals.raw.templates import raw_template
from critical_minerals.readers import summaries_rows
from critical_minerals.tables.descriptors import Table
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
RELEASE = "usgs/MCS2026_Commodities_Data.csv"
RATES = "statcan/33100036-eng.zip"
TODAY = dt.date(2027, 6, 30)


def state(workspace: Workspace) -> dict[str, bytes]:
    files = (path for path in workspace.raw.rglob("*") if path.is_file())
    return {workspace.relative(path): path.read_bytes() for path in files}


def add(workspace: Workspace, path: Path, said: AddOptions | None = None, **how: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, width=200)
    adder = Adder(workspace, lambda _: [], console, **({"yes": True} | how))
    adder.add([path], said or AddOptions())
    return out.getvalue()


@pytest.fixture
def misprinted(workspace: Workspace, tmp_path: Path) -> Path:
    """The release of the year after, in a layout that has not changed: every year is one later."""
    text = (workspace.raw / RELEASE).read_bytes().decode("cp1252")
    for year in range(2025, 2020, -1):
        text = text.replace(f",{year},", f",{year + 1},")
    path = tmp_path / "downloads" / "MCS2027_Commodities_Data.csv"
    path.parent.mkdir()
    path.write_bytes(text.replace("2021–24", "2022–25").encode("cp1252"))
    return path


@pytest.fixture
def next_release(misprinted: Path) -> Path:
    """The same release without its publisher's error in the unit of vanadium's reserves."""
    lines = misprinted.read_bytes().decode("cp1252").split("\r\n")
    for at, line in enumerate(lines):
        if line.startswith("VANADIUM,") and ",Reserves," in line:
            lines[at] = line.replace(",metric tons,", ",thousand metric tons,")
    misprinted.write_bytes("\r\n".join(lines).encode("cp1252"))
    return misprinted


def rates(path: Path, change: tuple[str, str], made: tuple[int, int, int]) -> Path:
    """The table of daily rates as of a day, with one rate revised."""
    path.parent.mkdir(exist_ok=True)
    with (
        zipfile.ZipFile(PROJECT / "data" / "raw" / RATES) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode("utf-8-sig").replace(*change)
            new.writestr(zipfile.ZipInfo(name, (*made, 0, 0, 0)), text)
    return path


def test_a_new_release_is_one_command_and_no_cell_typed(workspace: Workspace, next_release: Path):
    before = state(workspace)
    told = add(workspace, next_release, AddOptions(published="2027-02-05"))
    after = state(workspace)
    new = "data/raw/usgs/MCS2027_Commodities_Data"
    assert {name for name in after if after[name] != before.get(name)} == {
        f"{new}.csv",
        f"{new}.source.yml",
        "data/raw/sources.csv",
    }
    assert after[f"{new}.csv"] == next_release.read_bytes()
    assert after["data/raw/sources.csv"].startswith(before["data/raw/sources.csv"])
    card = yaml.safe_load(after[f"{new}.source.yml"])
    assert card["source_id"] == "USGS_MCS2027"
    assert (card["published"], card["format"]) == ("2027-02-05", "usgs_mcs_long")
    store = RawStore(workspace)
    assert store.check() == []
    production = store.read("supply/world_production", TODAY)
    fresh = production[production["source_id"] == "USGS_MCS2027"]
    assert len(fresh) == 1100
    assert "supply/world_production: rows 1,100 added" in told
    assert "Mineral Commodity Summaries 2027" in told
    assert "2022–2026" in told


def test_a_release_is_read_once_for_all_tables_and_others_are_not_read_again(
    workspace: Workspace, next_release: Path, monkeypatch: pytest.MonkeyPatch
):
    tables: list[str] = []
    files: list[str] = []
    rows, layouts = supplied._read_rows, dict(summaries_rows.LAYOUTS)

    def rows_of(there: Workspace, table: Table, places: Callable) -> pd.DataFrame:
        tables.append(table.name)
        return rows(there, table, places)

    def noted(layout: str) -> Callable:
        def read(path: Path, name: str) -> pd.DataFrame:
            files.append(path.name)
            return layouts[layout](path, name)

        return read

    monkeypatch.setattr(supplied, "_read_rows", rows_of)
    monkeypatch.setattr(summaries_rows, "LAYOUTS", {layout: noted(layout) for layout in layouts})
    summaries_rows._load_release.cache_clear()
    add(workspace, next_release, AddOptions(published="2027-02-05"))
    assert "exchange_rates" not in tables
    assert files.count(next_release.name) == 1
    assert len(files) == len({*files}) == 5


def test_a_unit_that_a_publisher_misprints_again_needs_its_correction_first(
    workspace: Workspace, misprinted: Path
):
    before = state(workspace)
    fault = r"column unit: found 't'; expected kt.*corrections\.yml"
    with pytest.raises(FiguresError, match=fault):
        add(workspace, misprinted, AddOptions(published="2027-02-05"))
    assert state(workspace) == before
    corrections = workspace.raw / "corrections.yml"
    entries = yaml.safe_load(corrections.read_text("utf-8"))
    this = {"mineral": "vanadium", "year": "2025"}
    (vanadium,) = (one for one in entries if one["key"] == this)
    again = deepcopy(vanadium) | {"key": this | {"year": "2026"}}
    corrections.write_text(yaml.safe_dump([*entries, again], allow_unicode=True), "utf-8")
    add(workspace, misprinted, AddOptions(published="2027-02-05"))  # which checks every table


def test_the_same_file_twice_changes_nothing(workspace: Workspace, tmp_path: Path):
    path = tmp_path / "another name.csv"
    shutil.copy(workspace.raw / RELEASE, path)
    before = state(workspace)
    told = add(workspace, path)
    assert state(workspace) == before
    assert f"filed already, byte for byte: data/raw/{RELEASE}" in told
    assert "Nothing to add" in told


def test_a_table_that_its_publisher_revised_is_a_layer_over_the_earlier(
    workspace: Workspace, tmp_path: Path
):
    def usd(day: dt.date) -> dict[int, float]:
        frame = RawStore(workspace).read("exchange_rates", day)
        frame = frame[frame["currency"] == "USD"]
        return dict(zip(frame["year"], frame["cad_per_unit"], strict=True))

    first = usd(TODAY)
    with zipfile.ZipFile(PROJECT / "data" / "raw" / RATES) as archive:
        lines = archive.read("33100036.csv").decode("utf-8-sig").splitlines()
    line = next(
        one for one in lines if one.startswith('"2022-06-15') and "U.S. dollar, daily" in one
    )
    revised = line.replace(f'"{line.split(",")[-5].strip(chr(34))}"', '"9.0000"')
    path = rates(tmp_path / "new" / "33100036-eng.zip", (line, revised), (2026, 11, 20))
    told = add(workspace, path)
    assert "The publisher has replaced data/raw/statcan/33100036-eng.zip" in told
    assert "exchange_rates: rows 0 added, 1 revised, 31 unchanged" in told
    assert "USD, 2022: cad_per_unit" in told
    filed = workspace.raw / "statcan" / "33100036-eng.2026-11-20.zip"
    assert filed.read_bytes() == path.read_bytes()
    assert (workspace.raw / RATES).read_bytes() == (PROJECT / "data" / "raw" / RATES).read_bytes()
    assert RawStore(workspace).check() == []
    assert usd(dt.date(2026, 11, 19)) == first
    changed = {year for year, rate in usd(dt.date(2026, 11, 20)).items() if rate != first[year]}
    assert changed == {2022}


def test_an_older_edition_is_kept_and_replaces_nothing(workspace: Workspace, tmp_path: Path):
    path = rates(tmp_path / "old" / "33100036-eng.zip", ("9,9,9", "9,9,9"), (2025, 1, 3))
    before = RawStore(workspace).read("exchange_rates", TODAY)
    told = add(workspace, path)
    assert "An older edition than data/raw/statcan/33100036-eng.zip" in told
    assert (workspace.raw / "statcan" / "33100036-eng.2025-01-03.zip").is_file()
    after = RawStore(workspace).read("exchange_rates", TODAY)
    assert [*after["cad_per_unit"]] == [*before["cad_per_unit"]]


def test_what_a_release_names_otherwise_stops_it_and_nothing_is_written(
    workspace: Workspace, next_release: Path
):
    spoilt = next_release.read_bytes().replace(b"NICKEL,World Mine", b"NICKEL,World Ore")
    next_release.write_bytes(spoilt)
    before = state(workspace)
    with pytest.raises(FiguresError, match="a series of"):
        add(workspace, next_release, AddOptions(published="2027-02-05"))
    assert state(workspace) == before


def test_a_release_of_another_year_than_this_one_needs_its_day(
    workspace: Workspace, next_release: Path
):
    """Counted from today, an older release would take the place of a newer one."""
    with pytest.raises(UsageError, match=r"of 2027 and does not say .* --published 2027-MM-DD"):
        addition(workspace, next_release, AddOptions(retrieved="2028-01-10"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\n1,2\n", "an official file of a known format, or the columns of a raw table"),
        ("<html></html>", "web page"),
        ("", "a header row"),
        ('{"type": "FeatureCollection", "features": [', "this is JSON"),
        ('<?xml version="1.0"?><a/>', "this is XML"),
        ("mineral,country,year,quantity\nnickel,CA,2024,1\n", "which lacks"),
    ],
)
def test_an_unknown_file_is_refused_with_what_is_missing(
    workspace: Workspace, tmp_path: Path, content: str, told: str
):
    path = tmp_path / "mine.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(FiguresError, match=told):
        addition(workspace, path, AddOptions())


MINE = ["bhp_potash", "BHP", "not_stated", 120000000, "CAD", "up_to", "contribution"]
MORE = ["announced", "federal", dt.date(2026, 10, 1), "REUTERS_BHP22", "2nd paragraph"]
COLUMNS = ["award_id", "recipient", "programme", "amount", "currency", "precision", "instrument"]
MORE_COLUMNS = ["status", "jurisdiction", "as_of", "source_id", "place"]


def test_another_file_of_the_same_day_is_no_older_edition(workspace: Workspace, tmp_path: Path):
    day = next(
        one.published for one in official_files(workspace) if one.path.name.startswith("MCS2026")
    )
    filed = workspace.raw / "usgs" / "MCS2026_Commodities_Data.csv"
    again = tmp_path / filed.name
    again.write_bytes(filed.read_bytes().replace(b"140,000", b"140,001", 1))
    told = " ".join(addition(workspace, again, AddOptions(published=day)).description)
    assert "Of the same day as data/raw/usgs/MCS2026_Commodities_Data.csv" in told
    assert "older" not in told


def test_a_release_without_figures_is_told_as_that(workspace: Workspace, tmp_path: Path):
    filed = workspace.raw / "usgs" / "MCS2026_Commodities_Data.csv"
    path = tmp_path / "MCS2027_Commodities_Data.csv"
    path.write_bytes(filed.read_bytes().split(b"\n")[0] + b"\n")
    with pytest.raises(FiguresError, match="at least one figure"):
        addition(workspace, path, AddOptions())


def awards(workspace: Workspace, path: Path, *rows: list[object]) -> Path:
    """The template, filled in."""
    path.write_bytes(raw_template(workspace, "funding/awards"))
    book = openpyxl.load_workbook(path)
    sheet = book["awards"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for at, row in enumerate(rows, start=2):
        for column, value in zip([*COLUMNS, *MORE_COLUMNS], row, strict=True):
            sheet.cell(at, places[column], value)
    book.save(path)
    return path


def test_rows_of_ones_own_are_added_and_every_byte_of_the_others_stays(
    workspace: Workspace, tmp_path: Path
):
    path = awards(workspace, tmp_path / "awards.xlsx", [*MINE, *MORE])
    before = state(workspace)
    told = add(workspace, path)
    after = state(workspace)
    name = "data/raw/funding/awards.csv"
    assert {one for one in after if after[one] != before.get(one)} == {name}
    assert after[name].startswith(before[name])
    assert after[name][len(before[name]) :].decode() == (
        "bhp_potash,BHP,,not_stated,120000000,CAD,up_to,,,,,,contribution,announced,federal,"
        "2026-10-01,REUTERS_BHP22,2nd paragraph,\n"
    )
    assert "funding/awards: rows 0 added, 1 revised, 0 unchanged" in told
    assert "amount 100000000 → 120000000" in told
    assert "Every row of it is in the table already" in add(workspace, path)
    assert state(workspace) == after


def test_a_row_that_would_replace_another_is_told(workspace: Workspace, tmp_path: Path):
    row = [*MINE, *MORE]
    row[9] = dt.date(2022, 6, 13)  # the day of the row that is there
    path = awards(workspace, tmp_path / "awards.xlsx", row)
    before = state(workspace)
    with pytest.raises(FiguresError) as caught:
        add(workspace, path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row) == ("awards.xlsx", 2)
    assert "data/raw/funding/awards.csv, row 3, holds it already" in problem.expected
    assert "as_of" in problem.remedy
    assert state(workspace) == before


def test_faults_of_ones_own_rows_are_told_in_ones_own_file(workspace: Workspace, tmp_path: Path):
    row = [*MINE, *MORE]
    row[2], row[3] = "no_programme", "a lot"
    with pytest.raises(FiguresError) as caught:
        add(workspace, awards(workspace, tmp_path / "awards.xlsx", row))
    places = {(problem.file, problem.row, problem.column) for problem in caught.value.problems}
    assert places == {("awards.xlsx", 2, "programme"), ("awards.xlsx", 2, "amount")}


def test_a_source_given_with_the_command_is_that_of_all_rows(workspace: Workspace, tmp_path: Path):
    row = [*MINE, *MORE]
    row[10] = None
    path = awards(workspace, tmp_path / "awards.xlsx", row)
    with pytest.raises(FiguresError, match="column source_id"):
        add(workspace, path)
    add(workspace, path, AddOptions(source="NRCAN_GPI"))
    assert (workspace.raw / "funding/awards.csv").read_text("utf-8").count(
        "2026-10-01,NRCAN_GPI"
    ) == 1


def test_without_yes_somebody_has_to_be_asked(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = awards(workspace, tmp_path / "awards.xlsx", [*MINE, *MORE])
    before = state(workspace)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(UsageError, match="--yes"):
        add(workspace, path, yes=False)
    assert state(workspace) == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (AddOptions(source="NRCAN_GPL"), "Did you mean"),
        (AddOptions(published="5 Feb 2027"), "--published"),
        (AddOptions(retrieved="2027"), "--retrieved"),
        (AddOptions(mapping=Path("/nowhere/a.yml")), "--mapping: there is no file"),
    ],
)
def test_a_wrong_option_is_told(
    workspace: Workspace, next_release: Path, said: AddOptions, told: str
):
    with pytest.raises(UsageError, match=told):
        addition(workspace, next_release, said)


def test_the_command_adds(workspace: Workspace, tmp_path: Path):
    for name in ("pipeline.py", "parameters.toml", "requirements.lock"):
        shutil.copy(PROJECT / name, workspace.root)
    path = awards(workspace, tmp_path / "awards.xlsx", [*MINE, *MORE])
    command = [sys.executable, "pipeline.py", "add", str(path), "--yes"]
    done = subprocess.run(command, cwd=workspace.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Added." in done.stdout
    missing = subprocess.run(
        [*command[:3], "nowhere.csv"],
        cwd=workspace.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert missing.returncode == 2
