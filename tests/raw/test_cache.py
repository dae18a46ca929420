"""What was read from official files once is kept, and read anew as soon as anything differs."""

import datetime as dt
import shutil

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw import supplied
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import Workspace

TABLE = "supply/reserves"
DAY = dt.date(2026, 9, 30)


@pytest.fixture
def read(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables whose official files were read, in their order; nothing was kept before."""
    shutil.rmtree(workspace.state / "read")
    told: list[str] = []
    whole = supplied._read_rows

    def noted(workspace: Workspace, table, places) -> pd.DataFrame:
        told.append(table.name)
        return whole(workspace, table, places)

    monkeypatch.setattr(supplied, "_read_rows", noted)
    return told


def cells(workspace: Workspace) -> pd.DataFrame:
    return RawStore(workspace).read(TABLE, DAY)


def test_a_file_that_was_read_is_not_read_again(workspace: Workspace, read: list[str]) -> None:
    first = cells(workspace)
    assert read == [TABLE]
    pd.testing.assert_frame_equal(cells(workspace), first)
    assert read == [TABLE]


def test_it_is_read_anew_where_the_mapping_changes(workspace: Workspace, read: list[str]) -> None:
    cells(workspace)
    path = workspace.raw / f"{TABLE}.official.yml"
    path.write_text(path.read_text("utf-8") + "# Another word.\n", "utf-8")
    cells(workspace)
    assert read == [TABLE, TABLE]


def test_it_is_read_anew_where_a_place_loses_its_name(
    workspace: Workspace, read: list[str]
) -> None:
    cells(workspace)
    path = workspace.raw / "vocabulary" / "places.csv"
    path.write_text(path.read_text("utf-8").replace("Chile", "Chili"), "utf-8")
    with pytest.raises(FiguresError, match="found 'Chile'; expected a place of the vocabulary"):
        cells(workspace)
    assert read == [TABLE, TABLE]


def test_what_is_kept_and_damaged_is_read_anew(workspace: Workspace, read: list[str]) -> None:
    first = cells(workspace)
    (path,) = (workspace.state / "read").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:100])
    pd.testing.assert_frame_equal(cells(workspace), first)
    assert read == [TABLE, TABLE]
    cells(workspace)
    assert read == [TABLE, TABLE]
