"""Which briefs are asked for: some subjects, all of them, or a grid of parameters from a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

import yaml

from critical_minerals.declaration import BriefKind
from critical_minerals.errors import UsageError, hint
from critical_minerals.parameters import LANGUAGES, Language, Parameters, parse_parameters
from critical_minerals.parameters_cell import parameter_names
from critical_minerals.readers.settings import read_settings
from critical_minerals.report.rendering import Format
from critical_minerals.workspace import Workspace

FOLDER: Final = "briefs"
"""The branch, and the folder of finished documents, that all briefs have in common."""
_KEYS: Final = ("notebook", "documents", "parameters")


@dataclass(frozen=True)
class BriefJob:
    """One brief: a notebook with its parameters, and the documents to typeset in each language.

    `own` are the parameters that only this notebook has, such as its mineral. `documents` holds
    paths from the project's top; without any, the notebook is run and publishes.
    """

    name: str
    notebook: str
    parameters: Parameters
    own: Mapping[str, Any] = field(default_factory=dict[str, Any])
    documents: Mapping[Language, str] = field(default_factory=dict[Language, str])
    formats: tuple[Format, ...] = ("html", "pdf")

    @property
    def branch(self) -> str:
        """The branch of the workspace on which the brief is made."""
        return f"{FOLDER}/{self.name}"

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


def asked_briefs(
    workspace: Workspace,
    parameters: Parameters,
    *,
    subjects: Mapping[str, Sequence[str]] | None = None,
    every: bool = False,
    grid: Path | None = None,
    formats: tuple[Format, ...] = ("html", "pdf"),
) -> list[BriefJob]:
    """List the briefs that are asked for: some subjects by their kind, `every` one, or a grid.

    `subjects` names them by the parameter that says what a kind of brief is about.

    Raises `UsageError` with the nearest name for an unknown one, and where nothing is asked for.
    """
    kinds, asked = workspace.project.briefs, subjects or {}
    if not (any(asked.values()) or every or grid):
        options = ", ".join(f"--{kind.parameter} {kind.example}" for kind in kinds)
        msg = f"Say which briefs: {options}, --all, or --grid briefs.yml."
        raise UsageError(msg)
    jobs = [
        BriefJob(
            _slug([subject]),
            kind.notebook,
            parameters,
            {kind.parameter: subject},
            _in(parameters, kind.documents),
            formats,
        )
        for kind in kinds
        for subject in (
            subjects_of(workspace, kind)
            if every
            else _known_subjects(workspace, kind, asked.get(kind.parameter, ()))
        )
    ]
    return [*jobs, *(read_grid(workspace, grid, parameters, formats) if grid else [])]


def read_grid(
    workspace: Workspace, path: Path, parameters: Parameters, formats: tuple[Format, ...]
) -> list[BriefJob]:
    """Read a file of notebooks, each with lists of values for some of its parameters.

    Every combination is one brief. Raises `UsageError` that names each wrong entry.
    """
    entries = _entries(path)
    jobs: list[BriefJob] = []
    faults: list[str] = []
    for number, entry in enumerate(entries, start=1):
        try:
            jobs += _combinations(workspace, entry, parameters, formats)
        except UsageError as error:
            faults += [f"{path.name}, entry {number}: {line}" for line in str(error).splitlines()]
    names = [job.name for job in jobs]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [f"{path.name}: {name!r} is asked for twice. Leave one out." for name in twice]
    if faults:
        raise UsageError("\n".join(faults))
    return jobs


def _entries(path: Path) -> list[Any]:
    try:
        entries = read_settings(path)
    except OSError as error:
        msg = f"There is no file {path}. Give --grid the path of a list of notebooks (YAML)."
        raise UsageError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{path.name} is not YAML: {error}"
        raise UsageError(msg) from error
    if not isinstance(entries, list) or not entries:
        msg = f"{path.name} holds no list. Begin each entry with: - notebook: 80_mineral_brief"
        raise UsageError(msg)
    return entries


def _combinations(
    workspace: Workspace, entry: Any, parameters: Parameters, formats: tuple[Format, ...]
) -> Iterator[BriefJob]:
    """Give a brief for each combination of an entry's values."""
    notebook, given, documents = _read_entry(workspace, entry)
    known = any(kind.notebook == notebook for kind in workspace.project.briefs)
    standard, shared = parameters.for_papermill(), parameters.names()
    for values in product(*given.values()):
        chosen = dict(zip(given, values, strict=True))
        own = {name: value for name, value in chosen.items() if name not in shared}
        varied = {name: chosen[name] for name in given if len(given[name]) > 1} | own
        said = [value for name, value in chosen.items() if name in varied]
        asked = parse_parameters(
            standard | {n: v for n, v in chosen.items() if n in shared}, type(parameters)
        )
        name = _slug(said if known else [notebook, *said])
        yield BriefJob(name, notebook, asked, own, _in(asked, documents), formats)


