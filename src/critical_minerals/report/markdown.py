"""Render the Markdown that documents include, from templates and published data.

The Markdown is for Pandoc and Quarto. Every value is escaped where a template writes it, so that no
text is ever markup. Pages, and the raw HTML in documents, come from `report.templates`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from jinja2 import Environment
from markupsafe import Markup

from critical_minerals.report import templates
from critical_minerals.report.escaping import escape
from critical_minerals.workspace.parameters import Language


def compose(template: str, language: Language, **data: Any) -> str:
    """Render a Markdown template; `language` is that of the catalogue texts that it uses."""
    return _environment().get_template(f"{template}.md.j2").render(language=language, **data)


def raw_inline(content: str, target: str) -> str:
    """Write content that Pandoc copies into the format `target`, as in a metadata file.

    >>> raw_inline("<br>", "html")
    '`<br>`{=html}'
    """
    # As in a fence, a longer run of backticks cannot be closed by the content.
    ticks = _longer_run("`", content)
    return f"{ticks}{content}{ticks}{{={target}}}"


def load_all() -> None:
    """Compile all templates in advance, HTML too, so that forks of this process need not."""
    templates.load_all("md", of=_environment())
    templates.load_all("html", "xml")


def _escape_attribute(text: str) -> Markup:
    """Escape a text for the quotes of an attribute (filter)."""
    return _markup(escape(text).replace('"', r"\""))


def _fence_html(content: str) -> Markup:
    """Wrap HTML in a fence that no line of it can close (filter)."""
    # A cell may hold a fence: a longer run of backticks than any in it cannot be closed by it.
    fence = _longer_run("```", content)
    whole = content.removesuffix("\n")
    return _markup(f"{fence}{{=html}}\n{whole}\n{fence}")


def _longer_run(ticks: str, content: str) -> str:
    """Return the shortest run of backticks, from `ticks` on, that is not in the content."""
    while ticks in content:
        ticks += "`"
    return ticks


def _escape_value(content: Any) -> Markup:
    """Escape a value, unless it is output of a template or of a filter."""
    return content if isinstance(content, Markup) else _escaped(str(content))


@cache  # a publisher, a year or a file stands at many places
def _escaped(text: str) -> Markup:
    return _markup(escape(text))


def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - Markdown, not HTML: Jinja has one word for both


@cache
def _environment() -> Environment:
    environment = templates.environment(
        {"attribute": _escape_attribute, "escaped": _escape_value, "raw_html": _fence_html},
        # Braces with signs are Markdown: `{#anchor}`, `{{< include … >}}`.
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        # Jinja escapes as HTML what is not `Markup`; this comes first and makes `Markup` of all.
        finalize=_escape_value,
    )
    # Jinja types the mapping by its own globals.
    cast("dict[str, Any]", environment.globals)["html"] = templates.render
    return environment
