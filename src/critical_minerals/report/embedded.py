"""The embedded renderer: Pandoc and Typst from wheels, for machines without Quarto.

It knows the Quarto constructs that our documents use and refuses all others by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from critical_minerals.report.assets import Assets, make_assets
from critical_minerals.report.fragments import (
    HTML,
    TYPST,
    Form,
    SplitDocument,
    convert_fragments,
    split_document,
)
from critical_minerals.report.pandoc import (
    OPTIONS,
    Output,
    PandocError,
    Text,
    convert,
    pandoc_path,
    pandoc_version,
    run,
)
from critical_minerals.report.rasters import make_rasters
from critical_minerals.report.rendering import Format, RendererName, RenderError, staging
from critical_minerals.report.source import Source, read_source
from critical_minerals.report.values import keep_values

if TYPE_CHECKING:
    from typst import Fonts, TypstError

_TOC_DEPTH: Final = 3
_KEPT: Final = "_generated/cache"
"""The folder, beside the document, of what is kept until the next time."""
_HEAD: Final = "<!--report-head-->"
_SCRIPTS: Final = "<!--report-scripts-->"
# What stands for itself needs no filter but the theme's.
_THEMES: Final = ("theme/report.lua", "theme/values.lua")


@dataclass(frozen=True)
class Job:
    """One document on its way to one folder."""

    source: Source
    metadata: Mapping[str, Any]
    assets: Assets
    folder: Path

    @cached_property
    def split(self) -> SplitDocument:
        """The page's lines, and what is converted apart from them."""
        return self.split_for("html", HTML)

    def split_for(self, target: str, form: Form) -> SplitDocument:
        """Set aside what is converted apart from the text of one format."""
        return split_document(
            self.source.lines_for(target), form, self.metadata.get("not-public", ())
        )

    def text(self, lines: Sequence[str]) -> Text:
        """Make lines of the document into a text for Pandoc."""
        return Text(self.source.folder, lines, self.metadata)

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
        """Render a document; long ones in all formats side by side."""
        names = [f"{document.stem}.{suffix}" for suffix in formats]
        with staging(output_dir, names) as folder:
            assets = make_assets(document.parent)
            source = read_source(document)
            try:
                job = Job(source, _metadata(source, self.version), assets, folder)
                writers = _writers(job, formats)
                with ThreadPoolExecutor(max_workers=len(writers)) as pool:
                    list(pool.map(lambda write: write(job), writers))
            except PandocError as error:
                raise RenderError(_complaint(source, str(error))) from error
        return [output_dir / name for name in names]


def _writers(job: Job, formats: Sequence[Format]) -> list[Callable[[Job], None]]:
    """Say what writes a document: a short page and its print are read by Pandoc together."""
    both = {"html", "pdf"} <= {*formats}
    if both and not job.split.fragments and not _has_pictures(job.split.lines):
        return [_write_page_and_print, *([_write_docx] if "docx" in formats else [])]
    return [_WRITERS[suffix] for suffix in formats]


def _metadata(source: Source, renderer: str) -> dict[str, Any]:
    """Give what stands beside the text; values that were read before in a file of their own."""
    # What is converted apart from the document does not have its front matter.
    annex = source.front.get("annex", "")
    known: dict[str, Any] = {**source.metadata, "renderer": renderer, "annex": annex}
    kept = f"{_KEPT}/{source.document.stem}.values.json"
    apart = keep_values(
        known["v"],
        lambda values: convert(Text(source.folder, [], {"v": values}), [Output("json")])[0],
        kept=source.folder / kept,
        made_by=pandoc_version(),
    )
    return {**known, "v": {}, "kept-values": f"`{kept}`"} if apart else known


def _write_page_and_print(job: Job) -> None:
    lines = job.source.lines_for("html", "typst")
    page, text = convert(job.text(lines), [_page_output(), _print_output(job.source)])
    _finish_page(job, page)
    _finish_print(job, text)


def _write_html(job: Job) -> None:
    split = job.split
    text = job.text(split.lines)
    if _has_pictures(split.lines):
        page = run(text, _page_output(), "--embed-resources")
    else:
        (page,) = convert(text, [_page_output()])
    _finish_page(job, split.whole(page, _converted(job, split, Output("html5", _THEMES))))


