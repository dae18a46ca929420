"""The kinds of step: check the figures, run a notebook, assemble, typeset a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from importlib import resources
from pathlib import Path
from pkgutil import resolve_name
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.jobs import (
    Job,
    JobExecutor,
    Local,
    Typesetting,
    run_notebook,
    typeset,
)
from critical_minerals.report.references import read_references
from critical_minerals.workspace.declaration import Document
from critical_minerals.workspace.file_access import CODE, loaded_code, overlap, read_files
from critical_minerals.workspace.parameters import LANGUAGES, last_year_of, load_publication
from critical_minerals.workspace.paths import (
    BROWSE,
    CHANGES,
    CHECKS,
    DESCRIPTOR,
    Workspace,
    read_text,
    write_whole,
)
from critical_minerals.workspace.state_files import read_stored

if TYPE_CHECKING:
    from critical_minerals.report.renderers import Format
    from critical_minerals.workspace.parameters import Language, Parameters

Preference = Literal["auto", "quarto", "embedded"]

RAW: Final = "data/raw/**"
SCHEMAS: Final = "data/schemas/**"
TEXTS: Final = "texts/**"
THEME: Final = ("reports/theme/**", "reports/_quarto.yml")
FONTS: Final = "reports/_generated/fonts/*"
MADE_THEME: Final = "reports/_generated/theme/*"
"""Style sheet, fonts and scripts that are embedded in pages."""
PROJECT: Final = ("pyproject.toml", "parameters.toml")
"""The project's declaration and parameters; what a step uses of them stands in its values."""
_VALID: Final = "reports/_generated/checks/valid"
"""Marks that the raw figures passed their checks. Nothing downstream starts before it exists. Its
content never changes, so that an edit of one figure does not rerun steps that do not read it."""
_RECORD: Final = "reports/_generated/lineage.json"
_CHANGES: Final = "reports/_generated/changes.json"
_LINEAGE_PARTS: Final = "reports/_generated/lineage-parts"
"""One file with a hash for each part of the lineage record: a step that uses some parts depends on
these alone, and not on the whole record, which changes with every figure."""
_PACKAGE: Final = "data/processed/datapackage.json"
_VOCABULARY: Final = ("data/raw/sources.csv", "data/raw/vocabulary/**")
DESCRIPTORS: Final = (SCHEMAS, f"data/raw/**/*{DESCRIPTOR}")

_ASSEMBLED: Final = (
    "values.yml",
    *("tbl-*.md", "lineage-*.md", "notes*.md"),
    *("source-documents.md", "contents.md", "trails.md"),
)
"""What documents include besides figures, whose partials are made where they are drawn."""
_TABLES: Final = ("data/processed/*.csv", "data/processed/*.parquet")
_EXPLAINING: Final = ("glossary",)
"""Functions of the project that pages about figures call to explain words."""
_METADATA: Final = (_PACKAGE, *DESCRIPTORS, "data/releases/**")
"""What describes the figures besides the lineage record: descriptors, and earlier releases."""
_INCLUDE: Final = re.compile(r"\{\{<\s*include\s+(_generated/[a-z]{2}/([\w-]+)\.md)\s*>\}\}")

# Orders of magnitude, for the order of steps alone: the longest chain of them starts first.
_BYTES_A_SECOND: Final = 10_000
_TYPESETTING: Final[Mapping[Format, float]] = {"html": 2.0, "pdf": 3.5, "docx": 4.0}


