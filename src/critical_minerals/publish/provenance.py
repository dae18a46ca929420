"""The provenance of what is published: how reliable its raw rows are, and where they stand.

A number that is not computed from official and unqualified figures alone, or that was revised since
the last release, has one discreet mark in the text. The number's note explains the mark.

The line under a figure or table tells its sources, how reliable its rows are, and their places. On
a page these are links to the attachments of the report, in `data/` and `notebooks/`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.ranges import ranges
from critical_minerals.language.stated import and_list
from critical_minerals.publish.sources import (
    Lineage,
    Publisher,
    Record,
    brief_publishers,
    publishers,
)
from critical_minerals.report.markdown import compose
from critical_minerals.tables.lineage import file_of
from critical_minerals.workspace.parameters import Language

_UNOFFICIAL_TIERS: Final = ("republished", "reported", "secondary")
"""The tiers of sources that are not official: a copy of an official figure is one step away."""
_QUALIFIERS: Final = ("estimated", "preliminary", "bounded", "withheld")
LINEAGE_FILE: Final = "data/lineage.json"
"""The address of the whole record, relative to the report."""
_RAW: Final = "data/raw/"
_MAX_PUBLISHERS: Final = 4
"""How many publishers the line names; the annex, and the folded part of a page, name all."""
_MAX_MEMBERS: Final = 3
"""Up to this many members of one archive are named one by one."""
_ALL_MEMBERS: Final = "/…"
_MAX_RANGES: Final = 8
"""Up to this many rows, or ranges of rows, are named one by one."""


@dataclass(frozen=True)
class Reliability:
    """How many of the raw rows of a number are not of official sources, or are qualified."""

    rows: int
    tiers: Mapping[str, int]
    kinds: tuple[str, ...]
    corrected: int = 0

    def marks(self, language: Language) -> list[str]:
        """Return the short labels of a number's mark; nothing where it has no mark."""
        # One mark for all tiers and one for all qualifiers; the note tells them apart.
        causes = {"mark-reported": self.tiers, "mark-estimated": self.kinds}
        return [label(key, language) for key, cause in causes.items() if cause]

    def remarks(self, language: Language) -> list[str]:
        """Return the same in sentences; none where all rows are official and unqualified."""
        remarks = [
            _tier_remark(tier, count, self.rows, language) for tier, count in self.tiers.items()
        ]
        if self.kinds:
            kinds = and_list(
                [label(f"reliability-{kind}", language) for kind in self.kinds], language
            )
            remarks.append(say("reliability-includes", kinds=kinds)(language))
        if self.corrected:
            remarks.append(say("reliability-corrected", count=self.corrected)(language))
        return remarks


def reliability(origins: Iterable[str], lineage: Lineage) -> Reliability:
    """Rate the raw rows of some origins."""
    rows = [lineage["rows"][origin] for origin in origins]
    tiers = [lineage["sources"][row["source_id"]]["tier"] for row in rows if row.get("source_id")]
    # In the order of the tiers, not of the rows: remarks begin with the smallest step.
    counts = {tier: tiers.count(tier) for tier in _UNOFFICIAL_TIERS if tier in tiers}
    marks = {mark for row in rows for mark in row["marks"]}
    corrected = sum(bool(row.get("corrections")) for row in rows)
    return Reliability(
        len(rows), counts, tuple(kind for kind in _QUALIFIERS if kind in marks), corrected
    )


def _tier_remark(tier: str, count: int, rows: int, language: Language) -> str:
    # "3 of 3 rows" would read as an exception where it is the rule.
    if count == rows:
        return label(f"reliability-{tier}-all", language)
    return say(f"reliability-{tier}-part", count=count, rows=rows)(language)


class Place(TypedDict):
    """A place: its name, and its address relative to the page."""

    text: str
    href: str


def only_official(origins: Sequence[str], rows: Mapping[str, Mapping[str, Any]]) -> bool:
    """Say whether raw rows were all read from official files, and none of them was typed.

    >>> rows = {o: {"table": "a/b"} for o in ("data/raw/c/x.csv:3", "data/raw/a/b.csv:3")}
    >>> only_official(["data/raw/c/x.csv:3"], rows), only_official([*rows], rows)
    (True, False)
    """
    # A typed row is in the file of its own raw table; one that a mapping reads is in a file of
    # its publisher.
    return bool(origins) and not any(
        origin.startswith(f"{_RAW}{rows[origin]['table']}.") for origin in origins
    )


