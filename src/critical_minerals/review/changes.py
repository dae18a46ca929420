"""What changed between two snapshots, how much, and why.

Values, rows of processed tables, claims, charts, tables of the report and sources are compared.
Each change has a size (large from 15 %, moderate from 1 %, else small; what appeared or vanished
is large) and a reason, found in the raw rows behind it:

    correction   a correction was applied or withdrawn
    revision     a raw row has another figure, or a later day
    new source   a raw row is new, and so is its source
    new row      a raw row is new
    row removed  a raw row is no longer there, or no longer used
    method       the same raw rows: code, parameters or the choice among rows is another

Raw rows are told apart by table and key, since row numbers move whenever a row is added above, and
whichever release of a publication they were read in: the next release revises them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property, partial
from typing import Any, Final

from critical_minerals.review.snapshots import Key, Snapshot, TableRows

LARGE_FROM: Final = 0.15
MODERATE_FROM: Final = 0.01
_NOISE: Final = 1e-9
"""Relative difference below which two numbers are the same: sums in another order differ so."""
_EVIDENCE: Final = 5
_CLAIMS: Final = "claims"
_CLAIMED: Final = ("value", "recomputed")
_SOURCES: Final = "sources"
_RELEASE: Final = "release"
_GIVEN_BY: Final = ("source_id", _RELEASE)
_PROVENANCE: Final = ("source_id", "as_of")
_ORIGIN: Final = "origin"
_TIMES: Final = ("year", "date")
_POINTS: Final = ("percent", "index", "points")
"""Units whose figures are compared by subtraction."""
_NUMBERS: Final = ("number", "integer")


class _Ranked(StrEnum):
    """Words in an order: the first counts most."""

    @property
    def rank(self) -> int:
        """The place of a word in that order."""
        return [*type(self)].index(self)


class Kind(_Ranked):
    """What changed; their order is that of a list of changes of equal size."""

    VALUE = "value"
    ROW = "row"
    CLAIM = "claim"
    CHART = "chart"
    TABLE = "table"
    SOURCE = "source"


class What(_Ranked):
    """What happened to it; a revised figure is told before one that is new."""

    REVISED = "revised"
    REMOVED = "removed"
    ADDED = "added"


class Tier(_Ranked):
    """How large a change is."""

    LARGE = "large"
    MODERATE = "moderate"
    SMALL = "small"


class Why(_Ranked):
    """Why something changed; of reasons that are as frequent, the first is told."""

    CORRECTION = "correction"
    REVISION = "revision"
    EDIT = "edited in place"
    NEW_SOURCE = "new source"
    NEW_ROW = "new row"
    ROW_REMOVED = "row removed"
    METHOD = "method"


Row = Mapping[str, str]
RawId = tuple[str, Key]
"""A raw row: its table and its key without the release that it was read in."""


@dataclass(frozen=True)
class Step:
    """How far a figure moved, in its own unit (`absolute`) and as a share of what it was.

    `relative` is missing where there is nothing to divide by, and for percentages and indices
    (`points`): from 33 % to 73 % are 40 points, and "+123 %" would tell readers something else.
    """

    tier: Tier
    absolute: float | None = None
    relative: float | None = None
    points: bool = False

    @property
    def size(self) -> float:
        """How large the step is, as a share; of a scale that ends, as a share of all of it."""
        return abs(self.absolute or 0) / 100 if self.points else abs(self.relative or 0)

    @property
    def rank(self) -> tuple[int, float]:
        """Sort the largest step first."""
        return self.tier.rank, -self.size


@dataclass(frozen=True)
class CellChange:
    """One column of a row before and after."""

    column: str
    before: str
    after: str
    step: Step


@dataclass(frozen=True)
class Unedited:
    """A raw row that still states what was typed over in another row of the same thing."""

    origin: str
    column: str
    value: str

    @property
    def place(self) -> tuple[str, int]:
        """Its file and row."""
        file, _, row = self.origin.rpartition(":")
        return file, int(row)


@dataclass(frozen=True)
class RawChange:
    """A raw row behind a change; `origin` is where it stands, or stood.

    `still` are the rows that another document or release gives of the same thing, and that still
    say what this one said before it was typed over.
    """

    table: str
    key: Mapping[str, str]
    why: Why
    origin: str
    still: tuple[Unedited, ...] = ()


@dataclass(frozen=True)
class Reasons:
    """Why something changed: how many raw rows speak for each reason, and some of them."""

    counts: Mapping[Why, int]
    rows: tuple[RawChange, ...] = ()
    ids: frozenset[RawId] = field(default=frozenset(), repr=False)
    sources: frozenset[str] = frozenset()
    """The source documents of the rows that speak for the main reason."""

    @property
    def main(self) -> Why:
        """The reason that most raw rows speak for."""
        return min(self.counts, key=lambda why: (-self.counts[why], why.rank))

    @property
    def still(self) -> tuple[Unedited, ...]:
        """Rows that still state a figure that was typed over elsewhere."""
        return tuple(dict.fromkeys(other for row in self.rows for other in row.still))


_METHOD: Final = Reasons({Why.METHOD: 1})


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that changed.

    `name` is that of a value, chart, table or source; for rows and claims it is their processed
    table, in which `key` finds them. `before` and `after` are what readers see, by language; `row`
    is the row or source as it is, or was, and `cells` are the columns of it that were revised. A
    `direct` figure is that of one raw row, others are computed from several; one that is
    `continued` still rests on some of the raw rows on which it rested.
    """

    kind: Kind
    name: str
    what: What
    step: Step
    reasons: Reasons
    key: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    row: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[CellChange, ...] = ()
    direct: bool = False
    continued: bool = False

    @property
    def tier(self) -> Tier:
        """How large the change is."""
        return self.step.tier

    @property
    def why(self) -> Why:
        """The main reason."""
        return self.reasons.main

    @property
    def rank(self) -> tuple[Any, ...]:
        """Sort the largest first; what is stated before what is computed from it."""
        return (
            self.tier.rank,
            self.what.rank,
            not self.direct,
            self.kind.rank,
            -self.step.size,
            self.name,
            *self.key.values(),
        )


