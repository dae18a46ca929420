"""Balances from published parts, and the judgement of published figures against them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.supply_balance import (
    compare_published,
    outcomes,
    reliance_span,
    supply_balances,
)
from critical_minerals.raw.store import RawStore

DAY = dt.date(2026, 9, 30)
KEY = ["mineral", "form", "year"]


def parts(*rows, mineral="tin"):
    """Build parts from (statistic, year, quantity, qualifier)."""
    frame = pd.DataFrame(rows, columns=["statistic", "year", "quantity", "qualifier"])
    return frame.assign(
        mineral=mineral,
        form="all",
        unit="t",
        part="all",
        rounded_to=1.0,
        estimated=False,
        source_id="A",
        origin=[f"a.csv:{row}" for row in range(2, len(rows) + 2)],
        quantity=frame["quantity"].astype("Float64"),
        year=frame["year"].astype("Int64"),
    )


def one(*rows):
    frame = supply_balances(parts(*rows))
    assert len(frame) == 1
    return frame.iloc[0]


def test_all_parts_give_consumption_and_reliance():
    row = one(
        ("primary_production", 2023, 30, None),
        ("secondary_production", 2023, 10, None),
        ("imports", 2023, 80, None),
        ("exports", 2023, 25, None),
        ("stockpile_release", 2023, 5, None),
        ("consumption", 2023, 100, None),
    )
    assert (row["net_imports"], row["consumption"], row["computed_pct"]) == (60, 100, 60)
    assert (row["basis"], row["missing_components"]) == ("parts", None)
    assert row["consumption_outcome"] == "agrees"
    assert row["low_pct"] < 60 < row["high_pct"]
    assert row["origin"] == " ".join(f"a.csv:{n}" for n in range(2, 8))


def test_statistic_without_a_row_is_not_counted():
    row = one(("imports", 2023, 80, None), ("exports", 2023, 30, None))
    assert (row["primary_production"], row["consumption"], row["computed_pct"]) == (0, 50, 100)


def test_withheld_part_is_no_zero():
    row = one(
        ("primary_production", 2023, None, "withheld"),
        ("imports", 2023, 80, None),
        ("exports", 2023, 30, None),
    )
    assert pd.isna(row["computed_pct"])
    assert pd.isna(row["consumption"])
    assert (row["low_pct"], row["high_pct"]) == (0, 100)
    assert (row["basis"], row["missing_components"]) == ("none", "primary_production")


def test_one_withheld_part_of_several_leaves_no_sum():
    row = one(
        ("imports", 2023, 80, None),
        ("imports", 2023, None, "not_available"),
        ("exports", 2023, 30, None),
    )
    assert pd.isna(row["imports"])
    assert row["missing_components"] == "imports"


@pytest.mark.parametrize("lacking", ["secondary_production", "exports"])
def test_published_consumption_stands_in_for_one_part(lacking):
    known = {"secondary_production": 40.0, "imports": 80.0, "exports": 20.0, "consumption": 100.0}
    row = one(
        *[
            (
                name,
                2023,
                None if name == lacking else value,
                "withheld" if name == lacking else None,
            )
            for name, value in known.items()
        ]
    )
    assert (row["computed_pct"], row["basis"], row["missing_components"]) == (
        60,
        "consumption",
        lacking,
    )
    assert row["low_pct"] < 60 < row["high_pct"]
    assert row["consumption_outcome"] == "not_recomputable"


def test_stocks_count_by_their_fall_and_the_first_year_has_none():
    frame = supply_balances(
        parts(
            ("imports", 2021, 50, None),
            ("imports", 2022, 50, None),
            ("stocks", 2021, 30, None),
            ("stocks", 2022, 20, None),
        )
    ).set_index("year")
    assert frame.loc[2022, "net_imports"] == 60
    assert pd.isna(frame.loc[2021, "stocks_drawn"])
    assert frame.loc[2021, "missing_components"] == "stocks"
    assert "a.csv:4" in frame.loc[2022, "origin"]


def test_net_exporter_has_no_positive_share():
    row = one(
        ("primary_production", 2023, 100, None),
        ("imports", 2023, 5, None),
        ("exports", 2023, 60, None),
    )
    assert row["computed_pct"] < 0
    assert (row["low_pct"], row["high_pct"]) == (0, 0)


def test_minerals_do_not_mix():
    both = pd.concat(
        [parts(("imports", 2023, 5, None)), parts(("imports", 2023, 7, None), mineral="zinc")]
    )
    assert supply_balances(both)["imports"].tolist() == [5, 7]


def test_no_parts_give_no_balances():
    frame = supply_balances(parts(("imports", 2023, 5, None)).head(0))
    assert frame.empty
    assert {"computed_pct", "missing_components", "origin"} <= set(frame)


@given(st.integers(1, 99), st.floats(0, 100), st.floats(0, 20), st.floats(0, 20))
def test_judgement_follows_distance(published: int, computed: float, below: float, above: float):
    low, high = computed - below, computed + above
    outcome = compare_published(reliance_span(published, None), computed, low, high)
    gap = abs(computed - published)
    if gap < 0.499:
        assert outcome == "agrees"
    elif gap > 0.501 + max(below, above):
        assert outcome == "differs"
    if outcome == "agrees_after_rounding":
        assert gap >= 0.5 - 1e-6
        assert low <= published + 0.501
        assert high >= published - 0.501


@pytest.mark.parametrize(
    ("pct", "qualifier", "computed", "low", "high", "outcome"),
    [
        (50, "more_than", 71.0, 70.0, 72.0, "agrees"),
        (50, "more_than", 40.0, 39.0, 41.0, "differs"),
        (50, "more_than", None, 55.0, 100.0, "agrees"),
        (50, "more_than", None, 0.0, 100.0, "not_recomputable"),
        (25, "less_than", None, 30.0, 100.0, "differs"),
        (None, "net_exporter", -4.0, 0.0, 0.0, "agrees"),
        (None, "net_exporter", 4.0, 3.0, 5.0, "differs"),
        (None, "net_exporter", 0.5, 0.0, 2.0, "agrees_after_rounding"),
        (4, None, -1.0, 0.0, 0.0, "differs"),
        (100, None, 100.0, 100.0, 100.0, "agrees"),
        (100, None, None, None, None, "not_recomputable"),
    ],
)
def test_each_kind_of_published_figure_is_judged(pct, qualifier, computed, low, high, outcome):
    frame = pd.DataFrame(
        {
            "reliance_pct": [pct],
            "qualifier": [qualifier],
            "computed_pct": [computed],
            "low_pct": [low],
            "high_pct": [high],
        }
    )
    assert outcomes(frame).tolist() == [outcome]


def test_reliance_without_a_number_is_a_net_exporters():
    with pytest.raises(ValueError, match="net exporter"):
        reliance_span(None, "withheld")


@pytest.fixture
def recomputed(workspace):
    """Judge the project's own figures."""

    def judge() -> pd.DataFrame:
        store = RawStore(workspace)
        computed = supply_balances(store.read("supply/us_salient", DAY))
        published = store.read("supply/us_import_reliance", DAY)
        both = published.merge(computed, on=KEY, how="left", suffixes=("_published", ""))
        return both.assign(outcome=outcomes(both)).set_index(KEY)

    return judge


