"""The browser of figures: every published value, row and source, with its lineage and history.

It is a page next to the report, one file in each language. Its content is embedded as compressed
JSON, which a script of the page unpacks; the page makes no network request. A figure's history
joins the states of its raw rows (by the day each became public and the release of the publication
it stands in) with the changes from one release of the report to the next and their reasons.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import pairwise
from typing import Any, Final

from markupsafe import Markup

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import label, say
from critical_minerals.language.naming import inside
from critical_minerals.language.places import translate_place
from critical_minerals.language.quantities import write_date, write_number
from critical_minerals.language.stated import sortable
from critical_minerals.publish.sources import describe_source, in_language, publisher_name
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.report.assets import gzip_base64
from critical_minerals.report.pages import Link, language_links, page
from critical_minerals.review.change_texts import ChangeTexts, Lists
from critical_minerals.review.changes import Change, Comparison, Kind, What, compare
from critical_minerals.review.snapshots import PACKAGE as PACKAGE_FILE
from critical_minerals.review.snapshots import Snapshot, TableRows, of_workspace, releases
from critical_minerals.tables.cells import address
from critical_minerals.tables.descriptors import LINEAGE, REVISED, Column, Table
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import BROWSE, WORKBOOKS, Workspace, write_whole

_RELEASE: Final = "release"
"""The column that names the release of the publication that a raw row is from."""
_NOT_COMPARED: Final = frozenset({"source_id", REVISED, "place", "note", FILE, ROW})
"""Columns that locate a raw row and are no part of its figures."""
_STATES: Final = 12
"""States of one raw row that its history shows, the newest ones."""


def write_browse_pages(
    workspace: Workspace, comparison: Comparison | None, languages: Iterable[Language]
) -> None:
    """Write the page of each language; `comparison` is that of the last release with this run."""
    data = _BrowserData(workspace, [*_successive_comparisons(workspace, comparison)])
    editions: list[Language] = [*languages]
    for language in editions:
        links = language_links("browse-title", BROWSE, language, editions)
        write_whole(workspace.output / BROWSE[language], _page(data, language, links))


def _successive_comparisons(workspace: Workspace, last: Comparison | None) -> Iterator[Comparison]:
    """Compare each release with the one before it, and the last one with this run."""
    if last is None:
        return
    # A report as of an earlier day must not show releases later than the one it is compared with.
    compared = [release for release in releases(workspace) if release.as_of <= last.before.as_of]
    for before, after in pairwise(compared):
        yield compare(before, after)
    yield last


def _page(data: _BrowserData, language: Language, links: Sequence[Link]) -> str:
    workspace = data.workspace
    edition = _EditionContent(data, language)
    content = edition.content()
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    theme = workspace.reports / "theme"
    return page(
        workspace,
        "browse",
        title=label("browse-title", language),
        subtitle=label("browse-subtitle", language),
        language=language,
        as_of=data.now.as_of,
        links=links,
        scripts=[theme / "tables.js", theme / "browse.js"],
        packed=Markup(gzip_base64(text)),  # noqa: S704 - letters of base64
        groups=content["groups"],
        facets=content["facets"],
        sources=[source["name"] for source in content["sources"]],
        texts={name: label(f"browse-{name}", language) for name in _TEXTS},
        files=edition.files(),
    )


_TEXTS: Final = (
    *("figure", "value", "where", "found", "one-found", "failed", "close", "data"),
    *("history", "changes", "states", "no-history", "side", "what", "then", "now", "why"),
    *("day", "release", "source", "raw", "row", "corrected", "more-rows", "sources", "csv-name"),
)
"""Keys of the labels that the script of the page shows."""


@dataclass(frozen=True)
class _RowState:
    """The figures of a raw row from a day on, in a release of its publication if it has any."""

    day: str
    release: str
    figures: tuple[str, ...]
    source: str
    origin: str


@dataclass
class _BrowserData:
    """The data that the pages of all languages share."""

    workspace: Workspace
    comparisons: Sequence[Comparison]
    now: Snapshot = field(init=False)
    lists: Lists = field(init=False)

    def __post_init__(self) -> None:
        self.now = of_workspace(self.workspace)
        self.lists = Lists(self.workspace)

    @property
    def lineage(self) -> Mapping[str, Any]:
        """The lineage record of this run."""
        return self.now.lineage

    @cached_property
    def row_numbers(self) -> Mapping[str, int]:
        """The number of each raw row in the pages, by its origin."""
        return {origin: number for number, origin in enumerate(self.lineage["rows"])}

    @cached_property
    def sources(self) -> Mapping[str, int]:
        """The number of each source in the pages, by its id."""
        return {source: number for number, source in enumerate(self.lineage["sources"])}

    @cached_property
    def states(self) -> Mapping[str, Sequence[_RowState]]:
        """All states of a raw row by the origin of any of them, where there are several."""
        store = self.lists.store
        used = {row["table"] for row in self.lineage["rows"].values()}
        states: dict[str, Sequence[_RowState]] = {}
        for name in sorted(used):
            table = store.tables.get(name)
            if table is not None and table.revised:
                states |= _states_by_origin(table, store.cells(name))
        return states

    @cached_property
    def changes_by_key(
        self,
    ) -> Mapping[tuple[Kind, str, tuple[str, ...]], list[tuple[int, Change]]]:
        """The changes between releases with their comparison's number, by kind, name and key."""
        changes: dict[tuple[Kind, str, tuple[str, ...]], list[tuple[int, Change]]] = {}
        for number, comparison in enumerate(self.comparisons):
            for change in comparison.changes:
                identity = (change.kind, change.name, tuple(change.key.values()))
                changes.setdefault(identity, []).append((number, change))
        return changes


