"""The lineage of every number: report, processed rows, notebook cell, raw row, source document.

Each notebook writes the raw rows it used (`write_rows`). `gather` joins them with what all
notebooks published into one record, which the report's source notes, releases and comparisons
read:

    as_of, parameters
    published: values, figures, tables, each by name: notebook, cell, its texts by language,
               processed tables with their rows, raw rows (`origins`), sources
    rows:      raw rows by `file:row`: table, row, key, as_of, source_id, place, note, cells, marks,
               and corrections where any were made
    sources:   title, publisher, url, published, tier and terms by id
    notebooks: the hash of each notebook's code
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic_core import from_json

from critical_minerals.errors import StepError
from critical_minerals.publish.sources import Lineage, source_records
from critical_minerals.raw.corrections import Correction
from critical_minerals.raw.schema import ORIGIN, PROVENANCE
from critical_minerals.raw.store import RawStore
from critical_minerals.report.escaping import spec_json
from critical_minerals.tables.descriptors import Table
from critical_minerals.tables.lineage import in_order, marks
from critical_minerals.workspace.parameters import Language, Parameters
from critical_minerals.workspace.paths import Workspace, write_whole
from critical_minerals.workspace.state_files import read_stored

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False).encode
"""One encoder for all entries: with this option `json.dumps` makes one for each call."""
KINDS: Final = ("values", "figures", "tables")
_LINEAGE: Final = {"as_of": str, "published": dict, "sources": dict, "rows": dict}
"""The shape of a lineage record."""
# "About" and "nearly" are bounds as well: the figure behind them lies in a range.
_BOUNDS: Final = frozenset({"about", "less_than", "more_than", "nearly", "range", "up_to"})
_WITHHELD: Final = frozenset({"withheld", "suppressed", "not_available"})
_ESTIMATES: Final = frozenset({"estimated", "intentions"})
_LOCALIZED: Final = ("text", "title", "caption", "alt")
"""Fields of an entry that differ by language."""
_CHART: Final = "spec"
"""The field of an entry with the specification of its chart; the record has a digest of it."""


def write_rows(
    workspace: Workspace,
    notebook: str,
    raw: Mapping[str, pd.DataFrame],
    saved: Iterable[pd.DataFrame],
    store: RawStore,
    as_of: dt.date,
) -> None:
    """Write the raw rows on which a notebook's saved tables rest.

    `raw` are the tables it read from the `store` (typed, with `origin`) as they stood on a day,
    `saved` those it wrote.
    """
    used = {mark for frame in saved for mark in marks(frame["origin"])}
    rows = {
        record[ORIGIN]: _describe_row(store.tables[name], record)
        for name, frame in raw.items()
        for record in frame[frame[ORIGIN].isin(used)].to_dict("records")
    }
    for name in raw:
        for origin, corrections in store.corrections_made(name, as_of).items():
            if origin in rows:  # not of a row that no saved table is based on
                rows[origin]["corrections"] = [*map(_describe_correction, corrections)]
    write_whole(_rows_file(workspace, notebook), _dump_entries(rows) + "\n")


def gather(
    workspace: Workspace,
    notebooks: Sequence[str],
    parameters: Parameters,
    code: Mapping[str, str],
) -> dict[str, Any]:
    """Join the files of all notebooks into one record; `code` holds each notebook's hash."""
    manifests: list[tuple[Language, Mapping[str, Any]]] = [
        (language, from_json((workspace.published(language) / f"{name}.json").read_bytes()))
        for name in notebooks
        for language in parameters.languages
    ]
    published = {kind: _merge_editions(workspace, manifests, kind) for kind in KINDS}
    rows = {
        origin: row
        for name in notebooks
        for origin, row in from_json(_rows_file(workspace, name).read_bytes()).items()
    }
    return {
        "as_of": parameters.as_of.isoformat(),
        "parameters": parameters.for_papermill(),
        "notebooks": dict(code),
        "published": published,
        "sources": _source_entries(workspace, published, rows),
        "rows": rows,
    }


def write_lineage(path: Path, lineage: Lineage) -> None:
    """Write a lineage record, with one published entry, raw row or source a line.

    The hash of each part is written next to it, such as `lineage-parts/rows`; the published entries
    have one for each kind, such as `values`.
    """
    # Steps depend on the parts that they read: a change of another part does not run them again.
    kinds = {kind: _dump_entries(entries) for kind, entries in lineage["published"].items()}
    parts = {name: _dump_part(content) for name, content in lineage.items() if name != "published"}
    sections = {name: parts[name] if name in parts else _join_json(kinds) for name in lineage}
    write_whole(path, _join_json(sections) + "\n")
    for name, text in {**parts, **kinds}.items():
        write_whole(path.with_name("lineage-parts") / name, sha256(text.encode()).hexdigest())


def _join_json(parts: Mapping[str, str]) -> str:
    return "{" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "}"


