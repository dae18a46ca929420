"""Tables that leave the project: no text becomes a formula, and every text can be had back."""

import csv
import io

import pandas as pd
import pytest
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.tables.descriptors import Tables
from critical_minerals.tables.exported import for_people, harmless, readable, restored
from critical_minerals.tables.package import describe
from critical_minerals.tables.processed import to_csv, write
from critical_minerals.tables.processed_csv import written_rows
from critical_minerals.workspace import Workspace

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "＝1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_text_begins_as_a_formula(text: str):
    written = to_csv(pd.DataFrame({"name": [text], "figure": [-5.5], text: ["a"]}))
    (header, cells) = csv.reader(io.StringIO(written, newline=""))
    assert header == ["name", "figure", f"'{text}"]
    assert cells == [f"'{text}", "-5.5", "a"]
    assert restored(cells[0]) == text


@given(st.text(max_size=6))
def test_every_text_can_be_had_back(text: str):
    assert restored(harmless(text)) == text
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.floats(-1e12, 1e12))
def test_a_readable_figure_is_the_same_to_six_digits(figure: float):
    assert float(readable(figure)) == pytest.approx(figure, rel=5e-6, abs=1e-300)
    assert "e" not in readable(figure)


def test_a_saved_table_is_harmless_described_and_read_back(workspace: Workspace):
    table = Tables(workspace.schemas)["tiny_exports"]
    frame = pd.DataFrame(
        {
            "mineral": pd.array(["=lithium", "'nickel"], "string"),
            "year": pd.array([2024, 2025], "Int64"),
            "amount_cad": pd.array([3.6950549450549453, -0.0], "Float64"),
            "source_id": pd.array(["A", "A"], "string"),
            "origin": pd.array(["a.csv:2", "a.csv:3"], "string"),
        }
    )
    write(table, workspace, frame)
    text = (workspace.processed / "tiny_exports.csv").read_text("utf-8")
    assert "'=lithium" in text
    assert "3.6950549450549453" in text
    read = written_rows(workspace, "tiny_exports")
    assert [row["mineral"] for row in read] == ["=lithium", "'nickel"]
    source = {"publisher": "Us", "title": "Counts", "url": "https://example.org", "terms": "free"}
    describe(workspace, ["tiny_exports"], {"OURS": source})
    path = workspace.processed / "datapackage.json"
    assert "Take the first apostrophe off to have the text as it was" in path.read_text("utf-8")
    package = Package(str(path))
    assert package.validate().flatten(["message"]) == []
    assert package.licenses == [{"name": "MIT", "path": "https://spdx.org/licenses/MIT"}]
    assert package.sources[0]["title"] == "Us: Counts"
    people = for_people(text, ["amount_cad"])
    assert people.startswith("\ufeffmineral,")
    assert ",3.695055," in people


def test_a_figure_to_download_has_no_noise():
    written = to_csv(pd.DataFrame({"Share (%)": [3.6950549450549453, None]}), rounded=True)
    assert written.split() == ["Share", "(%)", "3.695055", '""']
