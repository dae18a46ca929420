"""From published statements about funded projects to one row per award.

Several documents may state the same award: an announcement and its contract, a release and a
newspaper. Their rows share an `award_id`, and only one of them may count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Final

import pandas as pd

from critical_minerals.language.quantities import Precision
from critical_minerals.tables.lineage import LINEAGE, PUBLIC_SINCE, grouped, joined, listed
from critical_minerals.tables.money import in_currency_of, twins
from critical_minerals.tables.precision import of_sum

FIRMNESS: Final[Mapping[str, int]] = {
    # Before closeness to the source: a contract that only a weak source gives still supersedes an
    # official announcement.
    "contracted": 0,
    "announced": 1,
    "conditional": 1,
    # It promises nothing: the loan that follows replaces it, even if a weaker source reports that.
    "letter_of_interest": 2,
    # What such a statement says of the money is what others said before: it decides the status.
    "withdrawn": 3,
    "ended": 3,
}
"""Firmest status lowest. A source that leaves out the conditions does not make an award firmer."""
WITHDRAWN: Final = ("withdrawn", "ended")
"""States of an award that counts no longer: from the day of such a statement on, whoever else told
of the award before."""
UNCONFIRMED: Final = ("reported", "secondary")
"""Tiers of what the press tells or what is still to be confirmed."""
_FORMS: Final[Mapping[str, str]] = {
    "loan": "loan",
    "equity": "equity",
    "contribution": "contribution",
    "grant": "contribution",
}
"""A loan comes back and equity keeps a value; contributions and grants are spent."""
TIERS: Final = ("official", "republished", "reported", "secondary")
"""Closest to the figure's origin first."""
# A bare number first, then approximations, bounds last: an "up to" does not say what was granted.
_EXACTNESS: Final = ("exact", "rounded", "nearly", "about", "more_than", "less_than", "up_to")
_DAY_LENGTH: Final = len("2026-02-27")


def one_per_award(statements: pd.DataFrame, tiers: Mapping[str, str]) -> pd.DataFrame:
    """Keep the statement of each award that counts.

    The firmest status wins, then an amount stated in Canadian dollars, then the source closest to
    the origin (`tiers` by `source_id`), then the most exact amount, then the newest statement. What
    the chosen statement leaves blank is filled from the others; `source_id` and `origin` name all
    of them, and `as_of` becomes the first day on which the award was public: `public_since`, which
    a revision does not move. An award whose newest statement says that it was withdrawn or ended
    keeps its figures and takes that status. Adds `source_tier` (of the chosen statement) and
    `statements` (how many there are).
    """
    # Over all statements, not only the ones chosen below: a withdrawal that only the press
    # reports ends an award whose amount stands in an official contract.
    final_statuses = _final_statuses(statements)
    ranked = statements.assign(
        _firmness=statements["status"].map(FIRMNESS),
        # What was stated in Canadian dollars needs no rate.
        _converted=statements["currency"] != "CAD",
        # A source without a known tier must not outrank one that has been assessed.
        _tier=_rank(statements["source_id"].map(tiers), TIERS),
        _exactness=_rank(statements["precision"], _EXACTNESS),
        # The lowest rank is taken, so the newest day has to be the smallest number.
        _age=-statements["as_of"].map(pd.Timestamp.toordinal).astype("int64"),
    )
    order = ["award_id", "_firmness", "_converted", "_tier", "_exactness", "_age"]
    order += ["status", "source_id", "amount"]  # so that the order of the file never decides
    groups = ranked.sort_values(order, kind="stable").groupby("award_id", sort=True)
    # Of each column the first cell that is not blank: so the others fill what the best leaves open.
    chosen = groups.first()
    return chosen.assign(
        # Only the status is replaced: the amount stays that of the firmest statement, since what a
        # notice of withdrawal says of it is only what others said before.
        status=final_statuses.reindex(chosen.index).fillna(chosen["status"]),
        # A revised statement is of a later day, but the award was known before.
        as_of=groups[PUBLIC_SINCE].min(),
        source_tier=chosen["source_id"].map(tiers),
        statements=groups.size(),
        # Every statement is named, also those not chosen: each raw row has to be traceable to an
        # award, and the check of rows counts it as used.
        **{name: groups[name].agg(joined) for name in LINEAGE},
    ).reset_index()[[*statements.columns, "source_tier", "statements"]]


