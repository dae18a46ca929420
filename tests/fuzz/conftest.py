"""How many inputs the tests have tried, told after them."""

import pytest


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
