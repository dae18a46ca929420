"""What a step rests on, as hashes by content: the ground for running it again or not."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import stat
import sys
import sysconfig
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fnmatch import fnmatchcase
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from critical_minerals.declaration import Project
from critical_minerals.declared import DEEP, matches
from critical_minerals.execution.quick_check import Hashed, Signature, signature
from critical_minerals.notebook_file import read_cells
from critical_minerals.workspace import write_whole

PACKAGE: Final = "critical_minerals"
MISSING: Final = "missing"
"""Stands for the content of a file that is not there."""
_TICK: Final = 50_000_000
"""Nanoseconds within which two writes of a file can carry the same date."""
_KNOWN: Final[dict[str, Sequence[Any]]] = {}
"""By path: inode, date, size, when it was hashed, and the hash."""
_LOOKED_AT: Final[dict[str, Signature]] = {}
"""Every file and folder that was looked at in this process, as it was at the first look."""
_CODE: Final[dict[str, tuple[str, Sequence[str]]]] = {}
"""By the modules that something imports: the hash and the files of all the code behind them."""
_WATCHED: Final[ContextVar[dict[str, Signature]]] = ContextVar("watched")
"""What `watching` takes down, in this thread."""
_PINNED: Final = re.compile(r"^([\w.-]+)==", re.MULTILINE)
_TEXTS: Final = "texts"
_TABLES: Final = re.compile(r"\bnb\.(processed|save)\(\s*(?:\"([\w-]+)\")?")
"""A notebook's calls for processed tables, with the name of the table if it is written out."""
FIGURES: Final = "fig-*"
"""Every published figure, as a pattern of names."""
_FIGURES: Final = re.compile(r"\bnb\.figure\(\s*(?:\"(fig-[\w-]+)\")?")
"""A notebook's figures, each with its name if it is written out."""
_SOURCE: Final = Path(__file__).parents[1]
_IMPORT: Final = re.compile(
    rf"^[ \t]*(from[ \t]+{PACKAGE}[\w.]*[ \t]+import[ \t]*(?:\((?:[^)#]|#.*)*\)|[^\n]*)"
    rf"|import[ \t][^\n]*\b{PACKAGE}\b[^\n]*)",
    re.MULTILINE,
)


def as_hashed(path: Path, content: str | None = None) -> Signature:
    """Return what a file was like when it was last hashed; of others, what they are like now.

    Where that was not with this content, somebody has changed it: that counts as if it were gone.
    """
    known = _KNOWN.get(str(path))
    if known and content and known[4] != content:
        return None
    return [*known[1:3]] if known else signature(str(path))


def looked_at() -> Mapping[str, Signature]:
    """Return every file and folder that fingerprints rest on, as each was when first looked at."""
    return _LOOKED_AT


def look_anew() -> None:
    """Forget what was looked at: a process that stays looks again at each run."""
    _LOOKED_AT.clear()


def take_over(untouched: Mapping[str, Signature], code: Hashed) -> None:
    """Count as looked at what is as it was when an earlier run looked, all code among it."""
    for name, found in untouched.items():
        _LOOKED_AT.setdefault(name, found)
    _CODE.update(code)


def hashed_code() -> Hashed:
    """Return what code was hashed as in this process, or in the run before if none was touched."""
    return _CODE


def look(path: Path) -> Path:
    """Take down that something rests on a file or folder, be it there or not."""
    name = str(path)
    watched = _WATCHED.get(None)
    if name not in _LOOKED_AT or watched is not None:
        found = signature(name)
        _LOOKED_AT.setdefault(name, found)
        if watched is not None:
            watched.setdefault(name, found)
    return path


@contextmanager
def watching() -> Generator[dict[str, Signature]]:
    """Give what is looked at meanwhile, as it is at that moment, whoever looked at it before."""
    watched: dict[str, Signature] = {}
    token = _WATCHED.set(watched)
    try:
        yield watched
    finally:
        _WATCHED.reset(token)


def files_in(folder: Path, pattern: str = "*") -> list[Path]:
    """List the files of a folder and of those in it, sorted; caches of Python do not count.

    A file that comes or goes is noticed by the folders, which are taken down.
    """
    return [folder / name for name in sorted(_deep(folder, pattern))]


