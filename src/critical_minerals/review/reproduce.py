"""Write a script of plain Python that computes a published number from official files.

The script uses nothing of this package: it opens the publishers' files, takes the cells that the
number's lineage names, and computes. A number of one cell is that cell; how several make a number
is declared by the project (`ways`), by one of the forms below. Each cell is compared with its raw
row; then the script is run, and what it prints compared with the number, to nine digits. Where they
differ, where a cell is no plain figure, where a number is based on typed rows, or where no way is
declared, the reason is given instead: a script whose result was not verified is never given out.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import unquote
from zipfile import BadZipFile

from critical_minerals.errors import UsageError, hint
from critical_minerals.publish.provenance import only_official
from critical_minerals.publish.sources import Lineage
from critical_minerals.raw.official import official_files
from critical_minerals.raw.store import RawStore
from critical_minerals.raw.supplied import figure_columns
from critical_minerals.readers.scripts import CELL_CODE, MEANS, PRINTED, printed_figure
from critical_minerals.readers.statcan import YearlyMean
from critical_minerals.tables.cells import is_figure
from critical_minerals.tables.lineage import file_of
from critical_minerals.tables.validation import UNITS
from critical_minerals.workspace.declaration import Way
from critical_minerals.workspace.paths import Workspace

_NAMED_ORIGINS: Final = 3
"""Typed rows that a message names."""
_TOLERANCE: Final = 1e-9
"""Difference that counts as none: it allows for sums in another order, not for rounding."""
_PLAIN_KINDS: Final = ("", "zero", "lost_minus")
"""Kinds of a printed figure (`figure_of`) that stand for one number."""
_SCRIPT_ERRORS: Final = (
    *(ArithmeticError, LookupError, OSError, TypeError, ValueError),
    *(BadZipFile, csv.Error),
)
"""Errors of a script whose files are no plain tables: archives, words for figures, zeros."""
_FIRST_ROW: Final = 2
"""As a spreadsheet counts: row 1 is the header."""
_TABLE_CODE: Final = """
import csv, functools, io, re, zipfile


@functools.cache
def table(file, encoding="utf-8-sig"):
    archive, inside, member = file.partition(".zip/")
    with open(archive + ".zip" if inside else file, "rb") as opened:
        content = zipfile.ZipFile(opened).read(member) if inside else opened.read()
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


"""

_SHARES_CODE: Final = """
total = sum(series.get({whole!r}, [0]))
listed = sum(s[0] for part, s in series.items() if part != {whole!r})
parts = sorted(s[0] for part, s in series.items() if part not in ({whole!r}, {rest!r}))
shares = [part / max(total, listed) * 100 for part in parts]
"""
"""Shares of the published total, or of the sum of all parts where that is more."""
_FORMS: Final[Mapping[str, tuple[str, str, str]]] = {
    "series": ("how many series there are", "", "len(series)"),
    "rising": (
        "how many series are higher in their last cell than in their first",
        "",
        "sum(s[-1] > s[0] for s in series.values())",
    ),
    "steady": (
        "how many series move by no more than 5 per cent",
        "",
        "sum(abs(s[-1] / s[0] - 1) <= 0.05 for s in series.values())",
    ),
    "change": (
        "the change from the first cell to the last, in per cent",
        "",
        "[(s[-1] / s[0] - 1) * 100 for s in series.values()][0]",
    ),
    "first_year": ("the first year", "", "min(years)"),
    "last_year": ("the last year", "", "max(years)"),
    "largest": ("the largest share", _SHARES_CODE, "shares[-1]"),
    "second": ("the second largest share", _SHARES_CODE, "shares[-2]"),
    "third": ("the third largest share", _SHARES_CODE, "shares[-3]"),
    "three": ("the sum of the three largest shares", _SHARES_CODE, "sum(shares[-3:])"),
    "index": (
        "the Herfindahl-Hirschman index, the sum of squared shares",
        _SHARES_CODE,
        "sum(share**2 for share in shares)",
    ),
}
"""Each way to compute a number: its description, code that runs first, and the expression.

