"""Preview a section of the report with what a notebook has published so far.

The document is typeset in a working copy, from the last report's published figures and the
notebook's own in the place of those of the same name; the report itself is not touched.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from lxml import etree, html
from markupsafe import Markup

from critical_minerals.errors import UsageError, hint
from critical_minerals.publish.drawing import draw, warm_up
from critical_minerals.publish.partials import line_name, shown_partials
from critical_minerals.publish.publication import Draft
from critical_minerals.report.embedded import Embedded
from critical_minerals.report.escaping import escape
from critical_minerals.report.templates import render
from critical_minerals.report.working_copy import working_copy
from critical_minerals.report.yaml_text import dump_yaml, load_yaml
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace, read_text, write_whole
from critical_minerals.workspace.state_files import read_stored

_HEADING: Final = re.compile(r"^#{1,6}\s.*\{#([\w-]+)", re.MULTILINE)
_LEVEL: Final = re.compile(r"h([1-6])")
_HEIGHT: Final = "36rem"


@dataclass(frozen=True)
class Section:
    """A section of a page, shown in a notebook in an inline frame with the page's style."""

    page: str

    def _repr_html_(self) -> str:
        return render("frame", page=self.page, height=_HEIGHT)


def section_with(draft: Draft, workspace: Workspace, anchor: str, language: Language) -> Section:
    """Typeset the document that holds a section, and return that section.

    Raises `UsageError` where no document of the language has it, or no report has been made yet.
    """
    report = workspace.on("")
    document = _document_of(report, anchor, language)
    if not (report.published(language) / "values.yml").is_file():
        msg = "There is no report yet into which this could be put. Make it first: make report"
        raise UsageError(msg)
    with (
        working_copy(report, document, language, document.stem) as copy,
        TemporaryDirectory() as output,
    ):
        _isolate_cache(copy.parent / "_generated" / "cache")
        _insert_draft(draft, copy.parent / "_generated" / language, report, language)
        (page,) = Embedded().render(copy, ("html",), Path(output))
        return Section(_extract_section(page.read_text("utf-8"), anchor))


def _document_of(report: Workspace, anchor: str, language: Language) -> Path:
    documents = [path for path in report.documents(language) if path.is_file()]
    anchors = {path: _HEADING.findall(read_text(path)) for path in documents}
    for path, document_anchors in anchors.items():
        if anchor in document_anchors:
            return path
    all_anchors = [name for document_anchors in anchors.values() for name in document_anchors]
    msg = f"No document ({language}) has a section {anchor!r}. {hint(anchor, all_anchors)}"
    raise UsageError(msg)


def _isolate_cache(cache: Path) -> None:
    """Replace the shared cache by a copy: the preview must not add to the report's."""
    # Where folders cannot be linked, it is a copy already.
    if cache.is_symlink():
        source = cache.resolve()
        cache.unlink()
        shutil.copytree(source, cache)


def _insert_draft(draft: Draft, folder: Path, report: Workspace, language: Language) -> None:
    """Replace the report's figures, tables and values by those that the notebook has published."""
    with TemporaryDirectory() as scratch:
        for name, text in draft.files.items():
            file = Path(scratch) / name
            file.write_text(text, "utf-8")
            if name.startswith("fig-"):
                file.with_suffix(".svg").write_text(_draw_figure(report, file), "utf-8")
        # The frame has the style of the page and none of its scripts: charts stay drawings.
        for name, text in shown_partials(Path(scratch), language, live=False).items():
            write_whole(folder / name, text)
            line = folder / line_name(Path(name).stem)
            if not line.is_file():  # a figure that no report has shown yet
                write_whole(line, "")
    values = folder / "values.yml"
    content = load_yaml(values.read_text("utf-8"))
    published = _published_texts(report.published(language))
    # Only values that changed: the others keep the link to their note.
    changed = {
        name: escape(text) for name, text in draft.values.items() if text != published.get(name)
    }
    content["v"].update(changed)
    drafted = {*draft.values, *(Path(name).stem for name in draft.files)}
    # The notebook has published it, so that sentences may use it.
    content["not-public"] = [name for name in content["not-public"] if name not in drafted]
    write_whole(values, dump_yaml(content))


def _draw_figure(report: Workspace, figure: Path) -> str:
    published = json.loads(figure.read_text("utf-8"))
    warm_up(report.fonts)
    return draw(published["spec"], figure.stem, published["title"], published["alt"])


def _published_texts(folder: Path) -> dict[str, str]:
    """Read the texts of values as the notebooks have last published them."""
    shape = {"values": {str: {"text": str}}}
    manifests = [read_stored(path, shape, {"values": {}}) for path in folder.glob("*.json")]
    values = [manifest["values"] for manifest in manifests]
    return {name: entry["text"] for entries in values for name, entry in entries.items()}


def _extract_section(page: str, anchor: str) -> str:
    """Reduce a page to its style, and to the section of a heading with its subsections."""
    document: Any = html.document_fromstring(page)
    (heading,) = document.xpath("//*[@id=$anchor]", anchor=anchor)
    level = _level(heading)
    elements = [heading]
    for sibling in heading.itersiblings():
        # Elements other than headings are of level 0.
        if 0 < _level(sibling) <= level:
            break
        elements.append(sibling)
    styles = _serialize(document.xpath("//head/style"))
    return render("section", styles=styles, section=_serialize(elements))


def _level(element: Any) -> int:
    match = _LEVEL.fullmatch(element.tag) if isinstance(element.tag, str) else None
    return int(match[1]) if match else 0


def _serialize(elements: Iterable[Any]) -> Markup:
    texts = (etree.tostring(each, encoding="unicode", method="html") for each in elements)
    return Markup("".join(texts))  # noqa: S704 - of a page that has been typeset
