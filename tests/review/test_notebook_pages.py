"""Executed notebooks as pages: every cell under its id, readable, whole in one file."""

import json
import shutil
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from critical_minerals.errors import StepError
from critical_minerals.report import pages
from critical_minerals.review.lineage import read_lineage
from critical_minerals.review.notebook_pages import deliver_data, write_notebook_page
from critical_minerals.workspace import Workspace

PROJECT = Path(__file__).parents[2]
FRAME = """<div><style scoped>.dataframe {}</style>
<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>a</th></tr>
</thead><tbody><tr><th>0</th><td>&lt;NA&gt;</td></tr></tbody></table>
<p>1 rows × 1 columns</p></div>"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>T</title></svg>'


def cell(name: str, source: str, *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "cell_type": "code",
        "metadata": {"tags": more.pop("tags", [])},
        "source": [source],
        "outputs": [
            {
                "output_type": "execute_result",
                "data": data,
                "metadata": {"figure": "fig-a"} if data.get("text/plain") == "alt" else {},
            }
            for data in outputs
        ],
        **more,
    }


CELLS = [
    cell("title", "# Tiny\n\nWhat it *is* about <b>.", cell_type="markdown"),
    cell("injected-parameters", 'as_of = "2026-09-30"', tags=["injected-parameters"]),
    cell("part-why", "## A part\n\nWhy.", cell_type="markdown"),
    cell("frame", "frame  # </script>", {"text/html": [FRAME], "text/plain": ["plain"]}),
    cell("drawn", "nb.figure(1)", {"text/plain": "alt"}),
    cell("told", "1 < 2", {"text/plain": "True & more"}),
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A project whose one notebook has run; its fonts are empty, for cutting them is slow."""
    monkeypatch.setattr(pages, "make_fonts", lambda folder: folder)
    monkeypatch.setattr(pages, "web_font", lambda *_: b"")
    workspace = Workspace(tmp_path)
    shutil.copytree(PROJECT / "reports" / "theme", workspace.reports / "theme")
    drawings = workspace.published("en")
    for folder in (workspace.notebooks, workspace.executed, workspace.processed, drawings):
        folder.mkdir(parents=True)
    (drawings / "fig-a.svg").write_text(SVG)
    (workspace.notebooks / "80_brief.ipynb").write_text("{}")
    (workspace.executed / "10_tiny.ipynb").write_text(json.dumps({"cells": CELLS}))
    figure = {"notebook": "10_tiny", "cell": "drawn"}
    published = {"values": {"v_one": figure}, "figures": {"fig-a": figure}, "tables": {}}
    notebooks = {"10_tiny": "code", "20_next": "code"}
    lineage = {"as_of": "2026-09-30", "published": published, "notebooks": notebooks}
    (workspace.generated / "lineage.json").write_text(json.dumps(lineage))
    return workspace


def page_of(project: Workspace, name: str) -> Path:
    return write_notebook_page(project, name, read_lineage(project.record))


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
    assert len(drawn.xpath(".//*[local-name()='svg']")) == 1
    assert told.find_class("output")[0].text == "True & more"


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


def test_data_is_delivered_whole_and_what_is_gone_is_removed(project: Workspace):
    for name in ("a.csv", "b.csv", "datapackage.json"):
        (project.processed / name).write_text(name)
    deliver_data(project, ["b", "a"])
    told = deliver_data(project, ["a"])
    assert [path.name for path in told] == ["a.csv", "datapackage.json", "lineage.json"]
    assert sorted(path.name for path in (project.output / "data").iterdir()) == sorted(
        path.name for path in told
    )
    assert (project.output / "data" / "a.csv").read_text() == "a.csv"


def test_a_folder_among_the_data_is_removed_like_all_that_does_not_belong(project: Workspace):
    for name in ("a.csv", "datapackage.json"):
        (project.processed / name).write_text(name)
    (project.output / "data" / "mine" / "deep").mkdir(parents=True)
    told = deliver_data(project, ["a"])
    assert sorted((project.output / "data").iterdir()) == sorted(told)
