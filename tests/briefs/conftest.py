"""A small project: a few tables, two notebooks with parameters, two documents."""

import json
from pathlib import Path

import pytest

from critical_minerals.project import ReportParameters
from critical_minerals.workspace.paths import Workspace

TABLES = {
    "mineral_lists": "list,mineral,newest\ncanada,lithium,True\ncanada,nickel,True\nus,gold,True\n",
    "partnership_members": "agreement,country\nca_de,CA\nca_de,DE\nalliance,\nalliance,JP\n",
    "partnerships": "agreement,scope\nca_de,bilateral\nalliance,multilateral\n",
}
DECLARED = '[tool.report]\nproject = "critical_minerals.project:PROJECT"\n'
PARAMETERS = "\n".join([*(f"{name} = None" for name in ReportParameters.names()), "{own}"])
DOCUMENTS = ("mineral-brief", "fiche-minerale", "partner-brief", "fiche-partenaire")


def notebook(own: str, code: str = "") -> str:
    """A notebook with its parameters, as it is saved."""
    parameters = {"tags": ["parameters"]}
    cells = [(PARAMETERS.format(own=own), parameters), (code, {})]
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{number}",
                    "metadata": metadata,
                    "source": source.splitlines(keepends=True),
                    "outputs": [],
                    "execution_count": None,
                }
                for number, (source, metadata) in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def written(root: Path, own_mineral: str = "", code: str = "") -> Workspace:
    workspace = Workspace(root)
    (root / "pyproject.toml").write_text(DECLARED, "utf-8")
    (root / "requirements.lock").touch()
    workspace.notebooks.mkdir()
    workspace.processed.mkdir(parents=True)
    for name, content in TABLES.items():
        (workspace.processed / f"{name}.csv").write_text(content, "utf-8")
    mineral = notebook('mineral = "lithium"', code)
    (workspace.notebooks / "80_mineral_brief.ipynb").write_text(own_mineral or mineral, "utf-8")
    partner = notebook('partner = "DE"')
    (workspace.notebooks / "81_partner_brief.ipynb").write_text(partner, "utf-8")
    (workspace.notebooks / "30_supply.ipynb").write_text(notebook(""), "utf-8")
    (workspace.reports / "briefs").mkdir(parents=True)
    for name in DOCUMENTS:
        (workspace.reports / "briefs" / f"{name}.qmd").write_text("---\ntitle: x\n---\n", "utf-8")
    return workspace


@pytest.fixture
def small(tmp_path: Path) -> Workspace:
    return written(tmp_path)
