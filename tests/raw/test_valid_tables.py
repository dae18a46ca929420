"""What was found valid is not checked again, until anything that its check looks at has changed."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from critical_minerals.raw import schema, valid_tables
from critical_minerals.raw.cache import READ
from critical_minerals.raw.store import RawStore
from critical_minerals.tables.check_results import problems_of
from critical_minerals.workspace.paths import Workspace

AWARDS = "funding/awards"
LAST_YEAR = 2050


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables whose cells are checked, in their order."""
    names: list[str] = []
    examine = schema.examine

    def recorded(table, *arguments):
        names.append(table.name)
        return examine(table, *arguments)

    monkeypatch.setattr(schema, "examine", recorded)
    return names


@pytest.fixture
def kept(workspace: Workspace, checked: list[str]) -> Workspace:
    """A workspace whose tables were all found valid."""
    shutil.rmtree(workspace.state / READ)
    store = RawStore(workspace, LAST_YEAR)
    assert problems_of(store.all_results()) == []
    assert {*checked} == {*store.tables}
    store.store_valid()
    checked.clear()
    return workspace


def results(workspace: Workspace, last_year: int = LAST_YEAR) -> list:
    return RawStore(workspace, last_year).all_results()


def test_nothing_is_checked_again_and_the_results_are_the_same(kept: Workspace, checked):
    told = results(kept)
    assert checked == []
    (kept.state / READ / "valid-tables.json").unlink()
    assert results(kept) == told
    assert AWARDS in checked


def test_whoever_asks_for_less_need_not_check_again(kept: Workspace, checked):
    results(kept, LAST_YEAR + 1)
    assert checked == []
    results(kept, LAST_YEAR - 1)
    assert AWARDS in checked


def edit_cell(_: Workspace, raw) -> set[str]:
    raw.set(AWARDS, 3, "amount", "1500000")
    return {AWARDS}


def edit_descriptor(workspace: Workspace, _: object) -> set[str]:
    file = RawStore(workspace).tables.file(AWARDS)
    file.write_text(file.read_text("utf-8") + "\n# seen\n", "utf-8")
    return {AWARDS}


def take_an_id_out(_: Workspace, raw) -> set[str]:
    header, *rows = raw.rows("vocabulary/programmes")
    raw.write("vocabulary/programmes", [header, *rows[1:]])
    return {AWARDS, "vocabulary/programmes"}


def take_corrections_out(workspace: Workspace, _: object) -> set[str]:
    RawStore(workspace).corrections_file.unlink()
    return {AWARDS, "supply/world_production"}


@pytest.mark.parametrize("edit", [edit_cell, edit_descriptor, take_an_id_out, take_corrections_out])
def test_what_a_check_looks_at_is_checked_again(
    kept: Workspace, raw, checked, edit: Callable[[Workspace, object], set[str]]
):
    expected = edit(kept, raw)
    results(kept)
    assert {*checked} >= expected
    assert "progress/claims" not in checked  # looks at nothing of it


def test_other_code_checks_all_again(kept: Workspace, checked, monkeypatch):
    monkeypatch.setattr(valid_tables, "_CODE_HASH", "another")
    results(kept)
    assert AWARDS in checked


def test_what_has_faults_is_checked_each_time(kept: Workspace, raw, checked):
    raw.set(AWARDS, 3, "amount", "1,5")
    for _ in range(2):
        store = RawStore(kept, LAST_YEAR)
        assert [problem.column for problem in problems_of(store.all_results())] == ["amount"]
        store.store_valid()
    assert checked == [AWARDS, AWARDS]


@pytest.mark.parametrize("content", ["", "[]", '{"funding/awards": 1}', "\0", '{"a": ["b"]}'])
def test_a_damaged_file_holds_nothing(kept: Workspace, checked, content: str):
    Path(kept.state / READ / "valid-tables.json").write_text(content, "utf-8")
    assert problems_of(results(kept)) == []
    assert AWARDS in checked


def test_all_code_that_reading_tables_loads_counts():
    """What a check runs lies nowhere else, so that an edit of it checks all tables again."""
    code = (
        "import sys, critical_minerals.raw.store; "
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('critical_minerals')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    package = Path(valid_tables.__file__).parents[1]
    counted = {file for pattern in valid_tables.CODE for file in package.glob(pattern)}
    assert {Path(name) for name in done.stdout.split()} <= counted
