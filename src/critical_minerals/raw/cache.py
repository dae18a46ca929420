"""Tables that took long to read, kept as Parquet by the content that they were read from."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pandas as pd

from critical_minerals.workspace import write_whole


def cached(folder: Path, name: str, content: str, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table as it was kept, or read it and keep it; `content` is what it follows from.

    Of each name the newest is kept. One that is damaged is read anew.
    """
    path = folder / f"{name}-{content[:32]}.parquet"
    if path.is_file():
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError):  # cut off, or of a version that is no more
            path.unlink(missing_ok=True)
    table = read()
    folder.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    table.to_parquet(written)
    write_whole(path, written.getvalue())
    for old in folder.glob(f"{name}-*.parquet"):
        if old != path:
            old.unlink(missing_ok=True)
    return table
