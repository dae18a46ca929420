"""What a script of plain Python has to know to compute figures from publishers' files.

`review/reproduce.py` writes such scripts. How a publisher prints its figures, and where, is said
here, by the format of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from critical_minerals.readers.statcan import DAILY_RATES, YearlyMean
from critical_minerals.readers.summaries import ENCODING, VALUE, Figure, figure_of


@dataclass(frozen=True)
class Printed:
    """Where the figures of a format stand: all in one `column`, in a file of an `encoding`."""

    column: str
    encoding: str


PRINTED: Final[Mapping[str, Printed]] = {"usgs_mcs_long": Printed(VALUE, ENCODING)}
"""Formats in UTF-8, whose rows name the column of their figure by their origin, are not listed."""
MEANS: Final[Mapping[str, Callable[[str, Mapping[str, str]], YearlyMean]]] = {
    DAILY_RATES: YearlyMean.of_row,
}
"""Formats whose rows are means of a year and no cell: what makes one of a file and a row's key."""
CELL_CODE: Final = """\
def text(file, row, column, encoding="utf-8-sig"):
    header = [name.replace("\\xa0", " ").strip() for name in table(file, encoding)[0]]
    place = column - 1 if isinstance(column, int) else header.index(column)
    return table(file, encoding)[row - 1][place].replace("\\xa0", " ").strip()


def cell(file, row, column, times=1, encoding="utf-8-sig"):
    printed = text(file, row, column, encoding)
    if printed == "\\u2014":  # a dash stands for zero
        return 0
    # An `e` marks an estimate; a question mark is a minus sign that the encoding lacks.
    figure = re.fullmatch(r"e?([?\\u2212-]?)\\s*(\\d[\\d,]*(?:\\.\\d+)?)", printed)
    if not figure:
        raise ValueError(f"{file}, row {row} prints {printed!r}: no plain figure")
    sign, digits = figure.groups()
    return float(digits.replace(",", "")) * (-times if sign else times)


"""
"""Functions of a script that read a cell; `table` returns the rows of a file."""


def printed_figure(printed: str) -> Figure:
    """Parse what a cell prints by the rules of its reader, to compare a script with it."""
    # Releases of one file a commodity mark an estimate by an `e` before it: `e20,000`.
    return figure_of(printed.removeprefix("e"))
