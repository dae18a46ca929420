"""Executed notebooks as pages: every cell under its id, readable, whole in one file."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from critical_minerals.errors import StepError
from critical_minerals.report import assets, pages
from critical_minerals.review.notebook_pages import write_notebook_page
from critical_minerals.review.publishing import deliver_data
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
FRAME = """<div><style scoped>.dataframe {}</style>
<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>a</th></tr>
</thead><tbody><tr><th>0</th><td>&lt;NA&gt;</td></tr></tbody></table>
<p>1 rows × 1 columns</p></div>"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>T</title></svg>'


PNG = "iVBORw0KGgo=\n"
EVIL = (
    "<p onclick='alert(1)'>Told</p><script>alert(2)</script><style>p {color: red}</style>"
    "<h1>Loud</h1><a href='javascript:alert(3)'>here</a><img src='https://a.ca/x.png'>"
    "<iframe src='https://a.ca'></iframe><b id='main'>bold</b>"
)
EVIL_SVG = (
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(4)" viewBox="0 0 9 9">'
    "<script>alert(5)</script><style>* {fill: url(https://a.ca)}</style>"
    '<a xlink:href="javascript:alert(6)"><text x="1">Drawn</text></a>'
    '<defs><path id="p" d="M0,0h9"/></defs><use xlink:href="#p" style="fill: #f00"/>'
    '<use href="https://a.ca/x.svg#p"/><image href="https://a.ca/x.png"/>'
    "<foreignObject><p>out</p></foreignObject><set onbegin='alert(7)'/></svg>"
)
STYLER = """<style type="text/css">#T_1_row0_col0 {color: red}</style>
<table id="T_1"><thead><tr><th class="blank level0">&nbsp;</th><th id="c">Share</th></tr></thead>
<tbody><tr><th id="r">CA</th><td id="T_1_row0_col0">12 %</td></tr></tbody></table>"""


def cell(name: str, source: str, *outputs: dict[str, Any], tags: Sequence[str] = ()) -> Any:
    """A code cell; an output is what it shows by type, or a whole output."""
    made = [
        output
        if "output_type" in output
        else {
            "output_type": "execute_result",
            "data": output,
            "metadata": {"figure": "fig-a"} if output.get("text/plain") == "alt" else {},
            "execution_count": 1,
        }
        for output in outputs
    ]
    return {
        "id": name,
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {"tags": [*tags]},
        "source": [source],
        "outputs": made,
    }


def words(name: str, source: str) -> Any:
    return {"id": name, "cell_type": "markdown", "metadata": {}, "source": [source]}


