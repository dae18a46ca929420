"""The kinds of step: check the figures, run a notebook, assemble, typeset a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from importlib import resources
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Final, Literal

from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.executors import JobExecutor, Local
from critical_minerals.execution.jobs import notebook_job, report_job
from critical_minerals.parameters import last_year_of
from critical_minerals.report.typeface import STAMP
from critical_minerals.report.uses import read_uses
from critical_minerals.review.findings import findings_file
from critical_minerals.workspace import CHANGES, DOCUMENTS, Workspace

if TYPE_CHECKING:
    from critical_minerals.parameters import Language, Parameters
    from critical_minerals.report.renderers import Format, Renderer

EDITIONS: Final[tuple[Language, ...]] = ("en", "fr")
Preference = Literal["auto", "quarto", "embedded"]

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
        return replace(self.parameters, languages=EDITIONS)


@dataclass(frozen=True)
class Inputs:
    """What a step reads, by name, taken before it reads.

    It runs again when one of `required`, hashes of contents, changes, comes or goes. Of `optional`,
    files such as all raw tables, only those count that it said it had read.
    """

    required: Mapping[str, str]
    optional: Mapping[str, Path] = field(default_factory=dict[str, Path])


@dataclass(frozen=True)
class Step:
    """One step: after which others it runs, what it does, its inputs and outputs.

    `run` returns the names of the optional inputs that it read. `expected` are the seconds that it
    may take, for as long as it has never run here.
    """

    name: str
    title: str
    after: tuple[str, ...]
    run: Callable[[], Collection[str] | None]
    inputs: Callable[[], Inputs]
    outputs: Callable[[], Sequence[Path]]
    expected: float = 1.0

    @property
    def stem(self) -> str:
        """What it makes, apart from the format: a document's name stands for all of its formats."""
        return self.name.partition(".")[0]


def check_figures(run: Run) -> Step:
    """Check every raw table; nothing downstream starts on figures that are at fault."""
    last_year = last_year_of(run.parameters.as_of)

    def work() -> Collection[str]:
        return _apart("review.checks:check_raw", run.workspace, last_year)

    def inputs() -> Inputs:
        files = fingerprints.files_in(run.workspace.raw)
        relative = {run.workspace.relative(path): fingerprints.of_file(path) for path in files}
        own = {
            "code of the checks": _code("review.checks"),
            "last year": fingerprints.of_value(last_year),
            **_environment(run.workspace),
        }
        return Inputs({**relative, **own}, fingerprints.texts())

    def outputs() -> Sequence[Path]:
        return [findings_file(run.workspace, "check")]

    return Step("check", "Check the raw figures", (), work, inputs, outputs)


def cut_fonts(run: Run) -> Step:
    """Cut the type family that charts and documents share."""
    workspace = run.workspace

    def work() -> None:
        from critical_minerals.report.fonts import make_fonts  # noqa: PLC0415 - slow import

        make_fonts(workspace.fonts)

    def inputs() -> Inputs:
        return Inputs({**_environment(workspace), "code": _code("report.fonts")})

    def outputs() -> Sequence[Path]:
        return [workspace.fonts / STAMP, *_own_files(workspace.fonts)]

    return Step("fonts", "Cut the fonts", (), work, inputs, outputs)


def prepare_theme(run: Run) -> Step:
    """Join what pages carry inside them: fonts, style sheet, the charts' engine, our script."""
    workspace = run.workspace
    made = [workspace.shared / "theme" / name for name in ("head.html", "scripts.html")]

    def work() -> None:
        if not made[-1].is_file():  # builds the charts' engine too, for a second
            _apart("report.assets:make_assets", workspace.reports)
            return
        from critical_minerals.report.assets import make_assets  # noqa: PLC0415 - slow import

        make_assets(workspace.reports)

    def inputs() -> Inputs:
        parts = {"fonts": _fonts(workspace), "theme": _theme(workspace)}
        return Inputs({**parts, "code": _code("report.assets"), **_environment(workspace)})

    before = ("check", "fonts")  # like notebooks, which are more urgent
    return Step("theme", "Prepare the theme", before, work, inputs, lambda: made)


def notebook(run: Run, name: str, after: tuple[str, ...] = ()) -> Step:
    """Run one notebook through papermill, after those whose processed tables it reads."""
    task, before = _NotebookTask(run, name), ("check", "fonts", *after)
    does = (task.work, task.inputs, task.outputs)
    return Step(name, f"Run notebook {name}", before, *does, task.expected)