def _states_by_origin(table: Table, cells: Any) -> dict[str, Sequence[_RowState]]:
    """Gather the states of each row of a raw table, oldest first."""
    # Without the day and the release, the key is the same for every state of one figure.
    key_columns = [name for name in table.primary_key if name not in {REVISED, _RELEASE}]
    figure_columns = [
        column.name
        for column in table.fields
        if column.name not in {*table.primary_key, *_NOT_COMPARED}
        and (column.kind in {"number", "integer"} or column.name in {"unit", "qualifier", "status"})
    ]
    states_by_key: dict[tuple[str, ...], list[_RowState]] = {}
    # Blanks become empty text: `pd.NA` has no truth value and would be written as "<NA>".
    for row in cells.astype(object).where(cells.notna(), "").to_dict("records"):
        texts = tuple(str(row[name]) for name in figure_columns if str(row.get(name, "")))
        state = _RowState(
            str(row[REVISED]),
            str(row.get(_RELEASE, "")),
            texts,
            str(row.get("source_id", "")),
            f"{row[FILE]}:{row[ROW]}",
        )
        states_by_key.setdefault(tuple(str(row[name]) for name in key_columns), []).append(state)
    revised = [
        sorted(states, key=lambda state: (state.day, state.release))[-_STATES:]
        for states in states_by_key.values()
        if len(states) > 1
    ]
    return {state.origin: states for states in revised for state in states}


