"""Whatever a file holds that people give, it is read or refused in a sentence; and nothing else.

Each door is a kind of file and what takes it in. A door is knocked at for `FUZZ_SECONDS` (half a
second; `make test-long` takes an hour for all), each round with other damage; the first rounds are
the same every time. What once got through stays as a case.
"""

import atexit
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, seed, settings
from orchards import plant

from critical_minerals.errors import FiguresError, StepError, UsageError
from critical_minerals.execution.quick_check import last_options, since_last_run
from critical_minerals.execution.runner import records
from critical_minerals.raw.adding import AddOptions, addition
from critical_minerals.raw.store import RawStore
from critical_minerals.raw.templates import raw_template
from critical_minerals.readers.fetching.publishers import read_publishers
from critical_minerals.readers.known import recognised
from critical_minerals.report.references import read_references
from critical_minerals.report.source import title_of
from critical_minerals.review.snapshots import releases
from critical_minerals.workspace.parameters import (
    Parameters,
    load_limits,
    load_parameters,
    load_publication,
)
from critical_minerals.workspace.parameters_cell import parameter_names
from critical_minerals.workspace.paths import Workspace

from .damage import damaged

PROJECT = Path(__file__).parents[2]
RAW = PROJECT / "data" / "raw"
SEEDS = Path(__file__).parent / "seeds"
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0.5"))
ROUND = 5
"""Examples between two looks at the clock."""
LONGEST = 20
"""Seconds of a processor that one input may take."""
TOLD = (FiguresError, UsageError, StepError)
"""What is told in a sentence."""
HARVEST = "data/raw/harvest.csv"
CARD = """\
file: given{suffix}
source_id: FARM
format: {format}
sha256: {sha256}
address: https://example.org/
published: 2025-02-01
terms: own
"""
SUPPLIED = """\
format: {format}
figure: picked_t
place: {place}
series:
  - of: {of}
    is: {{fruit: apple, currency: USD}}
"""
REMARKS = "remarks:\n  - when: {fruit: apple, year: '2024'}\n    set: {note: early frost}\n"
NICKEL = {
    "chapter": "NICKEL",
    "section": "World Mine Production and Reserves",
    "commodity": "Nickel",
    "statistic": "Production",
    "detail": "Mine production",
}
CORRECTIONS = """\
- table: harvest
  key: {fruit: apple, year: "2024"}
  as_of: "2025-01-01"
  action: set
  column: picked_t
  was: "20"
  value: "21"
  known_since: "2025-02-01"
  reason: The book says so.
  reason_fr: Le livre le dit.
  evidence: {source_id: FARM, place: page 2}
- table: harvest
  key: {fruit: pear}
  action: drop
  reason: Counted twice.
  reason_fr: Comptées deux fois.
  evidence: {source_id: FARM, place: page 3}
"""
PARAMETERS = """\
as_of = 2025-03-31
period_start = 2015
period_end = "2025"
languages = ["en", "fr"]
[limits]
notebook_seconds = 600
notebook_gigabytes = 4.5
[publication]
made_by = "The Orchard"
next_update = 2026-01-31
"""
MAPPING = """\
table: harvest
header: 1
columns: {Obst: fruit, Jahr: year, Tonnen: picked_t}
constants: {source_id: FARM, as_of: "2025-02-01", place: page 4}
words: {fruit: {Apfel: apple}}
ignore: [Notiz]
decimal: ","
"""
SAID = (
    "Tonnes by fruit and year",
    "Fruit",
    "Year",
    "Tonnes",
    "What was paid, in the currency stated",
    "Currency",
    "Public since",
    "Source",
    "Place",
    "Remark",
)
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text")
)
OPEN_SHEET = (
    "<office:document-content {namespaces}><office:body><office:spreadsheet>"
    '<table:table table:name="harvest">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
OWN = "Obst;Jahr;Tonnen;Notiz\nApfel;2022;12,5;\npear;2021;1 200;spät\n"


@dataclass(frozen=True)
class Door:
    """A file of a small report, sound ones to begin from, and what reads it."""

    file: str
    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[Workspace, Path], object]
    beside: Callable[[Workspace], object] = lambda _: None
    """What has to be there besides, before."""


