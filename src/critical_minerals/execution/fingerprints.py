"""Hash what a step depends on, by content: the basis for deciding whether it runs again."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import logging
import os
import re
import stat
import sys
import sysconfig
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from fnmatch import fnmatchcase
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import Any, Final, cast

from critical_minerals.errors import UsageError
from critical_minerals.execution.quick_check import Hashed, Signature, signature
from critical_minerals.language import entries
from critical_minerals.workspace.declaration import Project
from critical_minerals.workspace.file_access import CODE, DEEP, matches
from critical_minerals.workspace.notebook_file import read_cells
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import write_whole
from critical_minerals.workspace.state_files import read_entries

PACKAGE: Final = "critical_minerals"
MISSING: Final = "missing"
"""Stands for the hash of a file that does not exist."""
_LOG: Final = logging.getLogger(__name__)
_CLOCK_TICK: Final = 50_000_000
"""Nanoseconds within which two writes of a file can carry the same date."""
_CACHE: Final[dict[str, Sequence[Any]]] = {}
"""By path: inode, date, size, when it was hashed, and the hash."""
_LOOKED_AT: Final[dict[str, Signature]] = {}
"""The signature of every file and folder looked at in this process, from the first look."""
_CODE: Final[dict[str, tuple[str, Sequence[str]]]] = {}
"""By imported modules: the hash and the files of all the code that they import in turn."""
_LOADED: Final[dict[Path, str]] = {}
"""The hash of each file of code, from the first look."""
_IMPORTS: Final[dict[Path, frozenset[str]]] = {}
"""The modules of this package that each file of code imports, from the first look."""
_RECORDED: Final[ContextVar[dict[str, Signature]]] = ContextVar("recorded")
"""What `recording` collects, in this thread."""
_PINNED: Final = re.compile(r"^([\w.-]+)==", re.MULTILINE)
_TEXTS: Final = "texts"
_TABLE_CALLS: Final = re.compile(r"\bnb\.(processed|save)\(\s*(?:\"([\w-]+)\")?")
"""A notebook's calls for processed tables, with the name of the table if it is written out."""
FIGURES: Final = "fig-*"
"""Every published figure, as a pattern of names."""
_FIGURE_CALLS: Final = re.compile(r"\bnb\.figure\(\s*(?:\"(fig-[\w-]+)\")?")
"""A notebook's figures, each with its name if it is written out."""
_SOURCE: Final = Path(__file__).parents[1]
_PACKAGE_CODE: Final = f"src/{PACKAGE}/"
"""What the names of the package's own files begin with, wherever it lies."""
# Finds the import statements of this package within a source, those in brackets over several lines
# too, so that `ast` need not parse the rest (`imported`).
_IMPORT: Final = re.compile(
    rf"^[ \t]*(from[ \t]+{PACKAGE}[\w.]*[ \t]+import[ \t]*(?:\((?:[^)#]|#.*)*\)|[^\n]*)"
    rf"|import[ \t][^\n]*\b{PACKAGE}\b[^\n]*)",
    re.MULTILINE,
)


def as_hashed(path: Path, content: str | None = None) -> Signature:
    """Return a file's signature when it was last hashed; if it never was, its present one.

    If it was hashed with another content than `content`, somebody has changed it: None, as for a
    file that is gone.
    """
    cached = _CACHE.get(str(path))
    if cached and content and cached[4] != content:
        return None
    return [*cached[1:3]] if cached else signature(str(path))


def looked_at() -> Mapping[str, Signature]:
    """Return the signatures of all files and folders that fingerprints depend on."""
    return _LOOKED_AT


def reset_looked_at() -> None:
    """Forget what was looked at: a long-lived process looks again in each run."""
    _LOOKED_AT.clear()


def restore_hashes(unchanged: Mapping[str, Signature], code: Hashed) -> None:
    """Take over signatures and code hashes of an earlier run that are still valid."""
    for name, state in unchanged.items():
        _LOOKED_AT.setdefault(name, state)
    _CODE.update(code)


