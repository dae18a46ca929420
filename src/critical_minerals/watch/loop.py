"""Watch the project, make anew what an edit touches, and show the report in the browser.

What somebody looks at comes first, from a process that stays: the parent of its kernels, and the
engines that draw and typeset, are awake. The rest (print, other documents, the delivered set) is an
ordinary run, which the next edit ends. Code is loaded once in a process: where it was edited, the
process starts itself anew.
"""

from __future__ import annotations

import gc
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

from critical_minerals import run as runs
from critical_minerals.declared import matches
from critical_minerals.execution import fingerprints, warm
from critical_minerals.execution.brief_jobs import FOLDER, BriefJob, asked_briefs
from critical_minerals.execution.charts import end_drawing
from critical_minerals.execution.delivery import complete
from critical_minerals.execution.orphans import (
    clear_leftovers,
    leave_temporary_folder,
    stop_as_by_keyboard,
)
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.quick_check import Signature, look_again
from critical_minerals.execution.runner import known_after, with_needs
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.steps import Run, Step
from critical_minerals.language import catalogue
from critical_minerals.parameters import LANGUAGES, Parameters
from critical_minerals.report.pandoc import end_workers
from critical_minerals.watch.server import Server
from critical_minerals.workspace import Workspace

_PACKAGE: Final = Path(__file__).parents[1]
_TEXTS: Final = f"src/{fingerprints.PACKAGE}/language/"
_LOADED: Final = ("src/**", "pipeline.py", "pyproject.toml", "requirements.lock")
"""What a process has loaded, so that an edit needs a new one; texts are read again."""
_KINDS: Final = frozenset({".py", ".lua", ".j2", ".toml", ".lock"})
"""Endings of such files: editors put others beside them for a moment."""
_QUIET: Final = 20
"""Milliseconds without an edit, after which those before are taken as one."""
_LONGEST: Final = 200
"""Milliseconds after which they are taken as one in any case."""
_TICK: Final = 100
"""Milliseconds after which the watcher looks up where nothing was edited."""


@dataclass(frozen=True)
class WatchOptions:
    """What is watched, how it is typeset, and the port to serve on (0: any that is free)."""

    workspace: Workspace
    steps: runs.Steps
    renderer: str
    port: int


def watch(options: WatchOptions, out: Console, err: Console) -> int:
    """Serve, and build after each edit, until Ctrl-C. Returns the exit code."""
    workspace = options.workspace
    stop_as_by_keyboard()
    warm.preload(workspace.project.preloaded)
    warm.start_fork_server()  # so that the first edit need not wait for it
    documents = [
        [f"{each.stems[language]}.{suffix}" for language in LANGUAGES]
        for each in workspace.project.documents
        for suffix in ("html", "pdf")
        if suffix in each.formats
    ]
    workspace.output.mkdir(parents=True, exist_ok=True)
    rest = _BackgroundRun(options)
    try:
        with Server(workspace.output, options.port, workspace.project.title, documents) as server:
            told = f"The report is served on {server.address} (Ctrl-C ends it)."
            out.print(told)
            watcher = _Watcher(options, server, rest, out, err)
            while watcher.follow():
                pass
        rest.stop()
        out.print("The code has changed: starting anew.")
        _start_anew(server.port)
    except KeyboardInterrupt:
        pass
    finally:
        rest.stop()
    return runs.DONE


def _start_anew(port: int) -> None:
    """Replace this process by one that loads the code as it now is, on the same port."""
    end_workers()
    end_drawing()
    gc.collect()  # what the processes that drew have held must not seem forgotten
    leave_temporary_folder()
    sys.stdout.flush()
    same = ["--port", str(port)]  # of an option that is given twice the last counts
    arguments = sys.argv if sys.argv[-2:] == same else [*sys.argv, *same]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - this very program


