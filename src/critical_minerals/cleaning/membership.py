"""Who takes part in what: partners of an arrangement, and a matrix of countries by forum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from critical_minerals.tables.lineage import grouped, summed

BILATERAL: Final = "bilateral"
"""Id of the forum that stands for all bilateral arrangements neither fulfilled nor ended."""
SCOPES: Final = ("bilateral", "multilateral", "investment", "offtake", "domestic")
"""Scopes of arrangements, in the order in which they are listed."""
_LIST_SEPARATOR = ";"
_HOME: Final = "CA"


def partners(members: pd.DataFrame) -> pd.DataFrame:
    """List each arrangement's partners: members that do not stand for Canada.

    `members` has `agreement`, `member`, `country`, `source_id`, `origin`. A host that gives the
    arrangement its name is no partner of its own. Returns `agreement`, `partners` (ids separated by
    semicolons), `partner_count` and the lineage.
    """
    # By country too: the Geological Survey of Canada signs some arrangements, and has an id of its
    # own. Organizations and companies have no country, which must not count as Canada.
    is_canadian = members["member"].eq(_HOME) | members["country"].eq(_HOME).fillna(value=False)
    partner_rows = members[~is_canadian.astype(bool) & members["member"].ne(members["agreement"])]
    names = ("member", _LIST_SEPARATOR.join)
    return grouped(partner_rows, ["agreement"], partners=names, partner_count=("member", "size"))


def membership_status(roles: pd.Series, joined_on: pd.Series, launched_on: pd.Series) -> pd.Series:
    """Tell how each country stands in an arrangement: `from_start`, `later` or `project_partner`.

    A plain member whose membership became public after the launch joined later; founders, leaders
    and parties were there from the start.
    """
    joined_later = roles.eq("member") & (joined_on > launched_on)
    # Founders, leaders and parties were there at the launch, whenever a document first names them.
    status = pd.Series("from_start", index=roles.index, dtype="string").mask(joined_later, "later")
    return status.mask(roles.eq("partner"), "project_partner")


def matrix(members: pd.DataFrame, merged: Mapping[str, str]) -> pd.DataFrame:
    """Return which country takes part in which forum, one row for each pair.

    `members` has `agreement`, `country`, `standing`, `source_id`, `origin`; `merged` names the
    forum that stands for several arrangements. Returns `country`, `forum`, `standing` (the
    earliest), `arrangements` (how many stand behind the pair) and the lineage.
    """
    # An organization has no country and so no row in a matrix of countries.
    abroad = members[members["country"].notna() & members["country"].ne(_HOME)]
    # Arrangements with the same members share a column, such as the G7 action plan and its roadmap.
    forum = abroad["agreement"].replace(dict(merged))
    counted = abroad.assign(forum=forum.astype("string"), arrangements=1)
    # By the alphabet `from_start` comes before `later` and `project_partner`: the earliest is kept.
    counted = counted.sort_values("standing", kind="stable")
    pairs = summed(counted, ["country", "forum"], ["arrangements"])
    first = counted.drop_duplicates(["country", "forum"])[["country", "forum", "standing"]]
    return pairs.merge(first, on=["country", "forum"], validate="one_to_one")


def ordered(matrix_rows: pd.DataFrame, forums: Iterable[str]) -> list[str]:
    """Order countries by the number of forums that they share with Canada, then by id."""
    inside = matrix_rows[matrix_rows["forum"].isin(list(forums))]
    counts = inside.groupby("country").size()
    # The id breaks ties: an order by count alone would follow the order of the rows.
    return sorted(counts.index, key=lambda country: (-int(counts[country]), str(country)))
