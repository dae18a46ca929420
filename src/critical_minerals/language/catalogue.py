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
from fluent.runtime.errors import FluentReferenceError
from fluent.runtime.resolver import CurrentEnvironment, Pattern, ResolverEnvironment
from fluent.runtime.types import FluentNone, FluentType
from fluent.runtime.utils import native_to_fluent
from fluent.syntax.ast import Junk, Resource

from critical_minerals.errors import UsageError, hint
from critical_minerals.language.quantities import LOCALES, Count, Quantity, half_up, write
from critical_minerals.language.shown import mime_bundle
from critical_minerals.parameters import LANGUAGES, Language

FOLDER: Final = Path(__file__).parent / "texts"
_ENTRY_START: Final = re.compile(r"^(?=[A-Za-z][\w-]*\s*=)", re.MULTILINE)
_PLAIN: Final = re.compile(r"[\w-]+ *= *(?P<text>[^{}\s](?:[^{}\r\n]*[^{}\s])?)[ \n]*")
"""An entry of one line without placeables: parsing it would take longer than writing it."""
_USED_FILES: Final[set[str]] = set()
_FILE_STATES: Final[dict[Language, list[tuple[str, int, int]]]] = {}
"""Name, time and size of the files of a language when they were read."""
_UNKNOWN_FACT: Final = re.compile(r"Unknown external: (.+)")
"""What Fluent says of a fact that it is not given."""
_FACT: Final = re.compile(r"\$([A-Za-z][\w-]*)")
_COMMENT: Final = re.compile(r"^#.*\n?", re.MULTILINE)
_STRAY: Final = re.compile(r"^(?![A-Za-z][\w-]*\s*=)[^\s#}].*", re.MULTILINE)
"""A line at the margin that neither begins an entry nor belongs to one."""


@dataclass(frozen=True)
class Text:
    """A text of the catalogue with the facts it holds, to be written in any language.

    Facts are quantities (formatted for the language), or callables that return words for a
    language (`lambda language: ...`), or plain text that is the same in all languages.
    """

    key: str
    facts: Mapping[str, Any]

    def __call__(self, language: Language) -> str:
        """Write the text in one language."""
        facts = {name: _format_fact(fact, language) for name, fact in self.facts.items()}
        return _format(self.key, facts, language)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show the words in every language, in a notebook; and where there are none, why."""
        texts: dict[Language, str] = {}
        missing: dict[Language, str] = {}
        for language in LANGUAGES:
            try:
                texts[language] = self(language)
            except UsageError as error:
                missing[language] = str(error)
        return mime_bundle(texts, missing)

    def fact_names(self) -> set[str]:
        """Name the facts that the text or one of its siblings asks for, in any language.

        Siblings share the first two words of their keys, such as `fig-output`: the variants of one
        title, and its caption, are often said of the same facts.
        """
        stem = "-".join(self.key.split("-")[:2])
        # All languages, for a fact may be needed in one of them alone, such as a gender in French.
        catalogues = [_entries(language) for language in LANGUAGES]
        sources = [
            texts[key].source for texts in catalogues for key in texts if _is_sibling(stem, key)
        ]
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
    """Return the unformatted texts of one file, for code that parses them."""
    _USED_FILES.add(f"texts/{language}/{topic}")
    topic_entries = {
        key: entry for key, entry in _entries(language).items() if entry.topic == topic
    }
    return {key: entry.source.partition("=")[2].strip() for key, entry in topic_entries.items()}


def used() -> frozenset[str]:
    """Name the files whose texts this process has used so far, such as `texts/en/funding`."""
    return frozenset(_USED_FILES)


def open_catalogue(language: Language, topics: Iterable[str]) -> None:
    """Read a language, and parse all texts of some topics (names of files) in advance."""
    known, bundle = _entries(language), _bundle(language)
    for topic in topics:
        for key in [k for k, entry in known.items() if entry.topic == topic and not entry.plain]:
            bundle.add_resource(_parse_entry(known[key].source, language))
            bundle.get_message(key)


def refresh() -> None:
    """Drop what is cached of a catalogue whose files have changed since."""
    if any(_file_states(language) != recorded for language, recorded in _FILE_STATES.items()):
        _entries.cache_clear()
        _bundle.cache_clear()
        _FILE_STATES.clear()


def _file_states(language: Language) -> list[tuple[str, int, int]]:
    """Describe the files of a language without reading them."""
    files = ((path, path.stat()) for path in sorted((FOLDER / language).glob("*.ftl")))
    return [(path.name, status.st_mtime_ns, status.st_size) for path, status in files]


def _is_sibling(stem: str, key: str) -> bool:
    return f"{key}-".startswith(f"{stem}-")


class _PluralNumber(FluentType, float):
    """A number that plural rules can use, already written for its language."""

    written: str

    def __new__(cls, visible: Decimal, written: str) -> Self:
        """Take the number that a reader sees, and how it is written."""
        number = float.__new__(cls, visible)
        number.written = written
        return number

    def format(self, locale: Locale) -> str:  # noqa: ARG002 - asked for by Fluent
        """Give the number as it was written."""
        return self.written


def _format_fact(fact: Any, language: Language) -> Any:
    """Write one fact for a language; a count stays a number, so that plurals can choose.

    The number that chooses is the one that is visible: 1.04 written as 1 is a single one. A text
    says `[0]` for none, `[1]` for a single one in words, and `[one]` for what agrees like one (in
    French from 0 to 1.9).
    """
    if isinstance(fact, Count):
        return _PluralNumber(half_up(fact.value, fact.decimals), write(fact, language))
    if isinstance(fact, get_args(Quantity)):
        return write(fact, language)
    if not callable(fact):
        return fact
    text = fact(language)
    if text is None:
        name = getattr(fact, "__name__", "a function")
        msg = f"{name} returned nothing where words were expected. Does it end with return?"
        raise UsageError(msg)
    return text


def _format(key: str, facts: dict[str, Any], language: Language) -> str:
    if key not in _entries(language):
        msg = f"The {language} catalogue has no text {key!r}. {hint(key, sorted(keys(language)))}"
        raise UsageError(msg)
    entry = _entries(language)[key]
    # Recorded for the fingerprint of a step: an edit of a text runs only those again that use its
    # file.
    _USED_FILES.add(f"texts/{language}/{entry.topic}")
    if entry.plain:
        return entry.plain
    bundle = _bundle(language)
    # Entries are parsed one by one, when they are first used.
    if not bundle.has_message(key):
        bundle.add_resource(_parse_entry(entry.source, language))
    pattern = bundle.get_message(key).value
    assert pattern is not None  # noqa: S101 - an entry with attributes alone is not parsed
    text, errors = bundle.format_pattern(pattern, facts)
    if errors:
        msg = f"Text {key!r} ({language}): {'; '.join(_describe_faults(key, errors))}"
        raise UsageError(msg)
    return str(text)


def _describe_faults(key: str, errors: Iterable[Exception]) -> list[str]:
    """Describe what Fluent found; facts that were not given in words of our own."""
    other, missing = list[str](), dict[str, None]()
    for fault in errors:
        is_reference = isinstance(fault, FluentReferenceError)
        if is_reference and (match := _UNKNOWN_FACT.fullmatch(str(fault))):
            missing[match[1]] = None
        else:
            other.append(str(fault))
    if not missing:
        return other
    names = sorted(missing)
    *first, last = names
    asked = f"the facts {', '.join(first)} and {last}" if first else f"the fact {last}"
    given = ", ".join([f'"{key}"', *(f"{name}=…" for name in names)])
    verb = "were" if first else "was"
    return [f"the text asks for {asked}, which {verb} not given: say({given})", *other]


class _Bundle(FluentBundle):
    """Fluent's texts of a language; numbers stay as they are written."""

    def format_pattern(
        self, pattern: Pattern, args: Mapping[str, Any] | None = None
    ) -> tuple[str | FluentNone, list[Exception]]:
        """Say a text; Fluent's own way makes a new number of every number it is given."""
        facts = {
            name: fact if isinstance(fact, FluentType) else native_to_fluent(fact)
            for name, fact in (args or {}).items()
        }
        errors: list[Exception] = []
        environment = ResolverEnvironment(self, errors, current=CurrentEnvironment(facts))
        return pattern(environment), errors


