"""Read the JSON that earlier runs have stored: state and caches, all of which can be made anew.

A file that is missing, cannot be read, or holds JSON of another shape than it is written in (by
another version, another program or a slip of the hand) counts as not there. Its reader says in
which shape it needs it, and gets nothing of any other.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import UnionType
from typing import Any, cast

# Only what Python has loaded already: the quick check of every run imports this (`quick_check`).
Shape = type | UnionType | list[Any] | tuple[Any, ...] | dict[Any, Any]
"""The shape of a JSON value, written as an example of it with types in place of values.

`int | None` is a value of either type, `[str]` a list of any length, `(int, str)` a list of just
these, `{"files": [str]}` an object that has at least this member, `{str: int}` one with members of
any names.
"""


def read_stored(path: Path, shape: Shape, default: Any = None) -> Any:
    """Return the content of a JSON file, or `default` where it has none of this shape."""
    content = _read_json(path)
    return content if _has_shape(content, shape) else default


def read_entries(path: Path, shape: Shape) -> dict[str, Any]:
    """Return those members of the object in a JSON file that have this shape."""
    content = _read_json(path)
    if not isinstance(content, dict):
        return {}
    entries = cast("dict[str, Any]", content)
    return {name: entry for name, entry in entries.items() if _has_shape(entry, shape)}


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    # `RecursionError`: brackets within brackets without end.
    except (OSError, ValueError, RecursionError):
        return None


def _has_shape(value: Any, shape: Shape) -> bool:
    if isinstance(shape, list):
        return isinstance(value, list) and all(_has_shape(each, shape[0]) for each in value)
    if isinstance(shape, tuple):
        return (
            isinstance(value, list)
            and len(value) == len(shape)
            and all(map(_has_shape, value, shape))
        )
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            all(_has_shape(each, member) for each in value.values())
            if name is str
            else name in value and _has_shape(value[name], member)
            for name, member in shape.items()
        )
    return isinstance(value, shape)
