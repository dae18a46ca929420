"""The record that joins what all notebooks published with the raw rows it is based on."""

import json

import pandas as pd
import pytest
import yaml

from critical_minerals.errors import StepError, UsageError
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import Count, Date, Money
from critical_minerals.notebook.session import Notebook, open_notebook
from critical_minerals.review.lineage import gather, read_lineage, write_lineage
from critical_minerals.workspace.paths import Workspace

COLUMNS = {
    "tiny_reliance": ("mineral", "form", "year"),
    "tiny_shares": ("mineral", "country"),
    "tiny_spending": ("category", "year", "basis"),
}
"""Tables that are all key."""


@pytest.fixture(autouse=True)
def described(workspace: Workspace) -> None:
    for name, key in COLUMNS.items():
        fields = [
            {"name": column, "type": "integer" if column == "year" else "string"}
            | {"description": ".", "constraints": {"required": True}}
            for column in (*key, "source_id", "origin")
        ]
        content = {"$schema": "", "description": ".", "fields": fields, "primaryKey": [*key]}
        path = workspace.schemas / f"{name}.schema.yaml"
        path.write_text(yaml.safe_dump(content), "utf-8")


def published(workspace: Workspace, name: str = "10_tiny") -> Notebook:
    nb = open_notebook(name, workspace.root, as_of="2026-09-30")
    reliance = nb.save("tiny_reliance", nb.raw("supply/us_import_reliance"))
    bounded = reliance[reliance["mineral"] == "germanium"].tail(1)
    nb.value("one", Count(7), rows=bounded)
    nb.value("day", Date("2026-01"), rows=bounded)
    nb.value("words", say("figure-data"), rows=[bounded, reliance.head(1)])
    nb.value("nothing_yet", Money(0, "CAD"), rows=reliance.head(0))
    return nb


def record(workspace: Workspace) -> dict:
    published(workspace).finish()
    nb = Notebook("10_tiny", workspace, open_notebook("10_tiny", workspace.root).parameters)
    return gather(workspace, ["10_tiny"], nb.parameters, {"10_tiny": "abc"})


def test_every_value_leads_to_processed_rows_raw_rows_and_sources(workspace: Workspace):
    lineage = record(workspace)
    one = lineage["published"]["values"]["one"]
    assert one["text"] == {"en": "7", "fr": "7"}
    assert (one["number"], one["unit"], one["notebook"]) == (7.0, "count", "10_tiny")
    written = pd.read_csv(workspace.processed / "tiny_reliance.csv", dtype=str)
    (row,) = one["tables"]["tiny_reliance"]
    assert written.loc[row - 2, "mineral"] == "germanium"
    (origin,) = one["origins"]
    assert written.loc[row - 2, "origin"] == origin
    raw = lineage["rows"][origin]
    lines = (workspace.root / origin.partition(":")[0]).read_text("cp1252").splitlines()
    assert lines[raw["row"] - 1].startswith("GERMANIUM,")
    assert raw["key"]["mineral"] == "germanium"
    assert lineage["sources"][raw["source_id"]]["tier"] == "official"
    assert lineage["notebooks"] == {"10_tiny": "abc"}


def test_a_value_in_words_or_without_rows_is_recorded_too(workspace: Workspace):
    values = record(workspace)["published"]["values"]
    assert values["words"]["number"] is None
    assert len(values["words"]["tables"]["tiny_reliance"]) == 2
    assert (values["day"]["number"], values["day"]["unit"]) == (None, "date")
    assert values["nothing_yet"]["origins"] == []
    assert values["nothing_yet"]["tables"] == {}


