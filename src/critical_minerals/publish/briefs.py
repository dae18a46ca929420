"""What a brief's document includes beside figures and tables: key figures, gaps, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from critical_minerals.language.catalogue import label
from critical_minerals.parameters import Language
from critical_minerals.publish.partials import line_name, source_line
from critical_minerals.publish.sources import source_records, source_told
from critical_minerals.report.context import day_metadata
from critical_minerals.report.escaping import escape
from critical_minerals.report.markdown import compose
from critical_minerals.report.yaml_text import dump_yaml

Manifest = Mapping[str, Any]


def brief_partials(
    manifest: Manifest, sources: pd.DataFrame, day: str, language: Language
) -> dict[str, str]:
    """Compose what the document of a brief includes beside figures and tables, by file name.

    The manifest holds what its notebook published (`Brief.finish`).
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
        **{f"{name}.md": "" for name in published["absent"]},
    }


def _source_partials(
    manifest: Manifest, records: pd.DataFrame, language: Language
) -> dict[str, str]:
    """Compose the line of sources under each figure and table, and the list that it links to."""
    by_id = source_records(records)
    shown = {name: each for kind in ("figures", "tables") for name, each in _kind(manifest, kind)}
    lines = {
        line_name(name): source_line(each["sources"], by_id, language)
        for name, each in shown.items()
    }
    used = [*shown.values(), *(each for _, each in _kind(manifest, "values"))]
    cited = {source for each in used for source in each["sources"]}
    return lines | {"sources.md": _list([by_id[source] for source in sorted(cited)], language)}


def _list(rows: Sequence[Mapping[str, str]], language: Language) -> str:
    """List documents by publisher, in two columns."""
    told = [source_told(row["source_id"], row, language) for row in rows]
    days = {each["anchor"]: row["published"] for each, row in zip(told, rows, strict=True)}
    told.sort(key=lambda each: (each["publisher"], days[each["anchor"]]))
    middle = (len(told) + 1) // 2
    return compose("documents", language, halves=[told[:middle], told[middle:]])


def _values_file(
    manifest: Manifest, parts: Mapping[str, bool], day: str, language: Language
) -> str:
    """Write the document's metadata: its day, values, and which `parts` there are.

    A document shows a part only where there is something for it (`when-meta="has.fig-trade"`).
    """
    filled = {name: True for kind in ("figures", "tables") for name, _ in _kind(manifest, kind)}
    content = {
        "brief": {"kind": label("brief-kind", language)},
        **day_metadata(day, language),
        "has": filled | dict(parts),
        "v": {name: escape(each["text"]) for name, each in _kind(manifest, "values")},
    }
    return dump_yaml(content)


def _kind(manifest: Manifest, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    return list(manifest.get(kind, {}).items())
