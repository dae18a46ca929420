"""Published tables, source lines and notes, converted separately from the prose and cached.

They are most of a document's text and rarely change. Each leaves a small stand-in in the document,
which the filters number, caption and wrap as they would the fragment itself, and which resolves the
references that a table makes by number, `[-@fig-x]`. What depends on the document in any other way
(a footnote, a value) stays in it, and so does a line that leads to what was not yet public: the
filter that removes such lines (`theme/public.lua`) sees the document only.

That the templates mark what may be converted apart was considered: the marks would be one more
construct that Quarto has to be taught, for what it does not do. So fragments are known by the few
forms that `macros.md.j2` and `notes.md.j2` write; what has another form stays in the document.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from critical_minerals.report.selection import code_lines
from critical_minerals.workspace.paths import write_whole
from critical_minerals.workspace.state_files import read_stored

_LOG: Final = logging.getLogger(__name__)
_MARK: Final = "\ue005{}\ue005"
_BREAK: Final = "\ue006"
# References have no number yet; as marks of the same length they leave a table's columns alone.
_REFERENCE: Final = re.compile(r"\[-@([\w-]+)\]")
_REFERENCE_MARK: Final = re.compile("\ue002\ue002([\\w-]+)\ue003\ue003")
_LINK_TARGET: Final = re.compile(r"#([\w-]+)\)")
_TABLE_RULE: Final = re.compile(r"\|[-:| ]+\|")
_CAPTION: Final = re.compile(r"(table)?:(?!:)", re.IGNORECASE)
# References, notes, pictures, code, raw HTML, values, and brackets that may be links of references
# defined elsewhere.
_NEEDS_DOCUMENT: Final = re.compile(
    r"(?<![\w/\\])@|\[\^|\^\[|!\[|`|(?<!\\)<[\w/!?]|(?<!\\)\](?![({])"
)
_NOTE_HEAD: Final = re.compile(r"\[\w+ @[\w-]+\]\. (?=\*\*)")
"""The reference with which a note on a figure or table begins; the rest depends on nothing."""
_PARAGRAPH_START: Final = re.compile(r"[^\W\d]|\[\w")
_MIN_CHARACTERS: Final = 20_000
"""Characters; with fewer, a second call of Pandoc costs more than it saves."""


@dataclass(frozen=True)
class Form:
    """How a format writes a stand-in, a reference in it, and the break between two fragments."""

    stand_in: re.Pattern[str]
    resolved: re.Pattern[str]
    break_mark: str


HTML: Final = Form(
    re.compile(
        r"<table[^>]*>(?:\s*<colgroup>(?:(?!</colgroup>).)*</colgroup>)?\s*<tbody>\s*<tr>\s*<td>"
        r"\ue005(\d+)\ue005(?P<resolved>.*?)</td>\s*</tr>\s*</tbody>\s*</table>"
        r"|<p>\ue005(\d+)\ue005</p>|\ue005(\d+)\ue005",
        re.DOTALL,
    ),
    re.compile(r'<a\s+href="#([\w-]+)"\s+class="quarto-xref"[^>]*>.*?</a>', re.DOTALL),
    f"<p>{_BREAK}</p>",
)
TYPST: Final = Form(
    re.compile(
        r"#table\(\s*columns: [^\n]*,\s*align: \(auto,\),\s*"
        r"\[\ue005(\d+)\ue005(?P<resolved>[^\n]*)\],\s*\)"
        r"|\ue005(\d+)\ue005"
    ),
    re.compile(r"#ref\(<([\w-]+)>, supplement: \[\]\)"),
    _BREAK,
)


@dataclass(frozen=True)
class SplitDocument:
    """A document's lines with stand-ins, and the fragments for which they stand."""

    form: Form
    lines: list[str]
    fragments: list[str]

    def restore(self, page: str, converted: Mapping[str, str]) -> str:
        """Replace the stand-ins of a page by the converted fragments."""
        return self.form.stand_in.sub(lambda match: self._restore_fragment(match, converted), page)

    def _restore_fragment(self, match: re.Match[str], converted: Mapping[str, str]) -> str:
        """Return the fragment of a stand-in, with the references that the stand-in resolved."""
        number = next(filter(None, match.groups()))
        text = converted[self.fragments[int(number)]]
        if match[0] == _MARK.format(number):  # within a paragraph
            text = text.removeprefix("<p>").removesuffix("</p>")
        links = self.form.resolved.finditer(match["resolved"] or "")
        resolved = {link[1]: link[0] for link in links}
        return _REFERENCE_MARK.sub(lambda mark: resolved[mark[1]], text)


def split_document(
    lines: Sequence[str], form: Form, not_public: Collection[str] = ()
) -> SplitDocument:
    """Split off the tables, source lines and notes that do not depend on the rest of a document.

    `not_public` are the anchors to which nothing may lead yet. A document with little to split off
    stays whole.
    """
    in_code, in_notes = code_lines(lines), _lines_in_notes(lines)
    split = SplitDocument(form, [], [])
    index = 0
    while index < len(lines):
        # A table in a code block is an example, not a table.
        end = index if in_code[index] else _fragment_end(lines, index, in_notes=in_notes[index])
        head = _NOTE_HEAD.match(lines[index]) if in_notes[index] else None
        head_text = head[0] if head else ""
        fragment = _mark_references("\n".join(lines[index:end])).removeprefix(head_text)
        if end > index and not _needs_document(fragment, not_public):
            split.lines.extend(_stand_in(fragment, len(split.fragments), head_text))
            split.fragments.append(fragment)
        else:
            end = max(end, index + 1)
            split.lines.extend(lines[index:end])
        index = end
    worth_it = sum(map(len, split.fragments)) >= _MIN_CHARACTERS
    return split if worth_it else SplitDocument(form, list(lines), [])


