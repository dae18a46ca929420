"""Watch the project, rebuild what an edit affects, and show the report in the browser.

Open pages are rebuilt first, by a long-lived process: the parent of its kernels, and the engines
that draw and typeset, are already loaded. The rest (print, other documents, the delivered set) is
an ordinary run in the background, which the next edit ends. A process loads code once: where code
was edited, the process restarts itself.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from rich.console import Console
from rich.markup import escape
from watchfiles import Change
from watchfiles import watch as changes_in

from critical_minerals.cli import run as runs
from critical_minerals.cli.watch.server import Server
from critical_minerals.execution import fingerprints, warm
from critical_minerals.execution.brief_jobs import BriefJob, requested_briefs
from critical_minerals.execution.charts import end_drawing
from critical_minerals.execution.delivery import held
from critical_minerals.execution.logs import VERBOSE
from critical_minerals.execution.orphans import remove_temporary_folder, stop_as_by_keyboard
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.quick_check import Signature, look_again
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.runner import signatures_after, with_needs
from critical_minerals.execution.steps import Run, Step
from critical_minerals.language import catalogue
from critical_minerals.report.pandoc import end_workers
from critical_minerals.review.confirmation import confirming
from critical_minerals.workspace.file_access import CODE, matches
from critical_minerals.workspace.parameters import LANGUAGES, Parameters
from critical_minerals.workspace.paths import BRIEFS, Workspace

_LOG: Final = logging.getLogger(__name__)
_PACKAGE: Final = Path(__file__).parents[2]
_TEXTS: Final = f"src/{fingerprints.PACKAGE}/language/"
_CODE_FILES: Final = ("src/**", "pipeline.py", "pyproject.toml", "requirements.lock")
"""Files that a process loads once, so that an edit needs a restart; texts are read again."""
_CODE_SUFFIXES: Final = frozenset({".py", ".lua", ".j2", ".toml", ".lock"})
"""Suffixes of such files: editors create temporary files next to them."""
_QUIET_MS: Final = 20
"""Milliseconds without a further edit after which those before are handled together."""
_LONGEST_MS: Final = 200
"""Milliseconds after which they are handled together in any case."""
_TICK_MS: Final = 100
"""Milliseconds after which the watcher wakes up without an edit, to poll the background run."""


@dataclass(frozen=True)
class WatchOptions:
    """What is watched, the renderer, and the port to serve on (0: any free port)."""

    workspace: Workspace
    steps: runs.Steps
    renderer: str
    port: int


def watch(options: WatchOptions, out: Console, err: Console) -> int:
    """Serve, and rebuild after each edit, until Ctrl-C. Return the exit code."""
    workspace = options.workspace
    stop_as_by_keyboard()
    warm.start_fork_server()  # so that the first edit need not wait for it
    documents = [
        [f"{document.stems[language]}.{suffix}" for language in LANGUAGES]
        for document in workspace.project.documents
        for suffix in ("html", "pdf")
        if suffix in document.formats
    ]
    workspace.output.mkdir(parents=True, exist_ok=True)
    background = _BackgroundRun(options)
    try:
        with Server(workspace.output, options.port, workspace.project.title, documents) as server:
            message = f"The report is served on {server.address} (Ctrl-C ends it)."
            out.print(message)
            watcher = _Watcher(options, server, background, out, err)
            while watcher.follow():
                pass
        background.stop()
        out.print("The code has changed: starting anew.")
        _restart_process(server.port)
    except KeyboardInterrupt:
        pass
    finally:
        background.stop()
    return runs.DONE


def _restart_process(port: int) -> None:
    """Replace this process by one that loads the current code, on the same port."""
    end_workers()
    end_drawing()
    # Release what the ended drawing processes held; otherwise it is reported as leaked.
    gc.collect()
    remove_temporary_folder()
    sys.stdout.flush()
    port_option = ["--port", str(port)]  # of an option that is given twice the last counts
    arguments = sys.argv if sys.argv[-2:] == port_option else [*sys.argv, *port_option]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - this very program


class _Watcher:
    """Watches for edits, and rebuilds what depends on them."""

    def __init__(
        self,
        options: WatchOptions,
        server: Server,
        background: _BackgroundRun,
        out: Console,
        err: Console,
    ) -> None:
        self._options, self._workspace = options, options.workspace
        self._server, self._background = server, background
        self._out, self._err = out, err
        self._patterns = ["**"]
        self._signatures: Mapping[str, Signature] = {}
        self._good_steps: set[str] = set()
        self._loaded_code = self._hash_code()

    def follow(self) -> bool:
        """Watch until a folder is created or removed, or until code has changed: then return False.

        It begins with a build: steps decide by content, so that no earlier edit is missed.
        """
        folders, built = self._watched_folders(), False
        changes = changes_in(
            *folders,
            watch_filter=self._is_relevant,
            step=_QUIET_MS,
            debounce=_LONGEST_MS,
            rust_timeout=_TICK_MS,
            yield_on_timeout=True,
            # A run writes thousands of files in folders next to those that people edit, and the
            # environment lies there too: each folder is watched by itself.
            recursive=False,
        )
        for edits in changes:
            names = sorted({self._name(Path(path)) for _, path in edits})
            if names:
                self._out.print(f"Edited: {escape(', '.join(names[:3]))}")
            code = self._hash_code() if any(map(_is_code, names)) else self._loaded_code
            # By content: a file that was saved unchanged, or changed back, is no reason to restart.
            edited = fingerprints.changed(self._loaded_code, code)
            compiles = self._compiles(edited)
            if compiles:
                if self._must_restart(edited):
                    _LOG.debug("Code that is loaded was edited: %s. Starting anew.", edited)
                    return False
                self._loaded_code = code
            if compiles and (names or not built):
                built = True
                self._build()
            elif (error := self._background.ended()) is not None:
                self._server.tell(error)
            # The watch is not recursive: the caller begins a new one, on the folders as they now
            # are.
            if names and self._watched_folders() != folders:
                break
        return True

    def _build(self) -> None:
        """Rebuild the open pages; then start the background run for the rest."""
        # First of all: it holds the workspace's lock.
        self._background.stop()
        started, self._err.record = time.monotonic(), True
        with runs.ExitStatus() as status:
            runs.begin()
            status.code = self._make_open_pages()
        code = status.code
        message = self._err.export_text(styles=False).strip()
        self._err.record = False
        self._server.tell(message if code else "")
        if code == runs.STOPPED:
            raise KeyboardInterrupt
        if code == runs.DONE:
            seconds = time.monotonic() - started
            self._out.print(f"Shown after {seconds:.1f} s; the rest follows.")
            self._background.start()

    def _make_open_pages(self) -> int:
        """Run the steps of the open pages, or of the first document where none is open."""
        workspace = self._workspace
        catalogue.refresh()
        fingerprints.reset_looked_at()
        # Before anything is read: an edit made meanwhile then differs from what was recorded.
        runs.record_run_inputs(workspace)
        parameters = runs.parameters_for(workspace, {})
        renderer = runs.preference_of(self._options.renderer)
        run = Run(workspace, parameters, renderer=renderer)
        steps = self._options.steps(run)
        self._patterns = [*_patterns_read(steps), *_patterns_read_by_briefs(workspace)]
        wanted = self._steps_of_open_pages(steps)
        _LOG.debug("Open pages: %s; their steps: %d.", self._server.opened, len(wanted))
        with held(workspace), confirming(workspace):
            # A step may be skipped by its files' dates only if it was good at the end of the last
            # build: of steps of a page opened since then that is not known.
            known = {step.name for step in wanted} <= self._good_steps
            if known:
                # Once for what the page shows, and again for all: figures and words are there
                # before what is recorded of them. Errors are those of the second time.
                since = look_again(self._signatures)
                at_once = [step for step in wanted if step.at_once]
                run_steps(workspace, at_once, self._progress(), since=since)
            since = look_again(self._signatures) if known else None
            outcome = run_steps(workspace, wanted, self._progress(), since=since)
            self._signatures = signatures_after(wanted, workspace, outcome.records)
        self._good_steps = {*outcome.done, *outcome.current}
        if not outcome.errors and (briefs := self._open_briefs(parameters)):
            from critical_minerals.execution.briefs import make_briefs  # noqa: PLC0415 - seldom

            outcome = make_briefs(run, briefs, self._progress())
        return runs.print_errors(outcome) if outcome.errors else runs.DONE

    def _progress(self) -> Progress:
        return _ServedProgress(self._out, self._server)

    def _open_briefs(self, parameters: Parameters) -> list[BriefJob]:
        """List the briefs that are open in a browser."""
        pages = {page for page in self._server.opened if page.startswith(f"{BRIEFS}/")}
        every = requested_briefs(self._workspace, parameters, every=True) if pages else []
        return [
            brief for brief in every if pages & {f"{BRIEFS}/{name}" for name in brief.outputs()}
        ]

    def _steps_of_open_pages(self, steps: Sequence[Step]) -> list[Step]:
        first = f"{self._workspace.document(LANGUAGES[0]).stem}.html"
        output = self._workspace.relative(self._workspace.output)
        pages = [f"{output}/{page}" for page in self._server.opened or [first]]
        makers = [step.name for step in steps if any(matches(p, step.outputs) for p in pages)]
        makers = makers or [
            step.name for step in steps if step.name == first
        ]  # briefs need as much
        wanted = {step.name for name in makers for step in with_needs(steps, name)}
        return [step for step in steps if step.name in wanted]

    def _watched_folders(self) -> list[Path]:
        """List the folders in which people edit; they are watched one by one."""
        top, raw = self._workspace.root, self._workspace.raw
        folders = {top, *_folders_in(top), raw, *_folders_in(raw), _PACKAGE, *_folders_in(_PACKAGE)}
        # Runs write processed tables; nobody edits them.
        return sorted(folders - {self._workspace.processed})

    def _name(self, path: Path) -> str:
        """Return a file's name as steps know it; the package is named `src/`, wherever it lies."""
        for folder, prefix in ((_PACKAGE.parent, "src/"), (self._workspace.root, "")):
            if path.is_relative_to(folder):
                name = prefix + path.relative_to(folder).as_posix()
                is_text = name.startswith(_TEXTS) and name.endswith(".ftl")
                return name.removeprefix(_TEXTS).removesuffix(".ftl") if is_text else name
        return path.as_posix()

    def _is_relevant(self, _: Change, path: str) -> bool:
        """Check whether a file is relevant: one that a step reads, or code."""
        name = self._name(Path(path))
        # Swap files of editors, `.pipeline`, and caches of Python that each import writes.
        hidden = any(part.startswith(".") or part == "__pycache__" for part in name.split("/"))
        return not hidden and (_is_code(name) or matches(name, self._patterns))

    def _hash_code(self) -> Mapping[str, str]:
        """Hash every file of code."""
        folders = {_PACKAGE, self._workspace.root / "src"}
        files = [path for folder in folders for path in fingerprints.files_in(folder)]
        files += [self._workspace.root / name for name in _CODE_FILES if "*" not in name]
        named = {self._name(path): path for path in files}
        return {n: fingerprints.of_file(path) for n, path in named.items() if _is_code(n)}

    def _must_restart(self, edited: Sequence[str]) -> bool:
        """Check whether a process has loaded one of the files of code that were edited.

        What none has loaded, such as charts, is read anew where it is used.
        """
        if not edited:
            return False
        # Of what is no module, such as templates, nobody knows who has loaded it.
        lasting = warm.lasting_code()
        if any(name in lasting or not _is_module(name) for name in edited):
            return True
        fingerprints.forget_code(map(self._code_file, edited))
        return False

    def _compiles(self, edited: Sequence[str]) -> bool:
        """Check that files of code compile; report a syntax error with its line."""
        for name in edited:
            file = self._code_file(name)
            if not file.is_file() or file.suffix != ".py":
                continue
            try:
                # Compiled, not imported: a process that restarted on a syntax error would end, and
                # the server and the open pages with it.
                compile(file.read_bytes(), name, "exec")
            except (SyntaxError, ValueError) as error:
                line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
                message = f"{name}{line}: {getattr(error, 'msg', error)}. Mend it: nothing is run."
                self._err.print(escape(message))
                self._server.tell(message)
                return False
        return True

    def _code_file(self, name: str) -> Path:
        """Return the path of a file of code; the package may lie outside the project."""
        file = self._workspace.root / name
        return file if file.is_file() else _PACKAGE.parent / name.removeprefix("src/")


