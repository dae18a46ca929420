"""The machinery runs another report: two tables, one notebook, one document, and no mineral."""

import json
import re
import sys
from pathlib import Path

import pytest
from lxml import html
from orchards import contents, plant, program, run


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant(tmp_path_factory.mktemp("orchard"))


PREVIEWED = """\
import os
os.environ.pop("CRITICAL_MINERALS_RUN", None)
from critical_minerals.errors import UsageError
from critical_minerals.language.quantities import Count
from critical_minerals.notebook import open_notebook

nb = open_notebook("10_harvest", as_of="2025-12-31")
harvest = nb.save("harvest", nb.raw("harvest").assign(amount_eur=1.0))
nb.value("total", Count(99), harvest)
shown = [nb.preview("sec-harvest", language) for language in ("en", "fr")]
print("".join(each._repr_html_() for each in shown))
try:
    nb.preview("sec-harvets")
except UsageError as error:
    print(error)
"""


def text_of(root: Path, name: str) -> str:
    page = html.fromstring((root / "reports" / "_output" / f"{name}.html").read_text("utf-8"))
    (shown,) = page.xpath("//main")
    return " ".join(shown.text_content().split())


def test_the_machinery_runs_another_report(orchard: Path):
    made = run(orchard, "--renderer", "embedded", "--to", "html,pdf")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Orchard Report, figures as of" in made.stdout
    # 3,000 Canadian dollars are 1,500 euros here.
    assert "€3,000 · 45 · apple · Figure 1 · Table 1" in text_of(orchard, "harvest").replace(
        "\u00a0", " "
    )
    assert "3 000 € · 45 · pomme · figure 1 · tableau 1" in text_of(orchard, "recolte").replace(
        "\u00a0", " "
    )
    assert (orchard / "reports" / "_output" / "harvest.pdf").read_bytes().startswith(b"%PDF-")
    everything = [path for path in orchard.rglob("*") if path.is_file()]
    assert not [path for path in everything if "mineral" in path.name]
    assert "nothing changed" in run(orchard, "--renderer", "embedded").stdout.lower()


@pytest.mark.slow
def test_a_figure_follows_its_code_wherever_that_is_called_and_goes_with_its_call(tmp_path: Path):
    root = plant(tmp_path)
    notebook, module = root / "notebooks" / "10_harvest.ipynb", root / "src" / "baskets.py"
    content = json.loads(notebook.read_text("utf-8"))
    source = "".join(content["cells"][1]["source"])
    begin, end = source.index("def draw("), source.index("nb.figure(")
    function = source[begin:end]

    def made() -> list[Path]:
        done = run(root, "--renderer", "embedded", "--to", "html")
        assert done.returncode == 0, done.stdout + done.stderr
        return sorted((root / "reports" / "_generated" / "en").glob("fig-harvest*"))

    def cell(text: str) -> None:
        content["cells"][1]["source"] = text
        notebook.write_text(json.dumps(content), "utf-8")

    for draw in (
        'nb.charts("baskets").draw',
        'lambda frame, edition: nb.charts("baskets").draw(frame, edition)',
    ):
        cell(source.replace(", draw,", f", {draw},").replace(function, ""))
        for colour in ("red", "blue"):
            code = function.replace("mark_bar()", f'mark_bar(color="{colour}")')
            module.write_text(f"import altair as alt\n\n\n{code}", "utf-8")
            figure, *_ = made()
            assert json.loads(figure.read_text("utf-8"))["spec"]["mark"]["color"] == colour

    # Not published any more: nothing of it stays.
    cell(source.replace("nb.figure(", "if False:\n    nb.figure("))
    for document in (root / "reports").glob("*.qmd"):
        text = document.read_text("utf-8").replace("@fig-harvest · ", "")
        document.write_text(re.sub(r".*fig-harvest.md.*\n", "", text), "utf-8")
    assert made() == []


def test_its_own_choices_are_options_and_its_own_faults_are_told(orchard: Path):
    asked = run(orchard, "--help")
    assert "Orchard Report" in asked.stdout
    assert "--fruit" in run(orchard, "run", "--help").stdout
    unknown = run(orchard, "--fruit", "aple")
    assert (unknown.returncode, "no fruit 'aple'" in unknown.stderr) == (2, True)
    file = orchard / "data" / "raw" / "harvest.csv"
    good = file.read_text("utf-8")
    file.write_text(good.replace("pear,2024,15", "plum,2024,15"), "utf-8")
    wrong = run(orchard, "--renderer", "embedded")
    file.write_text(good, "utf-8")
    assert wrong.returncode == 1
    assert "data/raw/harvest.csv, row 4, column fruit: found 'plum'" in wrong.stderr


def test_an_edit_of_the_theme_reaches_every_page(orchard: Path):
    sheet = orchard / "reports" / "theme" / "report.css"
    sheet.write_text(sheet.read_text("utf-8") + "main { color: rebeccapurple }\n", "utf-8")
    assert run(orchard, "--renderer", "embedded", "--to", "html").returncode == 0
    pages = sorted((orchard / "reports" / "_output").rglob("*.html"))
    assert {path.stem for path in pages} >= {"harvest", "checks", "verifications", "10_harvest"}
    assert [path.name for path in pages if "rebeccapurple" not in path.read_text("utf-8")] == []


def test_a_notebook_shows_a_section_as_it_will_be_and_leaves_the_report_alone(orchard: Path):
    assert run(orchard, "--renderer", "embedded", "--to", "html").returncode == 0
    before = contents(orchard / "reports")
    shown = program(orchard, sys.executable, "-c", PREVIEWED)
    assert shown.returncode == 0, shown.stderr
    pages = [
        html.fromstring(frame.get("srcdoc"))
        for frame in html.fromstring(shown.stdout).xpath("//iframe")
    ]
    told = [" ".join(page.xpath("string(//main)").replace("\u00a0", " ").split()) for page in pages]
    assert "99 · apple · Figure 1 · Table 1" in told[0]
    assert "99 · pomme · figure 1 · tableau 1" in told[1]
    assert [page.xpath("//h2/@id") for page in pages] == [["sec-harvest"], ["sec-harvest"]]
    assert "has a section 'sec-harvets'. Did you mean 'sec-harvest'?" in shown.stdout
    assert contents(orchard / "reports") == before
