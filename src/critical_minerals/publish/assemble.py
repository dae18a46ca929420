"""Bring together what the notebooks published: named values, glossary and list of sources."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import Date, write, write_date
from critical_minerals.parameters import Language, Parameters
from critical_minerals.publish.glossary import read_glossary
from critical_minerals.publish.partials import escape, source_anchor, source_line, table_partial
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace import Workspace, write_whole

Manifest = Mapping[str, Any]
_KINDS = ("values", "figures", "tables")
_DETAIL: Final = re.compile(r"\(([^():]+?)\s*:[^()]*\)")
"""Details of terms in brackets after a colon, for which a table has no room."""


def assemble_edition(
    workspace: Workspace, language: Language, notebooks: Sequence[str], parameters: Parameters
) -> None:
    """Write `values.yml`, `tbl-glossary.md` and `tbl-sources.md` of one edition.

    Raises `StepError` when two notebooks publish under one name, or one has not published yet.
    """
    folder = workspace.published(language)
    manifests = [_manifest(folder / f"{name}.json") for name in notebooks]
    _refuse_repeated(manifests)
    store = RawStore(workspace)
    glossary = read_glossary(store, parameters.as_of)
    cited = _cited(workspace.document(language), store.known["sources"])
    used = _used_sources(store, {*_sources(manifests), *glossary.sources, *cited})
    texts = _values(manifests) | _run_values(manifests, used, language, parameters)
    content = {
        "date": parameters.as_of.isoformat(),
        "v": {name: escape(text) for name, text in sorted(texts.items())},
    }
    write_whole(folder / "values.yml", yaml.safe_dump(content, allow_unicode=True, width=10_000))
    by_id = {
        str(record["source_id"]): {str(name): str(cell) for name, cell in record.items()}
        for _, record in used.iterrows()
    }
    line = source_line(glossary.sources, by_id, language)
    write_whole(folder / "tbl-glossary.md", glossary.partial(language, line))
    write_whole(folder / "tbl-sources.md", _sources_table(used, language))


def written(workspace: Workspace, language: Language, notebooks: Sequence[str]) -> list[str]:
    """Name the processed tables that the notebooks wrote."""
    folder = workspace.published(language)
    return [table for name in notebooks for table in _manifest(folder / f"{name}.json")["writes"]]


def _cited(document: Path, known: Iterable[str]) -> set[str]:
    """Name the sources that a document's own sentences link to."""
    text = document.read_text("utf-8") if document.is_file() else ""
    return {source for source in known if f"(#{source_anchor(source)})" in text}


def _values(manifests: Sequence[Manifest]) -> dict[str, str]:
    """Gather every named value."""
    return {
        name: entry["text"]
        for manifest in manifests
        for name, entry in manifest.get("values", {}).items()
    }


def _manifest(path: Path) -> Manifest:
    """Read what one notebook published."""
    if not path.is_file():
        msg = f"Notebook {path.stem} has not published anything yet. Run it first."
        raise StepError(msg)
    return json.loads(path.read_text("utf-8"))


def _refuse_repeated(manifests: Sequence[Manifest]) -> None:
    """Refuse a name under which two notebooks publish."""
    owners: dict[str, str] = {}
    for manifest in manifests:
        owner = manifest["notebook"]
        for name in [name for kind in _KINDS for name in manifest.get(kind, {})]:
            if owners.setdefault(name, owner) != owner:
                msg = f"{name!r} is published by {owners[name]} and {owner}. Rename one."
                raise StepError(msg)


def _run_values(
    manifests: Sequence[Manifest], used: pd.DataFrame, language: Language, parameters: Parameters
) -> dict[str, str]:
    """Add the values that the run itself knows."""
    counts = {
        f"count_{kind}": str(sum(len(manifest.get(kind, {})) for manifest in manifests))
        for kind in _KINDS
    }
    counts["count_sources"] = str(len(used))
    return counts | {"as_of": write(Date(parameters.as_of.isoformat()), language)}


def _sources(manifests: Sequence[Manifest]) -> list[str]:
    """Name every source that something published rests on."""
    entries = [
        entry
        for manifest in manifests
        for kind in _KINDS
        for entry in manifest.get(kind, {}).values()
    ]
    return sorted({source for entry in entries for source in entry["sources"]})


def _used_sources(store: RawStore, identifiers: Collection[str]) -> pd.DataFrame:
    """Read the records of the sources that the report rests on."""
    records = store.read("sources", Parameters().as_of)
    return records[records["source_id"].isin(identifiers)].fillna("")


def _sources_table(used: pd.DataFrame, language: Language) -> str:
    """Compose the table of sources: title, publisher, date, tier and terms."""
    told = {name: _told(used, name, language) for name in ("publisher", "terms")}
    ordered = used.assign(**told).sort_values(["publisher", "published", "title"], kind="stable")
    cells = pd.DataFrame(
        {
            label("column-source-title", language): ordered.apply(_title, axis=1, edition=language),
            label("column-source-publisher", language): ordered["publisher"].map(escape),
            label("column-source-published", language): [
                write_date(day, language) if day else label("source-undated", language)
                for day in ordered["published"]
            ],
            label("column-source-tier", language): [
                label(f"tier-{tier}", language) for tier in ordered["tier"]
            ],
            label("column-source-terms", language): [
                escape(_DETAIL.sub(r"(\1)", terms)) for terms in ordered["terms"]
            ],
        }
    )
    return table_partial(
        "tbl-sources",
        cells,
        numeric=(False,) * 5,
        widths=(33, 21, 16, 13, 17),
        title=say("tbl-sources-title")(language),
        caption=say("tbl-sources-caption", count=len(cells))(language),
        sources="",
    )


def _told(records: pd.DataFrame, name: str, language: Language) -> pd.Series:
    """Take a column in one language; where it has no twin there, as it stands."""
    twin = f"{name}_{language}"
    return (
        records[twin].where(records[twin] != "", records[name])
        if twin in records
        else records[name]
    )


def _title(record: pd.Series, edition: Language) -> str:
    """Write a source's title under its anchor, linked where it has an address.

    A title in the other language says so, for screen readers.
    """
    title, language = escape(record["title"]), record["title_language"] or "en"
    linked = f"[{title}]({record['url']})" if record["url"] else title
    said = "" if language == edition else f" lang={language}"
    return f"[{linked}]{{#{source_anchor(record['source_id'])}{said}}}"
