"""Keep track of which raw rows and sources a computed row rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from critical_minerals.errors import UsageError
from critical_minerals.tables.descriptors import LINEAGE

_TABLE = "table"
"""Under this a frame keeps the name of the table that its rows are of, in `attrs`."""
PUBLIC_SINCE = "public_since"
"""Column of a raw table as it stood on a day: the first day on which its figure was public."""


def joined(values: Iterable[str]) -> str:
    """Join the marks of several rows: each once, sorted, parted by blanks.

    >>> joined(["b.csv:3", "a.csv:2 b.csv:3"])
    'a.csv:2 b.csv:3'
    """
    marks = {mark for value in values if not pd.isna(value) for mark in value.split()}
    return " ".join(sorted(marks, key=in_order))


def in_order(mark: str) -> tuple[str, int]:
    """Sort row 9 of a file before its row 10."""
    file, _, row = mark.rpartition(":")
    return (file, int(row)) if row.isdigit() else (mark, 0)


def rows_by_file(marks: Iterable[str]) -> dict[str, frozenset[int]]:
    """Gather row numbers by where they stand: a file, or a column or member of one.

    >>> rows_by_file(["a.csv:3", "b.zip/c.csv#Prod_t:4", "a.csv:2"])
    {'a.csv': frozenset({2, 3}), 'b.zip/c.csv#Prod_t': frozenset({4})}
    """
    found: dict[str, set[int]] = {}
    for mark in marks:
        place, _, row = mark.rpartition(":")
        found.setdefault(place, set()).add(int(row))
    return {place: frozenset(rows) for place, rows in found.items()}


def file_of(place: str) -> str:
    """Return the file itself of a place that may name a column or a member in it.

    >>> file_of("data/raw/b.zip/c.csv#Prod_t"), file_of("data/raw/a.csv#PROD_2023")
    ('data/raw/b.zip', 'data/raw/a.csv')
    """
    archive, inside, _ = place.partition(".zip/")
    return f"{archive}.zip" if inside else place.partition("#")[0]


def joined_sides(merged: pd.DataFrame, left: str, right: str) -> pd.DataFrame:
    """Join the marks of the two sides of a merge into one `source_id` and one `origin`.

    `left` and `right` are the suffixes that the merge gave to the marks of its sides.

    >>> both = pd.DataFrame({"source_id": ["A"], "source_id_of": ["B"],
    ...                      "origin": ["a.csv:2"], "origin_of": [None]})
    >>> joined_sides(both, "", "_of").to_dict("records")
    [{'source_id': 'A B', 'origin': 'a.csv:2'}]
    """
    sides = {mark: (f"{mark}{left}", f"{mark}{right}") for mark in LINEAGE}
    told = {
        mark: [joined(pair) for pair in zip(merged[one], merged[other], strict=True)]
        for mark, (one, other) in sides.items()
    }
    apart = {column for pair in sides.values() for column in pair} - {*LINEAGE}
    return merged.drop(columns=[*apart]).assign(**told)


def summed(frame: pd.DataFrame, by: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """Sum `values` within the groups `by`; join the groups' sources and origins.

    Missing values in `by` form a group of their own. Groups keep the order of their keys. A group
    that knows no value at all stays without one: it is no zero.
    """
    steps = {name: (name, _total) for name in values} | {name: (name, joined) for name in LINEAGE}
    return frame.groupby(list(by), dropna=False, sort=True).agg(**steps).reset_index()


def _total(values: pd.Series) -> Any:
    return values.sum(min_count=1)


def listed(frame: pd.DataFrame, column: str, mark: str = ";") -> pd.DataFrame:
    """Give each entry of a list column a row of its own; blank lists stay one blank row."""
    parts = (
        frame[column]
        .astype("object")
        .map(lambda cell: cell.split(mark) if isinstance(cell, str) else [None])
    )
    long = frame.assign(**{column: parts}).explode(column, ignore_index=True)
    return long.astype({column: "string"})


def in_lists(frame: pd.DataFrame, by: Sequence[str], column: str) -> pd.DataFrame:
    """Write the entries of a group into one cell, and join the group's sources and origins.

    >>> rows = {"of": ["a", "a"], "to": ["y", "z"], "source_id": "s", "origin": ["t:2", "t:3"]}
    >>> in_lists(pd.DataFrame(rows), ["of"], "to").to_dict("records")
    [{'of': 'a', 'to': 'y;z', 'source_id': 's', 'origin': 't:2 t:3'}]
    """
    steps = {column: (column, ";".join)} | {name: (name, joined) for name in LINEAGE}
    lists = frame.groupby(list(by), dropna=False, sort=True).agg(**steps).reset_index()
    return lists.astype({column: "string"})


def marks(column: pd.Series) -> list[str]:
    """Return every mark of a lineage column once, sorted."""
    return sorted({mark for cell in column if isinstance(cell, str) for mark in cell.split()})


def of_table(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Let a frame know the table that its rows are of; what is cut out of it knows it too."""
    frame.attrs = {_TABLE: table}
    return frame


class Places:
    """The rows of saved tables, by their labels; each is told by the raw rows that it rests on."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._rows = {name: _rows(table) for name, table in tables.items()}

    def of(self, frames: Sequence[pd.DataFrame]) -> dict[str, list[int]]:
        """Say in which rows of saved tables some frames stand.

        A frame that was cut out of a table, in whatever order and with whatever further columns,
        knows its table (`of_table`) and keeps the labels of its rows. Rows are counted as in a
        spreadsheet: the header is row 1.

        Raises `UsageError` where a frame is cut from no table, or its rows are no longer those of
        the table.
        """
        found: dict[str, set[Any]] = {}
        for frame in frames:
            if rows := _rows(frame):
                table = frame.attrs.get(_TABLE)
                if table not in self._rows or not rows.items() <= self._rows[table].items():
                    raise _strayed(frame)
                found.setdefault(table, set()).update(rows)
        return {name: sorted(int(label) + 2 for label in found[name]) for name in sorted(found)}


def _strayed(frame: pd.DataFrame) -> UsageError:
    some = ", ".join(marks(frame["origin"])[:3])
    return UsageError(
        f"{some}: these rows, as they are, stand in no table that is saved. Publish rows of what "
        "nb.save or nb.processed returned: neither regrouped nor numbered anew (reset_index, "
        "ignore_index), nor joined to other rows."
    )


def _rows(frame: pd.DataFrame) -> dict[Any, frozenset[str]]:
    """Return the raw rows on which each row rests, by its label."""
    cells = zip(frame.index, frame["origin"], strict=True)
    return {label: frozenset(str(cell).split()) for label, cell in cells}
