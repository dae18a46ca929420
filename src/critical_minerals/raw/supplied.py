"""Rows of raw tables that come from official files: read when they are asked for, never copied.

A table that such a file supplies has a mapping beside its descriptor, `<table>.official.yml`:

    format: usgs_mcs_long          which files, by the `format` on their cards
    place: country                 the column of the place, if there is one
    figure: quantity               the column of the figure
    estimates: estimated           the qualifier of a plain estimate; blank where none is told
    series:                        what the file prints (`of`), and what that is here (`is`)
      - of: {chapter: NICKEL, ..., detail: Mine production}
        is: {mineral: nickel, commodity: nickel, stage: mine, form: contained}
    remarks:                       what an editor adds to single rows (`when`)
      - when: {mineral: nickel, country: NC}
        set: {note: overseas territory of France, counted apart}

Of each row, `as_of` is the day that the card calls `published`, and `source_id` the card's. A
series of which a file has no row, a unit and a place that nobody has declared stop the read.

Files of every other format that `add` knows give one record a figure; for them `columns` says which
column of the reader goes into which of the table, and `of` names the cells of those columns:

    format: nrcan_production
    place: province
    columns: {province: province, year: year, quantity: quantity, unit: unit}
    units: {Metric tonnes: t}
    series:
      - of: {commodity: Copper, category: Quantity produced}
        is: {mineral: copper, stage: mine, form: recoverable_copper, series: national}

A place is told by a name or a code of the vocabulary; `place_prefix` (`CA-`) goes before it. Of
merchandise trade, `of` names a `code` of goods, and whole years are added up by country.

Where files of several formats supply a table, its mapping has a document for each, parted by `---`.
A series whose `of` names a `country` takes that country's rows alone, and no other series does.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from critical_minerals.checking import few
from critical_minerals.errors import FiguresError, Problem
from critical_minerals.raw.cache import cached
from critical_minerals.raw.official import OfficialFile, altered, official_files
from critical_minerals.readers.archives import reading
from critical_minerals.readers.known import TIDY
from critical_minerals.readers.merchandise_trade import read_years
from critical_minerals.readers.settings import read_documents
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.readers.statcan import CURRENCIES, read_table, yearly_means
from critical_minerals.readers.summaries import edition_of, read_summaries
from critical_minerals.readers.summaries_files import read_files
from critical_minerals.readers.summaries_wide import read_wide
from critical_minerals.tables.descriptors import REVISED, Table, told_as
from critical_minerals.workspace import DESCRIPTOR, Workspace

SUFFIX: Final = ".official.yml"
READ: Final = "read"
"""Folder, in that of what runs know, that keeps what was read of official and of large files."""
_CODE: Final = (Path(__file__).parent, Path(__file__).parents[1] / "readers")
_SERIES: Final = ("chapter", "section", "commodity", "statistic", "detail")
_ROUNDED: Final = re.compile(r"[:,]\s*rounded$", re.IGNORECASE)
_YEAR: Final = re.compile(r"\d{4}")
_YEARS: Final = re.compile(r" \d{4}[-–]\d{4}$")
_HALF: Final = re.compile(r"Less than (?:½|1/2) unit")
_SAID_DIGITS: Final = re.compile(r"ounded to (?:no more than )?(one|two) significant digit")
_SAID_TONS: Final = re.compile(r"ounded to the nearest ([\d,]+) tons")
_WORDS: Final = {"one": 1, "two": 2}
_TONS: Final = {"thousand metric tons": 1000, "million metric tons": 1_000_000}
_UNITS: Final = {
    "metric tons": "t",
    "tons": "t",
    "thousand metric tons": "kt",
    "thousand metric dry tons": "kt",
    "million metric tons": "Mt",
    "kilograms": "kg",
    "million cubic meters": "Mm3",
    "percent": "percent",
    # Endings of headings, where a release has one file a commodity.
    "kg": "kg",
    "t": "t",
    "kt": "kt",
    "mcm": "Mm3",
}
"""Units as the Summaries write them; a mapping's own `units` come before these."""
_DIGITS: Final = 3
"""Significant digits to which the Summaries round what is reported; estimates have one fewer."""

