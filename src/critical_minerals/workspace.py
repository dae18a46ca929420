"""Where everything lies, and how files come into place whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Final

from critical_minerals.declaration import Document, Project, project_of
from critical_minerals.errors import StepError, UsageError

DESCRIPTOR: Final = ".schema.yaml"
"""How a descriptor is called that stands beside the table it describes."""
CHECKS: Final[Mapping[str, str]] = {"en": "checks", "fr": "verifications"}
"""The report on checks of each edition, without its ending."""
CHANGES: Final[Mapping[str, str]] = {"en": "changes.html", "fr": "changements.html"}
"""The page of each edition that tells every change since the last release."""
BROWSE: Final[Mapping[str, str]] = {"en": "browse.html", "fr": "parcourir.html"}
"""The page of each edition on which every figure can be searched."""
WORKBOOKS: Final = ("ods", "xlsx")
"""The formats of the workbooks that hold the tables of the last document, in `data/`."""
PROVISIONER: Final = "critical-minerals-warm"
"""The name under which the provisioner of forked kernels is registered with Jupyter."""
MEMORY: Final = "CRITICAL_MINERALS_MEMORY"
"""Environment variable that tells a kernel how many bytes of its own it may hold."""
RUN: Final = "CRITICAL_MINERALS_RUN"
"""Environment variable that tells a notebook for what it runs: the report, or a branch.

Only those set it who make the report or its briefs. Where it is not set, a person runs the notebook
by hand, and what it makes is a draft.
"""
REPORT: Final = "report"
"""What `RUN` says of a notebook that runs for the report itself."""
BRIEFS: Final = "briefs"
"""The branch, and the folder of finished documents, that all briefs have in common."""
_DRAFTS: Final = "drafts"


@dataclass(frozen=True)
class Workspace:
    """The folders of one checkout; every path in the project is asked for here.

    On a `branch`, such as `briefs/lithium` or `drafts/10_funding`, something is made beside the
    report, from the same processed tables: what is published and saved for it stays apart.
    """

    root: Path
    branch: str = ""

    @property
    def project(self) -> Project:
        """What the report in this folder says of itself: documents, lists of names, parameters."""
        return project_of(self.root)

    @property
    def raw(self) -> Path:
        """Figures that people edit; never written by a run."""
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        """Tidy tables that the notebooks write."""
        return self.root / "data" / "processed"

    @property
    def schemas(self) -> Path:
        """The descriptors of the processed tables; those of raw tables stand beside these."""
        return self.root / "data" / "schemas"

    @property
    def releases(self) -> Path:
        """Figures frozen under a name, to compare later ones with."""
        return self.root / "data" / "releases"

    @property
    def saved(self) -> Path:
        """Where a notebook writes its tables: a branch keeps its own to itself."""
        return self.generated / "tables" if self.branch else self.processed

    @property
    def notebooks(self) -> Path:
        """The notebooks, committed without outputs."""
        return self.root / "notebooks"

    @property
    def reports(self) -> Path:
        """The documents and their theme."""
        return self.root / "reports"

    @property
    def output(self) -> Path:
        """Where steps write finished documents; those of a branch stand with its neighbours'.

        They reach people as one set, when all of it is whole (`delivered`).
        """
        return self.shared / "output" / Path(self.branch).parent

    @property
    def delivered(self) -> Path:
        """The finished report, as the last good run put it in place: replaced as a whole."""
        return self.reports / "_output"

    @property
    def executed(self) -> Path:
        """Executed notebooks, outputs and all."""
        return self.generated / "notebooks"

    def stored_figure(self, identifier: str) -> Path:
        """Return the file in which a notebook stores a figure, for the step that makes it."""
        return self.generated / "figures" / f"{identifier}.pickle"

    @property
    def generated(self) -> Path:
        """Everything a run makes for the documents.

        Drafts lie elsewhere: nobody who reads what runs have made may come upon them.
        """
        return self.reports / f"_{self.branch}" if self.draft else self.shared / self.branch

    @property
    def shared(self) -> Path:
        """What all branches have in common: fonts and made parts of the theme."""
        return self.reports / "_generated"

    @property
    def cache(self) -> Path:
        """What typesetting keeps for the next time: converted tables, and what Quarto warned of."""
        return self.shared / "cache"

    @property
    def fonts(self) -> Path:
        """The type family that charts and documents share."""
        return self.shared / "fonts"

    @property
    def lineage(self) -> Path:
        """The raw rows that each notebook used."""
        return self.generated / "lineage"

    @property
    def record(self) -> Path:
        """The record of where everything published is from."""
        return self.shared / "lineage.json"

    @property
    def changes(self) -> Path:
        """What changed since the last release, from which every telling of it is made."""
        return self.shared / "changes.json"

    @property
    def reportable_changes(self) -> Path:
        """Those of the changes that the report may tell, and the numbers of all."""
        return self.shared / "changes-reportable.json"

    @property
    def state(self) -> Path:
        """What the last run knew; safe to delete."""
        return self.root / ".pipeline"

    @property
    def draft(self) -> bool:
        """Whether a notebook that a person runs by hand works here."""
        return self.branch.startswith(f"{_DRAFTS}/")

    @property
    def run(self) -> str:
        """What `RUN` says to a notebook that is to work here."""
        return self.branch or REPORT

    def on(self, branch: str) -> Workspace:
        """Return the same checkout on a branch."""
        return replace(self, branch=branch)

    def document(self, language: str, document: Document | None = None) -> Path:
        """Return a document of one edition; if it is not said which, the one read first."""
        return self.reports / f"{(document or self.project.first).stems[language]}.qmd"

    def documents(self, language: str) -> list[Path]:
        """Return all documents of one edition, in their order."""
        return [self.document(language, each) for each in self.project.documents]

    def published(self, language: str) -> Path:
        """Return the folder of what the notebooks published in one language."""
        return self.generated / language

    def relative(self, path: Path) -> str:
        """Name a file as people see it: from the project's top, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    @contextmanager
    def lock(self) -> Generator[None]:
        """Hold the run lock, so that two runs never write into each other."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 - not for runs with nothing to do

        self.state.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.state / "run.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            msg = "Another run is under way in this folder. Wait for it to end, then try again."
            raise UsageError(msg) from None
        try:
            yield
        finally:
            lock.release()


def find_workspace(start: Path | None = None) -> Workspace:
    """Find the project around `start` (default: here)."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "pyproject.toml").is_file() and (folder / "notebooks").is_dir():
            return Workspace(folder)
    msg = f"{here} is not inside a project folder (no pyproject.toml beside notebooks/ above it)."
    raise UsageError(msg)


