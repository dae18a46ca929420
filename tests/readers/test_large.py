"""Files larger than memory are read by an engine: bounded, in order, once, and whole or not."""

import csv
import hashlib
import os
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.readers import grants, large
from critical_minerals.readers.large import content_of, query_file
from critical_minerals.readers.merchandise_trade import sums

EVERY = "SELECT * FROM {rows} WHERE keep = ? ORDER BY row_number"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with what the disclosure has: BOM, CRLF only in the header, line ends in quotes."""
    path = tmp_path_factory.mktemp("large") / "table.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write("code,keep,text\r\n")
        writer = csv.writer(file, lineterminator="\n")
        for number in range(60_000):
            text = f'été "{number}",\nsecond line' if number % 3 else ""
            writer.writerow([f"{number:06d}", "yes" if number % 1000 == 0 else "no", text])
    return path


def read(path: Path, folder: Path, **how: Any) -> pd.DataFrame:
    return pd.read_parquet(query_file(path, EVERY, ["yes"], folder, name="table.csv", **how))


def test_cells_are_text_in_their_rows(table: Path, tmp_path: Path):
    found = read(table, tmp_path)
    with table.open(encoding="utf-8-sig", newline="") as file:
        wanted = [
            (number, row["code"], row["text"])
            for number, row in enumerate(csv.DictReader(file), 2)
            if row["keep"] == "yes"
        ]
    told = found[["row_number", "code"]].assign(text=found["text"].fillna(""))
    assert [*told.itertuples(index=False, name=None)] == wanted


def test_an_answer_is_the_same_to_the_byte_for_any_number_of_threads(table: Path, tmp_path: Path):
    hashes = {
        hashlib.sha256(
            query_file(
                table, EVERY, ["yes"], tmp_path / f"{threads}", name="", threads=threads
            ).read_bytes()
        ).hexdigest()
        for threads in (1, 2, 3, 8)
    }
    assert len(hashes) == 1


def test_what_does_not_fit_into_memory_is_set_aside(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    question = "SELECT * FROM {table} ORDER BY text DESC, code"
    whole = query_file(
        table, question, [], tmp_path / "a", name="", max_line_bytes=65_536, threads=1
    )
    monkeypatch.setattr(large, "_MEMORY", "24MB")
    part = query_file(
        table, question, [], tmp_path / "b", name="", max_line_bytes=65_536, threads=1
    )
    assert part.read_bytes() == whole.read_bytes()


def test_a_file_read_once_is_not_read_again_unless_it_changes(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "copy.csv"
    path.write_bytes(table.read_bytes())
    first = read(path, tmp_path / "kept")
    with monkeypatch.context() as patch:
        patch.setattr(large, "_run", None)
        patch.setattr("hashlib.file_digest", None)
        assert read(path, tmp_path / "kept").equals(first)
    os.utime(path)  # touched, but the same
    with monkeypatch.context() as patch:
        patch.setattr(large, "_run", None)
        assert read(path, tmp_path / "kept").equals(first)
    path.write_bytes(path.read_bytes() + b"060000,yes,new\n")
    assert len(read(path, tmp_path / "kept")) == len(first) + 1


def test_what_is_stopped_leaves_nothing(table: Path, tmp_path: Path):
    def stop(_done: int, _of: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(table, tmp_path, on_progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["hashes.json"]


@pytest.mark.parametrize("tail", [b"1,2\n", b'"cut off in the mid'])
def test_a_damaged_table_is_told_and_leaves_nothing(table: Path, tmp_path: Path, tail: bytes):
    path = tmp_path / "damaged.csv"
    path.write_bytes(table.read_bytes()[:100_000].rpartition(b"\n0")[0] + b"\n" + tail)
    with pytest.raises(FiguresError, match=r"table\.csv: expected a table that can be read"):
        read(path, tmp_path / "kept")
    assert [one.name for one in (tmp_path / "kept").iterdir()] == ["hashes.json"]


def test_progress_is_of_the_files_bytes(table: Path, tmp_path: Path):
    told: list[tuple[int, int | None]] = []
    read(table, tmp_path, on_progress=lambda done, of: told.append((done, of)))
    size = table.stat().st_size
    assert told[-1] == (size, size)


def test_a_hash_is_that_of_the_content(table: Path, tmp_path: Path):
    wanted = hashlib.sha256(table.read_bytes()).hexdigest()
    assert content_of(table, tmp_path) == content_of(table, tmp_path) == wanted


@pytest.mark.parametrize("content", ["[]", "5", '{"x": 5}', '{"KEY": [1, 2]}', '{"KEY": {}}'])
def test_an_index_of_another_shape_only_costs_a_hash(table: Path, tmp_path: Path, content: str):
    wanted = content_of(table, tmp_path)
    index = tmp_path / "hashes.json"
    index.write_text(content.replace("KEY", str(table.resolve())), "utf-8")
    assert content_of(table, tmp_path) == wanted
    assert wanted in index.read_text("utf-8")


def trade(path: Path, *rows: str) -> Path:
    heading = (
        "YearMonth/AnnéeMois,HS10,Country/Pays,Province,State/État,Value/Valeur,"
        "Quantity/Quantité,Unit of Measure/Unité de Mesure"
    )
    with zipfile.ZipFile(path, "w") as archive:
        text = "\ufeff" + "\r\n".join([heading, *rows]) + "\r\n"
        archive.writestr("ODPFN014_202601N.csv", text)
    return path


def test_trade_is_added_up_in_whole_dollars_and_within_units(tmp_path: Path):
    path = trade(
        tmp_path / "CIMT-CICM_Imp_2026.zip",
        '"202601","2846900000","CN","ON","",100,5,"KGM"',
        '"202601","2846900000","CN","QC","",9007199254740993,7,"KGM"',
        '"202601","2846900000","CN","QC","",1,2,"NMB"',
        '"202602","0102900000","US","ON","TX",9,,',
    )
    found = sums(path, path.name, ["2846"], tmp_path / "kept")
    shown = found[["flow", "period", "code", "country", "unit", "value_cad", "quantity", "entries"]]
    assert [*shown.itertuples(index=False, name=None)] == [
        ("imports", "2026-01", "2846900000", "CN", "KGM", 9007199254741093, 12.0, 2),
        ("imports", "2026-01", "2846900000", "CN", "NMB", 1, 2.0, 1),
    ]
    assert len(sums(path, path.name, [""], tmp_path / "kept")) == 3


ROW = '"202601","2846900000","CN","ON","",100,5,"KGM"'


def test_trade_that_stands_twice_in_a_table_is_refused(tmp_path: Path):
    path = trade(tmp_path / "CIMT-CICM_Imp_2026.zip", ROW, ROW.replace("ON", "QC"), ROW)
    with pytest.raises(FiguresError, match=r"2846900000, CN, 2026-01.* stands there 2 times"):
        sums(path, path.name, ["2846"], tmp_path / "kept")
    # Only what is added up matters.
    assert sums(path, path.name, ["2601"], tmp_path / "kept").empty


def test_a_month_that_stands_in_two_tables_of_a_zip_is_refused(tmp_path: Path):
    path = trade(tmp_path / "CIMT-CICM_Imp_2026.zip", ROW)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("copy/ODPFN014_202601N.csv", archive.read("ODPFN014_202601N.csv"))
    with pytest.raises(FiguresError, match=r"copy/ODPFN014_202601N.csv: found '2026-01'"):
        sums(path, path.name, ["2846"], tmp_path / "kept")


def test_the_rows_of_programmes_are_cut_out_by_either_name(tmp_path: Path):
    path = tmp_path / "grants.csv"
    columns = [*grants._NEEDED, "description_en"]
    rows = [
        ["1", "0", "A", "Fund of Ours", "", "1", "2025-01-01", "x", "two\nlines"],
        ["1", "1", "A|B", "", "FONDS D'ICI ", "2", "2025-01-01", "x", ""],
        ["2", "0", "C", "Another", "Autre", "3", "2025-01-01", "x", ""],
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(",".join(columns) + "\r\n")
        csv.writer(file, lineterminator="\n").writerows(rows)
    found = grants.cut(path, ["fund of ours", "Fonds d’ici"], tmp_path / "kept")
    text = found.decode().splitlines(keepends=False)
    assert text[0] == ",".join(columns)
    assert [*csv.reader(found.decode().splitlines(keepends=True))][1:] == rows[:2]
    with pytest.raises(FiguresError, match="by either name"):
        grants.cut(path, ["none"], tmp_path / "kept")
