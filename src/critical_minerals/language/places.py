"""Where in a document something stands: what editors write in English, in the words of an edition.

The texts `place-...` are a small grammar. A part of a place that fits an English one is said by its
twin; what is left and begins like a title is one, which stays English within guillemets. A place
that holds anything else stays as it was written, and is marked as English.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, TypedDict

from critical_minerals.language.catalogue import patterns, say
from critical_minerals.language.quantities import NBSP
from critical_minerals.parameters import Language

_SIGNS: Final = (re.compile(r"([,;] )"), re.compile(r"( and )"))
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
_SPANS: Final = {"nth-le": ("1er", "du {} au {}"), "nth-la": ("1re", "de la {} à la {}")}
"""How French begins to count, masculine and feminine, and how it says from where to where."""
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
    return _quoted(place) if told is None and _TITLE.fullmatch(place) else told


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
    return "".join(
        (" et " if between == " and " else between) + (_quoted(words) if known is None else known)
        for between, words, known in groups
    )


def _said(part: str, language: Language) -> str | None:
    """Say one part by the first rule that it fits, the most exact one first."""
    if _SAME.fullmatch(part):
        return part
    for key, asked, rule in _grammar():
        if asked in part and (found := rule.fullmatch(part)):
            left = {group.replace("_", "-"): text for group, text in found.groupdict().items()}
            return say(key, **{name: _fact(name, text) for name, text in left.items()})(language)
    return None


def _fact(name: str, text: str) -> str:
    """Write what a rule leaves open: ordinals in French, titles quoted, all else as it is."""
    if name in {"title", "fields"}:
        return _quoted(text)
    if name not in _SPANS:
        return text
    first, span = _SPANS[name]
    ordinals = [first if number == "1" else f"{number}e" for number in re.findall(r"\d+", text)]
    return ordinals[0] if len(ordinals) == 1 else span.format(*ordinals)


def _quoted(title: str) -> str:
    return f"«{NBSP}{_OPEN}{title}{_CLOSE}{NBSP}»"


@cache
def _grammar() -> list[tuple[str, str, re.Pattern[str]]]:
    """Read the rules from the English texts, those that leave least open first.

    With each stands the longest run of words that it asks for: most are ruled out by that.
    """
    rules = patterns("places", "en")
    ordered = sorted(rules.items(), key=lambda rule: _openness(rule[1]))
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
