"""Rows as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise


def ranges(rows: Iterable[int]) -> str:
    """Write rows with dashes for those in a row.

    >>> ranges([3, 7, 4, 5, 12])
    '3-5, 7, 12'
    """
    ordered = sorted(set(rows))
    breaks = [0, *(i for i, (a, b) in enumerate(pairwise(ordered), 1) if b > a + 1), len(ordered)]
    runs = [ordered[start:end] for start, end in pairwise(breaks) if end > start]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
