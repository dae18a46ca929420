"""What a step rests on, as hashes by content: the ground for running it again or not."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import stat
import sys
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = "critical_minerals"
_SOURCE: Final = Path(__file__).parents[1]
_IMPORT: Final = re.compile(
    rf"^[ \t]*(from[ \t]+{PACKAGE}[\w.]*[ \t]+import[ \t]*(?:\((?:[^)#]|#.*)*\)|[^\n]*)"
    rf"|import[ \t][^\n]*\b{PACKAGE}\b[^\n]*)",
    re.MULTILINE,
)


def of_bytes(*parts: bytes) -> str:
    """Hash some bytes; the borders between the parts count."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:16]


def of_file(path: Path) -> str:
    """Hash a file's content; a file that is not there has a hash of its own."""
    try:
        told = path.stat()
    except OSError:
        return "missing"
    if not stat.S_ISREG(told.st_mode):
        return "missing"
    return _of_content(path, told.st_ino, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=4096)
def _of_content(path: Path, *_told: int) -> str:
    """Hash a file once for all steps that rest on it, as long as nobody touches it."""
    return of_bytes(path.read_bytes())


def of_files(paths: Iterable[Path]) -> str:
    """Hash several files' names and contents."""
    return of_bytes(*(f"{path.name}={of_file(path)}".encode() for path in sorted(paths)))


def of_value(value: Any) -> str:
    """Hash plain values, such as parameters."""
    return of_bytes(json.dumps(value, sort_keys=True, default=str).encode())


def of_environment(lock: Path) -> str:
    """Hash the pinned environment: the lock file and the Python that runs it."""
    return of_bytes(of_file(lock).encode(), sys.version.encode())


def of_notebook(path: Path) -> str:
    """Hash a notebook's cells; outputs, counts and metadata of the editor do not matter."""
    return of_value([[cell["cell_type"], "".join(cell["source"])] for cell in _cells(path)])


def of_code(sources: Iterable[str]) -> str:
    """Hash the modules of this package that some Python sources import, and what those import."""
    files = _closure(frozenset().union(*(imported(source) for source in sources)))
    texts = sorted((_SOURCE / "language" / "texts").rglob("*.ftl"))
    return of_files([*files, *texts])


def behind_notebook(path: Path) -> dict[str, str]:
    """Hash a notebook's own cells and the package code that they import."""
    return {"notebook": of_notebook(path), "package code": of_code(notebook_sources(path))}


def notebook_sources(path: Path) -> list[str]:
    """Return the code cells of a notebook."""
    return ["".join(cell["source"]) for cell in _cells(path) if cell["cell_type"] == "code"]


def changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Name what differs between two fingerprints, sorted.

    >>> changed({"code": "a", "parameters": "b"}, {"code": "a", "parameters": "c"})
    ['parameters']
    """
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def _cells(path: Path) -> list[dict[str, Any]]:
    """Read a notebook's cells, without the time that its full format takes to load."""
    return json.loads(path.read_text("utf-8"))["cells"]


def _closure(modules: frozenset[str]) -> set[Path]:
    """Return the files of some modules and of all that they import from this package."""
    files: set[Path] = set()
    waiting = set(modules)
    while waiting:
        for file in _files(waiting.pop(), _SOURCE):
            if file not in files:
                files.add(file)
                waiting |= imported(file.read_text("utf-8"))
    return files


@cache
def _files(module: str, source: Path) -> tuple[Path, ...]:
    """Return the file of a module and those of the packages around it."""
    parts = module.split(".")[1:]
    packages = [
        source.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)
    ]
    candidates = [source.joinpath(*parts).with_suffix(".py"), *packages]
    return tuple(path for path in candidates if path.is_file())


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
