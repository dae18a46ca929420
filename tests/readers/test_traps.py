"""Every trap on the page of traps has a test that is there, and its reader names its section."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "traps.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## .*\{#([\w-]+)\}\n((?:(?!## ).*\n)*)", PAGE, re.MULTILINE))
TESTS = {
    name
    for path in (PROJECT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)\(", path.read_text("utf-8"))
}


@pytest.mark.parametrize("mark", SECTIONS)
def test_every_trap_has_its_test(mark: str):
    rows = [line for line in SECTIONS[mark].splitlines() if line.startswith("| ")][1:]
    told = [re.fullmatch(r"\| .+ \| .+ \| `(test_\w+)` \|", row) for row in rows]
    assert rows
    assert all(told), rows
    named = {row[1] for row in told if row}
    assert named <= TESTS, f"there is no test {sorted(named - TESTS)}"


def test_each_section_is_named_by_its_reader():
    package = PROJECT / "src" / "critical_minerals"
    readers = (package / "readers").glob("*.py")
    named = {
        mark
        for path in readers
        for mark in re.findall(
            r"docs/traps\.md#([\w-]+)", ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        )
        if mark == path.stem.replace("_", "-")
    }
    # What no reader can know, the project declares.
    declared = (package / "project" / "__init__.py").read_text("utf-8")
    assert named | {*re.findall(r"docs/traps\.md#([\w-]+)", declared)} == {*SECTIONS}
    assert len(named) > 15
