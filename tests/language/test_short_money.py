"""Amounts where there is little room."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.language.quantities import Money
from critical_minerals.language.short_money import short_money


@pytest.mark.parametrize(
    ("money", "english", "french"),
    [
        (Money(223_471_100, "CAD"), "$223M", "223 M$"),
        (Money(19_454_420_000, "CAD"), "$19.5B", "19,5 G$"),
        (Money(999_600_000, "CAD"), "$1B", "1 G$"),
        (Money(92_500, "CAD"), "$92.5K", "92,5 k$"),
        (Money(1_530_000, "USD"), "US$1.53M", "1,53 M$ US"),
        (Money(20_000_000, "CAD", precision="up_to"), "$20M", "20 M$"),
    ],
)
def test_amounts_in_both_languages(money: Money, english: str, french: str):
    say = short_money(money)
    assert say("en").replace("\u00a0", " ") == english
    assert say("fr").replace("\u00a0", " ") == french


@given(st.floats(1, 9e11))
def test_no_more_than_three_digits_carry_the_amount(amount: float):
    digits = re.sub(r"\D", "", short_money(Money(amount, "CAD"))("en")).lstrip("0").rstrip("0")
    assert len(digits) <= 3
