"""Both editions say the same: structure, values, rows; and nothing stays in the other language."""

import re
from collections import Counter
from collections.abc import Callable

import lxml.html
import pandas as pd
import pytest
from selenium.webdriver.support.ui import WebDriverWait

from .conftest import ANNEXES, DOCUMENTS, EDITIONS, Project

Element = lxml.html.HtmlElement
NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?![.,]?\d|(?:er|re|e)\b)")
"""A number; an ordinal such as « 1re » is a word."""
# Within a number: spaces between thousands in French, commas in English.
THOUSANDS = {
    "en": re.compile(r"(?<=\d),(?=\d{3}(?!\d))"),
    "fr": re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3})"),
}
LETTERS = re.compile(r"[^\W\d_]{2,}")
"""What makes a text one that can be in a language."""
SAME_WORDS = {
    # Words that both languages write alike.
    *("Date", "Exploration", "exact", "Figure", "initiatives", "intentions", "Mine", "nations"),
    *("Production", "Programme", "Site", "Sources", "Symbole", "Volume"),
    # Words of the trade and units.
    *("Canada (%)", "Chromite", "Palladium", "Rutile", "Volume (m³)"),
}

# Where the figures name people, places and companies; a name with a French twin is no exception.
NAMES = {
    "vocabulary/minerals.csv": ("name_en",),
    "vocabulary/places.csv": ("name_en",),
    "vocabulary/programmes.csv": ("name_en",),
    "progress/mines.csv": ("name_en", "operator"),
    "progress/planned_projects.csv": ("name_en", "proponent"),
    "funding/awards.csv": ("recipient",),
    "criticism/statements.csv": ("claimant_en",),
    "sources.csv": ("publisher",),
}


@pytest.fixture(scope="module", params=["output", "annex"])
def pages(request, project: Project) -> dict[str, Element]:
    """The pages of one document in both languages."""
    if request.param == "annex":
        return {lang: project.whole_annex(lang) for lang in EDITIONS}
    return {lang: lxml.html.parse(project.output("html", lang)).getroot() for lang in EDITIONS}


@pytest.fixture(scope="module")
def texts(project: Project) -> dict[str, str]:
    return {lang: project.text(lang) for lang in EDITIONS}


def numbers(text: str, language: str) -> list[float]:
    """The numbers of a text, as values, whichever way they are written and ordered."""
    joined = THOUSANDS[language].sub("", text)
    return sorted(float(found.replace(",", ".")) for found in NUMBER.findall(joined))


def alike(seen: Callable[[Element], object], pages: dict[str, Element]) -> None:
    assert seen(pages["en"]) == seen(pages["fr"])


