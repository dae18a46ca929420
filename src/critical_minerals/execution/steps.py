"""The kinds of step: check the figures, run a notebook, assemble, typeset a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.executors import JobExecutor, Local
from critical_minerals.execution.jobs import notebook_job, report_job
from critical_minerals.review.findings import findings_file
from critical_minerals.workspace import DOCUMENTS, Workspace, write_whole

if TYPE_CHECKING:
    from critical_minerals.parameters import Language, Parameters
    from critical_minerals.report.renderers import Format, Renderer

_ASSEMBLING: Final = (
    "from critical_minerals.publish.assemble import assemble_edition",
    "import critical_minerals.review.changes_page",
    "import critical_minerals.review.changes_section",
    "import critical_minerals.review.lineage",
)
"""What the assembling step imports while it works."""

Preference = Literal["auto", "quarto", "embedded"]


@dataclass(frozen=True)
class Run:
    """What one run was asked to do."""

    workspace: Workspace
    parameters: Parameters
    formats: tuple[Format, ...] = ("html", "pdf")
    renderer: Preference = "auto"
    executor: JobExecutor = field(default_factory=Local)


@dataclass(frozen=True)
class Step:
    """One step: what it does, after which others, what it rests on and what it leaves."""

    name: str
    title: str
    after: tuple[str, ...]
    act: Callable[[], None]
    rests_on: Callable[[], Mapping[str, str]]
    leaves: Callable[[], Sequence[Path]]


def check_figures(run: Run) -> Step:
    """Check every raw table; nothing downstream starts on figures that are at fault."""

    def act() -> None:
        from critical_minerals.review.checks import check_raw  # noqa: PLC0415 - pandas is slow

        check_raw(run.workspace)

    def rests_on() -> Mapping[str, str]:
        files = [path for path in run.workspace.raw.rglob("*") if path.is_file()]
        relative = {run.workspace.relative(path): fingerprints.of_file(path) for path in files}
        code = fingerprints.of_code(["from critical_minerals.review.checks import check_raw"])
        return {**relative, "code of the checks": code}

    def leaves() -> Sequence[Path]:
        return [findings_file(run.workspace, "check")]

    return Step("check", "Check the raw figures", (), act, rests_on, leaves)


def cut_fonts(run: Run) -> Step:
    """Cut the type family that charts and documents share."""
    folder = run.workspace.generated / "fonts"

    def act() -> None:
        from critical_minerals.report.fonts import make_fonts  # noqa: PLC0415 - fontTools is slow

        make_fonts(folder)

    def rests_on() -> Mapping[str, str]:
        lock = fingerprints.of_environment(run.workspace.root / "requirements.lock")
        code = fingerprints.of_code(["import critical_minerals.report.fonts"])
        return {"environment": lock, "code": code}

    return Step("fonts", "Cut the fonts", (), act, rests_on, lambda: [folder / "made-from.json"])


def notebook(run: Run, name: str, after: tuple[str, ...] = ()) -> Step:
    """Run one notebook through papermill, after those whose processed tables it reads."""
    task, before = _NotebookTask(run, name), ("check", "fonts", *after)
    return Step(name, f"Run notebook {name}", before, task.act, task.rests_on, task.leaves)


@dataclass(frozen=True)
class _NotebookTask:
    """A notebook with what it read and wrote when it last ran."""

    run: Run
    name: str

    @property
    def path(self) -> Path:
        return self.run.workspace.notebooks / f"{self.name}.ipynb"

    def act(self) -> None:
        run = self.run
        job = notebook_job(run.workspace, self.name, run.parameters, self.leaves())
        run.executor.submit(job, run.workspace).result()

    def rests_on(self) -> Mapping[str, str]:
        workspace = self.run.workspace
        reads = [workspace.root / file for file in self._manifest(self._languages[0])["reads"]]
        return {
            **{workspace.relative(path): fingerprints.of_file(path) for path in reads},
            "notebook": fingerprints.of_notebook(self.path),
            "package code": fingerprints.of_code(fingerprints.notebook_sources(self.path)),
            "parameters": fingerprints.of_value(self.run.parameters.for_papermill()),
            "environment": fingerprints.of_environment(workspace.root / "requirements.lock"),
        }

    def leaves(self) -> Sequence[Path]:
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
        return self.run.parameters.languages

    def _manifest(self, language: Language) -> Mapping[str, list[str]]:
        path = self.run.workspace.published(language) / f"{self.name}.json"
        empty: Mapping[str, list[str]] = {"reads": [], "writes": [], "files": []}
        return json.loads(path.read_text("utf-8")) if path.is_file() else empty


def assemble(run: Run, notebooks: Sequence[str]) -> Step:
    """Bring what the notebooks published together: named values, list of sources."""
    languages = run.parameters.languages
    manifests = [
        run.workspace.published(language) / f"{name}.json"
        for language in languages
        for name in notebooks
    ]

    def act() -> None:
        from critical_minerals.publish.assemble import assemble_edition, written  # noqa: PLC0415
        from critical_minerals.review.changes_page import write_changes_pages  # noqa: PLC0415
        from critical_minerals.review.changes_section import (  # noqa: PLC0415
            since_last_update,
            with_last_release,
        )
        from critical_minerals.review.lineage import gather, write_lineage  # noqa: PLC0415
        from critical_minerals.tables.package import describe  # noqa: PLC0415

        describe(run.workspace, written(run.workspace, languages[0], notebooks))
        lineage = gather(run.workspace, notebooks, run.parameters, _code(run.workspace, notebooks))
        write_lineage(run.workspace.generated / "lineage.json", lineage)
        comparison = with_last_release(run.workspace)
        write_changes_pages(run.workspace, comparison, languages)
        for language in languages:
            section = since_last_update(run.workspace, comparison, language)
            told = (section.values, section.revised)
            assemble_edition(run.workspace, language, notebooks, run.parameters, lineage, *told)
            write_whole(run.workspace.published(language) / "tbl-changes.md", section.partial)

    def rests_on() -> Mapping[str, str]:
        inputs = {run.workspace.relative(path): fingerprints.of_file(path) for path in manifests}
        workspace = run.workspace
        vocabulary = (workspace.raw / "vocabulary").glob("*.*")
        documents = [workspace.document(language) for language in DOCUMENTS]
        lists = [workspace.raw / "sources.csv", *vocabulary, *documents]
        rows = [workspace.lineage / f"{name}.json" for name in notebooks]
        releases = [path for path in workspace.releases.rglob("*") if path.is_file()]
        return {
            **inputs,
            "names and cited sources": fingerprints.of_files(lists),
            "raw rows": fingerprints.of_files(rows),
            "releases": fingerprints.of_files(releases),
            "theme": fingerprints.of_files((workspace.reports / "theme").glob("*.*")),
            "code": fingerprints.of_code(_ASSEMBLING),
        }

    def leaves() -> Sequence[Path]:
        names = ("values.yml", "notes.md", "tbl-changes.md", "tbl-glossary.md", "tbl-sources.md")
        folders = [run.workspace.published(language) for language in languages]
        files = [folder / name for folder in folders for name in names]
        files += [line for folder in folders for line in sorted(folder.glob("lineage-*.md"))]
        lineage = run.workspace.generated / "lineage.json"
        return [*files, lineage, run.workspace.processed / "datapackage.json"]

    return Step("assemble", "Assemble values and sources", tuple(notebooks), act, rests_on, leaves)


def _code(workspace: Workspace, notebooks: Sequence[str]) -> dict[str, str]:
    """Hash each notebook's own code together with the package code that it uses."""
    paths = {name: workspace.notebooks / f"{name}.ipynb" for name in notebooks}
    return {
        name: fingerprints.of_value(
            [
                fingerprints.of_notebook(path),
                fingerprints.of_code(fingerprints.notebook_sources(path)),
            ]
        )
        for name, path in paths.items()
    }


