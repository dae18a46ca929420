"""A long page, cut into one page for each chapter that asks for it.

Both renderers typeset a document whole, so that numbers and references are those of its print; the
page is cut afterwards, as text, because to read and write it again would change its drawings. A
chapter asks for a page of its own in its heading, which names that of the other language too:

    ## Sources {#sec-sources page="annex-sources" twin="annexe-sources"}

What stands before the first of them stays on the document's page, which forwards to the others
whoever comes with an anchor of the whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Final

from critical_minerals.report.rendering import RenderError
from critical_minerals.report.uses import uses_of
from critical_minerals.workspace import read_text, write_whole

_MAIN: Final = re.compile(
    r"(?P<before>.*?<main\b[^>]*>\n?)(?P<text>.*)(?P<after></main>.*)", re.DOTALL
)
_CHAPTER: Final = re.compile(r'^<h2\b[^>]*?\bid="([\w-]+)"[^>]*>', re.MULTILINE)
_ID: Final = re.compile(r'\bid="([^"]+)"')
_OWN_LINK: Final = re.compile(r'\bhref="#([^"]+)"')
_CONTENTS: Final = re.compile(
    r'(<nav class="contents".*?</summary>)(.*?)(\s*</details>)', re.DOTALL
)
_ENTRY: Final = re.compile(r'<a href="#([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_SUBTITLE: Final = re.compile(r'<p class="cover-subtitle">.*?</p>\n?', re.DOTALL)
_OTHER: Final = re.compile(r'<a href="[^"#]+("[^>]*\bdata-other-language\b)')
_TWIN: Final = re.compile(r'<h2\b[^>]*\bdata-twin="([\w-]+)"')
_ENGINE: Final = re.compile(
    r'<script type="text/plain" id="chart-engine">.*?</script>\n?', re.DOTALL
)
_NOTES: Final = re.compile(r'(<ol class="notes")(?P<words>[^>]*>)\n?(?P<notes>.*?)</ol>', re.DOTALL)
_NOTE: Final = re.compile(r'(?=^<li id="note-\d+")', re.MULTILINE)
_CITED: Final = re.compile(
    r'\bhref="[^"#]*#(note-\d+)"[^>]*\bclass="value"|\bclass="value"[^>]*\bhref="[^"#]*#(note-\d+)"'
)
_TAG: Final = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Part:
    """A page that is cut: its file, the chapter that it begins with, and its text."""

    file: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Cut:
    """A whole page and its parts, the first of which keeps the page's name."""

    before: str
    parts: Sequence[Part]
    after: str

    def pages(self, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Give each page by its file name; `words` are those of the templates."""
        for place, part in enumerate(self.parts):
            yield part.file, self._led(part, self._page(part, place, words))

    def _page(self, part: Part, place: int, words: Mapping[str, str]) -> str:
        first = part is self.parts[0]
        before = _CONTENTS.sub(lambda found: self._contents(part, found), self.before)
        after = self.after if "vega-lite" in part.text else _ENGINE.sub("", self.after)
        text = f"{part.text.rstrip()}\n{self._notes(part)}{self._pager(place, words)}"
        if first:
            forwards = json.dumps(self._forwards()).replace("<", "\\u003c")
            text += f'<script type="application/json" id="page-anchors">{forwards}</script>\n'
        else:
            title = _plain(self._titles[part.anchor])
            before = _TITLE.sub(lambda found: f"<title>{title} – {found[1]}</title>", before)
            before = before.replace('<header class="cover">', '<header class="cover cover-low">')
            before = _SUBTITLE.sub("", before)
            if twin := _TWIN.match(part.text):
                before = _OTHER.sub(rf'<a href="{twin[1]}.html\g<1>', before)
        return before + text + after

    def _led(self, part: Part, page: str) -> str:
        """Lead links of the whole page to the part that holds what they name."""

        def lead(found: re.Match[str]) -> str:
            file = self._files.get(found[1], part.file)
            return found[0] if file == part.file else f'href="{file}#{found[1]}"'

        return _OWN_LINK.sub(lead, page)

    def _contents(self, part: Part, found: re.Match[str]) -> str:
        """List all pages, and the sections of this one."""
        entries: list[str] = []
        sections: list[str] = []
        chapters = {anchor for each in self.parts for anchor in _CHAPTER.findall(each.text)}
        for anchor, title in _ENTRY.findall(found[2]):
            if anchor in chapters:
                current = ' aria-current="page"' if anchor == part.anchor else ""
                entries.append(f'<li><a href="#{anchor}"{current}>{title}</a>')
                sections = []
            elif self._files.get(anchor) == part.file:
                sections.append(f'<li><a href="#{anchor}">{title}</a></li>')
                opening = "\n<ul>\n" if len(sections) == 1 else ""
                entries[-1] = (
                    entries[-1].removesuffix("\n</ul>") + f"{opening}{sections[-1]}\n</ul>"
                )
        listed = "</li>\n".join(entries)
        return f"{found[1]}\n<ul>\n{listed}</li>\n</ul>{found[3]}"

    def _notes(self, part: Part) -> str:
        """Hold the notes of the page's numbers for its script."""
        if _NOTES.search(part.text):
            return ""
        cited = {one or other for one, other in _CITED.findall(part.text)}
        held = "".join(note for name, note in self._listed.items() if name in cited)
        return f'<ol class="notes" hidden{self._note_words}\n{held}</ol>\n' if held else ""

    def _pager(self, place: int, words: Mapping[str, str]) -> str:
        """Lead to the pages before and after this one."""
        near = {"prev": self.parts[place - 1 : place], "next": self.parts[place + 1 : place + 2]}
        links = "\n".join(
            f'<a rel="{rel}" href="{one.file}">'
            f"<span>{words[rel]}</span> {self._titles[one.anchor]}</a>"
            for rel, ones in near.items()
            for one in ones
        )
        return f'<nav class="pager" aria-label="{escape(words["pages"])}">\n{links}\n</nav>\n'

    def _forwards(self) -> dict[str, list[str]]:
        """Name the anchors of every other page."""
        return {
            part.file: [anchor for anchor, file in self._files.items() if file == part.file]
            for part in self.parts[1:]
        }

    @cached_property
    def _files(self) -> dict[str, str]:
        """The page on which everything that can be led to stands; drawings keep to themselves."""
        return {
            anchor: part.file
            for part in self.parts
            for anchor in _ID.findall(part.text)
            if re.match(r"(sec|fig|tbl|note|src)-", anchor) and "-caption-" not in anchor
        }

    @cached_property
    def _titles(self) -> dict[str, str]:
        """The title of each entry of the contents, as these write it."""
        found = _CONTENTS.search(self.before)
        return dict(_ENTRY.findall(found[2])) if found else {}

    @cached_property
    def _list(self) -> re.Match[str] | None:
        return next(filter(None, (_NOTES.search(part.text) for part in self.parts)), None)

    @property
    def _note_words(self) -> str:
        return self._list["words"] if self._list else ">"

    @cached_property
    def _listed(self) -> dict[str, str]:
        """Every note by its anchor."""
        notes = _NOTE.split(self._list["notes"]) if self._list else []
        return {found[1]: note for note in notes if (found := _ID.search(note))}


def cut_page(page: Path, document: Path, words: Mapping[str, str]) -> list[str]:
    """Cut a finished page where its document says; return the names of the pages that it became.

    Raises `RenderError` naming a chapter that the page does not have.
    """
    chapters = uses_of(read_text(document), page.name).chapters
    if not chapters:
        return [page.name]
    found = _MAIN.fullmatch(page.read_text("utf-8"))
    if found is None:
        msg = f"{page.name} has no main part that could be cut into chapters."
        raise RenderError(msg)
    parts = [
        *_parts(found["text"], page.name, {each.anchor: file for file, each in chapters.items()})
    ]
    missing = {*chapters} - {part.file for part in parts}
    if missing:
        msg = (
            f"{document.name}: no heading of the second level begins {', '.join(sorted(missing))}."
        )
        raise RenderError(msg)
    for file, text in Cut(found["before"], parts, found["after"]).pages(words):
        write_whole(page.with_name(file), text)
    return [part.file for part in parts]


def _parts(text: str, first: str, files: Mapping[str, str]) -> Iterator[Part]:
    headings = [*_CHAPTER.finditer(text)]
    begun = [found for found in headings if found[1] in files]
    anchor = headings[0][1] if headings else ""
    places = [0, *(found.start() for found in begun), len(text)]
    names = [(first, anchor), *((files[found[1]], found[1]) for found in begun)]
    for (start, end), (file, each) in zip(pairwise(places), names, strict=True):
        yield Part(file, each, text[start:end])


def _plain(title: str) -> str:
    """Leave the words of an entry of the contents, without its number."""
    return _TAG.sub(
        "", re.sub(r'<span class="header-section-number">.*?</span>', "", title)
    ).strip()
