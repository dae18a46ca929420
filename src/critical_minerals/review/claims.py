"""Published claims checked: each figure against one recomputed from other public figures.

A notebook recomputes indicators from the report's tables (`Recomputed`, which keeps the rows it
is based on), and `compared` compares the claims with them. How close a recomputed figure has to be
depends on the word that the document uses:

    exact, rounded  the same number
    about           within 5 per cent on either side
    nearly          at most the number, no more than 10 per cent below ("nearly half": 45 to 50)
    up to           a ceiling that its parts fill: at most the number, no more than 5 per cent below
    more than       the number or above
    less than       the number or below

A figure outside that range still agrees after rounding where the document's step, or the rounding
of the figures computed with, accounts for the gap.

What a gap beyond that means depends on what the claim is held against, which its row declares
before anything is computed: the same figure (the gap is unexplained), a later state of it (it was
revised since), or something else, such as another year or a part of the whole. Something else never
agrees: two figures of different things may be equal by chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Literal, Self

import pandas as pd

from critical_minerals.errors import FiguresError, Problem, hint
from critical_minerals.language.quantities import Precision
from critical_minerals.raw.schema import ORIGIN
from critical_minerals.tables.intervals import Interval, total
from critical_minerals.tables.lineage import LINEAGE, joined

_TOLERANCE_BELOW: Final[Mapping[Precision, float]] = {
    "about": 0.05,
    "nearly": 0.1,
    "up_to": 0.05,
    "less_than": math.inf,
}
_TOLERANCE_ABOVE: Final[Mapping[Precision, float]] = {"about": 0.05, "more_than": math.inf}
"""How far a recomputed figure may lie from the published one, as a fraction of it.

