"""How a cell of text is written: what each kind of column expects, and what no cell may hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from critical_minerals.tables.descriptors import Column

Words = Mapping[str, tuple[str, ...]]
"""The ids of a list, each with the words by which people know it."""
LOOK_UP: Final = "Look it up in the source."
_PATTERNS: Final[Mapping[str, str]] = {
    "string": r".+",
    "slug": r"[a-z0-9]+(_[a-z0-9]+)*",
    "number": r"-?\d{1,15}(\.\d{1,15})?",
    "integer": r"-?\d{1,15}",
    "year": r"(19|20)\d\d",
    "date": r"\d{4}-\d\d-\d\d",
    "partial_date": r"\d{4}(-\d\d(-\d\d)?)?",
}
# A host, then only what RFC 3986 allows, without brackets and apostrophes: those end an address in
# some format or other. Letters of any script stand for themselves, as browsers show them.
_WEB: Final = re.compile(
    r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?([/?#][\w.~:/?#@!$&()*+,;=%-]*)?",
    re.IGNORECASE,
)
_DOI: Final = re.compile(r"doi:(?P<name>10\.\d{4,9}/[\w.:/()-]+)", re.IGNORECASE)
_UNSEEN: Final = re.compile(
    "["
    r"\x00-\x1f\x7f-\x9f"  # control characters and line ends
    r"\u2028\u2029"  # ends of a line and a paragraph
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u3164\ufeff\uffa0"  # without width
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction of writing
    r"\u2060-\u2065\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"  # marks for programs alone
    r"\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"  # which form of a sign is drawn
    r"\ufdd0-\ufdef\ufffe\uffff"  # no characters at all; XML, and so DOCX, cannot hold them
    "]"
)
"""What nobody sees in a cell. It makes two names of one, turns text around, breaks lines that
templates and typesetters read as such, and some of it stops the programs that draw."""
# The second half of bytes 80 to BF, as Windows-1252 shows them: what follows the first byte of a
# letter in UTF-8. Bytes that it does not know stand for themselves.
_TAILS: Final = "".join(
    byte.to_bytes().decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0xC0)
)
_AS_WINDOWS: Final = re.compile(
    rf"[ÂÃÄÅ][{re.escape(_TAILS)}]"  # letters with accents, signs such as the degree
    rf"|â[€‚„†‡ˆ][{re.escape(_TAILS)}]"  # dashes, quotation marks, currencies, signs
    r"|(?<=[a-z])Ã(?=\s|$)"  # a letter whose second half was taken for a blank
    "|ï»¿"  # the mark that opens a file in UTF-8
)
"""UTF-8 that was read as Windows-1252. Only what comes of Western letters and typography: "clé »"
with its no-break space, and "É…", would be letters of other scripts, and are what they are."""
_WRONGLY_DECODED: Final = re.compile(
    rf"{_AS_WINDOWS.pattern}"
    "|√[©®™´¨†°¢§]|‚Ä[ìîúùò¶]"  # UTF-8 read as Mac Roman
    "|[├┬][^\\s]|ÔÇ"  # UTF-8 read as a console's code page
    "|(?<=[a-z])[ŽŠŒˆ‰‡†•˜](?=[a-z])"  # Mac Roman read as Windows-1252
    "|[\ufffd\ue000-\uf8ff]"  # a letter that was lost; one of a font of its own
    r"|(?<!\S)[A-Za-zÀ-ÿ]+\?[a-zà-ÿ]+(?!\S)"  # a letter that the encoding did not hold
    r"|&(#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,8}\d?);"  # a letter as a web page writes it
)
"""What no Western text holds, and wrongly decoded text does."""
MOST_DIGITS: Final = 15
"""How many digits a figure has on either side of its point: so many a computer keeps exactly."""
FIRST_YEAR: Final = 1990
"""No figure that this report can use is older."""
_SHOWN: Final = 120
"""How many characters of a cell a message shows."""
_EXPECTED: Final[Mapping[str, str]] = {
    "string": "text",
    "slug": "a name in lower-case letters, digits and underscores",
    "number": "a number in plain digits with a decimal point, such as 1500000 or 12.5",
    "integer": "a whole number in plain digits, such as 33",
    "year": "a year, such as 2024",
    "date": "a day that exists, written 2026-02-27",
    "partial_date": "a year, month or day that exists, written 2026, 2026-02 or 2026-02-27",
    "uri": "an address that begins with https://, http:// or doi: and has no blanks, quotes or "
    "brackets but round ones",
}


def is_written(column: Column, cell: str) -> bool:
    """Tell whether a cell is written as its column demands."""
    return all(_is(column, part) for part in column.parts(cell))


def expected(column: Column) -> str:
    """Say in plain words how the cells of a column are written."""
    if column.kind == "boolean":
        return " or ".join((*column.true_values, *column.false_values))
    return _EXPECTED[column.kind]


def address(text: str) -> str:
    """Return the address that a text holds, or nothing where it holds none to link to.

    A cell is anybody's text. Only an address of the web, or a DOI, becomes something to click on:
    a browser would run `javascript:` and read `data:` and `file:`.

    >>> address("doi:10.1000/182"), address("javascript:alert(1)")
    ('https://doi.org/10.1000/182', '')
    """
    doi = _DOI.fullmatch(text)
    if doi:
        return f"https://doi.org/{doi['name']}"
    return text if _WEB.fullmatch(text) else ""


def number(cell: object) -> float | None:
    """Return the figure that a cell holds, if it is one."""
    if isinstance(cell, str) and not re.fullmatch(_PATTERNS["number"], cell, flags=re.ASCII):
        return None
    return float(cell)  # type: ignore[arg-type] - a figure, or the text of one


def tidied(column: Column, cell: str) -> str:
    """Write the values of a list once each, without blanks around them, and none that is empty."""
    parts = (part.strip() for part in column.parts(cell))
    return column.mark.join(dict.fromkeys(part for part in parts if part))


def misread(text: str) -> tuple[str, str] | None:
    """Return the first characters of a text that show that it was decoded wrongly, and a remedy."""
    if text.isascii() and not ("?" in text or "&" in text):
        return None
    found = _WRONGLY_DECODED.search(text)
    if not found:
        return None
    remedy = "Copy the text anew from the source, and save the file as CSV UTF-8."
    # Read the right way again it says what was meant, if nothing has been lost since.
    if _AS_WINDOWS.search(text):
        with suppress(UnicodeError):
            return found[0], f"Write {_read_again(text)!r}: UTF-8 was read as Windows-1252."
    return found[0], remedy


def unseen(text: str) -> str | None:
    """Name the first character of a text that nobody sees, if there is one."""
    found = _UNSEEN.search(text)
    return _named(found[0]) if found else None


def shown(text: str) -> str:
    r"""Write what nobody sees in a text by its code point; of a very long text, the beginning.

    >>> shown("Vale\u200b Base"), shown("9" * 400)[-19:]
    ('Vale<U+200B> Base', '9… (400 characters)')
    """
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
    return _UNSEEN.sub(lambda mark: f"<{_code_point(mark[0])}>", cut)


def _named(mark: str) -> str:
    what = "a line break inside the cell" if mark in "\r\n" else "an invisible character"
    return f"{what} ({_code_point(mark)})"


def _code_point(mark: str) -> str:
    return f"U+{ord(mark):04X}"


def _is(column: Column, cell: str) -> bool:
    """Tell whether one value is of its column's kind; days must exist."""
    kind = column.kind
    if kind == "boolean":
        return cell in column.true_values or cell in column.false_values
    if kind == "uri":
        return bool(address(cell))
    if not re.fullmatch(_PATTERNS[kind], cell, flags=re.DOTALL | re.ASCII):
        return False
    if kind not in {"date", "partial_date"}:
        return True
    try:
        dt.date.fromisoformat((cell + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _read_again(text: str) -> str:
    """Decode as UTF-8 what was decoded as Windows-1252. Raises `UnicodeError` where it cannot."""
    return text.encode("cp1252").decode("utf-8")
