"""Find what no text cell may hold: invisible characters, and letters that were decoded wrongly."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

_INVISIBLE: Final = re.compile(
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
"""Characters that nobody sees in a cell. They make two names of one, turn text around, break lines
that templates and typesetters read as such, and some stop the programs that draw."""
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
    # A letter as a web page writes it; the signs of its own language (&lt;) people may write about.
    r"|&([a-zA-Z]{1,2}(acute|grave|circ|uml|cedil|tilde|ring|lig|slash|caron)|amp|nbsp|[lr][sda]quo"
    r"|[mn]dash|hellip|#1[6-9]\d|#2[0-5]\d|#82\d\d|#xA[0-9A-F]|#x[B-F][0-9A-F]|#x20[0-9A-F]{2});"
)
"""Sequences that no Western text has, and wrongly decoded text does."""
_NO_VALUE: Final = re.compile(
    # Errors of spreadsheets, in English and French, and of LibreOffice.
    r"#(REF|NAME|VALUE|DIV/0|NUM|NULL|N/A|NOM|VALEUR|NOMBRE|NUL|SPILL|CALC|BUSY|GETTING_DATA)[!?]?"
    r"|#{3,}|Err:\d{3}"
    r"|=.+"  # a formula that was never calculated
    r"|(?-i:nan|NaN|NaT|None|NULL|<NA>|null|undefined)",  # a missing value, as programs write it
    re.IGNORECASE | re.DOTALL,
)
_MAX_SHOWN: Final = 120
"""The most characters of a cell that a message shows."""


def unseen(text: str) -> str | None:
    """Describe the first invisible character of a text; None where there is none."""
    match = _INVISIBLE.search(text)
    return _describe_character(match[0]) if match else None


def escape_invisible(text: str) -> str:
    r"""Replace invisible characters of a text by their code points, and shorten a very long text.

    >>> escape_invisible("Vale\u200b Base"), escape_invisible("9" * 400)[-19:]
    ('Vale<U+200B> Base', '9… (400 characters)')
    """
    excerpt = text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}… ({len(text)} characters)"
    return _INVISIBLE.sub(lambda mark: f"<{_code_point(mark[0])}>", excerpt)


def printable(text: str) -> str:
    r"""Replace characters that would control a terminal by code points; line ends and tabs stay.

    >>> printable("\x1b]0;title\x07 a\u202eb\n")
    '<U+001B>]0;title<U+0007> a<U+202E>b\n'
    """
    return _INVISIBLE.sub(lambda m: m[0] if m[0] in "\n\t" else f"<{_code_point(m[0])}>", text)


def is_no_value(text: str) -> bool:
    """Return whether a text is what a program writes where it has no value: an error, a formula.

    >>> [is_no_value(text) for text in ("#REF!", "=B2", "NaN", "Nan Kivell", "Table #3")]
    [True, True, True, False, False]
    """
    return bool(_NO_VALUE.fullmatch(text))


def _describe_character(character: str) -> str:
    description = (
        "a line break inside the cell" if character in "\r\n" else "an invisible character"
    )
    return f"{description} ({_code_point(character)})"


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def misread(text: str) -> tuple[str, str] | None:
    """Return the first characters that show that a text was decoded wrongly, and a remedy."""
    # Most cells are ASCII without these two signs and need no search: every raw cell comes by here.
    if text.isascii() and not ("?" in text or "&" in text):
        return None
    match = _WRONGLY_DECODED.search(text)
    if not match:
        return None
    remedy = "Copy the text anew from the source, and save the file as CSV UTF-8."
    # Decoding it the right way gives what was meant, unless a byte has been lost since.
    if _AS_WINDOWS.search(text):
        with suppress(UnicodeError):
            intended = text.encode("cp1252").decode("utf-8")
            return match[0], f"Write {intended!r}: UTF-8 was read as Windows-1252."
    return match[0], remedy
