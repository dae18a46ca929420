"""The quick check: if nothing was touched that the last good run looked at, nothing is to do.

Steps are decided by content; reading all of it, and importing what reads it, takes a good part of
a second. Comparing dates and sizes, as git does for an untouched file, takes a tenth of that. The
files compared are those that deciding by content looked at, as `fingerprints` recorded them: there
is no second list here that could miss one. Steps that declare a touched file are decided by content
(`runner`); the others stay as they were found.
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

from critical_minerals.workspace.state_files import read_stored

Signature = Sequence[int] | None
"""Date in nanoseconds and size of a file, date of a folder; None for what does not exist."""
Hashed = Mapping[str, tuple[str, Sequence[str]]]
"""Hash and files of code, by the modules at which it starts."""

_FOLDER_SIZE: Final = -1
"""Stands for the size of a folder."""
_RENDERERS: Final = ("quarto", "quarto.exe", "quarto.cmd")
"""File names of a renderer in the folders of PATH."""
_RUN: Final = {
    "arguments": [str],
    "process": list,
    "looked_at": {str: object},
    "messages": [str],
    "options": dict,
    "code": {str: (str, [str])},
}
"""The shape of a stored run; its signatures are only compared, so that anything will do."""


def signature(path: str) -> Signature:
    """Describe a file or folder as it is now, without reading it."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a thousand times, in a run with nothing to do
    except OSError:
        return None
    # A folder's date changes when an entry is added, removed or renamed; its size depends on the
    # file system's past, and says nothing.
    size = _FOLDER_SIZE if stat.S_ISDIR(status.st_mode) else status.st_size
    # A list, not a tuple: compared with what JSON gives back.
    return [status.st_mtime_ns, size]


def differs(path: str, then: Signature) -> bool:
    """Check whether a file has changed; folders do not count, since steps write in parallel."""
    now = signature(path)
    return now != then and not _is_folder(then, now)


@dataclass(frozen=True)
class Since:
    """The files a good run looked at, as they were then, and those touched since, as they are now.

    `messages` are the lines that the next run prints if nothing was touched; `code` are hashes of
    code, valid while none of it was touched.
    """

    looked_at: Mapping[str, Signature]
    touched: Mapping[str, Signature]
    messages: Sequence[str] = ()
    code: Hashed = field(default_factory=dict[str, tuple[str, Sequence[str]]])

    @property
    def unchanged(self) -> Mapping[str, Signature]:
        """The files and folders that have not changed."""
        return {path: then for path, then in self.looked_at.items() if path not in self.touched}

    def names(self, root: Path) -> list[str]:
        """Name touched files as steps do; for a folder, a pattern of all that lies in it."""
        return sorted(self._name(path, os.fspath(root) + os.sep) for path in self.touched)

    def _name(self, path: str, root: str) -> str:
        name = path.removeprefix(root).replace(os.sep, "/")
        return f"{name}/*" if _is_folder(self.looked_at[path], self.touched[path]) else name


def _is_folder(*states: Signature) -> bool:
    """Check whether any state is that of a folder: it is one now, or was one."""
    return any(state and state[-1] == _FOLDER_SIZE for state in states)


def look_again(looked_at: Mapping[str, Signature]) -> Since:
    """Compare all that a run looked at with its present state."""
    now = {path: signature(path) for path in looked_at}
    return Since(looked_at, {path: now[path] for path in now if now[path] != looked_at[path]})


def since_last_run(root: Path, arguments: Sequence[str]) -> Since | None:
    """Return what was touched since the last good run with these arguments, if one is stored."""
    stored = _stored_run(root, arguments)
    # Another interpreter, folder or renderer: everything is decided by content.
    if stored is None or stored["process"] != _process_identity(root):
        return None
    since = look_again(stored["looked_at"])
    return replace(since, messages=stored["messages"], code=stored["code"])


def last_options(root: Path, arguments: Sequence[str] | None = None) -> Mapping[str, Any] | None:
    """Return the options of the last good run, with these arguments or any, in plain values."""
    stored = _stored_run(root, arguments)
    return stored and stored["options"]


def store_run(
    root: Path,
    arguments: Sequence[str],
    signatures: Mapping[str, Signature],
    messages: Sequence[str],
    options: Mapping[str, Any],
    code: Hashed,
) -> None:
    """Store a good run: the signatures of what it looked at and has written (`final_signatures`).

    `messages` are the lines that the next run prints if nothing was touched, `code` the hashes of
    code. Runs with other arguments are forgotten: their outputs may have been overwritten.
    """
    run = {
        "arguments": arguments,
        "process": _process_identity(root),
        "looked_at": signatures,
        "messages": messages,
        "options": options,
        "code": code,
    }
    from critical_minerals.workspace.paths import write_whole  # noqa: PLC0415 - not to look

    write_whole(_state_file(root), json.dumps(run))


def final_signatures(
    root: Path, looked_at: Mapping[str, Signature], written: Mapping[Path, Signature]
) -> dict[str, Signature]:
    """Return the signatures after a run: of what it looked at, its outputs and their folders.

    A file edited while it ran has changed for the next run, and so has an output that was changed
    from outside since it was `written`.
    """
    outputs = {str(path): then for path, then in written.items()}
    folders = {os.path.dirname(path) for path in outputs}  # noqa: PTH120 - see above
    # Without the state, which every run writes. Folders of outputs as they are now: the run itself
    # has changed their dates.
    state = os.fspath(root / ".pipeline") + os.sep
    signatures = {path: then for path, then in looked_at.items() if not path.startswith(state)}
    return signatures | {folder: signature(folder) for folder in folders} | outputs


def _process_identity(root: Path) -> list[Any]:
    """Describe what else a run depends on: interpreter, project folder, and renderers.

    The folder counts since a copy of the project holds the signatures of the original's paths. A
    renderer counts by its date: one that is installed again has the same path.
    """
    quarto, path = os.environ.get("QUARTO_PATH", ""), os.environ.get("PATH", "")
    folders = [quarto, *path.split(os.pathsep)]
    candidates = [quarto, *(f"{folder}{os.sep}{name}" for folder in folders for name in _RENDERERS)]
    renderers = [[name, then] for name in candidates if (then := signature(name))]
    return [sys.version, sys.prefix, os.path.realpath(root), quarto, path, *renderers]


def _stored_run(root: Path, arguments: Sequence[str] | None) -> Mapping[str, Any] | None:
    """Read the last good run, if there is one, it is whole, and it had these arguments or any."""
    stored = read_stored(_state_file(root), _RUN)
    same = stored and (arguments is None or stored["arguments"] == [*arguments])
    return stored if same else None


def _state_file(root: Path) -> Path:
    return root / ".pipeline" / "quick-check.json"
