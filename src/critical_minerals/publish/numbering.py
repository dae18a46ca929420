"""Group the values that share a source note, and number the notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from critical_minerals.publish.reliability import Lineage


@dataclass(frozen=True)
class Note:
    """One note: the values that share it, and the provenance of their rows."""

    number: int
    values: tuple[str, ...]
    notebook: str
    cells: tuple[str, ...]
    origins: tuple[str, ...]
    sources: tuple[str, ...]
    tables: Mapping[str, Sequence[int]]

    @property
    def anchor(self) -> str:
        """The id of the note."""
        return f"note-{self.number}"


def number_notes(names: Iterable[str], lineage: Lineage) -> list[Note]:
    """Return the notes of the values that documents state, numbered in the order of the names.

    Values with the same provenance share a note; one without raw rows has none.
    """
    values = lineage["published"]["values"]
    groups: dict[tuple[Any, ...], list[str]] = {}
    # Numbered by first use: a value may be stated more than once.
    for name in dict.fromkeys(names):
        if name in values and values[name]["origins"]:
            groups.setdefault(_sharing_key(values[name]), []).append(name)
    return [
        _note(number, [(name, values[name]) for name in group])
        for number, group in enumerate(groups.values(), 1)
    ]


def _sharing_key(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what values must have in common to share a note."""
    # Notebook and tables too: a note names them, which must be true of all its values.
    tables = tuple((name, tuple(rows)) for name, rows in sorted(entry["tables"].items()))
    return entry["notebook"], tuple(entry["origins"]), tuple(entry["sources"]), tables


def _note(number: int, entries: Sequence[tuple[str, Mapping[str, Any]]]) -> Note:
    names = tuple(name for name, _ in entries)
    cells = tuple(dict.fromkeys(entry["cell"] for _, entry in entries if entry["cell"]))
    notebook, origins, sources, tables = _sharing_key(entries[0][1])
    return Note(number, names, notebook, cells, origins, sources, dict(tables))
