"""Notebooks in git: stored without outputs, compared and merged cell by cell.

`.gitattributes` says for which files; the programs stand in the repository's local configuration,
which no clone copies: nobody runs programs on fetched files without having asked for it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final

from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.workspace.paths import Workspace

_DROPPED_KEYS: Final = (
    "metadata.language_info.codemirror_mode",
    "metadata.language_info.file_extension",
    "metadata.language_info.mimetype",
    "metadata.language_info.nbconvert_exporter",
    "metadata.language_info.pygments_lexer",
    "metadata.language_info.version",
    "metadata.papermill",
    "cell.metadata.papermill",
)
"""Metadata about the program that ran or saved a notebook, which differ between machines."""
_SECTIONS: Final = ("filter.nbstripout", "diff.jupyternotebook", "merge.jupyternotebook")


_INDEX_LOCK: Final = Lock()
"""Git's index has one writer at a time, and JupyterLab may save many notebooks at once."""


def settings() -> dict[str, str]:
    """Return git's settings by name: nbstripout as filter, nbdime to compare and merge.

    Ids of cells are kept, since notes of the report link to them.
    """
    strip = _command(
        "nbstripout._nbstripout", "--keep-id", f'--extra-keys "{" ".join(_DROPPED_KEYS)}"'
    )
    return {
        "filter.nbstripout.clean": strip,
        "filter.nbstripout.smudge": "cat",
        "diff.jupyternotebook.command": _command("nbdime.vcs.git.diffdriver", "diff"),
        "merge.jupyternotebook.driver": _command(
            "nbdime.vcs.git.mergedriver", "merge %O %A %B %L %P"
        ),
        "merge.jupyternotebook.name": "nbdime",
    }


def _command(module: str, *arguments: str) -> str:
    """Return the command line that runs a module's `main`.

    This package is imported first, so that what the module imports loads in a third of the time.
    """
    python = Path(sys.executable).as_posix()
    load = f"import {fingerprints.PACKAGE}; from {module} import main; main()"
    return " ".join([f'"{python}" -c "{load}"', *arguments])


def set_up(workspace: Workspace, *, off: bool = False) -> str:
    """Set this repository up, or undo that; return a message of what was done.

    Raises `UsageError` where git refuses.
    """
    if not (workspace.root / ".git").exists():
        return "This is no git repository: there is nothing to set up."
    existing = (
        _git(workspace.root, "config", "--local", "--name-only", "--list").lower().splitlines()
    )
    # Always from scratch, so that settings of an earlier version do not stay. Git fails where it
    # is to remove a section that does not exist.
    for section in _SECTIONS:
        if any(name.startswith(f"{section}.") for name in existing):
            _git(workspace.root, "config", "--local", "--remove-section", section)
    if off:
        return "Git takes notebooks as they are. To leave outputs out again: pipeline.py git"
    for name, value in settings().items():
        _git(workspace.root, "config", "--local", name, value)
    for notebook in sorted(workspace.notebooks.glob("*.ipynb")):
        refresh_index(notebook)
    return (
        "Git stores notebooks without outputs, and compares them cell by cell (nbstripout and "
        "nbdime). To undo that: python pipeline.py git --off"
    )


def refresh_index(notebook: Path) -> None:
    """Update git's index for a notebook whose outputs alone have changed; leave an edited one.

    `git status` reports a file of another size as changed, without applying the filter. Nothing is
    staged: only the date and size of the file in the index are updated.

    Raises `UsageError` where git refuses.
    """
    folder, name = notebook.parent, notebook.name
    staged = _git(folder, "ls-files", "--stage", "--", name).split()[1:2]
    # `hash-object` applies the filter: equal hashes mean that source and tags are as staged. Of an
    # edited notebook `update-index` would stage the edit.
    if staged and [_git(folder, "hash-object", "--", name).strip()] == staged:
        _git(folder, "update-index", "--", name)


def after_save(os_path: str, model: Mapping[str, Any], **_: Any) -> None:
    """Update git's index after JupyterLab has saved a notebook (its `post_save_hook`)."""
    # In a thread: JupyterLab waits for its hook, and git takes a moment.
    if model["type"] == "notebook":
        Thread(target=_refresh_index_when_free, args=(Path(os_path),), daemon=True).start()


def _refresh_index_when_free(notebook: Path) -> None:
    """Update git's index for a notebook, with retries; give up in silence after the third.

    Another git command may hold the index's lock for a moment, and the folder may be no repository.
    """
    with _INDEX_LOCK:
        for delay in (0.2, 1.0, 0.0):
            try:
                refresh_index(notebook)
                break
            except UsageError:
                time.sleep(delay)


def _git(folder: Path, *arguments: str) -> str:
    try:
        return subprocess.run(  # noqa: S603 - git, by arguments of ours
            ["git", *arguments],  # noqa: S607 - whichever git is used here
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except FileNotFoundError:
        msg = "There is no program git here. Install it, or leave this out."
        raise UsageError(msg) from None
    except subprocess.CalledProcessError as error:
        msg = f"git {arguments[0]}: {error.stderr.strip()}"
        raise UsageError(msg) from error
