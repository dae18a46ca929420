"""The result of a check: what it looked at and what it found, recorded also where nothing is wrong.

This module imports little on purpose: the report on checks is written without the libraries that
checking needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from critical_minerals.errors import Problem, limit_problems

End = Literal["raw", "processed"]
"""Whether a check looks at what a step takes in, or at what it hands on."""


class Kind(StrEnum):
    """What a check is about."""

    SCHEMA = "schema"
    KEYS = "keys"
    RANGES = "ranges"
    UNITS = "units"
    SUMS = "sums"
    ROWS = "rows"
    COVERAGE = "coverage"
    MAGNITUDE = "magnitude"
    CORRECTIONS = "corrections"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One check of one table.

    `rows` and `columns` say how much was looked at. `problems` fail the step; `confirmed` holds
    what would have failed it, had the person who ran it not confirmed the table. What is held
    against the last good run (`against_last`) depends on which runs there were before.
    """

    kind: Kind
    end: End
    table: str
    rows: int
    columns: int = 0
    problems: tuple[Problem, ...] = ()
    confirmed: tuple[Problem, ...] = ()
    against_last: bool = False

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def problems_of(results: Iterable[Result]) -> list[Problem]:
    """Gather what is wrong over some results, each problem once; many of a kind are counted."""
    return list(
        dict.fromkeys(problem for result in results for problem in limit_problems(result.problems))
    )


def some_of(origins: str, shown: int = 6) -> str:
    """Name raw rows, the first few of many.

    >>> some_of("a.csv:2 a.csv:3 a.csv:2 a.csv:4", shown=2)
    'a.csv:2, a.csv:3 and 1 more'
    """
    # A dict keeps the order of the rows, which a set does not.
    marks = list(dict.fromkeys(origins.split()))
    more = f" and {len(marks) - shown} more" if len(marks) > shown else ""
    return ", ".join(marks[:shown]) + more
