"""Official files as their publishers gave them, each with a card that says where it is from.

`data/raw/usgs/X.csv` has its card beside it, `X.source.yml`: the source, the publisher's address
and the hash. A file that is not byte for byte what its card says is a fault; so is a card without a
file, and one whose source is not in the list of sources.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

import yaml

from critical_minerals.errors import Problem
from critical_minerals.readers.settings import read_settings
from critical_minerals.tables.descriptors import one_line
from critical_minerals.workspace import Workspace

SUFFIX: Final = ".source.yml"
_FIELDS: Final = ("file", "source_id", "sha256", "address", "published", "terms")


@dataclass(frozen=True)
class OfficialFile:
    """An official file, its source, the hash of its publisher's copy, and what its card tells.

    `format` names the reader of it, if there is one; `published` is the day on its card.
    """

    path: Path
    source_id: str
    sha256: str
    card: Path
    published: str
    format: str = ""


def card_text(cells: Mapping[str, str]) -> str:
    """Write a card: what a file is and where it is from, in the order given."""
    opening = (
        "# Where the file of this name beside it is from. "
        "`python pipeline.py check` holds it to its hash."
    )
    told = {name: cell for name, cell in cells.items() if cell}
    body = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=96)
    return f"{opening}\n{body}"


def official_files(workspace: Workspace) -> list[OfficialFile]:
    """Return the official files that have a sound card."""
    return [one for card in _cards(workspace) if isinstance(one := _read(card), OfficialFile)]


def faults(workspace: Workspace, sources: Collection[str]) -> list[Problem]:
    """Return what is wrong with official files and their cards.

    `sources` are the known ids; without any, as where their list cannot be read, none is refused.
    """
    return [
        problem
        for card in _cards(workspace)
        if (problem := _fault(card, workspace, sources)) is not None
    ]


def _cards(workspace: Workspace) -> list[Path]:
    return sorted(workspace.raw.rglob(f"*{SUFFIX}"))


def _read(card: Path) -> OfficialFile | str:
    """Read a card; where it is none, return what was expected."""
    return _understood(card, card.read_bytes())


@lru_cache(maxsize=256)
def _understood(card: Path, _content: bytes) -> OfficialFile | str:
    """Read a card once for each content: every table that official files supply asks for all."""
    try:
        read: object = read_settings(card)
    except yaml.YAMLError as error:
        return f"a card in YAML ({one_line(error)})"
    if not isinstance(read, dict):
        return "a card in YAML"
    cells = cast("Mapping[str, Any]", read)
    if missing := [field for field in _FIELDS if not cells.get(field)]:
        return f"a card that says {missing[0]}"
    path = card.parent / str(cells["file"])
    return OfficialFile(
        path=path,
        source_id=str(cells["source_id"]),
        sha256=str(cells["sha256"]),
        card=card,
        published=str(cells["published"]),
        format=str(cells.get("format", "")),
    )


def _fault(card: Path, workspace: Workspace, sources: Collection[str]) -> Problem | None:
    one = _read(card)
    file = workspace.relative(card)
    if isinstance(one, str):
        return Problem(file=file, expected=one, remedy="Complete the card.")
    if sources and one.source_id not in sources:
        remedy = "Add the source to sources.csv, or correct the card."
        return Problem(
            file=file, value=one.source_id, expected="an id of the list of sources", remedy=remedy
        )
    return altered(one, workspace)


def altered(one: OfficialFile, workspace: Workspace) -> Problem | None:
    """Say what is wrong with a file that is not byte for byte what its card says."""
    name = workspace.relative(one.path)
    if not one.path.is_file():
        remedy = "Restore it from the publisher's address, or delete the card."
        return Problem(file=name, expected="this file, which a card describes", remedy=remedy)
    found = hashlib.sha256(one.path.read_bytes()).hexdigest()
    if found == one.sha256:
        return None
    remedy = "Restore the publisher's file; a newer release gets a name and a card of its own."
    return Problem(file=name, value=found, expected=f"the hash {one.sha256}", remedy=remedy)