def hashed_code() -> Hashed:
    """Return the hashes of code from this process, or from the last run if none was touched."""
    return _CODE


def record_dependency(path: Path) -> Path:
    """Record that a fingerprint depends on a file or folder, whether it exists or not."""
    _record(str(path))
    return path


def _record(name: str, *, since_first: bool = False) -> None:
    """Record a file or folder; one hashed at an earlier look as it was then (`since_first`)."""
    recorded = _RECORDED.get(None)
    if name not in _LOOKED_AT or recorded is not None:
        state = signature(name)
        # The first look counts: what was edited after it has changed for the next run.
        _LOOKED_AT.setdefault(name, state)
        if recorded is not None:
            recorded.setdefault(name, _LOOKED_AT[name] if since_first else state)


@contextmanager
def recording() -> Generator[dict[str, Signature]]:
    """Collect the signatures of what this thread looks at in the block, as they are then.

    Steps are decided in several threads: an earlier look at the same file, for another step, may
    be older than an edit.
    """
    recorded: dict[str, Signature] = {}
    token = _RECORDED.set(recorded)
    try:
        yield recorded
    finally:
        _RECORDED.reset(token)


def files_in(folder: Path) -> list[Path]:
    """List the files of a folder and its subfolders, sorted, without Python's caches.

    Files that are added or removed are noticed by the folders' dates, which are recorded.
    """
    return [folder / name for name in sorted(_walk_deep(folder, "*"))]


def _walk_deep(folder: Path, pattern: str, before: str = "") -> Iterator[str]:
    """Name the files of a folder and its subfolders, relative to the root of the search."""
    for entry in _scan_folder(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _walk_deep(folder / entry.name, pattern, f"{before}{entry.name}/")
        elif fnmatchcase(entry.name, pattern):
            yield before + entry.name


def _scan_folder(folder: Path) -> list[os.DirEntry[str]]:
    """List the entries of a folder, if it exists, and record the dependency on it."""
    try:
        with os.scandir(record_dependency(folder)) as entries:
            return [*entries]
    except OSError:
        return []


def find(root: Path, patterns: Iterable[str]) -> dict[str, Path]:
    """Return the files that match patterns, by name, sorted.

    A name without `*` stands for its file whether it exists or not, so that its creation or removal
    is noticed; for patterns, the folders in which files may be added are recorded.
    """
    names: set[str] = set()
    for pattern in patterns:
        first, *rest = pattern.split("/")
        if pattern == CODE:
            names.update(_code_files(root))
        elif first == _TEXTS:
            names.update(name for name in texts() if matches(name, [pattern]))
        else:
            names.update(_walk(root, [first, *rest]))
    return {name: path_of(root, name) for name in sorted(names)}


def named(root: Path, names: Iterable[str], patterns: Sequence[str]) -> dict[str, Path]:
    """Return those of some files that match patterns, by name, whether they exist or not.

    Nothing is looked for: a file that is new is none of them.
    """
    return {name: path_of(root, name) for name in names if matches(name, patterns)}


def _code_files(root: Path) -> Iterator[str]:
    """Name the files of code of the project, and of the package, which may lie elsewhere."""
    yield from (f"src/{name}" for name in _walk_deep(root / "src", "*.py"))
    yield from (f"{_PACKAGE_CODE}{name}" for name in _walk_deep(_SOURCE, "*.py"))


@cache
def path_of(root: Path, name: str) -> Path:
    """Return the path of a file that steps call by this name.

    Cached, since every step asks for the same ones, and joining paths is slow.
    """
    if name.startswith(_PACKAGE_CODE):
        return _SOURCE / name.removeprefix(_PACKAGE_CODE)
    # The catalogue of texts comes with the package.
    if name.startswith(f"{_TEXTS}/"):
        return entries.FOLDER / f"{name.removeprefix(f'{_TEXTS}/')}.ftl"
    return root / name


def _walk(folder: Path, parts: Sequence[str], before: str = "") -> Iterator[str]:
    first, *rest = parts
    if first == DEEP:
        yield from _walk_deep(folder, rest[0] if rest else "*", before)
    elif "*" not in first:
        if rest:
            yield from _walk(path_of(folder, first), rest, f"{before}{first}/")
        else:
            record_dependency(path_of(folder, first))
            yield before + first
    else:
        for entry in _scan_folder(folder):
            if not fnmatchcase(entry.name, first):
                continue
            if rest and entry.is_dir():
                yield from _walk(path_of(folder, entry.name), rest, f"{before}{entry.name}/")
            elif not rest and entry.is_file():
                yield before + entry.name


def of_bytes(*parts: bytes) -> str:
    """Hash some bytes; the boundaries between the parts count."""
    digest = hashlib.sha256()
    for part in parts:
        # Without the lengths, ("ab", "c") and ("a", "bc") would have one hash.
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:16]


