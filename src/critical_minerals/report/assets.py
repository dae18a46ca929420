"""What the pages carry inside them: fonts, style sheet, the charts' engine, our script.

Both renderers put the same two pieces into a page, `head.html` and `scripts.html` in
`_generated/theme`. By the policy that the first begins with, no page asks the network for anything,
and none runs a script but its own.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from critical_minerals.report.context import write_labels
from critical_minerals.report.fonts import make_fonts, web_font
from critical_minerals.report.typeface import FAMILY
from critical_minerals.workspace import write_whole

_STYLES: Final = {"roman": "normal", "italic": "italic"}
_SCRIPTS: Final = ("report.js", "tables.js", "charts.js")
_MADE: Final = ("head.html", "scripts.html")
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
    head, scripts = (generated / "theme" / name for name in _MADE)
    made = Assets(head, scripts, fonts)
    engine = vega_bundle(generated / "theme" / "vega-bundle.js")
    own = [page_script(theme / name) for name in _SCRIPTS]
    write_whole(made.head, f"<style>\n{style_sheet(theme, fonts)}</style>\n")
    chart_engine = _engine(generated / "theme" / "chart-engine.html", engine)
    write_whole(
        made.scripts, "".join([chart_engine, *(f"<script>{each}</script>\n" for each in own)])
    )
    write_labels(theme, generated / "theme", policy([engine, *own]))
    return made


def policy(scripts: Sequence[str]) -> str:
    """Write a page's Content-Security-Policy: no network, and only these very scripts."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    own = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {own}; style-src 'unsafe-inline'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def style_sheet(theme: Path, fonts: Path) -> str:
    """Return the theme's style sheet with its fonts inside."""
    faces = [_font_face(fonts, name) for name in _STYLES]
    return "\n".join([*faces, (theme / "report.css").read_text("utf-8")])


def page_script(path: Path) -> str:
    r"""Return a script that does not close its own element: `<\/` means `</` inside its strings."""
    script = path.read_text("utf-8")
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _engine(path: Path, engine: str) -> str:
    """Write the charts' engine as text that nothing runs, until a page wants a chart.

    It is packed once: that takes a third of the time in which a sentence is typeset.
    """
    first_line = f"<!-- {hashlib.sha256(engine.encode()).hexdigest()} -->\n"
    kept = _made_once(
        path,
        first_line,
        lambda: f'<script type="text/plain" id="chart-engine">{packed(engine)}</script>\n',
    )
    return kept.removeprefix(first_line)


def packed(text: str) -> str:
    """Pack a text as letters: the same ones, whichever Python does it.

    `gzip.compress` names the system in the first bytes of what it makes, or does not, by version.
    """
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", filename="", compresslevel=9, mtime=0) as file:
        file.write(text.encode())
    return base64.b64encode(made.getvalue()).decode()


def vega_bundle(path: Path) -> str:
    """Return the charts' engine, built once for each version of vl-convert."""
    first_line = f"// vl-convert-python {metadata.version('vl-convert-python')}\n"

    def made() -> str:
        import vl_convert  # noqa: PLC0415 - slow, and needed once

        return vl_convert.javascript_bundle(_EXPORTS)

    return _made_once(path, first_line, made)


def _made_once(path: Path, first_line: str, make: Callable[[], str]) -> str:
    """Return what a file holds under its first line; it is made anew where that is another."""
    kept = path.read_text("utf-8") if path.is_file() else ""
    if not kept.startswith(first_line):
        kept = first_line + make()
        write_whole(path, kept)
    return kept


def _font_face(fonts: Path, style: str) -> str:
    data = base64.b64encode(web_font(fonts, style)).decode()
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-style: {_STYLES[style]}; '
        f"font-weight: 200 900; src: url(data:font/woff2;base64,{data}) format('woff2'); }}"
    )
