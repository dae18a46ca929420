"""Describe source documents: publisher, title, date, tier, anchor in the list of sources."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from string import ascii_lowercase
from typing import Any, Final, TypedDict

import pandas as pd

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date
from critical_minerals.workspace.parameters import Language

_TIERS: Final = ("official", "republished", "reported", "secondary", "own")

LETTER: Final = "letter"
"""The field that distinguishes the works of one publisher in one year."""

Record = Mapping[str, str]
"""The row of a source document as texts; a blank cell is an empty text."""
Lineage = Mapping[str, Any]
"""The provenance record of everything published, as `lineage.json` has it."""


class Year(TypedDict):
    """A document of a publisher: its year as text, and its anchor in the list of sources."""

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

    `letter` distinguishes works of one publisher in one year. `among` are all sources that there
    are, so that a work has one letter wherever it is named.
    """
    letters = _letters(_text_records(sources if among is None else among))
    return {
        record["source_id"]: {**record, LETTER: letters.get(record["source_id"], "")}
        for record in _text_records(sources)
    }


def _text_records(sources: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {str(name): str(cell) for name, cell in record.items()}
        for record in sources.fillna("").to_dict("records")
    ]


def _letters(records: Iterable[Record]) -> dict[str, str]:
    """Assign letters, in the order of their dates, to works that share publisher and year."""
    works_by_year: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for record in records:
        # Title and id settle works of one date: letters must not depend on the order of rows.
        sort_key = record["published"], record.get("title", ""), record["source_id"]
        works_by_year.setdefault((record["publisher"], record["published"][:4]), []).append(
            sort_key
        )
    return {
        name: letter
        for works in works_by_year.values()
        if len(works) > 1
        # The letters are endless: their iterator is always longer.
        for (*_, name), letter in zip(sorted(works), _alphabet(), strict=False)
    }


def _alphabet() -> Iterator[str]:
    """Yield a to z, then aa, ab and so on."""
    for length in itertools.count(1):
        yield from map("".join, itertools.product(ascii_lowercase, repeat=length))


def brief_publishers(
    sources: Iterable[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Name each publisher once, and each year of its documents once, whatever the place of reading.

    They are ordered by tier, official first. A year links to the first of its documents, and has a
    letter where there is only one document.

    >>> record = {"publisher": "A", "published": "2024", "tier": "official"}
    >>> records = {name: {**record, "letter": name} for name in "ab"}
    >>> brief_publishers("ab", records, "en")
    [{'name': 'A', 'years': [{'text': '2024', 'anchor': 'src-a'}]}]
    >>> brief_publishers("b", records, "en")
    [{'name': 'A', 'years': [{'text': '2024b', 'anchor': 'src-b'}]}]
    """
    by_publisher = _group_by_name(
        sources, records, language, lambda record: in_language(record, "publisher", language)
    )
    return [
        {"name": name, "years": _unique_years(source_ids, records, language)}
        for name, source_ids in by_publisher.items()
    ]


def _unique_years(
    sources: Iterable[str], records: Mapping[str, Record], language: Language
) -> list[Year]:
    """Return each year once, in order; undated documents come first."""
    by_year: dict[str, list[str]] = {}
    for source in sources:
        by_year.setdefault(records[source]["published"][:4], []).append(source)
    return [
        # A letter would say that one document is meant where there are several.
        _year(first, records[first] if not more else {**records[first], LETTER: ""}, language)
        for _, (first, *more) in sorted(by_year.items())
    ]


def publishers(
    sources: Iterable[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Name each publisher and place of reading with the years of its documents.

    They are ordered by tier, official first.
    """
    by_name = _group_by_name(
        sources, records, language, lambda record: publisher_name(record, language)
    )
    return [
        {"name": name, "years": [_year(source, records[source], language) for source in source_ids]}
        for name, source_ids in by_name.items()
    ]


def _group_by_name(
    sources: Iterable[str],
    records: Mapping[str, Record],
    language: Language,
    name_of: Callable[[Record], str],
) -> dict[str, list[str]]:
    """Group sources by name, ordered by tier, official first."""
    groups: dict[str, list[str]] = {}
    for source in sorted(sources, key=lambda name: _sort_key(records[name], language)):
        groups.setdefault(name_of(records[source]), []).append(source)
    return groups


def _year(source: str, record: Record, language: Language) -> Year:
    return {"text": published_in(record, language), "anchor": source_anchor(source)}


def _sort_key(record: Record, language: Language) -> tuple[int, str, str, str]:
    """Return a key that orders by tier, official first, then by publisher and date."""
    publisher, letter = publisher_name(record, language), record.get(LETTER, "")
    return _TIERS.index(record["tier"]), publisher, record["published"], letter


def publisher_name(record: Record, language: Language) -> str:
    """Name who published a source and, where it was not read there, where it was.

    >>> publisher_name({"publisher": "Reuters", "read_at": "Nasdaq.com"}, "en")
    'Reuters, read at Nasdaq.com'
    """
    publisher = in_language(record, "publisher", language)
    place = in_language(record, "read_at", language)
    if not place:
        return publisher
    return say("source-read-at", publisher=publisher, place=place)(language)


def published_in(record: Record, language: Language) -> str:
    """Return the year in which a source was published, or the label for one without a date.

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
    # A date that is a year alone is in the name already.
    if len(day) <= len("2026"):
        return year
    date = write_date(day, language)
    return f"{date} ({year})" if record.get(LETTER) else date


def in_language(record: Record, name: str, language: Language) -> str:
    """Return a text of a source in a language; in English where it is not translated.

    >>> in_language({"publisher": "Reuters", "publisher_fr": ""}, "publisher", "fr")
    'Reuters'
    """
    return record.get(f"{name}_{language}") or record.get(name, "")


def describe_source(name: str, record: Record, language: Language) -> dict[str, str]:
    """Return template data of a document: anchor, title, publisher, date, terms and tier."""
    title_language = record.get("title_language") or "en"
    return {
        "anchor": source_anchor(name),
        "title": record["title"],
        "lang": "" if title_language == language else title_language,  # for screen readers
        "url": record["url"],
        "publisher": publisher_name(record, language),
        "published": _published_on(record, language),
        "terms": in_language(record, "terms", language),
        "tier": label(f"tier-{record['tier']}", language),
    }


@cache  # each note, figure and table links to its sources
def source_anchor(source: str) -> str:
    """Return the anchor of a source in the list of sources.

    >>> source_anchor("NRCAN_GPI")
    'src-nrcan-gpi'
    """
    return "src-" + re.sub(r"[^a-z0-9]", "-", source.lower())
