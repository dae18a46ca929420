"""Real Quarto makes the same documents out of the same sources."""

from __future__ import annotations

import difflib

import pikepdf
import pytest
import yaml

from critical_minerals.report import embedded
from critical_minerals.report.context import template_context
from critical_minerals.report.quarto import find_quarto
from critical_minerals.report.source import read_source

from .structure import skeleton

needs_quarto = pytest.mark.skipif(
    find_quarto() is None, reason="no Quarto 1.9 or newer (QUARTO_PATH, this environment, PATH)"
)


@pytest.fixture(scope="module")
def by_quarto(reports):
    paths = find_quarto().render(
        reports / "sample.qmd", ("html", "pdf", "docx"), reports / "_quarto_output"
    )
    return {path.suffix[1:]: path for path in paths}


@pytest.mark.quarto
@needs_quarto
def test_pages_are_alike(rendered, by_quarto):
    ours, theirs = skeleton(rendered["html"]), skeleton(by_quarto["html"])
    changed = [
        line
        for line in difflib.ndiff(ours, theirs)
        if line[0] in "+-" and "Typeset with" not in line
    ]
    assert changed == []


@pytest.mark.quarto
@needs_quarto
def test_pdfs_are_alike(rendered, by_quarto):
    with pikepdf.open(rendered["pdf"]) as ours, pikepdf.open(by_quarto["pdf"]) as theirs:
        assert len(ours.pages) == len(theirs.pages)
        assert theirs.open_metadata().get("pdfuaid:part") == "1"
        assert outline(ours) == outline(theirs)


def outline(pdf: pikepdf.Pdf) -> list[str]:
    with pdf.open_outline() as found:
        return [str(item.title) for item in found.root]


@pytest.mark.quarto
@needs_quarto
def test_docx_is_made(by_quarto):
    assert by_quarto["docx"].stat().st_size > 10_000


def test_both_renderers_are_set_up_alike(reports):
    settings = yaml.safe_load((reports / "_quarto.yml").read_text("utf-8"))
    context = template_context(read_source(reports / "sample.qmd"), "")
    assert settings["toc-depth"] == embedded._TOC_DEPTH
    assert settings["crossref"]["title-delim"] == context["crossref"]["title-delim"]
    assert settings["fig-cap-location"] == settings["tbl-cap-location"] == "top"
    assert settings["format"]["typst"]["pdf-standard"] == "ua-1"
