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
from critical_minerals.parameters import Language

_AND: Final = " and "
_SIGNS: Final = (re.compile(r"([,;] )"), re.compile(f"({_AND})"))
"""What parts a place, and then a part of it."""
_FACT: Final = re.compile(r"\{ \$([a-z-]+) \}")
_SHAPES: Final = {
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
_SAME: Final = re.compile(r"\d{4}|[A-Z]{2,}|[\w.]+\[\w*\]")
"""A year, an acronym or the path to a cell: the same in all languages."""
_ORDINALS: Final = ("nth-le", "nth-la")
"""What counts in words: masculine and feminine, for a language where that makes a difference."""
_OPEN, _CLOSE = "\ue010", "\ue011"


class Part(TypedDict):
    """Some words of a place, and their language where it is not the edition's."""

    text: str
    lang: str


def place_told(place: str, language: Language) -> list[Part]:
    r"""Say a place in a language, in parts.

    >>> [part["text"] for part in place_told("Key facts, 2nd bullet", "fr")]
    ['«\xa0', 'Key facts', '\xa0», 2e puce']
    >>> place_told("bullet points of old", "fr")
    [{'text': 'bullet points of old', 'lang': 'en'}]
    """
    if not place:
        return []
    if language == "en":
        return [{"text": place, "lang": ""}]
    told = _told(place, language)
    if told is None:
        return [{"text": place, "lang": "en"}]
    parts = re.split(f"({_OPEN}.*?{_CLOSE})", told)
    return [
        {"text": part.strip(_OPEN + _CLOSE), "lang": "en" if part[0] == _OPEN else ""}
        for part in parts
        if part
    ]


@cache
def _told(place: str, language: Language) -> str | None:
    """Say a place, titles marked; nothing where a part is no title and fits no rule."""
    told = _said(place, language)
    if told is None:
        told = _joined(place, language, *_SIGNS)
    return _quoted(place, language) if told is None and _TITLE.fullmatch(place) else told


def _joined(place: str, language: Language, *signs: re.Pattern[str]) -> str | None:
    """Say the parts between signs; neighbours that no rule knows are one title."""
    if not signs:
        return None
    sign, *finer = signs
    pieces = ["", *sign.split(place)]
    groups: list[tuple[str, str, str | None]] = []
    for between, words in zip(pieces[::2], pieces[1::2], strict=True):
        known = _said(words, language)
        if known is None:
            known = _joined(words, language, *finer)
        if known is None and groups and groups[-1][2] is None:
            first, before, _ = groups.pop()
            groups.append((first, before + between + words, None))
        else:
            groups.append((between, words, known))
    no_titles = [words for _, words, known in groups if known is None and not _TITLE.match(words)]
    if no_titles or all(known is None for *_, known in groups):
        return None
    told = ""
    for between, words, known in groups:
        part = _quoted(words, language) if known is None else known
        both = between == _AND
        told = (
            say("of-place-and", before=told, after=part)(language)
            if both
            else told + between + part
        )
    return told


def _said(part: str, language: Language) -> str | None:
    """Say one part by the first rule that it fits, the most exact one first."""
    if _SAME.fullmatch(part):
        return part
    for key, asked, rule in _grammar():
        if asked in part and (found := rule.fullmatch(part)):
            left = {group.replace("_", "-"): text for group, text in found.groupdict().items()}
            facts = {name: _fact(name, text, language) for name, text in left.items()}
            return say(key, **facts)(language)
    return None


def _fact(name: str, text: str, language: Language) -> str:
    """Write what a rule leaves open: ordinals in words, titles quoted, all else as it is."""
    if name in {"title", "fields"}:
        return _quoted(text, language)
    if name not in _ORDINALS:
        return text
    ordinals = [
        say(f"of-place-{name}{'-first' * (number == '1')}", n=number)(language)
        for number in re.findall(r"\d+", text)
    ]
    if len(ordinals) == 1:
        return ordinals[0]
    return say(f"of-place-{name}-span", first=ordinals[0], last=ordinals[1])(language)


def _quoted(title: str, language: Language) -> str:
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
        (key, max(_FACT.split(text)[::2], key=len), re.compile(_rule(text)))
        for key, text in ordered
    ]


def _openness(text: str) -> tuple[bool, int, int]:
    """Order rules: a title fits nearly anything, so what asks for one comes last."""
    facts = _FACT.findall(text)
    return bool({"title", "fields"} & {*facts}), len(facts), -len(text)


def _rule(text: str) -> str:
    pieces = _FACT.split(text)
    return "".join(
        f"(?P<{piece.replace('-', '_')}>{_SHAPES[piece]})" if place % 2 else re.escape(piece)
        for place, piece in enumerate(pieces)
    )
