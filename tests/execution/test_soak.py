"""Three hundred successive runs with random edits: nothing grows, and each ends as a clean build.

`SOAK_RUNS` asks for another number.
"""

import os
import sys
from pathlib import Path

import pytest
from orchards import environment, plant
from soak import Soak

RUNS = int(os.environ.get("SOAK_RUNS", "300"))


@pytest.mark.long
def test_successive_runs_leave_nothing_and_end_as_clean_builds(tmp_path: Path, capsys):
    soak = Soak(
        plant(tmp_path / "orchard"),
        plant,
        [sys.executable, "pipeline.py", "--renderer", "embedded", "--to", "html"],
        environment,
        {
            "data/raw/harvest.csv": ("apple,2024,20,", "apple,2024,21,", "apple,2024,35,"),
            "data/raw/fruits.csv": ("Apple", "Apples"),
            "reports/harvest.qmd": ("## Harvest", "## The harvest"),
            "reports/theme/report.css": ("\n", "\n/* same */\n"),
            "notebooks/10_harvest.ipynb": ("mark_bar()", "mark_point()"),
        },
    )
    soak.go(RUNS)
    with capsys.disabled():
        print(f"\n{soak.told()}")  # noqa: T201 - the measurement
    soak.flat(first=min(10, RUNS // 4))