@dataclass(frozen=True)
class _NotebookTask:
    """A notebook with what it read and wrote when it last ran."""

    run: Run
    name: str

    @property
    def path(self) -> Path:
        return self.run.workspace.notebooks / f"{self.name}.ipynb"

    @property
    def expected(self) -> float:
        """Guess by its length how long it takes."""
        return self.path.stat().st_size / _BYTES_A_SECOND if self.path.is_file() else 0.0

    def work(self) -> Collection[str]:
        """Run the notebook; it says in its manifest what it has read."""
        run = self.run
        job = notebook_job(run.workspace, self.name, run.figures, self.outputs())
        run.executor.submit(job, run.workspace).result()
        manifest = self._manifest(self._languages[0])
        return [*manifest["reads"], *manifest["texts"]]

    def inputs(self) -> Inputs:
        """Hash the notebook, and everything that it could read."""
        workspace = self.run.workspace
        processed = fingerprints.files_in(workspace.processed, "*.parquet")
        folders = (workspace.raw, workspace.schemas)
        could = [*(path for each in folders for path in fingerprints.files_in(each)), *processed]
        required = {
            **fingerprints.behind_notebook(self.path),
            "parameters": fingerprints.of_value(self.run.figures.for_papermill()),
            "fonts": _fonts(workspace),
            **_environment(workspace),
        }
        files = {workspace.relative(path): path for path in could}
        return Inputs(required, {**files, **fingerprints.texts()})

    def outputs(self) -> Sequence[Path]:
        workspace = self.run.workspace
        files = [
            workspace.executed / f"{self.name}.ipynb",
            workspace.lineage / f"{self.name}.json",
            findings_file(workspace, self.name),
        ]
        for language in self._languages:
            folder, manifest = workspace.published(language), self._manifest(language)
            files += [folder / f"{self.name}.json", *(folder / file for file in manifest["files"])]
            files += [
                workspace.processed / f"{table}{suffix}"
                for table in manifest["writes"]
                for suffix in (".parquet", ".csv")
            ]
        return files

    @property
    def _languages(self) -> tuple[Language, ...]:
        return self.run.figures.languages

    def _manifest(self, language: Language) -> Mapping[str, list[str]]:
        path = self.run.workspace.published(language) / f"{self.name}.json"
        empty: Mapping[str, list[str]] = {"reads": [], "writes": [], "files": [], "texts": []}
        return json.loads(path.read_text("utf-8")) if path.is_file() else empty


def charts(run: Run, notebooks: Sequence[str]) -> Step:
    """Draw the charts that notebooks have published; one that is as it was is not drawn again."""
    workspace = run.workspace

    def work() -> None:
        from critical_minerals.execution.charts import draw_charts  # noqa: PLC0415 - slow import

        draw_charts(workspace)

    def inputs() -> Inputs:
        required = {
            **_each(workspace, _shown(run, "fig-*.json")),
            "fonts": _fonts(workspace),
            "code": _code("execution.charts"),
            **_environment(workspace),
        }
        return Inputs(required)

    step = ("charts", "Draw the charts", tuple(notebooks))
    return Step(*step, work, inputs, lambda: _shown(run, "fig-*.svg"))


def trace(run: Run, notebooks: Sequence[str]) -> Step:
    """Describe the processed tables, and record where everything published is from."""
    workspace = run.workspace
    package = workspace.processed / "datapackage.json"
    languages = run.figures.languages
    manifests = [
        workspace.published(language) / f"{name}.json"
        for language in languages
        for name in notebooks
    ]

    def work() -> Collection[str]:
        code = _notebook_code(workspace, notebooks)
        return _apart("review.assembly:trace", workspace, notebooks, run.figures, code)

    def inputs() -> Inputs:
        told = _each(workspace, manifests)
        rows = [workspace.lineage / f"{name}.json" for name in notebooks]
        tables = fingerprints.files_in(workspace.processed, "*.csv")
        required = {
            **told,
            "raw rows": fingerprints.of_files(rows),
            "tables": fingerprints.of_files(tables),
            "sources": fingerprints.of_file(workspace.raw / "sources.csv"),
            **_descriptors(workspace),
            "parameters": fingerprints.of_value(run.figures.for_papermill()),
            "notebooks": fingerprints.of_value(_notebook_code(workspace, notebooks)),
            "code": _code("review.assembly"),
            **_environment(workspace),
        }
        return Inputs(required, fingerprints.texts())

    step = ("trace", "Record where everything is from", tuple(notebooks))
    return Step(*step, work, inputs, lambda: [workspace.record, package])


