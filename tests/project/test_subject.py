"""The machinery knows nothing of the subject: its code has no word of it, whatever it imports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "critical_minerals"
# Of the report, and of publishers: what reads a format knows who writes it.
PARTICULAR = {"cleaning", "charts", "project", "readers"}
FETCHING = PACKAGE / "readers" / "fetching"
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.relative_to(PACKAGE).parts[0] not in PARTICULAR
    or (path.is_relative_to(FETCHING) and path.name != "services.py")
]
WORD = re.compile(
    r"(?<![a-z])(minerals?|commodit\w*|metals?|lithium|cobalt|copper|nickel|graphite|mines?|mining"
    r"|ores?|canad\w*|provinc\w*|territor\w*|ontario|qu[eé]bec|federal|programmes?|awards?|strategy"
    r"|cad|wld|cmif|usgs|geological|statcan|comtrade|nrcan|g7)(?![a-z])",
    re.IGNORECASE,
)
NAME = re.compile(r"critical[_-]minerals", re.IGNORECASE)


def words(code: str) -> Iterator[tuple[int, str]]:
    """Yield the names and texts of code; docstrings and comments may give examples."""
    tree = ast.parse(code)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in told:
                yield node.lineno, text
            case ast.Name(id=text) | ast.Attribute(attr=text) | ast.arg(arg=text):
                yield node.lineno, text
            case ast.FunctionDef(name=text) | ast.ClassDef(name=text):
                yield node.lineno, text
            case ast.keyword(arg=str(text)):
                yield node.value.lineno, text
            case ast.alias(name=text):
                yield node.lineno, text
            case _:
                pass


def about_the_subject(code: str) -> list[str]:
    return [
        f"line {line}: {text[:60]}" for line, text in words(code) if WORD.search(NAME.sub("", text))
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_machinery_has_no_word_of_the_subject(path: Path):
    found = about_the_subject(path.read_text("utf-8"))
    assert found == [], "declare it in `project`, or beside the data, and let it be given"


@pytest.mark.parametrize(
    "code",
    [
        'base = "CAD"',
        'table = "vocabulary/programmes"',
        "def of_provinces(): ...",
        "from critical_minerals.readers import statcan",
        "f(mineral=1)",
        "frame.cad_per_unit",
    ],
)
def test_a_word_of_the_subject_is_found(code: str):
    assert len(about_the_subject(code)) == 1


@pytest.mark.parametrize("code", ['"""Such as CAD."""', "import critical_minerals", "score = 1"])
def test_examples_and_the_name_of_the_package_are_none(code: str):
    assert about_the_subject(code) == []
