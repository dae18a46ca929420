"""An analyst's own files: what they show is what is read, and what they hide is told."""

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles.numbers import FORMAT_PERCENTAGE

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.raw.own import FileMapping, OwnRows, find_mapping, read_own
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import Workspace

TABLE = "things/outputs"
SCHEMA = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
description: What comes out.
fields:
  - {name: mineral, type: string, description: Mineral., constraints: {required: true}}
  - {name: year, type: year, description: Year., constraints: {required: true}}
  - {name: quantity, type: number, description: How much.}
  - {name: unit, type: string, description: Unit.}
  - {name: share_pct, type: number, description: Share., x-unit: percent}
  - {name: firm, type: boolean, description: Firm?, trueValues: ['yes'], falseValues: ['no']}
  - {name: state, type: string, description: State., constraints: {enum: [planned, in_use]}}
  - {name: since, type: string, description: Since., x-kind: partial_date}
  - {name: as_of, type: date, description: Day., constraints: {required: true}}
  - {name: note, type: string, description: Remark.}
primaryKey: [mineral, year, as_of]
foreignKeys:
  - fields: [mineral]
    reference: {resource: vocabulary/minerals, fields: [mineral]}
  - fields: [unit]
    reference: {resource: vocabulary/units, fields: [unit]}
"""
HEADER = ["mineral", "year", "quantity", "unit", "share_pct", "as_of"]
ROW = ["nickel", "2024", "12.5", "kt", "36", "2026-02-27"]


@pytest.fixture
def store(workspace: Workspace) -> RawStore:
    folder = workspace.raw / "things"
    folder.mkdir()
    (folder / "outputs.schema.yaml").write_text(SCHEMA, "utf-8")
    (folder / "outputs.csv").write_text(
        "mineral,year,quantity,unit,share_pct,firm,state,since,as_of,note\n"
        "lithium,2023,1,kt,,,,,2025-01-01,\n",
        "utf-8",
    )
    return RawStore(workspace)


def read(store: RawStore, path: Path, mapping: FileMapping | None = None) -> OwnRows:
    return read_own(path, store.tables, store.known, mapping or find_mapping(path))


def csv_file(tmp_path: Path, lines: list[list[str]], mark: str = ",", **how: str) -> Path:
    path = tmp_path / how.pop("name", "outputs.csv")
    text = "".join(mark.join(line) + "\r\n" for line in lines)
    path.write_bytes(text.encode(how.get("encoding", "utf-8")))
    return path


def workbook(tmp_path: Path, lines: list[list[object]]) -> tuple[openpyxl.Workbook, Path]:
    book = openpyxl.Workbook()
    book.active.title = "outputs"
    for line in lines:
        book.active.append(line)
    return book, tmp_path / "mine.xlsx"


def first(own: OwnRows) -> dict[str, str]:
    record = own.cells.iloc[0]
    return {name: record[name] for name in own.cells.columns if str(record[name]) != "<NA>"}


def told(store: RawStore, path: Path) -> list[Problem]:
    try:
        return [*read(store, path).problems]
    except FiguresError as error:
        return [*error.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_usual_encoding_and_separator_reads_alike(store, tmp_path, encoding: str, mark: str):
    note = "Éléments réservés à la région côtière de l’Île"
    path = csv_file(tmp_path, [[*HEADER, "note"], [*ROW, note]], mark, encoding=encoding)
    own = read(store, path)
    assert own.table == TABLE
    assert not own.problems
    assert first(own) | {"row_number": "2"} == dict(zip(HEADER, ROW, strict=True)) | {
        "note": note,
        "row_number": "2",
        "file_name": "outputs.csv",
    }


def test_excels_own_word_for_the_separator_is_no_header(store, tmp_path):
    path = tmp_path / "outputs.csv"
    path.write_text("sep=;\n" + ";".join(HEADER) + "\n" + ";".join(ROW) + "\n", "utf-8")
    own = read(store, path)
    assert (first(own)["quantity"], first(own)["row_number"]) == ("12.5", 3)


@pytest.mark.parametrize(
    ("cells", "figures"),
    [
        (["1 234,5", "1,234"], ["1234.5", "1.234"]),
        (["1\u00a0234,5", "2\u202f000"], ["1234.5", "2000"]),
        (["1,234.5", "1,234"], ["1234.5", "1234"]),
        (["1.234,5", "1.234"], ["1234.5", "1234"]),
        (["1'234.50", "12"], ["1234.50", "12"]),
        (["0,375", "12,5"], ["0.375", "12.5"]),
        (["1,234,567", "1,234"], ["1234567", "1234"]),
        (["(5)", "−7,5"], ["-5", "-7.5"]),
        (["$ 5.25", "12 $"], ["5.25", "12"]),
        (["1.234", "5"], ["1.234", "5"]),
    ],
)
def test_figures_are_read_as_the_file_writes_them(store, tmp_path, cells, figures):
    rows = [[*ROW[:1], str(2020 + at), cell, *ROW[3:]] for at, cell in enumerate(cells)]
    own = read(store, csv_file(tmp_path, [HEADER, *rows], ";"))
    assert not own.problems
    assert [*own.cells["quantity"]] == figures


def test_a_figure_that_may_be_two_is_told_until_somebody_says_which(store, tmp_path):
    path = csv_file(tmp_path, [HEADER, [*ROW[:2], "1,234", *ROW[3:]]], ";")
    (problem,) = told(store, path)
    assert (problem.file, problem.row, problem.column) == ("outputs.csv", 2, "quantity")
    assert problem.value == "1,234"
    assert "decimal" in problem.remedy
    assert first(read(store, path, FileMapping(decimal=",")))["quantity"] == "1.234"
    assert first(read(store, path, FileMapping(decimal=".")))["quantity"] == "1234"


def test_a_file_that_writes_decimals_in_two_ways_is_told(store, tmp_path):
    rows = [[*ROW[:1], "2020", "1,5", *ROW[3:]], [*ROW[:1], "2021", "1.5", *ROW[3:]]]
    assert "row 3 has another" in told(store, csv_file(tmp_path, [HEADER, *rows], ";"))[0].expected


@pytest.mark.parametrize(
    ("column", "cell", "read_as"),
    [
        ("share_pct", "36 %", "36"),
        ("quantity", "5 kt", "5"),
        ("quantity", "5 t", "5 t"),
        ("quantity", "36 %", "36 %"),
        ("mineral", "Graphite", "graphite"),
        ("mineral", "Nickel", "nickel"),
        ("unit", "kt", "kt"),
        ("firm", "VRAI", "yes"),
        ("firm", "oui", "yes"),
        ("state", "In use", "in_use"),
        ("as_of", "2026-02-27 00:00:00", "2026-02-27"),
    ],
)
def test_words_become_what_the_table_has(store, tmp_path, column: str, cell: str, read_as: str):
    row = dict(zip(HEADER, ROW, strict=True)) | {column: cell}
    own = read(store, csv_file(tmp_path, [[*row], [*row.values()]]))
    assert not own.problems
    assert first(own)[column] == read_as


def test_a_mapping_says_what_headers_and_words_mean(store, tmp_path):
    path = csv_file(
        tmp_path,
        [
            ["Production, en milliers de tonnes", "", "", ""],
            ["Minerai", "Année", "Quantité", "Interne"],
            ["Nickel", "2024", "1 234,5", "x"],
        ],
        ";",
        name="mine.csv",
        encoding="cp1252",
    )
    missing = told(store, path)
    assert "header: 2" in missing[0].remedy
    (tmp_path / "mine.csv.mapping.yml").write_text(
        f"table: {TABLE}\nheader: 2\n"
        "columns: {Minerai: mineral, Année: year, Quantité: quantity}\n"
        "constants: {unit: kt, as_of: '2026-02-27'}\nignore: [Interne]\n",
        "utf-8",
    )
    own = read(store, path)
    assert not own.problems
    assert first(own) == {
        "mineral": "nickel",
        "year": "2024",
        "quantity": "1234.5",
        "unit": "kt",
        "as_of": "2026-02-27",
        "row_number": 3,
        "file_name": "mine.csv",
    }


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ([*HEADER[:5], "asof", "as_of"], "a column of things/outputs"),
        ([*HEADER[:2], "Quantity", "quantity", *HEADER[4:]], "quantity once"),
        (HEADER[1:], "lacks mineral"),
    ],
)
def test_headers_that_do_not_fit_are_told(store, tmp_path, header: list[str], words: str):
    path = csv_file(tmp_path, [header, ["1"] * len(header)])
    assert any(words in problem.expected for problem in told(store, path))


def test_a_workbook_is_read_as_it_shows(store, tmp_path):
    columns = [*HEADER, "since", "firm", "note"]
    day = dt.date(2026, 2, 27)
    row = ["nickel", 2024, 0.1 + 0.2, "kt", 0.36, day, dt.date(2026, 2, 1), True, 42]
    book, path = workbook(tmp_path, [columns, row])
    formats = {"E2": FORMAT_PERCENTAGE, "G2": "yyyy\\-mm", "I2": "0000", "F2": "d mmmm yyyy"}
    for cell, code in formats.items():
        book.active[cell].number_format = code
    book.save(path)
    own = read(store, path)
    assert not own.problems
    assert first(own) == {
        "mineral": "nickel",
        "year": "2024",
        "quantity": "0.3",
        "unit": "kt",
        "share_pct": "36",
        "as_of": "2026-02-27",
        "since": "2026-02",
        "firm": "yes",
        "note": "0042",
        "row_number": 2,
        "file_name": "mine.xlsx",
    }
    assert "sheet outputs" in own.form


def trap(book: openpyxl.Workbook, what: str) -> None:
    sheet = book.active
    match what:
        case "hidden row":
            sheet.row_dimensions[2].hidden = True
        case "filtered row":
            sheet.row_dimensions[2].hidden = True
            sheet.auto_filter.ref = "A1:F3"
            sheet.auto_filter.add_filter_column(0, ["lithium"])
        case "hidden column":
            sheet.column_dimensions["C"].hidden = True
        case "merged":
            sheet.merge_cells("A2:A3")
        case "error":
            sheet["C2"] = "#N/A"
        case "formula":
            sheet["C2"] = "=1+1"
        case "thousands":
            sheet["C2"].number_format = "#,##0,"
        case "truth":
            sheet["G2"] = True
        case "hidden sheet":
            sheet.sheet_state = "hidden"
            book.create_sheet("draft").append(["a"])


@pytest.mark.parametrize(
    ("what", "row", "column", "words"),
    [
        ("hidden row", 2, None, "this one is hidden"),
        ("filtered row", 2, None, "this one is filtered out"),
        ("hidden column", 2, "quantity", "this one is hidden"),
        ("merged", 2, "mineral", "A2:A3 are merged"),
        ("error", 2, "quantity", "a value"),
        ("formula", 2, "quantity", "a value"),
        ("thousands", 2, "quantity", "shows it in thousands"),
        ("truth", 2, "note", "truth value"),
    ],
)
def test_what_a_workbook_hides_is_told_with_its_place(store, tmp_path, what, row, column, words):
    rows = [["nickel", year, 5000, "kt", 36, dt.date(2026, 2, 27)] for year in (2023, 2024)]
    book, path = workbook(tmp_path, [[*HEADER, "note"], *rows])
    trap(book, what)
    book.save(path)
    places = {(one.file, one.row, one.column): one for one in told(store, path)}
    problem = places["mine.xlsx", row, column]
    assert words in problem.expected
    assert problem.remedy


@pytest.mark.parametrize("what", ["hidden row", "merged", "thousands", "truth"])
def test_a_workbook_in_the_place_of_a_table_is_held_to_the_same(store, workspace, what: str):
    rows = [["nickel", year, 5000, "kt", 36, dt.date(2026, 2, 27)] for year in (2023, 2024)]
    empty = ["firm", "state", "since"]
    book, _ = workbook(workspace.raw, [[*HEADER, "note", *empty], *rows])
    trap(book, what)
    book.save(workspace.raw / "things" / "outputs.xlsx")
    (workspace.raw / "things" / "outputs.csv").unlink()
    with pytest.raises(FiguresError, match=r"outputs\.xlsx"):
        store.read(TABLE, dt.date(2026, 9, 30))


def test_a_hidden_sheet_is_not_read(store, workspace, tmp_path):
    rows = [["nickel", year, 5000, "kt", 36, dt.date(2026, 2, 27)] for year in (2023, 2024)]
    book, path = workbook(tmp_path, [HEADER, *rows])
    trap(book, "hidden sheet")
    book.save(path)
    assert not any(problem.row == 3 for problem in told(store, path))
    with pytest.raises(FiguresError):
        read(store, path)
    (workspace.raw / "things" / "outputs.csv").unlink()
    book.save(workspace.raw / "things" / "outputs.xlsx")
    with pytest.raises(FiguresError, match="a sheet named 'outputs'"):
        store.read(TABLE, dt.date(2026, 9, 30))


AWARD = {
    "award_id": "novel",
    "recipient": "Novel",
    "programme": "cmif",
    "amount": "",
    "currency": "CAD",
    "precision": "exact",
    "announced": "2026-03-03",
    "instrument": "grant",
    "status": "announced",
    "jurisdiction": "federal",
    "as_of": "2026-03-04",
    "source_id": "NRCAN_GPI",
    "place": "p. 1",
}


@pytest.mark.parametrize(
    ("amount", "currency", "sign"),
    [
        ("€5,000,000", "CAD", "EUR"),
        ("US$ 5,000,000", "CAD", "USD"),
        ("5 000 000 $ US", "CAD", "USD"),
        ("£5,000,000.50", "USD", "GBP"),
        ("$5,000,000", "EUR", "CAD or USD"),
        ("$5,000,000", "CAD", ""),
        ("5 000 000 $ CA", "CAD", ""),
        ("¥5,000,000.5", "JPY", ""),
    ],
)
def test_the_sign_of_an_amount_is_that_of_its_currency(
    workspace: Workspace, tmp_path, amount: str, currency: str, sign: str
):
    row = AWARD | {"amount": amount, "currency": currency}
    own = read(RawStore(workspace), csv_file(tmp_path, [[*row], [*row.values()]], mark="\t"))
    assert [problem.expected for problem in own.problems] == (
        [f"a figure in {currency}; its sign says {sign}"] if sign else []
    )


@pytest.mark.parametrize("code", ["[$€-2] #,##0", '#,##0 "$ US"'])
def test_the_sign_that_a_format_shows_counts_as_typed(workspace: Workspace, tmp_path, code: str):
    row = AWARD | {"amount": 5000000}
    book, path = workbook(tmp_path, [[*row], [*row.values()]])
    book.active.title = "awards"
    book.active.cell(2, [*row].index("amount") + 1).number_format = code
    book.save(path)
    (problem,) = read(RawStore(workspace), path).problems
    assert (problem.column, problem.row) == ("amount", 2)
    assert "its sign says" in problem.expected


def open_document(
    path: Path, rows: str, more: str = "", after: str = "", sheet: str = "outputs"
) -> Path:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{of}:1.0"'
        for name, of in [
            *((one, one) for one in ("office", "table", "text", "style")),
            ("number", "datastyle"),
        ]
    )
    content = (
        f"<office:document-content {names}>{more}<office:body><office:spreadsheet>"
        f'<table:table table:name="{sheet}">{rows}</table:table>{after}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


def open_cell(kind: str, value: str, said: str, more: str = "") -> str:
    at = {"string": "", "date": "date-value", "boolean": "boolean-value"}.get(kind, "value")
    held = f'office:{at}="{value}"' if at else ""
    return (
        f'<table:table-cell office:value-type="{kind}" {held} {more}>'
        f"<text:p>{said}</text:p></table:table-cell>"
    )


def open_row(cells: list[str], more: str = "") -> str:
    end = '<table:table-cell table:number-columns-repeated="1000"/>'
    return f"<table:table-row {more}>{''.join(cells)}{end}</table:table-row>"


OPEN = [
    open_cell("string", "", "nickel"),
    open_cell("float", "2024", "2024"),
    open_cell("float", "1234.5", "1\u202f234,5"),
    open_cell("string", "", "kt"),
    open_cell("percentage", "0.36", "36 %"),
    open_cell("date", "2026-02-27", "27 févr. 2026"),
    open_cell("date", "2026-02-01", "2026-02"),
    open_cell("boolean", "true", "VRAI"),
]
OPEN_HEADER = open_row([open_cell("string", "", name) for name in [*HEADER, "since", "firm"]])
SPANNED = 'table:number-rows-spanned="2"'
REST = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'


def test_an_open_document_is_read_as_it_shows(store, tmp_path):
    path = open_document(tmp_path / "mine.ods", OPEN_HEADER + open_row(OPEN) + REST)
    own = read(store, path)
    assert not own.problems
    assert first(own) == {
        "mineral": "nickel",
        "year": "2024",
        "quantity": "1234.5",
        "unit": "kt",
        "share_pct": "36",
        "as_of": "2026-02-27",
        "since": "2026-02",
        "firm": "yes",
        "row_number": 2,
        "file_name": "mine.ods",
    }


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (open_row(OPEN, 'table:visibility="collapse"'), "this one is hidden"),
        (open_row(OPEN, 'table:visibility="filter"'), "this one is filtered out"),
        (
            open_row(
                [open_cell("string", "", "nickel", 'table:number-rows-spanned="2"'), *OPEN[1:]]
            ),
            "A2:A3 are merged",
        ),
        (
            open_row([*OPEN[:2], open_cell("string", "", "#N/A", 'table:formula="of:=NA()"')]),
            "a value",
        ),
    ],
)
def test_what_an_open_document_hides_is_told(store, tmp_path, row: str, words: str):
    (problem, *_) = told(store, open_document(tmp_path / "mine.ods", OPEN_HEADER + row))
    assert problem.row == 2
    assert words in problem.expected


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a readable workbook"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"", "a header row"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "text in UTF-8"),
        (b"PK\x03\x04 no zip", "a whole file; it begins as a zip"),
        (b'a,b\n"1,2\n', "a quoted cell"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(store, tmp_path, data: bytes, words: str):
    path = tmp_path / "mine.csv"
    path.write_bytes(data)
    (problem,) = told(store, path)
    assert words in problem.expected
    assert problem.file == "mine.csv"


def test_a_cell_beyond_the_header_is_told(store, tmp_path):
    (problem, *_) = told(store, csv_file(tmp_path, [HEADER, [*ROW, "5"]]))
    assert (problem.row, problem.value) == (2, "5")


def test_a_misspelt_part_of_a_mapping_is_told(store, tmp_path):
    path = csv_file(tmp_path, [HEADER, ROW])
    (tmp_path / "outputs.csv.mapping.yml").write_text("colums: {a: b}\n", "utf-8")
    (problem,) = told(store, path)
    assert problem.file == "outputs.csv.mapping.yml"


def test_a_title_above_the_header_is_called_that(store, tmp_path):
    file = csv_file(tmp_path, [["Output of mines", *[""] * 5], HEADER, ROW])
    with pytest.raises(FiguresError) as caught:
        read(store, file)
    (problem,) = caught.value.problems
    assert (problem.row, problem.value) == (1, "Output of mines")
    assert "header: 2" in problem.remedy
    told = read(store, file, FileMapping(header=2, decimal="."))
    assert len(told.cells) == 1


def test_cells_in_a_column_without_a_name_are_not_lost_in_silence(store, tmp_path):
    own = read(store, csv_file(tmp_path, [[*HEADER, "", ""], [*ROW, "", "remark"]]))
    (problem,) = own.problems
    assert (problem.row, problem.value) == (2, "remark")
    assert problem.remedy == "Name column H, or delete it."


@pytest.mark.parametrize(
    ("value", "shown", "text"), [("5", "5 kt", "5 kt"), ("5e6", "5 000 000,00 €", "5000000 €")]
)
def test_an_open_document_keeps_the_unit_that_a_figure_shows(
    store, tmp_path, value: str, shown: str, text: str
):
    cells = [*OPEN[:2], open_cell("float", value, shown), open_cell("string", "", "t"), *OPEN[4:]]
    own = read(store, open_document(tmp_path / "mine.ods", OPEN_HEADER + open_row(cells)))
    assert first(own)["quantity"] == text


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ("<table:table-row-group {folded}>{row}</table:table-row-group>", "a row that shows"),
        (
            (
                "<table:table-row-group {folded}><table:table-row-group>{row}"
                "</table:table-row-group></table:table-row-group>"
            ),
            "a row that shows",
        ),
        (
            (
                "<table:table-column-group {folded}><table:table-column/>"
                "</table:table-column-group>{row}"
            ),
            "a column that shows",
        ),
    ],
)
def test_what_a_folded_group_of_an_open_document_holds_is_told(store, tmp_path, groups, words: str):
    rows = groups.format(folded='table:display="false"', row=open_row(OPEN))
    problems = told(store, open_document(tmp_path / "mine.ods", OPEN_HEADER + rows))
    assert any(words in problem.expected for problem in problems)


def test_a_hidden_sheet_of_an_open_document_is_not_read(store, tmp_path):
    styles = (
        '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    old = open_row([*OPEN[:2], open_cell("float", "9", "9"), *OPEN[3:]])
    hidden = f'<table:table table:name="old" table:style-name="ta2">{OPEN_HEADER}{old}'
    rows = OPEN_HEADER + open_row(OPEN)
    path = open_document(
        tmp_path / "mine.ods", rows, styles, f"{hidden}</table:table>", sheet="mine"
    )
    assert first(read(store, path))["quantity"] == "1234.5"


IN_THOUSANDS = (
    "<office:automatic-styles>"
    '<number:number-style style:name="N9"><number:number number:display-factor="1000"/>'
    '</number:number-style><style:style style:name="ce1" style:family="table-cell" '
    'style:data-style-name="N9"/><style:style style:name="ce2" style:family="table-cell" '
    'style:parent-style-name="ce1"/></office:automatic-styles>'
)


@pytest.mark.parametrize(
    ("columns", "row", "cell"),
    [
        ("", "", 'table:style-name="ce1"'),
        ("", "", 'table:style-name="ce2"'),
        ("", 'table:default-cell-style-name="ce1"', ""),
        (
            (
                '<table:table-column table:number-columns-repeated="2"/>'
                '<table:table-column table:default-cell-style-name="ce1"/>'
            ),
            "",
            "",
        ),
    ],
)
def test_a_figure_that_an_open_document_shows_in_thousands_is_told(
    store, tmp_path, columns: str, row: str, cell: str
):
    cells = [*OPEN[:2], open_cell("float", "5000", "5", cell), *OPEN[3:]]
    rows = columns + OPEN_HEADER + open_row(cells, row)
    path = open_document(tmp_path / "mine.ods", rows, IN_THOUSANDS)
    of_quantity = [one for one in told(store, path) if one.column == "quantity"]
    assert [one.value for one in of_quantity] == ["5000"]
    assert "its format shows it divided by 1000" in of_quantity[0].expected
