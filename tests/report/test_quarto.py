"""Real Quarto makes the same documents out of the same sources."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pytest
import yaml
from lxml import etree

from critical_minerals.report import embedded
from critical_minerals.report.quarto import PREPARED, Quarto, find_quarto, prepare, warnings
from critical_minerals.report.source import read_source

from .conftest import REPORTS
from .structure import skeleton

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
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
def test_word_files_are_alike(rendered, by_quarto):
    ours, theirs = paragraphs(rendered["docx"]), paragraphs(by_quarto["docx"])
    assert ours == theirs
    assert any(alternative for *_, alternative in ours)


def paragraphs(docx: Path) -> list[tuple[str, str, str]]:
    """Style, text and text alternative of each paragraph, those of tables too."""
    with zipfile.ZipFile(docx) as file:
        body = etree.fromstring(file.read("word/document.xml"))
    return [
        (
            "".join(style.get(f"{W}val") for style in each.iterfind(f"{W}pPr/{W}pStyle")),
            "".join(each.itertext(f"{W}t")),
            "".join(picture.get("descr", "") for picture in each.iter(DRAWING)),
        )
        for each in body.iter(f"{W}p")
    ]


@pytest.mark.quarto
@needs_quarto
@pytest.mark.parametrize("target", ["html", "docx"])
def test_by_hand_it_makes_the_same_document_and_leaves_the_report(reports, rendered, target):
    """`quarto render` alone, as those who know Quarto work; a folder of its own takes it."""
    prepare([reports / "sample.qmd"])
    command = [find_quarto().executable, "render", "sample.qmd", "--to", target]
    told = subprocess.run(
        command,
        cwd=reports,
        capture_output=True,
        text=True,
        env={**os.environ, PREPARED: "1"},
        check=False,
    )
    assert told.returncode == 0, told.stderr
    made = reports / "_preview" / f"sample.{target}"
    if target == "docx":
        assert paragraphs(made) == paragraphs(rendered["docx"])
    else:
        ours, theirs = skeleton(rendered["html"]), skeleton(made)
        lines = [line for line in difflib.ndiff(ours, theirs) if line[0] in "+-"]
        # It does not say what made it.
        assert all("Typeset with" in line or line == "- <p []>" for line in lines)


@pytest.mark.quarto
@needs_quarto
@pytest.mark.parametrize("asked", [[], ["progress-update.qmd", "--to", "html"]])
def test_in_a_fresh_clone_it_says_what_to_make_first(tmp_path: Path, asked):
    reports = tmp_path / "reports"
    left_out = shutil.ignore_patterns("_[!q]*", ".quarto")
    shutil.copytree(REPORTS, reports, ignore=left_out)
    told = subprocess.run(
        [find_quarto().executable, "render", *asked],
        cwd=reports,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "which is not made yet. Run `make report` first." in told.stderr
    assert "Stack trace" not in told.stderr


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_what_quarto_warns_of_is_kept(document, reports: Path, tmp_path: Path):
    stand_in = tmp_path / "quarto"
    stand_in.write_text(
        "#!/bin/sh\n"
        'for each in "$@"; do case $each in --output-dir=*) to=${each#*=};; esac; done\n'
        'echo "WARNING: a table is wide" >&2; echo "Output created" >&2\n'
        'touch "$to/${2%.qmd}.html"\n'
    )
    stand_in.chmod(0o755)
    path = document("Text.")
    Quarto(stand_in, "1.10.0").render(path, ("html",), tmp_path)
    kept = reports / "_generated" / "cache"
    assert f"{path.stem}.html: WARNING: a table is wide" in warnings(kept)
    assert not any("Output" in line for line in warnings(kept))


def test_both_renderers_are_set_up_alike(reports):
    settings = yaml.safe_load((reports / "_quarto.yml").read_text("utf-8"))
    context = read_source(reports / "sample.qmd").metadata
    assert settings["toc-depth"] == embedded._TOC_DEPTH
    assert settings["crossref"]["title-delim"] == context["crossref"]["title-delim"]
    assert settings["fig-cap-location"] == settings["tbl-cap-location"] == "top"
    assert settings["format"]["typst"]["pdf-standard"] == "ua-1"


@pytest.mark.quarto
@needs_quarto
@pytest.mark.slow
def test_the_pages_of_docs_make_a_site(tmp_path: Path):
    docs = tmp_path / "docs"
    shutil.copytree(
        REPORTS.parent / "docs", docs, ignore=shutil.ignore_patterns("_site", ".quarto")
    )
    done = subprocess.run(
        [find_quarto().executable, "render", "docs"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARN" not in done.stderr
    pages = {path.relative_to(docs).with_suffix("") for path in docs.rglob("*.md")}
    made = {page.relative_to(docs / "_site") for page in (docs / "_site").rglob("*.html")}
    assert {path.with_suffix("") for path in made} == pages
    # What a reader is to type into a document is shown, and not taken as meant for this page.
    chart = (docs / "_site" / "guides" / "chart.html").read_text("utf-8")
    assert "{{&lt; include _generated/en/fig-planned-output.md &gt;}}" in chart
    sentence = (docs / "_site" / "guides" / "sentence.html").read_text("utf-8")
    assert "{{&lt; meta v.cmif_projects &gt;}}" in sentence
