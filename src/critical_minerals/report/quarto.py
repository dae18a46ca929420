"""The `quarto` renderer: Quarto 1.9 or newer, wherever it is found."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import psutil

from critical_minerals.report.assets import make_assets
from critical_minerals.report.pandoc import UTF8
from critical_minerals.report.rendering import (
    Finding,
    Format,
    RendererName,
    RenderError,
    staging,
)
from critical_minerals.report.source import Source, read_source
from critical_minerals.report.word import mark_tables, prepare_word
from critical_minerals.workspace.paths import write_whole

OLDEST: Final = (1, 9)
BOTH_STANDARDS: Final = (1, 10)
"""The first Quarto that writes PDF/UA-1 and PDF/A-2a in one file; older ones write UA-1 only."""
_TARGETS: Final[dict[Format, str]] = {"html": "html", "pdf": "typst", "docx": "docx"}
_VERSION_SECONDS: Final = 30
_WARNING_LINE: Final = re.compile(r"^.*\bWARN(?:ING)?\b.*$", re.MULTILINE)
_WARNINGS: Final = ".warnings.txt"
"""Suffix of the files that store the warnings of Quarto about each document."""
_RENDER_SECONDS: Final = 900
"""No document of the report takes a tenth of it."""
_MESSAGE_LINES: Final = 25
"""Last lines of the output of Quarto that an error message shows."""
_LOG: Final = logging.getLogger(__name__)
PREPARED: Final = "REPORT_PREPARED"
"""Environment variable by which the project's pre-render script knows that all is prepared."""


@dataclass(frozen=True)
class Quarto:
    """One installed Quarto; see `Renderer`."""

    executable: Path
    number: str
    name: RendererName = "quarto"

    @property
    def version(self) -> str:
        """Name Quarto and its version."""
        return f"Quarto {self.number}"

    def render(self, document: Path, formats: Sequence[Format], output_dir: Path) -> list[Path]:
        """Render a document, one format after the other: Quarto's helper files share names."""
        names = [f"{document.stem}.{suffix}" for suffix in formats]
        make_assets(document.parent)
        source = read_source(document)
        if "docx" in formats:
            prepare_word(source)
        with staging(output_dir, names) as folder:
            for suffix in formats:
                self._render(source, suffix, folder)
            if "docx" in formats:
                mark_tables(folder / f"{document.stem}.docx")
        return [output_dir / name for name in names]

    def _render(self, source: Source, suffix: Format, folder: Path) -> None:
        command = [
            str(self.executable),
            "render",
            source.document.name,
            f"--to={_TARGETS[suffix]}",
            f"--output-dir={folder.resolve()}",
            f"--metadata=renderer:{self.version}",
        ]
        if suffix == "pdf" and _is_at_least(self.number, BOTH_STANDARDS):
            command.append("--metadata=pdf-standard:[ua-1,a-2a]")
        # Outputs carry the document's noon instead of the clock's time.
        noon = str(int(source.moment.timestamp()))
        variables = {"SOURCE_DATE_EPOCH": noon, "NO_COLOR": "1", PREPARED: "1"}
        _LOG.debug("Running %s.", command)
        code, output = _run(command, source.folder, {**os.environ, **UTF8, **variables})
        if code:
            msg = f"Quarto could not make {source.document.stem}.{suffix}:\n{_tail(output)}"
            raise RenderError(msg)
        if code is None:
            msg = (
                f"Quarto has not made {source.document.stem}.{suffix} within {_RENDER_SECONDS} s "
                "and was ended. Try again, or: python pipeline.py --renderer embedded. It said:\n"
                f"{_tail(output)}"
            )
            raise RenderError(msg)
        warning_lines = _WARNING_LINE.findall(output)
        warnings_file = (
            source.folder / "_generated" / "cache" / f"{source.document.stem}.{suffix}{_WARNINGS}"
        )
        write_whole(
            warnings_file, "".join(f"{line.strip()}\n" for line in dict.fromkeys(warning_lines))
        )


