"""Changes told to people and programs: terminal, JSON, page, and the section of the report."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from critical_minerals.language.catalogue import keys
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.report.fonts import make_fonts
from critical_minerals.review.change_texts import ChangeTexts
from critical_minerals.review.changes import (
    MOST_ROWS,
    Comparison,
    Kind,
    Tier,
    compare,
    reportable_since_release,
    since_release,
    with_last_release,
    write_changes,
)
from critical_minerals.review.changes_page import changes_page, write_changes_pages
from critical_minerals.review.changes_report import after_run, long_form, short_form, to_json
from critical_minerals.review.changes_section import since_last_update
from critical_minerals.review.snapshots import current_figures, releases
from critical_minerals.tables.descriptors import Tables
from critical_minerals.workspace import CHANGES, Workspace

PROJECT = Path(__file__).parents[2]
EDITIONS = ("en", "fr")
NBSP = "\u00a0"
PLANTED = "exploration_spending"
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fonts, which take long to cut."""
    folder = tmp_path_factory.mktemp("fonts")
    make_fonts(folder)
    return folder


@pytest.fixture
def place(workspace: Workspace, fonts: Path) -> Workspace:
    """A workspace with the real documents, theme and release, in which nothing has run yet."""
    shutil.copytree(fonts, workspace.generated / "fonts")
    shutil.copytree(PROJECT / "reports" / "theme", workspace.reports / "theme")
    shutil.copytree(PROJECT / "data" / "releases", workspace.root / "data" / "releases")
    for name in (name for each in REPORT.documents for name in each.stems.values()):
        shutil.copy(PROJECT / "reports" / f"{name}.qmd", workspace.reports)
    return workspace


def leave(place: Workspace, edit: Edit, as_of: str = "2026-09-30") -> None:
    """Leave the release's own figures as those of a later run, after an edit."""
    release = releases(place)[-1]
    lineage = json.loads(release.lineage_file.read_text("utf-8")) | {"as_of": as_of}
    edit(lineage)
    place.generated.mkdir(parents=True, exist_ok=True)
    written = place.generated / "lineage.json"
    written.unlink(missing_ok=True)
    written.write_text(json.dumps(lineage), "utf-8")
    shutil.copytree(release.tables_folder, place.processed, dirs_exist_ok=True)


def plant(lineage: dict[str, Any]) -> None:
    """Revise a published figure by 20 %, in its raw row and where it is stated."""
    value = lineage["published"]["values"][PLANTED]
    row = lineage["rows"][value["origins"][0]]
    value["number"] *= 1.2
    value["text"] = {"en": f"$4.92{NBSP}billion", "fr": f"4,92{NBSP}milliards de dollars"}
    row["cells"]["amount_cad"] = str(value["number"])
    row["as_of"] = "2026-09-01"


def type_over(lineage: dict[str, Any]) -> None:
    """Type a figure over in one raw row; another document's row of it stays as it was."""
    plant(lineage)
    value = lineage["published"]["values"][PLANTED]
    origin = value["origins"][0]
    row, before = lineage["rows"][origin], _release_row(origin)
    row["as_of"] = before["as_of"]
    other = {"source_id": "ANOTHER"}
    lineage["rows"]["data/raw/other.csv:2"] = before | {"key": before["key"] | other}


def forget(lineage: dict[str, Any]) -> None:
    """Revise the figure, and have no raw rows on the production of the world any more."""
    plant(lineage)
    rows = lineage["rows"].items()
    lineage["rows"] = {origin: row for origin, row in rows if "/world_production." not in origin}


def nothing(lineage: dict[str, Any]) -> None:
    """Leave the figures as they are."""


def planted(place: Workspace) -> Comparison:
    leave(place, plant)
    return compare(releases(place)[-1], current_figures(place))


def test_the_terminal_tells_the_planted_revision_first(place: Workspace):
    told = long_form(planted(place))
    assert "From 2025-12 (as of 2025-12-31) to now (as of 2026-09-30)" in told[0]
    first = next(line for line in told if PLANTED in line)
    assert told[told.index(first) - 1].endswith("Values, the largest changes first:")
    assert first.strip() == (
        f"{PLANTED}: $4.1{NBSP}billion → $4.92{NBSP}billion  +20%  [large; revision]"
    )


def test_the_short_form_is_short(place: Workspace):
    comparison = planted(place)
    assert 3 <= len(short_form(comparison)) <= 6
    assert PLANTED in "\n".join(short_form(comparison))


