"""Report what is installed on this machine, and which renderer a run would use and why."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, version
from typing import Final

from critical_minerals.errors import UsageError
from critical_minerals.execution.warm import POSSIBLE
from critical_minerals.report.quarto import warnings
from critical_minerals.report.renderers import choose, list_renderers
from critical_minerals.workspace.paths import PROVISIONER, Workspace

_PACKAGES: Final = ("jupyterlab", "papermill", "pandas", "altair", "vl-convert-python")
_PROGRAMS: Final = {"chromium": "browser tests", "chromedriver": "browser tests"}


@dataclass(frozen=True)
class Finding:
    """The result of looking for one thing."""

    name: str
    good: bool
    detail: str


def findings(workspace: Workspace) -> list[Finding]:
    """Look for everything that the pipeline uses, and for Quarto's last warnings."""
    results = [_python(), *_packages(), _kernels(), *_renderers(), _auto_renderer(), *_programs()]
    messages = warnings(workspace.cache)
    return [*results, *(Finding("Quarto warned", good=False, detail=each) for each in messages)]


def _python() -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0])


def _packages() -> Iterator[Finding]:
    for name in _PACKAGES:
        try:
            yield Finding(name, good=True, detail=version(name))
        except PackageNotFoundError:
            yield Finding(name, good=False, detail="not installed; run make setup")


def _kernels() -> Finding:
    """Find out how the kernels of a run start."""
    registered = entry_points(group="jupyter_client.kernel_provisioners").names
    # No fault where the system has no fork server: such kernels are slower, and do the same.
    if not POSSIBLE:
        return Finding("kernels", good=True, detail="start anew: this system has no fork server")
    if PROVISIONER not in registered:
        detail = "start anew, which is slow: this package is not installed; run make setup"
        return Finding("kernels", good=False, detail=detail)
    return Finding("kernels", good=True, detail="are forked from a parent that has all loaded")


def _renderers() -> Iterator[Finding]:
    for finding in list_renderers():
        yield Finding(f"renderer {finding.name}", finding.usable, finding.detail)


def _auto_renderer() -> Finding:
    """Find out which renderer `auto` selects here."""
    try:
        renderer = choose("auto")
    except UsageError as error:
        return Finding("renderer auto", good=False, detail=str(error))
    return Finding("renderer auto", good=True, detail=f"uses {renderer.name} {renderer.version}")


def _programs() -> Iterator[Finding]:
    for name, purpose in _PROGRAMS.items():
        path = shutil.which(name)
        yield Finding(name, path is not None, f"for {purpose}; {'found' if path else 'not found'}")