@pytest.mark.parametrize(
    ("qualifier", "marks"),
    [
        ("more_than", ["bounded"]),
        ("withheld", ["withheld"]),
        ("preliminary", ["preliminary"]),
        ("", []),
    ],
)
def test_raw_rows_say_what_keeps_them_from_being_plain(
    workspace: Workspace, raw, qualifier: str, marks: list[str]
):
    rows = raw.rows("supply/world_production")
    number = next(n for n, row in enumerate(rows, 1) if row[rows[0].index("qualifier")] == "")
    raw.set("supply/world_production", number, "qualifier", qualifier)
    raw.set("supply/world_production", number, "estimated", "no")
    nb = open_notebook("10_tiny", workspace.root)
    world = nb.raw("supply/world_production")
    changed = world["origin"].str.endswith(f":{number}")
    nb.save("tiny_shares", world[changed])
    nb.exclude(world[~changed], say("figure-data"))
    nb.finish()
    kept = json.loads((workspace.lineage / "10_tiny.json").read_text("utf-8"))
    assert [row["marks"] for row in kept.values()] == [marks]


@pytest.mark.parametrize(
    ("basis", "marks"),
    [("actual", []), ("preliminary", ["preliminary"]), ("intentions", ["estimated"])],
)
def test_what_is_only_intended_is_marked_as_an_estimate(
    workspace: Workspace, basis: str, marks: list[str]
):
    nb = open_notebook("10_tiny", workspace.root)
    spent = nb.raw("progress/exploration")
    chosen = spent["basis"] == basis
    nb.save("tiny_spending", spent[chosen])
    nb.exclude(spent[~chosen], say("figure-data"))
    nb.finish()
    kept = json.loads((workspace.lineage / "10_tiny.json").read_text("utf-8"))
    assert kept
    assert [row["marks"] for row in kept.values()] == [marks] * len(kept)


def test_what_is_published_from_rows_that_are_not_saved_is_refused(workspace: Workspace):
    nb = published(workspace)
    awards = nb.raw("funding/awards")
    nb.exclude(awards, say("figure-data"))
    nb.value("lost", Count(1), rows=awards.head(1))
    with pytest.raises(UsageError, match=r"awards\.csv:2: these rows.* in no table that is saved"):
        nb.finish()
    assert not workspace.processed.exists()
    assert not workspace.published("en").exists()


def test_a_processed_table_of_another_notebook_can_be_published_from(workspace: Workspace):
    published(workspace).finish()
    nb = open_notebook("20_tiny", workspace.root)
    table = nb.processed("tiny_reliance")
    nb.value("again", Count(len(table)), rows=table)
    nb.finish()
    manifest = json.loads((workspace.published("en") / "20_tiny.json").read_text("utf-8"))
    assert "data/processed/tiny_reliance.parquet" in manifest["reads"]
    assert len(manifest["values"]["again"]["tables"]["tiny_reliance"]) == len(table)
    lineage = gather(workspace, ["10_tiny", "20_tiny"], nb.parameters, {})
    assert set(lineage["published"]["values"]["again"]["origins"]) <= set(lineage["rows"])


def test_a_record_is_written_the_same_each_time_and_read_back(workspace: Workspace):
    lineage, path = record(workspace), workspace.generated / "lineage.json"
    write_lineage(path, lineage)
    first = path.read_bytes()
    write_lineage(path, record(workspace))
    assert path.read_bytes() == first
    assert read_lineage(path) == json.loads(json.dumps(lineage))
    with pytest.raises(StepError, match="Run the pipeline first"):
        read_lineage(path.with_name("other.json"))


def test_each_part_of_the_record_is_told_by_its_hash(workspace: Workspace):
    def parts(lineage: dict) -> dict[str, str]:
        write_lineage(workspace.record, lineage)
        folder = workspace.record.with_name("lineage-parts")
        return {path.name: path.read_text("utf-8") for path in folder.iterdir()}

    lineage = record(workspace)
    before = parts(lineage)
    assert {"notebooks", "values", "figures", "tables", "rows", "sources"} <= {*before}
    after = parts(lineage | {"notebooks": {"10_tiny": "other"}})
    assert {name for name in before if before[name] != after[name]} == {"notebooks"}
