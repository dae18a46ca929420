"""The charts of both documents in the browser: on a phone, by keyboard, by pointer, in the dark."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from .conftest import CHARTED, DOCUMENTS, Project

pytestmark = pytest.mark.browser

READY = "return document.documentElement.dataset.charts === 'ready'"
# Of each chart: how far it reaches beyond its place, by how much it is shrunk, its smallest
# letters, and texts that stand outside of it or run into each other.
ON_A_PHONE = """
return [...document.querySelectorAll('.chart')].map((chart) => {
  const svg = chart.querySelector('svg.marks'), frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter((each) => each.textContent.trim())
    .map((each) => ({
      words: each.textContent, box: each.getBoundingClientRect(), style: getComputedStyle(each),
    }))
    .filter(({ box, style }) => box.width && Number(style.opacity));
  const across = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const along = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return {
    name: chart.id,
    beyond: chart.scrollWidth - chart.clientWidth,
    shrunk: frame.width / svg.viewBox.baseVal.width,
    smallest: Math.min(...texts.map(({ style }) => parseFloat(style.fontSize))),
    cut: texts.filter(({ words, box }) => words.includes('…') || box.left < frame.left - 1
      || box.right > frame.right + 1).map(({ words }) => words),
    crowded: texts.flatMap((a, at) => texts.slice(at + 1)
      .filter((b) => across(a.box, b.box) > 3 && along(a.box, b.box) > 5)
      .map((b) => `${a.words} / ${b.words}`)),
  };
});
"""
TOLD = """
const tip = document.querySelector('.chart-tip');
return {
  heard: document.querySelector('.visually-hidden[aria-live]').textContent,
  seen: tip.hidden ? '' : tip.textContent,
  marked: [...document.querySelectorAll('.chart-mark')].filter((each) => !each.hidden).length,
};
"""


@pytest.fixture(scope="module", params=CHARTED, ids="-".join)
def page(request, project: Project, browser: webdriver.Chrome) -> webdriver.Chrome:
    """A page of a document with every chart made interactive."""
    language, name = request.param
    opened(browser, project, language, name)
    return browser


def opened(browser: webdriver.Chrome, project: Project, language: str, name: str) -> None:
    browser.get("about:blank")
    browser.get(project.output("html", language).with_name(name).as_uri() + "#charts=all")
    WebDriverWait(browser, 120).until(lambda b: b.execute_script(READY))


@contextmanager
def screen(browser: webdriver.Chrome, width: int, **media: str) -> Iterator[None]:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    wanted = [{"name": name.replace("_", "-"), "value": to} for name, to in media.items()]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def charts(page: webdriver.Chrome) -> list[Any]:
    found = page.find_elements("css selector", ".chart")
    assert found
    return found


def test_on_a_phone_every_chart_has_a_form_that_fits_and_can_be_read(project: Project, browser):
    with screen(browser, 390):
        for language, name in CHARTED:
            opened(browser, project, language, name)
            told = browser.execute_script(ON_A_PHONE)
            assert told
            assert [each["name"] for each in told if each["beyond"] > 0] == []
            assert [each["name"] for each in told if each["shrunk"] < 0.98] == []
            assert [each["name"] for each in told if each["smallest"] < 10] == []
            assert {each["name"]: each["cut"] for each in told if each["cut"]} == {}
            assert {each["name"]: each["crowded"] for each in told if each["crowded"]} == {}


def test_without_scripts_a_phone_gets_that_form_too(project: Project, browser, tmp_path):
    text = project.output("html", "fr").read_text("utf-8")
    bare = tmp_path / "bare.html"
    bare.write_text(re.sub(r"<script[^>]*>.*?</script>", "", text, flags=re.DOTALL), "utf-8")
    shown = (
        "return [...document.querySelectorAll('.chart')].map((chart) => "
        "[...chart.querySelectorAll('svg')].filter((each) => each.getBoundingClientRect().width)"
        ".map((each) => each.getBoundingClientRect().width))"
    )
    for width, least, most in ((390, 300, 350), (1280, 400, 900)):
        with screen(browser, width):
            browser.get(bare.as_uri())
            widths = browser.execute_script(shown)
            assert all(len(each) == 1 and least < each[0] <= most for each in widths), widths


def test_a_window_made_narrow_changes_the_form(project: Project, browser):
    wide = "return document.querySelector('#chart-fig-envelopes svg.marks').viewBox.baseVal.width"
    opened(browser, project, "en", f"{DOCUMENTS['en']}.html")
    assert browser.execute_script(wide) > 600
    with screen(browser, 390):
        WebDriverWait(browser, 30).until(lambda b: b.execute_script(wide) < 360)
    WebDriverWait(browser, 30).until(lambda b: b.execute_script(wide) > 600)


def test_arrows_move_through_every_chart_and_escape_leaves(page: webdriver.Chrome):
    for chart in charts(page):
        name = chart.get_attribute("id")
        page.execute_script("arguments[0].focus()", chart)
        heard: list[str] = []
        for key in (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.END, Keys.HOME):
            chart.send_keys(key)
            told = page.execute_script(TOLD)
            assert told["seen"], name
            assert told["marked"] == 1, name
            heard.append(told["heard"])
        first, second, back, last, home = heard
        assert first == back == home != second, name
        assert re.search(r"\(1/(\d+)\)$", first)[1] == re.search(r"\((\d+)/\1\)$", last)[1], name
        chart.send_keys(Keys.ESCAPE)
        assert page.execute_script(TOLD) == {"heard": "", "seen": "", "marked": 0}, name
        assert page.execute_script("return document.activeElement === arguments[0]", chart), name


def test_a_chart_says_that_it_is_one_and_how_it_is_read(page: webdriver.Chrome):
    for chart in charts(page):
        assert chart.get_attribute("role") == "application"
        assert chart.get_attribute("aria-label")
        description = chart.get_attribute("aria-description")
        assert len(description) > 150
        assert re.search("Arrow keys|touches fléchées", description)


def test_what_a_pointer_shows_can_be_reached_and_dismissed(page: webdriver.Chrome):
    assert any(pointed_at(page, charts(page)[0], mark) for mark in range(10))
    tip = page.find_element("css selector", ".chart-tip")
    ActionChains(page).move_to_element(tip).pause(0.6).perform()
    assert page.execute_script(TOLD)["seen"], "it stays while it is pointed at"
    ActionChains(page).send_keys(Keys.ESCAPE).perform()
    assert not page.execute_script(TOLD)["seen"]


def pointed_at(page: webdriver.Chrome, chart: Any, mark: int) -> str:
    """What is shown near the middle of the ring about a mark, where there may be a gap."""
    page.execute_script("arguments[0].focus()", chart)
    chart.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * mark)
    ring = chart.find_element("css selector", ".chart-mark")
    ActionChains(page).move_to_element(ring).perform()
    chart.send_keys(Keys.ESCAPE)  # what the keys have shown
    for right, down in ((1, 0), (3, 3), (3, 3)):
        ActionChains(page).move_by_offset(right, down).pause(0.2).perform()
        if seen := page.execute_script(TOLD)["seen"]:
            return seen
    return ""


def test_in_the_dark_no_chart_is_a_white_panel(page: webdriver.Chrome):
    grounds = (
        "const ground = (each) => getComputedStyle(each).backgroundColor;"
        "return [ground(document.body), ...[...document.querySelectorAll('.chart')].map(ground)]"
    )
    with screen(page, 1280, prefers_color_scheme="dark"):
        body, *rest = page.execute_script(grounds)
    assert {*rest} == {body} != {"rgb(255, 255, 255)"}


@pytest.mark.parametrize("name", ["progress-update.html", "annex-trade.html"])
def test_a_page_runs_its_own_scripts_and_evaluates_nothing(project: Project, name: str, browser):
    text = project.output("html").with_name(name).read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"script-src[^;]*unsafe-inline|https?:", policy)
    opened(browser, project, "en", name)
    browser.execute_script(
        "const own = document.createElement('script');"
        "own.textContent = 'window.strange = 1'; document.head.append(own)"
    )
    assert browser.execute_script("return window.strange") is None


def test_the_update_is_light_enough_to_send(project: Project):
    for language in ("en", "fr"):
        assert project.output("html", language).stat().st_size <= 2_000_000
