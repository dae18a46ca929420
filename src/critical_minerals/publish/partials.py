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
from critical_minerals.publish.drawing import narrow_drawing
from critical_minerals.publish.sources import Record, publishers
from critical_minerals.report.escaping import one_line, spec_json
from critical_minerals.report.markdown import compose
from critical_minerals.report.pages import Table
from critical_minerals.tables.exported import MARK
from critical_minerals.workspace import WORKBOOKS as FORMATS

Published = Mapping[str, Any]
"""A figure or table as a notebook published it, in one language."""


def shown_partials(
    folder: Path, language: Language, *, live: bool, workbook: str = ""
) -> dict[str, str]:
    """Compose the partial of every figure and table that is published in a folder, by file name.

    Charts answer to the reader of the page where they are `live`, else drawings stay. `workbook` is
    the address, without its ending, of workbooks that hold all tables.

    Raises `StepError` naming a figure that is not drawn yet.
    """
    made: dict[str, str] = {}
    for path in sorted(folder.glob("fig-*.json")):
        drawing = path.with_suffix(".svg")
        if not drawing.is_file():
            msg = f"{path.stem} is not drawn yet. Draw it first: python pipeline.py --only charts"
            raise StepError(msg)
        drawings = [drawing, narrow_drawing(path)]
        svgs = [each.read_text("utf-8") if each.is_file() else "" for each in drawings]
        made[f"{path.stem}.md"] = _figure(path.stem, _read(path), svgs, language, live=live)
    for path in sorted(folder.glob("tbl-*.json")):
        made[f"{path.stem}.md"] = _table(path.stem, _read(path), language, workbook)
    return made


def _read(path: Path) -> Published:
    return json.loads(path.read_text("utf-8"))


def _figure(
    identifier: str, figure: Published, svgs: Sequence[str], language: Language, *, live: bool
) -> str:
    """Compose a figure: interactive chart over static SVG in HTML, an image elsewhere.

    `svgs` are its drawing and that for a phone, empty where there is none.
    """
    described = {"description": one_line(figure["alt"])}
    specs = {
        form: Markup(_script_json(spec_json({**figure[name], **described})))  # noqa: S704 - nothing of it is read as HTML
        for form, name in (("wide", "spec"), ("narrow", "narrow"))
        if live and name in figure
    }
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
        svgs=[Markup(svg) for svg in svgs],  # noqa: S704 - our own drawing engine's, without what runs
        specs=specs,
        data=data,
        csv=_in_address(figure["csv"]),
    )


def _table(identifier: str, table: Published, language: Language, workbook: str) -> str:
    """Compose a table; a reader of the page can take its rows along."""
    books = [{"name": suffix.upper(), "href": f"{workbook}.{suffix}"} for suffix in FORMATS]
    return compose(
        "table",
        language,
        id=identifier,
        of=table,
        csv=_in_address(table["csv"]),
        workbooks=books if workbook else [],
    )


def _in_address(csv: str) -> str:
    """Write a table as an address can hold it; by the mark office programs know its letters."""
    return base64.b64encode((MARK + csv).encode()).decode()


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
