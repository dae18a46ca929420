"""A short document of sections and tables, told once and written as HTML and as plain text."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from critical_minerals.parameters import Language

_WIDTH: Final = 100
_GAP: Final = "  "
_WIDEST: Final = 46
"""Characters after which a cell of plain text goes on in the next line."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its words, whether they tell of good or bad, and their own language."""

    text: str
    good: bool | None = None
    language: Language | None = None

    def to_html(self) -> str:
        """Write the cell; good and bad are told in its words, and by a tag around them."""
        text = html.escape(self.text)
        said = f' lang="{self.language}"' if self.language else ""
        if self.good is None:
            return f"<span{said}>{text}</span>" if said else text
        kind = "good" if self.good else "bad"
        return f'<span class="tag tag-{kind}"{said}>{text}</span>'


@dataclass(frozen=True)
class Grid:
    """A table: its caption, column labels, and rows whose first cell names them.

    `numeric` are the columns, counted from 0, that stand to the right.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    numeric: frozenset[int] = frozenset()

    def to_html(self) -> str:
        """Write the table, in a region that scrolls where it is wider than the page."""
        head = "".join(
            f'<th scope="col"{self._aligned(i)}>{html.escape(name)}</th>'
            for i, name in enumerate(self.header)
        )
        body = "\n".join(f"<tr>{self._row(row)}</tr>" for row in self.rows)
        label = html.escape(self.caption)
        return (
            f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">\n'
            f"<table>\n<caption>{label}</caption>\n<thead><tr>{head}</tr></thead>\n"
            f"<tbody>\n{body}\n</tbody>\n</table>\n</div>"
        )

    def to_text(self) -> str:
        """Write the table with aligned columns; long cells go on in the next line."""
        rows = [[_plain(cell) for cell in row] for row in [self.header, *self.rows]]
        widths = [min(_WIDEST, max(map(len, column))) for column in zip(*rows, strict=True)]
        lines = [line for row in rows for line in self._lines(row, widths)]
        rule = _GAP.join("-" * width for width in widths)
        head = len(self._lines(rows[0], widths))
        return "\n".join([self.caption, "", *lines[:head], rule, *lines[head:]])

    def _row(self, row: Sequence[Cell | str]) -> str:
        cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
        first = f'<th scope="row"{self._aligned(0)}>{cells[0].to_html()}</th>'
        others = (f"<td{self._aligned(i)}>{c.to_html()}</td>" for i, c in enumerate(cells[1:], 1))
        return first + "".join(others)

    def _aligned(self, column: int) -> str:
        return ' class="num"' if column in self.numeric else ""

    def _lines(self, row: Sequence[str], widths: Sequence[int]) -> list[str]:
        """Set one row in as many lines as its longest cell needs."""
        parts = [wrap(text, width) or [""] for text, width in zip(row, widths, strict=True)]
        return [
            _GAP.join(
                self._set(part[line] if line < len(part) else "", i, widths[i])
                for i, part in enumerate(parts)
            ).rstrip()
            for line in range(max(map(len, parts)))
        ]

    def _set(self, text: str, column: int, width: int) -> str:
        return text.rjust(width) if column in self.numeric else text.ljust(width)


@dataclass(frozen=True)
class Section:
    """A part of the document: its anchor, heading, paragraphs, tables and list."""

    anchor: str
    heading: str
    paragraphs: Sequence[str] = ()
    grids: Sequence[Grid] = ()
    terms: Sequence[tuple[str, str]] = ()

    def to_html(self) -> str:
        """Write the section."""
        parts = [f'<h2 id="{self.anchor}">{html.escape(self.heading)}</h2>']
        parts += [f"<p>{html.escape(text)}</p>" for text in self.paragraphs]
        parts += [grid.to_html() for grid in self.grids]
        if self.terms:
            items = (
                f"<dt>{html.escape(term)}</dt><dd>{html.escape(said)}</dd>"
                for term, said in self.terms
            )
            parts.append(f"<dl>{''.join(items)}</dl>")
        return "\n".join(parts)

    def to_text(self) -> str:
        """Write the section."""
        parts = [f"{self.heading}\n{'=' * len(self.heading)}"]
        parts += ["\n".join(wrap(text, _WIDTH)) for text in self.paragraphs]
        parts += [grid.to_text() for grid in self.grids]
        parts += [
            "\n".join(wrap(f"{term}: {said}", _WIDTH, subsequent_indent="  "))
            for term, said in self.terms
        ]
        return "\n\n".join(parts)


def html_of(sections: Iterable[Section]) -> str:
    """Write some sections as the body of a page."""
    return "\n".join(section.to_html() for section in sections) + "\n"


def text_of(title: str, sections: Iterable[Section]) -> str:
    """Write some sections under a title as plain text."""
    parts = [f"{title}\n{'#' * len(title)}", *(section.to_text() for section in sections)]
    return "\n\n".join(parts) + "\n"


def _plain(cell: Cell | str) -> str:
    return cell.text if isinstance(cell, Cell) else cell
