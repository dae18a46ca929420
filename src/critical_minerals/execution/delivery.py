"""Deliver finished documents as one set: a reader finds the old set or the new, never a mixture.

Steps write to a folder of their own (`Workspace.output`). From it the new set is assembled of hard
links next to the old one, and the two folders are exchanged in one system call (Linux, macOS).
Elsewhere the old one is moved away first; if a run is killed in between, the next command completes
it (`finish_interrupted_delivery`).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from critical_minerals.execution import fingerprints
from critical_minerals.execution.orphans import clear_leftovers
from critical_minerals.workspace.paths import Workspace, link_whole

_AT_FDCWD: Final = {"linux": -100, "darwin": -2}
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS."""
_EXCHANGE_CALLS: Final = {"linux": "renameat2", "darwin": "renameatx_np"}


def deliver(workspace: Workspace, part: str = "", without: Collection[str] = ()) -> None:
    """Replace the delivered set, or a folder (`part`) of it, by what the steps have made.

    `without` are documents that do not belong to this set, and are not delivered.
    """
    target = workspace.delivered / part
    fresh = _hidden_sibling(target, "new")
    # Left by a run that was killed while it assembled a set.
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    source = workspace.output / part
    for path in fingerprints.files_in(source):
        name = path.relative_to(source)
        if name.as_posix() not in without:
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            link_whole(path, fresh / name)
    _put_in_place(fresh, target)


@contextmanager
def held(workspace: Workspace) -> Generator[None]:
    """Hold the run lock, and first finish and remove what a killed run has left."""
    with workspace.lock():
        # Before anything is based on the delivered set, or put into it.
        finish_interrupted_delivery(workspace)
        clear_leftovers(workspace)
        yield


def finish_interrupted_delivery(workspace: Workspace) -> None:
    """Finish a delivery that a killed run had begun, and remove what it left."""
    old, fresh = (_hidden_sibling(workspace.delivered, word) for word in ("old", "new"))
    # Killed between the two renames. The new set is whole by then: the old one is moved away only
    # after it has been assembled.
    if old.is_dir() and not workspace.delivered.exists():
        (fresh if fresh.is_dir() else old).rename(workspace.delivered)
    for leftover in (old, fresh):
        shutil.rmtree(leftover, ignore_errors=True)


def _put_in_place(fresh: Path, target: Path) -> None:
    if not target.is_dir():
        fresh.rename(target)
        return
    if _exchange_folders(fresh, target):
        shutil.rmtree(fresh, ignore_errors=True)
        return
    old = _hidden_sibling(target, "old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        target.rename(old)
    except PermissionError as error:  # Windows, where a file of the set is open
        shutil.rmtree(fresh, ignore_errors=True)
        raise PermissionError(
            error.errno, error.strerror, str(_find_locked_file(target))
        ) from error
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _find_locked_file(target: Path) -> Path:
    """Find the file that another program holds open; Windows names only the folder."""
    for path in sorted(path for path in target.rglob("*") if path.is_file()):
        try:
            path.open("r+b").close()
        except PermissionError:
            return path
    return target


def _exchange_folders(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; return False where system or file system cannot."""
    # Python has no function for it: `os.replace` does not replace a folder that is not empty.
    call = (
        getattr(ctypes.CDLL(None), _EXCHANGE_CALLS[sys.platform], None)
        if sys.platform in _EXCHANGE_CALLS
        else None
    )
    if call is None:
        return False
    at = _AT_FDCWD[sys.platform]
    return call(at, os.fsencode(one), at, os.fsencode(other), _EXCHANGE) == 0


def _hidden_sibling(target: Path, word: str) -> Path:
    """Return the path of a hidden folder next to the set, and so on the same disk."""
    return target.with_name(f".{target.name}.{word}")
