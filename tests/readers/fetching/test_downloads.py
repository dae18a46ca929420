"""Files are fetched to the last byte, whatever a service does; every byte of this is loopback."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest
from services import Service, answer, file, page, redirect, reset, service, silent

from critical_minerals.readers.fetching.downloads import Downloads, FetchError

DATA = bytes(range(256)) * 2048  # half a megabyte
HALF = len(DATA) // 2


@pytest.fixture
def there() -> Iterator[Service]:
    with service() as told:
        yield told


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def downloads(tmp_path: Path, slept: list[float]) -> Iterator[Downloads]:
    with Downloads(
        tmp_path / "down", ["127.0.0.1"], per_second=1e6, timeout=0.3, sleep=slept.append
    ) as one:
        yield one


def left(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "down").iterdir())


def test_a_file_comes_whole_with_its_hash(there: Service, downloads: Downloads, tmp_path: Path):
    found = downloads.download(there.on("/x.csv", file(DATA)), "x.csv", size=len(DATA))
    assert found.path.read_bytes() == DATA
    assert found.sha256 == hashlib.sha256(DATA).hexdigest()
    assert left(tmp_path) == ["x.csv", "x.csv.json"]
    assert there.headers("accept-encoding") == ["identity"]


@pytest.mark.parametrize(
    "broken",
    [
        file(DATA, stop=HALF),
        reset(DATA[:HALF], len(DATA)),
        silent(DATA[:HALF], len(DATA), 1.0),
    ],
    ids=["truncated", "reset", "silent"],
)
def test_what_breaks_off_goes_on_where_it_stopped(there: Service, downloads: Downloads, broken):
    found = downloads.download(there.on("/x", broken, file(DATA)), "x")
    assert found.path.read_bytes() == DATA
    assert there.headers("range")[1:] == [f"bytes={HALF}-"]
    assert there.headers("if-range")[1:] == ['"one"']


def test_each_break_that_brought_something_begins_the_count_anew(
    there: Service, downloads: Downloads, slept: list[float]
):
    step = len(DATA) // 7 + 1
    stops = [file(DATA, stop=step * times) for times in range(1, 7)]
    assert downloads.download(there.on("/x", *stops, file(DATA)), "x").path.read_bytes() == DATA
    assert len(there.asked) == 7
    assert sum(slept) <= 12


def test_another_process_goes_on_from_what_there_is(there: Service, tmp_path: Path):
    for number, act in enumerate([file(DATA, stop=HALF), file(DATA)]):
        address = there.on("/x", act, answer(503)) if not number else there.on("/x", act)
        with Downloads(tmp_path, ["127.0.0.1"], per_second=1e6, sleep=lambda _: None) as one:
            if number:
                assert one.download(address, "x").path.read_bytes() == DATA
            else:
                with pytest.raises(FetchError, match=f"{HALF:,} bytes have come; the next time"):
                    one.download(address, "x")
    assert there.headers("range")[-1] == f"bytes={HALF}-"


def test_two_states_of_a_file_are_never_mixed(there: Service, downloads: Downloads):
    other = bytes(reversed(DATA)) + b"more"
    address = there.on("/x", file(DATA, stop=HALF), file(other, '"two"'))
    assert downloads.download(address, "x").path.read_bytes() == other


def test_a_service_that_knows_no_ranges_sends_all_of_it_again(there: Service, downloads: Downloads):
    address = there.on("/x", file(DATA, stop=HALF, ranges=False), file(DATA, ranges=False))
    assert downloads.download(address, "x").path.read_bytes() == DATA


def test_without_a_validator_no_part_is_trusted(there: Service, downloads: Downloads):
    address = there.on("/x", file(DATA, "", stop=HALF), file(DATA, ""))
    assert downloads.download(address, "x").path.read_bytes() == DATA
    assert there.headers("range") == [None, None]


@pytest.mark.parametrize("told", ["bytes 0-9/10", "bytes 7-9/10", "nonsense"])
def test_a_range_that_is_another_than_asked_for_begins_anew(
    there: Service, downloads: Downloads, told: str
):
    wrong = answer(206, b"0123456789", content_range=told, etag='"one"')
    address = there.on("/x", file(DATA, stop=HALF), wrong, file(DATA))
    assert downloads.download(address, "x").path.read_bytes() == DATA


def test_a_part_that_is_longer_than_the_file_is_thrown_away(there: Service, downloads: Downloads):
    address = there.on("/x", file(DATA, stop=HALF), answer(416), file(b"short", '"two"'))
    assert downloads.download(address, "x").path.read_bytes() == b"short"


def test_what_has_not_changed_is_not_sent_again(there: Service, downloads: Downloads):
    address = there.on("/x", file(DATA))
    first = downloads.download(address, "x")
    again = downloads.download(address, "x")
    assert (again.fresh, again.sha256) == (False, first.sha256)
    assert there.headers("if-none-match") == [None, '"one"']
    downloads.forget(first)
    assert not downloads.download(address, "x", is_added=first.sha256.__eq__).fresh
    there.on("/x", file(b"new", '"two"'))
    assert downloads.download(address, "x").path.read_bytes() == b"new"


def test_what_is_gone_and_was_not_added_is_sent_again(there: Service, downloads: Downloads):
    address = there.on("/x", file(DATA))
    downloads.download(address, "x").path.unlink()
    again = downloads.download(address, "x")
    assert again.fresh
    assert again.path.read_bytes() == DATA


@pytest.mark.parametrize(
    "state",
    [
        "[]",
        "{}",
        '{"address": "ADDRESS", "etag": 5, "modified": [], "total": "x"}',
        '{"address": "ADDRESS", "sha256": 5, "size": "x"}',
    ],
)
def test_a_record_of_another_shape_is_none(
    there: Service, downloads: Downloads, tmp_path: Path, state: str
):
    address = there.on("/x", file(DATA))
    folder = tmp_path / "down"
    folder.mkdir()
    (folder / "x.part").write_bytes(b"of another time")
    for name in ("x", "x.part"):
        (folder / f"{name}.json").write_text(state.replace("ADDRESS", address), "utf-8")
    assert downloads.download(address, "x").path.read_bytes() == DATA
    assert there.headers("if-none-match") == there.headers("range") == [None]


def test_a_page_in_the_place_of_a_file_is_asked_for_again_and_then_told(
    there: Service, downloads: Downloads, tmp_path: Path
):
    address = there.on("/x", page("Just a moment"), file(DATA))
    assert downloads.download(address, "x").path.read_bytes() == DATA
    with pytest.raises(FetchError, match=r"5 times.* a page of HTML.*“Access denied”"):
        downloads.download(there.on("/y", page("Access denied")), "y")
    assert "y" not in left(tmp_path)


def test_another_length_than_the_publisher_says_is_refused(
    there: Service, downloads: Downloads, tmp_path: Path
):
    with pytest.raises(FetchError, match=r"524,288 bytes came, but its publisher says 524,289"):
        downloads.download(there.on("/x", file(DATA)), "x", size=len(DATA) + 1)
    assert left(tmp_path) == []


def test_another_hash_than_the_publisher_says_is_refused(
    there: Service, downloads: Downloads, tmp_path: Path
):
    right = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
    assert downloads.download(there.on("/x", file(DATA)), "x", md5=right.upper()).fresh
    with pytest.raises(FetchError, match="another MD5 than its publisher says"):
        downloads.download(there.on("/y", file(DATA[1:])), "y", md5=right)
    assert left(tmp_path) == ["x", "x.json"]


def test_a_service_is_asked_again_when_it_says(
    there: Service, downloads: Downloads, slept: list[float]
):
    address = there.on("/x", answer(429, retry_after="7"), answer(503), file(DATA))
    assert downloads.download(address, "x").path.read_bytes() == DATA
    assert slept[0] == 7
    assert 1 <= slept[1] <= 5


def test_a_wait_may_be_written_as_a_day_and_hour(
    there: Service, downloads: Downloads, slept: list[float]
):
    until = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30), usegmt=True)
    downloads.download(there.on("/x", answer(503, retry_after=until), file(DATA)), "x")
    assert 25 < slept[0] <= 30


def test_a_service_that_asks_for_more_patience_than_that_is_told(
    there: Service, downloads: Downloads, slept: list[float]
):
    with pytest.raises(FetchError, match=r"left alone until \d\d:\d\d \(60 minutes\)"):
        downloads.download(there.on("/x", answer(429, retry_after="3600")), "x")
    assert (len(there.asked), slept) == (1, [])


def test_waits_grow_and_end(there: Service, downloads: Downloads, slept: list[float]):
    with pytest.raises(FetchError, match=r"asked 5 times, .* \(500 Internal Server Error\)"):
        downloads.download(there.on("/x", answer(500)), "x")
    assert len(slept) == 4
    assert all(2**n <= wait <= 2**n + 1 for n, wait in enumerate(slept))


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (404, "moved it"),
        (406, "does not understand the question, so its form has changed. It says: [1,2]"),
        (409, "closed while tables are being released. Ask again later. It says: [1,2]"),
        (403, r"refuses (403 Forbidden). It says: [1,2]"),
    ],
)
def test_a_refusal_is_told_and_not_asked_again(
    there: Service, downloads: Downloads, status: int, told: str
):
    with pytest.raises(FetchError) as raised:
        downloads.download(there.on("/x", answer(status, b"[1,2]")), "x")
    assert told in str(raised.value)
    assert len(there.asked) == 1


def test_redirects_are_followed_to_the_hosts_of_the_publisher(there: Service, downloads: Downloads):
    there.on("/here", file(DATA))
    address = there.on("/x", redirect("/there", 301))
    there.on("/there", redirect(f"{there.address}/here", 307))
    assert downloads.download(address, "x").path.read_bytes() == DATA


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("https://example.org/x", "leads to example.org, which is not known as the publisher's"),
        ("https://not127.0.0.1.example/x", "not known as the publisher's"),
        ("http://127.0.0.2/x", "not encrypted"),
        ("file:///etc/hostname", "not encrypted"),
        ("/x", "from address to address without end"),
    ],
)
def test_redirects_elsewhere_are_refused(there: Service, downloads: Downloads, to: str, told: str):
    with pytest.raises(FetchError, match=told):
        downloads.download(there.on("/x", redirect(to)), "x")


def test_a_service_that_is_not_there_is_told(downloads: Downloads):
    with pytest.raises(FetchError, match=r"asked 5 times, .* could not be reached"):
        downloads.download("http://127.0.0.1:9/x", "x")


def test_a_name_from_a_service_decides_no_folder(
    there: Service, downloads: Downloads, tmp_path: Path
):
    found = downloads.download(there.on("/x", file(DATA)), "../../.ssh/..\\a b;c.csv")
    assert found.path == tmp_path / "down" / "a_b_c.csv"


def test_a_full_disk_is_told_before_it_is_full(
    there: Service, downloads: Downloads, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("", (), {"free": 1000})())
    with pytest.raises(FetchError, match="0 MB are free on this disk"):
        downloads.download(there.on("/x", file(DATA)), "x")


def test_a_stop_leaves_a_part_that_a_later_run_ends(there: Service, tmp_path: Path):
    def stop(done: int, _: int | None) -> None:
        if done >= HALF:
            raise KeyboardInterrupt

    address = there.on("/x", file(DATA))
    with Downloads(tmp_path, ["127.0.0.1"], per_second=1e6) as one:
        with pytest.raises(KeyboardInterrupt):
            one.download(address, "x", on_progress=stop)
        assert not (tmp_path / "x").exists()
        assert one.download(address, "x").path.read_bytes() == DATA
    assert there.headers("range")[-1]


def test_a_question_is_sent_as_json_and_asked_again(there: Service, downloads: Downloads):
    address = there.on("/ask", answer(502), answer(200, b'{"a": [1]}'))
    assert downloads.ask(address, [{"productId": 1}]) == {"a": [1]}
    assert json.loads(there.asked[-1].body) == [{"productId": 1}]
    assert {one.method for one in there.asked} == {"POST"}


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (page("Site maintenance"), "a page of HTML.*“Site maintenance”"),
        (answer(200, b"{half"), r"JSON was expected. It says: \{half"),
        (answer(200, b"x" * 60_000_000), "far longer than any"),
    ],
    ids=["page", "half", "endless"],
)
def test_an_answer_that_is_none_is_told(there: Service, downloads: Downloads, act, told: str):
    with pytest.raises(FetchError, match=told):
        downloads.ask(there.on("/ask", act))


def test_a_publisher_is_not_asked_more_often_than_it_allows(there: Service, tmp_path: Path):
    with Downloads(tmp_path, ["127.0.0.1"], per_second=20) as one:
        address = there.on("/ask", answer(200, b"{}"))
        begun = dt.datetime.now(dt.UTC)
        for _ in range(4):
            one.ask(address)
    assert (dt.datetime.now(dt.UTC) - begun).total_seconds() >= 0.15
