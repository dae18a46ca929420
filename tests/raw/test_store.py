"""All raw tables together, on the project's own figures broken in many ways."""

import datetime as dt

import pandas as pd
import pytest

from critical_minerals.errors import NAMED, FiguresError, Problem, UsageError, number_of
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import Workspace

TODAY = dt.date(2026, 9, 30)


def found(workspace: Workspace) -> list[Problem]:
    return RawStore(workspace).check()


def test_the_projects_own_figures_are_sound(workspace: Workspace):
    assert [str(problem) for problem in found(workspace)] == []


def test_everything_that_is_wrong_comes_at_once_over_all_files(workspace: Workspace, raw):
    header, *rows = raw.rows("trade/production")
    header[header.index("quantity")] = "quantty"
    raw.write("trade/production", [header, *rows])
    raw.set("trade/mineral_exports", 3, "value_cad", "12 billion")
    raw.set("trade/mineral_exports", 4, "value_cad", "1,5")
    raw.set("trade/domestic_exports", 2, "value_cad", "355,560,820")
    raw.set("funding/awards", 3, "as_of", "2026-02-30")
    raw.set("funding/awards", 6, "source_id", "NRCAN_GPY")
    raw.set("partnerships/members", 2, "member", "Argentina")
    raw.set("supply/china_shares_2020", 2, "mineral", "cobolt")
    raw.write("progress/mines", [*raw.rows("progress/mines"), raw.rows("progress/mines")[4]])
    raw.path("progress/exploration").write_bytes(b"")
    raw.write("funding/envelopes", raw.rows("funding/envelopes"), encoding="cp1252")
    raw.write("funding/results", raw.rows("funding/results"), encoding="utf-16")
    raw.path("funding/limits").write_text("<!DOCTYPE html><html></html>", "utf-8")
    raw.write("supply/reserves", raw.rows("supply/reserves"), delimiter=";")
    ragged = raw.rows("partnerships/ally_strategies")
    ragged[2].append("more")
    raw.write("partnerships/ally_strategies", ragged)
    raw.as_workbook("progress/indicators", sheet="Sheet1")
    raw.path("criticism/statements").unlink()

    told = found(workspace)
    places = {problem.place.removeprefix("data/raw/") for problem in told}
    mines = len(raw.rows("progress/mines"))
    assert places >= {
        "trade/production.csv, row 1, column quantity",
        "trade/production.csv, row 1, column quantty",
        "trade/mineral_exports.csv, row 3, column value_cad",
        "trade/mineral_exports.csv, row 4, column value_cad",
        "trade/domestic_exports.csv, row 2, column value_cad",
        "funding/awards.csv, row 3, column as_of",
        "funding/awards.csv, row 6, column source_id",
        "partnerships/members.csv, row 2, column member",
        "supply/china_shares_2020.csv, row 2, column mineral",
        f"progress/mines.csv, row {mines}",
        "progress/exploration.csv",
        "funding/results.csv, row 1",
        "funding/limits.csv",
        "supply/reserves.csv",
        "partnerships/ally_strategies.csv, row 3",
        "progress/indicators.xlsx",
        "criticism/statements.csv",
    }
    assert any(place.startswith("funding/envelopes.csv, row ") for place in places)
    assert len(told) == len(places) == 18
    remedies = {problem.place.removeprefix("data/raw/"): problem.remedy for problem in told}
    assert "'AR'" in remedies["partnerships/members.csv, row 2, column member"]
    assert "'NRCAN_GPI'" in remedies["funding/awards.csv, row 6, column source_id"]
    assert "355560820" in remedies["trade/domestic_exports.csv, row 2, column value_cad"]


def test_a_list_that_cannot_be_read_is_one_fault_not_one_for_every_row(workspace: Workspace, raw):
    raw.path("sources").write_bytes(b"")
    raw.path("vocabulary/minerals").write_text("<html></html>", "utf-8")
    assert sorted(problem.file for problem in found(workspace)) == [
        "data/raw/sources.csv",
        "data/raw/vocabulary/minerals.csv",
    ]


