"""A glance before the work: where no file was touched since the last good run, nothing is to do.

Steps decide by content; to read all of it, and to load what reads it, takes a good part of a
second. Dates and sizes, by which git too knows an untouched file, take a tenth of that. What was
touched goes the long way, where content has the say.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

_INPUTS: Final = ("data/raw", "data/schemas", "data/releases", "notebooks", "reports/theme")
_LOOSE: Final = (".", "reports")
"""Folders whose own files count, and not the folders in them."""
_OUTPUTS: Final = ("data/processed", "reports/_generated", "reports/_output")
_PACKAGE: Final = Path(__file__).parents[1]


def inputs(root: Path) -> str:
    """Sum up, by dates and sizes, all that a run may rest on, the installed packages included."""
    trees = [root / folder for folder in _INPUTS]
    loose = [root / folder for folder in _LOOSE if (root / folder).is_dir()]
    installed = [Path(sysconfig.get_path(name)) for name in ("purelib", "scripts")]
    files = [*_files([*trees, _PACKAGE]), *(f for folder in loose for f in _own_files(folder))]
    words = [
        sys.version,
        sys.prefix,
        *(os.environ.get(name, "") for name in ("QUARTO_PATH", "PATH")),
    ]
    return _digest([*words, *map(_told, files), *map(_told, installed)])


def outputs(root: Path) -> str:
    """Sum up, by dates and sizes, all that runs have made."""
    return _digest(map(_told, _files(root / folder for folder in _OUTPUTS)))


def untouched(root: Path, arguments: Sequence[str]) -> list[str] | None:
    """Return what the last good run with these arguments told, if nothing was touched since."""
    kept = _kept(root).get(" ".join(arguments))
    if not kept or kept["inputs"] != inputs(root) or kept["outputs"] != outputs(root):
        return None
    return kept["told"]


def asked_before(root: Path, arguments: Sequence[str]) -> Mapping[str, Any] | None:
    """Return what the last good run with these arguments was asked for, in plain values."""
    return _kept(root).get(" ".join(arguments), {}).get("asked")


def keep(
    root: Path,
    arguments: Sequence[str],
    before: str,
    told: Sequence[str],
    asked: Mapping[str, Any],
) -> None:
    """Remember a good run: `before` is what `inputs` gave when it began.

    What was edited while it ran is therefore touched for the next run. Other arguments are
    forgotten: their outputs may have been overwritten.
    """
    run = {"inputs": before, "outputs": outputs(root), "told": [*told], "asked": asked}
    path = _file(root)
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({" ".join(arguments): run}), "utf-8")
    beside.replace(path)


def _kept(root: Path) -> Mapping[str, Any]:
    try:
        return json.loads(_file(root).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _file(root: Path) -> Path:
    return root / ".pipeline" / "untouched.json"


def _files(folders: Iterable[Path]) -> Iterator[os.DirEntry[str]]:
    """Give the files of some folders and of all folders in them; caches of Python do not count."""
    waiting = [str(folder) for folder in folders if folder.is_dir()]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    yield entry
                elif entry.name != "__pycache__":
                    waiting.append(entry.path)


def _own_files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if entry.is_file())


def _told(file: os.DirEntry[str] | Path) -> str:
    stat = file.stat()
    return f"{os.fspath(file)} {stat.st_size} {stat.st_mtime_ns}"


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()
