"""Metadata for the templates beyond what a document states itself.

It is written to metadata files that each document names, so that a rendering by hand gives the
same document as the pipeline.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import write_date
from critical_minerals.report.markdown import raw_inline
from critical_minerals.report.rendering import RenderError
from critical_minerals.report.templates import render
from critical_minerals.report.yaml_text import dump_yaml, load_yaml
from critical_minerals.workspace.parameters import LANGUAGES, Language
from critical_minerals.workspace.paths import write_whole


def day_metadata(day: str, language: Language) -> dict[str, Any]:
    """Return metadata for templates and filters on the ISO day as of which a document speaks."""
    year, month, day_of_month = (int(part) for part in day.split("-"))
    return {
        "date": day,
        "as-of": day,  # a day to compare: Quarto writes `date` in words
        "as-of-text": say("as-of", date=write_date(day, language))(language),
        # A call of Typst's: as plain text Pandoc would escape it.
        "typst-date": raw_inline(
            f"datetime(year: {year}, month: {month}, day: {day_of_month})", "typst"
        ),
    }


def read_labels(theme: Path, language: str) -> dict[str, str]:
    """Read the labels of a language from `words.yml` of a theme; languages must have the same ones.

    Raises `RenderError` where the language, or one of its labels, is missing.
    """
    texts = load_yaml((theme / "words.yml").read_text("utf-8"))
    if language not in texts:
        msg = f"reports/theme/words.yml has no language {language!r}. It has {', '.join(texts)}."
        raise RenderError(msg)
    # Against all languages, whichever is asked for: a label may have been added to one alone.
    missing = {name for labels in texts.values() for name in labels} - set(texts[language])
    if missing:
        msg = f"reports/theme/words.yml: {language} lacks {', '.join(sorted(missing))}."
        raise RenderError(msg)
    return texts[language]


def write_labels(theme: Path, folder: Path, policy: str) -> None:
    """Write the labels of the templates and the policy of pages as metadata, by language."""
    policy_element = render("policy", policy=policy).rstrip("\n")
    for language in LANGUAGES:
        labels = read_labels(theme, language)
        metadata = {
            "words": labels,
            "crossref": _crossref(labels),
            "policy": raw_inline(policy_element, "html"),
        }
        write_whole(folder / f"words-{language}.yml", dump_yaml(metadata))


def _crossref(labels: dict[str, str]) -> dict[str, str]:
    """Return how figures and tables are named in captions and in references.

    Quarto's French has no "Tableau", and writes "la Figure".
    """
    kinds = {"fig": "figure", "tbl": "table", "sec": "section"}
    # A section's title is its own; Quarto refuses the setting.
    titles = {f"{kind}-title": labels[name] for kind, name in kinds.items() if kind != "sec"}
    prefixes = {f"{kind}-prefix": labels[f"{name}-in-text"] for kind, name in kinds.items()}
    return titles | prefixes | {"title-delim": "."}
