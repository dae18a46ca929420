"""Apparent consumption and net import reliance: their definition, limits and unknowns."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.reliance import (
    apparent_consumption,
    net_import_reliance,
    net_imports,
    reliance_range,
    reliance_shown,
)
from critical_minerals.tables.intervals import Interval

QUANTITY = st.floats(0, 1e9)
POSITIVE = st.floats(1, 1e9)
TONNES = st.integers(0, 10**9)
STEP = st.sampled_from([0.0, 0.1, 1.0, 10.0, 100.0])


def reliance(net: float, consumption: float) -> float:
    return net_import_reliance(pd.Series([net]), pd.Series([consumption])).iloc[0]


@given(POSITIVE, st.floats(-1e9, 1e9), st.floats(0.001, 1000))
def test_reliance_does_not_depend_on_the_unit(production: float, net: float, factor: float):
    consumption = apparent_consumption(production, net)
    if consumption > 1e-3:
        scaled = reliance(net * factor, consumption * factor)
        assert scaled == pytest.approx(reliance(net, consumption))


@given(QUANTITY, POSITIVE)
def test_reliance_and_production_share_make_the_whole(production: float, net: float):
    consumption = apparent_consumption(production, net)
    level = reliance(net, consumption)
    assert level + production / consumption * 100 == pytest.approx(100)
    assert 0 < level <= 100 + 1e-9


@given(TONNES, TONNES, TONNES, TONNES)
def test_who_sends_away_at_least_what_comes_in_is_a_net_exporter(
    production: int, imports: int, more: int, drawn: int
):
    net = net_imports(imports, imports + drawn + more, drawn)
    consumption = apparent_consumption(production + more + 1, net)
    assert consumption > 0
    assert reliance_shown(pd.Series([reliance(net, consumption)])).tolist() == ["E"]


def test_without_production_all_is_imported():
    assert reliance(44.34, apparent_consumption(0.0, 44.34)) == 100


@pytest.mark.parametrize("consumption", [0.0, -5.0, math.nan])
def test_share_of_no_consumption_is_missing(consumption: float):
    assert pd.isna(reliance(3.0, consumption))


def test_missing_quantities_stay_missing():
    net = net_imports(pd.Series([5.0, None]), pd.Series([None, 1.0]), pd.Series([0.0, 0.0]))
    assert net.isna().all()
    assert reliance_shown(net_import_reliance(net, pd.Series([9.0, 9.0]))).isna().all()


def test_reliance_is_written_in_whole_per_cent_halves_upwards():
    assert reliance_shown(pd.Series([62.5, 0.2, 99.6])).tolist() == ["63", "0", "100"]


@given(st.lists(st.tuples(POSITIVE, STEP, st.floats(-0.5, 0.5)), min_size=1, max_size=6))
def test_sum_of_ranges_holds_the_sum_of_true_values(parts: list[tuple[float, float, float]]):
    total, true = Interval.exactly(0), 0.0
    for published, step, off in parts:
        total += Interval.of(published, rounded_to=step)
        true += max(published + off * step, 0.0)
    assert total.low - 1e-3 <= true <= total.high + 1e-3
    assert total.value == pytest.approx(sum(published for published, _, _ in parts))


@given(POSITIVE, POSITIVE, STEP, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_possible_reliance_holds_that_of_true_values(
    production: float, net: float, step: float, off: float, off_net: float
):
    ranges = Interval.of(production, rounded_to=step), Interval.of(net, rounded_to=step)
    low, high = reliance_range(*ranges)
    made, came = max(production + off * step, 0), max(net + off_net * step, 0)
    if made + came > 1e-6:
        assert -1e-9 <= low <= reliance(came, made + came) + 1e-3
        assert reliance(came, made + came) <= high + 1e-3 <= 100 + 1e-2


@given(POSITIVE)
def test_withheld_production_leaves_everything_possible_but_is_no_zero(net: float):
    withheld = Interval.of(None, "withheld")
    assert (withheld + Interval.of(net)).value is None
    assert reliance_range(withheld, Interval.of(net)) == (0, 100)


def test_withheld_exports_cannot_rule_out_a_net_exporter_but_a_certain_one_stays():
    exports = Interval.of(None, "not_available")
    assert reliance_range(Interval.of(50), Interval.of(10) - exports) == (0, pytest.approx(100 / 6))
    assert reliance_range(Interval.of(50), Interval.of(0) - exports) == (0, 0)


def test_bounds_stay_bounds():
    assert Interval.of(5, "more_than") == Interval(None, 5, math.inf)
    assert Interval.of(0.5, "less_than") == Interval(None, 0, 0.5)


@pytest.mark.parametrize("nothing", [None, math.nan])
@pytest.mark.parametrize("qualifier", [None, "zero", "estimated"])
def test_figure_without_number_and_reason_is_refused(nothing, qualifier):
    with pytest.raises(ValueError, match="withheld"):
        Interval.of(nothing, qualifier)


def test_rounding_takes_no_quantity_below_zero_but_stocks_may_grow():
    assert Interval.of(3, rounded_to=10).low == 0
    assert Interval.of(-3, rounded_to=10).low == -8
