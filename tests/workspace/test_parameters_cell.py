"""A notebook that would not take the parameters of a run is refused, the cell named."""

import datetime as dt
import re
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from critical_minerals.errors import StepError
from critical_minerals.execution.papermills import execute
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.paths import RUN, Workspace

GIVEN = ReportParameters(as_of=dt.date(2025, 3, 31))
NONE = dict.fromkeys(ReportParameters.names(), "None")
OPEN = """
from critical_minerals.notebook import open_notebook
nb = open_notebook("10_tiny", as_of=as_of, currency=currency)
print(nb.parameters.as_of, nb.parameters.currency, nb.workspace.relative(nb.workspace.generated))
"""


def written(place: Workspace, *tagged: str, last: str = "print(as_of)") -> Path:
    """Write a notebook with some cells that are tagged."""
    cells = [new_markdown_cell("# Tiny", id="title")]
    cells += [
        new_code_cell(source, id=f"p{number}", metadata={"tags": ["parameters"]})
        for number, source in enumerate(tagged, start=1)
    ]
    path = place.notebooks / "10_tiny.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells.append(new_code_cell(last, id="last"))
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def cell(**changed: str) -> str:
    return "\n".join(f"{name} = {value}" for name, value in (NONE | changed).items())


TWO = "notebooks/10_tiny.ipynb: cell 2 (p1) and cell 3 (p2) are tagged parameters. Leave the tag"
FAULTS = [
    ([], "notebooks/10_tiny.ipynb: no cell is tagged parameters. Tag cell 2 (last) in JupyterLab"),
    ([cell(), cell()], TWO),
    (
        [cell().replace("as_of", "asof")],
        "notebooks/10_tiny.ipynb, cell 2 (p1), does not take the parameter 'as_of'.",
    ),
    (
        [cell(currency="'XAU'")],
        "cell 2 (p1), has a default that cannot be. Parameter currency: 'XAU' does not fit",
    ),
    ([cell(as_of="'9999-01-01'")], "cell 2 (p1), has a default that cannot be. Parameter as_of: 9"),
    (["%autoreload"], "cell 2 (p1), is no plain Python"),
]


@pytest.mark.parametrize(("tagged", "told"), FAULTS)
def test_it_is_refused_before_anything_runs(workspace: Workspace, tagged: list[str], told: str):
    path = written(workspace, *tagged)
    with pytest.raises(StepError, match=re.escape(told)):
        execute(workspace, path, GIVEN)
    assert not workspace.generated.exists()


def test_defaults_that_can_be_give_way_to_the_run(workspace: Workspace):
    path = written(workspace, cell(as_of="'2020-01-01'", period_end="2020 + 5"))
    execute(workspace, path, GIVEN)
    ran = nbformat.read(workspace.executed / path.name, as_version=4)
    assert ran.cells[-1].outputs[0].text == "2025-03-31\n"


def by_papermill(path: Path, **given: object) -> str:
    """Run a notebook by papermill alone; return what its last cell printed."""
    out = path.with_suffix(".out.ipynb")
    papermill.execute_notebook(path, out, given, progress_bar=False, cwd=path.parent)
    return nbformat.read(out, as_version=4).cells[-1].outputs[0].text


def test_plain_papermill_makes_a_draft_of_what_it_gives_and_the_file_says(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv(RUN)
    (workspace.root / "parameters.toml").write_text('as_of = 2024-12-31\ncurrency = "USD"\n')
    path = written(workspace, cell(), last=OPEN)
    assert by_papermill(path) == "2024-12-31 USD reports/_drafts/10_tiny\n"
    told = by_papermill(path, as_of="2025-03-31")
    assert told == "2025-03-31 USD reports/_drafts/10_tiny\n"


@pytest.mark.parametrize(
    ("tagged", "given", "told"),
    [
        ([cell()], "as_off", "notebooks/10_tiny.ipynb takes no 'as_off'. Did you mean 'as_of'?"),
        ([], "as_of", "no cell is tagged parameters"),
    ],
)
def test_plain_papermill_is_told_of_a_parameter_that_nobody_heeds(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tagged: list[str], given: str, told: str
):
    monkeypatch.delenv(RUN)
    path = written(workspace, *tagged, last=f"as_of = currency = None\n{OPEN}")
    with pytest.raises(PapermillExecutionError, match=re.escape(told)):
        by_papermill(path, **{given: "2025-03-31"})
