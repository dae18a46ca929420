"""Many successive runs with random edits between them; what must not grow, and must come out."""

import os
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path

import psutil

PATIENCE = 5
"""Seconds within which all that a run has started must be gone."""
LOOK = 0.1
"""Seconds between two looks at a run."""
ROOM = {
    "own": (1.15, 0),
    "most": (1.05, 0),
    "all": (1.05, 0),
    "handles": (1.15, 0),
    "files": (1.02, 1),
    "bytes": (1.05, 1),
}
"""How much more there may be later, and from which point on: the last ten runs are kept."""


@dataclass(frozen=True)
class Measured:
    """What was left after a run, and what it took.

    Memory is that of each process when it held most: of the run's `own`, the `most` of one that it
    has started, and of `all` together. How much they hold at once is no measure: that is chance,
    which of them work at the same time.
    """

    own: float
    most: float
    all: float
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
    alike: list[Measured] = field(default_factory=list)
    current: dict[str, str] = field(default_factory=dict)

    def go(self, runs: int, seed: int = 0, *, alone: bool = False) -> None:
        """Edit, run, and hold what comes out against a clean build, so many times.

        An edit is of one file or two, and stays; or, where it stands `alone`, the one before it is
        taken back: so few clean builds are to be made, where each takes long. At the beginning and
        after each third there are runs that are alike besides.
        """
        chance = random.Random(seed)  # noqa: S311 - edits, no secrets
        first = {file: texts[0] for file, texts in self.edits.items()}
        self.current = dict(first)
        self.run_alike()
        for number in range(1, runs + 1):
            files = chance.sample([*self.edits], 1 if alone else chance.randint(1, 2))
            back = {file: first[file] for file in self.edits if alone}
            others = {file: {*self.edits[file]} - {self.current[file]} for file in files}
            self.run_with(back | {file: chance.choice(sorted(others[file])) for file in files})
            if number in {runs * third // 3 for third in (1, 2, 3)}:
                self.run_alike()

    def run_alike(self) -> None:
        """Make all edits and take them back, from the same state; keep the least that this took."""
        self.run_with({file: texts[0] for file, texts in self.edits.items()})
        both = [
            self.run_with({file: texts[nth] for file, texts in self.edits.items()})
            for nth in (1, 0)
        ]
        self.alike.append(Measured(*map(min, zip(*map(astuple, both), strict=True))))

    def run_with(self, goal: Mapping[str, str]) -> Measured:
        """Let texts stand in their files, run, and hold what comes out against a clean build."""
        for file, text in goal.items():  # also where it stands: a file that is only touched
            _replace(self.root / file, self.current[file], text)
            self.current[file] = text
        self.measured.append(self.run(self.root))
        state = tuple(self.current.values())
        if state not in self.clean:
            with tempfile.TemporaryDirectory(prefix="clean-") as folder:
                self.build(Path(folder))
                for file, texts in self.edits.items():
                    _replace(Path(folder) / file, texts[0], self.current[file])
                self.run(Path(folder))
                self.clean[state] = delivered(Path(folder))
        now, clean = delivered(self.root), self.clean[state]
        wrong = [name for name in {*now, *clean} if now.get(name) != clean.get(name)]
        assert wrong == [], (len(self.measured), self.current, wrong)
        return self.measured[-1]

    def run(self, root: Path) -> Measured:
        """Run once; return what it took at most, and what it left."""
        with tempfile.TemporaryDirectory(prefix="soak-") as temporary:
            given = {**self.environment(root), "TMPDIR": temporary, "SOAK_RUN": temporary}
            with (Path(temporary) / "told").open("w+", encoding="utf-8") as told:
                process = psutil.Popen(
                    self.command, cwd=root, env=given, stdout=told, stderr=subprocess.STDOUT
                )
                highest: dict[int, float] = {process.pid: 0.0}
                handles = 0
                while process.poll() is None:
                    handles = max(handles, _looked_at(process, highest))
                    time.sleep(LOOK)
                told.seek(0)
                assert process.returncode == 0, told.read()
            left = _outliving(temporary)
            files = [path for path in root.rglob("*") if path.is_file()]
            own = highest.pop(process.pid)
            return Measured(
                own,
                max(highest.values(), default=0.0),
                own + sum(highest.values()),
                handles,
                len(left),
                len(os.listdir(temporary)) - 1,  # noqa: PTH208 - as many, told or not
                len(files),
                sum(path.stat().st_size for path in files),
            )

    def told(self) -> str:
        """Say how many runs and clean builds there were, and what runs took that are alike."""
        lines = [f"runs: {len(self.measured)}; clean builds: {len(self.clean)}"]
        return "\n".join([*lines, *map(str, self.alike)])

    def flat(self) -> None:
        """Hold runs that are alike against each other: none takes or leaves more than one before.

        Runs with other edits cannot be held against each other: one of all notebooks takes more
        than one of a page, whenever it comes.
        """
        for name, (room, first) in ROOM.items():
            early, *late = (getattr(each, name) for each in self.alike[first:])
            assert 0 < max(late) <= early * room, (name, early, late)
        left = {(each.processes, each.temporary) for each in self.measured}
        assert left == {(0, 0)}, left


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


def _looked_at(process: psutil.Process, highest: dict[int, float]) -> int:
    """Note the most that a process and each it has started has held; return how many handles."""
    handles = 0
    with suppress(psutil.Error):
        for each in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error, OSError):
                handles += each.num_fds()
                highest[each.pid] = max(highest.get(each.pid, 0.0), _megabytes(each))
    return handles


def _megabytes(process: psutil.Process) -> float:
    """Return the most that a process has held, which Linux keeps itself."""
    if not psutil.LINUX:
        return process.memory_info().rss / 1e6
    told = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s*(\d+) kB", told)  # nothing of one that has just ended
    return int(found[1]) * 1024 / 1e6 if found else 0.0


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
