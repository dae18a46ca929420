"""The Word styles: Pandoc's reference document in the report's type and colours."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lxml import etree

from critical_minerals.errors import StepError
from critical_minerals.report.archives import packed, unpacked
from critical_minerals.workspace import write_whole

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES: Final = "word/styles.xml"
_NUMBERING: Final = "word/numbering.xml"
_HEADINGS: Final = "1"
"""The list that numbers the headings; Pandoc numbers its own lists from 990."""
_LEVELS: Final = (1, 2, 3)
_FAMILY: Final = "Calibri"
"""A Word file carries no fonts; this one, or its twin Carlito, is on its readers' machines."""
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
    "Caption": (20, "566572", False),
    "Image Caption": (20, "566572", False),
    "Table Caption": (20, "566572", False),
    "Lead": (25, "1D2B36", False),
    "Key Points": (21, "0A4A52", False),
    "Table Text": (18, "1D2B36", False),
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
    members = unpacked(told.stdout)
    members[_STYLES] = _with_look(members[_STYLES])
    members[_NUMBERING] = _with_heading_numbers(members[_NUMBERING])
    write_whole(path, packed(members))
    return path


def _with_look(styles: bytes) -> bytes:
    root = etree.fromstring(styles)
    for fonts in root.iter(_name("rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(_name(script), _FAMILY)
    known = {_called(style): style for style in root.findall(_name("style"))}
    for name, look in _LOOK.items():
        style = known.get(name.casefold())
        _set_look(_new_style(root, name) if style is None else style, *look)
    _add_card_number(root)
    styles_by_name = {_called(style): style for style in root.findall(_name("style"))}
    _keep_with_next(styles_by_name["image caption"])
    _set_tight(styles_by_name["table text"])
    _rule_tables(styles_by_name["table"])
    for level in _LEVELS:
        _number(_paragraph(styles_by_name[f"heading {level}"]), _HEADINGS, level)
        _add_unnumbered_heading(root, level)
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
    for name in ("b", "bCs", "i", "iCs", "color", "spacing", "sz", "szCs"):
        for old in text.findall(_name(name)):
            text.remove(old)
    if bold:
        etree.SubElement(text, _name("b"))
    etree.SubElement(text, _name("color")).set(_name("val"), colour)
    for name in ("sz", "szCs"):
        etree.SubElement(text, _name(name)).set(_name("val"), str(size))


def _add_card_number(root: etree._Element) -> None:
    _set_look(_new_style(root, "Card Number", "character"), 40, "0B5D66", bold=True)


def _keep_with_next(style: etree._Element) -> None:
    """Keep a caption on the page of the figure beneath it."""
    etree.SubElement(_paragraph(style), _name("keepNext"))


def _number(paragraph: etree._Element, number: str, level: int) -> None:
    """Let a list number the paragraphs of a style; list 0 is none."""
    numbered = etree.Element(_name("numPr"))
    for name, value in (("ilvl", str(level - 1)), ("numId", number)):
        etree.SubElement(numbered, _name(name)).set(_name("val"), value)
    # Word wants it after these, and before all else.
    before = [_name(name) for name in ("keepNext", "keepLines", "pageBreakBefore")]
    paragraph.insert(sum(each.tag in before for each in paragraph), numbered)


def _add_unnumbered_heading(root: etree._Element, level: int) -> None:
    style = _new_style(root, f"Unnumbered Heading {level}")
    based = style.find(_name("basedOn"))
    if based is not None:
        based.set(_name("val"), f"Heading{level}")
    _number(_paragraph(style), "0", 1)


def _with_heading_numbers(numbering: bytes) -> bytes:
    """Add the list that numbers chapters and sections: 1, 1.1, 1.1.1."""
    root = etree.fromstring(numbering)
    several = etree.Element(_name("abstractNum"))
    several.set(_name("abstractNumId"), _HEADINGS)
    etree.SubElement(several, _name("multiLevelType")).set(_name("val"), "multilevel")
    for level in _LEVELS:
        one = etree.SubElement(several, _name("lvl"))
        one.set(_name("ilvl"), str(level - 1))
        text = ".".join(f"%{each}" for each in range(1, level + 1))
        told = (("start", "1"), ("numFmt", "decimal"), ("pStyle", f"Heading{level}"))
        for name, value in (*told, ("suff", "space"), ("lvlText", text), ("lvlJc", "left")):
            etree.SubElement(one, _name(name)).set(_name("val"), value)
    number = etree.Element(_name("num"))
    number.set(_name("numId"), _HEADINGS)
    etree.SubElement(number, _name("abstractNumId")).set(_name("val"), _HEADINGS)
    # All definitions stand before all lists.
    root.insert(0, several)
    root.append(number)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_tight(style: etree._Element) -> None:
    """Set the lines of a cell close together."""
    spacing = etree.SubElement(_paragraph(style), _name("spacing"))
    for side in ("before", "after"):
        spacing.set(_name(side), "40")


def _paragraph(style: etree._Element) -> etree._Element:
    """Return a style's paragraph settings, which stand before those of its text."""
    found = style.find(_name("pPr"))
    if found is None:
        found = etree.Element(_name("pPr"))
        text = style.find(_name("rPr"))
        style.insert(len(style) if text is None else style.index(text), found)
    return found


def _rule_tables(style: etree._Element) -> None:
    """Draw a fine rule under each row, keep rows whole, set the header in bold."""
    settings, header = _part(style, "tblPr"), _part(style, "tblStylePr")
    borders = etree.Element(_name("tblBorders"))
    for side in ("bottom", "insideH"):
        line = etree.SubElement(borders, _name(side))
        for key, value in {"val": "single", "sz": "4", "space": "0", "color": "D5DCE2"}.items():
            line.set(_name(key), value)
    margins = settings.find(_name("tblCellMar"))
    settings.insert(len(settings) if margins is None else settings.index(margins), borders)
    rows = etree.Element(_name("trPr"))
    etree.SubElement(rows, _name("cantSplit"))
    style.insert(style.index(settings) + 1, rows)
    bold = etree.Element(_name("rPr"))
    etree.SubElement(bold, _name("b"))
    header.insert(0, bold)


def _part(style: etree._Element, local: str) -> etree._Element:
    """Return a part that Pandoc's own style has."""
    found = style.find(_name(local))
    if found is None:
        msg = f"Pandoc's reference document has no {local} in its table style."
        raise StepError(msg)
    return found


def _name(local: str) -> str:
    return f"{{{_W}}}{local}"