class _ServedProgress(Progress):
    """Shows the progress of a run at the terminal and in the browser."""

    def __init__(self, console: Console, server: Server) -> None:
        super().__init__(console)
        self._server = server

    def started(self, name: str, title: str, why: str = "") -> None:
        """Say that a step begins."""
        super().started(name, title, why)
        self._server.started(name, title)

    def ended(self, name: str, *, good: bool) -> None:
        """Say that a step has ended."""
        super().ended(name, good=good)
        self._server.ended(name)

    def current(self, name: str, why: str = "") -> None:
        """Print nothing for a step that is up to date: after an edit most are."""


class _BackgroundRun:
    """An ordinary run for all that is not open in a browser; the next edit ends it.

    It may be killed at any moment: the next run continues where it stopped.
    """

    def __init__(self, options: WatchOptions) -> None:
        self._command = [sys.executable, sys.argv[0], "run", "--renderer", options.renderer]
        # At low priority: the next edit and the open pages come first.
        if nice := shutil.which("nice"):
            self._command[:0] = [nice, "-n", "10"]
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None

    def start(self) -> None:
        """Begin."""
        # A file, not a pipe: nobody reads while it runs, and a full pipe would stop it.
        self._stderr = TemporaryFile()  # noqa: SIM115 - read when the run has ended
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
            # Its error stream is shown as the error: it holds nothing else.
            env={name: value for name, value in os.environ.items() if name != VERBOSE},
            start_new_session=True,
        )

    def stop(self) -> None:
        """End it, wherever it is."""
        if self._process:
            # At once: an orderly end would keep the edit waiting. What it had started ends by
            # itself (`orphans.end_with_parent`), and the next build clears what it left.
            self._process.kill()
            self._process.wait()
            self._process = None

    def ended(self) -> str | None:
        """Return the error text once the run has ended, blank if it was good; None otherwise."""
        if self._process is None or self._process.poll() is None:
            return None
        code, self._process = self._process.returncode, None
        assert self._stderr  # noqa: S101 - the process had it
        self._stderr.seek(0)
        return self._stderr.read().decode().strip() if code else ""


def _patterns_read(steps: Sequence[Step]) -> list[str]:
    """Return the patterns of files that steps read and none of them makes."""
    made = [pattern for step in steps for pattern in step.outputs]
    read = [each for s in steps for each in (*s.inputs, *s.optional, *s.consults)]
    return sorted({*read} - {*made})


def _patterns_read_by_briefs(workspace: Workspace) -> list[str]:
    """Return the patterns of files that briefs read besides tables and texts."""
    kinds = workspace.project.briefs
    documents = [path for kind in kinds for path in kind.documents.values()]
    notebooks = [f"notebooks/{kind.notebook}.ipynb" for kind in kinds]
    return [*notebooks, *documents, *(f"{Path(path).parent}/theme/**" for path in documents)]


def _is_module(name: str) -> bool:
    return matches(name, [CODE]) and name.endswith(".py")


def _is_code(name: str) -> bool:
    return matches(name, _CODE_FILES) and Path(name).suffix in _CODE_SUFFIXES


def _folders_in(folder: Path) -> list[Path]:
    """List the folders within one, except hidden ones and those that runs write (`_output`)."""
    folders: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith((".", "_")):
                folders += [folder / entry.name, *_folders_in(folder / entry.name)]
    return folders