_LAYOUTS: Final = {
    "usgs_mcs_long": read_summaries,
    "usgs_mcs_wide": read_wide,
    "usgs_mcs_files": read_files,
}
"""Readers of the releases of the Summaries, by their format."""

_AS_PUBLISHED: Final = (
    "Download it again from its publisher. If it is as published there, the publisher has changed "
    "the format: its reader has to learn it (docs/readers.md)."
)
_WHERE: Final = frozenset({REVISED, "source_id", "place"})
"""Columns that say where a figure stands, and since when."""

Places = Mapping[str, str]
"""Ids of places by the names that publishers give them, in lower case."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Series(_Part):
    """What a file prints as one series, and the cells by which a table knows it."""

    of: Mapping[str, str | tuple[str, ...]]
    cells: Mapping[str, str] = Field(alias="is")


class Remark(_Part):
    """Cells that an editor sets in the rows that have others."""

    when: Mapping[str, str]
    cells: Mapping[str, str] = Field(alias="set")


class Supply(_Part):
    """How official files supply rows of one table."""

    format: str
    product: str = ""
    place: str = ""
    place_prefix: str = ""
    figure: str = "quantity"
    estimates: str = ""
    columns: Mapping[str, str] = {}
    units: Mapping[str, str] = {}
    omit: tuple[Mapping[str, str], ...] = ()
    first_year: int = 0
    series: tuple[Series, ...] = ()
    remarks: tuple[Remark, ...] = ()


Reader = Callable[[OfficialFile, str, Supply, str, Places], list[dict[str, Any]]]
"""What reads the rows of one file, by its name and the mapping, its name, and the places."""


def mapping_file(workspace: Workspace, table: str) -> Path:
    """Return where the mapping of a table lies, if it has one."""
    return workspace.raw / f"{table}{SUFFIX}"


def files_behind(workspace: Workspace, table: str) -> list[Path]:
    """Name the files from which official rows of a table come: mapping, cards, files."""
    path = mapping_file(workspace, table)
    if not path.is_file():
        return []
    supplies = _read_mapping(path, workspace.relative(path))
    some = [one for supply in supplies for one in _of(supply, workspace)]
    parts = [part for one in some for part in (one.card, one.path)]
    return [path, *dict.fromkeys(parts)]


def supplied_rows(
    workspace: Workspace, table: Table, places: Callable[[], Places]
) -> pd.DataFrame | None:
    """Return the rows of a table that official files supply, as text cells with file and row.

    None where nothing supplies it. What was read once is kept, by the content of all that it came
    from. Raises `FiguresError` with everything that is not declared.
    """
    if not mapping_file(workspace, table.name).is_file():
        return None
    content = _content(workspace, table, places())
    return cached(
        workspace.state / READ,
        table.name.replace("/", "-"),
        content,
        lambda: _rows(workspace, table, places),
    )


def _content(workspace: Workspace, table: Table, places: Places) -> str:
    """Hash what decides the rows of a table: its files, its descriptor, the places, this code."""
    code = sorted(path for folder in _CODE for path in folder.glob("*.py"))
    files = [
        *code,
        workspace.raw / f"{table.name}{DESCRIPTOR}",
        *files_behind(workspace, table.name),
    ]
    digest = hashlib.sha256(json.dumps(places, sort_keys=True).encode())
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"none")
    return digest.hexdigest()


def _rows(workspace: Workspace, table: Table, places: Callable[[], Places]) -> pd.DataFrame:
    rows = pd.DataFrame(_settled(_editions(workspace, table, places), table))
    if rows.empty:
        rows = pd.DataFrame({ROW: pd.array([], "int64"), FILE: pd.array([], "str")})
    cells = rows.reindex(columns=table.columns).astype("string")
    return cells.mask(cells == "").assign(**{ROW: rows[ROW], FILE: rows[FILE]})


def supplied_counts(
    workspace: Workspace, table: Table, places: Callable[[], Places]
) -> dict[str, int]:
    """Return how many rows each official file gives a table, those that repeat earlier included."""
    counts: dict[str, int] = {}
    for one, rows in _editions(workspace, table, places):
        file = workspace.relative(one.path)
        counts[file] = counts.get(file, 0) + len(rows)
    return counts


def _editions(
    workspace: Workspace, table: Table, places: Callable[[], Places]
) -> list[tuple[OfficialFile, list[dict[str, Any]]]]:
    """Return the rows of every file that supplies a table, the oldest file first."""
    path = mapping_file(workspace, table.name)
    if not path.is_file():
        return []
    file = workspace.relative(path)
    ids = places()
    found: list[tuple[OfficialFile, list[dict[str, Any]]]] = []
    for supply in _read_mapping(path, file):
        read = _READERS.get(supply.format)
        if read is None:
            expected = f"one of {', '.join(_READERS)}"
            raise FiguresError.of(
                file, expected, "Correct the mapping.", column="format", value=supply.format
            )
        found += [
            (one, _read_whole(read, one, workspace, supply, file, ids))
            for one in _of(supply, workspace)
        ]
    return sorted(found, key=lambda pair: _age(pair[0]))


def _read_whole(
    read: Reader, one: OfficialFile, workspace: Workspace, supply: Supply, file: str, known: Places
) -> list[dict[str, Any]]:
    """Read one file; what goes wrong over a damaged one is told as the damage that it is.

    Readers take a file for what its publisher gives. Where it is not, any of their libraries fails
    in any way.
    """
    name = workspace.relative(one.path)
    try:
        with reading(name, f"a file of the format {one.format}", _AS_PUBLISHED):
            return read(one, name, supply, file, known)
    except FiguresError as error:
        # What a reader says itself is nearer to the fault than that the file was altered.
        if error.__cause__ is not None and (fault := altered(one, workspace)):
            raise FiguresError([fault]) from error
        raise


def _settled(
    editions: Sequence[tuple[OfficialFile, list[dict[str, Any]]]], table: Table
) -> list[dict[str, Any]]:
    """Put the rows of several files together, the oldest file first: a layer of revisions.

    What a later file of the same publication repeats stays as the earlier one gave it; what it
    gives otherwise counts from the day on which it was published, and the earlier row stays for
    the days before. Another publication states its figures anew.
    """
    rows: list[dict[str, Any]] = []
    latest: dict[tuple[str, ...], dict[str, Any]] = {}
    for one, found in editions:
        before = dict(latest)
        for given in found:
            row = given
            key = (one.source_id, *(str(row.get(name, "")) for name in table.key))
            old = before.get(key)
            if old is not None and table.revised:
                if _said(old, table) == _said(row, table):
                    continue
                # A revision counts from the day of the file that brings it, or of the row if that
                # is later.
                row = row | {REVISED: max(str(row[REVISED]), one.published)}
            rows.append(row)
            latest[key] = row
    return rows


def _said(row: Mapping[str, Any], table: Table) -> list[str]:
    """Return what a row says, apart from where and since when it says so."""
    return [str(row.get(name, "")) for name in table.columns if name not in _WHERE]


def _of(supply: Supply, workspace: Workspace) -> list[OfficialFile]:
    """Return the files that supply a table, the oldest first."""
    some = [one for one in official_files(workspace) if one.format == supply.format]
    some = [one for one in some if one.path.is_file() and one.path.name.startswith(supply.product)]
    return sorted(some, key=_age)


def _age(one: OfficialFile) -> tuple[str, str]:
    return one.published, one.path.name


def _read_mapping(path: Path, file: str) -> list[Supply]:
    """Return how files of each format supply a table."""
    return _understood(path, file, path.read_bytes())


@lru_cache(maxsize=64)
def _understood(path: Path, file: str, _content: bytes) -> list[Supply]:
    """Read a mapping once for each content: it is asked for by whoever reads its table."""
    with told_as(file, "a mapping in YAML", "Correct the mapping."):
        return [Supply.model_validate(one) for one in read_documents(path)]


def _summaries(
    one: OfficialFile, name: str, supply: Supply, file: str, places: Places
) -> list[dict[str, Any]]:
    """Return the rows of one release of the Summaries, whatever its layout."""
    at = one.path.stat()
    release = _release(_Printed(supply.format, name, at.st_mtime_ns, at.st_size, one.path))
    apart = {
        (key, country)
        for series in supply.series
        for key in _keys(series.of)
        for country in _listed(series.of, "country")
    }
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    for series in supply.series:
        countries = _listed(series.of, "country")
        records = [
            record
            for key in _keys(series.of)
            for record in release.by_series.get(key, [])
            if (
                record["country"] in countries
                if countries
                else (key, record["country"]) not in apart
            )
        ]
        if not records:
            problems.append(_no_series(file, series.of, name))
        for record in records:
            row, faults = _row(record, series, supply, file, places)
            at = f"{name}{record['at']}"
            problems += [_placed(fault, at, record) for fault in faults]
            common = {"as_of": one.published, "source_id": one.source_id, FILE: at}
            rows.append(row | common | {"release": release.edition})
    if problems:
        raise FiguresError(few(problems))
    return [_remarked(row, supply.remarks) for row in rows if not _omitted(row, supply.omit)]


@dataclass(frozen=True)
class _Printed:
    """A release as it lies in a project; in a copy of the project it is the same."""

    layout: str
    name: str
    changed: int
    size: int
    path: Path = field(compare=False)


@dataclass(frozen=True)
class _Release:
    """What a release prints, by the names of its series, and the year for which it is named."""

    by_series: Mapping[tuple[str, ...], Sequence[Mapping[str, Any]]]
    edition: str


@lru_cache(maxsize=8)  # more than there are: each table reads all of them, one after the other
def _release(printed: _Printed) -> _Release:
    read = _LAYOUTS[printed.layout](printed.path, printed.name)
    records = [{str(name): cell for name, cell in row.items()} for row in read.to_dict("records")]
    by_series: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for record in records:
        by_series.setdefault(_series_of(record), []).append(record)
    years = (str(record["year"]) for record in records)
    edition = edition_of(int(year) for year in years if _YEAR.fullmatch(year))
    return _Release(by_series, str(edition))


def _series_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    *others, statistic, detail = (str(record[column]) for column in _SERIES)
    return (*others, _YEARS.sub("", statistic), _plain(detail))


def _plain(detail: str) -> str:
    """Name a series as its rows are named: the world's total is rounded, and says so.

    >>> _plain("Mine production: Ilmenite"), _plain("Mine production: ilmenite, rounded")
    ('mine production: ilmenite', 'mine production: ilmenite')
    """
    return _ROUNDED.sub("", detail).casefold()


def _keys(of: Mapping[str, str | tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    others = [str(of.get(column, "")) for column in _SERIES[:-1]]
    for detail in _listed(of, "detail"):
        yield (*others, _plain(detail))


def _listed(of: Mapping[str, str | tuple[str, ...]], column: str) -> tuple[str, ...]:
    """Return the cells that a series has in a column, one or several."""
    cells = of.get(column, ())
    return (cells,) if isinstance(cells, str) else cells


def _row(
    record: Mapping[str, Any], series: Series, supply: Supply, file: str, places: Places
) -> tuple[dict[str, Any], list[Problem]]:
    """Make one row of a printed figure; return it with what is not declared."""
    problems: list[Problem] = []
    # A blank unit stays blank: no table takes it, unless a correction says what it is.
    unit = supply.units.get(record["unit"]) or _UNITS.get(record["unit"])
    if unit is None and record["unit"]:
        remedy = f"Declare it under units in {file}, and see that the figure is of the right size."
        problems.append(_undeclared("Unit", record["unit"], "a unit that is declared", remedy))
    row = dict(series.cells) | {"unit": unit or "", ROW: record["row_number"]}
    if supply.place:
        place, footnote = _known_place(str(record["country"]), places)
        record = dict(record) | {"estimated": bool(record["estimated"]) or footnote}
        row[supply.place] = place or ""
        if place is None:
            remedy = "Add the name to the aliases of its place in data/raw/vocabulary/places.csv."
            known = "a place of the vocabulary"
            problems.append(_undeclared("Country", record["country"], known, remedy))
    if record["kind"] == "shifted":
        remedy = "Its row has figures under no heading: leave the series out, or type its rows in."
        expected = "a figure that stands under its heading"
        problems.append(_undeclared(record["at"], record["printed"], expected, remedy))
    row |= _time(str(record["year"])) | _figure(record, supply)
    row["place"] = record["where"]
    if record["excludes"]:
        row["excludes"] = record["excludes"]
    return row, problems


def _known_place(name: str, places: Places) -> tuple[str | None, bool]:
    """Return a place, and whether a footnote glued to its name calls its figure an estimate.

    >>> _known_place("Japane", {"japan": "JP"}), _known_place("Greece", {"greece": "GR"})
    (('JP', True), ('GR', False))
    """
    place = places.get(name.casefold())
    if place is None and name.endswith("e"):
        place = places.get(name[:-1].casefold())
        return place, place is not None
    return place, False


def _time(year: str) -> dict[str, str]:
    """Read a year, or a period such as `2021–24`."""
    start, _, end = year.replace("-", "–").partition("–")
    if not end:
        return {"year": start}
    return {"period_start": start, "period_end": end if len(end) == len(start) else start[:2] + end}


def _figure(record: Mapping[str, Any], supply: Supply) -> dict[str, str]:
    """Read what is printed: the figure, what keeps it from being plain, and how it is rounded."""
    kind, number, note = str(record["kind"]), record["number"], ""
    estimated = bool(record["estimated"])
    match kind:
        case "":
            qualifier = supply.estimates if estimated else ""
            # A printed zero is exact, also in a column of estimates.
            qualifier = "zero" if number == 0 else qualifier
        # `s` refers to the notes: some say that there is less than half a unit, and how little.
        case "see_note" if _HALF.search(record["note"]):
            qualifier, number, note = "less_than", 0.5, "less than half a unit"
        case "see_note":
            qualifier = "not_available"
        case "said":
            qualifier, note = "not_available", f"published as a word: {record['printed']}"
        case "range":
            ends = f"{_text(number)} to {_text(record['most'])}"
            qualifier, note = "range", f"range {ends}; lower end entered"
        case "lost_minus":
            printed = record["printed"]
            qualifier, note = "", f"printed {printed} in the copy, a lost minus sign: stocks grew"
        case _:
            qualifier = kind
    known = not pd.isna(number)
    told = {
        supply.figure: _text(number) if known else "",
        "qualifier": qualifier,
        "estimated": "yes" if estimated and known else "no",
        "note": note,
    }
    # A zero has no digits that rounding could have cut.
    if known and number != 0:
        said = _said_step(record, abs(float(number)))
        step = said or _step(abs(float(number)), estimated=estimated)
        told["rounded_to"] = _text(step)
    return told


def _said_step(record: Mapping[str, Any], number: float) -> float | None:
    """Return the step that a figure's own note says, in the unit of the figure."""
    if digits := _SAID_DIGITS.search(record["note"]):
        return 10.0 ** max(len(str(int(number))) - _WORDS[digits[1]], 0)
    if nearest := _SAID_TONS.search(record["note"]):
        return float(nearest[1].replace(",", "")) / _TONS.get(record["unit"], 1)
    return None


