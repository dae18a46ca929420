"""A folder of its own for each document that is typeset.

Renderers find theme, settings and published figures beside the document and leave helper files
there. In a working copy languages, formats and whole documents can be typeset side by side, and a
document may come from anywhere.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from critical_minerals.declared import current, matches
from critical_minerals.parameters import Language
from critical_minerals.report.yaml_text import dump_yaml
from critical_minerals.workspace import Workspace, link_whole

LINKS = "links.yml"
"""Metadata of the document's surroundings, beside its published figures."""


@contextmanager
def working_copy(
    workspace: Workspace,
    document: Path,
    language: Language,
    name: str,
    metadata: Mapping[str, Any] | None = None,
) -> Generator[Path]:
    """Give the copy of a document, by another name, with all that it rests on.

    Files in `theme/` beside the document stand in for those of the same name in the report's theme.
    `metadata` is what only this copy knows, such as links to its neighbours.
    """
    workspace.state.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=workspace.state, prefix="typesetting-") as scratch:
        folder = Path(scratch)
        published = folder / "_generated" / language
        _place(workspace.reports / "theme", folder / "theme")
        _place(document.parent / "theme", folder / "theme")
        _place(workspace.shared / "theme", folder / "_generated" / "theme")
        _place(workspace.published(language), published, _declared(workspace))
        for shared in (workspace.fonts, workspace.cache):
            _share(shared, folder / "_generated" / shared.name)
        link_whole(workspace.reports / "_quarto.yml", folder / "_quarto.yml")
        if metadata is not None:
            text = dump_yaml(dict(metadata))
            (published / LINKS).write_text(text, "utf-8")
        copy = folder / f"{name}.qmd"
        shutil.copyfile(document, copy)
        yield copy


def _declared(workspace: Workspace) -> Callable[[Path], bool]:
    """Tell what the step at work here declares: what it does not must not find its way in."""
    declared = current()
    if declared is None:
        return lambda _: True
    return lambda path: matches(workspace.relative(path), declared.patterns)


def _place(source: Path, target: Path, holds: Callable[[Path], bool] = lambda _: True) -> None:
    """Put a folder's own files into another one, in the place of those of the same name."""
    target.mkdir(parents=True, exist_ok=True)
    if not source.is_dir():
        return
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.is_file() and holds(Path(entry.path)):
                link_whole(Path(entry.path), target / entry.name)


def _share(source: Path, target: Path) -> None:
    """Let the copy have a folder that outlives it, where folders can be linked."""
    source.mkdir(parents=True, exist_ok=True)
    try:
        target.symlink_to(source.resolve(), target_is_directory=True)
    except OSError:
        _place(source, target)
