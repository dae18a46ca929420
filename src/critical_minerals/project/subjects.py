"""What there can be a brief about, as the tables of the last run say."""

from __future__ import annotations

from critical_minerals.tables.exported import read_rows
from critical_minerals.workspace.paths import Workspace


def listed_minerals(workspace: Workspace) -> list[str]:
    """Name the minerals of the newest Canadian list."""
    rows = read_rows(workspace.processed / "mineral_lists.csv")
    # Written tables hold text alone: `True` is a word here.
    of_canada = [row for row in rows if row["list"] == "canada" and row["newest"] == "True"]
    return [row["mineral"] for row in of_canada]


def partners(workspace: Workspace) -> list[str]:
    """Name the countries and blocs of all arrangements, then the arrangements of several."""
    members = read_rows(workspace.processed / "partnership_members.csv")
    # Companies and organizations have no country; Canada is no partner of its own.
    countries = sorted({row["country"] for row in members} - {"", "CA"})
    arrangements = read_rows(workspace.processed / "partnerships.csv")
    return [
        *countries,
        *(row["agreement"] for row in arrangements if row["scope"] == "multilateral"),
    ]