@dataclass(frozen=True)
class Run:
    """The options of one run."""

    workspace: Workspace
    parameters: Parameters
    formats: tuple[Format, ...] = ("html", "pdf")
    renderer: Preference = "auto"
    executor: JobExecutor = field(default_factory=Local)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The editions to typeset."""
        return self.parameters.languages

    @cached_property
    def figures(self) -> Parameters:
        """The parameters of the figures, which are published in every language.

        Otherwise an edition that is not requested would keep figures of an earlier run.
        """
        return replace(self.parameters, languages=LANGUAGES)

    def typesetting(self, formats: tuple[Format, ...] = ()) -> Typesetting:
        """Say how documents are typeset in some formats: a worker elsewhere has to do the same."""
        from critical_minerals.report.renderers import choose  # noqa: PLC0415 - slow import

        renderer = choose(self.renderer)
        return Typesetting(formats, renderer.name, renderer.version)


@dataclass(frozen=True)
class Step:
    """One step: its inputs, its outputs, and its function. Its place in the order follows.

    Files are declared by patterns (`file_access`). A step runs again when one of its `inputs`
    changes, is added or removed; of `optional` inputs, such as all raw tables, only those count
    that `run` returns as read. `values` are inputs that are not files: parameters, code, versions.
    Files that it `consults` may be read too, but only `values` count for them, such as the hash of
    a notebook's cells. Reading any other file is an error, and so is writing any but its `outputs`
    (`file_access`). `values` depend on files that the step declares, or that no step declares as
    its own, and `fingerprints` records each.

    The code of `run` counts by itself where it stands outside of this package, as in `pipeline.py`,
    with the whole of its file; code of the package counts where `values` name it. The declaration
    of `outputs` counts too: a step that declares others runs again. One that is declared without
    `*` has to exist after the run. Where files of other steps match its `outputs`, or not each is
    made every time, `made` lists its own. `expected` is an estimate of its seconds, by which the
    longest chain of steps starts first. Steps that are done `at_once` bring an edit of words,
    charts or style to a watched page before the record of where everything is from is made anew.
    """

    name: str
    title: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    run: Callable[[], Collection[str] | None]
    optional: tuple[str, ...] = ()
    values: Callable[[], Mapping[str, str]] = dict
    consults: tuple[str, ...] = ()
    made: Callable[[], Sequence[str]] | None = None
    expected: float = 1.0
    at_once: bool = False

    @property
    def stem(self) -> str:
        """The name without the format: a document's name stands for all of its formats."""
        return self.name.partition(".")[0]

    def made_in(self, root: Path) -> dict[str, Path]:
        """Return the files that the step has made, by name."""
        return fingerprints.find(root, self.outputs if self.made is None else self.made())

    def needs(self, other: Step) -> bool:
        """Check whether the step reads an output of another step."""
        return other is not self and _overlap((*self.inputs, *self.optional), other.outputs)


@cache
def _overlap(read: tuple[str, ...], made: tuple[str, ...]) -> bool:
    """Check whether patterns overlap; cached, since a run asks it of every two steps repeatedly."""
    return overlap(read, made)


def check_figures(run: Run) -> Step:
    """Check every raw table; nothing downstream starts on invalid figures."""
    workspace, last_year = run.workspace, last_year_of(run.parameters.as_of)

    def work() -> Collection[str]:
        valid = workspace.root / _VALID
        # Removed first, so that no step starts on an earlier result if the check fails or dies.
        valid.unlink(missing_ok=True)
        read = _run_in_subprocess("review.checks:check_raw", workspace, last_year)
        write_whole(valid, "The raw figures are valid.\n")
        return read

    return Step(
        "check",
        "Check the raw figures",
        inputs=(RAW,),
        outputs=(_VALID, "reports/_generated/checks/check.json"),
        run=work,
        optional=(TEXTS,),
        values=hash_values(workspace, "review.checks", given={"last year": last_year}),
    )


def subset_fonts(run: Run) -> Step:
    """Subset the type family that charts and documents share."""
    workspace = run.workspace

    def work() -> None:
        from critical_minerals.report.fonts import make_fonts  # noqa: PLC0415 - slow import

        make_fonts(workspace.fonts)

    values = hash_values(workspace, "report.fonts")
    return Step("fonts", "Subset the fonts", (), (FONTS,), work, values=values, at_once=True)


def prepare_theme(run: Run) -> Step:
    """Build what pages embed: fonts, style sheet, the charts' engine, and the report's script."""
    workspace = run.workspace

    def work() -> None:
        if not (workspace.shared / "theme" / "scripts.html").is_file():
            # The first time the charts' engine is packed too, which takes a second. After that
            # the files are joined here, without waking the warm parent.
            _run_in_subprocess("report.assets:make_assets", workspace.reports)
            return
        from critical_minerals.report.assets import make_assets  # noqa: PLC0415 - slow import

        make_assets(workspace.reports)

    return Step(
        "theme",
        "Prepare the theme",
        inputs=(FONTS, *THEME),
        outputs=(MADE_THEME,),
        run=work,
        values=hash_values(workspace, "report.assets"),
        at_once=True,
    )


