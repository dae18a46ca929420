"""From a Vega-Lite specification to what the report embeds: an accessible SVG."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import vl_convert
from lxml import etree

from critical_minerals.errors import StepError
from critical_minerals.report.escaping import one_line

_SVG: Final = "{http://www.w3.org/2000/svg}"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")


def narrow_drawing(figure: Path) -> Path:
    """Name the drawing of a published figure (`fig-x.json`) in its form for a phone."""
    return figure.with_name(f"{figure.stem}-narrow.svg")


def draw(spec: dict[str, Any], identifier: str, title: str, description: str) -> str:
    """Draw a specification as SVG with its title and description inside.

    Ids inside the drawing begin with `identifier`, so that several drawings can share a page.
    """
    try:
        drawn = _convert(json.dumps(spec))
    except ValueError as error:
        msg = f"{identifier} cannot be drawn: {error}"
        raise StepError(msg) from None
    root = etree.fromstring(drawn.encode())
    _prefix_ids(root, identifier)
    _silence_parts(root)
    _describe(root, identifier, title, description)
    return etree.tostring(root, encoding="unicode")


@cache
def warm_up(fonts: Path) -> None:
    """Wake the drawing engine of this process, with the fonts of a folder."""
    vl_convert.register_font_directory(str(fonts))
    _convert('{"mark": "point", "data": {"values": []}}')


def drawable(part: Any) -> Any:
    """Turn what JSON has no word for (NaN) into null, as Vega-Lite does.

    Texts become single lines: of a control that no XML may hold, the drawing engine dies, and takes
    its process along.
    """
    if isinstance(part, str):
        return one_line(part)
    if isinstance(part, dict):
        return {name: drawable(value) for name, value in part.items()}
    if isinstance(part, list):
        return [drawable(value) for value in part]
    return None if isinstance(part, float) and not math.isfinite(part) else part


def _convert(asked: str) -> str:
    return vl_convert.vegalite_to_svg(asked, config={}, allowed_base_urls=[])


def _prefix_ids(root: etree._Element, identifier: str) -> None:
    """Rename every id, and every reference to one.

    Ids are numbered anew: those of the drawing engine count on from one drawing to the next.
    """
    named = [element for element in root.iter() if element.get("id") is not None]
    names = {str(e.get("id")): f"{identifier}-{n}" for n, e in enumerate(named, start=1)}
    for element in named:
        element.set("id", names[str(element.get("id"))])
    for element in root.iter():
        for name, value in element.attrib.items():
            text = str(value)
            if "url(#" in text:
                new = _REFERENCE.sub(lambda found: f"url(#{names[found[1]]})", text)
                element.set(name, new)


def _silence_parts(root: etree._Element) -> None:
    """Let a screen reader meet the drawing as one image, not mark by mark."""
    for element in root.iter():
        for name in [n for n in map(str, element.attrib) if n.startswith(("aria-", "role"))]:
            del element.attrib[name]


def _describe(root: etree._Element, identifier: str, title: str, description: str) -> None:
    """Put the title and the description where assistive technology looks for them."""
    root.set("role", "img")
    root.set("aria-labelledby", f"{identifier}-title {identifier}-desc")
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{_SVG}{tag}", attrib={"id": f"{identifier}-{tag}"})
        element.text = one_line(text)
        root.insert(position, element)
