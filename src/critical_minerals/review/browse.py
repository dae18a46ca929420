"""The browser of figures: every published value, row and source, each with its way and history.

It is a page beside the report, one file in each language. What it shows lies in it as compressed
JSON, which a script of the page unpacks; nothing is asked of the network. A figure's history joins
what raw rows of the same key say (the days on which they were public, the releases of a
publication in which they stand) and what changed from one release of the report to the next, with
the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import pairwise
from typing import Any, Final

from markupsafe import Markup

from critical_minerals.language.catalogue import label
from critical_minerals.language.naming import inside
from critical_minerals.language.places import place_told
from critical_minerals.language.quantities import write_date, write_number
from critical_minerals.language.stated import sortable
from critical_minerals.parameters import Language
from critical_minerals.publish.sources import in_language, named, source_told
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.report.assets import packed
from critical_minerals.report.pages import Link, page, twins
from critical_minerals.review.change_texts import ChangeTexts, Lists
from critical_minerals.review.changes import Change, Comparison, Kind, What, compare
from critical_minerals.review.snapshots import PACKAGE as PACKAGE_FILE
from critical_minerals.review.snapshots import Snapshot, TableRows, of_workspace, releases
from critical_minerals.tables.cells import address
from critical_minerals.tables.descriptors import LINEAGE, REVISED, Column, Table
from critical_minerals.workspace import BROWSE, WORKBOOKS, Workspace, write_whole

_RELEASE: Final = "release"
"""The column that names the release of a publication in which a raw row stands."""
_APART: Final = frozenset({"source_id", REVISED, "place", "note", FILE, ROW})
_FEW: Final = 12
"""Raw rows of a figure whose own histories are told; of more only the rows."""
_STATES: Final = 12
"""States of one raw row that its history tells, the newest ones."""


def write_browse_pages(
    workspace: Workspace, comparison: Comparison | None, languages: Iterable[Language]
) -> None:
    """Write the page of each language; `comparison` is of the last release with now, if any."""
    figures = _Figures(workspace, [*_between_releases(workspace, comparison)])
    editions: list[Language] = [*languages]
    for language in editions:
        links = twins("browse-title", BROWSE, language, editions)
        write_whole(workspace.output / BROWSE[language], _page(figures, language, links))


def _between_releases(workspace: Workspace, last: Comparison | None) -> Iterator[Comparison]:
    """Compare each release with the one before it, and the last one with now."""
    if last is None:
        return
    every = [each for each in releases(workspace) if each.as_of <= last.before.as_of]
    for before, after in pairwise(every):
        yield compare(before, after)
    yield last


def _page(figures: _Figures, language: Language, links: Sequence[Link]) -> str:
    workspace = figures.workspace
    edition = _Edition(figures, language)
    content = edition.content()
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    theme = workspace.reports / "theme"
    return page(
        workspace,
        "browse",
        title=label("browse-title", language),
        subtitle=label("browse-subtitle", language),
        language=language,
        as_of=figures.now.as_of,
        links=links,
        scripts=[theme / "tables.js", theme / "browse.js"],
        packed=Markup(packed(text)),  # noqa: S704 - letters of base64
        groups=content["groups"],
        facets=content["facets"],
        sources=[each["name"] for each in content["sources"]],
        texts={name: label(f"browse-{name}", language) for name in _TEXTS},
        files=edition.files(),
    )


_TEXTS: Final = (
    *("figure", "value", "where", "found", "one-found", "failed", "close", "data"),
    *("history", "changes", "states", "no-history", "side", "what", "then", "now", "why"),
    *("day", "release", "source", "raw", "row", "corrected", "more-rows", "sources", "csv-name"),
)
"""What the script of the page says."""


@dataclass(frozen=True)
class _State:
    """What a raw row said from a day on, in a release of its publication, if it has any."""

    day: str
    release: str
    figures: tuple[str, ...]
    source: str
    origin: str


@dataclass
class _Figures:
    """What the pages of all languages tell of."""

    workspace: Workspace
    comparisons: Sequence[Comparison]
    now: Snapshot = field(init=False)
    lists: Lists = field(init=False)

    def __post_init__(self) -> None:
        self.now = of_workspace(self.workspace)
        self.lists = Lists(self.workspace)

    @property
    def lineage(self) -> Mapping[str, Any]:
        """The record of where everything is from."""
        return self.now.lineage

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The raw rows by their number in the pages."""
        return {origin: at for at, origin in enumerate(self.lineage["rows"])}

    @cached_property
    def sources(self) -> Mapping[str, int]:
        """The sources by their number in the pages."""
        return {source: at for at, source in enumerate(self.lineage["sources"])}

    @cached_property
    def states(self) -> Mapping[str, Sequence[_State]]:
        """Every state of a raw row by the origin of each, where it has more than one."""
        store = self.lists.store
        used = {row["table"] for row in self.lineage["rows"].values()}
        found: dict[str, Sequence[_State]] = {}
        for name in sorted(used):
            table = store.tables.get(name)
            if table is not None and table.revised:
                found |= _states_of(table, store.cells(name))
        return found

    @cached_property
    def changed(self) -> Mapping[tuple[Kind, str, tuple[str, ...]], list[tuple[int, Change]]]:
        """What changed between releases, by what it is of, with the number of the comparison."""
        found: dict[tuple[Kind, str, tuple[str, ...]], list[tuple[int, Change]]] = {}
        for at, comparison in enumerate(self.comparisons):
            for change in comparison.changes:
                place = (change.kind, change.name, tuple(change.key.values()))
                found.setdefault(place, []).append((at, change))
        return found


