"""Texts of claims and their recomputation for readers: figures, differences, findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import (
    Count,
    Measure,
    Percent,
    Precision,
    Quantity,
    half_up,
    write,
)
from critical_minerals.language.stated import in_points, quantity, with_sign
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.publish.sources import published_in, publisher_name, source_records
from critical_minerals.review.claims import Outcome
from critical_minerals.workspace.parameters import LANGUAGES, Language

_LEAST_SHOWN: Final = 0.05
"""The smallest difference, in per cent, that one decimal shows."""


def with_texts(claims: pd.DataFrame, vocabulary: Vocabulary, sources: pd.DataFrame) -> pd.DataFrame:
    """Add the texts of each claim in each language.

    `claims` comes from `review.claims.compared`, `sources` is the list of sources. Adds `stated_*`
    (the published figure), `found_*` (the recomputed one and the difference; missing where there is
    none), `finding_*` and `document_*` (publisher and year).
    """
    records = claims.to_dict("records")
    by_id = source_records(sources)
    writers: dict[str, Callable[[Mapping[Any, Any], Language], str | None]] = {
        "stated": lambda record, language: _published_text(record, vocabulary, language),
        "found": lambda record, language: _recomputed_text(record, vocabulary, language),
        "finding": _finding_text,
        "document": lambda record, language: _document_name(by_id[record["claimed_in"]], language),
    }
    texts = {
        f"{name}_{language}": [write_text(record, language) for record in records]
        for language in LANGUAGES
        for name, write_text in writers.items()
    }
    return claims.assign(
        **{name: pd.Series(values, claims.index, "string") for name, values in texts.items()}
    )


def _published_text(record: Mapping[Any, Any], vocabulary: Vocabulary, language: Language) -> str:
    figure = _quantity(float(record["value"]), record, vocabulary, language, record["precision"])
    return write(figure, language)


def _recomputed_text(
    record: Mapping[Any, Any], vocabulary: Vocabulary, language: Language
) -> str | None:
    """Write the recomputed figure, with its difference where there is one."""
    if record["outcome"] == Outcome.OPEN:
        return None
    figure = write(_quantity(float(record["recomputed"]), record, vocabulary, language), language)
    if record["outcome"] == Outcome.ELSE:  # different things have no difference
        return figure
    difference = _difference_text(record, language)
    relative = _relative_text(record, language)
    if not difference:
        return figure
    if not relative:
        return say("claims-found", figure=figure, difference=difference)(language)
    texts = {"figure": figure, "difference": difference, "relative": relative}
    return say("claims-found-relative", **texts)(language)


def _finding_text(record: Mapping[Any, Any], language: Language) -> str:
    key = f"claims-finding-{record['outcome']}".replace("_", "-")
    # Only these two texts name a difference.
    if record["outcome"] not in (Outcome.REVISED, Outcome.UNEXPLAINED):
        return label(key, language)
    difference = _difference_text(record, language)
    return say(key, difference=difference)(language)


def _document_name(source: Mapping[Any, Any], language: Language) -> str:
    """Name a document by its publisher, the place where it was read, and its year."""
    publisher, year = publisher_name(source, language), published_in(source, language)
    return say("claims-document", publisher=publisher, year=year)(language)


def _difference_text(record: Mapping[Any, Any], language: Language) -> str:
    """Write a difference with its sign and without the unit's name; empty where it is zero."""
    difference, unit = float(record["difference"]), record["unit"]
    if unit == "percent":
        # Rounded first: a difference of 0.04 would be written as +0 points.
        shown = float(half_up(difference, 1))
        return with_sign(shown, in_points(shown, language))
    return with_sign(
        float(half_up(difference, 0)), write(quantity(abs(difference), unit), language)
    )


def _relative_text(record: Mapping[Any, Any], language: Language) -> str:
    """Write a difference in per cent; empty for shares and where one decimal does not show it."""
    # Per cent of a percentage would be misread as points.
    relative = record["difference_pct"]
    if record["unit"] == "percent" or pd.isna(relative) or abs(relative) < _LEAST_SHOWN:
        return ""
    return with_sign(relative, write(Percent(abs(float(relative))), language))


def _quantity(
    value: float,
    record: Mapping[Any, Any],
    vocabulary: Vocabulary,
    language: Language,
    precision: Precision = "exact",
) -> Quantity:
    """Return a figure in the form of its unit; a count is followed by the name of its unit."""
    figure = quantity(value, record["unit"], precision)
    if not isinstance(figure, Count):
        return figure
    return Measure(value, vocabulary.counted("unit", record["unit"], value, language), precision)
