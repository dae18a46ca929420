"""The `quarto` renderer: Quarto 1.9 or newer, wherever it is found."""

from __future__ import annotations

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
from critical_minerals.report.pandoc import UTF8, pandoc_path
from critical_minerals.report.rasters import make_rasters
from critical_minerals.report.reference_doc import make_reference
from critical_minerals.report.rendering import (
    Finding,
    Format,
    RendererName,
    RenderError,
    staging,
)
from critical_minerals.report.source import Source, read_source
from critical_minerals.report.word import mark_tables
from critical_minerals.workspace import write_whole

OLDEST: Final = (1, 9)
BOTH_STANDARDS: Final = (1, 10)
"""The Quarto whose Typst writes PDF/UA-1 and PDF/A-2a in one file; older ones write the first."""
_TARGETS: Final[dict[Format, str]] = {"html": "html", "pdf": "typst", "docx": "docx"}
_ANSWER_SECONDS: Final = 30
_WARNED: Final = re.compile(r"^.*\bWARN(?:ING)?\b.*$", re.MULTILINE)
_WARNINGS: Final = ".warnings.txt"
"""What the name of a file ends with that keeps what Quarto warned of in a document it made."""
_RENDER_SECONDS: Final = 900
"""No document of ours takes a tenth of it."""
_TOLD_LINES: Final = 25
"""Last lines of what Quarto says that a failure tells."""
PREPARED: Final = "REPORT_PREPARED"
"""Environment variable that tells the project's pre-render script that all is prepared."""


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
            make_rasters(source)
            make_reference(source.folder / "_generated" / "theme", pandoc_path())
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
        if suffix == "pdf" and _reaches(self.number, BOTH_STANDARDS):
            command.append("--metadata=pdf-standard:[ua-1,a-2a]")
        # Outputs carry the document's noon instead of the clock's time.
        noon = str(int(source.moment.timestamp()))
        variables = {"SOURCE_DATE_EPOCH": noon, "NO_COLOR": "1", PREPARED: "1"}
        code, told = _run(command, source.folder, {**os.environ, **UTF8, **variables})
        if code:
            msg = f"Quarto could not make {source.document.stem}.{suffix}:\n{_tail(told)}"
            raise RenderError(msg)
        if code is None:
            msg = (
                f"Quarto has not made {source.document.stem}.{suffix} within {_RENDER_SECONDS} s "
                "and was ended. Try again, or: python pipeline.py --renderer embedded. It said:\n"
                f"{_tail(told)}"
            )
            raise RenderError(msg)
        warned = _WARNED.findall(told)
        kept = source.folder / "_generated" / "cache" / f"{source.document.stem}.{suffix}{_WARNINGS}"
        write_whole(kept, "".join(f"{line.strip()}\n" for line in dict.fromkeys(warned)))


def warnings(folder: Path) -> list[str]:
    """Tell what Quarto warned of when it made the documents, of which `folder` keeps it."""
    return [
        f"{path.name.removesuffix(_WARNINGS)}: {line}"
        for path in sorted(folder.glob(f"*{_WARNINGS}"))
        for line in path.read_text("utf-8").splitlines()
    ]


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[int | None, str]:
    """Run a program that starts others; return its exit code, none if it hung, and what it said.

    What it says goes to a file: a pipe stays open for as long as any of the others has it.
    """
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as told:
        process = psutil.Popen(
            command,
            cwd=folder,
            env={**environment},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
        try:
            code = process.wait(_RENDER_SECONDS)
        except psutil.TimeoutExpired:
            code = None
        finally:
            if process.is_running():
                started = [*process.children(recursive=True), process]
                for each in started:
                    with suppress(psutil.NoSuchProcess):
                        each.kill()
                psutil.wait_procs(started, timeout=5)
        told.seek(0)
        return code, told.read()


def prepare(documents: Sequence[Path]) -> None:
    """Make what documents of one folder need where Quarto renders them by hand.

    That is the generated part of the theme and, for Word, its styles and the pictures of charts.

    Raises `RenderError` where the report was never made, or a document is at fault.
    """
    for folder in {document.parent for document in documents}:
        make_assets(folder)
        make_reference(folder / "_generated" / "theme", pandoc_path())
    for document in documents:
        make_rasters(read_source(document))


def candidates() -> Iterator[tuple[str, Path]]:
    """Give every place where a Quarto may be, in the order in which they are tried."""
    given = os.environ.get("QUARTO_PATH")
    if given:
        path = Path(given)
        yield "QUARTO_PATH", path / "quarto" if path.is_dir() else path
    beside = shutil.which("quarto", path=str(Path(sys.executable).parent))
    if beside:
        yield "this Python's environment", Path(beside)
    on_path = shutil.which("quarto")
    if on_path and on_path != beside:
        yield "PATH", Path(on_path)


def findings() -> list[Finding]:
    """Tell what was found in each place."""
    told = [_finding(place, path) for place, path in candidates()]
    return told or [Finding("quarto", usable=False, detail="not found")]


def find_quarto() -> Quarto | None:
    """Return the first Quarto that answers and is new enough."""
    for _, path in candidates():
        number = _number(path)
        if number and _reaches(number, OLDEST):
            return Quarto(path, number)
    return None


def _finding(place: str, path: Path) -> Finding:
    number = _number(path)
    if number is None:
        return Finding("quarto", usable=False, detail=f"{path} ({place}) does not answer")
    if not _reaches(number, OLDEST):
        wanted = ".".join(str(part) for part in OLDEST)
        detail = f"{path} ({place}) is {number}; {wanted} or newer is needed"
        return Finding("quarto", usable=False, detail=detail)
    lacks = (
        "" if _reaches(number, BOTH_STANDARDS) else "; PDFs are PDF/UA-1, with 1.10 PDF/A-2a too"
    )
    return Finding("quarto", usable=True, detail=f"Quarto {number}, {path} ({place}){lacks}")


@cache
def _number(path: Path) -> str | None:
    """Ask a Quarto for its version; None where it does not answer with one."""
    try:
        told = subprocess.run(  # noqa: S603 - asking is the point
            [path, "--version"],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=_ANSWER_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\d+\.\d+\.\d+", told.stdout)
    return found[0] if found else None


def _reaches(number: str, version: tuple[int, int]) -> bool:
    return tuple(int(part) for part in number.split(".")[:2]) >= version


def _tail(told: str) -> str:
    return "\n".join(told.strip().splitlines()[-_TOLD_LINES:])
