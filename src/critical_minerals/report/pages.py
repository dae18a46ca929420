"""Pages beside the report: checks, changes, executed notebooks.

Each is one file that carries the theme inside it and asks the network for nothing.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import Language
from critical_minerals.report.fonts import make_fonts, web_font
from critical_minerals.report.typeface import FAMILY
from critical_minerals.report.words import read_words
from critical_minerals.workspace import DOCUMENTS, Workspace

_STYLES: Final = {"roman": "normal", "italic": "italic"}


@dataclass(frozen=True)
class Link:
    """A link of a page's own furniture; `language` where it leads to another one."""

    text: str
    href: str
    language: Language | None = None

    def __html__(self) -> str:
        """Write the link; what is in another language says so."""
        said = f' lang="{self.language}" hreflang="{self.language}"' if self.language else ""
        return f'<a href="{html.escape(self.href)}"{said}>{html.escape(self.text)}</a>'


def page(
    workspace: Workspace,
    *,
    title: str,
    body: str,
    language: Language,
    subtitle: str = "",
    as_of: str = "",
    links: Sequence[Link] = (),
    contents: Sequence[Link] = (),
    folder: str = "",
    style: str = "",
) -> str:
    """Compose a self-contained page around a body of finished HTML.

    `as_of` is the ISO day as of which it speaks; `links` stand in the header after the one back to
    the report, `contents` beside the text. `folder` is where the page lies under the finished
    reports (`notebooks`), `style` adds rules to the theme's sheet.
    """
    theme = workspace.reports / "theme"
    words = read_words(theme, language)
    back = Link(words["report"], "../" * bool(folder) + f"{DOCUMENTS[language]}.html")
    script = safe_script((theme / "report.js").read_text("utf-8"))
    return _TEMPLATE.format(
        language=language,
        title=html.escape(title),
        head=page_head(theme, make_fonts(workspace.fonts), style),
        skip=html.escape(words["skip"]),
        kind=html.escape(words["beside"]),
        subtitle=_paragraph("cover-subtitle", subtitle),
        date=_paragraph("cover-date", _spoken_date(as_of, words, language)),
        links=" ".join(f"<li>{link.__html__()}</li>" for link in (back, *links)),
        contents=_contents(contents, words),
        single="" if contents else " page-single",
        body=body,
        top=html.escape(words["top"]),
        script=script,
    )


def page_head(theme: Path, fonts: Path, style: str = "") -> str:
    """Return the style sheet with its fonts inside, as both renderers and `page` put it in."""
    faces = "\n".join(_font_face(fonts, name) for name in _STYLES)
    sheet = (theme / "report.css").read_text("utf-8")
    return f"<style>\n{faces}\n{sheet}{style}</style>\n"


def safe_script(script: str) -> str:
    r"""Keep a script from closing its own element: `<\/` means `</` inside its strings."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _font_face(fonts: Path, style: str) -> str:
    data = base64.b64encode(web_font(fonts, style)).decode()
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-style: {_STYLES[style]}; '
        f"font-weight: 200 900; src: url(data:font/woff2;base64,{data}) format('woff2'); }}"
    )


def _spoken_date(as_of: str, words: dict[str, str], language: Language) -> str:
    return words["as-of"].format(date=write_date(as_of, language)) if as_of else ""


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}">{html.escape(text)}</p>' if text else ""


def _contents(links: Sequence[Link], words: dict[str, str]) -> str:
    """List the page's sections beside the text, as the report does."""
    if not links:
        return ""
    items = "".join(f"<li>{link.__html__()}</li>" for link in links)
    return (
        '<nav class="contents" aria-labelledby="contents-title"><details open>'
        f'<summary id="contents-title">{html.escape(words["contents"])}</summary>'
        f"<ul>{items}</ul></details></nav>"
    )


_TEMPLATE: Final = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
{head}</head>
<body>
<a class="skip-link" href="#main">{skip}</a>
<header class="cover cover-low">
<div class="cover-inner">
<p class="cover-kind">{kind}</p>
<h1>{title}</h1>
{subtitle}
{date}
<ul class="cover-links">{links}</ul>
</div>
</header>
<div class="page{single}">
{contents}
<main id="main" tabindex="-1">
{body}
</main>
</div>
<footer class="colophon">
<div class="colophon-inner">
<p>{title}.</p>
<p><a href="#main">{top}</a></p>
</div>
</footer>
<script>
{script}</script>
</body>
</html>
"""