A precision that is not listed allows no difference.
"""
_NOISE: Final = 1e-9
"""Relative difference that counts as none: what binary fractions leave."""
_FIGURE_COLUMNS: Final = (
    "recomputed",
    "recomputed_least",
    "recomputed_most",
    "difference",
    "difference_pct",
)


class Outcome(StrEnum):
    """The outcome of a claim."""

    AGREES = "agrees"
    ROUNDED = "agrees_after_rounding"
    REVISED = "revised_since"
    ELSE = "measures_something_else"
    UNEXPLAINED = "unexplained"
    OPEN = "not_recomputable"


HeldAgainst = Literal["same", "later_state", "other_measure"]
"""What a recomputed figure is: the published one again, its later state, or something else."""
EXPLAINED: Final = (Outcome.REVISED, Outcome.ELSE, Outcome.UNEXPLAINED)
"""Outcomes that are shown with an explanation, where there is one."""


@dataclass(frozen=True)
class Status:
    """An outcome with the difference, recomputed less published; None where there is none."""

    outcome: Outcome
    difference: float | None = None
    difference_pct: float | None = None


@dataclass(frozen=True)
class Recomputed:
    """A recomputed figure and the rows (with `source_id` and `origin`) that it is based on.

    Supports arithmetic like a number; a result of which an operand is missing is missing too.
    """

    number: Interval | None
    rows: tuple[pd.DataFrame, ...] = ()
    plain: bool = False
    """Whether nothing is computed: a list is counted, or a figure is read off."""

    @classmethod
    def counted(cls, rows: pd.DataFrame, number: int | None = None) -> Self:
        """Count rows, or take a number counted on them; missing where there are no rows."""
        # No rows mean that nothing was public yet, and not a count of zero.
        size = len(rows) if number is None else number
        return cls(Interval.exactly(size) if len(rows) else None, (rows,), plain=True)

    @classmethod
    def one(cls, rows: pd.DataFrame, column: str = "value") -> Self:
        """Take the figure of the only row; missing where there is no row or no value.

        Raises `ValueError` where several rows are given.
        """
        if len(rows) > 1:
            msg = f"One row is asked for; {len(rows)} have a {column}."
            raise ValueError(msg)
        return replace(cls.summed(rows, column), plain=True)

    @classmethod
    def summed(
        cls, rows: pd.DataFrame, column: str = "value", parts: int = 1, step: float | None = None
    ) -> Self:
        """Add up a column; the rounding of each figure is given by `precision`, or by a `step`.

        Missing where there are fewer rows than `parts`, or a row has no value.
        """
        # A sum without one of its components would be a smaller figure of something else.
        if len(rows) < max(parts, 1) or rows[column].isna().any():
            return cls(None, (rows,))
        precisions = rows["precision"] if "precision" in rows else ["exact"] * len(rows)
        figures = (
            Interval.published(float(value), precision)
            if step is None
            else Interval.rounded(float(value), step)
            for value, precision in zip(rows[column], precisions, strict=True)
        )
        return cls(total(figures), (rows,))

    @property
    def sources(self) -> set[str]:
        """The documents that the rows are from."""
        cells = (str(cell) for rows in self.rows for cell in rows["source_id"])
        return {source for cell in cells for source in cell.split()}

    def __add__(self, other: Recomputed | float) -> Recomputed:
        return self._combine(other, Interval.__add__)

    def __sub__(self, other: Recomputed | float) -> Recomputed:
        return self._combine(other, Interval.__sub__)

    def __mul__(self, other: Recomputed | float) -> Recomputed:
        return self._combine(other, Interval.__mul__)

    def __truediv__(self, other: Recomputed | float) -> Recomputed:
        return self._combine(other, Interval.__truediv__)

    def _combine(self, other: Recomputed | float, operation: Any) -> Recomputed:
        operand = other if isinstance(other, Recomputed) else Recomputed(Interval.exactly(other))
        rows = (*self.rows, *operand.rows)
        if self.number is None or operand.number is None:
            return Recomputed(None, rows)
        return Recomputed(operation(self.number, operand.number), rows)


def share(part: Recomputed, whole: Recomputed) -> Recomputed:
    """Return a part in per cent of its whole."""
    return part / whole * 100


def growth(level: Recomputed, before: Recomputed) -> Recomputed:
    """Return the change from an earlier level, in per cent of it."""
    return share(level, before) - 100


def decide_outcome(
    value: float,
    precision: Precision,
    rounded_to: float,
    recomputed: Interval | None,
    held_against: HeldAgainst = "same",
) -> Status:
    """Decide the outcome of a claim by its recomputed figure (rules: docstring of this module).

    `rounded_to` is the document's step, 0 where it does not round. Figures of different measures
    have no difference.

    >>> decide_outcome(50, "nearly", 0, Interval.exactly(47)).outcome.value
    'agrees'
    >>> decide_outcome(-2, "rounded", 1, Interval.exactly(-1.568)).outcome.value
    'agrees_after_rounding'
    >>> decide_outcome(80, "exact", 0, Interval.exactly(61))
    Status(outcome=<Outcome.UNEXPLAINED: 'unexplained'>, difference=-19.0, difference_pct=-23.75)
    >>> decide_outcome(80, "exact", 0, Interval.exactly(61), "other_measure").outcome.value
    'measures_something_else'
    """
    if recomputed is None or recomputed.value is None:
        return Status(Outcome.OPEN)
    # Before the figures are compared: two of different measures may be equal by chance.
    if held_against == "other_measure":
        return Status(Outcome.ELSE)
    difference = float(recomputed.value - value)
    relative = difference / abs(value) * 100 if value else None
    agreement = _agreement(value, precision, rounded_to, recomputed)
    disagreement = Outcome.REVISED if held_against == "later_state" else Outcome.UNEXPLAINED
    return Status(agreement or disagreement, difference, relative)


def compared(
    claims: pd.DataFrame, computed: Mapping[str, Recomputed], not_yet: Mapping[str, str]
) -> pd.DataFrame:
    """Compare claims with the figures that were computed for their indicators.

    `claims` is the raw table; `not_yet` says in each language that an indicator's figures were not
    public on the report's day. Adds `recomputed` with its bounds, `difference`, `difference_pct`,
    `outcome` and `claimed_in` (the document). Keeps `why_*` where it explains an outcome, and
    `missing_*` where there is nothing to compare. Lineage joins the claim with the rows that it was
    compared with. A later state found only in the claim's own document counts as missing.

    Raises `FiguresError` naming claims whose indicator is not computed, or that would be compared
    with nothing but themselves. Which texts a claim must have is up to its descriptor.
    """
    _check_indicators(claims, computed)
    results = [_compare_claim(record, computed, not_yet) for record in claims.to_dict("records")]
    text_columns = [f"{name}_{language}" for name in ("why", "missing") for language in not_yet]
    columns = [*_FIGURE_COLUMNS, "outcome", "claimed_in", *text_columns, *LINEAGE]
    joined_results = pd.DataFrame(results, index=claims.index, columns=columns)
    # The raw table has columns of these names (`why_*`, `missing_*`, lineage): these replace them.
    return claims.drop(columns=joined_results.columns, errors="ignore").join(joined_results)


def _agreement(
    value: float, precision: Precision, rounded_to: float, recomputed: Interval
) -> Outcome | None:
    """Return how a recomputed figure agrees; None where it does not."""
    if value < 0:  # "nearly" and "more than" speak of the size of a fall
        return _agreement(-value, precision, rounded_to, recomputed * -1)
    low = value - _multiply(value, _TOLERANCE_BELOW.get(precision, 0.0))
    high = value + _multiply(value, _TOLERANCE_ABOVE.get(precision, 0.0))
    if recomputed.value is not None and _within(recomputed.value, recomputed.value, low, high):
        return Outcome.AGREES
    # Rounding on either side: the document's own step, and the bounds of the recomputed figure.
    half = rounded_to / 2
    if _within(recomputed.low, recomputed.high, low - half, high + half):
        return Outcome.ROUNDED
    return None


def _multiply(size: float, part: float) -> float:
    """Multiply a size by a tolerance that may be unbounded."""
    # 0 times infinity is NaN, within no bounds: "more than 0" would agree with nothing.
    return math.inf if math.isinf(part) else size * part


def _within(least: float, most: float, low: float, high: float) -> bool:
    """Tell whether two intervals overlap, within the noise of binary fractions."""
    slack = _NOISE * max(abs(least), abs(most))
    return most + slack >= low and least - slack <= high


def _compare_claim(
    record: Mapping[Any, Any], computed: Mapping[str, Recomputed], not_yet: Mapping[str, str]
) -> dict[str, Any]:
    counterpart = _find_counterpart(record, computed)
    step = 0.0 if pd.isna(record["rounded_to"]) else float(record["rounded_to"])
    value, number = float(record["value"]), counterpart.number
    status = decide_outcome(value, record["precision"], step, number, record["held_against"])
    bounds = (number.value, number.low, number.high) if number else (None, None, None)
    figures = (*bounds, status.difference, status.difference_pct)
    results = dict(zip(_FIGURE_COLUMNS, figures, strict=True)) | {"outcome": status.outcome.value}
    results["claimed_in"] = record["source_id"]
    for language in not_yet:
        results |= _explanations(record, status.outcome, language, not_yet)
    # A claim that is compared with nothing is based on its own row alone.
    return results | _lineage(record, counterpart if number else Recomputed(None))


def _find_counterpart(record: Mapping[Any, Any], computed: Mapping[str, Recomputed]) -> Recomputed:
    """Return the figure that a claim is compared with, if there is one."""
    if pd.isna(record["indicator"]):
        return Recomputed(None)
    counterpart = computed[record["indicator"]]
    # Before a later state is public, the newest figure is that of the claim itself: it would agree.
    is_own_document = record["held_against"] == "later_state" and counterpart.sources == {
        record["source_id"]
    }
    return Recomputed(None) if is_own_document else counterpart


def _explanations(
    record: Mapping[Any, Any], outcome: Outcome, language: str, not_yet: Mapping[str, str]
) -> dict[str, Any]:
    """Keep the explanation of an outcome, or what is missing; nothing where the claim agrees."""
    missing = record[f"missing_{language}"]
    missing = not_yet[language] if pd.isna(missing) else missing
    return {
        f"why_{language}": record[f"why_{language}"] if outcome in EXPLAINED else None,
        f"missing_{language}": missing if outcome is Outcome.OPEN else None,
    }


def _lineage(record: Mapping[Any, Any], counterpart: Recomputed) -> dict[str, str]:
    return {
        name: joined([record[name], *(cell for rows in counterpart.rows for cell in rows[name])])
        for name in LINEAGE
    }


def _check_indicators(claims: pd.DataFrame, computed: Mapping[str, Recomputed]) -> None:
    """Raise `FiguresError` for claims that cannot be compared or would compare with themselves."""
    with_indicator = claims.dropna(subset=["indicator"]).to_dict("records")
    if problems := [
        problem for record in with_indicator if (problem := _indicator_problem(record, computed))
    ]:
        raise FiguresError(problems)


def _indicator_problem(
    record: Mapping[Any, Any], computed: Mapping[str, Recomputed]
) -> Problem | None:
    """Return the problem with the indicator of a claim, if there is one."""
    indicator, counterpart = str(record["indicator"]), computed.get(record["indicator"])
    if counterpart is None:
        expected = "an indicator that the notebook of claims computes"
        remedy = hint(indicator, sorted(computed))
    # Counting a document's own list, or reading its own figure, always agrees and proves nothing.
    # A sum of components in the same document is a test, and allowed.
    elif (
        record["held_against"] == "same"
        and counterpart.plain
        and counterpart.sources == {record["source_id"]}
    ):
        expected = "a recomputation with figures that are not the claim itself"
        remedy = "Hold the claim against another document, or take it out: it is no claim."
    else:
        return None
    file, _, row = str(record[ORIGIN]).rpartition(":")
    return Problem(
        file=file,
        row=int(row),
        column="indicator",
        value=indicator,
        expected=expected,
        remedy=remedy,
    )
