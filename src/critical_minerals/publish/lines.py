"""The line under a figure or table: its sources, how firm they are, and the way of its rows."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.parameters import Language
from critical_minerals.publish.partials import escape, publishers, raw_html, source_text, visible
from critical_minerals.publish.standing import Lineage, standing
from critical_minerals.publish.tracing import (
    LINEAGE_FILE,
    by_file,
    cell_link,
    cell_place,
    file_place,
    table_links,
    table_place,
)

_SHOWN: Final = 4
"""How many publishers a page names under a figure before it folds the rest."""


def lineage_line(entry: Mapping[str, Any], lineage: Lineage, language: Language) -> str:
    """Compose the line: on a page with links and folded details, in print all of it as text."""
    named = publishers(entry["sources"], lineage["sources"], language)
    remarks = " ".join(
        remark.markdown for remark in standing(entry["origins"], lineage).remarks(language)
    )
    opening = say("lineage-sources", count=len(entry["sources"]))(language)
    page = _page(entry, opening, named, remarks, language)
    print_ = " ".join(
        filter(None, [f"{opening} {'; '.join(named)}.", remarks, *_way(entry, language)])
    )
    return visible("when", page) + visible("unless", source_text(print_))


def _page(
    entry: Mapping[str, Any], opening: str, named: list[str], remarks: str, language: Language
) -> str:
    """Compose the page's line, its details folded behind it."""
    rest = len(named) - _SHOWN
    more = [say("figure-sources-more", count=rest)(language)] if rest > 0 else []
    shown = f"{opening} {'; '.join(named[:_SHOWN])}"
    first = f"{shown} {more[0]}" if more else f"{shown}."
    summary = html.escape(label("lineage-more", language))
    whole = [f"{'; '.join(named)}."] if more else []
    line = " ".join(filter(None, [first, remarks, *_linked_way(entry, language)]))
    return "\n".join(
        [
            source_text(line),
            raw_html(f'<details class="sources"><summary>{summary}</summary>') + "\n",
            *(source_text(part) for part in [*whole, _raw_rows(entry, language)]),
            raw_html("</details>") + "\n",
        ]
    )


def _way(entry: Mapping[str, Any], language: Language) -> list[str]:
    """Name tables and cell as text."""
    tables = [table_place(name, rows, language) for name, rows in entry["tables"].items()]
    cell = cell_place(entry["notebook"], entry["cell"], language)
    return [
        f"{label('lineage-tables', language)} {escape('; '.join(tables))}.",
        f"{label('lineage-notebook', language)} {escape(cell)}.",
    ]


def _linked_way(entry: Mapping[str, Any], language: Language) -> list[str]:
    """Name tables and cell, each linked to where it lies beside the page."""
    tables = "; ".join(_link(*link) for link in table_links(entry["tables"], language))
    cell = _link(*cell_link(entry["notebook"], entry["cell"], language))
    return [
        f"{label('lineage-tables', language)} {tables}.",
        f"{label('lineage-notebook', language)} {cell}.",
    ]


def _raw_rows(entry: Mapping[str, Any], language: Language) -> str:
    """Name every raw row, and the record that describes each."""
    files = [file_place(f, rows, language) for f, rows in by_file(entry["origins"]).items()]
    opening = say("lineage-files", count=len(entry["origins"]))(language)
    record = _link(label("note-record", language), LINEAGE_FILE)
    return f"{opening} {escape('; '.join(files))} ({record})."


def _link(text: str, href: str) -> str:
    return f"[{escape(text)}]({href})"
