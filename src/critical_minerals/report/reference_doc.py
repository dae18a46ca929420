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
    "Key Figure": (40, "0B5D66", True),
    "Key Figure Text": (21, "1D2B36", False),
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
    for fonts in root.iter(word_name("rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(word_name(script), _FAMILY)
    known = {_called(style): style for style in root.findall(word_name("style"))}
    for name, (size, colour, bold) in _LOOK.items():
        style = known.get(name.casefold())
        style = _new_style(root, name) if style is None else style
        _set_look(style, size, colour, bold=bold)
    styles_by_name = {_called(style): style for style in root.findall(word_name("style"))}
    for name in ("image caption", "table caption", "key figure"):
        _keep_with_next(styles_by_name[name])
    for name in ("key figure", "key figure text"):
        _set_aside(styles_by_name[name])
    _set_tight(styles_by_name["table text"])
    _rule_tables(styles_by_name["table"])
    for level in _LEVELS:
        _number(_paragraph(styles_by_name[f"heading {level}"]), _HEADINGS, level)
        unnumbered = _new_style(root, f"Unnumbered Heading {level}", f"Heading{level}")
        _number(_paragraph(unnumbered), "0", 1)
    return written(root)


def _called(style: etree._Element) -> str:
    name = style.find(word_name("name"))
    return "" if name is None else str(name.get(word_name("val"))).casefold()


def _new_style(root: etree._Element, name: str, based_on: str = "BodyText") -> etree._Element:
    style = element(
        "style",
        element("name", val=name),
        element("basedOn", val=based_on),
        type="paragraph",
        customStyle="1",
        styleId=name.replace(" ", ""),
    )
    root.append(style)
    return style


def _set_look(style: etree._Element, size: int, colour: str, *, bold: bool) -> None:
    text = style.find(word_name("rPr"))
    text = etree.SubElement(style, word_name("rPr")) if text is None else text
    for name in ("b", "bCs", "i", "iCs", "color", "spacing", "sz", "szCs"):
        for old in text.findall(word_name(name)):
            text.remove(old)
    if bold:
        text.append(element("b"))
    size_told = [element(name, val=str(size)) for name in ("sz", "szCs")]
    text.extend([element("color", val=colour), *size_told])


def _set_aside(style: etree._Element) -> None:
    """Set a paragraph off from the text by a line beside it."""
    line = element("left", val="single", sz="18", space="8", color="0B5D66")
    _paragraph(style).append(element("pBdr", line))


def _keep_with_next(style: etree._Element) -> None:
    """Keep a caption, or a number, on the page of what is beneath it."""
    _paragraph(style).insert(0, element("keepNext"))


def _number(paragraph: etree._Element, number: str, level: int) -> None:
    """Let a list number the paragraphs of a style; list 0 is none."""
    numbered = element("numPr", element("ilvl", val=str(level - 1)), element("numId", val=number))
    # Word wants it after these, and before all else.
    before = [word_name(name) for name in ("keepNext", "keepLines", "pageBreakBefore")]
    paragraph.insert(sum(each.tag in before for each in paragraph), numbered)


def _with_heading_numbers(numbering: bytes) -> bytes:
    """Add the list that numbers chapters and sections: 1, 1.1, 1.1.1."""
    root = etree.fromstring(numbering)
    levels = [
        element(
            "lvl",
            element("start", val="1"),
            element("numFmt", val="decimal"),
            element("pStyle", val=f"Heading{level}"),
            element("suff", val="space"),
            element("lvlText", val=".".join(f"%{each}" for each in range(1, level + 1))),
            element("lvlJc", val="left"),
            ilvl=str(level - 1),
        )
        for level in _LEVELS
    ]
    several = element("multiLevelType", val="multilevel")
    # All definitions stand before all lists.
    root.insert(0, element("abstractNum", several, *levels, abstractNumId=_HEADINGS))
    root.append(element("num", element("abstractNumId", val=_HEADINGS), numId=_HEADINGS))
    return written(root)


def _set_tight(style: etree._Element) -> None:
    """Set the lines of a cell close together."""
    _paragraph(style).append(element("spacing", before="40", after="40"))


def _paragraph(style: etree._Element) -> etree._Element:
    """Return a style's paragraph settings, which stand before those of its text."""
    found = style.find(word_name("pPr"))
    if found is None:
        found = element("pPr")
        text = style.find(word_name("rPr"))
        style.insert(len(style) if text is None else style.index(text), found)
    return found


def _rule_tables(style: etree._Element) -> None:
    """Draw a fine rule under each row, keep rows whole, set what heads rows and columns in bold."""
    settings, header = _part(style, "tblPr"), _part(style, "tblStylePr")
    lines = [
        element(side, val="single", sz="4", space="0", color="D5DCE2")
        for side in ("bottom", "insideH")
    ]
    margins = settings.find(word_name("tblCellMar"))
    at = len(settings) if margins is None else settings.index(margins)
    settings.insert(at, element("tblBorders", *lines))
    style.insert(style.index(settings) + 1, element("trPr", element("cantSplit")))
    column = element("tblStylePr", type="firstCol")
    style.append(column)
    for part in (header, column):
        part.insert(0, element("rPr", element("b")))


def _part(style: etree._Element, local: str) -> etree._Element:
    """Return a part that Pandoc's own style has."""
    found = style.find(word_name(local))
    if found is None:
        msg = f"Pandoc's reference document has no {local} in its table style."
        raise StepError(msg)
    return found


def word_name(local: str) -> str:
    """Give an element or attribute of Word's its full name."""
    return f"{{{_W}}}{local}"


def element(local: str, *parts: etree._Element, **attributes: str) -> etree._Element:
    """Make an element of Word's with its attributes and parts."""
    made = etree.Element(word_name(local), {word_name(k): v for k, v in attributes.items()})
    made.extend(parts)
    return made


def written(root: etree._Element) -> bytes:
    """Write a member of a Word file."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
