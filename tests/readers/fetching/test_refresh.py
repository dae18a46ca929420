"""What publishers have newly released is found, fetched, looked at and added."""

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console
from services import (
    RELEASED,
    Service,
    answer,
    file,
    item,
    items,
    offered,
    page,
    questions,
    service,
    statcan,
    table,
)

from critical_minerals.errors import FiguresError, UsageError
from critical_minerals.execution.add import Adder
from critical_minerals.execution.refresh import Refresh, refresh
from critical_minerals.readers.fetching.publishers import read_publishers
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[3]
PUBLISHERS = yaml.safe_load((PROJECT / "data" / "raw" / "publishers.yml").read_text("utf-8"))
RATES = PROJECT / "data" / "raw" / "statcan" / "33100036-eng.zip"
RELEASE = PROJECT / "data" / "raw" / "usgs" / "MCS2026_Commodities_Data.csv"
NOON = dt.datetime(2026, 11, 27, 17, tzinfo=dt.UTC)


@pytest.fixture
def there() -> Iterator[Service]:
    with service() as told:
        yield told


@pytest.fixture
def asked(workspace: Workspace, there: Service) -> Workspace:
    """A workspace whose publishers are on this machine, and have nothing to offer."""
    for one in PUBLISHERS.values():
        one |= {"hosts": ["127.0.0.1"], "per_second": 1000}
    PUBLISHERS["usgs"]["address"] = there.on("/items", items())
    PUBLISHERS["statcan"]["address"] = there.address
    PUBLISHERS["open_canada"]["address"] = there.on("/package", answer(404))
    text = yaml.safe_dump(PUBLISHERS, sort_keys=False)
    (workspace.raw / "publishers.yml").write_text(text, "utf-8")
    return workspace


def run(workspace: Workspace, *sources: str, **how: Any) -> tuple[str, list[str]]:
    out = io.StringIO()
    choices = {"now": lambda: NOON, "sleep": lambda _: None} | how
    adder = Adder(workspace, lambda _: [], Console(file=out, width=300), choices.pop("yes", True))
    problems = refresh(adder, sources, Refresh(**choices))
    return out.getvalue(), problems


def files(workspace: Workspace) -> set[str]:
    return {workspace.relative(path) for path in workspace.raw.rglob("*") if path.is_file()}


def rates(made: tuple[int, int, int], *more: str) -> bytes:
    """The table of daily rates as it was made on a day, with rows added."""
    written = io.BytesIO()
    with zipfile.ZipFile(RATES) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if "Meta" not in name:
                data += "".join(f"{row}\r\n" for row in more).encode()
            new.writestr(zipfile.ZipInfo(name, (*made, 0, 34, 2)), data)
    return written.getvalue()


def row(day: str, rate: str) -> str:
    series = '"Canada","","U.S. dollar, daily average","Dollars","81","units","0","v1","1.1"'
    return f'"{day}",{series},"{rate}","","","","4"'


def test_a_table_released_anew_is_one_command(asked: Workspace, there: Service):
    before = files(asked)
    statcan(there, rates((2026, 8, 13), row("2026-08-11", "1.38")), "2026-08-11")
    told, problems = run(asked, "statcan")
    assert problems == []
    new = "data/raw/statcan/33100036-eng.2026-08-13"
    assert files(asked) - before == {f"{new}.zip", f"{new}.source.yml"}
    card = yaml.safe_load((asked.root / f"{new}.source.yml").read_text("utf-8"))
    assert card["address"] == f"{there.address}/33100036-eng.zip"
    assert (card["published"], card["replaces"]) == (RELEASED, "33100036-eng.zip")
    assert card["sha256"] == hashlib.sha256((asked.root / f"{new}.zip").read_bytes()).hexdigest()
    assert "Daily average foreign exchange rates in Canadian dollars, of 2026-08-13: new." in told
    # Asked again, nothing is fetched: the release is here.
    there.asked.clear()
    told, problems = run(asked, "statcan")
    assert f"up to date ({new}.zip, public from {RELEASED})" in told
    assert "/33100036-eng.zip" not in [one.path for one in there.asked]
    assert not list((asked.state / "downloads" / "statcan").glob("*.zip"))


@pytest.mark.parametrize(
    ("made", "last", "told"),
    [
        ((2026, 8, 12), "2026-08-11", "is still that of 2026-08-12"),
        ((2026, 8, 13), "2026-08-10", r"\(to 2026-08-10\)"),
    ],
    ids=["made the day before", "ends before the table"],
)
def test_on_a_mornings_release_a_zip_that_is_behind_is_not_added(
    asked: Workspace, there: Service, made: tuple[int, int, int], last: str, told: str
):
    before = files(asked)
    statcan(there, rates(made, row(last, "1.38")), "2026-08-11")
    _, problems = run(asked, "statcan")
    assert len(problems) == 1
    assert re.search(rf"the release of 2026-08-13 is out, but the file .*{told}", problems[0])
    assert files(asked) == before


