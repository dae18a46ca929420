"""Empty workbooks for raw tables: what is filled in is what the loader reads."""

import csv
import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pytest
import yaml

from critical_minerals.errors import FiguresError, UsageError
from critical_minerals.raw.descriptions import FRENCH
from critical_minerals.raw.store import RawStore
from critical_minerals.raw.templates import raw_template
from critical_minerals.tables.descriptors import Tables
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
TABLES = Tables(PROJECT / "data" / "raw")


def opened(name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(raw_template(Workspace(PROJECT), name)))


def typed(kind: str, cell: str) -> object:
    """What a spreadsheet holds once a person has typed a cell."""
    if not cell:
        return None
    if kind in {"number", "integer", "year"}:
        return float(cell)
    return dt.date.fromisoformat(cell) if kind == "date" else cell


@pytest.mark.parametrize("name", [*TABLES])
def test_what_an_analyst_fills_in_is_what_the_loader_reads(name: str, workspace: Workspace):
    before = RawStore(workspace).cells(name)
    file = workspace.raw / f"{name}.csv"
    book = opened(name)
    sheet = book[file.stem]
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    assert [cell.value for cell in sheet[1]] == header == TABLES[name].columns
    kinds = [TABLES[name].field(column).kind for column in header]
    for row in rows:
        sheet.append([typed(*pair) for pair in zip(kinds, row, strict=True)])
    book.save(file.with_suffix(".xlsx"))
    file.unlink()
    store = RawStore(workspace)
    shown = ["file_name"]
    assert store.cells(name).drop(columns=shown).equals(before.drop(columns=shown))
    assert not [problem for result in store.results(name) for problem in result.problems]


@pytest.mark.parametrize("name", [*TABLES])
def test_each_column_says_what_it_holds_in_both_languages(name: str):
    book = opened(name)
    table = TABLES[name]
    french = yaml.safe_load((PROJECT / "data" / "raw" / FRENCH).read_text("utf-8"))
    for language, sheet in (("en", book["help"]), ("fr", book["aide"])):
        told = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
        for field in table.fields:
            said = field.description if language == "en" else french[field.description]
            assert told[field.name][0] == said
            assert told[field.name][2] == field.unit
            assert told[field.name][3] in {"yes", "no", "oui", "non"}
    prompts = [one.prompt for one in book.worksheets[0].data_validations.dataValidation]
    assert len(prompts) == len(table.fields)
    assert all(" / " in prompt and len(prompt) <= 255 for prompt in prompts)


def test_codes_are_chosen_from_lists_and_figures_have_bounds():
    book = opened("funding/awards")
    found = {one.promptTitle: one for one in book["awards"].data_validations.dataValidation}
    assert found["amount"].type == "decimal"
    assert found["amount"].formula1 == "0"
    assert found["as_of"].type == "date"
    assert found["provinces"].type is None  # several of them stand in one cell
    first, last = re.findall(r"\$([A-Z]+\$\d+)", found["programme"].formula1)
    codes = [cell.value for (cell,) in book["lists"][f"{first}:{last}".replace("$", "")]]
    with (PROJECT / "data/raw/vocabulary/programmes.csv").open(encoding="utf-8") as file:
        assert codes == sorted(row["programme"] for row in csv.DictReader(file))
    assert book["lists"].cell(3, 3).value  # with their French names


def test_the_same_tables_give_the_same_bytes():
    one, two = (raw_template(Workspace(PROJECT), "supply/reserves") for _ in range(2))
    assert one == two


def test_an_unknown_table_is_told_with_the_one_that_is_meant():
    with pytest.raises(UsageError, match=r"Did you mean 'funding/awards'"):
        raw_template(Workspace(PROJECT), "funding/award")


def test_a_description_without_french_is_told(workspace: Workspace):
    file = workspace.raw / FRENCH
    file.write_text(file.read_text("utf-8").replace("Amount of money.: ", "Amount: "), "utf-8")
    with pytest.raises(FiguresError, match=r"Amount of money\..*descriptions\.fr\.yml|French"):
        raw_template(workspace, "funding/awards")


def test_no_french_description_is_left_over_and_its_typography_is_canadian():
    french = yaml.safe_load((PROJECT / "data" / "raw" / FRENCH).read_text("utf-8"))
    said = {
        text
        for table in TABLES.values()
        for text in (table.description, *(field.description for field in table.fields))
    }
    assert set(french) == said
    for text in french.values():
        assert not re.search(r"[\"']|  | :|\s[;!?]", text), text