def sections(document: str) -> dict[str, str]:
    """The text of each section of a document by the section's id."""
    parts = re.split(r"^#+ .*?\{#([\w-]+)[^}]*\}$", document, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def words(element: Element) -> str:
    return re.sub(r"[ \t\r\n]+", " ", element.text_content()).strip(" ")


def test_numbers_are_read_in_both_formats():
    assert numbers("$1,234.5 in 2024, 12%", "en") == [12, 1234.5, 2024]
    assert numbers("1\u00a0234,5\u00a0$ en 2024, 12\u00a0%", "fr") == [12, 1234.5, 2024]


def test_sections_figures_and_tables_are_the_same(pages: dict[str, Element]):
    def headings(page: Element) -> list[tuple[str, str]]:
        found = page.xpath("//main//*[self::h2 or self::h3 or self::h4]")
        return [(h.tag, h.get("id") or h.getparent().get("id")) for h in found]

    alike(headings, pages)
    alike(lambda page: page.xpath("//*[starts-with(@id, 'fig-')]/@id"), pages)
    alike(lambda page: page.xpath("//*[starts-with(@id, 'tbl-')]/@id"), pages)
    alike(lambda page: sorted(page.xpath("//@id[starts-with(., 'src-')]")), pages)
    assert len(headings(pages["en"])) >= 15


def test_each_section_holds_the_same_parts(texts: dict[str, str]):
    parts = {
        "values": r"\{\{< meta ([\w.]+) >\}\}",
        "references": r"@((?:fig|tbl|sec)-[\w-]+)",
        "includes": r"\{\{< include _generated/(?:en|fr)/([\w-]+\.md) >\}\}",
        "links": r"\(((?:annexe?\.html)?#[\w-]+)\)",
        "items": r"^(- |\d+\. )",
        "boxes": r"^:::+ \{\.([\w-]+)\}",
        "strong": r"(\*\*)[^*]+\*\*",
        "abbreviations": r"(\.abbr)",
    }
    english, french = (sections(texts[language]) for language in EDITIONS)
    assert list(english) == list(french)
    for name, part in parts.items():
        for section in english:
            found = [
                Counter(re.findall(part, each[section].replace("annexe.", "annex."), re.MULTILINE))
                for each in (english, french)
            ]
            assert found[0] == found[1], (section, name)


def test_values_have_the_same_names_and_numbers(project: Project):
    """Months and round amounts are words in both; all digits must agree."""
    told = {
        language: {
            name: entry["text"]
            for file in sorted(project.published_in(language).glob("*.json"))
            for name, entry in pd.read_json(file, typ="series").get("values", {}).items()
        }
        for language in EDITIONS
    }
    assert list(told["en"]) == list(told["fr"])
    assert len(told["en"]) > 100
    differing = {
        name: (text, told["fr"][name])
        for name, text in told["en"].items()
        if numbers(text, "en") != numbers(told["fr"][name], "fr")
    }
    assert differing == {}


def rows(table: Element, language: str) -> Counter[tuple[float, ...]]:
    """The numbers of each row; rows may stand in the order of either alphabet."""
    cells = [[words(cell) for cell in row.iter("th", "td")] for row in table.iter("tr")]
    return Counter(tuple(numbers(" | ".join(row), language)) for row in cells)


def test_every_table_has_the_same_rows(pages: dict[str, Element]):
    # The list of figures and tables holds titles, whose words repeat a number or not.
    data = "//main//table[not(../preceding-sibling::*[1][@class='pages'])]"
    tables = {language: page.xpath(data) for language, page in pages.items()}
    assert len(tables["en"]) == len(tables["fr"]) >= 8
    for english, french in zip(tables["en"], tables["fr"], strict=True):
        name = english.findtext("caption") or words(english)[:60]
        assert len(english.xpath(".//thead//th")) == len(french.xpath(".//thead//th")), name
        assert rows(english, "en") == rows(french, "fr"), name


def test_every_chart_holds_the_same_numbers_in_words_and_alternative(pages: dict[str, Element]):
    for english, french in zip(*(page.find_class("chart") for page in pages.values()), strict=True):
        for part in ("title", "desc"):
            said = [
                each.xpath(f"string(.//*[local-name()='{part}'])") for each in (english, french)
            ]
            assert set(numbers(said[0], "en")) == set(numbers(said[1], "fr")), said


def test_each_edition_links_to_the_other_at_the_same_section(pages: dict[str, Element]):
    names = DOCUMENTS if pages["en"].get_element_by_id("sec-glance", None) is not None else ANNEXES
    for language, other in (("en", "fr"), ("fr", "en")):
        assert pages[other].get("lang") == other
        for place in ("header", "nav"):
            (link,) = pages[language].xpath(f"//{place}//a[@data-other-language]")
            assert link.get("lang") == link.get("hreflang") == other
            assert link.get("href") == f"{names[other]}.html"


def opened_at(browser, page: str, section: str) -> None:
    """The page opened at a section, as from a link elsewhere, once its contents say so."""
    browser.get("about:blank")
    browser.get(f"{page}#{section}")
    current = "return document.querySelector('.contents [aria-current]').hash"
    WebDriverWait(browser, 20).until(lambda it: it.execute_script(current) == f"#{section}")


@pytest.mark.browser
@pytest.mark.parametrize("language", EDITIONS)
def test_the_link_leads_to_the_section_that_is_read(project: Project, browser, language: str):
    browser.set_window_size(1280, 900)
    opened_at(browser, project.output("html", language).as_uri(), "sec-alliance")
    browser.find_element("css selector", "nav [data-other-language]").click()
    assert browser.current_url.endswith("#sec-alliance")
    assert browser.find_element("tag name", "html").get_attribute("lang") != language


@pytest.mark.browser
@pytest.mark.parametrize("language", EDITIONS)
def test_the_contents_show_the_section_that_is_read(project: Project, browser, language: str):
    browser.set_window_size(1280, 600)
    opened_at(browser, *project.on("sec-sources", language).split("#"))
    box = "const {{top, bottom}} = {}.getBoundingClientRect(); return [top, bottom]"
    top, bottom, title, frame = (
        browser.execute_script(box.format(f"document.querySelector('.contents {part}')"))[at]
        for part, at in (("[aria-current]", 0), ("[aria-current]", 1), ("summary", 1), ("", 1))
    )
    assert title <= top < bottom <= frame + 1


@pytest.mark.browser
@pytest.mark.parametrize("language", EDITIONS)
def test_a_link_into_the_page_draws_no_chart_on_the_way(project: Project, browser, language: str):
    opened_at(browser, project.output("html", language).as_uri(), "sec-reading")
    passed, drawn = browser.execute_script(
        "const far = (each) => scrollY + each > 5 * innerHeight && each < -5 * innerHeight;"
        "const passed = [...document.querySelectorAll('.chart')]"
        ".filter((each) => far(each.getBoundingClientRect().bottom));"
        "return [passed.length, passed.filter((each) => each.querySelector('.chart-live')).length]"
    )
    assert passed > 5
    assert drawn == 0


def shown(page: Element) -> set[str]:
    """Every text that a reader meets in charts, tables, notes, captions and controls."""
    kinds = "self::th or self::td or self::caption or self::summary or self::li or self::p"
    more = "self::h1 or self::h2 or self::h3 or self::figcaption or self::a"
    away = "ancestor-or-self::*[@id='tbl-sources' or @id='tbl-glossary' or @lang]"
    inside = f"//body//*[{kinds} or {more}][not({away})]"
    drawn = page.xpath("//*[local-name()='text' or local-name()='desc' or local-name()='title']")
    attributes = page.xpath("//body//@aria-label | //body//@title | //body//@alt")
    found = [words(each) for each in (*page.xpath(inside), *drawn)]
    return {text for text in [*found, *map(str, attributes)] if LETTERS.search(text)}


def proper_names(project: Project) -> set[str]:
    """Names in the figures that are written alike in both languages."""
    names: set[str] = set()
    for file, columns in NAMES.items():
        frame = pd.read_csv(project.root / "data/raw" / file, dtype=str, keep_default_na=False)
        for column in columns:
            twin = f"{column.removesuffix('_en')}_fr"
            alike = frame[twin].isin(["", *frame[column]]) if twin in frame else frame[column] != ""
            names |= set(frame.loc[alike, column])
    return names


def translated(text: str, names: set[str]) -> bool:
    """Say whether a text that both editions show is made of names, numbers and shared words."""
    rest = text
    for name in sorted(names, key=len, reverse=True):
        if name and name.casefold() in rest.casefold():
            rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
    return not LETTERS.search(rest)


def test_no_text_is_left_untranslated(pages: dict[str, Element], project: Project):
    same = shown(pages["en"]) & shown(pages["fr"])
    names = proper_names(project) | SAME_WORDS
    assert sorted(text for text in same if not translated(text, names)) == []
