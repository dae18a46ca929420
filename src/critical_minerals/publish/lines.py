"""Under figures and tables: their sources, how firm they are, and the way of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from critical_minerals.language.catalogue import say
from critical_minerals.parameters import Language
from critical_minerals.publish.reliability import Lineage, reliability
from critical_minerals.publish.sources import Publisher, Record, briefly, publishers
from critical_minerals.publish.tracing import (
    LINEAGE_FILE,
    by_file,
    cell_link,
    file_place,
    table_links,
)
from critical_minerals.report.markdown import compose
from critical_minerals.report.references import References

_SHOWN: Final = 4
"""How many publishers the line names; the annex, and the page in what it folds, name them all."""
_KINDS: Final = {"fig": "figures", "tbl": "tables"}


def lineage_line(entry: Mapping[str, Any], lineage: Lineage, language: Language) -> str:
    """Compose the line under a figure or table: publishers and years, and how firm they are."""
    named = _same_first(entry["sources"], lineage["sources"], language)
    return compose(
        "lineage",
        language,
        opening=say("lineage-sources", count=sum(len(one["years"]) for one in named))(language),
        named=named,
        all_named=publishers(entry["sources"], lineage["sources"], language),
        shown=_SHOWN,
        rest=len(named) - _SHOWN,
        told=reliability(entry["origins"], lineage).remarks(language),
        trail=_trail(entry, language),
    )


def _same_first(
    sources: Sequence[str], records: Mapping[str, Record], language: Language
) -> list[Publisher]:
    """Name publishers in their order, those first that the line names in every language."""
    named = briefly(sources, records, language)
    first = {one["years"][0]["anchor"] for one in briefly(sources, records, "en")[:_SHOWN]}
    return sorted(named, key=lambda one: one["years"][0]["anchor"] not in first)


def trails(lineage: Lineage, uses: References, page: str, language: Language) -> str:
    """Compose the list, on the annex `page`, of where every figure and table is from.

    Those that are made of the report itself (its changes, glossary and sources) have no rows.
    """
    published = {kind: lineage["published"][name] for kind, name in _KINDS.items()}
    shown = [
        {
            "id": name,
            "href": "" if uses.document(name) == page else uses.link(name, page),
            "named": numbered(name, uses, language),
            "title": published[name[:3]][name]["title"][language],
            "sources": publishers(
                published[name[:3]][name]["sources"], lineage["sources"], language
            ),
            "remarks": reliability(published[name[:3]][name]["origins"], lineage).remarks(language),
            "trail": _trail(published[name[:3]][name], language),
        }
        for name in uses.shown
        if name in published[name[:3]]
    ]
    return compose("trails", language, shown=shown)


def numbered(name: str, uses: References, language: Language) -> str:
    """Name a figure or table of another document, by its number there."""
    number = number_of(name, uses)
    return say(f"lineage-in-update-{name[:3]}", number=str(number))(language)


def number_of(name: str, uses: References) -> int:
    """Return the number of a figure or table in its own document: renderers count them alike."""
    alike = [each for each in uses.shown_in(uses.document(name)) if each[:3] == name[:3]]
    return alike.index(name) + 1


def _trail(entry: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Tell the way of the rows: processed tables, notebook and cell, raw rows."""
    return {
        "tables": table_links(entry["tables"], language),
        "cell": cell_link(entry["notebook"], entry["cell"], language),
        "rows": len(entry["origins"]),
        "files": [file_place(f, rows, language) for f, rows in by_file(entry["origins"]).items()],
        "record": LINEAGE_FILE,
    }
