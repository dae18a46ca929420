"""Pages next to the report: checks, changes, executed notebooks, the index of briefs.

Each is one file that embeds the theme and needs no network. Its content is computed as plain data,
which templates turn into HTML, or `text_of` into plain text, for terminals and mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any, Final, Literal

from markupsafe import Markup

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date
from critical_minerals.report.assets import page_script, policy, style_sheet
from critical_minerals.report.context import read_labels
from critical_minerals.report.fonts import make_fonts
from critical_minerals.report.templates import render
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace

_WIDTH: Final = 100
_GAP: Final = "  "
_WIDEST: Final = 46
"""Characters of a cell in one line; longer ones are wrapped."""


@dataclass(frozen=True)
class Link:
    """A link of a page's navigation; `language` where it leads to another language."""

    text: str
    href: str
    language: Language | None = None


@dataclass(frozen=True)
class Cell:
    """A cell of a table, or an item of a list, with more to it than its text.

    `tag` sets the text in a small box; its text says what its colour does. `code` is an identifier
    under the text, `note` goes on after it. `language` is that of the text where it is not the
    page's.
    """

    text: str
    href: str = ""
    tag: Literal["neutral", "good", "bad"] | None = None
    language: Language | None = None
    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its caption, column labels, and rows whose first cell names them.

    `numeric` are the columns, counted from 0, that are aligned to the right. The caption of a table
    that is not `captioned` is for screen readers only.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    numeric: frozenset[int] = frozenset()
    captioned: bool = True


@dataclass(frozen=True)
class Folded:
    """A collapsible part of a section: its summary, then a table or a list."""

    summary: str
    table: Table | None = None
    items: Sequence[Cell] = ()
    rest: str = ""
    open: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a page: its anchor and heading, then its contents in the order of the fields.

    `terms` are explained one by one.
    """

    anchor: str
    heading: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()
    terms: Sequence[tuple[str, str]] = ()
    folded: Sequence[Folded] = ()
    items: Sequence[Cell] = ()
    closing: str = ""


def language_links(
    title: str, files: Mapping[str, str], language: Language, editions: Iterable[Language]
) -> list[Link]:
    """Link to a page in the other languages; `title` is the key of the label to link by."""
    return [
        Link(label(title, other), files[other], other) for other in editions if other != language
    ]


def page(
    workspace: Workspace,
    template: str,
    *,
    title: str,
    language: Language,
    as_of: str = "",
    folder: str = "",
    sheets: Sequence[Path] = (),
    scripts: Sequence[Path] = (),
    **data: Any,
) -> str:
    """Render a self-contained page from a template and its data.

    `as_of` is the ISO day as of which it speaks. `folder` is the page's folder in the finished
    reports (`notebooks`); `sheets` and `scripts` are files that follow the theme's own. Of the
    data, `links` come in the header after the one to the report, `contents` next to the text: by
    default the sections.
    """
    theme = workspace.reports / "theme"
    labels = read_labels(theme, language)
    back = Link(labels["report"], "../" * bool(folder) + workspace.project.first.page(language))
    script_texts = [page_script(path) for path in (theme / "report.js", *scripts)]
    sheet = style_sheet(theme, make_fonts(workspace.fonts))
    # Templates fail on a variable that is not given, so what a page may leave out has a value.
    context: dict[str, Any] = {
        "subtitle": "",
        "contents": [
            Link(section.heading, f"#{section.anchor}")
            for section in data.get("sections", ())
            if section.anchor
        ],
        **data,
        "links": [back, *data.get("links", ())],
        "policy": policy(script_texts),
        "sheet": Markup("\n".join([sheet, *(path.read_text("utf-8") for path in sheets)])),  # noqa: S704 - the theme's files
        "scripts": [Markup(script) for script in script_texts],  # noqa: S704 - the theme's files
        "words": labels,
        "date": say("as-of", date=write_date(as_of, language))(language) if as_of else "",
    }
    return render(template, title=title, language=language, **context)


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
