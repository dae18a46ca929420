"""Read a document as one text: includes expanded, values checked, raw HTML extracted.

Every line keeps its file and number, so that error messages can name the place.

Shortcodes are for those who write documents. What notebooks publish contains text of tables from
anywhere: it may include its own line of sources, and nothing else.
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
from critical_minerals.report.rendering import RenderError
from critical_minerals.report.selection import select_lines
from critical_minerals.report.yaml_text import load_yaml
from critical_minerals.workspace.parameters import LANGUAGES
from critical_minerals.workspace.paths import read_text

_SHORTCODE: Final = re.compile(
    r"\{\{<\s*+(?P<name>[\w-]++)\s*+(?P<argument>(?:(?!\s*>\}\}).)*+)\s*+>\}\}"
)
"""Possessive, so that it never backtracks: one that does not end would take minutes."""
_INCLUDE: Final = re.compile(r"\s*\{\{<\s*include\s+(?P<path>\S+)\s*>\}\}\s*")
_PUBLISHED: Final = "_generated"
_SOURCES: Final = re.compile(rf"\{{\{{< include {_PUBLISHED}/[a-z]{{2}}/lineage-[\w-]+\.md >\}}\}}")
"""The only shortcode that published text may hold, as the templates write it."""
_RAW_HTML: Final = re.compile(r"(?P<fence>`{3,})\s*\{=html\}\s*")
_CODE_CELL: Final = re.compile(r"\s*(`{3,}|~{3,})\s*\{\w.*")
_NAMED_VALUE: Final = re.compile(r"\bv\.([\w-]+)")
# A tag marks a value until the Lua filter puts its inlines there: a filter that asks for tags need
# not look at every word. The character for private use is one that no published text can hold.
_VALUE: Final = "<value n=\ue004{}>"


@dataclass(frozen=True)
class Line:
    """One line of the expanded document, and its place."""

    file: str
    number: int
    text: str
    published: bool = False

    @property
    def place(self) -> str:
        """The place of the line in the form that editors understand: `file:number`."""
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
        """The document's folder, to which all its paths are relative."""
        return self.document.parent

    @property
    def moment(self) -> dt.datetime:
        """Noon of the document's day, which finished reports carry instead of the clock's time."""
        day = _parse_date(self.front, self.document.name)
        return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)

    @property
    def metadata(self) -> dict[str, Any]:
        """The content of the metadata files; of hundreds of values, those that the text names."""
        names = set(_NAMED_VALUE.findall("\n".join(self.marked)))
        values = self.published.get("v", {})
        # Pandoc parses each value as Markdown, which takes as long as the document itself.
        used = {name: value for name, value in values.items() if name in names}
        return {**self.published, "v": used}

    def lines_for(self, *targets: str) -> list[str]:
        """Return the lines to convert for Pandoc's `html`, `typst` or `docx`, or for several."""
        return select_lines(targets, self.marked)

    @cached_property
    def starts_at_level_two(self) -> bool:
        """Whether the title is the only heading of the first level, as in the report."""
        return not any(re.match(r"#\s", line.text) for line in self.lines)

    def locate(self, text: str) -> str:
        """Return the place of the first line with a text; the document's name where none has it."""
        places = (line.place for line in self.lines if text and text in line.text)
        return next(places, self.document.name)

    def with_raw_html(self, page: str) -> str:
        """Put the extracted raw HTML back into a page."""
        return re.sub(r"<!--raw:(\d+)-->", lambda match: self.raw_html[int(match[1])], page)


def read_source(document: Path) -> Source:
    """Read a document and everything it includes.

    Raises `RenderError` that names every unknown shortcode and value with its file and line.
    """
    lines = tuple(_expand_includes(document.parent, document.name, ()))
    front_matter = _front_matter(document)
    published = _read_metadata_files(document, front_matter)
    front = published | front_matter
    # Called for its error alone: a wrong date would come up when the outputs are written.
    _parse_date(front, document.name)
    if front.get("lang", "en") not in LANGUAGES:
        languages = ", ".join(LANGUAGES)
        msg = f"{document.name}: lang is {front['lang']!r}; known are {languages}."
        raise RenderError(msg)
    remaining, raw_html = _extract_raw_html(lines)
    faults = [fault for line in remaining for fault in _find_faults(line, front, document.parent)]
    if faults:
        raise RenderError("\n".join(faults))
    marked = tuple(
        _SHORTCODE.sub(lambda match: _VALUE.format(match["argument"]), line.text)
        for line in remaining
    )
    return Source(document, lines, front, published, tuple(raw_html), marked)


def _expand_includes(folder: Path, name: str, ancestors: tuple[str, ...]) -> Iterator[Line]:
    """Yield a file's lines, with those of the files it includes in their place.

    As in Quarto, paths of includes are relative to the document's own folder. An include that is
    missing or not allowed stays as it is, to be reported with all other faults.

    Raises `RenderError` where a file includes itself, or raw HTML does not end.
    """
    path = (folder / name).resolve()
    # The document itself may lie anywhere; what it includes from `_generated` is published.
    published = bool(ancestors) and _PUBLISHED in path.relative_to(folder.resolve()).parts
    fence, opened = "", 0
    for number, text in enumerate(_split_lines(read_text(folder / name)), start=1):
        line = Line(name, number, text, published)
        include = None if fence else _INCLUDE.fullmatch(text)
        opened = opened if fence else number
        fence = _fence_after(text, fence)
        if include is None or not _may_include(line, folder / include["path"], folder):
            yield line
            continue
        target = include["path"]
        if target in ancestors or target == name:
            msg = f"{name}:{number}: {target} includes itself."
            raise RenderError(msg)
        yield from _expand_includes(folder, target, (*ancestors, name))
        yield Line(name, number, "", published)
    if fence:
        msg = f"{name}:{opened}: the raw HTML that begins here does not end. Close it with {fence}."
        raise RenderError(msg)