def warnings(folder: Path) -> list[str]:
    """List the warnings of Quarto about all documents, as a folder stores them."""
    return [
        f"{path.name.removesuffix(_WARNINGS)}: {line}"
        for path in sorted(folder.glob(f"*{_WARNINGS}"))
        for line in path.read_text("utf-8").splitlines()
    ]


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[int | None, str]:
    """Run a program that starts others; return its exit code, none if it hung, and its output.

    The output goes to a file: a pipe stays open for as long as any of the others has it.
    """
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = psutil.Popen(
            command,
            cwd=folder,
            env={**environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            code = process.wait(_RENDER_SECONDS)
        except psutil.TimeoutExpired:
            code = None
        finally:
            # After a timeout, or Ctrl-C. What Quarto has started would live on without it.
            if process.is_running():
                processes = [*process.children(recursive=True), process]
                for started in processes:
                    with suppress(psutil.NoSuchProcess):
                        started.kill()
                psutil.wait_procs(processes, timeout=5)
        output.seek(0)
        return code, output.read()


def prepare(documents: Sequence[Path]) -> None:
    """Make what documents of a folder need before they are rendered by `quarto render`.

    That is the generated part of the theme and, for Word, its styles and the pictures of charts.

    Raises `RenderError` where the report was never made, or a document is invalid.
    """
    for folder in {document.parent for document in documents}:
        make_assets(folder)
    for document in documents:
        prepare_word(read_source(document))


def candidates() -> Iterator[tuple[str, Path]]:
    """Yield every place where a Quarto may be, in the order in which they are tried."""
    configured = os.environ.get("QUARTO_PATH")
    if configured:
        path = Path(configured)
        yield "QUARTO_PATH", path / "quarto" if path.is_dir() else path
    in_environment = shutil.which("quarto", path=str(Path(sys.executable).parent))
    if in_environment:
        yield "this Python's environment", Path(in_environment)
    on_path = shutil.which("quarto")
    # An active environment is on PATH too: one program would be listed twice.
    if on_path and on_path != in_environment:
        yield "PATH", Path(on_path)


def findings() -> list[Finding]:
    """Describe what was found in each place."""
    all_findings = [_finding(place, path) for place, path in candidates()]
    return all_findings or [Finding("quarto", usable=False, detail="not found")]


def find_quarto() -> Quarto | None:
    """Return the first Quarto that answers and is new enough."""
    for _, path in candidates():
        number = _read_version(path)
        if number and _is_at_least(number, OLDEST):
            return Quarto(path, number)
    return None


def _finding(place: str, path: Path) -> Finding:
    number = _read_version(path)
    if number is None:
        return Finding("quarto", usable=False, detail=f"{path} ({place}) does not answer")
    if not _is_at_least(number, OLDEST):
        required = ".".join(str(part) for part in OLDEST)
        detail = f"{path} ({place}) is {number}; {required} or newer is needed"
        return Finding("quarto", usable=False, detail=detail)
    limitation = (
        ""
        if _is_at_least(number, BOTH_STANDARDS)
        else "; PDFs are PDF/UA-1, with 1.10 PDF/A-2a too"
    )
    return Finding("quarto", usable=True, detail=f"Quarto {number}, {path} ({place}){limitation}")


# `findings` and `find_quarto` ask the same programs.
@cache
def _read_version(path: Path) -> str | None:
    """Ask a Quarto for its version; return None where it does not answer with one."""
    try:
        result = subprocess.run(  # noqa: S603 - asking is the point
            [path, "--version"],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=_VERSION_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        # Whatever is wrong with it, another Quarto or the embedded renderer takes its place.
        _LOG.debug("%s does not answer: %s", path, error)
        return None
    match = re.search(r"\d+\.\d+\.\d+", result.stdout)
    return match[0] if match else None


def _is_at_least(number: str, version: tuple[int, int]) -> bool:
    # As numbers: as a text 1.10 comes before 1.9.
    return tuple(int(part) for part in number.split(".")[:2]) >= version


def _tail(output: str) -> str:
    return "\n".join(output.strip().splitlines()[-_MESSAGE_LINES:])
