"""Changes in readers' words: names of figures and rows, what they were, why they are another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import keys, label, say
from critical_minerals.language.quantities import write_date, write_number
from critical_minerals.language.stated import in_points, with_sign
from critical_minerals.parameters import Language
from critical_minerals.publish.edition import MISSING, Edition
from critical_minerals.publish.sources import named, published_in
from critical_minerals.raw.store import RawStore
from critical_minerals.report.references import read_references
from critical_minerals.review.changes import Change, Comparison, Kind, Step, What
from critical_minerals.review.snapshots import NOW, Snapshot, is_day
from critical_minerals.tables.descriptors import Column, Table, Tables
from critical_minerals.vocabulary import Vocabulary
from critical_minerals.workspace import Workspace

_STEMS: Final = ("label", "title", "name", "measure")
"""Columns, one for each language, in which raw rows say what their figure is."""
_NUMBERS: Final = ("number", "integer")
_MOST_DECIMALS: Final = 4


@dataclass(frozen=True)
class ChangeText:
    """One change in words.

    `anchor` is the section that states the figure, if one does; `document` names the source of the
    change where there is but one, `source` is its id where the report still lists it.
    """

    what: str
    then: str
    now: str
    moved: str
    why: str
    anchor: str = ""
    document: str = ""
    source: str = ""


class Lists:
    """The tables and lists by which changes are told, read once for all languages."""

    def __init__(self, workspace: Workspace) -> None:
        self.tables = Tables(workspace.schemas)
        self.store = RawStore(workspace)
        self._lists = workspace.project.lists
        self.vocabulary = cache(self._vocabulary)

    def _vocabulary(self, day: str) -> Vocabulary:
        """Read the lists as they stood on a day."""
        then = dt.date.fromisoformat(day)
        frames = {of: self.store.read(each.table, then) for of, each in self._lists.items()}
        return Vocabulary(frames, self._lists)


class ChangeTexts:
    """How the changes of one comparison are told in one language."""

    def __init__(
        self,
        workspace: Workspace,
        comparison: Comparison,
        language: Language,
        lists: Lists | None = None,
    ) -> None:
        self.comparison = comparison
        self.language: Language = language
        self._lists = lists or Lists(workspace)
        self._label = cache(partial(label, language=language))
        self._why = cache(self._why_of)
        self.uses = read_references(*workspace.documents(language))
        self.stated = self.uses.stated
        self._workspace = workspace
        self._written: dict[tuple[str, str | None, str], str] = {}
        self._telling: dict[str, list[Column]] = {}

    def told(self, change: Change, *, in_table: bool = False) -> ChangeText:
        """Tell one change of a value, a row or a claim; `in_table`: the table is named already."""
        place = self.stated.get(change.name) if change.kind is Kind.VALUE else None
        single = _only(change.reasons.sources)
        return ChangeText(
            *self._parts(change, in_table=in_table),
            moved=self.moved(change),
            why=self.why(change),
            anchor=place.anchor if place else "",
            document=self.document(change),
            source=single if single in self.comparison.after.lineage["sources"] else "",
        )

    def value(self, name: str) -> str:
        """Name a value: by the catalogue, its raw row, or where it stands; nothing if by none."""
        key = f"named-{name.replace('_', '-')}"
        if key in keys(self.language):
            return label(key, self.language)
        place = self.stated.get(name)
        fallback = self.say("changes-section-of", heading=place.title) if place else ""
        return self._by_row(name) or fallback

    def table(self, name: str) -> str:
        """Name a processed table; one that is no more by its id."""
        key = f"table-named-{name.replace('_', '-')}"
        return label(key, self.language) if key in keys(self.language) else name

    def named_row(self, table: str, key: Sequence[str], row: Mapping[str, str]) -> str:
        """Name a row by its table and the words of its key."""
        named = self.row(table, key, row)
        return self.say("changes-cell", row=self.table(table), column=named)

    def row(self, name: str, key: Sequence[str], row: Mapping[str, str]) -> str:
        """Name a row of a processed table by the words of its key."""
        table = self._tables.get(name)
        if table is None:
            return ", ".join(row.get(column, "") for column in key)
        if name not in self._telling:
            self._telling[name] = _telling(table, key)
        shown = [(c, row.get(self.edition.spoken(c.name), "")) for c in self._telling[name]]
        words = dict.fromkeys(self.cell(column, text) for column, text in shown if text)
        return ", ".join(words) or ", ".join(row.get(column, "") for column in key)

    def cell(self, column: Column, text: str) -> str:
        """Write one cell as the report would."""
        place = (column.name, column.texts, text)
        if place not in self._written:
            self._written[place] = self._write(column, text)
        return self._written[place]

    def header(self, column: Column) -> str:
        """Return the label of a column; one that readers never see keeps its name."""
        bare = column.name.removesuffix("_en").removesuffix("_fr")
        return column.labels.get(self.language, bare)

    def moved(self, change: Change) -> str:
        """Write by how much a figure changed, or that it is new or gone."""
        if change.what is What.ADDED:
            return self._label("changes-new")
        if change.what is What.REMOVED:
            return self._label("changes-gone")
        return signed(change.step, self.language)

    def why(self, change: Change) -> str:
        """Give the main reason; where several documents speak for it, how many do."""
        told, still = self._why(str(change.why), len(change.reasons.sources)), change.reasons.still
        if not still:
            return told
        rows = [
            self.say("changes-still-row", file=one.place[0], row=str(one.place[1]), value=one.value)
            for one in still
        ]
        return self.say("changes-why-still", why=told, rows=", ".join(rows))

    def _why_of(self, reason: str, count: int) -> str:
        why = self._label(f"changes-why-{reason.replace(' ', '-')}")
        return self.say("changes-why-sources", why=why, count=count) if count > 1 else why

    def document(self, change: Change) -> str:
        """Name the one document that speaks for the main reason, by publisher and year."""
        record = self._sources.get(_only(change.reasons.sources))
        if record is None:
            return ""
        year = published_in(record, self.language)
        return self.say("changes-source-named", publisher=self.publisher(record), year=year)

    def publisher(self, record: Mapping[str, str]) -> str:
        """Name the publisher of a source and where its document was read."""
        return named(record, self.language)

    def side(self, snapshot: Snapshot) -> str:
        """Name one side of the comparison."""
        day = write_date(snapshot.as_of, self.language)
        if snapshot.name == NOW or is_day(snapshot.name):
            return self.say("changes-side-day", day=day)
        moment, mark, time = snapshot.name.partition("T")
        if not mark:
            return self.say("changes-side-release", name=snapshot.name, day=day)
        name = f"{moment} {time[:5].replace('-', ':')}"
        return self.say("changes-side-run", name=name, day=day)

    def say(self, key: str, **facts: Any) -> str:
        """Say a text of the catalogue."""
        return say(key, **facts)(self.language)

    @property
    def last_page(self) -> str:
        """The page with all that other documents leave out, where the changes are listed."""
        return self._workspace.project.last.page(self.language)

    @property
    def _tables(self) -> Tables:
        return self._lists.tables

    @cached_property
    def edition(self) -> Edition:
        """How names, words and numbers read in this language."""
        return Edition(self.language, self._lists.vocabulary(self.comparison.after.as_of))

    @cached_property
    def _sources(self) -> Mapping[str, Mapping[str, str]]:
        sides = self.comparison.before, self.comparison.after
        return {**sides[0].lineage["sources"], **sides[1].lineage["sources"]}

    def _parts(self, change: Change, *, in_table: bool) -> tuple[str, str, str]:
        """Say what a change is of, and what stood and stands there."""
        if change.kind is Kind.VALUE:
            then, now = (
                texts.get(self.language, MISSING) for texts in (change.before, change.after)
            )
            return self.value(change.name), then, now
        how = self.row if in_table else self.named_row
        name = how(change.name, [*change.key], change.row)
        if not change.cells:
            return name, MISSING, MISSING
        cell = self._shown_cell(change)
        fields = self._tables[change.name].fields if change.name in self._tables else ()
        column = next((c for c in fields if c.name == cell.column), None)
        if column is None:
            return name, cell.before or MISSING, cell.after or MISSING
        then, now = self._pair(column, cell.before, cell.after)
        return self.say("changes-cell", row=name, column=self.header(column)), then, now

    def _pair(self, column: Column, before: str, after: str) -> tuple[str, str]:
        """Write a cell before and after, numbers with as many decimals as tell them apart."""
        if column.kind not in _NUMBERS or column.unit == "year":
            return self.cell(column, before), self.cell(column, after)
        decimals = _least_decimals(before, after)
        pair = self._number(before, decimals), self._number(after, decimals)
        while pair[0] == pair[1] and decimals < _MOST_DECIMALS:
            decimals += 1
            pair = self._number(before, decimals), self._number(after, decimals)
        return pair

    def _number(self, text: str, decimals: int) -> str:
        return write_number(float(text), self.language, decimals) if text else MISSING

    def _write(self, column: Column, text: str) -> str:
        """Write one cell through the edition; an id that no list holds any more as it stands."""
        if not text:
            return MISSING
        try:
            return self.edition.cell(_typed(text, column), column)
        except UsageError:
            return text

    def _shown_cell(self, change: Change) -> Any:
        """Choose the column that moved farthest, of those that this language shows."""
        other = "_fr" if self.language == "en" else "_en"
        shown = [cell for cell in change.cells if not cell.column.endswith(other)]
        moved = [cell for cell in shown if cell.step == change.step]
        return (moved or shown or list(change.cells))[0]

    def _by_row(self, name: str) -> str:
        """Name a value by the one row that it rests on: the raw one's own words, or its place."""
        for side in (self.comparison.after, self.comparison.before):
            entry = side.lineage["published"]["values"].get(name)
            if entry and len(entry["origins"]) == 1:
                raw = side.lineage["rows"][entry["origins"][0]]
                return self._raw_name(raw) or self._row_name(side, entry["tables"])
        return ""

    def _raw_name(self, row: Mapping[str, Any]) -> str:
        """Name a raw row by its programme and its own words, if it has any."""
        cells = {**row["key"], **row["cells"]}
        words = [cells.get(f"{stem}_{self.language}", "") for stem in _STEMS]
        own = next((word for word in words if word), "")
        programme = cells.get("programme", "")
        if not own or programme in {"", "not_stated"}:
            return own
        named = self.edition.name("programme", programme)
        return self.say("changes-cell", row=named, column=own)

    def _row_name(self, side: Snapshot, places: Mapping[str, Sequence[int]]) -> str:
        """Name the first processed row in which a value stands."""
        for name, numbers in places.items():
            table = side.tables.get(name)
            if table and numbers[0] - 2 < len(table.rows):
                return self.named_row(name, table.key, table.rows[numbers[0] - 2])
        return ""