def _step(number: float, *, estimated: bool) -> float:
    """Return the step to which a figure is rounded: three digits, of estimates two.

    It is no less than one unit, and never more than what is printed shows.

    >>> _step(6240, estimated=False), _step(5700, estimated=True), _step(69, estimated=False)
    (10.0, 100.0, 1.0)
    """
    whole = len(str(int(number)))
    step = 10.0 ** max(whole - (_DIGITS - estimated), 0)
    # What is printed to the unit was not rounded to tens.
    while number % step and step > 1:
        step /= 10
    return step


def _text(number: float) -> str:
    return f"{number:.15g}"


def _daily_rates(
    one: OfficialFile, name: str, supply: Supply, file: str, places: Places
) -> list[dict[str, Any]]:
    """Return yearly means of the daily exchange rates that one whole table holds."""
    del file, places
    table = read_table(one.path, name)
    inside = f"{one.path.name.partition('-')[0]}.csv"
    return [
        {
            **series.cells,
            "year": str(mean["year"]),
            supply.figure: f"{mean['cad_per_unit']:.4f}",
            "as_of": str(mean["last_day"]),
            "source_id": one.source_id,
            "place": f"{inside}, {CURRENCIES[series.cells['currency']]}, daily average, "
            f"{mean['year']}, column VALUE",
            "note": "mean of the daily rates; closed days left out",
            ROW: mean["last_row"],
            FILE: name,
        }
        for series in supply.series
        for mean in yearly_means(table, series.cells["currency"]).to_dict("records")
        if mean["year"] >= supply.first_year
    ]


