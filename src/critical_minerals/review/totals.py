"""Check that totals equal the sum of their components, within the publisher's rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import Problem
from critical_minerals.tables.check_results import Kind, Result, some_of

_NOISE: Final = 1e-12
"""Relative error that adding binary fractions can leave."""


def compare_totals(
    parts: pd.DataFrame,
    whole: pd.DataFrame,
    value: str,
    by: Sequence[str],
    *,
    rounded_to: float = 0.0,
    within: float = 0.0,
    at_most: bool = False,
) -> pd.DataFrame:
    """Compare totals with the sums of their components: one row for each total that has any.

    `parts` and `whole` have the columns `by`, `value` and `origin`; `whole` has each `by` once.
    Where figures are published to the step `rounded_to`, a total and its n parts may differ by
    (n + 1) / 2 of it, since each may be off by half a step; `within` allows for a further
    difference. With `at_most`, parts may fall short. Totals without parts, and parts whose total
    was not published, are ignored; so are totals and parts without a number.

    Columns: `by`, `total`, `parts` (their sum), `count`, `difference` (parts less total), `allowed`
    and `good`, with the `origin` of both.

    >>> whole = pd.DataFrame({"year": [2023], "value": [150.7], "origin": ["a.csv:9"]})
    >>> parts = pd.DataFrame(
    ...     {"year": [2023] * 3, "value": [115.5, 22.4, 12.9], "origin": ["a.csv:2"] * 3}
    ... )
    >>> both = compare_totals(parts, whole, "value", ["year"], rounded_to=0.1)
    >>> both[["difference", "good"]].round(1)
       difference  good
    0         0.1  True
    """
    keys, numeric_parts = list(by), parts.dropna(subset=[value])
    # Keys with a blank form groups too: pandas would drop them, and their totals go unchecked.
    sums = numeric_parts.groupby(keys, as_index=False, dropna=False).agg(
        parts=(value, "sum"), count=(value, "size"), parts_origin=("origin", " ".join)
    )
    totals = whole.dropna(subset=[value])[[*keys, value, "origin"]].rename(columns={value: "total"})
    # `one_to_one` raises where `whole` has a key twice: it is unclear which of them is the total.
    compared = totals.merge(sums, on=keys, how="inner", validate="one_to_one")
    compared = compared.astype({"total": "float64", "parts": "float64"})
    # At least the noise of 1: totals near zero have components that are not.
    noise = compared["total"].abs().clip(lower=1.0) * _NOISE
    compared["difference"] = compared["parts"] - compared["total"]
    compared["allowed"] = (compared["count"] + 1) / 2 * rounded_to + within
    # With `at_most` only parts above the total fail; a shortfall is what is not published.
    excess = compared["difference"] if at_most else compared["difference"].abs()
    compared["good"] = excess <= compared["allowed"] + noise
    return compared


def totals_result(table: str, by: Sequence[str], compared: pd.DataFrame) -> Result:
    """Turn what `compare_totals` found into the result of a check."""
    failed = compared[~compared["good"]]
    return Result(
        kind=Kind.SUMS,
        end="processed",
        table=table,
        rows=int(compared["count"].sum()),
        columns=len(compared),  # the report counts totals, where other checks count columns
        problems=tuple(_problem(table, by, record) for record in failed.to_dict("records")),
    )


def _problem(table: str, by: Sequence[str], record: Mapping[Any, Any]) -> Problem:
    """Describe a failed total: its figure, the sum of its components, the rows of both."""
    key = ", ".join(f"{name}={record[name]}" for name in by)
    margin = f", give or take {record['allowed']:.15g}" if record["allowed"] else ""
    count = f"{record['count']} part{'s' * (record['count'] != 1)}"
    return Problem(
        file=f"table {table} ({key})",
        value=f"{record['total']:.15g} ({some_of(record['origin'])})",
        expected=f"{record['parts']:.15g}, the sum of its {count} ("
        f"{some_of(record['parts_origin'])}){margin}",
        remedy="Correct the figure; where the source itself does not add up, make it a claim.",
    )
