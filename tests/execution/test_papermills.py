"""Real runs of a tiny notebook."""

import datetime as dt
import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from critical_minerals.errors import FiguresError, StepError
from critical_minerals.execution.papermills import execute
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.file_access import Declared, enforce
from critical_minerals.workspace.paths import Workspace

PARAMETERS = ReportParameters(as_of=dt.date(2025, 3, 31))
GOOD = "import os\nprint(as_of, os.getcwd())"
FAULTY = """
from critical_minerals.errors import FiguresError, Problem

problems = [Problem(file=f"data/raw/{n}.csv", expected="a year", remedy="Write it.") for n in "ab"]
raise FiguresError(problems)
"""


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").touch()
    return Workspace(tmp_path)


def written(place: Workspace, last: str) -> Path:
    names = "\n".join(f"{name} = None" for name in ReportParameters.names())
    parameters = new_code_cell(names, id="p", metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# Tiny", id="m"), parameters, new_code_cell(last, id="c")]
    path = place.notebooks / "10_tiny.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def test_a_notebook_runs_to_the_same_bytes_every_time_and_a_failure_leaves_them(place: Workspace):
    path = written(place, GOOD)
    execute(place, path, PARAMETERS)
    kept = place.executed / "10_tiny.ipynb"
    first = kept.read_bytes()
    assert b"2025-03-31 ./notebooks" in first
    assert str(place.root).encode() not in first
    kept.unlink()
    execute(place, path, PARAMETERS)
    assert kept.read_bytes() == first

    with pytest.raises(FiguresError) as caught:
        execute(place, written(place, FAULTY), PARAMETERS)
    told = [str(problem) for problem in caught.value.problems]
    assert told == [
        f"notebooks/10_tiny.ipynb, cell 3 (c): expected valid figures. "
        f"data/raw/{name}.csv: expected a year. Write it."
        for name in "ab"
    ]

    with pytest.raises(StepError) as broken:
        execute(place, written(place, "1 / 0"), PARAMETERS)
    text = str(broken.value)
    assert (
        "notebooks/10_tiny.ipynb, cell 3 (c), line 1: ZeroDivisionError: division by zero" in text
    )
    assert "kept as reports/_generated/notebooks/10_tiny.failed.ipynb" in text
    assert "\x1b" not in text
    assert kept.read_bytes() == first
    assert (place.executed / "10_tiny.failed.ipynb").is_file()

    execute(place, written(place, GOOD), PARAMETERS)
    assert [path.name for path in place.executed.iterdir()] == ["10_tiny.ipynb"]


def test_an_error_names_the_line_of_the_project_that_a_library_failed_on(place: Workspace):
    (place.root / "src").mkdir()
    code = "import json\n\n\ndef drawn():\n    return json.loads('{')\n"
    (place.root / "src" / "drawing.py").write_text(code)
    source = "import sys\nsys.path.insert(0, '../src')\nfrom drawing import drawn\ndrawn()"
    with pytest.raises(StepError) as failed:
        execute(place, written(place, source), PARAMETERS)
    lines = str(failed.value).splitlines()
    assert "cell 3 (c), line 4: JSONDecodeError" in lines[0]
    assert lines[1].strip() == "in src/drawing.py, line 5 (drawn)"


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("exit()", "exit()"),
        ("if True:\n    quit(1)", "quit()"),
        ("import sys\nsys.exit(0)", "SystemExit"),
        ("raise SystemExit", "SystemExit"),
        ("import os\nos._exit(0)", "os._exit"),
    ],
)
def test_a_notebook_that_ends_itself_is_told_as_that(place: Workspace, source: str, how: str):
    with pytest.raises(StepError) as caught:
        execute(place, written(place, source), PARAMETERS)
    told = f"notebooks/10_tiny.ipynb, cell 3 (c): the notebook ended itself ({how})."
    assert told in str(caught.value)
    assert not (place.executed / "10_tiny.ipynb").is_file()


