"""The quick check: where nothing was touched that the last good run looked at, nothing is to do.

Steps decide by content; to read all of it, and to load what reads it, takes a good part of a
second. Dates and sizes, by which git too knows an untouched file, take a tenth of that. What they
are compared for is what deciding by content looked at, as `fingerprints` took it down: there is no
list of its own here that could lack something. What was touched goes the long way, and with it the
steps that declare it (`runner`); the others stay as they were found.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

Signature = Sequence[int] | None
"""Date in nanoseconds and size of a file, of a folder its date; None of what is not there."""
Hashed = Mapping[str, tuple[str, Sequence[str]]]
"""Hash and files of code, by the modules from which it begins."""

_FOLDER: Final = -1
"""Stands for a folder's size."""
_RENDERERS: Final = ("quarto", "quarto.exe", "quarto.cmd")
"""What a renderer is called in the folders of PATH."""


def signature(path: str) -> Signature:
    """Describe a file or folder as it is now, without reading it."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a thousand times, in a run with nothing to do
    except OSError:
        return None
    # A folder has another date when something comes, goes or is renamed in it; its size is chance.
    size = _FOLDER if stat.S_ISDIR(found.st_mode) else found.st_size
    return [found.st_mtime_ns, size]


def differs(path: str, then: Signature) -> bool:
    """Say whether a file is not what it was; folders do not count, for steps write side by side."""
    now = signature(path)
    return now != then and not _is_folder(then, now)


@dataclass(frozen=True)
class Since:
    """What a good run had looked at, as it was then, and what of it was touched, as it is now.

    `said` is what the next run says where nothing was; `code` are hashes of code that hold as long
    as none of it was.
    """

    looked_at: Mapping[str, Signature]
    touched: Mapping[str, Signature]
    said: Sequence[str] = ()
    code: Hashed = field(default_factory=dict[str, tuple[str, Sequence[str]]])

    @property
    def untouched(self) -> Mapping[str, Signature]:
        """What is as it was."""
        return {path: then for path, then in self.looked_at.items() if path not in self.touched}

    def names(self, root: Path) -> list[str]:
        """Name what was touched as steps do; of a folder, all that lies in it may have been."""
        return sorted(self._name(path, os.fspath(root) + os.sep) for path in self.touched)

    def _name(self, path: str, root: str) -> str:
        name = path.removeprefix(root).replace(os.sep, "/")
        return f"{name}/*" if _is_folder(self.looked_at[path], self.touched[path]) else name


def _is_folder(*states: Signature) -> bool:
    """Say whether something is a folder, or was one."""
    return any(one and one[1] == _FOLDER for one in states)


def look_again(looked_at: Mapping[str, Signature]) -> Since:
    """Look once more at all that a run looked at."""
    now = {path: signature(path) for path in looked_at}
    return Since(looked_at, {path: now[path] for path in now if now[path] != looked_at[path]})


def since_last_run(root: Path, arguments: Sequence[str]) -> Since | None:
    """Say what was touched since the last good run with these arguments, if one is known here."""
    kept = _kept(root, arguments)
    if not kept or kept["process"] != _process(root):
        return None
    again = look_again(kept["looked_at"])
    return replace(again, said=kept["said"], code=kept.get("code", {}))


def last_options(root: Path, arguments: Sequence[str]) -> Mapping[str, Any] | None:
    """Return the options of the last good run with these arguments, in plain values."""
    return _kept(root, arguments).get("options")


def last_run(root: Path) -> Mapping[str, Any]:
    """Return the options of the last good run, whatever it was asked; nothing if none is kept."""
    return next((kept["options"] for kept in _runs(root).values()), {})


def keep(
    root: Path,
    arguments: Sequence[str],
    looked_at: Mapping[str, Signature],
    written: Mapping[Path, Signature],
    said: Sequence[str],
    options: Mapping[str, Any],
    code: Hashed,
) -> None:
    """Remember a good run: what it looked at and what it has `written`, each as it then was.

    What was edited while it ran has changed for the next run, and so has what was changed from
    outside since it was written. `said` is what the next run says where nothing was touched, `code`
    what code was hashed as. Other arguments are forgotten: their outputs may have been overwritten.
    """
    known = as_left(root, looked_at, written)
    run = {
        "process": _process(root),
        "looked_at": known,
        "said": said,
        "options": options,
        "code": code,
    }
    from critical_minerals.workspace import write_whole  # noqa: PLC0415 - not to look

    write_whole(_file(root), json.dumps({" ".join(arguments): run}))


def as_left(
    root: Path, looked_at: Mapping[str, Signature], written: Mapping[Path, Signature]
) -> dict[str, Signature]:
    """Describe what a run had looked at as it is after it, with what it has `written`."""
    own = {str(path): then for path, then in written.items()}
    folders = {os.path.dirname(path) for path in own}  # noqa: PTH120 - see above
    state = os.fspath(root / ".pipeline") + os.sep
    known = {path: then for path, then in looked_at.items() if not path.startswith(state)}
    return known | {folder: signature(folder) for folder in folders} | own


def _process(root: Path) -> list[Any]:
    """Name what else a run depends on: the interpreter, its place, where it finds renderers.

    A copy of the project has kept what was looked at in the first one, by its paths. A renderer
    that is installed anew, or comes or goes, has the same path and another date.
    """
    given, path = os.environ.get("QUARTO_PATH", ""), os.environ.get("PATH", "")
    folders = [given, *path.split(os.pathsep)]
    named = [given, *(f"{folder}{os.sep}{name}" for folder in folders for name in _RENDERERS)]
    found = [[name, then] for name in named if (then := signature(name))]
    return [sys.version, sys.prefix, os.path.realpath(root), given, path, *found]


def _kept(root: Path, arguments: Sequence[str]) -> Mapping[str, Any]:
    return _runs(root).get(" ".join(arguments), {})


def _runs(root: Path) -> Mapping[str, Any]:
    """Read the last good run, by its arguments."""
    try:
        return json.loads(_file(root).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _file(root: Path) -> Path:
    return root / ".pipeline" / "quick-check.json"