def beside(run: Run, notebooks: Sequence[str]) -> Step:
    """Put beside the report what its notes lead to: executed notebooks, tables, lineage."""
    workspace = run.workspace
    executed = [workspace.executed / f"{name}.ipynb" for name in notebooks]
    lineage = workspace.generated / "lineage.json"

    def act() -> None:
        from critical_minerals.publish.assemble import written  # noqa: PLC0415 - slow import
        from critical_minerals.review.notebook_pages import (  # noqa: PLC0415
            deliver_data,
            write_notebook_page,
        )

        for name in notebooks:
            write_notebook_page(workspace, name)
        deliver_data(workspace, written(workspace, run.parameters.languages[0], notebooks))

    def rests_on() -> Mapping[str, str]:
        code = fingerprints.of_code(["import critical_minerals.review.notebook_pages"])
        theme = [path for path in (workspace.reports / "theme").rglob("*") if path.is_file()]
        package = workspace.processed / "datapackage.json"
        told = {
            workspace.relative(path): fingerprints.of_file(path)
            for path in [*executed, lineage, package]
        }
        return {**told, "theme": fingerprints.of_files(theme), "code": code}

    def leaves() -> Sequence[Path]:
        pages = [workspace.output / "notebooks" / f"{name}.html" for name in notebooks]
        return [*pages, *sorted((workspace.output / "data").glob("*.*"))]

    return Step(
        "beside", "Put notebooks and data beside the report", ("assemble",), act, rests_on, leaves
    )


def report(run: Run, language: Language) -> Step:
    """Typeset one edition of the report."""
    task = _ReportTask(run, language)
    name = DOCUMENTS[language]
    return Step(name, f"Typeset {name}", ("assemble",), task.act, task.rests_on, task.leaves)


@dataclass(frozen=True)
class _ReportTask:
    """One document in the formats that the run asks for."""

    run: Run
    language: Language

    @property
    def document(self) -> Path:
        return self.run.workspace.document(self.language)

    def act(self) -> None:
        if not self.document.is_file():
            msg = f"There is no {self.language} edition: reports/{self.document.name} is missing."
            raise UsageError(msg)
        run = self.run
        job = report_job(run.workspace, self.language, run.formats, self._renderer)
        run.executor.submit(job, run.workspace).result()

    def rests_on(self) -> Mapping[str, str]:
        reports = self.run.workspace.reports
        theme = [path for path in (reports / "theme").rglob("*") if path.is_file()]
        published = self.run.workspace.published(self.language)
        code = fingerprints.of_code(["import critical_minerals.report.renderers"])
        return {
            "document": fingerprints.of_file(self.document),
            "theme": fingerprints.of_files([*theme, reports / "_quarto.yml"]),
            "figures, tables and values": fingerprints.of_files(published.glob("*.*")),
            "renderer": f"{self._renderer.name} {self._renderer.version}",
            "formats": ", ".join(self.run.formats),
            "code": code,
        }

    def leaves(self) -> Sequence[Path]:
        stem = self.document.stem
        return [self.run.workspace.output / f"{stem}.{format_}" for format_ in self.run.formats]

    @cached_property
    def _renderer(self) -> Renderer:
        from critical_minerals.report.renderers import choose  # noqa: PLC0415

        return choose(self.run.renderer)
