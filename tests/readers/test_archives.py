"""Damaged and hostile workbooks: read, or refused with a sentence, and never anything else."""

import io
import re
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.readers.grids import read_grid
from critical_minerals.readers.known import recognised
from critical_minerals.readers.sheets import read_cells

NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text")
)
OPEN_SHEET = (
    f"<office:document-content {NAMESPACES}><office:body><office:spreadsheet>"
    '<table:table table:name="table"><table:table-row>'
    '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    '<table:table-cell office:value-type="string"><text:p>b</text:p></table:table-cell>'
    '</table:table-row><table:table-row table:number-rows-repeated="2">'
    '<table:table-cell office:value-type="float" office:value="1.5"><text:p>1.5</text:p>'
    '</table:table-cell><table:table-cell table:number-columns-repeated="16"/>'
    '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)


def excel() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "table"
    for row in [["a", "b", "c"], [1, "x", 0.36], [2, "é", 0.5]]:
        sheet.append(row)
    sheet["C2"].number_format = "0%"
    sheet.column_dimensions["F"].hidden = True
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def open_document(content: str = OPEN_SHEET) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr("content.xml", content)
    return file.getvalue()


EXCEL, OPEN = excel(), open_document()


def repacked(part: str, old: str, new: str) -> bytes:
    """Write the workbook anew with one of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(EXCEL)) as good, zipfile.ZipFile(file, "w") as archive:
        for name in good.namelist():
            text = good.read(name).decode()
            assert name != part or old in text
            archive.writestr(name, text.replace(old, new, 1) if name == part else text)
    return file.getvalue()


def with_part(name: str | zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    file = io.BytesIO(EXCEL)
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of a name that is there already
        archive.writestr(name, content)
    return file.getvalue()


def bomb() -> bytes:
    """Say that a small part unpacks to half a gigabyte."""
    file = io.BytesIO(EXCEL)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/bomb.xml", b"x")
        archive.filelist[-1].file_size = 500_000_000
    return file.getvalue()


def link() -> bytes:
    part = zipfile.ZipInfo("xl/styles2.xml")
    part.create_system, part.external_attr = 3, 0o120777 << 16
    return with_part(part, b"/etc/passwd")


def refused(tmp_path: Path, data: bytes) -> Problem:
    """Have a file refused, as a table of the project and as a file of one's own."""
    path = tmp_path / "table.xlsx"
    path.write_bytes(data)
    with pytest.raises(FiguresError) as own:
        read_grid(path, "table.xlsx")
    if data[:200].count(b"oasis") == 0:
        with pytest.raises(FiguresError) as project:
            read_cells(path, "table.xlsx")
        assert project.value.problems[0].remedy == own.value.problems[0].remedy
    (problem,) = own.value.problems
    return problem


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "expected", "remedy"),
    [
        (bomb(), "unpacks to less than 400 MB", "save it anew"),
        (with_part("../../etc/cron.d/x"), "part '../../etc/cron.d/x' leads out", "save it anew"),
        (with_part("/etc/passwd"), "part '/etc/passwd' leads out of it", "save it anew"),
        (link(), "part 'xl/styles2.xml' leads out of it", "save it anew"),
        (with_part(SHEET, b"<worksheet/>"), "once, not 2 times", "save it anew"),
        (repacked(SHEET, "<worksheet", f"{ENTITIES}<worksheet"), "document type", "save it anew"),
        (
            repacked("xl/workbook.xml", "<workbook", f"{ENTITIES}<workbook"),
            "'xl/workbook.xml' declares a document type",
            "save it anew",
        ),
        (
            repacked(SHEET, 'r="C3"', 'r="XFD1048576"'),
            "a cell stands at XFD1048576, 1,048,576 rows by 16,384 columns",
            "clear all rows and columns past the table",
        ),
        (repacked(SHEET, 'r="C3"', 'r="ZZZ9999999"'), "beyond the end of a sheet", "save it anew"),
        (open_document(ENTITIES + OPEN_SHEET), "declares a document type", "save it anew"),
        (
            open_document(OPEN_SHEET.replace('repeated="2"', 'repeated="1048575"')),
            "1,048,576 rows by 18 columns",
            "clear all rows",
        ),
        (
            open_document(OPEN_SHEET.replace('repeated="16"', 'repeated="99999999"')),
            "a readable workbook",
            "save it anew",
        ),
        (OPEN[: len(OPEN) // 2], "a whole file; it begins as a zip", "download it again"),
        (EXCEL[: len(EXCEL) // 2], "a whole file; it begins as a zip", "download it again"),
    ],
    ids=lambda given: re.sub(r"\W+", "-", given[:24]) if isinstance(given, str) else "",
)
def test_a_hostile_workbook_is_refused_with_what_it_is(
    tmp_path: Path, data: bytes, expected: str, remedy: str
):
    problem = refused(tmp_path, data)
    assert expected in problem.expected
    assert remedy in problem.remedy


def test_a_zip_that_is_no_workbook_is_told_by_what_is_in_it(tmp_path: Path):
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("reserves.csv", "mineral\n")
    with pytest.raises(FiguresError, match=r"in this one is reserves.csv. Take the table"):
        read_grid(path, "download.zip")


def test_readers_of_official_files_look_a_workbook_through_before_they_open_it(tmp_path: Path):
    """A cell in the far corner used to end the whole process: there is no memory for its area."""
    path = tmp_path / "prices.xlsx"
    path.write_bytes(repacked(SHEET, 'r="C3"', 'r="XFD1048576"'))
    with pytest.raises(FiguresError, match="a cell stands at XFD1048576"):
        recognised(path)
    path.write_bytes(EXCEL)
    assert recognised(path) is None


def test_a_cell_far_to_the_right_keeps_its_column(tmp_path: Path):
    path = tmp_path / "table.ods"
    path.write_bytes(open_document(OPEN_SHEET.replace('repeated="16"', 'repeated="2000"')))
    rows = dict(read_grid(path, "table.ods").rows)
    assert [at for at, cell in enumerate(rows[2]) if cell] == [0, 2001]
