"""What a machine does its work with: Python, this package's code, installed packages.

Equal files make equal files only where these are equal too.
"""

from __future__ import annotations

import platform
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from critical_minerals.execution import fingerprints

_SOURCE: Final = Path(__file__).parents[1]
_NAME: Final = re.compile(r"[\w.-]+")
_SUFFIXES: Final = frozenset({".py", ".ftl", ".j2", ".lua"})
_TOLD: Final = 4


@dataclass(frozen=True)
class Kit:
    """What work is done with; `packages` are versions by name, or the word "missing"."""

    python: str
    code: str
    packages: Mapping[str, str]


def kit_here(packages: Iterable[str]) -> Kit:
    """Describe this machine, as far as some packages go."""
    return Kit(platform.python_version(), _code(), {name: _version(name) for name in packages})


def used_packages(pyproject: Path) -> list[str]:
    """Name the installed packages that a project needs, and those that these need."""
    project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    found: set[str] = set()
    waiting = [_name(line) for line in project["dependencies"]]
    while waiting:
        name = waiting.pop()
        if name not in found and _version(name) != "missing":
            found.add(name)
            waiting += _requirements(name)
    return sorted(found)


def differences(here: Kit, there: Kit) -> list[str]:
    """Say in what another machine differs from this one, in words.

    >>> here = Kit("3.11.7", "a", {"pandas": "3.0"})
    >>> differences(here, Kit("3.12.1", "a", {"pandas": "missing"}))
    ['Python is 3.12.1, here 3.11.7', 'pandas is missing, here 3.0']
    """
    told = [f"Python is {there.python}, here {here.python}"] if there.python != here.python else []
    if there.code != here.code:
        told.append("its copy of the package critical_minerals is not the one here")
    names = [name for name, version in here.packages.items() if there.packages[name] != version]
    told += [f"{name} is {there.packages[name]}, here {here.packages[name]}" for name in names]
    rest = len(told) - _TOLD
    return [*told[:_TOLD], f"and {rest} more packages"] if rest > 0 else told


def _code() -> str:
    files = (path for path in _SOURCE.rglob("*") if path.suffix in _SUFFIXES)
    return fingerprints.of_value(
        {path.relative_to(_SOURCE).as_posix(): fingerprints.of_file(path) for path in files}
    )


def _requirements(name: str) -> Iterator[str]:
    """Name what a package needs without any of its extras."""
    for line in metadata.requires(name) or ():
        if "extra ==" not in line:
            yield _name(line)


def _name(requirement: str) -> str:
    """Take the name out of a requirement, spelled as the index does.

    >>> _name("python_calamine>=0.5")
    'python-calamine'
    """
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


@cache
def _version(name: str) -> str:
    """Return what was installed when this was first asked: later changes are not loaded."""
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, ValueError):
        return "missing"
