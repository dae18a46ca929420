"""The kinds of step: check the figures, run a notebook, assemble, typeset a document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from importlib import resources
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Final, Literal

from critical_minerals.declaration import Document
from critical_minerals.declared import overlap, read_files
from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.executors import JobExecutor, Local
from critical_minerals.execution.jobs import Job, run_notebook, typeset
from critical_minerals.parameters import LANGUAGES, last_year_of, load_publication
from critical_minerals.report.references import read_references
from critical_minerals.workspace import (
    BROWSE,
    CHANGES,
    CHECKS,
    DESCRIPTOR,
    Workspace,
    read_text,
    write_whole,
)

if TYPE_CHECKING:
    from critical_minerals.parameters import Language, Parameters
    from critical_minerals.report.renderers import Format, Renderer

Preference = Literal["auto", "quarto", "embedded"]

RAW: Final = "data/raw/**"
SCHEMAS: Final = "data/schemas/**"
TEXTS: Final = "texts/**"
THEME: Final = ("reports/theme/**", "reports/_quarto.yml")
FONTS: Final = "reports/_generated/fonts/*"
MADE_THEME: Final = "reports/_generated/theme/*"
"""What is made of theme and fonts for pages to carry inside them."""
PROJECT: Final = ("pyproject.toml", "parameters.toml")
"""By which a project is known, and the parameters: what a step takes of them, it is given."""
_SOUND: Final = "reports/_generated/checks/sound"
"""Says that the raw figures were found sound. Nothing downstream starts before it is there, and
nothing runs again because other figures were found sound: it always says the same."""
_RECORD: Final = "reports/_generated/lineage.json"
_CHANGES: Final = "reports/_generated/changes.json"
_PARTS: Final = "reports/_generated/lineage-parts"
"""Tells of each part of the record by its hash: who reads some parts rests on these alone."""
_PACKAGE: Final = "data/processed/datapackage.json"
_NAMES: Final = ("data/raw/sources.csv", "data/raw/vocabulary/**")
DESCRIPTORS: Final = (SCHEMAS, f"data/raw/**/*{DESCRIPTOR}")

_TABLES: Final = ("data/processed/*.csv", "data/processed/*.parquet")
_TOLD_OF: Final = (_PACKAGE, *DESCRIPTORS, "data/releases/**")
"""What tells of the figures beside their record: descriptions, and the releases before."""
_INCLUDED: Final = re.compile(r"\{\{<\s*include\s+(_generated/[a-z]{2}/([\w-]+)\.md)\s*>\}\}")

# Orders of magnitude, by which a first run begins with what takes long.
_BYTES_A_SECOND: Final = 10_000
_TYPESETTING: Final[Mapping[Format, float]] = {"html": 2.0, "pdf": 3.5, "docx": 4.0}


@dataclass(frozen=True)
class Run:
    """What one run was asked to do."""

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
        """The parameters of the figures: published in every language, whichever is typeset.

        An edition that is not asked for would otherwise keep figures of an earlier run.
        """
        return replace(self.parameters, languages=LANGUAGES)


@dataclass(frozen=True)
class Step:
    """One step: what it reads, what it makes, and the work between. Its place follows from them.

    Files are declared by patterns (`declared`). It runs again when one of `inputs`
    changes, comes or goes; of `optional` inputs, such as all raw tables, only those count that
    `run` names as read. `values` are inputs that are no files: parameters, code, versions. What it
    `consults` it may read too, but what counts of it stands in `values`, such as a notebook's
    cells. Anything else it is refused (`declared`). `values` rest on files that it declares, or
    that no step declares as its own, and look at each (`fingerprints`).

    Where files of other steps lie among its `outputs`, `made` lists its own. `expected` are the
    seconds that it may take, for as long as it has never run here.
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

    @property
    def stem(self) -> str:
        """What it makes, apart from the format: a document's name stands for all of its formats."""
        return self.name.partition(".")[0]

    def made_in(self, root: Path) -> dict[str, Path]:
        """Return the files that it has made, by name."""
        return fingerprints.find(root, self.outputs if self.made is None else self.made())

    def needs(self, other: Step) -> bool:
        """Say whether it reads what another step makes."""
        return other is not self and _overlap((*self.inputs, *self.optional), other.outputs)


