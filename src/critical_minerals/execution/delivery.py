"""Put finished documents in place as one set: a reader finds the old set or the new, no mixture.

Steps write to a folder of their own (`Workspace.output`). From it the new set is linked together
beside the old one, and the two folders change places in one call of the system (Linux, macOS).
Elsewhere the old one is moved away first; what a kill in between leaves is completed by the next
command (`complete`).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from critical_minerals.workspace import Workspace, link_whole

_AT_FDCWD: Final = {"linux": -100, "darwin": -2}
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS."""
_CALLS: Final = {"linux": "renameat2", "darwin": "renameatx_np"}


def deliver(workspace: Workspace, part: str = "", without: Collection[str] = ()) -> None:
    """Replace the delivered set, or a folder (`part`) of it, by what the steps have finished.

    `without` are documents that do not belong to this set: their files stay behind.
    """
    target = workspace.delivered / part
    fresh = _beside(target, "new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    source = workspace.output / part
    for name in _files(source):
        if name not in without:
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            link_whole(source / name, fresh / name)
    _put_in_place(fresh, target)


def complete(workspace: Workspace) -> None:
    """Finish what a killed run had begun to put in place; clear away what it left."""
    old, fresh = (_beside(workspace.delivered, word) for word in ("old", "new"))
    if old.is_dir() and not workspace.delivered.exists():
        (fresh if fresh.is_dir() else old).rename(workspace.delivered)
    for rest in (old, fresh):
        shutil.rmtree(rest, ignore_errors=True)


def _put_in_place(fresh: Path, target: Path) -> None:
    if not target.is_dir():
        fresh.rename(target)
        return
    if _exchanged(fresh, target):
        shutil.rmtree(fresh, ignore_errors=True)
        return
    old = _beside(target, "old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        target.rename(old)
    except PermissionError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise PermissionError(error.errno, error.strerror, str(_held(target))) from error
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _held(target: Path) -> Path:
    """Find the file of a set that another program holds open: Windows names the folder alone."""
    for path in sorted(path for path in target.rglob("*") if path.is_file()):
        try:
            path.open("r+b").close()
        except PermissionError:
            return path
    return target


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places at once; say whether the system and its disk can do it."""
    call = (
        getattr(ctypes.CDLL(None), _CALLS[sys.platform], None) if sys.platform in _CALLS else None
    )
    if call is None:
        return False
    at = _AT_FDCWD[sys.platform]
    return call(at, os.fsencode(one), at, os.fsencode(other), _EXCHANGE) == 0


def _beside(target: Path, word: str) -> Path:
    """Name a hidden neighbour of the set: on the same disk, and no document."""
    return target.with_name(f".{target.name}.{word}")


def _files(folder: Path) -> Iterator[str]:
    """Name the files of a folder and of all folders in it."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    yield from (path.relative_to(folder).as_posix() for path in found)
