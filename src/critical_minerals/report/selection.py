"""Select the lines of a document that some formats show.

Half of what the notebooks publish is for one format only. What is excluded here need not be parsed.
Conditions that are not as simple as the published ones are left to the renderer's filter.
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
_DEFINES_ELSEWHERE: Final = re.compile(r"\s*(\[[^\]]+\]:|#)")
# Without the division between them, such a line might continue the block before it.
_CONTINUES_BLOCK: Final = re.compile(r"\s|[-*+>|]|\(?[\w#]{1,9}[.)]|:\s")


def select_lines(targets: Collection[str], lines: Sequence[str]) -> list[str]:
    """Exclude the divisions that none of Pandoc's `html`, `typst` or `docx` in `targets` shows.

    >>> select_lines(["html"], ['::: {.content-visible when-format="typst"}', "On paper.", ":::"])
    []
    """
    in_code = code_lines(lines)
    selected: list[str] = []
    index = 0
    while index < len(lines):
        end = None if in_code[index] else _hidden_division_end(targets, lines, in_code, index)
        if end is None:
            selected.append(lines[index])
        index = (index if end is None else end) + 1
    return selected


def code_lines(lines: Sequence[str]) -> list[bool]:
    """Say for each line whether it belongs to a code block, fences included."""
    fence = ""
    in_code: list[bool] = []
    for text in lines:
        opening = _CODE.fullmatch(text)
        in_code.append(bool(fence or opening))
        if not fence:
            fence = opening["fence"] if opening else ""
        elif text.strip().startswith(fence) and not text.strip().strip(fence[0]):
            fence = ""
    return in_code


def _hidden_division_end(
    targets: Collection[str], lines: Sequence[str], in_code: Sequence[bool], start: int
) -> int | None:
    """Return the last line of a division that is certainly not shown; None where it may be."""
    condition = _CONDITION.fullmatch(lines[start])
    if condition is None or not _starts_block(lines, start):
        return None
    # A page and its print may be converted together: one that shows it suffices.
    if any(_is_shown(condition, target) for target in targets):
        return None
    end = _division_end(lines, in_code, start)
    if end is None or any(map(_DEFINES_ELSEWHERE.match, lines[start:end])):
        return None
    following = next((text for text in lines[end + 1 :] if text.strip()), "")
    return None if _CONTINUES_BLOCK.match(following) else end


def _is_shown(condition: re.Match[str], target: str) -> bool:
    matches = (condition["format"] == target) == (condition["when"] == "when")
    return matches == (condition["kind"] == "visible")


def _starts_block(lines: Sequence[str], index: int) -> bool:
    # Behind a line of text, fences are part of that paragraph.
    before = lines[index - 1].strip() if index else ""
    return not before or before.startswith(":::")


def _division_end(lines: Sequence[str], in_code: Sequence[bool], start: int) -> int | None:
    """Find the line that closes a division, counting nested ones; None where none does."""
    depth = 0
    for index in range(start, len(lines)):
        if in_code[index]:
            continue
        if _DIVISION.fullmatch(lines[index]):
            depth += 1
        elif _CLOSING.fullmatch(lines[index]):
            depth -= 1
        if not depth:
            return index
    return None
