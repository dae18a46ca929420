"""Forked kernels: nothing of one run is there in the next, and none is left behind."""

import os
import time
from pathlib import Path

import nbformat
import pytest

from critical_minerals.errors import StepError
from critical_minerals.execution.papermills import execute
from critical_minerals.execution.warm import POSSIBLE
from critical_minerals.parameters import Parameters
from critical_minerals.workspace import Workspace

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="this system has no fork server")

LEAVE_TRACES = """
import os, sys, locale, random
import critical_minerals.errors as module
module.trace = True
os.environ["TRACE"] = "left"
os.chdir("/")
random.seed(1)
print(os.getpid())
"""
LOOK_FOR_TRACES = """
import os
import critical_minerals.errors as module
assert not hasattr(module, "trace")
assert "TRACE" not in os.environ
assert os.getcwd().endswith("notebooks"), os.getcwd()
print(os.getpid())
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "notebooks").mkdir()
    return Workspace(tmp_path)


def written(workspace: Workspace, name: str, source: str) -> Path:
    cell = nbformat.v4.new_code_cell(source, id="only")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    path = workspace.notebooks / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def said(workspace: Workspace, name: str) -> str:
    cells = nbformat.read(workspace.executed / f"{name}.ipynb", as_version=4).cells
    return "".join(output.text for cell in cells for output in cell.get("outputs", []))


def gone(process: int) -> bool:
    for _ in range(50):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_a_kernel_knows_nothing_of_the_one_before_and_both_end(workspace: Workspace):
    for name, source in (("1_leave", LEAVE_TRACES), ("2_look", LOOK_FOR_TRACES)):
        execute(workspace, written(workspace, name, source), Parameters())
    first, second = (int(said(workspace, name).split()[-1]) for name in ("1_leave", "2_look"))
    assert first != second
    assert gone(first)
    assert gone(second)


def test_a_kernel_that_dies_is_an_error_that_names_the_notebook(workspace: Workspace):
    path = written(workspace, "3_die", "import os\nos._exit(9)")
    with pytest.raises(StepError, match=r"notebooks/3_die\.ipynb"):
        execute(workspace, path, Parameters())
