"""Track the raw rows and sources behind each computed row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from critical_minerals.errors import UsageError
from critical_minerals.tables.descriptors import LINEAGE

_TABLE = "table"
"""The key in `attrs` of a frame under which the name of its table is stored."""
PUBLIC_SINCE = "public_since"
"""Column of a raw table as of a day: the first day on which the figure was public."""


def joined(values: Iterable[str]) -> str:
    """Join the marks of several rows: each once, sorted, separated by blanks.

    >>> joined(["b.csv:3", "a.csv:2 b.csv:3"])
    'a.csv:2 b.csv:3'
    """
    # A merge leaves a blank where the other side has no row.
    distinct = {mark for value in values if not pd.isna(value) for mark in value.split()}
    return " ".join(sorted(distinct, key=in_order))


def in_order(mark: str) -> tuple[str, int]:
    """Return a sort key for a mark: by file, then by row number, so that 9 is before 10."""
    file, _, row = mark.rpartition(":")
    return (file, int(row)) if row.isdigit() else (mark, 0)


def rows_by_file(marks: Iterable[str]) -> dict[str, frozenset[int]]:
    """Group row numbers by their place: a file, or a column or member of one.

    >>> rows_by_file(["a.csv:3", "b.zip/c.csv#Prod_t:4", "a.csv:2"])
    {'a.csv': frozenset({2, 3}), 'b.zip/c.csv#Prod_t': frozenset({4})}
    """
    rows_by_place: dict[str, set[int]] = {}
    for mark in marks:
        place, _, row = mark.rpartition(":")
        rows_by_place.setdefault(place, set()).add(int(row))
    return {place: frozenset(rows) for place, rows in rows_by_place.items()}


def file_of(place: str) -> str:
    """Return the file of a place, which may name a column or a member of that file.

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
    marks_by_column = {
        mark: [joined(pair) for pair in zip(merged[one], merged[other], strict=True)]
        for mark, (one, other) in sides.items()
    }
    # A suffix may be empty: then the column of that side has the final name and has to stay.
    side_columns = {column for pair in sides.values() for column in pair} - {*LINEAGE}
    return merged.drop(columns=[*side_columns]).assign(**marks_by_column)


def summed(frame: pd.DataFrame, by: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """Sum `values` within the groups `by`; join the groups' sources and origins.

    Missing values in `by` form a group of their own. Groups keep the order of their keys. A group
    in which no value is known has none in the result: it is no zero.
    """
    return grouped(frame, by, **{name: (name, _sum_known) for name in values})


def grouped(frame: pd.DataFrame, by: Sequence[str], **aggregations: Any) -> pd.DataFrame:
    """Aggregate as pandas does within the groups `by`; join the groups' sources and origins."""
    lineage = {name: (name, joined) for name in LINEAGE}
    groups = frame.groupby(list(by), dropna=False, sort=True)
    return groups.agg(**aggregations, **lineage).reset_index()


def _sum_known(values: pd.Series) -> Any:
    # Without `min_count` pandas sums nothing but blanks to 0.
    return values.sum(min_count=1)


def listed(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Expand a list column into one row for each entry; a blank list stays one blank row."""
    entries = frame[column].astype("string").str.split(";", regex=False)
    exploded = frame.assign(**{column: entries}).explode(column, ignore_index=True)
    return exploded.astype({column: "string"})


def in_lists(frame: pd.DataFrame, by: Sequence[str], column: str) -> pd.DataFrame:
    """Join the entries of each group in one cell, and the group's sources and origins.

    >>> rows = {"of": ["a", "a"], "to": ["y", "z"], "source_id": "s", "origin": ["t:2", "t:3"]}
    >>> in_lists(pd.DataFrame(rows), ["of"], "to").to_dict("records")
    [{'of': 'a', 'to': 'y;z', 'source_id': 's', 'origin': 't:2 t:3'}]
    """
    lists = grouped(frame, by, **{column: (column, ";".join)})
    return lists.astype({column: "string"})


def marks(column: pd.Series) -> list[str]:
    """Return every mark of a lineage column once, sorted."""
    return sorted({mark for cell in column if isinstance(cell, str) for mark in cell.split()})


def of_table(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Store the name of its table in a frame; frames that are selected from it keep the name."""
    frame.attrs = {_TABLE: table}
    return frame


class SavedRows:
    """The rows of saved tables, by their labels, each with the raw rows behind it."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._rows = {name: _origins_by_label(table) for name, table in tables.items()}

    def of(self, frames: Sequence[pd.DataFrame]) -> dict[str, list[int]]:
        """Return the row numbers in saved tables from which some frames were selected.

        A frame that was selected from a table, in any order and with any further columns, still has
        the name of the table (`of_table`) and the labels of its rows. Rows are counted as in a
        spreadsheet: the header is row 1.

        Raises `UsageError` where a frame was selected from no saved table, or its rows are no
        longer those of the table.
        """
        labels_by_table: dict[str, set[Any]] = {}
        for frame in frames:
            if origins := _origins_by_label(frame):
                table = frame.attrs.get(_TABLE)
                # Labels alone prove nothing: after `reset_index` they are those of other rows. The
                # raw rows behind each label have to agree too.
                if table not in self._rows or not origins.items() <= self._rows[table].items():
                    raise _lineage_error(frame)
                labels_by_table.setdefault(table, set()).update(origins)
        return {
            name: sorted(int(label) + 2 for label in labels_by_table[name])
            for name in sorted(labels_by_table)
        }


def _lineage_error(frame: pd.DataFrame) -> UsageError:
    some = ", ".join(marks(frame["origin"])[:3])
    return UsageError(
        f"{some}: these rows, as they are, stand in no table that is saved. Publish rows of what "
        "nb.save or nb.processed returned: neither regrouped nor numbered anew (reset_index, "
        "ignore_index), nor joined to other rows."
    )


def _origins_by_label(frame: pd.DataFrame) -> dict[Any, frozenset[str]]:
    """Return the raw rows behind each row of a frame, by its label."""
    cells = zip(frame.index, frame["origin"], strict=True)
    return {label: frozenset(str(cell).split()) for label, cell in cells}
