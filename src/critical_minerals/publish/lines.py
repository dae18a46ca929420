"""The line under a figure or table: its sources, how firm they are, and the way of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from critical_minerals.language.catalogue import say
from critical_minerals.parameters import Language
from critical_minerals.publish.sources import publishers
from critical_minerals.publish.standing import Lineage, standing
from critical_minerals.publish.tracing import (
    LINEAGE_FILE,
    by_file,
    cell_link,
    file_place,
    table_links,
)
from critical_minerals.report.markdown import compose

_SHOWN: Final = 4
"""How many publishers a page names under a figure before it folds the rest."""


def lineage_line(entry: Mapping[str, Any], lineage: Lineage, language: Language) -> str:
    """Compose the line: on a page with links and folded details, in print all of it as text."""
    named = publishers(entry["sources"], lineage["sources"], language)
    return compose(
        "lineage",
        language,
        opening=say("lineage-sources", count=len(entry["sources"]))(language),
        named=named,
        shown=_SHOWN,
        rest=len(named) - _SHOWN,
        told=standing(entry["origins"], lineage).remarks(language),
        tables=table_links(entry["tables"], language),
        cell=cell_link(entry["notebook"], entry["cell"], language),
        rows=len(entry["origins"]),
        files=[file_place(f, rows, language) for f, rows in by_file(entry["origins"]).items()],
        record=LINEAGE_FILE,
    )
