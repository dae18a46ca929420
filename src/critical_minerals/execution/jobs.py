"""Jobs: work on the files of a workspace, run in place or elsewhere, and who runs them.

What a job needs and makes are files, identified by their content. So the same job can run in place,
or in a folder of another machine that holds copies of the files it needs; what it made there is
then written here, file by file, each one atomically.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from critical_minerals.errors import StepError, portable
from critical_minerals.execution import fingerprints
from critical_minerals.workspace.file_access import CODE, Declared, enforce
from critical_minerals.workspace.paths import Workspace, write_whole

if TYPE_CHECKING:
    from critical_minerals.report.renderers import Format, RendererName
    from critical_minerals.workspace.parameters import Language, Parameters

Work = Callable[[Workspace], None]


@dataclass(frozen=True)
class Job:
    """Work with the files that it reads or replaces.

    `work` must be picklable: a function of a module, or a `partial` of one. `needs` are patterns
    (`file_access`); a file that does not exist is not needed. Files that the job made last time are
    among them, so that it can remove those it makes no longer. `alone` keeps it out of long-lived
    processes: Typst keeps in memory what it computed for the last ten documents.
    """

    name: str
    work: Work
    needs: tuple[str, ...]
    alone: bool = False


@dataclass(frozen=True)
class Result:
    """Files that a job elsewhere made and removed, and the error it ended with, if any."""

    made: Mapping[str, bytes]
    gone: tuple[str, ...] = ()
    error: Exception | None = None


class JobExecutor(Protocol):
    """Runs jobs, each in the thread that calls it."""

    @property
    def slots(self) -> int:
        """The number of jobs that can run at once."""
        ...

    def do(self, job: Job, workspace: Workspace) -> None:
        """Run a job; its outputs are in place when this returns. Raises what the job raised."""
        ...

    def stop(self) -> None:
        """Abandon all jobs at once, because the run was interrupted."""
        ...


class Local:
    """Runs jobs on this machine, in place; kernels and renderers are processes of their own."""

    def __init__(self, slots: int | None = None) -> None:
        self.slots = slots or os.cpu_count() or 1

    def do(self, job: Job, workspace: Workspace) -> None:
        """Run a job in place."""
        job.work(workspace)

    def stop(self) -> None:
        """End the processes that jobs wait for."""
        # A thread cannot be stopped from outside; it returns when its process has ended.
        for process in multiprocessing.active_children():
            process.terminate()


def run_notebook(workspace: Workspace, name: str, parameters: Parameters, **own: Any) -> None:
    """Run a notebook of a workspace through papermill; `own` are parameters that it alone has."""
    from critical_minerals.execution.papermills import execute  # noqa: PLC0415

    execute(workspace, workspace.notebooks / f"{name}.ipynb", parameters, **own)


@dataclass(frozen=True)
class Typesetting:
    """How documents are typeset: in which formats, and by the renderer that the run has chosen."""

    formats: tuple[Format, ...]
    renderer: RendererName
    version: str


def typeset(
    workspace: Workspace,
    document: str,
    language: Language,
    how: Typesetting,
    stem: str = "",
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Typeset a document, given by its path from the project's top.

    The finished ones are called by its `stem`, or by another that is given; `metadata` are for them
    only. Raises `StepError` where this machine has another version of the renderer.
    """
    from critical_minerals.report.renderers import choose, render_document  # noqa: PLC0415 - slow import
    from critical_minerals.report.working_copy import working_copy  # noqa: PLC0415

    # Workers of a cluster may have other versions; a set of documents is typeset by one.
    chosen = choose(how.renderer)
    if chosen.version != how.version:
        msg = (
            f"The run began with the renderer {how.renderer} {how.version}, but a worker has "
            f"{chosen.version}. Install the same version there, or choose --renderer embedded."
        )
        raise StepError(msg)
    path = workspace.root / document
    with working_copy(workspace, path, language, stem or path.stem, metadata) as copy:
        render_document(chosen, copy, language, how.formats, workspace.output)


def files_of(job: Job, workspace: Workspace) -> dict[str, bytes]:
    """Read every file of the project that a job needs, by its path from the project's top."""
    # Every worker has the package, with its code and the localized texts.
    needs = [pattern for pattern in job.needs if pattern != CODE]
    paths = fingerprints.find(workspace.root, needs).values()
    files = [path for path in paths if path.is_file() and path.is_relative_to(workspace.root)]
    return {workspace.relative(path): path.read_bytes() for path in files}


def run_elsewhere(
    root: Path, work: Work, files: Mapping[str, bytes], declared: Declared | None = None
) -> Result:
    """Run a job's work in an empty folder that is given the files it needs, and nothing else.

    It may read only what its step declares (`file_access`), as in place.

    An error of the work is returned with the files: those of a failed job, such as its executed
    notebook, help to find the cause.
    """
    for name, content in files.items():
        write_whole(root / name, content)
    error = None
    restriction = enforce(replace(declared, root=str(root))) if declared else nullcontext()
    try:
        with restriction:
            work(Workspace(root))
    except Exception as caught:  # noqa: BLE001 - raised where the run was started
        error = portable(caught)
    files_left = fingerprints.files_in(root)
    remaining = {file.relative_to(root).as_posix(): file.read_bytes() for file in files_left}
    # Files that were sent and have not changed stay here.
    made = {name: content for name, content in remaining.items() if files.get(name) != content}
    return Result(made, tuple(sorted(files.keys() - remaining)), error)


def receive(workspace: Workspace, result: Result) -> None:
    """Write what a job made elsewhere, then raise the error with which it ended."""
    for name in result.gone:
        (workspace.root / name).unlink(missing_ok=True)
    for name, content in result.made.items():
        write_whole(workspace.root / name, content)
    if result.error is not None:
        raise result.error
