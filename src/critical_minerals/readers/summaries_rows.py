"""Turn the figures of the Mineral Commodity Summaries, in any layout, into cells of tables.

A release is read once for all tables that it supplies. Units, footnotes, bounds and the rounding
that a figure states are those of this publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from critical_minerals.readers.summaries import edition_of, read_summaries
from critical_minerals.readers.summaries_files import read_files
from critical_minerals.readers.summaries_wide import read_wide

Record = Mapping[str, Any]
"""A printed figure as a reader returns it."""
SeriesName = Mapping[str, str | tuple[str, ...]]
"""The cells by which a file tells a series, by the reader's columns; any of several will do."""
Release = Mapping[tuple[str, ...], Sequence[Record]]
"""The records of a release by series."""
_SERIES: Final = ("chapter", "section", "commodity", "statistic", "detail")
_ROUNDED: Final = re.compile(r"[:,]\s*rounded$", re.IGNORECASE)
_YEAR: Final = re.compile(r"\d{4}")
_YEARS: Final = re.compile(r" \d{4}[-–]\d{4}$")
_HALF_UNIT: Final = re.compile(r"Less than (?:½|1/2) unit")
_STATED_DIGITS: Final = re.compile(r"ounded to (?:no more than )?(one|two) significant digit")
_STATED_TONS: Final = re.compile(r"ounded to the nearest ([\d,]+) tons")
_NUMBER_WORDS: Final = {"one": 1, "two": 2}
_TONS_PER_UNIT: Final = {"thousand metric tons": 1000, "million metric tons": 1_000_000}
UNITS: Final = {
    "metric tons": "t",
    "tons": "t",
    "thousand metric tons": "kt",
    "thousand metric dry tons": "kt",
    "million metric tons": "Mt",
    "kilograms": "kg",
    "million cubic meters": "Mm3",
    "percent": "percent",
    # Endings of headings in releases that have one file a commodity.
    "kg": "kg",
    "t": "t",
    "kt": "kt",
    "mcm": "Mm3",
}
"""Units as the Summaries write them; a mapping's own `units` come before these."""
_SIGNIFICANT_DIGITS: Final = 3
"""Significant digits to which the Summaries round reported figures; estimates have one fewer."""

LAYOUTS: Final = {
    "usgs_mcs_long": read_summaries,
    "usgs_mcs_wide": read_wide,
    "usgs_mcs_files": read_files,
}
"""Readers of the releases of the Summaries, by their format."""


def read_release(layout: str, path: Path, name: str) -> Release:
    """Read a release of one of the `LAYOUTS`; `name` is for messages."""
    status = path.stat()
    return _load_release(_ReleaseFile(layout, name, status.st_mtime_ns, status.st_size, path))


def claimed_countries(series: Iterable[SeriesName]) -> set[tuple[tuple[str, ...], str]]:
    """Return what series claim that name countries: their keys with each country.

    The general series of the same key must not count their rows a second time.
    """
    return {
        (key, country)
        for of in series
        for key in _wanted_keys(of)
        for country in as_tuple(of, "country")
    }


def select_records(
    release: Release, of: SeriesName, claimed: set[tuple[tuple[str, ...], str]]
) -> list[Record]:
    """Select the records of a series: of the countries that it names, or of all not `claimed`."""
    countries = as_tuple(of, "country")
    return [
        record
        for key in _wanted_keys(of)
        for record in release.get(key, [])
        if (
            record["country"] in countries if countries else (key, record["country"]) not in claimed
        )
    ]


@dataclass(frozen=True)
class _ReleaseFile:
    """The cache key of a release; a copy of the project has the same release, and the same key."""

    layout: str
    name: str
    changed: int
    size: int
    path: Path = field(compare=False)


# Each table reads all releases in turn: a cache smaller than their number would never hit.
@lru_cache(maxsize=8)
def _load_release(printed: _ReleaseFile) -> Mapping[tuple[str, ...], Sequence[Record]]:
    """Return the records of a release by series, each with the year in the release's name."""
    read = LAYOUTS[printed.layout](printed.path, printed.name)
    years = [int(year) for year in read["year"].astype(str) if _YEAR.fullmatch(year)]
    by_series: dict[tuple[str, ...], list[Record]] = {}
    for row in read.assign(release=str(edition_of(years))).to_dict("records"):
        record = {str(name): cell for name, cell in row.items()}
        by_series.setdefault(_series_key(record), []).append(record)
    return by_series


def _series_key(record: Record) -> tuple[str, ...]:
    *others, statistic, detail = (str(record[column]) for column in _SERIES)
    # Releases print `Import sources 2021-2024`; a mapping has to hold for every release.
    return (*others, _YEARS.sub("", statistic), _normalise_detail(detail))


def _normalise_detail(detail: str) -> str:
    """Return the detail of a series without `rounded`, which world totals have at its end.

    >>> _normalise_detail("Mine production: Ilmenite")
    'mine production: ilmenite'
    >>> _normalise_detail("Mine production: ilmenite, rounded")
    'mine production: ilmenite'
    """
    return _ROUNDED.sub("", detail).casefold()


