"""The few words that the templates themselves say, by language."""

from __future__ import annotations

from pathlib import Path

import yaml

from critical_minerals.report.rendering import RenderError


def read_words(theme: Path, language: str) -> dict[str, str]:
    """Read `words.yml` of a theme; languages must hold the same words."""
    every = yaml.safe_load((theme / "words.yml").read_text("utf-8"))
    if language not in every:
        msg = f"reports/theme/words.yml has no language {language!r}. It has {', '.join(every)}."
        raise RenderError(msg)
    missing = {name for words in every.values() for name in words} - set(every[language])
    if missing:
        msg = f"reports/theme/words.yml: {language} lacks {', '.join(sorted(missing))}."
        raise RenderError(msg)
    return every[language]
