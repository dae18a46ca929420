"""What steps declare to read and write, by patterns; what a step does not declare is not read.

A pattern counts from the project's top, such as `data/raw/**` (all that lies in a folder, however
deep), `reports/_generated/en/fig-*.json` or `parameters.toml`. `texts/**` stands for the package's
own catalogue of texts, which may lie elsewhere.

A file that is read and not declared would be an input that nobody hashes: edited, it would change
nothing until something else does. Python's audit hooks tell of every file that Python code opens,
whatever library asks for it. What libraries open by themselves, as PyArrow does with Parquet files,
they do not tell of: processed tables are held to the declaration where a notebook asks for them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import StepError

DEEP: Final = "**"
"""Stands in a pattern for all that lies in a folder, however deep."""
DECLARED: Final = "CRITICAL_MINERALS_DECLARED"
"""Environment variable that tells a kernel what its step declares."""
_OWN: Final = ("src", ".git", ".pipeline", "pyproject.toml")
"""What is no input of a step: code counts by its imports, and so does the project that is declared
there; a run has its state."""
STAGED: Final = ".staged-"
"""How the name of a folder begins in which a step makes its outputs: what lies there is no input,
whichever program wrote it."""
_SYSTEM: Final = ("proc", "sys", "dev", "etc", "usr", "lib", "var", "run", "System", "Library")
"""Top folders of a computer that belong to it and not to a person."""
_HERE: ContextVar[Declared | None] = ContextVar("declared", default=None)
_PROCESS: list[Declared] = []
"""What the one step declares for which this process was made, if it was."""

_READ: set[str] = set()
"""Every optional input that this process has read."""


def read_files() -> frozenset[str]:
    """Name the optional inputs that this process has read, whoever asked for them."""
    return frozenset(_READ)


@dataclass(frozen=True)
class Declared:
    """What a step may read: patterns of files, from the project's top.

    Of `optional` ones it is taken down which were read.
    """

    step: str
    root: str
    patterns: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def check(self, path: str) -> None:
        """Raise `StepError` where a file is not declared."""
        path = os.path.abspath(path)  # noqa: PTH100 - for every file that is opened
        if path.startswith(self.root + os.sep):
            name = Path(path).relative_to(self.root).as_posix()
            own = name.split("/")[0] in _OWN or "__pycache__" in name or f"/{STAGED}" in name
            if own or path.startswith(sys.prefix):
                return
            if matches(name, self.optional):
                _READ.add(name)
                return
            if matches(name, self.patterns):
                return
            where = name
        elif path.startswith(_elsewhere()):
            return
        else:
            where = path
        msg = (
            f"{self.step} reads {where}, which it does not declare: an edit of it would be missed. "
            "Put figures under data/raw/; what else a step reads stands in its inputs."
        )
        raise StepError(msg)

    def as_text(self) -> str:
        """Write it for the environment of a process."""
        return json.dumps(asdict(self))


@contextmanager
def held_to(declared: Declared) -> Generator[None]:
    """Refuse, in this thread and in what is started from it, to read what is not declared."""
    _listen()
    token = _HERE.set(declared)
    try:
        yield
    finally:
        _HERE.reset(token)


def current() -> Declared | None:
    """Return what the step at work in this thread, or in this process, declares."""
    return _HERE.get() or (_PROCESS[0] if _PROCESS else None)


def hold_process(declared: Declared | None) -> None:
    """Refuse in all of this process, for as long as it lives, to read what is not declared."""
    if declared is not None:
        _listen()
        _PROCESS[:] = [declared]


def hold_kernel(environment: Mapping[str, str]) -> None:
    """Do so in a kernel, as its environment says."""
    if text := environment.get(DECLARED):
        given = json.loads(text)
        patterns = (tuple(given[name]) for name in ("patterns", "optional"))
        hold_process(Declared(given["step"], given["root"], *patterns))


@cache
def _listen() -> None:
    """Ask Python to tell of every file that is opened; it can never be asked to stop."""
    sys.addaudithook(_hear)


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if event != "open":
        return
    path, mode, _ = given
    # Without a mode it is `os.open`, which removes folders too and may count from any of them.
    if mode is None or any(sign in mode for sign in "wax+") or not isinstance(path, str | bytes):
        return
    if declared := current():
        declared.check(os.fsdecode(path))


@cache
def _elsewhere() -> tuple[str, ...]:
    """Name the places outside of a project that hold programs, settings and scratch files."""
    package = str(Path(__file__).parent)
    compiled = sys.pycache_prefix or sys.prefix
    code = [sys.prefix, sys.base_prefix, compiled, package, *filter(None, sys.path)]
    programs = [*code, tempfile.gettempdir()]
    real = [os.path.realpath(place) for place in programs]
    hidden = f"{Path.home()}{os.sep}."  # settings and caches of programs
    return (*programs, *real, hidden, *(f"{os.sep}{name}" for name in _SYSTEM))


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Say whether a file of this name is one of those that patterns stand for.

    >>> matches("data/raw/funding/awards.csv", ["data/raw/**"])
    True
    >>> matches("reports/_generated/en/notes/fig-a.json", ["reports/_generated/*/fig-*.json"])
    False
    """
    names, wide = _parted(tuple(patterns))
    return name in names or any(pattern.stands_for([name]) for pattern in wide)


