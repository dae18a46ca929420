"""Rows of raw tables that come from official files: read on demand, never copied.

A table that such a file supplies has a mapping next to its descriptor, `<table>.official.yml`:

    format: usgs_mcs_long          which files, by the `format` on their cards
    place: country                 the column of the place, if there is one
    figure: quantity               the column of the figure
    estimates: estimated           the qualifier of a plain estimate; blank for none
    series:                        series as the file prints it (`of`), cells of the table (`is`)
      - of: {chapter: NICKEL, ..., detail: Mine production}
        is: {mineral: nickel, commodity: nickel, stage: mine, form: contained}
    remarks:                       cells that an editor sets in some rows (`when`)
      - when: {mineral: nickel, country: NC}
        set: {note: overseas territory of France, counted apart}

In each row, `as_of` is the day that the card calls `published`, and `source_id` that of the card. A
series that matches no row, an undeclared unit and an undeclared place stop the read.

Readers of all other formats that `add` knows return one record a figure; for them `columns` maps
columns of the table to those of the reader, and `of` names cells of the reader's columns:

    format: nrcan_production
    place: province
    columns: {province: province, year: year, quantity: quantity, unit: unit}
    units: {Metric tonnes: t}
    series:
      - of: {commodity: Copper, category: Quantity produced}
        is: {mineral: copper, stage: mine, form: recoverable_copper, series: national}

A place is found by a name or a code of the vocabulary; `place_prefix` (`CA-`) is put before it. For
merchandise trade, `of` names a `code` of goods, and whole years are summed by country.

Where files of several formats supply a table, its mapping has a YAML document for each. A series
whose `of` names a `country` takes the rows of that country, and no other series takes them.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import Field

from critical_minerals.errors import FiguresError, Problem, limit_problems
from critical_minerals.raw.cache import READ, cached, hash_code
from critical_minerals.raw.official import OfficialFile, check_hash, official_files
from critical_minerals.readers.archives import as_file_errors
from critical_minerals.readers.known import TIDY, TRADE
from critical_minerals.readers.merchandise_trade import read_years
from critical_minerals.readers.settings import Settings, decoded, load_documents
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.readers.statcan import DAILY_RATES, rate_cells, read_table
from critical_minerals.readers.summaries_rows import (
    LAYOUTS,
    UNITS,
    Record,
    as_tuple,
    claimed_countries,
    figure_cells,
    find_place,
    format_number,
    read_release,
    select_records,
)
from critical_minerals.tables.descriptors import REVISED, Table, convert_errors
from critical_minerals.workspace.paths import DESCRIPTOR, Workspace

SUFFIX: Final = ".official.yml"
# Rows that a reader made before its correction must not be served again.
_CODE_HASH: Final = hash_code("raw/*.py", "readers/*.py")
_AS_PUBLISHED: Final = (
    "Download it again from its publisher. If it is as published there, the publisher has changed "
    "the format: its reader has to learn it (docs/readers.md)."
)
_PROVENANCE: Final = frozenset({REVISED, "source_id", "place"})
"""Columns that say where a figure was printed and since when it is public."""

Places = Mapping[str, str]
"""Ids of places by the names that publishers give them, in lower case."""


class Series(Settings):
    """A series as a file prints it, and the cells that it has in the table."""

    of: Mapping[str, str | tuple[str, ...]]
    cells: Mapping[str, str] = Field(alias="is")


class Remark(Settings):
    """Cells that an editor sets in all rows that have certain other cells."""

    when: Mapping[str, str]
    cells: Mapping[str, str] = Field(alias="set")


class Supply(Settings):
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


@dataclass(frozen=True)
class _Source:
    """A file that is read, its name for messages, and by what its rows are made.

    `mapping` is the name of the file of `supply`.
    """

    official: OfficialFile
    name: str
    supply: Supply
    mapping: str
    places: Places


Row = dict[str, Any]


def mapping_file(workspace: Workspace, table: str) -> Path:
    """Return the path of the mapping of a table, whether it exists or not."""
    return workspace.raw / f"{table}{SUFFIX}"


def files_behind(workspace: Workspace, table: str) -> list[Path]:
    """Return the files that official rows of a table depend on: mapping, cards, files."""
    path = mapping_file(workspace, table)
    if not path.is_file():
        return []
    supplies = _read_mapping(path, workspace.relative(path))
    official = [file for supply in supplies for file in _supplying_files(supply, workspace)]
    paths = [item for file in official for item in (file.card, file.path)]
    return [path, *dict.fromkeys(paths)]


def figure_columns(workspace: Workspace, tables: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of figures that official files supply, in any of some tables."""
    paths = [mapping_file(workspace, table) for table in tables]
    return tuple(
        dict.fromkeys(
            supply.figure
            for path in paths
            if path.is_file()
            for supply in _read_mapping(path, workspace.relative(path))
        )
    )


