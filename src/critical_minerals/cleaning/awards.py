"""From published statements about funded projects to one row per award.

Several documents may state the same award: an announcement and its contract, a release and a
newspaper. Their rows share an `award_id`, and only one of them may count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from critical_minerals.cleaning.lineage import LINEAGE, joined, listed

FIRMNESS: Final[Mapping[str, int]] = {
    "contracted": 0,
    "announced": 1,
    "conditional": 1,
    "letter_of_interest": 2,
}
"""Firmest status lowest. A source that leaves out the conditions does not make an award firmer."""
TIERS: Final = ("official", "republished", "reported", "secondary")
"""Closest to the figure's origin first."""
_EXACTNESS: Final = ("exact", "rounded", "nearly", "about", "more_than", "less_than", "up_to")
_DAY_LENGTH: Final = len("2026-02-27")


def one_per_award(statements: pd.DataFrame, tiers: Mapping[str, str]) -> pd.DataFrame:
    """Keep the statement of each award that counts.

    The firmest status wins, then an amount stated in Canadian dollars, then the source closest to
    the origin (`tiers` by `source_id`), then the most exact amount, then the newest statement. What
    the chosen statement leaves blank is filled from the others; `source_id` and `origin` name all
    of them, and `as_of` becomes the first day on which the award was public. Adds `source_tier` (of
    the chosen statement) and `statements` (how many there are).
    """
    ranked = statements.assign(
        _firmness=statements["status"].map(FIRMNESS),
        _converted=statements["currency"] != "CAD",
        _tier=_rank(statements["source_id"].map(tiers), TIERS),
        _exactness=_rank(statements["precision"], _EXACTNESS),
        _age=-statements["as_of"].map(pd.Timestamp.toordinal).astype("int64"),
    )
    by = ["award_id", "_firmness", "_converted", "_tier", "_exactness", "_age"]
    by += ["status", "source_id", "amount"]  # so that the order of the file never decides
    groups = ranked.sort_values(by, kind="stable").groupby("award_id", sort=True)
    chosen = groups.first()
    return chosen.assign(
        as_of=groups["as_of"].min(),
        source_tier=chosen["source_id"].map(tiers),
        statements=groups.size(),
        **{name: groups[name].agg(joined) for name in LINEAGE},
    ).reset_index()[[*statements.columns, "source_tier", "statements"]]


def public_day(announced: pd.Series, as_of: pd.Series) -> pd.Series:
    """Return the announced day, or the day from which the award was public where no day is stated.

    `announced` holds ISO days, months or years, or nothing.

    >>> announced = pd.Series(["2024-09-20", "2025", None], dtype="string")
    >>> as_of = pd.Series(pd.to_datetime(["2024-09-20", "2025-12-31", "2026-02-27"]))
    >>> public_day(announced, as_of).dt.strftime("%Y-%m-%d").tolist()
    ['2024-09-20', '2025-12-31', '2026-02-27']
    """
    whole = announced.where(announced.str.len() == _DAY_LENGTH)
    return pd.to_datetime(whole, format="%Y-%m-%d").fillna(as_of)


def spread_over(awards: pd.DataFrame, column: str) -> pd.DataFrame:
    """Sum awards under every entry of a list column.

    An award that names several entries stands in full under each, as `shared`; one that names a
    single entry is `alone`. So the `alone` sums may be added, the `shared` ones may not. Returns
    one row per entry and sharing: the singular of `column`, `sharing`, `amount_cad`, `awards` and
    the lineage; awards that name nothing form a row without an entry, `not_named`.
    """
    entry = column.removesuffix("s")
    sharing = awards[column].str.contains(";").map({True: "shared", False: "alone"})
    long = listed(awards.assign(sharing=sharing.fillna("not_named")), column)
    groups = long.rename(columns={column: entry}).groupby([entry, "sharing"], dropna=False)
    return groups.agg(
        amount_cad=("amount_cad", "sum"),
        awards=("award_id", "size"),
        **{name: (name, joined) for name in LINEAGE},
    ).reset_index()


def running(awards: pd.DataFrame, by: str, day: str) -> pd.DataFrame:
    """Sum awards by group and day and add what has come together in the group by then.

    Returns `by`, `day`, `amount_cad`, `cumulative_cad`, `awards` and the lineage of each day.
    """
    sums = (
        awards.groupby([by, day])
        .agg(
            amount_cad=("amount_cad", "sum"),
            awards=("award_id", "size"),
            **{name: (name, joined) for name in LINEAGE},
        )
        .reset_index()
    )
    return sums.assign(cumulative_cad=sums.groupby(by)["amount_cad"].cumsum())


def _rank(values: pd.Series, order: Sequence[str]) -> pd.Series:
    """Return each value's place in an order; what stands nowhere in it comes last."""
    places = {value: place for place, value in enumerate(order)}
    return values.map(places).fillna(len(order)).astype("int64")
