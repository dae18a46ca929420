import hashlib
import html
import json
import re
import shutil
from pathlib import Path
from typing import Final

import pandas as pd
import pytest

from critical_minerals.raw.store import RawStore
from critical_minerals.tables.lineage import file_of
from critical_minerals.workspace.paths import Workspace

from .conftest import EDITIONS, WHOLE, Project, copied

FIGURES = [
    "fig-envelopes",
    "fig-awards-cumulative",
    "fig-funding-minerals",
    "fig-funding-provinces",
    "fig-programme-results",
    "fig-exports-partners",
    "fig-production",
    "fig-us-reliance",
    "fig-china-shares",
    "fig-concentration",
    "fig-major-projects",
    "fig-projects-map",
    "fig-partnership-timeline",
    "fig-partnership-matrix",
    "fig-ree-chain",
    "fig-exploration",
]
TABLES = ["tbl-programmes", "tbl-gpi-projects", "tbl-agreements", "tbl-us-reliance", "tbl-sources"]


def manifests(project: Project) -> list[dict]:
    files = sorted(project.published.glob("*.json"))
    return [json.loads(path.read_text("utf-8")) for path in files]


def test_every_figure_and_table_of_the_report_is_there(project: Project):
    pages = [project.output("html"), *project.annex_pages()]
    page = "".join(each.read_text("utf-8") for each in pages)
    missing = [name for name in [*FIGURES, *TABLES] if f'id="{name}"' not in page]
    assert missing == []


def test_every_published_figure_is_used_and_every_included_one_is_published(project: Project):
    included = re.findall(r"include _generated/en/([\w-]+)\.md", project.text("en"))
    assert len(included) == len({*included}), "nothing stands in both documents"
    kinds = ("figures", "tables")
    published = {name for m in manifests(project) for kind in kinds for name in m.get(kind, {})}
    made = {"notes", "notes-update", "trails", "source-documents", "contents"}
    assert {*included} == published | made | {"tbl-changes", "tbl-glossary", "tbl-sources"}


def test_every_published_thing_names_its_sources_and_raw_rows(project: Project):
    known = set(pd.read_csv(project.root / "data/raw/sources.csv")["source_id"])
    entries = [
        (name, entry)
        for manifest in manifests(project)
        for kind in ("values", "figures", "tables")
        for name, entry in manifest.get(kind, {}).items()
    ]
    assert len(entries) > 100
    lines: dict[Path, int] = {}
    for name, entry in entries:
        assert entry["sources"], name
        assert set(entry["sources"]) <= known, name
        for origin in entry["origins"]:
            file, _, row = origin.rpartition(":")
            path = project.root / file_of(file)
            assert path.is_file(), (name, origin)
            if path not in lines:
                lines[path] = path.read_bytes().count(b"\n")
            # A table inside an archive counts its own rows.
            last = lines[path] + 1 if path.suffix == ".csv" else int(row)
            assert 2 <= int(row) <= last, (name, origin)


def test_tables_are_written_as_parquet_and_csv_with_equal_content(project: Project):
    tables = sorted((project.root / "data/processed").glob("*.parquet"))
    assert len(tables) >= 10
    for parquet in tables:
        frame = pd.read_parquet(parquet)
        assert list(pd.read_csv(parquet.with_suffix(".csv")).columns) == list(frame.columns)
        assert {"source_id", "origin"} <= set(frame.columns)
        assert len(frame) > 0


def test_a_second_run_has_nothing_to_do_and_says_so(project: Project):
    before = project.output("html").stat().st_mtime_ns
    again = project.run(*WHOLE)
    assert again.returncode == 0
    assert "Nothing changed" in again.stdout
    assert project.output("html").stat().st_mtime_ns == before


# The small report's bytes are held in every change (`test_same_bytes`).
@pytest.mark.long
def test_another_folder_zone_locale_and_terminal_make_the_same_bytes(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert project.run(*WHOLE).returncode == 0  # another test may have left something else
    other = copied(tmp_path / "là-bas, ailleurs")
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)
    done = other.run(*WHOLE)
    assert done.returncode == 0, done.stdout + done.stderr
    one, two = handed_on(project), handed_on(other)
    assert one.keys() == two.keys()
    assert {Path(name).suffix for name in one} >= {".html", ".pdf", ".docx", ".ods", ".xlsx"}
    assert [name for name in one if one[name] != two[name]] == []


ELSEWHERE: Final = {
    "TZ": "America/Vancouver",
    "LC_ALL": "C",
    "COLUMNS": "60",
    "PYTHONHASHSEED": "4321",
    "USER": "somebody",
}


