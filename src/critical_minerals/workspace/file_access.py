"""What steps declare to read and write, by patterns; no other file is read or written.

A pattern counts from the project's top, such as `data/raw/**` (all that lies in a folder, however
deep), `reports/_generated/en/fig-*.json` or `parameters.toml`. `texts/**` stands for the package's
own catalogue of texts, which may lie elsewhere.

A file that is read and not declared would be an input that nobody hashes: edited, it would change
nothing until something else does. One that is written and not declared would be an output that no
step is ordered after, and that nobody removes. Python's audit hooks tell of every file that Python
code opens or moves, whatever library asks for it. What libraries open by themselves, as PyArrow
does with Parquet files, they do not tell of: processed tables are held to the declaration where a
notebook asks for them. Nor do they tell of what other programs write.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
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
_NO_INPUT: Final = ("src", ".git", ".pipeline", "pyproject.toml")
"""What is no input of a step: code counts by its imports, and so does the project that is declared
there; a run has its state."""
STAGED: Final = ".staged-"
"""How the name of a folder begins in which a step makes its outputs: what lies there is no input,
whichever program wrote it."""
_EXEMPT: Final = (
    "reports/_generated/cache/**",
    "reports/_generated/charts/*",
    "reports/_generated/notebooks/*.failed.ipynb",
)
"""What the machinery keeps for itself while a step runs, and is no output of it: caches, whose
names hold the hash of what they are based on, and a notebook until it has succeeded."""
_SYSTEM: Final = ("proc", "sys", "dev", "etc", "usr", "lib", "var", "run", "System", "Library")
"""Top folders of a computer that belong to it and not to a person."""
_THREAD_DECLARATION: ContextVar[Declared | None] = ContextVar("declared", default=None)
_PROCESS_DECLARATION: list[Declared] = []
"""What the one step declares for which this process was made, if it was."""

_OPTIONAL_READ: set[str] = set()
"""Every optional input that this process has read."""


def read_files() -> frozenset[str]:
    """Name the optional inputs that this process has read, whichever code read them."""
    return frozenset(_OPTIONAL_READ)


CODE: Final = "src/**"
"""Stands for the code of the package and of the project, wherever the package lies."""
_PACKAGE: Final = Path(__file__).parents[1]
_LIBRARIES: Final = tuple(
    sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
"""Folders of Python's own modules and of installed packages."""
_PRELOADED: set[str] = set()
"""Modules that were loaded before this process began its work."""


def mark_preloaded() -> None:
    """Note what is loaded as this process begins its work, such as what its parent had loaded."""
    _PRELOADED.update(sys.modules)


def loaded_code() -> frozenset[str]:
    """Name the files of code that this process has loaded by itself, as optional inputs.

    Whatever imported them counts: also a chart that is called by its name.
    """
    return _code_of(sys.modules.keys() - _PRELOADED)


def all_loaded_code() -> frozenset[str]:
    """Name the files of code that this process has loaded, before it began its work and since."""
    return _code_of(sys.modules.keys())


def _code_of(modules: Iterable[str]) -> frozenset[str]:
    """Name the files of those modules that are not of a library.

    They are named by their modules, wherever they lie: a copy of the project has its code.
    """
    files = {name: getattr(sys.modules[name], "__file__", None) for name in [*modules]}
    return frozenset(
        _code_name(name, Path(file)) for name, file in files.items() if file and _is_own(name, file)
    )


def _code_name(module: str, file: Path) -> str:
    """Name a file of code by its module.

    >>> _code_name("a.b", Path("a/b.py")), _code_name("a", Path("a/__init__.py"))
    ('src/a/b.py', 'src/a/__init__.py')
    """
    ending = f"/{file.name}" if file.name == "__init__.py" else file.suffix
    return f"src/{module.replace('.', '/')}{ending}"


def _is_own(module: str, file: str) -> bool:
    """Check that a module is of the package, or of no installed library, which the lock pins."""
    is_package = module.partition(".")[0] == _PACKAGE.name
    return is_package or not file.startswith(_LIBRARIES)


