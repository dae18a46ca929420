"""The catalogue of texts: Fluent messages by key, one folder per language.

A text that is missing, or that is not given what it needs, is an error; nothing falls back to
another language in silence.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Final, Self

from babel import Locale
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.errors import FluentReferenceError
from fluent.runtime.resolver import CurrentEnvironment, Pattern, ResolverEnvironment
from fluent.runtime.types import FluentNone, FluentType
from fluent.runtime.utils import native_to_fluent
from fluent.syntax.ast import Junk, Resource

from critical_minerals.errors import UsageError, hint
from critical_minerals.language.entries import Entry, entries_of, files_of, name_of, unreadable
from critical_minerals.language.shown import mime_bundle
from critical_minerals.workspace.parameters import LANGUAGES, LOCALES, Language

_USED: Final[set[str]] = set()
"""Names of the texts that this process has used."""
_FILE_STATES: Final[dict[Language, list[tuple[str, int, int]]]] = {}
"""Name, time and size of the files of a language when they were read."""
_UNKNOWN_FACT: Final = re.compile(r"Unknown external: (.+)")
"""What Fluent says of a fact that it is not given."""
_PLAIN: Final = frozenset({str, int})
"""Types of facts that are the same words whenever they are equal."""
_FACT: Final = re.compile(r"\$([A-Za-z][\w-]*)")


class Written(ABC):
    """A fact that has a form of its own in each language, such as a quantity."""

    @abstractmethod
    def in_language(self, language: Language) -> str:
        """Write it."""

    def visible(self) -> Decimal | None:
        """Return the number by which words beside it agree; None for what has none."""
        return None


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
        names = set[str]()
        for language in LANGUAGES:
            entries = _entries(language)
            siblings = {k: entries[k] for k in entries if k == stem or k.startswith(f"{stem}-")}
            _record_use(language, siblings)
            names |= {fact for each in siblings.values() for fact in _FACT.findall(each.source)}
        return names

    def settled(self, languages: Sequence[Language]) -> Text:
        """Return the text with the words of its functions written, so that it can be stored.

        Texts among its facts stay texts: an edit of their words is seen by whoever writes them.
        """
        return replace(self, facts={n: _settle(f, languages) for n, f in self.facts.items()})


@dataclass(frozen=True)
class _Words:
    """Words that are written already, by language."""

    by_language: Mapping[Language, Any]

    def __call__(self, language: Language) -> Any:
        return self.by_language[language]


def _settle(fact: Any, languages: Sequence[Language]) -> Any:
    if isinstance(fact, Text):
        return fact.settled(languages)
    # A quantity is written from itself alone.
    if isinstance(fact, Written) or not callable(fact):
        return fact
    return _Words({language: _format_fact(fact, language) for language in languages})


def say(key: str, **facts: Any) -> Text:
    """Name a text of the catalogue with the facts that its placeables ask for."""
    return Text(key, facts)


def label(key: str, language: Language) -> str:
    """Say a text that needs no facts."""
    return _format(key, {}, language)


def check_words(identifier: str, language: Language, texts: Mapping[str, Text]) -> None:
    """Check that the texts of a figure, by their roles, use their facts and are not empty."""
    for role, text in texts.items():
        # Before the text is written: Fluent ignores a fact that no placeable uses, and would at
        # best complain of the one that is missing instead.
        check_facts(text)
        if not text(language).strip():
            msg = f"{role} of {identifier} is empty ({language}): text {text.key!r}."
            raise UsageError(msg)


def check_facts(text: Text) -> None:
    """Check that a text or one of its siblings uses each fact that it is given."""
    fact_names = text.fact_names()
    # Sorted, so that of several the same one is named in every run.
    for name in sorted(text.facts.keys() - fact_names):
        remedy = hint(name, sorted(fact_names)) if fact_names else "It asks for none."
        msg = f"Text {text.key!r} has no place for the fact {name!r}. {remedy}"
        raise UsageError(msg)


def keys(language: Language) -> frozenset[str]:
    """Return the keys of every text in one language."""
    return frozenset(_entries(language))


def has(key: str, language: Language) -> bool:
    """Say whether a language has a text, which counts as a use of it."""
    _record_use(language, [key])
    return key in _entries(language)


def patterns(topic: str, language: Language) -> dict[str, str]:
    """Return the unformatted texts of one file, for code that parses them."""
    topic_entries = {
        key: entry for key, entry in _entries(language).items() if entry.topic == topic
    }
    # The file as a whole: a text that is added to it counts too.
    _USED.add(f"texts/{language}/{topic}")
    return {key: entry.source.partition("=")[2].strip() for key, entry in topic_entries.items()}


def used() -> frozenset[str]:
    """Name the texts that this process has used so far, such as `texts/en#fig-output-title`.

    A file that was used as a whole is named itself, such as `texts/en/places`.
    """
    return frozenset(_USED)


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
    files = ((path, path.stat()) for path in files_of(language))
    return [(path.name, status.st_mtime_ns, status.st_size) for path, status in files]


class _PluralNumber(FluentType, float):
    """A number that plural rules can use, already written for its language."""

    written: str

    def __new__(cls, visible: Decimal, written: str) -> Self:
        """Take the number that a reader sees, and how it is written."""
        number = float.__new__(cls, visible)
        number.written = written
        return number

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how it is made again, of a figure that is stored."""
        return type(self), (Decimal(str(float(self))), self.written)

    def format(self, locale: Locale) -> str:  # noqa: ARG002 - asked for by Fluent
        """Give the number as it was written."""
        return self.written


