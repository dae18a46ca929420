"""A published figure as a notebook shows it to who works in it: as the report will show it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import say
from critical_minerals.language.shown import RED
from critical_minerals.parameters import Language
from critical_minerals.publish.sources import Record, briefly
from critical_minerals.report.fonts import web_font
from critical_minerals.report.references import read_references
from critical_minerals.report.templates import render
from critical_minerals.report.typeface import FAMILY
from critical_minerals.workspace import Workspace, read_text


@dataclass(frozen=True)
class Shown:
    """A figure in one language: its drawing and words, and what is missing of it."""

    language: Language
    svg: str = ""
    title: str = ""
    caption: str = ""
    alt: str = ""
    sources: str = ""
    missing: tuple[str, ...] = ()


def as_published(
    workspace: Workspace,
    identifier: str,
    language: Language,
    figure: Mapping[str, Any],
    svg: str,
    sources: Sequence[str],
    records: Mapping[str, Record],
) -> Shown:
    """Gather what the report will show of a figure that was published in a language."""
    known = [source for source in sources if source in records]
    absent = [f"{s} is no source of sources.csv." for s in sources if s not in records]
    empty = [f"Its {n} is empty." for n in ("title", "caption", "alt") if not figure[n].strip()]
    return Shown(
        language,
        Markup(svg),  # noqa: S704 - our own drawing engine's, without what runs
        figure["title"],
        figure["caption"],
        figure["alt"],
        _sources(known, records, language),
        (*absent, *empty, *_left_out(workspace, identifier, language)),
    )


def figure_html(editions: Sequence[Shown], fonts: Path) -> str:
    """Compose what a notebook shows of a figure, with the report's own font."""
    font = base64.b64encode(web_font(fonts, "roman")).decode()
    return render("shown", editions=editions, family=FAMILY, font=font, red=RED)


def _sources(sources: Sequence[str], records: Mapping[str, Record], language: Language) -> str:
    """Name publishers and years, as the line under the figure does."""
    named = briefly(sources, records, language)
    told = [f"{each['name']} ({', '.join(y['text'] for y in each['years'])})" for each in named]
    try:
        opening = say("lineage-sources", count=len(sources))(language)
    except UsageError:  # another project may have its own words
        opening = ""
    return f"{opening} {', '.join(told)}".strip()


def _left_out(workspace: Workspace, identifier: str, language: Language) -> list[str]:
    """Say where the documents of a language lack a figure."""
    documents = [path for path in workspace.documents(language) if path.is_file()]
    if not documents:
        return []
    names = " or ".join(workspace.relative(path) for path in documents)
    told: list[str] = []
    if identifier not in read_references(*documents).shown:
        line = f"{{{{< include _generated/{language}/{identifier}.md >}}}}"
        told.append(f"No document includes it yet. Add to {names}: {line}")
    refers = re.compile(rf"@{identifier}(?![\w-])")
    if not any(refers.search(read_text(path)) for path in documents):
        told.append(f"No sentence refers to it yet. Write @{identifier} where it is told of.")
    return told