def notebook(run: Run, name: str) -> Step:
    """Run one notebook through papermill, after those whose processed tables it reads."""
    workspace = run.workspace
    path = workspace.notebooks / f"{name}.ipynb"
    reads, saves = fingerprints.tables_of(path)
    manifests = [workspace.published(each) / path.with_suffix(".json").name for each in LANGUAGES]
    own = tuple(
        f"reports/_generated/{file}"
        for file in (f"notebooks/{name}.ipynb", f"lineage/{name}.json", f"checks/{name}.json")
    )

    def made() -> list[str]:
        """List its files: the manifests, and what they list."""
        files = [*own, *map(workspace.relative, manifests)]
        files += _stored_figures(workspace, _figures_in(manifests[0]))
        for manifest, content in zip(manifests, map(read_manifest, manifests), strict=True):
            files += [workspace.relative(manifest.parent / file) for file in content["files"]]
            files += [each for table in content["writes"] for each in _table_files(table)]
        return sorted({*files})

    def work() -> Collection[str]:
        """Run the notebook, and return what its manifest lists as read."""
        # What it made last time goes along, so that a worker elsewhere removes what it makes no
        # longer.
        needs = (*step.inputs, *step.optional, *step.consults, *made())
        task = partial(run_notebook, name=name, parameters=run.figures)
        run.executor.do(Job(name, task, needs), workspace)
        manifest = read_manifest(manifests[0])
        return [*manifest["reads"], *manifest["texts"]]

    figures = fingerprints.figures_of(path)
    step = Step(
        name,
        f"Run notebook {name}",
        inputs=(_VALID,),
        outputs=(
            *own,
            *_stored_figures(workspace, figures),
            *_published_files(f"{name}.json", "tbl-*.json"),
            *(f for table in saves for f in _table_files(table)),
        ),
        run=work,
        # Which of these it reads, its manifest says after the run. Processed tables are known
        # before, from its cells, since the order of notebooks depends on them.
        optional=(RAW, SCHEMAS, TEXTS, CODE, *(_table_files(table)[0] for table in reads)),
        values=hash_values(
            workspace,
            given={"parameters": run.figures.for_papermill()},
            hashed=lambda: fingerprints.behind_notebook(path),
        ),
        consults=(
            f"notebooks/{name}.ipynb",
            f"reports/_generated/notebooks/{name}.failed.ipynb",  # its name until it has succeeded
            *PROJECT,
            # For the comparison of its tables with the last good run.
            *(".pipeline/confirmed.json", ".pipeline/last/**"),
        ),
        made=made,
        expected=path.stat().st_size / _BYTES_A_SECOND if path.is_file() else 1.0,
    )
    return step


def notebooks_among(steps: Iterable[Step], workspace: Workspace) -> list[str]:
    """Name the notebooks among steps."""
    names = (step.name for step in steps)
    return [name for name in names if (workspace.notebooks / f"{name}.ipynb").is_file()]


def figures(run: Run, notebooks: Sequence[str]) -> list[Step]:
    """Make the files of the figures that notebooks have stored: each figure is a step of its own.

    An edit of a chart, or of its words, makes this figure anew and runs no notebook.
    """
    return _steps_of_figures(run, notebooks, _figure_step)


def _steps_of_figures(
    run: Run, notebooks: Sequence[str], make: Callable[[Run, str, str], Step]
) -> list[Step]:
    """Make a step for each figure, or for all of a notebook that computes their names."""
    steps: dict[str, Step] = {}
    for notebook_name in notebooks:
        names = fingerprints.figures_of(run.workspace.notebooks / f"{notebook_name}.ipynb")
        for figure in [fingerprints.FIGURES] if fingerprints.FIGURES in names else names:
            step = make(run, notebook_name, figure)
            # Of two notebooks that publish one name, `assemble` complains.
            steps.setdefault(step.name, step)
    return [*steps.values()]


def _figure_step(run: Run, notebook_name: str, figure: str) -> Step:
    workspace = run.workspace
    stored, is_one = workspace.stored_figure(figure), figure != fingerprints.FIGURES
    manifest = workspace.published(LANGUAGES[0]) / f"{notebook_name}.json"

    def names() -> list[str]:
        """Name what the notebook has stored; the next run of it removes what it does no longer."""
        if is_one:
            return [figure] if stored.is_file() else []
        return _figures_in(manifest)

    def made() -> Sequence[str]:
        return _published_files(*(f"{name}.json" for name in names()))

    def work() -> Collection[str]:
        arguments = (workspace, names())
        return _run_in_subprocess("publish.figures:publish_figures", *arguments)

    return Step(
        figure if is_one else f"figures.{notebook_name}",
        f"Make figure {figure}" if is_one else f"Make the figures of {notebook_name}",
        inputs=(workspace.relative(stored),),
        outputs=_published_files(f"{figure}.json"),
        run=work,
        optional=(TEXTS, CODE),
        values=hash_values(workspace, "publish.figures"),
        consults=(
            f"notebooks/{notebook_name}.ipynb",
            workspace.relative(manifest),
            *PROJECT,
        ),
        made=made,
        at_once=True,
    )


