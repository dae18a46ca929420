"""The one type family for page, print and charts, cut to what our languages need.

The variable fonts come with a package; static cuts of them go to `_generated/fonts` (for Typst and
the charts, which do not understand variable fonts everywhere) beside two WOFF2 files for the page.
They are made once for each version of the font package and of the tool that cuts them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from critical_minerals.report.typeface import PACKAGE, STAMP, web_name
from critical_minerals.workspace import write_whole

_RECIPE: Final = 4


def make_fonts(folder: Path) -> Path:
    """Make the fonts in a folder unless they are there already, whole; return the folder."""
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == _told(_hashes(folder)):
        return folder
    from critical_minerals.report.fontcutting import cut_fonts  # noqa: PLC0415 - slow import

    made = dict(cut_fonts())
    for name, data in made.items():
        write_whole(folder / name, data)
    for old in {*folder.glob("*.ttf"), *folder.glob("*.woff2")}:
        if old.name not in made:
            old.unlink()
    write_whole(stamp, _told(_hashes(folder)))
    return folder


def _told(files: Mapping[str, str]) -> str:
    return json.dumps({**_made_from(), "files": files}, indent=2, sort_keys=True) + "\n"


def _hashes(folder: Path) -> dict[str, str]:
    fonts = (*folder.glob("*.ttf"), *folder.glob("*.woff2"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in fonts}


def web_font(folder: Path, style: str) -> bytes:
    """Return the WOFF2 file of a style (`roman`, `italic`), all weights in one."""
    return (folder / web_name(style)).read_bytes()


@cache
def _made_from() -> dict[str, Any]:
    tools = (PACKAGE, "uharfbuzz", "fonttools", "brotli")
    return {"recipe": _RECIPE, **{name: metadata.version(name) for name in tools}}
