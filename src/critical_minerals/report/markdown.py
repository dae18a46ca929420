"""Markdown for the documents: the templates that write it, and what fills them.

What notebooks publish is data. Templates make Markdown of it for Pandoc and Quarto: whatever they
are given is escaped as it comes in, so that no text is ever markup. Pages, and the HTML that stands
in documents as it is, come from `report.templates`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, cast

from jinja2 import Environment
from markupsafe import Markup

from critical_minerals.parameters import Language
from critical_minerals.report import templates
from critical_minerals.report.escaping import escape


def compose(template: str, language: Language, **data: Any) -> str:
    """Compose Markdown from a template; `language` is that of the texts that it asks for."""
    return _environment().get_template(f"{template}.md.j2").render(language=language, **data)


def _attribute(text: str) -> Markup:
    """Write a text between the quotes of an attribute (filter)."""
    return _markup(escape(text).replace('"', r"\""))


def _raw_html(content: str) -> Markup:
    """Wrap HTML in a fence that no line of it can close (filter)."""
    runs = re.findall("`+", content)
    fence = "`" * max([3, *(len(run) + 1 for run in runs)])
    whole = content.removesuffix("\n")
    return _markup(f"{fence}{{=html}}\n{whole}\n{fence}")


def _escaped(content: Any) -> Markup:
    """Escape whatever a template is given, but for what templates have written themselves."""
    return content if isinstance(content, Markup) else _markup(escape(str(content)))


def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - Markdown, not HTML: Jinja has one word for both


@cache
def _environment() -> Environment:
    made = templates.environment(
        {"attribute": _attribute, "escaped": _escaped, "raw_html": _raw_html},
        # Braces with signs are Markdown: `{#anchor}`, `{{< include … >}}`.
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        # What is marked as escaped passes as it is; this has escaped all the rest before.
        finalize=_escaped,
    )
    # Jinja types the mapping by its own globals.
    cast("dict[str, Any]", made.globals)["html"] = templates.render
    return made