def test_a_file_that_would_not_be_read_is_told_with_the_table_it_may_be(workspace: Workspace, raw):
    raw.path("supply/reserves").rename(raw.path("supply/reservs"))
    (raw.root / "supply" / "~$reserves.xlsx").touch()
    (raw.root / "trade" / "production.xls").touch()
    told = {problem.file.removeprefix("data/raw/"): problem for problem in found(workspace)}
    assert set(told) == {"supply/reservs.csv", "supply/reserves.csv", "trade/production.xls"}
    assert "Did you mean 'supply/reserves'?" in told["supply/reservs.csv"].remedy
    assert told["supply/reserves.csv"].expected == "this file"


@pytest.mark.parametrize("table", ["trade/mineral_exports", "progress/mines"])
def test_a_workbook_stands_in_for_a_csv_file(workspace: Workspace, raw, table: str):
    before = RawStore(workspace).read(table, TODAY)
    raw.as_workbook(table)
    after = RawStore(workspace).read(table, TODAY)
    assert set(after["origin"].str.partition(":")[0]) == {f"data/raw/{table}.xlsx"}
    after["origin"] = after["origin"].str.replace(".xlsx", ".csv")
    pd.testing.assert_frame_equal(before, after)


def test_two_files_for_one_table_are_refused(workspace: Workspace, raw):
    good = raw.path("progress/mines").read_bytes()
    raw.as_workbook("progress/mines")
    raw.path("progress/mines").write_bytes(good)
    with pytest.raises(FiguresError) as caught:
        RawStore(workspace).read("progress/mines", TODAY)
    (problem,) = caught.value.problems
    assert problem.value == "mines.csv and mines.xlsx"
    assert problem.expected == "one file for this table"


def test_an_unknown_table_is_refused_with_the_nearest(workspace: Workspace):
    with pytest.raises(UsageError, match="Did you mean 'funding/awards'"):
        RawStore(workspace).read("funding/award", TODAY)


def test_a_revised_figure_shows_its_older_value_on_an_older_day(workspace: Workspace, raw):
    header, *rows = raw.rows("trade/mineral_exports")
    first = dict(zip(header, rows[0], strict=True)) | {"as_of": "2023-03-31", "value_cad": "100"}
    revised = first | {"as_of": "2024-06-30", "value_cad": "110"}
    raw.write("trade/mineral_exports", [header, [*first.values()], [*revised.values()]])
    store = RawStore(workspace)

    def value(*day: int) -> list[float]:
        return store.read("trade/mineral_exports", dt.date(*day))["value_cad"].tolist()

    assert value(2023, 3, 30) == []
    assert value(2023, 3, 31) == value(2024, 6, 29) == [100]
    assert value(2024, 6, 30) == [110]


def test_faults_of_one_table_stop_its_reading_with_all_of_them(workspace: Workspace, raw):
    raw.set("progress/mines", 2, "latitude", "north")
    raw.set("progress/mines", 3, "province", "CA-XX")
    with pytest.raises(FiguresError) as caught:
        RawStore(workspace).read("progress/mines", TODAY)
    assert [problem.row for problem in caught.value.problems] == [2, 3]


def test_every_table_describes_itself_and_each_column(workspace: Workspace):
    for table in RawStore(workspace).tables.values():
        assert table.description.endswith(".")
        assert all(field.description.endswith(".") for field in table.fields), table.name


def test_a_character_that_stops_the_drawing_is_refused_where_it_stands(workspace: Workspace, raw):
    raw.set("vocabulary/minerals", 2, "name_en", "Alu\x0bminum")
    (problem,) = found(workspace)
    assert str(problem) == (
        "data/raw/vocabulary/minerals.csv, row 2, column name_en: found 'Alu<U+000B>minum'; "
        "expected text without an invisible character (U+000B). "
        "Take it out: write the cell anew, on one line."
    )


def test_a_table_of_many_ragged_rows_names_some_and_counts_the_others(workspace: Workspace, raw):
    header, *rows = raw.rows("supply/world_production")
    raw.write("supply/world_production", [header, *([*row, "more"] for row in rows)])
    told = [p for p in found(workspace) if p.file.endswith("world_production.csv")]
    assert [problem.row for problem in told] == [*range(2, NAMED + 2), None]
    assert told[-1].value == f"{len(rows) - NAMED} more of the same kind"
    assert number_of(told) == len(rows)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_an_address_that_no_document_may_link_to_is_refused(workspace: Workspace, raw, url: str):
    raw.set("sources", 2, "url", url)
    (problem,) = found(workspace)
    assert problem.place == "data/raw/sources.csv, row 2, column url"
    assert "an address that begins with https://, http:// or doi:" in problem.expected


