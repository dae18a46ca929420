"""The executed notebooks as pages beside the report, through nbconvert and a template of our own.

Every cell stands under its id, so that a figure's line of sources can lead to the very cell that
made it; under the cell stands what it published, linked back to the report. Importing this takes
a third of a second: only the step that writes these pages does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import lxml.html
import mistune
import nbformat
from jinja2 import FileSystemLoader
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode
from traitlets.config import Config

from critical_minerals.declaration import Document
from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import label, say
from critical_minerals.parameters import Language
from critical_minerals.publish.tracing import cell_anchor
from critical_minerals.report import templates
from critical_minerals.report.pages import Link, page
from critical_minerals.report.references import read_references
from critical_minerals.workspace import Workspace, write_whole

FOLDER: Final = "notebooks"
"""Where the pages lie under the finished reports."""
_LANGUAGE: Final[Language] = "en"
"""Notebooks are written in English, and so are their pages."""
_TITLE: Final = re.compile(r"\A#\s+(.+)$\n*", re.MULTILINE)
_HEADING: Final = re.compile(r"^##\s+(.+)$", re.MULTILINE)
_KINDS: Final = ("figures", "tables", "values")
# Richest first. Scripts and widgets are not among them: a page tells, it does not run.
_MIME_TYPES: Final = (
    "image/svg+xml",
    "text/html",
    "text/markdown",
    "image/png",
    "image/jpeg",
    "text/plain",
)
_TEXT_TAGS: Final = (
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em h1 h2 h3 h4 "
    "h5 h6 hr i kbd li mark ol p pre q s small span strong sub summary sup table tbody td tfoot th "
    "thead tr u ul var"
)
_TEXT_ATTRIBUTES: Final = {
    "*": ["dir", "lang"],
    "a": ["href", "title"],
    "abbr": ["title"],
    "ol": ["start"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}
_DRAWING_TAGS: Final = (
    "circle clipPath defs desc ellipse g line linearGradient marker mask path pattern polygon "
    "polyline radialGradient rect stop svg symbol text textPath title tspan use"
)


def write_notebook_page(
    workspace: Workspace, name: str, notebooks: Sequence[str], as_of: str
) -> Path:
    """Write an executed notebook as `notebooks/<name>.html` beside the report; return the page.

    `notebooks` are all of the report's, `as_of` is its ISO day.

    Raises `StepError` where the notebook has not run.
    """
    source = workspace.executed / f"{name}.ipynb"
    if not source.is_file():
        msg = f"Notebook {name} has not run yet. Run it first: python pipeline.py --only {name}"
        raise StepError(msg)
    notebook = nbformat.reads(source.read_text("utf-8"), as_version=4)
    _insert_drawings(notebook, workspace.published(_LANGUAGE))
    title = _take_title(notebook.cells[0]) or name
    manifest = workspace.published(_LANGUAGE) / f"{name}.json"
    resources = {
        "published": _published_by_cell(json.loads(manifest.read_text("utf-8"))),
        "link": _report_links(workspace),
    }
    cells, _ = _exporter().from_notebook_node(notebook, resources)
    text = page(
        workspace,
        "notebook",
        title=title,
        subtitle=say("notebook-title", name=name)(_LANGUAGE),
        cells=Markup(cells),  # noqa: S704 - the template has escaped and sanitized them
        language=_LANGUAGE,
        as_of=as_of,
        links=_neighbour_links(sorted(notebooks), name, workspace.project.first),
        contents=_section_links(notebook.cells),
        folder=FOLDER,
        sheets=[workspace.reports / "theme" / "notebook.css"],
    )
    target = workspace.output / FOLDER / f"{name}.html"
    write_whole(target, text)
    return target


def _published_by_cell(manifest: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Gather what each cell of a notebook published: names by kind."""
    published: dict[str, dict[str, list[str]]] = {}
    for kind in _KINDS:
        for name, entry in sorted(manifest.get(kind, {}).items()):
            published.setdefault(entry["cell"], {}).setdefault(kind, []).append(name)
    return published


def _report_links(workspace: Workspace) -> Callable[[str], str]:
    """Return what leads from a notebook's page to a figure or table, in whichever document."""
    pages = read_references(*workspace.documents(_LANGUAGE)).pages
    first = workspace.project.first.page(_LANGUAGE)
    return lambda name: f"../{pages.get(name, first)}#{name}"


