"""Source notes: where every number in the text is from.

On a page each number is a link to its note, which a script shows beside the number; in print, a
raised number refers to it. The notes of both kinds stand in one partial, `notes.md`. A note has
the same number in every edition.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from critical_minerals.language.catalogue import say
from critical_minerals.parameters import Language
from critical_minerals.publish.entries import Entries
from critical_minerals.publish.numbering import Note
from critical_minerals.publish.partials import attribute, escape, raw_html, visible
from critical_minerals.publish.standing import REVISED, Lineage, spoken, standing
from critical_minerals.report.uses import Section

_WORDS: Final = {
    "of": say("note-of", value="{}"),
    "note": say("note-numbered", number="{}"),
    "close": say("note-close"),
}
"""What the script says around a note, on the list's `data-` attributes."""


@dataclass(frozen=True)
class Notes:
    """All notes of one edition; `revised` holds the old texts of values that changed."""

    lineage: Lineage
    notes: Sequence[Note]
    language: Language
    revised: Mapping[str, str]

    def value(self, name: str, text: str) -> str:
        """Write a value as the document holds it: linked to its note, its signs behind it."""
        note = next((note for note in self.notes if name in note.values), None)
        if note is None:
            return escape(text)
        signs = standing(note.origins, self.lineage).signs + REVISED * (name in self.revised)
        old = self.revised.get(name, "")
        said = {sign: attribute(spoken(sign, self.language, old)) for sign in signs}
        marks = "".join(f'[{sign}]{{.sign said="{said[sign]}"}}' for sign in signs)
        kind = f'.value role="doc-noteref" data-note="{note.number}"'
        return f"[{escape(text)}{marks}](#{note.anchor}){{{kind}}}"

    def partial(self, sections: Mapping[str, Section]) -> str:
        """Compose `notes.md`: a list for the page, numbered lines for print.

        `sections` are those that first state the values, by name.
        """
        entries = Entries(self.lineage, self.language, self.revised)
        items = "\n".join(entries.item(note, sections) for note in self.notes)
        told = {name: html.escape(text(self.language)) for name, text in _WORDS.items()}
        words = " ".join(f'data-{name}="{text}"' for name, text in told.items())
        page = raw_html(f'<ol class="notes" {words}>\n{items}\n</ol>') + "\n"
        lines = "\n\n".join(entries.line(note) for note in self.notes)
        return visible("when", page) + visible("unless", f"::: {{.notes}}\n{lines}\n:::\n")