The code uses `series`, lists of figures by the name of each series, oldest first, in tonnes and
other base units; and `years`, the years of the cells.
"""


@dataclass(frozen=True)
class _Cell:
    """A cell of an official file, with the key of its raw row.

    `column` is its heading, or its number where a heading occurs twice.
    """

    file: str
    row: int
    column: str | int
    times: float
    encoding: str
    figure: float
    key: Mapping[str, str]

    @property
    def number(self) -> float:
        return self.figure * self.times

    def code(self, function: str = "cell") -> str:
        """Write the call by which the script reads the cell: its number, or its `text`."""
        more = f", {self.times:g}" if self.times != 1 and function == "cell" else ""
        more += f', encoding="{self.encoding}"' if self.encoding else ""
        return f"{function}({self.file!r}, {self.row}, {self.column!r}{more})"


@dataclass(frozen=True)
class Reproduction:
    """A script, or the reason why there is none; `number` is what the script prints."""

    name: str
    script: str = ""
    number: float | None = None
    why_not: str = ""


class _NoScriptError(Exception):
    """The reason why there is no script."""


class _ScriptRunner:
    """Runs scripts as if in the project's folder; what they have read is kept for the next one."""

    def __init__(self, root: Path) -> None:
        def open_in_root(file: str, mode: str) -> IO[Any]:
            return (root / file).open(mode)

        self._functions: dict[str, Any] = {"open": open_in_root}
        self._execute(_TABLE_CODE + CELL_CODE, self._functions)

    def run(self, body: str) -> list[float]:
        """Return the numbers that a script prints; `body` is what follows its functions."""
        printed: list[float] = []
        self._execute(body, {**self._functions, "print": printed.append})
        return printed

    def text(self, cell: _Cell) -> str:
        """Return what a cell prints."""
        scope = dict(self._functions)
        self._execute(f"printed = {cell.code('text')}", scope)
        return scope["printed"]

    @staticmethod
    def _execute(code: str, scope: dict[str, Any]) -> None:
        """Execute code of a script; raise `_NoScriptError` where it would end with an error."""
        try:
            exec(code, scope)  # noqa: S102 - written by this module alone
        except _SCRIPT_ERRORS as error:
            msg = f"a script would end with {type(error).__name__}: {error}"
            raise _NoScriptError(msg) from error


