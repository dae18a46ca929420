"""The embedded renderer: Pandoc and Typst from wheels, for machines without Quarto.

It knows the Quarto constructs that our documents use and refuses all others by name.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import metadata, resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from critical_minerals.report.assets import Assets, make_assets
from critical_minerals.report.context import template_context
from critical_minerals.report.pieces import convert_pieces, part
from critical_minerals.report.rasters import make_rasters
from critical_minerals.report.rendering import (
    Format,
    RendererName,
    RenderError,
    RendererUnavailable,
    staging,
)
from critical_minerals.report.source import Source, read_source
from critical_minerals.report.values import keep_values

if TYPE_CHECKING:
    from typst import Fonts, TypstError

_TOC_DEPTH: Final = 3
_KEPT: Final = "_generated/kept"
"""The folder, beside the document, of what is kept until the next time."""
_HEAD: Final = "<!--report-head-->"
_SCRIPTS: Final = "<!--report-scripts-->"
# What Pandoc answers when our filter has found faults and told them.
_FAULTS: Final = 43
_MARKDOWN: Final = "--from=markdown"
# What stands for itself needs no filter but the theme's.
_THEMES: Final = ("theme/report.lua", "theme/values.lua")
_OPTIONS: Final = (_MARKDOWN, "--wrap=none", "--syntax-highlighting=none")


@dataclass(frozen=True)
class Job:
    """One document on its way to one folder."""

    source: Source
    metadata: Sequence[str]
    assets: Assets
    folder: Path

    def target(self, suffix: str) -> Path:
        """Name the output of one format."""
        return self.folder / f"{self.source.document.stem}.{suffix}"


@dataclass(frozen=True)
class Embedded:
    """The renderer of the project's own; see `Renderer`."""

    name: RendererName = "embedded"

    @property
    def version(self) -> str:
        """Name the engines that do the work."""
        return f"Pandoc {pandoc_version()}, Typst {metadata.version('typst')}"

    def render(self, document: Path, formats: Sequence[Format], output_dir: Path) -> list[Path]:
        """Render a document; the formats are made side by side."""
        names = [f"{document.stem}.{suffix}" for suffix in formats]
        with staging(output_dir, names) as folder, tempfile.TemporaryDirectory() as scratch:
            source = read_source(document)
            metadata = _metadata(source, self.version, Path(scratch))
            job = Job(source, metadata, make_assets(source.folder), folder)
            with ThreadPoolExecutor(max_workers=len(names)) as pool:
                list(pool.map(lambda suffix: _WRITERS[suffix](job), formats))
        return [output_dir / name for name in names]


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


def _metadata(source: Source, renderer: str, scratch: Path) -> list[str]:
    """Give the options that tell Pandoc what stands beside the text, as JSON, which is YAML too."""
    known = {**template_context(source, renderer), **source.metadata}
    path = scratch / "metadata.json"
    kept = f"{_KEPT}/{source.document.stem}.values.json"
    apart = keep_values(
        known["v"],
        lambda text: _read_values(source, text, scratch / "values.json"),
        kept=source.folder / kept,
        made_by=pandoc_version(),
    )
    beside = {**known, "v": {}} if apart else known
    path.write_text(json.dumps(beside, ensure_ascii=False, default=str), "utf-8")
    return [f"--metadata-file={path}", *([f"--metadata=kept-values:{kept}"] if apart else [])]


def _read_values(source: Source, text: str, path: Path) -> str:
    """Let Pandoc read the values; return a document of its own that holds nothing else."""
    path.write_text(f'{{"v": {text}}}', "utf-8")
    return _run(source, ["--to=json", _MARKDOWN, f"--metadata-file={path}"], "")


def _write_html(job: Job) -> None:
    parted = part(job.source.lines_for("html"))
    page = _pandoc(
        job,
        parted.lines,
        "html5",
        "--standalone",
        "--template=theme/report.html",
        "--toc",
        f"--toc-depth={_TOC_DEPTH}",
        *_embedding(parted.lines),
        f"--variable=header-includes={_HEAD}",
        f"--variable=include-after={_SCRIPTS}",
    )
    page = job.source.with_raw_html(parted.whole(page, _converted(job, parted.pieces)))
    head, scripts = job.assets.head.read_text("utf-8"), job.assets.scripts.read_text("utf-8")
    page = page.replace(_HEAD, head, 1).replace(_SCRIPTS, scripts, 1)
    job.target("html").write_text(page, "utf-8")


def _embedding(lines: Sequence[str]) -> list[str]:
    """Let Pandoc put pictures into the page; to look for some where there are none takes long."""
    return ["--embed-resources"] if any("![" in line for line in lines) else []


