"""Runs whose main process alone is ended at random moments.

What stands is the old set or the new one, whole; nothing that the run started outlives it by more
than five seconds; the next run ends as an undisturbed one would, and clears what was left.
"""

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from .conftest import Project

pytestmark = pytest.mark.slow

OPTIONS = ("--renderer", "embedded", "--language", "en", "--to", "html")
PATIENCE = 5
"""Seconds within which all that a run has started must be gone."""
HISTORY = ("checks", "verifications")
"""Reports on checks tell of the history of runs, not of the figures."""
AMOUNT = re.compile(r"^(bc_hydro_transmission,BC Hydro,,pdac_2026,)\d+", re.MULTILINE)
Set = Mapping[str, str]


@dataclass
class Killed:
    """A project between two states of its figures, its finished set of each, and how long it takes.

    Each run has an environment variable of its own, by which its processes are found, and a folder
    of its own for temporary files.
    """

    project: Project
    temporary: Path
    sets: dict[int, Set] = field(default_factory=dict)
    seconds: float = 0.0

    def take(self, state: int) -> None:
        """Let the raw figures say one amount or the other."""
        awards = self.project.root / "data/raw/funding/awards.csv"
        awards.write_text(AMOUNT.sub(rf"\g<1>{50 + state}000000", awards.read_text("utf-8")))

    def start(self, mark: str) -> subprocess.Popen[str]:
        command = [sys.executable, "pipeline.py", *OPTIONS]
        environment = {**os.environ, "KILLED_RUN": mark, "TMPDIR": str(self.temporary)}
        return subprocess.Popen(
            command,
            cwd=self.project.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def complete(self) -> Set:
        """Run to the end, and return the finished set."""
        begun = time.monotonic()
        run = self.start("")
        told, _ = run.communicate(timeout=600)
        assert run.returncode == 0, told
        self.seconds = time.monotonic() - begun
        return self.finished()

    def finished(self) -> Set:
        """Hash every file of the delivered set."""
        output = self.project.root / "reports/_output"
        return {
            path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in output.rglob("*")
            if path.is_file() and not path.name.startswith(HISTORY)
        }

    def kill(self, how: signal.Signals, after: float) -> None:
        """End the main process of a run `after` some part of the time that it takes."""
        mark = uuid.uuid4().hex
        run = self.start(mark)
        try:
            run.wait(after * self.seconds)
        except subprocess.TimeoutExpired:
            os.kill(run.pid, how)
        deadline = time.monotonic() + PATIENCE
        while (left := running(mark)) and time.monotonic() < deadline:
            time.sleep(0.1)
        run.kill()
        run.communicate()
        assert left == []


def running(mark: str) -> list[str]:
    """Name the processes that a run has started and that are still there."""
    found: list[str] = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("KILLED_RUN") == mark and process.status() != "zombie":
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


@pytest.fixture(scope="module")
def killed(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    root = tmp_path_factory.mktemp("killed")
    shutil.copytree(project.root, root / "project", symlinks=True)
    # Not below pytest's own folder, whose name is too long for sockets.
    with tempfile.TemporaryDirectory(prefix="killed-") as temporary:
        killed = Killed(Project(root / "project"), Path(temporary))
        for state in (0, 1):
            killed.take(state)
            killed.sets[state] = killed.complete()
        assert killed.sets[0] != killed.sets[1]
        yield killed


def hold(killed: Killed, how: signal.Signals, moments: list[float]) -> None:
    """Kill a run at each moment, going from one state of the figures to the other and back."""
    state = 1
    for after in moments:
        before, state = state, 1 - state
        killed.take(state)
        killed.kill(how, after)
        assert killed.finished() in (killed.sets[before], killed.sets[state]), after
        assert killed.complete() == killed.sets[state], after
        assert list(killed.temporary.iterdir()) == [], after
    if state == 0:
        killed.take(1)
        killed.complete()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_run_leaves_a_whole_set_and_nothing_else(killed: Killed, how: signal.Signals):
    hold(killed, how, [0.5])


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_holds_at_fifty_moments(killed: Killed, how: signal.Signals):
    moments = random.Random(how)  # noqa: S311 - moments, not secrets
    hold(killed, how, [moments.random() for _ in range(50)])
