"""The smallest report there can be is found here as it is by the tests of runs."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "execution"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many inputs there were."""
    every = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [value for each in every for name, value in each.user_properties if name == "inputs"]
    if told:
        terminalreporter.write_line(f"{sum(told):,} inputs in {len(told)} kinds of file")