def _final_statuses(statements: pd.DataFrame) -> pd.Series:
    """Return the status of each award whose newest statement ends it, by `award_id`.

    On one day a withdrawal outweighs any other statement.
    """
    is_over = statements["status"].isin(WITHDRAWN)
    # Sorted so that the last row of an award decides: the newest day, on that day an ending. The
    # status breaks ties, so that the order of the file never does.
    newest = statements.assign(over=is_over).sort_values(["as_of", "over", "status"], kind="stable")
    newest_rows = newest.drop_duplicates("award_id", keep="last").set_index("award_id")
    # An award announced again after its withdrawal is not over: only the newest row counts.
    return newest_rows.loc[newest_rows["over"], "status"]


def public_day(announced: pd.Series, as_of: pd.Series) -> pd.Series:
    """Return the announced day, or the day from which the award was public where no day is stated.

    `announced` holds ISO days, months or years, or nothing.

    >>> announced = pd.Series(["2024-09-20", "2025", None], dtype="string")
    >>> as_of = pd.Series(pd.to_datetime(["2024-09-20", "2025-12-31", "2026-02-27"]))
    >>> public_day(announced, as_of).dt.strftime("%Y-%m-%d").tolist()
    ['2024-09-20', '2025-12-31', '2026-02-27']
    """
    # A month or a year could be any of its days: that it was public is certain on `as_of` alone.
    full_days = announced.where(announced.str.len() == _DAY_LENGTH)
    return pd.to_datetime(full_days, format="%Y-%m-%d").fillna(as_of)


def condition_of(status: pd.Series) -> pd.Series:
    """Tell firm awards from those that hang on conditions.

    >>> condition_of(pd.Series(["announced", "conditional"])).tolist()
    ['firm', 'conditional']
    """
    # Letters of interest and awards that are over come out as firm, too; no sum of the notebook
    # counts them.
    firm = pd.Series("firm", index=status.index, dtype="string")
    return firm.mask(status.eq("conditional"), "conditional")


def form_of(instrument: pd.Series) -> pd.Series:
    """Tell loans, equity and contributions apart; grants are contributions.

    What the sources leave open stays `not_stated`: it is neither of them.

    >>> form_of(pd.Series(["grant", "loan", "not_stated"])).tolist()
    ['contribution', 'loan', 'not_stated']
    """
    # Not counted as contributions, which would say that the money is spent for good.
    return instrument.map(_FORMS).fillna("not_stated").astype("string")


def makeup(awards: pd.DataFrame) -> pd.DataFrame:
    """Sum awards by what the money is, every award once.

    `awards` has `instrument`, `condition`, `source_tier`, `amount_cad`. Returns `money_form` (loan,
    equity, contribution, not_stated), `amount_cad`, the parts of it that hang on conditions
    (`conditional_cad`) and that only the press or a source to be confirmed tells
    (`unofficial_cad`), `precision`, `awards` and the lineage.
    """
    with_components = awards.assign(
        money_form=form_of(awards["instrument"]),
        **_amounts_where(awards, "conditional_cad", awards["condition"].eq("conditional")),
        # A part of the same money, not money besides: the columns are not to be added.
        **_amounts_where(awards, "unofficial_cad", awards["source_tier"].isin(UNCONFIRMED)),
    )
    amounts = ["amount_cad", "conditional_cad", "unofficial_cad"]
    return _sum_groups(with_components, ["money_form"], amounts)


