"""Official files stay byte for byte what their cards say."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw.official import faults, official_files
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.known import recognised
from critical_minerals.tables.check_results import problems_of
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
SOURCES = {*(f"USGS_MCS{year}" for year in range(2023, 2027)), "STATCAN_33100036"}
CARD = "data/raw/usgs/MCS2026_Commodities_Data.source.yml"
FILE = "data/raw/usgs/MCS2026_Commodities_Data.csv"


@pytest.fixture
def copied(workspace: Workspace) -> Workspace:
    """A workspace with the official files."""
    assert official_files(workspace), "the raw figures of the tests hold no official file"
    return workspace


def test_the_official_files_are_whole():
    project = Workspace(PROJECT)
    assert {one.source_id for one in official_files(project)} == SOURCES
    assert faults(project, SOURCES) == []


def test_an_official_file_is_no_stray_table(copied: Workspace):
    assert RawStore(copied).check() == []


def dated(day: str) -> Callable[[Path], object]:
    """Write another day on a card."""

    def spoil(root: Path) -> None:
        card = root / CARD
        card.write_text(re.sub("published: .*", f"published: '{day}'", card.read_text("utf-8")))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda root: (root / FILE).write_bytes((root / FILE).read_bytes() + b"\n"), "the hash"),
        (lambda root: (root / FILE).unlink(), "this file, which a card describes"),
        (lambda root: (root / CARD).write_text("file: x.csv\n"), "a card that says source_id"),
        (lambda root: (root / CARD).write_text("[\n"), "a card in YAML"),
        (dated("2206-02-06"), "whose published is a day"),
        (dated("February 2026"), "whose published is a day"),
        (dated("2025-02-31"), "whose published is a day"),
        (dated("2025-W06-4"), "whose published is a day"),
    ],
)
def test_whatever_is_wrong_is_told(copied: Workspace, spoil, told: str):
    spoil(copied.root)
    assert any(told in str(problem.expected) for problem in RawStore(copied).check())


def test_a_source_that_nobody_knows_is_told(copied: Workspace):
    found = faults(copied, SOURCES - {"USGS_MCS2026"})
    assert [problem.value for problem in found] == ["USGS_MCS2026"]


@pytest.mark.parametrize("damage", ["cut short", "a bit flipped"])
def test_a_damaged_file_is_told_as_that(copied: Workspace, damage: str):
    file = copied.raw / "statcan" / "33100036-eng.zip"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data[: len(data) // 2] if damage == "cut short" else data)
    (problem,) = problems_of(RawStore(copied).results("exchange_rates"))
    assert problem.file == "data/raw/statcan/33100036-eng.zip"
    assert problem.expected.startswith(("the hash ", "a whole table as"))
    if damage == "cut short":
        assert recognised(file) is None
        return
    with pytest.raises(FiguresError) as caught:
        recognised(file)
    assert caught.value.problems[0].remedy == "Download it again from its publisher."
