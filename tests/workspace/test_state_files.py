"""State of earlier runs is read in the shape it is written in, or counts as not there."""

from pathlib import Path
from typing import Any

import pytest

from critical_minerals.workspace.state_files import read_entries, read_stored

RECORD = {"name": str, "size": int | None, "files": [str], "hashes": {str: (int, str)}}
SOUND = '{"name": "a", "size": null, "files": ["b"], "hashes": {"c": [1, "d"]}, "more": 1}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


def test_what_has_the_shape_is_read_with_all_it_has(path: Path):
    path.write_text(SOUND)
    assert read_stored(path, RECORD) == {
        "name": "a",
        "size": None,
        "files": ["b"],
        "hashes": {"c": [1, "d"]},
        "more": 1,
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SOUND, ""),
        (SOUND, "{"),
        (SOUND, "[]"),
        (SOUND, "{}"),
        (SOUND, "null"),
        (SOUND, "[" * 100_000),
        ('"a"', "5"),
        ("null", '"a"'),
        ('["b"]', '"b"'),
        ('["b"]', "[5]"),
        ('[1, "d"]', "[1]"),
        ('[1, "d"]', '["d", 1]'),
        ('{"c": [1, "d"]}', "[]"),
        ('"name"', '"title"'),
    ],
)
def test_what_has_another_shape_counts_as_not_there(path: Path, old: str, new: str):
    path.write_text(SOUND.replace(old, new))
    assert read_stored(path, RECORD) is None
    assert read_stored(path, RECORD, {"name": ""}) == {"name": ""}


def test_no_file_a_folder_and_no_text_count_as_not_there(path: Path):
    assert read_stored(path, list) is None
    path.write_bytes(b"\xff[]")
    assert read_stored(path, list) is None
    path.unlink()
    path.mkdir()
    assert read_entries(path, int) == {}


@pytest.mark.parametrize(
    ("content", "entries"),
    [('{"a": 1, "b": "x", "c": 2.5}', {"a": 1, "c": 2.5}), ("[1]", {}), ("5", {}), ("{", {})],
)
def test_of_entries_those_of_the_shape_are_read(path: Path, content: str, entries: Any):
    path.write_text(content)
    assert read_entries(path, int | float) == entries
