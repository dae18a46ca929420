"""The notebooks run once, with the committed figures; what they find serves all tests here."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from critical_minerals.raw.cache import READ
from critical_minerals.workspace.paths import Workspace

from .running import EARLIER, copied, run


@dataclass(frozen=True)
class Findings:
    """A workspace in which the notebooks have run, and the names that each of them left."""

    workspace: Workspace
    names: dict[str, Any]
    earlier: dict[str, dict[str, Any]]

    @property
    def checked(self) -> pd.DataFrame:
        return self.names["checked"].set_index("claim")


@pytest.fixture(scope="session")
def findings(tmp_path_factory: pytest.TempPathFactory, read_once: Path) -> Findings:
    workspace = copied(tmp_path_factory.mktemp("claims"))
    reads_once(workspace, read_once)
    earlier = {name: run(workspace, name, figures=False) for name in EARLIER}
    return Findings(workspace, run(workspace, "60_claims", figures=False), earlier)


def reads_once(workspace: Workspace, read_once: Path) -> None:
    """Give a workspace what was read of the official files."""
    shutil.copytree(read_once, workspace.state / READ)
