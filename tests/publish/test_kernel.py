"""The cell that runs is known by its source, in a real kernel and outside one."""

from pathlib import Path

import nbformat

from critical_minerals.execution.papermills import execute
from critical_minerals.project import ReportParameters
from critical_minerals.publish.kernel import running_cell
from critical_minerals.workspace.paths import Workspace

ASK = """from pathlib import Path
from critical_minerals.publish.kernel import running_cell
def asked():
    return running_cell(Path("10_tiny.ipynb"))
"""


def test_outside_a_notebook_no_cell_runs(tmp_path: Path):
    assert running_cell(tmp_path / "10_tiny.ipynb") == ""


def test_a_cell_is_named_by_its_id_even_where_it_calls_a_function_of_another(tmp_path: Path):
    (tmp_path / "notebooks").mkdir()
    cells = [
        nbformat.v4.new_code_cell(
            "\n".join(f"{n} = None" for n in ReportParameters.names()), id="parameters"
        ),
        nbformat.v4.new_code_cell(ASK, id="helpers"),
        nbformat.v4.new_code_cell("print(asked())", id="the-very-cell"),
    ]
    cells[0].metadata["tags"] = ["parameters"]
    path = tmp_path / "notebooks" / "10_tiny.ipynb"
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    workspace = Workspace(tmp_path)
    execute(workspace, path, ReportParameters())
    ran = nbformat.read(workspace.executed / "10_tiny.ipynb", as_version=4)
    assert ran.cells[-1].outputs[0].text.strip() == "the-very-cell"
