"""What can go wrong, in words that the person at the keyboard can act on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One fault in one file.

    `row` counts as a spreadsheet does: the header is row 1, the first figure row 2.
    """

    file: str
    expected: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    @property
    def place(self) -> str:
        """Say where the fault is: file, row and column as far as they are known."""
        parts = [self.file]
        parts += [f"row {self.row}"] if self.row is not None else []
        parts += [f"column {self.column}"] if self.column is not None else []
        return ", ".join(parts)

    def __str__(self) -> str:
        found = f" found {self.value!r};" if self.value is not None else ""
        return f"{self.place}:{found} expected {self.expected}. {self.remedy}"


class FiguresError(Exception):
    """The figures are at fault: carries every problem, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(Exception):
    """A wrong or unknown option, parameter or name was given."""


class StepError(Exception):
    """A step broke: a notebook failed or a renderer gave up."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `word`, or None where nothing comes close.

    >>> nearest("lithum", ["lithium", "nickel"])
    'lithium'
    """
    matches = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.5)
    return matches[0] if matches else None


def hint(word: str, known: Sequence[str]) -> str:
    """Phrase the nearest known name as a remedy.

    >>> hint("lithum", ["lithium", "nickel"])
    "Did you mean 'lithium'?"
    """
    match = nearest(word, known)
    return f"Did you mean {match!r}?" if match else f"Known: {', '.join(known)}."
