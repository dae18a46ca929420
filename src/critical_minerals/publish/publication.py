"""Collect what a notebook publishes, and write it when the notebook has finished."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pandas as pd

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import Text, check_words, used
from critical_minerals.language.quantities import Quantity, magnitude, write
from critical_minerals.language.shown import LocalizedStr
from critical_minerals.publish.edition import Edition
from critical_minerals.publish.figures import Draw, Figure, Theme, as_json, format_cells
from critical_minerals.publish.sources import Record
from critical_minerals.tables.descriptors import Column
from critical_minerals.tables.lineage import LINEAGE, SavedRows, marks
from critical_minerals.tables.processed import to_csv
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace, write_whole
from critical_minerals.workspace.state_files import read_stored


@dataclass(frozen=True)
class Draft:
    """What a notebook has published so far in one language: texts of values, contents of files."""

    values: Mapping[str, str]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Drawing:
    """A published chart, which a notebook displays as the result of a cell.

    In a run it is drawn later (`execution.charts`): the output then names the figure. By hand it is
    shown as in the report, in every language (`html`). `text` stands where no drawing can be shown.
    """

    identifier: str
    text: str
    svg: str = ""
    html: str = ""

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, str]]:
        drawn = {"text/html": self.html, "image/svg+xml": self.svg} if self.svg else {}
        return {**drawn, "text/plain": self.text}, {"figure": self.identifier}


@dataclass
class Publication:
    """Everything that one notebook publishes, collected in memory until `finish`."""

    notebook: str
    workspace: Workspace
    editions: Sequence[Edition]
    theme: Theme
    cell: Callable[[], str] = str
    """Returns the id of the running notebook cell; nothing where none runs."""
    records: Callable[[], Mapping[str, Record]] = dict
    """Returns the records of sources by id, for figures that are shown by hand."""
    stores_figures: bool = False
    """Whether figures are only stored, for steps that make their files (`publish.figures`)."""
    _files: dict[tuple[str, str], str] = field(default_factory=dict)
    _manifest: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    _rows: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    _stored: dict[str, bytes] = field(default_factory=dict)

    def value(self, name: str, content: Quantity | Text, rows: Sequence[pd.DataFrame]) -> str:
        """Publish a named value; it is computed from `rows` (columns source_id, origin)."""
        number, unit = (None, None) if isinstance(content, Text) else magnitude(content)
        provenance = self._provenance(name, rows)
        texts: dict[Language, str] = {}

        def publish(edition: Edition) -> None:
            text = (
                content(edition.language)
                if isinstance(content, Text)
                else write(content, edition.language)
            )
            entry = {"text": text, "number": number, "unit": unit}
            self._record(edition, "values", name, entry, provenance)
            texts[edition.language] = text

        missing = self._publish_in_editions(publish)
        return (
            LocalizedStr(texts, missing)
            if self.workspace.draft
            else texts[self.editions[0].language]
        )

    def figure(
        self,
        identifier: str,
        draw_chart: Draw,
        data: pd.DataFrame,
        show: Sequence[Column],
        *,
        title: Text,
        caption: Text,
        alt: Text,
    ) -> Drawing:
        """Publish a chart in every edition, with the data table and download beneath it."""
        provenance = self._provenance(identifier, [data])
        texts = {"title": title, "caption": caption, "alt": alt}
        cell = provenance["cell"]
        figure = Figure(identifier, draw_chart, data, [*show], texts, self.notebook, cell)

        if self.stores_figures:
            self._stored[identifier] = figure.stored(self.editions, self.theme)
            for edition in self.editions:
                self._record(edition, "figures", identifier, {}, provenance)
            return Drawing(identifier, identifier)

        def publish(edition: Edition) -> None:
            content = figure.make(edition, self.theme, validate=edition is self.editions[0])
            self._files[edition.language, f"{identifier}.json"] = as_json(content)
            self._record(edition, "figures", identifier, {}, provenance)

        missing = self._publish_in_editions(publish)
        return self._make_drawing(identifier, provenance["sources"], missing)

    def table(
        self,
        identifier: str,
        data: pd.DataFrame,
        show: Sequence[Column],
        *,
        title: Text,
        caption: Text,
        widths: Sequence[int],
    ) -> pd.DataFrame:
        """Publish a table in every edition; `widths` are the columns' relative widths."""
        provenance = self._provenance(identifier, [data])

        def publish(edition: Edition) -> None:
            check_words(identifier, edition.language, {"title": title, "caption": caption})
            localized_caption = edition.captioned(caption(edition.language), data, show)
            localized = {"title": title(edition.language), "caption": localized_caption}
            cells = format_cells(edition, data, show)
            csv = to_csv(data[[edition.localized_column(column.name) for column in show]])
            content = {**localized, **cells, "widths": [*widths], "csv": csv}
            self._files[edition.language, f"{identifier}.json"] = as_json(content)
            self._record(edition, "tables", identifier, localized, provenance)

        self._publish_in_editions(publish)
        return self.editions[0].cells(data, show)

    def locate(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Record for everything published the rows of processed tables that it is computed from.

        Raises `UsageError` naming rows that are in none of them.
        """
        places = SavedRows(tables)
        rows_by_name = {name: places.of(rows) for name, rows in self._rows.items()}
        for kinds in self._manifest.values():
            for entries in kinds.values():
                for name, entry in entries.items():
                    entry["tables"] = rows_by_name[name]

    def draft(self, language: Language) -> Draft:
        """Return what was published so far in one language, before it is written."""
        recorded = self._manifest.get(language, {})
        values = {name: entry["text"] for name, entry in recorded.get("values", {}).items()}
        files = {
            name: text
            for (of_language, name), text in self._files.items()
            if of_language == language
        }
        return Draft(values, files)

    def finish(
        self,
        reads: Sequence[str],
        writes: Sequence[str],
        also: Mapping[str, Mapping[Language, Any]] | None = None,
    ) -> None:
        """Write every file, the manifest last; remove what is published no longer.

        `also` are further entries of the manifest, each by language.
        """
        for identifier, content in self._stored.items():
            write_whole(self.workspace.stored_figure(identifier), content)
        for edition in self.editions:
            folder = self.workspace.published(edition.language)
            manifest = folder / f"{self.notebook}.json"
            old = read_stored(manifest, {"files": [str]}, {"files": []})["files"]
            new = sorted(name for language, name in self._files if language == edition.language)
            for name in new:
                write_whole(folder / name, self._files[edition.language, name])
            content = {
                "notebook": self.notebook,
                "files": new,
                "reads": sorted(reads),
                "writes": sorted(writes),
                "texts": sorted(used()),
                **self._manifest.get(edition.language, {}),
                **{
                    name: by_language[edition.language]
                    for name, by_language in (also or {}).items()
                },
            }
            # Last: a manifest must not name a file that a crash has kept from being written.
            write_whole(manifest, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
            for name in set(old) - set(new):
                (folder / name).unlink(missing_ok=True)

    def _publish_in_editions(self, publish: Callable[[Edition], None]) -> dict[Language, str]:
        """Publish something in every edition; return, by language, why it could not be.

        A notebook that is run by hand shows that: its first edition may be ahead of the others. For
        the report it is an error.
        """
        missing: dict[Language, str] = {}
        for edition in self.editions:
            try:
                publish(edition)
            except UsageError as error:
                if edition is self.editions[0] or not self.workspace.draft:
                    raise
                missing[edition.language] = str(error)
        return missing

    def _make_drawing(
        self, identifier: str, sources: Sequence[str], missing: Mapping[Language, str]
    ) -> Drawing:
        """Return what a cell displays of a figure; by hand it is drawn here, in every edition."""
        files: dict[Language, Any] = {
            edition.language: json.loads(self._files[edition.language, f"{identifier}.json"])
            for edition in self.editions
            if edition.language not in missing
        }
        first = next(iter(files.values()))
        if not self.workspace.draft:
            return Drawing(identifier, first["alt"])
        # By name: what only drafts need must not count as code on which published figures depend.
        showing = import_module("critical_minerals.publish.showing")
        shown = (self.workspace, identifier, files, missing, sources, self.records())
        return Drawing(identifier, first["alt"], *showing.show_figure(*shown))

    def _provenance(self, name: str, rows: Sequence[pd.DataFrame]) -> Mapping[str, Any]:
        """Return the provenance of something published: the running cell, sources and raw rows."""
        self._rows[name] = [*rows]
        return {"cell": self.cell(), **_lineage(rows)}

    def _record(
        self,
        edition: Edition,
        kind: str,
        name: str,
        entry: Mapping[str, Any],
        provenance: Mapping[str, Any],
    ) -> None:
        entries = self._manifest.setdefault(edition.language, {}).setdefault(kind, {})
        entries[name] = {**entry, **provenance}


def _lineage(rows: Sequence[pd.DataFrame]) -> dict[str, list[str]]:
    """Return the sources and raw rows of some frames.

    Raises `UsageError` where a frame has no columns of lineage.
    """
    missing = {name for frame in rows for name in LINEAGE if name not in frame}
    if missing:
        msg = f"What is published must say where it is from; missing: {', '.join(sorted(missing))}."
        raise UsageError(msg)
    sources, origins = ([mark for frame in rows for mark in marks(frame[name])] for name in LINEAGE)
    return {"sources": sorted({*sources}), "origins": sorted({*origins})}
