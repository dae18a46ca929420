"""Files as people save them: what is read, and what is refused with which words."""

import contextlib
import datetime as dt
from pathlib import Path
from unicodedata import normalize

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.readers.sheets import ROW, read_cells

TEXT = "mineral,place,value\nnickel,Québec,12\nlithium,,3.5\n"


def read(tmp_path: Path, data: bytes | str) -> pd.DataFrame:
    file = tmp_path / "table.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_cells(file, "data/raw/table.csv")


def refused(tmp_path: Path, data: bytes | str) -> tuple[Problem, ...]:
    with pytest.raises(FiguresError) as caught:
        read(tmp_path, data)
    assert all(problem.file == "data/raw/table.csv" for problem in caught.value.problems)
    assert all(problem.expected and problem.remedy for problem in caught.value.problems)
    return caught.value.problems


def workbook(tmp_path: Path, rows: list[list], sheet: str = "table") -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    file = tmp_path / "table.xlsx"
    book.save(file)
    return file


def records(cells: pd.DataFrame) -> list[list]:
    return cells.astype(object).where(cells.notna(), None).to_numpy().tolist()


def test_cells_are_text_and_rows_count_as_in_a_spreadsheet(tmp_path: Path):
    cells = read(tmp_path, TEXT)
    assert list(cells.columns) == ["mineral", "place", "value", ROW]
    assert records(cells) == [["nickel", "Québec", "12", 2], ["lithium", None, "3.5", 3]]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        TEXT.replace(",", ", ").replace("nickel", " nickel "),
        TEXT.rstrip("\n"),
        TEXT.replace("nickel", '"nickel"'),
    ],
    ids=["byte-order mark", "Windows", "old Mac", "blanks", "no last line end", "quoted"],
)
def test_ways_of_saving_the_same_table_read_alike(tmp_path: Path, text: str):
    pd.testing.assert_frame_equal(read(tmp_path, text), read(tmp_path, TEXT))


def test_blank_lines_are_passed_over_without_shifting_rows(tmp_path: Path):
    cells = read(tmp_path, "a,b\n\n1,2\n,\n3,4\n")
    assert cells[ROW].tolist() == [3, 5]


def test_a_line_break_in_a_quoted_cell_is_one_row_as_in_a_spreadsheet(tmp_path: Path):
    assert records(read(tmp_path, 'a,b\n"x\ny",1\nz,2\n')) == [["x\ny", "1", 2], ["z", "2", 3]]


@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf", b"a,b\n", b"a,b\n,\n"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes):
    (problem,) = refused(tmp_path, data)
    assert problem.expected == "a header row and at least one figure"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("mac-roman", "mac-roman"),
    ],
)
def test_a_wrong_encoding_is_named_with_the_row_that_shows_it(
    tmp_path: Path, encoding: str, named: str
):
    (problem,) = refused(tmp_path, TEXT.encode(encoding))
    assert f"it looks like {named}" in problem.expected
    assert "CSV UTF-8" in problem.remedy
    assert (problem.row, problem.value) in {(2, "nickel,Québec,12"), (1, "mineral,place,value")}
    assert (problem.row == 1) is encoding.startswith("utf")


def test_utf16_of_plain_letters_is_not_taken_for_a_table(tmp_path: Path):
    (problem,) = refused(tmp_path, "a,b\n1,2\n".encode("utf-16-le"))
    assert "utf-16" in problem.expected


@pytest.mark.parametrize("data", [bytes(range(256)), b"\xff\xfe", b"\xff", b"a\n\x00"])
def test_bytes_of_no_encoding_are_refused(tmp_path: Path, data: bytes):
    (problem,) = refused(tmp_path, data)
    assert "text in UTF-8" in problem.expected


@given(st.binary(max_size=40))
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path: Path, data: bytes):
    with contextlib.suppress(FiguresError):
        assert ROW in read(tmp_path, data)