def _deep(folder: Path, pattern: str, before: str = "") -> Iterator[str]:
    """Name the files of a folder from where the search began, in any order."""
    for entry in _entries(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _deep(folder / entry.name, pattern, f"{before}{entry.name}/")
        elif fnmatchcase(entry.name, pattern):
            yield before + entry.name


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """List what lies in a folder, if it is there, and take down that something rests on it."""
    try:
        with os.scandir(look(folder)) as entries:
            return [*entries]
    except OSError:
        return []


def find(root: Path, patterns: Iterable[str]) -> dict[str, Path]:
    """Return the files that patterns stand for, by name, sorted.

    A name without `*` stands for its file whether it is there or not, so that its coming or going
    is noticed; for the others the folders are taken down in which files may come.
    """
    found: dict[str, Path] = {}
    for pattern in patterns:
        first, *rest = pattern.split("/")
        if first == _TEXTS:
            known = texts()
            found |= {name: path for name, path in known.items() if matches(name, [pattern])}
        else:
            found |= {name: _joined(root, name) for name in _walk(root, [first, *rest])}
    return dict(sorted(found.items()))


@cache
def _joined(root: Path, name: str) -> Path:
    """Remember paths: every step asks for the same ones, and to join them takes longest of all."""
    return root / name


def _walk(folder: Path, parts: Sequence[str], before: str = "") -> Iterator[str]:
    first, *rest = parts
    if first == DEEP:
        yield from _deep(folder, rest[0] if rest else "*", before)
    elif "*" not in first:
        if rest:
            yield from _walk(folder / first, rest, f"{before}{first}/")
        else:
            look(folder / first)
            yield before + first
    else:
        for entry in _entries(folder):
            if not fnmatchcase(entry.name, first):
                continue
            if rest and entry.is_dir():
                yield from _walk(folder / entry.name, rest, f"{before}{entry.name}/")
            elif not rest and entry.is_file():
                yield before + entry.name


def of_bytes(*parts: bytes) -> str:
    """Hash some bytes; the borders between the parts count."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:16]


def of_file(path: Path) -> str:
    """Hash a file's content; a file that is not there has a hash of its own."""
    look(path)
    try:
        found = path.stat()
    except OSError:
        return MISSING
    if not stat.S_ISREG(found.st_mode):
        return MISSING
    signature = (found.st_ino, found.st_mtime_ns, found.st_size)
    known = _KNOWN.get(str(path))
    # A file that was written in the same tick of the clock as it was hashed may have been written
    # once more since, with the same date: it is read again.
    if known and tuple(known[:3]) == signature and found.st_mtime_ns + _TICK < known[3]:
        return str(known[4])
    now = time.time_ns()
    content = of_bytes(path.read_bytes())
    _KNOWN[str(path)] = (*signature, now, content)
    return content


def load_known(file: Path) -> None:
    """Take over what earlier runs hashed, by inode, date and size, as git's index does."""
    try:
        _KNOWN.update(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError):
        return


def save_known(file: Path) -> None:
    """Keep the hashes of all files for the next run."""
    write_whole(file, json.dumps(_KNOWN))


def of_files(paths: Iterable[Path], root: Path | None = None) -> str:
    """Hash several files' contents and names; names count from `root`, else the last part alone."""
    named = [(path.relative_to(root).as_posix() if root else path.name, path) for path in paths]
    return of_bytes(*(f"{name}={of_file(path)}".encode() for name, path in sorted(named)))


def of_value(value: Any) -> str:
    """Hash plain values, such as parameters; what JSON does not know counts as it is written."""
    return of_bytes(json.dumps(value, sort_keys=True, default=str).encode())


def of_environment(lock: Path) -> str:
    """Hash the environment: the lock file, what is installed of it, the Python that runs it.

    What is installed may have drifted from the lock: a font or a drawing engine of another version
    makes other files. Packages that the lock does not name, such as test tools, do not count.
    """
    content = of_file(lock)
    installed = (name.encode() for name in _installed_of(lock, content))
    return of_bytes(content.encode(), *installed, sys.version.encode())


def pinned(lock: Path) -> set[str]:
    """Name the packages that a lock file pins."""
    text = lock.read_text("utf-8") if lock.is_file() else ""
    return {_spelt(name) for name in _PINNED.findall(text)}


@cache
def _installed_of(lock: Path, _content: str) -> list[str]:
    """Name what is installed of the packages that a lock pins; it is read once for each content."""
    names = pinned(lock)
    return sorted(name for name in _installed() if _spelt(name.split("-")[0]) in names)


def of_package() -> str:
    """Hash all of this package: code, texts, filters, templates."""
    return of_files(files_in(_SOURCE), _SOURCE)


@cache
def _installed() -> tuple[str, ...]:
    """Name what is installed, with its version, as the folders of its metadata do."""
    site = look(Path(sysconfig.get_path("purelib")))
    found = site.glob("*.dist-info") if site.is_dir() else ()
    return tuple(path.stem for path in found)


def _spelt(name: str) -> str:
    """Spell a package's name as the index does."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_notebook(path: Path) -> str:
    """Hash a notebook's cells and tags; outputs, counts and other metadata do not matter.

    By its tag papermill knows the cell of parameters.
    """
    return of_value(
        [
            [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])]
            for cell in _cells(path)
        ]
    )


def of_code(sources: Iterable[str]) -> str:
    """Hash the modules of this package that some Python sources import, and what those import.

    A process hashes code once: what its steps do is what it has loaded, whatever was edited since.
    """
    modules = frozenset[str]().union(*(imported(source) for source in sources))
    name = " ".join([str(_SOURCE), *sorted(modules)])
    if name not in _CODE:
        _CODE[name] = _loaded(modules, _SOURCE)
    content, files = _CODE[name]
    for file in files:  # templates are read when they are used
        look(Path(file))
    return content


def of_project(project: Project, *functions: str) -> str:
    """Hash what declares a project, and the code of some functions that it names.

    Modules outside this package count by their own file.
    """
    names = [project.module, *(getattr(project, each).partition(":")[0] for each in functions)]
    ours = [name for name in names if name.split(".")[0] == PACKAGE]
    found = [find_spec(name) for name in names if name and name not in ours]
    files = [Path(spec.origin) for spec in found if spec and spec.origin]
    return of_value([of_code(f"import {name}" for name in ours), [of_file(each) for each in files]])


def of_texts() -> str:
    """Hash the whole catalogue of texts."""
    return of_files(texts().values(), _SOURCE)


def texts() -> dict[str, Path]:
    """Return each file of the catalogue of texts, named `texts/en/funding`."""
    folder = _SOURCE / "language" / "texts"
    return {
        f"texts/{path.relative_to(folder).with_suffix('').as_posix()}": path
        for path in files_in(folder, "*.ftl")
    }


def behind_notebook(path: Path) -> dict[str, str]:
    """Hash a notebook's own cells and the package code that they import."""
    return {"notebook": of_notebook(path), "package code": of_code(notebook_sources(path))}


def notebook_sources(path: Path) -> list[str]:
    """Return the code cells of a notebook."""
    return ["".join(cell["source"]) for cell in _cells(path) if cell["cell_type"] == "code"]


def tables_of(path: Path) -> tuple[list[str], list[str]]:
    """Name the processed tables that a notebook reads and those that it saves, as its cells say.

    A name that is reckoned stands for every table, as `*`.
    """
    if not path.is_file():
        return [], []
    calls = [call for source in notebook_sources(path) for call in _TABLES.findall(source)]
    named = {kind: {name or "*" for each, name in calls if each == kind} for kind, _ in calls}
    return sorted(named.get("processed", ())), sorted(named.get("save", ()))


def figures_of(path: Path) -> list[str]:
    """Name the figures that a notebook publishes, as its cells say; all, where one is reckoned."""
    cells = notebook_sources(path) if path.is_file() else []
    return sorted({name or FIGURES for source in cells for name in _FIGURES.findall(source)})


def changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Name what differs between two fingerprints, sorted.

    >>> changed({"code": "a", "parameters": "b"}, {"code": "a", "parameters": "c"})
    ['parameters']
    """
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def _cells(path: Path) -> list[dict[str, Any]]:
    """Read a notebook's cells, without the time that its full format takes to load."""
    return read_cells(look(path))


def _loaded(modules: frozenset[str], source: Path) -> tuple[str, list[str]]:
    """Return the hash and the files of some modules and of all that they import of this package."""
    files: set[Path] = set()
    waiting = set(modules)
    while waiting:
        for file in _files(waiting.pop(), source):
            if file not in files:
                files.add(file)
                waiting |= _imports(file)
    return of_files(files, source), sorted(map(str, files))


@cache
def _imports(file: Path) -> frozenset[str]:
    """Name what a module of this package imports of it."""
    return imported(file.read_text("utf-8"))


@cache
def _files(module: str, source: Path) -> tuple[Path, ...]:
    """Return the file of a module, its templates, and the files of the packages around it."""
    parts = module.split(".")[1:]
    packages = [
        source.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)
    ]
    folder = source.joinpath(*parts)
    found = [path for path in (folder.with_suffix(".py"), *packages) if path.is_file()]
    # No Python file holds what a template says: whoever imports its package rests on it too.
    templates = sorted(folder.glob("*.j2")) if (folder / "__init__.py").is_file() else []
    return (*found, *templates)


@cache
def imported(source: str) -> frozenset[str]:
    """Name the modules of this package that a source imports, wherever in it.

    What cannot be an import of this package is not parsed, which would take half a second in all.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse("\n".join(_IMPORT.findall(_without_magics(source))))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return frozenset(name for name in names if name.split(".")[0] == PACKAGE)


def _without_magics(source: str) -> str:
    """Leave out the lines that only IPython understands."""
    return "\n".join(line for line in source.splitlines() if not line.startswith(("%", "!")))