def supplied_rows(
    workspace: Workspace, table: Table, places: Callable[[], Places]
) -> pd.DataFrame | None:
    """Return the rows of a table that official files supply, as text cells with file and row.

    None where nothing supplies it. The rows are cached by the hash of all inputs. Raises
    `FiguresError` with everything that is not declared.
    """
    # First of all: `places()` reads a table, and that read asks here for its supplied rows.
    if not mapping_file(workspace, table.name).is_file():
        return None
    content = _hash_inputs(workspace, table, places())
    return cached(
        workspace.state / READ,
        table.name.replace("/", "-"),
        content,
        lambda: _read_rows(workspace, table, places),
    )


def _hash_inputs(workspace: Workspace, table: Table, places: Places) -> str:
    """Hash all inputs of a table's rows: its files, its descriptor, the places, this code."""
    files = [
        workspace.raw / f"{table.name}{DESCRIPTOR}",
        *files_behind(workspace, table.name),
    ]
    digest = hashlib.sha256(f"{_CODE_HASH} {json.dumps(places, sort_keys=True)}".encode())
    for path in files:
        # A missing file counts too, so that restoring it changes the hash.
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"none")
    return digest.hexdigest()


def _read_rows(workspace: Workspace, table: Table, places: Callable[[], Places]) -> pd.DataFrame:
    rows = pd.DataFrame(_layer_editions(_read_editions(workspace, table, places), table))
    # Without rows there are no columns, and the casts below need ROW and FILE.
    if rows.empty:
        rows = pd.DataFrame({ROW: pd.array([], "int64"), FILE: pd.array([], "str")})
    cells = rows.reindex(columns=table.columns).astype("string")
    # Tables have no empty text: a cell is blank or filled.
    return cells.mask(cells == "").assign(**{ROW: rows[ROW], FILE: rows[FILE]})


def supplied_counts(
    workspace: Workspace, table: Table, places: Callable[[], Places]
) -> dict[str, int]:
    """Return how many rows each official file supplies, with those that repeat earlier ones."""
    counts: dict[str, int] = {}
    for official_file, rows in _read_editions(workspace, table, places):
        file = workspace.relative(official_file.path)
        counts[file] = counts.get(file, 0) + len(rows)
    return counts


def _read_editions(
    workspace: Workspace, table: Table, places: Callable[[], Places]
) -> list[tuple[OfficialFile, list[Row]]]:
    """Return the rows of every file that supplies a table, the oldest file first."""
    path = mapping_file(workspace, table.name)
    if not path.is_file():
        return []
    file = workspace.relative(path)
    ids = places()
    editions: list[tuple[OfficialFile, list[Row]]] = []
    for supply in _read_mapping(path, file):
        reader = _READERS.get(supply.format)
        if reader is None:
            expected = f"one of {', '.join(_READERS)}"
            raise FiguresError.of(
                file, expected, "Correct the mapping.", column="format", value=supply.format
            )
        editions += [
            (one, _read_file(reader, workspace, _Source(one, name, supply, file, ids)))
            for one in _supplying_files(supply, workspace)
            for name in [workspace.relative(one.path)]
        ]
    return sorted(editions, key=lambda pair: _publication_order(pair[0]))


