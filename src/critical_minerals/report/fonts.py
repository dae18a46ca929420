"""The one type family for page, print and charts, reduced to what both languages need.

The variable fonts come with a package. Static instances of them go to `_generated/fonts` (for Typst
and the charts, which do not understand variable fonts everywhere), with two WOFF2 files for pages.
They are made once for each version of the font package and of the tools.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from critical_minerals.report.typeface import PACKAGE, web_name
from critical_minerals.workspace.paths import write_whole

STAMP: Final = "made-from.json"
"""The file that states the versions and hashes of the fonts in its folder."""
_RECIPE: Final = 4
"""Raise it where `font_subsets` makes other fonts: those of an older recipe are made again."""


def make_fonts(folder: Path) -> Path:
    """Make the fonts in a folder unless they are there already, undamaged; return the folder."""
    # The stamp holds the hash of every file, so that damaged and missing fonts are made again.
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == _stamp_text(_hashes(folder)):
        return folder
    from critical_minerals.report.font_subsets import subset_fonts  # noqa: PLC0415 - slow import

    fonts = dict(subset_fonts())
    for name, data in fonts.items():
        write_whole(folder / name, data)
    # Typst and the charts load every font of the folder, also those of an older recipe.
    for old in {*folder.glob("*.ttf"), *folder.glob("*.woff2")}:
        if old.name not in fonts:
            old.unlink()
    # Last: what was interrupted before has no stamp that fits.
    write_whole(stamp, _stamp_text(_hashes(folder)))
    return folder


def _stamp_text(files: Mapping[str, str]) -> str:
    return json.dumps({**_tool_versions(), "files": files}, indent=2, sort_keys=True) + "\n"


def _hashes(folder: Path) -> dict[str, str]:
    fonts = (*folder.glob("*.ttf"), *folder.glob("*.woff2"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in fonts}


def web_font(folder: Path, style: str) -> bytes:
    """Return the WOFF2 file of a style (`roman`, `italic`), all weights in one."""
    return (folder / web_name(style)).read_bytes()


@cache
def _tool_versions() -> dict[str, Any]:
    tools = (PACKAGE, "uharfbuzz", "fonttools", "brotli")
    return {"recipe": _RECIPE, **{name: metadata.version(name) for name in tools}}
