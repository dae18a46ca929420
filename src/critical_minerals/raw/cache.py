"""A cache of tables that take long to read: Parquet files, named by the hash of their input.

What is kept depends on the code that made it too (`hash_code`).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import pandas as pd

from critical_minerals.workspace.paths import write_whole

_LOG: Final = logging.getLogger(__name__)
_PACKAGE: Final = Path(__file__).parents[1]
READ: Final = "read"
"""Folder of the workspace's state that caches tables read from official and from large files."""


def hash_code(*patterns: str) -> str:
    """Hash files of this package.

    To be called where a module is loaded: code that is edited later has made nothing yet.
    """
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in _PACKAGE.glob(pattern)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def cached(folder: Path, name: str, content: str, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table from the cache, or read and store it; `content` is the hash of its input.

    One file is stored for each name, the newest. A damaged one is read and written again.
    """
    path = folder / f"{name}-{content[:32]}.parquet"
    if path.is_file():
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError) as error:  # cut off, or of a version that is no more
            _LOG.debug("%s cannot be read (%s), and is made anew.", path.name, error)
            path.unlink(missing_ok=True)
        else:
            _LOG.debug("%s is cached.", name)
            return table
    _LOG.debug("%s is read from its file.", name)
    table = read()
    folder.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    table.to_parquet(buffer)
    write_whole(path, buffer.getvalue())
    # The hash also covers code, so that each change of a reader would leave a file behind.
    for outdated in folder.glob(f"{name}-*.parquet"):
        if outdated != path:
            outdated.unlink(missing_ok=True)
    return table