def assemble(run: Run, notebooks: Sequence[str]) -> Step:
    """Write what the documents include: values, figures, tables, notes, sources.

    It rests on what the documents use, not on their words.
    """
    workspace, languages = run.workspace, run.figures.languages

    def work() -> Collection[str]:
        return _apart("review.assembly:assemble", workspace, notebooks, run.figures)

    def inputs() -> Inputs:
        words = fingerprints.files_in(workspace.raw / "vocabulary")
        shown = _shown(run, "fig-*.json", "fig-*.svg", "tbl-*.json")
        required = {
            **_told_of(workspace),
            "figures and tables": fingerprints.of_files(shown, workspace.generated),
            "names": fingerprints.of_files([workspace.raw / "sources.csv", *words]),
            **_descriptors(workspace),
            "code": _code("review.assembly"),
            **_environment(workspace),
        }
        return Inputs(required, fingerprints.texts())

    def outputs() -> Sequence[Path]:
        values = [workspace.published(language) / "values.yml" for language in languages]
        return [*values, *_shown(run, "*.md")]

    step = ("assemble", "Assemble what documents include", ("charts", "trace"))
    return Step(*step, work, inputs, outputs)


def tell_changes(run: Run) -> Step:
    """Put beside the report the pages that tell every change since the last release."""
    workspace, languages = run.workspace, run.figures.languages

    def work() -> Collection[str]:
        return _apart("review.assembly:tell_changes", workspace, languages)

    def inputs() -> Inputs:
        names = fingerprints.of_files(fingerprints.files_in(workspace.raw / "vocabulary"))
        parts = {"names": names, "code": _code("review.assembly"), **_looks(workspace)}
        required = {**_told_of(workspace), **_descriptors(workspace), **parts}
        return Inputs(required, fingerprints.texts())

    pages = [workspace.output / CHANGES[language] for language in languages]
    # It rests on the record alone, but documents wait for what is assembled, and none for this.
    step = ("changes", "Tell what changed", ("assemble",))
    return Step(*step, work, inputs, lambda: pages)


def beside(run: Run, notebooks: Sequence[str]) -> Step:
    """Put beside the report what its notes lead to: executed notebooks, tables, lineage."""
    workspace = run.workspace
    executed = [workspace.executed / f"{name}.ipynb" for name in notebooks]
    package = workspace.processed / "datapackage.json"

    def work() -> Collection[str]:
        language = run.figures.languages[0]
        return _apart("review.assembly:write_attachments", workspace, notebooks, language)

    def inputs() -> Inputs:
        told = _each(workspace, [*executed, workspace.record, package])
        told["drawings"] = fingerprints.of_files(_shown(run, "fig-*.svg"), workspace.generated)
        own = {"code": _code("review.assembly"), **_looks(workspace)}
        return Inputs({**told, **own}, fingerprints.texts())

    def outputs() -> Sequence[Path]:
        pages = [workspace.output / "notebooks" / f"{name}.html" for name in notebooks]
        return [*pages, *_own_files(workspace.output / "data")]

    step = ("beside", "Put notebooks and data beside the report", ("charts", "trace"))
    return Step(*step, work, inputs, outputs)


def reports(run: Run, languages: Sequence[Language] = ()) -> list[Step]:
    """Typeset each edition in each format: a step of its own, in a working copy of its own.

    Without `languages`, those that the run was asked for.
    """
    wanted = languages or run.languages
    return [_report(run, language, each) for language in wanted for each in run.formats]


def _report(run: Run, language: Language, format_: Format) -> Step:
    task = _ReportTask(run, language, format_)
    name = f"{DOCUMENTS[language]}.{format_}"
    before = ("assemble", "theme")
    does = (task.work, task.inputs, task.outputs)
    return Step(name, f"Typeset {name}", before, *does, _TYPESETTING[format_])


def _apart(work: str, *given: Any) -> Collection[str]:
    """Do work of the package in a process that has its libraries loaded; name the texts it said."""
    from critical_minerals.execution.warm import perform  # noqa: PLC0415 - slow import

    return perform(f"{__name__}:said_in", f"{fingerprints.PACKAGE}.{work}", *given)


def said_in(work: str, *given: Any) -> Collection[str]:
    """Do the work that `module:function` names; return the files of texts that it said."""
    from critical_minerals.language.catalogue import used  # noqa: PLC0415 - slow import

    resolve_name(work)(*given)
    return sorted(used())


def _code(module: str) -> str:
    """Hash a module of the package and all that it imports."""
    return fingerprints.of_code([f"import {fingerprints.PACKAGE}.{module}"])


def _theme(workspace: Workspace) -> str:
    """Hash everything that gives documents and pages their looks."""
    files = fingerprints.files_in(workspace.reports / "theme")
    return fingerprints.of_files([*files, workspace.reports / "_quarto.yml"], workspace.reports)


