"""Small jobs for the tests; workers of a cluster import them from here."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from critical_minerals.errors import FiguresError, Problem, StepError
from critical_minerals.workspace.paths import Workspace


def change_files(workspace: Workspace, changes: Sequence[tuple[str, str | None]]) -> None:
    """Write files with a text, or remove those that have none, one after the other."""
    for name, text in changes:
        path = workspace.root / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def take_time(workspace: Workspace, name: str, diary: Path, seconds: float) -> None:
    """Write who began into a diary outside of the workspace, wait, then add a line to a file."""
    (diary / f"{name}.{os.getpid()}").touch()
    time.sleep(seconds)
    with (workspace.root / f"{name}.txt").open("a") as file:
        file.write(f"{name} is done\n")


def fail(workspace: Workspace, how: str) -> None:
    """Leave something worth reading, then fail."""
    (workspace.root / "failed.txt").write_text("how far it came", "utf-8")
    if how == "figures":
        problem = Problem(file="a.csv", row=3, expected="an amount", remedy="Write one.")
        raise FiguresError([problem, problem])
    if how == "step":
        msg = "notebook, cell 3 (chart): ValueError"
        raise StepError(msg)
    raise Stubborn(lambda: None)


class Stubborn(Exception):  # noqa: N818 - a name that tells
    """An error that cannot be pickled."""

    def __str__(self) -> str:
        return "it holds a function"


def see(workspace: Workspace) -> None:
    """List what is there."""
    files = (path for path in workspace.root.rglob("*") if path.is_file())
    told = sorted(workspace.relative(path) for path in files)
    (workspace.root / "seen.txt").write_text("\n".join(told), "utf-8")


def sleep_of(seconds: float, workspace: Workspace) -> None:
    """Wait."""
    del workspace
    time.sleep(seconds)


def end_the_worker(workspace: Workspace) -> None:
    """Die as a process does that the system ends for lack of memory."""
    del workspace
    os.kill(os.getpid(), signal.SIGKILL)