def _converted(job: Job, pieces: Sequence[str]) -> dict[str, str]:
    """Convert the pieces that were set aside, but for those that are kept from the last time."""
    source = job.source
    return convert_pieces(
        pieces,
        lambda lines: _pandoc(job, lines, "html5", filters=_THEMES),
        kept=source.folder / _KEPT / f"{source.document.stem}.json",
        made_by=_made_by(source.folder),
    )


def _made_by(folder: Path) -> str:
    """Name what shapes a piece: Pandoc, its options and our filters."""
    filters = "".join((folder / name).read_text("utf-8") for name in _THEMES)
    return sha256(f"{pandoc_version()} {_OPTIONS} {filters}".encode()).hexdigest()


def _write_pdf(job: Job) -> None:
    lines = job.source.lines_for("typst")
    options = ("--standalone", "--template=theme/embedded.typ", *_shift(job))
    text = _pandoc(job, lines, "typst", *options)
    import typst  # noqa: PLC0415 - not for pages

    # The stub wants the text and its root to be of one type, which they never are.
    typeset = cast("Callable[..., bytes | list[bytes] | None]", typst.compile)
    try:
        pdf = typeset(
            text.encode(),
            root=job.source.folder,
            font_paths=_fonts(job.assets.fonts),
            pdf_standards=["ua-1"],
            format="pdf",
            timestamp=job.source.moment,
        )
    except typst.TypstError as error:
        msg = f"Typst could not typeset {job.source.document.name}:\n{_told(error)}"
        raise RenderError(msg) from error
    job.target("pdf").write_bytes(_single(pdf))


def _write_docx(job: Job) -> None:
    from critical_minerals.report.reference import make_reference  # noqa: PLC0415 - lxml is slow

    make_rasters(job.source)
    reference = make_reference(job.source.folder / "_generated" / "theme", pandoc_path())
    target = job.target("docx").resolve()
    lines = job.source.lines_for("docx")
    options = (f"--reference-doc={reference}", f"--output={target}", *_shift(job))
    _pandoc(job, lines, "docx", "--standalone", *options)


_WRITERS: Final[dict[Format, Callable[[Job], None]]] = {
    "html": _write_html,
    "pdf": _write_pdf,
    "docx": _write_docx,
}


def _pandoc(
    job: Job, lines: Sequence[str], to: str, *options: str, filters: Sequence[str] = ()
) -> str:
    """Run Pandoc on lines of a document; return what it wrote to standard output."""
    options = (
        f"--to={to}",
        *_OPTIONS,
        *(f"--lua-filter={path}" for path in filters or _filters()),
        *job.metadata,
        *options,
    )
    return _run(job.source, options, "\n".join(lines) + "\n")


def _run(source: Source, options: Sequence[str], text: str) -> str:
    """Run Pandoc in a document's folder; return what it wrote, or raise what it complained of."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(source.moment.timestamp()))}
    done = subprocess.run(  # noqa: S603 - our own wheel's program
        [str(pandoc_path()), *options],
        input=text,
        capture_output=True,
        encoding="utf-8",
        cwd=source.folder,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise RenderError(_complaint(source, done.returncode, done.stderr))
    return done.stdout


def _complaint(source: Source, code: int, told: str) -> str:
    """Turn what our filter or Pandoc complained about into places in the document."""
    if code != _FAULTS:
        return f"Pandoc could not read {source.document.name}:\n{told.strip()}"
    faults = dict.fromkeys(re.findall(r"^fault\t(.*?)\t(.*)$", told, re.MULTILINE))
    return "\n".join(f"{source.locate(words)}: {message}." for words, message in faults)


def _filters() -> tuple[str, ...]:
    """Name the filters as Pandoc finds them from the document's folder."""
    own = resources.files("critical_minerals.report") / "embedded.lua"
    return (_THEMES[0], str(own), _THEMES[1])


def _shift(job: Job) -> list[str]:
    """Let chapters start at the first level where the title is no heading of the text."""
    return ["--shift-heading-level-by=-1"] if job.source.starts_at_level_two else []


@cache
def _fonts(folder: Path) -> Fonts:
    """Load our fonts alone, so that every machine sets the same lines."""
    from typst import Fonts  # noqa: PLC0415 - not for pages

    return Fonts(include_system_fonts=False, font_paths=[str(folder)])


def _single(pdf: bytes | list[bytes] | None) -> bytes:
    if isinstance(pdf, bytes):
        return pdf
    msg = "Typst returned no single PDF."
    raise RenderError(msg)


def _told(error: TypstError) -> str:
    return "\n".join([error.diagnostic or error.message, *error.hints])
