"""What is told of source documents: publisher, title, day, standing, place in the list."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from string import ascii_lowercase
from typing import Final, TypedDict

import pandas as pd

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import Language

_TIERS: Final = ("official", "republished", "reported", "secondary", "own")

LETTER: Final = "letter"
"""What tells apart, in a record, the works of one publisher in one year."""

Record = Mapping[str, str]
"""A source document, as its row says; a blank cell is an empty text."""


class Year(TypedDict):
    """A document of a publisher, named by its year, and where it stands in the list of sources."""

    text: str
    anchor: str


class Publisher(TypedDict):
    """A publisher with its documents."""

    name: str
    years: list[Year]


def source_records(
    sources: pd.DataFrame, among: pd.DataFrame | None = None
) -> dict[str, dict[str, str]]:
    """Return the records of sources by id, as text; a blank cell is an empty one.

    `letter` tells apart the works of one publisher in one year, `among` all sources that there are,
    so that a work has one letter wherever it is named.
    """
    letters = _letters(_texts(sources if among is None else among))
    return {
        record["source_id"]: {**record, LETTER: letters.get(record["source_id"], "")}
        for record in _texts(sources)
    }


def _texts(sources: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {str(name): str(cell) for name, cell in record.items()}
        for record in sources.fillna("").to_dict("records")
    ]


def _letters(records: Iterable[Record]) -> dict[str, str]:
    """Give a letter, in the order of their days, to works that share publisher and year."""
    alike: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for record in records:
        told = record["published"], record.get("title", ""), record["source_id"]
        alike.setdefault((record["publisher"], record["published"][:4]), []).append(told)
    return {
        name: letter
        for works in alike.values()
        if len(works) > 1
        for (*_, name), letter in zip(sorted(works), _alphabet(), strict=False)
    }


def _alphabet() -> Iterator[str]:
    """Count in letters: a to z, then aa, ab and so on."""
    for length in itertools.count(1):
        yield from map("".join, itertools.product(ascii_lowercase, repeat=length))


def briefly(
    sources: Iterable[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Name each publisher once, and each year of its documents once, whatever the place of reading.

    Those closest to the origin come first. A year leads to the first of its documents, and has a
    letter where it is that one alone.

    >>> record = {"publisher": "A", "published": "2024", "tier": "official"}
    >>> records = {name: {**record, "letter": name} for name in "ab"}
    >>> briefly("ab", records, "en")
    [{'name': 'A', 'years': [{'text': '2024', 'anchor': 'src-a'}]}]
    >>> briefly("b", records, "en")
    [{'name': 'A', 'years': [{'text': '2024b', 'anchor': 'src-b'}]}]
    """
    by_publisher = _by_name(
        sources, records, language, lambda of: in_language(of, "publisher", language)
    )
    return [
        {"name": name, "years": _once(its, records, language)} for name, its in by_publisher.items()
    ]


def _once(sources: Iterable[str], records: Mapping[str, Record], language: Language) -> list[Year]:
    """Name each year once, in their order, a document without one first."""
    alike: dict[str, list[str]] = {}
    for source in sources:
        alike.setdefault(records[source]["published"][:4], []).append(source)
    return [
        _year(first, records[first] if not more else {**records[first], LETTER: ""}, language)
        for _, (first, *more) in sorted(alike.items())
    ]


def publishers(
    sources: Iterable[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Name each publisher and place of reading with the years of its documents.

    Those closest to the origin come first.
    """
    by_name = _by_name(sources, records, language, lambda of: named(of, language))
    return [
        {"name": name, "years": [_year(one, records[one], language) for one in its]}
        for name, its in by_name.items()
    ]


def _by_name(
    sources: Iterable[str],
    records: Mapping[str, Record],
    language: Language,
    name_of: Callable[[Record], str],
) -> dict[str, list[str]]:
    """Gather sources under their names, those closest to the origin first."""
    gathered: dict[str, list[str]] = {}
    for source in sorted(sources, key=lambda name: _standing(records[name], language)):
        gathered.setdefault(name_of(records[source]), []).append(source)
    return gathered


def _year(source: str, record: Record, language: Language) -> Year:
    return {"text": published_in(record, language), "anchor": source_anchor(source)}


def _standing(record: Record, language: Language) -> tuple[int, str, str, str]:
    """Order official sources before others, then by publisher and date."""
    publisher, letter = named(record, language), record.get(LETTER, "")
    return _TIERS.index(record["tier"]), publisher, record["published"], letter


def named(record: Record, language: Language) -> str:
    """Name who published a source and, where it was not read there, where it was.

    >>> named({"publisher": "Reuters", "read_at": "Nasdaq.com"}, "en")
    'Reuters, read at Nasdaq.com'
    """
    publisher = in_language(record, "publisher", language)
    place = in_language(record, "read_at", language)
    if not place:
        return publisher
    return say("source-read-at", publisher=publisher, place=place)(language)


def published_in(record: Record, language: Language) -> str:
    """Return the year in which a source was published, or say that it bears no date.

    >>> published_in({"published": "2026-02", "letter": "b"}, "en")
    '2026b'
    >>> published_in({"published": "", "letter": "a"}, "en")
    'undated-a'
    """
    year, letter = record["published"][:4], record.get(LETTER, "")
    if year:
        return f"{year}{letter}"
    return label("source-undated", language) + (f"-{letter}" if letter else "")


def _published_on(record: Record, language: Language) -> str:
    r"""Return the day on which a source was published, and by which year and letter it is named.

    >>> _published_on({"published": "2026-02-06", "letter": "b"}, "en")
    'February\xa06, 2026 (2026b)'
    """
    day, year = record["published"], published_in(record, language)
    if len(day) <= len("2026"):
        return year
    written = write_date(day, language)
    return f"{written} ({year})" if record.get(LETTER) else written


def in_language(record: Record, name: str, language: Language) -> str:
    """Return a source's text, in French where it has a French twin.

    >>> in_language({"publisher": "Reuters", "publisher_fr": ""}, "publisher", "fr")
    'Reuters'
    """
    return record.get(f"{name}_{language}") or record.get(name, "")


def source_told(name: str, record: Record, language: Language) -> dict[str, str]:
    """Describe a document: its place in the list of sources, title, publisher, day and standing."""
    of_title = record.get("title_language") or "en"
    return {
        "anchor": source_anchor(name),
        "title": record["title"],
        "lang": "" if of_title == language else of_title,  # for screen readers
        "url": record["url"],
        "publisher": named(record, language),
        "published": _published_on(record, language),
        "terms": in_language(record, "terms", language),
        "tier": label(f"tier-{record['tier']}", language),
    }


def source_anchor(source: str) -> str:
    """Return the id under which a source stands in the list of sources.

    >>> source_anchor("NRCAN_GPI")
    'src-nrcan-gpi'
    """
    return "src-" + re.sub(r"[^a-z0-9]", "-", source.lower())