def by_file(origins: Iterable[str]) -> dict[str, list[int]]:
    """Group row numbers by file, named relative to the folder of raw figures.

    Where more than a few members of one archive have them, they are grouped as `archive/…`; the
    record has the row of each.

    >>> by_file(["data/raw/a/b.csv:3", "data/raw/a/b.csv:2"])
    {'a/b.csv': [2, 3]}
    >>> by_file(f"data/raw/a.zip/{member}.csv#Prod_t:2" for member in "bcdef")
    {'a.zip/…': [2, 2, 2, 2, 2]}
    """
    by_place: dict[str, list[int]] = {}
    for origin in origins:
        file, _, row = origin.rpartition(":")
        by_place.setdefault(file.removeprefix(_RAW), []).append(int(row))
    # Only members count: a column or sheet of a plain file (`#`) is no member of an archive.
    members = Counter(file_of(file) for file in by_place if file_of(file) != file.partition("#")[0])
    gathered: dict[str, list[int]] = {}
    for file in sorted(by_place):
        is_gathered = members[file_of(file)] > _MAX_MEMBERS
        gathered.setdefault(f"{file_of(file)}{_ALL_MEMBERS}" if is_gathered else file, []).extend(
            by_place[file]
        )
    return {file: sorted(rows) for file, rows in gathered.items()}


def rows_place(rows: Sequence[int], language: Language) -> str:
    """Name rows; count them where they are too scattered to be named.

    >>> rows_place([4], "en"), rows_place([4, 5, 6], "fr")
    ('row 4', 'lignes 4–6')
    >>> rows_place(range(2, 40, 2), "en")
    '19 rows between 2 and 38'
    """
    ranges_text = ranges(rows)
    # Ranges are separated by commas: there is one more of them.
    if ranges_text.count(",") < _MAX_RANGES:
        return say("lineage-rows", count=len(rows), rows=ranges_text)(language)
    limits = {"first": str(min(rows)), "last": str(max(rows))}
    return say("lineage-rows-many", count=len(rows), **limits)(language)


def file_rows(file: str, rows: Sequence[int], language: Language) -> str:
    """Name rows of a raw file; count those of many members of an archive."""
    if file.endswith(_ALL_MEMBERS):
        return say("lineage-rows-inside", count=len(rows))(language)
    return rows_place(rows, language)


def table_links(tables: Mapping[str, Sequence[int]], language: Language) -> list[Place]:
    """Return a link for each table with its rows; the address has the first row."""
    return [
        {
            "text": f"{table}.csv, {rows_place(rows, language)}",
            "href": f"data/{table}.csv#row={min(rows)}",
        }
        for table, rows in tables.items()
        if rows
    ]


def cell_link(notebook: str, cell: str, language: Language) -> Place:
    """Return the link to a cell on the page of its executed notebook."""
    text = say("lineage-cell", notebook=notebook, cell=cell)(language)
    return {"text": text, "href": f"notebooks/{notebook}.html#{cell_anchor(cell)}"}


def cell_anchor(cell: str) -> str:
    """Return the id of a cell on its notebook's page."""
    return f"cell-{cell}"


def trail(entry: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return template data on where the rows of a figure or table come from.

    These are processed tables, a notebook's cell and raw rows.
    """
    files = by_file(entry["origins"]).items()
    return {
        "tables": table_links(entry["tables"], language),
        "cell": cell_link(entry["notebook"], entry["cell"], language),
        "rows": len(entry["origins"]),
        "files": [f"{file}, {file_rows(file, rows, language)}" for file, rows in files],
        "record": LINEAGE_FILE,
    }


@dataclass(frozen=True)
class NamedSources:
    """The sources of a figure or table as the line under it names them."""

    opening: str
    publishers: Sequence[Publisher]
    others: str
    """How many more publishers there are, in words; empty where all are named."""

    @property
    def text(self) -> str:
        """The line without the links of its years, as a preview shows it."""
        named = [
            f"{publisher['name']} ({', '.join(year['text'] for year in publisher['years'])})"
            for publisher in self.publishers
        ]
        ending = f" {self.others}" if self.others else "."
        return f"{self.opening} {'; '.join(named)}{ending}"


def name_sources(
    sources: Sequence[str], records: Mapping[str, Record], language: Language
) -> NamedSources:
    """Name the publishers of a figure or table with the years of their documents."""
    every = _order_publishers(sources, records, language)
    # Singular where a single document is named, not a single publisher.
    count = sum(len(publisher["years"]) for publisher in every)
    others = len(every) - _MAX_PUBLISHERS
    return NamedSources(
        say("lineage-sources", count=count)(language),
        every[:_MAX_PUBLISHERS],
        say("figure-sources-more", count=others)(language) if others > 0 else "",
    )


def lineage_line(entry: Mapping[str, Any], lineage: Lineage, language: Language) -> str:
    """Compose the line under a figure or table: publishers and years, and their reliability."""
    return compose(
        "lineage",
        language,
        sources=name_sources(entry["sources"], lineage["sources"], language),
        all_named=publishers(entry["sources"], lineage["sources"], language),
        reliability_remarks=reliability(entry["origins"], lineage).remarks(language),
        trail=trail(entry, language),
    )


def _order_publishers(
    sources: Sequence[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Order publishers, those first that the line names in every language."""
    by_tier = brief_publishers(sources, records, language)
    # By the English order, in which names are cut off: each language alone would name others.
    first = {
        publisher["years"][0]["anchor"]
        for publisher in brief_publishers(sources, records, "en")[:_MAX_PUBLISHERS]
    }
    return sorted(by_tier, key=lambda publisher: publisher["years"][0]["anchor"] not in first)
