"""Texts of changes for readers: names of figures and rows, old and new text, the reason."""

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
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.publish.edition import MISSING, Edition
from critical_minerals.publish.sources import published_in, publisher_name
from critical_minerals.raw.store import RawStore
from critical_minerals.report.references import read_references
from critical_minerals.review.changes import Change, Comparison, Kind, Step, What
from critical_minerals.review.snapshots import NOW, Snapshot, is_day
from critical_minerals.tables.descriptors import Column, Table, Tables
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace

_STEMS: Final = ("label", "title", "name", "measure")
"""Stems of the columns, one for each language, that name the figure of a raw row."""
_NUMBERS: Final = ("number", "integer")
_MOST_DECIMALS: Final = 4
"""Decimals up to which a figure is written so that its old and new text differ."""


@dataclass(frozen=True)
class ChangeText:
    """The texts of one change.

    `anchor` is the section that states the figure, if one does; `document` names the source of the
    change where there is exactly one, `source` is its id where the report still lists it.
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
    """The tables and lists that name rows and codes, read once for all languages."""

    def __init__(self, workspace: Workspace) -> None:
        self.tables = Tables(workspace.schemas)
        self.store = RawStore(workspace)
        self._lists = workspace.project.lists
        self.vocabulary = cache(self._vocabulary)

    def key(self, list_name: str) -> str:
        """Name the column of the ids of a list."""
        return self._lists[list_name].key

    def _vocabulary(self, day: str) -> Vocabulary:
        """Read the lists as they stood on a day."""
        then = dt.date.fromisoformat(day)
        frames = {name: self.store.read(entry.table, then) for name, entry in self._lists.items()}
        return Vocabulary(frames, self._lists)


class ChangeTexts:
    """Writes the changes of one comparison in one language."""

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
        self._tables = self._lists.tables
        self._label = cache(partial(label, language=language))
        self._reason_text = cache(self._format_reason)
        self.references = read_references(*workspace.documents(language))
        self.stated = self.references.stated
        self._workspace = workspace
        self._cell_texts: dict[tuple[str, str | None, str], str] = {}
        self._name_columns: dict[str, list[Column]] = {}

    def describe(self, change: Change, *, in_table: bool = False) -> ChangeText:
        """Describe a change of a value, row or claim; with `in_table` without the table's name."""
        section = self.stated.get(change.name) if change.kind is Kind.VALUE else None
        source = _single(change.reasons.sources)
        return ChangeText(
            *self._name_and_sides(change, in_table=in_table),
            moved=self.difference(change),
            why=self.why(change),
            anchor=section.anchor if section else "",
            document=self.document(change),
            source=source if source in self.comparison.after.lineage["sources"] else "",
        )

    def value(self, name: str) -> str:
        """Name a value by the catalogue, its raw row or its section; empty where none names it."""
        key = f"named-{name.replace('_', '-')}"
        if key in keys(self.language):
            return label(key, self.language)
        section = self.stated.get(name)
        fallback = self.say("changes-section-of", heading=section.title) if section else ""
        return self._name_by_row(name) or fallback

    def table(self, name: str) -> str:
        """Name a processed table; one that no longer exists keeps its id."""
        key = f"table-named-{name.replace('_', '-')}"
        return label(key, self.language) if key in keys(self.language) else name

    def qualified_row(self, table: str, key: Sequence[str], row: Mapping[str, str]) -> str:
        """Name a row by its table and the texts of its key."""
        row_name = self.row(table, key, row)
        return self.say("changes-cell", row=self.table(table), column=row_name)

    def row(self, name: str, key: Sequence[str], row: Mapping[str, str]) -> str:
        """Name a row of a processed table by the texts of its key."""
        table = self._tables.get(name)
        # A release may hold a table that the project has dropped since: its key is all there is.
        if table is None:
            return ", ".join(row.get(column, "") for column in key)
        if name not in self._name_columns:
            self._name_columns[name] = _name_columns(table, key)
        cells = [
            (column, row.get(self.edition.localized_column(column.name), ""))
            for column in self._name_columns[name]
        ]
        # Each text once: two columns of a key may read alike.
        texts = dict.fromkeys(self.cell(column, text) for column, text in cells if text)
        return ", ".join(texts) or ", ".join(row.get(column, "") for column in key)

    def cell(self, column: Column, text: str) -> str:
        """Write one cell as the report would."""
        # A column has one unit in every table that has it (`test_checks.py` holds the descriptors
        # to it), so that its name suffices; the table of the column is no part of the key.
        key = (column.name, column.texts, text)
        if key not in self._cell_texts:
            self._cell_texts[key] = self._write_cell(column, text)
        return self._cell_texts[key]

    def header(self, column: Column) -> str:
        """Return the label of a column; one without a label keeps its name."""
        name = column.name.removesuffix("_en").removesuffix("_fr")
        return column.labels.get(self.language, name)

    def difference(self, change: Change) -> str:
        """Write by how much a figure changed, or that it is new or removed."""
        if change.what is What.ADDED:
            return self._label("changes-new")
        if change.what is What.REMOVED:
            return self._label("changes-gone")
        return format_step(change.step, self.language)

    def why(self, change: Change) -> str:
        """Write the main reason, with the number of its documents where there are several."""
        reason = self._reason_text(str(change.why), len(change.reasons.sources))
        unedited = change.reasons.unedited
        if not unedited:
            return reason
        rows = [
            self.say("changes-still-row", file=row.place[0], row=str(row.place[1]), value=row.value)
            for row in unedited
        ]
        return self.say("changes-why-still", why=reason, rows=", ".join(rows))

    def _format_reason(self, reason: str, count: int) -> str:
        text = self._label(f"changes-why-{reason.replace(' ', '-')}")
        return self.say("changes-why-sources", why=text, count=count) if count > 1 else text

    def document(self, change: Change) -> str:
        """Name the document of the main reason by publisher and year; empty unless it is one."""
        record = self._sources.get(_single(change.reasons.sources))
        if record is None:
            return ""
        publisher = publisher_name(record, self.language)
        year = published_in(record, self.language)
        return self.say("changes-source-named", publisher=publisher, year=year)

    def side(self, snapshot: Snapshot) -> str:
        """Name one side of the comparison."""
        day = write_date(snapshot.as_of, self.language)
        if snapshot.name == NOW or is_day(snapshot.name):
            return self.say("changes-side-day", day=day)
        if snapshot.moment:
            return self.say("changes-side-run", name=snapshot.moment, day=day)
        return self.say("changes-side-release", name=snapshot.name, day=day)

    def say(self, key: str, **facts: Any) -> str:
        """Return a text of the catalogue in this language."""
        return say(key, **facts)(self.language)

    @property
    def last_page(self) -> str:
        """The page of the last document (the annex), which lists the changes."""
        return self._workspace.project.last.page(self.language)

    @cached_property
    def edition(self) -> Edition:
        """The names, texts and numbers of this language, with the lists as of the later side."""
        return Edition(self.language, self._lists.vocabulary(self.comparison.after.as_of))

    @cached_property
    def _sources(self) -> Mapping[str, Mapping[str, str]]:
        # The later record of a source wins, but a source that is gone can still be named.
        sides = self.comparison.before, self.comparison.after
        return {**sides[0].lineage["sources"], **sides[1].lineage["sources"]}

    def _name_and_sides(self, change: Change, *, in_table: bool) -> tuple[str, str, str]:
        """Return the name of what changed, its old text and its new text."""
        if change.kind is Kind.VALUE:
            then, now = (
                texts.get(self.language, MISSING) for texts in (change.before, change.after)
            )
            return self.value(change.name), then, now
        name_row = self.row if in_table else self.qualified_row
        name = name_row(change.name, [*change.key], change.row)
        if not change.cells:
            return name, MISSING, MISSING
        cell = self._choose_cell(change)
        fields = self._tables[change.name].fields if change.name in self._tables else ()
        column = next((candidate for candidate in fields if candidate.name == cell.column), None)
        if column is None:
            return name, cell.before or MISSING, cell.after or MISSING
        then, now = self._format_pair(column, cell.before, cell.after)
        return self.say("changes-cell", row=name, column=self.header(column)), then, now

    def _format_pair(self, column: Column, before: str, after: str) -> tuple[str, str]:
        """Write a cell before and after, with as many decimals as make two numbers differ."""
        # A year takes no decimals and no thousands separator.
        if column.kind not in _NUMBERS or column.unit == "year":
            return self.cell(column, before), self.cell(column, after)
        decimals = _least_decimals(before, after)
        # Rounded alike, a revision would read "12 → 12".
        pair = self._format_number(before, decimals), self._format_number(after, decimals)
        while pair[0] == pair[1] and decimals < _MOST_DECIMALS:
            decimals += 1
            pair = self._format_number(before, decimals), self._format_number(after, decimals)
        return pair

    def _format_number(self, text: str, decimals: int) -> str:
        return write_number(float(text), self.language, decimals) if text else MISSING

    def _write_cell(self, column: Column, text: str) -> str:
        """Write one cell as the edition does; an id that no list has any more stays as it is."""
        if not text:
            return MISSING
        try:
            return self.edition.cell(_parse_cell(text, column), column)
        # The cell may be of an old release, whose code a list has lost since.
        except UsageError:
            return text

    def _choose_cell(self, change: Change) -> Any:
        """Choose the cell that moved farthest, of the columns that this language shows."""
        other = "_fr" if self.language == "en" else "_en"
        shown = [cell for cell in change.cells if not cell.column.endswith(other)]
        farthest = [cell for cell in shown if cell.step == change.step]
        return (farthest or shown or list(change.cells))[0]

    def _name_by_row(self, name: str) -> str:
        """Name a value by its only raw row: by the texts of that row, or by its processed row."""
        # A value that was removed has its rows on the earlier side alone.
        for side in (self.comparison.after, self.comparison.before):
            entry = side.lineage["published"]["values"].get(name)
            if entry and len(entry["origins"]) == 1:
                row = side.lineage["rows"][entry["origins"][0]]
                return self._raw_row_name(row) or self._processed_row_name(side, entry["tables"])
        return ""

    def _raw_row_name(self, row: Mapping[str, Any]) -> str:
        """Name a raw row by its own text, if it has any, after the name that its list gives it."""
        cells = {**row["key"], **row["cells"]}
        texts = [cells.get(f"{stem}_{self.language}", "") for stem in _STEMS]
        own_text = next((text for text in texts if text), "")
        list_name = self._workspace.project.row_list
        identifier = cells.get(self._lists.key(list_name), "") if list_name else ""
        if not own_text or identifier in {"", "not_stated"}:
            return own_text
        name = self.edition.name(list_name, identifier)
        return self.say("changes-cell", row=name, column=own_text)

    def _processed_row_name(self, side: Snapshot, tables: Mapping[str, Sequence[int]]) -> str:
        """Name the first processed row that a value is from."""
        for name, row_numbers in tables.items():
            table = side.tables.get(name)
            if table and (row := table.row(row_numbers[0])):
                return self.qualified_row(name, table.key, row)
        return ""


