"""The published tables and the data of figures as workbooks: a cover, contents, notes, one a sheet.

Sheets are built once, as rows of texts and numbers, and written twice: as XLSX by XlsxWriter, as
ODS by a template. They follow what the UK's Government Analysis Function asks of spreadsheets: a
title in the first cell, one table a sheet, one header row, no merged and no empty cells.
https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import Language, Publication
from critical_minerals.publish.sources import source_told
from critical_minerals.report.archives import packed
from critical_minerals.report.context import read_labels
from critical_minerals.report.source import title_of
from critical_minerals.report.templates import render
from critical_minerals.workspace import Workspace

_MADE: Final = dt.datetime.fromisoformat("1980-01-01")  # a workbook knows no zones
"""When every workbook says that it was made: the same figures give the same bytes."""
_NARROWEST, _WIDEST = 10, 60
_KINDS: Final = ("figures", "tables")
_POINT: Final[Mapping[Language, str]] = {"en": ".", "fr": ","}
_CENTIMETRES: Final = 0.2
"""Width of a letter."""
_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
_PLAIN: Final = re.compile(r"[-−]?\d[\d,.\s]*")
"""How a cell reads that says no more than its number; ">" or "about" would be lost."""


@dataclass(frozen=True)
class _Number:
    """A number as the source states it, and the digits after the point that are shown."""

    value: float
    decimals: int


_Value = str | _Number
_EMPTY: Final = "–"


@dataclass(frozen=True)
class _Page:
    """A sheet: its title, lines beneath it, then a table, where it has one."""

    name: str
    title: str
    lines: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[_Value]] = ()
    linked: bool = False
    """Whether the first cell of a row leads to the sheet that it names."""

    @property
    def top(self) -> int:
        """The row of the table's header, from 0."""
        return 1 + len(self.lines)

    def widths(self) -> list[int]:
        """Give each column of the table the width, in letters, that most of its cells need."""
        columns = zip(self.header, *self.rows, strict=True) if self.header else ()
        longest = (max(len(_text(cell)) for cell in column) for column in columns)
        return [min(max(_NARROWEST, each + 2), _WIDEST) for each in longest]


def workbooks(
    workspace: Workspace, language: Language, lineage: Mapping[str, Any], publication: Publication
) -> dict[str, bytes]:
    """Return the workbooks of an edition by file name, the same bytes for the same figures.

    They hold every table and the data of every figure that a notebook published, and are named
    after the last document of the project.
    """
    stem = workspace.project.last.stems[language]
    pages = _pages(workspace, language, lineage, publication)
    return {f"{stem}.xlsx": _xlsx(pages), f"{stem}.ods": _ods(pages, language)}


def _pages(
    workspace: Workspace, language: Language, lineage: Mapping[str, Any], publication: Publication
) -> list[_Page]:
    words = read_labels(workspace.reports / "theme", language)
    tables, sources = _tables(workspace, language, lineage)
    day = write_date(lineage["as_of"], language)
    stated = (
        (words["made-by"], publication.made_by),
        (words["contact"], publication.contact),
        (words["next-update"], publication.next_update),
    )
    cover = [
        say("as-of", date=day)(language),
        words["not-official"],
        *(f"{name} {said}" for name, said in stated if said),
        label("workbook-about", language),
        label("workbook-licence", language),
    ]
    title = title_of(workspace.reports / f"{workspace.project.last.stems[language]}.qmd")
    notes = [label(f"workbook-note-{name}", language) for name in ("empty", "numbers", "trail")]
    contents = _Page(
        label("workbook-contents", language),
        label("workbook-contents", language),
        header=[label(f"workbook-column-{name}", language) for name in ("sheet", "title")],
        rows=[(page.name, page.title) for page in tables],
        linked=True,
    )
    return [
        _Page(label("workbook-cover", language), title, cover),
        contents,
        _Page(label("workbook-notes", language), label("workbook-notes", language), notes),
        *tables,
        _sources(sources, lineage, language),
    ]


def _tables(
    workspace: Workspace, language: Language, lineage: Mapping[str, Any]
) -> tuple[list[_Page], list[str]]:
    """Return a page for each figure and table, in the notebooks' order, and all sources."""
    pages: list[_Page] = []
    sources: set[str] = set()
    folder = workspace.published(language)
    for notebook in lineage["notebooks"]:
        manifest = json.loads((folder / f"{notebook}.json").read_text("utf-8"))
        for kind in _KINDS:
            for identifier, entry in manifest.get(kind, {}).items():
                published = json.loads((folder / f"{identifier}.json").read_text("utf-8"))
                sources.update(entry["sources"])
                pages.append(_page(str(len(pages) + 1), identifier, published, language))
    return pages, sorted(sources)