class _EditionContent:
    """The content of the page in one language."""

    def __init__(self, data: _BrowserData, language: Language) -> None:
        self.data = data
        self.language: Language = language
        self.workspace = data.workspace
        # Without a release the page still needs names of values and rows: an empty comparison
        # gives them.
        unchanged = Comparison(data.now, data.now, ())
        comparisons = data.comparisons or [unchanged]
        self._texts_by_comparison = [
            ChangeTexts(self.workspace, comparison, language, data.lists)
            for comparison in comparisons
        ]
        self.texts = self._texts_by_comparison[-1]
        self._tables = data.lists.tables
        # Cached, since the same days, figures and ids stand in many rows.
        self._day_text = cache(partial(write_date, language=language))
        self._figure_text, self._facet_name = map(cache, (self._write_figure, self._choice_name))

    def content(self) -> dict[str, Any]:
        """Return the content of the page in the form that its script reads."""
        groups = [self._values_group(), *self._table_groups(), self._sources_group()]
        entries = [entry for group in groups for entry in group["entries"]]
        facets = sorted({name: None for entry in entries for name in entry[4]}, key=sortable)
        facet_numbers = {name: number for number, name in enumerate(facets)}
        # Numbers in place of names, which would stand in the page once for each row.
        for entry in entries:
            entry[4] = sorted(facet_numbers[name] for name in entry[4])
        return {
            "groups": groups,
            "facets": facets,
            "raw": self._raw_rows(),
            "states": self._states_by_row(),
            "sources": self._source_entries(),
            # Not strict: without a release there are texts, of no comparison, and so no sides.
            "sides": [
                {"before": texts.side(comparison.before), "after": texts.side(comparison.after)}
                for texts, comparison in zip(
                    self._texts_by_comparison, self.data.comparisons, strict=False
                )
            ],
        }

    def files(self) -> list[Link]:
        """List the files that the page offers for download."""
        stem = self.workspace.project.last.stems[self.language]
        workbooks = [f"{stem}.{ending}" for ending in WORKBOOKS]
        tables = [f"{name}.csv" for name in sorted(self.data.now.tables)]
        names = [*workbooks, *tables, self.workspace.record.name, PACKAGE_FILE]
        return [Link(name, f"data/{name}") for name in names]

    def _values_group(self) -> dict[str, Any]:
        """Return the group of published values, whether a document states them or not."""
        columns = ["browse-figure", "browse-value", "browse-stated", "browse-id"]
        entries: list[list[Any]] = []
        published = self.data.lineage["published"]["values"]
        for name, value in published.items():
            section = self.texts.stated.get(name)
            text = value["text"][self.language]
            title = self.texts.value(name) or name
            heading = section.title if section else ""
            href = (
                self.texts.references.link(section.anchor, BROWSE[self.language]) if section else ""
            )
            changes = self._changes_of(Kind.VALUE, name, ())
            cells = [title, text, heading, name]
            entries.append([cells, self._row_offsets(value["origins"]), changes, href, []])
        return {
            "id": "values",
            "name": label("browse-values", self.language),
            "file": "data/lineage.json",
            "columns": [
                [label(column, self.language), column == "browse-value"] for column in columns
            ],
            "entries": entries,
        }

    def _table_groups(self) -> Iterator[dict[str, Any]]:
        """Yield one group for each processed table; the sources have a group of their own."""
        tables = self.data.now.tables
        for name in sorted(tables, key=lambda table: sortable(self.texts.table(table))):
            if name in self._tables and name != "sources":
                yield self._table_group(self._tables[name], tables[name])

    def _table_group(self, table: Table, rows: TableRows) -> dict[str, Any]:
        columns = [column for column in table.fields if self._is_in_language(column)]
        facet_columns = self._facet_columns(table)
        entries: list[list[Any]] = []
        text_column = self.texts.edition.localized_column
        writers = [
            (text_column(column.name), column.name, cache(partial(self.texts.cell, column)))
            for column in columns
        ]
        for row in rows.rows:
            key = rows.key_of(row)
            name = self.texts.row(table.name, rows.key, row)
            cells = [name]
            for text_name, own_name, write in writers:
                text = row.get(text_name) or row.get(own_name, "")
                cells.append(write(text) if text else "")
            origins = row.get(LINEAGE[1], "").split()
            # Rows of the table of claims have a kind of their own.
            changes = self._changes_of(Kind.ROW, table.name, key) or self._changes_of(
                Kind.CLAIM, table.name, key
            )
            facets = {
                self._facet_name(list_name, identifier)
                for column, list_name in facet_columns
                for identifier in column.parts(row.get(column.name, ""))
                if identifier
            }
            entries.append([cells, self._row_offsets(origins), changes, "", [*facets]])
        headers = [
            [self.texts.header(column), column.kind in {"number", "integer"}] for column in columns
        ]
        return {
            "id": table.name,
            "name": self.texts.table(table.name),
            "file": f"data/{table.name}.csv",
            "columns": [[label("browse-row", self.language), False], *headers],
            "entries": entries,
        }

    def _is_in_language(self, column: Column) -> bool:
        """Tell whether a column is shown in this language: no lineage, no text of the other one."""
        other = "_fr" if self.language == "en" else "_en"
        return column.name not in LINEAGE and not column.name.endswith(other)

    def _facet_columns(self, table: Table) -> list[tuple[Column, str]]:
        """Return the columns with ids that a run's parameters choose from (minerals), and of what.

        That is the name of the list that has these ids.
        """
        project = self.workspace.project
        chosen = {project.lists[each.of].table: each.of for each in project.parameters.choices()}
        return [
            (column, chosen[column.reference.resource])
            for column in table.fields
            if column.reference and column.reference.resource in chosen
        ]

    def _choice_name(self, list_name: str, identifier: str) -> str:
        """Return the name of an id that parameters choose from; the id itself if no list has it."""
        try:
            return self.texts.edition.name(list_name, identifier)
        except UsageError:
            return identifier

    @cached_property
    def _source_texts(self) -> list[tuple[Mapping[str, str], Mapping[str, str]]]:
        """The records of the source documents, each with its texts in this language."""
        records = self.data.lineage["sources"].items()
        return [(record, describe_source(name, record, self.language)) for name, record in records]

    def _sources_group(self) -> dict[str, Any]:
        """Return the group of source documents; each opens on the figures that are based on it."""
        columns = ["browse-document", "browse-publisher", "browse-day", "browse-stands"]
        return {
            "id": "sources",
            "name": label("browse-sources", self.language),
            "file": "data/sources.csv",
            "columns": [[label(column, self.language), False] for column in columns],
            "entries": [
                [
                    [texts["title"], texts["publisher"], texts["published"], texts["tier"]],
                    [],
                    [],
                    "",
                    [],
                    number,
                ]
                for number, (_, texts) in enumerate(self._source_texts)
            ],
        }

    def _source_entries(self) -> list[dict[str, str]]:
        fields = ("publisher", "published", "tier")
        return [
            {
                "name": say(
                    "browse-source-name",
                    publisher=publisher_name(record, self.language),
                    title=texts["title"],
                )(self.language),
                "title": texts["title"],
                "lang": texts["lang"],
                "url": address(texts["url"]),
                **{name: texts[name] for name in fields},
                "terms": in_language(record, "terms", self.language),
            }
            for record, texts in self._source_texts
        ]

    def _row_offsets(self, origins: Iterable[str]) -> list[int]:
        """Encode row numbers as differences to the one before: small numbers compress well."""
        number_of = self.data.row_numbers
        row_numbers = sorted(number_of[origin] for origin in origins if origin in number_of)
        return [
            number - previous
            for previous, number in zip([0, *row_numbers], row_numbers, strict=False)
        ]

    def _raw_rows(self) -> list[list[Any]]:
        """Return the files, then each raw row: file, row, day, source, place, note, corrections."""
        rows = self.data.lineage["rows"]
        files: dict[str, int] = {}
        entries: list[list[Any]] = []
        for origin, row in rows.items():
            file, _, number = origin.rpartition(":")
            file_number = files.setdefault(file, len(files))
            # -1 stands for no source: the script of the page takes numbers from 0 on.
            source = self.data.sources.get(row.get("source_id", ""), -1)
            corrections = "; ".join(map(self._format_correction, row.get("corrections", ())))
            place_fragments = translate_place(row.get("place", ""), self.language)
            cells = [
                row.get("as_of", ""),
                source,
                "".join(fragment["text"] for fragment in place_fragments),
            ]
            entries.append([file_number, int(number), *cells, row.get("note", ""), corrections])
        return [[*files], *entries]

    def _format_correction(self, correction: Mapping[str, str]) -> str:
        reason = correction["reason_fr"] if self.language == "fr" else correction["reason"]
        return f"{correction['was']} → {correction['value']} ({reason})"

    def _states_by_row(self) -> dict[int, list[list[Any]]]:
        """Return the states of raw rows that had more than one, by the row's number."""
        # Cached, since every row of a figure leads to the same states.
        row_numbers, format_state = self.data.row_numbers, cache(self._format_state)
        return {
            row_numbers[origin]: [format_state(state) for state in states]
            for origin, states in self.data.states.items()
            if origin in row_numbers
        }

    def _format_state(self, state: _RowState) -> list[Any]:
        figures = " ".join(self._figure_text(text) for text in state.figures)
        day = self._day_text(state.day) if state.day else ""
        source = self.data.sources.get(state.source, -1)
        return [day, state.release, figures, source, state.origin]

    def _write_figure(self, text: str) -> str:
        try:
            number = float(text)
        except ValueError:
            return inside(text)
        # As many decimals as the raw cell has: rounding would hide a small revision.
        decimals = len(text.partition(".")[2].rstrip("0"))
        return write_number(number, self.language, decimals)

    def _changes_of(self, kind: Kind, name: str, key: tuple[str, ...]) -> list[list[Any]]:
        """Return the changes of a figure from release to release."""
        changes = self.data.changes_by_key.get((kind, name, key), ())
        return [
            self._format_change(comparison_number, change) for comparison_number, change in changes
        ]

    def _format_change(self, comparison_number: int, change: Change) -> list[Any]:
        texts = self._texts_by_comparison[comparison_number]
        if change.what is What.ADDED:  # the entry shows the figure itself
            return [comparison_number, "", "", "", texts.difference(change), texts.why(change)]
        text = texts.describe(change, in_table=True)
        why = f"{text.why} ({text.document})" if text.document else text.why
        # A value and a row that came or went are named by their entry; a cell is not.
        subject = "" if change.kind is Kind.VALUE or change.what is not What.REVISED else text.what
        return [comparison_number, subject, text.then, text.now, text.moved, why]
