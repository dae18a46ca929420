"""How numbers, amounts and dates are written in each language."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.errors import UsageError
from critical_minerals.language.quantities import (
    LOCALES,
    Count,
    Date,
    Measure,
    Money,
    Percent,
    Year,
    half_up,
    prefix,
    write,
    write_number,
)

N = "\u00a0"
MINUS = "\u2212"


@pytest.mark.parametrize(
    ("quantity", "english", "french"),
    [
        (Count(0), "0", "0"),
        (Count(33), "33", "33"),
        (Count(1500), "1,500", f"1{N}500"),
        (Count(1234567.891, decimals=2), "1,234,567.89", f"1{N}234{N}567,89"),
        (Count(-5), f"{MINUS}5", f"{MINUS}5"),
        (Count(-0.4), "0", "0"),
        (Count(2.5), "3", "3"),
        (Count(3.5), "4", "4"),
        (Count(1.005, decimals=2), "1.01", "1,01"),
        (Count(12, "more_than"), "more than 12", "plus de 12"),
        (Percent(90), "90%", f"90{N}%"),
        (Percent(12.34), "12.3%", f"12,3{N}%"),
        (Percent(0.04), "0%", f"0{N}%"),
        (Percent(12, decimals=1), "12.0%", f"12,0{N}%"),
        (Percent(-3.5, "about"), f"about {MINUS}3.5%", f"environ {MINUS}3,5{N}%"),
        (Money(0, "CAD"), "$0", f"0{N}$"),
        (Money(950, "CAD"), "$950", f"950{N}$"),
        (Money(12_500.4, "CAD"), "$12,500", f"12{N}500{N}$"),
        (Money(-950, "CAD"), f"{MINUS}$950", f"{MINUS}950{N}$"),
        (Money(999_999.4, "CAD"), "$999,999", f"999{N}999{N}$"),
        (Money(999_999.6, "CAD"), f"$1{N}million", f"1{N}million de dollars"),
        (Money(1_500_000, "CAD"), f"$1.5{N}million", f"1,5{N}million de dollars"),
        (Money(1_999_999, "CAD"), f"$2{N}million", f"2{N}millions de dollars"),
        (Money(13_800_000, "CAD"), f"$13.8{N}million", f"13,8{N}millions de dollars"),
        (Money(999_990_000, "CAD"), f"$999.99{N}million", f"999,99{N}millions de dollars"),
        (Money(999_999_999, "CAD"), f"$1{N}billion", f"1{N}milliard de dollars"),
        (Money(40e9, "CAD"), f"$40{N}billion", f"40{N}milliards de dollars"),
        (Money(117_100_000_000, "CAD"), f"$117.1{N}billion", f"117,1{N}milliards de dollars"),
        (Money(1.2e12, "CAD"), f"$1,200{N}billion", f"1{N}200{N}milliards de dollars"),
        (Money(-1.5e6, "CAD"), f"{MINUS}$1.5{N}million", f"{MINUS}1,5{N}million de dollars"),
        (Money(2e9, "USD"), f"US$2{N}billion", f"2{N}milliards de dollars américains"),
        (Money(500, "USD"), "US$500", f"500{N}${N}US"),
        (Money(-500, "USD"), f"{MINUS}US$500", f"{MINUS}500{N}${N}US"),
        (
            Money(3e6, "CAD", precision="up_to"),
            f"up to $3{N}million",
            f"jusqu’à 3{N}millions de dollars",
        ),
        (Measure(120_000, "t"), f"120,000{N}t", f"120{N}000{N}t"),
        (Measure(1.25, "kt", "nearly", 1), f"nearly 1.3{N}kt", f"près de 1,3{N}kt"),
        (Year(2026), "2026", "2026"),
        (Date("2026"), "2026", "2026"),
        (Date("2026-02"), "February 2026", "février 2026"),
        (Date("2026-02-27"), f"February{N}27, 2026", f"27{N}février 2026"),
        (Date("2025-08-01"), f"August{N}1, 2025", f"1er{N}août 2025"),
        (Date("2025-08-11"), f"August{N}11, 2025", f"11{N}août 2025"),
    ],
)
def test_typography(quantity, english: str, french: str):
    assert (write(quantity, "en"), write(quantity, "fr")) == (english, french)


@pytest.mark.parametrize(
    "quantity", [Count(float("nan")), Money(float("nan"), "CAD"), Percent(float("inf"))]
)
def test_a_missing_value_is_never_written(quantity):
    with pytest.raises(UsageError, match="missing value"):
        write(quantity, "en")


@pytest.mark.parametrize("precision", ["exact", "rounded"])
def test_plain_precisions_say_nothing(precision):
    assert prefix(precision, "en") == prefix(precision, "fr") == ""


def read(text: str, language: str) -> Decimal:
    """Read a number as a person would."""
    plain = text.replace(MINUS, "-").replace(N, "").replace("$", "").replace("%", "")
    marks = {"en": (",", "."), "fr": (" ", ",")}[language]
    return Decimal(plain.replace(marks[0], "").replace(marks[1], ".").strip())


@given(
    st.decimals(-(10**12), 10**12, places=4),
    st.integers(0, 4),
    st.sampled_from(["en", "fr"]),
)
def test_digits_survive(number: Decimal, decimals: int, language):
    text = write_number(float(number), language, decimals)
    step = Decimal(1).scaleb(-decimals)
    seen = Decimal(str(float(number)))
    assert read(text, language) == seen.quantize(step, rounding=ROUND_HALF_UP)
    assert not re.search(r"[-\s]", text.replace(N, "")), "neither hyphen nor breaking blank"


@given(st.integers(0, 10**13), st.sampled_from(["en", "fr"]))
def test_an_amount_in_words_keeps_its_size(amount: int, language):
    text = write(Money(amount, "CAD"), language)
    words = {"million": 10**6, "billion": 10**9, "milliard": 10**9}
    unit = next((size for word, size in words.items() if word in text), 1)
    number = read(re.sub(r"[^\d.,\u00a0]|(?<=\d)\u00a0(?=\D)", "", text).strip(N), language)
    assert abs(number * unit - amount) <= Decimal(unit) / 200
    assert number < 1000 or unit != 10**6


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        (15e6, "GBP", "£15 million", "15 millions de livres sterling"),
        (1.5e9, "EUR", "€1.5 billion", "1,5 milliard d’euros"),
        (2e9, "JPY", "¥2 billion", "2 milliards de yens"),
        (5000, "GBP", "£5,000", "5 000 £"),
        (5000, "USD", "US$5,000", "5 000 $ US"),
    ],
)
def test_an_amount_in_another_currency_never_reads_as_dollars(amount, currency, english, french):
    told = [write(Money(amount, currency), language) for language in ("en", "fr")]
    assert [text.replace("\u00a0", " ") for text in told] == [english, french]


def test_a_currency_without_a_sign_is_refused():
    with pytest.raises(UsageError, match="CHF"):
        write(Money(5000, "CHF"), "en")


def test_a_half_is_rounded_up_everywhere():
    assert write(Percent(62.5, decimals=0), "en") == "63%"
    assert write(Percent(17.25, decimals=1), "en") == "17.3%"
    assert write(Count(-2.5), "en") == "\u22123"


@given(st.floats(-1e15, 1e15), st.integers(0, 6) | st.booleans(), st.sampled_from(["en", "fr"]))
def test_numbers_have_the_signs_that_babel_knows(value, decimals, language):
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    rounded = half_up(value, decimals)
    text = format_decimal(rounded, format=pattern, locale=LOCALES[language])
    assert write_number(value, language, decimals) == text.replace("-", MINUS)
