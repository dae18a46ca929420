"""What a file is by its first bytes, whatever it is called."""

from __future__ import annotations

import re
from typing import Final

_OPEN_ANEW: Final = "Open it in a spreadsheet, then: "
_NAMED_RIGHT: Final = "Give it its own ending (.xlsx), or: "
_ADD: Final = "If it is a publisher's file, python pipeline.py add may know it; else: "
_SIGNS: Final = (
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", "an OpenDocument file", _OPEN_ANEW),
    (rb"PK\x03\x04(?=.*(\[Content_Types\]|xl/|_rels))", "an Excel workbook", _NAMED_RIGHT),
    (rb"PK\x03\x04|PK\x05\x06", "a zip archive", _ADD),
    (rb"\xd0\xcf\x11\xe0", "an Excel workbook of before 2007 (.xls)", _OPEN_ANEW),
    (rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!", "a packed file", "Unpack it, then: "),
    (rb"%PDF", "a PDF", "Look for the table itself, then: "),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF", "a picture", "Look for the table itself, then: "),
    (rb"SQLite format 3|PAR1", "a database", _OPEN_ANEW),
    (rb"\{\\rtf", "a text document", "Look for the table itself, then: "),
    (rb"[\[{].{0,400}\"type\"\s*:\s*\"FeatureCollection\"", "GeoJSON", _ADD),
    (rb"(\{\s*[\"}]|\[\s*[\[{])", "JSON", _ADD),
)
_PATTERNS: Final = [(re.compile(sign, re.DOTALL), what, remedy) for sign, what, remedy in _SIGNS]
_HEAD: Final = 4096


def what_it_is(data: bytes) -> tuple[str, str] | None:
    """Say what a file is that is no text of a table, and what to do first; else return None.

    >>> what_it_is(b"%PDF-1.7")[0], what_it_is(b'{"type": "FeatureCollection"}')[0]
    ('a PDF', 'GeoJSON')
    >>> what_it_is(b"mineral,year")
    """
    head = data[:_HEAD]
    return next(((what, first) for sign, what, first in _PATTERNS if sign.match(head)), None)