def confirmed(awards: pd.DataFrame) -> pd.DataFrame:
    """Return awards that a headline may be based on: no condition open, nothing to be confirmed.

    One large conditional loan, or one amount that only a secondary source gives, would decide by
    itself which mineral or place leads.
    """
    # Press reports (`reported`) stay in: what is excluded is what nobody has confirmed.
    return awards[awards["condition"].eq("firm") & awards["source_tier"].ne("secondary")]


def spread_over(awards: pd.DataFrame, column: str) -> pd.DataFrame:
    """Sum awards under every entry of a list column.

    An award that names several entries stands in full under each, as `shared`; one that names a
    single entry is `alone`. So the `alone` sums may be added, the `shared` ones may not. Returns
    one row per entry and sharing: the singular of `column`, `sharing`, `amount_cad`, the part of it
    that hangs on conditions (`conditional_cad`), `precision`, `awards` and the lineage; awards that
    name nothing form a row without an entry, `not_named`.
    """
    entry = column.removesuffix("s")
    # No source says how an award for several minerals or provinces is divided, so it is not.
    sharing = awards[column].str.contains(";").map({True: "shared", False: "alone"})
    with_components = awards.assign(
        sharing=sharing.fillna("not_named"),
        **_amounts_where(awards, "conditional_cad", awards["condition"].eq("conditional")),
    )
    exploded = listed(with_components, column).rename(columns={column: entry})
    return _sum_groups(exploded, [entry, "sharing"], ["amount_cad", "conditional_cad"])


def _amounts_where(awards: pd.DataFrame, name: str, selected: pd.Series) -> dict[str, pd.Series]:
    """Return the amounts of the selected awards, zero for the others, in each currency."""
    return {
        # Twins are cut by the same rows. A part must never be converted from the sum in the base
        # currency, since each award takes the rate of its own year.
        in_currency_of(name, amounts): awards[amounts].where(selected, 0.0)
        for amounts in twins(awards, "amount_cad")
    }


def _sum_groups(awards: pd.DataFrame, by: Sequence[str], sums: Sequence[str]) -> pd.DataFrame:
    """Sum awards within groups, with the precision of the sum, their number and lineage.

    Awards with a blank entry form a group of their own.
    """
    amounts = [name for column in sums for name in twins(awards, column)]
    # Awards that name no mineral or province are money too: dropped, they would make the sums fall
    # short of the total without a word.
    return grouped(
        awards,
        by,
        **{name: (name, "sum") for name in amounts},
        precision=("precision", of_sum),
        awards=("award_id", "size"),
    )


def running(awards: pd.DataFrame, by: str, day: str) -> pd.DataFrame:
    """Sum awards by group and day and add what has come together in the group by then.

    Returns `by`, `day`, `amount_cad`, `cumulative_cad`, the `precision` of the latter, `awards` and
    the lineage of each day.
    """
    sums = _sum_groups(awards, [by, day], ["amount_cad"])
    cumulative = {
        in_currency_of("cumulative_cad", amounts): sums.groupby(by)[amounts].cumsum()
        for amounts in twins(sums, "amount_cad")
    }
    # A total is as exact as the least exact of what came into it, from that day on.
    precisions = sums.groupby(by)["precision"].transform(_running_precisions)
    return sums.assign(**cumulative, precision=precisions)


def _running_precisions(precisions: Iterable[Precision]) -> list[Precision]:
    """Return the precision of each running total: of a value and all before it."""

    def combined(so_far: Precision, precision: Precision) -> Precision:
        return of_sum((so_far, precision))

    return [*accumulate(precisions, combined)]


def _rank(values: pd.Series, order: Sequence[str]) -> pd.Series:
    """Return the position of each value in an order; a value that is not in it comes last."""
    places = {value: place for place, value in enumerate(order)}
    return values.map(places).fillna(len(order)).astype("int64")
