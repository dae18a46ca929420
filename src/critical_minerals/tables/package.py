"""Describe the processed tables as a Frictionless Data Package, for people and programs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from critical_minerals.tables import (
    briefs,
    claims,
    funding,
    lists,
    partnerships,
    progress,
    supply,
    trade,
)
from critical_minerals.tables.columns import Column
from critical_minerals.tables.schema import Table
from critical_minerals.workspace import Workspace, write_whole

TABLES: Final[Mapping[str, Table]] = {
    table.name: table
    for module in (lists, funding, trade, supply, partnerships, progress, claims, briefs)
    for table in module.TABLES
}
"""Every processed table by name."""

_TYPES: Final = {
    "text": "string",
    "date": "string",
    "integer": "integer",
    "number": "number",
    "flag": "boolean",
    "day": "date",
}


def describe(workspace: Workspace, names: Sequence[str]) -> None:
    """Write `data/processed/datapackage.json`: the tables of some names, column by column.

    Follows the Data Package standard 1.0 (Frictionless), with each column's unit beside it.
    """
    package = {
        "name": "critical-minerals-progress",
        "title": "Processed tables of the Critical Minerals Progress Report",
        "profile": "tabular-data-package",
        "resources": [_resource(workspace, TABLES[name]) for name in sorted(names)],
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
            "fields": [_field(column, table) for column in table.fields],
            "primaryKey": list(table.key),
        },
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.name not in table.optional}
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    unit = {"unit": column.unit} if column.unit else {}
    described = {"type": _TYPES[column.kind], "description": column.description}
    return {"name": column.name, **described, **unit, "constraints": constraints}