def _stored_figures(workspace: Workspace, figures: Iterable[str]) -> list[str]:
    """Name the files in which a notebook stores figures."""
    return [workspace.relative(workspace.stored_figure(figure)) for figure in figures]


def _figures_in(manifest: Path) -> list[str]:
    """Name the figures that a notebook has published."""
    published = read_stored(manifest, {"figures": dict}, {"figures": {}})
    return sorted(published["figures"])


def charts(run: Run, notebooks: Sequence[str]) -> list[Step]:
    """Draw the charts of published figures, and compose what documents include of each.

    An unchanged chart is not drawn again. Each figure is a step of its own: a document waits for
    those that it shows.
    """
    return _steps_of_figures(run, notebooks, _chart_step)


def _chart_step(run: Run, notebook_name: str, figure: str) -> Step:
    workspace, is_one = run.workspace, figure != fingerprints.FIGURES

    def work() -> Collection[str]:
        from critical_minerals.execution.charts import draw_charts  # noqa: PLC0415 - slow import

        draw_charts(workspace, [figure])
        return _run_in_subprocess("publish.partials:write_figure_partials", workspace, [figure])

    drawings = _drawings([figure], LANGUAGES)
    partials = _published_files(f"{figure}.md")

    def made() -> list[str]:
        """List the drawings that exist: few charts have a form for phones."""
        found = fingerprints.find(workspace.root, (*drawings, *partials))
        return [name for name, path in found.items() if path.is_file()]

    return Step(
        f"charts.{figure if is_one else notebook_name}",
        f"Draw figure {figure}" if is_one else f"Draw the figures of {notebook_name}",
        inputs=(*_published_files(f"{figure}.json"), FONTS),
        outputs=(*drawings, *partials),
        run=work,
        optional=(TEXTS,),
        values=hash_values(workspace, "execution.charts", "publish.partials"),
        made=made,
        # All figures: other drawings are listed, so as not to remove them. The cache is known by
        # its names, which hold the hash of what was drawn.
        consults=("reports/_generated/charts/*", *_published_files("fig-*.json", "fig-*.svg")),
        at_once=True,
    )


def _drawings(figures: Iterable[str], editions: Sequence[Language]) -> tuple[str, ...]:
    """Name the drawings of figures, including those for phones."""
    names = (name for figure in figures for name in (f"{figure}.svg", f"{figure}-narrow.svg"))
    return _published_files(*names, editions=editions)


def trace(run: Run, notebooks: Sequence[str]) -> Step:
    """Describe the processed tables; record the lineage of each figure, and what changed."""
    workspace = run.workspace
    paths = [workspace.notebooks / f"{name}.ipynb" for name in notebooks]

    def code() -> Mapping[str, str]:
        """Hash each notebook's own code together with the package code that it uses."""
        behind = {path.stem: fingerprints.behind_notebook(path) for path in paths}
        return {name: fingerprints.of_value([*each.values()]) for name, each in behind.items()}

    def work() -> Collection[str]:
        arguments = (notebooks, run.figures, code())
        return _run_in_subprocess("review.publishing:trace", workspace, *arguments)

    lineage = [f"reports/_generated/lineage/{name}.json" for name in notebooks]
    return Step(
        "trace",
        "Record where everything is from",
        inputs=(
            *_published_files(*(f"{name}.json" for name in notebooks), "fig-*.json"),
            *lineage,
            "data/processed/*.csv",
            "data/raw/sources.csv",
            *DESCRIPTORS,
            "data/releases/**",
        ),
        outputs=(_RECORD, f"{_LINEAGE_PARTS}/*", _PACKAGE, _CHANGES),
        run=work,
        optional=(TEXTS, RAW),
        values=hash_values(
            workspace,
            "review.publishing",
            given={"parameters": run.figures.for_papermill()},
            hashed=lambda: {"notebooks": fingerprints.of_value(code())},
        ),
        # The hash of the notebooks' code stands in `values`; Parquet files hold the same rows as
        # the CSV files among the inputs.
        consults=(
            *(f"notebooks/{name}.ipynb" for name in notebooks),
            "data/processed/*.parquet",
        ),
    )


