"""What is pinned, and what setting up does with it, told by `make` and stand-ins for programs."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPORT, TOOLS, QUARTO, UV = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-quarto.lock",
    "requirements-uv.lock",
)
_PIN = re.compile(r"([a-z0-9-]+)==([^ ]+)(?: ; ([^\\]*?))? \\\n((?: {4}--hash=\S+(?: \\)?\n)+)")

# Writes down how it was called; a call that names what `fails` holds goes wrong, and says `said`.
_UV = """#!/bin/sh
echo "uv $*" >> calls
if test -e fails && echo "$*" | grep -q "$(cat fails)"
then cat said >&2; exit 1; fi
"""
_DOWNLOAD = """error: Failed to build
  Error downloading Quarto: no way out
  ValueError: nothing to open
"""


def _pins(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package, version, *_ in _PIN.findall((ROOT / name).read_text("utf-8")):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", [REPORT, TOOLS, QUARTO, UV])
def test_a_lock_holds_nothing_but_versions_with_their_hashes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    rest = _PIN.sub("", text)
    assert _pins(name)
    assert [line for line in rest.splitlines() if not line.startswith("#")] == []
    assert "://" not in text


@pytest.mark.parametrize("name", [TOOLS, QUARTO, UV])
def test_a_package_has_the_same_version_in_every_lock(name: str) -> None:
    report, other = _pins(REPORT), _pins(name)
    both = report.keys() & other.keys()
    assert {p: other[p] for p in both if not other[p] <= report[p]} == {}


def test_a_report_needs_no_tool_of_tests_and_linters() -> None:
    tools = {"pytest", "ruff", "pyright", "hypothesis", "selenium", "import-linter", "distributed"}
    assert tools <= _pins(TOOLS).keys()
    assert not tools & _pins(REPORT).keys()


def test_the_project_and_quarto_are_built_with_what_is_pinned() -> None:
    assert {"setuptools", "pip"} <= _pins(REPORT).keys()
    assert {"quarto-cli", "wheel"} == _pins(QUARTO).keys()
    assert {"uv"} == _pins(UV).keys()


def test_the_drawing_library_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [bound] = [line for line in project["dependencies"] if line.startswith("vl-convert-python")]
    assert bound.endswith(",<2")


def _copy_package(folder: Path) -> None:
    """Copy what of the package is needed before anything is set up."""
    for name in ("__init__.py", "cli/__init__.py", "cli/setting_up.py"):
        target = folder / "src" / "critical_minerals" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "src" / "critical_minerals" / name, target)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of what setting up goes by, with programs that only write down their calls."""
    for name in ("Makefile", "pyproject.toml", REPORT, TOOLS, QUARTO, UV):
        shutil.copy(ROOT / name, tmp_path / name)
        os.utime(tmp_path / name, (1, 1))
    _copy_package(tmp_path)
    shutil.copy(ROOT / "pipeline.py", tmp_path)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, text in {"uv": _UV, "python": '#!/bin/sh\necho "python $*" >> calls\n'}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (tmp_path / "said").write_text(_DOWNLOAD)
    return tmp_path


def _change(place: Path, lock: str) -> None:
    """Let a lock be younger than all that stands in .venv."""
    for path in (place / ".venv").rglob("*"):
        os.utime(path, (2, 2))
    os.utime(place / lock, (3, 3))


