"""What the renderers share: formats, findings, errors, and the staging of outputs."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from critical_minerals.errors import StepError, UsageError
from critical_minerals.workspace.file_access import STAGED

Format = Literal["html", "pdf", "docx"]
RendererName = Literal["quarto", "embedded"]


class RendererUnavailable(UsageError):  # noqa: N818 - reads as what it is
    """The renderer that was asked for cannot be used on this machine."""


class RenderError(StepError):
    """A renderer could not make a report out of a document."""


@dataclass(frozen=True)
class Finding:
    """One renderer, or one place where one was looked for, as `doctor` reports it."""

    name: RendererName
    usable: bool
    detail: str


class Renderer(Protocol):
    """Turns a document into finished reports."""

    @property
    def name(self) -> RendererName:
        """The name of the renderer."""
        ...

    @property
    def version(self) -> str:
        """The version, as the report's colophon prints it."""
        ...

    def render(self, document: Path, formats: Sequence[Format], output_dir: Path) -> list[Path]:
        """Write `<output_dir>/<stem>.<format>` for each format, all of them or none.

        Raises `RenderError` where the document cannot be rendered; older outputs stay.
        """
        ...


@contextmanager
def staging(output_dir: Path, names: Sequence[str]) -> Generator[Path]:
    """Yield a folder to render into; at the end its files replace the outputs.

    Nothing is moved unless every name is there, so a failure leaves the last good reports.
    """
    output_dir.mkdir(parents=True, exist_ok=True)
    # Inside the output folder: within one file system files are moved, not copied.
    with tempfile.TemporaryDirectory(dir=output_dir, prefix=STAGED) as folder:
        yield Path(folder)
        missing = [name for name in names if not (Path(folder) / name).is_file()]
        if missing:
            msg = f"The renderer ended without making {', '.join(missing)}."
            raise RenderError(msg)
        for name in names:
            (Path(folder) / name).replace(output_dir / name)
