"""Vintages, units and the measures of a group of producers."""

from __future__ import annotations

import pandas as pd
import pytest

from critical_minerals.cleaning.concentration import measure_concentration, shares_of_world
from critical_minerals.cleaning.units import in_base_units
from critical_minerals.cleaning.vintages import newest_vintage

UNITS = pd.DataFrame(
    {
        "unit": ["t", "kt", "kg", "Mm3"],
        "dimension": ["mass", "mass", "mass", "volume"],
        "factor_to_base": [1.0, 1000.0, 0.001, 1e6],
    }
)


def producers(**quantities):
    return pd.DataFrame(
        {
            "mineral": "cobalt",
            "country": list(quantities),
            "quantity": pd.array(list(quantities.values()), dtype="Float64"),
            "excludes": None,
            "source_id": "A",
            "origin": [f"a.csv:{row}" for row in range(2, len(quantities) + 2)],
        }
    )


def test_release_is_taken_whole():
    old = producers(CD=7, RU=2, WLD=10).assign(year=2024, release=2025)
    new = producers(CD=8, WLD=10).assign(year=2024, release=2026)
    kept = newest_vintage(pd.concat([old, new]), ["mineral", "year"], "release")
    assert kept["country"].tolist() == ["CD", "WLD"]


def test_older_release_stays_for_years_that_only_it_gives():
    old = producers(CD=7).assign(year=2023, release=2025)
    new = producers(CD=8).assign(year=2024, release=2026)
    kept = newest_vintage(pd.concat([old, new]), ["mineral", "year"], "release")
    assert kept["quantity"].tolist() == [7, 8]


def test_quantities_of_another_dimension_stay_missing():
    quantities = pd.Series([2.0, 3.0, None, 5.0], dtype="Float64")
    units = pd.Series(["kt", "kg", "t", "Mm3"])
    tonnes = in_base_units(quantities, units, UNITS, "mass")
    assert tonnes.fillna(-1).tolist() == [2000, 0.003, -1, -1]


def test_unknown_unit_is_refused():
    with pytest.raises(KeyError, match="carat"):
        in_base_units(pd.Series([1.0]), pd.Series(["carat"]), UNITS, "mass")


def test_share_is_of_the_published_total_not_of_the_sum():
    frame = producers(CD=60, RU=20, WLD=100)
    shares = shares_of_world(frame, ["mineral"], "quantity")
    assert shares.fillna(-1).tolist() == [60, 20, -1]


def test_group_without_total_has_no_shares():
    assert shares_of_world(producers(CD=60), ["mineral"], "quantity").isna().all()


def test_others_and_withheld_producers_are_no_suppliers():
    frame = producers(CD=60, RU=20, US=None, OTHER=20, WLD=100)
    row = measure_concentration(frame, ["mineral"], "quantity").iloc[0]
    assert row["top_countries"] == "CD;RU"
    assert row["hhi"] == pytest.approx(60**2 + 20**2)
    assert row["hhi_most"] == pytest.approx(60**2 + 20**2 + 20**2)
    assert row["named_pct"] == pytest.approx(80)
    assert pd.isna(row["third_pct"])
    assert row["origin"] == "a.csv:2 a.csv:3"


def test_group_without_known_shares_is_left_out():
    frame = producers(CD=None, WLD=100)
    none = measure_concentration(frame, ["mineral"], "quantity")
    assert none.empty
    assert "hhi" in none
