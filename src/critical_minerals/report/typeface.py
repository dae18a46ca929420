"""The names of the type family and its files.

The family is Source Sans 3. Fonts derived from it have a name of their own: its licence (SIL OFL
1.1) reserves "Source" for the unchanged fonts, and vl-convert cannot measure text in a family
whose name holds a word that is no CSS identifier ("3").
"""

from __future__ import annotations

from typing import Final

FAMILY: Final = "Report Sans"
PACKAGE: Final = "fontpkg-source-sans-3"


def postscript_name(style: str) -> str:
    """Return the PostScript name of a style.

    >>> postscript_name("SemiBold")
    'ReportSans-SemiBold'
    """
    return f"{FAMILY}-{style}".replace(" ", "")


def web_name(style: str) -> str:
    """Return the name of the WOFF2 file of a style."""
    return f"{postscript_name(style)}.woff2"
