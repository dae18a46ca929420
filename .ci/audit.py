"""Audit what the locks pin: known vulnerabilities (pip-audit) and licences (`make audit`).

Which database is asked is pip-audit's own setting (`PIP_AUDIT_VULNERABILITY_SERVICE`, pypi or osv,
and `PIP_AUDIT_OSV_URL`). A package that the database could not be asked about is not taken for a
sound one. Exit codes: 0 sound, 1 a vulnerability or a licence that is unclear, 3 not all packages
could be asked about.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
_PIN: Final = re.compile(r"^([a-zA-Z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
_KNOWN: Final = re.compile(
    r"\b(0BSD|Apache|APL 2|Artistic|BSD|ISC|MIT|MPL|Mozilla|OFL|PSF|Python Software|W3C)",
    re.IGNORECASE,
)
"""Licences that leave others free to combine what is under them with what is not."""
_BINDING: Final = re.compile(r"GPL|General Public", re.IGNORECASE)
"""Those that do not, whatever else is offered beside them: each needs a word (`declared`)."""


def pinned() -> dict[str, str]:
    """Return every package that a lock pins, by its name, with a version of it."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    return dict(sorted(pin for lock in locks for pin in _PIN.findall(lock.read_text("utf-8"))))


def vulnerable() -> tuple[list[str], str]:
    """Name the pinned packages with known vulnerabilities; say why, where it cannot be known."""
    locks = [f"--requirement={lock}" for lock in sorted(ROOT.glob("requirements*.lock"))]
    asked = (sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes")
    done = subprocess.run(  # noqa: S603 - our own arguments
        [*asked, "--format=json", "--desc=off", "--progress-spinner=off", *locks],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        answered: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
    found = [
        f"{each['name']} {each['version']}: {known['id']}, mended in "
        f"{', '.join(known['fix_versions']) or 'no version yet'}"
        for each in answered
        for known in each.get("vulns", ())
    ]
    skipped = [str(each["skip_reason"]) for each in answered if "skip_reason" in each]
    return found, f"{len(skipped)} of {len(answered)}, such as: {skipped[0]}" if skipped else ""


def licences(declared: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give the licence of every pinned package as it is stated, and what is wrong with it."""
    for name, version in pinned().items():
        try:
            said = stated(name)
        except PackageNotFoundError:
            yield f"{name} {version}", "not installed on this system", ""
            continue
        if name in declared:
            yield f"{name} {version}", f"{said}; {declared[name]}", ""
            continue
        unclear = "" if _KNOWN.search(said) else "its licence is unclear"
        fault = "its licence binds what is combined with it" if _BINDING.search(said) else unclear
        yield f"{name} {version}", said, fault


def stated(name: str) -> str:
    """Return the licence that a package states: an SPDX expression, its classifiers, or its word.

    Raises `PackageNotFoundError` where it is not installed.
    """
    said = metadata(name)
    given = said.get_all("Classifier") or ()
    classes = [each.split(" :: ")[-1] for each in given if each.startswith("License ::")]
    classes = [each for each in classes if each != "OSI Approved"]
    word = (said.get("License") or "").strip().partition("\n")[0]
    return said.get("License-Expression") or " or ".join(classes) or word or "none stated"


def main() -> int:
    """Say what was found; return the exit code."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared: Mapping[str, str] = settings["tool"]["audit"]["licences"]
    listed = [*licences(declared)]
    for package, licence, _ in listed:
        print(f"{package}: {licence}")
    wrong = [f"{package}: {fault} ({licence})" for package, licence, fault in listed if fault]
    strangers = sorted({*declared} - {*pinned()})
    wrong += [f"{name}: declared in pyproject.toml, and not pinned" for name in strangers]
    found, unasked = vulnerable()
    told = [f"Licences of {len(listed)} packages: {len(wrong)} unclear or binding.", *wrong]
    told += [f"Known vulnerabilities: {len(found)}.", *found]
    if unasked:
        told.append(
            f"Not all vulnerabilities are known: the database could not be asked ({unasked}). Ask "
            "another: PIP_AUDIT_VULNERABILITY_SERVICE=osv make audit"
        )
    print("\n".join(told), file=sys.stderr)
    return 1 if wrong or found else 3 if unasked else 0


if __name__ == "__main__":
    sys.exit(main())
