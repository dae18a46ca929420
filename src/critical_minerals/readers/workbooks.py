"""Find the cells of a workbook that hold no value: errors, and formulas never calculated.

The reader of workbooks gives such cells as blank, and a figure must not vanish in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from lxml import etree

_VALUELESS: Final = etree.XPath(
    "//*[local-name()='c']"
    "[@t='e' or (*[local-name()='f'] and not(@t='str') and not(*[local-name()='v']/text()))]"
)
_SHEET: Final = etree.XPath("string(//*[local-name()='sheet'][@name=$name]/@*[local-name()='id'])")
_TARGET: Final = etree.XPath("string(//*[local-name()='Relationship'][@Id=$id]/@Target)")


def valueless_cells(path: Path, sheet: str) -> Iterator[tuple[int, str, str]]:
    """Give row, column letter and content (`#N/A`, or a formula) of every such cell."""
    with ZipFile(path) as archive:
        root = etree.fromstring(archive.read(_part(archive, sheet)))
    found: Any = _VALUELESS(root)
    for cell in found:
        place = str(cell.get("r"))
        letters = place.rstrip("0123456789")
        texts = {etree.QName(part).localname: part.text or "" for part in cell}
        yield int(place.removeprefix(letters)), letters, texts.get("v") or f"={texts.get('f')}"


def _part(archive: ZipFile, sheet: str) -> str:
    """Return the name under which the archive holds a sheet."""
    identifier = _SHEET(etree.fromstring(archive.read("xl/workbook.xml")), name=sheet)
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = str(_TARGET(relations, id=identifier))
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
