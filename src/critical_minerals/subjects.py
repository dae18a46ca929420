"""What there can be a brief about, as the tables of the last run say."""

from __future__ import annotations

from critical_minerals.tables.processed_csv import written_rows
from critical_minerals.workspace import Workspace


def listed_minerals(workspace: Workspace) -> list[str]:
    """Name the minerals of the newest Canadian list."""
    rows = written_rows(workspace, "mineral_lists")
    # Written tables hold text alone: `True` is a word here.
    of_canada = [row for row in rows if row["list"] == "canada" and row["newest"] == "True"]
    return [row["mineral"] for row in of_canada]


def partners(workspace: Workspace) -> list[str]:
    """Name the countries and blocs of all arrangements, then the arrangements of several."""
    members = written_rows(workspace, "partnership_members")
    # Companies and organizations have no country; Canada is no partner of its own.
    countries = sorted({row["country"] for row in members} - {"", "CA"})
    arrangements = written_rows(workspace, "partnerships")
    return [
        *countries,
        *(row["agreement"] for row in arrangements if row["scope"] == "multilateral"),
    ]
