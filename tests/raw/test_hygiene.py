"""What people type by mistake, in the project's own tables: each told where it stands."""

import datetime as dt

import openpyxl
import pandas as pd
import pytest

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.raw.store import RawStore
from critical_minerals.tables.check_results import problems_of
from critical_minerals.workspace.paths import Workspace

TODAY = dt.date(2026, 9, 30)


def found(workspace: Workspace, table: str) -> list[Problem]:
    """Check one table alone: the others are as they were."""
    return problems_of(RawStore(workspace, last_year=2027).results(table))


def append(raw, table: str, row: int, **cells: str) -> int:
    """Write a row once more, with some other cells, at the end of a table."""
    rows = raw.rows(table)
    twin = dict(zip(rows[0], rows[row - 1], strict=True)) | cells
    raw.write(table, [*rows, [*twin.values()]])
    return len(rows) + 1


@pytest.mark.parametrize(
    ("table", "column", "typed", "expected", "remedy"),
    [
        ("progress/mines", "province", "Zaire", "list of places (province, territory)", ""),
        ("partnerships/members", "member", "Zaïre", "list of places", "Did you mean 'CD'?"),
        ("funding/awards", "recipient", "SociÃ©tÃ©", "decoded rightly", "Write 'Société'"),
        ("funding/awards", "award_id", "../../etc/passwd", "lower-case letters", ""),
    ],
)
def test_a_mistyped_cell_is_told_with_a_remedy_of_its_own(
    workspace: Workspace, raw, table, column, typed, expected, remedy
):
    raw.set(table, 2, column, typed)
    (problem,) = found(workspace, table)
    assert (problem.row, problem.column) == (2, column)
    assert expected in problem.expected
    assert remedy in problem.remedy


def test_one_award_under_two_ids_is_told(workspace: Workspace, raw):
    again = append(raw, "funding/awards", 2, award_id="hydro_2", recipient="B.C. Hydro")
    (problem,) = found(workspace, "funding/awards")
    assert (problem.row, problem.column, problem.value) == (again, "award_id", "hydro_2")
    assert "bc_hydro_transmission" in problem.expected
    assert "row 2 holds it already" in problem.expected


@pytest.mark.parametrize(
    "other",
    [
        {"recipient": "Hydro-Québec"},
        {"project_en": "Dams and tunnels"},
        {"amount": "50000001"},
        {"announced": "2026-03-02"},
        {"programme": "not_stated"},
        {"award_id": "bc_hydro_transmission", "source_id": "NRCAN_GPI"},
    ],
)
def test_awards_that_differ_are_two(workspace: Workspace, raw, other):
    append(raw, "funding/awards", 2, **{"award_id": "hydro_2"} | other)
    assert found(workspace, "funding/awards") == []


@pytest.mark.parametrize("zeros", ["all", "the total"])
def test_a_series_of_zeros_is_told(workspace: Workspace, raw, zeros):
    table = "supply/reserves"
    header, *rows = raw.rows(table)
    at = {name: header.index(name) for name in ("mineral", "country", "year", "quantity")}
    wrong = [
        n
        for n, row in enumerate(rows)
        if (row[at["mineral"]], row[at["year"]]) == ("graphite", "2025")
        and (zeros == "all" or row[at["country"]] == "WLD")
    ]
    for n in wrong:
        rows[n][at["quantity"]] = "0"
    raw.write(table, [header, *rows])
    problems = found(workspace, table)
    assert {(p.column, p.value) for p in problems} == {("quantity", "0")}
    assert any("country=WLD" in p.expected and "above 0" in p.expected for p in problems)


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        ("vocabulary/places", "name_en", "Andorra"),
        ("vocabulary/places", "aliases", "The Bahamas;andorre"),
        ("vocabulary/minerals", "name_fr", "Lithium"),
    ],
)
def test_a_name_of_two_ids_is_told(workspace: Workspace, raw, table, column, cell):
    key = {"vocabulary/places": "place_id", "vocabulary/minerals": "mineral"}[table]
    names = {"name_en": "Nowhere", "name_fr": "Nulle part", "aliases": ""}
    row = append(raw, table, 3, **{key: "zz"} | names | {column: cell})
    problems = found(workspace, table)
    assert {(p.row, p.column) for p in problems if "too" in p.expected} == {(row, column)}


@pytest.mark.parametrize("cells", [["Total"], ["Source: a publisher"], ["Total", "2024"]])
def test_a_row_that_is_mostly_blank_is_told_once(workspace: Workspace, raw, cells):
    table = "trade/mineral_exports"
    header, *rows = raw.rows(table)
    stump = [*cells, *[""] * (len(header) - len(cells))]
    raw.write(table, [header, *rows, stump])
    (problem,) = found(workspace, table)
    assert (problem.row, problem.value) == (len(rows) + 2, ", ".join(cells))
    assert "If it is a total, a title or a remark, take the row out" in problem.remedy


@pytest.mark.parametrize(
    ("file", "table", "named"),
    [
        ("statcan/33100036-eng.zip", "trade/production", "Statistics Canada, Table 33-10-0036"),
        ("usgs/MCS2026_Commodities_Data.csv", "supply/uses", "Mineral Commodity Summaries 2026"),
    ],
)
def test_a_publishers_file_in_the_place_of_a_table_is_known(
    workspace: Workspace, raw, file, table, named
):
    raw.path(table).write_bytes((raw.root / file).read_bytes())
    with pytest.raises(FiguresError) as caught:
        RawStore(workspace).results(table)
    (problem,) = caught.value.problems
    assert named in problem.expected
    assert f"python pipeline.py add {raw.path(table).name}" in problem.remedy


def test_a_table_that_nothing_declares_is_told_how_it_is_declared(workspace: Workspace, raw):
    raw.path("trade/duties").write_text("a,b\n1,2\n", "utf-8")
    (problem,) = RawStore(workspace).check()
    assert problem.file == "data/raw/trade/duties.csv"
    assert "data/raw/trade/duties.schema.yaml" in problem.remedy


def test_a_percentage_in_a_workbook_is_read_as_it_shows(workspace: Workspace, raw):
    path = raw.as_workbook("supply/china_shares_2020")
    before = RawStore(workspace).read("supply/china_shares_2020", TODAY)["share_pct"]
    book = openpyxl.load_workbook(path)
    for (cell,) in book.active.iter_rows(min_row=2, min_col=2, max_col=2):
        if cell.value is not None:
            cell.value, cell.number_format = cell.value / 100, "0%"
    book.save(path)
    after = RawStore(workspace).read("supply/china_shares_2020", TODAY)["share_pct"]
    pd.testing.assert_series_equal(after, before)


def test_a_percentage_where_none_is_meant_is_refused(workspace: Workspace, raw):
    path = raw.as_workbook("trade/production")
    book = openpyxl.load_workbook(path)
    at = raw_header(book.active).index("quantity")
    book.active.cell(2, at + 1).number_format = "0%"
    book.save(path)
    (problem,) = found(workspace, "trade/production")
    assert (problem.row, problem.column) == (2, "quantity")
    assert problem.value.endswith("%")


def raw_header(sheet) -> list:
    return [cell.value for cell in sheet[1]]
