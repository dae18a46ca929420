"""The embedded renderer: Pandoc and Typst from wheels, for machines without Quarto.

It supports the Quarto constructs that the documents use and rejects all others by name.

Nothing else makes what Quarto makes: nbconvert and Sphinx with MyST read another Markdown, without
its cross-references and conditional blocks, and WeasyPrint's PDF is laid out by another engine than
Quarto's own, so that the two would break pages differently.
"""

from __future__ import annotations

import json
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
    pandoc_version,
    run,
)
from critical_minerals.report.rendering import Format, RendererName, RenderError, staging
from critical_minerals.report.source import Source, read_source
from critical_minerals.workspace.paths import write_whole
from critical_minerals.workspace.state_files import read_stored

if TYPE_CHECKING:
    from typst import Fonts

_TOC_DEPTH: Final = 3
_CACHE: Final = "_generated/cache"
"""The folder, next to the document, of what is cached from one rendering to the next."""
_MIN_CHARACTERS: Final = 5_000
"""Characters of values; with fewer, another call of Pandoc costs more than it saves."""
_HEAD_MARK: Final = "<!--report-head-->"
_SCRIPTS_MARK: Final = "<!--report-scripts-->"
# Fragments refer to nothing else in the document: they need no filter but the theme's.
_THEME_FILTERS: Final = ("theme/report.lua", "theme/values.lua")


@dataclass(frozen=True)
class Job:
    """One document to render into one folder."""

    source: Source
    metadata: Mapping[str, Any]
    assets: Assets
    folder: Path

    @cached_property
    def split(self) -> SplitDocument:
        """The lines of the page, and the fragments that are converted separately."""
        return self.split_for("html", HTML)

    def split_for(self, target: str, form: Form) -> SplitDocument:
        """Split off the fragments of one format that are converted separately."""
        return split_document(
            self.source.lines_for(target), form, self.metadata.get("not-public", ())
        )

    def text(self, lines: Sequence[str]) -> Text:
        """Return lines of the document as a text for Pandoc."""
        return Text(self.source.folder, lines, self.metadata)

    def target(self, suffix: str) -> Path:
        """Return the path of the output in one format."""
        return self.folder / f"{self.source.document.stem}.{suffix}"


@dataclass(frozen=True)
class Embedded:
    """The embedded renderer; see `Renderer`."""

    name: RendererName = "embedded"

    @property
    def version(self) -> str:
        """Name the engines with their versions."""
        return f"Pandoc {pandoc_version()}, Typst {metadata.version('typst')}"

    def render(self, document: Path, formats: Sequence[Format], output_dir: Path) -> list[Path]:
        """Render a document; the formats of a long one in parallel."""
        names = [f"{document.stem}.{suffix}" for suffix in formats]
        with staging(output_dir, names) as folder:
            assets = make_assets(document.parent)
            source = read_source(document)
            try:
                job = Job(source, _metadata(source, self.version), assets, folder)
                writers = _writers(job, formats)
                with ThreadPoolExecutor(max_workers=len(writers)) as pool:
                    written = [pool.submit(write, job) for write in writers]
                for each in written:
                    each.result()  # raises an error in any format here
            except PandocError as error:
                raise RenderError(_error_message(source, str(error))) from error
        return [output_dir / name for name in names]


def _writers(job: Job, formats: Sequence[Format]) -> list[Callable[[Job], None]]:
    """Choose the functions that write a document.

    A short page and its print are converted together, so that Pandoc parses the text once.
    """
    page_and_print = {"html", "pdf"} <= {*formats}
    # Long documents are written format by format, in parallel and from cached fragments.
    # Pictures are embedded by Pandoc's program, which writes one format at a time.
    if page_and_print and not job.split.fragments and not _has_pictures(job.split.lines):
        return [_write_page_and_print, *([_write_docx] if "docx" in formats else [])]
    return [_WRITERS[suffix] for suffix in formats]


def _metadata(source: Source, renderer: str) -> dict[str, Any]:
    """Return the metadata of a document; many values are cached in a file of their own instead."""
    # What is converted apart from the document does not have its front matter.
    annex = source.front.get("annex", "")
    document_metadata: dict[str, Any] = {**source.metadata, "renderer": renderer, "annex": annex}
    cache_file = f"{_CACHE}/{source.document.stem}.values.json"
    if not _cache_values(source, document_metadata["v"], cache_file):
        return document_metadata
    # `embedded.lua` reads the file: values in the metadata would be walked by every filter.
    return {**document_metadata, "v": {}, "kept-values": f"`{cache_file}`"}


def _cache_values(source: Source, values: Mapping[str, Any], cache_file: str) -> bool:
    """Store the values of a document as Pandoc's JSON; return whether there are enough for that.

    Each is a small text of its own, and Pandoc takes as long to parse them all as to parse the
    document. They change with the figures; what is edited between two changes of these is prose.
    """
    text = json.dumps(values, ensure_ascii=False, default=str)
    if len(text) < _MIN_CHARACTERS:
        return False
    path = source.folder / cache_file
    key = sha256(f"{pandoc_version()} {text}".encode()).hexdigest()
    stored = read_stored(path, {"made-by": str, "meta": dict}, {"made-by": ""})
    if stored["made-by"] != key:
        (read,) = convert(Text(source.folder, [], {"v": values}), [Output("json")])
        write_whole(path, json.dumps({"made-by": key, **json.loads(read)}, ensure_ascii=False))
    return True


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
    _finish_page(
        job, split.restore(page, _convert_split(job, split, Output("html5", _THEME_FILTERS)))
    )


