"""What changed between two snapshots, how much, and why.

Values, rows of processed tables, claims, charts, tables of the report and sources are compared.
Each change has a size (large from 15 %, moderate from 1 %, else small; what appeared or vanished
is large) and a reason, found in the raw rows behind it:

    correction       a correction was applied or withdrawn
    revision         a raw row has another day or document
    edited in place  a raw row has other cells, of the same day and document
    new source       a raw row is new, and so is its source
    new row          a raw row is new
    row removed      a raw row is no longer there, or no longer used
    method           the same raw rows: code, parameters or the choice among rows is another

Raw rows are identified by table and key, since row numbers move whenever a row is added above, and
without the release of the publication, since the next release revises the same figure.

The comparison of the last run with the last release is made once a run and stored
(`write_changes`); pages and the report read it from there (`since_release`).

daff and datacompy were considered: they say which cells differ, and not why. The reason is found in
the raw rows that a value is based on, which only this project's lineage knows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property, partial
from typing import Annotated, Any, Final

from pydantic import (
    PlainSerializer,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    WrapSerializer,
)

from critical_minerals.review.snapshots import (
    Key,
    Snapshot,
    TableRows,
    of_workspace,
    release_before,
)
from critical_minerals.tables.cells import is_figure
from critical_minerals.workspace.paths import Workspace, write_whole

LARGE_FROM: Final = 0.15
MODERATE_FROM: Final = 0.01
_NOISE: Final = 1e-9
"""Relative difference below which two numbers are the same: sums in another order differ so."""
_MOST_RAW_ROWS: Final = 5
"""Raw rows that a change names as evidence."""
_CLAIMS: Final = "claims"
_CLAIM_FIGURES: Final = ("value", "recomputed")
"""Columns of the claims that hold figures; next to `outcome` the rest is explanation."""
_SOURCES: Final = "sources"
_LETTER: Final = "letter"
"""In the record of a source: the letter that distinguishes works of one publisher and year.

`publish.sources` has it too, which loads pandas: each run ends here, and most find no change.
"""
_RELEASE: Final = "release"
_PUBLICATION_COLUMNS: Final = ("source_id", _RELEASE)
"""Columns of a raw key that name the document or release, and not what the row is about."""
_PROVENANCE: Final = ("source_id", "as_of")
_ORIGIN: Final = "origin"
_TIME_UNITS: Final = ("year", "date")
_POINT_UNITS: Final = ("percent", "index", "points")
"""Units whose figures are compared by subtraction."""
_NUMBER_TYPES: Final = ("number", "integer")


class _Ranked(StrEnum):
    """Codes in an order, which is their `rank`: the first counts most."""

    rank: int

    def __init__(self, _word: str) -> None:
        # Members are registered one by one, so that their count is the place of this one.
        self.rank = len(type(self).__members__)


class Kind(_Ranked):
    """The kind of thing that changed; changes of equal size are listed in this order."""

    VALUE = "value"
    ROW = "row"
    CLAIM = "claim"
    CHART = "chart"
    TABLE = "table"
    SOURCE = "source"


class What(_Ranked):
    """What happened to it; a revised figure is listed before a new one."""

    REVISED = "revised"
    REMOVED = "removed"
    ADDED = "added"


class Tier(_Ranked):
    """How large a change is."""

    LARGE = "large"
    MODERATE = "moderate"
    SMALL = "small"


class Why(_Ranked):
    """Why something changed; of equally frequent reasons the first is the main one."""

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


@dataclass(frozen=True, slots=True)
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
        """The size of the step as a fraction of the old figure; of points, of a hundred."""
        return abs(self.absolute or 0) / 100 if self.points else abs(self.relative or 0)

    @property
    def rank(self) -> tuple[int, float]:
        """Sort the largest step first."""
        return self.tier.rank, -self.size


_WHOLE: Final = Step(Tier.LARGE)
"""The step of what came or went as a whole: it has no cells to compare."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One column of a row before and after."""

    column: str
    before: str
    after: str
    step: Step


@dataclass(frozen=True, slots=True)
class Unedited:
    """A raw row that still states the old figure after another row of its subject was edited."""

    origin: str
    column: str
    value: str

    @property
    def place(self) -> tuple[str, int]:
        """Its file and row."""
        file, _, row = self.origin.rpartition(":")
        return file, int(row)


