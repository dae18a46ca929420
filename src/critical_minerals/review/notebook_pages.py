"""The executed notebooks as pages beside the report, and the tables as files to download.

Every cell stands under its id, so that a figure's line of sources can lead to the very cell that
made it; under the cell stands what it published, linked back to the report.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import lxml.html
import mistune
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import label, say
from critical_minerals.parameters import Language
from critical_minerals.publish.standing import Lineage
from critical_minerals.publish.tracing import cell_anchor
from critical_minerals.report.pages import Link, page
from critical_minerals.workspace import DOCUMENTS, Workspace, write_whole

FOLDER: Final = "notebooks"
"""Where the pages lie under the finished reports."""
_LANGUAGE: Final[Language] = "en"
"""Notebooks are written in English, and so are their pages."""
_TITLE: Final = re.compile(r"\A#\s+(.+)$\n*", re.MULTILINE)
_HEADING: Final = re.compile(r"^##\s+(.+)$", re.MULTILINE)
_KINDS: Final = ("figures", "tables", "values")
Cell = Mapping[str, Any]


def write_notebook_page(workspace: Workspace, name: str, lineage: Lineage) -> Path:
    """Write an executed notebook as `notebooks/<name>.html` beside the report; return the page.

    Raises `StepError` where the notebook has not run.
    """
    source = workspace.executed / f"{name}.ipynb"
    if not source.is_file():
        msg = f"Notebook {name} has not run yet. Run it first: python pipeline.py --only {name}"
        raise StepError(msg)
    cells = json.loads(source.read_text("utf-8"))["cells"]
    published, drawings = _published(lineage, name), workspace.published(_LANGUAGE)
    body = "\n".join(_cell(cell, published.get(cell["id"], {}), drawings) for cell in cells)
    target = workspace.output / FOLDER / f"{name}.html"
    text = page(
        workspace,
        title=_title(cells, name),
        subtitle=_say("notebook-title", name=name),
        body=body,
        language=_LANGUAGE,
        as_of=lineage["as_of"],
        links=_neighbours(sorted(lineage["notebooks"]), name),
        contents=_contents(cells),
        folder=FOLDER,
        style=(workspace.reports / "theme" / "notebook.css").read_text("utf-8"),
    )
    write_whole(target, text)
    return target


def deliver_data(workspace: Workspace, tables: Iterable[str]) -> list[Path]:
    """Copy processed tables, their description and the lineage into `data/` beside the report.

    Whatever else lies there, file or folder, is removed.
    """
    folder = workspace.output / "data"
    sources = [workspace.processed / f"{table}.csv" for table in sorted(tables)]
    sources += [workspace.processed / "datapackage.json", workspace.record]
    targets = [folder / source.name for source in sources]
    for source, target in zip(sources, targets, strict=True):
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        write_whole(target, source.read_bytes())
    for old in {*folder.iterdir()} - {*targets}:
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink()
    return targets


def _published(lineage: Lineage, notebook: str) -> dict[str, dict[str, list[str]]]:
    """Gather what each cell of a notebook published: names by kind."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind in _KINDS:
        for name, entry in lineage["published"][kind].items():
            if entry["notebook"] == notebook:
                found.setdefault(entry["cell"], {}).setdefault(kind, []).append(name)
    return found


def _title(cells: Sequence[Cell], name: str) -> str:
    found = _TITLE.match(_source(cells[0]))
    return found[1] if found else name


def _neighbours(names: Sequence[str], name: str) -> list[Link]:
    """Link to the French report and to the notebooks before and after this one."""
    at = names.index(name)
    other = f"../{DOCUMENTS['fr']}.html"
    links = [Link(_say("notebook-other-edition"), other, "fr")]
    links += [Link(_say("notebook-previous", name=n), f"{n}.html") for n in names[:at][-1:]]
    return links + [Link(_say("notebook-next", name=n), f"{n}.html") for n in names[at + 1 :][:1]]