def read_lineage(path: Path) -> Lineage:
    """Read a lineage record. Raises `StepError` where there is none yet."""
    lineage = read_stored(path, _LINEAGE)
    if lineage is None:
        msg = f"There is no {path.name} yet. Run the pipeline first: python pipeline.py"
        raise StepError(msg)
    return lineage


def _merge_editions(
    workspace: Workspace, manifests: Iterable[tuple[Language, Mapping[str, Any]]], kind: str
) -> dict[str, dict[str, Any]]:
    """Merge the published entries of one kind over the editions, with their texts by language."""
    entries: dict[str, dict[str, Any]] = {}
    for language, manifest in manifests:
        for name, recorded in manifest.get(kind, {}).items():
            file = workspace.published(language) / f"{name}.json"
            entry = {**(_read_chart(file) if kind == "figures" else {}), **recorded}
            if name not in entries:
                entries[name] = {"notebook": manifest["notebook"]} | _common_fields(entry)
            for field in _LOCALIZED:
                if field in entry:
                    entries[name].setdefault(field, {})[language] = entry[field]
    return dict(sorted(entries.items()))


def _read_chart(figure: Path) -> dict[str, Any]:
    """Return the chart of a figure and its words, which are not in the manifest."""
    content = from_json(figure.read_bytes())
    return {name: content[name] for name in ("title", "caption", "alt", _CHART)}


def _common_fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what all languages have in common; the chart is taken from the first one alone."""
    common = {name: content for name, content in entry.items() if name not in _LOCALIZED}
    if _CHART in common:
        # A digest tells that a chart has changed; the record would be full of data otherwise.
        digest = sha256(spec_json(common[_CHART]).encode())
        common[_CHART] = digest.hexdigest()[:16]
    return common


def _source_entries(
    workspace: Workspace, published: Mapping[str, Any], rows: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """Return the records of the sources on which something rests."""
    cited = {row["source_id"] for row in rows.values()}
    cited |= {
        correction["source_id"]
        for row in rows.values()
        for correction in row.get("corrections", [])
    }
    cited |= {
        source
        for entries in published.values()
        for entry in entries.values()
        for source in entry["sources"]
    }
    # The list of sources is not dated: any day gives all of it.
    records = RawStore(workspace).read("sources", Parameters().as_of)
    internal = ("source_id", ORIGIN, "note")
    return {
        source: {name: cell for name, cell in record.items() if name not in internal}
        # Of all sources: letters distinguish works of one year, cited or not.
        for source, record in source_records(records).items()
        if source in cited
    }


def _describe_row(table: Table, record: Mapping[Any, Any]) -> dict[str, Any]:
    """Describe one raw row: its key, its cells, its provenance and marks of reliability."""
    texts = {str(column): _write_cell(cell) for column, cell in record.items() if not pd.isna(cell)}
    provenance = {name: texts.get(name, "") for name in PROVENANCE}
    described = {*table.key, *provenance, ORIGIN}
    if not table.revised:  # a source document is the provenance of its own record
        provenance = {"source_id": texts.get("source_id", "")}
    return {
        "table": table.name,
        "row": int(texts[ORIGIN].rpartition(":")[2]),
        "key": {column: texts.get(column, "") for column in table.key},
        **provenance,
        "cells": {column: text for column, text in texts.items() if column not in described},
        "marks": _reliability_marks(texts),
    }


def _describe_correction(correction: Correction) -> dict[str, str | None]:
    fields = ("column", "was", "value", "reason", "reason_fr")
    return {name: getattr(correction, name) for name in fields} | {
        "source_id": correction.evidence.source_id,
        "place": correction.evidence.place,
    }


def _reliability_marks(texts: Mapping[str, str]) -> list[str]:
    """Return what qualifies a raw figure: an estimate, a bound, preliminary or withheld."""
    codes = {texts.get(column, "") for column in ("qualifier", "precision", "basis")}
    tests = {
        "estimated": bool(codes & _ESTIMATES) or texts.get("estimated") == "yes",
        "preliminary": "preliminary" in codes,
        "bounded": bool(codes & _BOUNDS),
        "withheld": bool(codes & _WITHHELD),
    }
    return [name for name, holds in tests.items() if holds]


def _write_cell(cell: Any) -> str:
    """Write a typed cell as the raw file has it."""
    if isinstance(cell, pd.Timestamp):
        return cell.date().isoformat()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    # Fifteen digits survive a round trip through a float; a sixteenth is noise.
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _rows_file(workspace: Workspace, notebook: str) -> Path:
    return workspace.lineage / f"{notebook}.json"


def _dump_part(content: Any) -> str:
    """Write parts with many entries one a line, so that two records can be compared by line."""
    if isinstance(content, Mapping) and any(
        isinstance(entry, Mapping) for entry in content.values()
    ):
        return _dump_entries(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _dump_entries(entries: Mapping[str, Any]) -> str:
    # `in_order`: row 9 of a file comes before its row 10.
    lines = [_ENCODE({name: entries[name]})[1:-1] for name in sorted(entries, key=in_order)]
    return "{\n" + ",\n".join(lines) + "\n}"
