"""Diagnostic output: off unless it is asked for, from every process, and in nothing published."""

import os
import re
import sys
from pathlib import Path

import pytest
from orchards import contents, environment, plant, program, run

from critical_minerals.execution import logs

LINE = re.compile(r"\d\d:\d\d:\d\d\.\d{3} (?P<process>\d+) (?P<logger>critical_minerals\S*): (.+)")
PART = ("--renderer", "embedded", "--only", "check", "--only", "10_harvest")


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant(tmp_path_factory.mktemp("orchard"))


@pytest.fixture(autouse=True)
def off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(logs.VERBOSE, raising=False)


def published_by(root: Path) -> dict[str, bytes]:
    """Read executed notebooks and what they publish; checks compare with the run before."""
    files = contents(root / "reports" / "_generated")
    return {name: content for name, content in files.items() if not name.startswith("checks/")}


def test_a_run_says_why_in_every_process_and_publishes_the_same(orchard: Path):
    quiet = run(orchard, *PART)
    assert (quiet.returncode, quiet.stderr) == (0, ""), quiet.stdout + quiet.stderr
    published = published_by(orchard)
    verbose = run(orchard, *PART, "--force", "--verbose")
    assert verbose.returncode == 0, verbose.stderr
    lines = [LINE.fullmatch(line) for line in verbose.stderr.splitlines()]
    assert None not in lines, verbose.stderr
    found = {line["logger"] for line in lines if line}
    assert {
        "critical_minerals.cli.main",
        "critical_minerals.execution.runner",
        "critical_minerals.execution.warm",
        "critical_minerals.execution.papermills",
        "critical_minerals.raw.store",
    } <= found
    assert len({line["process"] for line in lines if line}) > 1, "kernels and other forks too"
    assert re.search(r"runner: 10_harvest: runs: asked for", verbose.stderr)
    assert published_by(orchard) == published


def test_the_option_is_found_anywhere_and_is_no_other_run(orchard: Path):
    assert run(orchard, *PART).returncode == 0
    again = run(orchard, "-v", *PART)
    assert "Nothing changed." in again.stdout
    assert re.search(
        r"critical_minerals\.cli\.main: Quick check: of \d+ files touched: none", again.stderr
    )
    variable = {**environment(orchard), logs.VERBOSE: "1"}
    by_variable = program(orchard, sys.executable, "pipeline.py", *PART, env=variable)
    assert by_variable.stdout == again.stdout
    assert "Quick check" in by_variable.stderr
    assert "--verbose" in run(orchard, "--help").stdout


def test_nothing_in_a_message_moves_the_cursor(tmp_path: Path):
    code = (
        "import logging; from critical_minerals.execution import logs; logs.start(); logs.start(); "
        r"logging.getLogger('critical_minerals.x').debug('%s', '\x1b[2Jfile')"
    )
    written = program(
        tmp_path, sys.executable, "-c", code, env={**environment(tmp_path), logs.VERBOSE: "1"}
    )
    (line,) = written.stderr.splitlines()
    assert line.endswith("critical_minerals.x: <U+001B>[2Jfile")


def test_off_it_loads_nothing(tmp_path: Path):
    code = (
        "import sys; from critical_minerals.execution import logs; "
        "logs.start(); print('logging' in sys.modules)"
    )
    assert os.environ.get(logs.VERBOSE) is None
    assert program(tmp_path, sys.executable, "-c", code).stdout == "False\n"
