"""Words in every language, as a notebook shows them to who works in it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final, Self

from critical_minerals.parameters import Language

RED: Final = "#b00020"
"""The colour in which a notebook says that something is missing."""


class LocalizedStr(str):
    """Words of the first language, which a notebook shows in every one.

    `missing` says, by language, what is wrong where there are none.
    """

    __slots__ = ("_bundle",)

    def __new__(cls, said: Mapping[Language, str], missing: Mapping[Language, str]) -> Self:
        """Make a plain text, that of the first language, which knows its twins."""
        made = super().__new__(cls, next(iter(said.values())))
        made._bundle = in_all(said, missing)
        return made

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return self._bundle


def in_all(said: Mapping[Language, str], missing: Mapping[Language, str]) -> dict[str, str]:
    r"""Show words by language, and in red what is wrong where there are none.

    >>> in_all({"en": "ten"}, {"fr": "no text 'x'"})["text/plain"]
    "en  ten\nfr  missing: no text 'x'"
    """
    told = [*said.items(), *((language, f"missing: {why}") for language, why in missing.items())]
    red = f' style="color:{RED}"'
    rows = [
        f'<div lang="{language}"><b>{language}</b> '
        f"<span{red if language in missing else ''}>{escape(words)}</span></div>"
        for language, words in told
    ]
    plain = "\n".join(f"{language}  {words}" for language, words in told)
    return {"text/plain": plain, "text/html": "".join(rows)}
