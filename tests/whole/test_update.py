"""The update is short: pages, words and figures, and nothing on them that belongs to the annex."""

import re

import lxml.html
import pypdf
import pytest
from selenium.webdriver.common.by import By

from .conftest import EDITIONS, FOOT, TOP, Project, printed

PAGES = range(12, 17)
WORDS, FIGURES = 5_000, 9
EMPTY = 1 / 3
"""The most of a page's text area that may be empty where no chapter ends."""
HEIGHTS = {1280: 20_000, 390: 45_000}
"""The longest that its page may be, in pixels, on a screen and on a phone."""
COPIED = """
const line = arguments[0], range = document.createRange();
range.selectNodeContents(line);
getSelection().removeAllRanges();
getSelection().addRange(range);
return getSelection().toString();
"""


@pytest.fixture(params=EDITIONS)
def language(request) -> str:
    return request.param


def test_it_is_short_in_print(project: Project, language: str):
    assert len(pypdf.PdfReader(project.output("pdf", language)).pages) in PAGES


def test_it_has_few_words_and_figures(project: Project, language: str):
    page = lxml.html.parse(project.output("html", language)).getroot()
    main = page.get_element_by_id("main")
    assert len(main.find_class("chart")) <= FIGURES
    away = ".//script | .//*[local-name()='svg'] | .//details | .//*[@hidden]"
    for each in main.xpath(away):
        each.drop_tree()
    assert len(re.findall(r"\w[\w’'-]*", main.text_content())) <= WORDS


@pytest.mark.parametrize("document", ["output", "annex"])
def test_no_page_is_left_empty_unless_it_ends_a_chapter(
    project: Project, language: str, document: str
):
    path = getattr(project, document)("pdf", language)
    reader = pypdf.PdfReader(path)
    opened = {
        reader.get_destination_page_number(each)
        for each in reader.outline
        if not isinstance(each, list) and float(each.top) > TOP - 40
    }
    pages = [*enumerate(printed(path))]
    lowest = {place: min(y for y, _ in page.lines) for place, page in pages[2:-1]}
    empty = {place: (y - FOOT) / (TOP - FOOT) for place, y in lowest.items()}
    assert {p: part for p, part in empty.items() if part > EMPTY and p + 1 not in opened} == {}


def test_no_table_is_cut_by_a_figure(project: Project, language: str):
    heads = {
        f"{first} {second.split()[0]}"
        for table in project.whole_annex(language).iter("table")
        for first, second, *_ in [[cell.text_content().strip() for cell in table.iter("th")]]
    }
    cut: list[tuple[int, str]] = []
    for number, page in enumerate(printed(project.annex("pdf", language)), 1):
        figure = ""
        for _, text in sorted(page.lines, reverse=True):
            if caption := re.match(r"(Figure|Table|Tableau)\s\d+ ?\.", text):
                figure = text if caption[1] == "Figure" else ""
            elif figure and any(text.startswith(head) for head in heads):
                cut.append((number, figure))
    assert cut == []


def test_no_figure_stands_above_the_heading_that_introduces_it(project: Project, language: str):
    reader = pypdf.PdfReader(project.output("pdf", language))
    headings = [
        (reader.get_destination_page_number(each), -float(each.top), str(each.title))
        for each in flat(reader.outline)
    ]
    titles = [" ".join(title.split()) for *_, title in headings]
    captions = {
        int(found[1]): (place, -y)
        for place, page in enumerate(printed(project.output("pdf", language)))
        for y, text in page.lines
        if (found := re.match(r"Figure\s(\d+) ?\.", text))
    }
    text = project.document(language).read_text("utf-8")
    number = 0
    sections = re.compile(r"^#+ (.+?) \{#sec-[^\n]*\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
    for title, section in sections.findall(text):
        for _ in re.findall(r"include _generated/\w+/fig-", section):
            number += 1
            at = next(
                place
                for place, known in enumerate(titles)
                if known.replace("'", "’").endswith(title)
            )
            assert headings[at][:2] < captions[number], (number, title)
    assert number == len(captions)


def flat(outline: list) -> list:
    """The headings of all levels, in their order."""
    return [one for each in outline for one in (flat(each) if isinstance(each, list) else [each])]


@pytest.mark.parametrize("document", ["output", "annex"])
def test_every_reference_in_the_prose_is_a_named_link(
    project: Project, language: str, document: str
):
    path = getattr(project, document)("html", language)
    text = (project.root / "reports" / f"{path.stem}.qmd").read_text("utf-8")
    wanted = re.findall(r"(?<![\w/])@((?:fig|tbl|sec)-[\w-]+)", text)
    update = lxml.html.parse(project.output("html", language)).getroot()
    page = project.whole_annex(language) if document == "annex" else update
    links = {
        link.get("href"): link.text_content()
        for link in page.xpath(
            "//main//p//a[@class='quarto-xref'] | //main//li//a[@class='quarto-xref']"
        )
    }
    assert {f"#{name}" for name in wanted} <= links.keys()
    assert all(re.match(r"[A-Za-z]+\s\d", links[f"#{name}"]) for name in wanted)


def test_its_summary_is_about_the_world_not_about_this_report(project: Project, language: str):
    text = project.document(language).read_text("utf-8")
    (summary,) = re.findall(r"\{\.key-points\}\n(.*?)\n::::", text, re.DOTALL)
    assert not re.findall(r"v\.(?:claims|changes|count)_", summary)


@pytest.mark.browser
@pytest.mark.parametrize("width", HEIGHTS)
def test_it_is_short_on_a_screen(project: Project, browser, language: str, width: int):
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get("about:blank")
    browser.get(project.output("html", language).as_uri())
    height = browser.execute_script("return document.documentElement.scrollHeight")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert height <= HEIGHTS[width]


@pytest.mark.browser
def test_what_is_copied_is_the_sentence_and_nothing_else(project: Project, browser, language: str):
    """Ten paragraphs and items with marked numbers: no sign, no hidden word, no note's number."""
    browser.get(project.output("html", language).as_uri())
    marked = browser.find_elements(
        By.CSS_SELECTOR, "main li:has(a.value[title]), main p:has(a.value[title])"
    )
    values = {name: entry["text"] for name, entry in project.values(language).items()}
    text = project.document(language).read_text("utf-8")
    lines = [line for line in text.split("\n") if "v." in line and not line.startswith("[")]
    typed = {plain(line, values) for line in lines}
    copied = [browser.execute_script(COPIED, each).strip() for each in marked]
    copied = [each for each in copied if each and "@" not in each]
    same = [each for each in copied if plain(each, {}) in typed]
    assert len(same) >= 10, (copied[:5], sorted(typed)[:5])


def plain(line: str, values: dict[str, str]) -> str:
    """A line of a document as a person would type it."""
    line = re.sub(r"\{\{< meta v\.([\w-]+) >\}\}", lambda found: values.get(found[1], "?"), line)
    line = re.sub(r"\[([^\]]*)\]\([^)]*\)|\[([^\]]*)\]\{[^}]*\}", r"\1\2", line)
    return re.sub(r"[ \s]+", " ", re.sub(r"^- |\*+", "", line)).strip()