@cache
def _overlap(read: tuple[str, ...], made: tuple[str, ...]) -> bool:
    """Remember the answer: every two steps are asked several times a run, thousands of patterns."""
    return overlap(read, made)


def check_figures(run: Run) -> Step:
    """Check every raw table; nothing downstream starts on figures that are at fault."""
    workspace, last_year = run.workspace, last_year_of(run.parameters.as_of)

    def work() -> Collection[str]:
        sound = workspace.root / _SOUND
        sound.unlink(missing_ok=True)
        read = _in_subprocess(workspace, "review.checks:check_raw", workspace, last_year)
        write_whole(sound, "The raw figures are sound.\n")
        return read

    def values() -> Mapping[str, str]:
        of_year = {"last year": fingerprints.of_value(last_year)}
        return {**of_year, **_code(workspace, "review.checks")()}

    return Step(
        "check",
        "Check the raw figures",
        inputs=(RAW,),
        outputs=(_SOUND, "reports/_generated/checks/check.json"),
        run=work,
        optional=(TEXTS,),
        values=values,
    )


def cut_fonts(run: Run) -> Step:
    """Cut the type family that charts and documents share."""
    workspace = run.workspace

    def work() -> None:
        from critical_minerals.report.fonts import make_fonts  # noqa: PLC0415 - slow import

        make_fonts(workspace.fonts)

    values = _code(workspace, "report.fonts")
    return Step("fonts", "Cut the fonts", (), (FONTS,), work, values=values)