def _lines_in_notes(lines: Sequence[str]) -> list[bool]:
    """Say for each line whether it is in a list of notes, which has one note a paragraph."""
    in_notes, inside = list[bool](), False
    for text in lines:
        # Exactly as `notes.md.j2` and `trails.md.j2` open and close the list.
        inside = text == "::: {.notes}" or (inside and text != ":::")
        in_notes.append(inside)
    return in_notes


def _needs_document(fragment: str, not_public: Collection[str]) -> bool:
    """Say whether a fragment must stay in the document, to be resolved or to be hidden there."""
    if _NEEDS_DOCUMENT.search(fragment):
        return True
    return not fragment.startswith("|") and not {*_LINK_TARGET.findall(fragment)}.isdisjoint(
        not_public
    )


def _mark_references(fragment: str) -> str:
    """Replace the references of a table by marks; any other fragment stays as it is."""
    if not fragment.startswith("|"):
        return fragment
    return _REFERENCE.sub("\ue002\ue002\\1\ue003\ue003", fragment)


def _stand_in(fragment: str, number: int, head_text: str) -> list[str]:
    anchors = dict.fromkeys(_REFERENCE_MARK.findall(fragment))
    content = _MARK.format(number) + " ".join(f"[-@{name}]" for name in anchors)
    return ["| |", "|-|", f"|{content}|"] if fragment.startswith("|") else [f"{head_text}{content}"]


def _fragment_end(lines: Sequence[str], start: int, *, in_notes: bool) -> int:
    """Return the end of the fragment that starts at a line, or `start` where none does."""
    # As `source_line` of `macros.md.j2` writes it: one line between its fences. One that begins
    # with a sign may be a heading or a list, and stays.
    if start and lines[start - 1] == "::: {.source-line}":
        return start + (lines[start + 1 : start + 2] == [":::"] and lines[start][:1].isalnum())
    if in_notes and _is_paragraph(lines, start):
        return start + 1
    # Behind a line of text a table is part of that paragraph.
    if not lines[start].startswith("|") or (start and lines[start - 1].strip()):
        return start
    end = start
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    return end if _is_table(lines, start, end) else start


def _is_paragraph(lines: Sequence[str], index: int) -> bool:
    """Say whether a line is a paragraph that begins with a word, or with its number in brackets."""
    neighbours = (*lines[max(index - 1, 0) : index], *lines[index + 1 : index + 2])
    alone = all(not text or text.startswith(":::") for text in neighbours)
    return alone and bool(_PARAGRAPH_START.match(lines[index]))


def _is_table(lines: Sequence[str], start: int, end: int) -> bool:
    """Say whether lines are a complete pipe table without a Pandoc caption."""
    if end < start + 3 or not _TABLE_RULE.fullmatch(lines[start + 1]):
        return False
    before = next((text for text in reversed(lines[:start]) if text.strip()), "")
    after = next((text for text in lines[end:] if text.strip()), "")
    ends_block = end == len(lines) or not lines[end].strip()
    return ends_block and not _CAPTION.match(before) and not _CAPTION.match(after)


def convert_fragments(
    split: SplitDocument, convert: Callable[[list[str]], str], *, cache_file: Path, cache_key: str
) -> dict[str, str]:
    """Return each fragment in its format: from the cache, or as `convert` converts all new ones.

    The file holds the fragments of the last call only. `cache_key` stands for all that determines
    how they are converted.
    """
    if not split.fragments:
        return {}
    digests = {fragment: sha256(fragment.encode()).hexdigest() for fragment in split.fragments}
    # A missing or damaged cache only costs a conversion.
    content = read_stored(cache_file, {"made-by": str, "fragments": {str: str}})
    cached = content["fragments"] if content and content["made-by"] == cache_key else {}
    new = [fragment for fragment, digest in digests.items() if digest not in cached]
    _LOG.debug("%s: %d of %d fragments are new.", cache_file.name, len(new), len(digests))
    if new:
        output = convert([line for fragment in new for line in (_BREAK, "", fragment, "")])
        # Each fragment follows its break. Texts hold no such mark: `escaping.one_line` replaces
        # characters for private use.
        texts = [text.strip("\n") for text in output.split(split.form.break_mark)[1:]]
        cached |= dict(zip([digests[fragment] for fragment in new], texts, strict=True))
    # Only what this document holds: the file would grow with every edit.
    current = {digest: cached[digest] for digest in sorted(digests.values())}
    text = json.dumps({"made-by": cache_key, "fragments": current}, ensure_ascii=False, indent=0)
    write_whole(cache_file, text)
    return {fragment: current[digest] for fragment, digest in digests.items()}
