"""Complete the tables of a Word file with what Pandoc does not write."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lxml import etree

from critical_minerals.report.archives import pack_archive, unpack_archive
from critical_minerals.report.reference_doc import make_element, serialize, word_name
from critical_minerals.workspace import write_whole

_TEXT: Final = "word/document.xml"
# The same flags as bits, which older programs read: 0020 is the first row, 0080 the first column.
_FIRST_ROW_AND_COLUMN: Final = "00A0"


def mark_tables(path: Path) -> None:
    """Mark first cells as row headers, for screen readers; title tables by their captions."""
    members = unpack_archive(path.read_bytes())
    root = etree.fromstring(members[_TEXT])
    for table in root.iter(word_name("tbl")):
        look = table.find(f"{word_name('tblPr')}/{word_name('tblLook')}")
        if look is None:
            continue
        look.set(word_name("firstColumn"), "1")
        look.set(word_name("val"), _FIRST_ROW_AND_COLUMN)
        caption = table.getprevious()
        if caption is not None and caption.tag == word_name("p"):
            caption_text = "".join(text.text or "" for text in caption.iter(word_name("t")))
            # The schema wants the title right after the look.
            look.addnext(make_element("tblCaption", val=caption_text))
    members[_TEXT] = serialize(root)
    write_whole(path, pack_archive(members))
