"""Published tables, source lines and notes, converted apart from the prose and kept.

They are most of a document's text and rarely change. Each leaves a small stand-in in the document,
which the filters number, caption and wrap as they would the fragment itself, and which resolves the
references that a table makes by number, `[-@fig-x]`. What rests on the document in any other way (a
footnote, a value) stays in it, and so does a line that leads to what was not yet public: who takes
out what must not be said looks there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from critical_minerals.report.selection import code_lines
from critical_minerals.workspace import write_whole

_MARK: Final = "\ue005{}\ue005"
_BETWEEN: Final = "\ue006"
# References have no number yet; as marks of the same length they leave a table's columns alone.
_REFERENCE: Final = re.compile(r"\[-@([\w-]+)\]")
_REFERENCE_MARK: Final = re.compile("\ue002\ue002([\\w-]+)\ue003\ue003")
_LED_TO: Final = re.compile(r"#([\w-]+)\)")
_SEPARATOR: Final = re.compile(r"\|[-:| ]+\|")
_CAPTION: Final = re.compile(r"(table)?:(?!:)", re.IGNORECASE)
# References, notes, pictures, code, raw HTML, values, and brackets that only the rest can explain.
_BOUND: Final = re.compile(r"(?<![\w/\\])@|\[\^|\^\[|!\[|`|(?<!\\)<[\w/!?]|(?<!\\)\](?![({])")
_HEAD: Final = re.compile(r"\[\w+ @[\w-]+\]\. (?=\*\*)")
"""What a note on a figure or table begins with; the rest of it stands for itself."""
_BEGINNING: Final = re.compile(r"[^\W\d]|\[\w")
_WORTH_WHILE: Final = 20_000
"""Characters; with fewer a second start of Pandoc costs more than it saves."""


@dataclass(frozen=True)
class Form:
    """How a format writes a stand-in, a reference within it, and the mark between two fragments."""

    stand_in: re.Pattern[str]
    resolved: re.Pattern[str]
    between: str


HTML: Final = Form(
    re.compile(
        r"<table[^>]*>(?:\s*<colgroup>(?:(?!</colgroup>).)*</colgroup>)?\s*<tbody>\s*<tr>\s*<td>"
        r"\ue005(\d+)\ue005(?P<resolved>.*?)</td>\s*</tr>\s*</tbody>\s*</table>"
        r"|<p>\ue005(\d+)\ue005</p>|\ue005(\d+)\ue005",
        re.DOTALL,
    ),
    re.compile(r'<a\s+href="#([\w-]+)"\s+class="quarto-xref"[^>]*>.*?</a>', re.DOTALL),
    f"<p>{_BETWEEN}</p>",
)
TYPST: Final = Form(
    re.compile(
        r"#table\(\s*columns: [^\n]*,\s*align: \(auto,\),\s*"
        r"\[\ue005(\d+)\ue005(?P<resolved>[^\n]*)\],\s*\)"
        r"|\ue005(\d+)\ue005"
    ),
    re.compile(r"#ref\(<([\w-]+)>, supplement: \[\]\)"),
    _BETWEEN,
)


@dataclass(frozen=True)
class SplitDocument:
    """A document's lines with stand-ins, and the fragments for which they stand."""

    form: Form
    lines: list[str]
    fragments: list[str]

    def whole(self, page: str, converted: Mapping[str, str]) -> str:
        """Put the converted fragments into the page in place of their stand-ins."""
        return self.form.stand_in.sub(lambda found: self._restored(found, converted), page)

    def _restored(self, found: re.Match[str], converted: Mapping[str, str]) -> str:
        """Give the fragment for which a stand-in stands, with the references that this resolved."""
        number = next(filter(None, found.groups()))
        text = converted[self.fragments[int(number)]]
        if found[0] == _MARK.format(number):  # within a paragraph
            text = text.removeprefix("<p>").removesuffix("</p>")
        links = self.form.resolved.finditer(found["resolved"] or "")
        resolved = {link[1]: link[0] for link in links}
        return _REFERENCE_MARK.sub(lambda mark: resolved[mark[1]], text)