@dataclass(frozen=True)
class Comparison:
    """All changes from one snapshot to another, the largest first."""

    before: Snapshot
    after: Snapshot
    changes: tuple[Change, ...]

    def of(self, kind: Kind, what: What | None = None) -> list[Change]:
        """Return the changes of one kind."""
        return [c for c in self.changes if c.kind is kind and what in {None, c.what}]

    def count(self, tier: Tier) -> int:
        """Count the changes of one size."""
        return sum(change.tier is tier for change in self.changes)

    def top(self, most: int) -> list[Change]:
        """Return the largest changes, without rows that a value already tells of."""
        told: set[RawId] = set()
        chosen: list[Change] = []
        for change in self.changes:
            if change.kind is Kind.ROW and change.direct and change.reasons.ids <= told:
                continue
            chosen.append(change)
            if change.kind is Kind.VALUE and change.direct:
                told |= change.reasons.ids
        return chosen[:most]

    @property
    def parameters(self) -> dict[str, tuple[Any, Any]]:
        """The parameters that differ, before and after."""
        old, new = (side.lineage["parameters"] for side in (self.before, self.after))
        pairs = {name: (old.get(name), new.get(name)) for name in sorted({*old, *new})}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """Find everything that changed from one snapshot to another."""
    sides = _Side(before), _Side(after)
    grounds = _Grounds(*sides)
    rows = list(_rows(*sides, grounds))
    changes = [
        *_values(*sides, grounds),
        *rows,
        *_shown(*sides, grounds, rows),
        *_sources(*sides, grounds),
    ]
    return Comparison(before, after, tuple(sorted(changes, key=lambda change: change.rank)))


def revised_values(comparison: Comparison) -> dict[str, Mapping[str, str]]:
    """Return what revised values said before, by language, to be told where they stand.

    A value is revised where its number is another and it still rests on some of the same raw rows.
    Years, dates and names of things are not marked, and neither is a figure that now speaks of
    another year or another thing.
    """
    return {
        change.name: change.before
        for change in comparison.of(Kind.VALUE, What.REVISED)
        if change.continued and change.step.size and _differ(change.before, change.after)
    }


