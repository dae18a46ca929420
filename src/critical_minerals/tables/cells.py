"""How a cell of text is written: what each kind of column expects, what to do about the rest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final

from critical_minerals.errors import hint, nearest
from critical_minerals.tables.descriptors import Column

Words = Mapping[str, tuple[str, ...]]
"""The ids of a list, each with the words by which people know it."""
LOOK_UP: Final = "Look it up in the source."
_PATTERNS: Final[Mapping[str, str]] = {
    "string": r".+",
    "slug": r"[a-z0-9]+(_[a-z0-9]+)*",
    "number": r"-?\d+(\.\d+)?",
    "integer": r"-?\d+",
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
    r"\ufffe\uffff"  # no characters at all; XML, and so DOCX, cannot hold them
    "]"
)
"""What nobody sees in a cell. It makes two names of one, turns text around, breaks lines that
templates and typesetters read as such, and some of it stops the programs that draw."""
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


def remedy(column: Column, value: str, listed: tuple[str, Words] | None) -> str:
    """Say what to do about a cell, as exactly as its value allows.

    `listed` is the table that its ids come from, with these.
    """
    if listed:
        return _id_remedy(column, value, *listed)
    if column.constraints.enum:
        return hint(value, column.constraints.enum)
    if column.kind in {"number", "integer", "year"}:
        return _number_remedy(value, whole=column.kind != "number")
    if column.kind in {"date", "partial_date"}:
        return _day_remedy(value)
    return "Correct the cell."


def unseen(text: str) -> str | None:
    """Name the first character of a text that nobody sees, if there is one."""
    found = _UNSEEN.search(text)
    return _named(found[0]) if found else None


def shown(text: str) -> str:
    r"""Write what nobody sees in a text by its code point.

    >>> shown("Vale\u200b Base")
    'Vale<U+200B> Base'
    """
    return _UNSEEN.sub(lambda mark: f"<{_code_point(mark[0])}>", text)


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


def _id_remedy(column: Column, value: str, table: str, words: Words) -> str:
    """Name the id that is meant, by its spelling or by one of the words it is known by."""
    wrong = next((part for part in column.parts(value) if part not in words), None)
    if wrong is None:
        return LOOK_UP
    spellings = {word: identifier for identifier, known in words.items() for word in known}
    spellings |= {identifier: identifier for identifier in words}
    add = f"add it to data/raw/{table}.csv"
    if match := nearest(wrong, spellings):
        return f"Did you mean {spellings[match]!r}? Else {add}."
    return f"Correct it, or {add}."


def _number_remedy(value: str, *, whole: bool) -> str:
    """Recognise the usual ways in which people write numbers."""
    bare = re.sub(r"[\s\u00a0\u202f'$€%]", "", value).replace("\u2212", "-")
    plain, pointed = bare.replace(",", ""), bare.replace(",", ".")
    if re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", bare) and not whole:
        return f"Write {plain} if the comma parts thousands, {pointed} if it is a decimal comma."
    if re.fullmatch(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?", bare):
        return f"Write it without separators: {plain}."
    if re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", bare):
        return _plain_remedy(bare, pointed, whole=whole)
    if whole:
        return "Write a whole number."
    return (
        "Write the number alone; words such as 'up to' go into the column precision, "
        "signs such as W or x into the column qualifier."
    )


def _plain_remedy(bare: str, pointed: str, *, whole: bool) -> str:
    """Say how a number without separators is written."""
    if whole and bare != bare.replace(",", ".").partition(".")[0]:
        return "Write a whole number."
    if pointed != bare:
        return f"Use a decimal point: {pointed}."
    return f"Write the digits alone: {bare}."


def _day_remedy(value: str) -> str:
    """Tell a day that no calendar has from one that is only written differently."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        return "No calendar has it; look it up in the source."
    return "Write year, month and day in this order, with hyphens and all zeros."