def _write_pdf(job: Job) -> None:
    split = job.split_for("typst", TYPST)
    (text,) = convert(job.text(split.lines), [_print_output(job.source)])
    # `embedded.lua` keeps Typst from making a figure of each table. `public.lua` has nothing to
    # hide: a line that leads to what was not yet public is no fragment.
    filters = (
        _THEME_FILTERS[0],
        _packaged_filter("embedded.lua"),
        _THEME_FILTERS[1],
        _packaged_filter("marks.lua"),
    )
    converted = _convert_split(job, split, Output("typst", filters))
    _finish_print(job, split.restore(text, converted))


def _page_output() -> Output:
    """Describe the page; what Pandoc would only copy is inserted afterwards."""
    placeholders = {"header-includes": _HEAD_MARK, "include-after": _SCRIPTS_MARK}
    return Output("html5", _filters(), "theme/report.html", _TOC_DEPTH, placeholders)


def _print_output(source: Source) -> Output:
    return Output("typst", _filters(), "theme/embedded.typ", shift=_heading_shift(source))


def _has_pictures(lines: Sequence[str]) -> bool:
    """Say whether a page has pictures, which only Pandoc's program can embed."""
    return any("![" in line for line in lines)


def _convert_split(job: Job, split: SplitDocument, output: Output) -> dict[str, str]:
    """Convert the fragments of a document, except those that are cached."""
    source = job.source
    return convert_fragments(
        split,
        lambda lines: convert(job.text(lines), [output])[0],
        cache_file=source.folder / _CACHE / f"{source.document.stem}.{output.to}.json",
        cache_key=_fragment_key(source, output),
    )


def _fragment_key(source: Source, output: Output) -> str:
    """Hash what determines a fragment: Pandoc, its options, the filters, and targets of links."""
    filters = "".join((source.folder / name).read_text("utf-8") for name in output.filters)
    link_targets = source.front.get("annex", ""), source.metadata.get("pages")
    return sha256(f"{pandoc_version()} {OPTIONS} {link_targets} {filters}".encode()).hexdigest()


def _finish_page(job: Job, page: str) -> None:
    # Before head and scripts go in, which need not be searched for marks.
    page = job.source.with_raw_html(page)
    head, scripts = job.assets.head.read_text("utf-8"), job.assets.scripts.read_text("utf-8")
    page = page.replace(_HEAD_MARK, head, 1).replace(_SCRIPTS_MARK, scripts, 1)
    job.target("html").write_text(page, "utf-8")


def _finish_print(job: Job, text: str) -> None:
    import typst  # noqa: PLC0415 - not for pages

    # The stub wants the text and its root to be of one type, which they never are.
    compile_typst = cast("Callable[..., bytes | list[bytes] | None]", typst.compile)
    try:
        pdf = compile_typst(
            text.encode(),
            root=job.source.folder,
            font_paths=_load_fonts(job.assets.fonts),
            # For readers with assistive technology (UA-1) and for archives (A-2a).
            pdf_standards=["ua-1", "a-2a"],
            format="pdf",
            timestamp=job.source.moment,
        )
    except typst.TypstError as error:
        message = "\n".join([error.diagnostic or error.message, *error.hints])
        msg = f"Typst could not typeset {job.source.document.name}:\n{message}"
        raise RenderError(msg) from error
    job.target("pdf").write_bytes(_single_pdf(pdf))


def _write_docx(job: Job) -> None:
    from critical_minerals.report.word import mark_tables, prepare_word  # noqa: PLC0415 - slow

    reference = prepare_word(job.source)
    target = job.target("docx").resolve()
    run(
        job.text(job.source.lines_for("docx")),
        Output("docx", _filters(), shift=_heading_shift(job.source)),
        "--standalone",
        f"--reference-doc={reference}",
        f"--output={target}",
        # Pandoc stamps a Word file with the time of the clock otherwise.
        environment={"SOURCE_DATE_EPOCH": str(int(job.source.moment.timestamp()))},
    )
    mark_tables(target)


_WRITERS: Final[dict[Format, Callable[[Job], None]]] = {
    "html": _write_html,
    "pdf": _write_pdf,
    "docx": _write_docx,
}


def _error_message(source: Source, message: str) -> str:
    """Turn an error message of a filter or of Pandoc into one with places in the document."""
    # `embedded.lua` reports all faults in one error, a line each: a text to find in the source,
    # and the message.
    faults = dict.fromkeys(re.findall(r"^fault\t(.*?)\t(.*)$", message, re.MULTILINE))
    if not faults:
        return f"Pandoc could not read {source.document.name}:\n{message.strip()}"
    return "\n".join(f"{source.locate(needle)}: {text}." for needle, text in faults)


def _filters() -> tuple[str, ...]:
    """List the filters in their order, as Pandoc finds them from the document's folder."""
    return (
        "theme/public.lua",
        _THEME_FILTERS[0],
        "theme/word.lua",
        _packaged_filter("embedded.lua"),
        _THEME_FILTERS[1],
    )


def _packaged_filter(name: str) -> str:
    return str(resources.files("critical_minerals.report") / name)


def _heading_shift(source: Source) -> int:
    """Return the shift that puts chapters at the first level where the title is no heading."""
    return -1 if source.starts_at_level_two else 0


@cache
def _load_fonts(folder: Path) -> Fonts:
    """Load the report's fonts and no others, so that every machine breaks lines alike."""
    from typst import Fonts  # noqa: PLC0415 - not for pages

    return Fonts(include_system_fonts=False, font_paths=[str(folder)])


def _single_pdf(pdf: bytes | list[bytes] | None) -> bytes:
    if isinstance(pdf, bytes):
        return pdf
    msg = "Typst returned no single PDF."
    raise RenderError(msg)
