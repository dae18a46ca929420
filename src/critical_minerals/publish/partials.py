"""Figures and tables as the documents include them, and the names of what else they include."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from critical_minerals.errors import StepError
from critical_minerals.parameters import Language
from critical_minerals.publish.sources import Record, publishers
from critical_minerals.report.escaping import one_line, spec_json
from critical_minerals.report.markdown import compose
from critical_minerals.report.pages import Table
from critical_minerals.tables.exported import MARK

Published = Mapping[str, Any]
"""A figure or table as a notebook published it, in one language."""


def shown_partials(folder: Path, language: Language, *, live: bool) -> dict[str, str]:
    """Compose the partial of every figure and table that is published in a folder, by file name.

    Charts answer to the reader of the page where they are `live`, else drawings stay.

    Raises `StepError` naming a figure that is not drawn yet.
    """
    made: dict[str, str] = {}
    for path in sorted(folder.glob("fig-*.json")):
        drawing = path.with_suffix(".svg")
        if not drawing.is_file():
            msg = f"{path.stem} is not drawn yet. Draw it first: python pipeline.py --only charts"
            raise StepError(msg)
        svg = drawing.read_text("utf-8")
        made[f"{path.stem}.md"] = _figure(path.stem, _read(path), svg, language, live=live)
    for path in sorted(folder.glob("tbl-*.json")):
        made[f"{path.stem}.md"] = compose("table", language, id=path.stem, of=_read(path))
    return made


def _read(path: Path) -> Published:
    return json.loads(path.read_text("utf-8"))


def _figure(identifier: str, figure: Published, svg: str, language: Language, *, live: bool) -> str:
    """Compose a figure: interactive chart over static SVG in HTML, an image elsewhere."""
    spec = spec_json({**figure["spec"], "description": one_line(figure["alt"])}) if live else ""
    data = Table(
        caption=figure["title"],
        header=figure["header"],
        rows=figure["cells"],
        numeric=frozenset(place for place, number in enumerate(figure["numeric"]) if number),
        captioned=False,
    )
    return compose(
        "figure",
        language,
        id=identifier,
        figure=figure,
        svg=Markup(svg),  # noqa: S704 - our own drawing engine's, without what runs
        spec=Markup(_script_json(spec)),  # noqa: S704 - nothing of it is read as HTML
        data=data,
        csv=base64.b64encode((MARK + figure["csv"]).encode()).decode(),
    )


def line_name(identifier: str) -> str:
    """Name the partial with the line of sources under a figure or table."""
    return f"lineage-{identifier}.md"


def _script_json(spec: str) -> str:
    r"""Write JSON so that nothing in its strings ends a script element or is a shortcode.

    >>> print(_script_json('["</script>"]'))
    ["\u003c/script>"]
    """
    return spec.replace("<", r"\u003c").replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")


def source_line(sources: Sequence[str], records: Mapping[str, Record], language: Language) -> str:
    """Name sources by publisher and year, each linked to its entry in the list of sources."""
    named = publishers(sources, records, language)
    return compose("sources-line", language, named=named, count=len(sources))