class Reproducer:
    """Writes scripts for the numbers that the last run has published."""

    def __init__(self, workspace: Workspace, lineage: Lineage) -> None:
        self._workspace, self._lineage = workspace, lineage
        self._runner = _ScriptRunner(workspace.root)
        self._formats = {
            workspace.relative(file.path): file.format for file in official_files(workspace)
        }
        store = RawStore(workspace)
        self._figure_columns = figure_columns(workspace, store.tables)
        self._factors = _unit_factors(store)

    def names(self) -> list[str]:
        """Return the names of published values whose raw rows are all of official files."""
        values, rows = self._lineage["published"]["values"], self._lineage["rows"]
        return [name for name, value in values.items() if only_official(value["origins"], rows)]

    def status_lines(self) -> list[str]:
        """Return a line for each value with official rows: its number, or why it has no script."""
        values, rows = self._lineage["published"]["values"], self._lineage["rows"]
        lines: list[str] = []
        for name, value in values.items():
            if any(only_official([origin], rows) for origin in value["origins"]):
                reproduction = self.of(name)
                lines.append(f"{name}: {reproduction.why_not or f'{reproduction.number:.10g}'}")
        return lines

    def of(self, name: str) -> Reproduction:
        """Return the script of a value, of a row `TABLE:ROW`, or of a raw row of an official file.

        Raises `UsageError` for a name that is none of these.
        """
        values, rows = self._lineage["published"]["values"], self._lineage["rows"]
        table, _, row = name.rpartition(":")
        try:
            if name in values:
                return self._of_value(name, values[name])
            if name in rows:
                return self._of_raw_row(name)
            if row.isdigit() and (self._workspace.processed / f"{table}.csv").is_file():
                return self._of_row(table, int(row))
        except _NoScriptError as reason:
            return Reproduction(name, why_not=str(reason))
        msg = (
            f"Nothing published is called {name!r}. {hint(name, [*values])} A row of a processed "
            "table is called such as reserves:12, as its note does."
        )
        raise UsageError(msg)

    def _of_value(self, name: str, value: Mapping[str, Any]) -> Reproduction:
        if value["number"] is None:
            text = value["text"].get("en") or next(iter(value["text"].values()))
            msg = f"it is a text and no number: {text}"
            raise _NoScriptError(msg)
        self._check_official(value["origins"])
        if mean := self._yearly_mean(value["origins"]):
            return self._mean_script(name, mean, {name: value["number"]})
        cells = [*self._cells(value["origins"])]
        way = self._workspace.project.ways.get(name)
        if way is None and len(cells) == 1 and _is_close(cells[0].number, value["number"]):
            return self._cell_script(name, f"{name}: {value['number']:.10g}", cells[0])
        if way is None:
            msg = (
                f"how it is computed from {len(cells)} cells of official files is not declared. It "
                f"stands in notebooks/{value['notebook']}.ipynb, cell {value['cell']}; the cells "
                "stand in data/lineage.json beside the report"
            )
            raise _NoScriptError(msg)
        return self._script(name, {name: (way, value["number"])}, cells)

    def _of_raw_row(self, origin: str) -> Reproduction:
        self._check_official([origin])
        row = self._lineage["rows"][origin]
        figure_column = self._figure_column(row)
        if not figure_column:
            msg = "the file prints no figure there"
            raise _NoScriptError(msg)
        if mean := self._yearly_mean([origin]):
            return self._mean_script(origin, mean, {origin: float(row["cells"][figure_column])})
        (cell,) = self._cells([origin])
        return self._cell_script(origin, f"{' '.join(cell.key.values())}: {cell.number:.10g}", cell)

    def _of_row(self, table: str, number: int) -> Reproduction:
        """Write a script for a processed row: a column of one cell, or all columns with a way."""
        with (self._workspace.processed / f"{table}.csv").open(
            encoding="utf-8", newline=""
        ) as file:
            rows = list(csv.DictReader(file))
        if number not in range(_FIRST_ROW, len(rows) + _FIRST_ROW):
            msg = f"{table}.csv has the rows 2 to {len(rows) + 1}."
            raise UsageError(msg)
        row = rows[number - _FIRST_ROW]
        origins = row["origin"].split()
        self._check_official(origins)
        numbers = {column: float(text) for column, text in row.items() if is_figure(text)}
        if mean := self._yearly_mean(origins):
            return self._mean_script(f"{table}:{number}", mean, numbers)
        cells = [*self._cells(origins)]
        if len(cells) == 1:
            matching = [column for column in numbers if _is_close(cells[0].number, numbers[column])]
            if matching:
                title = f"{table}.csv, row {number}, {matching[0]}: {row[matching[0]]}"
                return self._cell_script(f"{table}:{number}", title, cells[0])
        ways = self._workspace.project.ways
        declared = {
            column: (way, numbers[column])
            for column in numbers
            if (way := ways.get(f"{table}.{column}"))
        }
        if not declared:
            msg = f"how its columns are computed from {len(cells)} cells is not declared"
            raise _NoScriptError(msg)
        return self._script(f"{table}:{number}", declared, cells)

    def _check_official(self, origins: Sequence[str]) -> None:
        if not origins:
            msg = "it is based on no raw row"
            raise _NoScriptError(msg)
        rows = self._lineage["rows"]
        typed = [origin for origin in origins if not only_official([origin], rows)]
        if typed:
            more = " …" if len(typed) > _NAMED_ORIGINS else ""
            msg = (
                f"of its raw rows ({len(origins):,}) {len(typed):,} stand in tables that people "
                f"type, and come from no official file: {', '.join(typed[:_NAMED_ORIGINS])}{more}"
            )
            raise _NoScriptError(msg)

    def _cells(self, origins: Sequence[str]) -> Iterator[_Cell]:
        """Yield the official cells of raw rows; a withheld figure has none."""
        for origin in origins:
            row = self._lineage["rows"][origin]
            figure_column = self._figure_column(row)
            if not figure_column:
                continue
            file, _, number = origin.rpartition(":")
            path, _, heading = file.partition("#")
            if self._formats.get(path) in MEANS:
                msg = f"it is based on {origin} among others, the mean of a year and no cell"
                raise _NoScriptError(msg)
            place = PRINTED.get(self._formats.get(file_of(path), ""))
            column_name = place.column if place else unquote(heading)
            # A heading that occurs twice is distinguished by the column's number: `Imports_t (5)`.
            numbered = re.fullmatch(r".* \((\d+)\)", column_name)
            column = int(numbered[1]) if numbered else column_name
            # Published numbers are in base units, cells in those of their chapter, such as kt.
            times = self._factors.get(row["cells"].get("unit", ""), 1.0)
            figure = float(row["cells"][figure_column])
            cell = _Cell(
                unquote(path),
                int(number),
                column,
                times,
                place.encoding if place else "",
                figure,
                row["key"],
            )
            self._check_cell(cell, row)
            yield cell

    def _figure_column(self, row: Mapping[str, Any]) -> str:
        return next((name for name in self._figure_columns if name in row["cells"]), "")

    def _check_cell(self, cell: _Cell, row: Mapping[str, Any]) -> None:
        """Raise `_NoScriptError` where a cell does not print the figure of its raw row."""
        printed = self._runner.text(cell)
        read = printed_figure(printed)
        if read.number is None or not math.isclose(read.number, cell.figure, rel_tol=_TOLERANCE):
            # A correction is the one good reason for another figure: the message leads to it.
            evidence = " (data/raw/corrections.yml)" if row.get("corrections") else ""
            msg = (
                f"{cell.file}, row {cell.row}, column {cell.column} prints {printed!r}, which is "
                f"taken for {cell.figure:g}{evidence}"
            )
            raise _NoScriptError(msg)
        # A bound or a range has a number too, but stands for an interval.
        if read.kind not in _PLAIN_KINDS:
            msg = f"{cell.file}, row {cell.row} prints {printed!r}: no plain figure"
            raise _NoScriptError(msg)

    def _cell_script(self, name: str, title: str, cell: _Cell) -> Reproduction:
        body = f"print({cell.code()})\n"
        (printed,) = self._runner.run(body)
        # `_check_cell` has read the figure by the rules of its reader, the script by its own.
        if not _is_close(printed, cell.number):
            msg = f"a script would print {printed:.10g} and not {cell.number:.10g}"
            raise _NoScriptError(msg)
        return Reproduction(name, _write_script(title, CELL_CODE + body), printed)

    def _yearly_mean(self, origins: Sequence[str]) -> YearlyMean | None:
        """Return the yearly mean of daily rates that a number is based on, where it is one row.

        Such a row stands for a whole file, and for no cell of it.
        """
        # `_check_official` has rejected numbers without rows.
        path = origins[0].rpartition(":")[0]
        mean_of_row = MEANS.get(self._formats.get(path, ""))
        if len(origins) != 1 or mean_of_row is None:
            return None
        return mean_of_row(path, self._lineage["rows"][origins[0]]["key"])

    def _mean_script(
        self, name: str, mean: YearlyMean, numbers: Mapping[str, float]
    ) -> Reproduction:
        """Write the script of a yearly mean that is one of some numbers.

        Raises `_NoScriptError` where it is none of them.
        """
        body = mean.code()
        (printed,) = self._runner.run(body)
        for column, number in numbers.items():
            if _is_close(printed, number):
                of = "" if column == name else f", {column}"
                title = f"{name}{of}, mean of the daily rates of {mean.year}: {number:g}"
                return Reproduction(name, _write_script(title, body), number)
        found = ", ".join(f"{number:.10g}" for number in numbers.values())
        msg = (
            f"it is based on daily rates of {mean.currency} in {mean.year} alone, whose mean is "
            f"{printed:.10g} and not {found}"
        )
        raise _NoScriptError(msg)

    def _script(
        self, name: str, numbers: Mapping[str, tuple[Way, float]], cells: Sequence[_Cell]
    ) -> Reproduction:
        """Write the script of numbers that are computed from the same series of cells.

        Raises `_NoScriptError` where the script would compute another number.
        """
        ((across, whole, rest),) = {(way.across, *way.totals) for way, _ in numbers.values()}
        # A row on shares has the parts behind it, but not the total that they are shares of.
        if whole:
            cells = [*cells, *self._cells(self._find_rows(cells, across[0], (whole, rest)))]
        series = _group_series(cells, across, shares=bool(whole))
        lines = [
            f"    {name_of_series!r}: [{', '.join(cell.code() for cell in members)}],"
            for name_of_series, members in series.items()
        ]
        of_years = any("years" in _FORMS[way.form][2] for way, _ in numbers.values())
        years = sorted({int(cell.key["year"]) for cell in cells}) if of_years else []
        # Each preparation once: all shares of a row use the same one.
        preparations = dict.fromkeys(_FORMS[way.form][1] for way, _ in numbers.values())
        body = "\n".join(["series = {", *lines, "}", *([f"years = {years}"] if years else [])])
        body += "\n" + "".join(preparations).lstrip("\n").format(whole=whole, rest=rest)
        body += "".join(f"print({_FORMS[way.form][2]})\n" for way, _ in numbers.values())
        titles: list[str] = [] if name in numbers else [f"{name.replace(':', '.csv, row ')}:"]
        computed = self._runner.run(body)
        for (column, (way, number)), printed in zip(numbers.items(), computed, strict=True):
            description = _FORMS[way.form][0]
            if not _is_close(printed, number):
                msg = (
                    f"{description}, of the {len(cells)} cells that {column} is based on, "
                    f"is {printed:.10g} and not {number:.10g}"
                )
                raise _NoScriptError(msg)
            titles.append(f"{column}, {description}: {number:.10g}")
        number = next(iter(numbers.values()))[1]
        return Reproduction(name, _write_script("\n".join(titles), CELL_CODE + body), number)

    def _find_rows(self, cells: Sequence[_Cell], part: str, values: Sequence[str]) -> list[str]:
        """Return the raw rows that differ from cells by the value of one part of their key."""
        present = {tuple(cell.key.items()) for cell in cells}
        wanted = {
            tuple({**cell.key, part: value}.items()) for cell in cells for value in values
        } - present
        return [
            origin
            for origin, row in self._lineage["rows"].items()
            if tuple(row["key"].items()) in wanted
        ]


