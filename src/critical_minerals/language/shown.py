"""Words in every language, as a notebook shows them to who works in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from critical_minerals.workspace.parameters import Language

if TYPE_CHECKING:
    from jinja2 import Template

RED: Final = "#b00020"
"""The colour in which a notebook says that something is missing."""


class LocalizedStr(str):
    """The text of the first language, which a notebook shows in every language.

    `missing` gives, by language, the reason where there is no text.
    """

    __slots__ = ("_bundle",)

    def __new__(cls, texts: Mapping[Language, str], missing: Mapping[Language, str]) -> Self:
        """Make a plain text, that of the first language, which knows its twins."""
        string = super().__new__(cls, next(iter(texts.values())))
        string._bundle = mime_bundle(texts, missing)
        return string

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return self._bundle


def mime_bundle(texts: Mapping[Language, str], missing: Mapping[Language, str]) -> dict[str, str]:
    r"""Show texts by language, and in red the reason where there is none.

    >>> mime_bundle({"en": "ten"}, {"fr": "no text 'x'"})["text/plain"]
    "en  ten\nfr  missing: no text 'x'"
    """
    entries = [
        *({"language": language, "text": text} for language, text in texts.items()),
        *(
            {"language": language, "text": f"missing: {reason}", "missing": True}
            for language, reason in missing.items()
        ),
    ]
    plain = "\n".join(f"{each['language']}  {each['text']}" for each in entries)
    return {"text/plain": plain, "text/html": _template().render(entries=entries, red=RED)}


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 - where a notebook shows texts

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    return environment.get_template("localized.html.j2")