def overlap(some: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether a file may be one that both groups of patterns stand for.

    >>> overlap(["data/processed/*.parquet"], ["data/processed/awards.parquet"])
    True
    >>> overlap(["data/raw/**"], ["data/processed/awards.parquet"])
    False
    """
    names, wide = _parted(tuple(some))
    other_names, other_wide = _parted(tuple(others))
    # Most are plain names, by the hundred: of two of these a set knows whether they are the same.
    return (
        not names.isdisjoint(other_names)
        or any(pattern.stands_for(other_names) for pattern in wide)
        or any(pattern.stands_for(names) for pattern in other_wide)
        or any(one.meets(other) for one in wide for other in other_wide)
    )


@dataclass(frozen=True)
class _Wide:
    """A pattern that may stand for more than one file: what all of them begin with, its folders."""

    start: str
    parts: tuple[str, ...]

    # How they start is tried first: it costs little, and most have nothing in common.
    def stands_for(self, names: Iterable[str]) -> bool:
        """Say whether it may stand for one of some plain names."""
        near = [name for name in names if name.startswith(self.start)]
        return any(_overlap(self.parts, name.split("/")) for name in near)

    def meets(self, other: _Wide) -> bool:
        """Say whether a file may be one that both stand for."""
        alike = self.start.startswith(other.start) or other.start.startswith(self.start)
        return alike and _overlap(self.parts, other.parts)


@lru_cache(maxsize=512)  # each is asked of many times, and a run has some hundreds
def _parted(patterns: tuple[str, ...]) -> tuple[frozenset[str], tuple[_Wide, ...]]:
    """Part plain names from patterns that may stand for more than one."""
    every = frozenset(patterns)
    wide = sorted(pattern for pattern in every if "*" in pattern)
    parted = (_Wide(each.partition("*")[0], tuple(each.split("/"))) for each in wide)
    return every.difference(wide), tuple(parted)


def _overlap(a: Sequence[str], b: Sequence[str]) -> bool:
    """Compare folder by folder. What follows a `**` is not looked at: rather too much than less."""
    if DEEP in (*a[:1], *b[:1]):
        return bool(a and b)
    if not a or not b:
        return not a and not b
    return _alike(a[0], b[0]) and _overlap(a[1:], b[1:])


def _alike(one: str, other: str) -> bool:
    """Compare two folders or files; what is no pattern is not compiled as if it were one."""
    return (
        one == other
        or ("*" in one and fnmatchcase(other, one))
        or ("*" in other and fnmatchcase(one, other))
    )
