"""Runs that are ended at random moments: the main process alone, or it and all that it started.

What stands is the old set or the new one, whole; nothing that the run started outlives it by more
than five seconds; the next run ends as an undisturbed one would, and clears what was left.
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from orchards import environment, pick, plant

OPTIONS = ("--renderer", "embedded", "--to", "html")
PATIENCE = 5
"""Seconds within which all that a run has started must be gone; where other work keeps the machine
busy, as long as a run takes."""
CASES = [
    pytest.param(signal.SIGTERM, os.kill, id="SIGTERM of the main process"),
    pytest.param(signal.SIGKILL, os.kill, id="SIGKILL of the main process"),
    pytest.param(signal.SIGTERM, os.killpg, id="SIGTERM of the group"),
    pytest.param(signal.SIGKILL, os.killpg, id="SIGKILL of the group"),
]
Set = Mapping[str, str]
End = Callable[[int, signal.Signals], None]


@dataclass
class Killed:
    """A project between two states of its figures, its finished set of each, and how long it takes.

    Each run has an environment variable of its own, by which its processes are found, and a folder
    of its own for temporary files.
    """

    root: Path
    temporary: Path
    sets: dict[int, Set] = field(default_factory=dict)
    state: int = 0
    seconds: float = 0.0

    def start(self, mark: str) -> subprocess.Popen[str]:
        given = {"KILLED_RUN": mark, "TMPDIR": str(self.temporary)}
        return subprocess.Popen(
            [sys.executable, "pipeline.py", *OPTIONS],
            cwd=self.root,
            env=environment(self.root) | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def complete(self) -> Set:
        """Run to the end, and return the finished set."""
        begun = time.monotonic()
        run = self.start("")
        told, _ = run.communicate(timeout=300)
        assert run.returncode == 0, told
        self.seconds = max(self.seconds, time.monotonic() - begun)
        return self.finished()

    def finished(self) -> Set:
        """Hash every file of the delivered set."""
        output = self.root / "reports" / "_output"
        return {
            path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in output.rglob("*")
            if path.is_file()
        }

    def kill(self, how: signal.Signals, end: End, after: float) -> None:
        """Go to the other state of the figures; end its run after some part of what it takes."""
        before, self.state = self.state, 1 - self.state
        pick(self.root, 20 + self.state)
        mark = uuid.uuid4().hex
        run = self.start(mark)
        try:
            run.wait(after * self.seconds)
        except subprocess.TimeoutExpired:
            end(run.pid, how)
        deadline = time.monotonic() + max(PATIENCE, self.seconds)
        while (left := running(mark)) and time.monotonic() < deadline:
            time.sleep(0.1)
        run.kill()
        run.communicate()
        assert left == []
        assert self.finished() in (self.sets[before], self.sets[self.state]), after
        assert self.complete() == self.sets[self.state], after
        assert list(self.temporary.iterdir()) == [], after


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
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    root = plant(tmp_path_factory.mktemp("killed"))
    # Not below pytest's own folder, whose name is too long for sockets.
    with tempfile.TemporaryDirectory(prefix="killed-") as temporary:
        killed = Killed(root, Path(temporary))
        for state in (1, 0):
            pick(root, 20 + state)
            killed.sets[state] = killed.complete()
        assert killed.sets[0] != killed.sets[1]
        # How long a run takes after an edit, as those that are killed would.
        killed.seconds = 0.0
        pick(root, 21)
        killed.complete()
        killed.state = 1
        yield killed


@pytest.mark.slow
@pytest.mark.parametrize(("how", "end"), CASES)
def test_a_killed_run_leaves_a_whole_set_and_nothing_else(
    killed: Killed, how: signal.Signals, end: End
):
    killed.kill(how, end, 0.6)


@pytest.mark.long
@pytest.mark.parametrize("moment", range(25))
@pytest.mark.parametrize(("how", "end"), CASES)
def test_it_holds_at_random_moments(killed: Killed, how: signal.Signals, end: End, moment: int):
    at = random.Random(f"{how} {end.__name__} {moment}")  # noqa: S311 - a moment, no secret
    killed.kill(how, end, at.random())