def _format_fact(fact: Any, language: Language) -> Any:
    """Write one fact for a language; a count stays a number, so that plurals can choose.

    The number that chooses is the one that is visible: 1.04 written as 1 is a single one. A text
    says `[0]` for none, `[1]` for a single one in words, and `[one]` for what agrees like one (in
    French from 0 to 1.9).
    """
    if isinstance(fact, Written):
        words, visible = fact.in_language(language), fact.visible()
        return words if visible is None else _PluralNumber(visible, words)
    if not callable(fact):
        return fact
    text = fact(language)
    if text is None:
        name = getattr(fact, "__name__", "a function")
        msg = f"{name} returned nothing where words were expected. Does it end with return?"
        raise UsageError(msg)
    return text


def _record_use(language: Language, keys_used: Iterable[str]) -> None:
    """Record texts for the fingerprint of a step: an edit of one runs those again that use it."""
    _USED.update(name_of(key, language) for key in keys_used)


def _format(key: str, facts: dict[str, Any], language: Language) -> str:
    _record_use(language, [key])
    entry = _entries(language).get(key)
    if entry is None:
        msg = f"The {language} catalogue has no text {key!r}. {hint(key, sorted(keys(language)))}"
        raise UsageError(msg)
    if entry.plain:
        return entry.plain
    bundle = _bundle(language)
    # Only of texts and whole numbers: other numbers can be equal and yet be written differently.
    asked = (key, *facts.items()) if _PLAIN.issuperset(map(type, facts.values())) else None
    if asked in bundle.formatted:
        return bundle.formatted[asked]
    # Entries are parsed one by one, when they are first used.
    if not bundle.has_message(key):
        bundle.add_resource(_parse_entry(entry.source, language))
    pattern = bundle.get_message(key).value
    assert pattern is not None  # noqa: S101 - an entry with attributes alone is not parsed
    text, errors = bundle.format_pattern(pattern, facts)
    if errors:
        msg = f"Text {key!r} ({language}): {'; '.join(_describe_faults(key, errors))}"
        raise UsageError(msg)
    if asked:
        bundle.formatted[asked] = str(text)
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

    def __init__(self, language: Language) -> None:
        # Fluent would wrap each fact in invisible marks of direction, which break searching and
        # comparing.
        super().__init__([LOCALES[language].replace("_", "-")], use_isolating=False)
        self.formatted: dict[tuple[object, ...] | None, str] = {}
        """Texts by key and facts: a publisher or a day stands at hundreds of places."""

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
    return _Bundle(language)


def _parse_entry(entry: str, language: Language) -> Resource:
    """Parse one entry; to parse the whole catalogue takes longer than most notebooks."""
    resource = FluentResource(entry)
    junk = next((part for part in resource.body if isinstance(part, Junk)), None)
    # Fluent skips what it cannot parse, so that the text would only be missing later.
    if junk:
        raise unreadable(junk.content or "", language)
    return resource


@cache
def _entries(language: Language) -> Mapping[str, Entry]:
    """Return the entries of one language, by key."""
    _FILE_STATES[language] = _file_states(language)
    return entries_of(language)