@dataclass(frozen=True, slots=True)
class RawChange:
    """A raw row behind a change; `origin` is where it stands, or stood.

    `still` are the rows that another document or release gives for the same subject, and that still
    state the figure of this row from before it was edited in place.
    """

    table: str
    key: Mapping[str, str]
    why: Why
    origin: str
    still: tuple[Unedited, ...] = ()


def _store_named(rows: Iterable[RawChange], store: SerializerFunctionWrapHandler) -> Any:
    return store(tuple(row for row in rows if row.still))


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why something changed: the number of raw rows for each reason, and some of these rows.

    `main` is the reason of most raw rows, `sources` are the documents of those rows. Of `rows` only
    those are stored that pages name; `ids` serve the comparison alone.
    """

    counts: Mapping[Why, int]
    sources: tuple[str, ...] = ()
    rows: Annotated[tuple[RawChange, ...], WrapSerializer(_store_named)] = ()
    ids: Annotated[frozenset[RawId], PlainSerializer(lambda _: ())] = field(
        default=frozenset(), repr=False
    )

    @property
    def main(self) -> Why:
        """The reason of most raw rows."""
        return _main_reason(self.counts)

    @property
    def unedited(self) -> tuple[Unedited, ...]:
        """Rows that still state a figure edited elsewhere, where that edit is the main reason."""
        if self.main is not Why.EDIT:
            return ()
        return tuple(dict.fromkeys(other for row in self.rows for other in row.still))


_METHOD: Final = Reasons({Why.METHOD: 1})


def _main_reason(counts: Mapping[Why, int]) -> Why:
    """Return the most frequent reason; of equally frequent ones the first of `Why`."""
    return min(counts, key=lambda why: (-counts[why], why.rank))


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that changed.

    `name` is that of a value, chart, table or source; for rows and claims it is their processed
    table, in which `key` finds them. `before` and `after` are what readers see, by language; `row`
    is the row or source as it is, or was, and `cells` are the columns of it that were revised. A
    `direct` figure is that of one raw row, others are computed from several; a `continued` one
    is still based on some of the same raw rows as before; a `repeated` row changed
    because of the same raw rows as a value that is listed before it.
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
    repeated: bool = False

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
        """Sort the largest first; a stated figure before those that are computed from it."""
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

    @cached_property
    def _counts(self) -> Counter[tuple[Kind, What, Tier]]:
        return Counter((change.kind, change.what, change.tier) for change in self.changes)

    def count(self, *sorts: Kind | What | Tier) -> int:
        """Count the changes that are all of these, such as of a kind, or of a size."""
        return sum(number for sort, number in self._counts.items() if {*sorts} <= {*sort})

    def top(self, most: int) -> list[Change]:
        """Return the largest changes, without the rows that repeat a value."""
        return [change for change in self.changes if not change.repeated][:most]

    @property
    def reportable_rows(self) -> Iterator[Change]:
        """Rows that show what no value does: one figure as it is stated, moved by more than little.

        A computed row follows from others, and a repeated one from a value.
        """
        direct = (change for change in self.of(Kind.ROW) if change.direct and not change.repeated)
        return (change for change in direct if change.tier is not Tier.SMALL)

    @property
    def half_edited(self) -> dict[str, tuple[Unedited, ...]]:
        """Origins of raw rows edited in place, with the rows that still state the old figure."""
        raw = (row for change in self.changes for row in change.reasons.rows)
        # By origin, since one row stands behind many changes.
        return {row.origin: row.still for row in raw if row.still}

    @property
    def parameters(self) -> dict[str, tuple[Any, Any]]:
        """The parameters that differ, before and after."""
        old, new = (side.lineage["parameters"] for side in (self.before, self.after))
        pairs = {name: (old.get(name), new.get(name)) for name in sorted({*old, *new})}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """Find everything that changed from one snapshot to another."""
    finder = _ReasonFinder(_Side(before), _Side(after))
    # First, since a chart or table has changed as much as the rows that it shows.
    rows = [*_compare_rows(finder)]
    changes = [
        *_compare_values(finder),
        *rows,
        *_compare_exhibits(finder, rows),
        *_compare_sources(finder),
    ]
    ordered = sorted(changes, key=lambda change: change.rank)
    return Comparison(before, after, tuple(_mark_repeated(ordered)))


def with_last_release(
    workspace: Workspace, lineage: Mapping[str, Any] | None = None
) -> Comparison | None:
    """Compare the last release of an earlier as-of day with the last run, if there is one.

    Needs the processed tables and their package, as the run has written them, and the lineage
    record: it is read where it is not given.
    """
    sides = _release_and_current(workspace, lineage)
    return compare(*sides) if sides else None


def write_changes(workspace: Workspace, lineage: Mapping[str, Any] | None = None) -> None:
    """Store what `with_last_release` finds, with only those raw rows that pages name."""
    comparison = with_last_release(workspace, lineage)
    changes = comparison.changes if comparison else ()
    # Most fields of most changes are empty.
    write_whole(workspace.changes, _CHANGES.dump_json(changes, exclude_defaults=True))


def since_release(workspace: Workspace) -> Comparison | None:
    """Read what `write_changes` stored; None where there is no release of an earlier day."""
    sides = _release_and_current(workspace)
    stored = workspace.changes
    return Comparison(*sides, _CHANGES.validate_json(stored.read_bytes())) if sides else None


def _release_and_current(
    workspace: Workspace, lineage: Mapping[str, Any] | None = None
) -> tuple[Snapshot, Snapshot] | None:
    """Return the last release of an earlier as-of day and the last run, if there is a release."""
    current = of_workspace(workspace, lineage)
    release = release_before(workspace, current.as_of)
    return (release, current) if release else None


_CHANGES: Final = TypeAdapter(tuple[Change, ...])


def _mark_repeated(changes: Iterable[Change]) -> Iterator[Change]:
    """Mark rows that changed only because of the raw rows of values listed before them."""
    listed: set[RawId] = set()
    for change in changes:
        # Computed figures do not count: a sum does not show what became of each of its rows.
        if change.kind is Kind.VALUE and change.direct:
            listed |= change.reasons.ids
        repeated = change.kind is Kind.ROW and change.direct and change.reasons.ids <= listed
        yield replace(change, repeated=True) if repeated else change


def revised_values(comparison: Comparison) -> dict[str, Mapping[str, str]]:
    """Return the former texts of revised values by language, to be shown at the values.

    A value is revised where its number differs and it is still based on some of the same raw rows.
    Years, dates and names are not marked, and neither is a figure that is now of another year or
    another subject.
    """
    return {
        change.name: change.before
        for change in comparison.of(Kind.VALUE, What.REVISED)
        # The step of a year has no size, and neither has that of a text.
        if change.continued and change.step.size and _texts_differ(change.before, change.after)
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
    # An absolute tolerance too: to a relative one, zero is close to nothing but zero.
    if math.isclose(before, after, rel_tol=_NOISE, abs_tol=_NOISE):
        return None
    # Points before signs: a growth rate may pass through zero and still move by few points.
    if unit in _POINT_UNITS:
        return Step(_tier(abs(after - before) / 100), after - before, points=True)
    if before * after <= 0:  # a ratio over zero or a change of sign means nothing
        return Step(Tier.LARGE, after - before)
    relative = (after - before) / abs(before)
    return Step(_tier(abs(relative)), after - before, relative)


def _tier(relative: float) -> Tier:
    """Classify a relative change; the thresholds belong to the larger tier."""
    # In binary fractions a change of 15 per cent may lie just below it: (2.3 - 2) / 2.
    if relative >= LARGE_FROM - _NOISE:
        return Tier.LARGE
    return Tier.MODERATE if relative >= MODERATE_FROM - _NOISE else Tier.SMALL


class _Side:
    """A snapshot with its raw rows and their origins, by table and key."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.tables = snapshot.tables
        self.published: Mapping[str, Mapping[str, Any]] = snapshot.lineage["published"]
        self.sources: Mapping[str, Row] = snapshot.lineage["sources"]
        rows: Mapping[str, Mapping[str, Any]] = snapshot.lineage["rows"]
        self.ids = {origin: _raw_id(row) for origin, row in rows.items()}
        # Rows of several releases have one id; sorted by day, the newest one replaces the others.
        dated = sorted(rows.items(), key=lambda item: item[1].get("as_of", ""))
        self.raw = {self.ids[origin]: (origin, row) for origin, row in dated}
        self.cited: dict[str, set[RawId]] = {}
        """The sources of figures, each with its raw rows; listed ones do not count."""
        for origin, row in rows.items():
            if row["table"] != _SOURCES and row.get("source_id"):
                self.cited.setdefault(row["source_id"], set()).add(self.ids[origin])

    def raw_rows_behind(self, entry: Mapping[str, Any] | None) -> set[RawId]:
        """Return the ids of the raw rows behind a published entry or a processed row."""
        return {self.ids[origin] for origin in _origins(entry) if origin in self.ids}

    def rows_of(self, entry: Mapping[str, Any] | None) -> Iterator[tuple[str, Key]]:
        """Yield table and key of the processed rows that a chart or table shows."""
        for name, numbers in (entry or {}).get("tables", {}).items():
            if table := self.tables.get(name):
                yield from ((name, table.key_of(row)) for row in map(table.row, numbers) if row)


