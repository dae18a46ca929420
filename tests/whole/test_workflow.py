"""The workflow for GitHub: what it runs is there, who may write runs no code, and what it says."""

import json
import re
import runpy
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / ".github" / "workflows" / "report.yml"
TEXT = FILE.read_text("utf-8")
JOBS = yaml.safe_load(TEXT)["jobs"]
COUNTS = {"revised": 1, "removed": 0, "added": 0}
KINDS = ("value", "row", "claim", "chart", "table", "source")


def change(**given: object) -> dict:
    told = {"kind": "value", "name": "cmif_projects", "why": "revision", "raw": []}
    return {**told, "before": {"en": "33"}, "after": {"en": "34"}, **given}


@pytest.fixture(scope="module")
def comment():
    return runpy.run_path(str(ROOT / ".github" / "comment.py"))["comment"]


def content(*changes: dict) -> dict:
    counts = {kind: COUNTS if kind == "value" else dict.fromkeys(COUNTS, 0) for kind in KINDS}
    return json.loads(json.dumps({"counts": counts, "changes": changes}))


def test_it_says_that_it_has_not_run():
    assert TEXT.startswith("# NOT YET RUN")


def test_actions_are_those_of_github_at_a_major_version_or_commit():
    used = [step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step]
    assert used
    assert [
        one for one in used if not re.fullmatch(r"actions/[\w-]+@(v\d+|[0-9a-f]{40})", one)
    ] == []


def test_who_may_write_runs_none_of_the_projects_code():
    writing = {name: job for name, job in JOBS.items() if "write" in str(job.get("permissions"))}
    assert {*writing} == {"comment", "publish"}
    for job in writing.values():
        steps = str(job["steps"])
        assert not re.search(r"checkout|pipeline\.py|make |\.github/", steps)


def test_nothing_that_a_stranger_names_is_put_into_a_script():
    scripts = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


def test_its_scripts_are_sound_and_call_what_there_is():
    for job in JOBS.values():
        for step in job["steps"]:
            if "run" in step:
                subprocess.run(["bash", "-n", "-c", step["run"]], check=True)
    targets = set(re.findall(r"^\s*make (\w+)", TEXT, re.MULTILINE))
    assert targets <= set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_the_comment_tells_counts_values_and_reasons(comment):
    raw = [{"origin": "data/raw/funding/results.csv:9"}]
    told = comment(content(change(raw=raw)))
    assert "| values in the text | 1 | 0 | 0 |" in told
    assert "| cmif&#95;projects | 33 | 34 | revision " in told
    assert "results.csv" in told
    assert comment(content()).endswith("No figure changed.\n")


def test_what_a_cell_holds_mentions_nobody_and_breaks_no_table(comment):
    hostile = "@team [x](https://example.org) | <img src=x>\n`"
    told = comment(content(change(after={"en": hostile})))
    (line,) = (line for line in told.splitlines() if "33" in line)
    assert line.count("|") == 5
    assert not set("@[]<`") & set(line)


def test_long_lists_are_cut(comment):
    told = comment(content(*[change(name=f"v{n}") for n in range(25)]))
    assert "And 5 more values." in told
