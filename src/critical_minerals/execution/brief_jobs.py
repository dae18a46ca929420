"""List the briefs to make: some subjects, all of them, or a grid of parameters from a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

import yaml

from critical_minerals.errors import UsageError, hint
from critical_minerals.readers.settings import read_settings
from critical_minerals.report.rendering import Format
from critical_minerals.workspace.declaration import BriefKind
from critical_minerals.workspace.parameters import LANGUAGES, Language, Parameters, parse_parameters
from critical_minerals.workspace.parameters_cell import parameter_names
from critical_minerals.workspace.paths import BRIEFS, Workspace

_ENTRY_KEYS: Final = ("notebook", "documents", "parameters")


@dataclass(frozen=True)
class BriefJob:
    """One brief: a notebook with its parameters, and the documents to typeset in each language.

    `own` are the parameters that only this notebook has, such as its mineral. `documents` holds
    paths from the project's top, of languages that are not asked for too; without any, the notebook
    is run and publishes.
    """

    name: str
    notebook: str
    parameters: Parameters
    own: Mapping[str, Any] = field(default_factory=dict[str, Any])
    documents: Mapping[str, str] = field(default_factory=dict[str, str])
    formats: tuple[Format, ...] = ("html", "pdf")

    @property
    def branch(self) -> str:
        """The branch of the workspace on which the brief is made."""
        return f"{BRIEFS}/{self.name}"

    @property
    def languages(self) -> list[Language]:
        """The languages in which there is a document."""
        return [each for each in self.parameters.languages if each in self.documents]

    def stem(self, language: Language) -> str:
        """Name the finished documents of one language, without their ending."""
        return f"{Path(self.documents[language]).stem}-{self.name}"

    def outputs(self) -> list[str]:
        """Name the finished documents."""
        return [f"{self.stem(each)}.{ending}" for each in self.languages for ending in self.formats]


def requested_briefs(
    workspace: Workspace,
    parameters: Parameters,
    *,
    subjects: Mapping[str, Sequence[str]] | None = None,
    every: bool = False,
    grid: Path | None = None,
    formats: tuple[Format, ...] = ("html", "pdf"),
) -> list[BriefJob]:
    """List the requested briefs: some subjects by their kind, `every` one, or a grid.

    `subjects` lists them by the parameter that holds the subject of a kind of brief.

    Raises `UsageError` with the nearest name for an unknown one, and where nothing is requested.
    """
    kinds, requested = workspace.project.briefs, subjects or {}
    if not (any(requested.values()) or every or grid):
        options = ", ".join(f"--{kind.parameter} {kind.example}" for kind in kinds)
        msg = f"Say which briefs: {options}, --all, or --grid briefs.yml."
        raise UsageError(msg)
    jobs: list[BriefJob] = []
    for kind in kinds:
        named = requested.get(kind.parameter, ())
        for subject in subjects_of(workspace, kind) if every else _resolve(workspace, kind, named):
            own = {kind.parameter: subject}
            arguments = (kind.notebook, parameters, own, kind.documents, formats)
            jobs.append(BriefJob(_slug([subject]), *arguments))
    return [*jobs, *(read_grid(workspace, grid, parameters, formats) if grid else [])]


def read_grid(
    workspace: Workspace, path: Path, parameters: Parameters, formats: tuple[Format, ...]
) -> list[BriefJob]:
    """Read a file of notebooks, each with lists of values for some of its parameters.

    Every combination is one brief. Raises `UsageError` that names each wrong entry.
    """
    entries = _read_entries(path)
    jobs: list[BriefJob] = []
    # All errors of a file are reported at once.
    messages: list[str] = []
    for number, entry in enumerate(entries, start=1):
        try:
            jobs += _combinations(workspace, entry, parameters, formats)
        except UsageError as error:
            messages += [f"{path.name}, entry {number}: {line}" for line in str(error).splitlines()]
    names = [job.name for job in jobs]
    # Two briefs of one name would overwrite each other's files.
    duplicates = sorted({name for name in names if names.count(name) > 1})
    messages += [f"{path.name}: {name!r} is asked for twice. Leave one out." for name in duplicates]
    if messages:
        raise UsageError("\n".join(messages))
    return jobs


def _read_entries(path: Path) -> list[Any]:
    try:
        entries = read_settings(path)
    except OSError as error:
        msg = f"There is no file {path}. Give --grid the path of a list of notebooks (YAML)."
        raise UsageError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{path.name} is not YAML: {error}"
        raise UsageError(msg) from error
    if not isinstance(entries, list) or not entries:
        msg = f"{path.name} holds no list. Begin each entry with: - notebook: NAME"
        raise UsageError(msg)
    return entries


def _combinations(
    workspace: Workspace, entry: Any, parameters: Parameters, formats: tuple[Format, ...]
) -> Iterator[BriefJob]:
    """Yield a brief for each combination of an entry's values."""
    notebook, values_by_name, documents = _read_entry(workspace, entry)
    has_kind = any(kind.notebook == notebook for kind in workspace.project.briefs)
    defaults, shared = parameters.for_papermill(), parameters.names()
    for values in product(*values_by_name.values()):
        chosen = dict(zip(values_by_name, values, strict=True))
        own = {name: value for name, value in chosen.items() if name not in shared}
        varied = {
            name: chosen[name] for name in values_by_name if len(values_by_name[name]) > 1
        } | own
        # A name holds only what tells the briefs of an entry apart, and what only this notebook
        # takes.
        name_parts = [value for name, value in chosen.items() if name in varied]
        # Checked as those of the command line are, such as a day in the future.
        run_parameters = parse_parameters(
            defaults | {n: v for n, v in chosen.items() if n in shared}, type(parameters)
        )
        name = _slug(name_parts if has_kind else [notebook, *name_parts])
        yield BriefJob(name, notebook, run_parameters, own, documents, formats)


