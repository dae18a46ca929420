"""The catalogue of texts: Fluent messages by key, one folder per language.

A text that is missing, or that is not given what it needs, is an error; nothing falls back to
another language in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Self, get_args

from babel import Locale
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import CurrentEnvironment, Pattern, ResolverEnvironment
from fluent.runtime.types import FluentNone, FluentType
from fluent.runtime.utils import native_to_fluent
from fluent.syntax.ast import Junk, Resource

from critical_minerals.errors import UsageError, hint
from critical_minerals.language.quantities import LOCALES, Count, Quantity, half_up, write
from critical_minerals.language.shown import in_all
from critical_minerals.parameters import LANGUAGES, Language

FOLDER: Final = Path(__file__).parent / "texts"
_BEFORE_ENTRY: Final = re.compile(r"^(?=[A-Za-z][\w-]*\s*=)", re.MULTILINE)
_PLAIN: Final = re.compile(r"[\w-]+ *= *(?P<text>[^{}\s](?:[^{}\r\n]*[^{}\s])?)[ \n]*")
"""An entry of one line that is said as it stands: to parse it takes longer than to say it."""
_USED: Final[set[str]] = set()
_READ: Final[dict[Language, list[tuple[str, int, int]]]] = {}
"""What the files of a language were like when they were read."""
_FACT: Final = re.compile(r"\$([A-Za-z][\w-]*)")
_COMMENT: Final = re.compile(r"^#.*\n?", re.MULTILINE)
_STRAY: Final = re.compile(r"^(?![A-Za-z][\w-]*\s*=)[^\s#}].*", re.MULTILINE)
"""A line at the margin that neither begins an entry nor belongs to one."""


@dataclass(frozen=True)
class Text:
    """A text to be said later, in whichever language: its key and the facts it holds.

    Facts are quantities (formatted for the language), or callables that return words for a
    language (`lambda language: ...`), or plain text that is the same in all languages.
    """

    key: str
    facts: Mapping[str, Any]

    def __call__(self, language: Language) -> str:
        """Say the text in one language."""
        facts = {name: _told(fact, language) for name, fact in self.facts.items()}
        return _format(self.key, facts, language)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show the words in every language, in a notebook; and where there are none, why."""
        said: dict[Language, str] = {}
        missing: dict[Language, str] = {}
        for language in LANGUAGES:
            try:
                said[language] = self(language)
            except UsageError as error:
                missing[language] = str(error)
        return in_all(said, missing)

    def asked(self) -> set[str]:
        """Name the facts that the text or one of its siblings asks for, in any language.

        Siblings share the first two words of their keys, such as `fig-output`: the variants of one
        title, and its caption, are often said of the same facts.
        """
        stem = "-".join(self.key.split("-")[:2])
        catalogues = [_entries(language) for language in LANGUAGES]
        sources = [texts[key].source for texts in catalogues for key in texts if _of(stem, key)]
        return {fact for source in sources for fact in _FACT.findall(source)}


def say(key: str, **facts: Any) -> Text:
    """Name a text of the catalogue with the facts that its placeables ask for."""
    return Text(key, facts)


def label(key: str, language: Language) -> str:
    """Say a text that needs no facts."""
    return _format(key, {}, language)


def keys(language: Language) -> frozenset[str]:
    """Return the keys of every text in one language."""
    return frozenset(_entries(language))


def patterns(topic: str, language: Language) -> dict[str, str]:
    """Return the texts of one file as they are written, for what reads by them."""
    _USED.add(f"texts/{language}/{topic}")
    found = {key: entry for key, entry in _entries(language).items() if entry.topic == topic}
    return {key: entry.source.partition("=")[2].strip() for key, entry in found.items()}


def used() -> frozenset[str]:
    """Name the files whose texts this process has said so far, such as `texts/en/funding`."""
    return frozenset(_USED)


def open_catalogue(language: Language, topics: Iterable[str]) -> None:
    """Make ready to say texts of a language, and parse all of some topics (names of files)."""
    known, bundle = _entries(language), _bundle(language)
    for topic in topics:
        for key in [k for k, entry in known.items() if entry.topic == topic and not entry.plain]:
            bundle.add_resource(_parsed(known[key].source, language))
            bundle.get_message(key)


def refresh() -> None:
    """Forget what was read of a catalogue whose files have changed since, or come or gone."""
    if any(_state(language) != then for language, then in _READ.items()):
        _entries.cache_clear()
        _bundle.cache_clear()
        _READ.clear()


def _state(language: Language) -> list[tuple[str, int, int]]:
    """Describe the files of a language without reading them."""
    found = ((path, path.stat()) for path in sorted((FOLDER / language).glob("*.ftl")))
    return [(path.name, at.st_mtime_ns, at.st_size) for path, at in found]


def _of(stem: str, key: str) -> bool:
    return f"{key}-".startswith(f"{stem}-")


