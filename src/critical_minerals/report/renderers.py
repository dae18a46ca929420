"""Choose the renderer that makes the reports, and describe each for `doctor`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from critical_minerals.report.chapters import split_page
from critical_minerals.report.context import read_labels
from critical_minerals.report.embedded import Embedded
from critical_minerals.report.quarto import find_quarto, findings
from critical_minerals.report.rendering import (
    Finding,
    Format,
    Renderer,
    RendererName,
    RenderError,
    RendererUnavailable,
)

__all__ = [
    "Finding",
    "Format",
    "Preference",
    "RenderError",
    "Renderer",
    "RendererName",
    "RendererUnavailable",
    "choose",
    "list_renderers",
    "render_document",
]

_LOG: Final = logging.getLogger(__name__)
Preference = Literal["auto", "quarto", "embedded"]


def choose(preference: Preference) -> Renderer:
    """Choose a renderer: Quarto where there is one that works, else the embedded one.

    Raises `RendererUnavailable` where Quarto was asked for by name and none can be used.
    """
    if preference != "embedded" and (quarto := find_quarto()):
        _LOG.debug("Renderer (%s): Quarto %s, %s.", preference, quarto.number, quarto.executable)
        return quarto
    if preference != "quarto":
        _LOG.debug("Renderer (%s): embedded.", preference)
        return Embedded()
    reasons = "; ".join(finding.detail for finding in findings())
    msg = (
        f"No usable Quarto: {reasons}. Install Quarto 1.9 or newer and put it on PATH, or set "
        "QUARTO_PATH to its program, or use --renderer embedded, which needs no Quarto."
    )
    raise RendererUnavailable(msg)


def list_renderers() -> list[Finding]:
    """List the renderers of this machine, usable or not, in order of preference."""
    return [*findings(), Finding("embedded", usable=True, detail=Embedded().version)]


def render_document(
    renderer: Renderer,
    document: Path,
    language: str,
    formats: Sequence[Format],
    output_dir: Path,
) -> None:
    """Render a document in some formats; split a page by the chapters that ask for pages."""
    for file in renderer.render(document, formats, output_dir):
        if file.suffix == ".html":
            split_page(file, read_labels(document.parent / "theme", language))