@dataclass(frozen=True)
class Declared:
    """What a step may read, and write: patterns of files, from the project's top.

    Which of the `optional` files were read is recorded. It writes its `outputs` alone.
    """

    step: str
    root: str
    patterns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def check(self, path: str) -> None:
        """Raise `StepError` where a file is not declared."""
        path = os.path.abspath(path)  # noqa: PTH100 - for every file that is opened
        # The check runs for every file that is opened, by imports too: hence plain text, and the
        # cheapest tests first.
        if path.startswith(self.root + os.sep):
            name = Path(path).relative_to(self.root).as_posix()
            is_exempt = (
                name.split("/")[0] in _NO_INPUT or "__pycache__" in name or f"/{STAGED}" in name
            )
            # A virtual environment often lies within the project; its files are programs, not
            # figures.
            if is_exempt or path.startswith(sys.prefix):
                return
            if matches(name, self.optional):
                _OPTIONAL_READ.add(name)
                return
            if matches(name, self.patterns):
                return
            place = name
        elif path.startswith(_allowed_outside()):
            return
        else:
            place = path
        msg = (
            f"{self.step} reads {place}, which it does not declare: an edit of it would be missed. "
            "Put figures under data/raw/; what else a step reads stands in its inputs."
        )
        raise StepError(msg)

    def check_write(self, path: str) -> None:
        """Raise `StepError` where a file of the project is not declared as an output."""
        path = os.path.abspath(path)  # noqa: PTH100 - as above
        if not path.startswith(self.root + os.sep) or path.startswith(sys.prefix):
            return
        name = Path(path).relative_to(self.root).as_posix()
        # Hidden are the state, what programs keep for themselves, folders in which outputs are
        # staged, and files until they are whole and moved to their place, which is checked then.
        is_exempt = "/." in f"/{name}" or "__pycache__" in name or matches(name, _EXEMPT)
        if not is_exempt and not matches(name, self.outputs):
            raise undeclared_output(self.step, name)

    def as_text(self) -> str:
        """Write it for the environment of a process."""
        return json.dumps(asdict(self))


def undeclared_output(step: str, name: str) -> StepError:
    """Return the error of a step that makes a file which it does not declare."""
    return StepError(
        f"{step} makes {name}, which it does not declare among its outputs. "
        'A notebook declares what its cells name, as in nb.figure("fig-x", ...).'
    )


@contextmanager
def enforce(declared: Declared) -> Generator[None]:
    """Refuse, in this thread and what is started from it, to read or write the undeclared."""
    _install_audit_hook()
    # A context variable, not a global: steps run side by side in threads of one process.
    token = _THREAD_DECLARATION.set(declared)
    try:
        yield
    finally:
        _THREAD_DECLARATION.reset(token)


def current() -> Declared | None:
    """Return what the step at work in this thread, or in this process, declares."""
    return _THREAD_DECLARATION.get() or (_PROCESS_DECLARATION[0] if _PROCESS_DECLARATION else None)


def enforce_in_process(declared: Declared | None) -> None:
    """Refuse in all of this process, for as long as it lives, to read or write the undeclared."""
    if declared is not None:
        _install_audit_hook()
        _PROCESS_DECLARATION[:] = [declared]


def enforce_in_kernel(environment: Mapping[str, str]) -> None:
    """Hold the process of a kernel to the declaration in its environment, if there is one."""
    if text := environment.get(DECLARED):
        stored = json.loads(text)
        patterns = (tuple(stored[name]) for name in ("patterns", "optional", "outputs"))
        enforce_in_process(Declared(stored["step"], stored["root"], *patterns))


