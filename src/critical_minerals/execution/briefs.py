"""Make briefs: short documents from one notebook, one for each set of its parameters.

Each brief is a step of its own: it is made again only where its content has changed, and one that
fails holds up no other. Its work is a plain function on files (`make_brief`), which any executor
can run, on this machine or another.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

from critical_minerals.declared import CODE
from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.brief_jobs import BriefJob
from critical_minerals.execution.delivery import deliver
from critical_minerals.execution.jobs import Job
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.runner import Outcome
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.steps import (
    DESCRIPTORS,
    FONTS,
    MADE_THEME,
    PROJECT,
    THEME,
    Preference,
    Run,
    Step,
)
from critical_minerals.execution.warm import preload, start_fork_server
from critical_minerals.language.catalogue import label
from critical_minerals.parameters import LANGUAGES, Language
from critical_minerals.raw.supplied import files_behind
from critical_minerals.report.briefs_index import Entry, compose_index
from critical_minerals.report.renderers import choose
from critical_minerals.report.working_copy import working_copy
from critical_minerals.state_files import read_stored
from critical_minerals.tables.money import RATES
from critical_minerals.workspace import BRIEFS, Workspace, write_whole

_OTHER_LANGUAGE: Final[Mapping[Language, Language]] = {"en": "fr", "fr": "en"}
_RECORD_FILE: Final = "made.json"
_RECORD: Final = {"notebook": str, "formats": [str], "stems": {str: str}}
"""The shape of what that file holds."""
_SHARED_INPUTS: Final = (
    "data/raw/sources.csv",
    "data/raw/corrections.yml",
    *(f"data/raw/{RATES}.csv", "data/raw/*/*.source.yml"),
    "data/raw/vocabulary/**",
    *(*THEME, FONTS, MADE_THEME),
)
"""Inputs of every brief: tables of names and rates, and its theme."""
_TABLES: Final = ("data/processed/*.parquet", *DESCRIPTORS)
_TEXTS: Final = "critical_minerals.execution.preload_briefs"
"""Module that the warm parent imports in addition for briefs."""


def make_briefs(
    run: Run, briefs: Sequence[BriefJob], progress: Progress, *, force: bool = False
) -> Outcome:
    """Make the briefs that are missing or whose inputs have changed, and their index.

    Raises `UsageError` where the tables are as of another day than the briefs.
    """
    check_tables_match(run.workspace, briefs)
    common = _common_values(run)
    steps = [brief_step(run, brief, common) for brief in briefs]
    with run.workspace.lock():
        outcome = run_steps(run.workspace, steps, progress, force=force, executor=run.executor)
        write_index(run.workspace, run.parameters.languages)
        deliver(run.workspace, BRIEFS)
    return outcome


def brief_step(run: Run, brief: BriefJob, common: Mapping[str, str]) -> Step:
    """Return the step that makes a brief; `common` are values shared by all briefs."""
    workspace = run.workspace.on(brief.branch)
    notebook = workspace.notebooks / f"{brief.notebook}.ipynb"
    own = workspace.relative(workspace.generated)
    made = (workspace.output / name for name in brief.outputs())

    def work() -> Collection[str]:
        needs = (*step.inputs, *step.optional, *step.consults, *step.outputs)
        task = partial(make_brief, brief=brief, renderer=run.renderer)
        run.executor.do(Job(brief.branch, task, needs), run.workspace)
        _write_record(workspace, brief)
        return _tables_read(workspace, brief)

    def values() -> Mapping[str, str]:
        parameters = [brief.parameters.for_papermill(), brief.own, brief.formats]
        return {
            **common,
            **fingerprints.behind_notebook(notebook),
            "parameters": fingerprints.of_value(parameters),
        }

    documents = [brief.documents[language] for language in brief.languages]
    # The files from which rates are read, beside those that are typed.
    rates = map(workspace.relative, files_behind(workspace, RATES))
    themes = sorted({f"{Path(path).parent}/theme/**" for path in documents})
    step = Step(
        brief.branch,
        f"Brief {brief.name}",
        inputs=(*documents, *themes, *_SHARED_INPUTS, *rates),
        # The folder belongs to this brief alone: all in it is its output, whatever cells name.
        outputs=(*map(workspace.relative, made), f"{own}/**"),
        run=work,
        optional=(*_TABLES, CODE),
        values=values,
        consults=(workspace.relative(notebook), *PROJECT, "reports/_generated/cache/**"),
    )
    return step


def make_brief(workspace: Workspace, brief: BriefJob, renderer: Preference = "embedded") -> None:
    """Run the notebook of a brief, then typeset its documents in parallel."""
    # Here, not in the caller: on a cluster this is another process, with a warm parent of its own.
    preload([_TEXTS])
    start_fork_server()
    from critical_minerals.execution.charts import draw_charts  # noqa: PLC0415 - slow import
    from critical_minerals.execution.papermills import execute  # noqa: PLC0415
    from critical_minerals.publish.briefs import brief_partials  # noqa: PLC0415
    from critical_minerals.publish.partials import shown_partials  # noqa: PLC0415
    from critical_minerals.raw.store import RawStore  # noqa: PLC0415

    branch = workspace.on(brief.branch)
    notebook = workspace.notebooks / f"{brief.notebook}.ipynb"
    execute(branch, notebook, brief.parameters, **brief.own)
    draw_charts(branch)
    day = brief.parameters.as_of
    sources = RawStore(branch).read("sources", day)
    for language in brief.languages:
        folder = branch.published(language)
        manifest = json.loads(_manifest_path(branch, brief.notebook, language).read_text("utf-8"))
        fragments = brief_partials(manifest, sources, day.isoformat(), language)
        for name, text in (shown_partials(folder, language, live=False) | fragments).items():
            write_whole(folder / name, text)
    typeset = partial(_typeset, branch, brief, renderer)
    with ThreadPoolExecutor(len(LANGUAGES)) as pool:
        list(pool.map(typeset, brief.languages))  # `list`, so that errors are raised


def write_index(workspace: Workspace, languages: Sequence[Language]) -> list[Path]:
    """Write the index of all briefs that exist, including those not made in this run."""
    records = sorted((workspace.shared / BRIEFS).glob(f"*/{_RECORD_FILE}"))
    branches = [workspace.on(f"{BRIEFS}/{record.parent.name}") for record in records]
    # One that is damaged is passed over: its brief is listed again when it is made again.
    contents = [read_stored(record, _RECORD, {"stems": {}}) for record in records]
    pages: list[Path] = []
    for language in languages:
        entries = [
            _entry(branch, content, language)
            for branch, content in zip(branches, contents, strict=True)
            if language in content["stems"]
        ]
        other = _OTHER_LANGUAGE[language]
        other_page = index_name(other) if other in languages else ""
        path = workspace.on(f"{BRIEFS}/index").output / index_name(language)
        write_whole(path, compose_index(workspace, entries, language, other=other_page))
        pages.append(path)
    return pages


def index_name(language: Language) -> str:
    """Name the page that lists all briefs.

    >>> index_name("en"), index_name("fr")
    ('index.html', 'index-fr.html')
    """
    return "index.html" if language == "en" else f"index-{language}.html"


def check_tables_match(workspace: Workspace, briefs: Sequence[BriefJob]) -> None:
    """Check that the processed tables are as of the briefs' day and hold their currency."""
    shape = {"as_of": str, "parameters": {"currency": str}}
    record = read_stored(workspace.record, shape)
    if record is None:
        msg = "There is no report to make briefs from yet. Make it first: python pipeline.py"
        raise UsageError(msg)
    day, currency = record["as_of"], record["parameters"]["currency"]
    other_days = sorted({brief.parameters.as_of.isoformat() for brief in briefs} - {day})
    if other_days:
        msg = (
            f"The tables are as of {day}, the briefs asked for are as of {other_days[0]}. "
            f"Make the report as of that day first: python pipeline.py --as-of {other_days[0]}"
        )
        raise UsageError(msg)
    # Tables have amounts in the base currency (`amount_cad`) and in that of the run, if another.
    currencies = {workspace.project.parameters.base(), currency}
    missing = sorted({brief.parameters.currency for brief in briefs} - currencies)
    if missing:
        msg = (
            f"The tables hold amounts in {' and '.join(sorted(currencies))}, not in {missing[0]}. "
            f"Make the report in it first: python pipeline.py --currency {missing[0]}"
        )
        raise UsageError(msg)