def test_each_run_ends_with_what_it_changed(place: Workspace):
    assert after_run(place) == []
    leave(place, nothing)
    assert after_run(place) == [
        "Figures: kept for the first time; the next run will say what changed."
    ]
    (same,) = after_run(place)
    assert same.startswith("Figures: the same as in the run of 20")
    leave(place, plant)
    told = after_run(place)
    assert "1 value; 1 large." in told[0]
    assert PLANTED in told[1]
    leave(place, lambda lineage: (plant(lineage), lineage["notebooks"].update({"x": "new"})))
    (unchanged,) = after_run(place)
    assert unchanged.endswith("no figure changed.")


def test_a_run_without_changes_loads_nothing_large(place: Workspace):
    leave(place, nothing)
    after_run(place)
    code = (
        "import sys; from pathlib import Path; from critical_minerals.workspace import Workspace; "
        "from critical_minerals.review.changes_report import after_run; "
        "print(after_run(Workspace(Path(sys.argv[1])))); "
        "print(sorted({'pandas', 'altair'} & {*sys.modules}))"
    )
    command = [sys.executable, "-c", code, str(place.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "the same as in the run" in done.stdout


def test_json_holds_every_change_with_its_reason(place: Workspace):
    comparison = planted(place)
    told = json.loads(to_json(comparison))
    assert (told["format"], told["before"]["name"], told["after"]["name"]) == (1, "2025-12", "now")
    assert len(told["changes"]) == len(comparison.changes)
    first = told["changes"][0]
    assert (first["kind"], first["name"], first["tier"]) == ("value", PLANTED, "large")
    assert first["relative"] == pytest.approx(0.2)
    assert (first["why"], first["reasons"]) == ("revision", {"revision": 1})
    (raw,) = first["raw"]
    assert raw["table"] == "progress/exploration"
    assert raw["origin"].startswith("data/raw/progress/exploration.csv:")
    assert told["counts"]["value"] == {"revised": 1, "removed": 0, "added": 0}


def test_what_is_written_down_for_the_pages_is_what_was_found(place: Workspace):
    leave(place, type_over)
    found = with_last_release(place)
    write_changes(place)
    read = since_release(place)
    assert found is not None
    assert read is not None
    for stored, change in zip(read.changes, found.changes, strict=True):
        named = tuple(row for row in change.reasons.rows if row.still)
        reasons = replace(change.reasons, rows=named, ids=frozenset())
        assert stored == replace(change, reasons=reasons)
    value = next(change for change in read.changes if change.name == PLANTED)
    assert [one.origin for one in value.reasons.unedited] == ["data/raw/other.csv:2"]
    for language in EDITIONS:
        assert "data/raw/other.csv" in changes_page(place, read, language)


@pytest.mark.parametrize(
    ("edit", "dropped"), [(type_over, 0), (forget, 3), (forget, 30), (nothing, 0)]
)
@pytest.mark.parametrize("language", EDITIONS)
def test_the_section_needs_only_the_changes_that_it_may_tell(
    place: Workspace, language, edit: Edit, dropped: int
):
    leave(place, edit)
    production = place.processed / "production.csv"
    lines = production.read_text("utf-8").splitlines(keepends=True)
    production.unlink()
    production.write_text("".join(lines[: len(lines) - dropped]), "utf-8")
    write_changes(place)
    told, found = reportable_since_release(place), with_last_release(place)
    assert told is not None
    assert found is not None
    assert {each.kind for each in told.changes} <= {Kind.VALUE, Kind.ROW}
    assert [told.count(tier) for tier in Tier] == [found.count(tier) for tier in Tier]
    assert told.count() == len(found.changes) >= dropped
    assert len(told.of(Kind.ROW)) == min(dropped, MOST_ROWS)
    assert since_last_update(place, told, language) == since_last_update(place, found, language)


@pytest.mark.parametrize("language", EDITIONS)
def test_the_page_is_whole_in_itself(place: Workspace, language):
    page = changes_page(place, planted(place), language)
    assert f'<html lang="{language}">' in page
    if language == "fr":
        assert re.findall(r"<caption[^>]*>[^<]*[^\xa0]: ", page) == []
    fetched = r'<link\b|<script[^>]+\bsrc=|<(?:img|iframe)[^>]+\bsrc="?http|url\(["\']?http|@import'
    assert re.findall(fetched, page) == []
    markup = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
    identifiers = re.findall(r'\bid="([^"]+)"', markup)
    assert len(identifiers) == len({*identifiers})
    assert {*re.findall(r'href="#([^"]+)"', markup)} <= {*identifiers}
    largest = page.partition('id="largest"')[2].partition("<h2")[0]
    percent = "+20%" if language == "en" else f"+20{NBSP}%"
    assert f'href="{REPORT.first.page(language)}#sec-exploration"' in largest
    assert percent in largest


@pytest.mark.parametrize("language", EDITIONS)
def test_the_section_lists_the_revision_with_its_old_figure(place: Workspace, language):
    leave(place, plant)
    section = since_last_update(place, with_last_release(place), language)
    header, _, first, *_ = [line for line in section.partial.splitlines() if line[:1] == "|"]
    old, new = ("$4.1", "$4.92") if language == "en" else ("4,1", "4,92")
    cells = [cell.strip() for cell in first.strip("|").split("|")]
    assert header.count("|") == first.count("|")
    assert f"({REPORT.first.page(language)}#sec-exploration)" in cells[0].replace("\\", "")
    assert old in cells[1].replace("\\", "")
    assert new in cells[2].replace("\\", "")
    assert old in section.revised[PLANTED]
    assert section.texts["changes_count"] == "1"
    assert section.texts["changes_release"] == "2025-12"
    assert "{#tbl-changes}" in section.partial
    assert PLANTED not in section.partial
    assert CHANGES[language] in section.partial


@pytest.mark.parametrize("language", EDITIONS)
def test_the_section_says_in_words_that_there_is_nothing_to_tell(place: Workspace, language):
    leave(place, nothing)
    same = since_last_update(place, with_last_release(place), language)
    leave(place, nothing, as_of="2025-12-31")
    first = since_last_update(place, with_last_release(place), language)
    for section in (same, first):
        assert len(section.partial.split()) > 5
        assert "tbl-changes" not in section.partial
        assert section.revised == {}
        assert section.texts["changes_count"] == "0"
    assert same.partial != first.partial
    assert first.texts.keys() == same.texts.keys()


def test_the_pages_beside_the_report_exist_in_every_edition(place: Workspace):
    leave(place, nothing, as_of="2025-12-31")
    write_changes_pages(place, with_last_release(place), EDITIONS)
    first = (place.output / CHANGES["en"]).read_text("utf-8")
    assert "no figures of an earlier day" in first
    leave(place, plant)
    write_changes_pages(place, with_last_release(place), EDITIONS)
    for language in EDITIONS:
        page = (place.output / CHANGES[language]).read_text("utf-8")
        assert PLANTED in page
        assert all(
            f'href="{name}"' in page for name in CHANGES.values() if name != CHANGES[language]
        )


@pytest.mark.parametrize("language", EDITIONS)
def test_every_figure_of_the_text_has_a_name_that_is_no_id(place: Workspace, language):
    words = ChangeTexts(place, planted(place), language)
    known = words.comparison.after.lineage["published"]["values"].keys()
    names = {name: words.value(name) for name in words.stated if name in known}
    assert len(names) > 100
    assert [name for name, told in names.items() if not told or "_" in told] == []


@pytest.mark.parametrize("language", EDITIONS)
def test_every_processed_table_has_a_name(language):
    missing = [
        name
        for name in Tables(PROJECT / "data" / "schemas")
        if f"table-named-{name}".replace("_", "-") not in keys(language)
    ]
    assert missing == []


@pytest.mark.parametrize("language", EDITIONS)
def test_rows_are_named_by_words_of_their_key(place: Workspace, language):
    words = ChangeTexts(place, planted(place), language)
    tables = words.comparison.after.tables
    row = next(r for r in tables["world_production"].rows if r["country"] == "CA")
    told = words.row("world_production", tables["world_production"].key, row)
    assert "Canada" in told
    assert row["year"] in told
    for name, table in tables.items():
        for one in table.rows[:20]:
            assert words.row(name, table.key, one), (name, one)


def test_rows_that_come_and_go_are_listed_under_their_table(place: Workspace):
    comparison = planted(place)
    table = comparison.after.tables_folder / "exploration.csv"
    lines = table.read_text("utf-8").splitlines()
    table.unlink()
    table.write_text("\n".join([*lines[:-2], lines[-1]]) + "\n", "utf-8")
    fresh = compare(comparison.before, type(comparison.after)("now", *_files(comparison)))
    (gone,) = fresh.of(Kind.ROW)
    assert (gone.name, gone.what) == ("exploration", "removed")
    assert "Exploration spending (0 changed, 0 new, 1 gone)" in changes_page(place, fresh, "en")


def _release_row(origin: str) -> dict[str, Any]:
    """Return a raw row as the release has it."""
    (folder,) = (PROJECT / "data" / "releases").glob("*/")
    return json.loads((folder / "lineage.json").read_text("utf-8"))["rows"][origin]


def _files(comparison: Comparison) -> tuple[Path, Path]:
    return comparison.after.lineage_file, comparison.after.tables_folder