@cache
def _bundle(language: Language) -> _Bundle:
    # `use_isolating=False`: Fluent would wrap each fact in invisible marks of direction, which
    # break searching and comparing.
    return _Bundle([LOCALES[language].replace("_", "-")], use_isolating=False)


def _parse_entry(entry: str, language: Language) -> Resource:
    """Parse one entry; to parse the whole catalogue takes longer than most notebooks."""
    resource = FluentResource(entry)
    junk = next((part for part in resource.body if isinstance(part, Junk)), None)
    # Fluent skips what it cannot parse, so that the text would only be missing later.
    if junk:
        raise _parse_error(junk.content or "", language)
    return resource


def _parse_error(excerpt: str, language: Language) -> UsageError:
    return UsageError(f"The {language} catalogue cannot be read at: {excerpt[:80]!r}")


@dataclass(frozen=True)
class _Entry:
    """One text as its file (`topic`) holds it."""

    topic: str
    source: str

    @cached_property
    def plain(self) -> str:
        """The text itself, where it asks for nothing and chooses nothing."""
        match = _PLAIN.fullmatch(self.source)
        return match["text"] if match else ""


@cache
def _entries(language: Language) -> Mapping[str, _Entry]:
    """Cut the files of one language into their entries, by key."""
    _FILE_STATES[language] = _file_states(language)
    entries = [
        (key, _Entry(topic, entry))
        for topic, source in _read_files(language).items()
        for key, entry in _split_entries(source, language)
    ]
    _check_unique_keys([key for key, _ in entries], language)
    return dict(entries)


def _split_entries(source: str, language: Language) -> Iterable[tuple[str, str]]:
    """Split a file before each line that begins with a key; comments belong to no entry."""
    if stray := _STRAY.search(source):
        raise _parse_error(stray[0], language)
    entries = _ENTRY_START.split(_COMMENT.sub("", source))[1:]
    return ((entry.partition("=")[0].strip(), entry) for entry in entries)


def _check_unique_keys(keys_found: Iterable[str], language: Language) -> None:
    seen: set[str] = set()
    # A later entry would replace an earlier one in silence.
    repeated = sorted({key for key in keys_found if key in seen or seen.add(key)})
    if repeated:
        msg = f"The {language} catalogue holds these keys more than once: {', '.join(repeated)}"
        raise UsageError(msg)


def _read_files(language: Language) -> dict[str, str]:
    """Read the files of one language by their names, in a fixed order."""
    paths = sorted((FOLDER / language).glob("*.ftl"))
    return {path.stem: path.read_text("utf-8") for path in paths}
