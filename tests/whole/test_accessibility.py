"""Everyone can read the pages: axe-core, keyboard, text alternatives, small and large screens."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import lxml.html
import pandas as pd
import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from .conftest import EDITIONS, Project

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")
"""axe-core 4.14.1 as its publisher gives it, under the licence beside it (MPL 2.0)."""
AXE_HASH = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ["color-contrast", "link-in-text-block"]
"""What changes with the colours; words in charts have a check of their own."""
STRUCTURE = {"runOnly": RULES, "rules": {name: {"enabled": False} for name in LOOKS}}
VIOLATIONS = """
const [context, options, done] = arguments;
axe.run(context ?? document, { ...options, resultTypes: ["violations"] }).then((told) => done(
  told.violations.flatMap((each) => each.nodes.map((node) =>
    `${each.id}: ${node.html.slice(0, 120)}: ${node.failureSummary.slice(0, 200)}`))));
"""
DRAWN = "return document.documentElement.dataset.charts === 'ready'"
SCRIPT = re.compile(r"<script[^>]*>.*?</script>", re.DOTALL)
TAB = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
ENTER = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
FROM_THE_TOP = """
scrollTo({ top: 0, behavior: "instant" });
document.body.tabIndex = -1;
document.body.focus();
"""
# Each thing that gets the focus, with what shows that it has it. Tab stops at the page's foot: a
# window's own buttons come next.
WATCH_FOCUS = """
window.walked = [];
document.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && document.activeElement.matches(".colophon a")) event.preventDefault();
});
document.addEventListener("focusin", ({ target }) => {
  const style = getComputedStyle(target), box = target.getBoundingClientRect();
  walked.push({
    name: target.id || target.outerHTML.slice(0, 100), chart: target.matches(".chart"),
    end: target.matches(".colophon a"),
    shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && box.width > 0 && box.height > 0,
  });
});
"""
WIDER = """
const wide = document.documentElement.clientWidth;
return document.documentElement.scrollWidth <= wide ? [] : [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > wide + 1
    && !each.closest(".chart, .table-scroll"))
  .map((each) => each.outerHTML.slice(0, 120));
