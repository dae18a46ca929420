"""Nothing outlives the process that started it, and what a kill leaves is cleared away."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from critical_minerals.execution.warm import POSSIBLE
from critical_minerals.workspace.paths import Workspace

AT_ONCE = 5.0
_SLEEPS = """
from critical_minerals.execution.warm import run_in_subprocess
print("begun", flush=True)
run_in_subprocess("tests_errand:start_and_wait")
"""
_ERRAND = """
import subprocess, time, pathlib, os
def start_and_wait():
    subprocess.Popen(["sleep", "600"])
    pathlib.Path(os.environ["BEGUN"]).touch()
    time.sleep(600)
"""


def marked(mark: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("MARK") == mark and process.status() != "zombie":
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


@pytest.mark.skipif(not POSSIBLE, reason="this system has no fork server")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=str)
def test_what_a_run_started_ends_when_its_main_process_alone_is_killed(tmp_path: Path, number: int):
    (tmp_path / "tests_errand.py").write_text(_ERRAND, "utf-8")
    mark, begun = uuid4().hex, tmp_path / "begun"
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "MARK": mark, "BEGUN": str(begun), "PYTHONPATH": path}
    run = subprocess.Popen([sys.executable, "-c", _SLEEPS], env=environment)
    end = time.monotonic() + 120
    while not begun.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert len(marked(mark)) >= 3, "the main process, the one that works, and what that started"
    run.send_signal(number)
    run.wait()
    end = time.monotonic() + AT_ONCE
    while marked(mark) and time.monotonic() < end:
        time.sleep(0.1)
    assert marked(mark) == []


PERFORM = """
import tempfile

from critical_minerals.execution.orphans import own_temporary_folder
from critical_minerals.execution.warm import run_in_subprocess

own_temporary_folder()
print(run_in_subprocess("os.path:basename", tempfile.gettempdir()))
"""


def test_a_long_name_of_the_folder_for_temporary_files_is_no_obstacle(tmp_path: Path):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    asked = [sys.executable, "-c", PERFORM]
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("cmpr-")


END = """
import multiprocessing.util

from critical_minerals.execution.orphans import own_temporary_folder

print(own_temporary_folder())
multiprocessing.util.get_temp_dir()
"""


def test_the_folder_of_a_process_ends_after_what_python_itself_removes_in_it():
    """Also where Python was ready to, before there was a folder, as where tests are run."""
    asked = [sys.executable, "-c", END]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert not Path(done.stdout.strip()).exists()


CLEAR = """
import sys
from pathlib import Path

from critical_minerals.execution.orphans import clear_leftovers
from critical_minerals.workspace.paths import Workspace

clear_leftovers(Workspace(Path(sys.argv[1])))
"""


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files with a name as short as they have."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_leftovers_of_killed_runs_are_cleared_and_nothing_else(tmp_path: Path, temporary: Path):
    workspace = Workspace(tmp_path / "project")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    running = os.getpid()
    names = (f"cmpr-{running}-a", f"cmpr-{gone.pid}-b", "cmpr", f"other-{gone.pid}-b")
    reused = f"cmpr-{running}-c"

    folders = {name: temporary / name for name in (*names, reused)}
    scratch = workspace.state / "typesetting-x"
    for folder in [*folders.values(), scratch, workspace.published("en")]:
        folder.mkdir(parents=True)
    os.utime(folders[reused], (0, 0))  # made by another process, whose id this one has by now
    half, whole = (workspace.published("en") / name for name in (".a.md.abc_1234", "a.md"))
    for file in (half, whole):
        file.touch()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    subprocess.run([sys.executable, "-c", CLEAR, workspace.root], env=environment, check=True)
    # Neither is anything left of the process that has cleared.
    assert sorted(temporary.iterdir()) == sorted(folders[names[i]] for i in (0, 2, 3))
    assert not scratch.exists()
    assert (half.exists(), whole.exists()) == (False, True)
