"""Bringing together what several notebooks published."""

import json
from pathlib import Path

import pytest
import yaml

from critical_minerals.errors import StepError
from critical_minerals.parameters import parse_parameters
from critical_minerals.publish.assemble import assemble_edition
from critical_minerals.workspace import Workspace

PARAMETERS = parse_parameters({"as_of": "2025-03-31"})


def published(workspace: Workspace, notebook: str, kind: str, **texts: str) -> None:
    entries = {
        name.replace("_", "-") if kind != "values" else name: {
            "text": text,
            "caption": text,
            "sources": ["NRCAN_GPI"],
            "origins": ["data/raw/funding/awards.csv:2"],
        }
        for name, text in texts.items()
    }
    content = {"notebook": notebook, "files": [], "reads": [], "writes": [], kind: entries}
    file = workspace.published("en") / f"{notebook}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), "utf-8")


def assembled(workspace: Workspace) -> tuple[dict, str]:
    assemble_edition(workspace, "en", ["10_a", "20_b"], PARAMETERS)
    folder: Path = workspace.published("en")
    values = yaml.safe_load((folder / "values.yml").read_text("utf-8"))
    return values, (folder / "tbl-sources.md").read_text("utf-8")


def test_values_come_together_escaped_with_what_the_run_knows(workspace: Workspace):
    published(workspace, "10_a", "values", amount="$2\u00a0million", odd="a*b_c")
    published(workspace, "20_b", "figures", fig_x="X")
    values, _ = assembled(workspace)
    assert values["date"] == "2025-03-31"
    assert values["v"]["amount"] == "\\$2\u00a0million"
    assert values["v"]["odd"] == r"a\*b\_c"
    assert values["v"]["as_of"] == "March\u00a031, 2025"
    counts = [values["v"][f"count_{kind}"] for kind in ("values", "figures", "tables")]
    assert counts == ["2", "1", "0"]


def test_the_list_of_sources_holds_those_used_with_an_anchor_to_link_to(workspace: Workspace):
    def listed() -> list[str]:
        values, table = assembled(workspace)
        rows = [line for line in table.splitlines() if "{#src-" in line]
        assert values["v"]["count_sources"] == str(len(rows))
        return rows

    published(workspace, "10_a", "values")
    published(workspace, "20_b", "values")
    before = listed()
    published(workspace, "20_b", "values", other="2")
    (added,) = set(listed()) - set(before)
    assert "{#src-nrcan-gpi}" in added
    assert "Natural Resources Canada" in added


@pytest.mark.parametrize("kind", ["values", "figures", "tables"])
def test_one_name_belongs_to_one_notebook(workspace: Workspace, kind: str):
    published(workspace, "10_a", kind, same="1")
    published(workspace, "20_b", kind, same="1")
    with pytest.raises(StepError, match="'same' is published by 10_a and 20_b"):
        assembled(workspace)
    assert not (workspace.published("en") / "values.yml").exists()


def test_a_notebook_that_has_not_run_is_named(workspace: Workspace):
    published(workspace, "10_a", "values", amount="1")
    with pytest.raises(StepError, match=r"20_b has not published anything yet\. Run it first"):
        assembled(workspace)
