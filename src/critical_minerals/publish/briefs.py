"""Compose what the document of a brief includes: key figures, gaps, sources and values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from critical_minerals.language.catalogue import label
from critical_minerals.publish.partials import line_name, shown_partials, source_line
from critical_minerals.publish.sources import describe_source, source_records
from critical_minerals.raw.store import RawStore
from critical_minerals.report.context import day_metadata
from critical_minerals.report.escaping import escape
from critical_minerals.report.markdown import compose
from critical_minerals.report.yaml_text import dump_yaml
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace, write_whole


def write_brief_partials(
    workspace: Workspace, notebook: str, day: dt.date, languages: Sequence[Language]
) -> None:
    """Write all that the documents of a brief include of what its notebook has published."""
    sources = RawStore(workspace).read("sources", day)
    for language in languages:
        folder = workspace.published(language)
        manifest = json.loads((folder / f"{notebook}.json").read_text("utf-8"))
        fragments = brief_partials(manifest, sources, day.isoformat(), language)
        for name, text in (shown_partials(folder, language, live=False) | fragments).items():
            write_whole(folder / name, text)


def brief_partials(
    manifest: Mapping[str, Any], sources: pd.DataFrame, day: str, language: Language
) -> dict[str, str]:
    """Compose the partials of a brief other than figures and tables, by file name.

    The manifest is that of its notebook (`Brief.finish`).
    """
    published = manifest.get("brief")
    if published is None:  # another notebook, run for a document of its own
        return {}
    values = manifest.get("values", {})
    shown = manifest.get("figures", {}) | manifest.get("tables", {})
    by_id = source_records(sources)
    cited = {source for entry in (values | shown).values() for source in entry["sources"]}
    cards = [{**card, "text": values[card["name"]]["text"]} for card in published["cards"]]
    metadata = {
        "brief": {"kind": label("brief-kind", language)},
        **day_metadata(day, language),
        # A document shows a part only where there is something for it: `when-meta="has.fig-trade"`.
        "has": dict.fromkeys(shown, True) | published["has"],
        "v": {name: escape(entry["text"]) for name, entry in values.items()},
    }
    return {
        "cards.md": compose("cards", language, cards=cards),
        "gaps.md": compose("gaps", language, gaps=published["gaps"]),
        **{
            line_name(name): source_line(entry["sources"], by_id, language)
            for name, entry in shown.items()
        },
        "sources.md": _document_list([by_id[source] for source in sorted(cited)], language),
        "values.yml": dump_yaml(metadata),
        # Documents include them all the same: an include without a file is an error.
        **{f"{name}.md": "" for name in published["absent"]},
    }


def _document_list(rows: Sequence[Mapping[str, str]], language: Language) -> str:
    """List documents by publisher, in two columns."""
    documents = [
        describe_source(row["source_id"], row, language) | {"day": row["published"]} for row in rows
    ]
    documents.sort(key=lambda document: (document["publisher"], document["day"]))
    middle = (len(documents) + 1) // 2
    return compose("documents", language, halves=[documents[:middle], documents[middle:]])