def of_file(path: Path) -> str:
    """Hash a file's content; a file that does not exist has the hash `MISSING`."""
    record_dependency(path)
    try:
        status = path.stat()
    except OSError:
        return MISSING
    # A folder in the place of a file cannot be read, and counts as no file.
    if not stat.S_ISREG(status.st_mode):
        return MISSING
    state = (status.st_ino, status.st_mtime_ns, status.st_size)
    cached = _CACHE.get(str(path))
    # A file written within the same clock tick as it was hashed may have been written once more
    # since, with the same date and size: it is read again.
    if cached and tuple(cached[:3]) == state and status.st_mtime_ns + _CLOCK_TICK < cached[3]:
        return str(cached[4])
    # Taken before reading: a write meanwhile then has a later date, or one within the tick.
    hashed_at = time.time_ns()
    content = of_bytes(path.read_bytes())
    _CACHE[str(path)] = (*state, hashed_at, content)
    return content


def load_cache(file: Path) -> None:
    """Load the hashes of earlier runs, by inode, date and size, as git's index does."""
    _CACHE.update(read_entries(file, (int, int, int, int, str)))
    _LOG.debug("Hashes of %d files are cached.", len(_CACHE))


def save_cache(file: Path) -> None:
    """Store the hashes of all files for the next run."""
    write_whole(file, json.dumps(_CACHE))


def of_files(paths: Iterable[Path], root: Path | None = None) -> str:
    """Hash files' contents and names; names are relative to `root`, else the last part alone."""
    named = [(path.relative_to(root).as_posix() if root else path.name, path) for path in paths]
    return of_bytes(*(f"{name}={of_file(path)}".encode() for name, path in sorted(named)))


def of_value(value: Any) -> str:
    """Hash plain values, such as parameters; a type unknown to JSON counts by its `str`."""
    return of_bytes(json.dumps(value, sort_keys=True, default=str).encode())


def of_environment(lock: Path) -> str:
    """Hash the environment: the lock file, its packages as installed, and the Python version.

    Installed packages may have drifted from the lock: a font or a drawing engine of another version
    makes other files. Packages that the lock does not name, such as test tools, do not count.
    """
    content = of_file(lock)
    installed = (name.encode() for name in _installed_pinned(lock, content))
    return of_bytes(content.encode(), *installed, sys.version.encode())


def pinned(lock: Path) -> set[str]:
    """Name the packages that a lock file pins."""
    text = lock.read_text("utf-8") if lock.is_file() else ""
    return {_normalize_name(name) for name in _PINNED.findall(text)}


@cache
def _installed_pinned(lock: Path, _content: str) -> list[str]:
    """List the installed packages that a lock pins, with their versions; cached by its content.

    By the names of their metadata folders: `importlib.metadata` would open a file for each.
    """
    names = pinned(lock)
    # Its date changes with every package that is installed or removed: so the quick check sees it.
    site = record_dependency(Path(sysconfig.get_path("purelib")))
    installed = [path.stem for path in site.glob("*.dist-info")]
    # A folder of metadata is called `vl_convert_python-1.9.0.dist-info`: a hyphen ends the name.
    return sorted(name for name in installed if _normalize_name(name.split("-")[0]) in names)


def of_package() -> str:
    """Hash all of this package: code, texts, filters, templates."""
    return of_files(files_in(_SOURCE), _SOURCE)