def _contents(cells: Sequence[Cell]) -> list[Link]:
    """List the notebook's sections: the cells that begin with a heading."""
    return [
        Link(re.sub(r"[*_`]", "", heading), f"#{cell_anchor(cell['id'])}")
        for cell in cells
        if cell["cell_type"] == "markdown"
        for heading in _HEADING.findall(_source(cell))[:1]
    ]


def _cell(cell: Cell, published: Mapping[str, Sequence[str]], drawings: Path) -> str:
    """Compose one cell: words, or code with what it gave and what it published."""
    anchor = cell_anchor(cell["id"])
    if cell["cell_type"] == "markdown":
        return f'<div class="cell" id="{anchor}">{_markdown(_TITLE.sub("", _source(cell)))}</div>'
    name = html.escape(cell["id"])
    code = highlight(_source(cell), PythonLexer(), _formatter())
    named = f'<a href="#{anchor}">{_say("notebook-cell", cell=name)}</a>{_parameters(cell)}'
    parts = [
        f'<p class="cell-name">{named}</p>',
        f'<pre class="code"><code>{code}</code></pre>' if code.strip() else "",
        *(_output(output, name, drawings) for output in cell.get("outputs", [])),
        _handed_over(published),
    ]
    return f'<div class="cell" id="{anchor}">{"".join(parts)}</div>'


def _parameters(cell: Cell) -> str:
    """Point out the cell in which this run's parameters stand."""
    injected = "injected-parameters" in cell["metadata"].get("tags", [])
    return f' <span class="tag">{_say("notebook-parameters")}</span>' if injected else ""


def _output(output: Mapping[str, Any], cell: str, drawings: Path) -> str:
    """Show what a cell gave, the richest form that a page can hold.

    A figure is named by the output of the cell that published it, and was drawn since.
    """
    data = output.get("data", {})
    if figure := output.get("metadata", {}).get("figure"):
        svg = (drawings / f"{figure}.svg").read_text("utf-8")
        return f'<div class="chart">{svg}</div>'
    if "text/html" in data:
        region = f'tabindex="0" role="region" aria-label="{_say("notebook-output", cell=cell)}"'
        return f'<div class="table-scroll" {region}>{_table(_joined(data["text/html"]))}</div>'
    text = _joined(data.get("text/plain", output.get("text", "")))
    return f'<pre class="output">{html.escape(text)}</pre>' if text.strip() else ""


def _handed_over(published: Mapping[str, Sequence[str]]) -> str:
    """Say what a cell handed over to the report; figures and tables lead there."""
    report = f"../{DOCUMENTS[_LANGUAGE]}.html"
    told = [f'<a href="{report}#{name}">{name}</a>' for name in _named(published)]
    told += [f"<code>{html.escape(name)}</code>" for name in published.get("values", ())]
    return (
        f'<p class="published">{_say("notebook-published")} {", ".join(told)}</p>' if told else ""
    )


def _named(published: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for kind in ("figures", "tables"):
        yield from published.get(kind, ())


def _table(text: str) -> str:
    """Keep a frame's table without the styles that it brings; say what its headers head."""
    root = lxml.html.fragment_fromstring(text, create_parent="div")
    (table,) = root.iter("table")
    for element in table.iter():
        for name in ("border", "style", "class"):
            element.attrib.pop(name, None)
        if element.tag == "th":
            _describe_header(element)
    notes = [html.escape(p.text_content()) for p in root.iter("p")]
    told = "".join(f'<p class="output-note">{note}</p>' for note in notes)
    return cast("str", lxml.html.tostring(table, encoding="unicode", with_tail=False)) + told


def _describe_header(cell: lxml.html.HtmlElement) -> None:
    """Say whether a header heads a column or a row; an empty one heads nothing."""
    if not cell.text_content().strip():
        cell.tag = "td"
        return
    inside = next(cell.iterancestors("thead", "tbody"))
    cell.set("scope", "col" if inside.tag == "thead" else "row")


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True)


def _markdown(text: str) -> str:
    return cast("str", mistune.html(text)) if text.strip() else ""


def _source(cell: Cell) -> str:
    return _joined(cell["source"])


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _say(key: str, **facts: Any) -> str:
    return say(key, **facts)(_LANGUAGE) if facts else label(key, _LANGUAGE)