CELLS = [
    words("title", "# Tiny\n\nWhat it *is* about <b>. From $2 to *at most* $3."),
    cell("injected-parameters", 'as_of = "2026-09-30"', tags=["injected-parameters"]),
    words("part-why", "## A part\n\nWhy. <img src=x onerror=alert(8)>"),
    cell("frame", "frame  # </script>", {"text/html": [FRAME], "text/plain": ["plain"]}),
    cell("drawn", "nb.figure(1)", {"text/plain": "alt"}),
    cell("told", "1 < 2", {"text/plain": "True & more"}),
    cell("evil", "HTML(x)", {"text/html": EVIL, "application/javascript": "alert(9)"}),
    cell("evil-svg", "SVG(x)", {"image/svg+xml": EVIL_SVG}),
    cell("styler", "frame.style", {"text/html": STYLER}),
    cell("picture", "plot()", {"image/png": PNG, "text/plain": "<Figure>"}),
    cell("marked", "Markdown(x)", {"text/markdown": "*soft* <script>alert(10)</script>"}),
    cell("said", "print(x)", {"output_type": "stream", "name": "stdout", "text": ["a <b>\n"]}),
    cell(
        "failed",
        "1/0",
        {
            "output_type": "error",
            "ename": "ZeroDivisionError",
            "evalue": "no",
            "traceback": ["\x1b[31mZeroDivisionError\x1b[0m: <no>"],
        },
    ),
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A project whose one notebook has run; its fonts are empty, for cutting them is slow."""
    monkeypatch.setattr(pages, "make_fonts", lambda folder: folder)
    monkeypatch.setattr(assets, "web_font", lambda *_: b"")
    workspace = Workspace(tmp_path)
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    shutil.copytree(PROJECT / "reports" / "theme", workspace.reports / "theme")
    drawings = workspace.published("en")
    for folder in (workspace.notebooks, workspace.executed, workspace.processed, drawings):
        folder.mkdir(parents=True)
    (drawings / "fig-a.svg").write_text(SVG)
    (workspace.notebooks / "80_brief.ipynb").write_text("{}")
    (workspace.executed / "10_tiny.ipynb").write_text(
        json.dumps({"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    figure = {"cell": "drawn"}
    published = {"values": {"v_one": figure}, "figures": {"fig-a": figure}, "tables": {}}
    (drawings / "10_tiny.json").write_text(json.dumps(published))
    (workspace.generated / "lineage.json").write_text("{}")
    return workspace


def page_of(project: Workspace, name: str) -> Path:
    return write_notebook_page(project, name, ["10_tiny", "20_next"], "2026-09-30")


def written(project: Workspace) -> lxml.html.HtmlElement:
    return lxml.html.parse(page_of(project, "10_tiny")).getroot()


def test_every_cell_stands_under_its_id(project: Workspace):
    page = written(project)
    assert [each.get("id") for each in page.find_class("cell")] == [
        f"cell-{c['id']}" for c in CELLS
    ]


def test_the_notebook_names_the_page_and_its_sections(project: Workspace):
    page = written(project)
    assert [each.text for each in page.iter("h1")] == ["Tiny"]
    links = page.xpath("//nav//a")
    assert [(link.text, link.get("href")) for link in links] == [("A part", "#cell-part-why")]
    assert "Figures as of September\u00a030, 2026" in page.text_content()


def test_it_leads_back_to_the_reports_and_on_to_the_next(project: Workspace):
    hrefs = written(project).xpath("//header//a/@href")
    assert hrefs == ["../progress-update.html", "../rapport-d-etape.html", "20_next.html"]


def test_outputs_keep_what_a_page_can_hold_and_nothing_else(project: Workspace):
    page = written(project)
    frame, drawn, told = (page.get_element_by_id(f"cell-{n}") for n in ("frame", "drawn", "told"))
    assert "plain" not in frame.text_content()
    assert [(head.text, head.get("scope")) for head in frame.iter("th")] == [
        ("a", "col"),
        ("0", "row"),
    ]
    assert [c.text_content() for c in frame.iter("td")] == ["", "<NA>"]
    assert not list(frame.iter("style"))
    assert "1 rows" in frame.text_content()
    (chart,) = drawn.find_class("chart")
    assert len(chart.xpath(".//*[local-name()='svg']")) == 1
    assert (chart.get("tabindex"), chart.get("aria-label")) == ("0", "Output of cell drawn")
    assert told.find_class("output")[0].text == "True & more"


def shown(project: Workspace, name: str) -> lxml.html.HtmlElement:
    return written(project).get_element_by_id(f"cell-{name}")


def test_html_of_any_kind_appears_and_nothing_of_it_runs(project: Workspace):
    told = shown(project, "evil")
    assert [p.text for p in told.xpath(".//div[@class='shown']//p")] == ["Told", "Loud"]
    assert told.findtext(".//b") == "bold"
    assert [link.get("href") for link in told.xpath(".//div[@class='shown']//a")] == [None]
    assert "alert" not in told.text_content()
    assert "color" not in told.text_content()


def test_a_drawing_of_any_kind_appears_and_nothing_of_it_runs(project: Workspace):
    (drawing,) = shown(project, "evil-svg").iter("svg")
    assert drawing.xpath("string(.//text)") == "Drawn"
    assert [use.get("href") for use in drawing.iter("use")] == ["#p", None]
    assert next(drawing.iter("use")).get("style") == "fill: #f00;"
    assert not list(drawing.iter("script", "style", "a", "image", "foreignobject", "set"))


def test_no_output_brings_a_script_a_handler_or_an_address_to_load(project: Workspace):
    page = written(project)
    own = "//body/script"
    assert len(page.xpath("//script")) == len(page.xpath(own)) == 1
    assert page.xpath("//@*[starts-with(name(), 'on')]") == []
    assert [src for src in page.xpath("//@src") if not src.startswith("data:image/png;")] == []
    assert [to for to in page.xpath("//@href") if ":" in to] == []
    ids = page.xpath("//@id")
    assert len(ids) == len({*ids})
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy


def test_a_styled_table_a_picture_and_markdown_appear(project: Workspace):
    styler, picture, marked = (shown(project, n) for n in ("styler", "picture", "marked"))
    assert [c.text_content().strip() for c in styler.iter("td")] == ["", "12 %"]
    assert [(h.text, h.get("scope")) for h in styler.iter("th")] == [
        ("Share", "col"),
        ("CA", "row"),
    ]
    assert not list(styler.iter("style"))
    (image,) = picture.iter("img")
    assert image.get("src") == "data:image/png;base64,iVBORw0KGgo="
    assert image.get("alt") == "Output of cell picture"
    assert marked.findtext(".//em") == "soft"


def test_what_was_printed_and_what_failed_appear_as_text(project: Workspace):
    printed, failed = (shown(project, n).find_class("output")[0] for n in ("said", "failed"))
    assert printed.text == "a <b>\n"
    assert failed.text == "ZeroDivisionError: <no>"


def test_amounts_in_dollars_are_no_formulas(project: Workspace):
    assert shown(project, "title").xpath(".//em/text()") == ["is", "at most"]


def test_code_is_shown_as_it_ran_and_escaped(project: Workspace):
    page = written(project)
    code = page.get_element_by_id("cell-frame").find_class("code")[0]
    assert code.text_content().strip() == "frame  # </script>"
    tags = page.get_element_by_id("cell-injected-parameters").find_class("tag")
    assert len(tags) == 1


def test_a_cell_says_what_it_published(project: Workspace):
    (line,) = written(project).find_class("published")
    assert [each.get("href") for each in line.iter("a")] == ["../progress-update.html#fig-a"]
    assert [each.text for each in line.iter("code")] == ["v_one"]


def test_equal_notebooks_give_equal_bytes(project: Workspace):
    first = page_of(project, "10_tiny").read_bytes()
    assert page_of(project, "10_tiny").read_bytes() == first


def test_a_notebook_that_has_not_run_is_named(project: Workspace):
    with pytest.raises(StepError, match="20_next has not run yet"):
        page_of(project, "20_next")


def test_kernels_do_not_wait_for_what_makes_these_pages():
    """The parent of all kernels imports the assembly; nbconvert takes a third of a second."""
    code = "import sys, critical_minerals.review.publishing; print('nbconvert' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def described(project: Workspace, **tables: str) -> None:
    """Write processed tables of text and figures, and their description."""
    fields = [{"name": "name", "type": "string"}, {"name": "share", "type": "number"}]
    resources = [
        {"path": f"{name}.csv", "encoding": "utf-8", "schema": {"fields": fields}}
        for name in tables
    ]
    for name, text in tables.items():
        (project.processed / f"{name}.csv").write_text(text, "utf-8")
    package = json.dumps({"resources": resources})
    (project.processed / "datapackage.json").write_text(package, "utf-8")


def test_data_is_delivered_whole_and_what_is_gone_is_removed(project: Workspace):
    described(project, a="name,share\n", b="name,share\n")
    deliver_data(project, ["b", "a"])
    told = deliver_data(project, ["a"])
    assert [path.name for path in told] == ["a.csv", "datapackage.json", "lineage.json"]
    assert sorted(path.name for path in (project.output / "data").iterdir()) == sorted(
        path.name for path in told
    )


def test_delivered_data_opens_in_a_spreadsheet_as_it_is_meant(project: Workspace):
    """With its accents, without noise, and with a description of what lies there."""
    described(project, a="name,share\nMétal,3.6950549450549453\n'=1+1,\n")
    deliver_data(project, ["a"])
    data = (project.output / "data" / "a.csv").read_bytes()
    assert data == "\ufeffname,share\nMétal,3.695055\n'=1+1,\n".encode()
    package = json.loads((project.output / "data" / "datapackage.json").read_text("utf-8"))
    (resource,) = package["resources"]
    assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert resource["bytes"] == len(data)
    assert "Take the first apostrophe off" in package["description"]
    assert "byte-order mark" in package["description"]


def test_a_folder_among_the_data_is_removed_like_all_that_does_not_belong(project: Workspace):
    described(project, a="name,share\n")
    (project.output / "data" / "mine" / "deep").mkdir(parents=True)
    told = deliver_data(project, ["a"])
    assert sorted((project.output / "data").iterdir()) == sorted(told)
