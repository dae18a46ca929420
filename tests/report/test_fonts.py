from __future__ import annotations

import re
import shutil

import pytest
import vl_convert
from fontTools.ttLib import TTFont

from critical_minerals.report.fonts import make_fonts
from critical_minerals.report.typeface import FAMILY, web_name


@pytest.fixture(scope="module")
def fonts(reports):
    return make_fonts(reports / "_generated" / "fonts")


def test_every_style_carries_the_family_name_and_the_licence(fonts):
    for path in sorted(fonts.glob("ReportSans-*.*")):
        names = TTFont(path)["name"]
        assert names.getBestFamilyName() == FAMILY
        assert "Source" not in names.getBestFullName()
        assert "Open Font License" in names.getDebugName(13)


def test_fonts_hold_what_both_languages_and_indigenous_names_need(fonts):
    known = TTFont(fonts / "ReportSans-Regular.ttf").getBestCmap()
    for letter in "éèêçœŒ«»’“”–—…\u00a0\u202f−×≈≤≥₂³°µ→€½ḵx̱ʔłı̨":
        assert ord(letter) in known, letter


def test_fonts_are_not_made_twice(fonts):
    stamp = fonts / "ReportSans-Regular.ttf"
    before = stamp.stat().st_mtime_ns
    make_fonts(fonts)
    assert stamp.stat().st_mtime_ns == before


def test_fonts_that_are_damaged_or_gone_are_made_again(fonts, tmp_path):
    copy = shutil.copytree(fonts, tmp_path / "fonts")
    regular, bold, *_ = sorted(copy.glob("*.ttf"))
    regular.unlink()
    bold.write_bytes(b"")
    (copy / web_name("roman")).write_bytes(b"\0" * 200)
    make_fonts(copy)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == {
        path.name: path.read_bytes() for path in fonts.iterdir()
    }


def test_charts_measure_text_in_the_family(fonts):
    """A family that vl-convert cannot find is measured as if all letters were equally wide."""
    vl_convert.register_font_directory(str(fonts))
    assert width("iiiiiiiiii") < width("WWWWWWWWWW") / 2


def width(text: str) -> float:
    mark = {"value": text}, {"value": f"{FAMILY}, sans-serif"}, {"value": 12}
    enter = dict(zip(("text", "font", "fontSize"), mark, strict=True))
    spec = {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": 1,
        "height": 1,
        "padding": 0,
        "marks": [{"type": "text", "encode": {"enter": enter}}],
    }
    return float(re.search(r'width="([\d.]+)"', vl_convert.vega_to_svg(spec))[1])
