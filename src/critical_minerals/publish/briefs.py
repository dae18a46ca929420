"""What a brief's document includes beside figures and tables: key figures, gaps, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from critical_minerals.language.catalogue import Text, label
from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import Language
from critical_minerals.publish.addresses import markdown_link
from critical_minerals.publish.partials import (
    escape,
    line_name,
    named,
    source_anchor,
    source_line,
    source_records,
)
from critical_minerals.report.yaml_text import dump_yaml

Manifest = Mapping[str, Any]


_SOURCES: Final = "::: {{.half}}\n:::: {{.source-list}}\n{}\n::::\n:::\n"


def cards_partial(cards: Sequence[tuple[str, Text]], manifest: Manifest, language: Language) -> str:
    """Compose the key figures: each a published value's name and what it counts."""
    parts = [
        f"::: {{.card}}\n[{escape(manifest['values'][name]['text'])}]{{.card-number}}\n\n"
        f"{escape(says(language))}\n:::\n"
        for name, says in cards
    ]
    return "\n".join([":::: {.cards}", *parts, "::::", ""])


def gaps_partial(gaps: Sequence[Text], language: Language) -> str:
    """List what no public figure tells; nothing where nothing lacks."""
    return "".join(f"- {escape(gap(language))}\n" for gap in gaps)


def source_partials(
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
    ordered = sorted(rows, key=lambda r: (named(r, language), r["published"]))
    items = [f"- {_source(row, language)}" for row in ordered]
    middle = (len(items) + 1) // 2
    halves = ["\n".join(some) for some in (items[:middle], items[middle:])]
    lists = [_SOURCES.format(half) for half in halves if half]
    return "\n".join([":::: {.pair}", *lists, "::::", ""])


def values_file(manifest: Manifest, parts: Mapping[str, bool], day: str, language: Language) -> str:
    """Write the document's metadata: its day, values, and which `parts` there are.

    A document shows a part only where there is something for it (`when-meta="has.fig-trade"`).
    """
    filled = {name: True for kind in ("figures", "tables") for name, _ in _kind(manifest, kind)}
    content = {
        "brief": {"kind": label("brief-kind", language)},
        "date": day,
        "has": filled | dict(parts),
        "v": {name: escape(each["text"]) for name, each in _kind(manifest, "values")},
    }
    return dump_yaml(content)


def _kind(manifest: Manifest, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    return list(manifest.get(kind, {}).items())


def _source(row: Mapping[str, str], language: Language) -> str:
    """Write one document: publisher, linked title, date and standing."""
    linked = markdown_link(escape(row["title"]), row["url"])
    of_title = row.get("title_language") or "en"
    said = "" if of_title == language else f" lang={of_title}"
    day = write_date(row["published"], language) if row["published"] else ""
    told = [day or label("source-undated", language), label(f"tier-{row['tier']}", language)]
    publisher = escape(named(row, language))
    anchor = source_anchor(row["source_id"])
    return f"{publisher}, [{linked}]{{#{anchor}{said}}} ({'; '.join(told)})"