def workspace_of(notebook: str, start: Path | None = None) -> Workspace:
    """Find where a notebook works: as the environment says (`RUN`), else on a draft of its own.

    Of its own, because a draft that was forgotten must not find its way into another one. Where the
    kernel was started outside of any project, it is the one that this package belongs to.
    """
    run_name = os.environ.get(RUN) or f"{_DRAFTS}/{notebook}"
    return _find_project(start).on("" if run_name == REPORT else run_name)


def _find_project(start: Path | None) -> Workspace:
    """Find the project around a folder; papermill starts kernels wherever it was called."""
    try:
        return find_workspace(start)
    except UsageError:
        # Only where nobody named a folder: a wrong one must fail, not be replaced.
        if start is None:
            with suppress(UsageError):
                return find_workspace(Path(__file__).parent)
        raise


def read_text(path: Path) -> str:
    """Read a text that people write, with or without a byte-order mark.

    Raises `StepError` where it is not UTF-8.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{path.name} is no text in UTF-8 (byte {error.start + 1}). Save it as UTF-8."
        raise StepError(msg) from error


def link_whole(source: Path, target: Path) -> None:
    """Link a file, or copy it where files cannot be linked.

    Nobody writes into such a file: new content comes as a new file (`write_whole`), so that no link
    changes behind a reader.
    """
    # A link cannot replace a file; and to write into an old link would change what else is linked
    # to it.
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    # The two lie on different file systems, or on one that has no links.
    except OSError:
        shutil.copyfile(source, target)


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file so that a reader sees the old or the new content, never half of it.

    A file that already holds the same bytes is left alone, so that its date tells of a change.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, because a rename is atomic only within one file system; with random
    # letters, because two processes may write the same file.
    temporary = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with temporary.open("xb") as file:  # with the rights that the user gives new files
            file.write(data)
        temporary.replace(path)
    # Ctrl-C too must leave no half-written file behind.
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
