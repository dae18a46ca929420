"""What Word is told of tables beyond what Pandoc writes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lxml import etree

from critical_minerals.report.archives import packed, unpacked
from critical_minerals.report.reference_doc import element, word_name, written
from critical_minerals.workspace import write_whole

_TEXT: Final = "word/document.xml"
_FIRST_ROW_AND_COLUMN: Final = "00A0"


def mark_tables(path: Path) -> None:
    """Let the first cell of a row head it, for those who hear it; name tables by their captions."""
    members = unpacked(path.read_bytes())
    root = etree.fromstring(members[_TEXT])
    for table in root.iter(word_name("tbl")):
        look = table.find(f"{word_name('tblPr')}/{word_name('tblLook')}")
        if look is None:
            continue
        look.set(word_name("firstColumn"), "1")
        look.set(word_name("val"), _FIRST_ROW_AND_COLUMN)
        caption = table.getprevious()
        if caption is not None and caption.tag == word_name("p"):
            words = "".join(text.text or "" for text in caption.iter(word_name("t")))
            look.addnext(element("tblCaption", val=words))
    members[_TEXT] = written(root)
    write_whole(path, packed(members))
