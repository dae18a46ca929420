"""The executed notebooks as pages next to the report, by nbconvert and a template of the package.

Every cell has its id as anchor, so that the source line of a figure can link to the cell that made
it; below the cell are the names of what it published, linked back to the report. Importing this
module takes a third of a second: only the step that writes these pages imports it.
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

from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import label, say
from critical_minerals.publish.provenance import cell_anchor
from critical_minerals.report import templates
from critical_minerals.report.pages import Link, page
from critical_minerals.report.references import read_references
from critical_minerals.workspace.declaration import Document
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace, write_whole

FOLDER: Final = "notebooks"
"""The folder of the pages among the finished reports."""
_LANGUAGE: Final[Language] = "en"
"""Notebooks are written in English, and so are their pages."""
_TITLE: Final = re.compile(r"\A#\s+(.+)$\n*", re.MULTILINE)
_HEADING: Final = re.compile(r"^##\s+(.+)$", re.MULTILINE)
_KINDS: Final = ("figures", "tables", "values")
# Richest first. Scripts and widgets are not among them: nothing on a page may run.
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
    """Write an executed notebook as `notebooks/<name>.html` next to the report; return the path.

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
    """Return the names that each cell of a notebook published, by kind."""
    published: dict[str, dict[str, list[str]]] = {}
    for kind in _KINDS:
        for name, entry in sorted(manifest.get(kind, {}).items()):
            published.setdefault(entry["cell"], {}).setdefault(kind, []).append(name)
    return published


def _report_links(workspace: Workspace) -> Callable[[str], str]:
    """Return a function from a figure or table to its address, as seen from a notebook's page."""
    pages = read_references(*workspace.documents(_LANGUAGE)).pages
    first = workspace.project.first.page(_LANGUAGE)
    # A figure that no document includes leads to the first page, rather than to none.
    return lambda name: f"../{pages.get(name, first)}#{name}"


def _take_title(cell: NotebookNode) -> str:
    """Remove the title from the first cell and return it: the page header shows it."""
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
    """Add to each cell that published a figure the drawing, which a later step has made."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if figure := output.get("metadata", {}).get("figure"):
                output["data"]["image/svg+xml"] = (drawings / f"{figure}.svg").read_text("utf-8")


@cache
def _exporter() -> TemplateExporter:
    """Make the exporter that writes the cells of every notebook as HTML."""
    highlight = Highlight2HTML("ipython3", extra_formatter_options={"nowrap": True})
    # bleach as nbconvert configures it; drawings need tags that text must not have.
    sanitize_text = SanitizeHTML(
        tags=_TEXT_TAGS.split(), attributes=_TEXT_ATTRIBUTES, strip=True
    ).sanitize_html_tags
    # In both spellings: a parser of HTML may lower the case of names such as clipPath.
    drawing_tags = [*_DRAWING_TAGS.split(), *_DRAWING_TAGS.lower().split()]
    sanitize_drawing = SanitizeHTML(
        tags=drawing_tags, attributes=_is_inert, strip=True
    ).sanitize_html_tags
    filters = {
        "anchor": cell_anchor,
        "drawing": _as_markup(sanitize_drawing),
        "highlighted": _as_markup(highlight),
        # nbconvert's own filter would read the text between two amounts in dollars as a formula.
        "markdown": _as_markup(lambda source: sanitize_text(mistune.html(source))),
        "sanitized": _as_markup(lambda html: sanitize_text(_clean_html(html))),
        "say": templates.say,
    }
    exporter = TemplateExporter(
        config=Config({"NbConvertBase": {"display_data_priority": [*_MIME_TYPES]}}),
        extra_loaders=[FileSystemLoader(templates.FOLDER)],
        # The default ones change nothing here, and each validates the whole notebook.
        default_preprocessors=[],
        template_file="cells.html.j2",
        filters=filters,
    )
    environment = exporter.environment
    environment.autoescape = environment.trim_blocks = environment.lstrip_blocks = True
    cast("dict[str, Any]", environment.globals)["language"] = _LANGUAGE
    return exporter


def _as_markup(make: Callable[[Any], str]) -> Callable[[str], Markup]:
    """Mark the result of a filter as safe HTML."""
    return lambda text: Markup(make(text))  # noqa: S704 - each filter escapes or sanitizes


def _is_inert(_tag: str, name: str, _value: str) -> bool:
    """Tell whether an attribute of a drawing is inert; bleach checks addresses and styles."""
    return not name.lower().startswith(("on", "xlink"))


def _clean_html(html: str) -> str:
    """Drop styles and scripts with their content; give table headers their scope.

    Headings become paragraphs: among the page's sections those of an output would be out of order.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8")
    root = lxml.html.fragment_fromstring(html.encode(), create_parent="div", parser=parser)
    # Dropped with their text: the sanitizer strips the tags alone and would show the code.
    for element in root.xpath(".//style | .//script"):
        element.drop_tree()
    for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        element.tag = "p"
    for element in root.iter("th"):
        _describe_header(element)
    return cast("str", lxml.html.tostring(root, encoding="unicode"))


def _describe_header(cell: lxml.html.HtmlElement) -> None:
    """Set the scope of a header cell; an empty one becomes a plain cell."""
    if not cell.text_content().strip():
        cell.tag = "td"
        return
    group = next(cell.iterancestors("thead", "tbody", "table"))
    cell.set("scope", "col" if group.tag == "thead" else "row")