@cache
def _install_audit_hook() -> None:
    """Ask Python to report every file that is opened or moved; a hook can never be removed."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    # The hook sees every audited event of the process, so that it has to leave at once.
    if event == "open":
        _audit_open(*arguments)
    elif event == "os.rename":
        _audit_move(*arguments)


def _audit_open(path: Any, mode: str | None, _flags: int) -> None:
    # Without a mode it is `os.open`, which removes folders too and may count from any of them.
    if mode is None or not isinstance(path, str | bytes):
        return
    if declared := current():
        writes = any(sign in mode for sign in "wax+")
        (declared.check_write if writes else declared.check)(os.fsdecode(path))


def _audit_move(source: Any, target: Any, _source_folder: int, target_folder: int) -> None:
    """Check a file where it is moved to: written under another name first, it appears whole."""
    # A folder as a whole is no file, and one given by its number may be any.
    if (declared := current()) and target_folder == -1 and not os.path.isdir(source):  # noqa: PTH112
        declared.check_write(os.fsdecode(target))


@cache
def _allowed_outside() -> tuple[str, ...]:
    """Name the places outside of a project that hold programs, settings and scratch files."""
    package = str(_PACKAGE)
    compiled = sys.pycache_prefix or sys.prefix
    # Python writes compiled code to `pycache_prefix` where that is set.
    code = [sys.prefix, sys.base_prefix, compiled, package, *filter(None, sys.path)]
    programs = [*code, tempfile.gettempdir()]
    # Temporary folders and environments are often reached by a link, such as /tmp on macOS; files
    # are named by either path.
    real = [os.path.realpath(place) for place in programs]
    hidden = f"{Path.home()}{os.sep}."  # settings and caches of programs
    return (*programs, *real, hidden, *(f"{os.sep}{name}" for name in _SYSTEM))


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Say whether a file of this name is one of those that patterns stand for.

    >>> matches("data/raw/funding/awards.csv", ["data/raw/**"])
    True
    >>> matches("reports/_generated/en/notes/fig-a.json", ["reports/_generated/*/fig-*.json"])
    False
    >>> matches("data/raw/sources.csv", ["data/raw/**/*.schema.yaml"])
    False
    """
    names, wildcards = _split_patterns(tuple(patterns))
    return name in names or any(pattern.stands_for([name]) for pattern in wildcards)


def overlap(some: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether a file may be one that both groups of patterns stand for.

    >>> overlap(["data/processed/*.parquet"], ["data/processed/awards.parquet"])
    True
    >>> overlap(["data/raw/**"], ["data/processed/awards.parquet"])
    False
    """
    names, wildcards = _split_patterns(tuple(some))
    other_names, other_wildcards = _split_patterns(tuple(others))
    # Most are plain names, by the hundred: of two of these a set knows whether they are the same.
    return (
        not names.isdisjoint(other_names)
        or any(pattern.stands_for(other_names) for pattern in wildcards)
        or any(pattern.stands_for(names) for pattern in other_wildcards)
        or any(one.meets(other) for one in wildcards for other in other_wildcards)
    )


@dataclass(frozen=True)
class _WildcardPattern:
    """A pattern that may stand for several files: the start that all of them share, its folders."""

    start: str
    parts: tuple[str, ...]

    # How they start is tried first: it costs little, and most have nothing in common.
    def stands_for(self, names: Iterable[str]) -> bool:
        """Say whether it may stand for one of some plain names."""
        candidates = [name for name in names if name.startswith(self.start)]
        return any(_paths_overlap(self.parts, name.split("/")) for name in candidates)

    def meets(self, other: _WildcardPattern) -> bool:
        """Say whether a file may be one that both stand for."""
        compatible = self.start.startswith(other.start) or other.start.startswith(self.start)
        return compatible and _paths_overlap(self.parts, other.parts)


@lru_cache(maxsize=512)  # each is asked of many times, and a run has some hundreds
def _split_patterns(
    patterns: tuple[str, ...],
) -> tuple[frozenset[str], tuple[_WildcardPattern, ...]]:
    """Separate plain names from patterns that may stand for more than one file."""
    all_patterns = frozenset(patterns)
    wildcards = sorted(pattern for pattern in all_patterns if "*" in pattern)
    parsed = (
        _WildcardPattern(each.partition("*")[0], tuple(each.split("/"))) for each in wildcards
    )
    return all_patterns.difference(wildcards), tuple(parsed)


def _paths_overlap(a: Sequence[str], b: Sequence[str]) -> bool:
    """Compare folder by folder; after a `**` the name of the file decides, where it is known."""
    if not a or not b:
        return not a and not b
    if DEEP in (a[0], b[0]):
        deep, other = (a, b) if a[0] == DEEP else (b, a)
        # Of two patterns rather too much than too little: a dependency too many costs time, one too
        # few lets a step read what another has not written yet.
        return len(deep) == 1 or "*" in other[-1] or _names_overlap(deep[1], other[-1])
    return _names_overlap(a[0], b[0]) and _paths_overlap(a[1:], b[1:])


def _names_overlap(one: str, other: str) -> bool:
    """Compare two names of folders or files, either of which may be a pattern."""
    return (
        # fnmatch would compile every plain name as a pattern, and read a bracket in it as one.
        one == other
        or ("*" in one and fnmatchcase(other, one))
        or ("*" in other and fnmatchcase(one, other))
    )