@pytest.mark.parametrize("opening", ["<!DOCTYPE html>", "\ufeff\n <html lang='en'>", "<head>"])
def test_a_web_page_saved_as_csv_is_recognised(tmp_path: Path, opening: str):
    (problem,) = refused(tmp_path, f"{opening}\n<body>1,2</body></html>\n")
    assert "web page" in problem.expected
    assert "Download the file itself" in problem.remedy


def test_a_web_page_in_another_encoding_is_still_a_web_page(tmp_path: Path):
    (problem,) = refused(tmp_path, "<html>Québec</html>".encode("cp1252"))
    assert "web page" in problem.expected


def test_a_workbook_named_csv_is_recognised(tmp_path: Path):
    (problem,) = refused(tmp_path, workbook(tmp_path, [["a"], [1]]).read_bytes())
    assert "Excel workbook" in problem.expected
    assert ".xlsx" in problem.remedy


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_marks_between_columns_are_recognised(tmp_path: Path, mark: str):
    (problem,) = refused(tmp_path, "\n" + TEXT.replace(",", mark).replace("3.5", "3,5"))
    assert "semicolons or tabs" in problem.expected


def test_every_ragged_row_is_told_with_what_to_do(tmp_path: Path):
    more, fewer = refused(tmp_path, "a,b\n1,2\n1,5,2\n1\n")
    assert (more.row, more.value, more.expected) == (3, "3 cells", "2 cells, as in the header")
    assert "decimals with a point" in more.remedy
    assert (fewer.row, fewer.value) == (4, "1 cell")
    assert "missing cells" in fewer.remedy


def test_columns_named_twice_or_not_at_all_are_told_together(tmp_path: Path):
    problems = refused(tmp_path, "a,a,\n1,2,3\n")
    assert [problem.column for problem in problems] == ["a", "(no name)"]
    assert {problem.row for problem in problems} == {1}


@pytest.mark.parametrize("text", ['a,b\n1,2\n3,"x\n4,y\n5,z\n', 'a,b\n1,2\n3,"x"y\n4,z\n'])
def test_a_stray_quotation_mark_swallows_nothing_in_silence(tmp_path: Path, text: str):
    (problem,) = refused(tmp_path, text)
    assert problem.row == 3
    assert "quotation mark" in problem.remedy


def test_a_cell_without_end_is_a_fault_of_the_figures(tmp_path: Path):
    (problem,) = refused(tmp_path, 'a,b\n1,"' + "x" * 200_000)
    assert problem.row == 2


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=5)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_whatever_stands_in_quoted_cells_is_read_as_it_stands(tmp_path: Path, rows: list):
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows]
    cells = read(tmp_path, "a,b\n" + "\n".join(",".join(row) for row in quoted))
    # A letter that can be written in two ways is read in one.
    composed = [tuple(normalize("NFC", cell) for cell in row) for row in rows]
    assert [tuple(record[:2]) for record in records(cells)] == composed


def test_a_workbook_gives_the_cells_that_the_csv_file_would(tmp_path: Path):
    rows = [
        ["mineral", "year", "day", "share", "tiny", "note"],
        ["nickel", 2024, dt.date(2026, 2, 27), 12.5, 1e-7, None],
        [None] * 6,
        ["lithium", 2025, dt.datetime(2026, 2, 28), 3, 1500000, " x "],  # noqa: DTZ001
    ]
    cells = read_cells(workbook(tmp_path, rows), "data/raw/table.xlsx")
    assert records(cells) == [
        ["nickel", "2024", "2026-02-27", "12.5", "0.0000001", None, 2],
        ["lithium", "2025", "2026-02-28", "3", "1500000", "x", 4],
    ]


def test_a_workbook_with_a_changed_sheet_names_what_it_found(tmp_path: Path):
    with pytest.raises(FiguresError) as caught:
        read_cells(workbook(tmp_path, [["a"], [1]], sheet="Sheet1"), "data/raw/table.xlsx")
    (problem,) = caught.value.problems
    assert problem.value == "Sheet1"
    assert problem.expected == "a sheet named 'table'"


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_a_broken_workbook_is_refused(tmp_path: Path, data: bytes):
    file = tmp_path / "table.xlsx"
    file.write_bytes(data)
    with pytest.raises(FiguresError, match=r"a readable Excel workbook|a whole file"):
        read_cells(file, "data/raw/table.xlsx")


