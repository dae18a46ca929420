"""What is publicly known of how much of its money each programme has committed.

A commitment is a published figure (results whose measure begins with `committed`) or the sum of the
programme's awards. Either can only be a floor: figures age, and not every award is in the table.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from critical_minerals.tables.lineage import LINEAGE, grouped
from critical_minerals.tables.money import in_currency_of, twins
from critical_minerals.tables.precision import of_sum

COLUMNS = ("committed_precision", "committed_basis", *LINEAGE)
"""What there is beside a programme and its amounts."""


def published(results: pd.DataFrame) -> pd.DataFrame:
    """Sum the published commitments of each programme; its streams do not overlap.

    `results` are reported amounts: `measure`, `amount_cad` and its twins.
    """
    # Announced amounts (`announced_...`) are other measures of the same money: added, they would
    # count it twice.
    return _sum_by_programme(results[results["measure"].str.startswith("committed")], "published")


def known(results: pd.DataFrame, awards: pd.DataFrame, parents: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per programme with the larger of its published figure and its awards.

    Both are floors, so the larger says more. Figures of a child also count for its parent, unless
    the parent publishes its own. `parents` gives each programme's parent.
    """
    stated = published(results)
    inherited = _assign_to_parents(stated, parents)
    # A parent that publishes a figure of its own has counted its children in it.
    without_own_figure = inherited[~inherited["programme"].isin(stated["programme"])]
    # Each award counts for its own programme and once more for the parent. Rows of programmes are
    # therefore never to be added up.
    all_awards = pd.concat([awards, _assign_to_parents(awards, parents)], ignore_index=True)
    # Not every award is in the table: their sum is a floor.
    awarded = _sum_by_programme(all_awards, "awards").assign(committed_precision="more_than")
    candidates = pd.concat([stated, without_own_figure, awarded], ignore_index=True)
    # Two floors of one amount: the higher one says more, and both are true. Of two equal ones the
    # published figure stays, since it is listed first and the sort is stable.
    largest = candidates.sort_values("committed_cad", ascending=False, kind="stable")
    return largest.drop_duplicates("programme").sort_values("programme", ignore_index=True)


def _assign_to_parents(rows: pd.DataFrame, parents: Mapping[str, str]) -> pd.DataFrame:
    """Assign rows of child programmes to their parents; drop rows without a parent."""
    return rows.assign(programme=rows["programme"].map(parents)).dropna(subset=["programme"])


def _sum_by_programme(rows: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Sum amounts by programme, with the precision of the sum and its lineage."""
    amounts = {in_currency_of("committed_cad", name): name for name in twins(rows, "amount_cad")}
    sums = grouped(
        rows,
        ["programme"],
        **{name: (source, "sum") for name, source in amounts.items()},
        committed_precision=("precision", of_sum),
    )
    return sums.assign(committed_basis=basis)[["programme", *amounts, *COLUMNS]]
