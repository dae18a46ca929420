"""Published figures with their units, in words: `32 initiatives`, `90%`, `$20 million`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from babel.lists import format_list

from critical_minerals.language.catalogue import Text, say
from critical_minerals.language.quantities import (
    Count,
    Measure,
    Money,
    Percent,
    Precision,
    Quantity,
    Year,
    half_up,
    is_currency,
    shortest,
    write,
)
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.workspace.parameters import LOCALES, Language

_MILLION: Final = 1_000_000
_MINUS: Final = "\u2212"
_WORD_JOINER: Final = "\u2060"
"""Keeps a sign and a currency on one line; it has no width."""
_NO_DECIMALS_FROM: Final = 100
NONE: Final = "–"
"""What stands where a list has no entry."""
# Places whose English name takes an article: the United States, the Philippines.
_WITH_ARTICLE: Final = frozenset(
    {"AE", "BS", "CA-NT", "CF", "DO", "EU", "GB", "GM", "NL", "PH", "US"}
)


def quantity(value: float, unit: str, precision: Precision = "exact") -> Quantity:
    """Return the quantity that a value in a unit is: money, a share or a count.

    >>> quantity(90, "percent")
    Percent(value=90, precision='exact', decimals=None)
    """
    if unit == "percent":
        return Percent(value, precision)
    return Money(value, unit, precision) if is_currency(unit) else Count(value, precision)


def year_of(rows: pd.DataFrame, column: str = "year") -> Year:
    """Return the year of the one row given.

    >>> year_of(pd.DataFrame({"year": [2025]}))
    Year(value=2025)
    """
    return Year(int(rows[column].iloc[0]))


def output_of(rows: pd.DataFrame, position: int = -1) -> Quantity | Text:
    """Return the mass or volume of one row: tonnes, from two million on in millions, or m³.

    `rows` have `quantity_t` and `volume_m3`, one of which is known.
    """
    row = rows.iloc[position]
    # Gases such as helium are measured by volume.
    if pd.isna(row["quantity_t"]):
        volume = Count(float(row["volume_m3"]) / _MILLION, decimals=0)
        return say("brief-cubic-metres", number=volume)
    tonnes = float(row["quantity_t"])
    # The briefs' charts write millions from the same limit on.
    if tonnes < 2 * _MILLION:
        most = 0 if tonnes >= _NO_DECIMALS_FROM else 1
        return Measure(tonnes, "t", decimals=shortest(tonnes, most))
    millions = tonnes / _MILLION
    return say("brief-million-tonnes", number=Count(millions, decimals=1 if millions % 1 else 0))


def in_words(frame: pd.DataFrame, vocabulary: Vocabulary, language: Language) -> pd.Series:
    """Write each row's `value`, `unit` and `precision`; rows without a value stay missing."""
    texts = [
        _write_row(record, vocabulary, language)
        for record in frame[["value", "unit", "precision"]].to_dict("records")
    ]
    return pd.Series(texts, index=frame.index, dtype="string")


def and_list(words: Sequence[str], language: Language) -> str:
    """Write words as a list in a sentence.

    >>> and_list(["Chile", "Italy", "Japan"], "en"), and_list(["Chili", "Italie"], "fr")
    ('Chile, Italy and Japan', 'Chili et Italie')
    """
    return format_list(list(words), locale=LOCALES[language])


def place_list(identifiers: Iterable[str], vocabulary: Vocabulary, language: Language) -> str:
    """Write places as a list in a sentence, in the order of their names; none is a dash.

    English puts an article before the names that need one; French lists stand without articles,
    so their sentences put them in brackets or behind a colon.
    """
    names = {place: vocabulary.name("place", place, language) for place in identifiers}
    # By name in the language of the sentence: ids would give another order in each language.
    places = sorted(names, key=lambda place: sortable(names[place]))
    articles = _WITH_ARTICLE if language == "en" else ()
    names_with_articles = [("the " if place in articles else "") + names[place] for place in places]
    return and_list(names_with_articles, language) if names_with_articles else NONE


def sortable(name: str) -> str:
    """Return a sort key that puts accented letters beside their plain ones."""
    # Decomposed, so that an accent is a character of its own and can be left out.
    plain = unicodedata.normalize("NFD", name)
    return "".join(
        character for character in plain if not unicodedata.combining(character)
    ).casefold()


def _write_row(record: Mapping[Any, Any], vocabulary: Vocabulary, language: Language) -> str | None:
    """Write one row; a count takes the name of its unit behind it."""
    if pd.isna(record["value"]):
        return None
    value, unit = float(record["value"]), str(record["unit"])
    precision: Precision = record["precision"]
    counted = quantity(value, unit, precision)
    if isinstance(counted, Count):
        name = vocabulary.counted("unit", unit, value, language)
        counted = Measure(value, name, precision, counted.decimals)
    return write(counted, language)


def in_points(number: float, language: Language) -> str:
    r"""Write a difference of percentages or of index values, without its sign.

    >>> in_points(-0.4, "fr"), in_points(1.0, "en"), in_points(40.0, "en")
    ('0,4\xa0point', '1\xa0point', '40\xa0points')
    """
    size = abs(float(half_up(float(number), 1)))
    return say("points", number=Count(size, decimals=0 if size.is_integer() else 1))(language)


def with_sign(number: float, text: str) -> str:
    """Put the sign of a number before its text; zero has neither.

    >>> with_sign(-25, "25%"), with_sign(0, "0%")
    ('−25%', '')
    """
    sign = "+" if number > 0 else _MINUS
    return sign + ("" if text[0].isdigit() else _WORD_JOINER) + text if number else ""