def _common_values(run: Run) -> Mapping[str, str]:
    """Hash what all briefs depend on besides files of the project."""
    renderer = choose(run.renderer)
    return {
        # The whole catalogue: which texts a brief uses is not recorded.
        "texts": fingerprints.of_texts(),
        "environment": fingerprints.of_environment(run.workspace.root / "requirements.lock"),
        "renderer": f"{renderer.name} {renderer.version}",
        "typesetting": fingerprints.of_code(["import critical_minerals.execution.briefs"]),
    }


def _tables_read(workspace: Workspace, brief: BriefJob) -> set[str]:
    """Return the files of the tables that the notebook of a brief has read."""
    manifests = [_manifest_path(workspace, brief.notebook, each) for each in brief.languages]
    return {file for path in manifests for file in json.loads(path.read_text("utf-8"))["reads"]}


def _write_record(workspace: Workspace, brief: BriefJob) -> None:
    """Write what the index needs to know; languages made earlier stay, as their documents do."""
    file = workspace.generated / _RECORD_FILE
    earlier = read_stored(file, _RECORD, {"stems": {}})["stems"]
    stems = {language: brief.stem(language) for language in brief.languages}
    content = {"notebook": brief.notebook, "formats": brief.formats, "stems": earlier | stems}
    write_whole(file, json.dumps(content, sort_keys=True) + "\n")


def _typeset(
    workspace: Workspace, brief: BriefJob, renderer: Preference, language: Language
) -> None:
    """Typeset one language in a working copy."""
    document = workspace.root / brief.documents[language]
    links = {"links": _links(brief, language)}
    with working_copy(workspace, document, language, brief.stem(language), links) as copy:
        choose(renderer).render(copy, brief.formats, workspace.output)


def _links(brief: BriefJob, language: Language) -> list[dict[str, str]]:
    """Link to the index, to the other language and to the printed form."""
    other = _OTHER_LANGUAGE[language]
    links = [{"href": index_name(language), "text": label("index-all", language)}]
    if other in brief.languages:
        link_text = label("index-other-language", language)
        links.append({"href": f"{brief.stem(other)}.html", "text": link_text, "lang": other})
    if "pdf" in brief.formats:
        print_link = {"href": f"{brief.stem(language)}.pdf", "text": label("index-print", language)}
        links.append(print_link)
    return links


def _entry(workspace: Workspace, record: Mapping[str, Any], language: Language) -> Entry:
    path = _manifest_path(workspace, record["notebook"], language)
    values = read_stored(path, {"values": {str: {"text": str}}}, {"values": {}})["values"]
    return Entry(record["stems"][language], record["formats"], values)


def _manifest_path(workspace: Workspace, notebook: str, language: Language) -> Path:
    return workspace.published(language) / f"{notebook}.json"