def _page(name: str, identifier: str, published: Mapping[str, Any], language: Language) -> _Page:
    """Put a published table on a page, its numbers in full where it holds plain numbers."""
    _, *full = csv.reader(io.StringIO(published["csv"]))
    rows = [
        [
            _value(shown, held, language, number=number)
            for shown, held, number in zip(cells, row, published["numeric"], strict=True)
        ]
        for cells, row in zip(published["cells"], full, strict=True)
    ]
    lines = [line for line in (published["caption"], identifier) if line]
    return _Page(name, published["title"], lines, published["header"], rows)


def _value(shown: str, held: str, language: Language, *, number: bool) -> _Value:
    """Take the number that a table holds; what readers are told in words stays in words.

    >>> _value("2,000.0", "2000.04", "en", number=True)
    _Number(value=2000.04, decimals=1)
    >>> _value("> 50", "50.0", "en", number=True)
    '> 50'
    """
    if not number or not held or not _PLAIN.fullmatch(shown):
        return shown or _EMPTY
    return _Number(float(held), len(shown.partition(_POINT[language])[2]))


def _sources(sources: Sequence[str], lineage: Mapping[str, Any], language: Language) -> _Page:
    columns = ("publisher", "title", "published", "tier", "terms", "address")
    told = (source_told(name, lineage["sources"][name], language) for name in sources)
    rows = [
        [one[name] or _EMPTY for name in (*columns[:-1], "url")]
        for one in sorted(told, key=lambda one: (one["publisher"], one["title"]))
    ]
    name = label("workbook-sources", language)
    header = [label(f"workbook-column-{column}", language) for column in columns]
    return _Page(name, name, header=header, rows=rows)


def _text(value: _Value) -> str:
    return value if isinstance(value, str) else f"{value.value:,.{value.decimals}f}"


def _xlsx(pages: Sequence[_Page]) -> bytes:
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"title": pages[0].title, "created": _MADE})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "header": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "text": wrapped,
            **{
                # The reader's own marks are used for thousands and decimals.
                f"0.{decimals}": book.add_format(
                    {
                        "num_format": "#,##0" + "." * bool(decimals) + "0" * decimals,
                        "valign": "top",
                    }
                )
                for decimals in _decimals(pages)
            },
        }
        for at, page in enumerate(pages):
            _xlsx_sheet(book, looks, page, f"Table_{at}")
    return made.getvalue()


def _xlsx_sheet(book: Workbook, looks: Mapping[str, Format], page: _Page, table: str) -> None:
    sheet = book.add_worksheet(page.name)
    sheet.write_string(0, 0, page.title, looks["title"])
    for at, line in enumerate(page.lines, start=1):
        sheet.write_string(at, 0, line)
    if not page.header:
        return
    for at, width in enumerate(page.widths()):
        sheet.set_column(at, at, width)
    last = page.top + len(page.rows)
    columns = [{"header": name, "header_format": looks["header"]} for name in page.header]
    options = {"columns": columns, "name": table, "style": "Table Style Light 1"}
    # A table of Excel's own tells a screen reader where it is, can be sorted and filtered.
    sheet.add_table(page.top, 0, last, len(page.header) - 1, options)
    sheet.freeze_panes(page.top + 1, 1)
    for row, cells in enumerate(page.rows, start=page.top + 1):
        for column, cell in enumerate(cells):
            _xlsx_cell(sheet, looks, row, column, cell)
        if page.linked:
            sheet.write_url(row, 0, f"internal:'{_text(cells[0])}'!A1", string=_text(cells[0]))


def _xlsx_cell(
    sheet: Worksheet, looks: Mapping[str, Format], row: int, column: int, cell: _Value
) -> None:
    if isinstance(cell, str):
        # Written as text whatever it says, so that no cell becomes a formula or a link.
        sheet.write_string(row, column, cell, looks["text"])
    else:
        sheet.write_number(row, column, cell.value, looks[f"0.{cell.decimals}"])


def _decimals(pages: Sequence[_Page]) -> list[int]:
    cells = (cell for page in pages for row in page.rows for cell in row)
    return sorted({cell.decimals for cell in cells if isinstance(cell, _Number)})


def _ods(pages: Sequence[_Page], language: Language) -> bytes:
    """Write the pages as OpenDocument, which is one XML document in an archive.

    odfdo was weighed: an object for every cell takes thirty times as long as a template.
    """
    widths = {width for page in pages for width in page.widths()}
    content = render(
        "workbook",
        "xml",
        language=language,
        pages=pages,
        widths={width: f"{width * _CENTIMETRES:.2f}" for width in sorted(widths)},
        decimals=_decimals(pages),
        text=_text,
    )
    meta = render("workbook-meta", "xml", title=pages[0].title, made=_MADE.isoformat())
    manifest = render("workbook-manifest", "xml", type=_ODS)
    return packed(
        {
            "mimetype": _ODS,
            "content.xml": content,
            "meta.xml": meta,
            "META-INF/manifest.xml": manifest,
        }
    )
