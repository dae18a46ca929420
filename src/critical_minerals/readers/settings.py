"""Read the YAML that people write next to figures: descriptors, mappings, cards, corrections.

Its traps, each with its test: docs/traps.md#settings
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict

_MAX_DEPTH: Final = 30
# More brackets than this, or the indentation below, and depth is checked event by event. That takes
# as long as the parse itself, so files without these signs are spared it.
_MAX_BRACKETS: Final = 2_000
_DEEP_BLOCK: Final = re.compile(r"^[ ]{100,}\S|(?:[-?:][ ]+){20,}", re.MULTILINE)
"""Indentation, or marks in one line, that only very deep blocks have."""
_DOCUMENT_SEPARATOR: Final = re.compile(r"^---\n", re.MULTILINE)


class Settings(BaseModel):
    """Entries of a file of settings; an unknown one, such as a misspelt one, is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RejectedYamlError(yaml.YAMLError):
    """YAML that is not accepted, with the reason."""


def read_settings(path: Path, *, as_written: bool = False) -> Any:
    """Read a file of one YAML document; with `as_written`, every scalar stays text.

    Raises `yaml.YAMLError` with one sentence about what is wrong.
    """
    return load_settings(decoded(path.read_bytes()), as_written=as_written)


def load_documents(text: str) -> list[Any]:
    """Parse each document of a text in YAML, separated by lines of `---`; see `load_settings`."""
    return [load_settings(document) for document in _DOCUMENT_SEPARATOR.split(text)]


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8. Raises `yaml.YAMLError` for any other."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"it is no text in UTF-8 (byte {error.start + 1})"
        raise RejectedYamlError(msg) from error


def load_settings(text: str, *, as_written: bool = False) -> Any:
    """Parse a text as `read_settings` reads a file.

    >>> load_settings("a: [1, yes]"), load_settings("a: [1, yes]", as_written=True)
    ({'a': [1, True]}, {'a': ['1', 'yes']})
    """
    loader_class = yaml.CBaseLoader if as_written else yaml.CSafeLoader
    # Nodes are built recursively in C: tens of thousands of open brackets end the process with a
    # segmentation fault, which nothing can catch. So the depth is checked before.
    if text.count("[") + text.count("{") > _MAX_BRACKETS or _DEEP_BLOCK.search(text):
        _check_depth(text)
    loader = loader_class(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        # On nodes, since the finished dictionary has lost repeated keys, and a bomb of aliases is
        # small until it is built.
        _check_repeats(node)
        return loader.construct_document(node)
    # PyYAML lets these through: a day such as 2026-02-30, an integer of thousands of digits.
    except (ValueError, OverflowError, RecursionError) as error:
        raise RejectedYamlError(str(error)) from error
    finally:
        loader.dispose()


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise _yaml_error(
                event, f"lists and entries lie more than {_MAX_DEPTH} deep in one another"
            )


def _check_repeats(root: Any) -> None:
    """Reject aliases, and keys that stand twice in one entry."""
    pending, visited = [root], set[int]()
    while pending:
        node = pending.pop()
        # An alias is the very node that it refers to, a second time.
        if id(node) in visited:
            raise _yaml_error(node, "an alias (*) stands for it elsewhere; write it out each time")
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            pairs: Any = node.value
            keys = set[str]()
            for key, value in pairs:
                if not isinstance(key, yaml.ScalarNode):
                    raise _yaml_error(key, "a key is a word")
                if key.value in keys:
                    raise _yaml_error(key, f"the key {key.value!r} stands twice in one entry")
                keys.add(key.value)
                pending.append(value)
        elif isinstance(node, yaml.SequenceNode):
            pending += node.value


def _yaml_error(position: Any, reason: str) -> RejectedYamlError:
    return RejectedYamlError(f"line {position.start_mark.line + 1}: {reason}")
