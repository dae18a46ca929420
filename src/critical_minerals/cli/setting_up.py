"""Set up `.venv` with the pinned versions: what `make` and `python pipeline.py setup` do.

It runs before anything is installed, by whatever Python is there, and so uses Python alone. Each
part leaves a file in `.venv` that is younger than what it was made from, and is done again where
one of these has changed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
_VENV: Final = Path(".venv")
_MINIMUM_PYTHON: Final = (3, 11)
_WINDOWS: Final = os.name == "nt"
_ERROR_LINE: Final = re.compile(r"^.*Error.*$", re.MULTILINE)
"""Quarto's own first word of an error says why; what follows is what came of that."""
_CAUSE_LINE: Final = re.compile(r"^ *(?:error|cause):.*$", re.MULTILINE)
"""Where a download failed before its build had begun, the last of these lines is the cause."""


def program(name: str, *, windows: bool = _WINDOWS) -> Path:
    """Return where the environment has a program, from the project's folder.

    >>> program("uv", windows=True).as_posix(), program("uv", windows=False).as_posix()
    ('.venv/Scripts/uv.exe', '.venv/bin/uv')
    """
    return _VENV / "Scripts" / f"{name}.exe" if windows else _VENV / "bin" / name


def set_up(parts: Sequence[str]) -> None:
    """Do the parts that are not done yet, or no longer, each after those that it needs."""
    for part in parts:
        stamp, files, prerequisites, work = _PARTS[part]
        set_up(prerequisites)
        inputs = [
            ROOT / each
            for each in (*files, *(_PARTS[prerequisite][0] for prerequisite in prerequisites))
        ]
        if _is_up_to_date(ROOT / stamp, inputs):
            continue
        work()
        # Only after the work, so that a part that failed is done again.
        (ROOT / stamp).touch()


def _is_up_to_date(stamp: Path, files: Sequence[Path]) -> bool:
    if not stamp.exists():
        return False
    stamp_time = stamp.stat().st_mtime_ns
    return all(file.stat().st_mtime_ns <= stamp_time for file in files)


def _install_uv() -> None:
    """Install uv. To give `.venv` a pip of its own takes longest of all: borrow one."""
    pip_check = _run(sys.executable, "-c", "import pip", check=False, capture_output=True)
    has_pip = pip_check.returncode == 0
    venv_options = ["--without-pip"] if has_pip else []
    _run(sys.executable, "-m", "venv", *venv_options, str(_VENV))
    python = program("python")
    pip = [sys.executable, "-m", "pip", "--python", python] if has_pip else [python, "-m", "pip"]
    quiet = ("--quiet", "--disable-pip-version-check", "--no-compile")
    pinned = ("--require-hashes", "--only-binary", ":all:", "--requirement")
    _run(*pip, "install", *quiet, *pinned, "requirements-uv.lock")


def _install_pinned() -> None:
    """Install what the report needs; nothing is compiled ahead, for a run imports a fraction."""
    sync = ("pip", "sync", "--quiet", "--python", program("python"))
    _run(program("uv"), *sync, "--require-hashes", "requirements.lock")


def _install_report() -> None:
    _install("--no-build-isolation", "--editable", ".")
    _run(program("python"), "-m", "compileall", "-q", "src")


def _install_tools() -> None:
    _install("--require-hashes", "--requirements", "requirements-dev.lock")


def _install_quarto() -> None:
    """Install Quarto, which downloads its own binaries; where it cannot, say what failed."""
    _say("Installing Quarto, which downloads its own binaries ...")
    pinned = ("--require-hashes", "--requirements", "requirements-quarto.lock")
    result = _install("--no-build-isolation", *pinned, check=False, capture_output=True, text=True)
    log = ROOT / _VENV / "quarto.log"
    log.write_text(result.stdout + result.stderr, "utf-8")
    if result.returncode == 0:
        _say("Quarto is installed.")
        return
    causes = (
        _ERROR_LINE.findall(log.read_text("utf-8"))[:1] or _CAUSE_LINE.findall(result.stderr)[-1:]
    )
    # Reported, not raised: the part counts as tried, so that the report is made without Quarto and
    # the download is not attempted every time.
    _say("Quarto could not be installed; the embedded renderer is used. What failed:")
    _say("\n".join([*causes, f"  (all of it: {_VENV}/quarto.log)"]))


def _configure_git() -> None:
    """Let git store notebooks without outputs: a setting of this repository alone."""
    _run(program("python"), "pipeline.py", "git")


def _install(*arguments: str, **options: Any) -> subprocess.CompletedProcess[Any]:
    # The environment is named, because uv would take another one that the shell has activated.
    command = ("pip", "install", "--quiet", "--python", program("python"), "--no-deps")
    return _run(program("uv"), *command, *arguments, **options)


def _run(*command: str | Path, check: bool = True, **options: Any) -> Any:
    # Our own installers, by arguments of ours.
    return subprocess.run([*map(str, command)], cwd=ROOT, check=check, **options)  # noqa: S603


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - there is no console yet


_Part = tuple[Path, tuple[str, ...], tuple[str, ...], Callable[[], None]]
_PARTS: Final[dict[str, _Part]] = {
    "uv": (program("uv"), ("requirements-uv.lock",), (), _install_uv),
    "pinned": (_VENV / "pinned", ("requirements.lock",), ("uv",), _install_pinned),
    "report": (_VENV / "ready", ("pyproject.toml",), ("pinned",), _install_report),
    "git": (_VENV / "git", (), ("report",), _configure_git),
    "tools": (_VENV / "tools", ("requirements-dev.lock",), ("pinned",), _install_tools),
    "quarto": (_VENV / "quarto-tried", ("requirements-quarto.lock",), ("pinned",), _install_quarto),
}
"""Of each part: its file, what that is made from, the parts that it needs, and its work."""


def set_up_or_run(command: Sequence[str]) -> int:
    """Set up if `pipeline.py setup` asks for it; else run a command by the environment's Python.

    So `python pipeline.py` is the same command whichever Python that is. Returns the exit code.
    """
    if command[1:2] == ["setup"]:
        return main(command[2:])
    python = ROOT / program("python")
    # By that Python itself it would come here again, for ever.
    if not python.exists() or Path(sys.prefix).resolve() == (ROOT / _VENV).resolve():
        sys.stderr.write(f"Set up first: python {command[0]} setup\n")
        return 2
    if not _WINDOWS:
        os.execv(python, [python, *command])  # noqa: S606 - this very program
    # There `exec` would return to the prompt at once, with the command going on behind it.
    return subprocess.run([python, *command], check=False).returncode  # noqa: S603


def main(parts: Sequence[str]) -> int:
    """Set up the parts that are named, or all that a person needs; return the exit code."""
    if sys.version_info < _MINIMUM_PYTHON:
        _say(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        return 2
    requested = parts or ("report", "quarto", "git")
    if unknown := [part for part in requested if part not in _PARTS]:
        _say(f"There is nothing {unknown[0]!r} to set up. Known: {', '.join(_PARTS)}.")
        return 2
    try:
        set_up(requested)
    except subprocess.CalledProcessError as error:
        _say(f"That failed: {' '.join(map(str, error.cmd))}")
        return 3
    # Windows replaces no program that is running.
    except PermissionError as error:
        _say(f"{error.filename} is in use: close what runs from .venv, then try again.")
        return 3
    if not parts:
        _say("Set up. Go on with: python pipeline.py")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
