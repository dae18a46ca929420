"""Source notes: the provenance of every number in the text.

On a page each number is a link to its note, which a script shows beside the number; in print, a
superscript refers to it. All notes are listed in the annex; a page before it has a hidden copy of
its own ones, for its script. A note has the same number in every document and edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from critical_minerals.language.catalogue import say
from critical_minerals.language.places import Part, translate_place
from critical_minerals.language.quantities import write_date
from critical_minerals.publish.provenance import (
    LINEAGE_FILE,
    Reliability,
    by_file,
    cell_link,
    file_rows,
    only_official,
    reliability,
    table_links,
)
from critical_minerals.publish.sources import Lineage, describe_source, publishers
from critical_minerals.report.escaping import escape
from critical_minerals.report.markdown import compose
from critical_minerals.report.references import References
from critical_minerals.workspace.parameters import Language

_FEW: Final = 3
"""How many raw rows or sources a note describes one by one; more are summed up."""


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


@dataclass(frozen=True)
class Notes:
    """All notes of one edition; `revised` holds the old texts of values that changed.

    `row_texts` are those of the project.
    """

    lineage: Lineage
    notes: Sequence[Note]
    language: Language
    revised: Mapping[str, str]
    row_texts: Sequence[str]

    def value(self, name: str, text: str) -> str:
        """Return the Markdown of a value: linked to its note, with the meaning of its mark."""
        note = self._by_value.get(name)
        # Values that no document states, or that have no raw rows, have no note.
        if note is None:
            return escape(text)
        marks = self._reliability[note.number].marks(self.language)
        if name in self.revised:
            marks.append(say("mark-revised", old=self.revised[name])(self.language))
        attributes = {"anchor": note.anchor, "number": note.number, "said": "; ".join(marks)}
        return compose("value", self.language, text=text, **attributes).rstrip("\n")

    def partial(
        self,
        references: References,
        page: str,
        *,
        annex: str = "",
        stated: Collection[str] | None = None,
    ) -> str:
        """Compose the list of all notes for the annex, `page`, and its numbered lines for print.

        For a page before the `annex`, compose the notes of the values that it has `stated`: they
        are for its script alone. `references` are those of all documents of the edition.
        """
        described = [
            self._described[note.number] | {"back": self._back_links(note, references, page)}
            for note in self.notes
            if stated is None or not {*note.values}.isdisjoint(stated)
        ]
        settings = {"few": _FEW, "record": LINEAGE_FILE, "annex": annex}
        return compose("notes", self.language, notes=described, **settings)

    @cached_property
    def _by_value(self) -> Mapping[str, Note]:
        return {name: note for note in self.notes for name in note.values}

    @cached_property
    def _reliability(self) -> Mapping[int, Reliability]:
        """How far the rows behind each note can be relied on, by its number."""
        return {note.number: reliability(note.origins, self.lineage) for note in self.notes}

    @cached_property
    def _described(self) -> Mapping[int, dict[str, Any]]:
        """The template data of each note, by its number: pages differ in links back alone."""
        return {note.number: self._describe_note(note) for note in self.notes}

    @staticmethod
    def _back_links(note: Note, references: References, page: str) -> list[dict[str, str]]:
        """Link from a note on a page to the sections that state its values."""
        # Each section once, though it may state several of the values.
        sections = dict.fromkeys(
            references.stated[name] for name in note.values if name in references.stated
        )
        return [
            {"text": section.title, "href": references.link(section.anchor, page)}
            for section in sections
            if section.anchor
        ]

    def _describe_note(self, note: Note) -> dict[str, Any]:
        """Return the template data of a note, for the page and for print."""
        language, sources = self.language, self.lineage["sources"]
        files = [self._describe_file(file, rows) for file, rows in by_file(note.origins).items()]
        tables = table_links(note.tables, language)
        cells = [cell_link(note.notebook, cell, language) for cell in note.cells]
        note_publishers = publishers(note.sources, sources, language)
        return {
            "number": note.number,
            "anchor": note.anchor,
            # A colon follows in print: no full stop before it, where a value is a whole sentence.
            "texts": [self._text(name).removesuffix(".") for name in note.values],
            "about": self._subject(note),
            "count": len(note.origins),
            "sources": [describe_source(name, sources[name], language) for name in note.sources],
            "rows": [self._describe_row(origin) for origin in note.origins]
            if len(note.origins) <= _FEW
            else [],
            "files": files,
            "public": self._public_since(self._row(origin) for origin in note.origins),
            "tables": tables,
            "cells": cells,
            "scripts": self._script_commands(note),
            "remarks": self._remarks(note),
            "publishers": note_publishers,
            # Text alternative of a link in print: one publisher, its year, the number of sources.
            "described": say(
                "note-described",
                number=note.number,
                publisher=note_publishers[0]["name"],
                year=note_publishers[0]["years"][0]["text"],
                count=len(note.sources),
            )(language),
            "place": translate_place(self._common_place(note), self.language),
            "way": [
                [f"{file['name']}, {file['rows']}" for file in files],
                [cell["text"] for cell in cells],
                [table["text"] for table in tables],
            ],
        }

    def _script_commands(self, note: Note) -> list[str]:
        """Return the commands that reproduce the numbers, if only official files are read."""
        if not only_official(note.origins, self.lineage["rows"]):
            return []
        # Texts and dates cannot be recomputed: only numbers have a script.
        values = self.lineage["published"]["values"]
        return [
            f"python pipeline.py reproduce {name}"
            for name in note.values
            if values[name].get("number") is not None
        ]

    def _describe_row(self, origin: str) -> dict[str, Any]:
        """Describe one raw row: file and row, key, place in the source, remark, day."""
        row = self._row(origin)
        ((file, rows),) = by_file([origin]).items()
        return {
            "file": self._describe_file(file, rows),
            "key": " · ".join(row["key"].values()),
            "remarks": self._row_remarks(row),
            "public": self._public_since([row]),
        }

    def _row_remarks(self, row: Mapping[str, Any]) -> list[tuple[str, list[Part]]]:
        """Return the place of a row in its source, and the remark on it, which is in English."""
        remark: Part = {"text": row.get("note", ""), "lang": "" if self.language == "en" else "en"}
        remarks = [
            ("note-place", translate_place(row.get("place", ""), self.language)),
            ("note-remark", [remark]),
        ]
        return [(key, parts) for key, parts in remarks if any(part["text"] for part in parts)]

    def _describe_file(self, file: str, rows: Sequence[int]) -> dict[str, str]:
        return {"name": file, "rows": file_rows(file, rows, self.language)}

    def _public_since(self, rows: Iterable[Mapping[str, Any]]) -> str:
        """Return the text on since when rows have been public; nothing where no row states it."""
        days = sorted({row.get("as_of", "") for row in rows} - {""})
        if not days:
            return ""
        first = write_date(days[0], self.language)
        if len(days) == 1:
            return say("lineage-public", date=first)(self.language)
        last = write_date(days[-1], self.language)
        return say("lineage-public-span", first=first, last=last)(self.language)

    def _remarks(self, note: Note) -> list[str]:
        """Return the remarks on reliability, and on values that were revised."""
        revisions = [self._revision_text(name) for name in note.values if name in self.revised]
        return [*self._reliability[note.number].remarks(self.language), *revisions]

    def _revision_text(self, name: str) -> str:
        """Return the text on the present and the former content of a revised value."""
        pair = {"now": self._text(name), "old": self.revised[name]}
        return say("reliability-revised", **pair)(self.language)

    def _subject(self, note: Note) -> str:
        """Return in words the subject of a note's only row; nothing where it has several."""
        if len(note.origins) != 1:
            return ""
        cells = self._row(note.origins[0])["cells"]
        texts = (cells.get(f"{name}_{self.language}") for name in self.row_texts)
        return next(filter(None, texts), "")

    def _common_place(self, note: Note) -> str:
        """Return the place in the source that all rows have in common; nothing if they differ."""
        places = {self._row(origin).get("place", "") for origin in note.origins}
        return places.pop() if len(places) == 1 else ""

    def _row(self, origin: str) -> Mapping[str, Any]:
        return self.lineage["rows"][origin]

    def _text(self, name: str) -> str:
        return self.lineage["published"]["values"][name]["text"][self.language]
