"""What is asked for on the command line or in a file becomes a list of briefs."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from critical_minerals.errors import UsageError
from critical_minerals.execution.brief_jobs import requested_briefs
from critical_minerals.execution.briefs import brief_step, make_briefs
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.steps import Run, reports
from critical_minerals.project import ReportParameters
from critical_minerals.project.subjects import listed_minerals, partners
from critical_minerals.workspace.paths import Workspace

from .conftest import DECLARED

NOW = ReportParameters()


def grid(workspace: Workspace, text: str) -> Path:
    path = workspace.root / "briefs.yml"
    path.write_text(text, "utf-8")
    return path


def refused(workspace: Workspace, text: str) -> str:
    with pytest.raises(UsageError) as told:
        requested_briefs(workspace, NOW, grid=grid(workspace, text))
    return str(told.value)


def test_minerals_are_those_of_the_list_and_partners_countries_then_alliances(small: Workspace):
    assert listed_minerals(small) == ["lithium", "nickel"]
    assert partners(small) == ["DE", "JP", "alliance"]


def test_without_a_report_it_is_said_what_makes_the_tables(small: Workspace):
    (small.processed / "partnerships.csv").unlink()
    with pytest.raises(UsageError, match=r"no tables to make briefs from.*python pipeline\.py"):
        requested_briefs(small, NOW, every=True)


def test_a_brief_knows_its_files_in_each_language(small: Workspace):
    (brief,) = requested_briefs(small, NOW, subjects={"mineral": ["lithium"]})
    assert brief.branch == "briefs/lithium"
    assert brief.own == {"mineral": "lithium"}
    assert brief.outputs() == [
        "mineral-brief-lithium.html",
        "mineral-brief-lithium.pdf",
        "fiche-minerale-lithium.html",
        "fiche-minerale-lithium.pdf",
    ]


def test_only_the_languages_of_the_run_are_typeset(small: Workspace):
    french = replace(NOW, languages=("fr",))
    (brief,) = requested_briefs(small, french, subjects={"partner": ["DE"]}, formats=("pdf",))
    assert brief.outputs() == ["fiche-partenaire-de.pdf"]


def test_what_a_document_of_the_report_depends_on_a_brief_depends_on_too(small: Workspace):
    run = Run(small, NOW, renderer="embedded")
    (brief,) = requested_briefs(small, NOW, subjects={"mineral": ["lithium"]})
    document = reports(run)[0].values()
    assert "filters" in document
    assert document.keys() <= brief_step(run, brief).values().keys()


def test_a_set_that_a_killed_run_had_moved_away_is_back_before_briefs_are_put_into_it(
    small: Workspace,
):
    away = small.reports / "._output.old"
    away.mkdir()
    (away / "report.html").write_text("of the last good run", "utf-8")
    record = {"as_of": NOW.as_of.isoformat(), "parameters": {"currency": NOW.currency}}
    small.record.parent.mkdir()
    small.record.write_text(json.dumps(record), "utf-8")
    make_briefs(Run(small, NOW, renderer="embedded"), [], Progress(Console(file=StringIO())))
    assert (small.delivered / "report.html").is_file()
    assert not away.exists()


def test_all_means_every_mineral_and_every_partner(small: Workspace):
    names = [brief.name for brief in requested_briefs(small, NOW, every=True)]
    assert names == ["lithium", "nickel", "de", "jp", "alliance"]


def test_ids_are_found_whatever_their_capitals_and_once(small: Workspace):
    briefs = requested_briefs(small, NOW, subjects={"partner": ["de", "DE"], "mineral": ["Nickel"]})
    assert [brief.own for brief in briefs] == [{"mineral": "nickel"}, {"partner": "DE"}]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"subjects": {"mineral": ["lithum"]}},
            "no brief of a mineral 'lithum'. Did you mean 'lithium'?",
        ),
        ({"subjects": {"mineral": ["gold"]}}, "no brief of a mineral 'gold'"),
        (
            {"subjects": {"partner": ["aliance"]}},
            "no brief of a partner 'aliance'. Did you mean 'alliance'?",
        ),
        ({}, "--mineral lithium, --partner DE, --all, or --grid briefs.yml"),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest_name(small: Workspace, asked, said: str):
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        requested_briefs(small, NOW, **asked)


def test_without_tables_it_says_what_makes_them(tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text(DECLARED, "utf-8")
    with pytest.raises(UsageError, match=r"Make the report first: python pipeline\.py"):
        requested_briefs(Workspace(tmp_path), NOW, every=True)


def test_a_grid_is_every_combination_of_its_values(small: Workspace):
    text = """