def _single(sources: Sequence[str]) -> str:
    """Return the only source; empty where there are several, or none."""
    return sources[0] if len(sources) == 1 else ""


def _name_columns(table: Table, key: Sequence[str]) -> list[Column]:
    """Choose the columns that name a row: its key, with texts in place of ids without names."""
    columns = {column.name: column for column in table.fields}
    english_text = next((column.name for column in table.own if column.name.endswith("_en")), None)
    text_columns = [name for name in ("recipient", english_text) if name in columns]
    chosen: dict[str, Column] = {}
    for column in (columns[name] for name in key if name in columns):
        # An id that neither a list nor the catalogue names would mean nothing to a reader.
        is_bare_id = column.kind == "string" and not column.reference and not column.texts
        names = text_columns if is_bare_id and text_columns else [column.name]
        chosen |= {name: columns[name] for name in names}
    return [*chosen.values()]


def format_step(step: Step, language: Language) -> str:
    r"""Write a change with its sign, in per cent or points; a dash where there is neither.

    >>> from critical_minerals.review.changes import Tier
    >>> format_step(Step(Tier.LARGE, 20, 0.2), "fr")
    '+20\xa0%'
    >>> format_step(Step(Tier.LARGE, -40.0, points=True), "en")
    '−40\xa0points'
    """
    if step.points and step.absolute is not None:
        return with_sign(step.absolute, in_points(step.absolute, language))
    if step.relative is None:
        return MISSING
    percent = 100 * step.relative
    # Small changes need decimals: 0.25 per cent would read as none.
    decimals = 0 if abs(percent) >= 10 else 1 if abs(percent) >= 1 else 2  # noqa: PLR2004
    text = write_number(percent, language, decimals)
    sign = "" if percent < 0 else "+"  # `write_number` writes the minus sign itself
    return f"{sign}{text}" + ("%" if language == "en" else "\u00a0%")


def _least_decimals(*texts: str) -> int:
    """Return the decimals to write at least: none for whole numbers and from a hundred on."""
    numbers = [float(text) for text in texts if text]
    needs_none = all(number.is_integer() or abs(number) >= 100 for number in numbers)  # noqa: PLR2004
    return 0 if needs_none else 1


def _parse_cell(value: str, column: Column) -> Any:
    """Convert the text of a processed cell to the type of its column."""
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
