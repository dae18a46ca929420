"""Tell changes in the terminal, and as JSON for programs.

The JSON holds everything that was found, in a form that stays:

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
        why       the main reason; `reasons` counts the raw rows that speak for each reason
        absolute  how far the figure moved, in its own unit; null where that has no meaning
        relative  the same as a fraction of the earlier figure (0.2 is 20 %), or null; null for
                  percentages and indices, whose `absolute` change is in points
        before    what readers saw, by language; `after` what they see now
        cells     the columns of a revised row: column, before, after, absolute, relative, tier
        row       the columns of an added or removed row or source
        raw       some of the raw rows behind it: table, key, why, origin (file:row), and still:
                  rows of the same thing that state what was typed over in this one
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from critical_minerals.parameters import Language
from critical_minerals.review.changes import (
    Change,
    Comparison,
    Kind,
    Step,
    Tier,
    What,
    compare,
)
from critical_minerals.review.snapshots import Snapshot, keep_run, kept_runs
from critical_minerals.workspace import Workspace

FORMAT: Final = 1
_SHORT: Final = 3
_LONG: Final = 12
"""Changes of each kind that the terminal lists."""
_WIDE: Final = 46
"""Characters of a text that a line of the terminal shows."""
_LONG_NUMBER: Final = 10_000


def after_run(workspace: Workspace) -> list[str]:
    """Keep the run that just ended and say in a few lines what it changed."""
    kept = keep_run(workspace)
    runs = kept_runs(workspace)
    if not runs:
        return []
    if kept is None:
        return [f"Figures: the same as in the run of {spoken(runs[-1])}."]
    if len(runs) == 1:
        return ["Figures: kept for the first time; the next run will say what changed."]
    return short_form(compare(runs[-2], runs[-1]))


def short_form(comparison: Comparison) -> list[str]:
    """Tell in six lines what changed since another run, and each row that was half edited."""
    since = f"Since the run of {spoken(comparison.before)}"
    if not comparison.changes:
        return [f"{since}: no figure changed."]
    top = comparison.top(_SHORT)
    return [
        f"{since}: {_counted(comparison)}; {comparison.count(Tier.LARGE):,} large.",
        *_parameters(comparison),
        *(f"  {line(change)}" for change in top),
        *_half_edited(comparison),
        "  All changes: python pipeline.py changes previous last",
    ]


def long_form(comparison: Comparison, language: Language = "en") -> list[str]:
    """Tell the largest changes with their reasons, and count the others."""
    before, after = comparison.before, comparison.after
    head = f"From {spoken(before)} (as of {before.as_of}) to {spoken(after)} (as of {after.as_of})"
    if not comparison.changes:
        return [head, *_parameters(comparison), "No figure changed."]
    edits = list(_half_edited(comparison))
    lists = _lists(comparison, language)
    return [head, *_parameters(comparison), *edits, *_table(comparison), *lists]


def line(change: Change, language: Language = "en") -> str:
    """Tell one change in a line: what it is of, before and after, by how much, why."""
    step = change.step
    moved = f"  {percent(step)}" if step.points or step.relative is not None else ""
    return f"{_named(change)}: {_seen(change, language)}{moved}  [{change.tier}; {change.why}]"


def _half_edited(comparison: Comparison) -> Iterator[str]:
    """Name the rows that were typed over, and those that still say what they said."""
    for edited, still in sorted(comparison.half_edited.items()):
        others = ", ".join(f"row {one.place[1]} still says {one.value}" for one in still)
        file, _, row = edited.rpartition(":")
        yield f"  {file} row {row} was edited in place, earlier days change too; {others}"


def percent(step: Step) -> str:
    """Write a change with its sign, relative to the earlier figure; that of a share in points.

    >>> percent(Step(Tier.LARGE, 20, 0.2)), percent(Step(Tier.SMALL, -1, -0.004))
    ('+20%', '-0.4%')
    >>> percent(Step(Tier.LARGE, 40, points=True))
    '+40 points'
    """
    if step.points:
        return f"{step.absolute or 0:+,.3g} points"
    share = 100 * (step.relative or 0)
    return f"{share:+,.0f}%" if abs(share) >= 1 else f"{share:+.1g}%"


def spoken(snapshot: Snapshot) -> str:
    """Name a snapshot: a run by its moment, others by their name."""
    day, mark, time = snapshot.name.partition("T")
    return f"{day} {time[:5].replace('-', ':')} UTC" if mark else snapshot.name


def to_json(comparison: Comparison) -> str:
    """Write everything that changed, one change a line, in the form that this module describes."""
    head = {
        "format": FORMAT,
        "before": _side(comparison.before),
        "after": _side(comparison.after),
        "counts": {k: {what: len(comparison.of(k, what)) for what in What} for k in Kind},
    }
    parts = [f"{json.dumps(name)}: {_plain(content)}" for name, content in head.items()]
    lines = ",\n".join(_plain(_told(change)) for change in comparison.changes)
    return "{" + ",\n".join([*parts, f'"changes": [\n{lines}\n]']) + "}\n"


def _told(change: Change) -> dict[str, Any]:
    """Describe one change with plain values."""
    cells = [
        {"column": cell.column, "before": cell.before, "after": cell.after}
        | _moved(cell.step)
        | {"tier": cell.step.tier}
        for cell in change.cells
    ]
    return {
        **{name: getattr(change, name) for name in ("kind", "name", "key", "what", "tier", "why")},
        "reasons": change.reasons.counts,
        **_moved(change.step),
        "before": change.before,
        "after": change.after,
        "cells": cells,
        "row": {} if cells else change.row,
        "raw": [asdict(row) for row in change.reasons.rows],
    }


def _moved(step: Step) -> dict[str, float | None]:
    return {"absolute": step.absolute, "relative": step.relative}


def _side(snapshot: Snapshot) -> dict[str, Any]:
    parameters = snapshot.lineage["parameters"]
    return {"name": snapshot.name, "as_of": snapshot.as_of, "parameters": parameters}


def _plain(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def _counted(comparison: Comparison) -> str:
    """Count the changes by kind: `3 values, 12 rows and 2 charts`."""
    counts = {kind: len(comparison.of(kind)) for kind in Kind}
    words = [f"{n:,} {kind}{'s' * (n != 1)}" for kind, n in counts.items() if n]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _parameters(comparison: Comparison) -> list[str]:
    """Say which parameters differ: they change figures that nobody has touched."""
    differing = [f"{n} {old} → {new}" for n, (old, new) in comparison.parameters.items()]
    return [f"  with other parameters: {'; '.join(differing)}"] if differing else []


def _table(comparison: Comparison) -> Iterator[str]:
    """Count by kind, and by what happened."""
    yield "".join([f"  {'':<10}", *(f"{what:>10}" for what in What)])
    for kind in Kind:
        counts = [len(comparison.of(kind, what)) for what in What]
        if any(counts):
            yield "".join([f"  {kind + 's':<10}", *(f"{count:>10,}" for count in counts)])
    sizes = ", ".join(f"{comparison.count(tier):,} {tier}" for tier in Tier)
    yield f"  by size: {sizes}"


def _lists(comparison: Comparison, language: Language) -> Iterator[str]:
    """List the largest changes of each kind, and say where the others are told."""
    more = len(comparison.changes)
    for kind in Kind:
        top = comparison.of(kind)[:_LONG]
        if top:
            yield f"\n{kind.capitalize()}s, the largest changes first:"
            yield from (f"  {line(change, language)}" for change in top)
        more -= len(top)
    if more:
        yield f"\n{more:,} further changes: --json FILE or --html FILE tells them all."


def _named(change: Change) -> str:
    """Name what changed by its id; the key of a row stands in brackets."""
    key = ", ".join(cell for cell in change.key.values() if cell)
    if change.kind is Kind.CLAIM:
        return f"claim {key}"
    name = f"{change.name} ({key})" if key else change.name
    return name if change.kind in {Kind.VALUE, Kind.ROW} else f"{change.kind} {name}"


def _seen(change: Change, language: Language) -> str:
    """Say what stood there and what stands there now."""
    if change.kind is Kind.SOURCE and not change.cells:
        return f"{change.what}, {_short(change.row.get('title', ''))}"
    if change.what is not What.REVISED and change.kind is not Kind.VALUE:
        return str(change.what)
    if change.cells:
        cell = min(change.cells, key=lambda one: one.step.rank)
        return f"{cell.column} {_figure(cell.before)} → {_figure(cell.after)}"
    if change.kind in {Kind.CHART, Kind.TABLE}:
        return "drawn anew"
    sides: tuple[Mapping[str, str], ...] = (change.before, change.after)
    then, now = (of.get(language) or next(iter(of.values()), "–") for of in sides)
    return f"{_short(then)} → {_short(now)}"


def _figure(text: str) -> str:
    """Write a cell; numbers with separators and as many digits as tell them apart."""
    try:
        number = float(text)
    except ValueError:
        return _short(text) or "–"
    return f"{number:,.0f}" if abs(number) >= _LONG_NUMBER else f"{number:.4g}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 1]}…"