def _states_of(table: Table, cells: Any) -> dict[str, Sequence[_State]]:
    """Gather the states of each row of a raw table, oldest first."""
    key = [name for name in table.primary_key if name not in {REVISED, _RELEASE}]
    figures = [
        column.name
        for column in table.fields
        if column.name not in {*table.primary_key, *_APART}
        and (column.kind in {"number", "integer"} or column.name in {"unit", "qualifier", "status"})
    ]
    found: dict[tuple[str, ...], list[_State]] = {}
    for row in cells.astype(object).where(cells.notna(), "").to_dict("records"):
        told = tuple(str(row[name]) for name in figures if str(row.get(name, "")))
        state = _State(
            str(row[REVISED]),
            str(row.get(_RELEASE, "")),
            told,
            str(row.get("source_id", "")),
            f"{row[FILE]}:{row[ROW]}",
        )
        found.setdefault(tuple(str(row[name]) for name in key), []).append(state)
    several = [
        sorted(states, key=lambda each: (each.day, each.release))[-_STATES:]
        for states in found.values()
        if len(states) > 1
    ]
    return {state.origin: states for states in several for state in states}


class _Edition:
    """The content of the page in one language."""

    def __init__(self, figures: _Figures, language: Language) -> None:
        self.figures = figures
        self.language: Language = language
        self.workspace = figures.workspace
        same = Comparison(figures.now, figures.now, ())
        comparisons = figures.comparisons or [same]
        self._words = [
            ChangeTexts(self.workspace, each, language, figures.lists) for each in comparisons
        ]
        self.words = self._words[-1]
        self._tables = figures.lists.tables
        # The same days, figures and ids stand in many rows.
        self._day, self._figure, self._facet = map(cache, (self._date, self._written, self._called))

    def content(self) -> dict[str, Any]:
        """Return all that the page knows, as its script reads it."""
        groups = [self._values(), *self._rows(), self._documents()]
        entries = [entry for group in groups for entry in group["entries"]]
        order = sorted({name: None for entry in entries for name in entry[4]}, key=sortable)
        places = {name: at for at, name in enumerate(order)}
        for entry in entries:
            entry[4] = sorted(places[name] for name in entry[4])
        return {
            "groups": groups,
            "facets": order,
            "raw": self._raw(),
            "states": self._states(),
            "sources": self._sources(),
            "sides": [
                {"before": words.side(each.before), "after": words.side(each.after)}
                for words, each in zip(self._words, self.figures.comparisons, strict=False)
            ],
        }

    def files(self) -> list[Link]:
        """Name what can be taken along."""
        stem = self.workspace.project.last.stems[self.language]
        books = [f"{stem}.{ending}" for ending in WORKBOOKS]
        tables = [f"{name}.csv" for name in sorted(self.figures.now.tables)]
        names = [*books, *tables, self.workspace.record.name, PACKAGE_FILE]
        return [Link(name, f"data/{name}") for name in names]

    def _values(self) -> dict[str, Any]:
        """Tell the values that the text states, or could."""
        columns = ["browse-figure", "browse-value", "browse-stated", "browse-id"]
        entries: list[list[Any]] = []
        published = self.figures.lineage["published"]["values"]
        for name, value in published.items():
            place = self.words.stated.get(name)
            text = value["text"][self.language]
            called = self.words.value(name) or name
            section = place.title if place else ""
            href = self.words.uses.link(place.anchor, BROWSE[self.language]) if place else ""
            told = self._changes(Kind.VALUE, name, ())
            cells = [called, text, section, name]
            entries.append([cells, self._numbers(value["origins"]), told, href, []])
        return {
            "id": "values",
            "name": label("browse-values", self.language),
            "file": "data/lineage.json",
            "columns": [[label(each, self.language), each == "browse-value"] for each in columns],
            "entries": entries,
        }

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Tell the rows of the processed tables."""
        tables = self.figures.now.tables
        for name in sorted(tables, key=lambda each: sortable(self.words.table(each))):
            if name in self._tables and name != "sources":
                yield self._group(self._tables[name], tables[name])

    def _group(self, table: Table, rows: TableRows) -> dict[str, Any]:
        columns = [column for column in table.fields if self._is_shown(column)]
        faceted = self._faceted(table)
        entries: list[list[Any]] = []
        spoken = self.words.edition.spoken
        shown = [(spoken(c.name), c.name, cache(partial(self.words.cell, c))) for c in columns]
        for row in rows.rows:
            key = rows.key_of(row)
            name = self.words.row(table.name, rows.key, row)
            cells = [name]
            for to, own, write in shown:
                text = row.get(to) or row.get(own, "")
                cells.append(write(text) if text else "")
            origins = row.get(LINEAGE[1], "").split()
            told = self._changes(Kind.ROW, table.name, key) or self._changes(
                Kind.CLAIM, table.name, key
            )
            facets = {self._facet(one) for c in faceted for one in _parts(c, row) if one}
            entries.append([cells, self._numbers(origins), told, "", [*facets]])
        headers = [
            [self.words.header(column), column.kind in {"number", "integer"}] for column in columns
        ]
        return {
            "id": table.name,
            "name": self.words.table(table.name),
            "file": f"data/{table.name}.csv",
            "columns": [[label("browse-row", self.language), False], *headers],
            "entries": entries,
        }

    def _is_shown(self, column: Column) -> bool:
        """Tell whether a column says something in this language."""
        other = "_fr" if self.language == "en" else "_en"
        return column.name not in LINEAGE and not column.name.endswith(other)

    def _faceted(self, table: Table) -> list[Column]:
        """Return the columns of what a run can be asked for, such as minerals."""
        lists = {self.workspace.project.lists[each.of].table for each in self._choices}
        return [c for c in table.fields if c.reference and c.reference.resource in lists]

    @cached_property
    def _choices(self) -> Sequence[Any]:
        return self.workspace.project.parameters.choices()

    def _called(self, identifier: str) -> str:
        """Name what a run can be asked for; an id that no list knows as it stands."""
        lists = (each.of for each in self._choices if identifier in self._known[each.of])
        return next((self.words.edition.name(of, identifier) for of in lists), identifier)

    @cached_property
    def _known(self) -> Mapping[str, frozenset[str]]:
        """The ids of each list that can be chosen from."""
        lists = self.workspace.project.lists
        store = self.figures.lists.store
        return {
            each.of: frozenset(store.cells(lists[each.of].table)[lists[each.of].key])
            for each in self._choices
        }

    @cached_property
    def _read(self) -> list[tuple[Mapping[str, str], Mapping[str, str]]]:
        """The records of the source documents, and what is told of each."""
        records = self.figures.lineage["sources"].items()
        return [(record, source_told(name, record, self.language)) for name, record in records]

    def _documents(self) -> dict[str, Any]:
        """Tell the source documents; each opens on the figures that rest on it."""
        columns = ["browse-document", "browse-publisher", "browse-day", "browse-stands"]
        return {
            "id": "sources",
            "name": label("browse-sources", self.language),
            "file": "data/sources.csv",
            "columns": [[label(each, self.language), False] for each in columns],
            "entries": [
                [[s["title"], s["publisher"], s["published"], s["tier"]], [], [], "", [], at]
                for at, (_, s) in enumerate(self._read)
            ],
        }

    def _sources(self) -> list[dict[str, str]]:
        names = ("publisher", "published", "tier")
        return [
            {
                "name": f"{named(record, self.language)}: {one['title']}",
                "title": one["title"],
                "lang": one["lang"],
                "url": address(one["url"]),
                **{name: one[name] for name in names},
                "terms": in_language(record, "terms", self.language),
            }
            for record, one in self._read
        ]

    def _numbers(self, origins: Iterable[str]) -> list[int]:
        """Tell raw rows by how far each lies from the one before it: small numbers pack well."""
        known = self.figures.numbers
        numbers = sorted(known[each] for each in origins if each in known)
        return [at - before for before, at in zip([0, *numbers], numbers, strict=False)]

    def _raw(self) -> list[list[Any]]:
        """Tell the raw rows: file, row, day, source, place and remark, and what was corrected."""
        rows = self.figures.lineage["rows"]
        files: dict[str, int] = {}
        told: list[list[Any]] = []
        for origin, row in rows.items():
            file, _, number = origin.rpartition(":")
            at = files.setdefault(file, len(files))
            source = self.figures.sources.get(row.get("source_id", ""), -1)
            mended = "; ".join(map(self._corrected, row.get("corrections", ())))
            place = place_told(row.get("place", ""), self.language)
            words = [row.get("as_of", ""), source, "".join(part["text"] for part in place)]
            told.append([at, int(number), *words, row.get("note", ""), mended])
        return [[*files], *told]

    def _corrected(self, correction: Mapping[str, str]) -> str:
        reason = correction["reason_fr"] if self.language == "fr" else correction["reason"]
        return f"{correction['was']} → {correction['value']} ({reason})"

    def _states(self) -> dict[int, list[list[Any]]]:
        """Tell the states of raw rows that had more than one, by the row's number."""
        numbers, state = self.figures.numbers, cache(self._state)
        return {
            numbers[origin]: [state(each) for each in states]
            for origin, states in self.figures.states.items()
            if origin in numbers
        }

    def _state(self, state: _State) -> list[Any]:
        figures = " ".join(self._figure(text) for text in state.figures)
        day = self._day(state.day)
        source = self.figures.sources.get(state.source, -1)
        return [day, state.release, figures, source, state.origin]

    def _date(self, day: str) -> str:
        return write_date(day, self.language) if day else ""

    def _written(self, text: str) -> str:
        try:
            number = float(text)
        except ValueError:
            return inside(text)
        decimals = len(text.partition(".")[2].rstrip("0"))
        return write_number(number, self.language, decimals)

    def _changes(self, kind: Kind, name: str, key: tuple[str, ...]) -> list[list[Any]]:
        """Tell what changed of a figure from release to release."""
        found = self.figures.changed.get((kind, name, key), ())
        return [self._change(at, change) for at, change in found]

    def _change(self, at: int, change: Change) -> list[Any]:
        words = self._words[at]
        if change.what is What.ADDED:  # the row itself says what it is
            return [at, "", "", "", words.moved(change), words.why(change)]
        told = words.told(change, in_table=True)
        why = f"{told.why} ({told.document})" if told.document else told.why
        what = "" if change.kind is Kind.VALUE or change.what is not What.REVISED else told.what
        return [at, what, told.then, told.now, told.moved, why]


def _parts(column: Column, row: Mapping[str, str]) -> list[str]:
    text = row.get(column.name, "")
    return column.parts(text) if text else []
