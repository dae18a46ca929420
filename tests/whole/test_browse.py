"""The browser of figures, from disk: search, filter, sort, follow a figure, take it along."""

import csv
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from .conftest import Project
from .test_accessibility import AXE, LOOKS, RULES, VIOLATIONS

pytestmark = pytest.mark.browser

PAGES = {"en": "browse.html", "fr": "parcourir.html"}
MOST = 1_000_000
ROWS = """
return [...document.querySelectorAll("#figures tbody tr")]
  .map((row) => [...row.cells].map((cell) => cell.textContent));
"""
HEADS = "return [...document.querySelectorAll('#figures thead th')].map((each) => each.textContent)"
CHOOSE = """
const [id, text] = arguments, select = document.getElementById(id);
select.value = [...select.options].find((option) => option.textContent === text).value;
select.dispatchEvent(new Event("change"));
"""
TAKEN = """
const done = arguments[0];
URL.createObjectURL = (blob) => { blob.text().then(done); return "#"; };
document.getElementById("take").click();
"""
PALETTES = ("light", "dark")


class Opened:
    """The page of a language in a browser, from disk."""

    def __init__(self, browser: webdriver.Chrome, project: Project, language: str) -> None:
        self.browser, self.language = browser, language
        self.path = project.output("html").with_name(PAGES[language])
        self.load()

    def load(self, asked: str = "") -> None:
        self.browser.get("about:blank")
        self.browser.get(f"{self.path.as_uri()}{asked}")
        self.until(self.rows)

    def until(self, holds: Callable[[], Any]) -> None:
        WebDriverWait(self.browser, 30, 0.05).until(lambda _: holds())

    def rows(self) -> list[list[str]]:
        return self.browser.execute_script(ROWS)

    def search(self, words: str) -> None:
        box = self.browser.find_element(By.ID, "words")
        box.clear()
        box.send_keys(words)
        self.until(lambda: ("q=" in self.browser.current_url) == bool(words))

    def choose(self, name: str, text: str) -> None:
        self.browser.execute_script(CHOOSE, name, text)

    def card(self, place: int = 0) -> str:
        self.browser.find_elements(By.CSS_SELECTOR, "#figures tbody button")[place].click()
        return self.browser.find_element(By.ID, "card").text

    def violations(self, **options: Any) -> list[str]:
        self.browser.execute_script(AXE)
        return self.browser.execute_async_script(VIOLATIONS, None, options)


@pytest.fixture
def english(browser: webdriver.Chrome, project: Project) -> Opened:
    return Opened(browser, project, "en")