def _take_title(cell: NotebookNode) -> str:
    """Take the title out of the first cell: the page has a place of its own for it."""
    match = _TITLE.match(cell.source) if cell.cell_type == "markdown" else None
    if match is None:
        return ""
    cell.source = cell.source[match.end() :]
    return match[1]


def _neighbour_links(names: Sequence[str], name: str, first: Document) -> list[Link]:
    """Link to the French report and to the notebooks before and after this one."""
    position = names.index(name)
    neighbours = {"previous": names[:position][-1:], "next": names[position + 1 :][:1]}
    return [
        Link(label("notebook-other-edition", _LANGUAGE), f"../{first.page('fr')}", "fr"),
        *(
            Link(say(f"notebook-{direction}", name=neighbour)(_LANGUAGE), f"{neighbour}.html")
            for direction, found in neighbours.items()
            for neighbour in found
        ),
    ]


def _section_links(cells: Sequence[NotebookNode]) -> list[Link]:
    """List the notebook's sections: the cells that begin with a heading."""
    return [
        Link(re.sub(r"[*_`]", "", heading), f"#{cell_anchor(cell.id)}")
        for cell in cells
        if cell.cell_type == "markdown"
        for heading in _HEADING.findall(cell.source)[:1]
    ]


def _insert_drawings(notebook: NotebookNode, drawings: Path) -> None:
    """Give each cell that published a figure its drawing, which was made since."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if figure := output.get("metadata", {}).get("figure"):
                output["data"]["image/svg+xml"] = (drawings / f"{figure}.svg").read_text("utf-8")


@cache
def _exporter() -> TemplateExporter:
    """Make what turns the cells of every notebook into HTML."""
    highlight = Highlight2HTML("ipython3", extra_formatter_options={"nowrap": True})
    # bleach, as nbconvert sets it up; drawings apart, for they need names that text must not have.
    sanitize_text = SanitizeHTML(
        tags=_TEXT_TAGS.split(), attributes=_TEXT_ATTRIBUTES, strip=True
    ).sanitize_html_tags
    drawing_tags = [*_DRAWING_TAGS.split(), *_DRAWING_TAGS.lower().split()]
    sanitize_drawing = SanitizeHTML(
        tags=drawing_tags, attributes=_is_inert, strip=True
    ).sanitize_html_tags
    filters = {
        "anchor": cell_anchor,
        "drawing": _as_markup(sanitize_drawing),
        "highlighted": _as_markup(highlight),
        # nbconvert's own would read what stands between two amounts in dollars as a formula.
        "markdown": _as_markup(lambda source: sanitize_text(mistune.html(source))),
        "sanitized": _as_markup(lambda html: sanitize_text(_clean_html(html))),
        "say": templates.say,
    }
    exporter = TemplateExporter(
        config=Config({"NbConvertBase": {"display_data_priority": [*_MIME_TYPES]}}),
        extra_loaders=[FileSystemLoader(templates.FOLDER)],
        # They would change nothing, and validate the whole notebook after each of them.
        default_preprocessors=[],
        template_file="cells.html.j2",
        filters=filters,
    )
    environment = exporter.environment
    environment.autoescape = environment.trim_blocks = environment.lstrip_blocks = True
    cast("dict[str, Any]", environment.globals)["language"] = _LANGUAGE
    return exporter


def _as_markup(make: Callable[[Any], str]) -> Callable[[str], Markup]:
    """Let what a filter makes pass as HTML."""
    return lambda text: Markup(make(text))  # noqa: S704 - each filter escapes or sanitizes


def _is_inert(_tag: str, name: str, _value: str) -> bool:
    """Tell whether an attribute of a drawing runs nothing; bleach looks at addresses and styles."""
    return not name.lower().startswith(("on", "xlink"))


def _clean_html(html: str) -> str:
    """Drop styles and scripts, words and all; say what the headers of a table head.

    Headings are those of the page's sections: in an output they would be out of order.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8")
    root = lxml.html.fragment_fromstring(html.encode(), create_parent="div", parser=parser)
    for element in root.xpath(".//style | .//script"):
        element.drop_tree()
    for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        element.tag = "p"
    for element in root.iter("th"):
        _describe_header(element)
    return cast("str", lxml.html.tostring(root, encoding="unicode"))


def _describe_header(cell: lxml.html.HtmlElement) -> None:
    """Say whether a header heads a column or a row; an empty one heads nothing."""
    if not cell.text_content().strip():
        cell.tag = "td"
        return
    group = next(cell.iterancestors("thead", "tbody", "table"))
    cell.set("scope", "col" if group.tag == "thead" else "row")
