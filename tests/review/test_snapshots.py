"""Keeping figures: whole or not at all, found again by name, never overwritten."""

import shutil
from pathlib import Path

import pytest

from critical_minerals.errors import UsageError
from critical_minerals.review.snapshots import (
    Snapshot,
    current_figures,
    find_snapshot,
    freeze,
    names,
    of_workspace,
    release_before,
    releases,
    store_run,
    stored_runs,
    write_snapshot,
)
from critical_minerals.workspace.paths import Workspace

from .moments import Moment


def moment(number: int, as_of: str = "2026-09-30") -> Moment:
    made = Moment(as_of=as_of)
    origin = made.raw("progress/indicators", "gdp", str(number))
    made.value("gdp", number, origin)
    made.table("indicators", ("gdp", str(number), origin))
    return made


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def run(place: Workspace, number: int) -> Snapshot | None:
    """Leave figures where a run leaves them, and keep them."""
    written = moment(number).save(place.root / "written")
    for file, folder in (
        (written.lineage_file, place.generated),
        *((file, place.processed) for file in written.tables_folder.iterdir()),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{file.name}"
        shutil.copy(file, beside)
        beside.replace(folder / file.name)
    shutil.rmtree(place.root / "written")
    return store_run(place)


def number(snapshot: Snapshot) -> float:
    return snapshot.lineage["published"]["values"]["gdp"]["number"]


def test_a_kept_run_holds_what_the_run_left_even_after_the_next_one(place: Workspace):
    first, same, second = run(place, 40), run(place, 40), run(place, 48)
    assert first is not None
    assert second is not None
    assert same is None
    assert [number(kept) for kept in stored_runs(place)] == [40, 48]
    assert first.tables["indicators"].by_key["gdp",]["value"] == "40"
    assert [
        number(find_snapshot(place, name) or first) for name in ("previous", "last", "now")
    ] == [
        40,
        48,
        48,
    ]
    assert find_snapshot(place, second.name) == second


def test_only_the_newest_runs_are_kept(place: Workspace):
    for value in range(13):
        run(place, value)
    assert [number(kept) for kept in stored_runs(place)] == list(range(3, 13))


def test_a_snapshot_is_written_whole_or_not_at_all(place: Workspace):
    snapshot = moment(40).save(place.root / "written")
    (snapshot.tables_folder / "indicators.csv").unlink()
    with pytest.raises(FileNotFoundError):
        write_snapshot(snapshot, place.root / "kept" / "one")
    assert list((place.root / "kept").iterdir()) == []


def test_releases_are_ordered_by_their_as_of_day(place: Workspace):
    for name, day in (("b", "2024-12-31"), ("a", "2025-12-31"), ("c", "2024-06-30")):
        freeze(place, moment(1, day).save(place.root / f"written-{name}"), name)
    (place.root / "data" / "releases" / "unfinished").mkdir()
    assert [release.name for release in releases(place)] == ["c", "b", "a"]
    before = [release_before(place, day) for day in ("2026-01-01", "2025-12-31", "2024-06-30")]
    assert [release.name if release else None for release in before] == ["a", "b", None]


def test_a_release_is_never_overwritten(place: Workspace):
    freeze(place, moment(40).save(place.root / "one"), "2026-09")
    with pytest.raises(UsageError, match="There is a release '2026-09' already"):
        freeze(place, moment(48).save(place.root / "two"), "2026-09")
    (kept,) = releases(place)
    assert number(kept) == 40


@pytest.mark.parametrize(
    "name",
    ["now", "last", "previous", "2025-12-31", "2026-11-22T04-08-12", "", "A", "../x", "a/b", "-a"],
)
def test_a_name_that_means_something_else_is_no_release(place: Workspace, name: str):
    with pytest.raises(UsageError, match="cannot name a release"):
        freeze(place, moment(40).save(place.root / "written"), name)
    assert not (place.root / "data").exists()


def test_what_is_not_there_yet_is_said_with_what_to_do(place: Workspace):
    assert not of_workspace(place).complete
    assert store_run(place) is None
    with pytest.raises(UsageError, match="Run the pipeline first"):
        current_figures(place)
    run(place, 40)
    with pytest.raises(UsageError, match="no previous run to compare with: 1 have been kept"):
        find_snapshot(place, "previous")
    assert find_snapshot(place, "nothing") is None
    assert {"now", "last", "previous"} <= {*names(place)}


def test_runs_of_the_same_second_are_told_apart(place: Workspace):
    kept = [run(place, value) for value in (1, 2, 3)]
    assert [number(one) for one in stored_runs(place)] == [1, 2, 3]
    assert len({one.name for one in kept if one}) == 3


def test_a_release_that_was_killed_counts_for_none_and_is_cleared_away(place: Workspace):
    written = moment(40, "2026-03-31").save(place.root / "written")
    killed = place.releases / ".2026-03.abc12345"
    shutil.copytree(place.root / "written", killed)
    assert releases(place) == []
    freeze(place, written, "2026-06")
    assert [release.name for release in releases(place)] == ["2026-06"]
    assert not killed.exists()


def test_an_edit_in_place_does_not_rewrite_what_was_kept(place: Workspace):
    run(place, 40)
    table = place.processed / "indicators.csv"
    kept = stored_runs(place)[0].tables_folder / table.name
    before = kept.read_text("utf-8")
    with table.open("a", encoding="utf-8") as file:
        file.write("gdp,5,a.csv:2\n")
    assert kept.read_text("utf-8") == before
