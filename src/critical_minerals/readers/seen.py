"""What a reader says of an official file before any figure of it is used."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

_MAX_HEADER_BYTES: Final = 65_536
"""No header of a table is longer, in bytes; a first line that is belongs to no table."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An official file that a reader knows by its content.

    `format` names the reader; `folder` is the publisher's in `data/raw`; `edition` tells one
    vintage from another (a year, a day); `product` is what its editions have in common, and begins
    their names. `published` is the day on which it was published, where the file says it;
    `released_in` is the year in which it was, where that is all that it says.
    One that is `whole` is larger than a project keeps: rows are cut out of it before it is filed.
    `source_id`, `title`, `publisher`, `address` and `terms` describe it in the list of sources, if
    it is new there; `rows` are its records.
    """

    format: str
    folder: str
    title: str
    publisher: str
    publisher_fr: str
    period: str
    edition: str
    source_id: str
    product: str
    address: str
    terms: str
    terms_fr: str = ""
    published: str = ""
    released_in: str = ""
    rows: int = 0
    whole: bool = False


describe_statcan_file: Final = partial(
    Seen,
    folder="statcan",
    publisher="Statistics Canada",
    publisher_fr="Statistique Canada",
    terms="Statistics Canada Open Licence",
    terms_fr="Licence ouverte de Statistique Canada",
)
"""What all files of Statistics Canada have in common."""


def table_number(pid: str) -> str:
    """Write the number of a table as its publisher does.

    >>> table_number("33100036")
    '33-10-0036'
    """
    return f"{pid[:2]}-{pid[2:4]}-{pid[4:8]}"


def read_header(path: Path, encoding: str = "utf-8-sig") -> list[str]:
    """Return the cells of a file's first line, parted by commas; none where that is no text."""
    with path.open("rb") as file:
        line = file.readline(_MAX_HEADER_BYTES)
    try:
        return next(csv.reader([line.decode(encoding).rstrip("\r\n")]), [])
    except (UnicodeDecodeError, csv.Error):
        return []
