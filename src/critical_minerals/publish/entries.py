"""What one source note says: on a page as a list of facts, in print as one line."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import Language
from critical_minerals.publish.addresses import html_link
from critical_minerals.publish.numbering import Note
from critical_minerals.publish.partials import escape, in_language, named, publishers, source_anchor
from critical_minerals.publish.standing import REVISED, Lineage, Remark, standing
from critical_minerals.publish.tracing import (
    LINEAGE_FILE,
    by_file,
    cell_link,
    cell_place,
    file_place,
    rows_place,
    table_links,
    table_place,
)
from critical_minerals.report.uses import Section

_FEW: Final = 3
"""How many raw rows or sources a note describes one by one; more are summed up."""
_NAMES: Final = ("label", "measure", "commodity", "title", "project", "name", "strategy", "form")
"""Columns that say in words what a raw row is about, most telling first."""


@dataclass(frozen=True)
class Entries:
    """Writes notes in one language; `revised` holds the old texts of values that changed."""

    lineage: Lineage
    language: Language
    revised: Mapping[str, str]

    def item(self, note: Note, sections: Mapping[str, Section]) -> str:
        """Compose a note for the page; a script shows the same beside the number."""
        values = " · ".join(html.escape(self._text(name)) for name in note.values)
        named = self._named(note)
        about = f'<p class="note-about">{html.escape(named)}</p>' if named else ""
        facts = "".join(f"<dt>{word}</dt><dd>{what}</dd>" for word, what in self._facts(note))
        return (
            f'<li id="{note.anchor}" value="{note.number}">'
            f'<p class="note-value">{values}</p>{about}<dl>{facts}</dl>'
            f"{self._back(note, sections)}</li>"
        )

    def line(self, note: Note) -> str:
        """Compose a note for print: from the source along the way to the processed table."""
        language = self.language
        named = "; ".join(publishers(note.sources, self.lineage["sources"], language))
        files = [file_place(file, rows, language) for file, rows in by_file(note.origins).items()]
        cells = [cell_place(note.notebook, cell, language) for cell in note.cells]
        tables = [table_place(table, rows, language) for table, rows in note.tables.items()]
        source = ", ".join(filter(None, [named, self._only_place(note)]))
        way = [source, *(escape("; ".join(part)) for part in (files, cells, tables) if part)]
        remarks = "".join(f" {remark.markdown}" for remark in self._remarks(note))
        return f"[{note.number}]{{#{note.anchor} .note-number}} {' → '.join(way)}.{remarks}"

    def _facts(self, note: Note) -> Iterator[tuple[str, str]]:
        """Give the facts of a note, each behind its word."""
        yield self._word("note-source", count=len(note.sources)), self._sources(note)
        yield self._word("note-raw", count=len(note.origins)), self._raw(note)
        yield self._word("note-table"), _anchors(table_links(note.tables, self.language))
        cells = [cell_link(note.notebook, cell, self.language) for cell in note.cells]
        yield self._word("note-notebook"), _anchors(cells)
        remarks = self._remarks(note)
        if remarks:
            yield self._word("note-marks"), _lines(remark.html for remark in remarks)

    def _sources(self, note: Note) -> str:
        """Describe the sources of a note; many of them folded."""
        told = [self._source(name, self.lineage["sources"][name]) for name in note.sources]
        if len(told) <= _FEW:
            return _lines(told)
        summary = self._word("note-all-sources", count=len(told))
        every = "".join(f"<li>{source}</li>" for source in told)
        return f"<details><summary>{summary}</summary><ul>{every}</ul></details>"

    def _source(self, name: str, record: Mapping[str, str]) -> str:
        """Describe a source: title, publisher, day, standing, terms, and its entry in the list."""
        language, day = self.language, record["published"]
        origin = (
            named(record, language),
            write_date(day, language) if day else label("source-undated", language),
        )
        standing_ = (
            label(f"tier-{record['tier']}", language),
            in_language(record, "terms", language),
        )
        listed = f'<a href="#{source_anchor(name)}">{self._word("note-listed")}</a>'
        told = f"{', '.join(origin)}; {'; '.join(standing_)}"
        return f"{_title(record, language)}, {html.escape(told)} ({listed})"

    def _raw(self, note: Note) -> str:
        """Name the raw rows: a few with their place in the source, many of them shortly."""
        if len(note.origins) <= _FEW:
            return _lines(self._raw_row(origin) for origin in note.origins)
        files = [self._file(file, rows) for file, rows in by_file(note.origins).items()]
        days = sorted({self._row(origin).get("as_of", "") for origin in note.origins} - {""})
        record = f'<a href="{LINEAGE_FILE}">{self._word("note-record")}</a>'
        return _lines(filter(None, [*files, self._public(days), record]))

    def _raw_row(self, origin: str) -> str:
        """Describe one raw row: file and row, key, place in the source, remark, day."""
        row = self._row(origin)
        ((file, rows),) = by_file([origin]).items()
        colon = "\u00a0:" if self.language == "fr" else ":"
        told = [
            self._file(file, rows),
            f"<code>{html.escape(' · '.join(row['key'].values()))}</code>",
            *(
                f"{self._word(word)}{colon} {_foreign(row[column], self.language)}"
                for word, column in (("note-place", "place"), ("note-remark", "note"))
                if row.get(column)
            ),
            self._public([row["as_of"]] if row.get("as_of") else []),
        ]
        return "; ".join(part for part in told if part)

    def _file(self, file: str, rows: Sequence[int]) -> str:
        return f"<code>{html.escape(file)}</code>, {html.escape(rows_place(rows, self.language))}"

    def _public(self, days: Sequence[str]) -> str:
        """Say since when rows have been public."""
        if not days:
            return ""
        first, last = (write_date(day, self.language) for day in (days[0], days[-1]))
        if first == last:
            return self._word("lineage-public", date=first)
        return self._word("lineage-public-span", first=first, last=last)

    def _back(self, note: Note, sections: Mapping[str, Section]) -> str:
        """Lead back to the sections that use the note's values."""
        used = dict.fromkeys(sections[name] for name in note.values if name in sections)
        named = [(each.anchor, html.escape(each.title)) for each in used if each.anchor]
        links = [f'<a href="#{anchor}">{title}</a>' for anchor, title in named]
        return f'<p class="note-back">{self._word("note-used")} {"; ".join(links)}</p>'

    def _remarks(self, note: Note) -> list[Remark]:
        """Say what keeps the note's values from being plain, and which were revised."""
        said = [Remark(REVISED, self._was(name)) for name in note.values if name in self.revised]
        return [*standing(note.origins, self.lineage).remarks(self.language), *said]

    def _was(self, name: str) -> str:
        """Say what a revised value is, and what it was."""
        pair = {"now": self._text(name), "old": self.revised[name]}
        return say("standing-revised", **pair)(self.language)

    def _named(self, note: Note) -> str:
        """Say in words what a note's only row is about; of several rows, no one says it."""
        if len(note.origins) != 1:
            return ""
        cells = self._row(note.origins[0])["cells"]
        told = (cells.get(f"{name}_{self.language}") for name in _NAMES)
        return next(filter(None, told), "")

    def _only_place(self, note: Note) -> str:
        """Write the place in the source, where all rows share one; places are in English."""
        places = {self._row(origin).get("place", "") for origin in note.origins}
        if len(places) != 1 or places == {""}:
            return ""
        place = escape(places.pop())
        return place if self.language == "en" else f"[{place}]{{lang=en}}"

    def _row(self, origin: str) -> Mapping[str, Any]:
        return self.lineage["rows"][origin]

    def _text(self, name: str) -> str:
        return self.lineage["published"]["values"][name]["text"][self.language]

    def _word(self, key: str, **facts: Any) -> str:
        return html.escape(say(key, **facts)(self.language))


def _anchors(links: Iterable[tuple[str, str]]) -> str:
    return _lines(f'<a href="{html.escape(href)}">{html.escape(text)}</a>' for text, href in links)


def _lines(parts: Iterable[str]) -> str:
    """Set parts on lines of their own, high enough to be touched apart."""
    return "".join(f"<div>{part}</div>" for part in parts)


def _title(record: Mapping[str, str], edition: Language) -> str:
    """Write a source's title, linked where it has an address; say which language it is in."""
    language = record.get("title_language") or "en"
    said = "" if language == edition else f' lang="{language}"'
    cited = f"<cite{said}>{html.escape(record['title'])}</cite>"
    return html_link(cited, record["url"])


def _foreign(text: str, language: Language) -> str:
    """Write a raw row's own words, which are English, as such."""
    said = html.escape(text)
    return said if language == "en" else f'<span lang="en">{said}</span>'
