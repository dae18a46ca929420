"""The smallest report there can be is found here as it is by the tests of runs."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "execution"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many inputs there were, of each kind and together."""
    every = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = {
        each.nodeid.partition("[")[2].removesuffix("]"): value
        for each in every
        for name, value in each.user_properties
        if name == "inputs"
    }
    if told:
        terminalreporter.write_line(", ".join(f"{kind} {told[kind]:,}" for kind in sorted(told)))
        terminalreporter.write_line(f"{sum(told.values()):,} inputs in {len(told)} kinds of file")
