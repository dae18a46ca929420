"""YAML as our documents and themes write it, read by the fast loader where PyYAML brings one."""

from __future__ import annotations

from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str) -> Any:
    """Read YAML that holds plain data only.

    >>> load_yaml("lang: en")
    {'lang': 'en'}
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the two safe loaders
