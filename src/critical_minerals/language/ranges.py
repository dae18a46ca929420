"""Numbers of rows as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise


def ranges(rows: Iterable[int]) -> str:
    """Write numbers of rows shortly, with dashes for three or more in a row.

    >>> ranges([2, 3, 4, 9, 11, 12])
    '2–4, 9, 11, 12'
    """
    ordered = sorted(set(rows))
    breaks = [
        at
        for at, (current, following) in enumerate(pairwise(ordered), 1)
        if following != current + 1
    ]
    runs = [ordered[a:b] for a, b in pairwise([0, *breaks, len(ordered)])] if ordered else []
    return ", ".join(_run(run) for run in runs)


def _run(run: Sequence[int]) -> str:
    """Write neighbours as a range from three on: two are written as fast."""
    _, *more = run
    return f"{run[0]}–{run[-1]}" if len(more) > 1 else ", ".join(map(str, run))