def _raw_id(row: Mapping[str, Any]) -> RawId:
    return row["table"], tuple([cell for name, cell in row["key"].items() if name != _RELEASE])


class _ReasonFinder:
    """Finds why figures differ between two sides: the changes of the raw rows behind them."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self.before, self.after = before, after
        raw = {**before.raw, **after.raw}
        self._why_by_row = {identity: why for identity in raw if (why := self._classify(identity))}
        # Cached, since the same rows and sets of tables are behind many figures.
        self._raw_change = cache(self._make_raw_change)
        self._table_reasons = cache(self._find_table_reasons)

    def reasons_of(self, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Reasons:
        """Return why an entry changed, by the raw rows behind it before and after.

        Rows that no longer belong to it count only where they were removed. Where it merely rests
        on other rows than before, as the second largest award may, the reasons are those of all
        changed rows in their tables.
        """
        old_rows, new_rows = self.before.raw_rows_behind(old), self.after.raw_rows_behind(new)
        gone = {
            identity
            for identity in old_rows - new_rows
            if self._why_by_row.get(identity) is Why.ROW_REMOVED
        }
        reasons = self.reasons_of_rows(new_rows | gone)
        # The same rows, none of which changed: only then is it the method for certain.
        if reasons is not _METHOD or old_rows == new_rows:
            return reasons
        return self._table_reasons(frozenset(table for table, _ in old_rows | new_rows))

    def reasons_of_rows(self, identities: Iterable[RawId]) -> Reasons:
        """Return why an entry changed that is based on some raw rows."""
        by_reason: dict[Why, list[RawId]] = {}
        # Sorted: a set of rows has another order in each process, and the files would differ.
        for identity in sorted(identities):
            if why := self._why_by_row.get(identity):
                by_reason.setdefault(why, []).append(identity)
        if not by_reason:
            return _METHOD
        counts = {why: len(by_reason[why]) for why in Why if why in by_reason}
        main_rows = [self._row(identity)[1] for identity in by_reason[_main_reason(counts)]]
        changed = [identity for why in counts for identity in by_reason[why]]
        return Reasons(
            counts,
            sources=tuple(sorted({row["source_id"] for row in main_rows if row.get("source_id")})),
            rows=tuple(map(self._raw_change, changed[:_MOST_RAW_ROWS])),
            ids=frozenset(changed),
        )

    def _find_table_reasons(self, tables: frozenset[str]) -> Reasons:
        """Return the reasons of all changed rows of some raw tables."""
        return self.reasons_of_rows(
            identity for identity in self._why_by_row if identity[0] in tables
        )

    def _classify(self, identity: RawId) -> Why | None:
        """Return why a raw row differs between the sides; None where it does not."""
        if identity not in self.after.raw:
            return Why.ROW_REMOVED
        new = self.after.raw[identity][1]
        if identity not in self.before.raw:
            # A source that was merely listed before, and gave no figure, is new to the figures.
            is_cited = new.get("source_id") in self.before.cited
            return Why.NEW_ROW if is_cited else Why.NEW_SOURCE
        old = self.before.raw[identity][1]
        # First, since a correction changes the cells as well.
        if old.get("corrections") != new.get("corrections"):
            return Why.CORRECTION
        # A revision comes with a new day or document; an edit in place changes earlier days too.
        if any(old.get(name) != new.get(name) for name in _PROVENANCE):
            return Why.REVISION
        return Why.EDIT if old["cells"] != new["cells"] else None

    def _row(self, identity: RawId) -> tuple[str, Mapping[str, Any]]:
        """Return the origin and the record of a raw row, as it is or last was."""
        return self.after.raw.get(identity) or self.before.raw[identity]

    def _make_raw_change(self, identity: RawId) -> RawChange:
        origin, row = self._row(identity)
        why = self._why_by_row[identity]
        unedited = tuple(self._find_unedited(identity)) if why is Why.EDIT else ()
        return RawChange(identity[0], row["key"], why, origin, unedited)

    def _find_unedited(self, identity: RawId) -> Iterator[Unedited]:
        """Find other rows of the same subject with a figure that was edited in this one."""
        old, (edited, new) = self.before.raw[identity][1], self.after.raw[identity]
        typed_over = {
            column: cell
            for column, cell in old["cells"].items()
            # Only figures: names and codes are the same in many rows by their nature.
            if is_figure(cell) and cell != new["cells"].get(column)
        }
        # Only rows of one subject: another award of the same amount is none of its copies.
        for origin, other in self._rows_by_subject[_subject(new)]:
            if origin != edited:
                for column, cell in typed_over.items():
                    if other["cells"].get(column) == cell:
                        yield Unedited(origin, column, cell)

    @cached_property
    def _rows_by_subject(self) -> Mapping[tuple[str, Key], Sequence[tuple[str, Mapping[str, Any]]]]:
        """The raw rows of the later side with their origins, by subject, of tables with edits."""
        tables = {table for (table, _), why in self._why_by_row.items() if why is Why.EDIT}
        rows: dict[tuple[str, Key], list[tuple[str, Mapping[str, Any]]]] = {}
        for origin, row in self.after.raw.values():
            if row["table"] in tables:
                rows.setdefault(_subject(row), []).append((origin, row))
        return rows


def _subject(row: Mapping[str, Any]) -> tuple[str, Key]:
    """Return the subject of a raw row: its key without the document or release that gives it."""
    key = [cell for name, cell in row["key"].items() if name not in _PUBLICATION_COLUMNS]
    return row["table"], tuple(key)


def _pair_by_name(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Pair the entries of two sides by name; one side of a pair may be missing."""
    return ((name, old.get(name), new.get(name)) for name in {**old, **new})


