"""What is old says so where it stands."""

import datetime as dt

import pytest

from critical_minerals.language.ages import age_of, dated, is_old
from critical_minerals.language.quantities import Year

TODAY = dt.date(2026, 9, 30)


@pytest.mark.parametrize(
    ("year", "day", "old"),
    [
        (2023, dt.date(2025, 12, 31), False),
        (2023, dt.date(2026, 1, 1), True),
        (2022, TODAY, True),
        (2024, TODAY, False),
        (2026, TODAY, False),
    ],
)
def test_a_year_is_old_once_two_more_have_passed(year, day, old):
    assert is_old(year, day) is old
    assert age_of(year, day) == ("old" if old else "new")


def test_an_old_year_says_that_nothing_newer_was_read():
    assert dated(2024, TODAY) == Year(2024)
    words = dated(2022, TODAY)
    assert "latest figure found" in words("en")
    assert "dernier chiffre" in words("fr")