class _Counted(FluentType, float):
    """A number by which a text can choose its words, already written for its language."""

    written: str

    def __new__(cls, seen: Decimal, written: str) -> Self:
        """Take the number that a reader sees, and how it is written."""
        made = float.__new__(cls, seen)
        made.written = written
        return made

    def format(self, locale: Locale) -> str:  # noqa: ARG002 - asked for by Fluent
        """Give the number as it was written."""
        return self.written


def _told(fact: Any, language: Language) -> Any:
    """Write one fact for a language; a count stays a number, so that plurals can choose.

    What chooses is the number that is seen: 1.04 written as 1 is a single one. A text says `[0]`
    none, `[1]` a single one in words, and `[one]` what agrees like one (in French from 0 to 1.9).
    """
    if isinstance(fact, Count):
        return _Counted(half_up(fact.value, fact.decimals), write(fact, language))
    if isinstance(fact, get_args(Quantity)):
        return write(fact, language)
    if not callable(fact):
        return fact
    told = fact(language)
    if told is None:
        name = getattr(fact, "__name__", "a function")
        msg = f"{name} returned nothing where words were expected. Does it end with return?"
        raise UsageError(msg)
    return told


def _format(key: str, facts: dict[str, Any], language: Language) -> str:
    if key not in _entries(language):
        msg = f"The {language} catalogue has no text {key!r}. {hint(key, sorted(keys(language)))}"
        raise UsageError(msg)
    entry = _entries(language)[key]
    _USED.add(f"texts/{language}/{entry.topic}")
    if entry.plain:
        return entry.plain
    bundle = _bundle(language)
    if not bundle.has_message(key):
        bundle.add_resource(_parsed(entry.source, language))
    pattern = bundle.get_message(key).value
    assert pattern is not None  # noqa: S101 - an entry with attributes alone is not parsed
    text, faults = bundle.format_pattern(pattern, facts)
    if faults:
        msg = f"Text {key!r} ({language}): " + "; ".join(str(fault) for fault in faults)
        raise UsageError(msg)
    return str(text)


class _Bundle(FluentBundle):
    """Fluent's texts of a language, which leave numbers as they are written."""

    def format_pattern(
        self, pattern: Pattern, args: Mapping[str, Any] | None = None
    ) -> tuple[str | FluentNone, list[Exception]]:
        """Say a text; Fluent's own way makes a new number of every number it is given."""
        facts = {
            name: fact if isinstance(fact, FluentType) else native_to_fluent(fact)
            for name, fact in (args or {}).items()
        }
        faults: list[Exception] = []
        now = ResolverEnvironment(self, faults, current=CurrentEnvironment(facts))
        return pattern(now), faults


@cache
def _bundle(language: Language) -> _Bundle:
    return _Bundle([LOCALES[language].replace("_", "-")], use_isolating=False)


def _parsed(entry: str, language: Language) -> Resource:
    """Parse one entry; to parse the whole catalogue takes longer than most notebooks."""
    resource = FluentResource(entry)
    junk = next((part for part in resource.body if isinstance(part, Junk)), None)
    if junk:
        raise _unreadable(junk.content or "", language)
    return resource


def _unreadable(at: str, language: Language) -> UsageError:
    return UsageError(f"The {language} catalogue cannot be read at: {at[:80]!r}")


@dataclass(frozen=True)
class _Entry:
    """One text as its file (`topic`) holds it."""

    topic: str
    source: str

    @cached_property
    def plain(self) -> str:
        """The text itself, where it asks for nothing and chooses nothing."""
        found = _PLAIN.fullmatch(self.source)
        return found["text"] if found else ""


@cache
def _entries(language: Language) -> Mapping[str, _Entry]:
    """Cut the files of one language into their entries, by key."""
    _READ[language] = _state(language)
    found = [
        (key, _Entry(topic, entry))
        for topic, source in _sources(language).items()
        for key, entry in _cut(source, language)
    ]
    _refuse_repeated([key for key, _ in found], language)
    return dict(found)


def _cut(source: str, language: Language) -> Iterable[tuple[str, str]]:
    """Cut a file before each line that begins with a key; comments belong to no entry."""
    if stray := _STRAY.search(source):
        raise _unreadable(stray[0], language)
    entries = _BEFORE_ENTRY.split(_COMMENT.sub("", source))[1:]
    return ((entry.partition("=")[0].strip(), entry) for entry in entries)


def _refuse_repeated(found: Iterable[str], language: Language) -> None:
    seen: set[str] = set()
    repeated = sorted({key for key in found if key in seen or seen.add(key)})
    if repeated:
        msg = f"The {language} catalogue holds these keys more than once: {', '.join(repeated)}"
        raise UsageError(msg)


def _sources(language: Language) -> dict[str, str]:
    """Read the files of one language by their names, in a fixed order."""
    paths = sorted((FOLDER / language).glob("*.ftl"))
    return {path.stem: path.read_text("utf-8") for path in paths}
