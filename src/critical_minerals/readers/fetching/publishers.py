"""What the project declares of publishers: their services, and the files that are of interest.

`data/raw/publishers.yml` names each publisher's service, its addresses, and its files. An answer
decides only which file to fetch: the file itself is identified by its content, as any other is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import yaml
from pydantic import ValidationError

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.readers.settings import Settings, read_settings

NAME: Final = "publishers.yml"


class Closed(Settings):
    """Hours, in the local time of `zone`, in which a service answers no requests."""

    start: dt.time
    end: dt.time
    zone: str


class Publisher(Settings):
    """A publisher's service, and the files wanted from it.

    `service` is one of `services.py`, `address` is its address, `hosts` are those that may answer,
    `per_second` limits the rate of requests. `formats` are prefixes of the names of readers for its
    files. By which of the last four the files are chosen, each service says.
    """

    name: str
    service: str
    address: str
    hosts: tuple[str, ...]
    formats: tuple[str, ...]
    per_second: float = 2.0
    closed: Closed | None = None
    title: str = ""
    files: str = ""
    tables: tuple[str, ...] = ()
    resource: str = ""

    def closed_message(self, now: dt.datetime) -> str:
        """Return a message if the service is closed now, with its hours; blank if it is open."""
        if self.closed is None:
            return ""
        # In the publisher's zone, with its daylight saving.
        local_time = now.astimezone(ZoneInfo(self.closed.zone))
        if not self.closed.start <= local_time.time() < self.closed.end:
            return ""
        return (
            f"{self.name} is closed from {self.closed.start:%H:%M} to {self.closed.end:%H:%M} "
            f"({self.closed.zone}), and it is {local_time:%H:%M} there now. Ask again after that."
        )


@dataclass(frozen=True)
class Offer:
    """A file that a publisher offers.

    `product` identifies what its editions have in common, as the readers name it; `published` is
    the day of this edition; `size` and `md5` are as the publisher states them, if it does. `until`
    is the last period that the file holds, by its publisher.
    """

    title: str
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
        content: Any = read_settings(path)
        entries = cast("Mapping[str, Any]", content)
        return {name: Publisher.model_validate(entry) for name, entry in entries.items()}
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
