"""Small sets of figures, written as a run leaves them, to be compared with one another."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from critical_minerals.review.snapshots import Snapshot

PARAMETERS = {"as_of": "2026-09-30", "currency": "CAD", "languages": ["en", "fr"]}


def texts(english: str, french: str | None = None) -> dict[str, str]:
    return {"en": english, "fr": french or english}


@dataclass
class Moment:
    """Raw rows, what is published from them, and processed tables."""

    as_of: str = "2026-09-30"
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    published: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"values": {}, "figures": {}, "tables": {}}
    )
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    code: str = "1"
    titles: dict[str, str] = field(default_factory=dict)

    def raw(
        self,
        table: str,
        key: str,
        value: str,
        *,
        as_of: str = "2026-02-27",
        source: str = "DOC_A",
        release: str = "",
        **more: Any,
    ) -> str:
        """Add a raw row and return where it stands; rows of a file count from 2."""
        file = f"data/raw/{table}.csv"
        row = 2 + sum(name.startswith(f"{file}:") for name in self.rows)
        keys = {"figure": key, **({"release": release} if release else {})}
        self.rows[f"{file}:{row}"] = {
            "table": table,
            "row": row,
            "key": keys,
            "as_of": as_of,
            "source_id": source,
            "place": "",
            "note": "",
            "cells": {"value": value},
            "marks": [],
            **more,
        }
        return f"{file}:{row}"

    def value(
        self, name: str, number: float | None, *origins: str, unit: str | None = "count", said=""
    ) -> None:
        text = said or (f"{number:g}" if number is not None else "not yet public")
        self.published["values"][name] = {
            "notebook": "50_progress",
            "cell": "a-cell",
            "text": texts(text),
            "number": number,
            "unit": unit if number is not None else None,
            "tables": {},
            "origins": list(origins),
            "sources": sorted({self.rows[origin]["source_id"] for origin in origins}),
        }

    def shown(self, kind: str, name: str, title: str, *origins: str, **more: Any) -> None:
        self.published[kind][name] = {
            "notebook": "50_progress",
            "title": texts(title),
            "caption": texts("."),
            "origins": list(origins),
            "sources": [],
            "tables": {},
            **more,
        }

    def table(
        self, name: str, *rows: tuple[str, str, str], key: str = "figure", words: str = "note"
    ) -> None:
        """Add a processed table of rows: key, `value` or `value|words`, origins."""
        self.tables[name] = {"key": key, "words": words, "rows": rows}

    def save(self, folder: Path) -> Snapshot:
        """Write the files and return the snapshot."""
        (folder / "tables").mkdir(parents=True)
        sources = {row["source_id"] for row in self.rows.values()}
        lineage = {
            "as_of": self.as_of,
            "parameters": {**PARAMETERS, "as_of": self.as_of},
            "notebooks": {"50_progress": self.code},
            "published": self.published,
            "sources": {source: self._source(source) for source in sources},
            "rows": self.rows,
        }
        (folder / "lineage.json").write_text(json.dumps(lineage), "utf-8")
        package = {"resources": [self._resource(name) for name in sorted(self.tables)]}
        (folder / "tables" / "datapackage.json").write_text(json.dumps(package), "utf-8")
        for name, table in self.tables.items():
            lines = [
                f"{table['key']},value,year,{table['words']},origin",
                *map(self._line, table["rows"]),
            ]
            (folder / "tables" / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        return Snapshot(folder.name, folder / "lineage.json", folder / "tables")

    def _line(self, row: tuple[str, str, str]) -> str:
        key, value, origin = row
        number, _, note = value.partition("|")
        return f"{key},{number},2025,{note},{origin}"

    def _source(self, source: str) -> dict[str, str]:
        title = self.titles.get(source, f"Title of {source}")
        return {"title": title, "publisher": "A ministry", "published": "2026", "tier": "official"}

    def _resource(self, name: str) -> dict[str, Any]:
        key, words = (self.tables[name][part] for part in ("key", "words"))
        kinds = {key: "string", "value": "number", "year": "integer", words: "string"}
        fields = [{"name": name, "type": kind} for name, kind in kinds.items()]
        fields[2]["unit"] = "year"
        fields.append({"name": "origin", "type": "string"})
        return {"path": f"{name}.csv", "schema": {"fields": fields, "primaryKey": [key]}}