def _fonts(workspace: Workspace) -> str:
    """Hash the cut fonts."""
    return fingerprints.of_files(_own_files(workspace.fonts))


def _each(workspace: Workspace, paths: Iterable[Path]) -> dict[str, str]:
    """Hash files one by one, so that a changed one can be named."""
    return {workspace.relative(path): fingerprints.of_file(path) for path in paths}


def _shown(run: Run, *patterns: str) -> list[Path]:
    """List published files of all editions, such as figures."""
    folders = [run.workspace.published(language) for language in run.figures.languages]
    return sorted(
        path
        for folder in folders
        for each in patterns
        for path in fingerprints.look(folder).glob(each)
    )


def _looks(workspace: Workspace) -> dict[str, str]:
    """Hash what gives a page beside the report its looks: theme, fonts, what writes it."""
    return {"theme": _theme(workspace), "fonts": _fonts(workspace), **_environment(workspace)}


def _environment(workspace: Workspace) -> dict[str, str]:
    """Hash the pinned and the installed environment."""
    lock = workspace.root / "requirements.lock"
    return {"environment": fingerprints.of_environment(lock)}


def _own_files(folder: Path) -> list[Path]:
    """List the files of a folder, not those of folders in it."""
    return [path for path in fingerprints.look(folder).glob("*") if path.is_file()]


def _told_of(workspace: Workspace) -> Mapping[str, str]:
    """Hash what is told about the figures: record, tables, releases, what the documents use."""
    documents = [fingerprints.look(workspace.document(language)) for language in DOCUMENTS]
    used = [asdict(read_uses(document)) for document in documents]
    releases = fingerprints.files_in(workspace.releases)
    return {
        "lineage": fingerprints.of_file(workspace.record),
        "tables": fingerprints.of_file(workspace.processed / "datapackage.json"),
        "releases": fingerprints.of_files(releases, workspace.releases),
        "what the documents use": fingerprints.of_value(used),
    }


def _descriptors(workspace: Workspace) -> dict[str, str]:
    """Hash what describes the tables: those of processed ones, and those beside raw ones."""
    raw = fingerprints.files_in(workspace.raw, "*.schema.yaml")
    return {
        "descriptors": fingerprints.of_files(fingerprints.files_in(workspace.schemas)),
        "descriptors of raw tables": fingerprints.of_files(raw, workspace.raw),
    }


def _notebook_code(workspace: Workspace, notebooks: Sequence[str]) -> dict[str, str]:
    """Hash each notebook's own code together with the package code that it uses."""
    paths = {name: workspace.notebooks / f"{name}.ipynb" for name in notebooks}
    return {
        name: fingerprints.of_value([*fingerprints.behind_notebook(path).values()])
        for name, path in paths.items()
    }


@dataclass(frozen=True)
class _ReportTask:
    """One edition in one format."""

    run: Run
    language: Language
    format: Format

    @property
    def document(self) -> Path:
        return self.run.workspace.document(self.language)

    def work(self) -> None:
        """Typeset the document."""
        if not self.document.is_file():
            msg = f"There is no {self.language} edition: reports/{self.document.name} is missing."
            raise UsageError(msg)
        run = self.run
        job = report_job(run.workspace, self.language, self.format, self._renderer)
        run.executor.submit(job, run.workspace).result()

    def inputs(self) -> Inputs:
        """Hash the document, what it includes, and all that typesets it."""
        workspace = self.run.workspace
        generated = _own_files(workspace.shared / "theme")
        filters = resources.files("critical_minerals.report")
        lua = [Path(str(filters / name)) for name in ("embedded.lua", "pandoc.lua")]
        folder = workspace.published(self.language)
        # What stands as data beside them has come into the partials by now.
        published = [path for path in _own_files(folder) if path.suffix != ".json"]
        return Inputs(
            {
                "document": fingerprints.of_file(self.document),
                "parameters": fingerprints.of_value(self.run.figures.for_papermill()),
                **_looks(workspace),
                "generated theme": fingerprints.of_files(generated),
                "filters": fingerprints.of_files(lua),
                "figures, tables and values": fingerprints.of_files(published),
                "renderer": f"{self._renderer.name} {self._renderer.version}",
                "code": _code("report.renderers"),
            }
        )

    def outputs(self) -> Sequence[Path]:
        """Name the finished document."""
        return [self.run.workspace.output / f"{self.document.stem}.{self.format}"]

    @cached_property
    def _renderer(self) -> Renderer:
        from critical_minerals.report.renderers import choose  # noqa: PLC0415

        return choose(self.run.renderer)
