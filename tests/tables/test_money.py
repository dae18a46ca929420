from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.errors import UsageError
from critical_minerals.tables.descriptors import Tables
from critical_minerals.tables.money import DisplayCurrency, to_currency

RAW = Path(__file__).parents[2] / "data" / "raw"
RATES = pd.DataFrame(
    {"currency": ["USD", "USD"], "year": [2024, 2023], "cad_per_unit": [1.4, 1.25]}
)


def converted(amount: float | None, currency: str, year: int | None, into: str = "CAD"):
    series = [pd.Series([amount]), pd.Series([currency]), pd.Series([year], dtype="Int64")]
    return to_currency(*series, RATES, into).iloc[0]


@pytest.mark.parametrize(
    ("year", "rate"), [(2023, 1.25), (2024, 1.4), (2030, 1.4), (2000, 1.25), (None, 1.4)]
)
def test_each_year_has_its_rate_and_years_beyond_take_the_nearest(year: int | None, rate: float):
    assert converted(100, "USD", year) == pytest.approx(100 * rate)


def test_canadian_dollars_need_no_rate():
    assert converted(100, "CAD", 2023) == 100


def test_into_another_currency_and_back():
    assert converted(140, "CAD", 2024, "USD") == pytest.approx(100)
    assert converted(100, "USD", 2024, "USD") == pytest.approx(100)


def test_an_unknown_amount_stays_unknown():
    assert pd.isna(converted(None, "USD", 2024))


def test_a_currency_without_a_rate_names_the_file_to_fill():
    with pytest.raises(UsageError, match=r"EUR.*data/raw/exchange_rates\.csv"):
        converted(1, "EUR", 2024)


@given(st.floats(-1e12, 1e12), st.sampled_from([2000, 2023, 2024, 2030]))
def test_there_and_back_is_the_same_amount(amount: float, year: int):
    cad = converted(amount, "USD", year)
    assert converted(cad, "CAD", year, "USD") == pytest.approx(amount)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_a_sum_converts_to_the_sum_of_its_parts(one: float, other: float):
    parts = converted(one, "USD", 2023) + converted(other, "USD", 2023)
    assert converted(one + other, "USD", 2023) == pytest.approx(parts, abs=1e-3)


def test_what_was_stated_in_the_currency_asked_for_stays_as_stated():
    assert converted(3.5, "USD", 2023, "USD") == 3.5


PROCESSED = Tables(Path(__file__).parents[2] / "data" / "schemas")


@pytest.mark.parametrize("name", [*PROCESSED])
def test_every_column_of_amounts_has_a_twin_that_says_its_currency(name: str):
    table = PROCESSED[name]
    money = [field for field in table.fields if (field.unit or "").endswith("CAD")]
    shown = DisplayCurrency("EUR", "CAD").table(table)
    assert len(shown.columns) == len(table.columns) + len(money)
    for field in money:
        twin = shown.field(DisplayCurrency("EUR", "CAD").column(field.name))
        assert twin.unit == field.unit.replace("CAD", "EUR")
        for language, sign in (("en", "EUR"), ("fr", "€")):
            assert sign in twin.labels[language]


def test_amounts_may_be_stated_in_every_currency_that_has_a_rate():
    rates, *stated = (
        column
        for path in [RAW / "exchange_rates.schema.yaml", *RAW.glob("*/*.schema.yaml")]
        for column in yaml.safe_load(path.read_text("utf-8"))["fields"]
        if column["name"] == "currency"
    )
    assert stated
    for column in stated:
        assert {*column["constraints"]["enum"]} == {"CAD", *rates["constraints"]["enum"]}
