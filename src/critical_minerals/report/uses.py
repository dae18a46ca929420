"""What a document uses of what the notebooks publish: values, figures and tables, sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_VALUE: Final = re.compile(r"\{\{<\s*meta\s+v\.([\w-]+)\s*>\}\}")
_HEADING: Final = re.compile(r"#+\s+(?P<title>.+?)\s*\{#(?P<id>[\w-]+)[^}]*\}")
_INCLUDE: Final = re.compile(r"\{\{<\s*include\s+\S+/((?:fig|tbl)-[\w-]+)\.md\s*>\}\}")
_CITED: Final = re.compile(r"\(#(src-[\w-]+)\)")


@dataclass(frozen=True)
class Section:
    """A section of a document; what stands before the first one has neither anchor nor title."""

    anchor: str = ""
    title: str = ""


@dataclass(frozen=True)
class Uses:
    """What one document uses, in its own order.

    `stated` holds for each named value the section that states it first, `shown` the figures and
    tables that are included, `cited` the anchors of sources that sentences link to.
    """

    stated: Mapping[str, Section]
    shown: tuple[str, ...]
    cited: tuple[str, ...]


def read_uses(document: Path) -> Uses:
    """Read what a document uses; one that is not there uses nothing."""
    return uses_of(document.read_text("utf-8") if document.is_file() else "")


def uses_of(text: str) -> Uses:
    """Find what the text of a document uses."""
    stated: dict[str, Section] = {}
    section = Section()
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        section = Section(heading["id"], _plain(heading["title"])) if heading else section
        for name in _VALUE.findall(line):
            stated.setdefault(name, section)
    shown, cited = (tuple(dict.fromkeys(sign.findall(text))) for sign in (_INCLUDE, _CITED))
    return Uses(stated, shown, cited)


def _plain(title: str) -> str:
    """Drop emphasis from a heading."""
    return re.sub(r"[*_]", "", title)