def split_document(
    lines: Sequence[str], form: Form, not_public: Collection[str] = ()
) -> SplitDocument:
    """Set aside the tables, source lines and notes of a document that stand for themselves.

    `not_public` are the anchors to which nothing may lead yet.
    """
    coded, noted = code_lines(lines), _note_lines(lines)
    split = SplitDocument(form, [], [])
    place = 0
    while place < len(lines):
        end = place if coded[place] else _end_of_piece(lines, place, noted=noted[place])
        head = _HEAD.match(lines[place]) if noted[place] else None
        before = head[0] if head else ""
        fragment = _with_marks("\n".join(lines[place:end])).removeprefix(before)
        if end > place and not _is_bound(fragment, not_public):
            split.lines.extend(_stand_in(fragment, len(split.fragments), before))
            split.fragments.append(fragment)
        else:
            end = max(end, place + 1)
            split.lines.extend(lines[place:end])
        place = end
    long = sum(map(len, split.fragments)) >= _WORTH_WHILE
    return split if long else SplitDocument(form, list(lines), [])


def _note_lines(lines: Sequence[str]) -> list[bool]:
    """Say of each line whether it is within a list of notes, one a paragraph."""
    noted, inside = list[bool](), False
    for text in lines:
        inside = text == "::: {.notes}" or (inside and text != ":::")
        noted.append(inside)
    return noted


def _is_bound(fragment: str, not_public: Collection[str]) -> bool:
    """Say whether only the rest of the document can explain a fragment, or may not show it."""
    if _BOUND.search(fragment):
        return True
    return not fragment.startswith("|") and not {*_LED_TO.findall(fragment)}.isdisjoint(not_public)


def _with_marks(fragment: str) -> str:
    """Mark a table's references; a line with one stays in the document."""
    if not fragment.startswith("|"):
        return fragment
    return _REFERENCE.sub("\ue002\ue002\\1\ue003\ue003", fragment)


def _stand_in(fragment: str, number: int, before: str) -> list[str]:
    named = dict.fromkeys(_REFERENCE_MARK.findall(fragment))
    content = _MARK.format(number) + " ".join(f"[-@{name}]" for name in named)
    return ["| |", "|-|", f"|{content}|"] if fragment.startswith("|") else [f"{before}{content}"]


def _end_of_piece(lines: Sequence[str], start: int, *, noted: bool) -> int:
    """Say where a fragment ends that starts here; where it starts if none does."""
    if start and lines[start - 1] == "::: {.source-line}":
        return start + (lines[start + 1 : start + 2] == [":::"] and lines[start][:1].isalnum())
    if noted and _is_paragraph(lines, start):
        return start + 1
    if not lines[start].startswith("|") or (start and lines[start - 1].strip()):
        return start
    end = start
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    return end if _is_table(lines, start, end) else start


def _is_paragraph(lines: Sequence[str], place: int) -> bool:
    """Say whether a line is a paragraph that begins with a word or its number in brackets."""
    around = (*lines[max(place - 1, 0) : place], *lines[place + 1 : place + 2])
    alone = all(not text or text.startswith(":::") for text in around)
    return alone and bool(_BEGINNING.match(lines[place]))


def _is_table(lines: Sequence[str], start: int, end: int) -> bool:
    """Say whether lines are a whole pipe table without a caption of Pandoc's."""
    if end < start + 3 or not _SEPARATOR.fullmatch(lines[start + 1]):
        return False
    before = next((text for text in reversed(lines[:start]) if text.strip()), "")
    after = next((text for text in lines[end:] if text.strip()), "")
    apart = end == len(lines) or not lines[end].strip()
    return apart and not _CAPTION.match(before) and not _CAPTION.match(after)


def convert_fragments(
    split: SplitDocument, convert: Callable[[list[str]], str], *, kept: Path, made_by: str
) -> dict[str, str]:
    """Return each fragment in its format: the kept one, or what `convert` makes of all new ones.

    The file holds the fragments of the last time only. `made_by` stands for all that shapes them.
    """
    if not split.fragments:
        return {}
    names = {fragment: sha256(fragment.encode()).hexdigest() for fragment in split.fragments}
    known = _read(kept, made_by)
    new = [fragment for fragment, name in names.items() if name not in known]
    if new:
        made = convert([line for fragment in new for line in (_BETWEEN, "", fragment, "")])
        texts = [text.strip("\n") for text in made.split(split.form.between)[1:]]
        known |= dict(zip([names[fragment] for fragment in new], texts, strict=True))
    found = {name: known[name] for name in sorted(names.values())}
    text = json.dumps({"made-by": made_by, "fragments": found}, ensure_ascii=False, indent=0)
    write_whole(kept, text)
    return {fragment: found[name] for fragment, name in names.items()}


def _read(kept: Path, made_by: str) -> dict[str, str]:
    try:
        held: Any = json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return held["fragments"] if held["made-by"] == made_by else {}
