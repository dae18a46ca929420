"""Pack the messages of a kernel, such as what a cell prints.

Kernels import this by its name (`Session.packer`), whichever way they were started.
"""

from __future__ import annotations

from typing import Any, cast

from jupyter_client.session import json_packer


def pack(message: Any) -> bytes:
    r"""Pack a message as JSON in UTF-8; what cannot be encoded, half of a character, is escaped.

    Jupyter's own packer fails there: the output is lost, and a cell's error with it.

    >>> pack({"text": "half \ud800"})
    b'{"text": "half \\\\ud800"}'
    """
    try:
        return json_packer(message)
    except UnicodeEncodeError:
        return json_packer(_escape(message))


def _escape(part: Any) -> Any:
    """Replace what cannot be encoded in every text of a message."""
    match part:
        case str():
            return part.encode("utf-8", "backslashreplace").decode("utf-8")
        case dict():
            pairs = cast("dict[Any, Any]", part).items()
            return {_escape(name): _escape(value) for name, value in pairs}
        case list() | tuple():
            return [_escape(item) for item in cast("list[Any]", part)]
        case _:
            return part
