"""Ensure that nothing outlives the run that started it, however that run ends.

A process that is killed cannot end what it has started. So each process that is forked for a run
waits for the end of its parent, and then kills all of its own session: the notebook's kernel or
other work, and the programs that these have started. `prctl` could do this through the operating
system, but on Linux alone, and it treats the end of the thread that forked as that of its process.
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

from critical_minerals.workspace.paths import Workspace

_PREFIX: Final = "cmpr"
"""Prefix of the names of temporary folders: short, since paths of sockets in them must be."""
_SHORT_BASE: Final = "/tmp"  # noqa: S108 - where every system of this kind has its temporary files
_LONGEST_BASE: Final = 50
"""Longest path of a folder, in characters, in which Python's own sockets can still be created, two
folders deeper: a socket's path has at most 103 characters on macOS, 107 on Linux."""
_FOLDER_VARIABLES: Final = ("TMPDIR", "TEMP", "TMP")
"""Environment variables for the folder of temporary files, on one system or another."""
_EXIT_PRIORITY: Final = -200
"""Priority of the removal at exit: after that of Python's own folder within this one (-100)."""
_FORMER_VALUES: Final[dict[str, str | None]] = {}
"""Values of these variables before this process had a folder of its own."""
_CLOCK_ERROR: Final = 2.0
"""Seconds by which the time at which a process began may be wrong: some systems count from a start
that they know to the second."""
_HALF_WRITTEN: Final = re.compile(r"\..+\.[a-z0-9_]{8}")
"""Temporary name of a file while it is being written (`write_whole`)."""


def end_with_parent() -> None:
    """Make this process the leader of a session that ends with the process that asked for it.

    That is not the fork server, which only forks, and itself waits for all of its forks.
    """
    os.setsid()
    Thread(target=_end_session_after_parent, daemon=True, name="end-with-parent").start()


def _end_session_after_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        # SIGKILL can neither be caught nor ignored, whatever runs in the session.
        os.killpg(0, signal.SIGKILL)


def stop_as_by_keyboard() -> None:
    """Handle SIGTERM as Ctrl-C, which ends a run in order."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _ignore(*_: object) -> None:
    """Handle a signal by doing nothing."""


def ignore_signals() -> None:
    """Ignore further SIGINT and SIGTERM while a run is being ended."""
    # Python sets handlers in the main thread alone.
    if current_thread() is main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            # Not `SIG_IGN`: programs started from now on would inherit it, and outlive this run.
            signal.signal(number, _ignore)


@cache
def own_temporary_folder() -> Path:
    """Create one folder for all temporary files of this process and of programs that it starts.

    It is removed when this process ends. A program that is killed, such as Pandoc's interpreter or
    Quarto, cannot remove its own files; what a killed process leaves is removed by the next run
    (`clear_leftovers`), which finds the process's id in the folder's name.
    """
    base = tempfile.gettempdir()
    if len(base) > _LONGEST_BASE and os.access(_SHORT_BASE, os.W_OK):
        base = _SHORT_BASE
    folder = tempfile.mkdtemp(prefix=f"{_PREFIX}-{os.getpid()}-", dir=base)
    # Not `atexit`: processes of `multiprocessing` end without running its handlers.
    Finalize(None, shutil.rmtree, [folder], {"ignore_errors": True}, exitpriority=_EXIT_PRIORITY)
    _FORMER_VALUES.update({name: os.environ.get(name) for name in _FOLDER_VARIABLES})
    # Python keeps the folder that it has found once; other programs go by the variables.
    tempfile.tempdir = folder
    os.environ.update(dict.fromkeys(_FOLDER_VARIABLES, folder))
    if os.path.expanduser("~") == "~":  # noqa: PTH111 - `Path` fails where there is no home
        # A user without an entry in the system's list, as in some containers; libraries ask for a
        # home when they are imported.
        os.environ["HOME"] = folder
    return Path(folder)


def remove_temporary_folder() -> None:
    """Remove the temporary folder and restore the environment, before `exec` replaces the process.

    `exec` runs no exit handlers, and the process's id stays: the folder would never be removed.
    """
    shutil.rmtree(own_temporary_folder(), ignore_errors=True)
    for name, value in _FORMER_VALUES.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def clear_leftovers(workspace: Workspace) -> None:
    """Remove what killed runs have left; the caller holds the workspace's lock."""
    own = own_temporary_folder()
    for folder in own.parent.glob(f"{_PREFIX}-*-*"):
        if folder != own and not _is_in_use(folder):
            shutil.rmtree(folder, ignore_errors=True)
    for scratch in ("typesetting-*", "scratch-*", "read/.reading-*"):
        for folder in workspace.state.glob(scratch):
            shutil.rmtree(folder, ignore_errors=True)
    for folder in (workspace.shared, workspace.processed, workspace.state):
        for path in folder.rglob(".*"):
            if _HALF_WRITTEN.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)


def _is_in_use(folder: Path) -> bool:
    """Say whether the process that made a temporary folder is still running."""
    import psutil  # noqa: PLC0415 - seldom: few runs find such a folder

    process = folder.name.removeprefix(f"{_PREFIX}-").partition("-")[0]
    try:
        # By now another process may have the id: it began after the folder was last written to.
        return psutil.Process(int(process)).create_time() < folder.stat().st_mtime + _CLOCK_ERROR
    except psutil.AccessDenied:  # another user's
        return True
    except (psutil.Error, OSError, ValueError, OverflowError):
        return False