def check(workspace: Workspace, _: Path) -> None:
    RawStore(workspace).check()


def add(workspace: Workspace, path: Path) -> None:
    addition(workspace, path, AddOptions())


def add_own(workspace: Workspace, _: Path) -> None:
    addition(workspace, workspace.root / "own.csv", AddOptions())


def recognise(_: Workspace, path: Path) -> None:
    recognised(path)


def parameters(_: Workspace, path: Path) -> None:
    for load in (load_limits, load_publication, lambda one: load_parameters(one, {}, Parameters)):
        with suppress(UsageError):
            load(path)


def document(_: Workspace, path: Path) -> None:
    read_references(path)
    title_of(path)


def notebook(_: Workspace, path: Path) -> None:
    parameter_names(path)


def state(workspace: Workspace, _: Path) -> None:
    records(workspace)
    since_last_run(workspace.root, [])
    last_options(workspace.root, [])
    last_options(workspace.root)


def release(workspace: Workspace, _: Path) -> None:
    for each in releases(workspace):
        assert each.as_of is not None
        assert len(each.tables) >= 0


def text(content: str) -> Callable[[], Sequence[bytes]]:
    return lambda: [content.encode()]


def planted(file: str) -> Callable[[], Sequence[bytes]]:
    """Begin from the file that the small report has."""
    return lambda: [(_orchard() / file).read_bytes()]


def own(content: str) -> Callable[[Workspace], object]:
    return lambda workspace: (workspace.root / "own.csv").write_text(content, "utf-8")


