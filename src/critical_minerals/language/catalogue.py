"""The catalogue of texts: Fluent messages by key, one folder per language.

A text that is missing, or that is not given what it needs, is an error; nothing falls back to
another language in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk, Message, Resource

from critical_minerals.errors import UsageError, hint
from critical_minerals.language.quantities import LOCALES, Quantity, write
from critical_minerals.parameters import Language

FOLDER: Final = Path(__file__).parent / "texts"


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


def say(key: str, **facts: Any) -> Text:
    """Name a text of the catalogue with the facts that its placeables ask for."""
    return Text(key, facts)


def label(key: str, language: Language) -> str:
    """Say a text that needs no facts."""
    return _format(key, {}, language)


def keys(language: Language) -> frozenset[str]:
    """Return the keys of every text in one language."""
    return frozenset(_messages(language))


def _told(fact: Any, language: Language) -> Any:
    """Write one fact for a language; plain numbers stay numbers, so that plurals can choose."""
    if isinstance(fact, get_args(Quantity)):
        return write(fact, language)
    if callable(fact):
        return fact(language)
    return fact


def _format(key: str, facts: dict[str, Any], language: Language) -> str:
    bundle = _bundle(language)
    pattern = bundle.get_message(key).value if bundle.has_message(key) else None
    if pattern is None:
        msg = f"The {language} catalogue has no text {key!r}. {hint(key, sorted(keys(language)))}"
        raise UsageError(msg)
    text, faults = bundle.format_pattern(pattern, facts)
    if faults:
        msg = f"Text {key!r} ({language}): " + "; ".join(str(fault) for fault in faults)
        raise UsageError(msg)
    return str(text)


@cache
def _bundle(language: Language) -> FluentBundle:
    _messages(language)  # an unreadable or repeated text is refused here, not passed over
    bundle = FluentBundle([LOCALES[language].replace("_", "-")], use_isolating=False)
    for resource in _resources(language):
        bundle.add_resource(resource)
    return bundle


@cache
def _resources(language: Language) -> list[Resource]:
    return [FluentResource(source) for source in _sources(language)]


@cache
def _messages(language: Language) -> tuple[str, ...]:
    found: list[str] = []
    for resource in _resources(language):
        for entry in resource.body:
            if isinstance(entry, Junk):
                start = (entry.content or "")[:80]
                msg = f"The {language} catalogue cannot be read at: {start!r}"
                raise UsageError(msg)
            found += [entry.id.name] if isinstance(entry, Message) else []
    _refuse_repeated(found, language)
    return tuple(found)


def _refuse_repeated(found: Iterable[str], language: Language) -> None:
    seen: set[str] = set()
    repeated = sorted({key for key in found if key in seen or seen.add(key)})
    if repeated:
        msg = f"The {language} catalogue holds these keys more than once: {', '.join(repeated)}"
        raise UsageError(msg)


def _sources(language: Language) -> list[str]:
    """Read the files of one language, in a fixed order."""
    return [path.read_text("utf-8") for path in sorted((FOLDER / language).glob("*.ftl"))]