@pytest.mark.parametrize(
    ("column", "typed", "expected"),
    [
        ("as_of", "2206-03-04", "a year from 1990 to 2027"),
        ("as_of", "1926-03-04", "a year from 1990 to 2027"),
        ("announced", "2028-03", "a year from 1990 to 2027"),
    ],
)
def test_a_mistyped_year_is_refused(workspace: Workspace, raw, column, typed, expected):
    raw.set("funding/awards", 2, column, typed)
    problems = RawStore(workspace, last_year=2027).check()
    assert [(p.row, p.column, p.value) for p in problems if p.column == column] == [
        (2, column, typed)
    ]
    assert expected in str(problems[0])


def test_the_end_of_a_plan_may_lie_ahead(workspace: Workspace, raw):
    raw.set("progress/major_projects", 2, "period_end", "2045")
    assert RawStore(workspace, last_year=2027).check() == []


def test_an_announcement_after_the_day_on_which_it_was_public_is_refused(workspace, raw):
    raw.set("funding/awards", 2, "announced", "2026-03-09")
    (problem,) = found(workspace)
    assert (problem.row, problem.column) == (2, "as_of")


@pytest.mark.parametrize("rows", [[3], [3, 4, 5, 6, 7]])
def test_a_blank_unit_is_told_and_ends_nothing_else(workspace: Workspace, raw, rows):
    for row in rows:
        raw.set("trade/production", row, "unit", "")
    problems = found(workspace)
    assert [(p.row, p.column) for p in problems] == [(row, "unit") for row in rows]


def test_every_unit_of_a_series_blank_is_told_row_by_row(workspace: Workspace, raw):
    header, *rows = raw.rows("trade/production")
    unit = header.index("unit")
    raw.write("trade/production", [header, *([*r[:unit], "", *r[unit + 1 :]] for r in rows)])
    assert {problem.column for problem in found(workspace)} == {"unit"}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("partnerships/engagement", "precision"),
        ("criticism/statements", "precision"),
        ("progress/planned_projects", "currency"),
    ],
)
def test_a_value_without_its_precision_is_refused(workspace: Workspace, raw, table, column):
    header, *rows = raw.rows(table)
    full = header.index(column)
    row = next(n for n, cells in enumerate(rows, start=2) if cells[full])
    raw.set(table, row, column, "")
    (problem,) = found(workspace)
    assert (problem.row, problem.column) == (row, column)


def test_rows_of_a_later_day_are_counted_as_waiting(workspace: Workspace, raw):
    assert RawStore(workspace).waiting(TODAY) == {}
    rows = raw.rows("funding/awards")
    later = [*rows[1]]
    later[rows[0].index("as_of")] = "2026-11-15"
    raw.write("funding/awards", [*rows, later])
    assert RawStore(workspace).waiting(TODAY) == {"funding/awards": 1}


def test_the_first_day_of_a_figure_survives_its_revision(workspace: Workspace, raw):
    rows = raw.rows("partnerships/members")
    revised = [*rows[1]]
    revised[rows[0].index("as_of")] = "2026-09-01"
    raw.write("partnerships/members", [*rows, revised])
    members = RawStore(workspace).read("partnerships/members", TODAY)
    row = members[members["as_of"] == "2026-09-01"].iloc[0]
    assert str(row["public_since"].date()) == rows[1][rows[0].index("as_of")]


@pytest.mark.parametrize(
    ("table", "column", "typed"),
    [
        ("funding/awards", "provinces", "SK"),
        ("funding/awards", "provinces", "CA-QC;FR"),
        ("progress/mines", "province", "FR"),
        ("progress/planned_projects", "province", "CA"),
    ],
)
def test_a_country_is_no_province(workspace: Workspace, raw, table, column, typed):
    raw.set(table, 2, column, typed)
    (problem,) = found(workspace)
    assert (problem.row, problem.column, problem.value) == (2, column, typed)
    assert "province" in problem.expected