def _normalize_name(name: str) -> str:
    """Normalize a package's name as the package index does."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_notebook(path: Path) -> str:
    """Hash a notebook's cells and tags; outputs, execution counts and other metadata do not count.

    Tags count, since papermill finds the cell of parameters by its tag.
    """
    return of_value(
        [
            [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])]
            for cell in _notebook_cells(path)
        ]
    )


def of_code(sources: Iterable[str]) -> str:
    """Hash the modules of this package that some Python sources import, and what those import.

    A process hashes code once, since its steps run what it has loaded, whatever was edited later.
    What it has not loaded can be hashed anew (`forget_code`).
    """
    modules = frozenset[str]().union(*(imported(source) for source in sources))
    name = " ".join([str(_SOURCE), *sorted(modules)])
    if name not in _CODE:
        _CODE[name] = _hash_modules(modules, _SOURCE)
    content, files = _CODE[name]
    for file in files:
        _record(file, since_first=True)
    return content


def of_function(function: Callable[..., Any]) -> dict[str, str]:
    """Hash the file that defines a function outside of this package, as `pipeline.py` may.

    Empty for functions of this package: their steps say in `values` which of its code they use.
    """
    function = inspect.unwrap(function)
    while isinstance(function, partial):
        function = inspect.unwrap(function.func)
    # A method has the code of its function; an object that can be called that of its class.
    code = getattr(function, "__code__", None) or getattr(function.__call__, "__code__", None)
    file = Path(code.co_filename) if isinstance(code, CodeType) else None
    if file is None or file.is_relative_to(_SOURCE) or not file.is_file():
        return {}
    # Once in a process, as `of_code` does; looked at each time.
    record_dependency(file)
    return {f"code in {file.name}": _of_loaded(file)}


def _of_loaded(file: Path) -> str:
    """Hash a file of code once, whatever is edited later."""
    if file not in _LOADED:
        _LOADED[file] = of_file(file)
    return _LOADED[file]


def forget_code(files: Iterable[Path]) -> None:
    """Hash files of code anew, which no process has loaded that goes on."""
    for file in files:
        _LOADED.pop(file, None)
        _IMPORTS.pop(file, None)
    _module_files.cache_clear()  # one may be new
    # Also what did not depend on them: it may import a module that is new.
    _CODE.clear()


def of_project(project: Project, *functions: str) -> str:
    """Hash the project's declaration, and the code of some functions that it names.

    Modules outside this package count by their own file alone.
    """
    names = [project.module, *(getattr(project, each).partition(":")[0] for each in functions)]
    own_modules = [name for name in names if name.split(".")[0] == PACKAGE]
    specs = [find_spec(name) for name in names if name and name not in own_modules]
    files = [Path(spec.origin) for spec in specs if spec and spec.origin]
    # A module of this package counts with all that it imports, as every step does.
    return of_value(
        [of_code(f"import {name}" for name in own_modules), [of_file(each) for each in files]]
    )


def single_texts() -> Mapping[str, tuple[str, str]]:
    """Return of every localized text its hash, and the name of its file, by its own name."""
    return _hash_texts(tuple((name, of_file(path)) for name, path in texts().items()))


@cache
def _hash_texts(files: tuple[tuple[str, str], ...]) -> Mapping[str, tuple[str, str]]:
    """Hash every text, with the name of its file; cached by the hashes of the files.

    Texts of a catalogue that cannot be read are missing: what uses one runs again, and reports why.
    """
    hashed: dict[str, tuple[str, str]] = {}
    languages = cast("set[Language]", {name.split("/")[1] for name, _ in files})
    for language in languages:
        with suppress(UsageError):
            hashed |= {
                entries.name_of(key, language): (
                    of_bytes(entry.source.strip().encode()),
                    f"{_TEXTS}/{language}/{entry.topic}",
                )
                for key, entry in entries.entries_of(language).items()
            }
    return hashed


def texts() -> dict[str, Path]:
    """Return the files of the catalogue of localized texts, by names such as `texts/en/funding`."""
    files = sorted(_walk_deep(entries.FOLDER, "*.ftl"))
    names = (f"{_TEXTS}/{file.removesuffix('.ftl')}" for file in files)
    return {name: path_of(_SOURCE, name) for name in names}


def behind_notebook(path: Path) -> dict[str, str]:
    """Hash a notebook's own cells and the package code that they import."""
    return {"notebook": of_notebook(path), "package code": of_code(notebook_sources(path))}


