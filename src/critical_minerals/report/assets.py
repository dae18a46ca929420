"""What the pages carry inside them: fonts, style sheet, the charts' engine, our script.

Both renderers put the same two pieces into a page: `head.html` and `scripts.html` in
`_generated/theme`. No page asks the network for anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from critical_minerals.report.fonts import make_fonts
from critical_minerals.report.pages import safe_script, style_sheet
from critical_minerals.workspace import write_whole

_EXPORTS: Final = "window.vegaEmbed = vegaEmbed; window.vega = vega;"


@dataclass(frozen=True)
class Assets:
    """Where the generated parts of the theme lie."""

    head: Path
    scripts: Path
    fonts: Path


def make_assets(reports: Path) -> Assets:
    """Bring the generated parts of a documents folder's theme up to date."""
    theme, generated = reports / "theme", reports / "_generated"
    fonts = make_fonts(generated / "fonts").resolve()
    made = Assets(generated / "theme" / "head.html", generated / "theme" / "scripts.html", fonts)
    write_whole(made.head, f"<style>\n{style_sheet(theme, fonts)}</style>\n")
    write_whole(made.scripts, _scripts(theme, generated / "theme"))
    return made


def _scripts(theme: Path, generated: Path) -> str:
    engine = safe_script(vega_bundle(generated / "vega-bundle.js"))
    own = safe_script((theme / "report.js").read_text("utf-8"))
    return f"<script>{engine}</script>\n<script>\n{own}</script>\n"


def vega_bundle(path: Path) -> str:
    """Return the charts' engine, built once for each version of vl-convert."""
    first_line = f"// vl-convert-python {metadata.version('vl-convert-python')}\n"
    if path.is_file():
        kept = path.read_text("utf-8")
        if kept.startswith(first_line):
            return kept
    import vl_convert  # noqa: PLC0415 - slow, and needed once

    made = first_line + vl_convert.javascript_bundle(_EXPORTS)
    write_whole(path, made)
    return made
