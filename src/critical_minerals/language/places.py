"""Where in a document something stands: what editors write in English, in the words of an edition.

The texts `place-...` are a small grammar. A part of a place that fits an English one is said by its
twin; what is left and begins like a title is one, which stays English within quotation marks. A
place that holds anything else stays as it was written, and is marked as English. How a language
counts, quotes and joins parts is said by the texts `of-place-...`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, TypedDict

from critical_minerals.language.catalogue import patterns, say
from critical_minerals.workspace.parameters import Language

_AND: Final = " and "
_SEPARATORS: Final = (re.compile(r"([,;] )"), re.compile(f"({_AND})"))
"""What separates the parts of a place, and then the parts of a part."""
_FACT: Final = re.compile(r"\{ \$([a-z-]+) \}")
_FACT_PATTERNS: Final = {
    "n": r"[\d][\w.,–-]*",
    "m": r"[\d][\w.,–-]*",
    "nth-le": r"\d+(?:st|nd|rd|th)(?:-\d+(?:st|nd|rd|th))?",
    "nth-la": r"\d+(?:st|nd|rd|th)(?:-\d+(?:st|nd|rd|th))?",
    "name": r"[\w-]+",
    "code": r"[\w.=() ]*[\[=.][\w.=() \]]*",
    "who": r"[A-Z].+",
    "title": r"(?!\d+(?:st|nd|rd|th)\b)[A-Z\d“\"][^,;]*",
    "fields": r".+",
}
_TITLE: Final = re.compile(r"[A-Z“\"].*")
_UNTRANSLATED: Final = re.compile(r"\d{4}|[A-Z]{2,}|[\w.]+\[\w*\]")
"""A year, an acronym or the path to a cell: the same in all languages."""
_ORDINALS: Final = ("nth-le", "nth-la")
"""Facts that are ordinals: masculine and feminine, for languages that distinguish them."""
# Of the private use area: no text of a publisher holds them, so they can mark a title within a
# sentence.
_OPEN, _CLOSE = "\ue010", "\ue011"


class Part(TypedDict):
    """A part of a place, and its language where that is not the edition's."""

    text: str
    lang: str


def translate_place(place: str, language: Language) -> list[Part]:
    r"""Translate a place, as parts with the language of each.

    >>> [part["text"] for part in translate_place("Key facts, 2nd bullet", "fr")]
    ['«\xa0', 'Key facts', '\xa0», 2e puce']
    >>> translate_place("bullet points of old", "fr")
    [{'text': 'bullet points of old', 'lang': 'en'}]
    """
    if not place:
        return []
    if language == "en":
        return [{"text": place, "lang": ""}]
    translated = _translate(place, language)
    if translated is None:
        return [{"text": place, "lang": "en"}]
    parts = re.split(f"({_OPEN}.*?{_CLOSE})", translated)
    return [
        {"text": part.strip(_OPEN + _CLOSE), "lang": "en" if part[0] == _OPEN else ""}
        for part in parts
        if part
    ]


@cache
def _translate(place: str, language: Language) -> str | None:
    """Translate a place, titles marked; None where a part is no title and fits no rule."""
    translated = _translate_by_rule(place, language)
    if translated is None:
        translated = _translate_compound(place, language, *_SEPARATORS)
    return (
        _quote_title(place, language)
        if translated is None and _TITLE.fullmatch(place)
        else translated
    )


def _translate_compound(place: str, language: Language, *separators: re.Pattern[str]) -> str | None:
    """Translate the fragments between separators; neighbours that no rule knows are one title."""
    if not separators:
        return None
    separator, *finer_separators = separators
    # `split` with a group returns texts and separators by turns; the empty string in front gives
    # the first text a separator too.
    fragments = ["", *separator.split(place)]
    groups: list[tuple[str, str, str | None]] = []
    for separator_text, fragment in zip(fragments[::2], fragments[1::2], strict=True):
        translated = _translate_by_rule(fragment, language)
        if translated is None:
            translated = _translate_compound(fragment, language, *finer_separators)
        # The comma may be part of a title: it is put together again with the words around it.
        if translated is None and groups and groups[-1][2] is None:
            first, before, _ = groups.pop()
            groups.append((first, before + separator_text + fragment, None))
        else:
            groups.append((separator_text, fragment, translated))
    untranslatable = [
        fragment
        for _, fragment, translated in groups
        if translated is None and not _TITLE.match(fragment)
    ]
    # Unless every fragment is known or a title, the whole place stays English: half of it in each
    # language would be harder to follow.
    if untranslatable or all(translated is None for *_, translated in groups):
        return None
    text = ""
    for separator_text, fragment, translated in groups:
        fragment_text = _quote_title(fragment, language) if translated is None else translated
        is_and = separator_text == _AND
        text = (
            say("of-place-and", before=text, after=fragment_text)(language)
            if is_and
            else text + separator_text + fragment_text
        )
    return text


def _translate_by_rule(part: str, language: Language) -> str | None:
    """Translate one part by the first rule that it fits, the most exact one first."""
    if _UNTRANSLATED.fullmatch(part):
        return part
    for key, literal, rule in _grammar():
        if literal in part and (match := rule.fullmatch(part)):
            texts_by_fact = {
                group.replace("_", "-"): text for group, text in match.groupdict().items()
            }
            facts = {
                name: _translate_fact(name, text, language) for name, text in texts_by_fact.items()
            }
            return say(key, **facts)(language)
    return None


def _translate_fact(name: str, text: str, language: Language) -> str:
    """Write what a rule leaves open: ordinals in words, titles quoted, all else unchanged."""
    if name in {"title", "fields"}:
        return _quote_title(text, language)
    if name not in _ORDINALS:
        return text
    ordinals = [
        say(f"of-place-{name}{'-first' * (number == '1')}", n=number)(language)
        for number in re.findall(r"\d+", text)
    ]
    if len(ordinals) == 1:
        return ordinals[0]
    return say(f"of-place-{name}-span", first=ordinals[0], last=ordinals[1])(language)


def _quote_title(title: str, language: Language) -> str:
    return say("of-place-title", title=f"{_OPEN}{title}{_CLOSE}")(language)


@cache
def _grammar() -> list[tuple[str, str, re.Pattern[str]]]:
    """Read the rules from the English texts, those that leave least open first.

    With each stands the longest run of words that it asks for: most are ruled out by that.
    """
    texts = patterns("places", "en").items()
    rules = [(key, text) for key, text in texts if key.startswith("place-")]
    ordered = sorted(rules, key=lambda rule: _openness(rule[1]))
    return [
        (key, max(_FACT.split(text)[::2], key=len), re.compile(_rule_pattern(text)))
        for key, text in ordered
    ]


def _openness(text: str) -> tuple[bool, int, int]:
    """Order rules: a title fits nearly anything, so what asks for one comes last."""
    facts = _FACT.findall(text)
    return bool({"title", "fields"} & {*facts}), len(facts), -len(text)


def _rule_pattern(text: str) -> str:
    fragments = _FACT.split(text)
    return "".join(
        f"(?P<{fragment.replace('-', '_')}>{_FACT_PATTERNS[fragment]})"
        if place % 2
        else re.escape(fragment)
        for place, fragment in enumerate(fragments)
    )