def notebook_sources(path: Path) -> list[str]:
    """Return the code cells of a notebook."""
    return [
        "".join(cell["source"]) for cell in _notebook_cells(path) if cell["cell_type"] == "code"
    ]


def tables_of(path: Path) -> tuple[list[str], list[str]]:
    """Name the processed tables that a notebook reads and saves, from the calls in its cells.

    A name that is computed stands for every table, as `*`.
    """
    if not path.is_file():
        return [], []
    # By their text, without running the cells: the order of notebooks is needed before any has run.
    calls = [call for source in notebook_sources(path) for call in _TABLE_CALLS.findall(source)]
    names_by_call = {
        kind: {name or "*" for each, name in calls if each == kind} for kind, _ in calls
    }
    return sorted(names_by_call.get("processed", ())), sorted(names_by_call.get("save", ()))


def figures_of(path: Path) -> list[str]:
    """Name the figures that a notebook publishes; a computed name stands for all (`fig-*`)."""
    cells = notebook_sources(path) if path.is_file() else []
    return sorted({name or FIGURES for source in cells for name in _FIGURE_CALLS.findall(source)})


def changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return the names of what differs between two fingerprints, sorted.

    >>> changed({"code": "a", "parameters": "b"}, {"code": "a", "parameters": "c"})
    ['parameters']
    """
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def _notebook_cells(path: Path) -> list[dict[str, Any]]:
    """Read a notebook's cells without `nbformat`, which is slow to import."""
    return read_cells(record_dependency(path))


def _hash_modules(modules: frozenset[str], source: Path) -> tuple[str, list[str]]:
    """Return the hash and the files of modules and of all that they import of this package."""
    files: set[Path] = set()
    pending = set(modules)
    while pending:
        for file in _module_files(pending.pop(), source):
            if file not in files:
                files.add(file)
                pending |= _imports(file)
    hashes = sorted((path.relative_to(source).as_posix(), _of_loaded(path)) for path in files)
    return of_value(hashes), sorted(map(str, files))


def _imports(file: Path) -> frozenset[str]:
    """Name the modules of this package that one of its files imports."""
    if file not in _IMPORTS:
        _IMPORTS[file] = imported(file.read_text("utf-8"))
    return _IMPORTS[file]


@cache
def _module_files(module: str, source: Path) -> tuple[Path, ...]:
    """Return a module's file, its templates, and the `__init__.py` of the packages around it."""
    parts = module.split(".")[1:]
    packages = [
        source.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)
    ]
    folder = source.joinpath(*parts)
    files = [path for path in (folder.with_suffix(".py"), *packages) if path.is_file()]
    # No Python file holds a template's text: whatever imports its package depends on it too.
    templates = sorted(folder.glob("*.j2")) if (folder / "__init__.py").is_file() else []
    return (*files, *templates)


@cache
def imported(source: str) -> frozenset[str]:
    """Name the modules of this package that a source imports, also within functions.

    Only import statements of this package are parsed; parsing all code would take half a second.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse("\n".join(_IMPORT.findall(_without_magics(source))))):
        if isinstance(node, ast.ImportFrom) and node.module:
            # `from package import name` may import a module or an object of it: a name that is no
            # module has no file, and drops out in `_module_files`.
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    # The pattern also finds lines such as `import pandas, critical_minerals`.
    return frozenset(name for name in names if name.split(".")[0] == PACKAGE)


def _without_magics(source: str) -> str:
    """Remove the lines that only IPython understands."""
    return "\n".join(line for line in source.splitlines() if not line.startswith(("%", "!")))
