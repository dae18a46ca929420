"""Cache the values of a document as Pandoc's JSON, from one rendering to the next.

Each is a small text of its own, and Pandoc takes as long to parse them all as to parse the
document. They change with the figures; what is edited between two changes of the figures is prose.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from critical_minerals.state_files import read_stored
from critical_minerals.workspace import write_whole

_MIN_CHARACTERS: Final = 5_000
"""Characters; with fewer, another call of Pandoc costs more than it saves."""


def cache_values(
    values: Mapping[str, Any],
    read: Callable[[Mapping[str, Any]], str],
    *,
    cache_file: Path,
    version: str,
) -> bool:
    """Store the values in a file as Pandoc's JSON; return whether there are enough to be worth it.

    The file is written again when the values have changed, by `read`, which makes them the metadata
    of a Pandoc document. `version` is that of Pandoc.
    """
    text = json.dumps(values, ensure_ascii=False, default=str)
    if len(text) < _MIN_CHARACTERS:
        return False
    key = sha256(f"{version} {text}".encode()).hexdigest()
    if _cached_key(cache_file) != key:
        document = {"made-by": key, **json.loads(read(values))}
        write_whole(cache_file, json.dumps(document, ensure_ascii=False))
    return True


def _cached_key(cache_file: Path) -> str:
    """Return the key of the cached file; nothing where it is missing or damaged."""
    return read_stored(cache_file, {"made-by": str, "meta": dict}, {"made-by": ""})["made-by"]
