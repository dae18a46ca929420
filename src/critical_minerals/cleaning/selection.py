"""Choose one of several: a figure among estimates, an entry among a list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial, reduce
from operator import and_

import pandas as pd


def pick(frame: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    """Return the rows that hold the wanted values; a list means any of them.

    A missing cell is like nothing that is wanted. Rows keep their index.

    >>> sites = pd.DataFrame({"kind": ["mine", "mill", None], "place": ["QC", "QC", "ON"]})
    >>> pick(sites, kind=["mine", "mill"], place="QC").index.tolist(), len(pick(sites, place="BC"))
    ([0, 1], 0)
    """
    # Marked first and taken once: to take rows costs more than to compare cells.
    marks = [
        frame[column].isin(value if isinstance(value, list) else [value]).fillna(value=False)
        for column, value in wanted.items()
    ]
    return frame[reduce(and_, marks)] if marks else frame


def best_of(
    frame: pd.DataFrame, group: Sequence[str], column: str, order: Sequence[str]
) -> pd.Series:
    """Mark, in each group, the row whose `column` stands first in `order`.

    Of several rows alike the last one counts. Raises `ValueError` for a value that `order` lacks.

    >>> frame = pd.DataFrame({"year": [2021, 2021], "basis": ["intentions", "actual"]})
    >>> best_of(frame, ["year"], "basis", ["actual", "intentions"]).tolist()
    [False, True]
    """
    unknown = sorted(set(frame[column]) - set(order))
    # Ranked last in silence, a new code would never be chosen and nobody would notice.
    if unknown:
        msg = f"Column {column} holds {', '.join(unknown)}, which the order does not rank."
        raise ValueError(msg)
    rank = frame[column].map({value: place for place, value in enumerate(order)})
    ranked = frame[list(group)].assign(rank=rank).sort_values("rank", kind="stable")
    ties = ranked["rank"] == ranked.groupby(list(group))["rank"].transform("min")
    selected = ranked[ties].drop_duplicates(list(group), keep="last").index
    return pd.Series(frame.index.isin(selected), index=frame.index, dtype="boolean")


def leaders(sizes: pd.Series) -> list[str]:
    """Return the labels of all entries with the largest size: several where they are tied.

    Sizes are compared as they are given: round them first where readers see them rounded.
    Of no known size there is no leader.

    >>> leaders(pd.Series({"nickel": 3, "copper": 7, "zinc": 7})), leaders(pd.Series([pd.NA]))
    (['copper', 'zinc'], [])
    """
    known = sizes.dropna()
    # All that are tied: a text that names one of them would make a leader of the order of rows.
    return known.index[known == known.max()].tolist() if len(known) else []


def leading(frame: pd.DataFrame, group: Sequence[str], column: str) -> pd.DataFrame:
    """Return in each group the rows with the largest `column`: several where they are tied.

    Without a group, of all rows. Rows keep their index and order; one without a size never leads.

    >>> sales = pd.DataFrame({"good": list("aaab"), "to": list("xyzx"), "cad": [7, 9, 9, None]})
    >>> leading(sales, ["good"], "cad")["to"].tolist()
    ['y', 'z']
    """
    keys, sizes = [frame[name] for name in group], frame[column]
    # Without keys pandas has nothing to group by.
    largest = sizes.groupby(keys, dropna=False).transform("max") if keys else sizes.max()
    return frame[(sizes == largest).fillna(value=False).astype(bool)]


def leading_entry(lists: pd.Series, *tiers: Collection[str]) -> pd.Series:
    """Return of each list the first entry that stands in the first tier that any of them is in.

    An entry of no tier is taken when none is in one; a blank list stays missing.

    >>> lists = pd.Series(["gold;zinc;copper", "gold;silver", None])
    >>> leading_entry(lists, {"copper"}, {"zinc"}).tolist()
    ['copper', 'gold', <NA>]
    """
    return lists.map(partial(_first_in_tiers, tiers=tiers)).astype("string")


def _first_in_tiers(cell: object, tiers: Sequence[Collection[str]]) -> object:
    # A missing cell comes as None or NA, by the type of the column.
    if not isinstance(cell, str) or not cell:
        return pd.NA
    entries = cell.split(";")
    for tier in tiers:
        if in_tier := [entry for entry in entries if entry in tier]:
            return in_tier[0]
    return entries[0]
