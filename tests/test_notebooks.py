"""The notebooks as they are committed: without outputs, with typed parameters, telling a story."""

import ast
import json
from pathlib import Path

import pytest

from critical_minerals.project import ReportParameters

BRIEFS = {"80_mineral_brief": "mineral", "81_partner_brief": "partner"}
"""Notebooks of briefs, each with a parameter of its own."""
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> dict:
    return {**json.loads(request.param.read_text("utf-8")), "stem": request.param.stem}


def test_there_is_one_for_each_topic():
    stems = [path.stem for path in NOTEBOOKS]
    topics = ["10_funding", "20_trade", "30_supply", "40_partnerships", "50_progress"]
    assert stems == [*topics, "60_claims", *BRIEFS]


def test_it_carries_no_outputs(notebook: dict):
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [c["id"] for c in code if c["outputs"] or c["execution_count"] is not None] == []


def test_its_defaults_are_left_to_the_parameters_file(notebook: dict):
    tagged = [c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    tree = ast.parse("".join(tagged[0]["source"]))
    given = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
    }
    own = set(given) - set(ReportParameters.names())
    assert own == {name for stem, name in BRIEFS.items() if stem == notebook["stem"]}
    assert {name: given[name] for name in ReportParameters.names()} == dict.fromkeys(
        ReportParameters.names()
    )


def test_words_come_before_code_and_the_last_cell_finishes(notebook: dict):
    cells = notebook["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert "".join(cells[0]["source"]).startswith("# ")
    words = [c for c in cells if c["cell_type"] == "markdown"]
    assert len(words) >= 5
    assert "nb.finish()" in "".join(cells[-1]["source"])


def test_its_cells_have_ids_of_their_own(notebook: dict):
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