def _read_file(
    reader: Callable[[_Source], list[Row]], workspace: Workspace, source: _Source
) -> list[Row]:
    """Read one file; report a failure over a damaged file as the damage.

    Readers assume the file that the publisher gave. Where it is damaged, their libraries may fail
    in any way.
    """
    expected = f"a file of the format {source.supply.format}"
    try:
        with as_file_errors(source.name, expected, _AS_PUBLISHED):
            return reader(source)
    except FiguresError as error:
        # A reader's own message is more precise than "the file was altered"; a cause shows that a
        # library failed instead.
        if error.__cause__ is not None and (problem := check_hash(source.official, workspace)):
            raise FiguresError([problem]) from error
        raise


def _layer_editions(editions: Sequence[tuple[OfficialFile, list[Row]]], table: Table) -> list[Row]:
    """Combine the rows of several files, the oldest first, each as a layer of revisions.

    A figure that a later file of the same publication repeats keeps the row of the earlier file.
    One that it changes gets a second row, which counts from the later file's publication; the
    earlier row stays for the days before. Another publication states its figures independently.
    """
    rows: list[Row] = []
    newest: dict[tuple[str, ...], Row] = {}
    for official_file, edition_rows in editions:
        # Compare with earlier files alone: no row of a file is a revision of another row of it.
        earlier = dict(newest)
        for edition_row in edition_rows:
            row = edition_row
            key = (official_file.source_id, *(str(row.get(name, "")) for name in table.key))
            earlier_row = earlier.get(key)
            if earlier_row is not None and table.revised:
                if _figure_cells(earlier_row, table) == _figure_cells(row, table):
                    continue
                # A revision counts from the day of the file that brings it, or of the row if that
                # is later.
                row = row | {REVISED: max(str(row[REVISED]), official_file.published)}
            rows.append(row)
            newest[key] = row
    return rows


def _figure_cells(row: Mapping[str, Any], table: Table) -> list[str]:
    """Return the cells of a row that state its figure, without those of its provenance."""
    return [str(row.get(name, "")) for name in table.columns if name not in _PROVENANCE]


def _supplying_files(supply: Supply, workspace: Workspace) -> list[OfficialFile]:
    """Return the files that supply a table by one mapping, the oldest first."""
    files = [one for one in official_files(workspace) if one.format == supply.format]
    # One format may have several products, such as tables of Statistics Canada. A file that is
    # missing is reported by the check of its card.
    files = [
        one for one in files if one.path.is_file() and one.path.name.startswith(supply.product)
    ]
    return sorted(files, key=_publication_order)


def _publication_order(official_file: OfficialFile) -> tuple[str, str]:
    # The name orders files of one day, so that the result is the same on every machine.
    return official_file.published, official_file.path.name


def _read_mapping(path: Path, file: str) -> list[Supply]:
    """Return the documents of a mapping: how files of each format supply a table."""
    with convert_errors(file, "a mapping in YAML", "Correct the mapping."):
        return _parse_mapping(path.read_bytes())


@lru_cache(maxsize=64)
def _parse_mapping(content: bytes) -> list[Supply]:
    """Parse a mapping, once for each content: every read of its table asks for it."""
    return [Supply.model_validate(one) for one in load_documents(decoded(content))]


def _make_rows(
    source: _Source,
    select: Callable[[Series], Sequence[Record]],
    make_row: Callable[[Record, Series, _Source], tuple[Row, list[Problem]]],
) -> list[Row]:
    """Make a row of each record that `select` returns for the series of a mapping.

    A record's `at` is its place within the file. Raises `FiguresError` with everything that is not
    declared.
    """
    problems, rows = list[Problem](), list[Row]()
    for series in source.supply.series:
        records = select(series)
        if not records:
            problems.append(_missing_series(source, series))
        for record in records:
            row, faults = make_row(record, series, source)
            location = f"{source.name}{record['at']}"
            number = int(record.get(ROW, 1))
            problems += [replace(fault, file=location, row=number) for fault in faults]
            of_file = source.official
            origin = {"as_of": of_file.published, "source_id": of_file.source_id}
            rows.append({**row, **origin, FILE: location, ROW: number})
    if problems:
        raise FiguresError(limit_problems(problems))
    return _edit_rows(rows, source.supply)


