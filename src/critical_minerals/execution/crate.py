"""Describe the delivered set as a Workflow Run RO-Crate: the workflow, its inputs and its results.

It follows RO-Crate 1.1 and the profiles Process Run, Workflow Run (0.5) and Workflow RO-Crate
(1.0), by which archives and other programs read a run: https://w3id.org/ro/wfrun/workflow/0.5

The library `rocrate` was considered. It gives entities random ids and the crate the current time,
where two runs have to give the same bytes, and its import takes as long as typesetting a sentence.
Tests validate what is written here with the profiles' own validator.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Collection, Iterable, Mapping, Sequence
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final

from critical_minerals.execution import fingerprints
from critical_minerals.execution.steps import RAW, Run, Step
from critical_minerals.workspace.declaration import Project
from critical_minerals.workspace.parameters import load_publication
from critical_minerals.workspace.paths import BRIEFS, write_whole

CRATE: Final = "ro-crate-metadata.json"
_CONTEXT: Final = (
    "https://w3id.org/ro/crate/1.1/context",
    {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
)
_WORKFLOW_CRATE: Final = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_PROFILES: Final[Mapping[str, str]] = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    _WORKFLOW_CRATE: "Workflow RO-Crate",
}
_WORKFLOW: Final = "data/pipeline.py"
"""The workflow itself, as it lies among the delivered files."""
_PYTHON: Final = "https://www.python.org"
_RUN: Final = "#run"
_MAKER: Final = "#made-by"
_TYPES: Final[Mapping[str, str]] = {".ods": "application/vnd.oasis.opendocument.spreadsheet"}
"""Media types that not every system's table has."""

Entity = dict[str, Any]


def write_crate(run: Run, steps: Sequence[Step], without: Collection[str] = ()) -> None:
    """Write the description of a finished run next to its documents.

    `without` are documents that will not be delivered. The date is that of the figures: the time
    and duration of a run would differ each time.
    """
    output = run.workspace.output
    files = {
        path.relative_to(output).as_posix(): path
        for path in fingerprints.files_in(output)
        # Briefs are made and delivered by a command of their own, at another time.
        if path.name not in {*without, CRATE} and path.relative_to(output).parts[0] != BRIEFS
    }
    graph = [*_entities(run, [_file(name, files[name]) for name in files], _inputs(run, steps))]
    content = {"@context": [*_CONTEXT], "@graph": graph}
    write_whole(output / CRATE, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _entities(run: Run, files: Sequence[Entity], inputs: Sequence[Entity]) -> Iterable[Entity]:
    project, day = run.workspace.project, run.parameters.as_of.isoformat()
    formal, values = _parameters(run)
    maker = load_publication(run.workspace.root / "parameters.toml").made_by
    results = [entity for entity in files if entity["@id"] != _WORKFLOW]
    # Whether `pipeline.py` is among the delivered files, where it is put with the data.
    has_workflow = len(results) < len(files)
    profiles = [_link("https://w3id.org/ro/crate/1.1"), _link(_WORKFLOW_CRATE)]
    yield _entity(CRATE, "CreativeWork", about=_link("./"), conformsTo=profiles)
    yield _entity(
        "./",
        "Dataset",
        name=f"{project.title}, figures as of {day}",
        description=f"What one run of the pipeline of the {project.title} made: documents, "
        "tables, notebooks as they were executed, and reports on checks and changes.",
        datePublished=day,
        license=_license(project),
        conformsTo=[*map(_link, _PROFILES)],
        hasPart=_links_to(files),
        **({"mainEntity": _link(_WORKFLOW)} if has_workflow else {}),
        mentions=[_link(_RUN)],
    )
    for profile, name in _PROFILES.items():
        yield _entity(profile, "CreativeWork", name=name, version=profile.rsplit("/")[-1])
    version, url = platform.python_version(), _link(_PYTHON)
    yield _entity(_PYTHON, "ComputerLanguage", name="Python", version=version, url=url)
    for entity in files:
        yield entity if entity["@id"] != _WORKFLOW else {**entity, **_workflow(run, formal)}
    yield _entity(
        _RUN,
        "CreateAction",
        name=f"Run of the pipeline, figures as of {day}",
        endTime=day,
        instrument=_link(_WORKFLOW),
        object=_links_to([*values, *inputs]),
        result=_links_to(results),
        actionStatus="http://schema.org/CompletedActionStatus",
        **({"agent": _link(_MAKER)} if maker else {}),
    )
    if maker:
        yield _entity(_MAKER, "Organization", name=maker)
    yield from (*formal, *values, *inputs)


def _workflow(run: Run, formal: Sequence[Entity]) -> Entity:
    project = run.workspace.project
    return {
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": f"Pipeline of the {project.title}",
        "programmingLanguage": _link(_PYTHON),
        "license": _license(project),
        "input": _links_to(formal),
    }


def _parameters(run: Run) -> tuple[list[Entity], list[Entity]]:
    """Describe the parameters that the workflow takes, and their values in this run."""
    formal: list[Entity] = []
    values: list[Entity] = []
    profile = _link("https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE")
    for name, value in run.parameters.for_papermill().items():
        parameter, given = f"#parameter-{name}", f"#given-{name}"
        kind = "Integer" if isinstance(value, int) else "Text"
        properties = {"additionalType": kind, "conformsTo": profile, "name": name}
        example, of = {"workExample": _link(given)}, {"exampleOfWork": _link(parameter)}
        formal.append(_entity(parameter, "FormalParameter", **properties, **example))
        values.append(_entity(given, "PropertyValue", name=name, value=value, **of))
    return formal, values


def _inputs(run: Run, steps: Sequence[Step]) -> list[Entity]:
    """Describe the raw files and the lock file that the run depends on; they are not delivered.

    By its hash anybody can check whether a file of the project is the one that was read.
    """
    read = {pattern for step in steps for pattern in (*step.inputs, *step.optional)}
    files = fingerprints.find(run.workspace.root, [*(read & {RAW}), "requirements.lock"])
    # Not as entities of type File: these would have to lie in the crate.
    return [
        _entity(f"#{name}", "CreativeWork", name=name, sha256=_sha256(path))
        for name, path in files.items()
        if path.is_file()
    ]


def _file(name: str, path: Path) -> Entity:
    media_type = _TYPES.get(path.suffix) or guess_type(name)[0] or "application/octet-stream"
    size = str(path.stat().st_size)
    return _entity(
        name,
        "File",
        name=name,
        encodingFormat=media_type,
        contentSize=size,
        sha256=_sha256(path),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _license(project: Project) -> Any:
    """Return a link to the page of a project's licence, as RO-Crate asks."""
    return _link(project.license_page) if project.license else "No licence is stated."


def _entity(identifier: str, kind: str, **properties: Any) -> Entity:
    return {"@id": identifier, "@type": kind, **properties}


def _link(identifier: str) -> dict[str, str]:
    return {"@id": identifier}


def _links_to(entities: Iterable[Entity]) -> list[dict[str, str]]:
    return [_link(entity["@id"]) for entity in entities]
