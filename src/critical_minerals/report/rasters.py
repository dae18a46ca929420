"""Pictures for Word, which shows SVG badly: PNGs of the published drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import vl_convert

from critical_minerals.report.fonts import make_fonts
from critical_minerals.report.source import Source
from critical_minerals.workspace import write_whole

_SCALE: Final = 2
_IMAGE: Final = re.compile(r"!\[[^\]]*\]\((?P<path>[^)\s]+\.png)\)")


def make_rasters(source: Source) -> None:
    """Make the PNG of every published drawing that a document shows in Word."""
    outdated = [
        png
        for png in _pictures(source)
        if not png.is_file() or png.stat().st_mtime_ns < png.with_suffix(".svg").stat().st_mtime_ns
    ]
    if not outdated:
        return
    # The engine opens fonts when it needs them: by then a working copy may be no more.
    fonts = make_fonts(source.folder / "_generated" / "fonts").resolve()
    vl_convert.register_font_directory(str(fonts))
    for path in outdated:
        svg = path.with_suffix(".svg").read_text("utf-8")
        write_whole(path, vl_convert.svg_to_png(svg, scale=_SCALE))
        # `write_whole` leaves an equal picture and its date alone: it would stay outdated.
        path.touch()


def _pictures(source: Source) -> Iterator[Path]:
    for line in source.lines:
        for match in _IMAGE.finditer(line.text):
            path = source.folder / match["path"]
            # Other pictures of a document are its own, and not made from drawings.
            if path.with_suffix(".svg").is_file():
                yield path
