"""The table of faults names tests that there are, and leaves none of its tests out."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
TABLE = (PROJECT / "docs" / "faults.md").read_text("utf-8")
MADE_OF_FAULTS = ("execution/test_faults.py", "execution/test_kills.py", "fuzz/test_fuzz.py")
"""Files of which every test makes a fault."""
SOUND = {"test_a_sound_file_is_read"}


def named_in(file: str) -> set[str]:
    text = (PROJECT / "tests" / file).read_text("utf-8")
    return {*re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_every_row_names_a_test_that_there_is():
    rows = re.findall(r"^\| (?!fault |---)(.+) \|$", TABLE, re.MULTILINE)
    assert len(rows) > 40
    for row in rows:
        named = re.fullmatch(r"`tests/(\S+)::(test_\w+)`", row.rpartition(" | ")[2])
        assert named, row
        assert named[2] in named_in(named[1]), row


def test_every_fault_that_is_made_has_its_row():
    made = {name for file in MADE_OF_FAULTS for name in named_in(file)} - SOUND
    assert {name for name in made if f"::{name}`" not in TABLE} == set()
