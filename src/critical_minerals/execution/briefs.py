"""Make briefs: notebooks and documents as those of the report, run with other parameters.

Each brief is one step, since many are made at once: its work is one job (`make_brief`), which any
executor can run, on this machine or another. It is made again only where its content has changed,
and one that fails holds up no other.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import UsageError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.brief_jobs import BriefJob
from critical_minerals.execution.delivery import deliver, held
from critical_minerals.execution.jobs import Job, Typesetting, run_notebook, typeset
from critical_minerals.execution.progress import Progress
from critical_minerals.execution.runner import Outcome
from critical_minerals.execution.runner import run as run_steps
from critical_minerals.execution.steps import (
    DESCRIPTORS,
    FONTS,
    MADE_THEME,
    PROJECT,
    TEXTS,
    THEME,
    Run,
    Step,
    hash_typesetting,
    hash_values,
    read_manifest,
)
from critical_minerals.execution.warm import start_fork_server
from critical_minerals.language.catalogue import label
from critical_minerals.raw.supplied import files_behind
from critical_minerals.report.briefs_index import Entry, compose_index
from critical_minerals.tables.money import RATES
from critical_minerals.workspace.file_access import CODE
from critical_minerals.workspace.parameters import LANGUAGES, OTHER_LANGUAGE, Language
from critical_minerals.workspace.paths import BRIEFS, Workspace, write_whole
from critical_minerals.workspace.state_files import read_stored

_RECORD_FILE: Final = "made.json"
"""What the index says of a brief, by language (`Entry`)."""
_RECORD: Final = {str: {"stem": str, "formats": [str], "values": {str: {"text": str}}}}
_SHARED_INPUTS: Final = (
    "data/raw/sources.csv",
    "data/raw/corrections.yml",
    *(f"data/raw/{RATES}.csv", "data/raw/*/*.source.yml"),
    "data/raw/vocabulary/**",
    # All texts: which of them a brief uses is not recorded.
    *(TEXTS, *THEME, FONTS, MADE_THEME),
)
"""Inputs of every brief: tables of names and rates, texts, and its theme."""
_TABLES: Final = ("data/processed/*.parquet", *DESCRIPTORS)


def make_briefs(
    run: Run, briefs: Sequence[BriefJob], progress: Progress, *, force: bool = False
) -> Outcome:
    """Make the briefs that are missing or whose inputs have changed, and their index.

    Raises `UsageError` where the tables are as of another day than the briefs.
    """
    check_tables_match(run.workspace, briefs)
    steps = [brief_step(run, brief) for brief in briefs]
    with held(run.workspace):
        outcome = run_steps(run.workspace, steps, progress, force=force, executor=run.executor)
        _write_index(run.workspace)
        deliver(run.workspace, BRIEFS)
    return outcome


def brief_step(run: Run, brief: BriefJob) -> Step:
    """Return the step that makes a brief."""
    workspace = run.workspace.on(brief.branch)
    notebook = workspace.notebooks / f"{brief.notebook}.ipynb"
    own = workspace.relative(workspace.generated)
    made = (workspace.output / name for name in brief.outputs())

    def work() -> Collection[str]:
        needs = (*step.inputs, *step.optional, *step.consults, *step.outputs)
        task = partial(make_brief, brief=brief, how=run.typesetting(brief.formats))
        run.executor.do(Job(brief.branch, task, needs), run.workspace)
        manifests: dict[str, Mapping[str, Any]] = {
            language: read_manifest(workspace.published(language) / f"{brief.notebook}.json")
            for language in brief.languages
        }
        entries = {
            language: vars(
                Entry(brief.stem(language), brief.formats, manifests[language].get("values", {}))
            )
            for language in brief.languages
        }
        write_whole(workspace.generated / _RECORD_FILE, json.dumps(entries, sort_keys=True) + "\n")
        return {file for manifest in manifests.values() for file in manifest["reads"]}

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
        values=hash_values(
            workspace,
            "execution.briefs",
            given={"parameters": [brief.parameters.for_papermill(), brief.own, brief.formats]},
            hashed=lambda: {**fingerprints.behind_notebook(notebook), **hash_typesetting(run)},
        ),
        consults=(workspace.relative(notebook), *PROJECT, "reports/_generated/cache/**"),
    )
    return step


def make_brief(workspace: Workspace, brief: BriefJob, how: Typesetting) -> None:
    """Run the notebook of a brief, then typeset its documents in parallel."""
    # Here, not in the caller: on a cluster this is another process, with a warm parent of its own.
    start_fork_server()
    from critical_minerals.execution.charts import draw_charts  # noqa: PLC0415 - slow import
    from critical_minerals.publish.briefs import write_brief_partials  # noqa: PLC0415

    branch = workspace.on(brief.branch)
    run_notebook(branch, brief.notebook, brief.parameters, **brief.own)
    draw_charts(branch)
    write_brief_partials(branch, brief.notebook, brief.parameters.as_of, brief.languages)

    def typeset_language(language: Language) -> None:
        metadata = {"links": _links(brief, language)}
        document, stem = brief.documents[language], brief.stem(language)
        typeset(branch, document, language, how, stem, metadata)

    with ThreadPoolExecutor(len(LANGUAGES)) as pool:
        list(pool.map(typeset_language, brief.languages))  # `list`, so that errors are raised


def _write_index(workspace: Workspace) -> None:
    """Write the index of all briefs that exist, in each language in which there are some."""
    records = sorted((workspace.shared / BRIEFS).glob(f"*/{_RECORD_FILE}"))
    # One that is damaged is passed over: its brief is listed again when it is made again.
    made = [read_stored(record, _RECORD, {}) for record in records]
    entries = {
        language: [Entry(**each[language]) for each in made if language in each]
        for language in LANGUAGES
    }
    for language in LANGUAGES:
        path = workspace.on(f"{BRIEFS}/index").output / index_name(language)
        if not entries[language]:
            path.unlink(missing_ok=True)
            continue
        other = OTHER_LANGUAGE[language]
        other_page = index_name(other) if entries[other] else ""
        write_whole(path, compose_index(workspace, entries[language], language, other=other_page))


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


def _links(brief: BriefJob, language: Language) -> list[dict[str, str]]:
    """Link to the index, to the other language and to the printed form."""
    other = OTHER_LANGUAGE[language]
    links = [{"href": index_name(language), "text": label("index-all", language)}]
    if other in brief.languages:
        link_text = label("index-other-language", language)
        links.append({"href": f"{brief.stem(other)}.html", "text": link_text, "lang": other})
    if "pdf" in brief.formats:
        print_link = {"href": f"{brief.stem(language)}.pdf", "text": label("index-print", language)}
        links.append(print_link)
    return links