@cache
def _orchard() -> Path:
    """Plant the small report once in a process, with places for official files."""
    root = plant(Path(tempfile.mkdtemp(prefix="fuzz-")))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    sys.path.insert(0, str(root / "src"))
    places = root / "data" / "raw" / "vocabulary"
    places.mkdir()
    shutil.copy(RAW / "vocabulary/places.schema.yaml", places)
    lines = (RAW / "vocabulary/places.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [lines[0], *(line for line in lines if line[:3] in ("CA,", "AU,", "US,", "WLD"))]
    (places / "places.csv").write_text("".join(kept), "utf-8")
    return root


def rows() -> list[list[str]]:
    """Rows for the harvest that are not there yet."""
    head, *lines = (_orchard() / HARVEST).read_text("utf-8").splitlines()
    return [head.split(","), *(line.replace(",202", ",201").split(",") for line in lines)]


def workbook() -> Sequence[bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "harvest"
    for row in rows():
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    sheet["C2"].number_format = "0"
    sheet["C3"].number_format = '0.0 "t"'
    sheet.column_dimensions["L"].hidden = True
    file = io.BytesIO()
    book.save(file)
    return [file.getvalue()]


def open_sheet() -> Sequence[bytes]:
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows()
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr("content.xml", OPEN_SHEET.format(namespaces=NAMESPACES, rows=lines))
    return [file.getvalue()]


def without_the_csv(workspace: Workspace) -> None:
    (workspace.raw / "harvest.csv").unlink(missing_ok=True)


def of_format(*names: str) -> Callable[[], Sequence[bytes]]:
    return lambda: [(SEEDS / name).read_bytes() for name in names]


def long_release() -> Sequence[bytes]:
    """The rows of one chapter of the real release."""
    lines = (RAW / "usgs/MCS2026_Commodities_Data.csv").read_bytes().splitlines(keepends=True)
    return [b"".join([lines[0], *(line for line in lines if line.startswith(b"NICKEL,"))][:40])]


def wide_release() -> Sequence[bytes]:
    lines = (RAW / "usgs/MCS2025_World_Data.csv").read_bytes().splitlines(keepends=True)
    return [b"".join([lines[0], *(line for line in lines if b",Nickel," in line)])]


def filed_release() -> Sequence[bytes]:
    return [
        _repacked(RAW / f"usgs/mcs{year}.zip", lambda name: "nicke" in name.casefold())
        for year in (2023, 2024)
    ]


def daily_rates() -> Sequence[bytes]:
    def cut(text: bytes) -> bytes:
        lines = text.splitlines(keepends=True)
        of_dollars = [line for line in lines[1:] if b"U.S. dollar, daily" in line]
        return b"".join([lines[0], *of_dollars[-400:]])

    path = RAW / "statcan/33100036-eng.zip"
    return [_repacked(path, lambda _: True, lambda text: cut(text) if len(text) > 50_000 else text)]


def _repacked(
    path: Path, wanted: Callable[[str], bool], cut: Callable[[bytes], bytes] = lambda text: text
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(file, "w") as archive:
        for name in filter(wanted, whole.namelist()):
            archive.writestr(name, cut(whole.read(name)))
    return file.getvalue()


def supplying(form: str, of: dict[str, str], suffix: str) -> Callable[[Workspace], None]:
    """Let a file of a format supply rows of the harvest."""

    def beside(workspace: Workspace) -> None:
        told = SUPPLIED.format(format=form, of=json.dumps(of), place="place")
        (workspace.raw / "harvest.official.yml").write_text(told + REMARKS, "utf-8")
        (workspace.raw / f"given{suffix}").write_bytes(SUPPLIES[form]()[0])
        card(workspace, form, suffix)

    return beside


def card(workspace: Workspace, form: str, suffix: str) -> None:
    """File what lies there as the very file that its publisher gave, whatever it holds."""
    held = (workspace.raw / f"given{suffix}").read_bytes()
    told = CARD.format(format=form, suffix=suffix, sha256=hashlib.sha256(held).hexdigest())
    (workspace.raw / "given.source.yml").write_text(told, "utf-8")


def check_filed(form: str, suffix: str) -> Callable[[Workspace, Path], None]:
    def read(workspace: Workspace, path: Path) -> None:
        recognise(workspace, path)
        card(workspace, form, suffix)
        check(workspace, path)

    return read


SUPPLIES = {
    "usgs_mcs_long": long_release,
    "usgs_mcs_wide": wide_release,
    "usgs_mcs_files": filed_release,
    "statcan_daily_rates": daily_rates,
}
"""Formats that supply tables, with sound files of each."""
OF = {"statcan_daily_rates": {"detail": "U.S. dollar"}}
GIVEN = {
    form: ".csv" if form in ("usgs_mcs_long", "usgs_mcs_wide") else ".zip" for form in SUPPLIES
}
LONG = supplying("usgs_mcs_long", NICKEL, ".csv")
DOORS = {
    "table": Door(HARVEST, planted(HARVEST), check),
    "list of names": Door("data/raw/fruits.csv", planted("data/raw/fruits.csv"), check),
    "sources": Door("data/raw/sources.csv", planted("data/raw/sources.csv"), check),
    "table as workbook": Door("data/raw/harvest.xlsx", workbook, check, without_the_csv),
    "descriptor": Door(
        "data/raw/harvest.schema.yaml", planted("data/raw/harvest.schema.yaml"), check
    ),
    "corrections": Door("data/raw/corrections.yml", text(CORRECTIONS), check),
    "official mapping": Door(
        "data/raw/harvest.official.yml",
        lambda: [
            (
                SUPPLIED.format(format="usgs_mcs_long", place="place", of=json.dumps(NICKEL))
                + REMARKS
            ).encode()
        ],
        check,
        LONG,
    ),
    "card": Door(
        "data/raw/given.source.yml",
        text(CARD.format(format="usgs_mcs_long", suffix=".csv", sha256="0" * 64)),
        check,
        LONG,
    ),
    "French descriptions": Door(
        "data/raw/descriptions.fr.yml",
        text("".join(f"{said}.: {said}\n" for said in SAID)),
        lambda workspace, _: raw_template(workspace, "harvest"),
    ),
    "parameters": Door("parameters.toml", text(PARAMETERS), parameters),
    "publishers": Door(
        "data/raw/publishers.yml",
        lambda: [(RAW / "publishers.yml").read_bytes()],
        lambda workspace, path: read_publishers(path, workspace.relative(path)),
    ),
    "own file": Door("own.csv", lambda: ["\n".join(map(";".join, rows())).encode()], add),
    "own old workbook": Door("own.xls", of_format("own.xls"), add),
    "own workbook": Door("harvest.xlsx", workbook, add),
    "own OpenDocument": Door("harvest.ods", open_sheet, add),
    "own mapping": Door("own.csv.mapping.yml", text(MAPPING), add_own, own(OWN)),
    "notebook": Door("notebooks/10_harvest.ipynb", planted("notebooks/10_harvest.ipynb"), notebook),
    "document": Door("reports/harvest.qmd", planted("reports/harvest.qmd"), document),
    **{
        form: Door(
            f"data/raw/given{GIVEN[form]}",
            seeds,
            check_filed(form, GIVEN[form]),
            supplying(form, OF.get(form, NICKEL), GIVEN[form]),
        )
        for form, seeds in SUPPLIES.items()
    },
    **{
        form: Door(f"given{suffix}", of_format(*names), recognise)
        for form, suffix, names in [
            (form, Path(names[0]).suffix, names)
            for form in sorted({path.stem for path in SEEDS.iterdir()} - {"own"})
            for names in [sorted(p.name for p in SEEDS.glob(f"{form}.*"))]
        ]
    },
}


@pytest.fixture
def at(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Door, Workspace]:
    door = DOORS[request.param]
    shutil.copytree(_orchard(), tmp_path / "orchard")
    workspace = Workspace(tmp_path / "orchard")
    door.beside(workspace)
    return door, workspace


def knock(door: Door, workspace: Workspace, data: bytes) -> None:
    path = workspace.root / door.file
    path.write_bytes(data)
    begun = time.process_time()
    with suppress(*TOLD):
        door.read(workspace, path)
    assert time.process_time() - begun < LONGEST


@pytest.mark.slow
@pytest.mark.parametrize("at", DOORS, indirect=True)
def test_a_sound_file_is_read(at: tuple[Door, Workspace]):
    door, workspace = at
    for data in door.seeds():
        path = workspace.root / door.file
        path.write_bytes(data)
        door.read(workspace, path)


@pytest.mark.slow
@pytest.mark.parametrize("at", DOORS, indirect=True)
def test_a_damaged_file_is_read_or_refused(
    at: tuple[Door, Workspace], record_property: Callable[[str, object], None]
):
    door, workspace = at
    seeds, end, rounds = door.seeds(), time.monotonic() + SECONDS, 0
    while not rounds or time.monotonic() < end:

        @seed(rounds)
        @settings(max_examples=ROUND, database=None)
        @given(damaged(seeds))
        def once(data: bytes) -> None:
            knock(door, workspace, data)

        once()
        rounds += 1
    record_property("inputs", rounds * ROUND)


@pytest.mark.parametrize(
    ("at", "data"),
    [
        ("French descriptions", b"Fruit.: Fruit\nFruit.: Fruits\n"),
        ("French descriptions", b"Fruit.: [Fruit]\n"),
        ("document", b"\xff\xfe-\x00"),
        ("document", b"---\n- a list\n---\n"),
    ],
    indirect=["at"],
)
def test_what_once_got_through_is_refused(at: tuple[Door, Workspace], data: bytes):
    door, workspace = at
    path = workspace.root / door.file
    path.write_bytes(data)
    with pytest.raises(TOLD):
        door.read(workspace, path)


@pytest.mark.parametrize(
    ("at", "data"),
    [
        ("document", b"## Harvest {#" + b"9" * 5000 + b"\n"),
        ("document", b"## Harvest {#sec-harvest " + b" page" * 2000 + b"\n"),
    ],
    ids=["a name", "what else it has"],
    indirect=["at"],
)
def test_a_heading_that_does_not_end_is_read_at_once(at: tuple[Door, Workspace], data: bytes):
    door, workspace = at
    path = workspace.root / door.file
    path.write_bytes(b"---\ntitle: Harvest\n---\n" + data)
    begun = time.process_time()
    door.read(workspace, path)
    assert time.process_time() - begun < 2
