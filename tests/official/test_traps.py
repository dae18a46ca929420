"""Every trap of a reader is on the page of traps, with a test that is there."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
READERS = PROJECT / "src" / "critical_minerals" / "readers"
PAGE = (PROJECT / "docs" / "traps.md").read_text("utf-8")
TESTS = {
    name
    for path in (PROJECT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)\(", path.read_text("utf-8"))
}


def traps(path: Path) -> list[str]:
    """Return the rows of the table of traps in a reader's docstring, their blanks evened out."""
    found: list[str] = []
    inside = False
    for line in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines():
        inside = line.startswith("|") and (inside or line.startswith("| trap"))
        if inside and not line.startswith("| trap") and set(line) - set("|-: "):
            trap, done = line.strip("| ").rsplit("|", 1)
            found.append(f"| {trap.strip()} | {done.strip()} |")
    return found


WITH_TRAPS = [path for path in sorted(READERS.glob("*.py")) if traps(path)]


@pytest.mark.parametrize("reader", WITH_TRAPS, ids=lambda path: path.stem)
def test_every_trap_of_a_reader_has_its_test(reader: Path):
    mark = f"{{#{reader.stem.replace('_', '-')}}}"
    assert mark in PAGE, f"docs/traps.md has no section {mark}"
    section = PAGE.partition(mark)[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    told = [re.fullmatch(r"(\| .+ \|) `(test_\w+)` \|", row) for row in rows]
    assert all(told), rows
    assert [row[1] for row in told if row] == traps(reader)
    named = {row[2] for row in told if row}
    assert named <= TESTS, f"there is no test {sorted(named - TESTS)}"


def test_there_are_readers_with_traps():
    assert len(WITH_TRAPS) > 15
