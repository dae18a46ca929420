"""Sixty successive runs of the real project with random edits: nothing grows, each a clean build's.

The package is copied beside the project, so that its words can be edited. `SOAK_WHOLE` asks for
another number of runs.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from .conftest import PROJECT, copied

RUNS = int(os.environ.get("SOAK_WHOLE", "60"))
PACKAGE = "src/critical_minerals"
EDITS = {
    "data/raw/trade/merchandise_trade.csv": (",53761530,", ",53761531,", ",53761999,"),
    "parameters.toml": ('made_by = ""', 'made_by = "The Institute"'),
    "notebooks/10_funding.ipynb": ("What money has Canada made", "Which money has Canada made"),
    f"{PACKAGE}/language/texts/en/trade.ftl": ("flow-export = Exports", "flow-export = Exported"),
    "reports/progress-update.qmd": ("Canada set out", "Canada began"),
    "reports/theme/report.css": ("\n", "\n/* same */\n"),
}
COMMAND = (
    *(sys.executable, "pipeline.py", "--renderer", "embedded"),
    *("--to", "html", "--language", "en"),
)


def with_package(root: Path) -> Path:
    copied(root)
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / PACKAGE, root / PACKAGE, ignore=without)
    return root


def environment(root: Path) -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(root / "src")}


@pytest.mark.long
def test_successive_runs_leave_nothing_and_end_as_clean_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.syspath_prepend(str(PROJECT / "tests" / "execution"))
    from soak import Soak  # noqa: PLC0415 - found there

    soak = Soak(with_package(tmp_path / "project"), with_package, COMMAND, environment, EDITS)
    try:
        soak.go(RUNS, alone=True)
    finally:
        with capsys.disabled():
            print(f"\n{soak.told()}")  # noqa: T201 - the measurement
    soak.flat()
