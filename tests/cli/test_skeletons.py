"""What a skeleton writes is a pattern that passes the project's own tests once it is filled in."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from critical_minerals.cli.skeletons.new import Skeleton, new_figure, new_topic
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]


def topic() -> Skeleton:
    """Put together without being written."""
    return new_topic(Workspace(PROJECT), "recycling", ["10_funding"])


def file_of(skeleton: Skeleton, end: str) -> str:
    (text,) = (text for path, text in skeleton.files.items() if path.as_posix().endswith(end))
    return text


def test_french_of_a_skeleton_has_a_no_break_space_before_its_colons():
    skeleton = topic()
    wrong = [
        line
        for text in skeleton.files.values()
        for line in text.splitlines()
        if "FILL IN :" in line
    ]
    assert wrong == []
    section = file_of(skeleton, "annexe.qmd").partition("FILL IN")[2].partition("include")[0]
    assert not re.search(r"\w:| :", section.partition("\n")[2])
    texts = file_of(skeleton, "texts/fr/recycling.ftl")
    assert len(re.findall("FILL IN\u00a0: ", texts)) == 6


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("annex", '{{< meta v.recycling_latest >}} [tonnes]{one="tonne"} in '),
        ("annexe", '{{< meta v.recycling_latest >}}\u00a0[tonnes]{one="tonne"} en '),
    ],
)
def test_the_sentence_of_a_skeleton_agrees_with_its_number(document: str, sentence: str):
    text = re.sub("FILL IN\u00a0?: ", "", file_of(topic(), f"{document}.qmd"))
    assert sentence + "{{< meta v.recycling_latest_year >}}." in text


def test_the_unit_of_the_sentence_is_to_be_filled_in():
    assert '[FILL IN: tonnes]{one="FILL IN: tonne"}' in file_of(topic(), "annex.qmd")


def test_the_cell_of_a_topic_gives_its_title_facts_and_guards_a_day_without_rows():
    cells = {each.id: each.source for each in nbformat.reads(file_of(topic(), ".ipynb"), 4).cells}
    figure = cells["figure"]
    assert figure.index("latest = recycling.tail(1)\nif len(latest):") == 0
    assert '"tonnes": Count(latest["quantity_t"].iloc[0]), "year": nb.year_of(latest)' in figure
    assert "-title-none" in figure
    assert "-alt-none" in figure
    for language in ("en", "fr"):
        texts = file_of(topic(), f"texts/{language}/recycling.ftl")
        for key in re.findall(r'say\("([\w-]+)"', figure):
            assert f"\n{key} = FILL IN" in texts
        assert "{ $tonnes ->" in texts


@pytest.mark.parametrize(
    ("notebook", "table", "module"),
    [
        ("50_progress", "exploration", "progress"),  # imports it already
        ("40_partnerships", "criticism", "partnerships"),
    ],
)
def test_the_chart_of_a_figure_says_that_nothing_is_public(notebook: str, table: str, module: str):
    skeleton = new_figure(Workspace(PROJECT), "a-share", notebook, table)
    text = file_of(skeleton, f"charts/{module}.py")
    assert re.search(r"^from critical_minerals\.charts import theme$", text, re.MULTILINE)
    assert text.count("import nothing_public\n") == 1
    added = text[text.index("def a_share(") :]
    assert "    if frame.empty:\n        return nothing_public(edition)\n" in added
    names = [
        each.module
        for each in ast.parse(text).body
        if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("critical_minerals.")
    ]
    assert names == sorted(names, key=str)
