"""Read the long form of the Mineral Commodity Summaries data release, cell by cell.

The United States Geological Survey publishes one file a year since the release of 2026
(`MCS2026_Commodities_Data.csv`, https://doi.org/10.5066/P1WKQ63T): one row a figure, in
Windows-1252, numbers with thousands separators, and words and symbols in place of figures. Nothing
is excluded and nothing is guessed: a cell that is no figure of a known kind stays as it is printed.

Its traps, each with its test: docs/traps.md#summaries

Earlier releases have other layouts (`summaries_wide`, `summaries_files`); their readers return the
same columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import csv_rows
from critical_minerals.readers.seen import RecognisedFile, read_header
from critical_minerals.readers.sheets import ROW

ENCODING: Final = "cp1252"
VALUE: Final = "Value"
"""The column of the file that holds the figure."""
_COLUMNS: Final = {
    "MCS chapter": "chapter",
    "Section": "section",
    "Commodity": "commodity",
    "Country": "country",
    "Statistics": "statistic",
    "Statistics_detail": "detail",
    "Unit": "unit",
    "Year": "year",
    VALUE: "printed",
    "Notes": "note",
    "Is critical mineral 2025": "is_critical",
    "Other notes": "other_note",
}
RECORD_COLUMNS: Final = (ROW, *_COLUMNS.values(), "estimated", "where", "at")
"""Columns of a record of a release before its figure is parsed."""
_NUMBER: Final = r"\d[\d,]*(?:\.\d+)?"
_YEAR: Final = re.compile(r"\d{4}")
ESTIMATED: Final = re.compile(r"\bestimated\b", re.IGNORECASE)
"""How notes call a figure an estimate."""
# Only the sentence of its own, with a capital; see `read_summaries`.
_ESTIMATED_SENTENCE: Final = re.compile(r"\bEstimated\b")
_ANY_YEAR: Final = re.compile(r"\b\d{4}\b")
# The United States withhold some output: the world total is then without it, and not comparable.
_EXCLUDES_US: Final = re.compile(r"excludes U\.S\. production", re.IGNORECASE)
_RANGE: Final = re.compile(rf"({_NUMBER})\s*(?:[–-]|to)\s*({_NUMBER})")
# More than nothing, so no zero: it becomes a bound of half a unit.
_HALF: Final = re.compile(r"Less than (?:½|1/2|one-half|a half) unit\.?")
_SIGNED: Final = re.compile(rf"(?P<sign>[<>?−-]?)\s*(?P<digits>{_NUMBER})")
_SIGN_KINDS: Final = {
    "<": "less_than",
    ">": "more_than",
    "?": "lost_minus",
    "−": "",
    "-": "",
    "": "",
}
"""What stands before a number. The printed Summaries have a minus sign where a file in Windows-1252
has a question mark: its encoding holds none."""
_SIGN_FACTORS: Final = {"?": -1, "−": -1, "-": -1, "<": 1, ">": 1, "": 1}
_SYMBOL_KINDS: Final = {
    "—": "zero",
    "NA": "not_available",
    "W": "withheld",
    "E": "net_exporter",
    "s": "see_note",  # less than half a unit, or counted in the world total alone
    "XX": "not_applicable",
}
"""What the file prints in place of a figure, as the introduction of the Summaries explains it."""


@dataclass(frozen=True)
class Figure:
    """A cell's figure: its number, the upper end of a range, and what kind of figure it is.

    `kind` is empty for a plain number, `said` for words.
    """

    number: float | None = None
    most: float | None = None
    kind: str = ""


def figure_of(printed: str) -> Figure:
    """Parse one printed cell.

    >>> figure_of(">85,000,000")
    Figure(number=85000000.0, most=None, kind='more_than')
    >>> figure_of("140,000").number, figure_of("—").kind, figure_of("W").kind
    (140000.0, 'zero', 'withheld')
    """
    cell = printed.strip()
    # A dash is a zero; NA and W mean that no number is published, which is not zero.
    if kind := _SYMBOL_KINDS.get(cell):
        return Figure(0.0 if kind == "zero" else None, kind=kind)
    if _HALF.fullmatch(cell):
        return Figure(0.5, kind="less_than")
    if ends := _RANGE.fullmatch(cell):
        return Figure(_to_number(ends[1]), _to_number(ends[2]), "range")
    if match := _SIGNED.fullmatch(cell):
        return Figure(
            _to_number(match["digits"]) * _SIGN_FACTORS[match["sign"]],
            kind=_SIGN_KINDS[match["sign"]],
        )
    # Words such as `Large`, and whatever else is no figure: shown as printed, never guessed.
    return Figure(kind="said")


def read_summaries(path: Path, name: str) -> pd.DataFrame:
    """Read a release into one record a figure.

    Columns: `row_number` as a spreadsheet counts, the file's own columns under short names
    (`chapter`, `section`, `commodity`, `country`, `statistic`, `detail`, `unit`, `year`, `printed`,
    `note`, `is_critical`, `other_note`: text without the blanks around it), and those of
    `parse_figures`. The year is text: import sources cover several (`2021–24`).

    Raises `FiguresError` when the file is no such release; `name` is the one that people know.
    """
    try:
        # Windows-1252 decodes almost any bytes: the header below tells whether it was right.
        rows = csv_rows(path.read_bytes(), ENCODING)
    except UnicodeDecodeError as error:
        expected = "a release in Windows-1252, as the publisher gives it"
        raise not_as_published(name, expected) from error
    if not rows or rows[0] != [*_COLUMNS]:
        raise not_as_published(name, f"the columns {', '.join(_COLUMNS)}")
    short_rows = [number for number, row in enumerate(rows, 1) if len(row) != len(_COLUMNS)]
    if short_rows:
        raise not_as_published(name, f"{len(_COLUMNS)} cells in every row", short_rows[0])
    cells = [[clean(cell) for cell in row] for row in rows[1:]]
    frame = pd.DataFrame(cells, columns=[*_COLUMNS.values()])
    where = (
        f"chapter={chapter}, Section={section}, Statistics={statistic}, column {VALUE}"
        for chapter, section, statistic in zip(
            frame["chapter"], frame["section"], frame["statistic"], strict=True
        )
    )
    return parse_figures(
        frame.assign(
            **{ROW: range(2, len(rows) + 1)},
            # `Estimated.` with a capital refers to the figure itself; in small letters a note means
            # other things, such as the metal content that was assumed of imported ores.
            estimated=frame["note"].str.contains(_ESTIMATED_SENTENCE),
            where=[*where],
            at="",
        )
    )


def parse_figures(records: pd.DataFrame) -> pd.DataFrame:
    """Parse the printed figures in records of a release, whatever its layout.

    The records have `RECORD_COLUMNS`: among them whether a figure is `estimated`, `where` it stands
    in words, and `at` the column of a row that holds several figures. Adds `number`, `most` and
    `kind` of `figure_of`, and `excludes`, the place that a total does not include by its note.
    """
    parsed = [figure_of(printed) for printed in records["printed"]]
    return records.assign(
        number=pd.array([figure.number for figure in parsed], "Float64"),
        most=pd.array([figure.most for figure in parsed], "Float64"),
        kind=[figure.kind for figure in parsed],
        excludes=["US" if _EXCLUDES_US.search(note) else "" for note in records["note"]],
    )


def describe_release(years: Sequence[int], edition: int, **details: Any) -> RecognisedFile:
    """Describe a release of the Summaries in any layout."""
    return RecognisedFile(
        folder="usgs",
        publisher="U.S. Geological Survey",
        publisher_fr="Commission géologique des États-Unis",
        period=f"{years[0]}–{years[-1]}" if years else "",
        edition=str(edition),
        released_in=str(edition),
        source_id=f"USGS_MCS{edition}",
        address="https://www.usgs.gov/centers/national-minerals-information-center/"
        "mineral-commodity-summaries",
        terms="US public domain",
        terms_fr="Domaine public des États-Unis",
        **details,
    )


def edition_of(years: Iterable[int]) -> int:
    """Return the edition of a release: the year after the last that it covers."""
    # The day of publication is not in the files, and the publisher has replaced some later.
    return max(years, default=-1) + 1


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise a release by its header."""
    if read_header(path, ENCODING) != [*_COLUMNS]:
        return None
    release = read_summaries(path, path.name)
    years = sorted({int(year) for year in release["year"] if _YEAR.fullmatch(year)})
    if not years:
        expected = "at least one figure of a year"
        raise FiguresError.of(path.name, expected, "Download the file again from the publisher.")
    edition = edition_of(years)
    return describe_release(
        years,
        edition,
        format="usgs_mcs_long",
        title=f"Mineral Commodity Summaries {edition} data release ({path.name})",
        product=f"MCS{edition}",
        rows=len(release),
    )


def clean(cell: str) -> str:
    """Strip the blanks around a cell, and replace no-break blanks by common ones."""
    return cell.replace("\xa0", " ").strip()


def _to_number(digits: str) -> float:
    return float(digits.replace(",", ""))


def not_as_published(name: str, expected: str, row: int = 1) -> FiguresError:
    """Build the error for a file that is not as its publisher gives it."""
    remedy = "Download the file again from the publisher, and leave it as it is."
    return FiguresError.of(name, expected, remedy, row=row)


def calls_estimate(text: str, year: str) -> bool:
    """Tell whether a text calls the figure of a year an estimate.

    >>> calls_estimate("estimated 2023", "2023"), calls_estimate("estimated 2023", "2024")
    (True, False)
    >>> calls_estimate("Mine production, estimated", "2024")
    True
    """
    if not ESTIMATED.search(text):
        return False
    # One note stands for a row of several years: it may name those that it refers to.
    years = _ANY_YEAR.findall(text)
    return not years or year in years
