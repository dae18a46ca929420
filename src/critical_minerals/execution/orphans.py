"""Let nothing outlive the run that started it, however that run ends.

A process that is killed cannot end what it has started. So each process that is forked for a run
watches for the end of the one that asked for it, and then ends all of its own session: its kernel
or its work, and the programs that these have started. `prctl` could say so to the kernel of the
system, but on Linux alone, and it counts the end of a thread as that of its process.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from functools import cache
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Thread, current_thread, main_thread
from typing import Final

from critical_minerals.workspace import Workspace

_NAME: Final = "cmpr"
"""Begins the names of temporary folders: short, since sockets lie there, whose paths must be."""
_SHORT: Final = "/tmp"  # noqa: S108 - where every system of this kind has its temporary files
_LONGEST: Final = 50
"""Characters of a folder in which Python's own sockets, two folders deeper, can still be named: a
socket's path has 103 at most on macOS, 107 on Linux."""
_TEMPORARY: Final = ("TMPDIR", "TEMP", "TMP")
"""Variables that say where temporary files lie, on one system or another."""
_LAST: Final = -200
"""Of what Python does at a process's end: it removes a folder of its own in ours at -100."""
_GIVEN: Final[dict[str, str | None]] = {}
"""What they said before this process had a folder of its own."""
_HALF_WRITTEN: Final = re.compile(r"\..+\.[a-z0-9_]{8}")
"""How a file is called until it is whole and takes its name (`write_whole`)."""


def end_with_parent() -> None:
    """Make this process the head of a session that ends when the process that forked it does.

    The fork server is not that process: it only forks, and itself waits for all of its forks.
    """
    os.setsid()
    Thread(target=_wait, daemon=True, name="end-with-parent").start()


def _wait() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, signal.SIGKILL)


def stop_as_by_keyboard() -> None:
    """Let SIGTERM end a run in the orderly way that Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def ignore_signals() -> None:
    """Let a run that is being ended be ended in order, whatever is pressed meanwhile."""
    if current_thread() is main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            # Not `SIG_IGN`, which programs started from now on would inherit, and outlive us.
            signal.signal(number, lambda *_: None)


@cache
def own_temporary_folder() -> Path:
    """Let all temporary files of this process and of programs that it starts lie in one folder.

    It ends with this process. A program that is killed cannot remove its own files, as Pandoc's
    interpreter and Quarto would; what a killed process has left here, the next run clears
    (`clear_leftovers`), which knows by the folder's name whose it is.
    """
    base = tempfile.gettempdir()
    if len(base) > _LONGEST and os.access(_SHORT, os.W_OK):
        base = _SHORT
    folder = tempfile.mkdtemp(prefix=f"{_NAME}-{os.getpid()}-", dir=base)
    Finalize(None, shutil.rmtree, [folder], {"ignore_errors": True}, exitpriority=_LAST)
    _GIVEN.update({name: os.environ.get(name) for name in _TEMPORARY})
    tempfile.tempdir = folder
    os.environ.update(dict.fromkeys(_TEMPORARY, folder))
    if os.path.expanduser("~") == "~":  # noqa: PTH111 - `Path` fails where there is no home
        os.environ["HOME"] = folder  # a user without an entry; libraries ask for it as they load
    return Path(folder)


def leave_temporary_folder() -> None:
    """Remove that folder, and let the environment be as it was, before a program that replaces us.

    To that program nobody would say that this one has ended.
    """
    shutil.rmtree(own_temporary_folder(), ignore_errors=True)
    for name, value in _GIVEN.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def clear_leftovers(workspace: Workspace) -> None:
    """Remove what killed runs have left; the caller holds the workspace's lock."""
    if os.name == "posix":  # elsewhere signal 0 would end the process it asks after
        for folder in own_temporary_folder().parent.glob(f"{_NAME}-*-*"):
            if not _is_running(folder.name.removeprefix(f"{_NAME}-").partition("-")[0]):
                shutil.rmtree(folder, ignore_errors=True)
    for scratch in ("typesetting-*", "scratch-*", "read/.reading-*"):
        for folder in workspace.state.glob(scratch):
            shutil.rmtree(folder, ignore_errors=True)
    for folder in (workspace.shared, workspace.processed, workspace.state):
        for path in folder.rglob(".*"):
            if _HALF_WRITTEN.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except PermissionError:  # another user's
        return True
    return True
