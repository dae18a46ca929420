"""Keep track of which raw rows and sources a computed row rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from critical_minerals.errors import UsageError

LINEAGE = ("source_id", "origin")
PUBLIC_SINCE = "public_since"
"""Column of a raw table as it stood on a day: the first day on which its figure was public."""


def joined(values: Iterable[str]) -> str:
    """Join the marks of several rows: each once, sorted, parted by blanks.

    >>> joined(["b.csv:3", "a.csv:2 b.csv:3"])
    'a.csv:2 b.csv:3'
    """
    marks = {mark for value in values if not pd.isna(value) for mark in value.split()}
    return " ".join(sorted(marks, key=_in_order))


def _in_order(mark: str) -> tuple[str, int, str]:
    """Sort row 9 of a file before its row 10."""
    file, _, row = mark.rpartition(":")
    return (file, int(row), "") if row.isdigit() else (mark, 0, mark)


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


def marks(column: pd.Series) -> list[str]:
    """Return every mark of a lineage column once, sorted."""
    return sorted({mark for cell in column if isinstance(cell, str) for mark in cell.split()})


class Places:
    """The rows of processed tables, by the raw rows that they rest on."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self._origins: dict[str, dict[int, frozenset[str]]] = {
            name: {
                int(label): frozenset(str(cell).split())
                for label, cell in zip(table.index, table["origin"], strict=True)
            }
            for name, table in tables.items()
        }

    def of(self, rows: Sequence[pd.DataFrame]) -> dict[str, list[int]]:
        """Find the rows of processed tables in which some frames stand.

        A frame cut out of a table still has that table's index. One that was regrouped, or taken
        from a raw table, is found by the raw rows it rests on. Rows are counted as in a
        spreadsheet: the header is row 1.

        Raises `UsageError` where a raw row stands in no table.
        """
        found: dict[str, set[int]] = {}
        for frame in rows:
            places = self._cut_from(frame) or self._resting_on(marks(frame["origin"]))
            for name, labels in places.items():
                found.setdefault(name, set()).update(labels)
        return {name: sorted(label + 2 for label in found[name]) for name in sorted(found)}

    def _cut_from(self, frame: pd.DataFrame) -> dict[str, set[int]]:
        """Find the table that a frame was cut from, by labels, origins and columns."""
        cells = zip(frame.index, frame["origin"], strict=True)
        wanted = {int(label): frozenset(str(cell).split()) for label, cell in cells}
        fitting = [name for name, held in self._origins.items() if wanted.items() <= held.items()]
        if not wanted or not fitting:
            return {}
        best = min(
            fitting, key=lambda name: len(frame.columns.symmetric_difference(self._columns(name)))
        )
        return {best: set(wanted)}

    def _columns(self, name: str) -> pd.Index:
        return self._tables[name].columns

    def _resting_on(self, origins: Iterable[str]) -> dict[str, set[int]]:
        """Find the fewest tables whose rows rest on some raw rows, closest ones first."""
        wanted, found = set(origins), dict[str, set[int]]()
        while wanted:
            held = {name: _touching(wanted, rows) for name, rows in self._origins.items()}
            best = max(held, key=lambda name: _fit(held[name], wanted), default="")
            if not best or not held[best]:
                rows = ", ".join(sorted(wanted)[:3])
                msg = f"{rows}: in no table that is saved. Save the rows that you publish from."
                raise UsageError(msg)
            found[best] = set(held[best])
            wanted -= frozenset[str]().union(*held[best].values())
        return found


def _touching(wanted: set[str], rows: Mapping[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    """Return the rows that rest on wanted raw rows alone; without any, those that do in part."""
    whole = {label: row for label, row in rows.items() if row and row <= wanted}
    return whole or {label: row for label, row in rows.items() if row & wanted}


def _fit(held: Mapping[int, frozenset[str]], wanted: set[str]) -> tuple[int, int, int]:
    """Rank a table: covers most of what is wanted, adds least to it, has fewest rows."""
    covered = frozenset[str]().union(*held.values())
    return len(covered & wanted), -len(covered - wanted), -len(held)
