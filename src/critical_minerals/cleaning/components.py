"""A whole and its parts: what is left beside a part, and a part known by its share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from critical_minerals.tables.lineage import joined_sides

# Precisions that leave more open than the last printed digit does.
_INEXACT = ("about", "nearly", "more_than", "up_to", "less_than")


def residual(whole: pd.DataFrame, part: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Return what of each whole is not in its part: `value` less the part's `value`.

    Both frames have `on`, `value`, `precision`, `as_of`, `source_id` and `origin`; wholes without a
    part are left out. Raises `ValueError` where a part is larger than its whole.
    """
    pairs = _merge_pairs(whole, part, on)
    remaining = pairs["value"] - pairs["value_other"]
    # A negative residual is never a figure: it means that the two were paired wrongly, or that one
    # of them is a misprint.
    if (remaining < 0).any():
        keys = pairs.loc[remaining < 0, list(on)].to_dict("records")
        msg = f"A part is larger than its whole: {keys}"
        raise ValueError(msg)
    return _with_provenance(pairs, remaining, whole.columns)


def share_of_total(whole: pd.DataFrame, shares: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Return the part of each whole that a share (in per cent, in `value`) describes.

    Frames as for `residual`.
    """
    pairs = _merge_pairs(whole, shares, on)
    return _with_provenance(pairs, pairs["value"] * pairs["value_other"] / 100, whole.columns)


def _merge_pairs(whole: pd.DataFrame, other: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    # One to one: a total with two components would give two residuals, each of which still holds
    # the other component. Totals without a component are dropped, because nothing is known of their
    # rest.
    return whole.merge(other, on=list(on), suffixes=("", "_other"), validate="1:1")


def _with_provenance(pairs: pd.DataFrame, values: pd.Series, columns: pd.Index) -> pd.DataFrame:
    """Give computed values the precision, day and lineage of the two figures behind them."""
    # A computed figure is no more exact than the looser of the two: of "nearly 140" half is "about"
    # 70.
    inexact = pairs["precision"].isin(_INEXACT) | pairs["precision_other"].isin(_INEXACT)
    result = joined_sides(pairs, "", "_other").assign(
        value=values,
        # Never "exact": even of two exact figures the result is computed here and was published
        # nowhere.
        precision=inexact.map({True: "about", False: "rounded"}).astype("string"),
        # The later day: before both figures were public nobody could have computed this one.
        as_of=pairs[["as_of", "as_of_other"]].max(axis=1),
    )
    return result[list(columns)]
