"""Every mineral and every partner has its two pages, in both languages, on the real figures."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import pytest
from pypdf import PdfReader
from rich.console import Console

from critical_minerals.execution.brief_jobs import BriefJob, requested_briefs
from critical_minerals.execution.briefs import make_briefs
from critical_minerals.execution.jobs import Local
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.runner import Outcome
from critical_minerals.execution.steps import Run
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.paths import Workspace

from .conftest import EDITIONS, Project
from .test_accessibility import AXE, LOOKS, STRUCTURE, WIDER, Page

pytestmark = pytest.mark.slow

SAMPLE = ("copper", "high-purity-iron-ore", "us", "sustainable-critical-minerals-alliance")
"""The fullest and the barest brief of each kind."""
MADE = {
    "mineral": ("copper", "high_purity_iron_ore", "niobium", "tin", "zinc"),
    "partner": ("eu", "sustainable_critical_minerals_alliance", "us"),
}
"""Those that tests of each change make; the long tests make all."""
GAPS = {
    "en": "What is not in the tables of this report",
    "fr": "Ce qui n’est pas dans les tables de ce rapport",
}
PAGES = 2
KEY_SIZE = 14
"""Size of a key figure in print, in points."""


@dataclass(frozen=True)
class Briefs:
    """All briefs, made once."""

    run: Run
    jobs: Mapping[str, BriefJob]
    outcome: Outcome

    @property
    def folder(self) -> Path:
        return self.run.workspace.on("briefs/x").output

    def page(self, name: str, language: str) -> lxml.html.HtmlElement:
        return lxml.html.parse(self.path(name, language, "html")).getroot()

    def path(self, name: str, language: str, ending: str) -> Path:
        return self.folder / f"{self.jobs[name].stem(language)}.{ending}"

    def again(self, *names: str, **how: bool) -> Outcome:
        jobs = [self.jobs[name] for name in names]
        return make_briefs(self.run, jobs, silent(), **how)


def silent() -> Progress:
    return Progress(Console(file=StringIO()))


@pytest.fixture(scope="module", params=["some", pytest.param("all", marks=pytest.mark.long)])
def briefs(request, project: Project) -> Briefs:
    parameters = ReportParameters()
    run = Run(Workspace(project.root), parameters, renderer="embedded", executor=Local(3))
    asked = {"every": True} if request.param == "all" else {"subjects": MADE}
    jobs = requested_briefs(run.workspace, parameters, **asked)
    outcome = make_briefs(run, jobs, silent())
    return Briefs(run, {job.name: job for job in jobs}, outcome)


def test_every_one_that_is_asked_for_is_made(briefs: Briefs):
    assert briefs.outcome.errors == {}
    minerals = len([job for job in briefs.jobs.values() if "mineral" in job.own])
    assert minerals == len(MADE["mineral"]) or minerals == 34 <= len(briefs.jobs) - 26
    # Another test of the same process may have made some before.
    there = {*briefs.outcome.done, *briefs.outcome.current}
    assert len(there) == len(briefs.jobs)
    made = {path.name for path in briefs.folder.glob("*-*.*")} - {"index-fr.html"}
    assert made == {name for job in briefs.jobs.values() for name in job.outputs()}


def test_none_is_longer_than_two_pages(briefs: Briefs):
    lengths = {}
    for path in briefs.folder.glob("*.pdf"):
        with pikepdf.open(path) as document:
            lengths[path.name] = len(document.pages)
            assert "/StructTreeRoot" in document.Root, path.name
    assert {name: pages for name, pages in lengths.items() if pages > PAGES} == {}


def test_key_figures_stay_in_their_cards_in_print(briefs: Briefs):
    """A letter of theirs takes about half its size; the margin begins 567 points from the left."""
    beyond: list[tuple[str, str]] = []
    for path in briefs.folder.glob("*.pdf"):

        def look(
            text: str, page: Any, line: Any, _: Any, size: float, brief: str = path.name
        ) -> None:
            left = page[4] + line[4] * page[0]
            if size == KEY_SIZE and left + len(text.strip()) * size / 2 > 567:
                beyond.append((brief, text))

        PdfReader(path).pages[0].extract_text(visitor_text=look)
    assert beyond == []


@pytest.mark.parametrize("language", EDITIONS)
def test_no_section_is_empty_and_what_lacks_is_told(briefs: Briefs, language: str):
    for name in briefs.jobs:
        main = briefs.page(name, language).get_element_by_id("main")
        headings = main.xpath(".//h2")
        assert GAPS[language] in [heading.text_content() for heading in headings]
        for heading in headings:
            following = [each.text_content() for each in heading.itersiblings()]
            assert "".join(following).strip(), (name, heading.text_content())
        for part in main.xpath(".//p | .//li | .//td"):
            assert not re.search(r"\bnan\b|<NA>|None|\{\{|\ue000", part.text_content()), name


def test_both_languages_show_the_same(briefs: Briefs):
    def shape(name: str, language: str) -> list[str]:
        main = briefs.page(name, language).get_element_by_id("main")
        return [each.get("id") for each in main.xpath(".//*[self::h2 or self::div][@id]")]

    for name in briefs.jobs:
        assert shape(name, "en") == shape(name, "fr"), name


@pytest.mark.parametrize("language", EDITIONS)
def test_every_link_within_and_between_briefs_leads_somewhere(briefs: Briefs, language: str):
    index = "index.html" if language == "en" else "index-fr.html"
    pages = {path: lxml.html.parse(path).getroot() for path in briefs.folder.glob("*.html")}
    for path, page in pages.items():
        ids = set(page.xpath("//@id"))
        for target in page.xpath("//a/@href"):
            if target.startswith("#"):
                assert target[1:] in ids, (path.name, target)
            elif "://" not in target and not target.startswith("data:"):
                assert (path.parent / target).is_file(), (path.name, target)
    listed = pages[briefs.folder / index].xpath("//main//li//h3/a/@href")
    assert set(listed) == {f"{job.stem(language)}.html" for job in briefs.jobs.values()}


def test_pages_ask_the_network_for_nothing_and_run_no_script(briefs: Briefs):
    for name in briefs.jobs:
        page = briefs.page(name, "en")
        assert page.xpath("//script | //link | //img | //iframe") == [], name


def test_figures_of_briefs_are_no_figures_of_the_report(briefs: Briefs):
    published = briefs.run.workspace.published("en")
    assert [path.name for path in published.glob("8*")] == []
    lineage = json.loads((briefs.run.workspace.shared / "lineage.json").read_text("utf-8"))
    assert not {"80_mineral_brief", "81_partner_brief"} & set(lineage["notebooks"])


def test_nothing_runs_where_nothing_changed(briefs: Briefs):
    outcome = briefs.again(*briefs.jobs)
    assert (outcome.done, outcome.errors) == ([], {})
    assert len(outcome.current) == len(briefs.jobs)


def test_what_is_made_in_one_language_alone_is_listed_there_alone(briefs: Briefs):
    english = replace(briefs.jobs["tin"], documents={"en": briefs.jobs["tin"].documents["en"]})
    assert make_briefs(briefs.run, [english], silent(), force=True).errors == {}
    assert not briefs.path("tin", "fr", "html").exists()
    for index, listed in (("index.html", True), ("index-fr.html", False)):
        links = lxml.html.parse(briefs.folder / index).xpath("//main//li//h3/a/@href")
        assert any("tin" in link for link in links) is listed
        assert all((briefs.folder / link).is_file() for link in links)
    assert briefs.again("tin").done == ["briefs/tin"]


def test_only_what_is_missing_or_changed_is_made_again(briefs: Briefs):
    before = {path: path.read_bytes() for path in briefs.folder.glob("*-copper.*")}
    briefs.path("copper", "fr", "pdf").unlink()
    outcome = briefs.again("copper", "tin", "us")
    assert outcome.done == ["briefs/copper"]
    assert {path: path.read_bytes() for path in before} == before


def test_a_brief_that_fails_is_named_and_holds_up_no_other(briefs: Briefs):
    good = briefs.path("tin", "en", "html").read_bytes()
    wrong = replace(briefs.jobs["zinc"], own={"mineral": "unobtainium"})
    jobs = [wrong, briefs.jobs["tin"]]
    outcome = make_briefs(briefs.run, jobs, silent(), force=True)
    assert outcome.done == ["briefs/tin"]
    assert list(outcome.errors) == ["briefs/zinc"]
    told = str(outcome.errors["briefs/zinc"])
    assert "80_mineral_brief.ipynb, cell" in told
    assert "unobtainium" in told
    assert briefs.path("tin", "en", "html").read_bytes() == good
    assert briefs.path("zinc", "en", "html").is_file(), "the last good one stays"
    assert briefs.again("zinc").done == ["briefs/zinc"]


def test_the_example_of_a_grid_can_be_made(briefs: Briefs):
    workspace = briefs.run.workspace
    example = workspace.reports / "briefs" / "briefs.yml"
    jobs = requested_briefs(workspace, briefs.run.parameters, grid=example)
    assert len(jobs) == 6
    outcome = make_briefs(briefs.run, jobs[-1:], silent())
    assert outcome.errors == {}
    assert (briefs.folder / "fiche-partenaire-eu.pdf").is_file()


@pytest.mark.browser
@pytest.mark.parametrize("name", [*SAMPLE, "index"])
@pytest.mark.parametrize("language", EDITIONS)
def test_everyone_can_read_them(briefs: Briefs, browser, name: str, language: str):
    index = briefs.folder / ("index.html" if language == "en" else "index-fr.html")
    path = index if name == "index" else briefs.path(name, language, "html")
    browser.get(path.as_uri())
    browser.execute_script(AXE)
    page = Page(browser, language, scripts=True)
    for width in (1280, 320):
        with page.seen(width):
            assert page.violations({}, STRUCTURE) == []
            assert page.ask(WIDER) == []
    for scheme in ("light", "dark"):
        with page.seen(prefers_color_scheme=scheme):
            assert page.violations({"exclude": [".chart svg"]}, {"runOnly": LOOKS}) == []


@pytest.mark.browser
def test_the_search_finds_names_symbols_and_letters_without_accents(briefs: Briefs, browser):
    browser.get_log("browser")  # reading empties it
    browser.get((briefs.folder / "index-fr.html").as_uri())
    assert browser.get_log("browser") == []  # no script of the page has failed
    ask = """
      const input = document.querySelector("input");
      input.value = arguments[0];
      input.dispatchEvent(new Event("input"));
      const found = [...document.querySelectorAll(".briefs li:not([hidden]) h3 a")];
      return [found.map((link) => link.textContent),
              document.querySelector("output").value,
              [...document.querySelectorAll("main section:not([hidden])")].length];
    """
    assert browser.execute_script(ask, "ETAIN") == [["Étain"], "1\xa0fiche affichée", 1]
    assert browser.execute_script(ask, "nb")[0] == ["Niobium"]
    everything, told, sections = browser.execute_script(ask, "")
    assert len(everything) == len(briefs.jobs)
    assert told == f"{len(briefs.jobs)}\xa0fiches affichées"
    assert sections == 3