def _records(
    one: OfficialFile, name: str, supply: Supply, file: str, places: Places
) -> list[dict[str, Any]]:
    """Return the rows that a mapping takes from a file whose reader gives one record a figure."""
    frame = _frame(one, name, supply)
    problems = _no_columns(frame, supply, file)
    rows: list[dict[str, Any]] = []
    for series in supply.series if not problems else ():
        chosen = pd.Series(data=True, index=frame.index)
        for column, cells in series.of.items():
            wanted = [cells] if isinstance(cells, str) else [*cells]
            chosen &= frame[column].astype("string").isin(wanted).fillna(value=False)
        if not chosen.any():
            problems.append(_no_series(file, series.of, name))
        for told in frame[chosen].astype("object").to_dict("records"):
            record = {str(part): cell for part, cell in told.items()}
            row, faults = _recorded(record, series, supply, file, places)
            at = name + "".join(f"/{record[part]}" for part in ("member",) if part in record)
            column = supply.columns.get(supply.figure, supply.figure)
            problems += [_placed(fault, at, {ROW: 0} | record) for fault in faults]
            said = ", ".join(f"{part}={cell}" for part, cell in series.of.items())
            rows.append(
                row
                | {"as_of": one.published, "source_id": one.source_id}
                | {FILE: at, ROW: int(record.get(ROW, 1)), "place": f"{said}, column {column}"}
            )
    if problems:
        raise FiguresError(few(problems))
    rows = [row for row in rows if int(str(row.get("year", 9999))[:4] or 0) >= supply.first_year]
    return [_remarked(row, supply.remarks) for row in rows if not _omitted(row, supply.omit)]