def assemble(run: Run, notebooks: Sequence[str]) -> list[Step]:
    """Write what the documents include: values, tables, notes, sources.

    Each edition is a step of its own, so that they run in parallel. It depends on what the
    documents refer to, not on their sentences.
    """
    return [_edition_step(run, notebooks, language) for language in run.figures.languages]


def _edition_step(run: Run, notebooks: Sequence[str], language: Language) -> Step:
    workspace = run.workspace
    arguments = (workspace, language, notebooks, run.figures)
    return Step(
        f"assemble.{language}",
        f"Assemble what documents include ({language})",
        inputs=(
            *_published_files("tbl-*.json", editions=(language,)),
            *_VOCABULARY,
            *(*_lineage_parts("figures"), *_METADATA, _CHANGES),
        ),
        outputs=_published_files(*_ASSEMBLED, editions=(language,)),
        run=partial(_run_in_subprocess, "review.publishing:assemble", *arguments),
        optional=(TEXTS, RAW),
        values=hash_values(
            workspace,
            "review.publishing",
            functions=_EXPLAINING,
            hashed=lambda: _publication(workspace),
        ),
        # Of documents only the references count, which stand in `values`: an edited sentence does
        # not assemble the edition again.
        consults=(*_documents(workspace), *_published_files("*.json"), *_TABLES, *PROJECT, _RECORD),
    )


def publish_changes(run: Run) -> Step:
    """Write the pages that list every change since the last release."""
    files = CHANGES.values()
    inputs = (*_lineage_parts("figures"), *_METADATA, _CHANGES)
    return _supplementary_pages(run, "changes", "Report what changed", files, inputs)


def list_figures(run: Run) -> Step:
    """Write the pages on which every figure and its history can be searched."""
    title = "List every figure and its history"
    return _supplementary_pages(
        run, "browse", title, BROWSE.values(), (*_lineage_parts(), *_METADATA)
    )


def publish_checks(run: Run, notebooks: Sequence[str]) -> Step:
    """Write the results of all checks, as pages and as plain text."""
    files = [f"{name}.{ending}" for name in CHECKS.values() for ending in ("html", "txt")]
    inputs = (*_lineage_parts(), "reports/_generated/checks/*.json")
    return _supplementary_pages(
        run, "checks", "Report what was checked and found", files, inputs, notebooks=notebooks
    )


def _supplementary_pages(
    run: Run,
    name: str,
    title: str,
    files: Iterable[str],
    inputs: Sequence[str],
    notebooks: Sequence[str] = (),
) -> Step:
    """Write supplementary pages about the figures, in every language."""
    workspace = run.workspace
    arguments = (workspace, run.figures.languages, *([notebooks] if notebooks else []))
    return Step(
        name,
        title,
        inputs=("data/raw/vocabulary/**", *inputs, *THEME, FONTS),
        outputs=tuple(workspace.relative(workspace.output / each) for each in files),
        run=partial(_run_in_subprocess, f"review.publishing:{name}", *arguments),
        optional=(TEXTS, RAW),
        values=hash_values(
            workspace,
            "review.publishing",
            functions=_EXPLAINING,
            hashed=lambda: _references(workspace),
        ),
        consults=(*_documents(workspace), *_TABLES, _RECORD, _CHANGES, *_published_files("*.json")),
    )


def attachments(run: Run, notebooks: Sequence[str]) -> list[Step]:
    """Write what the report's notes link to: a page of each executed notebook, and all data."""
    return [
        *(_notebook_page_step(run, name, notebooks) for name in notebooks),
        _data_step(run, notebooks),
    ]


