"""Show a published figure in a notebook as the report will show it, with what is missing."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from critical_minerals.errors import UsageError
from critical_minerals.language.shown import RED
from critical_minerals.parameters import Language
from critical_minerals.publish.lines import name_sources
from critical_minerals.publish.sources import Record
from critical_minerals.report.fonts import FAMILY, web_font
from critical_minerals.report.references import read_references
from critical_minerals.report.templates import render
from critical_minerals.workspace import Workspace, read_text


@dataclass(frozen=True)
class FigurePreview:
    """A figure in one language: its drawing and texts, and messages on what is missing."""

    language: Language
    svg: str = ""
    title: str = ""
    caption: str = ""
    alt: str = ""
    sources: str = ""
    missing: tuple[str, ...] = ()


def preview_figure(
    workspace: Workspace,
    identifier: str,
    language: Language,
    figure: Mapping[str, Any],
    svg: str,
    sources: Sequence[str],
    records: Mapping[str, Record],
) -> FigurePreview:
    """Return the preview of a figure that was published in a language."""
    known = [source for source in sources if source in records]
    unknown = [
        f"{source} is no source of sources.csv." for source in sources if source not in records
    ]
    empty = [
        f"Its {name} is empty." for name in ("title", "caption", "alt") if not figure[name].strip()
    ]
    return FigurePreview(
        language,
        Markup(svg),  # noqa: S704 - our own drawing engine's, without what runs
        figure["title"],
        figure["caption"],
        figure["alt"],
        _name_sources(known, records, language),
        (*unknown, *empty, *_missing_from_documents(workspace, identifier, language)),
    )


def figure_html(editions: Sequence[FigurePreview], fonts: Path) -> str:
    """Render the previews of a figure for a notebook, in the report's own font."""
    font = base64.b64encode(web_font(fonts, "roman")).decode()
    return render("shown", editions=editions, family=FAMILY, font=font, red=RED)


def _name_sources(sources: Sequence[str], records: Mapping[str, Record], language: Language) -> str:
    """Return the line of sources under the figure; empty in a project without such lines."""
    try:
        return name_sources(sources, records, language).text
    except UsageError:  # its catalogue has no text for them
        return ""


def _missing_from_documents(workspace: Workspace, identifier: str, language: Language) -> list[str]:
    """Return messages where no document of a language includes a figure, or refers to it."""
    documents = [path for path in workspace.documents(language) if path.is_file()]
    if not documents:
        return []
    names = " or ".join(workspace.relative(path) for path in documents)
    messages: list[str] = []
    if identifier not in read_references(*documents).shown:
        line = f"{{{{< include _generated/{language}/{identifier}.md >}}}}"
        messages.append(f"No document includes it yet. Add to {names}: {line}")
    reference = re.compile(rf"@{identifier}(?![\w-])")
    if not any(reference.search(read_text(path)) for path in documents):
        messages.append(f"No sentence refers to it yet. Write @{identifier} where it is told of.")
    return messages
