"""What a brief publishes beside figures: key figures, gaps, sources, and which parts there are."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import Count
from critical_minerals.notebook.brief import Brief
from critical_minerals.project import ReportParameters
from critical_minerals.publish.briefs import brief_partials
from critical_minerals.publish.partials import shown_partials
from critical_minerals.tables.descriptors import Tables
from critical_minerals.tables.processed import shaped, write
from critical_minerals.workspace.paths import Workspace

ORIGIN = "data/raw/supply/uses.csv:2"
ROWS = pd.DataFrame(
    {
        "mineral": ["lithium"],
        "uses_en": ["batteries"],
        "uses_fr": ["batteries"],
        "source_id": ["USGS_MCS2026"],
        "origin": [ORIGIN],
    }
)


@pytest.fixture
def brief(workspace: Workspace) -> Brief:
    uses = Tables(workspace.schemas)["mineral_uses"]
    write(uses, workspace, shaped(uses, ROWS))
    return Brief("80_mineral_brief", workspace.on("briefs/lithium"), ReportParameters())


@pytest.fixture
def published(brief: Brief) -> Path:
    rows = brief.processed("mineral_uses")
    brief.title(lambda language: {"en": "Tin", "fr": "Étain"}[language], rows)
    brief.card("card_awards", Count(1234), say("brief-card-awards", count=2), rows)
    brief.gap(say("gap-uses"), "fig-output", "tbl-brief-sites")
    brief.section("canada", filled=False)
    brief.table(
        "tbl-x",
        "mineral_uses",
        data=rows,
        show=["mineral", "uses_en"],
        title=say("gap-uses"),
        caption=say("gap-uses"),
        widths=[1, 1],
    )
    brief.finish()
    folder = brief.workspace.published("fr")
    manifest = json.loads((folder / "80_mineral_brief.json").read_text("utf-8"))
    for name, text in brief_partials(manifest, brief.raw("sources"), "2026-09-30", "fr").items():
        (folder / name).write_text(text, "utf-8")
    return folder


def metadata(published: Path) -> dict:
    return yaml.safe_load((published / "values.yml").read_text("utf-8"))


def test_the_document_learns_what_there_is(published: Path):
    assert metadata(published)["has"] == {
        "canada": False,
        "cards": True,
        "fig-output": False,
        "gaps": True,
        "tbl-brief-sites": False,
        "tbl-x": True,
    }
    assert metadata(published)["v"]["title"] == "Étain"


def test_every_slot_can_be_included_filled_or_not(published: Path):
    assert (published / "fig-output.md").read_text("utf-8") == ""
    assert "tbl-x.md" in shown_partials(published, "fr", live=False)


def test_key_figures_and_gaps_are_in_the_language(published: Path):
    assert "[1 234]{.card-number}" in (published / "cards.md").read_text("utf-8").replace(
        "\u00a0", " "
    )
    assert (published / "gaps.md").read_text(
        "utf-8"
    ) == "- Aucun document consulté ne dit à quoi il sert.\n"


def test_lines_of_sources_lead_to_the_list_of_sources(published: Path):
    line = (published / "lineage-tbl-x.md").read_text("utf-8")
    sources = (published / "sources.md").read_text("utf-8")
    assert "(#src-usgs-mcs2026)" in line
    assert sources.count("{#src-") == 1
    assert "{#src-usgs-mcs2026 lang=en}" in sources


def test_values_keep_the_way_of_their_rows(brief: Brief, published: Path):
    manifest = brief.workspace.published("en") / "80_mineral_brief.json"
    card = yaml.safe_load(manifest.read_text("utf-8"))["values"]["card_awards"]
    assert card["tables"] == {"mineral_uses": [2]}
    assert card["origins"] == [ORIGIN]
    assert published.is_dir()


def test_nothing_is_written_among_the_report_s_figures(brief: Brief, published: Path):
    workspace = Workspace(brief.workspace.root)
    assert published.is_dir()
    assert not workspace.published("en").exists()
    names = sorted(path.name for path in workspace.processed.iterdir())
    assert names == ["mineral_uses.csv", "mineral_uses.parquet"]


def test_a_table_that_is_not_there_says_what_makes_it(brief: Brief):
    with pytest.raises(StepError, match=r"no table reserves yet.*python pipeline\.py"):
        brief.processed("reserves")
