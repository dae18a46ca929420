"""Notebooks in git: stored without outputs, compared and merged cell by cell.

`.gitattributes` says for which files; how it is done stands in the repository's own configuration,
which no clone takes along: whoever runs programs on what is fetched shall have asked for it.
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
from critical_minerals.workspace import Workspace

_LEFT_OUT: Final = (
    "metadata.language_info.codemirror_mode",
    "metadata.language_info.file_extension",
    "metadata.language_info.mimetype",
    "metadata.language_info.nbconvert_exporter",
    "metadata.language_info.pygments_lexer",
    "metadata.language_info.version",
    "metadata.papermill",
    "cell.metadata.papermill",
)
"""What a program that ran or saved a notebook says of itself."""
_SECTIONS: Final = ("filter.nbstripout", "diff.jupyternotebook", "merge.jupyternotebook")


_ONE_BY_ONE: Final = Lock()
"""Git's index is written by one at a time; JupyterLab saves many notebooks at once."""


def settings() -> dict[str, str]:
    """Return git's settings by name: the filter of nbstripout, and nbdime for the rest.

    Ids of cells stay, for notes of the report lead to them.
    """
    strip = _called("nbstripout._nbstripout", "--keep-id", f'--extra-keys "{" ".join(_LEFT_OUT)}"')
    return {
        "filter.nbstripout.clean": strip,
        "filter.nbstripout.smudge": "cat",
        "diff.jupyternotebook.command": _called("nbdime.vcs.git.diffdriver", "diff"),
        "merge.jupyternotebook.driver": _called(
            "nbdime.vcs.git.mergedriver", "merge %O %A %B %L %P"
        ),
        "merge.jupyternotebook.name": "nbdime",
    }


def _called(module: str, *arguments: str) -> str:
    """Write the call of a program that a module holds.

    This package is imported before, so that what they import takes a third of the time.
    """
    python = Path(sys.executable).as_posix()
    load = f"import {fingerprints.PACKAGE}; from {module} import main; main()"
    return " ".join([f'"{python}" -c "{load}"', *arguments])


def set_up(workspace: Workspace, *, off: bool = False) -> str:
    """Set this repository up, or undo that; say what was done.

    Raises `UsageError` where git refuses.
    """
    if not (workspace.root / ".git").exists():
        return "This is no git repository: there is nothing to set up."
    known = _git(workspace.root, "config", "--local", "--name-only", "--list").lower().splitlines()
    for section in _SECTIONS:
        if any(name.startswith(f"{section}.") for name in known):
            _git(workspace.root, "config", "--local", "--remove-section", section)
    if off:
        return "Git takes notebooks as they are. To leave outputs out again: pipeline.py git"
    for name, value in settings().items():
        _git(workspace.root, "config", "--local", name, value)
    for notebook in sorted(workspace.notebooks.glob("*.ipynb")):
        settle(notebook)
    return (
        "Git stores notebooks without outputs, and compares them cell by cell (nbstripout and "
        "nbdime). To undo that: python pipeline.py git --off"
    )


def settle(notebook: Path) -> None:
    """Let git see that a notebook, outputs aside, is what it has; an edited one is left alone.

    `git status` takes a file of another size for changed, and asks no filter. Nothing is staged:
    only what git knows of the file's date and size is brought up to date.

    Raises `UsageError` where git refuses.
    """
    folder, name = notebook.parent, notebook.name
    staged = _git(folder, "ls-files", "--stage", "--", name).split()[1:2]
    if staged and [_git(folder, "hash-object", "--", name).strip()] == staged:
        _git(folder, "update-index", "--", name)


def after_save(os_path: str, model: Mapping[str, Any], **_: Any) -> None:
    """Settle a notebook that JupyterLab has saved (its `post_save_hook`), while it goes on."""
    if model["type"] == "notebook":
        Thread(target=_settle_if_possible, args=(Path(os_path),), daemon=True).start()


def _settle_if_possible(notebook: Path) -> None:
    """Settle a notebook once nobody else writes git's index; without git there is nothing to do."""
    with _ONE_BY_ONE:
        for wait in (0.2, 1.0, 0.0):
            try:
                settle(notebook)
                break
            except UsageError:
                time.sleep(wait)


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
