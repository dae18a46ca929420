"""Collect what a notebook publishes and put it in place when the notebook has finished."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import Text, used
from critical_minerals.language.quantities import Quantity, magnitude, write
from critical_minerals.language.shown import LocalizedStr
from critical_minerals.parameters import Language
from critical_minerals.publish.drawing import draw, drawable, warm_up
from critical_minerals.publish.edition import Edition
from critical_minerals.publish.fields import check_fields
from critical_minerals.publish.sources import Record
from critical_minerals.report.escaping import spec_json
from critical_minerals.report.fonts import make_fonts
from critical_minerals.tables.descriptors import Column
from critical_minerals.tables.lineage import LINEAGE, Places, marks
from critical_minerals.tables.processed import to_csv
from critical_minerals.workspace import Workspace, write_whole

Draw = Callable[[pd.DataFrame, Edition], alt.TopLevelMixin]
Theme = Callable[..., dict[str, Any]]
"""Makes a specification of a chart in a language, as `charts.theme.themed` does."""


@dataclass(frozen=True)
class Draft:
    """What a notebook has published so far in one language: texts of values, files by name."""

    values: Mapping[str, str]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Drawing:
    """A published chart; a notebook shows it where it is the last thing of a cell.

    In a run it is drawn later (`execution.charts`): the output then names the figure. By hand it is
    shown as the report will show it, in every language (`html`).
    """

    identifier: str
    alt: str
    svg: str = ""
    html: str = ""

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, str]]:
        drawn = {"text/html": self.html, "image/svg+xml": self.svg} if self.svg else {}
        return {**drawn, "text/plain": self.alt}, {"figure": self.identifier}


@dataclass
class Publication:
    """Everything that one notebook publishes, held back until `finish`."""

    notebook: str
    workspace: Workspace
    editions: Sequence[Edition]
    theme: Theme
    cell: Callable[[], str] = str
    """Names the notebook's cell that is running; nothing where none is."""
    records: Callable[[], Mapping[str, Record]] = dict
    """Gives the records of sources by id, for who works in a notebook."""
    _files: dict[tuple[str, str], str] = field(default_factory=dict)
    _manifest: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    _rows: dict[str, list[pd.DataFrame]] = field(default_factory=dict)

    def value(self, name: str, content: Quantity | Text, rows: Sequence[pd.DataFrame]) -> str:
        """Publish a named value; `rows` are those it rests on (columns source_id, origin)."""
        number, unit = (None, None) if isinstance(content, Text) else magnitude(content)
        place = self._place(name, rows)

        def publish(edition: Edition) -> None:
            text = (
                content(edition.language)
                if isinstance(content, Text)
                else write(content, edition.language)
            )
            entry = {"text": text, "number": number, "unit": unit}
            self._note(edition, "values", name, entry, place)

        missing = self._in_editions(publish)
        said: dict[Language, str] = {
            edition.language: self._noted(edition, "values", name)["text"]
            for edition in self.editions
            if edition.language not in missing
        }
        return (
            LocalizedStr(said, missing) if self.workspace.draft else said[self.editions[0].language]
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
        """Publish a chart in every edition, with the data table and download beneath it.

        A chart that is drawn otherwise for a phone (`Edition.narrow`) is published in both forms.
        """
        place = self._place(identifier, [data])

        def publish(edition: Edition) -> None:
            # Editions differ in words: a chart that is valid in the first is valid in all.
            validate = edition is self.editions[0]
            forms = {
                form: self._spec(identifier, draw_chart, data, each, validate=validate)
                for form, each in (("spec", edition), ("narrow", replace(edition, narrow=True)))
            }
            if forms["narrow"] == forms["spec"]:
                del forms["narrow"]
            texts = {"title": title, "caption": caption, "alt": alt}
            said = {name: text(edition.language) for name, text in texts.items()}
            said["caption"] = edition.captioned(said["caption"], data, show)
            spoken = data[[edition.spoken(column.name) for column in show]]
            csv = to_csv(spoken, rounded=True)
            cells = _cells(edition, data, show)
            self._add(edition, identifier, {**said, **cells, "csv": csv, **forms})
            entry = {**said, "spec": _digest(spec_json(forms["spec"]))}
            self._note(edition, "figures", identifier, entry, place)

        return self._shown(identifier, place["sources"], self._in_editions(publish))

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
        place = self._place(identifier, [data])

        def publish(edition: Edition) -> None:
            told = edition.captioned(caption(edition.language), data, show)
            said = {"title": title(edition.language), "caption": told}
            cells = _cells(edition, data, show)
            csv = to_csv(data[[edition.spoken(column.name) for column in show]])
            self._add(edition, identifier, {**said, **cells, "widths": [*widths], "csv": csv})
            self._note(edition, "tables", identifier, said, place)

        self._in_editions(publish)
        return self.editions[0].cells(data, show)

    def locate(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Say of everything published in which rows of which processed tables it stands.

        Raises `UsageError` naming rows that stand in none of them.
        """
        places = Places(tables)
        found = {name: places.of(rows) for name, rows in self._rows.items()}
        for kinds in self._manifest.values():
            for entries in kinds.values():
                for name, entry in entries.items():
                    entry["tables"] = found[name]

    def draft(self, language: Language) -> Draft:
        """Return what was published so far in one language, before it is in place."""
        known = self._manifest.get(language, {})
        values = {name: entry["text"] for name, entry in known.get("values", {}).items()}
        files = {name: text for (of, name), text in self._files.items() if of == language}
        return Draft(values, files)

    def finish(
        self,
        reads: Sequence[str],
        writes: Sequence[str],
        also: Mapping[str, Mapping[Language, Any]] | None = None,
    ) -> None:
        """Put every file in place, the manifest last; remove what is published no longer.

        `also` are further entries of the manifest, each by language.
        """
        for edition in self.editions:
            folder = self.workspace.published(edition.language)
            manifest = folder / f"{self.notebook}.json"
            old = json.loads(manifest.read_text("utf-8"))["files"] if manifest.is_file() else []
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
                **{name: told[edition.language] for name, told in (also or {}).items()},
            }
            write_whole(manifest, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
            for name in set(old) - set(new):
                (folder / name).unlink(missing_ok=True)

    def _spec(
        self,
        identifier: str,
        draw_chart: Draw,
        data: pd.DataFrame,
        edition: Edition,
        *,
        validate: bool,
    ) -> dict[str, Any]:
        with debug_mode(validate):
            chart = draw_chart(data, edition)
        spec = drawable(self.theme(chart, edition.language, validate=validate))
        check_fields(spec, identifier)
        return spec

    def _add(self, edition: Edition, name: str, content: Mapping[str, Any]) -> None:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        self._files[edition.language, f"{name}.json"] = text + "\n"

    def _in_editions(self, publish: Callable[[Edition], None]) -> dict[Language, str]:
        """Publish something in every edition; return, by language, why it could not be.

        That is told to who works in a notebook, whose first edition may be ahead of the others. For
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

    def _shown(
        self, identifier: str, sources: Sequence[str], missing: Mapping[Language, str]
    ) -> Drawing:
        """Show a figure; for who runs a notebook by hand it is drawn here, in every edition."""
        files: dict[Language, Any] = {
            edition.language: json.loads(self._files[edition.language, f"{identifier}.json"])
            for edition in self.editions
            if edition.language not in missing
        }
        first = next(iter(files.values()))
        if not self.workspace.draft:
            return Drawing(identifier, first["alt"])
        fonts, records = make_fonts(self.workspace.fonts), self.records()
        warm_up(fonts)
        # By name: what only drafts need is no code on which the figures of a notebook rest.
        showing = import_module("critical_minerals.publish.showing")
        shown: list[Any] = []
        for language, figure in files.items():
            drawn = draw(figure["spec"], f"{identifier}-{language}", figure["title"], figure["alt"])
            given = (self.workspace, identifier, language, figure, drawn, sources, records)
            shown.append(showing.as_published(*given))
        shown += [showing.Shown(language, missing=(why,)) for language, why in missing.items()]
        svg = draw(first["spec"], identifier, first["title"], first["alt"])
        return Drawing(identifier, first["alt"], svg, showing.figure_html(shown, fonts))

    def _place(self, name: str, rows: Sequence[pd.DataFrame]) -> Mapping[str, Any]:
        """Say where something published is from: the running cell, sources and raw rows."""
        self._rows[name] = [*rows]
        return {"cell": self.cell(), **_lineage(rows)}

    def _note(
        self,
        edition: Edition,
        kind: str,
        name: str,
        entry: Mapping[str, Any],
        place: Mapping[str, Any],
    ) -> None:
        noted = self._manifest.setdefault(edition.language, {}).setdefault(kind, {})
        noted[name] = {**entry, **place}

    def _noted(self, edition: Edition, kind: str, name: str) -> dict[str, Any]:
        return self._manifest[edition.language][kind][name]


def _lineage(rows: Sequence[pd.DataFrame]) -> dict[str, list[str]]:
    """Return the sources and raw rows that some frames rest on."""
    missing = {name for frame in rows for name in LINEAGE if name not in frame}
    if missing:
        msg = f"What is published must say where it is from; missing: {', '.join(sorted(missing))}."
        raise UsageError(msg)
    sources, origins = ([mark for f in rows for mark in marks(f[name])] for name in LINEAGE)
    return {"sources": sorted({*sources}), "origins": sorted({*origins})}


def _cells(edition: Edition, data: pd.DataFrame, show: Sequence[Column]) -> dict[str, Any]:
    """Give the cells of a table for readers under their header, and which columns are numbers."""
    cells = edition.cells(data, show)
    return {
        "header": [*cells.columns],
        "cells": cells.to_numpy().tolist(),
        "numeric": [_is_number(column) for column in show],
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_number(column: Column) -> bool:
    return column.kind in {"number", "integer"} and column.unit != "year"
