"""What publishers have on offer now, asked of their services at the addresses that are declared.

`data/raw/publishers.yml` names each publisher's service, its addresses, and the files that are of
interest. What a service answers decides which file to fetch, and nothing else: the file is known by
its content, as any other is.

| service | what it is asked | what tells a new edition |
|---|---|---|
| `sciencebase` | items by the words of a release's title | the year in the title; MD5 of files |
| `statcan` | the metadata of each table, then the address of its zip | the time of its release |
| `ckan` | the data set, for one of its resources | the day on which that was changed |
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.fetching.downloads import FetchError
from critical_minerals.readers.seen import table_number
from critical_minerals.readers.settings import read_settings

NAME: Final = "publishers.yml"
Ask = Callable[..., Any]
"""Asks an address, with or without a body, and returns what its JSON holds."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Closed(BaseModel):
    """The hours of a place in which a service answers nobody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: dt.time
    end: dt.time
    zone: str


class Publisher(BaseModel):
    """A publisher's service, and what is wanted of it.

    `address` is where it is asked, `hosts` are those that may answer, `per_second` is how often.
    `formats` are the readers that may know its files, by the beginnings of their names.
    Of ScienceBase, `title` and `files` are patterns of the title of an item and of the names of its
    files; of Statistics Canada, `tables` are numbers; of CKAN, `resource` is an id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    service: Literal["sciencebase", "statcan", "ckan"]
    address: str
    hosts: tuple[str, ...]
    formats: tuple[str, ...]
    per_second: float = 2.0
    closed: Closed | None = None
    title: str = ""
    files: str = ""
    tables: tuple[str, ...] = ()
    resource: str = ""

    def is_closed(self, now: dt.datetime) -> str:
        """Say that the service answers nobody now, and when it does again; blank where it does."""
        if self.closed is None:
            return ""
        there = now.astimezone(ZoneInfo(self.closed.zone))
        if not self.closed.start <= there.time() < self.closed.end:
            return ""
        return (
            f"{self.name} is closed from {self.closed.start:%H:%M} to {self.closed.end:%H:%M} "
            f"({self.closed.zone}), and it is {there:%H:%M} there now. Ask again after that."
        )


@dataclass(frozen=True)
class Offer:
    """A file that a publisher offers.

    `product` is what its editions have in common, as the readers name it; `published` the day of
    this one; `size` and `md5` are what the publisher says of it, where it does. `until` is the last
    period that the publisher says it holds.
    """

    what: str
    file: str
    address: str
    product: str
    published: str
    size: int | None = None
    md5: str = ""
    until: str = ""


def read_publishers(path: Path, file: str) -> Mapping[str, Publisher]:
    """Read the publishers by their ids. Raises `FiguresError` with what is wrong in the file."""
    try:
        read: Any = read_settings(path)
        entries = cast("Mapping[str, Any]", read)
        return {one: Publisher.model_validate(cells) for one, cells in entries.items()}
    except OSError:
        problem = Problem(file=file, expected="this file", remedy="Restore it.")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = Problem(file=file, column=where, expected=first["msg"], remedy="Correct it.")
    except (yaml.YAMLError, AttributeError) as error:
        why = " ".join(str(error).split())
        problem = Problem(file=file, expected="publishers by their ids", remedy=f"Correct: {why}.")
    raise FiguresError([problem])


def offers(publisher: Publisher, ask: Ask) -> list[Offer]:
    """Return the newest of each file that a publisher offers.

    Raises `FetchError` where the service cannot be asked, or answers otherwise than it is known to.
    """
    try:
        return [*_SERVICES[publisher.service](publisher, ask)]
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        msg = (
            f"{publisher.name}: its service answers otherwise than it is known to ({error!r}), so "
            "its form has changed. The file can be downloaded by hand and added: "
            "python pipeline.py add FILE"
        )
        raise FetchError(msg) from error


