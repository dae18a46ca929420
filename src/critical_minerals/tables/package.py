"""Describe the processed tables as a Frictionless Data Package, for people and programs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from critical_minerals.tables.descriptors import Column, Table, Tables
from critical_minerals.tables.exported import FORMAT_NOTE, FORMULA_NOTE, for_people
from critical_minerals.workspace.declaration import Project
from critical_minerals.workspace.paths import Workspace, write_whole

PACKAGE: Final = "datapackage.json"


def describe(
    workspace: Workspace, names: Sequence[str], sources: Mapping[str, Mapping[str, Any]]
) -> None:
    """Write `data/processed/datapackage.json`: the named tables, column by column.

    Follows the Data Package standard 1.0 (Frictionless), with the unit of each column added.
    `sources` are the documents behind the figures, by id: title, publisher, address, terms.
    """
    tables = Tables(workspace.schemas)
    package = {
        "name": workspace.project.name,
        "title": f"Processed tables of the {workspace.project.title}",
        "description": FORMULA_NOTE,
        "profile": "tabular-data-package",
        **_licenses(workspace.project),
        "sources": [_describe_source(name, sources[name]) for name in sorted(sources)],
        "resources": [_describe_resource(workspace, tables[name]) for name in sorted(names)],
    }
    write_whole(workspace.processed / PACKAGE, _to_json(package))


def export(workspace: Workspace, names: Iterable[str], folder: Path) -> list[Path]:
    """Write some of the described tables in the form for spreadsheets, with a description.

    Returns the files that were written to `folder`.
    """
    package = json.loads((workspace.processed / PACKAGE).read_text("utf-8"))
    package["description"] = f"{FORMULA_NOTE} {FORMAT_NOTE}"
    wanted = {f"{name}.csv" for name in names}
    package["resources"] = [one for one in package["resources"] if one["path"] in wanted]
    for index, resource in enumerate(package["resources"]):
        fields = resource["schema"]["fields"]
        numbers = [field["name"] for field in fields if field["type"] == "number"]
        content = (workspace.processed / resource["path"]).read_bytes().decode()
        data = for_people(content, numbers).encode()
        write_whole(folder / resource["path"], data)
        # The exported file has other bytes than the one that the description was made for.
        package["resources"][index] = resource | _size_and_hash(data)
    write_whole(folder / PACKAGE, _to_json(package))
    return [*(folder / resource["path"] for resource in package["resources"]), folder / PACKAGE]


def _licenses(project: Project) -> dict[str, Any]:
    """Return the licence of the tables as a compilation; each source keeps its own terms."""
    license_ = {"name": project.license, "path": project.license_page}
    return {"licenses": [license_]} if project.license else {}


def _describe_source(name: str, source: Mapping[str, Any]) -> dict[str, str]:
    """Describe a source, with the id that rows have in `source_id`; `terms` is its licence."""
    entries = {
        "title": f"{source['publisher']}: {source['title']}",
        "path": source["url"],
        "id": name,
        "terms": source["terms"],
    }
    return {key: value for key, value in entries.items() if value}


def _to_json(package: Mapping[str, Any]) -> str:
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _size_and_hash(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def _describe_resource(workspace: Workspace, table: Table) -> dict[str, Any]:
    data = (workspace.processed / f"{table.name}.csv").read_bytes()
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        **_size_and_hash(data),
        "schema": {
            "fields": [_describe_field(column) for column in table.fields],
            "primaryKey": list(table.primary_key),
        },
    }


def _describe_field(column: Column) -> dict[str, Any]:
    rules = column.constraints
    constraints: dict[str, Any] = {"required": rules.required}
    if rules.minimum is not None:
        constraints["minimum"] = rules.minimum
    if rules.maximum is not None:
        constraints["maximum"] = rules.maximum
    unit = {"unit": column.unit} if column.unit else {}
    # Version 1 of the standard has no lists: describe their cells as text.
    described = {
        "type": "string" if column.many else column.type,
        "description": column.description,
    }
    return {"name": column.name, **described, **unit, "constraints": constraints}
