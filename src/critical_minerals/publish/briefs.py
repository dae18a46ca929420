"""Compose what the document of a brief includes: key figures, gaps, sources and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from critical_minerals.language.catalogue import label
from critical_minerals.parameters import Language
from critical_minerals.publish.partials import line_name, source_line
from critical_minerals.publish.sources import describe_source, source_records
from critical_minerals.report.context import day_metadata
from critical_minerals.report.escaping import escape
from critical_minerals.report.markdown import compose
from critical_minerals.report.yaml_text import dump_yaml

Manifest = Mapping[str, Any]


def brief_partials(
    manifest: Manifest, sources: pd.DataFrame, day: str, language: Language
) -> dict[str, str]:
    """Compose the partials of a brief other than figures and tables, by file name.

    The manifest is that of its notebook (`Brief.finish`).
    """
    published = manifest.get("brief")
    if published is None:  # another notebook, run for a document of its own
        return {}
    values = manifest.get("values", {})
    cards = [{**card, "text": values[card["name"]]["text"]} for card in published["cards"]]
    return {
        "cards.md": compose("cards", language, cards=cards),
        "gaps.md": compose("gaps", language, gaps=published["gaps"]),
        **_source_partials(manifest, sources, language),
        "values.yml": _values_file(manifest, published["has"], day, language),
        # Documents include them all the same: an include without a file is an error.
        **{f"{name}.md": "" for name in published["absent"]},
    }


def _source_partials(
    manifest: Manifest, records: pd.DataFrame, language: Language
) -> dict[str, str]:
    """Compose the line of sources under each figure and table, and the list that it links to."""
    by_id = source_records(records)
    figures_and_tables = {
        name: entry for kind in ("figures", "tables") for name, entry in _entries(manifest, kind)
    }
    lines = {
        line_name(name): source_line(entry["sources"], by_id, language)
        for name, entry in figures_and_tables.items()
    }
    entries = [*figures_and_tables.values(), *(entry for _, entry in _entries(manifest, "values"))]
    cited = {source for entry in entries for source in entry["sources"]}
    return lines | {
        "sources.md": _document_list([by_id[source] for source in sorted(cited)], language)
    }


def _document_list(rows: Sequence[Mapping[str, str]], language: Language) -> str:
    """List documents by publisher, in two columns."""
    documents = [describe_source(row["source_id"], row, language) for row in rows]
    days = {
        document["anchor"]: row["published"] for document, row in zip(documents, rows, strict=True)
    }
    documents.sort(key=lambda document: (document["publisher"], days[document["anchor"]]))
    middle = (len(documents) + 1) // 2
    return compose("documents", language, halves=[documents[:middle], documents[middle:]])


def _values_file(
    manifest: Manifest, parts: Mapping[str, bool], day: str, language: Language
) -> str:
    """Serialize the document's metadata: its day, its values, and which `parts` it has.

    A document shows a part only where there is something for it (`when-meta="has.fig-trade"`).
    """
    published = {
        name: True for kind in ("figures", "tables") for name, _ in _entries(manifest, kind)
    }
    content = {
        "brief": {"kind": label("brief-kind", language)},
        **day_metadata(day, language),
        "has": published | dict(parts),
        "v": {name: escape(entry["text"]) for name, entry in _entries(manifest, "values")},
    }
    return dump_yaml(content)


def _entries(manifest: Manifest, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    return list(manifest.get(kind, {}).items())
