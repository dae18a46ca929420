"""Subset the variable fonts of the package into the static and web fonts of the report.

HarfBuzz makes the subsets, within milliseconds; fontTools renames them and compresses those for the
web. A module of its own, because both take half a second to import and are needed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module, metadata, resources
from io import BytesIO
from typing import Any, Final

from fontTools.ttLib import TTFont

from critical_minerals.report.typeface import FAMILY, PACKAGE, postscript_name, web_name

hb: Any = import_module("uharfbuzz")  # compiled, and without types

_ROMAN: Final = "SourceSans3[wght].ttf"
_ITALIC: Final = "SourceSans3-Italic[wght].ttf"
_STATIC: Final = {
    "Regular": (_ROMAN, 400),
    "SemiBold": (_ROMAN, 600),
    "Bold": (_ROMAN, 700),
    "Italic": (_ITALIC, 400),
}
# Old programs know four styles of a family, and SemiBold is none: there it is a family of its own.
_LINKED: Final = ("Regular", "Bold", "Italic")
_FAMILY_ID, _STYLE_ID, _UNIQUE_ID, _FULL_ID, _POSTSCRIPT_ID = 1, 2, 3, 4, 6
_TYPE_FAMILY_ID, _TYPE_STYLE_ID, _VARIATIONS_ID = 16, 17, 25
_WEB: Final = {"roman": _ROMAN, "italic": _ITALIC}
# Latin with the letters and marks of Indigenous names, the Greek of units, punctuation, sub- and
# superscripts, the euro, signs of trade, fractions, arrows, mathematics, shapes and check marks.
_RANGES: Final = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x1CD, 0x1DC), (0x218, 0x21B), (0x259, 0x259),
    (0x294, 0x294), (0x2B0, 0x2DD), (0x300, 0x338), (0x394, 0x394), (0x3A9, 0x3A9), (0x3BC, 0x3BC),
    (0x1E00, 0x1EFF), (0x2010, 0x2044), (0x2070, 0x209F), (0x20AC, 0x20AC), (0x2116, 0x2122),
    (0x2150, 0x215E), (0x2190, 0x2199), (0x2202, 0x2265), (0x25A0, 0x25CF), (0x2713, 0x2717),
)  # fmt: skip
_FEATURES: Final = (
    "kern", "liga", "rlig", "calt", "ccmp", "locl", "mark", "mkmk", "lnum", "tnum", "pnum", "sups",
    "subs", "frac",
)  # fmt: skip


def subset_fonts() -> Iterator[tuple[str, bytes]]:
    """Yield every font file by name: the static weights, then the variable fonts of the page."""
    for style, (name, weight) in _STATIC.items():
        static = _subset_font(name, weight)
        _rename(static, style)
        yield f"{postscript_name(style)}.ttf", _font_bytes(static)
    for style, name in _WEB.items():
        variable = _subset_font(name)
        _rename(variable, "Regular" if style == "roman" else "Italic")
        variable.flavor = "woff2"
        yield web_name(style), _font_bytes(variable)


def _subset_font(name: str, weight: int | None = None) -> TTFont:
    """Subset one of the package's fonts to the characters in use, and to one weight if given."""
    source = resources.files("fontpkg_source_sans_3") / "files" / name
    face, subset = hb.Face(hb.Blob(source.read_bytes())), hb.SubsetInput()
    for low, high in _RANGES:
        subset.unicode_set.add_range(low, high)
    subset.layout_feature_tag_set.set({int.from_bytes(tag.encode()) for tag in _FEATURES})
    subset.name_id_set.clear()
    subset.name_id_set.invert()  # all
    # HarfBuzz empties the glyph for missing characters otherwise, and they could not be seen.
    subset.flags = hb.SubsetFlags.NOTDEF_OUTLINE
    if weight:
        subset.pin_axis_location(face, "wght", weight)
    # The bytes must not depend on the clock.
    return TTFont(BytesIO(hb.subset(face, subset).blob.data), recalcTimestamp=False)


def _rename(font: TTFont, style: str) -> None:
    """Rename a font to the report's family in all records where programs look for a name."""
    is_linked = style in _LINKED
    family = FAMILY if is_linked else f"{FAMILY} {style}"
    names = {
        _FAMILY_ID: family,
        _STYLE_ID: style if is_linked else "Regular",
        _UNIQUE_ID: f"{postscript_name(style)};{metadata.version(PACKAGE)}",
        _FULL_ID: f"{FAMILY} {style}",
        _POSTSCRIPT_ID: postscript_name(style),
        _TYPE_FAMILY_ID: FAMILY,
        _TYPE_STYLE_ID: style,
        _VARIATIONS_ID: FAMILY.replace(" ", ""),
    }
    for name_id, text in names.items():
        # Removed for every platform and language: none may keep the reserved name. The new record
        # is that of Windows (3), Unicode (1), US English (0x409).
        font["name"].removeNames(nameID=name_id)
        font["name"].setName(text, name_id, 3, 1, 0x409)


def _font_bytes(font: TTFont) -> bytes:
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()
