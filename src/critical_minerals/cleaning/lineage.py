"""Keep track of which raw rows and sources a computed row rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

LINEAGE = ("source_id", "origin")


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
