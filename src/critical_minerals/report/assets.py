"""What the pages carry inside them: fonts, style sheet, the charts' engine, our script.

Both renderers put the same two pieces into a page: `head.html` and `scripts.html` in
`_generated/theme`. No page asks the network for anything.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from critical_minerals.report.fonts import make_fonts, web_font
from critical_minerals.report.typeface import FAMILY
from critical_minerals.workspace import write_whole

_STYLES: Final = {"roman": "normal", "italic": "italic"}
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


def style_sheet(theme: Path, fonts: Path) -> str:
    """Return the theme's style sheet with its fonts inside."""
    faces = [_font_face(fonts, name) for name in _STYLES]
    return "\n".join([*faces, (theme / "report.css").read_text("utf-8")])


def safe_script(script: str) -> str:
    r"""Keep a script from closing its own element: `<\/` means `</` inside its strings."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


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


def _font_face(fonts: Path, style: str) -> str:
    data = base64.b64encode(web_font(fonts, style)).decode()
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-style: {_STYLES[style]}; '
        f"font-weight: 200 900; src: url(data:font/woff2;base64,{data}) format('woff2'); }}"
    )
