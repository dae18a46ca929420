"""List the files that publishers offer now, from their services at the declared addresses.

| service | request | a new edition is recognised by |
|---|---|---|
| `sciencebase` | items by the words of a release's title | the year in the title; MD5 of files |
| `statcan` | the metadata of each table, then the address of its zip | the time of its release |
| `ckan` | the data set, for one of its resources | the day on which that was changed |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import hint
from critical_minerals.readers.fetching.downloads import FetchError
from critical_minerals.readers.fetching.publishers import NAME, Offer, Publisher
from critical_minerals.readers.seen import table_number

Ask = Callable[..., Any]
"""A function that requests an address, with or without a body, and returns its parsed JSON."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def offers(publisher: Publisher, ask: Ask) -> list[Offer]:
    """Return the newest edition of each file that a publisher offers.

    Raises `FetchError` where the service cannot be reached, or its answer has another form.
    """
    service = _SERVICES.get(publisher.service)
    if service is None:
        msg = (
            f"{publisher.name}: there is no service {publisher.service!r}. "
            f"{hint(publisher.service, [*_SERVICES])} Correct service in data/raw/{NAME}."
        )
        raise FetchError(msg)
    try:
        return [*service(publisher, ask)]
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        # A field is missing or of another type, wherever in the answer: one message for all, with
        # a way to go on without the service.
        msg = (
            f"{publisher.name}: its service answers otherwise than it is known to ({error!r}), so "
            "its form has changed. The file can be downloaded by hand and added: "
            "python pipeline.py add FILE"
        )
        raise FetchError(msg) from error


def _sciencebase(publisher: Publisher, ask: Ask) -> Iterator[Offer]:
    """Offer the files of the newest release, which may be split over several items.

    `title` and `files` are patterns for the title of an item and the names of its files.
    """
    title_pattern, file_pattern = re.compile(publisher.title), re.compile(publisher.files)
    items: Sequence[Mapping[str, Any]] = ask(publisher.address)["items"]
    releases = [
        (match[1], item) for item in items if (match := title_pattern.search(item["title"]))
    ]
    if not releases:
        msg = (
            f"{publisher.name}: nothing there is titled as its releases were "
            f"({title_pattern.pattern}). Correct title in data/raw/{NAME}."
        )
        raise FetchError(msg)
    # By the year in the title: the order of a search's results says nothing of age.
    newest = max(edition for edition, _ in releases)
    candidates = [
        (item, file)
        for edition, item in releases
        for file in item.get("files") or ()
        if edition == newest and file_pattern.fullmatch(file["name"])
    ]
    if not candidates:
        msg = (
            f"{publisher.name}: the release of {newest} has no file of a known name"
            f" ({file_pattern.pattern}). Correct files in data/raw/{NAME}."
        )
        raise FetchError(msg)
    # Several items of one release may list the same file.
    offered = set[str]()
    for item, file in candidates:
        if file["name"] in offered:
            continue
        offered.add(file["name"])
        checksum = file.get("checksum") or {}
        # A checksum of another kind would never equal the MD5 of the file.
        is_md5 = str(checksum.get("type", "")).upper() == "MD5"
        yield Offer(
            title=f"{item['title']}: {file['name']}",
            file=file["name"],
            address=file.get("downloadUri") or file["url"],
            product=newest,
            published=_day_of_release(item, file),
            size=int(file["size"]) if file.get("size") else None,
            md5=str(checksum["value"]) if is_md5 else "",
        )


def _day_of_release(item: Mapping[str, Any], file: Mapping[str, Any]) -> str:
    """Return the day from which a file was public: the latest of its release and its upload."""
    # A file may be replaced after its release, as those of 2024 were on 5 March 2024: the figures
    # of the new file were not public before its upload.
    days = [
        str(date.get("dateString", ""))
        for date in item.get("dates") or ()
        if date.get("type") in ("Publication", "Release")
    ]
    days.append(str(file.get("dateUploaded") or "")[: len("2026-02-06")])
    return max((day for day in days if _DAY.fullmatch(day)), default="")


def _statcan(publisher: Publisher, ask: Ask) -> Iterator[Offer]:
    """Offer whole tables, by their numbers in `tables`."""
    # The body is a list even for one table: the service answers 406 to a single object.
    body = [{"productId": int(pid)} for pid in publisher.tables]
    answers = {
        str(answer["object"]["productId"]): answer["object"]
        for answer in ask(f"{publisher.address}/getCubeMetadata", body)
        if answer["status"] == "SUCCESS"
    }
    # By their ids: answers may come in another order than the request.
    for pid in publisher.tables:
        if pid not in answers:
            msg = f"{publisher.name} knows no table {pid}. Correct tables in data/raw/{NAME}."
            raise FetchError(msg)
        table = answers[pid]
        zipped = ask(f"{publisher.address}/getFullTableDownloadCSV/{pid}/en")
        if zipped["status"] != "SUCCESS":
            msg = f"{publisher.name} does not say where table {pid} lies: {zipped['object']}"
            raise FetchError(msg)
        yield Offer(
            title=f"Table {table_number(pid)}, {table['cubeTitleEn']}",
            file=f"{pid}-eng.zip",
            address=str(zipped["object"]),
            product=pid,
            published=str(table["releaseTime"])[: len("2026-02-06")],
            until=str(table["cubeEndDate"]),
        )


def _ckan(publisher: Publisher, ask: Ask) -> Iterator[Offer]:
    """Offer one file of a data set, `resource` by its id."""
    answer = ask(publisher.address)
    if not answer["success"]:
        msg = f"{publisher.name}: {answer.get('error', 'no such data set')}"
        raise FetchError(msg)
    package = answer["result"]
    resource = next(
        (entry for entry in package["resources"] if entry["id"] == publisher.resource), None
    )
    if resource is None:
        msg = (
            f"{publisher.name}: the data set has no resource {publisher.resource} any more."
            f" Correct resource in data/raw/{NAME}."
        )
        raise FetchError(msg)
    changed = resource.get("last_modified") or resource.get("metadata_modified") or ""
    file = str(resource["url"]).rpartition("/")[2] or "file"
    yield Offer(
        title=f"{package['title']}: {file}",
        file=file,
        address=str(resource["url"]),
        product=Path(file).stem,
        published=str(changed)[: len("2026-02-06")],
        # Without size and hash: on CKAN these are typed by hand, and often of an older state.
    )


_SERVICES: Final[Mapping[str, Callable[[Publisher, Ask], Iterator[Offer]]]] = {
    "sciencebase": _sciencebase,
    "statcan": _statcan,
    "ckan": _ckan,
}
