"""Describe the processed tables as a Frictionless Data Package, for people and programs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from critical_minerals.tables.descriptors import Column, Table, Tables
from critical_minerals.workspace import Workspace, write_whole


def describe(workspace: Workspace, names: Sequence[str]) -> None:
    """Write `data/processed/datapackage.json`: the tables of some names, column by column.

    Follows the Data Package standard 1.0 (Frictionless), with each column's unit beside it.
    """
    tables = Tables(workspace.schemas)
    package = {
        "name": workspace.project.name,
        "title": f"Processed tables of the {workspace.project.title}",
        "profile": "tabular-data-package",
        "resources": [_resource(workspace, tables[name]) for name in sorted(names)],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    write_whole(workspace.processed / "datapackage.json", text)


def _resource(workspace: Workspace, table: Table) -> dict[str, Any]:
    data = (workspace.processed / f"{table.name}.csv").read_bytes()
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {
            "fields": [_field(column) for column in table.fields],
            "primaryKey": list(table.primary_key),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    rules = column.constraints
    constraints: dict[str, Any] = {"required": rules.required}
    if rules.minimum is not None:
        constraints["minimum"] = rules.minimum
    if rules.maximum is not None:
        constraints["maximum"] = rules.maximum
    unit = {"unit": column.unit} if column.unit else {}
    # Version 1 of the standard has no lists: their text stands in one cell.
    described = {
        "type": "string" if column.many else column.type,
        "description": column.description,
    }
    return {"name": column.name, **described, **unit, "constraints": constraints}
