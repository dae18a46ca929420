"""What Word needs besides what Pandoc writes: styles, pictures of charts, and marks of tables.

The styles are Pandoc's reference document in the report's type and colours. Word shows SVG badly:
it gets PNGs of the published drawings.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import vl_convert
from lxml import etree

from critical_minerals.errors import StepError
from critical_minerals.report.archives import pack_archive, unpack_archive
from critical_minerals.report.fonts import make_fonts
from critical_minerals.report.pandoc import pandoc_path
from critical_minerals.report.source import Source
from critical_minerals.workspace.paths import write_whole

_NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES: Final = "word/styles.xml"
_NUMBERING: Final = "word/numbering.xml"
_TEXT: Final = "word/document.xml"
_SCALE: Final = 2
_IMAGE: Final = re.compile(r"!\[[^\]]*\]\((?P<path>[^)\s]+\.png)\)")
# The same flags as bits, which older programs read: 0020 is the first row, 0080 the first column.
_FIRST_ROW_AND_COLUMN: Final = "00A0"
_HEADING_LIST: Final = "1"
"""Id of the list that numbers the headings; the ids of Pandoc's own lists begin at 990."""
_LEVELS: Final = (1, 2, 3)
_FAMILY: Final = "Calibri"
"""A Word file carries no fonts; this one, or its twin Carlito, is on its readers' machines."""
# Style -> (size in half points, colour, bold).
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


def prepare_word(source: Source) -> Path:
    """Make what a document needs for Word: pictures of its charts, and a file with the styles.

    Return the path of that file, `reference.docx`, which is the same each time, byte for byte.
    """
    _make_rasters(source)
    path = source.folder / "_generated" / "theme" / "reference.docx"
    result = subprocess.run(  # noqa: S603 - our own wheel's program
        [pandoc_path(), "--print-default-data-file=reference.docx"], capture_output=True, check=True
    )
    members = unpack_archive(result.stdout)
    members[_STYLES] = _restyle(members[_STYLES])
    members[_NUMBERING] = _add_heading_list(members[_NUMBERING])
    write_whole(path, pack_archive(members))
    return path


def mark_tables(path: Path) -> None:
    """Mark first cells as row headers, for screen readers; title tables by their captions."""
    members = unpack_archive(path.read_bytes())
    root = etree.fromstring(members[_TEXT])
    for table in root.iter(_word_name("tbl")):
        look = table.find(f"{_word_name('tblPr')}/{_word_name('tblLook')}")
        if look is None:
            continue
        look.set(_word_name("firstColumn"), "1")
        look.set(_word_name("val"), _FIRST_ROW_AND_COLUMN)
        caption = table.getprevious()
        if caption is not None and caption.tag == _word_name("p"):
            caption_text = "".join(text.text or "" for text in caption.iter(_word_name("t")))
            # The schema wants the title right after the look.
            look.addnext(_make_element("tblCaption", val=caption_text))
    members[_TEXT] = _serialize(root)
    write_whole(path, pack_archive(members))


def _make_rasters(source: Source) -> None:
    """Make the PNG of every published drawing that a document shows in Word."""
    outdated = [
        png
        for png in _pictures(source)
        if not png.is_file() or png.stat().st_mtime_ns < png.with_suffix(".svg").stat().st_mtime_ns
    ]
    if not outdated:
        return
    # The engine opens fonts when it needs them: by then a working copy may be no more.
    fonts = make_fonts(source.folder / "_generated" / "fonts").resolve()
    vl_convert.register_font_directory(str(fonts))
    for path in outdated:
        svg = path.with_suffix(".svg").read_text("utf-8")
        write_whole(path, vl_convert.svg_to_png(svg, scale=_SCALE))
        # `write_whole` leaves an equal picture and its date alone: it would stay outdated.
        path.touch()


def _pictures(source: Source) -> Iterator[Path]:
    for line in source.lines:
        for match in _IMAGE.finditer(line.text):
            path = source.folder / match["path"]
            # Other pictures of a document are its own, and not made from drawings.
            if path.with_suffix(".svg").is_file():
                yield path


def _restyle(styles: bytes) -> bytes:
    root = etree.fromstring(styles)
    for fonts in root.iter(_word_name("rFonts")):
        # Fonts of the theme (`asciiTheme`) would win over one that is named.
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(_word_name(script), _FAMILY)
    # By names in lower case: Pandoc writes "heading 1" where `_LOOK` has "Heading 1".
    existing = {_style_name(style): style for style in root.findall(_word_name("style"))}
    for name, (size, colour, bold) in _LOOK.items():
        style = existing.get(name.casefold())
        style = _new_style(root, name) if style is None else style
        _set_look(style, size, colour, bold=bold)
    styles_by_name = {_style_name(style): style for style in root.findall(_word_name("style"))}
    _set_paragraphs(styles_by_name)
    _style_tables(styles_by_name["table"])
    for level in _LEVELS:
        _set_numbering(
            _paragraph_properties(styles_by_name[f"heading {level}"]), _HEADING_LIST, level
        )
        unnumbered = _new_style(root, f"Unnumbered Heading {level}", f"Heading{level}")
        _set_numbering(_paragraph_properties(unnumbered), "0", 1)
    return _serialize(root)


def _style_name(style: etree._Element) -> str:
    name = style.find(_word_name("name"))
    return "" if name is None else str(name.get(_word_name("val"))).casefold()


