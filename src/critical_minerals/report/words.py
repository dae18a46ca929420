"""The few words that the templates themselves say, by language."""

from __future__ import annotations

from pathlib import Path

from critical_minerals.report.rendering import RenderError
from critical_minerals.report.yaml_text import load_yaml


def read_words(theme: Path, language: str) -> dict[str, str]:
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
