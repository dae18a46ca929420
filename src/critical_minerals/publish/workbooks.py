"""Write published tables and the data of figures as workbooks: cover, contents, notes, tables.

Sheets are built once, as rows of texts and numbers, and written twice: as XLSX by XlsxWriter, as
ODS by a template. They follow the guidance of the UK's Government Analysis Function: a
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
from functools import partial
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date, write_number
from critical_minerals.publish.sources import describe_source
from critical_minerals.report.archives import pack_archive
from critical_minerals.report.context import read_labels
from critical_minerals.report.source import title_of
from critical_minerals.report.templates import render
from critical_minerals.workspace.parameters import Language, Publication
from critical_minerals.workspace.paths import Workspace

_CREATED: Final = dt.datetime.fromisoformat("1980-01-01")  # a workbook knows no zones
"""The creation time of every workbook: the same figures give the same bytes."""
_NARROWEST, _WIDEST = 10, 60
_KINDS: Final = ("figures", "tables")
_DECIMAL_MARK: Final[Mapping[Language, str]] = {"en": ".", "fr": ","}
_LETTER_CENTIMETRES: Final = 0.2
"""Width of a letter in a column, in centimetres."""
_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
_PLAIN_NUMBER: Final = re.compile(r"[-−]?\d[\d,.\s]*")
"""A cell that is only a number; others would lose their ">" or "about" as a number."""


@dataclass(frozen=True)
class _Number:
    """A number as the table has it, and the number of decimals that are shown."""

    value: float
    decimals: int


_Value = str | _Number
# For blank cells: the guidance allows none.
_EMPTY: Final = "–"


@dataclass(frozen=True)
class _Page:
    """A sheet: its title, lines beneath it, then its table, if any."""

    name: str
    title: str
    lines: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[_Value]] = ()
    linked: bool = False
    """Whether the first cell of a row links to the sheet that it names."""

    @property
    def top(self) -> int:
        """The row of the table's header, from 0."""
        return 1 + len(self.lines)

    def widths(self) -> list[int]:
        """Return the width of each column in letters, within limits."""
        columns = zip(self.header, *self.rows, strict=True) if self.header else ()
        # A number has as many characters in one language as in another.
        longest = (max(len(_format_cell(cell, "en")) for cell in column) for column in columns)
        return [min(max(_NARROWEST, length + 2), _WIDEST) for length in longest]


def workbooks(
    workspace: Workspace, language: Language, lineage: Mapping[str, Any], publication: Publication
) -> dict[str, bytes]:
    """Return the workbooks of an edition by file name, the same bytes for the same figures.

    They hold every table and the data of every figure that a notebook published, and are named
    after the last document of the project.
    """
    stem = workspace.project.last.stems[language]
    pages = _pages(workspace, language, lineage, publication)
    return {f"{stem}.xlsx": _write_xlsx(pages), f"{stem}.ods": _write_ods(pages, language)}


def _pages(
    workspace: Workspace, language: Language, lineage: Mapping[str, Any], publication: Publication
) -> list[_Page]:
    labels = read_labels(workspace.reports / "theme", language)
    tables, sources = _table_pages(workspace, language, lineage)
    day = write_date(lineage["as_of"], language)
    next_update = publication.next_update
    stated = (
        (labels["made-by"], publication.made_by),
        (labels["contact"], publication.contact),
        (labels["next-update"], next_update and write_date(next_update, language)),
    )
    cover = [
        say("as-of", date=day)(language),
        labels["not-official"],
        *(f"{name} {text}" for name, text in stated if text),
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
        _sources_page(sources, lineage, language),
    ]