def _only(sources: Sequence[str]) -> str:
    """Return the only one; nothing where there are several, or none."""
    return sources[0] if len(sources) == 1 else ""


def _telling(table: Table, key: Sequence[str]) -> list[Column]:
    """Choose the columns that name a row: its key, texts in the place of ids without names."""
    columns = {column.name: column for column in table.fields}
    twin = next((column.name for column in table.own if column.name.endswith("_en")), None)
    texts = [name for name in ("recipient", twin) if name in columns]
    chosen: dict[str, Column] = {}
    for column in (columns[name] for name in key if name in columns):
        bare = column.kind == "string" and not column.reference and not column.texts
        told = texts if bare and texts else [column.name]
        chosen |= {name: columns[name] for name in told}
    return [*chosen.values()]


def signed(step: Step, language: Language) -> str:
    r"""Write a change with its sign, relative or in points; nothing where there is none.

    >>> from critical_minerals.review.changes import Tier
    >>> signed(Step(Tier.LARGE, 20, 0.2), "fr")
    '+20\xa0%'
    >>> signed(Step(Tier.LARGE, -40.0, points=True), "en")
    '−40\xa0points'
    """
    if step.points and step.absolute is not None:
        return with_sign(step.absolute, in_points(step.absolute, language))
    if step.relative is None:
        return MISSING
    share = 100 * step.relative
    decimals = 0 if abs(share) >= 10 else 1 if abs(share) >= 1 else 2  # noqa: PLR2004
    text = write_number(share, language, decimals)
    sign = "" if share < 0 else "+"
    return f"{sign}{text}" + ("%" if language == "en" else "\u00a0%")


def _least_decimals(*texts: str) -> int:
    """Return how many decimals figures of this size deserve: none from a hundred, or if whole."""
    numbers = [float(text) for text in texts if text]
    plain = all(number.is_integer() or abs(number) >= 100 for number in numbers)  # noqa: PLR2004
    return 0 if plain else 1


def _typed(value: str, column: Column) -> Any:
    """Give a text cell the type with which its column is written."""
    match column.kind:
        case "integer":
            return int(float(value))
        case "number":
            return float(value)
        case "boolean":
            return value == "True"
        case "date":
            return pd.Timestamp(value)
        case _:
            return value
