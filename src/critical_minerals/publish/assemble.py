"""Bring together what the notebooks published: named values and the list of sources."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import Date, write, write_date
from critical_minerals.parameters import Language, Parameters
from critical_minerals.publish.partials import escape, source_anchor, table_partial
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace import Workspace, write_whole

Manifest = Mapping[str, Any]
_KINDS = ("values", "figures", "tables")


def assemble_edition(
    workspace: Workspace, language: Language, notebooks: Sequence[str], parameters: Parameters
) -> None:
    """Write `values.yml` and `tbl-sources.md` of one edition.

    Raises `StepError` when two notebooks publish under one name, or one has not published yet.
    """
    folder = workspace.published(language)
    manifests = [_manifest(folder / f"{name}.json") for name in notebooks]
    _refuse_repeated(manifests)
    texts = _values(manifests) | _run_values(manifests, language, parameters)
    content = {
        "date": parameters.as_of.isoformat(),
        "v": {name: escape(text) for name, text in sorted(texts.items())},
    }
    write_whole(folder / "values.yml", yaml.safe_dump(content, allow_unicode=True, width=10_000))
    write_whole(folder / "tbl-sources.md", _sources_table(workspace, manifests, language))


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
    manifests: Sequence[Manifest], language: Language, parameters: Parameters
) -> dict[str, str]:
    """Add the values that the run itself knows."""
    counts = {
        f"count_{kind}": str(sum(len(manifest.get(kind, {})) for manifest in manifests))
        for kind in _KINDS
    }
    counts["count_sources"] = str(len(_sources(manifests)))
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


def _sources_table(workspace: Workspace, manifests: Sequence[Manifest], language: Language) -> str:
    """Compose the table of sources: title, publisher, date, tier and terms."""
    records = RawStore(workspace).read("sources", Parameters().as_of)
    used = records[records["source_id"].isin(_sources(manifests))].fillna("")
    ordered = used.sort_values(["publisher", "published", "title"], kind="stable")
    cells = pd.DataFrame(
        {
            label("column-source-title", language): ordered.apply(_title, axis=1),
            label("column-source-publisher", language): ordered["publisher"].map(escape),
            label("column-source-published", language): [
                write_date(day, language) if day else label("source-undated", language)
                for day in ordered["published"]
            ],
            label("column-source-tier", language): [
                label(f"tier-{tier}", language) for tier in ordered["tier"]
            ],
            label("column-source-terms", language): ordered["terms"].map(escape),
        }
    )
    caption = say("tbl-sources-caption", count=len(cells))(language)
    widths, numeric = (34, 18, 13, 11, 24), (False,) * 5
    return table_partial("tbl-sources", cells, numeric, widths, caption, "")


def _title(record: pd.Series) -> str:
    """Write a source's title under its anchor, linked where it has an address."""
    title = escape(record["title"])
    linked = f"[{title}]({record['url']})" if record["url"] else title
    return f"[{linked}]{{#{source_anchor(record['source_id'])}}}"
