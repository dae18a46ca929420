"""The part of a document that one format shows.

Half of what the notebooks publish is for one format only. What is left out here need not be
parsed; conditions that are not as plain as the published ones are left to the renderer's filter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

_CONDITION: Final = re.compile(
    r":{3,} *\{\.content-(?P<kind>visible|hidden) "
    r'(?P<when>when|unless)-format="(?P<format>html|typst|docx)"\}'
)
_DIVISION: Final = re.compile(r":{3,} *[\w{].*")
_CLOSING: Final = re.compile(r":{3,} *")
_CODE: Final = re.compile(r"\s*(?P<fence>`{3,}|~{3,})[^`]*")
# Definitions and headings count for the whole document, wherever they stand.
_REACHES_OUT: Final = re.compile(r"\s*(\[[^\]]+\]:|#)")
# Left alone with what stands before the division, such a line might go on with it.
_GOES_ON: Final = re.compile(r"\s|[-*+>|]|\(?[\w#]{1,9}[.)]|:\s")


def shown_in(targets: Collection[str], lines: Sequence[str]) -> list[str]:
    """Leave out the divisions that none of Pandoc's `html`, `typst` or `docx` in `targets` shows.

    >>> shown_in(["html"], ['::: {.content-visible when-format="typst"}', "On paper.", ":::"])
    []
    """
    coded = code_lines(lines)
    kept: list[str] = []
    place = 0
    while place < len(lines):
        end = None if coded[place] else _end_of_unseen(targets, lines, coded, place)
        if end is None:
            kept.append(lines[place])
        place = (place if end is None else end) + 1
    return kept


def code_lines(lines: Sequence[str]) -> list[bool]:
    """Say for each line whether it belongs to a block of code, its fences included."""
    fence = ""
    told: list[bool] = []
    for text in lines:
        opening = _CODE.fullmatch(text)
        told.append(bool(fence or opening))
        if not fence:
            fence = opening["fence"] if opening else ""
        elif text.strip().startswith(fence) and not text.strip().strip(fence[0]):
            fence = ""
    return told


def _end_of_unseen(
    targets: Collection[str], lines: Sequence[str], coded: Sequence[bool], start: int
) -> int | None:
    """Find the last line of a division that is surely not shown."""
    condition = _CONDITION.fullmatch(lines[start])
    if condition is None or not _stands_apart(lines, start):
        return None
    if any(_is_shown(condition, target) for target in targets):
        return None
    end = _closing(lines, coded, start)
    if end is None or any(map(_REACHES_OUT.match, lines[start:end])):
        return None
    following = next((text for text in lines[end + 1 :] if text.strip()), "")
    return None if _GOES_ON.match(following) else end


def _is_shown(condition: re.Match[str], target: str) -> bool:
    fits = (condition["format"] == target) == (condition["when"] == "when")
    return fits == (condition["kind"] == "visible")


def _stands_apart(lines: Sequence[str], place: int) -> bool:
    before = lines[place - 1].strip() if place else ""
    return not before or before.startswith(":::")


def _closing(lines: Sequence[str], coded: Sequence[bool], start: int) -> int | None:
    """Find the line that closes a division, past those within it."""
    depth = 0
    for place in range(start, len(lines)):
        if coded[place]:
            continue
        if _DIVISION.fullmatch(lines[place]):
            depth += 1
        elif _CLOSING.fullmatch(lines[place]):
            depth -= 1
        if not depth:
            return place
    return None
