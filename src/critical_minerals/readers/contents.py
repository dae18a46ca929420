"""Identify the format of a file by its first bytes, whatever its name."""

from __future__ import annotations

import re
from typing import Final

_RESAVE: Final = "Open it in a spreadsheet, then: "
_RENAME: Final = "Give it its own ending (.xlsx), or: "
_TRY_ADD: Final = "If it is a publisher's file, python pipeline.py add may know it; else: "
# The first match counts, so the narrower signature stands first: OpenDocument and Excel files are
# zip archives too, and GeoJSON is JSON.
_SIGNATURES: Final = (
    # OpenDocument stores `mimetype` first and uncompressed, after a local header of 30 bytes.
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", "an OpenDocument file", _RESAVE),
    (rb"PK\x03\x04(?=.*(\[Content_Types\]|xl/|_rels))", "an Excel workbook", _RENAME),
    (rb"PK\x03\x04|PK\x05\x06", "a zip archive", _TRY_ADD),
    (rb"\xd0\xcf\x11\xe0", "an Excel workbook of before 2007 (.xls)", _RESAVE),
    (rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!", "a packed file", "Unpack it, then: "),
    (rb"%PDF", "a PDF", "Look for the table itself, then: "),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF", "a picture", "Look for the table itself, then: "),
    (rb"SQLite format 3|PAR1", "a database", _RESAVE),
    (rb"\{\\rtf", "a text document", "Look for the table itself, then: "),
    (rb"[\[{].{0,400}\"type\"\s*:\s*\"FeatureCollection\"", "GeoJSON", _TRY_ADD),
    (rb"(\{\s*[\"}]|\[\s*[\[{])", "JSON", _TRY_ADD),
)
_PATTERNS: Final = [
    (re.compile(signature, re.DOTALL), description, remedy)
    for signature, description, remedy in _SIGNATURES
]
_HEAD_BYTES: Final = 4096


def identify_format(data: bytes) -> tuple[str, str] | None:
    """Return what a file is that is not a text table, and what to do first; None for text.

    >>> identify_format(b"%PDF-1.7")[0], identify_format(b'{"type": "FeatureCollection"}')[0]
    ('a PDF', 'GeoJSON')
    >>> identify_format(b"mineral,year")
    """
    head = data[:_HEAD_BYTES]
    return next(
        (
            (description, remedy)
            for signature, description, remedy in _PATTERNS
            if signature.match(head)
        ),
        None,
    )