class _Watcher:
    """Sees what is edited, and lets be made what rests on it."""

    def __init__(
        self,
        options: WatchOptions,
        server: Server,
        rest: _BackgroundRun,
        out: Console,
        err: Console,
    ) -> None:
        self._options, self._workspace = options, options.workspace
        self._server, self._rest = server, rest
        self._out, self._err = out, err
        self._read = ["**"]
        self._good: Mapping[str, Signature] = {}
        self._made: set[str] = set()
        self._loaded = self._code()

    def follow(self) -> bool:
        """Watch until a folder comes or goes, or until the code has changed: then return False.

        It begins with a build: steps decide by content, so that no edit before is missed.
        """
        folders, begun = self._folders(), False
        seen = changes_in(
            *folders,
            watch_filter=self._counts,
            step=_QUIET,
            debounce=_LONGEST,
            rust_timeout=_TICK,
            yield_on_timeout=True,
            recursive=False,  # what runs make and what is installed lies beside what is edited
        )
        for edits in seen:
            names = sorted({self._name(Path(path)) for _, path in edits})
            if names:
                self._out.print(f"Edited: {escape(', '.join(names[:3]))}")
            if any(_is_code(name) for name in names) and self._can_start_anew():
                return False
            if names or not begun:
                begun = True
                self._build()
            elif (error := self._rest.ended()) is not None:
                self._server.tell(error)
            if names and self._folders() != folders:
                break
        return True

    def _build(self) -> None:
        """Make what somebody looks at; then the rest."""
        self._rest.stop()
        begun, self._err.record = time.monotonic(), True
        code = runs.handle_errors(self._make_first)
        said = self._err.export_text(styles=False).strip()
        self._err.record = False
        self._server.tell(said if code else "")
        if code == runs.STOPPED:
            raise KeyboardInterrupt
        if code == runs.DONE:
            seconds = time.monotonic() - begun
            self._out.print(f"Shown after {seconds:.1f} s; the rest follows.")
            self._rest.start()

    def _make_first(self) -> int:
        """Run the steps of the pages that somebody looks at, or of the document read first."""
        workspace = self._workspace
        catalogue.refresh()
        fingerprints.look_anew()
        runs.look_at_the_rest(workspace)  # before anything of it is read
        parameters = runs.parameters_for(workspace, {})
        renderer = runs.preference_of(self._options.renderer)
        run = Run(workspace, parameters, renderer=renderer)
        steps = self._options.steps(run)
        self._read = [*_read_by(steps), *_read_by_briefs(workspace)]
        wanted = self._wanted(steps)
        with workspace.lock():
            complete(workspace)
            clear_leftovers(workspace)
            since = look_again(self._good) if {step.name for step in wanted} <= self._made else None
            outcome = run_steps(
                workspace, wanted, _ServedProgress(self._out, self._server), since=since
            )
            self._good = known_after(wanted, workspace)
        self._made = {*outcome.done, *outcome.current}
        if not outcome.errors and (briefs := self._briefs(parameters)):
            from critical_minerals.execution.briefs import make_briefs  # noqa: PLC0415 - seldom

            outcome = make_briefs(run, briefs, _ServedProgress(self._out, self._server))
        return runs.tell_errors(outcome) if outcome.errors else runs.DONE

    def _briefs(self, parameters: Parameters) -> list[BriefJob]:
        """List the briefs that somebody looks at."""
        pages = {page for page in self._server.opened if page.startswith(f"{FOLDER}/")}
        every = asked_briefs(self._workspace, parameters, every=True) if pages else []
        return [one for one in every if pages & {f"{FOLDER}/{name}" for name in one.outputs()}]

    def _wanted(self, steps: Sequence[Step]) -> list[Step]:
        first = f"{self._workspace.document(LANGUAGES[0]).stem}.html"
        output = self._workspace.relative(self._workspace.output)
        pages = [f"{output}/{page}" for page in self._server.opened or [first]]
        makers = [each.name for each in steps if any(matches(p, each.outputs) for p in pages)]
        makers = makers or [
            each.name for each in steps if each.name == first
        ]  # briefs need as much
        wanted = {each.name for name in makers for each in with_needs(steps, name)}
        return [step for step in steps if step.name in wanted]

    def _folders(self) -> list[Path]:
        """List the folders in which a person edits, each by itself."""
        top, raw = self._workspace.root, self._workspace.raw
        found = {top, *_folders_in(top), raw, *_folders_in(raw), _PACKAGE, *_folders_in(_PACKAGE)}
        return sorted(found - {self._workspace.processed})

    def _name(self, path: Path) -> str:
        """Name a file as steps do; the package lies in `src`, wherever that is."""
        for folder, above in ((_PACKAGE.parent, "src/"), (self._workspace.root, "")):
            if path.is_relative_to(folder):
                name = above + path.relative_to(folder).as_posix()
                text = name.startswith(_TEXTS) and name.endswith(".ftl")
                return name.removeprefix(_TEXTS).removesuffix(".ftl") if text else name
        return path.as_posix()

    def _counts(self, _: Change, path: str) -> bool:
        """Say whether a file matters: one that a step reads, or code."""
        name = self._name(Path(path))
        hidden = any(part.startswith(".") or part == "__pycache__" for part in name.split("/"))
        return not hidden and (_is_code(name) or matches(name, self._read))

    def _code(self) -> Mapping[str, str]:
        """Hash every file of code."""
        folders = {_PACKAGE, self._workspace.root / "src"}
        files = [path for folder in folders for path in fingerprints.files_in(folder)]
        files += [self._workspace.root / name for name in _LOADED if "*" not in name]
        named = {self._name(path): path for path in files}
        return {n: fingerprints.of_file(path) for n, path in named.items() if _is_code(n)}

    def _can_start_anew(self) -> bool:
        """Say whether the code is not what was loaded, and can be: if not, say where and why."""
        changed = fingerprints.changed(self._loaded, self._code())
        for name in changed:
            file = self._workspace.root / name
            file = file if file.is_file() else _PACKAGE.parent / name.removeprefix("src/")
            if not file.is_file() or file.suffix != ".py":
                continue
            try:
                compile(file.read_bytes(), name, "exec")
            except (SyntaxError, ValueError) as error:
                line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
                told = f"{name}{line}: {getattr(error, 'msg', error)}. Mend it: nothing is run."
                self._err.print(escape(told))
                self._server.tell(told)
                return False
        return bool(changed)


