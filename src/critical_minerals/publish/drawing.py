"""Draw a Vega-Lite specification as an accessible SVG, which the report embeds."""

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
    """Return the path of the narrow drawing, for phones, of a published figure (`fig-x.json`)."""
    return figure.with_name(f"{figure.stem}-narrow.svg")


def draw(spec: dict[str, Any], identifier: str, title: str, description: str) -> str:
    """Draw a specification as SVG with its title and description inside.

    Ids inside the drawing begin with `identifier`, so that several drawings can share a page.
    """
    try:
        svg = _convert(json.dumps(spec))
    except ValueError as error:
        msg = f"{identifier} cannot be drawn: {error}"
        raise StepError(msg) from None
    root = etree.fromstring(svg.encode())
    _prefix_ids(root, identifier)
    _remove_aria(root)
    # Last: its ids and its role are not to be renamed or removed.
    _describe(root, identifier, title, description)
    return etree.tostring(root, encoding="unicode")


@cache
def warm_up(fonts: Path) -> None:
    """Start the drawing engine of this process, with the fonts of a folder."""
    vl_convert.register_font_directory(str(fonts))
    _convert('{"mark": "point", "data": {"values": []}}')


def drawable(value: Any) -> Any:
    """Replace numbers that JSON cannot express (NaN) by null, as Vega-Lite does.

    Texts become single lines: a control character that XML does not allow makes the drawing engine
    abort, with its whole process.
    """
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {name: drawable(child) for name, child in value.items()}
    if isinstance(value, list):
        return [drawable(child) for child in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _convert(spec: str) -> str:
    # No data or pictures from elsewhere: a drawing must not depend on the network.
    return vl_convert.vegalite_to_svg(spec, config={}, allowed_base_urls=[])


def _prefix_ids(root: etree._Element, identifier: str) -> None:
    """Rename every id, and every reference to one.

    Ids are numbered from 1: those of the drawing engine depend on what it has drawn before.
    """
    elements = [element for element in root.iter() if element.get("id") is not None]
    names = {str(e.get("id")): f"{identifier}-{n}" for n, e in enumerate(elements, start=1)}
    for element in elements:
        element.set("id", names[str(element.get("id"))])
    for element in root.iter():
        for name, value in element.attrib.items():
            text = str(value)
            if "url(#" in text:
                new = _REFERENCE.sub(lambda match: f"url(#{names[match[1]]})", text)
                element.set(name, new)


def _remove_aria(root: etree._Element) -> None:
    """Remove all ARIA attributes, so that a screen reader meets one image and not every mark."""
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
