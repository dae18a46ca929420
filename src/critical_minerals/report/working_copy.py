"""Make a temporary folder of its own for each document that is typeset.

Renderers find theme, settings and published figures next to the document and leave helper files
there. In working copies, languages, formats and whole documents can be typeset in parallel, and a
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

from critical_minerals.report.yaml_text import dump_yaml
from critical_minerals.workspace.file_access import current, matches
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace, link_whole

LINKS = "links.yml"
"""Metadata on the documents around this one, next to its published figures."""


@contextmanager
def working_copy(
    workspace: Workspace,
    document: Path,
    language: Language,
    name: str,
    metadata: Mapping[str, Any] | None = None,
) -> Generator[Path]:
    """Yield the copy of a document, by another name, with all that it depends on.

    Files in `theme/` next to the document replace those of the same name in the report's theme.
    `metadata` is for this copy only, such as links to its neighbours.
    """
    workspace.state.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=workspace.state, prefix="typesetting-") as scratch:
        folder = Path(scratch)
        published = folder / "_generated" / language
        _link_files(workspace.reports / "theme", folder / "theme")
        # After the report's theme, so that its files win.
        _link_files(document.parent / "theme", folder / "theme")
        _link_files(workspace.shared / "theme", folder / "_generated" / "theme")
        _link_files(workspace.published(language), published, _declared_filter(workspace))
        for shared in (workspace.fonts, workspace.cache):
            _link_folder(shared, folder / "_generated" / shared.name)
        link_whole(workspace.reports / "_quarto.yml", folder / "_quarto.yml")
        if metadata is not None:
            text = dump_yaml(dict(metadata))
            (published / LINKS).write_text(text, "utf-8")
        copy = folder / f"{name}.qmd"
        shutil.copyfile(document, copy)
        yield copy


def _declared_filter(workspace: Workspace) -> Callable[[Path], bool]:
    """Return a predicate: whether the running step declares a file, for no other may be read."""
    declared = current()
    # Outside of a step, as in a preview by hand, nothing is declared.
    if declared is None:
        return lambda _: True
    return lambda path: matches(workspace.relative(path), declared.patterns)


def _link_files(
    source: Path, target: Path, accepts: Callable[[Path], bool] = lambda _: True
) -> None:
    """Link the files of a folder into another one, replacing those of the same name."""
    target.mkdir(parents=True, exist_ok=True)
    if not source.is_dir():
        return
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.is_file() and accepts(Path(entry.path)):
                link_whole(Path(entry.path), target / entry.name)


def _link_folder(source: Path, target: Path) -> None:
    """Link a shared folder into the copy, so that what is added to it outlives the copy."""
    source.mkdir(parents=True, exist_ok=True)
    try:
        target.symlink_to(source.resolve(), target_is_directory=True)
    except OSError:
        # Windows may not allow links of folders. The copy then has the present files, and what
        # is added to it is lost: that costs time and nothing else.
        _link_files(source, target)