def handed_on(project: Project) -> dict[str, str]:
    """Hash everything that a run hands on; briefs that other tests have made are none of it."""
    folders = ("data/processed", "reports/_generated", "reports/_output")
    return {
        path.relative_to(project.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted((project.root / folder).rglob("*"))
        if path.is_file() and "briefs" not in path.parts
    }


def test_a_fault_in_the_figures_stops_the_run_and_leaves_the_report(project: Project):
    awards = project.root / "data/raw/funding/awards.csv"
    good, report = awards.read_text("utf-8"), project.output("html").read_bytes()
    header = good.splitlines()[0].split(",")
    broken = pd.read_csv(awards, dtype=str, keep_default_na=False)
    broken.loc[3, "amount"] = "1,5 million"
    broken.loc[7, "source_id"] = "NRCAN_GPY"
    assert {"amount", "source_id"} <= set(header)
    try:
        broken.to_csv(awards, index=False)
        failed = project.run("--renderer", "embedded")
    finally:
        awards.write_text(good, "utf-8")
    assert failed.returncode == 1
    assert "row 5, column amount: found '1,5 million'" in failed.stderr
    assert "row 9, column source_id: found 'NRCAN_GPY'" in failed.stderr
    assert "NRCAN_GPI" in failed.stderr
    assert "10_funding" not in failed.stdout
    assert project.output("html").read_bytes() == report


MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
DATES: Final = {
    "en": rf"({MONTHS['en'].replace(' ', '|')})\s(\d{{1,2}}), (20\d\d)",
    "fr": rf"(\d{{1,2}}|1er)\s({MONTHS['fr'].replace(' ', '|')})\s(20\d\d)",
}


# A whole run each: on the day on which least was public before each change, on the others with the
# long tests.
@pytest.mark.parametrize(
    "day",
    [
        pytest.param("2022-12-31", marks=pytest.mark.slow),
        pytest.param("2023-06-30", marks=pytest.mark.long),
        pytest.param("2024-06-30", marks=pytest.mark.long),
        pytest.param("2025-03-31", marks=pytest.mark.long),
    ],
)
def test_an_earlier_day_sees_no_later_figure(project: Project, tmp_path_factory, day: str):
    earlier = Project(tmp_path_factory.mktemp("earlier") / "project")
    shutil.copytree(project.root, earlier.root, symlinks=True)
    done = earlier.run("--renderer", "embedded", "--to", "html", "--as-of", day)
    assert done.returncode == 0, done.stdout + done.stderr
    # Nor do documents of today stay beside it, in other formats.
    others = [(suffix, lang) for lang in EDITIONS for suffix in ("pdf", "docx")]
    assert [each for each in others if earlier.output(*each).exists()] == []
    assert [each for each in others if earlier.output(*each).name not in done.stdout] == []
    origins = {
        origin
        for manifest in manifests(earlier)
        for kind in ("values", "figures", "tables")
        for entry in manifest.get(kind, {}).values()
        for origin in entry["origins"]
    }
    timeless = ("vocabulary/", "sources.csv")
    store = RawStore(Workspace(earlier.root))
    since = {
        f"{row['file_name']}:{row['row_number']}": row["as_of"]
        for name, table in store.tables.items()
        if table.dated
        for row in store.cells(name).to_dict("records")
    }
    rows = [o for o in origins if not any(part in o for part in timeless)]
    assert rows
    assert [(origin, since[origin]) for origin in rows if since[origin] > day] == []
    for language in EDITIONS:
        assert later_than(day, earlier, language) == []
    assert dead_links(earlier) == set()
    # Typst sets nothing in which a link leads nowhere.
    printed = earlier.run("--renderer", "embedded", "--to", "pdf", "--as-of", day)
    assert printed.returncode == 0, printed.stdout + printed.stderr


def dead_links(project: Project) -> set[tuple[str, str]]:
    """Return the links within the pages of the documents that lead to no anchor, by page."""
    anchors: dict[str, set[str]] = {}
    links: list[tuple[str, str]] = []
    for language in EDITIONS:
        for path in (project.output("html", language), *project.annex_pages(language)):
            page = path.read_text("utf-8")
            anchors[path.name] = {*re.findall(r'(?<![-\w])id="([^"]+)"', page)}
            found = re.findall(r'<a\b[^>]*\bhref="([^"]*#[^"]+)"', page)
            links += [(path.name, html.unescape(link)) for link in found]
    return {
        (page, link)
        for page, link in links
        if (file := link.partition("#")[0] or page) in anchors
        and link.partition("#")[2] not in anchors[file]
    }


def later_than(day: str, project: Project, language: str) -> list[str]:
    """Return what the update says of later days, what stands in for a figure, and empty lines.

    Only source notes may name a document of a later day: the one in which an earlier fact was read.
    """
    page = project.output("html", language).read_text("utf-8")
    body = html.unescape(page.partition("<main")[2].partition("</main>")[0])
    body = re.sub(r"<(script|svg|style|template)\b.*?</\1>", " ", body, flags=re.DOTALL)
    told, _, notes = body.partition('<ol class="notes"')
    prose, noted = (
        [
            re.sub(r"<[^>]+>", "", text)
            for text in re.findall(r"<(?:p|li)\b.*?</(?:p|li)>", part, re.DOTALL)
        ]
        for part in (told, notes)
    )
    assert len(prose) > 20
    assert noted
    missing = re.compile(r"not yet public|pas encore public|Sources\s?: ?\.|up to up to|–\.")
    months = MONTHS[language].split()

    def of(found: re.Match[str]) -> str:
        first, second, year = found.groups()
        name, number = (first, second) if language == "en" else (second, first)
        return f"{year}-{months.index(name) + 1:02}-{int(number.removesuffix('er')):02}"

    later = [t for t in prose if any(of(found) > day for found in re.finditer(DATES[language], t))]
    return [*later, *filter(missing.search, [*prose, *noted])]
