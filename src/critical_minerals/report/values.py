"""A document's values as Pandoc understands them, kept from one time to the next.

Each is a small text of its own, and Pandoc takes as long to read them all as to read the document.
They change with the figures; what is edited between two changes of the figures is prose.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from critical_minerals.workspace import write_whole

_WORTH_WHILE: Final = 5_000
"""Characters; with fewer another start of Pandoc costs more than it saves."""


def keep_values(
    values: Mapping[str, Any],
    read: Callable[[Mapping[str, Any]], str],
    *,
    kept: Path,
    made_by: str,
) -> bool:
    """Keep the values in a file as Pandoc's JSON; say whether there are enough to be worth it.

    The file is made anew when the values have changed, by `read`, which turns them into metadata of
    a document of Pandoc's. `made_by` names the Pandoc.
    """
    text = json.dumps(values, ensure_ascii=False, default=str)
    if len(text) < _WORTH_WHILE:
        return False
    name = sha256(f"{made_by} {text}".encode()).hexdigest()
    if _name(kept) != name:
        document = {"made-by": name, **json.loads(read(values))}
        write_whole(kept, json.dumps(document, ensure_ascii=False))
    return True


def _name(kept: Path) -> str:
    """Say by what the kept file was made; an unreadable one by nothing."""
    try:
        return str(json.loads(kept.read_text("utf-8"))["made-by"])
    except (OSError, ValueError, KeyError):
        return ""
