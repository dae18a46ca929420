"""Every number, figure and table leads to its raw rows and sources, and every link arrives."""

import csv
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lxml.html
import pikepdf
import pypdf
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from critical_minerals.raw.store import RawStore
from critical_minerals.review.reproduce import Reproducer
from critical_minerals.tables.lineage import file_of
from critical_minerals.workspace.paths import Workspace

from .conftest import DOCUMENTS, EDITIONS, Project
from .test_accessibility import AXE, RULES, VIOLATIONS

SCRIPTED = (
    *("production_count", "production_up_count", "production_first_year", "production_last_year"),
    *("production_lithium", "production_lithium_change"),
    *(f"first_estimates_{place}_count" for place in ("canada", "world")),
    *(f"first_estimates_{place}_near_count" for place in ("canada", "world")),
    *("first_estimates_first_year", "first_estimates_last_year"),
)
KINDS = ("values", "figures", "tables")
TIERS = {"official", "republished", "reported", "secondary", "own"}
VALUE = re.compile(r"\{\{< meta v\.([\w-]+) >\}\}")
INCLUDE = re.compile(r"\{\{< include _generated/\w+/((?:fig|tbl)-[\w-]+)\.md >\}\}")
ASSEMBLED = {"tbl-changes", "tbl-glossary", "tbl-sources"}
"""Tables about the report itself: what changed in it, its words, its sources."""
OPEN = ".note-popover:popover-open"


@pytest.fixture(scope="module")
def lineage(project: Project) -> dict[str, Any]:
    text = (project.root / "reports/_output/data/lineage.json").read_text("utf-8")
    return json.loads(text)


@pytest.fixture(scope="module", params=EDITIONS)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def page(project: Project, language: str) -> lxml.html.HtmlElement:
    """The annex, in which notes and sources are listed."""
    return project.whole_annex(language)


@pytest.fixture(scope="module")
def pages(
    project: Project, page: lxml.html.HtmlElement, language: str
) -> list[lxml.html.HtmlElement]:
    """The update, then the annex."""
    return [parsed(project.output("html", language)), page]


def found(pages: list[lxml.html.HtmlElement], xpath: str) -> list[lxml.html.HtmlElement]:
    return [each for page in pages for each in page.xpath(xpath)]


