"""Show a published figure in a notebook as the report will show it, with what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from critical_minerals.errors import UsageError
from critical_minerals.language.shown import RED
from critical_minerals.publish.drawing import draw, warm_up
from critical_minerals.publish.provenance import name_sources
from critical_minerals.publish.sources import Record
from critical_minerals.report.assets import font_face
from critical_minerals.report.fonts import make_fonts
from critical_minerals.report.references import read_references
from critical_minerals.report.templates import render
from critical_minerals.report.typeface import FAMILY
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace, read_text

_WORDS: Final = ("title", "caption", "alt")


def show_figure(
    workspace: Workspace,
    identifier: str,
    figures: Mapping[Language, Mapping[str, Any]],
    unpublished: Mapping[Language, str],
    sources: Sequence[str],
    records: Mapping[str, Record],
) -> tuple[str, str]:
    """Draw a figure; return its first drawing, and HTML that shows it in every language.

    `figures` hold what its files do; `unpublished` says why it has none in a language.
    """
    fonts = make_fonts(workspace.fonts)
    warm_up(fonts)
    editions: list[dict[str, Any]] = [
        {
            **{name: figure[name] for name in _WORDS},
            "language": language,
            "svg": Markup(_draw(figure, f"{identifier}-{language}")),  # noqa: S704 - our own drawing engine's, without what runs
            "sources": _name_sources(sources, records, language),
            "missing": [*_find_missing(workspace, identifier, language, figure, sources, records)],
        }
        for language, figure in figures.items()
    ]
    editions += [
        {"language": language, "svg": "", "title": "", "missing": [reason]}
        for language, reason in unpublished.items()
    ]
    face = Markup(font_face(fonts, "roman"))  # noqa: S704 - of the report's own font
    html = render("shown", editions=editions, family=FAMILY, font_face=face, red=RED)
    return _draw(next(iter(figures.values())), identifier), html


def _draw(figure: Mapping[str, Any], identifier: str) -> str:
    return draw(figure["spec"], identifier, figure["title"], figure["alt"])


def _name_sources(sources: Sequence[str], records: Mapping[str, Record], language: Language) -> str:
    """Return the line of sources under the figure; empty in a project without such lines."""
    known = [source for source in sources if source in records]
    try:
        return name_sources(known, records, language).text
    except UsageError:  # its catalogue has no text for them
        return ""


def _find_missing(
    workspace: Workspace,
    identifier: str,
    language: Language,
    figure: Mapping[str, Any],
    sources: Sequence[str],
    records: Mapping[str, Record],
) -> Iterator[str]:
    """Yield messages on words and sources that lack, and on documents that do without it."""
    yield from (f"{name} is no source of sources.csv." for name in sources if name not in records)
    yield from (f"Its {name} is empty." for name in _WORDS if not figure[name].strip())
    documents = [path for path in workspace.documents(language) if path.is_file()]
    if not documents:
        return
    names = " or ".join(workspace.relative(path) for path in documents)
    if identifier not in read_references(*documents).shown:
        line = f"{{{{< include _generated/{language}/{identifier}.md >}}}}"
        yield f"No document includes it yet. Add to {names}: {line}"
    reference = re.compile(rf"@{identifier}(?![\w-])")
    if not any(reference.search(read_text(path)) for path in documents):
        yield f"No sentence refers to it yet. Write @{identifier} where it is told of."
