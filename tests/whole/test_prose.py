"""No number is typed into the prose: each is a published value."""

import re
from pathlib import Path

import pytest

REPORTS = Path(__file__).parents[2] / "reports"
DOCUMENTS = sorted(REPORTS.glob("*.qmd"))
ALLOWED = (
    r"\bG7\b",  # name of the group
    r"\bBudget 20\d\d\b|\bbudget de 20\d\d\b",  # name of a budget
    r"\b(?:19|20)\d\d\b",  # a year
)


def prose(document: Path) -> list[tuple[int, str]]:
    """Lines of a document without front matter, shortcodes, ids, references and attributes."""
    lines = document.read_text("utf-8").splitlines()
    start = lines.index("---", 1) + 1
    # Values, attributes, references, links.
    marks = r"\{\{<.*?>\}\}|\{[^}]*\}|@[\w-]+|\(#[\w-]+\)|\(https://[^)\s]+\)"
    bare = [re.sub(marks, "", line) for line in lines[start:]]
    return list(enumerate(bare, start=start + 1))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_digit_is_typed(document: Path):
    allowed = re.compile("|".join(ALLOWED))
    typed = [(n, line) for n, line in prose(document) if re.search(r"\d", allowed.sub("", line))]
    assert typed == []


def test_the_check_itself_finds_a_typed_digit(tmp_path: Path):
    document = tmp_path / "x.qmd"
    document.write_text("---\ntitle: x\n---\n\nIt rose by 12 per cent {{< meta v.a1 >}} in 2024.\n")
    allowed = re.compile("|".join(ALLOWED))
    found = [n for n, line in prose(document) if re.search(r"\d", allowed.sub("", line))]
    assert found == [5]
