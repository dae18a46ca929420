"""Hostile words for every text column of every raw table; its descriptor says which these are."""

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from critical_minerals.tables.descriptors import Column, Tables

UNSEEN = ("\n", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\u202e", "\u200b")
"""What ends a line in one program or another, or turns text around; the check refuses it."""
SECRET = "the-secret-of-the-machine"  # noqa: S105 - a word to look for
HOSTILE = (
    "{{< include ../secret.md >}}",
    "{{< meta v.canary >}}",
    "<value n=canary>",
    "</script></style></svg></td>",
    "<script>canary()</script>",
    "<img src=canary onerror=canary()>",
    "\"><svg onload='canary()'>",
    "[canary](javascript:canary())",
    "![canary](data:text/html,canary)",
    "<file:///canary> [canary]: canary",
    "<https://canary.example/>",
    "https://canary.example/ a@canary.example",
    "`canary`{=html} ```{=typst} ~~~",
    "::: {.canary #canary}",
    "../../canary ..\\canary /canary",
    "# canary {#canary}",
    "@fig-canary [@tbl-canary] [-@canary]",
    "[^canary] ^[canary] ^canary^ ~canary~",
    "<!-- canary --> <![CDATA[canary]]>",
    '#eval("canary()") #read("../secret.md")',
    "$canary$ \\canary{canary} ${canary}",
    "| canary | *canary* **canary** _canary_",
    "1. canary",
    "- canary \\",
    "[canary]{.canary onclick=canary()}",
    "&lt;canary&gt; &#60;canary&#62;",
    "{{ canary }} {% include 'canary' %}",
    "{canary} {0.__class__} %(canary)s",
    "'+canary()+' datum.canary",
    "--- canary",
)
"""What the check of raw tables takes for the text that it may be."""
URL_END = "?canary=*a*&b=_c_~$d"
"""What an address may end in, and no format may read as anything else."""


Spoil = Callable[[Column, Sequence[str]], Sequence[str]]
"""Gives a column other cells than it has."""


def spoil(raw: Path, spoilt: Spoil) -> None:
    """Give the columns of all raw tables in a folder other cells."""
    tables = Tables(raw)
    for name in tables:
        path = raw / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        if not rows:  # all of it is read from an official file
            continue
        fields = [tables[name].field(column) for column in header]
        columns = [
            spoilt(field, [*cells])
            for field, cells in zip(fields, zip(*rows, strict=True), strict=True)
        ]
        with path.open("w", encoding="utf-8", newline="") as out:
            told = csv.writer(out, lineterminator="\n")
            told.writerows([header, *zip(*columns, strict=True)])


def keep_names(raw: Path) -> None:
    """Let places still answer to the names by which official files call them."""
    path = raw / "vocabulary/places.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    for row in rows:
        row["aliases"] = ";".join(filter(None, [row["name_en"], row["aliases"]]))
    with path.open("w", encoding="utf-8", newline="") as out:
        told = csv.DictWriter(out, [*rows[0]], lineterminator="\n")
        told.writeheader()
        told.writerows(rows)


def unseen(field: Column, cells: Sequence[str]) -> list[str]:
    """Put what nobody sees into the first cells of a column."""
    del field
    marks = (f"a{mark}b" for mark in UNSEEN)
    return [next(marks, cell) for cell in cells]


def hostile(field: Column, cells: Sequence[str]) -> list[str]:
    """Give the cells of a column with hostile words before or after those that they hold.

    Cells that were alike still are, so that what groups them finds the groups that it found.
    """
    if field.kind == "uri":
        return [cell and cell + ("" if "?" in cell or "#" in cell else URL_END) for cell in cells]
    if not is_text(field):
        return list(cells)
    held = dict.fromkeys(filter(None, cells))
    words = dict(zip(held, _words(len(held)), strict=True))
    return [cell and _fitting(field, cell, words[cell]) for cell in cells]


def is_text(field: Column) -> bool:
    """Tell whether a column may hold any words at all."""
    rules = field.constraints
    return field.kind == "string" and not (rules.enum or rules.pattern or field.reference)


def _words(cells: int) -> Iterator[str]:
    """Give each of some cells its share of the hostile words, all of them in all."""
    share = math.ceil(len(HOSTILE) / max(cells, 1))
    for cell in range(cells):
        taken = [HOSTILE[(cell * share + n) % len(HOSTILE)] for n in range(share)]
        yield " ".join(taken)


def _fitting(field: Column, cell: str, words: str) -> str:
    """Join as many of the words as a column has room for; where it has little, one that fits."""
    most = field.constraints.max_length or math.inf
    first = HOSTILE.index(next(word for word in HOSTILE if words.startswith(word)))
    single = (_joined(field, cell, word) for word in (*HOSTILE[first:], *HOSTILE[:first]))
    told = (_joined(field, cell, words), *single, cell)
    return next(text for text in told if len(text) <= most)


def _joined(field: Column, cell: str, words: str) -> str:
    """A list has one more entry, of one id alone; other text begins or ends with the words."""
    if field.many:
        first = field.parts(cell)[0]
        return f"{cell}{field.mark}{words.replace(field.mark, ',')} {first}"
    return f"{words} {cell}" if len(cell) % 2 else f"{cell} {words}"
