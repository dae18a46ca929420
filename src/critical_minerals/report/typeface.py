"""The names of the type family and its files.

The family is Source Sans 3. What is cut from it carries a name of its own: its licence (SIL OFL
1.1) reserves "Source" for the unchanged fonts, and vl-convert cannot measure text in a family
whose name holds a word that is no CSS identifier ("3").
"""

from __future__ import annotations

from typing import Final

FAMILY: Final = "Report Sans"
PACKAGE: Final = "fontpkg-source-sans-3"
STAMP: Final = "made-from.json"
"""The file that says from what the fonts beside it were cut."""


def joined(style: str) -> str:
    """Name a style as PostScript does.

    >>> joined("SemiBold")
    'ReportSans-SemiBold'
    """
    return f"{FAMILY}-{style}".replace(" ", "")


def web_name(style: str) -> str:
    """Name the WOFF2 file of a style."""
    return f"{joined(style)}.woff2"