"""
STYLED = "document.head.insertAdjacentHTML('beforeend', '<style id=larger>{}</style>')"
LARGE = STYLED.format(":root { font-size: 200% }")
SPACED = STYLED.format(
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"
)
"""As readers may set it: WCAG 2.1, criterion 1.4.12."""
# Contrast of every word of the charts with what is painted beneath it: axe looks at no marks.
FAINT = """
const rgba = (text) => {
  const found = text.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  return text === "none" ? [0, 0, 0, 0] : [found[0], found[1], found[2], found[3] ?? 1];
};
const opacity = (each) => {
  let product = 1;
  for (; each && each.matches("svg, svg *"); each = each.parentElement) {
    product *= Number(getComputedStyle(each).opacity);
  }
  return product;
};
// In the dark a filter turns the colours of drawings: invert(1) hue-rotate(180deg).
let dark = false;
const turned = (colour) => {
  if (!dark) return colour;
  const [r, g, b] = colour.map((c) => 255 - c);
  return [
    -0.574 * r + 1.43 * g + 0.144 * b,
    0.426 * r + 0.43 * g + 0.144 * b,
    0.426 * r + 1.43 * g - 0.856 * b,
  ].map((c) => Math.min(255, Math.max(0, c)));
};
const paint = (each) => {
  const style = getComputedStyle(each);
  const [r, g, b, a] = rgba(style.fill);
  return [...turned([r, g, b]), a * Number(style.fillOpacity) * opacity(each)];
};
const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => c * a + under[i] * (1 - a));
const light = (colour) => {
  const [r, g, b] = colour.map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const hit = document.createElement("style");
hit.textContent = ".chart svg * { pointer-events: auto !important; }";
document.head.append(hit);
const faint = [];
for (const chart of document.querySelectorAll(".chart")) {
  chart.scrollIntoView({ behavior: "instant", block: "start" });
  const ground = rgba(getComputedStyle(chart).backgroundColor).slice(0, 3);
  dark = getComputedStyle(chart.querySelector("svg")).filter !== "none";
  for (const text of chart.querySelectorAll("svg text")) {
    const box = text.getBoundingClientRect();
    const words = text.textContent.trim();
    if (!words || !box.width || opacity(text) === 0) continue;
    const style = getComputedStyle(text);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const beneath = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      .filter((each) => each.matches("svg path, svg rect, svg circle") && chart.contains(each))
      .map(paint).reverse().reduce((under, each) => over(each, under), ground);
    const ratio = contrast(over(paint(text), beneath), beneath);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${chart.id}: ${words} ${ratio.toFixed(2)}`);
  }
}
hit.remove();
return faint;
"""


@dataclass(frozen=True)
class Page:
    """A page in the browser: one edition, with its scripts or without any."""

    browser: webdriver.Chrome
    language: str
    scripts: bool

    def ask(self, script: str) -> Any:
        return self.browser.execute_script(script)

    def violations(self, context: dict[str, Any], options: dict[str, Any]) -> list[str]:
        """What axe finds in a part of the page, all of it where none is named."""
        return self.browser.execute_async_script(VIOLATIONS, context or None, options)

    def command(self, name: str, **options: Any) -> None:
        self.browser.execute_cdp_cmd(name, options)

    def press(self, key: dict[str, Any]) -> None:
        for kind in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, **key)

    @contextmanager
    def seen(self, width: int = 1280, height: int = 900, **media: str) -> Iterator[None]:
        """Look at the page on a screen of some size, by a reader with some preferences."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        wanted = [{"name": name.replace("_", "-"), "value": to} for name, to in media.items()]
        self.command("Emulation.setDeviceMetricsOverride", **size)
        self.command("Emulation.setEmulatedMedia", features=wanted)
        yield
        self.command("Emulation.setEmulatedMedia", features=[])
        self.command("Emulation.clearDeviceMetricsOverride")

    def walk(self) -> list[dict[str, Any]]:
        """Press Tab from the top of the page to its foot; return all that had the focus."""
        self.ask(FROM_THE_TOP + WATCH_FOCUS)
        for _ in range(80):
            for _ in range(25):
                self.press(TAB)
            if self.ask("return walked.some((each) => each.end)"):
                break
        return self.ask("return walked")


@pytest.fixture(
    scope="module",
    # Without scripts, editions differ in words alone: one of them is looked at.
    params=[("en", True), ("en", False), ("fr", True)],
    ids=["en-scripts", "en-bare", "fr-scripts"],
)
def page(request, project: Project, browser, tmp_path_factory) -> Page:
    language, scripts = request.param
    path = project.output("html", language)
    browser.get("about:blank")
    if scripts:
        browser.get(path.as_uri() + "#charts=all")
        WebDriverWait(browser, 120).until(lambda b: b.execute_script(DRAWN))
    else:
        bare = tmp_path_factory.mktemp("bare") / path.name
        bare.write_text(SCRIPT.sub("", path.read_text("utf-8")), "utf-8")
        browser.get(bare.as_uri())
    browser.execute_script(AXE)
    return Page(browser, language, scripts)


@pytest.fixture(scope="module", params=EDITIONS)
def still(request, project: Project) -> lxml.html.HtmlElement:
    """The page of the update as it is written, before any script."""
    return lxml.html.parse(project.output("html", request.param)).getroot()


@pytest.fixture(scope="module")
def annex(still: lxml.html.HtmlElement, project: Project) -> lxml.html.HtmlElement:
    """The annex of the same edition, which holds its glossary and list of sources."""
    return project.whole_annex(still.get("lang"))


def test_the_rules_are_those_that_were_published():
    assert hashlib.sha256(AXE.encode()).hexdigest() == AXE_HASH


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation(page: Page, width: int):
    with page.seen(width):
        assert page.violations({}, STRUCTURE) == []


# Editions differ in words alone: one is looked at in one light before each change.
@pytest.mark.parametrize(
    ("language", "scheme"),
    [
        ("en", "dark"),
        *(
            pytest.param(*each, marks=pytest.mark.long)
            for each in product(EDITIONS, ("light", "dark"))
            if each != ("en", "dark")
        ),
    ],
)
def test_axe_finds_no_violation_on_any_page_of_the_annex(
    project: Project, browser, language: str, scheme: str
):
    found: dict[str, list[str]] = {}
    for path in project.annex_pages(language):
        browser.get("about:blank")
        browser.get(path.as_uri())
        browser.execute_script(AXE)
        page = Page(browser, language, scripts=True)
        with page.seen(prefers_color_scheme=scheme):
            found[path.name] = page.violations({"exclude": [".chart svg"]}, {"runOnly": RULES})
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_faint_colour(page: Page, scheme: str):
    """Small screens differ in the cover alone: it stands on a plain ground there."""
    if page.language != "en":
        pytest.skip("editions differ in words alone")
    for width, context in ((1280, {"exclude": [".chart svg"]}), (320, {"include": [".cover"]})):
        with page.seen(width, prefers_color_scheme=scheme):
            assert page.violations(context, {"runOnly": LOOKS}) == []


def test_the_check_itself_finds_violations(page: Page):
    if page.language != "en" or not page.scripts:
        pytest.skip("one page is enough to see it")
    fault = "<img id=x src=><p id=y style='color: #999; background: #fff'>faint</p>"
    page.ask(f"document.querySelector('main').insertAdjacentHTML('beforeend', `{fault}`)")
    structure = page.violations({"include": ["#x"]}, STRUCTURE)
    looks = page.violations({"include": ["#y"]}, {"runOnly": LOOKS})
    page.ask("for (const id of ['x', 'y']) document.getElementById(id).remove()")
    assert any(each.startswith("image-alt") for each in structure)
    assert any(each.startswith("color-contrast") for each in looks)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_a_chart_stands_out_from_what_is_beneath_it(page: Page, scheme: str):
    with page.seen(height=2600, prefers_color_scheme=scheme):
        assert page.ask(FAINT) == []


def test_tab_reaches_every_chart_and_shows_where_it_is(page: Page):
    charts = page.ask("return document.querySelectorAll('.chart').length")
    with page.seen(prefers_reduced_motion="reduce"):
        walked = page.walk()
    assert walked[-1]["end"] or any(each["end"] for each in walked), "the foot was not reached"
    assert len({each["name"] for each in walked if each["chart"]}) == charts >= 8
    assert [each["name"] for each in walked if not each["shown"]] == []


def test_the_first_tab_offers_to_skip_to_the_content(page: Page):
    page.ask(FROM_THE_TOP)
    page.press(TAB)
    assert page.ask("return document.activeElement.matches('.skip-link')")
    assert page.ask("return document.activeElement.getBoundingClientRect().top >= 0")
    page.press(ENTER)
    assert page.ask("return document.activeElement.id") == "main"


def test_the_menu_of_a_chart_opens_by_keyboard(page: Page):
    if not page.scripts:
        pytest.skip("drawn charts have no menu")
    page.ask("document.querySelector('.vega-embed summary').focus()")
    page.press(ENTER)
    links = "return [...document.querySelectorAll('.vega-embed details[open] a')]"
    assert len(page.ask(f"{links}.map((link) => link.textContent)")) == 2
    page.press(TAB)
    assert page.ask(f"{links}.includes(document.activeElement)")
    page.ask("document.querySelector('.vega-embed details').open = false")


def test_a_live_chart_says_what_the_drawn_one_says(page: Page, project: Project):
    if not page.scripts:
        pytest.skip("nothing is drawn anew")
    written = lxml.html.parse(project.output("html", page.language)).getroot()
    said = page.ask(
        "return Object.fromEntries([...document.querySelectorAll('.chart')]"
        ".map((chart) => [chart.id, chart.querySelector('svg.marks').getAttribute('aria-label')]))"
    )
    for chart in written.find_class("chart"):
        title, description = told(chart)
        assert title in said[chart.get("id")]
        assert description in said[chart.get("id")]


@pytest.mark.parametrize("width", [1280, 640, 320], ids=["100%", "200%", "400%"])
def test_zoom_brings_no_scrolling_sideways(page: Page, width: int):
    with page.seen(width):
        assert page.ask(WIDER) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_larger_and_wider_set_text_fits(page: Page, width: int):
    with page.seen(width):
        page.ask(LARGE if width == 1280 else SPACED)
        wider = page.ask(WIDER)
        page.ask("document.getElementById('larger').remove()")
    assert wider == []


def test_nothing_moves_for_those_who_ask_for_stillness(page: Page):
    moving = (
        "return [...document.querySelectorAll('*')].filter((each) => {"
        " const s = getComputedStyle(each); return s.scrollBehavior === 'smooth'"
        " || [s.transitionDuration, s.animationDuration].some((t) => parseFloat(t) > 0.01); })"
        ".map((each) => each.outerHTML.slice(0, 80))"
    )
    with page.seen(prefers_reduced_motion="reduce"):
        assert page.ask(moving) == []


def test_in_high_contrast_the_focus_and_the_charts_are_still_seen(page: Page):
    with page.seen(forced_colors="active", prefers_contrast="more"):
        page.press(TAB)
        page.ask("document.querySelector('.chart').focus()")
        style = "getComputedStyle(document.querySelector('.chart'))"
        assert page.ask(f"return parseFloat({style}.outlineWidth)") >= 2
        assert page.ask(f"return {style}.backgroundColor") == "rgb(255, 255, 255)"


def told(chart: lxml.html.HtmlElement) -> tuple[str, str]:
    """The title and the description inside a drawing."""
    title, description = (
        chart.xpath(f"string(.//*[local-name()='{n}'])") for n in ("title", "desc")
    )
    return str(title), str(description)


def test_every_chart_says_in_sentences_what_it_shows(still: lxml.html.HtmlElement):
    charts = still.find_class("chart")
    assert len(charts) >= 8
    for chart in charts:
        title, description = told(chart)
        drawing = chart.xpath("./*[local-name()='svg']")[0]
        named = drawing.get("aria-labelledby").split()
        assert [e.get("id") for e in drawing[:2]] == named, chart.get("id")
        assert len(description) > 100, description
        assert description.endswith("."), description
        assert title not in description
        assert len(re.findall(r"\d+", description)) >= 2, description
        assert len(re.findall(r"[.;:] ", description)) >= 1, description


def test_the_data_stand_in_a_table_under_every_chart(still: lxml.html.HtmlElement):
    for chart in still.find_class("chart"):
        figure = chart.get("id").removeprefix("chart-")
        table = still.xpath(f"(//*[@id='{figure}']/following::details[@class='data'])[1]//table")[0]
        assert table.findtext("caption") == told(chart)[0]
        assert len(table.xpath(".//thead//th[@scope='col']")) >= 2
        rows = table.xpath("./tbody/tr")
        assert rows
        assert all(row.xpath("./th[@scope='row']") for row in rows)


def test_landmarks_and_language(still: lxml.html.HtmlElement):
    body = still.find("body")
    assert still.get("lang") in EDITIONS
    for landmark in ("header", "main", "footer", "nav"):
        assert len(body.xpath(f".//{landmark}")) == 1, landmark
    assert all(nav.get("aria-labelledby") for nav in body.iter("nav"))
    outside = body.xpath("./*[not(self::header or self::footer or self::script or self::style)]")
    assert [each.get("class") for each in outside] == ["skip-link", "page"]


def test_headings_leave_no_gap(still: lxml.html.HtmlElement):
    levels = [int(h.tag[1]) for h in still.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]+\b(?!\.)")
NAMES = {"BC", "CNW", "CIMT", "E3", "ETV", "MIT", "RO", "TTM"}
"""Companies, publishers, data sets and formats (RO-Crate) whose names are capitals."""


def in_prose(still: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """Paragraphs and list items of the text, without figures, tables and all notes."""
    away = "ancestor::figure or ancestor::details or ancestor::table"
    away += " or ancestor::*[@class='notes']"
    return still.xpath(f"//main//*[self::p or self::li][not({away})]")


def test_acronyms_are_explained_where_they_first_stand(still: lxml.html.HtmlElement):
    explained: set[str] = set()
    for block in in_prose(still):
        for each in block.iter("abbr"):
            assert len(each.get("title")) > len(each.text)
            explained.add(each.text)
        met = set(ACRONYM.findall(block.text_content()))
        assert met - explained - NAMES == set(), block.text_content()[:200]
    assert len(explained) >= 3


def test_every_acronym_of_the_report_stands_in_the_glossary(
    still: lxml.html.HtmlElement, annex: lxml.html.HtmlElement
):
    words = annex.xpath("//*[@id='tbl-glossary']//tbody/tr/*[2]//text()")
    known = {acronym for word in words for acronym in ACRONYM.findall(word)}
    # Formats of files to take along are named where they are offered.
    apart = "@class='source-line' or @class='notes' or @id='tbl-sources' or @class='downloads'"
    away = f"ancestor::script or ancestor::*[{apart}]"
    shown = [text for each in (still, annex) for text in each.xpath(f"//main//text()[not({away})]")]
    assert {word for text in shown for word in ACRONYM.findall(text)} - known - NAMES == set()


def test_abbreviations_mean_what_the_glossary_says(
    still: lxml.html.HtmlElement, annex: lxml.html.HtmlElement
):
    glossary = {
        row[1].text_content().strip(): row[0].text_content().strip().casefold()
        for row in annex.xpath("//*[@id='tbl-glossary']//tbody/tr")
    }
    for each in (*still.iter("abbr"), *annex.iter("abbr")):
        assert glossary[each.text] == each.get("title").casefold()


def test_titles_in_the_other_language_say_so(annex: lxml.html.HtmlElement):
    other = {"en": "fr", "fr": "en"}[annex.get("lang")]
    assert len(annex.xpath(f"//*[@id='tbl-sources']//*[@lang='{other}']")) >= 5


def test_the_glossary_holds_the_whole_canadian_list(annex: lxml.html.HtmlElement, project: Project):
    minerals = pd.read_csv(project.root / "data/raw/vocabulary/minerals.csv", dtype=str)
    lists = pd.read_csv(project.root / "data/raw/vocabulary/mineral_lists.csv", dtype=str)
    of_canada = lists[lists["list"] == "canada"]
    newest = of_canada.loc[of_canada["listed_from"] == of_canada["listed_from"].max(), "mineral"]
    names = minerals.loc[minerals["mineral"].isin(newest), f"name_{annex.get('lang')}"]
    terms = annex.xpath("//*[@id='tbl-glossary']//tbody/tr/*[1]/text()")
    assert len(names) == 34
    assert set(names) - set(terms) == set()
