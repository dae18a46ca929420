"""The templates of pages, and of the HTML in documents, and the environment that renders them.

They take plain data: what is text in it is escaped here, and nothing in it is ever markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from critical_minerals.language import catalogue
from critical_minerals.tables.cells import address

FOLDER: Final = Path(__file__).parent
_CELLS: Final = "cells.html.j2"
"""The template that nbconvert renders, with filters of its own."""


def render(template: str, kind: str = "html", **data: Any) -> str:
    """Render a template of HTML or XML; `language` is that of the texts that it asks for."""
    return _environment().get_template(f"{template}.{kind}.j2").render(data)


@pass_context
def say(context: Context, key: str, **facts: Any) -> str:
    """Say a text of the catalogue in the page's language (filter)."""
    return catalogue.say(key, **facts)(context["language"])


def environment(filters: Mapping[str, Callable[..., Any]], **options: Any) -> Environment:
    """Make an environment for templates of one kind, which has further filters and `options`."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        # A page without its text is a fault, not an empty place that nobody notices.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    # Jinja types the mapping by its own filters.
    cast("dict[str, Any]", made.filters).update({"say": say, "address": address, **filters})
    return made


def load_all(*kinds: str, of: Environment | None = None) -> None:
    """Compile all templates of some kinds in advance, so that forks of this process need not.

    They are those of an environment, which is that of `render` by default.
    """
    loading = of or _environment()
    for name in loading.list_templates():
        if name.split(".")[-2] in kinds and name != _CELLS:
            loading.get_template(name)


@cache
def _environment() -> Environment:
    return environment({})
