"""Notebooks on tables with one entry, a tie or none where there are many today."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .running import copied, run

KEPT: dict[str, tuple[str, str, set[str]]] = {
    "20_trade": ("trade/domestic_exports", "partner", {"WLD", "JP", "DE"}),
    "40_partnerships": ("partnerships/agreements", "agreement", {"ca_eu_raw_materials"}),
    "50_progress": ("progress/rare_earth_chain", "step", {"component", "oem"}),
}
"""Of each notebook a table, a column of it, and the entries that stay."""
TITLES = {
    "20_trade": ("fig-exports-partners", "Exports of 2025 by destination, groups of goods: "),
    "40_partnerships": ("fig-partnership-timeline", "One arrangement on critical minerals "),
    "50_progress": ("fig-ree-chain", "In 2020, China, the European Union, Japan and "),
}


def keep(file: Path, stays: Callable[[dict[str, str]], bool]) -> None:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(row for row in rows if stays(row))


@pytest.mark.long
@pytest.mark.parametrize("notebook", KEPT)
def test_titles_follow_few_entries(tmp_path: Path, notebook: str):
    workspace = copied(tmp_path)
    table, column, entries = KEPT[notebook]
    keep(workspace.raw / f"{table}.csv", lambda row: row[column] in entries)
    if notebook == "40_partnerships":
        keep(workspace.raw / "partnerships/members.csv", lambda row: row[column] in entries)
    run(workspace, notebook)
    figure, begins = TITLES[notebook]
    published = {
        language: json.loads((workspace.published(language) / f"{figure}.json").read_text("utf-8"))
        for language in ("en", "fr")
    }
    assert published["en"]["title"].startswith(begins)
    for language, missing in (("en", "not yet public"), ("fr", "pas encore public")):
        told = published[language]
        assert missing not in told["title"] + told["alt"] + told["caption"]
