"""Arithmetic with rounded figures keeps every value that they may stand for."""

import operator
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from critical_minerals.tables.rounding import Stated, step_of, total

AMOUNTS = st.floats(-1e6, 1e6)
STEPS = st.sampled_from([0.0, 0.1, 1.0, 10.0])
PLACES = st.floats(0, 1)


def inside(figure: Stated, place: float) -> float:
    """A value that a figure may stand for."""
    return figure.least + place * (figure.most - figure.least)


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
    left, right = Stated.rounded(one, steps[0]), Stated.rounded(other, steps[1])
    assume(reckon is not operator.truediv or not right.least - 1e-3 <= 0 <= right.most + 1e-3)
    result = reckon(left, right)
    true = reckon(inside(left, places[0]), inside(right, places[1]))
    slack = 1e-9 * max(1.0, abs(result.least), abs(result.most))
    assert result.least - slack <= true <= result.most + slack
    assert result.least - slack <= result.value <= result.most + slack


def test_nothing_is_divided_by_what_may_be_zero():
    with pytest.raises(ValueError, match="may be zero"):
        Stated.exactly(5) / Stated.rounded(0.4, 1)


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
    assert Stated.published(2_200_000_000, "rounded").most == 2_250_000_000
    assert Stated.published(2_200_000_000, "up_to") == Stated.exactly(2_200_000_000)


def test_a_sum_adds_up_the_room_of_its_parts():
    assert total([Stated.rounded(1, 1)] * 4) == Stated(4, 2, 6)
    assert total([]) == Stated.exactly(0)
