"""Which values share a source note, and which number it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from critical_minerals.publish.reliability import Lineage


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


def number_notes(used: Iterable[str], lineage: Lineage) -> list[Note]:
    """Return the notes of the values that documents use, numbered as these name them.

    Values that rest on the same rows share a note; one that rests on none has none.
    """
    values = lineage["published"]["values"]
    shared: dict[tuple[Any, ...], list[str]] = {}
    for name in dict.fromkeys(used):
        if name in values and values[name]["origins"]:
            shared.setdefault(_way(values[name]), []).append(name)
    return [
        _note(number, [(name, values[name]) for name in names])
        for number, names in enumerate(shared.values(), 1)
    ]


def _way(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what values must share to share a note."""
    tables = tuple((name, tuple(rows)) for name, rows in sorted(entry["tables"].items()))
    return entry["notebook"], tuple(entry["origins"]), tuple(entry["sources"]), tables


def _note(number: int, entries: Sequence[tuple[str, Mapping[str, Any]]]) -> Note:
    names = tuple(name for name, _ in entries)
    cells = tuple(dict.fromkeys(entry["cell"] for _, entry in entries if entry["cell"]))
    notebook, origins, sources, tables = _way(entries[0][1])
    return Note(number, names, notebook, cells, origins, sources, dict(tables))
