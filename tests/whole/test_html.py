import json
import re
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from .conftest import DOCUMENTS, Project

pytestmark = pytest.mark.browser

ALL_DRAWN = "return document.documentElement.dataset.charts === 'ready'"


@pytest.fixture(scope="module")
def page(project: Project, browser):
    """The report with every chart made interactive."""
    browser.get_log("performance")
    browser.get(project.output("html").as_uri() + "#charts=all")
    WebDriverWait(browser, 120).until(lambda b: b.execute_script(ALL_DRAWN))
    return browser


def test_nothing_is_said_on_the_console(page):
    assert [entry["message"] for entry in page.get_log("browser")] == []


def test_every_chart_is_drawn_and_interactive(page):
    charts = page.find_elements(By.CSS_SELECTOR, ".chart")
    assert len(charts) >= 8
    assert page.find_elements(By.CSS_SELECTOR, "[data-failed]") == []
    for chart in charts:
        drawings = chart.find_elements(By.CSS_SELECTOR, ".vega-embed svg.marks")
        assert len(drawings) == 1, chart.get_attribute("id")
        assert drawings[0].find_elements(By.CSS_SELECTOR, "path, rect, text, circle")


def test_no_request_leaves_the_page(page):
    sent = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    addresses = [
        message["params"]["request"]["url"]
        for message in sent
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert [a[:80] for a in addresses if not a.startswith(("file:", "data:", "blob:"))] == []


def test_the_page_is_as_wide_as_the_screen(page):
    for width in (1280, 320):
        page.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_figure_has_its_data_and_a_download(page):
    figures = page.find_elements(By.CSS_SELECTOR, ".chart")
    tables = page.find_elements(By.CSS_SELECTOR, "details.data table")
    downloads = page.find_elements(By.CSS_SELECTOR, "details.data a[download$='.csv']")
    assert len(tables) == len(downloads) == len(figures)


def test_links_within_the_page_lead_somewhere(page):
    missing = page.execute_script(
        "return [...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash.slice(1))"
        ".filter(id => id && !document.getElementById(decodeURIComponent(id)))"
    )
    assert missing == []


def test_ids_are_unique(page):
    repeated = page.execute_script(
        "const seen = new Set(), twice = [];"
        "for (const e of document.querySelectorAll('[id]'))"
        " { if (seen.has(e.id)) twice.push(e.id); seen.add(e.id); } return twice;"
    )
    assert repeated == []


def test_one_file_holds_everything(project: Project):
    text = project.output("html").read_text("utf-8")
    markup = re.sub(r"<script[^>]*>.*?</script>", "", text, flags=re.DOTALL)
    outside = re.findall(r'(?:src|href)="(?!#|data:|https?://)([^"]+)"', markup)
    beside = {link.partition("/")[0] for link in outside}
    pages = {f"{DOCUMENTS['fr']}.html", *(path.name for path in project.annex_pages())}
    assert {link.partition("#")[0] for link in beside} - {"data", "notebooks"} <= pages
    assert not re.search(r'<(?:script|img)[^>]+src="http', text)
    assert not re.search(r'<link[^>]+href="http', text)


def test_without_scripts_the_drawn_charts_stand_there(project: Project, browser, tmp_path: Path):
    text = project.output("html").read_text("utf-8")
    bare = tmp_path / "bare.html"
    bare.write_text(re.sub(r"<script(?![^>]*json)[^>]*>.*?</script>", "", text, flags=re.DOTALL))
    browser.get(bare.as_uri())
    heights = browser.execute_script(
        "return [...document.querySelectorAll('.chart > svg')]"
        ".map(s => s.getBoundingClientRect().height)"
    )
    assert len(heights) >= 8
    assert min(heights) > 50
