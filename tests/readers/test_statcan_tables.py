"""Any table of Statistics Canada is known and read, in both languages, and from the Service."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw.adding import AddOptions, addition
from critical_minerals.readers.known import recognised
from critical_minerals.readers.statcan import read_table
from critical_minerals.readers.statcan_service import read_points
from critical_minerals.workspace.paths import Workspace

PID = "16100022"
ENGLISH = [
    "REF_DATE",
    "GEO",
    "DGUID",
    "Products",
    "Variables",
    "UOM",
    "UOM_ID",
    "SCALAR_FACTOR",
    "SCALAR_ID",
    "VECTOR",
    "COORDINATE",
    "VALUE",
    "STATUS",
    "SYMBOL",
    "TERMINATED",
    "DECIMALS",
]
FRENCH = [
    "PÉRIODE DE RÉFÉRENCE",
    "GÉO",
    "DGUID",
    "Produits",
    "Variables",
    "UNITÉ DE MESURE",
    "IDENTIFICATEUR D'UNITÉ DE MESURE",
    "FACTEUR SCALAIRE",
    "IDENTIFICATEUR SCALAIRE",
    "VECTEUR",
    "COORDONNÉES",
    "VALEUR",
    "STATUT",
    "SYMBOLE",
    "TERMINÉ",
    "DÉCIMALES",
]
COPPER = "Copper, recoverable (metric tonnes)"
METADATA = (
    '"Cube Title","Product Id"\n"Production, Canada",{pid}\n\n"Symbol Legend"\nDescription,Symbol\n'
    '"ours",{symbol}\n\n"Survey Code"\n'
)


def row(value: str, status: str = "", scalar: tuple[str, str] = ("units ", "0")) -> list[str]:
    told = ["2024", "Canada", "", COPPER, "Quantity", "Number", "223", *scalar, "v1", "1.2"]
    return [*told, value, status, "", "", "1"]


def table(
    path: Path,
    *rows: list[str],
    header: list[str] = ENGLISH,
    mark: str = ",",
    metadata: str = METADATA.format(pid=PID, symbol="q"),
) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    with zipfile.ZipFile(path, "w") as folder:
        folder.writestr(f"{PID}.csv", "\ufeff" + text.getvalue())
        folder.writestr(f"{PID}_MetaData.csv", "\ufeff" + metadata.replace(",", mark))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "download.zip"


def test_a_table_is_known_by_its_members_and_says_its_number_and_title(path: Path):
    seen = recognised(table(path, row("1")))
    assert seen is not None
    assert (seen.format, seen.product, seen.rows) == ("statcan_table", PID, 1)
    assert seen.title == "Table 16-10-0022, Production, Canada"
    assert seen.address == f"https://www150.statcan.gc.ca/n1/tbl/csv/{PID}-eng.zip"


def test_adding_a_table_that_has_no_mapping_says_so(workspace: Workspace, path: Path):
    found = addition(workspace, table(path, row("1")), AddOptions(published="2026-01-02"))
    told = "\n".join(found.description)
    assert "Table 16-10-0022, Production, Canada" in told
    assert "No table takes rows from it yet; a mapping <table>.official.yml" in told
    assert not any(change.any for change in found.tables)


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ([row("31.0")], [31]),
        ([row("2.5", scalar=("thousands", "3"))], [2500]),
        (
            [row("2.5", "E"), ["2025", *row("3", "p")[1:]], ["2026", *row("4", "q")[1:]]],
            [2.5, 3, 4],
        ),
    ],
)
def test_figures_are_in_whole_units_and_keep_their_symbols(
    path: Path, rows: list[list[str]], numbers: list[float]
):
    found = read_table(table(path, *rows), path.name)
    assert [*found["number"]] == numbers
    assert [*found["SCALAR_FACTOR"]] == [row[7].strip() for row in rows]


@pytest.mark.parametrize("status", ["x", "..", "...", "F"])
def test_a_symbol_without_a_value_is_no_number(path: Path, status: str):
    found = read_table(table(path, row("", status)), path.name)
    assert found["number"].isna().all()
    assert [*found["STATUS"]] == [status]


def test_a_symbol_that_nobody_explains_stops_the_read(path: Path):
    with pytest.raises(FiguresError, match=r"column STATUS: found 'zz'; .*_SYMBOLS"):
        read_table(table(path, row("1", "zz")), path.name)


def test_a_french_table_has_the_same_columns(path: Path):
    metadata = METADATA.format(pid=PID, symbol="q").replace("Symbol Legend", "Légende des symboles")
    rows = (row("12,5", "q", ("milliers", "3")),)
    french = read_table(table(path, *rows, header=FRENCH, mark=";", metadata=metadata), path.name)
    assert {"REF_DATE", "GEO", "Produits", "UOM", "VECTOR", "VALUE", "STATUS"} <= {*french}
    assert [*french["number"]] == [12_500]
    seen = recognised(path)
    assert seen is not None
    assert seen.title.endswith(", Production; Canada")
    with_status = ["STATUS" if name == "STATUT" else name for name in FRENCH]
    assert [*read_table(table(path, *rows, header=with_status, mark=";"), path.name)["STATUS"]]


@pytest.mark.parametrize("metadata", ["", '"Cube Title"\n'])
def test_a_zip_without_sound_metadata_is_refused(path: Path, metadata: str):
    with pytest.raises(FiguresError, match="Download the zip again"):
        read_table(table(path, row("1"), metadata=metadata or "\n"), path.name)


def answer(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), "utf-8")
    return path


POINT = {
    "refPer": "2024-01-01",
    "value": 2.5,
    "decimals": 1,
    "scalarFactorCode": 3,
    "symbolCode": 0,
    "statusCode": 0,
    "releaseTime": "2024-03-01T08:30",
}
VECTOR = {
    "status": "SUCCESS",
    "object": {
        "productId": int(PID),
        "coordinate": "1.10.0.0.0.0.0.0.0.0",
        "vectorId": 7,
        "vectorDataPoint": [
            POINT,
            POINT | {"value": None, "statusCode": 1},
            POINT | {"value": "3"},
        ],
    },
}
CUBE = {
    "responseStatusCode": 0,
    "productId": PID,
    "cubeTitleEn": "Production",
    "cubeStartDate": "1990-01-01",
    "cubeEndDate": "2024-01-01",
    "releaseTime": "2024-03-01T08:30",
}


def test_points_of_the_service_are_in_whole_units(tmp_path: Path):
    path = answer(tmp_path / "a.json", [VECTOR])
    points = read_points(path, path.name)
    assert [None if n != n else n for n in points["number"]] == [2500, None, 3000]  # noqa: PLR0124
    assert {*points["vector"]} == {"v7"}
    assert {*points["coordinate"]} == {"1.10"}
    seen = recognised(path)
    assert seen is not None
    assert (seen.format, seen.edition, seen.rows) == ("statcan_points", "2024-03-01", 3)


@pytest.mark.parametrize("content", [CUBE, [{"status": "SUCCESS", "object": CUBE}]])
def test_metadata_of_the_service_say_the_table(tmp_path: Path, content: object):
    path = answer(tmp_path / "a.json", content)
    seen = recognised(path)
    assert seen is not None
    assert seen.title.startswith("Table 16-10-0022, Production")
    assert (seen.format, seen.period) == ("statcan_metadata", "1990-01-01–2024-01-01")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([VECTOR | {"status": "FAILED"}], "status SUCCESS"),
        ({"status": "SUCCESS", "object": [{"productId": 1}]}, "tables that changed"),
    ],
)
def test_an_answer_without_figures_is_refused(tmp_path: Path, content: object, expected: str):
    with pytest.raises(FiguresError, match=expected):
        recognised(answer(tmp_path / "a.json", content))


def test_other_json_is_none_of_the_service(tmp_path: Path):
    assert recognised(answer(tmp_path / "a.json", [{"some": "thing"}])) is None


def test_a_terminated_table_of_the_publisher():
    """Table 10-10-0001 as it was published: 182 rows, and no DGUID in any of them."""
    path = Path(__file__).parent / "files" / "10100001-eng.zip"
    found = read_table(path, path.name)
    assert (len(found), found["DGUID"].isna().all()) == (182, True)
    cells = found.set_index(["REF_DATE", "VECTOR"])["number"]
    assert cells["1999", "v30411572"] == 421_500
    assert cells["2011", "v30411585"] == 211_726
    seen = recognised(path)
    assert seen is not None
    assert "Federal public sector employment" in seen.title