- notebook: 80_mineral_brief
  parameters: {mineral: [lithium, nickel], period_start: [2017, 2020]}
- notebook: 81_partner_brief
  documents: {en: reports/briefs/partner-brief.qmd}
  parameters: {partner: DE}
"""
    briefs = requested_briefs(small, NOW, grid=grid(small, text))
    assert [(brief.name, brief.parameters.period_start) for brief in briefs] == [
        ("lithium-2017", 2017),
        ("lithium-2020", 2020),
        ("nickel-2017", 2017),
        ("nickel-2020", 2020),
        ("de", 2017),
    ]
    assert briefs[-1].outputs() == ["partner-brief-de.html", "partner-brief-de.pdf"]


def test_any_notebook_can_stand_in_a_grid(small: Workspace):
    text = "- {notebook: 30_supply, parameters: {period_start: [2019, 2020]}}"
    briefs = requested_briefs(small, NOW, grid=grid(small, text))
    assert [brief.name for brief in briefs] == ["30-supply-2019", "30-supply-2020"]
    assert all(brief.outputs() == [] for brief in briefs)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- notebook: 80_mineral_brif", "entry 1: there is no notebook '80_mineral_brif'. Did"),
        ("- {notbook: x}", "entry 1: an entry names its notebook"),
        ("- {notebook: 30_supply, parameter: {}}", "no key 'parameter'. Did you mean 'parameters'"),
        (
            "- {notebook: 80_mineral_brief, parameters: {minral: lithium}}",
            "no parameter of 80_mineral_brief 'minral'. Did you mean 'mineral'?",
        ),
        (
            "- {notebook: 80_mineral_brief, parameters: {mineral: [lithium, nikel]}}",
            "no brief of a mineral 'nikel'. Did you mean 'nickel'?",
        ),
        ("- {notebook: 30_supply, parameters: {period_start: []}}", "'period_start' has no value"),
        (
            "- {notebook: 30_supply, parameters: {period_start: soon}}",
            "Parameter period_start: 'soon' does not fit",
        ),
        (
            "- {notebook: 30_supply, documents: {en: reports/briefs/mineral-brif.qmd}}",
            "Did you mean 'reports/briefs/mineral-brief.qmd'?",
        ),
        ("- {notebook: 30_supply, documents: {de: x}}", "there is no language 'de'"),
        ("- [", "briefs.yml is not YAML"),
        ("notebook: 30_supply", "briefs.yml holds no list"),
        (
            "- {notebook: 80_mineral_brief, parameters: {mineral: lithium}}\n" * 2,
            "'lithium' is asked for twice",
        ),
        ("- &a {notebook: 80_mineral_brief}\n- *a", "line 1: an alias (*) stands for it elsewhere"),
    ],
)
def test_a_bad_grid_is_refused_with_its_entry_and_the_nearest_name(
    small: Workspace, text: str, said: str
):
    assert said in refused(small, text)


def test_all_faults_of_a_grid_are_told_at_once(small: Workspace):
    told = refused(small, "- notebook: 99_x\n- {notebook: 30_supply, parameters: {x: 1}}")
    assert "entry 1" in told
    assert "entry 2" in told


def test_a_grid_that_is_not_there_is_named(small: Workspace):
    with pytest.raises(UsageError, match=r"no file .*none\.yml"):
        requested_briefs(small, NOW, grid=small.root / "none.yml")