def _split_lines(text: str) -> list[str]:
    """Split at line feeds alone, as Pandoc does.

    Python also splits at a dozen rarer characters, where a cell's text would begin a new line.
    """
    return text.removesuffix("\n").split("\n")


def _may_include(line: Line, path: Path, folder: Path) -> bool:
    """Say whether a line may include a file, and the file exists."""
    allowed = not line.published or _SOURCES.fullmatch(line.text)
    return bool(allowed) and _is_inside(path, folder) and path.is_file()


def _is_inside(path: Path, folder: Path) -> bool:
    """Say whether a path is inside a folder, links and dots resolved."""
    return path.resolve().is_relative_to(folder.resolve())


def _fence_after(text: str, fence: str) -> str:
    """Return the fence of raw HTML that is open after a line; nothing where none is.

    Text between the fences is content: neither shortcodes nor other fences count there.
    """
    if not fence:
        opening = _RAW_HTML.fullmatch(text)
        return opening["fence"] if opening else ""
    closes = text.strip().startswith(fence) and not text.strip().strip("`")
    return "" if closes else fence


def _extract_raw_html(lines: Iterable[Line]) -> tuple[list[Line], list[str]]:
    """Replace the content of each raw HTML block by a comment.

    Pandoc would only copy megabytes of drawings and chart data, slowly.
    """
    remaining: list[Line] = []
    blocks: list[list[str]] = []
    fence = ""
    for line in lines:
        fence_before, fence = fence, _fence_after(line.text, fence)
        if fence_before and fence:
            blocks[-1].append(line.text)
            continue
        remaining.append(line)
        if fence:
            remaining.append(Line(line.file, line.number, f"<!--raw:{len(blocks)}-->"))
            blocks.append([])
    return remaining, ["\n".join(block) for block in blocks]


def title_of(document: Path) -> str:
    """Return the title in the front matter of a document."""
    return str(_front_matter(document)["title"])


def _front_matter(document: Path) -> dict[str, Any]:
    """Read the YAML front matter of a document, which must have a title."""
    match = re.match(r"---\n(.*?)\n(---|\.\.\.)\n", read_text(document), re.DOTALL)
    try:
        front: Any = load_yaml(match[1]) if match else {}
    except yaml.YAMLError as error:
        msg = f"{document.name}: the front matter is not YAML: {error}"
        raise RenderError(msg) from error
    if not isinstance(front, dict) or not front.get("title"):
        msg = f"{document.name}: the front matter has no title."
        raise RenderError(msg)
    return front


def _parse_date(front: Mapping[str, Any], name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(str(front.get("date")))
    except ValueError as error:
        msg = f"{name}: the metadata must give a date, a day such as 2026-06-30 ({error})."
        raise RenderError(msg) from error


def _read_metadata_files(document: Path, front: Mapping[str, Any]) -> dict[str, Any]:
    """Combine the metadata files that the front matter names; later ones override earlier ones."""
    combined: dict[str, Any] = {}
    for name in front.get("metadata-files") or ():
        path = document.parent / str(name)
        if not path.is_file():
            msg = f"{document.name}: there is no {name} yet. Make the report first: make report"
            raise RenderError(msg)
        combined |= load_yaml(read_text(path)) or {}
    return combined


def _find_faults(line: Line, metadata: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield a message for each thing in a line that documents must not hold."""
    if _CODE_CELL.match(line.text):
        yield f"{line.place}: documents hold no code to run; publish from a notebook instead."
    # Text of a table that looks like a shortcode: Quarto would run it.
    if line.published and not _SOURCES.fullmatch(line.text):
        if _SHORTCODE.search(line.text):
            yield f"{line.place}: what is published holds no shortcodes; only documents do."
        return
    include = _INCLUDE.fullmatch(line.text)
    # `_expand_includes` has left it, so the file is missing or not allowed.
    if include:
        yield _missing_include(line, folder / include["path"], include["path"], folder)
        return
    for match in _SHORTCODE.finditer(line.text):
        if match["name"] == "include":
            yield f"{line.place}: an include stands alone on its line."
        elif match["name"] != "meta":
            yield (
                f"{line.place}: documents use the shortcodes include and meta, which both "
                f"renderers know, not {match['name']!r}."
            )
        else:
            yield from _find_value_faults(line, match["argument"], metadata)


def _missing_include(line: Line, path: Path, target: str, folder: Path) -> str:
    """Return the message on a file that cannot be included, with the one that may be meant."""
    if not _is_inside(path, folder):
        return f"{line.place}: {target} is not in the document's folder. Include only what is."
    similar = nearest(path.name, [candidate.name for candidate in path.parent.glob("*.md")])
    remedy = f"Did you mean {similar!r}?" if similar else "Run the notebooks first."
    return f"{line.place}: there is no {target} to include. {remedy}"


def _find_value_faults(line: Line, name: str, metadata: Mapping[str, Any]) -> Iterator[str]:
    node: Any = metadata
    for part in name.split("."):
        known: Mapping[Any, Any] = node if isinstance(node, Mapping) else {}
        if part not in known:
            similar = nearest(part, [str(key) for key in known])  # never a list of hundreds
            remedy = f"Did you mean {similar!r}?" if similar else "No notebook has published it."
            yield f"{line.place}: there is no value {name!r}. {remedy}"
            return
        node = known[part]
