"""How the address of a document is linked; what is none stands as the plain text that it is."""

from __future__ import annotations

import html

from critical_minerals.publish.partials import escape
from critical_minerals.tables.cells import address


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
