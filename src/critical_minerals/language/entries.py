"""The files of the catalogue of texts, cut into their entries, without parsing what these say.

Whoever has to know which text was edited needs no more than this, and does not import Fluent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from critical_minerals.errors import UsageError
from critical_minerals.workspace.parameters import Language

FOLDER: Final = Path(__file__).parent / "texts"
_START: Final = re.compile(r"^(?=[A-Za-z][\w-]*\s*=)", re.MULTILINE)
_COMMENT: Final = re.compile(r"^#.*\n?", re.MULTILINE)
_STRAY: Final = re.compile(r"^(?![A-Za-z][\w-]*\s*=)[^\s#}].*", re.MULTILINE)
"""A line at the margin that neither begins an entry nor belongs to one."""
_PLAIN: Final = re.compile(r"[\w-]+ *= *(?P<text>[^{}\s](?:[^{}\r\n]*[^{}\s])?)[ \n]*")
"""An entry of one line without placeables: parsing it would take longer than writing it."""


@dataclass(frozen=True)
class Entry:
    """One text as its file (`topic`) holds it."""

    topic: str
    source: str

    @cached_property
    def plain(self) -> str:
        """The text itself, where it asks for nothing and chooses nothing."""
        match = _PLAIN.fullmatch(self.source)
        return match["text"] if match else ""


def files_of(language: Language) -> list[Path]:
    """List the files of a language in a fixed order."""
    return sorted((FOLDER / language).glob("*.ftl"))


def entries_of(language: Language) -> Mapping[str, Entry]:
    """Cut the files of a language into their entries, by key.

    Raises `UsageError` where a line belongs to no entry, or a key stands more than once.
    """
    entries = [
        (key, Entry(path.stem, source))
        for path in files_of(language)
        for key, source in _split(path.read_text("utf-8"), language)
    ]
    _check_unique_keys([key for key, _ in entries], language)
    return dict(entries)


def unreadable(excerpt: str, language: Language) -> UsageError:
    """Return the error of a catalogue that cannot be read at some place."""
    return UsageError(f"The {language} catalogue cannot be read at: {excerpt[:80]!r}")


def name_of(key: str, language: Language) -> str:
    """Name a text as steps name what they depend on.

    >>> name_of("yes", "en")
    'texts/en#yes'
    """
    return f"texts/{language}#{key}"


def is_text(name: str) -> bool:
    """Say whether what a step depends on is a single text.

    >>> is_text("texts/en#yes"), is_text("texts/en/funding"), is_text("data/raw/a#1.csv")
    (True, False, False)
    """
    return name.startswith("texts/") and "#" in name


def _split(source: str, language: Language) -> Iterable[tuple[str, str]]:
    """Split a file before each line that begins with a key; comments belong to no entry."""
    if stray := _STRAY.search(source):
        raise unreadable(stray[0], language)
    entries = _START.split(_COMMENT.sub("", source))[1:]
    return ((entry.partition("=")[0].strip(), entry) for entry in entries)


def _check_unique_keys(keys_found: Iterable[str], language: Language) -> None:
    seen: set[str] = set()
    # A later entry would replace an earlier one in silence.
    repeated = sorted({key for key in keys_found if key in seen or seen.add(key)})
    if repeated:
        msg = f"The {language} catalogue holds these keys more than once: {', '.join(repeated)}"
        raise UsageError(msg)