def _frame(one: OfficialFile, name: str, supply: Supply) -> pd.DataFrame:
    if supply.format in TIDY:
        return TIDY[supply.format](one.path, name)
    codes = {code: None for series in supply.series for code in _listed(series.of, "code")}
    with tempfile.TemporaryDirectory(prefix="trade-") as folder:
        return read_years(one.path, name, [*codes], Path(folder))


def _no_columns(frame: pd.DataFrame, supply: Supply, file: str) -> list[Problem]:
    """Report the columns that a mapping names and the reader does not give."""
    named = [*supply.columns.values(), *(part for one in supply.series for part in one.of)]
    expected = f"a column of the reader: {', '.join(map(str, frame.columns))}"
    remedy = "Correct the mapping."
    found = [one for one in dict.fromkeys(named) if one not in frame.columns]
    if not supply.columns:
        return [Problem(file=file, column="columns", expected=expected, remedy=remedy)]
    return [Problem(file=file, value=one, expected=expected, remedy=remedy) for one in found]


def _recorded(
    record: Mapping[str, Any], series: Series, supply: Supply, file: str, places: Places
) -> tuple[dict[str, Any], list[Problem]]:
    """Make one row of a record; return it with what is not declared."""
    problems: list[Problem] = []
    row = {"estimated": "no"} | dict(series.cells)
    row |= {column: _cell(record[of]) for column, of in supply.columns.items()}
    qualifier = _cell(record.get("qualifier"))
    row["qualifier"] = qualifier or ("" if row.get(supply.figure) else "not_available")
    if supply.place:
        named = f"{supply.place_prefix}{row[supply.place]}"
        # A publisher writes a code (QC, behind `place_prefix`) or a name.
        place = named if named in places.values() else places.get(named.casefold())
        row[supply.place] = place or ""
        if place is None:
            remedy = "Add the name to the aliases of its place in data/raw/vocabulary/places.csv."
            problems.append(_undeclared(supply.place, named, "a place of the vocabulary", remedy))
    if unit := supply.columns.get("unit"):
        row["unit"] = supply.units.get(row["unit"]) or _UNITS.get(row["unit"], "")
        if not row["unit"]:
            remedy = f"Declare it under units in {file}, and see that figures are of its size."
            cell = _cell(record[unit])
            problems.append(_undeclared("unit", cell, "a unit that is declared", remedy))
    return row, problems