def _edit_rows(rows: Sequence[Row], supply: Supply) -> list[Row]:
    """Leave out the rows that a mapping omits, and set the cells of its remarks in the others."""
    edited = [
        row
        for row in rows
        if (not supply.first_year or int(row.get("year", "9999")[:4] or 0) >= supply.first_year)
        and not any(_matches(row, cells) for cells in supply.omit)
    ]
    for remark in supply.remarks:
        for row in edited:
            if _matches(row, remark.when):
                row.update(remark.cells)
    return edited


def _matches(row: Row, cells: Mapping[str, str]) -> bool:
    return all(row.get(column, "") == cell for column, cell in cells.items())


def _read_release_rows(source: _Source) -> list[Row]:
    """Return the rows of one release, whatever its layout."""
    supply = source.supply
    release = read_release(supply.format, source.official.path, source.name)
    claimed = claimed_countries(series.of for series in supply.series)
    return _make_rows(
        source, lambda series: select_records(release, series.of, claimed), _make_release_row
    )


def _make_release_row(record: Record, series: Series, source: _Source) -> tuple[Row, list[Problem]]:
    """Make the row of one printed figure; return it with problems of what is not declared."""
    problems: list[Problem] = []
    supply = source.supply
    # Accept a blank unit here: a correction may supply it, and the check of the table reports it.
    unit = supply.units.get(record["unit"]) or UNITS.get(record["unit"])
    if unit is None and record["unit"]:
        problems.append(_undeclared_unit("Unit", record["unit"], source))
    row = dict(series.cells) | {"unit": unit or ""}
    if supply.place:
        place, is_estimate = find_place(str(record["country"]), source.places)
        record = dict(record) | {"estimated": bool(record["estimated"]) or is_estimate}
        row[supply.place] = place or ""
        if place is None:
            problems.append(_undeclared_place("Country", record["country"]))
    if record["kind"] == "shifted":
        remedy = "Its row has figures under no heading: leave the series out, or type its rows in."
        expected = "a figure that stands under its heading"
        problems.append(_undeclared(record["at"], record["printed"], expected, remedy))
    return row | figure_cells(record, supply.figure, supply.estimates), problems


def _read_daily_rates(source: _Source) -> list[Row]:
    """Return rows of yearly means of the daily exchange rates in a whole table."""
    official_file, supply = source.official, source.supply
    table = read_table(official_file.path, source.name)
    of_file = {"source_id": official_file.source_id, FILE: source.name}
    return [
        {**series.cells, **cells, **of_file}
        for series in supply.series
        for cells in rate_cells(
            table, official_file.path.name, series.cells["currency"], supply.figure
        )
        if int(cells["year"]) >= supply.first_year
    ]


def _read_records(source: _Source) -> list[Row]:
    """Return the rows of a file whose reader returns one record a figure."""
    frame = _read_frame(source)
    # Without the columns that `of` names, every series would fail as well.
    if problems := _check_columns(frame, source):
        raise FiguresError(limit_problems(problems))

    def select(series: Series) -> list[Record]:
        selected = pd.Series(data=True, index=frame.index)
        for column in series.of:
            wanted = as_tuple(series.of, column)
            selected &= frame[column].astype("string").isin(wanted).fillna(value=False)
        records = frame[selected].astype("object").to_dict("records")
        return [{str(column): cell for column, cell in record.items()} for record in records]

    return _make_rows(source, select, _make_record_row)


