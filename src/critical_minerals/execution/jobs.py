"""A job: work on the files of a workspace, done in it or elsewhere on copies of them.

What a job needs and what it makes are files, known by their content. So the same job can be done in
place, or in a folder of another machine that holds copies of what it needs; what it made there is
then put in place here, file by file and each one whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from critical_minerals.declared import Declared, held_to
from critical_minerals.errors import StepError, portable
from critical_minerals.execution import fingerprints
from critical_minerals.workspace import Document, Workspace, write_whole

if TYPE_CHECKING:
    from critical_minerals.parameters import Language, Parameters
    from critical_minerals.report.renderers import Format, RendererName

Work = Callable[[Workspace], None]


@dataclass(frozen=True)
class Job:
    """Work with the files that it reads or replaces.

    `work` must be of a kind that can be pickled: a function of a module, or a `partial` of one.
    `needs` are patterns (`declared`); what is not there is not needed. Files
    that the job made last time belong to it, so that it can remove those it makes no longer.
    `alone` says that a process which stays had better not do it: Typst keeps in memory what it
    computed for the last ten documents.
    """

    name: str
    work: Work
    needs: tuple[str, ...]
    alone: bool = False


@dataclass(frozen=True)
class Result:
    """What a job done elsewhere made, what it removed, and the error it ended with, if any."""

    made: Mapping[str, bytes]
    gone: tuple[str, ...] = ()
    error: Exception | None = None


def run_notebook(workspace: Workspace, name: str, parameters: Parameters) -> None:
    """Run a notebook of a workspace through papermill."""
    from critical_minerals.execution import warm  # noqa: PLC0415 - slow imports
    from critical_minerals.execution.papermills import execute  # noqa: PLC0415

    warm.preload(workspace.project.preloaded)
    execute(workspace, workspace.notebooks / f"{name}.ipynb", parameters)


def typeset(
    workspace: Workspace,
    document: Document,
    language: Language,
    format_: Format,
    renderer: RendererName,
    version: str,
) -> None:
    """Typeset a document of an edition with the renderer that was chosen where the run began.

    Raises `StepError` where this machine has another version of it.
    """
    from critical_minerals.report.renderers import choose, make  # noqa: PLC0415 - slow import
    from critical_minerals.report.working_copy import working_copy  # noqa: PLC0415

    chosen = choose(renderer)
    if chosen.version != version:
        msg = (
            f"The run began with the renderer {renderer} {version}, but a worker has "
            f"{chosen.version}. Install the same version there, or choose --renderer embedded."
        )
        raise StepError(msg)
    path = workspace.document(language, document)
    with working_copy(workspace, path, language, path.stem) as copy:
        make(chosen, copy, language, format_, workspace.output)


def in_subprocess(workspace: Workspace, work: Work) -> None:
    """Do work in a process that ends with it."""
    from critical_minerals.execution import warm  # noqa: PLC0415 - not for work in place

    warm.run_in_subprocess("operator:call", work, workspace)


def files_of(job: Job, workspace: Workspace) -> dict[str, bytes]:
    """Read every file of the project that a job needs, by its name from the project's top."""
    found = fingerprints.find(workspace.root, job.needs).values()
    files = [path for path in found if path.is_file() and path.is_relative_to(workspace.root)]
    return {workspace.relative(path): path.read_bytes() for path in files}


def run_elsewhere(
    root: Path, work: Work, files: Mapping[str, bytes], declared: Declared | None = None
) -> Result:
    """Do a job's work in an empty folder that is given the files it needs, and nothing else.

    It is held to what its step `declared`, as it would be in place.

    An error of the work is returned like the rest: what a failed job leaves is worth reading.
    """
    for name, content in files.items():
        write_whole(root / name, content)
    error = None
    held = held_to(replace(declared, root=str(root))) if declared else nullcontext()
    try:
        with held:
            work(Workspace(root))
    except Exception as caught:  # noqa: BLE001 - raised where the run was started
        error = portable(caught)
    left = {file.relative_to(root).as_posix(): file.read_bytes() for file in _files(root)}
    made = {name: content for name, content in left.items() if files.get(name) != content}
    return Result(made, tuple(sorted(files.keys() - left)), error)


def receive(workspace: Workspace, result: Result) -> None:
    """Put what a job made elsewhere in place, then raise the error with which it ended."""
    for name in result.gone:
        (workspace.root / name).unlink(missing_ok=True)
    for name, content in result.made.items():
        write_whole(workspace.root / name, content)
    if result.error is not None:
        raise result.error


def _files(folder: Path) -> Iterator[Path]:
    """Give the files of a folder and of those in it; caches of Python do not count."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return (path for path in files if "__pycache__" not in path.parts)
