"""The page in a browser: charts come alive, nothing is asked of the network, nothing is cut."""

from __future__ import annotations

import json

import pytest
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, rendered):
    browser.get("about:blank")
    browser.get(f"{rendered['html'].as_uri()}#charts=all")
    WebDriverWait(browser, 30).until(
        lambda driver: driver.execute_script("return document.documentElement.dataset.charts")
    )
    return browser


def test_charts_come_alive_with_their_description(page):
    told = page.execute_script(
        "const svg = document.querySelector('.chart-live svg.marks');"
        "return [svg.getAttribute('role'), svg.getAttribute('aria-label'),"
        " document.querySelectorAll('.chart > svg, [data-failed]').length]"
    )
    assert told == ["img", "Most of the fund is promised. Bar chart of two programmes.", 0]


def test_nothing_is_asked_of_the_network_and_nothing_is_complained_about(page):
    events = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = {
        event["params"]["request"]["url"].partition(":")[0]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    }
    assert asked <= {"file", "data", "about"}
    assert page.get_log("browser") == []


@pytest.mark.parametrize("width", [320, 768, 1280, 1920])
def test_nothing_runs_out_of_the_page(page, width):
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_chart_that_fails_stays_as_drawn(browser, rendered, tmp_path):
    broken = tmp_path / "broken.html"
    text = rendered["html"].read_text("utf-8")
    broken.write_text(text.replace('"mark":"bar"', '"mark":"nonsense"'), "utf-8")
    browser.get(f"{broken.as_uri()}#charts=all")
    WebDriverWait(browser, 30).until(
        lambda driver: driver.execute_script("return document.documentElement.dataset.charts")
    )
    assert browser.execute_script("return document.querySelectorAll('.chart > svg').length") == 1
