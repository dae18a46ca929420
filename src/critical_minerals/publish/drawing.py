"""From a Vega-Lite specification to what the report embeds: an accessible SVG."""

from __future__ import annotations

import json
import math
import os
import re
from functools import cache
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any, Final

import vl_convert
from lxml import etree

from critical_minerals.errors import StepError
from critical_minerals.publish.partials import one_line
from critical_minerals.report.fonts import make_fonts
from critical_minerals.workspace import Workspace

SERVICE: Final = "CRITICAL_MINERALS_DRAWING"
"""Environment variable that names the socket of processes which draw for others."""
_SVG: Final = "{http://www.w3.org/2000/svg}"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")


def draw(
    spec: dict[str, Any], identifier: str, title: str, description: str, workspace: Workspace
) -> str:
    """Draw a specification as SVG with its title and description inside.

    Ids inside the drawing begin with `identifier`, so that several drawings can share a page.
    """
    drawn = _drawn(spec, workspace)
    if drawn.startswith(b"!"):
        msg = f"{identifier} cannot be drawn: {drawn[1:].decode()}"
        raise StepError(msg)
    root = etree.fromstring(drawn)
    _prefix_ids(root, identifier)
    _silence_parts(root)
    _describe(root, identifier, title, description)
    return etree.tostring(root, encoding="unicode")


def answer(asked: bytes) -> bytes:
    """Draw a specification for another process; what goes wrong is told behind an `!`."""
    try:
        return _convert(asked.decode()).encode()
    except ValueError as error:
        return f"!{error}".encode()


def awake(fonts: Path) -> None:
    """Wake the drawing engine of this process."""
    vl_convert.register_font_directory(str(fonts))
    _convert('{"mark": "point", "data": {"values": []}}')


def to_json(spec: dict[str, Any]) -> str:
    """Write a specification compactly and always in the same way, safe inside a script element."""
    text = json.dumps(_valid(spec), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("</", "<\\/").replace("<!--", "<\\u0021--")


def _valid(part: Any) -> Any:
    """Turn what JSON has no word for (NaN) into null, as Vega-Lite does.

    Texts become single lines: of a control that no XML may hold, the drawing engine dies, and takes
    its process along.
    """
    if isinstance(part, str):
        return one_line(part)
    if isinstance(part, dict):
        return {name: _valid(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_valid(value) for value in part]
    return None if isinstance(part, float) and not math.isfinite(part) else part


def _drawn(spec: dict[str, Any], workspace: Workspace) -> bytes:
    """Have a specification drawn by the processes that draw for others, else do it here."""
    asked = json.dumps(_valid(spec))
    if address := os.environ.get(SERVICE):
        caller = _line(address)
        caller.send_bytes(asked.encode())
        return caller.recv_bytes()
    _register_fonts(workspace)
    return answer(asked.encode())


def _convert(asked: str) -> str:
    return vl_convert.vegalite_to_svg(asked, config={}, allowed_base_urls=[])


@cache
def _line(address: str) -> Connection:
    """Open the line to the processes that draw, once in this process."""
    return Client(address, family="AF_UNIX")


@cache
def _register_fonts(workspace: Workspace) -> None:
    vl_convert.register_font_directory(str(make_fonts(workspace.fonts)))


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