def _cell(value: Any) -> str:
    """Write what a reader gives as a cell of a table."""
    if isinstance(value, list):
        return ";".join(map(str, value))
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _text(value) if isinstance(value, float) else str(value)


_TRADE: Final = (
    "statcan_cimt_imports",
    "statcan_cimt_domestic_exports",
    "statcan_cimt_total_exports",
)
_READERS: Final[Mapping[str, Reader]] = {
    "usgs_mcs_long": _summaries,
    "usgs_mcs_wide": _summaries,
    "usgs_mcs_files": _summaries,
    "statcan_daily_rates": _daily_rates,
    **dict.fromkeys((*TIDY, *_TRADE), _records),
}


def _remarked(row: dict[str, Any], remarks: Sequence[Remark]) -> dict[str, Any]:
    for remark in remarks:
        if _has(row, remark.when):
            row = row | dict(remark.cells)
    return row


def _omitted(row: Mapping[str, Any], omit: Sequence[Mapping[str, str]]) -> bool:
    return any(_has(row, one) for one in omit)


def _has(row: Mapping[str, Any], cells: Mapping[str, str]) -> bool:
    return all(row.get(column, "") == cell for column, cell in cells.items())


def _undeclared(column: str, value: str, expected: str, remedy: str) -> Problem:
    return Problem(file="", column=column, value=value, expected=expected, remedy=remedy)


def _placed(problem: Problem, name: str, record: Mapping[str, Any]) -> Problem:
    """Say in which row of which file something is not declared."""
    return replace(problem, file=name, row=int(record["row_number"]))


def _no_series(file: str, of: Mapping[str, str | tuple[str, ...]], name: str) -> Problem:
    told = ", ".join(f"{column}={cell}" for column, cell in of.items())
    remedy = (
        "Has the publisher renamed it? Write its name as the file has it, or add it to `detail`."
    )
    return Problem(file=file, value=told, expected=f"a series of {name}", remedy=remedy)
