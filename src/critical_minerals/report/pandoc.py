"""Run Pandoc: worker processes that convert documents one after the other, and the program itself.

To start Pandoc and to allocate its memory takes as long as to convert a brief. So its own Lua
interpreter runs `pandoc.lua` in a few long-lived processes: a document is parsed once there, and
written in each requested format. Word files, and pages with pictures inside, need what only
the program does (`run`).
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Lock
from typing import Any, Final

from critical_minerals.report.rendering import RendererUnavailable

_SCRIPT: Final = Path(__file__).with_suffix(".lua")
_MEMORY: Final = ("+RTS", "-A64m", "-RTS")
"""Megabytes that a worker fills before it collects garbage: that takes a tenth off a conversion,
and a tenth more memory."""
OPTIONS: Final = ("--from=markdown", "--wrap=none", "--syntax-highlighting=none")
"""Options of the program that every conversion has in common; `pandoc.lua` sets the same."""

UTF8: Final[Mapping[str, str]] = (
    {"LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"}
    if os.name == "posix"
    else {}
)
"""Environment variables for Pandoc: cron and clusters set no locale, and it takes file names for
ASCII then."""


class PandocError(Exception):
    """Pandoc, or a filter, could not convert a document; the message is its output."""


@dataclass(frozen=True)
class Output:
    """A format to write, by Pandoc's name for it; paths are relative to the document's folder.

    `shift` is added to the level of every heading. A table of contents is made down to `toc_depth`.
    """

    to: str
    filters: Sequence[str] = ()
    template: str = ""
    toc_depth: int = 0
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    shift: int = 0

    def options(self) -> list[str]:
        """Return the equivalent options of the program."""
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
        """The whole text."""
        return "\n".join(self.lines) + "\n"


def convert(text: Text, outputs: Sequence[Output]) -> list[str]:
    """Parse a text once and write it in every format, in their order.

    Raises `PandocError` with the message of Pandoc or of a filter.
    """
    request = {
        "folder": str(text.folder.resolve()),
        "text": f"---\n{_as_json(text.metadata)}\n---\n\n{text.markdown}",
        "outputs": [asdict(output) for output in outputs],
    }
    with _worker() as worker:
        response = worker.send(_as_json(request))
    if not response["good"]:
        raise PandocError(response["error"])
    return response["texts"]


def run(
    text: Text, output: Output, *options: str, environment: Mapping[str, str] | None = None
) -> str:
    """Convert a text with the program, for options that only it has; return its output.

    Raises `PandocError` with the message of Pandoc or of a filter.
    """
    with TemporaryDirectory() as scratch:
        # In a file and not as `--metadata`: the metadata of the text itself must override it.
        path = Path(scratch) / "metadata.json"  # JSON is YAML too
        path.write_text(_as_json(text.metadata), "utf-8")
        arguments = (f"--metadata-file={path}", *OPTIONS, *output.options(), *options)
        result = subprocess.run(  # noqa: S603 - our own wheel's program
            [str(pandoc_path()), *arguments],
            input=text.markdown,
            capture_output=True,
            encoding="utf-8",
            cwd=text.folder,
            env={**os.environ, **UTF8, **(environment or {})},
            check=False,
        )
    if result.returncode:
        raise PandocError(result.stderr)
    return result.stdout


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
    result = subprocess.run(  # noqa: S603 - our own wheel's program
        [pandoc_path(), "--version"], capture_output=True, text=True, check=True
    )
    return result.stdout.split(maxsplit=2)[1]


def _as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)


class _Worker:
    """A worker process; it ends by itself when its standard input is closed."""

    def __init__(self) -> None:
        # A pipe that nobody empties would fill up and block the process.
        self._stderr = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(  # noqa: S603 - our own wheel's program
            [pandoc_path(), *_MEMORY, "lua", _SCRIPT, pandoc_path()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            encoding="utf-8",
            cwd=_SCRIPT.parent,
            env={**os.environ, **UTF8},
        )

    def send(self, line: str) -> dict[str, Any]:
        """Send a request and return the response; raise `PandocError` where the process died."""
        assert self._process.stdin  # noqa: S101 - asked for above
        assert self._process.stdout  # noqa: S101 - asked for above
        # A process that has died is reported below, with what it wrote before.
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        if response := self._process.stdout.readline():
            return json.loads(response)
        self._stderr.seek(0)
        raise PandocError(self._stderr.read() or "Pandoc died, perhaps for lack of memory.")

    def end(self) -> None:
        """End the process at once; it holds nothing that must be saved."""
        self._process.kill()
        self._process.communicate()
        self._stderr.close()


_IDLE: Final[list[_Worker]] = []
_LOCK: Final = Lock()


@contextmanager
def _worker() -> Generator[_Worker]:
    """Lend a worker, as many as are needed at once; keep no more than there are processors."""
    with _LOCK:
        idle = _IDLE.pop() if _IDLE else None
    # Started outside the lock: others need not wait for it.
    worker = idle or _Worker()
    try:
        yield worker
    except BaseException:
        # Interrupted between request and response (Ctrl-C), it would hand its answer to the next
        # caller.
        worker.end()
        raise
    with _LOCK:
        if len(_IDLE) < (os.cpu_count() or 1):
            _IDLE.append(worker)
            return
    worker.end()


# Where this process is killed instead, workers end as their input is closed.
@atexit.register
def end_workers() -> None:
    """End all idle worker processes."""
    with _LOCK:
        while _IDLE:
            _IDLE.pop().end()