def _sciencebase(publisher: Publisher, ask: Ask) -> Iterator[Offer]:
    """Offer the files of the newest release; its parts may be items of their own."""
    title, files = re.compile(publisher.title), re.compile(publisher.files)
    items: Sequence[Mapping[str, Any]] = ask(publisher.address)["items"]
    releases = [(found[1], item) for item in items if (found := title.search(item["title"]))]
    if not releases:
        msg = (
            f"{publisher.name}: nothing there is titled as its releases were ({title.pattern})."
            f" Correct title in data/raw/{NAME}."
        )
        raise FetchError(msg)
    newest = max(edition for edition, _ in releases)
    named = [
        (item, file)
        for edition, item in releases
        for file in item.get("files") or ()
        if edition == newest and files.fullmatch(file["name"])
    ]
    if not named:
        msg = (
            f"{publisher.name}: the release of {newest} has no file of a known name"
            f" ({files.pattern}). Correct files in data/raw/{NAME}."
        )
        raise FetchError(msg)
    seen = set[str]()
    for item, file in named:
        if file["name"] in seen:
            continue
        seen.add(file["name"])
        checksum = file.get("checksum") or {}
        is_md5 = str(checksum.get("type", "")).upper() == "MD5"
        yield Offer(
            what=f"{item['title']}: {file['name']}",
            file=file["name"],
            address=file.get("downloadUri") or file["url"],
            product=newest,
            published=_day_of_release(item, file),
            size=int(file["size"]) if file.get("size") else None,
            md5=str(checksum["value"]) if is_md5 else "",
        )


def _day_of_release(item: Mapping[str, Any], file: Mapping[str, Any]) -> str:
    """Return the day from which a file was public: no earlier than its release, nor than itself."""
    days = [
        str(date.get("dateString", ""))
        for date in item.get("dates") or ()
        if date.get("type") in ("Publication", "Release")
    ]
    days.append(str(file.get("dateUploaded") or "")[: len("2026-02-06")])
    return max((day for day in days if _DAY.fullmatch(day)), default="")


def _statcan(publisher: Publisher, ask: Ask) -> Iterator[Offer]:
    """Offer whole tables. The body of a question is a list, whatever is asked; else it is 406."""
    body = [{"productId": int(pid)} for pid in publisher.tables]
    answers = {
        str(one["object"]["productId"]): one["object"]
        for one in ask(f"{publisher.address}/getCubeMetadata", body)
        if one["status"] == "SUCCESS"
    }
    for pid in publisher.tables:  # answers may come in another order than questions
        if pid not in answers:
            msg = f"{publisher.name} knows no table {pid}. Correct tables in data/raw/{NAME}."
            raise FetchError(msg)
        table = answers[pid]
        zipped = ask(f"{publisher.address}/getFullTableDownloadCSV/{pid}/en")
        if zipped["status"] != "SUCCESS":
            msg = f"{publisher.name} does not say where table {pid} lies: {zipped['object']}"
            raise FetchError(msg)
        yield Offer(
            what=f"Table {table_number(pid)}, {table['cubeTitleEn']}",
            file=f"{pid}-eng.zip",
            address=str(zipped["object"]),
            product=pid,
            published=str(table["releaseTime"])[: len("2026-02-06")],
            until=str(table["cubeEndDate"]),
        )


def _ckan(publisher: Publisher, ask: Ask) -> Iterator[Offer]:
    answer = ask(publisher.address)
    if not answer["success"]:
        msg = f"{publisher.name}: {answer.get('error', 'no such data set')}"
        raise FetchError(msg)
    package = answer["result"]
    resource = next((one for one in package["resources"] if one["id"] == publisher.resource), None)
    if resource is None:
        msg = (
            f"{publisher.name}: the data set has no resource {publisher.resource} any more."
            f" Correct resource in data/raw/{NAME}."
        )
        raise FetchError(msg)
    changed = resource.get("last_modified") or resource.get("metadata_modified") or ""
    file = str(resource["url"]).rpartition("/")[2] or "file"
    yield Offer(
        what=f"{package['title']}: {file}",
        file=file,
        address=str(resource["url"]),
        product=Path(file).stem,
        published=str(changed)[: len("2026-02-06")],
        # The size and hash of a resource are typed by hand there, and often of an older state.
    )


_SERVICES: Final[Mapping[str, Callable[[Publisher, Ask], Iterator[Offer]]]] = {
    "sciencebase": _sciencebase,
    "statcan": _statcan,
    "ckan": _ckan,
}
