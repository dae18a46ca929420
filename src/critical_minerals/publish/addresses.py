"""Addresses of documents: what of a cell may become a link, and how a link is written.

A cell is anybody's text. Only an address of the web, or a DOI, becomes something to click on;
anything else (`javascript:`, `data:`, `file:`) stands as the plain text that it is.
"""

from __future__ import annotations

import html
import re
from typing import Final

from critical_minerals.publish.partials import escape

# A host, then only what RFC 3986 allows, without brackets and apostrophes: those end an address in
# some format or other. Letters of any script stand for themselves, as browsers show them.
_WEB: Final = re.compile(
    r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?([/?#][\w.~:/?#@!$&()*+,;=%-]*)?",
    re.IGNORECASE,
)
_DOI: Final = re.compile(r"doi:(?P<name>10\.\d{4,9}/[\w.:/()-]+)", re.IGNORECASE)


def address(text: str) -> str:
    """Return the address that a cell holds, or nothing where it holds none to link to.

    >>> address("doi:10.1000/182"), address("javascript:alert(1)")
    ('https://doi.org/10.1000/182', '')
    """
    doi = _DOI.fullmatch(text)
    if doi:
        return f"https://doi.org/{doi['name']}"
    return text if _WEB.fullmatch(text) else ""


def markdown_link(title: str, url: str) -> str:
    r"""Link a title, which is Markdown, to the address in a cell; name what is no address.

    >>> print(markdown_link("*Update*", "https://a.ca/b_c"), markdown_link("*Update*", "file:///b"))
    [*Update*](https\://a.ca/b\_c) *Update* (file\:///b)
    """
    to = address(url)
    if to:
        return f"[{title}]({escape(to)})"
    return f"{title} ({escape(url)})" if url else title


def html_link(title: str, url: str) -> str:
    """Link a title, which is HTML, to the address in a cell; name what is no address.

    >>> html_link("<cite>Update</cite>", "https://a.ca/?b&c")
    '<a href="https://a.ca/?b&amp;c"><cite>Update</cite></a>'
    """
    to = address(url)
    if to:
        return f'<a href="{html.escape(to)}">{title}</a>'
    return f"{title} ({html.escape(url)})" if url else title
