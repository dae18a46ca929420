"""A document as one text: includes expanded, values checked, raw HTML set aside.

Every line remembers its file and number, so that whatever is wrong can be pointed at.

Shortcodes are for those who write documents. What notebooks have published holds the words of
anybody's tables: it may include the line of sources beside it, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from critical_minerals.errors import nearest
from critical_minerals.parameters import LANGUAGES
from critical_minerals.report.rendering import RenderError
from critical_minerals.report.selection import shown_in
from critical_minerals.report.yaml_text import load_yaml
from critical_minerals.workspace import read_text

_SHORTCODE: Final = re.compile(
    r"\{\{<\s*+(?P<name>[\w-]++)\s*+(?P<given>(?:(?!\s*>\}\}).)*+)\s*+>\}\}"
)
"""Gives nothing back of what it has read: one that does not end would take minutes."""
_INCLUDE: Final = re.compile(r"\s*\{\{<\s*include\s+(?P<path>\S+)\s*>\}\}\s*")
_PUBLISHED: Final = "_generated"
_SOURCES: Final = re.compile(rf"\{{\{{< include {_PUBLISHED}/[a-z]{{2}}/lineage-[\w-]+\.md >\}}\}}")
"""The only shortcode of what is published, as `publish.lines` writes it."""
_RAW_HTML: Final = re.compile(r"(?P<fence>`{3,})\s*\{=html\}\s*")
_CODE_CELL: Final = re.compile(r"\s*(`{3,}|~{3,})\s*\{\w.*")
_NAMED_VALUE: Final = re.compile(r"\bv\.([\w-]+)")
# A tag marks a value until the Lua filter puts its inlines there: a filter that asks for tags need
# not look at every word. The character for private use is one that no published text can hold.
_VALUE: Final = "<value n=\ue004{}>"


@dataclass(frozen=True)
class Line:
    """One line of the expanded document and where it stands."""

    file: str
    number: int
    text: str
    published: bool = False

    @property
    def place(self) -> str:
        """Say where the line is, as editors understand it."""
        return f"{self.file}:{self.number}"


@dataclass(frozen=True)
class Source:
    """A document that is ready for Pandoc."""

    document: Path
    lines: tuple[Line, ...]
    front: Mapping[str, Any]
    published: Mapping[str, Any] = field(repr=False)
    raw_html: tuple[str, ...] = field(repr=False)
    marked: tuple[str, ...] = field(repr=False)

    @property
    def folder(self) -> Path:
        """The document's folder, from which all its paths go out."""
        return self.document.parent

    @property
    def language(self) -> str:
        """The document's language, English where it does not say."""
        return str(self.front.get("lang", "en"))

    @property
    def date(self) -> dt.date:
        """The day as of which the document speaks."""
        return _date(self.front, self.document.name)

    @property
    def moment(self) -> dt.datetime:
        """That day's noon, which finished reports carry instead of the clock's time."""
        return dt.datetime.combine(self.date, dt.time(12), tzinfo=dt.UTC)

    @property
    def metadata(self) -> dict[str, Any]:
        """What the metadata files hold; of the hundreds of values those that the text names."""
        named = set(_NAMED_VALUE.findall("\n".join(self.marked)))
        values = self.published.get("v", {})
        used = {name: value for name, value in values.items() if name in named}
        return {**self.published, "v": used}

    def lines_for(self, *targets: str) -> list[str]:
        """Return what Pandoc is to read for its `html`, `typst` or `docx`, or some of them."""
        return shown_in(targets, self.marked)

    @cached_property
    def starts_at_level_two(self) -> bool:
        """Whether the title is the only heading of the first level, as in our documents."""
        return not any(re.match(r"#\s", line.text) for line in self.lines)

    def locate(self, words: str) -> str:
        """Find the first line that holds some words; the document itself where none does."""
        found = (line.place for line in self.lines if words and words in line.text)
        return next(found, self.document.name)

    def with_raw_html(self, page: str) -> str:
        """Put the raw HTML back where it was set aside."""
        return re.sub(r"<!--raw:(\d+)-->", lambda found: self.raw_html[int(found[1])], page)


def read_source(document: Path) -> Source:
    """Read a document and everything it includes.

    Raises `RenderError` that names every unknown shortcode and value with its file and line.
    """
    lines = tuple(_expanded(document.parent, document.name, ()))
    own = _front_matter(document)
    published = _published(document, own)
    front = published | own
    _date(front, document.name)
    if front.get("lang", "en") not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        msg = f"{document.name}: lang is {front['lang']!r}; known are {known}."
        raise RenderError(msg)
    kept, raw_html = _set_raw_html_aside(lines)
    faults = [fault for line in kept for fault in _faults(line, front, document.parent)]
    if faults:
        raise RenderError("\n".join(faults))
    marked = tuple(_with_marks(line.text) for line in kept)
    return Source(document, lines, front, published, tuple(raw_html), marked)


def _expanded(folder: Path, name: str, within: tuple[str, ...]) -> Iterator[Line]:
    """Give a file's lines, and those of the files it includes in their place.

    Like Quarto's, every include is found from the document's own folder. One that is not there, or
    that may not be included, stays as it is, to be told of with all other faults.
    """
    place = (folder / name).resolve()
    published = bool(within) and _PUBLISHED in place.relative_to(folder.resolve()).parts
    fence, opened = "", 0
    for number, text in enumerate(_lines(read_text(folder / name)), start=1):
        line = Line(name, number, text, published)
        include = None if fence else _INCLUDE.fullmatch(text)
        opened = opened if fence else number
        fence = _fence_after(text, fence)
        if include is None or not _may_include(line, folder / include["path"], folder):
            yield line
            continue
        wanted = include["path"]
        if wanted in within or wanted == name:
            msg = f"{name}:{number}: {wanted} includes itself."
            raise RenderError(msg)
        yield from _expanded(folder, wanted, (*within, name))
        yield Line(name, number, "", published)
    if fence:
        msg = f"{name}:{opened}: the raw HTML that begins here does not end. Close it with {fence}."
        raise RenderError(msg)