def prepare_theme(run: Run) -> Step:
    """Join what pages carry inside them: fonts, style sheet, the charts' engine, our script."""
    workspace = run.workspace

    def work() -> None:
        if not (workspace.shared / "theme" / "scripts.html").is_file():
            # The charts' engine is made too, for a second.
            _in_subprocess(workspace, "report.assets:make_assets", workspace.reports)
            return
        from critical_minerals.report.assets import make_assets  # noqa: PLC0415 - slow import

        make_assets(workspace.reports)

    return Step(
        "theme",
        "Prepare the theme",
        inputs=(FONTS, *THEME),
        outputs=(MADE_THEME,),
        run=work,
        values=_code(workspace, "report.assets"),
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
        """Name what is there of it: what its manifests list, and those themselves."""
        files = [*own, *map(workspace.relative, manifests)]
        for manifest, content in zip(manifests, map(_manifest, manifests), strict=True):
            files += [workspace.relative(manifest.parent / file) for file in content["files"]]
            files += [each for table in content["writes"] for each in _table_files(table)]
        return sorted({*files})

    def work() -> Collection[str]:
        """Run the notebook; it says in its manifest what it has read."""
        needs = (*step.inputs, *step.optional, *step.consults, *made())
        task = partial(run_notebook, name=name, parameters=run.figures)
        run.executor.do(Job(name, task, needs), workspace)
        manifest = _manifest(manifests[0])
        return [*manifest["reads"], *manifest["texts"]]

    def values() -> Mapping[str, str]:
        return {
            **fingerprints.behind_notebook(path),
            "parameters": fingerprints.of_value(run.figures.for_papermill()),
            **_environment(workspace, "theme"),
        }

    figures = (f"{figure}.json" for figure in fingerprints.figures_of(path))
    published = (f"{name}.json", *figures, "tbl-*.json")
    step = Step(
        name,
        f"Run notebook {name}",
        inputs=(_SOUND,),
        outputs=(
            *own,
            *_published(*published),
            *(f for table in saves for f in _table_files(table)),
        ),
        run=work,
        optional=(RAW, SCHEMAS, TEXTS, *(_table_files(table)[0] for table in reads)),
        values=values,
        consults=(
            f"notebooks/{name}.ipynb",
            f"reports/_generated/notebooks/{name}.failed.ipynb",  # until it is known to be good
            *PROJECT,
            *(".pipeline/confirmed.json", ".pipeline/last/**"),  # what large changes are judged by
        ),
        made=made,
        expected=path.stat().st_size / _BYTES_A_SECOND if path.is_file() else 1.0,
    )
    return step


def charts(run: Run, notebooks: Sequence[str]) -> list[Step]:
    """Draw the charts that notebooks have published; one that is as it was is not drawn again.

    Those of each notebook are a step of their own: drawn while the next one runs.
    """
    return [_charts(run, name) for name in notebooks]


def _charts(run: Run, notebook: str) -> Step:
    workspace = run.workspace
    figures = fingerprints.figures_of(workspace.notebooks / f"{notebook}.ipynb")

    def work() -> None:
        from critical_minerals.execution.charts import draw_charts  # noqa: PLC0415 - slow import

        draw_charts(workspace, figures)

    return Step(
        f"charts.{notebook}",
        f"Draw the charts of {notebook}",
        inputs=(*_published(*(f"{figure}.json" for figure in figures)), FONTS),
        outputs=_drawings(figures, LANGUAGES),
        run=work,
        values=_code(workspace, "execution.charts"),
        consults=("reports/_generated/charts/*", *_published("fig-*.json", "fig-*.svg")),
    )


def _drawings(figures: Iterable[str], editions: Sequence[Language]) -> tuple[str, ...]:
    """Name the files that figures are drawn in, those for a phone among them."""
    names = (name for figure in figures for name in (f"{figure}.svg", f"{figure}-narrow.svg"))
    return _published(*names, editions=editions)


def trace(run: Run, notebooks: Sequence[str]) -> Step:
    """Describe the processed tables; record where everything is from, and what changed of it."""
    workspace = run.workspace
    paths = [workspace.notebooks / f"{name}.ipynb" for name in notebooks]

    def code() -> Mapping[str, str]:
        """Hash each notebook's own code together with the package code that it uses."""
        behind = {path.stem: fingerprints.behind_notebook(path) for path in paths}
        return {name: fingerprints.of_value([*each.values()]) for name, each in behind.items()}

    def work() -> Collection[str]:
        given = (notebooks, run.figures, code())
        return _in_subprocess(workspace, "review.assembly:trace", workspace, *given)

    def values() -> Mapping[str, str]:
        parameters = fingerprints.of_value(run.figures.for_papermill())
        of_code = {"notebooks": fingerprints.of_value(code())}
        return {"parameters": parameters, **of_code, **_code(workspace, "review.assembly")()}

    lineage = [f"reports/_generated/lineage/{name}.json" for name in notebooks]
    return Step(
        "trace",
        "Record where everything is from",
        inputs=(
            *_published(*(f"{name}.json" for name in notebooks)),
            *lineage,
            "data/processed/*.csv",
            "data/raw/sources.csv",
            *DESCRIPTORS,
            "data/releases/**",
        ),
        outputs=(_RECORD, f"{_PARTS}/*", _PACKAGE, _CHANGES),
        run=work,
        optional=(TEXTS, RAW),
        values=values,
        consults=(
            *(f"notebooks/{name}.ipynb" for name in notebooks),
            "data/processed/*.parquet",
        ),
    )


def assemble(run: Run, notebooks: Sequence[str]) -> list[Step]:
    """Write what the documents include: values, figures, tables, notes, sources.

    Each edition is a step of its own: they are made side by side. It rests on what the documents
    use, not on their words.
    """
    return [_edition(run, notebooks, language) for language in run.figures.languages]


def _edition(run: Run, notebooks: Sequence[str], language: Language) -> Step:
    workspace = run.workspace

    def work() -> Collection[str]:
        given = (workspace, language, notebooks, run.figures)
        return _in_subprocess(workspace, "review.assembly:assemble", *given)

    return Step(
        f"assemble.{language}",
        f"Assemble what documents include ({language})",
        inputs=(
            *_published("fig-*.json", "fig-*.svg", "tbl-*.json", editions=(language,)),
            *_NAMES,
            *(*_record("figures"), *_TOLD_OF, _CHANGES),
        ),
        outputs=_published("*.md", "values.yml", editions=(language,)),
        run=work,
        optional=(TEXTS, RAW),
        values=_told_by(workspace),
        consults=(*_documents(workspace), *_published("*.json"), *_TABLES, *PROJECT, _RECORD),
    )


def tell_changes(run: Run) -> Step:
    """Put beside the report the pages that tell every change since the last release."""
    files = CHANGES.values()
    inputs = (*_record("figures"), *_TOLD_OF, _CHANGES)
    return _told(run, "changes", "Tell what changed", files, inputs)


def list_figures(run: Run) -> Step:
    """Put beside the report the pages on which every figure and its history can be searched."""
    title = "List every figure and its history"
    return _told(run, "browse", title, BROWSE.values(), (*_record(), *_TOLD_OF))


def tell_checks(run: Run, notebooks: Sequence[str]) -> Step:
    """Put beside the report what was checked and found, as pages and as plain text."""
    files = [f"{name}.{ending}" for name in CHECKS.values() for ending in ("html", "txt")]
    inputs = (*_record(), "reports/_generated/checks/*.json")
    return _told(run, "checks", "Tell what was checked and found", files, inputs, given=notebooks)


def _told(
    run: Run,
    name: str,
    title: str,
    files: Iterable[str],
    inputs: Sequence[str],
    given: Sequence[str] = (),
) -> Step:
    """Put beside the report pages, in every language, that tell of the figures."""
    workspace, languages = run.workspace, run.figures.languages

    def work() -> Collection[str]:
        asked = (workspace, languages, *([given] if given else []))
        return _in_subprocess(workspace, f"review.assembly:{name}", *asked)

    return Step(
        name,
        title,
        inputs=("data/raw/vocabulary/**", *inputs, *THEME, FONTS),
        outputs=tuple(workspace.relative(workspace.output / each) for each in files),
        run=work,
        optional=(TEXTS, RAW),
        values=_told_of(workspace),
        consults=(*_documents(workspace), *_TABLES, _RECORD, _CHANGES, *_published("*.json")),
    )


def attachments(run: Run, notebooks: Sequence[str]) -> list[Step]:
    """Put beside the report what its notes lead to: each executed notebook, and all data."""
    return [*(_notebook_page(run, name, notebooks) for name in notebooks), _data(run, notebooks)]


def _notebook_page(run: Run, name: str, notebooks: Sequence[str]) -> Step:
    workspace = run.workspace
    page = f"notebooks/{name}.html"
    figures = fingerprints.figures_of(workspace.notebooks / f"{name}.ipynb")
    day = run.parameters.as_of.isoformat()

    def work() -> Collection[str]:
        given = (workspace, name, notebooks, day)
        return _in_subprocess(workspace, "review.notebook_pages:write_notebook_page", *given)

    def values() -> Mapping[str, str]:
        given = fingerprints.of_value([day, notebooks])
        return {"parameters": given, **_told_of(workspace, "review.notebook_pages")()}

    return Step(
        page,
        f"Put notebook {name} beside the report",
        inputs=(
            f"reports/_generated/notebooks/{name}.ipynb",
            f"reports/_generated/en/{name}.json",
            *(*THEME, FONTS),
        ),
        outputs=(f"{workspace.relative(workspace.output)}/{page}",),
        run=work,
        optional=(*_drawings(figures, ("en",)), TEXTS),
        values=values,
        consults=tuple(_documents(workspace)),
    )


def _data(run: Run, notebooks: Sequence[str]) -> Step:
    workspace, output = run.workspace, run.workspace.relative(run.workspace.output)

    def work() -> Collection[str]:
        language = run.figures.languages[0]
        return _in_subprocess(
            workspace, "review.assembly:write_attachments", workspace, notebooks, language
        )

    return Step(
        "attachments",
        "Put the data beside the report",
        inputs=(
            *_published("fig-*.json", "tbl-*.json"),
            *(_RECORD, _PACKAGE, *THEME, "pipeline.py"),
        ),
        outputs=(f"{output}/data/*",),
        run=work,
        optional=(TEXTS,),
        values=_told_by(workspace),
        consults=(*_documents(workspace), *_published("*.json"), *_TABLES, *PROJECT),
    )


def reports(run: Run, languages: Sequence[Language] = ()) -> list[Step]:
    """Typeset each document in each format: a step of its own, in a working copy of its own.

    Without `languages`, those that the run was asked for. A document is made in no format but its
    own ones.
    """
    return [
        _report(run, document, language, each)
        for language in languages or run.languages
        for document in run.workspace.project.documents
        for each in run.formats
        if each in document.formats
    ]


def _report(run: Run, document: Document, language: Language, format_: Format) -> Step:
    workspace, path = run.workspace, run.workspace.document(language, document)
    name = f"{path.stem}.{format_}"

    def renderer() -> Renderer:
        from critical_minerals.report.renderers import choose  # noqa: PLC0415 - slow import

        return choose(run.renderer)

    def work() -> None:
        if not path.is_file():
            msg = f"There is no {language} edition: reports/{path.name} is missing."
            raise UsageError(msg)
        chosen = renderer()
        given = {"renderer": chosen.name, "version": chosen.version}
        task = partial(typeset, document=document, language=language, format_=format_, **given)
        needs = (*step.inputs, *step.consults)
        run.executor.do(Job(name, task, needs, alone=True), workspace)

    def values() -> Mapping[str, str]:
        chosen, own = renderer(), Path(str(resources.files("critical_minerals.report")))
        return {
            "parameters": fingerprints.of_value(run.figures.for_papermill()),
            "renderer": f"{chosen.name} {chosen.version}",
            "filters": fingerprints.of_files(sorted(own.glob("*.lua"))),
            **_code(workspace, "report.renderers")(),
        }

    output = workspace.relative(workspace.output)

    def made() -> list[str]:
        """Name what is there of it; a page whose chapters stand apart is several."""
        pages = read_references(path).chapters if format_ == "html" else ()
        return [f"{output}/{each}" for each in (name, *pages)]

    step = Step(
        name,
        f"Typeset {name}",
        inputs=(
            workspace.relative(path),
            *_included(path),
            f"reports/_generated/{language}/values.yml",
            *(*THEME, FONTS, MADE_THEME),
        ),
        outputs=(
            f"{output}/{name}",
            *([f"{output}/{path.stem}-*.html"] if format_ == "html" else []),
        ),
        run=work,
        values=values,
        made=made,
        # Tables converted before, kept by their content.
        consults=(*PROJECT, "reports/_generated/cache/**"),
        expected=_TYPESETTING[format_],
    )
    return step


def _included(document: Path) -> list[str]:
    """Name what a document includes of what is published, with its sources and its drawings."""
    text = read_text(document) if fingerprints.look(document).is_file() else ""
    files: dict[str, None] = {}
    for path, name in _INCLUDED.findall(text):
        folder = f"reports/{path.rpartition('/')[0]}"
        sourced = [f"lineage-{name}.md"] if name.startswith(("fig-", "tbl-")) else []
        drawn = [f"{name}.svg", f"{name}-narrow.svg"] if name.startswith("fig-") else []
        beside = (f"{folder}/{each}" for each in (*sourced, *drawn))
        files |= dict.fromkeys([f"reports/{path}", *beside])
    return [*files]


def _in_subprocess(workspace: Workspace, work: str, *given: Any) -> Collection[str]:
    """Do work of the package in a process that has its libraries loaded; name what it read."""
    from critical_minerals.execution import warm  # noqa: PLC0415 - slow import

    warm.preload(workspace.project.preloaded)
    named = f"{fingerprints.PACKAGE}.{work}"
    return warm.run_in_subprocess(f"{__name__}:read_by", named, *given)


def read_by(work: str, *given: Any) -> Collection[str]:
    """Do the work that `module:function` names; return the texts it said and the files it read."""
    from critical_minerals.language.catalogue import used  # noqa: PLC0415 - slow import

    resolve_name(work)(*given)
    return sorted(used() | read_files())


def _told_of(
    workspace: Workspace, module: str = "review.assembly"
) -> Callable[[], Mapping[str, str]]:
    """Hash what tells of the figures: what the documents use, and the code that tells."""

    def values() -> Mapping[str, str]:
        editions = [
            read_references(*map(fingerprints.look, workspace.documents(language)))
            for language in LANGUAGES
        ]
        used = fingerprints.of_value(editions)
        return {"what the documents use": used, **_code(workspace, module, "glossary")()}

    return values


def _told_by(workspace: Workspace) -> Callable[[], Mapping[str, str]]:
    """Hash what tells of the figures, and who makes the report."""
    told_of = _told_of(workspace)

    def values() -> Mapping[str, str]:
        publication = load_publication(workspace.root / "parameters.toml")
        return {"publication": fingerprints.of_value(publication), **told_of()}

    return values


def _record(*parts: str) -> tuple[str, ...]:
    """Name the parts of the record that tell of values, tables and what is behind them, and more.

    Not among them is the code of notebooks: who tells of figures does not tell of it.
    """
    always = ("as_of", "parameters", "values", "tables", "sources", "rows")
    return tuple(f"{_PARTS}/{each}" for each in (*always, *parts))


def _documents(workspace: Workspace) -> list[str]:
    """Name the sources of all documents in every edition."""
    files = (path for language in LANGUAGES for path in workspace.documents(language))
    return [*map(workspace.relative, files)]


def _published(*patterns: str, editions: Sequence[Language] = LANGUAGES) -> tuple[str, ...]:
    """Name what is published in every edition, or in some."""
    return tuple(f"reports/_generated/{each}/{name}" for each in editions for name in patterns)


def _table_files(table: str) -> tuple[str, str]:
    """Name the files of a processed table, the one that is read first."""
    return f"data/processed/{table}.parquet", f"data/processed/{table}.csv"


def _manifest(path: Path) -> Mapping[str, list[str]]:
    """Read what a notebook says that it has read and made."""
    empty: Mapping[str, list[str]] = {"reads": [], "writes": [], "files": [], "texts": []}
    return json.loads(path.read_text("utf-8")) if path.is_file() else empty


def _code(workspace: Workspace, module: str, *functions: str) -> Callable[[], Mapping[str, str]]:
    """Hash a module of the package with all that it imports, and the environment it runs in.

    `functions` are those that it finds by name in what the project declares.
    """

    def values() -> Mapping[str, str]:
        code = fingerprints.of_code([f"import {fingerprints.PACKAGE}.{module}"])
        return {"code": code, **_environment(workspace, *functions)}

    return values


def _environment(workspace: Workspace, *functions: str) -> Mapping[str, str]:
    """Hash the pinned and the installed environment, and what the project declares."""
    lock = workspace.root / "requirements.lock"
    return {
        "environment": fingerprints.of_environment(lock),
        "project": fingerprints.of_project(workspace.project, *functions),
    }
