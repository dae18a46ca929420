"""What the templates are told beyond what a document says itself.

It stands in the metadata files that each document names, so that whoever renders it, by the
pipeline or by hand, gets the same document.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import LANGUAGES, Language
from critical_minerals.report.rendering import RenderError
from critical_minerals.report.yaml_text import dump_yaml, load_yaml
from critical_minerals.workspace import write_whole


def day_metadata(day: str, language: Language) -> dict[str, Any]:
    """Tell templates and filters the ISO day as of which a document speaks."""
    year, month, date = (int(part) for part in day.split("-"))
    return {
        "date": day,
        "as-of": day,  # a day to compare: Quarto writes `date` in words
        "as-of-text": say("as-of", date=write_date(day, language))(language),
        "typst-date": f"`datetime(year: {year}, month: {month}, day: {date})`{{=typst}}",
    }


def read_labels(theme: Path, language: str) -> dict[str, str]:
    """Read `words.yml` of a theme; languages must hold the same words."""
    every = load_yaml((theme / "words.yml").read_text("utf-8"))
    if language not in every:
        msg = f"reports/theme/words.yml has no language {language!r}. It has {', '.join(every)}."
        raise RenderError(msg)
    missing = {name for words in every.values() for name in words} - set(every[language])
    if missing:
        msg = f"reports/theme/words.yml: {language} lacks {', '.join(sorted(missing))}."
        raise RenderError(msg)
    return every[language]


def write_labels(theme: Path, folder: Path, policy: str) -> None:
    """Write the words of the templates and the policy of pages as metadata, by language."""
    allowed = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    for language in LANGUAGES:
        words = read_labels(theme, language)
        told = {"words": words, "crossref": _crossref(words), "policy": f"`{allowed}`{{=html}}"}
        write_whole(folder / f"words-{language}.yml", dump_yaml(told))


def _crossref(words: dict[str, str]) -> dict[str, str]:
    """Name figures and tables where they stand and where they are referred to.

    Quarto's French has no "Tableau", and writes "la Figure".
    """
    kinds = {"fig": "figure", "tbl": "table", "sec": "section"}
    # A section's title is its own; Quarto refuses the setting.
    titles = {f"{kind}-title": words[name] for kind, name in kinds.items() if kind != "sec"}
    prefixes = {f"{kind}-prefix": words[f"{name}-in-text"] for kind, name in kinds.items()}
    return titles | prefixes | {"title-delim": "."}
