"""Read and write YAML, by the C code of PyYAML where its installation has that."""

from __future__ import annotations

from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDTH: Final = 10_000
"""Columns, so many that no text is broken into lines."""


def load_yaml(text: str) -> Any:
    """Read YAML that holds plain data only.

    >>> load_yaml("lang: en")
    {'lang': 'en'}
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the two safe loaders


def dump_yaml(content: Any) -> str:
    r"""Write plain data as YAML, each text on one line.

    >>> dump_yaml({"lang": "fr"})
    'lang: fr\n'
    """
    return yaml.dump(content, Dumper=_DUMPER, allow_unicode=True, width=_WIDTH)