def _notebook_page_step(run: Run, name: str, notebooks: Sequence[str]) -> Step:
    workspace = run.workspace
    page = f"notebooks/{name}.html"
    figures = fingerprints.figures_of(workspace.notebooks / f"{name}.ipynb")
    day = run.parameters.as_of.isoformat()
    work, arguments = "review.notebook_pages:write_notebook_page", (name, notebooks, day)
    return Step(
        page,
        f"Write the page of notebook {name}",
        inputs=(
            f"reports/_generated/notebooks/{name}.ipynb",
            f"reports/_generated/en/{name}.json",
            *(*THEME, FONTS),
        ),
        outputs=(f"{workspace.relative(workspace.output)}/{page}",),
        run=partial(_run_in_subprocess, work, workspace, *arguments),
        optional=(*_drawings(figures, ("en",)), TEXTS),
        values=hash_values(
            workspace,
            "review.notebook_pages",
            functions=_EXPLAINING,
            given={"parameters": [day, notebooks]},
            hashed=lambda: _references(workspace),
        ),
        consults=tuple(_documents(workspace)),
    )


def _data_step(run: Run, notebooks: Sequence[str]) -> Step:
    workspace, output = run.workspace, run.workspace.relative(run.workspace.output)
    arguments = (workspace, notebooks, run.figures.languages[0])
    return Step(
        "attachments",
        "Write the data files that the report links to",
        inputs=(
            *_published_files("fig-*.json", "tbl-*.json"),
            *(_RECORD, _PACKAGE, *THEME, "pipeline.py"),
        ),
        outputs=(f"{output}/data/*",),
        run=partial(_run_in_subprocess, "review.publishing:write_attachments", *arguments),
        optional=(TEXTS,),
        values=hash_values(
            workspace,
            "review.publishing",
            functions=_EXPLAINING,
            hashed=lambda: _publication(workspace),
        ),
        consults=(*_documents(workspace), *_published_files("*.json"), *_TABLES, *PROJECT),
    )


def reports(run: Run, languages: Sequence[Language] = ()) -> list[Step]:
    """Typeset each document in each format: each a step, in a working copy of its own.

    `languages` defaults to those of the run. A document is made only in formats that it declares.
    """
    return [
        _report_step(run, document, language, each)
        for language in languages or run.languages
        for document in run.workspace.project.documents
        for each in run.formats
        if each in document.formats
    ]


def _report_step(run: Run, document: Document, language: Language, format_: Format) -> Step:
    workspace, path = run.workspace, run.workspace.document(language, document)
    name = f"{path.stem}.{format_}"

    def work() -> None:
        if not path.is_file():
            msg = f"There is no {language} edition: reports/{path.name} is missing."
            raise UsageError(msg)
        file = workspace.relative(path)
        task = partial(typeset, document=file, language=language, how=run.typesetting((format_,)))
        needs = (*step.inputs, *step.consults)
        # Alone: Typst keeps in memory what it computed for the last ten documents.
        run.executor.do(Job(name, task, needs, alone=True), workspace)

    output = workspace.relative(workspace.output)

    def made() -> list[str]:
        """Name its files; a document with a page for each chapter has several."""
        # By the document's own list: the pattern of its outputs, `annex-*.html`, would also match
        # pages of another document whose name begins so.
        pages = read_references(path).chapters if format_ == "html" else ()
        return [f"{output}/{each}" for each in (name, *pages)]

    step = Step(
        name,
        f"Typeset {name}",
        inputs=(
            workspace.relative(path),
            *_included_files(path),
            f"reports/_generated/{language}/values.yml",
            *(*THEME, FONTS, MADE_THEME),
        ),
        outputs=(
            f"{output}/{name}",
            *([f"{output}/{path.stem}-*.html"] if format_ == "html" else []),
        ),
        run=work,
        values=hash_values(
            workspace,
            "report.renderers",
            given={"parameters": run.figures.for_papermill()},
            hashed=lambda: hash_typesetting(run),
        ),
        made=made,
        # Tables converted earlier, stored under a hash of their content.
        consults=(*PROJECT, "reports/_generated/cache/**"),
        expected=_TYPESETTING[format_],
        at_once=True,
    )
    return step


def hash_typesetting(run: Run) -> Mapping[str, str]:
    """Hash what typesets documents besides code in Python."""
    how, own = run.typesetting(), Path(str(resources.files("critical_minerals.report")))
    return {
        "renderer": f"{how.renderer} {how.version}",
        # Pandoc's filters are not Python: `of_code` does not find them.
        "filters": fingerprints.of_files(sorted(own.glob("*.lua"))),
    }