def _compare_values(finder: _ReasonFinder) -> Iterator[Change]:
    before, after = finder.before, finder.after
    for name, old, new in _pair_by_name(before.published["values"], after.published["values"]):
        value_step = _measure_value(old, new)
        if value_step is not None:
            yield Change(
                kind=Kind.VALUE,
                name=name,
                what=_value_event(old, new),
                step=value_step,
                # Figures of two units differ by the choice of the unit, whatever their rows did.
                reasons=_METHOD if _units_differ(old, new) else finder.reasons_of(old, new),
                before=_texts(old),
                after=_texts(new),
                direct=len(_origins(new or old)) == 1,
                continued=not before.raw_rows_behind(old).isdisjoint(after.raw_rows_behind(new)),
            )


def _measure_value(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Step | None:
    """Measure how far a published value moved; a text has no size and is moderate."""
    if old is None or new is None or _units_differ(old, new):
        return Step(Tier.LARGE)
    measured = step(old["number"], new["number"], new["unit"])
    is_time = new["unit"] in _TIME_UNITS or old["unit"] in _TIME_UNITS
    # A year that moves on is no revision: it comes last, with the small changes.
    if measured and is_time and None not in {old["number"], new["number"]}:
        return Step(Tier.SMALL, measured.absolute)
    if measured or not _texts_differ(old["text"], new["text"]):
        return measured
    # A text that is based on no row says that there is no figure: one has come or gone.
    if not _origins(old) or not _origins(new):
        return Step(Tier.LARGE)
    return Step(Tier.SMALL if is_time else Tier.MODERATE)


def _value_event(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> What:
    """Say whether a value was revised, or has a figure for the first time or no longer."""
    if old is None or new is None:
        return _what_happened(old, new)
    return _what_happened(
        None if _is_empty(old, new) else old, None if _is_empty(new, old) else new
    )


def _is_empty(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether a value has no figure (`not yet public`, or a sum of no rows) unlike another."""
    # A sum of no rows is written as 0, which is no figure of anything.
    if not one["number"] and not _origins(one):
        return True
    return one["number"] is None and other["number"] is not None


def _units_differ(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
    """Tell whether both are numbers, but in different units, such as two currencies."""
    if old is None or new is None or None in {old["number"], new["number"]}:
        return False
    return old["unit"] != new["unit"]


def _compare_rows(finder: _ReasonFinder) -> Iterator[Change]:
    """Compare the processed tables row by row; sources have a comparison of their own."""
    for name, before, after in _pair_by_name(finder.before.tables, finder.after.tables):
        table = after or before
        if table is None or name == _SOURCES:
            continue
        kind, measure = Kind.CLAIM if name == _CLAIMS else Kind.ROW, partial(_measure_cell, table)
        for old, new in _pair_rows(before, after):
            yield from _compare_columns(kind, name, old, new, measure, finder.reasons_of, table.key)


def _pair_rows(
    before: TableRows | None, after: TableRows | None
) -> Iterator[tuple[Row | None, Row | None]]:
    """Pair the rows of two states of a table by their keys."""
    old, new = (table.by_key if table else {} for table in (before, after))
    # With other key columns no row pairs with an old one, whatever its cells hold.
    if before and after and before.key != after.key:
        yield from ((row, None) for row in old.values())
        old = {}
    yield from ((old_row, new_row) for _, old_row, new_row in _pair_by_name(old, new))


def _compare_sources(finder: _ReasonFinder) -> Iterator[Change]:
    """Compare the sources that figures are based on."""
    before, after = finder.before, finder.after

    def reasons(old: Row | None, new: Row | None) -> Reasons:
        # A source described anew has no raw rows as its reason; one that came or went has.
        if old is not None and new is not None:
            return Reasons({Why.REVISION: 1})
        return finder.reasons_of_rows(before.cited.get(name, set()) | after.cited.get(name, set()))

    sides = (
        {name: _drop_letter(side.sources.get(name, {})) for name in side.cited}
        for side in (before, after)
    )
    for name, old, new in _pair_by_name(*sides):
        yield from _compare_columns(Kind.SOURCE, name, old, new, _measure_source, reasons)


def _drop_letter(record: Row) -> Row:
    """Drop the letter of a source, which changes when another work of that year is added."""
    return {column: cell for column, cell in record.items() if column != _LETTER}


Measure = Callable[[str, str, str], Step | None]
"""Measures how far a cell moved: column, old text, new text."""


def _compare_columns(
    kind: Kind,
    name: str,
    old: Row | None,
    new: Row | None,
    measure: Measure,
    reasons: Callable[[Row | None, Row | None], Reasons],
    key: Key = (),
) -> Iterator[Change]:
    """Compare a row with its former state, except for its origins; yield a change if any."""
    if old == new:  # most rows: this spares them the comparison of cells
        return
    row, cells = new or old or {}, ()
    if old is not None and new is not None:
        pairs = {
            column: (old.get(column, ""), new.get(column, ""))
            for column in {**new, **old}
            if column != _ORIGIN  # row numbers move whenever a row is added above
        }
        cells = tuple(
            CellChange(column, *pair, moved)
            for column, pair in pairs.items()
            if pair[0] != pair[1] and (moved := measure(column, *pair))
        )
        if not cells:
            return
    yield Change(
        kind=kind,
        name=name,
        what=_what_happened(old, new),
        step=min((cell.step for cell in cells), key=lambda step: step.rank) if cells else _WHOLE,
        reasons=reasons(old, new),
        key={column: row.get(column, "") for column in key},
        row=row,
        cells=cells,
        direct=len(_origins(row)) == 1,
    )


def _measure_cell(table: TableRows, column: str, before: str, after: str) -> Step | None:
    if table.name == _CLAIMS:
        return _measure_claim(column, before, after)
    if column in _PROVENANCE:  # another document or day for the same figures
        return Step(Tier.SMALL)
    if table.kinds.get(column) not in _NUMBER_TYPES:
        return Step(Tier.MODERATE)
    measured = step(_number(before), _number(after), table.units.get(column))
    # The size of a year means nothing, but `step` calls one that is new or gone large.
    if measured and table.units.get(column) in _TIME_UNITS:
        return Step(Tier.SMALL, measured.absolute)
    return measured


def _measure_claim(column: str, before: str, after: str) -> Step | None:
    """Measure a change of a claim: its outcome is large, its figures are at most moderate."""
    if column == "outcome":
        return Step(Tier.LARGE)
    if column not in _CLAIM_FIGURES:
        return Step(Tier.SMALL)
    measured = step(_number(before), _number(after))
    # A figure that moves and leaves the outcome as it was changes no finding.
    if measured and measured.tier is Tier.LARGE:
        return replace(measured, tier=Tier.MODERATE)
    return measured


def _measure_source(column: str, _before: str, _after: str) -> Step:
    """Measure a change of a source record; its tier counts more, as figures rely on it."""
    return Step(Tier.MODERATE if column == "tier" else Tier.SMALL)


def _compare_exhibits(finder: _ReasonFinder, rows: Sequence[Change]) -> Iterator[Change]:
    """Compare charts and tables of the report; the largest change of their rows is theirs."""
    before, after = finder.before, finder.after
    changed_rows = {(change.name, tuple(change.key.values())): change for change in rows}
    for kind, section in ((Kind.CHART, "figures"), (Kind.TABLE, "tables")):
        for name, old, new in _pair_by_name(before.published[section], after.published[section]):
            keys = {*before.rows_of(old), *after.rows_of(new)}
            tiers = [changed_rows[key].tier for key in keys if key in changed_rows]
            if old and new and not _is_redrawn(old, new, kind, rows_changed=bool(tiers)):
                continue
            # No row changed where another title or specification is all that differs.
            tier = min(tiers, key=lambda tier: tier.rank, default=Tier.SMALL)
            yield Change(
                kind=kind,
                name=name,
                what=_what_happened(old, new),
                step=Step(tier if old and new else Tier.LARGE),
                reasons=finder.reasons_of(old, new),
                before=_texts(old, "title"),
                after=_texts(new, "title"),
            )


def _is_redrawn(
    old: Mapping[str, Any], new: Mapping[str, Any], kind: Kind, *, rows_changed: bool
) -> bool:
    """Tell whether readers see a difference."""
    if any(_texts_differ(old.get(part, {}), new.get(part, {})) for part in ("title", "caption")):
        return True
    if kind is Kind.TABLE:  # it has no specification, only rows
        return rows_changed
    # Of the editions the first one's specification is recorded, whose texts are in its language:
    # between runs of different languages it differs, whatever the chart shows.
    same_language = next(iter(old["title"]), "") == next(iter(new["title"]), "")
    return same_language and old.get("spec") != new.get("spec")


def _what_happened(old: object, new: object) -> What:
    """Return what happened to an entry, of which one side may be missing."""
    if old is None:
        return What.ADDED
    return What.REMOVED if new is None else What.REVISED


def _origins(entry: Mapping[str, Any] | None) -> Sequence[str]:
    """Return the origins of the raw rows behind a published entry or a processed row."""
    if not entry:
        return ()
    return entry["origins"] if "origins" in entry else entry.get(_ORIGIN, "").split()


def _texts(entry: Mapping[str, Any] | None, part: str = "text") -> Mapping[str, str]:
    return dict(entry[part]) if entry else {}


def _texts_differ(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether a text differs in a language that both sides have.

    Blanks are compared as equal: whether a space may break a line is no part of the content.
    """
    languages = one.keys() & other.keys()
    return any(one[language].split() != other[language].split() for language in languages)


def _number(text: str) -> float | None:
    return float(text) if text else None