def _read_frame(source: _Source) -> pd.DataFrame:
    supply, path = source.supply, source.official.path
    if supply.format in TIDY:
        return TIDY[supply.format](path, source.name).assign(at="")
    codes = {code: None for series in supply.series for code in as_tuple(series.of, "code")}
    with tempfile.TemporaryDirectory(prefix="trade-") as folder:
        totals = read_years(path, source.name, [*codes], Path(folder))
    return totals.assign(at="/" + totals["member"])


def _check_columns(frame: pd.DataFrame, source: _Source) -> list[Problem]:
    """Report the columns that a mapping names and the reader does not return."""
    columns, series = source.supply.columns, source.supply.series
    names = frame.columns.drop("at")
    expected = f"a column of the reader: {', '.join(map(str, names))}"
    remedy = "Correct the mapping."
    if not columns:
        return [Problem(file=source.mapping, column="columns", expected=expected, remedy=remedy)]
    named = dict.fromkeys([*columns.values(), *(part for one in series for part in one.of)])
    return [
        Problem(file=source.mapping, value=one, expected=expected, remedy=remedy)
        for one in named
        if one not in names
    ]


def _make_record_row(record: Record, series: Series, source: _Source) -> tuple[Row, list[Problem]]:
    """Make the row of one record; return it with problems of what is not declared."""
    problems: list[Problem] = []
    supply = source.supply
    row = {"estimated": "no"} | dict(series.cells)
    row |= {column: _format_cell(record[of_reader]) for column, of_reader in supply.columns.items()}
    qualifier = _format_cell(record.get("qualifier"))
    # A blank figure needs a reason, or it could pass for a zero.
    row["qualifier"] = qualifier or ("" if row.get(supply.figure) else "not_available")
    if supply.place:
        name = f"{supply.place_prefix}{row[supply.place]}"
        # A publisher writes a code (QC, behind `place_prefix`) or a name.
        known = name in source.places.values()
        row[supply.place] = name if known else source.places.get(name.casefold(), "")
        if not row[supply.place]:
            problems.append(_undeclared_place(supply.place, name))
    if unit := supply.columns.get("unit"):
        # The mapping comes first: one word may be another unit in another publication.
        row["unit"] = supply.units.get(row["unit"]) or UNITS.get(row["unit"], "")
        if not row["unit"]:
            problems.append(_undeclared_unit("unit", _format_cell(record[unit]), source))
    column = supply.columns.get(supply.figure, supply.figure)
    row["place"] = f"{_describe_series(series)}, column {column}"
    return row, problems


def _format_cell(value: Any) -> str:
    """Format a value of a reader as a cell of a table."""
    # Lists first: `pd.isna` of a list is a list.
    if isinstance(value, list):
        return ";".join(map(str, value))
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format_number(value) if isinstance(value, float) else str(value)


_READERS: Final[Mapping[str, Callable[[_Source], list[Row]]]] = {
    **dict.fromkeys(LAYOUTS, _read_release_rows),
    DAILY_RATES: _read_daily_rates,
    **dict.fromkeys((*TIDY, *TRADE), _read_records),
}


def _undeclared(column: str, value: str, expected: str, remedy: str) -> Problem:
    """Build the problem of something that is not declared; file and row come later."""
    return Problem(file="", column=column, value=value, expected=expected, remedy=remedy)


def _undeclared_unit(column: str, unit: str, source: _Source) -> Problem:
    remedy = f"Declare it under units in {source.mapping}, and see that figures are of its size."
    return _undeclared(column, unit, "a unit that is declared", remedy)


def _undeclared_place(column: str, name: str) -> Problem:
    remedy = "Add the name to the aliases of its place in data/raw/vocabulary/places.csv."
    return _undeclared(column, name, "a place of the vocabulary", remedy)


def _missing_series(source: _Source, series: Series) -> Problem:
    remedy = (
        "Has the publisher renamed it? Write its name as the file has it, or add it to `detail`."
    )
    return Problem(
        file=source.mapping,
        value=_describe_series(series),
        expected=f"a series of {source.name}",
        remedy=remedy,
    )


def _describe_series(series: Series) -> str:
    return ", ".join(f"{column}={cell}" for column, cell in series.of.items())
