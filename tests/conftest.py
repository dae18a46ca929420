"""A workspace of its own for every test: the raw figures, copied, to be broken at will."""

import csv
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, settings
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from critical_minerals.language.quantities import show_in
from critical_minerals.raw.cache import READ
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import REPORT, RUN, Workspace

PROJECT = Path(__file__).parents[1]

settings.register_profile(
    "project",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("project")

# Ctrl-C is tried too; a shell that runs the tests in the background may have switched it off.
signal.signal(signal.SIGINT, signal.default_int_handler)

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1200",
)

TINY = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
title: Exports
description: Exports by mineral and year.
fields:
  - {name: mineral, type: string, description: Mineral., x-labels: {en: Mineral, fr: Minéral}}
  - name: year
    type: integer
    description: Year.
    x-labels: {en: Year, fr: Année}
    x-unit: year
    constraints: {required: true}
  - name: amount_cad
    type: number
    description: Value.
    x-labels: {en: Amount (CAD), fr: Montant (CAD)}
    x-unit: CAD
    constraints: {required: true, minimum: 0}
  - {name: source_id, type: string, description: Sources., constraints: {required: true}}
  - {name: origin, type: string, description: Raw rows., constraints: {required: true}}
primaryKey: [mineral, year]
foreignKeys:
  - fields: [mineral]
    reference: {resource: vocabulary/minerals, fields: [mineral]}
"""
"""A processed table `tiny_exports` that tests save."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files that take long, so that no process is left alone with one at the end.

    The second of them needs no run of the whole project: its process waits for none.
    """
    first = ("whole/test_hostile.py", "raw/test_adding.py")

    def order(item: pytest.Item) -> tuple[int, bool]:
        name = item.path.relative_to(PROJECT / "tests").as_posix()
        return first.index(name) if name in first else len(first), not name.startswith("whole/")

    items.sort(key=order)


@pytest.fixture(autouse=True)
def at_home() -> Iterator[None]:
    """Leave it to no other test which currency a bare sign means."""
    yield
    show_in("CAD")


@dataclass(frozen=True)
class RawFiles:
    """The raw files of a workspace, edited as an analyst would."""

    root: Path

    def path(self, table: str) -> Path:
        return self.root / f"{table}.csv"

    def rows(self, table: str) -> list[list[str]]:
        """Header first: `rows(...)[0]` is row 1 of the spreadsheet.

        Of a table that official files supply, their rows are typed in first, and no longer read.
        """
        self._type_in(table)
        with self.path(table).open(encoding="utf-8", newline="") as lines:
            return list(csv.reader(lines))

    def _type_in(self, table: str) -> None:
        mapping = self.root / f"{table}.official.yml"
        if mapping.is_file():
            cells = RawStore(Workspace(self.root.parents[1]))._file_cells(table)
            mapping.unlink()
            cells.drop(columns=["row_number", "file_name"]).to_csv(self.path(table), index=False)

    def write(self, table: str, rows: list[list[str]], **how: str) -> None:
        with self.path(table).open("w", encoding=how.pop("encoding", "utf-8"), newline="") as out:
            csv.writer(out, **how).writerows(rows)

    def get(self, table: str, row: int, column: str) -> str:
        rows = self.rows(table)
        return rows[row - 1][rows[0].index(column)]

    def set(self, table: str, row: int, column: str, value: str) -> None:
        rows = self.rows(table)
        rows[row - 1][rows[0].index(column)] = value
        self.write(table, rows)

    def as_workbook(self, table: str, sheet: str | None = None, *, typed: bool = True) -> Path:
        """Put a workbook in the place of a CSV file, numbers as numbers."""
        book = openpyxl.Workbook()
        book.active.title = sheet or Path(table).name
        for row in self.rows(table):
            book.active.append([_number(cell) if typed else cell for cell in row])
        path = self.path(table).with_suffix(".xlsx")
        book.save(path)
        self.path(table).unlink()
        return path


def _number(cell: str) -> str | float | None:
    try:
        return float(cell)
    except ValueError:
        return cell or None


@pytest.fixture(scope="session")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was read and found sound, for all workspaces of a process to begin with."""
    workspace = Workspace(tmp_path_factory.mktemp("read"))
    shutil.copytree(PROJECT / "data" / "raw", workspace.raw)
    shutil.copy(PROJECT / "pyproject.toml", workspace.root)
    store = RawStore(workspace)
    store.all_results()
    store.store_valid()
    return workspace.state / READ


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_once: Path) -> Workspace:
    """A workspace with the raw figures and all descriptors; notebooks run for the report."""
    monkeypatch.setenv(RUN, REPORT)
    shutil.copytree(read_once, tmp_path / ".pipeline" / READ)
    shutil.copytree(PROJECT / "data" / "raw", tmp_path / "data" / "raw")
    shutil.copytree(PROJECT / "data" / "schemas", tmp_path / "data" / "schemas")
    (tmp_path / "data" / "schemas" / "tiny_exports.schema.yaml").write_text(TINY, "utf-8")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    (tmp_path / "notebooks").mkdir()
    return Workspace(tmp_path)


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Headless Chromium, with a log of its own for each module; tests skip where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("Chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in QUIET:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = Service(driver, log_output=os.devnull)
    browser = webdriver.Chrome(options=options, service=service)
    browser.set_script_timeout(120)
    yield browser
    browser.quit()


@pytest.fixture
def raw(workspace: Workspace) -> RawFiles:
    return RawFiles(workspace.raw)
