"""Changes as lines for the terminal and as JSON for programs.

The JSON holds all changes, in a stable format:

    format      1
    before      name, as_of and parameters of the earlier figures
    after       the same of the later ones
    counts      kind → what → number of changes
    changes     the largest first, each with
        kind      value, row, claim, chart, table or source
        name      of the value, chart, table or source; of a row or claim, its processed table
        key       the row's key, column by column (rows and claims)
        what      revised, removed or added
        tier      large, moderate or small
        why       the main reason; `reasons` counts the raw rows of each reason
        absolute  how far the figure moved, in its own unit; null where that has no meaning
        relative  the same as a fraction of the earlier figure (0.2 is 20 %), or null; null for
                  percentages and indices, whose `absolute` change is in points
        before    the text that readers saw, by language; `after` the one they see now
        cells     the columns of a revised row: column, before, after, absolute, relative, tier
        row       the columns of an added or removed row or source
        raw       some of the raw rows behind it: table, key, why, origin (file:row), and still:
                  rows of the same subject that state the figure edited in this one
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from critical_minerals.review.changes import (
    Change,
    Comparison,
    Kind,
    Step,
    Tier,
    What,
    compare,
)
from critical_minerals.review.snapshots import Snapshot, store_run, stored_runs
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace

FORMAT: Final = 1
_TOP_CHANGES: Final = 3
"""Changes that are named after a run."""
_PER_KIND: Final = 12
"""Changes of each kind that the terminal lists."""
_TEXT_WIDTH: Final = 46
"""Characters of a text that a line of the terminal shows."""
_LONG_NUMBER: Final = 10_000
"""Numbers from this size on are written whole: with four digits they would have an exponent."""


def after_run(workspace: Workspace) -> list[str]:
    """Store the run that just ended and return a few lines on what it changed."""
    # Stored first: the comparison is between stored runs, which no later run overwrites.
    new_run = store_run(workspace)
    runs = stored_runs(workspace)
    if not runs:
        return []
    if new_run is None:
        return [f"Figures: the same as in the run of {snapshot_label(runs[-1])}."]
    if len(runs) == 1:
        return ["Figures: kept for the first time; the next run will say what changed."]
    return short_form(compare(runs[-2], runs[-1]))


def short_form(comparison: Comparison) -> list[str]:
    """Summarize the changes since another run, and name each row that was half edited."""
    since = f"Since the run of {snapshot_label(comparison.before)}"
    if not comparison.changes:
        return [f"{since}: no figure changed."]
    top = comparison.top(_TOP_CHANGES)
    return [
        f"{since}: {_count_text(comparison)}; {comparison.count(Tier.LARGE):,} large.",
        *_parameter_lines(comparison),
        *(f"  {change_line(change)}" for change in top),
        *_half_edited_lines(comparison),
        "  All changes: python pipeline.py changes previous last",
    ]


def long_form(comparison: Comparison, language: Language = "en") -> list[str]:
    """List the largest changes with their reasons, and count the others."""
    before, after = comparison.before, comparison.after
    head = (
        f"From {snapshot_label(before)} (as of {before.as_of}) "
        f"to {snapshot_label(after)} (as of {after.as_of})"
    )
    if not comparison.changes:
        return [head, *_parameter_lines(comparison), "No figure changed."]
    edits = list(_half_edited_lines(comparison))
    lists = _lists(comparison, language)
    return [head, *_parameter_lines(comparison), *edits, *_count_table(comparison), *lists]


def change_line(change: Change, language: Language = "en") -> str:
    """Write one change in a line: its name, before and after, the difference, the reason."""
    step = change.step
    difference = f"  {percent(step)}" if step.points or step.relative is not None else ""
    sides = _sides_text(change, language)
    return f"{_change_name(change)}: {sides}{difference}  [{change.tier}; {change.why}]"


def _half_edited_lines(comparison: Comparison) -> Iterator[str]:
    """Name the rows that were edited in place, with those that still state the old figure."""
    for edited, unedited in sorted(comparison.half_edited.items()):
        others = ", ".join(f"row {row.place[1]} still says {row.value}" for row in unedited)
        file, _, number = edited.rpartition(":")
        yield f"  {file} row {number} was edited in place, earlier days change too; {others}"


def percent(step: Step) -> str:
    """Write a change with its sign, relative to the old figure; that of a share in points.

    >>> percent(Step(Tier.LARGE, 20, 0.2)), percent(Step(Tier.SMALL, -1, -0.004))
    ('+20%', '-0.4%')
    >>> percent(Step(Tier.LARGE, 40, points=True))
    '+40 points'
    """
    if step.points:
        return f"{step.absolute or 0:+,.3g} points"
    relative = 100 * (step.relative or 0)
    return f"{relative:+,.0f}%" if abs(relative) >= 1 else f"{relative:+.1g}%"


def snapshot_label(snapshot: Snapshot) -> str:
    """Name a snapshot: a run by its moment, others by their name."""
    return f"{snapshot.moment} UTC" if snapshot.moment else snapshot.name


def to_json(comparison: Comparison) -> str:
    """Write all changes, one a line, in the format that this module describes."""
    head = {
        "format": FORMAT,
        "before": _snapshot_record(comparison.before),
        "after": _snapshot_record(comparison.after),
        "counts": {kind: {what: comparison.count(kind, what) for what in What} for kind in Kind},
    }
    head_lines = [f"{json.dumps(name)}: {_to_line(content)}" for name, content in head.items()]
    change_lines = ",\n".join(_to_line(_change_record(change)) for change in comparison.changes)
    return "{" + ",\n".join([*head_lines, f'"changes": [\n{change_lines}\n]']) + "}\n"


def _change_record(change: Change) -> dict[str, Any]:
    cells = [
        {"column": cell.column, "before": cell.before, "after": cell.after}
        | _step_record(cell.step)
        | {"tier": cell.step.tier}
        for cell in change.cells
    ]
    return {
        **{name: getattr(change, name) for name in ("kind", "name", "key", "what", "tier", "why")},
        "reasons": change.reasons.counts,
        **_step_record(change.step),
        "before": change.before,
        "after": change.after,
        "cells": cells,
        "row": {} if cells else change.row,
        "raw": [asdict(row) for row in change.reasons.rows],
    }


def _step_record(step: Step) -> dict[str, float | None]:
    return {"absolute": step.absolute, "relative": step.relative}


def _snapshot_record(snapshot: Snapshot) -> dict[str, Any]:
    parameters = snapshot.lineage["parameters"]
    return {"name": snapshot.name, "as_of": snapshot.as_of, "parameters": parameters}


def _to_line(content: Any) -> str:
    # NaN is no JSON: programs in other languages could not read the file.
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def _count_text(comparison: Comparison) -> str:
    """Count the changes by kind: `3 values, 12 rows and 2 charts`."""
    counts = [(kind, comparison.count(kind)) for kind in Kind]
    counted = [f"{n:,} {kind}{'s' * (n != 1)}" for kind, n in counts if n]
    return " and ".join([", ".join(counted[:-1]), counted[-1]]) if len(counted) > 1 else counted[0]


def _parameter_lines(comparison: Comparison) -> list[str]:
    """Name the parameters that differ: they change figures whose raw rows are the same."""
    differing = [f"{name} {old} → {new}" for name, (old, new) in comparison.parameters.items()]
    return [f"  with other parameters: {'; '.join(differing)}"] if differing else []


def _count_table(comparison: Comparison) -> Iterator[str]:
    yield "".join([f"  {'':<10}", *(f"{what:>10}" for what in What)])
    for kind in Kind:
        counts = [comparison.count(kind, what) for what in What]
        if any(counts):
            yield "".join([f"  {kind + 's':<10}", *(f"{count:>10,}" for count in counts)])
    sizes = ", ".join(f"{comparison.count(tier):,} {tier}" for tier in Tier)
    yield f"  by size: {sizes}"


def _lists(comparison: Comparison, language: Language) -> Iterator[str]:
    """List the largest changes of each kind, and say where the others are found."""
    unlisted = len(comparison.changes)
    for kind in Kind:
        top = comparison.of(kind)[:_PER_KIND]
        if top:
            yield f"\n{kind.capitalize()}s, the largest changes first:"
            yield from (f"  {change_line(change, language)}" for change in top)
        unlisted -= len(top)
    if unlisted:
        yield f"\n{unlisted:,} further changes: --json FILE or --html FILE tells them all."


def _change_name(change: Change) -> str:
    """Name what changed by its id; the key of a row stands in brackets."""
    key = ", ".join(cell for cell in change.key.values() if cell)
    if change.kind is Kind.CLAIM:  # all claims are rows of one table
        return f"claim {key}"
    name = f"{change.name} ({key})" if key else change.name
    return name if change.kind in {Kind.VALUE, Kind.ROW} else f"{change.kind} {name}"


def _sides_text(change: Change, language: Language) -> str:
    """Write the old and the new figure, or what happened where there are not two."""
    if change.kind is Kind.SOURCE and not change.cells:
        return f"{change.what}, {_shorten(change.row.get('title', ''))}"
    if change.what is not What.REVISED and change.kind is not Kind.VALUE:
        return str(change.what)
    if change.cells:
        # The farthest move stands for a row of several changed columns.
        cell = min(change.cells, key=lambda candidate: candidate.step.rank)
        return f"{cell.column} {_format_cell(cell.before)} → {_format_cell(cell.after)}"
    if change.kind in {Kind.CHART, Kind.TABLE}:
        return "drawn anew"
    sides: tuple[Mapping[str, str], ...] = (change.before, change.after)
    then, now = (texts.get(language) or next(iter(texts.values()), "–") for texts in sides)
    return f"{_shorten(then)} → {_shorten(now)}"


def _format_cell(text: str) -> str:
    """Write a cell; a number whole with separators, a small one with four digits."""
    try:
        number = float(text)
    except ValueError:
        return _shorten(text) or "–"
    return f"{number:,.0f}" if abs(number) >= _LONG_NUMBER else f"{number:.4g}"


def _shorten(text: str) -> str:
    return text if len(text) <= _TEXT_WIDTH else f"{text[: _TEXT_WIDTH - 1]}…"