def step(before: float | None, after: float | None, unit: str | None = None) -> Step | None:
    """Measure how far a number moved; None where it did not.

    A number that appears, vanishes, leaves zero or changes its sign has no relative change and is
    large; the change of a percentage is in points.

    >>> step(100, 120)
    Step(tier=<Tier.LARGE: 'large'>, absolute=20, relative=0.2, points=False)
    >>> step(0, 3).relative is None, step(-5, 5).relative is None, step(0.1 + 0.2, 0.3)
    (True, True, None)
    >>> step(33, 73, "percent")
    Step(tier=<Tier.LARGE: 'large'>, absolute=40, relative=None, points=True)
    """
    if before is None or after is None:
        return None if before is after else Step(Tier.LARGE)
    if math.isclose(before, after, rel_tol=_NOISE, abs_tol=_NOISE):
        return None
    if unit in _POINTS:
        return Step(_tier(abs(after - before) / 100), after - before, points=True)
    if before * after <= 0:
        return Step(Tier.LARGE, after - before)
    relative = (after - before) / abs(before)
    return Step(_tier(abs(relative)), after - before, relative)


def _tier(relative: float) -> Tier:
    """Size a relative change; the borders belong to the larger size."""
    if relative >= LARGE_FROM - _NOISE:
        return Tier.LARGE
    return Tier.MODERATE if relative >= MODERATE_FROM - _NOISE else Tier.SMALL


class _Side:
    """A snapshot with its raw rows by table and key."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.published: Mapping[str, Mapping[str, Any]] = snapshot.lineage["published"]
        self.rows: Mapping[str, Mapping[str, Any]] = snapshot.lineage["rows"]
        self.sources: Mapping[str, Mapping[str, str]] = snapshot.lineage["sources"]

    @cached_property
    def origins(self) -> dict[RawId, str]:
        """Where each raw row stands, of several releases in the newest."""
        dated = sorted(self.rows.items(), key=lambda item: item[1].get("as_of", ""))
        return {_raw_id(row): origin for origin, row in dated}

    @cached_property
    def cited(self) -> dict[str, set[RawId]]:
        """The sources that figures rest on, each with its raw rows; a mere listing is no use."""
        cited: dict[str, set[RawId]] = {}
        for row in self.rows.values():
            if row["table"] != _SOURCES and row.get("source_id"):
                cited.setdefault(row["source_id"], set()).add(_raw_id(row))
        return cited

    def ids(self, origins: Iterable[str]) -> set[RawId]:
        """Identify the raw rows that stand in some places."""
        return {_raw_id(self.rows[origin]) for origin in origins if origin in self.rows}

    def row(self, identity: RawId) -> Mapping[str, Any] | None:
        """Return a raw row, or None where it is not used."""
        origin = self.origins.get(identity)
        return self.rows[origin] if origin else None


def _raw_id(row: Mapping[str, Any]) -> RawId:
    return row["table"], tuple(cell for name, cell in row["key"].items() if name != _RELEASE)


class _Grounds:
    """Why raw rows differ between two sides, and so why what rests on them does."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self._before, self._after = before, after
        # The same raw rows, and tables, stand behind many figures.
        self._why = cache(self._compared)
        self._of_tables = cache(self._of_all_rows)

    def of(self, old: Iterable[str], new: Iterable[str]) -> Reasons:
        """Return why something changed that rested on some raw rows and now rests on others.

        Rows that it rests on no longer count where they are gone. Where it has merely come to rest
        on other rows, such as the second largest award, what changed in their tables is the reason.
        """
        were, are = self._before.ids(old), self._after.ids(new)
        gone = {identity for identity in were - are if self._why(identity) is Why.ROW_REMOVED}
        reasons = self.of_rows(are | gone)
        if reasons is not _METHOD or were == are:
            return reasons
        return self._of_tables(frozenset(table for table, _ in were | are))

    def of_rows(self, identities: Iterable[RawId]) -> Reasons:
        """Return why something changed that rests on some raw rows."""
        moved = {identity: why for identity in identities if (why := self._why(identity))}
        if not moved:
            return _METHOD
        # Sorted at once: a set of rows has another order in each process.
        ordered = sorted(moved, key=lambda identity: (moved[identity].rank, identity))
        counts = Counter(moved[identity] for identity in ordered)
        shown = tuple(self._told(identity, moved[identity]) for identity in ordered[:_EVIDENCE])
        reasons = Reasons(dict(counts), shown, frozenset(moved))
        main = reasons.main
        speaking = [self._told_by(one) for one, why in moved.items() if why is main]
        return replace(reasons, sources=frozenset(source for source in speaking if source))

    def _of_all_rows(self, tables: frozenset[str]) -> Reasons:
        """Return why something changed that rests on whatever stands in some raw tables."""
        every = {*self._before.origins, *self._after.origins}
        return self.of_rows(identity for identity in every if identity[0] in tables)

    def _compared(self, identity: RawId) -> Why | None:
        """Compare one raw row with what it was."""
        old, new = self._before.row(identity), self._after.row(identity)
        if new is None:
            return Why.ROW_REMOVED
        if old is None:
            known = new.get("source_id") in self._before.cited
            return Why.NEW_ROW if known else Why.NEW_SOURCE
        if old.get("corrections") != new.get("corrections"):
            return Why.CORRECTION
        if _state(old) == _state(new):
            return None
        # A revision has a day of its own: what is typed over changes the earlier days too.
        same_day = _state(old)[1:] == _state(new)[1:]
        return Why.EDIT if same_day else Why.REVISION

    def _told_by(self, identity: RawId) -> str:
        """Return the source of a raw row as it is, or was."""
        row = self._after.row(identity) or self._before.row(identity) or {}
        return row.get("source_id", "")

    def _told(self, identity: RawId, why: Why) -> RawChange:
        side = self._before if why is Why.ROW_REMOVED else self._after
        origin = side.origins[identity]
        row = side.rows[origin]
        still = tuple(self._unedited(identity, origin)) if why is Why.EDIT else ()
        return RawChange(identity[0], row["key"], why, origin, still)

    def _unedited(self, identity: RawId, edited: str) -> Iterator[Unedited]:
        """Find other rows of the same thing with a figure that was typed over in this one."""
        old, new = self._before.row(identity) or {}, self._after.rows[edited]
        typed_over = {
            column: cell
            for column, cell in old.get("cells", {}).items()
            if _is_number(cell) and cell != new["cells"].get(column)
        }
        for origin, other in self._after.rows.items():
            if origin != edited and _thing(other) == _thing(new):
                for column, cell in typed_over.items():
                    if other["cells"].get(column) == cell:
                        yield Unedited(origin, column, cell)


