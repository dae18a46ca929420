"""Cut the variable fonts of the package down to the static and web fonts that we use.

HarfBuzz cuts, within milliseconds; fontTools names the cuts and packs those for the web. Apart from
`report.fonts`, because both take half a second to import and are needed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module, metadata, resources
from io import BytesIO
from typing import Any, Final

from fontTools.ttLib import TTFont

from critical_minerals.report.typeface import FAMILY, PACKAGE, joined, web_name

hb: Any = import_module("uharfbuzz")  # compiled, and without types

_ROMAN: Final = "SourceSans3[wght].ttf"
_ITALIC: Final = "SourceSans3-Italic[wght].ttf"
_STATIC: Final = {
    "Regular": (_ROMAN, 400),
    "SemiBold": (_ROMAN, 600),
    "Bold": (_ROMAN, 700),
    "Italic": (_ITALIC, 400),
}
# Of the four styles that old programs know, SemiBold is none: it is a family of its own there.
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


def cut_fonts() -> Iterator[tuple[str, bytes]]:
    """Give every font file: the static weights, then the variable fonts of the page."""
    for style, (name, weight) in _STATIC.items():
        static = _cut(name, weight)
        _rename(static, style)
        yield f"{joined(style)}.ttf", _saved(static)
    for style, name in _WEB.items():
        variable = _cut(name)
        _rename(variable, "Regular" if style == "roman" else "Italic")
        variable.flavor = "woff2"
        yield web_name(style), _saved(variable)


def _cut(name: str, weight: int | None = None) -> TTFont:
    """Cut one of the package's fonts to the characters we use, and to one weight if asked."""
    source = resources.files("fontpkg_source_sans_3") / "files" / name
    face, wanted = hb.Face(hb.Blob(source.read_bytes())), hb.SubsetInput()
    for low, high in _RANGES:
        wanted.unicode_set.add_range(low, high)
    wanted.layout_feature_tag_set.set({int.from_bytes(tag.encode()) for tag in _FEATURES})
    wanted.name_id_set.clear()
    wanted.name_id_set.invert()  # all
    wanted.flags = hb.SubsetFlags.NOTDEF_OUTLINE
    if weight:
        wanted.pin_axis_location(face, "wght", weight)
    return TTFont(BytesIO(hb.subset(face, wanted).blob.data), recalcTimestamp=False)


def _rename(font: TTFont, style: str) -> None:
    """Give a font our family's name, in the records where programs look for it."""
    linked = style in _LINKED
    family = FAMILY if linked else f"{FAMILY} {style}"
    names = {
        _FAMILY_ID: family,
        _STYLE_ID: style if linked else "Regular",
        _UNIQUE_ID: f"{joined(style)};{metadata.version(PACKAGE)}",
        _FULL_ID: f"{FAMILY} {style}",
        _POSTSCRIPT_ID: joined(style),
        _TYPE_FAMILY_ID: FAMILY,
        _TYPE_STYLE_ID: style,
        _VARIATIONS_ID: FAMILY.replace(" ", ""),
    }
    for number, text in names.items():
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)


def _saved(font: TTFont) -> bytes:
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()
