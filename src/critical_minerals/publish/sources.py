"""What is told of source documents: publisher, title, day, standing, place in the list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypedDict

import pandas as pd

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import Language

_TIERS: Final = ("official", "republished", "reported", "secondary")

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


def source_records(sources: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the records of sources by id, as text; a blank cell is an empty one."""
    return {
        str(record["source_id"]): {str(name): str(cell) for name, cell in record.items()}
        for record in sources.fillna("").to_dict("records")
    }


def briefly(
    sources: Iterable[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Name each publisher once, and each year of its documents once, whatever the place of reading.

    Those closest to the origin come first. A year leads to the first of its documents.

    >>> records = {n: {"publisher": "A", "published": "2024", "tier": "official"} for n in "XY"}
    >>> briefly("XY", records, "en")
    [{'name': 'A', 'years': [{'text': '2024', 'anchor': 'src-x'}]}]
    """
    by_publisher = _by_name(
        sources, records, language, lambda of: in_language(of, "publisher", language)
    )
    once = {
        name: {year["text"]: year for year in reversed(its)} for name, its in by_publisher.items()
    }
    return [
        {"name": name, "years": sorted(its.values(), key=_year_order)} for name, its in once.items()
    ]


def _year_order(year: Year) -> str:
    """Put years in their order, a document without one first."""
    return year["text"] if year["text"].isdigit() else ""


def publishers(
    sources: Iterable[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Name each publisher and place of reading with the years of its documents.

    Those closest to the origin come first.
    """
    years = _by_name(sources, records, language, lambda of: named(of, language))
    return [{"name": name, "years": its} for name, its in years.items()]


def _by_name(
    sources: Iterable[str],
    records: Mapping[str, Record],
    language: Language,
    name_of: Callable[[Record], str],
) -> dict[str, list[Year]]:
    """Gather the linked years of sources under their names, those closest to the origin first."""
    years: dict[str, list[Year]] = {}
    for source in sorted(sources, key=lambda name: _standing(records[name], language)):
        record = records[source]
        year: Year = {"text": published_in(record, language), "anchor": source_anchor(source)}
        years.setdefault(name_of(record), []).append(year)
    return years


def _standing(record: Record, language: Language) -> tuple[int, str, str]:
    """Order official sources before others, then by publisher and date."""
    publisher = named(record, language)
    return _TIERS.index(record["tier"]), publisher, record["published"]


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
    """Return the year in which a source was published, or say that it bears no date."""
    return record["published"][:4] or label("source-undated", language)


def in_language(record: Record, name: str, language: Language) -> str:
    """Return a source's text, in French where it has a French twin.

    >>> in_language({"publisher": "Reuters", "publisher_fr": ""}, "publisher", "fr")
    'Reuters'
    """
    return record.get(f"{name}_{language}") or record.get(name, "")


def source_told(name: str, record: Record, language: Language) -> dict[str, str]:
    """Describe a document: its place in the list of sources, title, publisher, day and standing."""
    day, of_title = record["published"], record.get("title_language") or "en"
    return {
        "anchor": source_anchor(name),
        "title": record["title"],
        "lang": "" if of_title == language else of_title,  # for screen readers
        "url": record["url"],
        "publisher": named(record, language),
        "published": write_date(day, language) if day else label("source-undated", language),
        "terms": in_language(record, "terms", language),
        "tier": label(f"tier-{record['tier']}", language),
    }


def source_anchor(source: str) -> str:
    """Return the id under which a source stands in the list of sources.

    >>> source_anchor("NRCAN_GPI")
    'src-nrcan-gpi'
    """
    return "src-" + re.sub(r"[^a-z0-9]", "-", source.lower())
