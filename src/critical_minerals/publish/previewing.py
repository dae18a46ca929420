"""A section of the report as it will be with what a notebook has published so far.

The document is typeset in a working copy, from the last report's published figures and the
notebook's own in the place of those of the same name; the report itself is not touched.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape as quoted
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from lxml import etree, html

from critical_minerals.errors import UsageError, hint
from critical_minerals.parameters import Language
from critical_minerals.publish.drawing import draw, warm_up
from critical_minerals.publish.partials import line_name, shown_partials
from critical_minerals.publish.publication import Draft
from critical_minerals.report.embedded import Embedded
from critical_minerals.report.escaping import escape
from critical_minerals.report.working_copy import working_copy
from critical_minerals.report.yaml_text import dump_yaml, load_yaml
from critical_minerals.workspace import Workspace, read_text, write_whole

_HEADING: Final = re.compile(r"^#{1,6}\s.*\{#([\w-]+)", re.MULTILINE)
_LEVEL: Final = re.compile(r"h([1-6])")
_HEIGHT: Final = "36rem"


@dataclass(frozen=True)
class Section:
    """A section of a page, which a notebook shows in a frame of its own with the page's style."""

    page: str

    def _repr_html_(self) -> str:
        style = f"width:100%;height:{_HEIGHT};border:1px solid #d5dce2"
        return f'<iframe style="{style}" srcdoc="{quoted(self.page)}"></iframe>'


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
        TemporaryDirectory() as made,
    ):
        _keep_apart(copy.parent / "_generated" / "cache")
        _put(draft, copy.parent / "_generated" / language, report, language)
        (page,) = Embedded().render(copy, ("html",), Path(made))
        return Section(_only(page.read_text("utf-8"), anchor))


def _document_of(report: Workspace, anchor: str, language: Language) -> Path:
    """Find the document with a section."""
    documents = [path for path in report.documents(language) if path.is_file()]
    anchors = {path: _HEADING.findall(read_text(path)) for path in documents}
    for path, known in anchors.items():
        if anchor in known:
            return path
    every = [name for known in anchors.values() for name in known]
    msg = f"No document ({language}) has a section {anchor!r}. {hint(anchor, every)}"
    raise UsageError(msg)


def _keep_apart(kept: Path) -> None:
    """Let what is converted be kept in the copy alone: the report's is for the report."""
    if kept.is_symlink():
        source = kept.resolve()
        kept.unlink()
        shutil.copytree(source, kept)


def _put(draft: Draft, folder: Path, report: Workspace, language: Language) -> None:
    """Put what the notebook has published in the place of what the report has."""
    with TemporaryDirectory() as own:
        for name, text in draft.files.items():
            file = Path(own) / name
            file.write_text(text, "utf-8")
            if name.startswith("fig-"):
                file.with_suffix(".svg").write_text(_drawn(report, file), "utf-8")
        for name, text in shown_partials(Path(own), language, live=False).items():
            write_whole(folder / name, text)
            line = folder / line_name(Path(name).stem)
            if not line.is_file():  # a figure that no report has shown yet
                write_whole(line, "")
    values = folder / "values.yml"
    content = load_yaml(values.read_text("utf-8"))
    before = _last_texts(report.published(language))
    new = {name: escape(text) for name, text in draft.values.items() if text != before.get(name)}
    content["v"].update(new)
    written = {*draft.values, *(Path(name).stem for name in draft.files)}
    content["not-public"] = [name for name in content["not-public"] if name not in written]
    write_whole(values, dump_yaml(content))


def _drawn(report: Workspace, figure: Path) -> str:
    published = json.loads(figure.read_text("utf-8"))
    warm_up(report.fonts)
    return draw(published["spec"], figure.stem, published["title"], published["alt"])


def _last_texts(folder: Path) -> dict[str, str]:
    """Read the texts of values as the notebooks last published them."""
    manifests: list[Mapping[str, Any]] = [
        json.loads(read_text(path)) for path in folder.glob("*.json")
    ]
    values = [manifest.get("values", {}) for manifest in manifests]
    return {name: entry["text"] for each in values for name, entry in each.items()}


def _only(page: str, anchor: str) -> str:
    """Leave of a page its style, and the section of this heading with those beneath it."""
    whole: Any = html.document_fromstring(page)
    (heading,) = whole.xpath("//*[@id=$anchor]", anchor=anchor)
    own = _level(heading)
    parts = [heading]
    for after in heading.itersiblings():
        if 0 < _level(after) <= own:
            break
        parts.append(after)
    styles = "".join(_text(each) for each in whole.xpath("//head/style"))
    shown = "".join(_text(each) for each in parts)
    return (
        f'<!doctype html><meta charset="utf-8">{styles}<main style="padding: 0 1rem">{shown}</main>'
    )


def _level(element: Any) -> int:
    found = _LEVEL.fullmatch(element.tag) if isinstance(element.tag, str) else None
    return int(found[1]) if found else 0


def _text(element: Any) -> str:
    return etree.tostring(element, encoding="unicode", method="html")