def _read_entry(
    workspace: Workspace, entry: Any
) -> tuple[str, dict[str, list[Any]], Mapping[str, str]]:
    """Check one entry; return its notebook, values by parameter, and documents."""
    if not isinstance(entry, dict) or "notebook" not in entry:
        msg = "an entry names its notebook, such as notebook: 80_mineral_brief."
        raise UsageError(msg)
    for key in entry:
        _refuse_unknown(str(key), _KEYS, "key")
    notebook = str(entry["notebook"])
    _refuse_unknown(
        notebook, sorted(p.stem for p in workspace.notebooks.glob("*.ipynb")), "notebook"
    )
    given = _values(entry.get("parameters") or {})
    takes = parameter_names(workspace.notebooks / f"{notebook}.ipynb")
    for name in given:
        _refuse_unknown(name, takes, f"parameter of {notebook}")
    kind = next((k for k in workspace.project.briefs if k.notebook == notebook), None)
    if kind:
        given[kind.parameter] = _known_subjects(workspace, kind, given.get(kind.parameter, []))
    standard = kind.documents if kind else dict[str, str]()
    return notebook, given, _documents(workspace, entry.get("documents"), standard)


def _values(given: Any) -> dict[str, list[Any]]:
    """Return the list of values of each parameter; a single value is a list of one."""
    if not isinstance(given, dict):
        msg = "parameters are written by name, such as mineral: [lithium, nickel]."
        raise UsageError(msg)
    lists = {str(name): each if isinstance(each, list) else [each] for name, each in given.items()}
    empty = [name for name, values in lists.items() if not values]
    if empty:
        msg = f"parameter {empty[0]!r} has no value. Give it one, or leave it out."
        raise UsageError(msg)
    return lists


def _documents(workspace: Workspace, given: Any, standard: Mapping[str, str]) -> Mapping[str, str]:
    """Check the documents of an entry; those of its kind where it names none."""
    if given is None:
        return standard
    if not isinstance(given, dict):
        msg = "documents are written by language, such as en: reports/briefs/mineral-brief.qmd."
        raise UsageError(msg)
    for language, path in given.items():
        _refuse_unknown(str(language), LANGUAGES, "language")
        there = [workspace.relative(file) for file in workspace.reports.rglob("*.qmd")]
        _refuse_unknown(str(path), sorted(there), "document")
    return {language: str(given[language]) for language in LANGUAGES if language in given}


def subjects_of(workspace: Workspace, kind: BriefKind) -> list[str]:
    """Name what there can be a brief of a kind about, as the last run says."""
    return resolve_name(kind.subjects)(workspace)


def _known_subjects(workspace: Workspace, kind: BriefKind, subjects: Sequence[Any]) -> list[str]:
    """Return ids as they are spelt, or refuse those that are not known."""
    if not subjects:
        return []
    spelt = {name.casefold(): name for name in subjects_of(workspace, kind)}
    for subject in subjects:
        _refuse_unknown(str(subject).casefold(), list(spelt), f"brief of a {kind.parameter}")
    return list(dict.fromkeys(spelt[str(subject).casefold()] for subject in subjects))


def _refuse_unknown(name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        msg = f"there is no {what} {name!r}. {hint(name, list(known))}"
        raise UsageError(msg)


def _in(parameters: Parameters, documents: Mapping[Any, str]) -> Mapping[Language, str]:
    return {each: documents[each] for each in parameters.languages if each in documents}


def _slug(values: Sequence[Any]) -> str:
    """Make a name of some values: lower case, with hyphens.

    >>> _slug(["rare_earth_elements", 2019])
    'rare-earth-elements-2019'
    """
    words = "-".join(str(value).lower().replace("_", "-") for value in values)
    return "".join(sign if sign.isalnum() else "-" for sign in words).strip("-")
