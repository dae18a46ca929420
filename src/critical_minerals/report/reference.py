"""The Word styles: Pandoc's reference document in the report's type and colours."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from lxml import etree

from critical_minerals.report.typeface import FAMILY
from critical_minerals.workspace import write_whole

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES: Final = "word/styles.xml"
# Style -> (size in half points, colour, bold); None keeps what Pandoc chose.
_LOOK: Final[Mapping[str, tuple[int, str, bool]]] = {
    "Title": (64, "0A4A52", True),
    "Subtitle": (30, "566572", False),
    "Date": (22, "566572", False),
    "Heading 1": (36, "0B5D66", True),
    "Heading 2": (27, "1D2B36", True),
    "Heading 3": (23, "1D2B36", True),
    "Body Text": (21, "1D2B36", False),
    "First Paragraph": (21, "1D2B36", False),
    "Compact": (21, "1D2B36", False),
    "Image Caption": (20, "566572", False),
    "Table Caption": (20, "566572", False),
    "Lead": (25, "1D2B36", False),
    "Key Points": (21, "0A4A52", False),
    "Source Line": (17, "566572", False),
    "Source List": (19, "1D2B36", False),
    "Notice": (21, "B4511B", False),
}


def make_reference(folder: Path, pandoc: Path) -> Path:
    """Write `reference.docx` for both renderers; the same each time, byte for byte."""
    path = folder / "reference.docx"
    told = subprocess.run(  # noqa: S603 - our own wheel's program
        [pandoc, "--print-default-data-file=reference.docx"], capture_output=True, check=True
    )
    write_whole(path, _restyled(told.stdout))
    return path


def _restyled(document: bytes) -> bytes:
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(document)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            content = _with_look(data) if name == _STYLES else data
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def _with_look(styles: bytes) -> bytes:
    root = etree.fromstring(styles)
    for fonts in root.iter(_name("rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(_name(script), FAMILY)
    known = {_called(style): style for style in root.findall(_name("style"))}
    for name, look in _LOOK.items():
        style = known.get(name.casefold())
        _set_look(_new_style(root, name) if style is None else style, *look)
    _add_card_number(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _called(style: etree._Element) -> str:
    name = style.find(_name("name"))
    return "" if name is None else str(name.get(_name("val"))).casefold()


def _new_style(root: etree._Element, name: str, kind: str = "paragraph") -> etree._Element:
    style = etree.SubElement(root, _name("style"))
    style.set(_name("type"), kind)
    style.set(_name("customStyle"), "1")
    style.set(_name("styleId"), name.replace(" ", ""))
    etree.SubElement(style, _name("name")).set(_name("val"), name)
    if kind == "paragraph":
        etree.SubElement(style, _name("basedOn")).set(_name("val"), "BodyText")
    return style


def _set_look(style: etree._Element, size: int, colour: str, bold: bool) -> None:  # noqa: FBT001
    text = style.find(_name("rPr"))
    text = etree.SubElement(style, _name("rPr")) if text is None else text
    for name in ("b", "bCs", "i", "iCs", "color", "sz", "szCs"):
        for old in text.findall(_name(name)):
            text.remove(old)
    if bold:
        etree.SubElement(text, _name("b"))
    etree.SubElement(text, _name("color")).set(_name("val"), colour)
    for name in ("sz", "szCs"):
        etree.SubElement(text, _name(name)).set(_name("val"), str(size))


def _add_card_number(root: etree._Element) -> None:
    _set_look(_new_style(root, "Card Number", "character"), 40, "0B5D66", bold=True)


def _name(local: str) -> str:
    return f"{{{_W}}}{local}"
