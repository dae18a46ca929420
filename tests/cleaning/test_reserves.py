"""Reserves in a unit that cannot be meant."""

from __future__ import annotations

import pandas as pd

from critical_minerals.cleaning.reserves import jumped, too_small

PLACE = ["commodity", "country"]


def rows(*cells: tuple[str, str, int, float | None]) -> pd.DataFrame:
    return pd.DataFrame(list(cells), columns=["commodity", "country", "year", "t"])


def test_reserves_of_less_than_a_year_of_output_are_found() -> None:
    output = rows(("vanadium", "CN", 2024, 84_000), ("vanadium", "CN", 2025, 82_000))
    as_printed = rows(("vanadium", "CN", 2025, 5_800), ("vanadium", "AU", 2025, 10_000))
    assert too_small(as_printed, output, PLACE, "t")["country"].tolist() == ["CN"]
    assert too_small(as_printed.assign(t=5_800_000), output, PLACE, "t").empty


def test_reserves_a_thousandth_of_the_vintage_before_are_found() -> None:
    held = rows(
        ("vanadium", "AU", 2024, 8_500_000),
        ("vanadium", "AU", 2025, 10_000),
        ("tin", "AU", 2024, 600),
        ("tin", "AU", 2025, None),
    )
    assert jumped(held, PLACE, "t")["year"].tolist() == [2025]