def test_errors_and_uncalculated_formulas_in_a_workbook_do_not_turn_blank(tmp_path: Path):
    rows = [["a", "b"], [1, "#N/A"], ["=A2*2", 3]]
    with pytest.raises(FiguresError) as caught:
        read_cells(workbook(tmp_path, rows), "data/raw/table.xlsx")
    told = [(problem.row, problem.column, problem.value) for problem in caught.value.problems]
    assert told == [(2, "b", "#N/A"), (3, "a", "=A2*2")]


WIDE = "mineral,place,value\nnickel,Sudbury,12\nlithium,La Corne,3.5\n"


@pytest.mark.parametrize(
    "text",
    [
        WIDE.replace("\n", ",,\n"),
        WIDE.replace(",", ",,"),
        WIDE.replace("\n", "\n,,,,\n", 1),
        WIDE.replace("12\n", "12,,\n"),
    ],
    ids=["at the right", "between", "a blank row", "one row alone"],
)
def test_columns_without_name_or_cell_are_left_out(tmp_path: Path, text: str):
    expected = read(tmp_path, WIDE).drop(columns=ROW)
    pd.testing.assert_frame_equal(read(tmp_path, text).drop(columns=ROW), expected)


@pytest.mark.parametrize("title", ["Output by mineral", '"Output, by mineral"', "sep=,"])
@pytest.mark.parametrize("blanks", ["", ",,"])
def test_a_title_above_the_header_is_called_that(tmp_path: Path, title: str, blanks: str):
    (problem,) = refused(tmp_path, f"{title}{blanks}\n\n{WIDE}")
    assert problem.row == 1
    assert "a title above" in problem.expected
    assert problem.remedy == "Take the row out: the columns are named in row 3."


def test_a_footnote_is_not_to_be_filled_up(tmp_path: Path):
    problems = refused(tmp_path, f"{WIDE}Source: a publisher\n")
    assert [problem.row for problem in problems] == [4]
    assert "take the row out" in problems[0].remedy


def test_a_cell_astray_beside_the_table_is_told_where_it_stands(tmp_path: Path):
    (problem,) = refused(tmp_path, WIDE.replace("\n", ",,,\n").replace("12,,,", "12,,,x"))
    assert (problem.row, problem.value) == (2, "x")
    assert "column F" in problem.remedy


def test_a_column_of_remarks_without_a_name_is_told_with_its_letter(tmp_path: Path):
    (problem,) = refused(tmp_path, WIDE.replace("\n", ",,x\n").replace("value,,x", "value,,"))
    assert (problem.row, problem.column) == (1, "(no name)")
    assert "column E" in problem.remedy


def test_a_formula_is_told_by_the_name_of_its_column(tmp_path: Path):
    rows = [["mineral", "amount"], ["nickel", 5], ["lithium", "=B2*2"]]
    with pytest.raises(FiguresError) as caught:
        read_cells(workbook(tmp_path, rows), "data/raw/table.xlsx")
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.value) == (3, "amount", "=B2*2")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an Excel workbook of before 2007"),
        (b"\x1f\x8b\x08\x00", "a packed file"),
        (b"PK\x03\x04" + bytes(26) + b"10100001.csv", "a zip archive"),
        (b'{"type": "FeatureCollection", "features": []}', "GeoJSON"),
        (b'[{"responseStatusCode":0}]', "JSON"),
        (b"<?xml version='1.0'?><a/>", "XML"),
    ],
)
def test_a_file_under_a_wrong_name_is_told_as_what_it_is(tmp_path: Path, data: bytes, what: str):
    (problem,) = refused(tmp_path, data)
    assert problem.expected.startswith(f"a CSV table, but this is {what}")
    assert "CSV" in problem.remedy or "Download" in problem.remedy