def _write_pdf(job: Job) -> None:
    split = job.split_for("typst", TYPST)
    (text,) = convert(job.text(split.lines), [_print_output(job.source)])
    filters = (_THEMES[0], _own("embedded.lua"), _THEMES[1], _own("marks.lua"))
    converted = _converted(job, split, Output("typst", filters))
    _finish_print(job, split.whole(text, converted))


def _page_output() -> Output:
    """Describe the page; what Pandoc would carry along untouched is put in afterwards."""
    later = {"header-includes": _HEAD, "include-after": _SCRIPTS}
    return Output("html5", _filters(), "theme/report.html", _TOC_DEPTH, later)


def _print_output(source: Source) -> Output:
    return Output("typst", _filters(), "theme/embedded.typ", shift=_shift(source))


def _has_pictures(lines: Sequence[str]) -> bool:
    """Say whether a page has pictures that the program must put into it."""
    return any("![" in line for line in lines)


def _converted(job: Job, split: SplitDocument, output: Output) -> dict[str, str]:
    """Convert the fragments that were set aside, but for those that are kept from the last time."""
    source = job.source
    return convert_fragments(
        split,
        lambda lines: convert(job.text(lines), [output])[0],
        kept=source.folder / _KEPT / f"{source.document.stem}.{output.to}.json",
        made_by=_made_by(source, output),
    )


def _made_by(source: Source, output: Output) -> str:
    """Name what shapes a piece: Pandoc, its options, our filters, and where its links lead."""
    filters = "".join((source.folder / name).read_text("utf-8") for name in output.filters)
    led = source.front.get("annex", ""), source.metadata.get("pages")
    return sha256(f"{pandoc_version()} {OPTIONS} {led} {filters}".encode()).hexdigest()


def _finish_page(job: Job, page: str) -> None:
    page = job.source.with_raw_html(page)
    head, scripts = job.assets.head.read_text("utf-8"), job.assets.scripts.read_text("utf-8")
    page = page.replace(_HEAD, head, 1).replace(_SCRIPTS, scripts, 1)
    job.target("html").write_text(page, "utf-8")


def _finish_print(job: Job, text: str) -> None:
    import typst  # noqa: PLC0415 - not for pages

    # The stub wants the text and its root to be of one type, which they never are.
    typeset = cast("Callable[..., bytes | list[bytes] | None]", typst.compile)
    try:
        pdf = typeset(
            text.encode(),
            root=job.source.folder,
            font_paths=_fonts(job.assets.fonts),
            pdf_standards=["ua-1", "a-2a"],
            format="pdf",
            timestamp=job.source.moment,
        )
    except typst.TypstError as error:
        msg = f"Typst could not typeset {job.source.document.name}:\n{_told(error)}"
        raise RenderError(msg) from error
    job.target("pdf").write_bytes(_single(pdf))


def _write_docx(job: Job) -> None:
    from critical_minerals.report.reference_doc import make_reference  # noqa: PLC0415 - lxml is slow
    from critical_minerals.report.word import mark_tables  # noqa: PLC0415 - lxml is slow

    make_rasters(job.source)
    reference = make_reference(job.source.folder / "_generated" / "theme", pandoc_path())
    target = job.target("docx").resolve()
    run(
        job.text(job.source.lines_for("docx")),
        Output("docx", _filters(), shift=_shift(job.source)),
        "--standalone",
        f"--reference-doc={reference}",
        f"--output={target}",
        environment={"SOURCE_DATE_EPOCH": str(int(job.source.moment.timestamp()))},
    )
    mark_tables(target)


_WRITERS: Final[dict[Format, Callable[[Job], None]]] = {
    "html": _write_html,
    "pdf": _write_pdf,
    "docx": _write_docx,
}


def _complaint(source: Source, told: str) -> str:
    """Turn what our filter or Pandoc complained about into places in the document."""
    faults = dict.fromkeys(re.findall(r"^fault\t(.*?)\t(.*)$", told, re.MULTILINE))
    if not faults:
        return f"Pandoc could not read {source.document.name}:\n{told.strip()}"
    return "\n".join(f"{source.locate(words)}: {message}." for words, message in faults)


def _filters() -> tuple[str, ...]:
    """Name the filters as Pandoc finds them from the document's folder."""
    return ("theme/public.lua", _THEMES[0], "theme/word.lua", _own("embedded.lua"), _THEMES[1])


def _own(filter_: str) -> str:
    return str(resources.files("critical_minerals.report") / filter_)


def _shift(source: Source) -> int:
    """Let chapters start at the first level where the title is no heading of the text."""
    return -1 if source.starts_at_level_two else 0


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