def _new_style(root: etree._Element, name: str, based_on: str = "BodyText") -> etree._Element:
    style = _make_element(
        "style",
        _make_element("name", val=name),
        _make_element("basedOn", val=based_on),
        type="paragraph",
        customStyle="1",
        styleId=name.replace(" ", ""),
    )
    root.append(style)
    return style


def _set_look(style: etree._Element, size: int, colour: str, *, bold: bool) -> None:
    run_properties = style.find(_word_name("rPr"))
    run_properties = (
        etree.SubElement(style, _word_name("rPr")) if run_properties is None else run_properties
    )
    # A property may occur once; what Pandoc chose goes, so that all of the look is stated here.
    for name in ("b", "bCs", "i", "iCs", "color", "spacing", "sz", "szCs"):
        for old in run_properties.findall(_word_name(name)):
            run_properties.remove(old)
    if bold:
        run_properties.append(_make_element("b"))
    sizes = [_make_element(name, val=str(size)) for name in ("sz", "szCs")]
    run_properties.extend([_make_element("color", val=colour), *sizes])


def _set_paragraphs(styles: Mapping[str, etree._Element]) -> None:
    """Set how paragraphs of some styles stand on the page."""
    for name in ("image caption", "table caption", "key figure"):
        # On the same page as the paragraph that follows.
        _paragraph_properties(styles[name]).insert(0, _make_element("keepNext"))
    for name in ("key figure", "key figure text"):
        # Set off from the text by a vertical line to their left.
        line = _make_element("left", val="single", sz="18", space="8", color="0B5D66")
        _paragraph_properties(styles[name]).append(_make_element("pBdr", line))
    # Little space around the lines of a cell.
    tight = _make_element("spacing", before="40", after="40")
    _paragraph_properties(styles["table text"]).append(tight)


def _set_numbering(paragraph: etree._Element, list_id: str, level: int) -> None:
    """Let a list number the paragraphs of a style; list 0 is none."""
    numbering = _make_element(
        "numPr", _make_element("ilvl", val=str(level - 1)), _make_element("numId", val=list_id)
    )
    # The schema fixes the order of properties: numbering comes after these, and before the others.
    before = [_word_name(name) for name in ("keepNext", "keepLines", "pageBreakBefore")]
    paragraph.insert(sum(child.tag in before for child in paragraph), numbering)


def _add_heading_list(numbering: bytes) -> bytes:
    """Add the list that numbers chapters and sections: 1, 1.1, 1.1.1."""
    root = etree.fromstring(numbering)
    levels = [
        _make_element(
            "lvl",
            _make_element("start", val="1"),
            _make_element("numFmt", val="decimal"),
            _make_element("pStyle", val=f"Heading{level}"),
            _make_element("suff", val="space"),
            _make_element("lvlText", val=".".join(f"%{number}" for number in range(1, level + 1))),
            _make_element("lvlJc", val="left"),
            ilvl=str(level - 1),
        )
        for level in _LEVELS
    ]
    multilevel = _make_element("multiLevelType", val="multilevel")
    # The schema wants all definitions before all lists.
    root.insert(0, _make_element("abstractNum", multilevel, *levels, abstractNumId=_HEADING_LIST))
    root.append(
        _make_element("num", _make_element("abstractNumId", val=_HEADING_LIST), numId=_HEADING_LIST)
    )
    return _serialize(root)


def _paragraph_properties(style: etree._Element) -> etree._Element:
    """Return the paragraph properties of a style; make them where there are none."""
    properties = style.find(_word_name("pPr"))
    if properties is None:
        # The schema wants them before the properties of the text.
        properties = _make_element("pPr")
        run_properties = style.find(_word_name("rPr"))
        style.insert(
            len(style) if run_properties is None else style.index(run_properties), properties
        )
    return properties


def _style_tables(style: etree._Element) -> None:
    """Rule table rows with fine lines, keep each on one page, set headers in bold."""
    settings, header = _required_child(style, "tblPr"), _required_child(style, "tblStylePr")
    lines = [
        _make_element(side, val="single", sz="4", space="0", color="D5DCE2")
        for side in ("bottom", "insideH")
    ]
    # The schema wants borders before the margins of cells.
    margins = settings.find(_word_name("tblCellMar"))
    position = len(settings) if margins is None else settings.index(margins)
    settings.insert(position, _make_element("tblBorders", *lines))
    style.insert(style.index(settings) + 1, _make_element("trPr", _make_element("cantSplit")))
    column = _make_element("tblStylePr", type="firstCol")
    style.append(column)
    for properties in (header, column):
        properties.insert(0, _make_element("rPr", _make_element("b")))


def _required_child(style: etree._Element, local: str) -> etree._Element:
    """Return a child element that Pandoc's own style has.

    Raises `StepError` where this version of Pandoc has it no longer.
    """
    child = style.find(_word_name(local))
    if child is None:
        msg = f"Pandoc's reference document has no {local} in its table style."
        raise StepError(msg)
    return child


def _word_name(local: str) -> str:
    return f"{{{_NAMESPACE}}}{local}"


def _make_element(local: str, *children: etree._Element, **attributes: str) -> etree._Element:
    created = etree.Element(_word_name(local), {_word_name(k): v for k, v in attributes.items()})
    created.extend(children)
    return created


def _serialize(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
