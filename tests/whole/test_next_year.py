"""Next year's figures arrive: the report follows without an edit, and nothing it says is false."""

import json
import os
import re

import lxml.html
import pytest

from .conftest import EDITIONS, Project, copied
from .next_year import DAY, a_year_on

pytestmark = pytest.mark.long

TODAY = "2027-03-15"
CLOCK = f"""import datetime
from critical_minerals.workspace import parameters
parameters.today_here = lambda: datetime.date.fromisoformat("{TODAY}")
"""
"""Put before everything else that Python loads: a report is of no day that is yet to come."""


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory):
    """The project a year on, with its report and some briefs."""
    project = copied(tmp_path_factory.mktemp("later"))
    a_year_on(project.root)
    clock = tmp_path_factory.mktemp("clock")
    (clock / "sitecustomize.py").write_text(CLOCK, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(clock), os.environ.get("PYTHONPATH", "")]))
        options = ("--as-of", TODAY, "--renderer", "embedded", "--to", "html")
        done = project.run(*options)
        assert done.returncode == 0, done.stdout + done.stderr
        briefs = [option for each in ("gold", "lithium") for option in ("--mineral", each)]
        done = project.run("briefs", *briefs, "--partner", "US", "--as-of", TODAY, "--to", "html")
        assert done.returncode == 0, done.stdout + done.stderr
    return project


def pages(project: Project, language: str) -> str:
    """The text of both documents, tables apart."""
    told = []
    for path in (project.output("html", language), project.annex("html", language)):
        page = lxml.html.parse(path).getroot()
        for element in page.xpath("//script|//style|//template|//table"):
            element.drop_tree()
        told.append(re.sub(r"[ \t\r\n]+", " ", page.text_content()))
    return " ".join(told)


NEWEST = {
    "production_last_year": "2026",
    "production_first_year": "2024",
    "copper_output_last_year": "2026",
    "domestic_exports_year": "2026",
    "mineral_exports_year": "2024",
    "exploration_spending_year": "2023",
    "gdp_contribution_year": "2024",
    "rates_last_year": "2026",
}


@pytest.mark.parametrize("language", EDITIONS)
def test_values_are_those_of_the_new_year(later: Project, language: str):
    values = later.values(language)
    found = {name: values[name]["text"][:4] for name in NEWEST}
    assert found == NEWEST
    assert values["cmsf_envelope"]["number"] == 3.5e9
    assert values["canada_list_minerals"]["number"] == 34


@pytest.mark.parametrize("language", EDITIONS)
def test_the_new_list_is_told_with_what_it_adds_and_leaves_out(later: Project, language: str):
    told = later.values(language)["list_changes"]["text"].casefold()
    added, gone = {"en": ("gold", "tellurium"), "fr": ("or", "tellure")}[language]
    assert re.search(rf"\b{added}\b", told)
    assert gone in told
    assert "2024" in told


TITLED = {
    "fig-concentration": "2026",
    "fig-us-reliance": "2026",
    "fig-production": "2026",
    "fig-exports-partners": "2026",
    "fig-mineral-exports": "2024",
    "fig-exploration": "2023",
    "fig-major-projects": "2025",
    "tbl-us-reliance": "2026",
    "tbl-first-estimates": "2025",
}
"""Figures and tables that name the newest year of their table in their title or caption."""


@pytest.mark.parametrize("language", EDITIONS)
def test_titles_and_captions_name_the_new_year(later: Project, language: str):
    for name, year in TITLED.items():
        path = later.published_in(language) / f"{name}.json"
        published = json.loads(path.read_text("utf-8"))
        assert year in published["title"] + published["caption"], name


@pytest.mark.parametrize("language", EDITIONS)
def test_no_old_year_is_called_the_newest(later: Project, language: str):
    text = pages(later, language)
    found = re.findall(r"(\d{4}) \((?:latest figure found|dernier chiffre relevé)\)", text)
    assert {*found} <= {"2023", "2024"}  # ended more than two years before; no older one is newest
    assert "2026" in text
    assert DAY[:4] in text


@pytest.mark.parametrize("language", EDITIONS)
def test_a_brief_of_what_is_newly_listed_says_since_when(later: Project, language: str):
    stem = {"en": "mineral-brief", "fr": "fiche-minerale"}[language]
    folder = later.root / "reports" / "_output" / "briefs"
    gold = lxml.html.parse(folder / f"{stem}-gold.html").getroot().text_content()
    since = {"en": "minerals since 2027", "fr": "critiques depuis 2027"}[language]
    assert since in re.sub(r"\s+", " ", gold)
    lithium = lxml.html.parse(folder / f"{stem}-lithium.html").getroot().text_content()
    assert re.search(
        {"en": "minerals since 2021", "fr": "critiques depuis 2021"}[language], lithium
    )
