"""What was measured on what: machine, versions, state of the project."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil
from project import PROJECT

_PACKAGES = ("papermill", "pandas", "altair", "vl-convert-python", "typst", "distributed")


def circumstances(renderer: str) -> dict[str, Any]:
    """Describe the machine, the versions of all that takes part, and the project's state."""
    return {
        "measured": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _git("rev-parse", "--short", "HEAD"),
        "edited_since": bool(
            _git("status", "--porcelain", "--", "src", "notebooks", "pipeline.py")
        ),
        "machine": {
            "processor": _processor(),
            "processors": os.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 2**30),
            "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        },
        "load_before": round(psutil.getloadavg()[0], 2),
        "versions": {
            "python": platform.python_version(),
            "renderer": renderer,
            **dict(_versions(_PACKAGES)),
        },
    }


def _versions(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            continue


def _processor() -> str:
    """Name the processor's model."""
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words],  # noqa: S607 - whichever git there is
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.strip()