def test_published_reliance_agrees_but_for_three_figures(recomputed):
    outcome = recomputed()["outcome"]
    assert sorted(outcome[outcome == "differs"].index) == [
        ("cobalt", "all", 2025),
        ("potash", "all", 2024),
        ("tin", "refined", 2025),
    ]
    assert (outcome == "agrees").sum() > 140
    assert (outcome == "agrees_after_rounding").any()
    assert (outcome[("lithium", "all")] == "not_recomputable").all()


def test_changed_part_makes_its_figure_differ(recomputed, raw):
    rows = raw.rows("supply/us_salient")
    row = next(
        number
        for number, cells in enumerate(rows, start=1)
        if cells[:5] == ["copper", "refined", "imports", "refined", "2023"]
    )
    before = recomputed()["outcome"]
    raw.set("supply/us_salient", row, "quantity", "1771")
    after = recomputed()["outcome"]
    assert before[before != after].index.tolist() == [("copper", "refined", 2023)]
    assert after[("copper", "refined", 2023)] == "differs"


def test_each_form_with_parts_has_published_reliance_for_the_same_years(workspace):
    store = RawStore(workspace)
    frames = [store.read(f"supply/{name}", DAY) for name in ("us_salient", "us_import_reliance")]
    held, published = ({tuple(row) for row in frame[KEY].to_numpy()} for frame in frames)
    assert held <= published
    assert {row[0] for row in published - held} == {"cesium"}
