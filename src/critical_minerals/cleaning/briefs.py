"""Choose the rows that speak for one mineral or one partner in a short document."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

import pandas as pd

SERIES: Final = ("mineral", "commodity", "stage", "form")
"""What tells one series of quantities from another."""


def main_series(concentration: pd.DataFrame) -> pd.DataFrame:
    """Choose one commodity and stage for each mineral.

    The commodity that bears the mineral's name comes first, then the one of which Canada has the
    larger share, then the earlier stage. `concentration` has the columns of `SERIES` and
    `canada_pct`; rows keep their index.
    """
    ranked = concentration.assign(
        other=concentration["commodity"] != concentration["mineral"],
        later=concentration["stage"] != "mine",
    )
    order = ["mineral", "other", "canada_pct", "later"]
    # A missing share says nothing of Canada, so it ranks below every known one.
    ranked = ranked.sort_values(
        order, ascending=[True, True, False, True], na_position="last", kind="stable"
    )
    chosen = ranked.drop_duplicates("mineral").index
    return concentration.loc[chosen].sort_values("mineral", kind="stable")


def of_series(frame: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame that belong to some series, of the newest year of each.

    Both have the columns of `SERIES`; rows keep their index.
    """
    keys = list(SERIES)
    wanted = pd.MultiIndex.from_frame(series[keys])
    rows = frame[pd.MultiIndex.from_frame(frame[keys]).isin(wanted)]
    if rows.empty:
        return rows
    # The newest year of each series, not of all rows: one series may end before another.
    return rows[rows["year"] == rows.groupby(keys)["year"].transform("max")]


def naming(frame: pd.DataFrame, column: str, identifiers: Collection[str]) -> pd.DataFrame:
    """Return the rows whose list names one of some ids; entries are separated by semicolons."""
    wanted = set(identifiers)
    matches = [
        # A blank list is a missing value. Entries are compared whole: as text, one id may be part
        # of another.
        isinstance(cell, str) and not wanted.isdisjoint(cell.split(";"))
        for cell in frame[column]
    ]
    return frame[pd.Series(matches, index=frame.index, dtype=bool)]


def longest_series(production: pd.DataFrame) -> pd.DataFrame:
    """Return Canada's output by year of one publisher: the one that tells of most years.

    `production` has `series`, `year` and the quantities of one commodity and stage. A year without
    a quantity does not count.
    """
    known = production[production["quantity_t"].notna() | production["volume_m3"].notna()]
    if known.empty:
        return known
    years = known.groupby("series")["year"].nunique()
    # One publisher only: quantities of different publishers count differently and must not form one
    # line. Of equally long series the first by name is taken, so that the choice is stable.
    return known[known["series"] == years.idxmax()].sort_values("year", kind="stable")


def largest(frame: pd.DataFrame, column: str, count: int) -> pd.DataFrame:
    """Return the rows with the largest values, largest first; ties keep their order."""
    return frame.sort_values(column, ascending=False, kind="stable").head(count)


def sizes(rows: pd.DataFrame) -> pd.Series:
    """Return the quantities of some rows whatever their unit: `quantity_t`, else `volume_m3`."""
    # Helium and other gases are measured by volume.
    return rows["quantity_t"].fillna(rows["volume_m3"]).astype(float)


def trend(output: pd.DataFrame) -> Literal["up", "down", "level"]:
    """Tell whether output rose, fell or stayed, from the first row to the last."""
    first, last = sizes(output).iloc[[0, -1]]
    # Exact comparison: the quantities are published, rounded figures, so equal means unchanged.
    return "up" if last > first else "down" if last < first else "level"
