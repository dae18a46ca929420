"""Official files as their publishers gave them, each with a card that states its origin.

`data/raw/usgs/X.csv` has its card next to it, `X.source.yml`: the source, the publisher's address
and the hash. These are faults: a file that differs from the hash on its card, a card without a
file, and a card whose source is not in the list of sources.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

import yaml

from critical_minerals.errors import Problem
from critical_minerals.readers.settings import decoded, load_settings
from critical_minerals.tables.descriptors import one_line
from critical_minerals.workspace.paths import Workspace

SUFFIX: Final = ".source.yml"
_FIELDS: Final = ("file", "source_id", "sha256", "address", "published", "terms")

_DAY: Final = re.compile(r"(199|20\d)\d-\d\d-\d\d")
"""How a day is written: not as a week or without marks, which are ISO dates as well."""


@dataclass(frozen=True)
class OfficialFile:
    """An official file, as its card describes it: source, hash of the publisher's copy, day.

    `format` names its reader, if there is one; `published` is the day on the card.
    """

    path: Path
    source_id: str
    sha256: str
    card: Path
    published: str
    format: str = ""


def card_text(cells: Mapping[str, str]) -> str:
    """Return the text of a card: the cells that are filled, in their order, as YAML."""
    header = (
        "# Where the file of this name beside it is from. "
        "`python pipeline.py check` holds it to its hash."
    )
    filled = {name: cell for name, cell in cells.items() if cell}
    body = yaml.safe_dump(filled, allow_unicode=True, sort_keys=False, width=96)
    return f"{header}\n{body}"


def official_files(workspace: Workspace) -> list[OfficialFile]:
    """Return the official files that have a valid card."""
    return [
        one for card in _list_cards(workspace) if isinstance(one := _read_card(card), OfficialFile)
    ]


def faults(workspace: Workspace, sources: Collection[str]) -> list[Problem]:
    """Return what is wrong with official files and their cards.

    `sources` are the known ids; where it is empty, as their list cannot be read, none is checked.
    """
    return [
        problem
        for card in _list_cards(workspace)
        if (problem := _check_card(card, workspace, sources)) is not None
    ]


def _list_cards(workspace: Workspace) -> list[Path]:
    return sorted(workspace.raw.rglob(f"*{SUFFIX}"))


def _read_card(card: Path) -> OfficialFile | str:
    """Read a card; return what was expected instead where it is not valid."""
    return _parse_card(card, card.read_bytes())


@lru_cache(maxsize=256)
def _parse_card(card: Path, content: bytes) -> OfficialFile | str:
    """Parse a card, once for each content: every table with official rows asks for all cards."""
    try:
        parsed: object = load_settings(decoded(content))
    except yaml.YAMLError as error:
        return f"a card in YAML ({one_line(error)})"
    if not isinstance(parsed, dict):
        return "a card in YAML"
    cells = cast("Mapping[str, Any]", parsed)
    if missing := [field for field in _FIELDS if not cells.get(field)]:
        return f"a card that says {missing[0]}"
    if not _is_day(str(cells["published"])):
        return f"a card whose published is a day, such as 2026-02-06, not {cells['published']}"
    # YAML makes dates of days and numbers of digits; everything on a card is text here.
    path = card.parent / str(cells["file"])
    return OfficialFile(
        path=path,
        source_id=str(cells["source_id"]),
        sha256=str(cells["sha256"]),
        card=card,
        published=str(cells["published"]),
        format=str(cells.get("format", "")),
    )


def _is_day(text: str) -> bool:
    """Return whether a text is a day that exists, from 1990 on."""
    with suppress(ValueError):
        return bool(_DAY.fullmatch(text)) and bool(dt.date.fromisoformat(text))
    return False


def _check_card(card: Path, workspace: Workspace, sources: Collection[str]) -> Problem | None:
    card_content = _read_card(card)
    name = workspace.relative(card)
    if isinstance(card_content, str):
        return Problem(file=name, expected=card_content, remedy="Complete the card.")
    # Where the list of sources cannot be read that is reported once, not for each card.
    if sources and card_content.source_id not in sources:
        remedy = "Add the source to sources.csv, or correct the card."
        return Problem(
            file=name,
            value=card_content.source_id,
            expected="an id of the list of sources",
            remedy=remedy,
        )
    return check_hash(card_content, workspace)


def check_hash(official_file: OfficialFile, workspace: Workspace) -> Problem | None:
    """Return the problem of a file that is missing or differs from the hash on its card."""
    name = workspace.relative(official_file.path)
    if not official_file.path.is_file():
        remedy = "Restore it from the publisher's address, or delete the card."
        return Problem(file=name, expected="this file, which a card describes", remedy=remedy)
    sha256 = hashlib.sha256(official_file.path.read_bytes()).hexdigest()
    if sha256 == official_file.sha256:
        return None
    remedy = "Restore the publisher's file; a newer release gets a name and a card of its own."
    return Problem(
        file=name, value=sha256, expected=f"the hash {official_file.sha256}", remedy=remedy
    )
