"""Pandoc: workers that convert one document after the other, and the program itself.

To start Pandoc and to let it claim its memory takes as long as to convert a brief. So its own Lua
interpreter runs `pandoc.lua` in a few processes that stay: a document is read once there, and
written in each format that is asked for. Word files, and pages with pictures inside, need what only
the program does (`run`).
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Lock
from typing import Any, Final

from critical_minerals.report.rendering import RendererUnavailable

_SCRIPT: Final = Path(__file__).with_suffix(".lua")
OPTIONS: Final = ("--from=markdown", "--wrap=none", "--syntax-highlighting=none")
"""What every conversion has in common, as options of the program."""

UTF8: Final[Mapping[str, str]] = (
    {"LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"}
    if os.name == "posix"
    else {}
)
"""What Pandoc is told of the language: cron and clusters tell none, and it takes file names for
ASCII then."""


class PandocError(Exception):
    """Pandoc, or a filter, could not convert a document; the message is what it told."""


@dataclass(frozen=True)
class Output:
    """A format to write, by Pandoc's name for it; paths go out from the document's folder.

    `shift` is added to the level of every heading. A table of contents is made down to `toc_depth`.
    """

    to: str
    filters: Sequence[str] = ()
    template: str = ""
    toc_depth: int = 0
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    shift: int = 0

    def options(self) -> list[str]:
        """Say the same in options of the program."""
        contents = ["--toc", f"--toc-depth={self.toc_depth}"] if self.toc_depth else []
        return [
            f"--to={self.to}",
            *(f"--lua-filter={path}" for path in self.filters),
            *(["--standalone", f"--template={self.template}"] if self.template else []),
            *contents,
            *(f"--variable={name}={text}" for name, text in self.variables.items()),
            *([f"--shift-heading-level-by={self.shift}"] if self.shift else []),
        ]


@dataclass(frozen=True)
class Text:
    """A text in Pandoc's Markdown, the folder it is in, and metadata that it may override."""

    folder: Path
    lines: Sequence[str]
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def markdown(self) -> str:
        """All of the text."""
        return "\n".join(self.lines) + "\n"


def convert(text: Text, outputs: Sequence[Output]) -> list[str]:
    """Read a text once and write it in every format, in their order.

    Raises `PandocError` with what Pandoc or a filter complained of.
    """
    asked = {
        "folder": str(text.folder.resolve()),
        "text": f"---\n{_as_json(text.metadata)}\n---\n\n{text.markdown}",
        "outputs": [asdict(output) for output in outputs],
    }
    worker = _WORKERS.take()
    try:
        answer = worker.ask(_as_json(asked))
    except BaseException:
        worker.end()
        raise
    _WORKERS.give_back(worker)
    if not answer["good"]:
        raise PandocError(answer["told"])
    return answer["texts"]


def run(
    text: Text, output: Output, *options: str, environment: Mapping[str, str] | None = None
) -> str:
    """Let the program convert a text, with options that only it has; return what it wrote.

    Raises `PandocError` with what Pandoc or a filter complained of.
    """
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "metadata.json"  # JSON is YAML too
        path.write_text(_as_json(text.metadata), "utf-8")
        known = (f"--metadata-file={path}", *OPTIONS, *output.options(), *options)
        done = subprocess.run(  # noqa: S603 - our own wheel's program
            [str(pandoc_path()), *known],
            input=text.markdown,
            capture_output=True,
            encoding="utf-8",
            cwd=text.folder,
            env={**os.environ, **UTF8, **(environment or {})},
            check=False,
        )
    if done.returncode:
        raise PandocError(done.stderr)
    return done.stdout


@cache
def pandoc_path() -> Path:
    """Return the Pandoc of the wheel; one elsewhere on the machine might be any version."""
    package = find_spec("pypandoc")  # not imported: it would load much to download a Pandoc with
    folder = Path((package and package.origin) or "").parent / "files"
    path = folder / ("pandoc.exe" if os.name == "nt" else "pandoc")
    if not path.is_file():
        msg = "The package pypandoc_binary holds no Pandoc. Reinstall it: make clean, make report."
        raise RendererUnavailable(msg)
    return path


@cache
def pandoc_version() -> str:
    """Ask Pandoc for its version."""
    told = subprocess.run(  # noqa: S603 - our own wheel's program
        [pandoc_path(), "--version"], capture_output=True, text=True, check=True
    )
    return told.stdout.split(maxsplit=2)[1]


def _as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)


class _Worker:
    """A process that converts; it ends when nobody can ask it any more."""

    def __init__(self) -> None:
        self._told = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(  # noqa: S603 - our own wheel's program
            [pandoc_path(), "lua", _SCRIPT, pandoc_path()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._told,
            encoding="utf-8",
            cwd=_SCRIPT.parent,
            env={**os.environ, **UTF8},
        )

    def ask(self, line: str) -> dict[str, Any]:
        """Let it convert; raise `PandocError` where it died over that."""
        assert self._process.stdin  # noqa: S101 - asked for above
        assert self._process.stdout  # noqa: S101 - asked for above
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        if answer := self._process.stdout.readline():
            return json.loads(answer)
        self._told.seek(0)
        raise PandocError(self._told.read() or "Pandoc died, perhaps for lack of memory.")

    def end(self) -> None:
        """End the process; what it holds is worth nothing."""
        self._process.kill()
        self._process.communicate()
        self._told.close()


class _Workers:
    """Workers that have nothing to do; as many as are asked at once are started."""

    def __init__(self) -> None:
        self._idle: list[_Worker] = []
        self._lock = Lock()
        atexit.register(self.end)

    def take(self) -> _Worker:
        """Give a worker to one who gives it back or ends it."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Worker()

    def give_back(self, worker: _Worker) -> None:
        """Keep a worker for the next, but no more than there are processors."""
        with self._lock:
            if len(self._idle) < (os.cpu_count() or 1):
                self._idle.append(worker)
                return
        worker.end()

    def end(self) -> None:
        """End those that are idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()


_WORKERS: Final = _Workers()


def end_workers() -> None:
    """End the processes that convert and have nothing to do."""
    _WORKERS.end()
