"""Compose the partials of figures and tables, which documents include."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from critical_minerals.errors import StepError
from critical_minerals.publish.drawing import narrow_drawing
from critical_minerals.publish.sources import Record, publishers
from critical_minerals.report.escaping import one_line, spec_json
from critical_minerals.report.markdown import compose
from critical_minerals.report.pages import Table
from critical_minerals.tables.exported import MARK
from critical_minerals.workspace.parameters import LANGUAGES, Language
from critical_minerals.workspace.paths import WORKBOOKS as FORMATS
from critical_minerals.workspace.paths import Workspace, write_whole

Published = Mapping[str, Any]
"""A published figure or table in one language, as read from its file."""


def shown_partials(folder: Path, language: Language, *, live: bool) -> dict[str, str]:
    """Compose the partial of every published figure and table of a folder, by file name."""
    figures = figure_partials(folder, language, ["fig-*"], live=live)
    return figures | table_partials(folder, language)


def figure_partials(
    folder: Path, language: Language, names: Iterable[str], *, live: bool
) -> dict[str, str]:
    """Compose the partials of drawn figures, by file name; `names` may be patterns.

    Charts are interactive where they are `live`; otherwise the drawings stay.

    Raises `StepError` naming a figure that is not drawn yet.
    """
    partials: dict[str, str] = {}
    for path in sorted({path for name in names for path in folder.glob(f"{name}.json")}):
        drawing = path.with_suffix(".svg")
        if not drawing.is_file():
            msg = f"{path.stem} is not drawn yet. Draw it first: python pipeline.py --only charts"
            raise StepError(msg)
        drawings = [drawing, narrow_drawing(path)]
        # A chart that is the same on a phone has no narrow drawing.
        svgs = [each.read_text("utf-8") if each.is_file() else "" for each in drawings]
        figure = _read_published(path)
        # Documents include it all the same: an include without a file is an error.
        is_shown = figure.get("public", True)
        partials[f"{path.stem}.md"] = (
            _figure(path.stem, figure, svgs, language, live=live) if is_shown else ""
        )
    return partials


def write_figure_partials(workspace: Workspace, names: Sequence[str]) -> None:
    """Write the partials of drawn figures of the report in every language."""
    for language in LANGUAGES:
        folder = workspace.published(language)
        partials = figure_partials(folder, language, names, live=True)
        for name, text in partials.items():
            write_whole(folder / name, text)
        # A partial of a figure that is published no longer must not be included unnoticed.
        for old in {path for name in names for path in folder.glob(f"{name}.md")}:
            if old.name not in partials:
                old.unlink()


def table_partials(folder: Path, language: Language, *, workbook: str = "") -> dict[str, str]:
    """Compose the partial of every published table of a folder, by file name.

    `workbook` is the address, without its ending, of workbooks that hold all tables.
    """
    return {
        f"{path.stem}.md": _table(path.stem, _read_published(path), language, workbook)
        for path in sorted(folder.glob("tbl-*.json"))
    }


def _read_published(path: Path) -> Published:
    return json.loads(path.read_text("utf-8"))


def _figure(
    identifier: str, figure: Published, svgs: Sequence[str], language: Language, *, live: bool
) -> str:
    """Compose a figure: interactive chart over static SVG in HTML, an image elsewhere.

    `svgs` are its drawing and that for a phone, empty where there is none.
    """
    description = {"description": one_line(figure["alt"])}
    specs = {
        form: Markup(_script_json(spec_json({**figure[name], **description})))  # noqa: S704 - nothing of it is read as HTML
        for form, name in (("wide", "spec"), ("narrow", "narrow"))
        if live and name in figure
    }
    data = Table(
        caption=figure["title"],
        header=figure["header"],
        rows=figure["cells"],
        numeric=frozenset(index for index, is_number in enumerate(figure["numeric"]) if is_number),
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
        csv=_encode_csv(figure["csv"]),
    )


def _table(identifier: str, table: Published, language: Language, workbook: str) -> str:
    """Compose a table, with downloads of its rows on the page."""
    workbooks = [{"name": suffix.upper(), "href": f"{workbook}.{suffix}"} for suffix in FORMATS]
    return compose(
        "table",
        language,
        id=identifier,
        of=table,
        csv=_encode_csv(table["csv"]),
        workbooks=workbooks if workbook else [],
    )


def _encode_csv(csv: str) -> str:
    """Encode a CSV for a `data:` address, with a byte order mark for office programs."""
    return base64.b64encode((MARK + csv).encode()).decode()


def line_name(identifier: str) -> str:
    """Return the file name of the partial with the line under a figure or table."""
    return f"lineage-{identifier}.md"


def _script_json(spec: str) -> str:
    r"""Write JSON so that nothing in its strings ends a script element or is a shortcode.

    >>> print(_script_json('["</script>"]'))
    ["\u003c/script>"]
    """
    return spec.replace("<", r"\u003c").replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")


def source_line(sources: Sequence[str], records: Mapping[str, Record], language: Language) -> str:
    """Compose a line of sources by publisher and year, each linked to the list of sources."""
    named = publishers(sources, records, language)
    return compose("sources-line", language, named=named, count=len(sources))
