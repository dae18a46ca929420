"""Lists of critical minerals: a list stands until the next one of its kind."""

from __future__ import annotations

import pandas as pd

CANADA = "canada"


def with_newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Mark the rows of the newest list of each kind: `newest`.

    `rows` have `list` and `listed_from`; they are those that were public on the day of the report.

    >>> days = pd.to_datetime(["2021-03-11", "2024-06-30"])
    >>> lists = pd.DataFrame({"list": "canada", "listed_from": days, "mineral": ["tin", "tin"]})
    >>> with_newest(lists)["newest"].tolist()
    [False, True]
    """
    # By kind: each government replaces its list on a day of its own.
    last = rows.groupby("list")["listed_from"].transform("max")
    return rows.assign(newest=rows["listed_from"].eq(last).astype("boolean"))


def on_newest(rows: pd.DataFrame, kind: str = CANADA) -> pd.DataFrame:
    """Return the rows of the newest list of a kind."""
    return rows[rows["list"].eq(kind) & rows["newest"]]


def on_last_but_one(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the Canadian list that the newest one replaced; none before it has."""
    older = rows[rows["list"].eq(CANADA) & ~rows["newest"]]
    return older[older["listed_from"].eq(older["listed_from"].max())]


def listed_since(rows: pd.DataFrame, mineral: str) -> pd.Timestamp | None:
    """Return the day since which a mineral is on every Canadian list; None if not on the newest.

    >>> days = pd.to_datetime(["2018-01-01", "2021-03-11", "2024-06-30", "2024-06-30"])
    >>> lists = pd.DataFrame({"list": "canada", "listed_from": days,
    ...                       "mineral": ["tin", "zinc", "tin", "zinc"]})
    >>> [str(listed_since(with_newest(lists), each).date()) for each in ("tin", "zinc")]
    ['2024-06-30', '2021-03-11']
    """
    of_kind = rows[rows["list"].eq(CANADA)]
    since = None
    # From the newest list backwards to the first gap: a mineral that was taken off and came back
    # counts from its return.
    for day in sorted(of_kind["listed_from"].unique(), reverse=True):
        if mineral not in {*of_kind.loc[of_kind["listed_from"].eq(day), "mineral"]}:
            break
        since = pd.Timestamp(day)
    return since
