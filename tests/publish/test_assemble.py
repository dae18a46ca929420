"""Bringing together what several notebooks published."""

import json
from pathlib import Path

import pytest
import yaml

from critical_minerals.errors import StepError
from critical_minerals.project import ReportParameters
from critical_minerals.publish.assemble import assemble_edition
from critical_minerals.workspace.parameters import parse_parameters
from critical_minerals.workspace.paths import Workspace

PARAMETERS = parse_parameters({"as_of": "2025-03-31"}, ReportParameters)


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


def lineage(workspace: Workspace) -> dict:
    """What the notebooks published so far, as the lineage record tells it."""
    kinds: dict[str, dict] = {"values": {}, "figures": {}, "tables": {}}
    for file in sorted(workspace.published("en").glob("*.json")):
        content = json.loads(file.read_text("utf-8"))
        for kind, entries in kinds.items():
            for name, entry in content.get(kind, {}).items():
                way = {"notebook": content["notebook"], "cell": "c", "tables": {"t": [2]}}
                entries[name] = {**entry, **way, "text": {"en": entry["text"]}}
    row = {
        "table": "funding/awards",
        "key": {"award_id": "x"},
        "cells": {},
        "marks": [],
        "source_id": "NRCAN_GPI",
    }
    source = {"title": "T", "publisher": "P", "url": "", "published": "", "terms": "open"}
    return {
        "published": kinds,
        "rows": {"data/raw/funding/awards.csv:2": row},
        "sources": {"NRCAN_GPI": {**source, "tier": "official"}} if any(kinds.values()) else {},
    }


def assembled(workspace: Workspace) -> tuple[dict, str]:
    assemble_edition(workspace, "en", ["10_a", "20_b"], PARAMETERS, lineage(workspace))
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


def test_what_the_document_uses_is_linked_to_its_note(workspace: Workspace):
    published(workspace, "10_a", "values", amount="$2", unused="$3")
    published(workspace, "20_b", "figures", fig_x="X")
    workspace.document("en").parent.mkdir(parents=True, exist_ok=True)
    workspace.document("en").write_text("## A {#sec-a}\n\n{{< meta v.amount >}}\n", "utf-8")
    values, _ = assembled(workspace)
    assert values["v"]["amount"].startswith(r"[\$2](#note-1){.value ")
    assert values["v"]["unused"] == r"\$3"
    folder = workspace.published("en")
    assert 'id="note-1"' in (folder / "notes.md").read_text("utf-8")
    assert "funding/awards.csv, row 2" in (folder / "lineage-fig-x.md").read_text("utf-8")
    published(workspace, "20_b", "figures", fig_y="Y")
    assembled(workspace)
    assert [path.name for path in folder.glob("lineage-*.md")] == ["lineage-fig-y.md"]


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


def test_a_later_document_is_named_only_where_something_rests_on_it(workspace: Workspace):
    """Figures name the others; the list of sources holds it where a row was read in it."""
    published(workspace, "10_a", "figures", fig_x="X")
    published(workspace, "20_b", "values")
    record = lineage(workspace)
    later = {"title": "L", "publisher": "Later", "url": "", "published": "2026-03-02"}
    later |= {"terms": "open", "tier": "official"}
    record["sources"] |= {"CNW_CMPA_2026": later}
    record["published"]["figures"]["fig-x"]["sources"] = ["NRCAN_GPI", "CNW_CMPA_2026"]
    listed_alone = {**record["rows"]["data/raw/funding/awards.csv:2"], "source_id": "CNW_CMPA_2026"}
    record["rows"]["data/raw/sources.csv:9"] = listed_alone
    folder = workspace.published("en")

    def listed() -> bool:
        assemble_edition(workspace, "en", ["10_a", "20_b"], PARAMETERS, record)
        return "{#src-cnw-cmpa-2026 " in (folder / "tbl-sources.md").read_text("utf-8")

    assert not listed()
    assert "src-cnw" not in (folder / "lineage-fig-x.md").read_text("utf-8")
    record["rows"]["data/raw/funding/awards.csv:3"] = listed_alone
    assert listed()


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