def _write_script(title: str, code: str) -> str:
    """Write a script: its title as comments, the function that reads tables, then the code."""
    lines = [
        *title.splitlines(),
        "Run it in the project's folder: it needs Python, and no package.",
    ]
    return "".join(f"# {line}\n" for line in lines) + _TABLE_CODE + code


def _is_close(first: float, second: float) -> bool:
    return math.isclose(first, second, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)


def _group_series(
    cells: Sequence[_Cell], across: Sequence[str], *, shares: bool
) -> dict[str, list[_Cell]]:
    """Group cells into series that differ only in some parts of their keys; name each by the rest.

    Of `shares` each part is a series of its own, by its name.
    """
    series: dict[str, list[_Cell]] = {}
    # Oldest first, within a year by release: forms compare the first cell with the last.
    ordered = sorted(
        cells, key=lambda cell: (cell.key.get("year", ""), cell.key.get("release", ""), cell.row)
    )
    for cell in ordered:
        rest = {name: key_part for name, key_part in cell.key.items() if name not in across}
        if shares:
            rest = {name: cell.key[name] for name in across}
        series.setdefault(" ".join(dict.fromkeys(rest.values())), []).append(cell)
    return dict(sorted(series.items()))


def _unit_factors(store: RawStore) -> Mapping[str, float]:
    """Return the factor of each unit to the base unit of its dimension, if the report has units."""
    if UNITS not in store.tables:
        return {}
    units = store.cells(UNITS).dropna(subset=["factor_to_base"])
    pairs = zip(units["unit"], units["factor_to_base"], strict=True)
    return {str(unit): float(factor) for unit, factor in pairs}
