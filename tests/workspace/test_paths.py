from pathlib import Path

import pytest

from critical_minerals.errors import UsageError
from critical_minerals.workspace.paths import Workspace, find_workspace, write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_into_place_whole_with_its_folder(tmp_path: Path):
    file = tmp_path / "new" / "folder" / "a.txt"
    write_whole(file, "é\n")
    assert file.read_bytes() == "é\n".encode()
    assert names(file.parent) == ["a.txt"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch):
    file = tmp_path / "a.txt"
    write_whole(file, "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, "new")
    assert file.read_text("utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


def test_the_same_content_leaves_the_file_alone(tmp_path: Path):
    file = tmp_path / "a.txt"
    write_whole(file, "same")
    before = file.stat()
    write_whole(file, b"same")
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    write_whole(file, "other")
    assert file.read_text("utf-8") == "other"


def test_the_workspace_is_found_from_within(tmp_path: Path):
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    assert find_workspace(tmp_path / "notebooks" / "deep").root == tmp_path.resolve()


def test_outside_a_project_it_says_what_is_missing(tmp_path: Path):
    with pytest.raises(UsageError, match=r"no pyproject\.toml beside notebooks/"):
        find_workspace(tmp_path)


def test_two_runs_never_work_in_one_folder(tmp_path: Path):
    workspace = Workspace(tmp_path)
    other = Workspace(tmp_path / "other")
    with workspace.lock(), other.lock(), pytest.raises(UsageError, match="Another run"):
        workspace.lock().__enter__()


def test_a_run_may_follow_one_that_broke(tmp_path: Path):
    workspace = Workspace(tmp_path)
    with pytest.raises(ZeroDivisionError), workspace.lock():
        _ = 1 / 0
    with workspace.lock():
        pass


def test_files_are_named_from_the_top(tmp_path: Path):
    workspace = Workspace(tmp_path)
    assert workspace.relative(workspace.raw / "funding" / "awards.csv") == (
        "data/raw/funding/awards.csv"
    )
