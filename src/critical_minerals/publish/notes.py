"""Source notes: where every number in the text is from.

On a page each number is a link to its note, which a script shows beside the number; in print, a
raised number refers to it. All notes are listed in the annex; a page before it holds its own ones
for its script. A note has the same number in every document and edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import say
from critical_minerals.language.places import Part, place_told
from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import Language
from critical_minerals.publish.numbering import Note
from critical_minerals.publish.reliability import Lineage, reliability
from critical_minerals.publish.sources import publishers, source_told
from critical_minerals.publish.tracing import (
    LINEAGE_FILE,
    by_file,
    cell_link,
    file_place,
    file_rows,
    only_official,
    table_links,
    table_place,
)
from critical_minerals.report.escaping import escape
from critical_minerals.report.markdown import compose
from critical_minerals.report.references import References

_FEW: Final = 3
"""How many raw rows or sources a note describes one by one; more are summed up."""
_NAMES: Final = ("label", "measure", "commodity", "title", "project", "name", "strategy", "form")
"""Columns that say in words what a raw row is about, most telling first."""


@dataclass(frozen=True)
class Notes:
    """All notes of one edition; `revised` holds the old texts of values that changed."""

    lineage: Lineage
    notes: Sequence[Note]
    language: Language
    revised: Mapping[str, str]

    def value(self, name: str, text: str) -> str:
        """Write a value as documents hold it: linked to its note, with what its mark means."""
        note = next((note for note in self.notes if name in note.values), None)
        if note is None:
            return escape(text)
        told = reliability(note.origins, self.lineage).marks(self.language)
        if name in self.revised:
            told.append(say("mark-revised", old=self.revised[name])(self.language))
        place = {"anchor": note.anchor, "number": note.number, "said": "; ".join(told)}
        return compose("value", self.language, text=text, **place).rstrip("\n")

    def partial(self, uses: References, page: str) -> str:
        """Compose the list of all notes for the annex, `page`, and its numbered lines for print.

        `uses` are those of all documents of the edition.
        """
        return self._partial(self.notes, uses, page, "")

    def partial_for(self, stated: Collection[str], uses: References, page: str, annex: str) -> str:
        """Compose the notes that a page before the `annex` shows beside the values it states."""
        notes = [note for note in self.notes if not {*note.values}.isdisjoint(stated)]
        return self._partial(notes, uses, page, annex)

    def _partial(self, notes: Iterable[Note], uses: References, page: str, annex: str) -> str:
        told = [self._told(note, uses, page) for note in notes]
        given = {"few": _FEW, "record": LINEAGE_FILE, "annex": annex}
        return compose("notes", self.language, notes=told, **given)

    def _told(self, note: Note, uses: References, page: str) -> dict[str, Any]:
        """Tell of a note all that a page or a line of print says of it."""
        language, sources = self.language, self.lineage["sources"]
        files = by_file(note.origins)
        used = dict.fromkeys(uses.stated[name] for name in note.values if name in uses.stated)
        cells = [cell_link(note.notebook, cell, language) for cell in note.cells]
        named = publishers(note.sources, sources, language)
        return {
            "number": note.number,
            "anchor": note.anchor,
            "texts": [self._text(name).removesuffix(".") for name in note.values],
            "about": self._about(note),
            "count": len(note.origins),
            "sources": [source_told(name, sources[name], language) for name in note.sources],
            "rows": [self._row_told(origin) for origin in note.origins[:_FEW]],
            "files": [self._file(file, rows) for file, rows in files.items()],
            "public": self._public(self._row(origin) for origin in note.origins),
            "tables": table_links(note.tables, language),
            "cells": cells,
            "scripts": self._scripts(note),
            "remarks": self._remarks(note),
            "back": [
                {"text": each.title, "href": uses.link(each.anchor, page)}
                for each in used
                if each.anchor
            ],
            "publishers": named,
            "described": say(
                "note-described",
                number=note.number,
                publisher=named[0]["name"],
                year=named[0]["years"][0]["text"],
                count=len(note.sources),
            )(language),
            "place": place_told(self._only_place(note), self.language),
            "way": [
                [file_place(file, rows, language) for file, rows in files.items()],
                [cell["text"] for cell in cells],
                [table_place(table, rows, language) for table, rows in note.tables.items()],
            ],
        }

    def _scripts(self, note: Note) -> list[str]:
        """Return the commands that print scripts of the note's numbers, if official files do."""
        if not only_official(note.origins, self.lineage["rows"]):
            return []
        values = self.lineage["published"]["values"]
        return [
            f"python pipeline.py reproduce {name}"
            for name in note.values
            if values[name].get("number") is not None
        ]

    def _row_told(self, origin: str) -> dict[str, Any]:
        """Describe one raw row: file and row, key, place in the source, remark, day."""
        row = self._row(origin)
        ((file, rows),) = by_file([origin]).items()
        return {
            "file": self._file(file, rows),
            "key": " · ".join(row["key"].values()),
            "told": self._in_its_words(row),
            "public": self._public([row]),
        }

    def _in_its_words(self, row: Mapping[str, Any]) -> list[tuple[str, list[Part]]]:
        """Tell the place of a row in its source, and what is remarked of it, which is English."""
        remark: Part = {"text": row.get("note", ""), "lang": "" if self.language == "en" else "en"}
        told = [
            ("note-place", place_told(row.get("place", ""), self.language)),
            ("note-remark", [remark]),
        ]
        return [(word, parts) for word, parts in told if any(part["text"] for part in parts)]

    def _file(self, file: str, rows: Sequence[int]) -> dict[str, str]:
        return {"name": file, "rows": file_rows(file, rows, self.language)}

    def _public(self, rows: Iterable[Mapping[str, Any]]) -> str:
        """Say since when rows have been public."""
        days = sorted({row.get("as_of", "") for row in rows} - {""})
        if not days:
            return ""
        first, last = (write_date(day, self.language) for day in (days[0], days[-1]))
        if first == last:
            return say("lineage-public", date=first)(self.language)
        return say("lineage-public-span", first=first, last=last)(self.language)

    def _remarks(self, note: Note) -> list[str]:
        """Say what keeps the note's values from being plain, and which were revised."""
        said = [self._was(name) for name in note.values if name in self.revised]
        return [*reliability(note.origins, self.lineage).remarks(self.language), *said]

    def _was(self, name: str) -> str:
        """Say what a revised value is, and what it was."""
        pair = {"now": self._text(name), "old": self.revised[name]}
        return say("standing-revised", **pair)(self.language)

    def _about(self, note: Note) -> str:
        """Say in words what a note's only row is about; of several rows, no one says it."""
        if len(note.origins) != 1:
            return ""
        cells = self._row(note.origins[0])["cells"]
        told = (cells.get(f"{name}_{self.language}") for name in _NAMES)
        return next(filter(None, told), "")

    def _only_place(self, note: Note) -> str:
        """Return the place in the source, where all rows share one."""
        places = {self._row(origin).get("place", "") for origin in note.origins}
        return places.pop() if len(places) == 1 else ""

    def _row(self, origin: str) -> Mapping[str, Any]:
        return self.lineage["rows"][origin]

    def _text(self, name: str) -> str:
        return self.lineage["published"]["values"][name]["text"][self.language]
