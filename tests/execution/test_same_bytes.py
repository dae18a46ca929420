"""The same figures make the same bytes, whatever else is different where the report is made."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from orchards import contents, environment, plant, program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces of Linux"),
]

MAKE = ("--renderer", "embedded", "--to", "html,pdf")
TOKEN = "token-that-nobody-may-read"  # noqa: S105 - a word to look for
NOBODY = 64_999
"""A user that the system has no entry of."""
SHUFFLED = """\
import os

_scandir, _listdir = os.scandir, os.listdir


class _Backwards:
    def __init__(self, given):
        self._given = given
        self._entries = reversed([*given])

    def __iter__(self):
        return self._entries

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._given.close()

    close = __exit__


os.scandir = lambda *given: _Backwards(_scandir(*given))
os.listdir = lambda *given: [*reversed(_listdir(*given))]
"""
"""Lets Python see the files of every folder in another order."""


def made(
    root: Path, variables: Mapping[str, str], *first: str, one_processor: bool = False
) -> None:
    given = environment(root)
    path = os.pathsep.join(filter(None, [variables.get("BEFORE"), given["PYTHONPATH"]]))

    def on_one() -> None:
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])

    env = {**given, **variables, "PYTHONPATH": path}
    before = on_one if one_processor else None
    command = (*first, sys.executable, "pipeline.py", *MAKE)
    done = program(root, *command, env=env, preexec_fn=before)
    assert done.returncode == 0, done.stdout + done.stderr


def handed_on(root: Path) -> dict[str, bytes]:
    """Everything that a run hands on: what is delivered, its tables, what the notebooks publish."""
    folders = ("data/processed", "reports/_generated", "reports/_output")
    parts = {folder: contents(root / folder) for folder in folders}
    return {f"{folder}/{name}": part[name] for folder, part in parts.items() for name in part}


def test_another_machine_makes_the_same_bytes(tmp_path: Path):
    here, there = tmp_path / "here", tmp_path / "là-bas, ailleurs" / ("long" * 12)
    seen = {"TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "COLUMNS": "200", "PYTHONHASHSEED": "0"}
    made(plant(here), seen)
    (tmp_path / "sitecustomize.py").write_text(SHUFFLED, "utf-8")
    other = {
        "BEFORE": str(tmp_path),
        "TZ": "America/Vancouver",
        "LC_ALL": "C",
        "LANG": "fr_CA.UTF-8",
        "COLUMNS": "60",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "4321",
        "USER": "somebody",
        "FARM_TOKEN": TOKEN,
        "TMPDIR": "/var/tmp",  # noqa: S108 - another than the usual
    }
    as_other = ("unshare", f"--map-user={NOBODY}", "sh", "-c")
    renamed = ('umask 077; exec "$@"', "sh")
    able = subprocess.run([*as_other, "true"], check=False, capture_output=True)
    first = (*as_other, *renamed) if able.returncode == 0 else ("sh", "-c", *renamed)
    made(plant(there), other, *first, one_processor=True)
    one, two = handed_on(here), handed_on(there)
    assert one.keys() == two.keys()
    assert {Path(name).suffix for name in one} >= {".html", ".pdf", ".ods", ".xlsx"}
    assert [name for name in one if one[name] != two[name]] == []
    assert not any(TOKEN.encode() in content for content in two.values())
    assert (there / "reports" / "_output" / "harvest.html").stat().st_mode & 0o077 == 0
