"""A release of the Summaries comes in by one command, and both documents say what it gives."""

import shutil
from pathlib import Path

import pytest
import yaml

from .conftest import EDITIONS, Project, copied

pytestmark = pytest.mark.long

FILE, CARD = "MCS2025_World_Data.csv", "MCS2025_World_Data.source.yml"


def test_a_release_that_was_never_there_comes_in_by_one_command(project: Project, tmp_path: Path):
    """Take a release out, add it again: the same tables and documents, and no cell typed."""
    copy = copied(tmp_path / "copy")
    usgs = copy.root / "data/raw/usgs"
    shutil.move(usgs / FILE, tmp_path)
    published = yaml.safe_load((usgs / CARD).read_text("utf-8"))["published"]
    (usgs / CARD).unlink()
    told = copy.run("add", str(tmp_path / FILE), "--published", str(published), "--yes")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "supply/world_production: rows 1,015 added, 0 revised" in told.stdout
    assert "supply/reserves: rows 389 added, 0 revised" in told.stdout
    done = copy.run("--renderer", "embedded", "--to", "html")
    assert done.returncode == 0, done.stdout + done.stderr
    for table in sorted((project.root / "data/processed").glob("*.csv")):
        assert (copy.root / "data/processed" / table.name).read_bytes() == table.read_bytes()
    for language in EDITIONS:
        assert copy.output("html", language).is_file()
        assert copy.annex("html", language).is_file()
        assert copy.values(language) == project.values(language)
