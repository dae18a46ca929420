"""Many successive runs with random edits between them; what must not grow, and must come out."""

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PATIENCE = 5
"""Seconds within which all that a run has started must be gone."""
Edit = tuple[str, Sequence[tuple[str, str]]]
"""A file, and pairs of what may stand in it and what in its place."""


@dataclass(frozen=True)
class Measured:
    """What was left after a run, and what it took."""

    megabytes: float
    handles: int
    processes: int
    temporary: int
    files: int
    bytes: int


@dataclass
class Soak:
    """A project, its edits (each a file and the texts that may stand there), and its runs.

    `build` makes a clean project in an empty folder; `command` runs one.
    """

    root: Path
    build: Callable[[Path], object]
    command: Sequence[str]
    environment: Callable[[Path], Mapping[str, str]]
    edits: Mapping[str, tuple[str, ...]]
    clean: dict[tuple[str, ...], Mapping[str, bytes]] = field(default_factory=dict)
    measured: list[Measured] = field(default_factory=list)

    def go(self, runs: int, seed: int = 0, *, alone: bool = False) -> None:
        """Edit, run, and hold what comes out against a clean build, so many times.

        An edit is of one file or two, and stays; or, where it stands `alone`, the one before it is
        taken back: so few clean builds are to be made, where each takes long.
        """
        chance = random.Random(seed)  # noqa: S311 - edits, no secrets
        first = {file: texts[0] for file, texts in self.edits.items()}
        standing = dict(first)
        for number in range(runs):
            files = chance.sample([*self.edits], 1 if alone else chance.randint(1, 2))
            goal = {file: chance.choice(self.edits[file]) for file in files}
            if alone:
                back = {file for file in self.edits if standing[file] != first[file]}
                goal = {file: first[file] for file in back} | goal
            for file, other in goal.items():
                _replace(self.root / file, standing[file], other)
                standing[file] = other
            self.measured.append(self.run(self.root))
            state = tuple(standing.values())
            if state not in self.clean:
                with tempfile.TemporaryDirectory(prefix="clean-") as folder:
                    self.build(Path(folder))
                    for file, texts in self.edits.items():
                        _replace(Path(folder) / file, texts[0], standing[file])
                    self.run(Path(folder))
                    self.clean[state] = delivered(Path(folder))
            now = delivered(self.root)
            wrong = [
                name
                for name in {*now, *self.clean[state]}
                if now.get(name) != self.clean[state].get(name)
            ]
            assert wrong == [], (number, standing, wrong)

    def run(self, root: Path) -> Measured:
        """Run once; return what it took at most, and what it left."""
        with tempfile.TemporaryDirectory(prefix="soak-") as temporary:
            given = {**self.environment(root), "TMPDIR": temporary, "SOAK_RUN": temporary}
            with (Path(temporary) / "told").open("w+", encoding="utf-8") as told:
                process = psutil.Popen(
                    self.command, cwd=root, env=given, stdout=told, stderr=subprocess.STDOUT
                )
                handles, megabytes = 0, 0.0
                while True:
                    try:
                        process.wait(0.5)
                        break
                    except psutil.TimeoutExpired:
                        some = _memory_and_handles(process)
                        megabytes, handles = max(megabytes, some[0]), max(handles, some[1])
                told.seek(0)
                assert process.returncode == 0, told.read()
            left = _outliving(temporary)
            files = [path for path in root.rglob("*") if path.is_file()]
            return Measured(
                megabytes,
                handles,
                len(left),
                len(os.listdir(temporary)) - 1,  # noqa: PTH208 - as many, told or not
                len(files),
                sum(path.stat().st_size for path in files),
            )

    def told(self) -> str:
        """Say how many runs and clean builds there were, and what the first and last took."""
        lines = [f"runs: {len(self.measured)}; clean builds: {len(self.clean)}"]
        shown = sorted({0, len(self.measured) // 2, len(self.measured) - 1})
        return "\n".join([*lines, *(f"{number} {self.measured[number]}" for number in shown)])

    def flat(self, first: int) -> None:
        """Hold the last third of the runs against the third from `first` on: nothing grows."""
        third = max((len(self.measured) - first) // 3, 1)
        early, late = self.measured[first : first + third], self.measured[-third:]
        for name, room in (
            ("megabytes", 1.15),
            ("handles", 1.15),
            ("files", 1.02),
            ("bytes", 1.05),
        ):
            before, after = (max(getattr(each, name) for each in some) for some in (early, late))
            assert after <= before * room, (name, before, after)
        assert {(each.processes, each.temporary) for each in self.measured} == {(0, 0)}


def _replace(path: Path, old: str, new: str) -> None:
    data = path.read_bytes()  # with its line ends
    assert old.encode() in data, (path, old)
    path.write_bytes(data.replace(old.encode(), new.encode(), 1))


def delivered(root: Path) -> Mapping[str, bytes]:
    folder = root / "reports" / "_output"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _memory_and_handles(process: psutil.Process) -> tuple[float, int]:
    """Return what a process holds with all that it has started."""
    megabytes, handles = 0.0, 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0.0, 0
    for each in family:
        try:
            megabytes += each.memory_full_info().uss / 1e6
            handles += each.num_fds()
        except (psutil.Error, OSError):
            continue
    return megabytes, handles


def _outliving(mark: str) -> list[psutil.Process]:
    """Name what a run has started and what is there still, once it has had time to end."""
    deadline = time.monotonic() + PATIENCE
    while True:
        left = [each for each in psutil.process_iter() if _is_of(each, mark)]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.1)


def _is_of(process: psutil.Process, mark: str) -> bool:
    try:
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and process.environ().get("SOAK_RUN") == mark
    except (psutil.Error, OSError):
        return False