def test_a_notebook_without_cell_ids_runs_to_the_same_bytes_every_time(place: Workspace):
    path = written(place, GOOD)
    content = json.loads(path.read_text("utf-8"))
    content["nbformat_minor"] = 4
    for cell in content["cells"]:
        del cell["id"]
    path.write_text(json.dumps(content), "utf-8")
    kept = place.executed / path.name
    execute(place, path, PARAMETERS)
    first = kept.read_bytes()
    assert b'"id": "cell-3"' in first
    kept.unlink()
    execute(place, path, PARAMETERS)
    assert kept.read_bytes() == first


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{\n<<<<<<< HEAD\n "cells": [],\n=======\n', "line 2 has the marks of a merge"),
        ('{"cells": [', "Restore it from git"),
        ("[]", "it holds no cells"),
        ('{"cells": [], "nbformat": 3}', "not in the notebook format 4"),
        ('{"cells": [{}], "nbformat": 4}', "not in the notebook format 4"),
        ("[" * 100_000, "Restore it from git"),
    ],
    ids=["a merge", "cut off", "no notebook", "of old", "no cell", "very deep"],
)
def test_a_file_that_is_no_notebook_is_told_as_that(place: Workspace, text: str, told: str):
    path = place.notebooks / "10_tiny.ipynb"
    path.write_text(text, "utf-8")
    with pytest.raises(StepError) as caught:
        execute(place, path, PARAMETERS)
    assert str(caught.value).startswith("notebooks/10_tiny.ipynb is no notebook: ")
    assert told in str(caught.value)


def test_a_notebook_that_reads_what_its_step_does_not_declare_fails_at_that_cell(place: Workspace):
    """Edited, such a file would change nothing until something else does."""
    own = place.notebooks / "amounts.csv"
    own.write_text("amount\n1\n", "utf-8")
    made = ("reports/_generated/**",)
    declared = Declared("10_tiny", str(place.root), ("notebooks/10_tiny*", *made), outputs=made)
    notebook = written(place, "import pandas as pd\npd.read_csv('amounts.csv')")
    with enforce(declared), pytest.raises(StepError) as refused:
        execute(place, notebook, PARAMETERS)
    told = str(refused.value)
    assert "notebooks/10_tiny.ipynb, cell 3 (c), line 2" in told
    assert "10_tiny reads notebooks/amounts.csv, which it does not declare" in told
    own.unlink()
    notebook = written(place, GOOD)
    with enforce(declared):
        execute(place, notebook, PARAMETERS)


def test_a_notebook_that_writes_what_its_step_does_not_declare_fails_at_that_cell(place: Workspace):
    made = ("reports/_generated/**",)
    declared = Declared("10_tiny", str(place.root), ("notebooks/10_tiny*", *made), outputs=made)
    notebook = written(place, "from pathlib import Path\nPath('amounts.csv').write_text('1')")
    with enforce(declared), pytest.raises(StepError) as refused:
        execute(place, notebook, PARAMETERS)
    assert "cell 3 (c), line 2" in str(refused.value)
    assert "10_tiny makes notebooks/amounts.csv, which it does not declare" in str(refused.value)


def test_an_output_that_takes_longer_than_its_cell_is_waited_for(place: Workspace):
    # The reply of a cell comes at once; what it prints is on its way for longer than nbclient
    # waits by itself.
    slow = """
import time
from ipykernel.iostream import OutStream
flush = OutStream._flush
def late(stream): time.sleep(6); flush(stream)
OutStream._flush = late
print("all of it")
"""
    execute(place, written(place, slow), PARAMETERS)
    assert "all of it" in (place.executed / "10_tiny.ipynb").read_text("utf-8")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("os.abort()", "its kernel died of SIGABRT: os.abort() was called, or a library gave up"),
        ("os.kill(os.getpid(), 11)", "its kernel died of SIGSEGV: compiled code of a library has"),
        ("os.kill(os.getpid(), 9)", "its kernel died of SIGKILL, perhaps for lack of memory."),
        ("getattr(os, '_ex' 'it')(3)", "the notebook ended itself (os._exit)."),
        ("print('os._exit'); os.abort()", "its kernel died of SIGABRT"),
    ],
)
def test_a_kernel_that_ends_is_told_by_what_ended_it(place: Workspace, source: str, told: str):
    with pytest.raises(StepError) as caught:
        execute(place, written(place, f"import os\n{source}"), PARAMETERS)
    assert f"notebooks/10_tiny.ipynb, cell 3 (c): {told}" in str(caught.value)


def test_half_of_a_character_is_shown_escaped(place: Workspace, capfd: pytest.CaptureFixture[str]):
    execute(place, written(place, 'print("a\\ud800b")'), PARAMETERS)
    notebook = nbformat.read(place.executed / "10_tiny.ipynb", as_version=4)
    assert notebook.cells[-1].outputs[0].text == "a\\ud800b\n"
    with pytest.raises(StepError, match=r"cell 3 \(c\), line 1: ValueError: a\\ud800b"):
        execute(place, written(place, 'raise ValueError("a\\ud800b")'), PARAMETERS)
    assert "Traceback" not in capfd.readouterr().err