def _table_pages(
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
                pages.append(_table_page(str(len(pages) + 1), identifier, published, language))
    return pages, sorted(sources)


def _table_page(
    name: str, identifier: str, published: Mapping[str, Any], language: Language
) -> _Page:
    """Return the sheet of a published table; cells that are only numbers are unrounded."""
    # The header of the CSV has names of columns; readers see labels.
    _, *stored_rows = csv.reader(io.StringIO(published["csv"]))
    rows = [
        [
            _cell_value(shown, stored, language, number=number)
            for shown, stored, number in zip(cells, row, published["numeric"], strict=True)
        ]
        for cells, row in zip(published["cells"], stored_rows, strict=True)
    ]
    # An empty caption would be an empty cell.
    lines = [line for line in (published["caption"], identifier) if line]
    return _Page(name, published["title"], lines, published["header"], rows)


def _cell_value(shown: str, stored: str, language: Language, *, number: bool) -> _Value:
    """Return the unrounded number of a cell; a cell that is not only a number stays a text.

    >>> _cell_value("2,000.0", "2000.04", "en", number=True)
    _Number(value=2000.04, decimals=1)
    >>> _cell_value("> 50", "50.0", "en", number=True)
    '> 50'
    """
    if not number or not stored or not _PLAIN_NUMBER.fullmatch(shown):
        return shown or _EMPTY
    return _Number(float(stored), len(shown.partition(_DECIMAL_MARK[language])[2]))


def _sources_page(sources: Sequence[str], lineage: Mapping[str, Any], language: Language) -> _Page:
    columns = ("publisher", "title", "published", "tier", "terms", "address")
    documents = (describe_source(name, lineage["sources"][name], language) for name in sources)
    rows = [
        [document[name] or _EMPTY for name in (*columns[:-1], "url")]
        for document in sorted(
            documents, key=lambda document: (document["publisher"], document["title"])
        )
    ]
    name = label("workbook-sources", language)
    header = [label(f"workbook-column-{column}", language) for column in columns]
    return _Page(name, name, header=header, rows=rows)


def _format_cell(value: _Value, language: Language) -> str:
    return value if isinstance(value, str) else write_number(value.value, language, value.decimals)


def _write_xlsx(pages: Sequence[_Page]) -> bytes:
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": pages[0].title, "created": _CREATED})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "header": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "text": wrapped,
            **{
                # Excel shows the marks for thousands and decimals of the reader's own locale.
                f"0.{decimals}": book.add_format(
                    {
                        "num_format": "#,##0" + "." * bool(decimals) + "0" * decimals,
                        "valign": "top",
                    }
                )
                for decimals in _decimals(pages)
            },
        }
        for index, page in enumerate(pages):
            # Excel wants names of tables that are unique in the workbook.
            _write_sheet(book, formats, page, f"Table_{index}")
    return buffer.getvalue()


def _write_sheet(book: Workbook, formats: Mapping[str, Format], page: _Page, table: str) -> None:
    sheet = book.add_worksheet(page.name)
    sheet.write_string(0, 0, page.title, formats["title"])
    for index, line in enumerate(page.lines, start=1):
        sheet.write_string(index, 0, line)
    if not page.header:
        return
    for index, width in enumerate(page.widths()):
        sheet.set_column(index, index, width)
    last = page.top + len(page.rows)
    columns = [{"header": name, "header_format": formats["header"]} for name in page.header]
    options = {"columns": columns, "name": table, "style": "Table Style Light 1"}
    # An Excel table is announced by screen readers, and can be sorted and filtered.
    sheet.add_table(page.top, 0, last, len(page.header) - 1, options)
    sheet.freeze_panes(page.top + 1, 1)
    for row, cells in enumerate(page.rows, start=page.top + 1):
        for column, cell in enumerate(cells):
            _write_cell(sheet, formats, row, column, cell)
        if page.linked:
            sheet.write_url(row, 0, f"internal:'{cells[0]}'!A1", string=str(cells[0]))


def _write_cell(
    sheet: Worksheet, formats: Mapping[str, Format], row: int, column: int, cell: _Value
) -> None:
    if isinstance(cell, str):
        # Written as text whatever it contains, so that no cell becomes a formula or a link.
        sheet.write_string(row, column, cell, formats["text"])
    else:
        sheet.write_number(row, column, cell.value, formats[f"0.{cell.decimals}"])


def _decimals(pages: Sequence[_Page]) -> list[int]:
    cells = (cell for page in pages for row in page.rows for cell in row)
    return sorted({cell.decimals for cell in cells if isinstance(cell, _Number)})


def _write_ods(pages: Sequence[_Page], language: Language) -> bytes:
    """Write the pages as OpenDocument, which is one XML document in an archive.

    odfdo was tried: an object for every cell takes thirty times as long as a template.
    """
    widths = {width for page in pages for width in page.widths()}
    content = render(
        "workbook",
        "xml",
        language=language,
        pages=pages,
        widths={width: f"{width * _LETTER_CENTIMETRES:.2f}" for width in sorted(widths)},
        decimals=_decimals(pages),
        # Programs that show a file without computing it show these texts.
        text=partial(_format_cell, language=language),
    )
    meta = render("workbook-meta", "xml", title=pages[0].title, made=_CREATED.isoformat())
    manifest = render("workbook-manifest", "xml", type=_ODS)
    return pack_archive(
        {
            # First, as OpenDocument requires: programs look for it at the start of the file.
            "mimetype": _ODS,
            "content.xml": content,
            "meta.xml": meta,
            "META-INF/manifest.xml": manifest,
        }
    )
