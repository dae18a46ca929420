"""Assets embedded in each page: fonts, style sheet, chart engine and the page's own scripts.

Both renderers insert the same two generated files into a page, `head.html` and `scripts.html` in
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

from markupsafe import Markup

from critical_minerals.report.context import write_labels
from critical_minerals.report.fonts import make_fonts, web_font
from critical_minerals.report.templates import render
from critical_minerals.report.typeface import FAMILY
from critical_minerals.workspace.paths import write_whole

_STYLES: Final = {"roman": "normal", "italic": "italic"}
_SCRIPTS: Final = ("report.js", "tables.js", "charts.js")
_GENERATED: Final = ("head.html", "scripts.html")
_EXPORTS: Final = "window.vegaEmbed = vegaEmbed; window.vega = vega;"


@dataclass(frozen=True)
class Assets:
    """Paths of the generated parts of the theme."""

    head: Path
    scripts: Path
    fonts: Path


def make_assets(reports: Path) -> Assets:
    """Update the generated parts of the theme of a folder of documents."""
    theme, generated = reports / "theme", reports / "_generated"
    # Resolved past the link of a working copy: the path then outlives the copy, and
    # `embedded._load_fonts` loads one folder once.
    fonts = make_fonts(generated / "fonts").resolve()
    head, scripts = (generated / "theme" / name for name in _GENERATED)
    assets = Assets(head, scripts, fonts)
    engine = vega_bundle(generated / "theme" / "vega-bundle.js")
    page_scripts = [page_script(theme / name) for name in _SCRIPTS]
    sheet = Markup(style_sheet(theme, fonts))  # noqa: S704 - the theme's file
    write_whole(assets.head, render("head", sheet=sheet))
    text = render(
        "scripts",
        engine=_compress(generated / "theme" / "vega-bundle.js.gz.base64", engine),
        scripts=[Markup(script) for script in page_scripts],  # noqa: S704 - the theme's files
    )
    write_whole(assets.scripts, text)
    # The engine runs as the script that `charts.js` unpacks: its plain text is hashed, not the
    # compressed one. Scripts that a page only carries as data need no hash.
    write_labels(theme, generated / "theme", policy([engine, *page_scripts]))
    return assets


def policy(scripts: Sequence[str]) -> str:
    """Write a page's Content-Security-Policy: no network, and only these scripts, by hash."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    sources = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        # Nothing but the listed scripts may be fetched or run. Styles stand in the page and in its
        # drawings; fonts and pictures are embedded as `data:` addresses.
        f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def style_sheet(theme: Path, fonts: Path) -> str:
    """Return the theme's style sheet with the fonts embedded."""
    faces = [font_face(fonts, name) for name in _STYLES]
    return "".join([*faces, (theme / "report.css").read_text("utf-8")])


def page_script(path: Path) -> str:
    r"""Return a script that does not close its own element: `<\/` means `</` inside its strings."""
    script = path.read_text("utf-8")
    # `<!--` too: behind it and a `<script`, `</script` no longer ends the element.
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _compress(path: Path, engine: str) -> str:
    """Return the chart engine compressed, as `charts.js` unpacks and runs it.

    It is compressed once and cached: that takes a third of the time in which an edit of one
    sentence is typeset.
    """
    first_line = f"{hashlib.sha256(engine.encode()).hexdigest()}\n"
    return _read_or_make(path, first_line, lambda: gzip_base64(engine)).removeprefix(first_line)


def gzip_base64(text: str) -> str:
    """Compress a text with gzip and encode it in base64, identically in every version of Python.

    `gzip.compress` writes the operating system into its header in some versions and not in others.
    """
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", filename="", compresslevel=9, mtime=0) as file:
        file.write(text.encode())
    return base64.b64encode(buffer.getvalue()).decode()


def vega_bundle(path: Path) -> str:
    """Return the JavaScript of the chart engine, built once for each version of vl-convert."""
    first_line = f"// vl-convert-python {metadata.version('vl-convert-python')}\n"

    def bundle() -> str:
        import vl_convert  # noqa: PLC0415 - slow, and needed once

        return vl_convert.javascript_bundle(_EXPORTS)

    return _read_or_make(path, first_line, bundle)


def _read_or_make(path: Path, first_line: str, make: Callable[[], str]) -> str:
    """Return a cached text whose first line identifies it; make and store it where that differs."""
    text = path.read_text("utf-8") if path.is_file() else ""
    if not text.startswith(first_line):
        text = first_line + make()
        write_whole(path, text)
    return text


def font_face(fonts: Path, style: str) -> str:
    """Return the rule of a style sheet that embeds a font: `style` is `roman` or `italic`."""
    data = base64.b64encode(web_font(fonts, style)).decode()
    return render("font-face", "css", family=FAMILY, style=_STYLES[style], data=data)
