"""Which values share a source note, which number it has, and where a document uses it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.publish.standing import Lineage

_VALUE: Final = re.compile(r"\{\{<\s*meta\s+v\.([\w-]+)\s*>\}\}")
_HEADING: Final = re.compile(r"#+\s+(?P<title>.+?)\s*\{#(?P<id>[\w-]+)[^}]*\}")


@dataclass(frozen=True)
class Note:
    """One note: the values that share it, and the way of their rows."""

    number: int
    values: tuple[str, ...]
    notebook: str
    cells: tuple[str, ...]
    origins: tuple[str, ...]
    sources: tuple[str, ...]
    tables: Mapping[str, Sequence[int]]

    @property
    def anchor(self) -> str:
        """The id under which the note stands."""
        return f"note-{self.number}"


@dataclass(frozen=True)
class Section:
    """A section of a document."""

    anchor: str
    title: str


def number_notes(documents: Iterable[str], lineage: Lineage) -> list[Note]:
    """Return the notes of the values that documents use, numbered as the first one uses them.

    Values that rest on the same rows share a note.
    """
    values = lineage["published"]["values"]
    shared: dict[tuple[Any, ...], list[str]] = {}
    for name in dict.fromkeys(name for text in documents for name in _VALUE.findall(text)):
        if name in values:
            shared.setdefault(_way(values[name]), []).append(name)
    return [
        _note(number, [(name, values[name]) for name in names])
        for number, names in enumerate(shared.values(), 1)
    ]


def used_in(document: str) -> dict[str, Section]:
    """Return the section in which each value of a document is first used."""
    found: dict[str, Section] = {}
    section: Section | None = None
    for line in document.splitlines():
        heading = _HEADING.match(line)
        section = Section(heading["id"], _plain(heading["title"])) if heading else section
        for name in _VALUE.findall(line):
            if section is not None:
                found.setdefault(name, section)
    return found


def _way(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what values must share to share a note."""
    tables = tuple((name, tuple(rows)) for name, rows in sorted(entry["tables"].items()))
    return entry["notebook"], tuple(entry["origins"]), tuple(entry["sources"]), tables


def _note(number: int, entries: Sequence[tuple[str, Mapping[str, Any]]]) -> Note:
    names = tuple(name for name, _ in entries)
    cells = tuple(dict.fromkeys(entry["cell"] for _, entry in entries if entry["cell"]))
    notebook, origins, sources, tables = _way(entries[0][1])
    return Note(number, names, notebook, cells, origins, sources, dict(tables))


def _plain(title: str) -> str:
    """Drop emphasis from a heading."""
    return re.sub(r"[*_]", "", title)