def _lines(text: str) -> list[str]:
    """Split at line feeds alone, as Pandoc does.

    Python also splits at a dozen rarer characters, where a cell's text would begin a new line.
    """
    return text.removesuffix("\n").split("\n")


def _may_include(line: Line, path: Path, folder: Path) -> bool:
    """Say whether a line includes a file that is there for it."""
    honoured = not line.published or _SOURCES.fullmatch(line.text)
    return bool(honoured) and _is_inside(path, folder) and path.is_file()


def _is_inside(path: Path, folder: Path) -> bool:
    """Say whether a path stays in a folder, past all its links and dots."""
    return path.resolve().is_relative_to(folder.resolve())


def _fence_after(text: str, fence: str) -> str:
    """Say which fence of raw HTML is open after a line; none where none is.

    What stands between the fences is content: neither shortcodes nor other fences count there.
    """
    if not fence:
        opening = _RAW_HTML.fullmatch(text)
        return opening["fence"] if opening else ""
    closes = text.strip().startswith(fence) and not text.strip().strip("`")
    return "" if closes else fence


def _set_raw_html_aside(lines: Iterable[Line]) -> tuple[list[Line], list[str]]:
    """Replace the content of each raw HTML block by a comment.

    Pandoc would carry megabytes of drawings and chart data along untouched, slowly.
    """
    kept: list[Line] = []
    blocks: list[list[str]] = []
    fence = ""
    for line in lines:
        before, fence = fence, _fence_after(line.text, fence)
        if before and fence:
            blocks[-1].append(line.text)
            continue
        kept.append(line)
        if fence:
            kept.append(Line(line.file, line.number, f"<!--raw:{len(blocks)}-->"))
            blocks.append([])
    return kept, ["\n".join(block) for block in blocks]


def title_of(document: Path) -> str:
    """Return the title that a document gives itself."""
    return str(_front_matter(document)["title"])


def _front_matter(document: Path) -> dict[str, Any]:
    """Read the YAML at the top of a document."""
    found = re.match(r"---\n(.*?)\n(---|\.\.\.)\n", read_text(document), re.DOTALL)
    try:
        front: Any = load_yaml(found[1]) if found else {}
    except yaml.YAMLError as error:
        msg = f"{document.name}: the front matter is not YAML: {error}"
        raise RenderError(msg) from error
    if not isinstance(front, dict) or not front.get("title"):
        msg = f"{document.name}: the front matter has no title."
        raise RenderError(msg)
    return front


def _date(front: Mapping[str, Any], name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(str(front.get("date")))
    except ValueError as error:
        msg = f"{name}: the metadata must give a date, a day such as 2026-06-30 ({error})."
        raise RenderError(msg) from error


def _published(document: Path, front: Mapping[str, Any]) -> dict[str, Any]:
    """Combine the metadata files; the front matter has the last word over them."""
    known: dict[str, Any] = {}
    for name in front.get("metadata-files") or ():
        path = document.parent / str(name)
        if not path.is_file():
            msg = f"{document.name}: there is no {name} yet. Make the report first: make report"
            raise RenderError(msg)
        known |= load_yaml(read_text(path)) or {}
    return known


def _faults(line: Line, known: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Say what one line holds that documents must not."""
    if _CODE_CELL.match(line.text):
        yield f"{line.place}: documents hold no code to run; publish from a notebook instead."
    if line.published and not _SOURCES.fullmatch(line.text):
        if _SHORTCODE.search(line.text):
            yield f"{line.place}: what is published holds no shortcodes; only documents do."
        return
    include = _INCLUDE.fullmatch(line.text)
    if include:
        yield _missing(line, folder / include["path"], include["path"], folder)
        return
    for found in _SHORTCODE.finditer(line.text):
        if found["name"] == "include":
            yield f"{line.place}: an include stands alone on its line."
        elif found["name"] != "meta":
            yield (
                f"{line.place}: documents use the shortcodes include and meta, which both "
                f"renderers know, not {found['name']!r}."
            )
        else:
            yield from _value_faults(line, found["given"], known)


def _missing(line: Line, path: Path, wanted: str, folder: Path) -> str:
    """Say which file is not there to include, and which may be meant."""
    if not _is_inside(path, folder):
        return f"{line.place}: {wanted} is not in the document's folder. Include only what is."
    match = nearest(path.name, [each.name for each in path.parent.glob("*.md")])
    remedy = f"Did you mean {match!r}?" if match else "Run the notebooks first."
    return f"{line.place}: there is no {wanted} to include. {remedy}"


def _value_faults(line: Line, name: str, known: Mapping[str, Any]) -> Iterator[str]:
    here: Any = known
    for part in name.split("."):
        names = [str(key) for key in here] if isinstance(here, Mapping) else []
        if part not in names:
            near = nearest(part, names)  # never a list of hundreds
            remedy = f"Did you mean {near!r}?" if near else "No notebook has published it."
            yield f"{line.place}: there is no value {name!r}. {remedy}"
            return
        here = here[part]


def _with_marks(text: str) -> str:
    return _SHORTCODE.sub(lambda found: _VALUE.format(found["given"]), text)
