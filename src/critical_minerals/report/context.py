"""What both renderers tell the templates, beyond what the document says itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import LANGUAGES, Language
from critical_minerals.report.assets import POLICY
from critical_minerals.report.rendering import RenderError
from critical_minerals.report.source import Source
from critical_minerals.report.words import read_words
from critical_minerals.report.yaml_text import dump_yaml


def write_context(source: Source, renderer: str, path: Path) -> Path:
    """Write the templates' variables as a metadata file."""
    text = dump_yaml(template_context(source, renderer))
    path.write_text(text, "utf-8")
    return path


def template_context(source: Source, renderer: str) -> dict[str, Any]:
    """Collect words, dates and the renderer's name for a document."""
    language = _language(source)
    words = read_words(source.folder / "theme", language)
    day = source.date
    return {
        "words": words,
        "crossref": _crossref(words),
        "as-of-text": words["as-of"].format(date=write_date(day.isoformat(), language)),
        "document-date": day.isoformat(),
        "typst-date": (
            f"`datetime(year: {day.year}, month: {day.month}, day: {day.day})`{{=typst}}"
        ),
        # Pandoc takes a text for Markdown, and would set its quotes.
        "policy": f"`{_policy(source)}`{{=html}}",
        "renderer": renderer,
        # Also for what is converted apart from the document, whose front matter says it.
        "annex": source.front.get("annex", ""),
    }


def _policy(source: Source) -> str:
    """Read what a page may load and run, which its scripts decide."""
    return (source.folder / "_generated" / "theme" / POLICY).read_text("utf-8")


def _crossref(words: dict[str, str]) -> dict[str, str]:
    """Name figures and tables where they stand and where they are referred to.

    Quarto's French has no "Tableau", and writes "la Figure".
    """
    kinds = {"fig": "figure", "tbl": "table", "sec": "section"}
    titles = {f"{kind}-title": words[name] for kind, name in kinds.items()}
    prefixes = {f"{kind}-prefix": words[f"{name}-in-text"] for kind, name in kinds.items()}
    return titles | prefixes | {"title-delim": "."}


def _language(source: Source) -> Language:
    if source.language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        msg = f"{source.document.name}: lang is {source.language!r}; known are {known}."
        raise RenderError(msg)
    return source.language