@pytest.mark.parametrize(
    ("now", "open_"),
    [
        ("2026-11-27T13:29", False),
        ("2026-11-27T13:30", True),
        ("2026-07-01T12:29", False),
        ("2026-07-01T12:31", True),
        ("2026-07-01T04:30", False),
        ("2026-07-02T03:30", True),
    ],
)
def test_a_service_is_left_alone_while_it_is_closed(
    asked: Workspace, there: Service, now: str, *, open_: bool
):
    there.on("/getCubeMetadata", questions())
    moment = dt.datetime.fromisoformat(f"{now}+00:00")
    _, problems = run(asked, "statcan", now=lambda: moment)
    assert bool(there.asked) is open_
    assert ("closed from 00:00 to 08:30" in problems[0]) is not open_


def next_release() -> bytes:
    """The release of the year after, with the unit of vanadium's reserves put right."""
    text = RELEASE.read_bytes().decode("cp1252")
    for year in range(2025, 2020, -1):
        text = text.replace(f",{year},", f",{year + 1},")
    lines = text.replace("2021–24", "2022–25").split("\r\n")
    for at, line in enumerate(lines):
        if line.startswith("VANADIUM,") and ",Reserves," in line:
            lines[at] = line.replace(",metric tons,", ",thousand metric tons,")
    return "\r\n".join(lines).encode("cp1252")


def test_a_new_release_of_the_summaries_is_one_command(asked: Workspace, there: Service):
    data = next_release()
    name = "MCS2027_Commodities_Data.csv"
    address = there.on(f"/file/get/1?name={name}", file(data, stop=1_000_000), file(data))
    there.on(
        "/items",
        items(
            item(2026, offered(b"", "MCS2026_Commodities_Data.csv", "/none", "2026-02-06")),
            item(
                2027,
                offered(data, name, address, "2027-01-29"),
                offered(b"", "MCS2027.pdf", "/none", "2027-02-04"),
                dates=("2027-02-05",),
            ),
        ),
    )
    before = files(asked)
    told, problems = run(asked, "usgs")
    assert problems == []
    new = f"data/raw/usgs/{name}"
    assert files(asked) - before == {new, new.replace(".csv", ".source.yml")}
    card = yaml.safe_load((asked.root / new.replace(".csv", ".source.yml")).read_text("utf-8"))
    assert (card["source_id"], card["published"]) == ("USGS_MCS2027", "2027-02-05")
    assert "supply/world_production: rows 1,100 added" in told


def test_what_is_here_already_is_not_fetched(asked: Workspace, there: Service):
    mine = offered(RELEASE.read_bytes(), RELEASE.name, "/none", "2026-02-06")
    there.on("/items", items(item(2025), item(2026, mine)))
    told, problems = run(asked, "usgs")
    assert problems == []
    assert f"up to date (data/raw/usgs/{RELEASE.name}, public from 2026-02-06)" in told
    assert len(there.asked) == 1


def test_dry_run_says_what_is_new_and_fetches_nothing(asked: Workspace, there: Service):
    changed = offered(b"another state of it", RELEASE.name, "/none", "2026-05-27")
    there.on("/items", items(item(2026, changed, dates=("2026-02-06",))))
    told, _ = run(asked, "usgs", dry_run=True)
    assert f"{RELEASE.name}, of 2026-05-27: new." in told
    assert len(there.asked) == 1


def test_what_no_reader_knows_is_kept_aside_and_told(asked: Workspace, there: Service):
    data = b"A,new,layout\r\n1,2,3\r\n"
    name = "MCS2027_Commodities_Data.csv"
    address = there.on("/x", file(data))
    there.on("/items", items(item(2027, offered(data, name, address, "2027-02-05"))))
    before = files(asked)
    _, problems = run(asked, "usgs")
    assert "no reader knows it. It lies in usgs/MCS2027_Commodities_Data.csv" in problems[0]
    assert files(asked) == before


def test_what_a_reader_refused_is_fetched_again_when_it_is_mended(
    asked: Workspace, there: Service, monkeypatch: pytest.MonkeyPatch
):
    statcan(there, rates((2026, 8, 13), row("2026-08-11", "1.38")), "2026-08-11")

    def refuse(path: Path) -> None:
        raise FiguresError.of(path.name, "what this reader knows", "Mend the reader.")

    before = files(asked)
    with monkeypatch.context() as patch:
        patch.setattr("critical_minerals.execution.refresh.recognised", refuse)
        for _ in range(2):  # it is told each time, not passed over
            _, problems = run(asked, "statcan")
            assert len(problems) == 1
            assert "expected what this reader knows" in problems[0]
    told, problems = run(asked, "statcan")
    assert (problems, "It has not changed" in told) == ([], False)
    assert "data/raw/statcan/33100036-eng.2026-08-13.zip" in files(asked) - before