def _thing(row: Mapping[str, Any]) -> tuple[str, Key]:
    """Tell what a raw row is of, whichever document or release gives it."""
    key = tuple(cell for name, cell in row["key"].items() if name not in _GIVEN_BY)
    return row["table"], key


def _state(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes a raw row's figure; its place and its note do not."""
    return row["cells"], row.get("as_of"), row.get("source_id")


def _values(before: _Side, after: _Side, grounds: _Grounds) -> Iterator[Change]:
    """Compare the published values."""
    old, new = before.published["values"], after.published["values"]
    for name in {*old, *new}:
        one, other = old.get(name), new.get(name)
        found = _value_step(one, other)
        if found is None:
            continue
        reasons = grounds.of(_origins(one), _origins(other))
        yield Change(
            kind=Kind.VALUE,
            name=name,
            what=_value_what(one, other),
            step=found,
            reasons=_METHOD if _other_unit(one, other) else reasons,
            before=_texts(one),
            after=_texts(other),
            direct=len(_origins(other or one)) == 1,
            continued=bool(before.ids(_origins(one)) & after.ids(_origins(other))),
        )


def _value_step(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> Step | None:
    """Measure how far a published value moved; words have no measure and are moderate."""
    if one is None or other is None or _other_unit(one, other):
        return Step(Tier.LARGE)
    moved = step(one["number"], other["number"], other["unit"])
    time = other["unit"] in _TIMES or one["unit"] in _TIMES
    if moved and time and None not in {one["number"], other["number"]}:
        return Step(Tier.SMALL, moved.absolute)
    if moved or not _differ(one["text"], other["text"]):
        return moved
    if not _origins(one) or not _origins(other):
        return Step(Tier.LARGE)
    return Step(Tier.SMALL if time else Tier.MODERATE)


def _value_what(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> What:
    """Tell a value that has a figure for the first time, or no longer, from a revised one."""
    if one is None or other is None:
        return _what(one, other)
    return _what(None if _silent(one, other) else one, None if _silent(other, one) else other)


def _silent(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether a value says nothing (`not yet public`, or 0 of nothing), unlike another."""
    if not one["number"] and not _origins(one):
        return True
    return one["number"] is None and other["number"] is not None


def _other_unit(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Tell whether both are numbers, but not of the same thing, such as two currencies."""
    if one is None or other is None or None in {one["number"], other["number"]}:
        return False
    return one["unit"] != other["unit"]


def _rows(before: _Side, after: _Side, grounds: _Grounds) -> Iterator[Change]:
    """Compare the processed tables row by row; the list of sources has a comparison of its own."""
    old, new = before.snapshot.tables, after.snapshot.tables
    for name in sorted({*old, *new} - {_SOURCES}):
        one, other = old.get(name), new.get(name)
        were, are = _keyed(one), _keyed(other)
        if table := other or one:
            for key in {**were, **are}:
                yield from _row_change(table, were.get(key), are.get(key), grounds)


def _keyed(table: TableRows | None) -> Mapping[tuple[Key, Key], Row]:
    """Find the rows of a table by their key: rows of a table with another key are others."""
    return {(table.key, key): row for key, row in table.by_key.items()} if table else {}


def _row_change(
    table: TableRows, old: Row | None, new: Row | None, grounds: _Grounds
) -> Iterator[Change]:
    """Compare one row with what it was; yield its change, if there is one."""
    row, origins = new or old or {}, [_marks(side) for side in (old, new)]
    what, cells = _what(old, new), _cells(old, new, partial(_cell_step, table))
    if what is What.REVISED and not cells:
        return
    yield Change(
        kind=Kind.CLAIM if table.name == _CLAIMS else Kind.ROW,
        name=table.name,
        what=what,
        step=_largest(cells),
        reasons=grounds.of(*origins),
        key={column: row.get(column, "") for column in table.key},
        row=row,
        cells=cells,
        direct=len(origins[1] or origins[0]) == 1,
    )


Measure = Callable[[str, str, str], Step | None]
"""Tells for a column, what stood in it and what stands in it, how far it moved."""


def _cells(old: Row | None, new: Row | None, measure: Measure) -> tuple[CellChange, ...]:
    """Compare two sides column by column, except for where their raw rows stand."""
    if old is None or new is None:
        return ()
    pairs = {
        column: (old.get(column, ""), new.get(column, ""))
        for column in dict.fromkeys([*new, *old])
        if column != _ORIGIN
    }
    return tuple(
        CellChange(column, *pair, found)
        for column, pair in pairs.items()
        if pair[0] != pair[1] and (found := measure(column, *pair))
    )


def _cell_step(table: TableRows, column: str, before: str, after: str) -> Step | None:
    """Measure how far a cell moved."""
    if table.name == _CLAIMS:
        return _claim_step(column, before, after)
    if column in _PROVENANCE:
        return Step(Tier.SMALL)
    if table.kinds.get(column) not in _NUMBERS:
        return Step(Tier.MODERATE)
    moved = step(_number(before), _number(after), table.units.get(column))
    if moved and table.units.get(column) in _TIMES:
        return Step(Tier.SMALL, moved.absolute)
    return moved


def _claim_step(column: str, before: str, after: str) -> Step | None:
    """Measure what happened to a claim: its outcome counts most, its figures at most moderately."""
    if column == "outcome":
        return Step(Tier.LARGE)
    if column not in _CLAIMED:
        return Step(Tier.SMALL)
    moved = step(_number(before), _number(after))
    if moved and moved.tier is Tier.LARGE:
        return replace(moved, tier=Tier.MODERATE)
    return moved


def _largest(cells: Iterable[CellChange]) -> Step:
    """Return the step of the cell that moved farthest; what came or went has none and is large."""
    return min((c.step for c in cells), key=lambda step: step.rank, default=Step(Tier.LARGE))


def _shown(
    before: _Side, after: _Side, grounds: _Grounds, rows: Sequence[Change]
) -> Iterator[Change]:
    """Compare charts and tables of the report; they are as changed as the rows they show."""
    moved = {(change.name, tuple(change.key.values())): change for change in rows}
    for kind, part in ((Kind.CHART, "figures"), (Kind.TABLE, "tables")):
        old, new = before.published[part], after.published[part]
        for name in {*old, *new}:
            one, other = old.get(name), new.get(name)
            behind = [
                moved[key]
                for key in _row_keys(before, one) | _row_keys(after, other)
                if key in moved
            ]
            if one and other and not _redrawn(one, other, behind, kind):
                continue
            what = _what(one, other)
            steps = [change.step for change in behind] or [Step(Tier.SMALL)]
            tier = min((one.tier for one in steps), key=lambda one: one.rank)
            yield Change(
                kind=kind,
                name=name,
                what=what,
                step=Step(tier if what is What.REVISED else Tier.LARGE),
                reasons=grounds.of(_origins(one), _origins(other)),
                before=_texts(one, "title"),
                after=_texts(other, "title"),
            )


def _row_keys(side: _Side, entry: Mapping[str, Any] | None) -> set[tuple[str, Key]]:
    """Return the keys of the processed rows that a chart or table shows."""
    tables = side.snapshot.tables
    return {
        (name, tables[name].key_of(tables[name].rows[row - 2]))
        for name, numbers in (entry or {}).get("tables", {}).items()
        if name in tables
        for row in numbers
        if row - 2 < len(tables[name].rows)
    }


def _redrawn(
    one: Mapping[str, Any], other: Mapping[str, Any], behind: Sequence[Change], kind: Kind
) -> bool:
    """Tell whether readers see something else than before."""
    if any(_differ(one.get(word, {}), other.get(word, {})) for word in ("title", "caption")):
        return True
    if kind is Kind.TABLE:
        return bool(behind)
    same_language = next(iter(one["title"]), "") == next(iter(other["title"]), "")
    return same_language and one.get("spec") != other.get("spec")


def _sources(before: _Side, after: _Side, grounds: _Grounds) -> Iterator[Change]:
    """Compare the sources that figures rest on."""
    for name in {*before.cited, *after.cited}:
        old = before.sources.get(name, {}) if name in before.cited else None
        new = after.sources.get(name, {}) if name in after.cited else None
        what, cells = _what(old, new), _cells(old, new, _source_step)
        if what is What.REVISED and not cells:
            continue
        identities = before.cited.get(name, set()) | after.cited.get(name, set())
        yield Change(
            kind=Kind.SOURCE,
            name=name,
            what=what,
            step=_largest(cells),
            reasons=Reasons({Why.REVISION: 1}) if cells else grounds.of_rows(identities),
            row=new or old or {},
            cells=cells,
        )


def _source_step(column: str, _before: str, _after: str) -> Step:
    """Size another description of a source: its tier decides how far a figure may be relied on."""
    return Step(Tier.MODERATE if column == "tier" else Tier.SMALL)


def _what(old: object, new: object) -> What:
    """Say what happened to something of which there may be but one side."""
    if old is None:
        return What.ADDED
    return What.REMOVED if new is None else What.REVISED


def _origins(entry: Mapping[str, Any] | None) -> list[str]:
    return list(entry["origins"]) if entry else []


def _marks(row: Row | None) -> list[str]:
    return (row or {}).get(_ORIGIN, "").split()


def _texts(entry: Mapping[str, Any] | None, word: str = "text") -> Mapping[str, str]:
    return dict(entry[word]) if entry else {}


def _differ(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether something says another thing in a language that both sides have."""
    return any(one[language] != other[language] for language in one.keys() & other.keys())


def _number(text: str) -> float | None:
    return float(text) if text else None


def _is_number(cell: str) -> bool:
    """Tell whether a cell holds a figure."""
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
