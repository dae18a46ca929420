"""Escape text: on one line, in Markdown, and as JSON in a script of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

# Markup wherever it stands. Quotes, dashes and dots stay: Pandoc makes them typographic, no more.
_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>#|$~^@&:!]")
# Markup at the start of a line: bullets, rules, title blocks and the numbers of lists.
_OPENING: Final = re.compile(r"^(?=[-+=%(])|^\w{1,9}(?=[.)](?: |$))")
# Whatever ends a line in some program, and what else is not to be seen. A cell is one line.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Characters for private use mean nothing to readers, and mark places for the renderer.
_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff\ufffe\uffff]")


def escape(text: str) -> str:
    r"""Write a text on one line of Markdown, escaping what would be read as markup.

    >>> print(escape("$40 billion"), escape("1. {{< include x >}}"), escape("a\n\n# b"))
    \$40 billion 1\. \{\{\< include x \>\}\} a  \# b
    """
    # Pandoc drops blanks at the ends of a line, and would take four at its start for code.
    line = _SPECIAL.sub(r"\\\g<0>", one_line(text).strip(" "))
    return _OPENING.sub(r"\g<0>\\", line)


def one_line(text: str) -> str:
    """Replace line ends and other controls by blanks, and private-use characters by `�`."""
    return _PRIVATE.sub("\ufffd", _CONTROLS.sub(" ", text))


def spec_json(spec: Mapping[str, Any]) -> str:
    """Serialize a specification compactly and deterministically, safe inside a script element."""
    # NaN is no JSON: a browser would reject the whole specification.
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("</", "<\\/").replace("<!--", "<\\u0021--")