class _ServedProgress(Progress):
    """Says how a run is going, at the terminal and in the browser."""

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
        """Say nothing of a step that had nothing to do: most have, after each edit."""


class _BackgroundRun:
    """All that nobody looks at yet: an ordinary run, which gives way to the next edit.

    It may be killed at any moment: the next run goes on where it was.
    """

    def __init__(self, options: WatchOptions) -> None:
        self._command = [sys.executable, sys.argv[0], "run", "--renderer", options.renderer]
        if nice := shutil.which("nice"):
            self._command[:0] = [nice, "-n", "10"]
        self._process: subprocess.Popen[bytes] | None = None
        self._told: IO[bytes] | None = None

    def start(self) -> None:
        """Begin."""
        self._told = TemporaryFile()  # noqa: SIM115 - read when the run has ended
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._told,
            start_new_session=True,
        )

    def stop(self) -> None:
        """End it, wherever it is."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def ended(self) -> str | None:
        """Return what went wrong, once, when it has ended; nothing where all went well."""
        if self._process is None or self._process.poll() is None:
            return None
        code, self._process = self._process.returncode, None
        assert self._told  # noqa: S101 - the process had it
        self._told.seek(0)
        return self._told.read().decode().strip() if code else ""


def _read_by(steps: Sequence[Step]) -> list[str]:
    """Say which files matter: what steps read and none of them makes."""
    made = [pattern for step in steps for pattern in step.outputs]
    read = [each for s in steps for each in (*s.inputs, *s.optional, *s.consults)]
    return sorted({*read} - {*made})


def _read_by_briefs(workspace: Workspace) -> list[str]:
    """Say which files matter to briefs besides tables and texts: notebooks, documents and theme."""
    kinds = workspace.project.briefs
    documents = [path for kind in kinds for path in kind.documents.values()]
    notebooks = [f"notebooks/{kind.notebook}.ipynb" for kind in kinds]
    return [*notebooks, *documents, *(f"{Path(path).parent}/theme/**" for path in documents)]


def _is_code(name: str) -> bool:
    return matches(name, _LOADED) and Path(name).suffix in _KINDS


def _folders_in(folder: Path) -> list[Path]:
    """List the folders within one, but for hidden ones and those with what runs make."""
    found: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith((".", "_")):
                found += [folder / entry.name, *_folders_in(folder / entry.name)]
    return found
