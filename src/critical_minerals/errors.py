"""What can go wrong, in words that the person at the keyboard can act on."""

from __future__ import annotations

import difflib
import errno
import pickle
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Final, Self

NAMED: Final = 20
"""How many problems of one kind are listed one by one; the others are counted."""
_TOO_SHORT: Final = 3
# A longer list of known names is no help in one line of a message.
_MAX_LISTED: Final = 20
_FILE_IN_USE: Final = (
    "Another program, such as Excel or Acrobat, may hold it open, or it belongs to somebody else. "
    "Close it there, then run again."
)
_REMEDIES: Final[Mapping[int, str]] = {
    errno.ENOSPC: "The disk is full: make room, then run again.",
    errno.EDQUOT: "Your share of the disk is full: make room, then run again.",
    errno.EROFS: "The disk is read-only: work on a copy of the project elsewhere.",
    # Windows reports a file that is held open as a denied permission.
    errno.EACCES: _FILE_IN_USE,
    errno.EPERM: _FILE_IN_USE,
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One fault in one file.

    `row` counts as a spreadsheet does: the header is row 1, the first figure row 2. A problem that
    only counts the others of its kind says in `more` how many they are.
    """

    file: str
    expected: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    more: int | None = None

    @property
    def place(self) -> str:
        """Say where the fault is: file, row and column as far as they are known."""
        parts = [self.file]
        parts += [f"row {self.row}"] if self.row is not None else []
        parts += [f"column {self.column}"] if self.column is not None else []
        return ", ".join(parts)

    def __str__(self) -> str:
        found_text = f" found {self.value!r};" if self.value is not None else ""
        return f"{self.place}:{found_text} expected {self.expected}. {self.remedy}"


class FiguresError(Exception):
    """The figures are invalid: carries every problem, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(
        cls,
        file: str,
        expected: str,
        remedy: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> Self:
        """Tell one problem alone."""
        return cls(
            [
                Problem(
                    file=file, expected=expected, remedy=remedy, row=row, column=column, value=value
                )
            ]
        )

    def __reduce__(self) -> tuple[type[FiguresError], tuple[tuple[Problem, ...]]]:
        """Pickle the problems: an error has to come home from another process or machine."""
        return type(self), (self.problems,)


def number_of(problems: Iterable[Problem]) -> int:
    """Return how many faults some problems stand for, including those that are only counted."""
    return sum(problem.more or 1 for problem in problems)


def limit_problems(
    problems: Iterable[Problem],
    *,
    expected: str = "no such fault",
    remedy: str = "Correct those that are named, then check again.",
) -> list[Problem]:
    """List the first problems of each column of a file one by one and count the others.

    The problems are of one kind. One that already stands for several stays as it is.

    >>> wrong = [Problem(file="a.csv", row=n, expected="a year", remedy="") for n in range(50)]
    >>> len(limit_problems(wrong)), limit_problems(wrong)[-1].value
    (21, '30 more of the same kind')
    """
    listed, remaining = list[Problem](), dict[tuple[str, str | None], list[Problem]]()
    listed_counts = Counter[tuple[str, str | None]]()
    for problem in problems:
        # By column, not by file: a column of bad years must not crowd out the one bad unit in
        # another.
        place = problem.file, problem.column
        # A problem that already counts others (`more`) is added to the rest, so that cutting twice
        # loses none.
        if problem.more is None and listed_counts[place] < NAMED:
            listed.append(problem)
            listed_counts[place] += 1
        else:
            remaining.setdefault(place, []).append(problem)
    return listed + [
        Problem(
            file=file,
            column=column,
            value=f"{(count := number_of(unlisted))} more of the same kind",
            expected=expected,
            remedy=remedy,
            more=count,
        )
        for (file, column), unlisted in remaining.items()
    ]


class UsageError(Exception):
    """A wrong or unknown option, parameter or name was given."""


class StepError(Exception):
    """A step broke: a notebook failed or a renderer gave up."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `word`, or None where nothing comes close.

    Capitals do not matter. Names of up to three letters resemble too much to be guessed; but a part
    that only one name has is meant as that.

    >>> nearest("lithum", ["lithium", "nickel"]), nearest("nrcan_gpl", ["NRCAN_GPI"])
    ('lithium', 'NRCAN_GPI')
    >>> nearest("30", ["20_trade", "30_supply"]), nearest("pdf", ["update.pdf", "annex.pdf"])
    ('30_supply', None)
    """
    by_folded_name = {name.casefold(): name for name in known}
    if word.casefold() in by_folded_name:
        return by_folded_name[word.casefold()]
    guessable = [name for name in by_folded_name if len(name) > _TOO_SHORT]
    # 0.6 is the default of difflib: about two letters of five may differ.
    matches = difflib.get_close_matches(word.casefold(), guessable, n=1, cutoff=0.6)
    if matches:
        return by_folded_name[matches[0]]
    # Only where a single name has the part: of two, either could be meant.
    containing = [name for name in by_folded_name if word.casefold() in re.split(r"[_./-]", name)]
    return by_folded_name[containing[0]] if len(containing) == 1 else None


def hint(word: str, known: Sequence[str]) -> str:
    """Phrase the nearest known name as a remedy; without one, list the known as far as they fit.

    >>> hint("lithum", ["lithium", "nickel"])
    "Did you mean 'lithium'?"
    """
    if match := nearest(word, known):
        return f"Did you mean {match!r}?"
    if len(known) > _MAX_LISTED:
        return f"None of the {len(known)} known names is like it."
    return f"Known: {', '.join(known)}."


def describe_os_error(error: OSError) -> str:
    """Describe what the system refused, for which file, and what may help.

    On Windows a file that another program holds open can neither be replaced nor removed.

    >>> describe_os_error(PermissionError(13, "Permission denied", "report.pdf"))
    'report.pdf: Permission denied. Another program, such as Excel or Acrobat, may hold it open, \
or it belongs to somebody else. Close it there, then run again.'
    """
    # Of two names, as in a rename, the second is the one that was to be replaced.
    name = error.filename2 or error.filename
    subject = f"{name}: {error.strerror}" if name else error.strerror or str(error)
    return f"{subject}. {_REMEDIES.get(error.errno or 0, '')}".rstrip()


def describe(value: object) -> str:
    """Describe what was given for something else: its kind, and its value where that is short.

    >>> describe("a"), describe(3), describe(None)
    ("the plain text 'a'", 'the bare number 3', 'None, nothing at all')
    """
    if value is None:
        return "None, nothing at all"
    if isinstance(value, str):
        return f"the plain text {value!r}"
    if isinstance(value, bool | Number):
        return f"the bare number {value}"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def portable(error: Exception) -> Exception:
    """Return an error unchanged if it survives pickling, else a `StepError` with its message."""
    try:
        # Tried out, because whether an error can be unpickled depends on how its class is called
        # again; one that cannot would break the pool of processes instead of being reported.
        survives = str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - an error may hold anything
        survives = False
    return error if survives else StepError(f"{type(error).__name__}: {error}")
