"""Raw tables that were found valid, each with the hash of all that its check looked at.

The step `check` looks at every table, and each notebook and page again at those that it reads. What
is the same as when it was found valid need not be looked at again. Pandera and Frictionless check
as often as they are called; joblib's `Memory`, which would keep results by their arguments, follows
a function's own code alone, and not that of what it calls.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import sys
from pathlib import Path
from typing import Any, Final

import babel
import pandas as pd

from critical_minerals.raw.cache import READ, hash_code
from critical_minerals.workspace.paths import write_whole
from critical_minerals.workspace.state_files import read_entries

_FILE: Final = "valid-tables.json"
CODE: Final = (
    "*.py",
    *(f"{package}/*.py" for package in ("raw", "tables", "readers", "language", "workspace")),
)
"""The files of this package in which all code is that a check runs: what raw tables build on."""
_CODE_HASH: Final = " ".join(
    [sys.version, pd.__version__, babel.__version__, hash_code(*CODE)],
)


class ValidTables:
    """The tables of one workspace that were found valid."""

    def __init__(self, state: Path) -> None:
        """Read those of earlier checks, from a folder of the workspace's state."""
        self._file = state / READ / _FILE
        self._entries = read_entries(self._file, (str, int))

    def holds(self, name: str, content: str, last_year: int) -> bool:
        """Say whether a table of this content was valid, with no figure later than a year."""
        known_content, known_year = self._entries.get(name, ("", 0))
        return known_content == content and known_year <= last_year

    def add(self, name: str, content: str, last_year: int) -> None:
        """Add a table that was found valid."""
        self._entries[name] = (content, last_year)

    def store(self) -> None:
        """Store them for later checks."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._file, json.dumps(self._entries))


def hash_content(descriptor: bytes, cells: pd.DataFrame, known: Any) -> str:
    """Hash what a check of a table looks at: descriptor, cells, lists of ids, and its own code."""
    parts = (_CODE_HASH.encode(), descriptor, pickle.dumps(cells, 5), json.dumps(known).encode())
    hashes = (hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(b"".join(hashes)).hexdigest()