def _read_entry(
    workspace: Workspace, entry: Any
) -> tuple[str, dict[str, list[Any]], Mapping[str, str]]:
    """Check one entry; return its notebook, values by parameter, and documents."""
    if not isinstance(entry, dict) or "notebook" not in entry:
        msg = "an entry names its notebook, such as notebook: 80_brief."
        raise UsageError(msg)
    for key in entry:
        _check_known(str(key), _ENTRY_KEYS, "key")
    notebook = str(entry["notebook"])
    _check_known(notebook, sorted(p.stem for p in workspace.notebooks.glob("*.ipynb")), "notebook")
    values_by_name = _value_lists(entry.get("parameters") or {})
    accepted = parameter_names(workspace.notebooks / f"{notebook}.ipynb")
    for name in values_by_name:
        _check_known(name, accepted, f"parameter of {notebook}")
    kind = next((k for k in workspace.project.briefs if k.notebook == notebook), None)
    if kind:
        values_by_name[kind.parameter] = _resolve(
            workspace, kind, values_by_name.get(kind.parameter, [])
        )
    default_documents = kind.documents if kind else dict[str, str]()
    return (
        notebook,
        values_by_name,
        _check_documents(workspace, entry.get("documents"), default_documents),
    )


def _value_lists(entries: Any) -> dict[str, list[Any]]:
    """Return the list of values of each parameter; a single value is a list of one."""
    if not isinstance(entries, dict):
        msg = "parameters are written by name, such as name: [one, other]."
        raise UsageError(msg)
    values_by_name = {
        str(name): each if isinstance(each, list) else [each] for name, each in entries.items()
    }
    # An empty list would have no combinations, and so make no brief without any message.
    empty = [name for name, values in values_by_name.items() if not values]
    if empty:
        msg = f"parameter {empty[0]!r} has no value. Give it one, or leave it out."
        raise UsageError(msg)
    return values_by_name


def _check_documents(
    workspace: Workspace, paths: Any, default: Mapping[str, str]
) -> Mapping[str, str]:
    """Check and return the documents of an entry; by default those of its kind."""
    if paths is None:
        return default
    if not isinstance(paths, dict):
        msg = "documents are written by language, such as en: reports/briefs/brief.qmd."
        raise UsageError(msg)
    for language, path in paths.items():
        _check_known(str(language), LANGUAGES, "language")
        existing = [workspace.relative(file) for file in workspace.reports.rglob("*.qmd")]
        _check_known(str(path), sorted(existing), "document")
    return {language: str(paths[language]) for language in LANGUAGES if language in paths}


def subjects_of(workspace: Workspace, kind: BriefKind) -> list[str]:
    """Return the possible subjects of a kind of brief, from the tables of the last run.

    Raises `UsageError` where there are none yet.
    """
    try:
        return resolve_name(kind.subjects)(workspace)
    except FileNotFoundError as error:
        msg = (
            "There are no tables to make briefs from yet. Make the report first: python pipeline.py"
        )
        raise UsageError(msg) from error


def _resolve(workspace: Workspace, kind: BriefKind, subjects: Sequence[Any]) -> list[str]:
    """Return ids in their own spelling, whatever the case. Raises `UsageError` for unknown ones."""
    if not subjects:
        return []
    # Ids of partners are in capitals (`DE`), those of minerals are not: either case is accepted.
    spellings = {name.casefold(): name for name in subjects_of(workspace, kind)}
    for subject in subjects:
        _check_known(str(subject).casefold(), list(spellings), f"brief of a {kind.parameter}")
    return list(dict.fromkeys(spellings[str(subject).casefold()] for subject in subjects))


def _check_known(name: str, known: Sequence[str], kind: str) -> None:
    if name not in known:
        msg = f"there is no {kind} {name!r}. {hint(name, list(known))}"
        raise UsageError(msg)


def _slug(values: Sequence[Any]) -> str:
    """Make a name of some values: lower case, with hyphens.

    >>> _slug(["rare_earth_elements", 2019])
    'rare-earth-elements-2019'
    """
    text = "-".join(str(value).lower().replace("_", "-") for value in values)
    return "".join(char if char.isalnum() else "-" for char in text).strip("-")