def test_it_is_light_and_asks_the_network_for_nothing(english: Opened, project: Project):
    for name in PAGES.values():
        page = project.output("html").with_name(name).read_text("utf-8")
        assert len(page.encode()) < MOST
        assert "default-src 'none'" in html.unescape(page)
    log = [json.loads(each["message"]) for each in english.browser.get_log("performance")]
    asked = [
        each["message"]["params"]["request"]["url"]
        for each in log
        if each["message"]["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if url.startswith("http")] == []
    errors = [each for each in english.browser.get_log("browser") if each["level"] == "SEVERE"]
    assert errors == []


def test_it_holds_every_value_row_and_source(english: Opened, project: Project):
    lineage = json.loads((project.root / "reports/_generated/lineage.json").read_text("utf-8"))
    tables = [p for p in (project.root / "data/processed").glob("*.csv") if p.stem != "sources"]
    rows = sum(len(read(path)) for path in tables)
    every = len(lineage["published"]["values"]) + len(lineage["sources"]) + rows
    said = english.browser.find_element(By.ID, "count").text
    assert int(re.sub(r"\D", "", said)) == every


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [*csv.DictReader(lines)]


def test_a_search_finds_whatever_the_accents_and_narrows(english: Opened):
    english.search("QUEBEC lithium")
    found = english.rows()
    assert found
    english.search("no such figure")
    english.until(lambda: not english.rows())
    assert english.browser.find_element(By.ID, "count").text == "0 found"


def test_a_table_has_all_its_columns_and_is_filtered_and_sorted(english: Opened):
    english.choose("group", "Reserves")
    english.choose("facet", "Cobalt")
    heads, found = english.browser.execute_script(HEADS), english.rows()
    assert {"Mineral", "Country"} <= {*heads}
    assert {row[heads.index("Mineral")] for row in found} == {"Cobalt"}
    at = next(n for n, head in enumerate(heads) if "(t)" in head)
    button = f"#figures thead th:nth-child({at + 1}) button"
    for way in ("ascending", "descending"):
        english.browser.find_element(By.CSS_SELECTOR, button).click()
        head = english.browser.find_element(By.CSS_SELECTOR, f"#figures th:nth-child({at + 1})")
        assert head.get_attribute("aria-sort") == way
        numbers = [
            float(row[at].replace(",", ""))
            for row in english.rows()
            if re.match(r"[\d,.]+$", row[at])
        ]
        assert len(numbers) > 3
        assert numbers == sorted(numbers, reverse=way == "descending")


def test_a_figure_leads_to_its_rows_its_file_and_its_document(english: Opened, project: Project):
    english.load("#group=values&q=cmif_projects")
    card = english.card()
    lineage = json.loads((project.root / "reports/_generated/lineage.json").read_text("utf-8"))
    name = english.rows()[0][-1]
    value = lineage["published"]["values"][name]
    assert value["text"]["en"] in card
    file, _, row = value["origins"][0].rpartition(":")
    assert f"{file}, row {row}" in card
    source = lineage["sources"][lineage["rows"][value["origins"][0]]["source_id"]]
    link = english.browser.find_element(By.LINK_TEXT, source["title"])
    assert link.get_attribute("href") == source["url"]
    leads = english.browser.find_elements(By.CSS_SELECTOR, "#card dd a")
    hrefs = [each.get_attribute("href").partition("#")[0] for each in leads]
    folder = english.path.parent.as_uri()
    assert all((english.path.parent / href.removeprefix(f"{folder}/")).is_file() for href in hrefs)


def test_a_history_tells_vintages_and_releases_with_the_reason(english: Opened):
    english.load("#group=values&told=changed")
    card = english.card()
    assert "the release 2025-12" in card
    assert re.search(r"revision|new row|new source|correction|method|row removed", card)
    english.load("#group=world_production&told=states&q=cobalt")
    stated = english.browser.find_elements(By.CSS_SELECTOR, "#figures tbody button")
    assert len(stated) > 5
    card = english.card()
    releases = {
        *re.findall(r"Mineral Commodity Summaries (20\d\d)", card.rpartition("Raw rows")[0])
    }
    assert len(releases) > 1


def test_what_was_found_can_be_taken_along(english: Opened):
    english.load("#group=reserves&q=cobalt")
    taken = english.browser.execute_async_script(TAKEN)
    rows = [*csv.reader(taken.removeprefix("\ufeff").splitlines())]
    assert rows[0] == english.browser.execute_script(HEADS)
    assert rows[1:][:50] == english.rows()


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_everyone_can_use_it(
    browser: webdriver.Chrome, project: Project, language: str, width: int
):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page = Opened(browser, project, language)
        page.load("#group=values&told=changed")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        assert page.violations(runOnly=RULES, rules={n: {"enabled": False} for n in LOOKS}) == []
        button = browser.find_element(By.CSS_SELECTOR, "#figures tbody button")
        browser.execute_script("arguments[0].focus()", button)
        button.send_keys("\n")
        assert browser.execute_script("return document.getElementById('card').open")
        assert page.violations(runOnly=RULES, rules={n: {"enabled": False} for n in LOOKS}) == []
        for palette in PALETTES:
            media = {"features": [{"name": "prefers-color-scheme", "value": palette}]}
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
            assert page.violations(runOnly={"type": "rule", "values": LOOKS}) == []
        browser.switch_to.active_element.send_keys("\ue00c")  # Escape
        assert browser.execute_script("return document.activeElement === arguments[0]", button)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_it_is_found_from_the_annex_and_by_the_command(project: Project):
    for language, name in PAGES.items():
        assert f'href="{name}"' in project.annex("html", language).read_text("utf-8")
        told = project.run("browse", "--language", language, "--name")
        assert told.stdout.strip() == f"reports/_output/{name}"
