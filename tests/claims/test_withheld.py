"""A figure that its publisher withholds next year is shown as withheld, in both languages."""

import json
from pathlib import Path

from .conftest import reads_once
from .running import copied, run

WITHHELD = "tellurium,all,2025,,withheld,no,yes,2026-03-01,USGS_MCS2026,page 178,"


def test_a_withheld_reliance_has_the_publishers_letter(tmp_path: Path, read_once: Path):
    workspace = copied(tmp_path)
    reads_once(workspace, read_once)
    with (workspace.raw / "supply" / "us_import_reliance.csv").open("a", encoding="utf-8") as file:
        file.write(f"{WITHHELD}\n")
    run(workspace, "30_supply")
    for language, words in (("en", "W is a figure withheld"), ("fr", "W une valeur non divulguée")):
        figure, table = (
            (workspace.published(language) / f"{name}-us-reliance.json").read_text("utf-8")
            for name in ("fig", "tbl")
        )
        assert words in json.loads(figure)["caption"]
        assert words in json.loads(table)["caption"]
        assert '"tellurium"' not in table
        assert '"W"' in table
