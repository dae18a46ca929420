"""The description of an official file that a reader gives before any figure of it is used."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

_MAX_HEADER_BYTES: Final = 65_536
"""Longest header of a table; a longer first line, as of JSON or a binary file, is not read on."""


@dataclass(frozen=True, kw_only=True)
class RecognisedFile:
    """An official file that a reader has recognised by its content.

    `format` names the reader; `folder` is the publisher's in `data/raw`; `edition` distinguishes
    vintages (a year, a day); `product` is common to all editions, and begins their file names.
    `published` is the day of publication, where the file states it; `released_in` its year, where
    the file states no more. A file that is larger than a project stores says by which list of names
    (`cut_by`) rows are extracted from it before it is filed. `source_id`, `title`, `publisher`,
    `address` and `terms` describe it in the list of sources, if it is new there; `rows` is the
    number of its records.
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
    cut_by: str = ""


describe_statcan_file: Final = partial(
    RecognisedFile,
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
    """Return the cells of a file's first line, separated by commas; none where it is no text.

    Only this line is read, however large the file.
    """
    with path.open("rb") as file:
        line = file.readline(_MAX_HEADER_BYTES)
    try:
        return next(csv.reader([line.decode(encoding).rstrip("\r\n")]), [])
    except (UnicodeDecodeError, csv.Error):
        return []
