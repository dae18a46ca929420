"""Forked kernels: nothing of one run is there in the next, and none is left behind."""

import json
import os
import re
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import nbformat
import pytest

from critical_minerals.errors import StepError
from critical_minerals.execution import warm
from critical_minerals.execution.papermills import execute
from critical_minerals.execution.warm import POSSIBLE
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.paths import Workspace

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="this system has no fork server")

LEAVE_TRACES = """
import locale, os, random, sys, threading, time
import numpy, pandas
import critical_minerals.errors as module
module.trace = True
pandas.set_option("display.precision", 3)
os.environ["TRACE"] = "left"
os.chdir("/")
os.umask(0o077)
sys.path.insert(0, "/nowhere")
locale.setlocale(locale.LC_ALL, "C")
random.seed(1)
numpy.random.seed(1)
kept = open(os.devnull)
threading.Thread(target=time.sleep, args=(60,), daemon=True, name="trace").start()
"""
LOOK = """
import json, locale, os, random, sys, threading
import numpy, pandas
import critical_minerals.errors as module
open_files = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")
              if os.path.exists(f"/proc/self/fd/{n}")] if os.path.isdir("/proc/self/fd") else []
mask = os.umask(0); os.umask(mask)
print(json.dumps({
    "process": os.getpid(),
    "random": [random.random(), numpy.random.rand()],
    "state": {
        "module": hasattr(module, "trace"),
        "option": pandas.get_option("display.precision"),
        "environment": "TRACE" in os.environ,
        "folder": os.path.basename(os.getcwd()),
        "mask": mask,
        "path": "/nowhere" in sys.path,
        "locale": locale.setlocale(locale.LC_ALL),
        "names": "kept" in globals(),
        "threads": sorted(t.name for t in threading.enumerate() if t.name == "trace"),
        "files": sorted(f for f in open_files if f.startswith("/") and "/dev/null" not in f),
    },
}))
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "notebooks").mkdir()
    return Workspace(tmp_path)


def written(workspace: Workspace, name: str, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell(text, id=f"c{n}") for n, text in enumerate(sources, 1)]
    names = "\n".join(f"{each} = None" for each in ReportParameters.names())
    cells.append(nbformat.v4.new_code_cell(names, id="p", metadata={"tags": ["parameters"]}))
    notebook = nbformat.v4.new_notebook(cells=cells)
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


def looked(workspace: Workspace, name: str, before: str = "") -> dict:
    execute(workspace, written(workspace, name, before + LOOK), ReportParameters())
    return json.loads(said(workspace, name))


def test_a_kernel_knows_nothing_of_the_one_before_and_both_end(workspace: Workspace):
    clean = looked(workspace, "1_clean")
    traces = looked(workspace, "2_leave", LEAVE_TRACES)
    after = looked(workspace, "3_look")
    assert after["state"] == clean["state"]
    same = [name for name in clean["state"] if traces["state"][name] == clean["state"][name]]
    assert same in ([], ["locale"], ["files"], ["files", "locale"], ["locale", "files"])
    assert after["random"] != clean["random"]
    assert after["random"][1] != clean["random"][1]
    processes = [state["process"] for state in (clean, traces, after)]
    assert len({*processes}) == 3
    assert all(gone(process) for process in processes)


@pytest.fixture
def temporary(monkeypatch) -> Generator[Path]:
    """A folder of its own for temporary files; sockets want a short path."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1\n1 / 0", "cell 2 (c2), line 2: ZeroDivisionError: division by zero"),
        ("import time\ntime.sleep(60)", "cell 2 (c2): not finished after 2 s"),
        ("os.kill(os.getpid(), 9)", "cell 2 (c2): its kernel died"),
        (
            "bytearray(2 * 10**9)",
            "line 1 (a notebook may hold what parameters.toml says",
        ),
    ],
)
def test_what_ends_badly_is_named_and_leaves_no_process_and_no_socket(
    workspace: Workspace, temporary: Path, source: str, told: str
):
    seconds = 2 if "sleep" in source else 60
    limits = f"[limits]\nnotebook_seconds = {seconds}\nnotebook_gigabytes = 1\n"
    (workspace.root / "parameters.toml").write_text(limits, "utf-8")
    note = workspace.root / "process"
    first = (
        f"import os\nnote = open({str(note)!r}, 'w')\nnote.write(str(os.getpid()))\nnote.close()"
    )
    with pytest.raises(StepError, match=re.escape(told)) as caught:
        execute(workspace, written(workspace, "1_bad", first, source), ReportParameters())
    assert str(caught.value).startswith("notebooks/1_bad.ipynb, cell")
    assert (workspace.executed / "1_bad.failed.ipynb").is_file()
    assert gone(int(note.read_text("utf-8")))
    assert list(temporary.glob("kernel-*")) == []


def test_what_a_notebook_has_started_ends_with_its_kernel(workspace: Workspace):
    start = "import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', 'input()'], "
    pipes = "stdin=subprocess.PIPE)\nprint(child.pid)"
    execute(workspace, written(workspace, "1_start", start + pipes), ReportParameters())
    assert gone(int(said(workspace, "1_start")))


def test_warnings_name_no_process_however_long_what_stands_beside_them(workspace: Workspace):
    drawing = "print('<svg' + 'x' * 10**6)"
    warn = f"{drawing}\nimport warnings\nwarnings.warn('look', stacklevel=1)"
    execute(workspace, written(workspace, "1_warn", warn), ReportParameters())
    told = said(workspace, "1_warn")
    assert "cell:3: UserWarning: look" in told
    assert "ipykernel_" not in told


def test_what_the_fork_server_imports_is_logged(caplog: pytest.LogCaptureFixture):
    with caplog.at_level("DEBUG", warm.__name__):
        warm.start_fork_server()
    assert "which imports critical_minerals.execution.preload." in caplog.text