def _run(place: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder; no Python finds the package by the environment of the tests."""
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | variables
    return subprocess.run(
        command, cwd=place, env=alone, capture_output=True, text=True, check=False
    )


def _make(place: Path, target: str) -> tuple[str, list[str]]:
    """Make a target; return what was said and which locks and programs took part."""
    calls = place / "calls"
    calls.write_text("")
    # What the make of `make test` was told is its own.
    done = _run(place, "make", "--no-print-directory", target, MAKEFLAGS="")
    assert done.returncode == 0, done.stderr
    parts = re.findall(r"requirements\S*\.lock|--editable|pipeline\.py", calls.read_text())
    return done.stdout, parts


def test_a_report_sets_up_what_it_needs_once(place: Path) -> None:
    assert _make(place, "report")[1] == [REPORT, "--editable", QUARTO, "pipeline.py"]
    assert _make(place, "report")[1] == ["pipeline.py"]
    assert _make(place, "setup")[1] == ["pipeline.py"]  # git's settings
    assert _make(place, "setup")[1] == []


def test_tools_come_on_top_and_a_report_leaves_them_alone(place: Path) -> None:
    assert _make(place, "tools")[1] == [REPORT, "--editable", TOOLS]
    assert _make(place, "tools")[1] == []
    assert _make(place, "report")[1] == [QUARTO, "pipeline.py"]
    _change(place, TOOLS)
    assert _make(place, "report")[1] == ["pipeline.py"]
    assert _make(place, "tools")[1] == [TOOLS]


def test_a_changed_lock_is_installed_again_and_what_a_sync_removes_with_it(place: Path) -> None:
    _make(place, "report")
    _make(place, "tools")
    _change(place, REPORT)
    assert _make(place, "report")[1] == [REPORT, "--editable", QUARTO, "pipeline.py"]
    assert _make(place, "tools")[1] == [TOOLS]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (_DOWNLOAD, "Error downloading Quarto: no way out"),
        (
            "error: Failed to download\n  cause: Hash mismatch for quarto-cli\n",
            "cause: Hash mismatch for quarto-cli",
        ),
    ],
)
def test_a_quarto_that_cannot_be_had_is_told_once_and_stops_nothing(
    place: Path, said: str, told: str
) -> None:
    (place / "fails").write_text(QUARTO)
    (place / "said").write_text(said)
    text, calls = _make(place, "report")
    assert "embedded renderer" in text
    assert told in [line.strip() for line in text.splitlines()]
    assert calls[-1] == "pipeline.py"
    assert "nothing to open" not in text
    assert _make(place, "report")[1] == ["pipeline.py"]
    _change(place, QUARTO)
    assert _make(place, "report")[1] == [QUARTO, "pipeline.py"]


def test_without_make_one_command_does_the_same(place: Path) -> None:
    """By a Python that has nothing installed, and once."""
    bare = (sys.executable, "-S", "pipeline.py", "setup")
    (place / "calls").write_text("")
    done = [_run(place, *bare, *parts) for parts in ([], [], ["tools"])]
    told = [each.stdout for each in done if each.returncode == 0]
    parts = re.findall(
        r"requirements\S*\.lock|--editable|pipeline\.py", (place / "calls").read_text()
    )
    assert parts == [REPORT, "--editable", QUARTO, "pipeline.py", TOOLS]
    assert "Go on with: python pipeline.py" in told[0]
    assert told[2] == ""
    assert _make(place, "report")[1] == ["pipeline.py"]


def test_what_cannot_be_set_up_is_told_without_a_traceback(place: Path) -> None:
    (place / "fails").write_text(REPORT)
    done = _run(place, sys.executable, "pipeline.py", "setup")
    assert done.returncode == 3
    assert "That failed:" in done.stdout
    assert "Traceback" not in done.stderr
    told = _run(place, sys.executable, "pipeline.py", "setup", "quatro")
    assert (told.returncode, "Known: uv" in told.stdout) == (2, True)


@pytest.mark.parametrize(("user", "told"), [(0, " --allow-root"), (1000, "")])
def test_jupyter_opens_with_the_kernel_of_this_environment_also_for_root(
    place: Path, user: int, told: str
) -> None:
    programs = {
        place / ".venv" / "bin" / "jupyter": 'echo "$JUPYTER_PREFER_ENV_PATH $*" > asked',
        place / "id": f"echo {user}",
    }
    for path, line in programs.items():
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
    variables = {"MAKEFLAGS": "", "PATH": f"{place}{os.pathsep}{os.environ['PATH']}"}
    done = _run(place, "make", "lab", "ARGS=--no-browser --port 9000", **variables)
    assert done.returncode == 0, done.stderr
    asked = (place / "asked").read_text().split()
    hook = "--FileContentsManager.post_save_hook=critical_minerals.execution.git.after_save"
    assert asked == f"1 lab{told} {hook} notebooks --no-browser --port 9000".split()


def test_another_python_hands_on_to_that_of_the_environment(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pipeline.py", tmp_path)
    _copy_package(tmp_path)
    # Without its packages a Python does not know the pipeline, as that of the system does not.
    command = (sys.executable, "-S", "pipeline.py", "changes", "--json", "a b")
    none = _run(tmp_path, *command)
    assert (none.returncode, none.stderr) == (2, "Set up first: python pipeline.py setup\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s|" "$@"\nexit 7\n')
    python.chmod(0o755)
    done = _run(tmp_path, *command)
    assert (done.returncode, done.stdout) == (7, "pipeline.py|changes|--json|a b|")
