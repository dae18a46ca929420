"""Arithmetic with rounded figures keeps every value that they may stand for."""

import operator
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from critical_minerals.tables.intervals import Interval, step_of, total

AMOUNTS = st.floats(-1e6, 1e6)
STEPS = st.sampled_from([0.0, 0.1, 1.0, 10.0])
PLACES = st.floats(0, 1)


def inside(figure: Interval, place: float) -> float:
    """A value that a figure may stand for."""
    return figure.low + place * (figure.high - figure.low)


@pytest.mark.parametrize(
    "reckon", [operator.add, operator.sub, operator.mul, operator.truediv], ids=lambda f: f.__name__
)
@given(one=AMOUNTS, other=AMOUNTS, steps=st.tuples(STEPS, STEPS), places=st.tuples(PLACES, PLACES))
def test_a_result_holds_whatever_its_figures_may_stand_for(
    reckon: Callable[[object, object], object],
    one: float,
    other: float,
    steps: tuple[float, float],
    places: tuple[float, float],
):
    left, right = Interval.rounded(one, steps[0]), Interval.rounded(other, steps[1])
    assume(reckon is not operator.truediv or not right.low - 1e-3 <= 0 <= right.high + 1e-3)
    result = reckon(left, right)
    true = reckon(inside(left, places[0]), inside(right, places[1]))
    slack = 1e-9 * max(1.0, abs(result.low), abs(result.high))
    assert result.low - slack <= true <= result.high + slack
    assert result.low - slack <= result.value <= result.high + slack


def test_nothing_is_divided_by_what_may_be_zero():
    with pytest.raises(ValueError, match="may be zero"):
        Interval.exactly(5) / Interval.rounded(0.4, 1)


@pytest.mark.parametrize(
    ("value", "step"),
    [(3_800_000_000, 1e8), (153_100_000_000, 1e8), (5_000_000, 1e5), (17.6, 0.1), (91, 1), (0, 0)],
)
def test_a_rounded_figure_tells_its_step(value: float, step: float):
    assert step_of(value) == pytest.approx(step)


@given(st.integers(10, 99), st.integers(-3, 9))
def test_rounding_to_the_told_step_changes_nothing(digits: int, power: int):
    value = float(f"{digits}e{power}")
    assert value / step_of(value) == pytest.approx(round(value / step_of(value)))


def test_only_rounded_figures_leave_room():
    assert Interval.published(2_200_000_000, "rounded").high == 2_250_000_000
    assert Interval.published(2_200_000_000, "up_to") == Interval.exactly(2_200_000_000)


def test_a_sum_adds_up_the_room_of_its_parts():
    assert total([Interval.rounded(1, 1)] * 4) == Interval(4, 2, 6)
    assert total([]) == Interval.exactly(0)
