"""The tables of the annex: searched, filtered and sorted in the browser, and as workbooks."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from critical_minerals.language.catalogue import keys
from critical_minerals.tables.descriptors import Tables

from .conftest import ANNEXES, EDITIONS, Project

WORDS = {"en": ("Cover", "Contents", "Notes", "Sources"), "fr": ("Couverture", "Sources")}


def book(project: Project, language: str, suffix: str) -> Path:
    return project.annex("html", language).parent / "data" / f"{ANNEXES[language]}.{suffix}"


def cells(path: Path) -> dict[str, list[list[object]]]:
    read = CalamineWorkbook.from_path(path)
    return {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}


def close(cell: object) -> object:
    return pytest.approx(cell, rel=1e-14) if isinstance(cell, float) else cell


def opened(project: Project, language: str, browser: webdriver.Chrome) -> WebElement:
    browser.get(project.on("tbl-claims", language))
    return browser.find_element(By.ID, "tbl-claims")


def column(table: WebElement, at: int) -> list[str]:
    rows = table.find_elements(By.CSS_SELECTOR, "tbody tr")
    return [row.find_elements(By.CSS_SELECTOR, "td, th")[at].text for row in rows]


@pytest.mark.parametrize("language", EDITIONS)
def test_both_workbooks_hold_every_published_table(project: Project, language: str) -> None:
    sheets = {suffix: cells(book(project, language, suffix)) for suffix in ("ods", "xlsx")}
    assert sheets["ods"].keys() == sheets["xlsx"].keys()
    assert {*WORDS[language]} <= sheets["ods"].keys()
    for name, rows in sheets["ods"].items():
        # Excel keeps sixteen digits of a number.
        for one, other in zip(rows, sheets["xlsx"][name], strict=True):
            assert one == [close(cell) for cell in other], name
    folder = project.published_in(language)
    published = {path.stem for kind in ("fig", "tbl") for path in folder.glob(f"{kind}-*.json")}
    # A line of its own says which table of the report a sheet holds.
    held = {rows[2][0] for rows in sheets["ods"].values() if len(rows) > 2}
    assert published <= held


def test_a_workbook_holds_numbers_as_numbers_in_full(project: Project) -> None:
    [rows] = (
        rows for rows in cells(book(project, "en", "ods")).values() if "fig-envelopes" in rows[2]
    )
    largest = [row for row in rows if row[0] == "Critical Minerals Sovereign Fund"]
    assert [row[1] for row in largest] == [2_000_000_000]
    assert [row[2] for row in largest] == ["rounded"]


def test_no_cell_of_a_workbook_is_a_formula_or_empty(project: Project) -> None:
    for sheet in openpyxl.load_workbook(book(project, "fr", "xlsx")):
        for row in sheet.iter_rows(min_row=sheet.max_row):
            assert all(cell.data_type in ("s", "n") for cell in row), sheet.title
            assert all(cell.value is not None for cell in row[: sheet.max_column]), sheet.title
        assert not sheet.merged_cells.ranges


@pytest.mark.parametrize("language", EDITIONS)
def test_an_opendocument_workbook_is_one_that_office_programs_read(
    project: Project, language: str
) -> None:
    with zipfile.ZipFile(book(project, language, "ods")) as archive:
        first, *_ = archive.infolist()
        kind = b"application/vnd.oasis.opendocument.spreadsheet"
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == kind
        for name in archive.namelist()[1:]:
            etree.fromstring(archive.read(name))


@pytest.mark.browser
@pytest.mark.parametrize("language", EDITIONS)
def test_a_table_can_be_searched_without_accents_and_filtered(
    project: Project, language: str, browser: webdriver.Chrome
) -> None:
    table = opened(project, language, browser)
    every = len(column(table, 0))
    search = table.find_element(By.CSS_SELECTOR, "input")
    search.send_keys("LITHIUM")
    shown = [text for text in column(table, 0) if text]
    assert 0 < len(shown) < every
    assert all("lithium" in text.lower() for text in shown)
    said = table.find_element(By.CSS_SELECTOR, ".table-count").text
    assert str(len(shown)) in said
    assert str(every) in said
    search.send_keys(Keys.CONTROL, "a", Keys.DELETE)
    select = table.find_element(By.CSS_SELECTOR, "select")
    option = select.find_elements(By.CSS_SELECTOR, "option")[1]
    wanted = option.text
    option.click()
    outcomes = {text for text in column(table, 4) if text}
    assert outcomes == {wanted}


@pytest.mark.browser
@pytest.mark.parametrize("language", EDITIONS)
def test_a_table_is_sorted_by_keyboard_as_numbers_with_the_unknown_last(
    project: Project, language: str, browser: webdriver.Chrome
) -> None:
    browser.get(project.on("tbl-programmes", language))
    table = browser.find_element(By.ID, "tbl-programmes")
    head = table.find_elements(By.CSS_SELECTOR, "thead th")[2]
    button = head.find_element(By.CSS_SELECTOR, "button")
    given = column(table, 2)
    for direction in ("ascending", "descending"):
        button.send_keys(Keys.ENTER)
        assert head.get_attribute("aria-sort") == direction
        sorted_now = column(table, 2)
        assert sorted(sorted_now) == sorted(given)
        numbers = [number(text, language) for text in sorted_now if text != "–"]
        assert numbers == sorted(numbers, reverse=direction == "descending")
        assert "–" not in sorted_now[: len(numbers)]


def number(text: str, language: str) -> float:
    marks = str.maketrans({",": ""} if language == "en" else {",": "."})
    return float("".join(text.translate(marks).split()))


@pytest.mark.browser
def test_the_rows_of_a_table_can_be_taken_along(
    project: Project, browser: webdriver.Chrome
) -> None:
    table = opened(project, "en", browser)
    link = browser.find_element(By.CSS_SELECTOR, "a[download='tbl-claims.csv']")
    fetched = browser.execute_async_script(
        "const done = arguments[1];"
        "done(new TextDecoder().decode(Uint8Array.from("
        "atob(arguments[0].href.split(',')[1]), (sign) => sign.charCodeAt(0))))",
        link,
    )
    _, *rows = csv.reader(io.StringIO(fetched))
    assert len(rows) == len(column(table, 0))


@pytest.mark.parametrize("language", EDITIONS)
def test_every_code_of_a_processed_table_has_its_words(project: Project, language: str) -> None:
    tables = Tables(project.root / "data" / "schemas")
    lacking: set[str] = set()
    for path in (project.root / "data" / "processed").glob("*.csv"):
        coded = {each.name: each.texts for each in tables[path.stem].fields if each.texts}
        with path.open(encoding="utf-8", newline="") as lines:
            said = {(name, row[name]) for row in csv.DictReader(lines) for name in coded}
        wanted = {f"{coded[name]}-{code}".replace("_", "-") for name, code in said if code}
        lacking |= wanted - keys(language)
    assert lacking == set()