@cache
def parsed(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.parse(path).getroot()


@cache
def anchors(path: Path) -> frozenset[str]:
    return frozenset(map(str, parsed(path).xpath("//@id")))


@cache
def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table; `rows(path)[0]` is row 2 of the spreadsheet."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def numbered(text: str) -> set[int]:
    """The numbers of a list such as "3, 7–9"."""
    runs = [part.split("–") for part in text.strip(" ,").split(", ")]
    return {number for run in runs for number in range(int(run[0]), int(run[-1]) + 1)}


def entries(lineage: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [pair for kind in KINDS for pair in lineage["published"][kind].items()]


def test_everything_that_the_documents_show_has_a_lineage(
    project: Project, lineage: dict[str, Any], language: str
):
    text = project.text(language)
    run = {"as_of", "count_values", "count_figures", "count_tables", "count_sources"}
    assert set(VALUE.findall(text)) - run <= lineage["published"]["values"].keys()
    shown = lineage["published"]["figures"].keys() | lineage["published"]["tables"].keys()
    assert set(INCLUDE.findall(text)) - ASSEMBLED <= shown


def test_every_published_thing_leads_to_processed_rows_cell_raw_rows_and_source(
    project: Project, lineage: dict[str, Any]
):
    output, broken = project.root / "reports/_output", []
    for name, entry in entries(lineage):
        page = output / "notebooks" / f"{entry['notebook']}.html"
        notebook = project.root / "notebooks" / f"{entry['notebook']}.ipynb"
        cells = {cell["id"] for cell in json.loads(notebook.read_text("utf-8"))["cells"]}
        tables = {t: rows(output / "data" / f"{t}.csv") for t in entry["tables"]}
        held = {
            mark
            for table, numbers in entry["tables"].items()
            for number in numbers
            for mark in tables[table][number - 2]["origin"].split()
        }
        arrives = (
            entry["cell"] in cells
            and f"cell-{entry['cell']}" in anchors(page)
            and entry["origins"]
            and all(entry["tables"].values())
            and {*entry["origins"]} <= held
            and all(origin in lineage["rows"] for origin in entry["origins"])
            and {*entry["sources"]} <= lineage["sources"].keys()
        )
        broken += [] if arrives else [name]
    assert len(entries(lineage)) > 150
    assert broken == []


def test_every_raw_row_stands_in_its_file_under_its_key_and_names_a_source(
    project: Project, lineage: dict[str, Any]
):
    store = RawStore(Workspace(project.root))
    cells = {
        f"{record['file_name']}:{record['row_number']}": record
        for table in {row["table"] for row in lineage["rows"].values()}
        for record in store._file_cells(table).astype("object").fillna("").to_dict("records")
    }
    for origin, row in lineage["rows"].items():
        assert (project.root / file_of(origin.rpartition(":")[0])).is_file(), origin
        found = cells[origin]
        assert {column: found[column] for column in row["key"]} == row["key"], origin
        if row.get("as_of"):
            assert found["source_id"] == row["source_id"], origin
            assert row["source_id"] in lineage["sources"], origin
            assert row["as_of"] <= lineage["as_of"], origin


def test_every_source_has_a_reliability_and_terms_and_stands_in_the_list(
    lineage: dict[str, Any], page: lxml.html.HtmlElement
):
    listed = {str(each) for each in page.xpath("//@id[starts-with(., 'src-')]")}
    for name, source in lineage["sources"].items():
        assert source["tier"] in TIERS
        assert source["terms"]
        assert f"src-{name.lower().replace('_', '-')}" in listed


def test_every_number_in_the_text_is_a_link_to_its_note(
    project: Project, pages: list[lxml.html.HtmlElement], language: str, lineage: dict[str, Any]
):
    used = VALUE.findall(project.text(language))
    expected = [name for name in used if name in lineage["published"]["values"]]
    links = found(pages, "//a[@class='value']")
    assert len(links) == len(expected) > 150
    for name, link in zip(expected, links, strict=True):
        said = link.text_content()
        assert said == lineage["published"]["values"][name]["text"][language]
        there, _, anchor = link.get("href").partition("#")
        assert there in {"", project.uses(language).page("note")}
        (note,) = pages[1].xpath(f"//ol[@class='notes']/li[@id='{anchor}']")
        # A note opens with what is said, without the full stop of a sentence.
        assert said.removesuffix(".") in note.findtext("p")
        assert link.get("role") == "doc-noteref"


def test_the_update_holds_the_notes_of_its_own_numbers_for_its_script(
    pages: list[lxml.html.HtmlElement],
):
    update, annex = pages
    (held,) = update.xpath("//ol[@class='notes' and @hidden]")
    anchors = {link.get("href").partition("#")[2] for link in update.xpath("//a[@class='value']")}
    assert {note.get("id") for note in held} == anchors
    for note in held:
        (listed,) = annex.xpath(f"//li[@id='{note.get('id')}']")
        assert note.xpath("string(dl)") == listed.xpath("string(dl)")


def test_every_note_says_the_whole_way(page: lxml.html.HtmlElement):
    notes = page.xpath("//ol[@class='notes']/li")
    assert [note.get("value") for note in notes] == [str(n + 1) for n in range(len(notes))]
    for note in notes:
        links = [str(href) for href in note.xpath(".//a/@href")]
        for start in ("#src-", "data/", "notebooks/"):
            assert any(link.startswith(start) for link in links), note.get("id")
        assert any("#sec-" in link for link in links), note.get("id")
        assert note.xpath(".//dd//code")


def test_every_link_beside_the_page_arrives(project: Project, language: str):
    folder = project.root / "reports/_output"
    paths = [project.output("html", language), *project.annex_pages(language)]
    hrefs = {str(href) for path in paths for href in parsed(path).xpath("//a/@href")}
    beside = {href for href in hrefs if not href.startswith(("#", "http", "data:"))}
    assert len(beside) > 60
    for href in beside:
        file, _, fragment = href.partition("#")
        assert (folder / file).is_file(), href
        if file.endswith(".html"):
            assert not fragment or unquote(fragment) in anchors(folder / file), href
        elif fragment:
            assert int(fragment.removeprefix("row=")) <= len(rows(folder / file)) + 1, href


def test_every_figure_and_table_has_its_line(
    pages: list[lxml.html.HtmlElement], lineage: dict[str, Any]
):
    for kind in ("figures", "tables"):
        for name, entry in lineage["published"][kind].items():
            (float_,) = found(pages, f"//*[@id='{name}']")
            links = [str(href) for href in float_.xpath(".//div[@class='source-line']//a/@href")]
            cell = f"notebooks/{entry['notebook']}.html#cell-{entry['cell']}"
            tables = {link.partition("#")[0] for link in links if link.startswith("data/")}
            assert cell in links, name
            assert {f"data/{table}.csv" for table in entry["tables"]} <= tables, name


def test_what_rests_on_less_than_plain_official_figures_is_marked(
    pages: list[lxml.html.HtmlElement], project: Project, language: str, lineage: dict[str, Any]
):
    used = VALUE.findall(project.text(language))
    values = [lineage["published"]["values"].get(name) for name in used]
    links = found(pages, "//a[@class='value']")
    revised = {"en": "revised", "fr": "révisé"}[language]
    marked = 0
    for entry, link in zip(filter(None, values), links, strict=True):
        under = [lineage["rows"][origin] for origin in entry["origins"]]
        tiers = {lineage["sources"][row["source_id"]]["tier"] for row in under}
        told = [part for part in link.get("title", "").split("; ") if part]
        firm = [part for part in told if not part.startswith(revised)]
        assert len(firm) == bool(tiers - {"official"}) + any(row["marks"] for row in under)
        assert len(link) == 0, "nothing but the number is text"
        marked += bool(firm)
    assert marked >= 10


def test_what_rests_on_corrected_rows_says_so(
    pages: list[lxml.html.HtmlElement], language: str, lineage: dict[str, Any]
):
    said = {"en": "corrected on the evidence", "fr": "corrigées? d’après"}[language]
    corrected = {name for name, row in lineage["rows"].items() if row.get("corrections")}
    assert corrected
    for name, entry in lineage["published"]["figures"].items():
        (float_,) = found(pages, f"//*[@id='{name}']")
        told = " ".join(" ".join(line.itertext()) for line in float_.find_class("source-line"))
        assert bool(re.search(said, told)) == bool(corrected & {*entry["origins"]}), name


def test_notes_have_the_same_numbers_in_both_editions(project: Project):
    english, french = (
        {
            note.get("value"): re.findall(r"notebooks/[^\"]+", lxml.html.tostring(note).decode())
            for note in project.whole_annex(edition).xpath("//ol[@class='notes']/li")
        }
        for edition in EDITIONS
    )
    assert english == french


def test_the_list_of_sources_says_what_was_taken(page: lxml.html.HtmlElement):
    cells = page.xpath("//*[@id='tbl-sources']//tbody/tr/*[4]")
    assert len(cells) > 100
    assert [cell for cell in cells if not re.search(r"\w", cell.text_content())] == []
    told = [re.search(r"\bnotes? ([\d, –]+)", cell.text_content()) for cell in cells]
    numbers = {number for found in told if found for number in numbered(found[1])}
    assert numbers == set(range(1, len(page.xpath("//ol[@class='notes']/li")) + 1))
    refs = {str(href) for cell in cells for href in cell.xpath(".//a/@href")}
    assert "#tbl-programmes" in refs
    assert any(ref.endswith(".html#fig-envelopes") for ref in refs)


def test_print_refers_to_numbered_notes_and_back(
    project: Project, page: lxml.html.HtmlElement, language: str
):
    count = len({*page.xpath("//a[@class='value']/@href")})
    listed = len(page.xpath("//ol[@class='notes']/li"))
    with pikepdf.open(project.annex("pdf", language)) as document:
        order = {leaf.objgen: place for place, leaf in enumerate(document.pages)}
        pairs = list(document.Root.Names.Dests.Names)
        sections = {
            str(n): order[d[0].objgen] for n, d in zip(pairs[::2], pairs[1::2], strict=True)
        }
        links = [
            (place, order[note.Dest[0].objgen], float(note.Dest[2]), float(note.Dest[3]))
            for place, leaf in enumerate(document.pages)
            for note in leaf.get("/Annots", [])
            if isinstance(note.get("/Dest"), pikepdf.Array)
        ]
    first, last = sections["sec-notes"], sections["sec-trails"]
    there = {link[1:] for link in links if link[0] < first <= link[1] <= last}
    back = {link[1:] for link in links if first <= link[0] <= last and 1 < link[1] < first}
    assert len(there) >= count
    assert len(back) >= count * 0.9, "two first uses may stand at one place"
    reader = pypdf.PdfReader(project.annex("pdf", language))
    text = " ".join(leaf.extract_text() for leaf in reader.pages[first : last + 1])
    assert text.count("→") >= 3 * listed


def test_print_of_the_update_leads_from_each_number_into_the_annex(
    project: Project, pages: list[lxml.html.HtmlElement], language: str
):
    with pikepdf.open(project.output("pdf", language)) as document:
        actions = [note.get("/A") for leaf in document.pages for note in leaf.get("/Annots", [])]
    there = {str(action.URI) for action in actions if action is not None and "/URI" in action}
    assert {*map(str, pages[0].xpath("//a[@class='value']/@href"))} <= there


class Reader:
    """Somebody who opens notes without a mouse."""

    def __init__(self, browser) -> None:
        self.browser = browser

    def press(self, *keys: str) -> None:
        self.browser.switch_to.active_element.send_keys(*keys)

    def opened(self) -> bool:
        return bool(self.browser.find_elements(By.CSS_SELECTOR, OPEN))

    def focused(self) -> str:
        return self.browser.execute_script("return document.activeElement.className")


@pytest.fixture
def reader(project: Project, browser, language: str) -> Reader:
    browser.get("about:blank")
    browser.get(project.output("html", language).as_uri())
    browser.execute_script("document.documentElement.style.scrollBehavior = 'auto'")
    return Reader(browser)


@pytest.mark.browser
@pytest.mark.parametrize("link", [0, 9, -1])
def test_a_note_opens_by_keyboard_and_gives_the_focus_back(reader: Reader, link: int):
    number = reader.browser.find_elements(By.CSS_SELECTOR, "a.value")[link]
    reader.browser.execute_script("arguments[0].focus()", number)
    reader.press(Keys.ENTER)
    card = reader.browser.find_element(By.CSS_SELECTOR, OPEN)
    assert reader.focused() == "note-popover"
    assert card.get_attribute("role") == "dialog"
    said = reader.browser.execute_script("return arguments[0].firstChild.textContent", number)
    assert said in card.get_attribute("aria-label")
    assert number.get_attribute("aria-expanded") == "true"
    for part in ("a[href*='#src-']", "a[href^='data/']", "a[href^='notebooks/']"):
        assert card.find_elements(By.CSS_SELECTOR, part)
    box = reader.browser.execute_script(
        "const b = arguments[0].getBoundingClientRect();"
        "return [b.left >= 0, b.right <= innerWidth, b.width > 100, b.height > 50]",
        card,
    )
    assert all(box)
    reader.press(Keys.ESCAPE)
    assert not reader.opened()
    assert reader.browser.switch_to.active_element == number
    assert number.get_attribute("aria-expanded") == "false"


@pytest.mark.browser
def test_the_tab_key_leaves_a_note_for_its_number(reader: Reader):
    number = reader.browser.find_element(By.CSS_SELECTOR, "a.value")
    reader.browser.execute_script("arguments[0].focus()", number)
    reader.press(Keys.ENTER)
    for _ in range(40):
        if not reader.opened():
            break
        reader.press(Keys.TAB)
    assert reader.browser.switch_to.active_element == number


@pytest.mark.browser
def test_without_scripts_the_link_leads_to_the_note_and_back(
    project: Project, browser, tmp_path: Path, language: str
):
    text = project.output("html", language).read_text("utf-8")
    bare = tmp_path / f"{DOCUMENTS[language]}.html"
    bare.write_text(re.sub(r"<script(?![^>]*json)[^>]*>.*?</script>", "", text, flags=re.DOTALL))
    for each in project.annex_pages(language):
        (tmp_path / each.name).write_bytes(each.read_bytes())
    browser.get(bare.as_uri())
    link = browser.find_element(By.CSS_SELECTOR, "a.value")
    target = link.get_attribute("href").rpartition("#")[2]
    link.click()
    WebDriverWait(browser, 20).until(lambda b: b.find_elements(By.CSS_SELECTOR, ":target"))
    note = browser.find_element(By.CSS_SELECTOR, ":target")
    assert note.get_attribute("id") == target
    assert browser.execute_script(
        "const b = arguments[0].getBoundingClientRect(); return b.top >= 0 && b.top < innerHeight",
        note,
    )
    back = note.find_element(By.CSS_SELECTOR, ".note-back a")
    back.click()
    WebDriverWait(browser, 20).until(lambda b: "#sec-" in b.current_url)
    assert browser.find_element(By.CSS_SELECTOR, ":target").get_attribute("id").startswith("sec-")


def test_the_pages_beside_lead_back_to_the_report(project: Project):
    folder = project.root / "reports/_output/notebooks"
    pages = sorted(folder.glob("*.html"))
    assert len(pages) == len(list((project.root / "notebooks").glob("[1-6]*.ipynb")))
    for each in pages:
        hrefs = {str(href) for href in parsed(each).xpath("//a/@href")}
        local = {href for href in hrefs if not href.startswith(("#", "http", "data:"))}
        assert {f"../{name}.html" for name in DOCUMENTS.values()} <= local
        for href in local:
            file, _, fragment = href.partition("#")
            assert (folder / file).resolve().is_file(), href
            assert not fragment or fragment in anchors((folder / file).resolve()), href


def violations(browser, context: str | None = None) -> list[str]:
    browser.execute_script(AXE)
    return browser.execute_async_script(VIOLATIONS, context, {"runOnly": [*RULES]})


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_in_an_open_note(reader: Reader, scheme: str, width: int):
    browser = reader.browser
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    number = browser.find_element(By.CSS_SELECTOR, "a.value[title]")
    browser.execute_script("arguments[0].focus()", number)
    reader.press(Keys.ENTER)
    found = violations(browser, ".note-popover")
    reader.press(Keys.ESCAPE)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert found == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_a_notebook(project: Project, browser, scheme: str):
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    browser.get("about:blank")
    browser.get((project.root / "reports/_output/notebooks/10_funding.html").as_uri())
    found = violations(browser)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert found == []
    wide = "return document.documentElement.scrollWidth <= innerWidth"
    assert browser.execute_script(wide)


def test_pages_beside_the_report_ask_nothing_of_the_network(project: Project):
    for path in (project.root / "reports/_output/notebooks").glob("*.html"):
        text = path.read_text("utf-8")
        assert re.findall(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=", text) == []
        assert re.findall(r"url\((?!#|data:|\"data:)", text) == []


def test_scripts_arrive_at_every_value_that_rests_on_official_files(project: Project):
    listed = project.run("reproduce").stdout
    whole = json.loads((project.root / "reports/_generated/lineage.json").read_text("utf-8"))
    values = whole["published"]["values"]
    arrived = {name: values[name]["number"] for name in SCRIPTED}
    reproducer = Reproducer(Workspace(project.root), whole)
    assert project.run("reproduce", SCRIPTED[0]).stdout == reproducer.of(SCRIPTED[0]).script
    for name, number in arrived.items():
        assert f"{name}: {number:.10g}" in listed
        script = reproducer.of(name).script
        told = subprocess.run(
            [sys.executable, "-I", "-c", script],
            cwd=project.root,
            capture_output=True,
            text=True,
            check=True,
        )
        assert float(told.stdout) == pytest.approx(number, rel=1e-9), name
    refused = project.run("reproduce", "us_recomputed_differ_minerals")
    assert "it is a text and no number" in refused.stderr
