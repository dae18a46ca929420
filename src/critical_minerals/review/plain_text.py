"""The sections of a page as plain text, for terminals and mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Final

from critical_minerals.report.pages import Cell, Section, Table

_WIDTH: Final = 100
_GAP: Final = "  "
_WIDEST: Final = 46
"""Characters of a cell in one line; longer ones are wrapped."""


def text_of(title: str, sections: Iterable[Section]) -> str:
    """Write the headings, paragraphs, tables and terms of some sections under a title."""
    parts = [f"{title}\n{'#' * len(title)}", *(_write_section(section) for section in sections)]
    return "\n\n".join(parts) + "\n"


def _write_section(section: Section) -> str:
    parts = [f"{section.heading}\n{'=' * len(section.heading)}"]
    parts += ["\n".join(wrap(text, _WIDTH)) for text in section.paragraphs]
    parts += [_write_table(table) for table in section.tables]
    parts += [
        "\n".join([term, *wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")])
        for term, text in section.terms
    ]
    return "\n\n".join(parts)


def _write_table(table: Table) -> str:
    """Write a table with aligned columns; long cells are wrapped."""
    rows = [[_cell_text(cell) for cell in row] for row in [table.header, *table.rows]]
    widths = [min(_WIDEST, max(map(len, column))) for column in zip(*rows, strict=True)]
    lines = [line for row in rows for line in _wrap_row(row, widths, table.numeric)]
    rule = _GAP.join("-" * width for width in widths)
    head = len(_wrap_row(rows[0], widths, table.numeric))
    return "\n".join([table.caption, "", *lines[:head], rule, *lines[head:]])


def _wrap_row(row: Sequence[str], widths: Sequence[int], numeric: frozenset[int]) -> list[str]:
    """Write one row in as many lines as its longest cell needs."""
    # `wrap` makes no line of an empty text, but the column keeps its place.
    wrapped = [wrap(text, width) or [""] for text, width in zip(row, widths, strict=True)]
    height = max(map(len, wrapped))
    columns = [
        [
            text.rjust(width) if column in numeric else text.ljust(width)
            for text in [*lines, *[""] * (height - len(lines))]
        ]
        for column, (lines, width) in enumerate(zip(wrapped, widths, strict=True))
    ]
    return [_GAP.join(line).rstrip() for line in zip(*columns, strict=True)]


def _cell_text(cell: Cell | str) -> str:
    return cell.text if isinstance(cell, Cell) else cell