def _wanted_keys(of: Mapping[str, str | tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    others = [str(of.get(column, "")) for column in _SERIES[:-1]]
    for detail in as_tuple(of, "detail"):
        yield (*others, _normalise_detail(detail))


def as_tuple(of: Mapping[str, str | tuple[str, ...]], column: str) -> tuple[str, ...]:
    """Return the cells that a series names for a column, as a tuple."""
    cells = of.get(column, ())
    return (cells,) if isinstance(cells, str) else cells


def find_place(name: str, places: Mapping[str, str]) -> tuple[str | None, bool]:
    """Return a place by its name, and whether a footnote `e` at its end marks an estimate.

    `places` are ids by names in lower case.

    >>> find_place("Japane", {"japan": "JP"}), find_place("Greece", {"greece": "GR"})
    (('JP', True), ('GR', False))
    """
    place = places.get(name.casefold())
    # Only where the whole name is unknown: `Greece` ends in e as well.
    if place is None and name.endswith("e"):
        place = places.get(name[:-1].casefold())
        return place, place is not None
    return place, False


def figure_cells(record: Record, figure: str, estimates: str) -> dict[str, str]:
    """Return the cells of a printed figure: its period, number, qualifier and rounding.

    `figure` is the column of the number, `estimates` the qualifier of a plain estimate.
    """
    cells = _parse_period(str(record["year"])) | _parse_figure(record, figure, estimates)
    cells |= {"place": record["where"], "release": record["release"]}
    return cells | ({"excludes": record["excludes"]} if record["excludes"] else {})


def _parse_period(year: str) -> dict[str, str]:
    """Parse a year, or a period such as `2021–24`, into cells."""
    # Releases write periods with a dash or with a hyphen.
    start, _, end = year.replace("-", "–").partition("–")
    if not end:
        return {"year": start}
    return {"period_start": start, "period_end": end if len(end) == len(start) else start[:2] + end}


def _parse_figure(record: Record, figure: str, estimates: str) -> dict[str, str]:
    """Return the cells of a printed figure: number, qualifier, estimate, note and rounding."""
    kind, number, note = str(record["kind"]), record["number"], ""
    estimated = bool(record["estimated"])
    match kind:
        case "":
            qualifier = estimates if estimated else ""
            # A printed zero is exact, also in a column of estimates.
            qualifier = "zero" if number == 0 else qualifier
        # `s` refers to the notes; some of these say "Less than ½ unit", which is a bound.
        case "see_note" if _HALF_UNIT.search(record["note"]):
            qualifier, number, note = "less_than", 0.5, "less than half a unit"
        case "see_note":
            qualifier = "not_available"
        # Words such as `Large` are no number, but readers should see what was printed.
        case "said":
            qualifier, note = "not_available", f"published as a word: {record['printed']}"
        case "range":
            ends = f"{format_number(number)} to {format_number(record['most'])}"
            qualifier, note = "range", f"range {ends}; lower end entered"
        # The release is in Windows-1252, which has no minus sign: it prints `?1` for -1.
        case "lost_minus":
            printed = record["printed"]
            qualifier, note = "", f"printed {printed} in the copy, a lost minus sign: stocks grew"
        case _:
            qualifier = kind
    has_number = not pd.isna(number)
    cells = {
        figure: format_number(number) if has_number else "",
        "qualifier": qualifier,
        "estimated": "yes" if estimated and has_number else "no",
        "note": note,
    }
    # A zero has no digits that could be rounded.
    if has_number and number != 0:
        stated = _stated_step(record, abs(float(number)))
        step = stated or _rounding_step(abs(float(number)), estimated=estimated)
        cells["rounded_to"] = format_number(step)
    return cells


def _stated_step(record: Record, number: float) -> float | None:
    """Return the rounding step that a figure's own note states, in the unit of the figure."""
    if digits := _STATED_DIGITS.search(record["note"]):
        return 10.0 ** max(len(str(int(number))) - _NUMBER_WORDS[digits[1]], 0)
    if nearest := _STATED_TONS.search(record["note"]):
        # Notes state the step in tons, whatever the unit of the row.
        return float(nearest[1].replace(",", "")) / _TONS_PER_UNIT.get(record["unit"], 1)
    return None


def _rounding_step(number: float, *, estimated: bool) -> float:
    """Return the rounding step of a figure: three significant digits, for estimates two.

    It is at least one unit, and no larger than the printed digits allow.

    >>> _rounding_step(6240, estimated=False), _rounding_step(5700, estimated=True)
    (10.0, 100.0)
    >>> _rounding_step(69, estimated=False)
    1.0
    """
    whole = len(str(int(number)))
    step = 10.0 ** max(whole - (_SIGNIFICANT_DIGITS - estimated), 0)
    # A figure printed to the unit, such as 6,243, was not rounded to tens.
    while number % step and step > 1:
        step /= 10
    return step


def format_number(number: float) -> str:
    """Write a number as a cell, without an end of zeros."""
    return f"{number:.15g}"