def test_what_was_added_is_not_fetched_again_while_it_has_not_changed(
    asked: Workspace, there: Service
):
    statcan(there, rates((2026, 8, 13), row("2026-08-11", "1.38")), "2026-08-11")
    run(asked, "statcan")
    # The publisher states a later day, but the file is still the one that was added.
    there.on("/getCubeMetadata", questions(table("2026-08-11", released="2026-08-14")))
    told, problems = run(asked, "statcan")
    assert problems == []
    assert "It has not changed since it was fetched last." in told


def test_one_publisher_that_cannot_be_had_holds_up_no_other(asked: Workspace, there: Service):
    there.on("/items", page("Just a moment…"))
    statcan(there, rates((2026, 8, 13), row("2026-08-11", "1.38")), "2026-08-11")
    told, problems = run(asked, dry_run=True)
    assert len(problems) == 2
    assert "“Just a moment…”" in problems[0]
    assert "Table 33-10-0036, Daily average foreign exchange rates" in told


@pytest.mark.parametrize(
    "said",
    [b"[]", b'{"items": [{"id": 1}]}', b'{"items": null}', b'{"items": []}', b'"no"'],
)
def test_another_answer_than_is_known_is_told(asked: Workspace, there: Service, said: bytes):
    there.on("/items", answer(200, said))
    _, problems = run(asked, "usgs")
    assert len(problems) == 1
    assert problems[0].startswith("U.S. Geological Survey, Mineral Commodity Summaries: ")


def test_a_publisher_that_is_not_declared_is_told(asked: Workspace):
    with pytest.raises(UsageError, match="Did you mean 'statcan'"):
        run(asked, "statscan")


def test_what_is_wrong_in_the_list_of_publishers_is_told(asked: Workspace):
    (asked.raw / "publishers.yml").write_text("usgs: {service: gopher}", "utf-8")
    with pytest.raises(FiguresError, match=r"data/raw/publishers.yml, column"):
        run(asked)


def test_the_publishers_of_this_project_are_sound():
    declared = read_publishers(PROJECT / "data" / "raw" / "publishers.yml", "publishers.yml")
    assert {*declared} == {"usgs", "statcan", "open_canada"}
    assert all(one.address.startswith("https://") for one in declared.values())


def test_of_a_file_too_large_to_be_kept_our_programmes_are_filed(
    asked: Workspace, there: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("critical_minerals.readers.grants._MAX_EXTRACT_BYTES", 10_000)
    columns = [
        *("ref_number", "amendment_number", "amendment_date", "recipient_legal_name"),
        *("prog_name_en", "prog_name_fr", "agreement_value", "agreement_start_date", "owner_org"),
    ]
    ours = (
        "001-2025-2026-Q1-1,{},2026-09-01,A,Critical Minerals Infrastructure Fund,,{},2025-04-01,x"
    )
    others = [f"001-2025-2026-Q1-9{n},0,,B,Another,Autre,1,2025-04-01,x" for n in range(400)]
    rows = [",".join(columns), *others, ours.format(0, 5), ours.format(1, 7)]
    data = "\n".join(rows).encode() + b"\n"
    resource = {
        "id": PUBLISHERS["open_canada"]["resource"],
        "url": there.on("/download/grants.csv", file(data, stop=5000), file(data)),
        "last_modified": "2026-10-05T04:00:00",
    }
    package = {"success": True, "result": {"title": "Grants", "resources": [resource]}}
    there.on("/package", answer(200, json.dumps(package).encode()))
    _, problems = run(asked, "open_canada")
    assert problems == []
    filed = asked.raw / "open_canada" / "grants.csv"
    assert filed.read_text("utf-8").splitlines() == [rows[0], *rows[-2:]]
    card = yaml.safe_load(filed.with_name("grants.source.yml").read_text("utf-8"))
    assert card["cut_from"] == hashlib.sha256(data).hexdigest()
    assert card["sha256"] == hashlib.sha256(filed.read_bytes()).hexdigest()
    assert not (asked.state / "downloads" / "open_canada" / "grants.csv").exists()
    there.asked.clear()
    told, problems = run(asked, "open_canada")
    assert "up to date (data/raw/open_canada/grants.csv, public from 2026-10-05)" in told
    assert len(there.asked) == 1
