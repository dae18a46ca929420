"""What a reader finds in a finished page, whichever renderer made it."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import html

# What Quarto adds to elements without changing what a reader or a style sheet sees.
_QUARTO_CLASSES = {"quarto-figure-center", "caption-top", "odd", "even", "header"}
_QUARTO_ATTRIBUTES = {"data-quarto-table-cell-role", "xmlns:xlink", "xlink"}


def skeleton(page: Path) -> list[str]:
    """List the elements and texts of a page's body in order, without scripts and drawings."""
    body = html.parse(page).getroot().find("body")
    for element in body.xpath("//script | //svg/*"):
        element.getparent().remove(element)
    return [line for element in body.iter(html.etree.Element) for line in _lines(element)]


def _lines(element: html.HtmlElement) -> list[str]:
    attributes = {name: _cleaned(name, value) for name, value in element.attrib.items()}
    kept = {name: value for name, value in attributes.items() if value}
    texts = [re.sub(r"\s+", " ", text or "").strip() for text in (element.text, element.tail)]
    return [f"<{element.tag} {sorted(kept.items())}>", *(text for text in texts if text)]


def _cleaned(name: str, value: str) -> str:
    if name in _QUARTO_ATTRIBUTES:
        return ""
    if name == "class":
        return " ".join(word for word in value.split() if word not in _QUARTO_CLASSES)
    return value