def _included_files(document: Path) -> list[str]:
    """List the published fragments that a document includes, with their sources and drawings."""
    # By the includes in its text, so that an edited figure typesets again only the documents that
    # show it.
    text = read_text(document) if fingerprints.record_dependency(document).is_file() else ""
    files: dict[str, None] = {}
    for path, name in _INCLUDE.findall(text):
        folder = f"reports/{path.rpartition('/')[0]}"
        lineage = [f"lineage-{name}.md"] if name.startswith(("fig-", "tbl-")) else []
        drawings = [f"{name}.svg", f"{name}-narrow.svg"] if name.startswith("fig-") else []
        companions = (f"{folder}/{each}" for each in (*lineage, *drawings))
        files |= dict.fromkeys([f"reports/{path}", *companions])
    return [*files]


def _run_in_subprocess(work: str, *arguments: Any) -> Collection[str]:
    """Run a function of the package in a process with its libraries loaded; return what it read."""
    from critical_minerals.execution import warm  # noqa: PLC0415 - slow import

    function = f"{fingerprints.PACKAGE}.{work}"
    return warm.run_in_subprocess(f"{__name__}:read_by", function, *arguments)


def read_by(work: str, *arguments: Any) -> Collection[str]:
    """Call the function named `module:function`; return the texts it used, the files it read."""
    from critical_minerals.language.catalogue import used  # noqa: PLC0415 - slow import

    resolve_name(work)(*arguments)
    # All count for the whole process, which is a fork made for this one call.
    return sorted(used() | read_files() | loaded_code())


def hash_values(
    workspace: Workspace,
    *modules: str,
    functions: Sequence[str] = (),
    given: Mapping[str, Any] = MappingProxyType({}),
    hashed: Callable[[], Mapping[str, str]] = dict,
) -> Callable[[], Mapping[str, str]]:
    """Hash what a step depends on besides files.

    These are modules of the package, with all that they import, the environment they run in, what
    the project declares, with the `functions` that it names, which static analysis of imports does
    not find, what the step is `given`, and what it has `hashed` itself.
    """

    def values() -> Mapping[str, str]:
        code = [f"import {fingerprints.PACKAGE}.{name}" for name in modules]
        return {
            **({"code": fingerprints.of_code(code)} if code else {}),
            "environment": fingerprints.of_environment(workspace.root / "requirements.lock"),
            "project": fingerprints.of_project(workspace.project, *functions),
            **{name: fingerprints.of_value(value) for name, value in given.items()},
            **hashed(),
        }

    return values


def _references(workspace: Workspace) -> Mapping[str, str]:
    """Hash what the documents refer to."""
    editions = [
        read_references(*map(fingerprints.record_dependency, workspace.documents(language)))
        for language in LANGUAGES
    ]
    return {"what the documents use": fingerprints.of_value(editions)}


def _publication(workspace: Workspace) -> Mapping[str, str]:
    """Hash the references, and the details of the publication, such as who makes it."""
    publication = load_publication(workspace.root / "parameters.toml")
    return {"publication": fingerprints.of_value(publication), **_references(workspace)}


def _lineage_parts(*parts: str) -> tuple[str, ...]:
    """Name the parts of the lineage record that pages about figures use, and further `parts`.

    The code of notebooks is not among them: an edit of it alone changes none of these pages.
    """
    standard = ("as_of", "parameters", "values", "tables", "sources", "rows")
    return tuple(f"{_LINEAGE_PARTS}/{each}" for each in (*standard, *parts))


def _documents(workspace: Workspace) -> list[str]:
    """Name the sources of all documents in every edition."""
    files = (path for language in LANGUAGES for path in workspace.documents(language))
    return [*map(workspace.relative, files)]


def _published_files(*patterns: str, editions: Sequence[Language] = LANGUAGES) -> tuple[str, ...]:
    """Name published files in every edition, or in some."""
    return tuple(f"reports/_generated/{each}/{name}" for each in editions for name in patterns)


def _table_files(table: str) -> tuple[str, str]:
    """Name the files of a processed table, the one that is read (Parquet) first."""
    return f"data/processed/{table}.parquet", f"data/processed/{table}.csv"


def read_manifest(path: Path) -> Mapping[str, list[str]]:
    """Read the manifest of what a notebook has read and made; empty before its first run."""
    empty: Mapping[str, list[str]] = {"reads": [], "writes": [], "files": [], "texts": []}
    # One that is damaged is that of an earlier run: the notebook writes it anew.
    return read_stored(path, {name: [str] for name in empty}, empty)
